// SPDX-License-Identifier: GPL-2.0-only
#include "value-printer.h"

#include "class-registry.h"
#include "word-list.h"

#include "ns3/attribute-checkers.h"
#include "ns3/double.h"
#include "ns3/object.h"
#include "ns3/pointer.h"
#include "ns3/string.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>

namespace p2pim::program
{

namespace
{

using ns3::AttributeChecker;
using ns3::AttributeValue;
using ns3::Ptr;
using ns3::Time;
using Info = ns3::TypeId::AttributeInformation;

/// A kind of value in words.
struct KindWords
{
    const char* type;    ///< for the column "type"
    const char* allowed; ///< for the column "allowed"; empty if the attribute has bounds of its own
};

const std::map<std::string, KindWords>&
GetKinds()
{
    static const std::map<std::string, KindWords> kinds{
        {"Boolean", {"truth value", "true or false"}},
        {"DataRate", {"rate", "a rate with its unit, such as 9600bps or 64kb/s"}},
        {"Double", {"number", ""}},
        {"Enum", {"choice", ""}},
        {"Integer", {"whole number", ""}},
        {"Ipv4Address", {"address", "an IPv4 address, such as 10.0.0.1"}},
        {"Ipv4Mask", {"mask", "an IPv4 mask, such as 255.0.0.0"}},
        {"Pointer", {"object", ""}},
        {"QueueSize", {"queue size", "packets or bytes, such as 100p or 64kB"}},
        {"String", {"text", "any text"}},
        {"Time", {"time", ""}},
        {"TypeId", {"class", "a class's full name, such as ns3::TcpNewReno"}},
        {"Uinteger", {"whole number", ""}},
    };
    return kinds;
}

/// @return the least time that the checker allows, or the greatest; @p inside is one it allows.
Time
FindBound(const AttributeChecker& checker, Time inside, Time limit)
{
    if (checker.Check(ns3::TimeValue(limit)))
    {
        return limit;
    }
    int64_t good = inside.GetTimeStep();
    int64_t bad = limit.GetTimeStep();
    for (;;)
    {
        const int64_t middle = good / 2 + bad / 2 + (good % 2 + bad % 2) / 2;
        if (middle == good || middle == bad)
        {
            return Time(good);
        }
        (checker.Check(ns3::TimeValue(Time(middle))) ? good : bad) = middle;
    }
}

/// ns-3 tells a time's bounds in six digits and without sign, so they are found by trial.
std::string
DescribeTimes(const Info& info)
{
    const Ptr<AttributeValue> valid = info.checker->CreateValidValue(*info.originalInitialValue);
    const auto* initial = dynamic_cast<const ns3::TimeValue*>(ns3::PeekPointer(valid));
    if (!initial)
    {
        return "a time with its unit";
    }
    const Time least = FindBound(*info.checker, initial->Get(), Time::Min());
    const Time most = FindBound(*info.checker, initial->Get(), Time::Max());
    const bool open = most == Time::Max();
    if (least == Time::Min())
    {
        return open ? "any time" : FormatTime(most) + " or less";
    }
    return open ? FormatTime(least) + " or more" : FormatTime(least) + " to " + FormatTime(most);
}

/// Reads "uint32_t 1:8" or "double 0:1.79769e+308".
std::string
DescribeNumbers(const AttributeChecker& checker)
{
    const std::string range = checker.GetUnderlyingTypeInformation();
    const auto start = range.find(' ');
    const auto colon = range.find(':');
    if (start == std::string::npos || colon == std::string::npos)
    {
        return "any number";
    }
    const std::string least = range.substr(start + 1, colon - start - 1);
    const std::string most = range.substr(colon + 1);
    constexpr double unbounded = 1.79e308;
    const double low = std::strtod(least.c_str(), nullptr);
    const double high = std::strtod(most.c_str(), nullptr);
    if (high > unbounded)
    {
        return low < -unbounded ? "any number" : least + " or more";
    }
    return low < -unbounded ? most + " or less" : least + " to " + most;
}

bool
IsRandomVariable(const AttributeChecker& checker)
{
    const auto* pointers = dynamic_cast<const ns3::PointerChecker*>(&checker);
    return pointers && pointers->GetPointeeTypeId().GetName() == "ns3::RandomVariableStream";
}

std::string
DescribeObjects(const AttributeChecker& checker)
{
    const auto* pointers = dynamic_cast<const ns3::PointerChecker*>(&checker);
    if (IsRandomVariable(checker))
    {
        return "a random variable, such as ns3::UniformRandomVariable[Min=1|Max=2]";
    }
    return "an object" + (pointers ? " of class " + pointers->GetPointeeTypeId().GetName() : "");
}

/// @return the shortest text that reads back as the same number.
std::string
FormatNumber(double number)
{
    std::array<char, 32> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return std::string(text.data(), end);
}

/// @return an object by its class and attributes, as ns-3's object factory reads it.
std::string
FormatObject(const ns3::Object& object)
{
    const ns3::TypeId type = object.GetInstanceTypeId();
    std::string attributes;
    for (const auto& reference : GetAttributes(type))
    {
        Ptr<AttributeValue> value = reference.info.checker->Create();
        if ((reference.info.flags & ns3::TypeId::ATTR_GET) &&
            object.GetAttributeFailSafe(reference.info.name, *value))
        {
            attributes += (attributes.empty() ? "" : "|") + reference.info.name + "=" +
                          FormatValue(*value, reference.info);
        }
    }
    return type.GetName() + "[" + attributes + "]";
}

} // namespace

std::string
GetValueKind(const AttributeChecker& checker)
{
    std::string kind = checker.GetValueTypeName();
    if (kind.rfind("ns3::", 0) == 0)
    {
        kind.erase(0, 5);
    }
    return kind.substr(0, kind.rfind("Value"));
}

std::string
FormatTime(Time time)
{
    constexpr uint64_t perSecond = 1000000000;
    const int64_t steps = time.GetNanoSeconds();
    const uint64_t size = steps < 0 ? -static_cast<uint64_t>(steps) : static_cast<uint64_t>(steps);
    std::string text = (steps < 0 ? "-" : "") + std::to_string(size / perSecond);
    if (size % perSecond != 0)
    {
        const std::string digits = std::to_string(perSecond + size % perSecond).substr(1);
        text += "." + digits.substr(0, digits.find_last_not_of('0') + 1);
    }
    return text + "s";
}

std::vector<std::string>
ListChoices(const AttributeChecker& checker)
{
    return SplitList(checker.GetUnderlyingTypeInformation(), '|');
}

std::string
DescribeType(const Info& info)
{
    if (IsRandomVariable(*info.checker))
    {
        return "random variable";
    }
    const std::string kind = GetValueKind(*info.checker);
    const auto words = GetKinds().find(kind);
    return words == GetKinds().end() ? kind : words->second.type;
}

std::string
DescribeAllowed(const Info& info)
{
    const auto* inWords =
        dynamic_cast<const ns3::p2pim::AllowedInWords*>(ns3::PeekPointer(info.checker));
    if (inWords)
    {
        return inWords->GetAllowed();
    }
    const std::string kind = GetValueKind(*info.checker);
    const auto words = GetKinds().find(kind);
    if (words == GetKinds().end())
    {
        return "not from text";
    }
    if (*words->second.allowed != '\0')
    {
        return words->second.allowed;
    }
    if (kind == "Time")
    {
        return DescribeTimes(info);
    }
    if (kind == "Enum")
    {
        return JoinChoices(ListChoices(*info.checker));
    }
    return kind == "Pointer" ? DescribeObjects(*info.checker) : DescribeNumbers(*info.checker);
}

std::string
FormatValue(const AttributeValue& value, const Info& info)
{
    if (const auto* object = dynamic_cast<const ns3::PointerValue*>(&value))
    {
        return object->GetObject() ? FormatObject(*object->GetObject()) : "none";
    }
    const auto* text = dynamic_cast<const ns3::StringValue*>(&value);
    if (text && GetValueKind(*info.checker) == "Pointer")
    {
        return text->Get();
    }
    const Ptr<AttributeValue> valid = info.checker->CreateValidValue(value);
    if (!valid)
    {
        return value.SerializeToString(info.checker);
    }
    if (const auto* time = dynamic_cast<const ns3::TimeValue*>(ns3::PeekPointer(valid)))
    {
        return FormatTime(time->Get());
    }
    if (const auto* number = dynamic_cast<const ns3::DoubleValue*>(ns3::PeekPointer(valid)))
    {
        return FormatNumber(number->Get());
    }
    return valid->SerializeToString(info.checker);
}

} // namespace p2pim::program
