// SPDX-License-Identifier: GPL-2.0-only
// The relay's connections with peers, and the data connections that are bound to them.
#include "ns3/turn-relay-core.h"

namespace ns3
{
namespace p2pim
{

namespace
{

std::pair<uint32_t, uint16_t>
ToEndpoint(const InetSocketAddress& address)
{
    return {address.GetIpv4().Get(), address.GetPort()};
}

} // namespace

// RFC 6062 5.2
void
TurnRelayCore::Connect(const Request& request)
{
    const StunMessage& message = request.message;
    auto status = CheckAllocation(request);
    if (!status && message.hasOtherFamily)
    {
        status = StunStatus::PEER_ADDRESS_FAMILY_MISMATCH;
    }
    else if (!status && message.xorPeerAddresses.size() != 1)
    {
        status = StunStatus::BAD_REQUEST;
    }
    if (status)
    {
        Refuse(request, *status);
        return;
    }
    const InetSocketAddress peer = message.xorPeerAddresses.front();
    const Allocation& allocation = *request.client.allocation;
    if (allocation.peers.count(ToEndpoint(peer)) > 0)
    {
        Refuse(request, StunStatus::CONNECTION_ALREADY_EXISTS);
        return;
    }
    if (allocation.peers.size() >= m_settings.maxConnections)
    {
        Refuse(request, StunStatus::INSUFFICIENT_CAPACITY);
        return;
    }
    const uint32_t id = AddConnection(request.id, ToEndpoint(peer));
    Connection& connection = m_connections.at(id);
    connection.request = message;
    connection.key = GetKey(request.user);
    SetDue(id, request.now + m_settings.connectTimeout);
    m_sockets.Connect(id, allocation.port, peer); // last: it may fail at once
}

void
TurnRelayCore::PeerConnected(uint32_t connection, Time now)
{
    const auto found = m_connections.find(connection);
    if (found == m_connections.end() || found->second.isOpen)
    {
        return;
    }
    ++m_counters.connects;
    Connection& with = found->second;
    with.isOpen = true;
    SetDue(connection, now + m_settings.bindTimeout);
    StunMessage response = MakeStunResponse(with.request, StunClass::SUCCESS);
    response.connectionId = connection;
    Answer(with.owner, response, with.key);
}

// RFC 6062 5.3
std::optional<uint32_t>
TurnRelayCore::PeerAccepted(uint16_t port, const InetSocketAddress& from, Time now)
{
    const auto found = m_ports.find(port);
    if (found == m_ports.end())
    {
        return std::nullopt;
    }
    const uint64_t owner = found->second;
    const Allocation& allocation = *m_clients.at(owner).allocation;
    const auto permission = allocation.permissions.find(from.GetIpv4().Get());
    const bool isPermitted = permission != allocation.permissions.end() && now < permission->second;
    if ((m_settings.checkPeers && !isPermitted) ||
        allocation.peers.size() >= m_settings.maxConnections ||
        allocation.peers.count(ToEndpoint(from)) > 0)
    {
        ++m_counters.attemptsRefused;
        return std::nullopt;
    }
    ++m_counters.attempts;
    const uint32_t id = AddConnection(owner, ToEndpoint(from));
    m_connections.at(id).isOpen = true;
    SetDue(id, now + m_settings.bindTimeout);
    StunMessage indication;
    indication.method = StunMethod::CONNECTION_ATTEMPT;
    indication.messageClass = StunClass::INDICATION;
    indication.transactionId = m_ids.Make();
    indication.xorPeerAddresses = {from};
    indication.connectionId = id;
    Answer(owner, indication);
    return id;
}

// RFC 6062 5.4
void
TurnRelayCore::ConnectionBind(const Request& request)
{
    const auto found = m_connections.find(request.message.connectionId.value_or(0));
    const bool isFree = !request.client.allocation && request.client.connection == 0;
    if (!isFree || found == m_connections.end() || !found->second.isOpen ||
        found->second.client != 0)
    {
        Refuse(request, StunStatus::BAD_REQUEST);
        return;
    }
    auto& [id, connection] = *found;
    if (m_clients.at(connection.owner).allocation->user != request.user)
    {
        Refuse(request, StunStatus::WRONG_CREDENTIALS);
        return;
    }
    ++m_counters.joined;
    SetDue(id, Time::Max());
    connection.client = request.id;
    request.client.connection = id;
    Answer(request.id, MakeStunResponse(request.message, StunClass::SUCCESS), GetKey(request.user));
    m_sockets.Join(request.id, id);
}

void
TurnRelayCore::PeerClosed(uint32_t connection)
{
    const auto found = m_connections.find(connection);
    if (found == m_connections.end())
    {
        return;
    }
    if (!found->second.isOpen)
    {
        FailConnect(found->second);
    }
    EndConnection(connection, false);
}

void
TurnRelayCore::FailConnect(const Connection& connection)
{
    ++m_counters.connectsFailed;
    Answer(connection.owner,
           MakeStunError(connection.request, StunStatus::CONNECTION_TIMEOUT_OR_FAILURE),
           connection.key);
}

uint32_t
TurnRelayCore::AddConnection(uint64_t owner, const Endpoint& peer)
{
    const uint32_t id = ++m_lastConnection;
    Connection& connection = m_connections[id];
    connection.owner = owner;
    connection.peer = peer;
    connection.due = Time::Max();
    m_clients.at(owner).allocation->peers[peer] = id;
    return id;
}

void
TurnRelayCore::EndConnection(uint32_t connection, bool closePeer)
{
    const Connection with = std::move(m_connections.at(connection));
    m_deadlines.erase({with.due, Timer::CONNECTION, connection});
    m_connections.erase(connection);
    if (auto& allocation = m_clients.at(with.owner).allocation)
    {
        allocation->peers.erase(with.peer);
    }
    if (closePeer)
    {
        m_sockets.ClosePeer(connection);
    }
    if (with.client != 0)
    {
        m_clients.erase(with.client);
        m_sockets.CloseClient(with.client);
    }
}

} // namespace p2pim
} // namespace ns3
