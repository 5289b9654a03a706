// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/object-description.h"

#include "ns3/string.h"

namespace ns3
{
namespace p2pim
{

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
        const Ptr<AttributeValue> value =
            attribute.checker->CreateValidValue(StringValue(setting.substr(equals + 1)));
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
