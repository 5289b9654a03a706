// SPDX-License-Identifier: GPL-2.0-only
#include "command-line.h"

#include "nearest-name.h"
#include "strict-number.h"
#include "user-error.h"
#include "word-list.h"

#include <algorithm>
#include <boost/program_options/cmdline.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <boost/program_options/variables_map.hpp>

namespace p2pim::program
{

namespace
{

namespace po = boost::program_options;

/// Every value is text to Boost: it would read "-1" as a large unsigned number, and take "nan".
po::options_description
Describe(const CommandSpec& spec)
{
    po::options_description description("Options");
    for (const auto& option : spec.options)
    {
        const std::string name = option.letter ? option.name + ',' + option.letter : option.name;
        if (option.valueName.empty())
        {
            description.add_options()(name.c_str(), option.help.c_str());
        }
        else
        {
            description.add_options()(name.c_str(),
                                      po::value<std::string>()->value_name(option.valueName),
                                      option.help.c_str());
        }
    }
    description.add_options()("help", "prints this help");
    return description;
}

std::vector<std::string>
ListOptions(const CommandSpec& spec)
{
    std::vector<std::string> names;
    for (const auto& option : spec.options)
    {
        names.push_back("--" + option.name);
    }
    names.emplace_back("--help");
    return names;
}

std::string
ExplainUnknownOption(const std::string& word, const CommandSpec& spec)
{
    const std::string name = word.substr(0, word.find('='));
    return name + ": no such option" + SuggestName(name, ListOptions(spec));
}

/// @return --Class.Attribute=value, if @p word has that form.
std::optional<Assignment>
ReadAssignment(const std::string& word)
{
    const std::string name = word.substr(0, word.find('='));
    const auto point = name.rfind('.');
    if (name.rfind("--", 0) != 0 || point == std::string::npos)
    {
        return std::nullopt;
    }
    if (name.size() == word.size())
    {
        throw UserError(name + ": needs a value: " + name + "=...");
    }
    Assignment assignment;
    assignment.className = name.substr(2, point - 2);
    assignment.attribute = name.substr(point + 1);
    assignment.value = word.substr(name.size() + 1);
    assignment.place = name;
    assignment.label = name;
    return assignment;
}

std::string
ExplainSyntax(const po::invalid_syntax& error)
{
    switch (error.kind())
    {
    case po::invalid_syntax::missing_parameter:
    case po::invalid_syntax::empty_adjacent_parameter:
        return error.get_option_name() + ": needs a value";
    case po::invalid_syntax::extra_parameter:
        return error.get_option_name() + ": takes no value";
    default:
        return error.what();
    }
}

/// @return the word with its option's name in full, if it is the short form of one: -j, -j4.
std::string
SpellOut(const std::string& word, const CommandSpec& spec)
{
    const auto option = std::find_if(spec.options.begin(), spec.options.end(), [&](const auto& o) {
        return o.letter != 0 && word.size() > 1 && word[0] == '-' && word[1] == o.letter;
    });
    if (option == spec.options.end())
    {
        return word;
    }
    std::string full = "--" + option->name;
    if (word.size() > 2)
    {
        full.append("=").append(word, word[2] == '=' ? 3 : 2, std::string::npos);
    }
    return full;
}

} // namespace

Arguments::Arguments(const CommandSpec& spec, const std::vector<std::string>& words)
{
    std::vector<std::string> others;
    for (const auto& word : words)
    {
        const auto assignment =
            spec.takesAssignments ? ReadAssignment(word) : std::optional<Assignment>();
        if (assignment)
        {
            m_assignments.push_back(*assignment);
        }
        else
        {
            others.push_back(SpellOut(word, spec));
        }
    }
    try
    {
        Parse(spec, others);
    }
    catch (const po::unknown_option& error)
    {
        throw UserError(ExplainUnknownOption(error.get_option_name(), spec));
    }
    catch (const po::multiple_occurrences& error)
    {
        throw UserError(error.get_option_name() + ": given more than once");
    }
    catch (const po::invalid_syntax& error)
    {
        throw UserError(ExplainSyntax(error));
    }
    catch (const po::error& error)
    {
        throw UserError(error.what());
    }
}

void
Arguments::Parse(const CommandSpec& spec, const std::vector<std::string>& words)
{
    const po::options_description visible = Describe(spec);
    po::options_description all;
    all.add(visible).add_options()("operands", po::value<std::vector<std::string>>());
    po::positional_options_description positional;
    positional.add("operands", -1);
    using namespace po::command_line_style;
    const auto parsed = po::command_line_parser(words)
                            .options(all)
                            .positional(positional)
                            .style(allow_long | long_allow_adjacent | long_allow_next)
                            .run();
    po::variables_map values;
    po::store(parsed, values);
    for (const auto& [name, value] : values)
    {
        const auto* text = boost::any_cast<std::string>(&value.value());
        m_options[name] = text ? *text : "";
    }
    if (!IsHelpWanted())
    {
        SetOperands(spec,
                    values.count("operands") ? values["operands"].as<std::vector<std::string>>()
                                             : std::vector<std::string>());
    }
}

void
Arguments::SetOperands(const CommandSpec& spec, const std::vector<std::string>& operands)
{
    const auto shortOption = std::find_if(operands.begin(), operands.end(), [](const auto& word) {
        return word.size() > 1 && word.front() == '-';
    });
    if (shortOption != operands.end())
    {
        throw UserError(ExplainUnknownOption(*shortOption, spec));
    }
    const std::size_t most = spec.operand.empty() ? 0 : 1;
    if (operands.size() > most && !spec.takesMany)
    {
        throw UserError("'" + operands[most] + "': stray word; p2pim " + spec.name + " takes " +
                        (most == 0 ? "options only" : "one " + spec.operand));
    }
    if (operands.empty() && spec.operandRequired)
    {
        throw UserError(spec.name + ": needs a " + spec.operand + ", as in: " + spec.example);
    }
    if (!operands.empty())
    {
        m_operand = operands.front();
    }
    m_operands = operands;
}

bool
Arguments::IsHelpWanted() const
{
    return Has("help");
}

const std::optional<std::string>&
Arguments::GetOperand() const
{
    return m_operand;
}

const std::vector<std::string>&
Arguments::GetOperands() const
{
    return m_operands;
}

bool
Arguments::Has(const std::string& flag) const
{
    return m_options.count(flag) != 0;
}

std::optional<std::string>
Arguments::Get(const std::string& option) const
{
    const auto found = m_options.find(option);
    return found == m_options.end() ? std::nullopt : std::optional<std::string>(found->second);
}

uint64_t
Arguments::GetNumber(const std::string& option, uint64_t fallback, uint64_t most) const
{
    const auto text = Get(option);
    return text ? ReadCount(*text, "--" + option, most) : fallback;
}

uint64_t
ReadCount(const std::string& text, const std::string& label, uint64_t most)
{
    const auto number = ReadUnsigned(text);
    if (!number || *number < 1 || *number > most)
    {
        throw UserError(label + ": '" + text + "' is not a whole number from 1 to " +
                        std::to_string(most));
    }
    return *number;
}

std::size_t
Arguments::GetChoice(const std::string& option, const std::vector<std::string>& choices) const
{
    const auto text = Get(option);
    const auto found = text ? std::find(choices.begin(), choices.end(), *text) : choices.begin();
    if (found == choices.end())
    {
        throw UserError("--" + option + ": '" + *text + "' is not " + JoinChoices(choices) +
                        SuggestName(*text, choices));
    }
    return static_cast<std::size_t>(found - choices.begin());
}

std::vector<std::string>
Arguments::GetList(const std::string& option) const
{
    return SplitList(Get(option).value_or(""), ',');
}

const std::vector<Assignment>&
Arguments::GetAssignments() const
{
    return m_assignments;
}

std::string
DescribeOperand(const CommandSpec& spec)
{
    if (spec.operand.empty())
    {
        return "";
    }
    const std::string operand = spec.operand + (spec.takesMany ? " ..." : "");
    return spec.operandRequired ? " " + operand : " [" + operand + "]";
}

void
WriteHelp(const CommandSpec& spec, std::ostream& out)
{
    out << "Usage: p2pim " << spec.name << DescribeOperand(spec) << " [options]"
        << (spec.takesAssignments ? " [--Class.Attribute=value ...]" : "") << "\n\n"
        << spec.summary << "\n\n"
        << Describe(spec) << "\nExample:\n  " << spec.example << "\n";
}

std::string
QuoteForShell(const std::string& word)
{
    const bool plain = std::all_of(word.begin(), word.end(), [](unsigned char c) {
        return std::isalnum(c) ||
               std::string_view("-_=.,:/+@%").find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (plain && !word.empty())
    {
        return word;
    }
    std::string quoted = "'";
    for (const char c : word)
    {
        quoted += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return quoted + "'";
}

std::string
JoinCommandLine(const std::vector<std::string>& words)
{
    std::string line = "p2pim";
    for (const auto& word : words)
    {
        line += " " + QuoteForShell(word);
    }
    return line;
}

} // namespace p2pim::program
