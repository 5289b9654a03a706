// SPDX-License-Identifier: GPL-2.0-only
#include "class-registry.h"

#include "nearest-name.h"
#include "scenarios/scenario.h"
#include "user-error.h"
#include "word-list.h"

#include "ns3/operator-defaults.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace p2pim::program
{

namespace
{

using ns3::TypeId;

/// Where a short name is looked for, in this order.
constexpr const char* NAMESPACES[] = {"ns3::p2pim::", "ns3::", ""};

bool
IsOfModule(TypeId type)
{
    return type.GetGroupName() == "P2pim" || type.GetName().rfind(NAMESPACES[0], 0) == 0;
}

/// @return the classes that @p wanted accepts, by name.
template <typename Predicate>
std::vector<TypeId>
SelectClasses(Predicate wanted)
{
    std::vector<TypeId> classes;
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        const TypeId type = TypeId::GetRegistered(i);
        if (wanted(type))
        {
            classes.push_back(type);
        }
    }
    std::sort(classes.begin(), classes.end(), [](TypeId a, TypeId b) {
        return a.GetName() < b.GetName();
    });
    return classes;
}

/// @return the name of every class, p2pim's first, spelled as @p wrong seems to mean them.
std::vector<std::string>
ListClassNames(const std::string& wrong)
{
    const bool full = wrong.rfind("ns3::", 0) == 0;
    std::vector<std::string> names;
    for (const bool ofModule : {true, false})
    {
        for (const TypeId& type :
             SelectClasses([=](TypeId t) { return IsOfModule(t) == ofModule; }))
        {
            names.push_back(full ? type.GetName() : GetShortName(type));
        }
    }
    return names;
}

} // namespace

std::optional<TypeId>
FindClass(const std::string& name)
{
    TypeId type;
    for (const char* prefix : NAMESPACES)
    {
        if (TypeId::LookupByNameFailSafe(prefix + name, &type))
        {
            return type;
        }
    }
    return std::nullopt;
}

TypeId
GetClass(const std::string& name, const std::string& label)
{
    const auto type = FindClass(name);
    if (!type)
    {
        throw UserError(label + ": no such class" + SuggestName(name, ListClassNames(name)));
    }
    return *type;
}

ScopedClass
GetScopedClass(const std::string& name, const std::string& label)
{
    using ns3::p2pim::OperatorDefaults;
    const auto dot = name.find('.');
    if (dot == std::string::npos)
    {
        return {0, GetClass(name, label)};
    }
    const std::string wanted = name.substr(0, dot);
    std::vector<std::string> operators;
    for (uint32_t number = 1; number <= OperatorDefaults::MAX_OPERATORS; ++number)
    {
        operators.push_back("Operator" + std::to_string(number));
    }
    const auto found = std::find(operators.begin(), operators.end(), wanted);
    if (found == operators.end())
    {
        throw UserError(label + ": '" + wanted + "' is no operator" +
                        SuggestName(wanted, operators));
    }
    const TypeId type = GetClass(name.substr(dot + 1), label);
    const auto& classes = OperatorDefaults::GetClasses();
    if (std::find(classes.begin(), classes.end(), type.GetName()) == classes.end())
    {
        std::vector<std::string> names;
        names.reserve(classes.size());
        for (const auto& each : classes)
        {
            names.push_back(GetShortName(TypeId::LookupByName(each)));
        }
        throw UserError(label + ": " + GetShortName(type) +
                        " is not an operator's own; those are " + JoinChoices(names));
    }
    return {static_cast<uint32_t>(found - operators.begin()) + 1, type};
}

std::string
GetShortName(TypeId type)
{
    std::string name = type.GetName();
    for (const char* prefix : NAMESPACES)
    {
        if (name.rfind(prefix, 0) == 0)
        {
            std::string shortName = name.substr(std::strlen(prefix));
            if (FindClass(shortName) == type)
            {
                return shortName;
            }
        }
    }
    return name;
}

std::vector<TypeId>
GetModuleClasses()
{
    return SelectClasses(IsOfModule);
}

std::vector<TypeId>
GetScenarioClasses()
{
    return SelectClasses([base = ns3::p2pim::Scenario::GetTypeId()](TypeId type) {
        return type.IsChildOf(base) && type.HasConstructor();
    });
}

std::vector<AttributeReference>
GetAttributes(TypeId type)
{
    std::vector<AttributeReference> attributes;
    for (;; type = type.GetParent())
    {
        for (std::size_t i = 0; i < type.GetAttributeN(); ++i)
        {
            attributes.push_back({type, i, type.GetAttribute(i)});
        }
        if (!type.HasParent())
        {
            return attributes;
        }
    }
}

AttributeReference
GetAttribute(TypeId type, const std::string& attribute, const std::string& label)
{
    std::vector<std::string> names;
    for (const auto& reference : GetAttributes(type))
    {
        if (reference.info.name == attribute)
        {
            return reference;
        }
        names.push_back(reference.info.name);
    }
    throw UserError(
        label + ": no such attribute" +
        (names.empty() ? "; " + GetShortName(type) + " has none" : SuggestName(attribute, names)));
}

} // namespace p2pim::program
