// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMPP_STREAM_H
#define P2PIM_SMPP_STREAM_H

#include "ns3/smpp-pdu.h"

#include <cstddef>
#include <optional>

namespace ns3
{
namespace p2pim
{

/**
 * PDUs as they come out of a TCP connection.
 */
class SmppStream
{
  public:
    /// @param octets octets that have arrived.
    void Append(const Octets& octets);

    /**
     * @return the octets of the next whole PDU; none if there is none, or if the stream is broken.
     */
    std::optional<Octets> Next();

    /// @return whether a command_length was not that of a PDU, so that no more can be found.
    bool IsBroken() const;

  private:
    Octets m_octets;
    std::size_t m_begin = 0; ///< of m_octets not yet given out
    bool m_broken = false;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMPP_STREAM_H
