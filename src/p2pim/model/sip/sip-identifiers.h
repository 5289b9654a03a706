// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SIP_IDENTIFIERS_H
#define P2PIM_SIP_IDENTIFIERS_H

#include <cstdint>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * Makes the branches, tags and Call-IDs of one element. They differ between elements, which have
 * different names, and within one, which counts; so a run repeats to the last octet.
 */
class SipIdentifiers
{
  public:
    /// @param name what tells this element from all others: its URI or its address.
    explicit SipIdentifiers(const std::string& name);

    /// @return a branch with the magic cookie of RFC 3261 8.1.1.7.
    std::string MakeBranch();
    /// @return a tag (RFC 3261 19.3).
    std::string MakeTag();
    /// @return a Call-ID (RFC 3261 8.1.1.4).
    std::string MakeCallId();

  private:
    std::string Make(const char* prefix);

    std::string m_name; ///< 64-bit hash of the name, in hexadecimal
    uint64_t m_count{0};
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SIP_IDENTIFIERS_H
