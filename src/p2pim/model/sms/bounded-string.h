// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_BOUNDED_STRING_H
#define P2PIM_BOUNDED_STRING_H

#include "ns3/string.h"

#include <cstddef>
#include <string>

namespace ns3
{
namespace p2pim
{

/// Checks that an attribute's text is not too long for the field that it goes into.
class BoundedStringChecker : public AttributeChecker
{
  public:
    /// @param limit the most characters.
    explicit BoundedStringChecker(std::size_t limit)
        : m_limit(limit)
    {
    }

    bool Check(const AttributeValue& value) const override
    {
        const auto* const text = dynamic_cast<const StringValue*>(&value);
        return text != nullptr && text->Get().size() <= m_limit;
    }

    std::string GetValueTypeName() const override
    {
        return "ns3::StringValue";
    }

    bool HasUnderlyingTypeInformation() const override
    {
        return true;
    }

    std::string GetUnderlyingTypeInformation() const override
    {
        return "std::string of at most " + std::to_string(m_limit) + " characters";
    }

    Ptr<AttributeValue> Create() const override
    {
        return ns3::Create<StringValue>();
    }

    bool Copy(const AttributeValue& source, AttributeValue& destination) const override
    {
        const auto* const from = dynamic_cast<const StringValue*>(&source);
        auto* const to = dynamic_cast<StringValue*>(&destination);
        if (from == nullptr || to == nullptr)
        {
            return false;
        }
        *to = *from;
        return true;
    }

  private:
    std::size_t m_limit;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_BOUNDED_STRING_H
