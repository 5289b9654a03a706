// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CONFIGURATION_H
#define P2PIM_CONFIGURATION_H

#include "campaign/results.h"
#include "class-registry.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace p2pim::program
{

/// "Class.Attribute=value", from a scenario file or an option, not yet checked.
struct Assignment
{
    std::string className; ///< as the user wrote it, perhaps with an operator: "Operator2.Ggsn"
    std::string attribute; ///< as the user wrote it
    std::string value;     ///< as the user wrote it
    std::string place;     ///< where: "FILE:LINE", or the option
    std::string label;     ///< what an error line begins with
    uint32_t layer = 0;    ///< of its scenario file: above that of the file that this one extends
};

/**
 * The attributes' values that a user asks for. An attribute that several classes inherit is one
 * attribute: set under the name of any of them, it is set for them all. Those of one operator's
 * objects overrule those of all.
 */
class Configuration
{
  public:
    /// Whose word it is: an option overrules the scenario file.
    enum class Source
    {
        SCENARIO_FILE,
        COMMAND_LINE,
    };

    /**
     * Adds an assignment after checking it; it overrules those of lower layers.
     *
     * @param assignment the assignment.
     * @param source where it comes from.
     * @throw UserError no such class or attribute, a value that is not allowed, or a second
     *        assignment to the attribute from the same source and layer.
     */
    void Add(const Assignment& assignment, Source source);

    /// @param operators how many there are. @throw UserError something is set for another one.
    void CheckOperators(uint32_t operators) const;

    /**
     * @param key "Class.Attribute" of the declaring class, perhaps behind an operator.
     * @return what an error line about the attribute begins with: where it was set, or else its
     * name.
     */
    std::string GetLabel(const std::string& key) const;

    /// Makes the values the attributes' defaults, and every other attribute's its original one.
    void Apply() const;

    /// @return the present default of every attribute of p2pim and of every other attribute that
    /// was added, by name.
    std::vector<campaign::Setting> Describe() const;

  private:
    /// One attribute's value.
    struct Setting
    {
        uint32_t operatorNumber;                   ///< whose objects' it is, 0: all
        AttributeReference attribute;              ///< whose
        ns3::Ptr<const ns3::AttributeValue> value; ///< checked
        std::string place;                         ///< for the error line about a second one
        std::string label;                         ///< what an error line begins with
        Source source;                             ///< whose word
        uint32_t layer;                            ///< of its scenario file
    };

    std::map<std::string, Setting> m_settings; ///< by "Class.Attribute" of the declaring class
};

} // namespace p2pim::program

#endif // P2PIM_CONFIGURATION_H
