// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_STUN_STREAM_H
#define P2PIM_STUN_STREAM_H

#include "ns3/octets.h"

#include <optional>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * STUN messages as they come out of a TCP connection (RFC 8489 6.2.2): each tells its own length.
 * It keeps at most what one message may have.
 */
class StunStream
{
  public:
    /// @param octets octets that have arrived.
    void Append(const std::string& octets);

    /// @return the next whole message; none if there is none, or if the stream is broken.
    std::optional<Octets> Next();

    /// @return whether what has come is no STUN, so that no more messages can be found.
    bool IsBroken() const;

    /// @return what has come behind the last message, which is forgotten here.
    std::string TakeRest();

  private:
    std::string m_octets;
    bool m_broken = false;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_STUN_STREAM_H
