// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/object-description.h"

#include "ns3/string.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace ns3
{
namespace p2pim
{

namespace
{

/// @return whether ns-3 can read @p text as a value of @p type, which it checks by aborting.
bool
IsReadable(const std::string& text, const std::string& type)
{
    if (type == "ns3::DoubleValue")
    {
        char* end = nullptr;
        const double number = std::strtod(text.c_str(), &end);
        return !text.empty() && *end == 0 && std::isfinite(number);
    }
    const bool negative = type == "ns3::IntegerValue" && text[0] == '-';
    const std::string digits = text.substr(negative ? 1 : 0);
    const bool number = !digits.empty() && digits.size() < 10 &&
                        std::all_of(digits.begin(), digits.end(), [](char digit) {
                            return digit >= '0' && digit <= '9';
                        });
    return type == "ns3::BooleanValue" ||
           (number && (type == "ns3::UintegerValue" || type == "ns3::IntegerValue"));
}

} // namespace

std::vector<std::string>
SplitOutsideBrackets(const std::string& text, char separator)
{
    std::vector<std::string> parts(1);
    int depth = 0;
    for (const char character : text)
    {
        depth += character == '[' ? 1 : (character == ']' ? -1 : 0);
        if (character == separator && depth == 0)
        {
            parts.emplace_back();
        }
        else
        {
            parts.back() += character;
        }
    }
    return parts;
}

std::optional<ObjectFactory>
ParseObjectDescription(const std::string& text, TypeId parent)
{
    const std::size_t open = text.find('[');
    const bool bracketed = open != std::string::npos;
    TypeId type;
    if (!TypeId::LookupByNameFailSafe(text.substr(0, open), &type) || !type.IsChildOf(parent) ||
        !type.HasConstructor() || (bracketed && text.back() != ']'))
    {
        return std::nullopt;
    }
    ObjectFactory factory(type.GetName());
    if (!bracketed || open + 2 == text.size())
    {
        return factory;
    }
    for (const std::string& setting :
         SplitOutsideBrackets(text.substr(open + 1, text.size() - open - 2), '|'))
    {
        const std::size_t equals = setting.find('=');
        TypeId::AttributeInformation attribute;
        if (equals == std::string::npos ||
            !type.LookupAttributeByName(setting.substr(0, equals), &attribute))
        {
            return std::nullopt;
        }
        const std::string text = setting.substr(equals + 1);
        const Ptr<AttributeValue> value =
            IsReadable(text, attribute.checker->GetValueTypeName())
                ? attribute.checker->CreateValidValue(StringValue(text))
                : nullptr;
        if (!value)
        {
            return std::nullopt;
        }
        factory.Set(attribute.name, *value);
    }
    return factory;
}

} // namespace p2pim
} // namespace ns3
