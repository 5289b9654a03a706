// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TCP_SEQUENCE_NUMBERS_H
#define P2PIM_TCP_SEQUENCE_NUMBERS_H

#include "ns3/nstime.h"
#include "ns3/peer-tcp-protocol.h"
#include "ns3/sequence-number.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace p2pim
{

/**
 * Initial sequence numbers of TCP (RFC 9293 3.4.1), by RFC 6528: a clock of 4 us, plus a hash of
 * the connection and of a key.
 *
 * They lie below 2^30, so that no number of a connection wraps: ns-3's TcpTxBuffer and TcpCubic
 * compare with 0, which they take for "none yet".
 */
class TcpSequenceNumbers
{
  public:
    /**
     * Draws the key of the simulation, which is forgotten when that is destroyed.
     *
     * @param first the stream number to use.
     * @return how many were used.
     */
    static int64_t AssignStreams(int64_t first);

    /**
     * @param connection the connection that is opened.
     * @param now the time.
     * @return its initial number; 0, as in ns-3, in a simulation without a key.
     */
    static SequenceNumber32 GetInitial(const TcpFourTuple& connection, Time now);

  private:
    static std::optional<uint64_t> g_key;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TCP_SEQUENCE_NUMBERS_H
