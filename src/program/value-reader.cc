// SPDX-License-Identifier: GPL-2.0-only
#include "value-reader.h"

#include "class-registry.h"
#include "nearest-name.h"
#include "strict-number.h"
#include "value-printer.h"
#include "word-list.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/integer.h"
#include "ns3/nstime.h"
#include "ns3/pointer.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cmath>
#include <map>
#include <netinet/in.h>

namespace p2pim::program
{

namespace
{

using ns3::AttributeValue;
using ns3::Create;
using ns3::Ptr;
using ns3::TypeId;
using Info = TypeId::AttributeInformation;

std::string
Quote(std::string_view text)
{
    return "'" + std::string(text) + "'";
}

ReadResult
Fail(const std::string& problem)
{
    return {nullptr, problem};
}

/// Fails because @p text is not what the attribute holds at all.
ReadResult
FailAs(const std::string& text, const std::string& wanted, const Info& info)
{
    return Fail(Quote(text) + " is not " + wanted + "; allowed: " + DescribeAllowed(info));
}

/// Takes a value of the right kind if it is within the attribute's bounds.
ReadResult
Accept(const std::string& text, Ptr<AttributeValue> value, const Info& info)
{
    if (!info.checker->Check(*value))
    {
        return Fail(Quote(text) + " is out of range; allowed: " + DescribeAllowed(info));
    }
    return {value, ""};
}

ReadResult
ReadWholeNumber(const std::string& text, const Info& info)
{
    if (GetValueKind(*info.checker) == "Uinteger")
    {
        const auto number = ReadUnsigned(text);
        return number ? Accept(text, Create<ns3::UintegerValue>(*number), info)
                      : FailAs(text, "a whole number without sign", info);
    }
    const auto number = ReadInteger(text);
    return number ? Accept(text, Create<ns3::IntegerValue>(*number), info)
                  : FailAs(text, "a whole number", info);
}

ReadResult
ReadNumber(const std::string& text, const Info& info)
{
    const auto number = ReadDecimal(text);
    return number ? Accept(text, Create<ns3::DoubleValue>(*number), info)
                  : FailAs(text, "a finite number", info);
}

ReadResult
ReadBoolean(const std::string& text, const Info& info)
{
    if (text != "true" && text != "false")
    {
        return FailAs(text, "a truth value", info);
    }
    return Accept(text, Create<ns3::BooleanValue>(text == "true"), info);
}

ReadResult
ReadTime(const std::string& text, const Info& info)
{
    static const std::map<std::string_view, double> nanoseconds{
        {"ns", 1},
        {"us", 1e3},
        {"ms", 1e6},
        {"s", 1e9},
        {"min", 60e9},
        {"h", 3600e9},
        {"d", 86400e9},
    };
    const auto quantity = ReadQuantity(text);
    if (!quantity)
    {
        return FailAs(text, "a time", info);
    }
    if (quantity->unit.empty())
    {
        return Fail(Quote(text) + " needs a unit, such as 5s or 500ms");
    }
    const auto unit = nanoseconds.find(quantity->unit);
    if (unit == nanoseconds.end())
    {
        return Fail(Quote(text) + " has no known unit; use ns, us, ms, s, min, h or d");
    }
    const double steps = std::round(quantity->number * unit->second);
    constexpr double limit = 9.2e18;
    if (std::abs(steps) > limit)
    {
        return Fail(Quote(text) + " is out of range; allowed: " + DescribeAllowed(info));
    }
    return Accept(text,
                  Create<ns3::TimeValue>(ns3::NanoSeconds(static_cast<int64_t>(steps))),
                  info);
}

/// Leaves to ns-3 a text whose form has been found right, as it would end the program over others.
ReadResult
Deserialize(const std::string& text, const Info& info)
{
    const Ptr<AttributeValue> value = info.checker->CreateValidValue(ns3::StringValue(text));
    return value ? ReadResult{value, ""} : FailAs(text, "allowed here", info);
}

ReadResult
ReadRate(const std::string& text, const Info& info)
{
    const auto quantity = ReadQuantity(text);
    if (!quantity || quantity->number < 0)
    {
        return FailAs(text, "a rate", info);
    }
    if (quantity->unit.empty())
    {
        return Fail(Quote(text) + " needs a unit, such as 9600bps or 64kb/s");
    }
    const bool isWord =
        std::none_of(text.begin(), text.end(), [](unsigned char c) { return std::isspace(c); });
    constexpr double limit = 1e12;
    return isWord && quantity->number < limit ? Deserialize(text, info)
                                              : FailAs(text, "a rate", info);
}

ReadResult
ReadChoice(const std::string& text, const Info& info)
{
    const auto choices = ListChoices(*info.checker);
    if (std::find(choices.begin(), choices.end(), text) == choices.end())
    {
        return Fail(Quote(text) + " is none of its values; allowed: " + DescribeAllowed(info) +
                    SuggestName(text, choices));
    }
    return Deserialize(text, info);
}

ReadResult
ReadAddress(const std::string& text, const Info& info)
{
    in_addr address{};
    return inet_pton(AF_INET, text.c_str(), &address) == 1 ? Deserialize(text, info)
                                                           : FailAs(text, "an address", info);
}

ReadResult
ReadQueueSize(const std::string& text, const Info& info)
{
    const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::string unit = text.substr(end);
    const bool known = unit == "p" || unit == "B" || unit == "kB" || unit == "MB";
    return ReadUnsigned(text.substr(0, end)) && known ? Deserialize(text, info)
                                                      : FailAs(text, "a queue size", info);
}

ReadResult
ReadClass(const std::string& text, const Info& info)
{
    TypeId type;
    return TypeId::LookupByNameFailSafe(text, &type) ? Deserialize(text, info)
                                                     : FailAs(text, "a class", info);
}

ReadResult
ReadText(const std::string& text, const Info& info)
{
    return Accept(text, Create<ns3::StringValue>(text), info);
}

/// @return the classes that can be built from a description alone where @p base is asked for.
std::vector<std::string>
ListObjectClasses(TypeId base)
{
    std::vector<std::string> names;
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        const TypeId type = TypeId::GetRegistered(i);
        const std::string& name = type.GetName();
        // These two draw from a table that no attribute can fill.
        const bool needsTable =
            name == "ns3::EmpiricalRandomVariable" || name == "ns3::DeterministicRandomVariable";
        if ((type == base || type.IsChildOf(base)) && type.HasConstructor() && !needsTable)
        {
            names.push_back(name);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// Checks "Name=value" in an object's description. @return the problem, or an empty text.
std::string
CheckPart(const std::string& part, TypeId type)
{
    const auto equal = part.find('=');
    if (equal == std::string::npos)
    {
        return Quote(part) + " is not Attribute=value";
    }
    const std::string name = part.substr(0, equal);
    std::vector<std::string> names;
    for (const auto& reference : GetAttributes(type))
    {
        if (reference.info.name == name)
        {
            const auto result = ReadValue(part.substr(equal + 1), reference.info);
            return result.problem.empty() ? "" : name + ": " + result.problem;
        }
        names.push_back(reference.info.name);
    }
    return name + ": no such attribute of " + type.GetName() + SuggestName(name, names);
}

/// Checks what stands between the brackets. @return the problem, or an empty text.
std::string
CheckParts(const std::string& parts, TypeId type)
{
    for (const auto& part : SplitList(parts, '|'))
    {
        std::string problem = CheckPart(part, type);
        if (!problem.empty())
        {
            return problem;
        }
    }
    return "";
}

/// Checks an object's description, which ns-3 would read past its end if it were malformed.
ReadResult
ReadObject(const std::string& text, const Info& info)
{
    const auto* pointers = dynamic_cast<const ns3::PointerChecker*>(ns3::PeekPointer(info.checker));
    const auto bracket = text.find('[');
    const bool bracketed = bracket != std::string::npos;
    const bool closed = bracketed ? text.find(']') == text.size() - 1 && text.rfind('[') == bracket
                                  : text.find(']') == std::string::npos;
    const bool named = text.rfind("ns3::", 0) == 0;
    if (!pointers || !closed || !named || text.find_first_of(" \t") != std::string::npos)
    {
        return FailAs(text, "of the form ns3::Class[Attribute=value|Attribute=value]", info);
    }
    const std::string className = text.substr(0, bracket);
    const auto classes = ListObjectClasses(pointers->GetPointeeTypeId());
    if (std::find(classes.begin(), classes.end(), className) == classes.end())
    {
        return Fail(Quote(className) + " is no class that can stand here" +
                    SuggestName(className, classes));
    }
    const std::string parts =
        bracketed ? text.substr(bracket + 1, text.size() - bracket - 2) : std::string();
    const std::string problem = CheckParts(parts, TypeId::LookupByName(className));
    if (!problem.empty())
    {
        return Fail(problem);
    }
    const auto description = Create<ns3::StringValue>(text);
    return info.checker->CreateValidValue(*description)
               ? ReadResult{description, ""}
               : Fail(Quote(text) + " is out of range; allowed: " + DescribeAllowed(info));
}

using Reader = ReadResult (*)(const std::string&, const Info&);

const std::map<std::string, Reader>&
GetReaders()
{
    static const std::map<std::string, Reader> readers{
        {"Boolean", ReadBoolean},
        {"DataRate", ReadRate},
        {"Double", ReadNumber},
        {"Enum", ReadChoice},
        {"Integer", ReadWholeNumber},
        {"Ipv4Address", ReadAddress},
        {"Ipv4Mask", ReadAddress},
        {"Pointer", ReadObject},
        {"QueueSize", ReadQueueSize},
        {"String", ReadText},
        {"Time", ReadTime},
        {"TypeId", ReadClass},
        {"Uinteger", ReadWholeNumber},
    };
    return readers;
}

} // namespace

ReadResult
ReadValue(const std::string& text, const Info& info)
{
    if (!(info.flags & TypeId::ATTR_CONSTRUCT))
    {
        return Fail("cannot be set in advance");
    }
    if (info.supportLevel == TypeId::OBSOLETE)
    {
        return Fail("obsolete: " + info.supportMsg);
    }
    const std::string kind = GetValueKind(*info.checker);
    const auto reader = GetReaders().find(kind);
    return reader == GetReaders().end() ? Fail("a value of type " + kind + " has no text form")
                                        : reader->second(text, info);
}

} // namespace p2pim::program
