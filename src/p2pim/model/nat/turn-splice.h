// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TURN_SPLICE_H
#define P2PIM_TURN_SPLICE_H

#include "ns3/peer-tcp-socket.h"
#include "ns3/ptr.h"

#include <array>
#include <cstdint>
#include <functional>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * Two TCP connections whose octets a relay passes to each other. It takes from one no more than the
 * other has room for: what is left fills the receive buffer and stops the sender, so that TCP's
 * flow control reaches from end to end. It owns the callbacks of both sockets.
 */
class TurnSplice
{
  public:
    /// The two ends.
    enum End : uint32_t
    {
        CLIENT = 0,
        PEER = 1,
    };

    /// Called when octets have come at an end, or it has been closed: Forward() is due.
    using ArrivedFunction = std::function<void(End from)>;
    /// Called when all is passed on and both ends are closed; it may destroy the splice.
    using ClosedFunction = std::function<void()>;

    /**
     * @param client the client's data connection.
     * @param peer the peer's connection.
     * @param early octets that were read from the client's already.
     * @param peerClosed whether the peer has closed its side already.
     * @param arrived see there.
     * @param closed see there.
     */
    TurnSplice(Ptr<PeerTcpSocket> client,
               Ptr<PeerTcpSocket> peer,
               const std::string& early,
               bool peerClosed,
               ArrivedFunction arrived,
               ClosedFunction closed);

    /// Forgets the connections, which stay as they are.
    ~TurnSplice();
    TurnSplice(const TurnSplice&) = delete;
    TurnSplice& operator=(const TurnSplice&) = delete;

    /// Octets of the client that were read before the splice was made.
    void Append(const std::string& octets);

    /// Passes on what has come at an end, as far as the other has room.
    void Forward(End from);

    /// Closes both ends at once.
    void Close();

    /// @return how many octets have been passed on from an end.
    uint64_t GetForwarded(End from) const;

  private:
    void Watch(End end);
    /// @return whether all that has come at an end is passed on.
    bool IsDrained(End from) const;
    void HandleClosed(End end);

    std::array<Ptr<PeerTcpSocket>, 2> m_sockets;
    std::array<bool, 2> m_ended{}; ///< the end was closed from outside
    std::array<uint64_t, 2> m_forwarded{};
    std::string m_early; ///< of the client, not passed on yet
    ArrivedFunction m_arrived;
    ClosedFunction m_closed;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TURN_SPLICE_H
