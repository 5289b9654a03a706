// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_COMMAND_LINE_H
#define P2PIM_COMMAND_LINE_H

#include "configuration.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace p2pim::program
{

/// An option of a command.
struct OptionSpec
{
    std::string name;      ///< without the two hyphens
    std::string valueName; ///< what help calls its value; empty for a flag
    std::string help;      ///< one line
    char letter = 0;       ///< a short form, such as 'j' of -j; 0: there is none
};

/// What a command takes.
struct CommandSpec
{
    std::string name;                ///< such as "compare"
    std::string operand;             ///< what help calls its operand; empty if it takes none
    bool operandRequired = false;    ///< else it may be left out
    bool takesMany = false;          ///< whether there may be several operands
    bool takesAssignments = false;   ///< whether --Class.Attribute=value is allowed
    std::string summary;             ///< one line
    std::string example;             ///< a whole command line
    std::vector<OptionSpec> options; ///< but for --help, which every command has
};

/// A command's words, sorted and checked against its CommandSpec.
class Arguments
{
  public:
    /**
     * @param spec what the command takes.
     * @param words what stands behind the command's name.
     * @throw UserError an unknown or repeated option, a missing value, a stray or missing word.
     */
    Arguments(const CommandSpec& spec, const std::vector<std::string>& words);

    /// @return whether the user asks for help only.
    bool IsHelpWanted() const;

    /// @return FILE or whatever the command works on; none if it was left out.
    const std::optional<std::string>& GetOperand() const;

    /// @return all of them, in order, where the command takes many.
    const std::vector<std::string>& GetOperands() const;

    /// @param flag an option without value. @return whether it is given.
    bool Has(const std::string& flag) const;

    /// @param option an option's name. @return its value; none if it is not given.
    std::optional<std::string> Get(const std::string& option) const;

    /**
     * @param option an option's name.
     * @param fallback its value if it is not given.
     * @param most the greatest value; the least is 1.
     * @return its value.
     * @throw UserError it is no such number.
     */
    uint64_t GetNumber(const std::string& option, uint64_t fallback, uint64_t most) const;

    /**
     * @param option an option's name.
     * @param choices its values; the first stands if the option is not given.
     * @return the place of its value in @p choices.
     * @throw UserError it is none of them.
     */
    std::size_t GetChoice(const std::string& option, const std::vector<std::string>& choices) const;

    /// @param option an option whose value is a list. @return what stands between the commas.
    std::vector<std::string> GetList(const std::string& option) const;

    /// @return each --Class.Attribute=value, in order.
    const std::vector<Assignment>& GetAssignments() const;

  private:
    /// Takes the words that are options and operands.
    void Parse(const CommandSpec& spec, const std::vector<std::string>& words);
    /// Takes the words that are neither.
    void SetOperands(const CommandSpec& spec, const std::vector<std::string>& operands);

    std::optional<std::string> m_operand; ///< the first
    std::vector<std::string> m_operands;
    std::map<std::string, std::string> m_options; ///< those that are given; flags have no value
    std::vector<Assignment> m_assignments;
};

/**
 * @param text a number as the user wrote it.
 * @param label what an error line begins with.
 * @param most the greatest value; the least is 1.
 * @return the number.
 * @throw UserError it is no such number.
 */
uint64_t ReadCount(const std::string& text, const std::string& label, uint64_t most);

/// @param spec a command. @return how help shows its operand, after a blank; perhaps empty.
std::string DescribeOperand(const CommandSpec& spec);

/// Writes a command's help. @param spec the command. @param out where to.
void WriteHelp(const CommandSpec& spec, std::ostream& out);

/// @param word any text. @return it as a shell reads it as one word.
std::string QuoteForShell(const std::string& word);

/// @param words a command line's words. @return the line as a shell reads it.
std::string JoinCommandLine(const std::vector<std::string>& words);

} // namespace p2pim::program

#endif // P2PIM_COMMAND_LINE_H
