// SPDX-License-Identifier: GPL-2.0-only
#include "configuration.h"

#include "campaign/parameter-grid.h"
#include "user-error.h"
#include "value-printer.h"

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

/// How long a run may take, which does not change what it does.
constexpr const char* TIME_LIMIT = "Scenario.TimeLimit";

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

/// @return what is set; of a file that is not in the working folder, its path beside the scenario
/// file, if it is there.
std::string
GetText(const std::string& text,
        const ns3::TypeId::AttributeInformation& info,
        const std::string& scenarioFile)
{
    namespace fs = std::filesystem;
    const fs::path path = text;
    if (dynamic_cast<const ns3::p2pim::NamesInputFile*>(PeekPointer(info.checker)) == nullptr ||
        scenarioFile.empty() || path.empty() || fs::exists(path))
    {
        return text;
    }
    const fs::path beside = fs::path(scenarioFile).parent_path() / path;
    return fs::exists(beside) ? beside.string() : text;
}

} // namespace

std::string
Configuration::GetFile(const Setting& setting)
{
    const std::string& place = setting.assignment.place;
    return setting.source == Source::SCENARIO_FILE ? place.substr(0, place.rfind(':')) : "";
}

Configuration::Setting
Configuration::Find(const Assignment& assignment, Source source)
{
    const auto scoped = GetScopedClass(assignment.className, assignment.label);
    Setting setting;
    setting.operatorNumber = scoped.operatorNumber;
    setting.type = scoped.type;
    setting.attribute = GetAttribute(scoped.type, assignment.attribute, assignment.label);
    setting.assignment = assignment;
    setting.source = source;
    return setting;
}

ReadResult
Configuration::Read(const Setting& setting, const std::string& text)
{
    const auto& info = setting.attribute.info;
    auto result = ReadValue(GetText(text, info, GetFile(setting)), info);
    const auto kind = info.checker->Create();
    const bool isText = dynamic_cast<const ns3::StringValue*>(PeekPointer(kind)) != nullptr;
    if (result.problem.empty() && isText &&
        !TakesText(setting.type, setting.attribute, *result.value))
    {
        result.problem = "'" + text + "' is not taken; it is: " + info.help;
    }
    return result;
}

void
Configuration::Add(const Assignment& assignment, Source source)
{
    Setting setting = Find(assignment, source);
    const bool varies = campaign::HasIteration(assignment.value);
    if (!varies)
    {
        const auto result = Read(setting, assignment.value);
        if (!result.problem.empty())
        {
            throw UserError(assignment.label + ": " + result.problem);
        }
        setting.value = result.value;
    }
    setting.rank = m_added++;
    const std::string key = GetKey(setting.attribute, setting.operatorNumber);
    const auto earlier = m_settings.find(key);
    if (earlier != m_settings.end())
    {
        if (earlier->second.source == source &&
            earlier->second.assignment.layer == assignment.layer)
        {
            throw UserError(
                assignment.label + ": already set at " + earlier->second.assignment.place +
                (setting.type == setting.attribute.declarer ? "" : "; the attribute is " + key));
        }
        setting.rank = earlier->second.value ? setting.rank : earlier->second.rank;
    }
    m_settings.insert_or_assign(key, setting);
}

bool
Configuration::Takes(const Assignment& assignment, Source source)
{
    return Read(Find(assignment, source), assignment.value).problem.empty();
}

std::vector<VaryingSetting>
Configuration::ListVarying() const
{
    std::map<std::size_t, VaryingSetting> varying;
    for (const auto& [key, setting] : m_settings)
    {
        if (!setting.value)
        {
            const auto& assignment = setting.assignment;
            varying[setting.rank] = {key, assignment.value, assignment.label};
        }
    }
    std::vector<VaryingSetting> list;
    list.reserve(varying.size());
    for (const auto& [rank, setting] : varying)
    {
        list.push_back(setting);
    }
    return list;
}

ns3::Ptr<const ns3::AttributeValue>
Configuration::Read(const std::string& key, const std::string& text) const
{
    const Setting& setting = m_settings.at(key);
    const auto result = Read(setting, text);
    if (!result.problem.empty())
    {
        throw UserError(setting.assignment.label + ": " + result.problem);
    }
    return result.value;
}

std::string
Configuration::GetOption(const std::string& key, const std::string& text) const
{
    const Setting& setting = m_settings.at(key);
    return "--" + key + "=" + GetText(text, setting.attribute.info, GetFile(setting));
}

std::vector<std::string>
Configuration::ListOptions() const
{
    std::vector<std::string> options;
    options.reserve(m_settings.size());
    for (const auto& [key, setting] : m_settings)
    {
        if (setting.source == Source::COMMAND_LINE && setting.value)
        {
            options.push_back(setting.assignment.label + "=" + setting.assignment.value);
        }
    }
    return options;
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
        throw UserError(setting.assignment.label +
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
        return found->second.assignment.label;
    }
    // what is set for all operators is set for the one, too
    const auto ofAll = m_settings.find(key.substr(key.find('.') + 1));
    return ofAll == m_settings.end() ? key : ofAll->second.assignment.label;
}

void
Configuration::Apply() const
{
    ns3::Config::Reset();
    ns3::p2pim::OperatorDefaults::Reset();
    for (const auto& [key, setting] : m_settings)
    {
        if (setting.value)
        {
            Apply(setting, setting.value);
        }
    }
}

void
Configuration::ApplyOne(const std::string& key,
                        const ns3::Ptr<const ns3::AttributeValue>& value) const
{
    Apply(m_settings.at(key), value);
}

void
Configuration::Apply(const Setting& setting, const ns3::Ptr<const ns3::AttributeValue>& value)
{
    ns3::TypeId declarer = setting.attribute.declarer;
    if (setting.operatorNumber > 0)
    {
        ns3::p2pim::OperatorDefaults::Set(setting.operatorNumber,
                                          declarer,
                                          setting.attribute.index,
                                          value);
        return;
    }
    // Not by Config::SetDefault: from a description it would build one object that every
    // instance shares, in this run and the next; the description itself gives each its own.
    declarer.SetAttributeInitialValue(setting.attribute.index, value);
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
        if (!setting.value)
        {
            settings[key] = {key, setting.assignment.value, false};
            continue;
        }
        if (setting.operatorNumber == 0)
        {
            add(setting.attribute);
            continue;
        }
        settings[key] = {key, FormatValue(*setting.value, setting.attribute.info), false};
    }
    settings.erase(TIME_LIMIT);
    std::vector<campaign::Setting> list;
    list.reserve(settings.size());
    for (const auto& [key, setting] : settings)
    {
        list.push_back(setting);
    }
    return list;
}

} // namespace p2pim::program
