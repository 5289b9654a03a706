// SPDX-License-Identifier: GPL-2.0-only
#include "configuration.h"

#include "user-error.h"
#include "value-printer.h"
#include "value-reader.h"

#include "ns3/attribute-checkers.h"
#include "ns3/config.h"
#include "ns3/object-factory.h"
#include "ns3/operator-defaults.h"
#include "ns3/string.h"

#include <filesystem>

namespace p2pim::program
{

namespace
{

std::string
GetKey(const AttributeReference& attribute, uint32_t operatorNumber = 0)
{
    const std::string prefix =
        operatorNumber == 0 ? "" : "Operator" + std::to_string(operatorNumber) + ".";
    return prefix + GetShortName(attribute.declarer) + "." + attribute.info.name;
}

/**
 * Only the class itself knows which texts it takes: a setter that returns false refuses one.
 *
 * @return whether an object of the class takes the text.
 */
bool
TakesText(ns3::TypeId type, const AttributeReference& attribute, const ns3::AttributeValue& text)
{
    if (!type.HasConstructor())
    {
        return true;
    }
    ns3::ObjectFactory factory;
    factory.SetTypeId(type);
    const auto trial = factory.Create<ns3::Object>();
    const bool taken = trial->SetAttributeFailSafe(attribute.info.name, text);
    trial->Dispose();
    return taken;
}

/// @return what is assigned; of a file that is not in the working folder, its path beside the
/// scenario file, if it is there.
std::string
GetText(const Assignment& assignment,
        const AttributeReference& attribute,
        Configuration::Source source)
{
    namespace fs = std::filesystem;
    const fs::path path = assignment.value;
    if (dynamic_cast<const ns3::p2pim::NamesInputFile*>(PeekPointer(attribute.info.checker)) ==
            nullptr ||
        source != Configuration::Source::SCENARIO_FILE || path.empty() || fs::exists(path))
    {
        return assignment.value;
    }
    const fs::path scenario = assignment.place.substr(0, assignment.place.rfind(':'));
    const fs::path beside = scenario.parent_path() / path;
    return fs::exists(beside) ? beside.string() : assignment.value;
}

} // namespace

void
Configuration::Add(const Assignment& assignment, Source source)
{
    const auto [operatorNumber, type] = GetScopedClass(assignment.className, assignment.label);
    const auto attribute = GetAttribute(type, assignment.attribute, assignment.label);
    const auto result = ReadValue(GetText(assignment, attribute, source), attribute.info);
    if (!result.problem.empty())
    {
        throw UserError(assignment.label + ": " + result.problem);
    }
    const auto kind = attribute.info.checker->Create();
    const bool isText = dynamic_cast<const ns3::StringValue*>(PeekPointer(kind)) != nullptr;
    if (isText && !TakesText(type, attribute, *result.value))
    {
        throw UserError(assignment.label + ": '" + assignment.value +
                        "' is not taken; it is: " + attribute.info.help);
    }
    const std::string key = GetKey(attribute, operatorNumber);
    const auto earlier = m_settings.find(key);
    if (earlier != m_settings.end() && earlier->second.source == source &&
        earlier->second.layer == assignment.layer)
    {
        throw UserError(assignment.label + ": already set at " + earlier->second.place +
                        (type == attribute.declarer ? "" : "; the attribute is " + key));
    }
    m_settings.insert_or_assign(key,
                                Setting{operatorNumber,
                                        attribute,
                                        result.value,
                                        assignment.place,
                                        assignment.label,
                                        source,
                                        assignment.layer});
}

void
Configuration::CheckOperators(uint32_t operators) const
{
    for (const auto& [key, setting] : m_settings)
    {
        if (setting.operatorNumber == 0 || (operators > 1 && setting.operatorNumber <= operators))
        {
            continue;
        }
        throw UserError(setting.label +
                        (operators == 1
                             ? ": there is only one operator"
                             : ": there are only " + std::to_string(operators) + " operators"));
    }
}

std::string
Configuration::GetLabel(const std::string& key) const
{
    const auto found = m_settings.find(key);
    if (found != m_settings.end())
    {
        return found->second.label;
    }
    // what is set for all operators is set for the one, too
    const auto ofAll = m_settings.find(key.substr(key.find('.') + 1));
    return ofAll == m_settings.end() ? key : ofAll->second.label;
}

void
Configuration::Apply() const
{
    ns3::Config::Reset();
    ns3::p2pim::OperatorDefaults::Reset();
    for (const auto& [key, setting] : m_settings)
    {
        if (setting.operatorNumber > 0)
        {
            ns3::p2pim::OperatorDefaults::Set(setting.operatorNumber,
                                              setting.attribute.declarer,
                                              setting.attribute.index,
                                              setting.value);
            continue;
        }
        // Not by Config::SetDefault: from a description it would build one object that every
        // instance shares, in this run and the next; the description itself gives each its own.
        ns3::TypeId declarer = setting.attribute.declarer;
        declarer.SetAttributeInitialValue(setting.attribute.index, setting.value);
    }
}

std::vector<campaign::Setting>
Configuration::Describe() const
{
    std::map<std::string, campaign::Setting> settings;
    const auto add = [&settings](const AttributeReference& attribute) {
        const auto info = attribute.declarer.GetAttribute(attribute.index);
        const std::string value = FormatValue(*info.initialValue, info);
        const bool isDefault = value == FormatValue(*info.originalInitialValue, info);
        const std::string key = GetKey(attribute);
        settings[key] = {key, value, isDefault};
    };
    for (const ns3::TypeId& type : GetModuleClasses())
    {
        for (const auto& attribute : GetAttributes(type))
        {
            if (attribute.declarer == type && (attribute.info.flags & ns3::TypeId::ATTR_CONSTRUCT))
            {
                add(attribute);
            }
        }
    }
    for (const auto& [key, setting] : m_settings)
    {
        if (setting.operatorNumber == 0)
        {
            add(setting.attribute);
            continue;
        }
        settings[key] = {key, FormatValue(*setting.value, setting.attribute.info), false};
    }
    std::vector<campaign::Setting> list;
    list.reserve(settings.size());
    for (const auto& [key, setting] : settings)
    {
        list.push_back(setting);
    }
    return list;
}

} // namespace p2pim::program
