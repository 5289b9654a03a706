// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CONFIGURATION_H
#define P2PIM_CONFIGURATION_H

#include "campaign/results.h"
#include "class-registry.h"
#include "value-reader.h"

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

/// An attribute whose value has iterations.
struct VaryingSetting
{
    std::string key;   ///< "Class.Attribute" of the declaring class, perhaps behind an operator
    std::string text;  ///< as the user wrote it
    std::string label; ///< what an error line begins with
};

/**
 * The attributes' values that a user asks for. An attribute that several classes inherit is one
 * attribute: set under the name of any of them, it is set for them all. Those of one operator's
 * objects overrule those of all.
 *
 * A value with iterations, such as "${1,2}", is kept as it is: what it is at a point of a study is
 * checked by Read().
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

    /**
     * @param assignment an assignment.
     * @param source where it comes from.
     * @return whether the attribute takes the whole of it as a value.
     * @throw UserError no such class or attribute.
     */
    static bool Takes(const Assignment& assignment, Source source);

    /// @return what varies, in the order in which it was added; an attribute that varied before it
    /// was overruled keeps its place.
    std::vector<VaryingSetting> ListVarying() const;

    /**
     * @param key of a VaryingSetting.
     * @param text its value at a point of a study.
     * @return the value.
     * @throw UserError it is not allowed.
     */
    ns3::Ptr<const ns3::AttributeValue> Read(const std::string& key, const std::string& text) const;

    /// @param key of a VaryingSetting. @param value made the attribute's default.
    void ApplyOne(const std::string& key, const ns3::Ptr<const ns3::AttributeValue>& value) const;

    /**
     * @param key of a VaryingSetting.
     * @param text its value at a point of a study.
     * @return the option that sets it: "--Class.Attribute=value".
     */
    std::string GetOption(const std::string& key, const std::string& text) const;

    /// @return the options that do not vary, such as "--Class.Attribute=value", by attribute.
    std::vector<std::string> ListOptions() const;

    /// @param operators how many there are. @throw UserError something is set for another one.
    void CheckOperators(uint32_t operators) const;

    /**
     * @param key "Class.Attribute" of the declaring class, perhaps behind an operator.
     * @return what an error line about the attribute begins with: where it was set, or else its
     * name.
     */
    std::string GetLabel(const std::string& key) const;

    /// Makes the values the attributes' defaults, and every other attribute's its original one;
    /// those that vary have that, too.
    void Apply() const;

    /// @return the present default of every attribute of p2pim and of every other attribute that
    /// was added, by name; of those that vary the iterations. Scenario.TimeLimit, which does not
    /// change what a run does, is left out.
    std::vector<campaign::Setting> Describe() const;

  private:
    /// One attribute's value.
    struct Setting
    {
        uint32_t operatorNumber = 0;               ///< whose objects' it is, 0: all
        ns3::TypeId type;                          ///< the class, as the user named it
        AttributeReference attribute;              ///< whose
        ns3::Ptr<const ns3::AttributeValue> value; ///< checked; null if it varies
        Assignment assignment;                     ///< what the user wrote
        Source source = Source::SCENARIO_FILE;     ///< whose word
        std::size_t rank = 0;                      ///< of those that vary, the order of addition
    };

    /// @return the scenario file that a setting is from; empty if it is an option.
    static std::string GetFile(const Setting& setting);
    /// @return an assignment's attribute, without a value.
    static Setting Find(const Assignment& assignment, Source source);
    /// @return a text as a value of the attribute, or what is wrong with it.
    static ReadResult Read(const Setting& setting, const std::string& text);
    /// Makes a value the attribute's default.
    static void Apply(const Setting& setting, const ns3::Ptr<const ns3::AttributeValue>& value);

    std::map<std::string, Setting> m_settings; ///< by "Class.Attribute" of the declaring class
    std::size_t m_added = 0;                   ///< assignments
};

} // namespace p2pim::program

#endif // P2PIM_CONFIGURATION_H
