// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/relay-offer.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

RelayOffer::RelayOffer(ReadyCallback ready, ConnectedCallback connected, LostCallback lost)
    : m_ready(ready),
      m_connected(connected),
      m_lost(lost)
{
}

RelayOffer::~RelayOffer() = default;

void
RelayOffer::Start(Ptr<Node> node,
                  const InetSocketAddress& relay,
                  const std::string& user,
                  const std::vector<Ipv4Address>& peers)
{
    m_peers = peers;
    m_client = CreateObject<TurnClient>();
    m_client->Start(node, relay, user, user, *this);
}

void
RelayOffer::Release()
{
    m_ready = ReadyCallback();
    m_connected = ConnectedCallback();
    m_lost = LostCallback();
    if (const auto client = std::exchange(m_client, nullptr))
    {
        client->Release();
    }
}

void
RelayOffer::TellReady(const std::optional<InetSocketAddress>& relayed, const std::string& cause)
{
    const auto ready = std::exchange(m_ready, ReadyCallback());
    if (!ready.IsNull())
    {
        ready(relayed, cause);
    }
}

void
RelayOffer::HandleAllocated(const InetSocketAddress& /* relayed */,
                            const InetSocketAddress& /* reflexive */)
{
    m_client->Permit(m_peers);
}

void
RelayOffer::HandlePermitted()
{
    TellReady(m_client->GetRelayedAddress(), "");
}

void
RelayOffer::HandleConnection(const InetSocketAddress& /* peer */,
                             Ptr<PeerTcpSocket> socket,
                             const std::string& early)
{
    const auto connected = m_connected; // who is called may call Release()
    connected(socket, early);
}

void
RelayOffer::HandleConnectFailed(const InetSocketAddress& /* peer */, const std::string& /* cause */)
{
    // only the other end connects
}

void
RelayOffer::HandleEnded(const std::string& cause)
{
    if (!m_ready.IsNull())
    {
        TellReady(std::nullopt, cause);
        return;
    }
    const auto lost = m_lost; // who is called may call Release()
    lost(cause);
}

} // namespace p2pim
} // namespace ns3
