// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sip-identifiers.h"

namespace ns3
{
namespace p2pim
{

namespace
{

/// FNV-1a: the same on every machine, which std::hash does not promise.
uint64_t
Hash(const std::string& text)
{
    uint64_t hash = 14695981039346656037ULL;
    for (const char c : text)
    {
        hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211ULL;
    }
    return hash;
}

std::string
ToHexadecimal(uint64_t value)
{
    static constexpr char DIGITS[] = "0123456789abcdef";
    std::string text(16, '0');
    for (auto digit = text.rbegin(); digit != text.rend(); ++digit, value >>= 4)
    {
        *digit = DIGITS[value & 0xf];
    }
    return text;
}

} // namespace

SipIdentifiers::SipIdentifiers(const std::string& name)
    : m_name(ToHexadecimal(Hash(name)))
{
}

std::string
SipIdentifiers::Make(const char* prefix)
{
    return prefix + m_name + '.' + std::to_string(++m_count);
}

std::string
SipIdentifiers::MakeBranch()
{
    return Make("z9hG4bK");
}

std::string
SipIdentifiers::MakeTag()
{
    return Make("t");
}

std::string
SipIdentifiers::MakeCallId()
{
    return Make("c");
}

} // namespace p2pim
} // namespace ns3
