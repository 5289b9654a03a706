// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_RELAY_OFFER_H
#define P2PIM_RELAY_OFFER_H

#include "ns3/callback.h"
#include "ns3/inet-socket-address.h"
#include "ns3/node.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/simple-ref-count.h"
#include "ns3/turn-client.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The address at a relay that one end of a session offers to the other: got, opened for the other
 * end, and held until Release(), for the connections over it go with it.
 */
class RelayOffer : public SimpleRefCount<RelayOffer>, private TurnClientUser
{
  public:
    /// Called once, with the address, or without if there is none; the cause is for the record.
    using ReadyCallback =
        Callback<void, const std::optional<InetSocketAddress>&, const std::string& /* cause */>;
    /// Called with a connection of the other end, and with what it has sent already.
    using ConnectedCallback = Callback<void, Ptr<PeerTcpSocket>, const std::string& /* early */>;
    /// Called once if the address is lost, and all connections over it.
    using LostCallback = Callback<void, const std::string& /* cause */>;

    /**
     * @param ready called with the outcome.
     * @param connected called with each connection.
     * @param lost called at the end, if there was an address.
     */
    RelayOffer(ReadyCallback ready, ConnectedCallback connected, LostCallback lost);
    ~RelayOffer() override;

    /**
     * Begins.
     *
     * @param node the own node.
     * @param relay the relay's address and port.
     * @param user the own name at the relay, and its password.
     * @param peers the addresses that the other end may come from.
     */
    void Start(Ptr<Node> node,
               const InetSocketAddress& relay,
               const std::string& user,
               const std::vector<Ipv4Address>& peers);

    /// Gives the address back. Nobody hears more.
    void Release();

  private:
    // TurnClientUser
    void HandleAllocated(const InetSocketAddress& relayed,
                         const InetSocketAddress& reflexive) override;
    void HandlePermitted() override;
    void HandleConnection(const InetSocketAddress& peer,
                          Ptr<PeerTcpSocket> socket,
                          const std::string& early) override;
    void HandleConnectFailed(const InetSocketAddress& peer, const std::string& cause) override;
    void HandleEnded(const std::string& cause) override;
    void TellReady(const std::optional<InetSocketAddress>& relayed, const std::string& cause);

    ReadyCallback m_ready; ///< null once it was called
    ConnectedCallback m_connected;
    LostCallback m_lost;
    std::vector<Ipv4Address> m_peers;
    Ptr<TurnClient> m_client;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_RELAY_OFFER_H
