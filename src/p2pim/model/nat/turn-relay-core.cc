// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/turn-relay-core.h"

#include "ns3/stun-integrity.h"
#include "ns3/stun-server-core.h"

#include <algorithm>
#include <charconv>

namespace ns3
{
namespace p2pim
{

namespace
{

uint32_t
ToSeconds(Time time)
{
    return static_cast<uint32_t>(time.GetSeconds());
}

} // namespace

TurnRelayCore::TurnRelayCore(TurnRelaySockets& sockets)
    : m_sockets(sockets)
{
}

void
TurnRelayCore::SetSettings(const Settings& settings)
{
    m_settings = settings;
    m_free.clear();
    for (uint32_t port = settings.firstPort; port <= settings.lastPort; ++port)
    {
        m_free.push_back(static_cast<uint16_t>(port));
    }
    for (auto& [name, user] : m_users)
    {
        user.key = MakeLongTermKey(name, settings.realm, user.password);
    }
}

void
TurnRelayCore::AddUser(const std::string& name, const std::string& password)
{
    User& user = m_users[name];
    user.password = password;
    user.key = MakeLongTermKey(name, m_settings.realm, password);
}

const TurnRelayCore::Counters&
TurnRelayCore::GetCounters() const
{
    return m_counters;
}

std::size_t
TurnRelayCore::GetAllocations() const
{
    return m_ports.size();
}

std::size_t
TurnRelayCore::GetConnections() const
{
    return m_connections.size();
}

// --- Clients -------------------------------------------------------------------------------------

void
TurnRelayCore::ClientConnected(uint64_t client, const InetSocketAddress& from)
{
    m_clients.try_emplace(client, Client{from, std::nullopt});
}

void
TurnRelayCore::ClientClosed(uint64_t client)
{
    const auto found = m_clients.find(client);
    if (found == m_clients.end())
    {
        return;
    }
    const uint32_t connection = found->second.connection;
    if (found->second.allocation)
    {
        EndAllocation(client);
    }
    m_clients.erase(client);
    if (connection != 0)
    {
        m_connections.at(connection).client = 0;
        EndConnection(connection, true);
    }
}

void
TurnRelayCore::Receive(uint64_t client, const Octets& octets, Time now)
{
    const auto found = m_clients.find(client);
    StunMessage message;
    const StunError error = DecodeStun(octets, message);
    m_counters.malformed += error != StunError::NONE ? 1 : 0;
    const bool isReadable = error == StunError::NONE || error == StunError::BAD_ATTRIBUTE;
    if (found == m_clients.end() || !isReadable || message.messageClass != StunClass::REQUEST)
    {
        return;
    }
    Request request{client, found->second, message, nullptr, now};
    if (error != StunError::NONE)
    {
        Refuse(request, StunStatus::BAD_REQUEST);
        return;
    }
    if (message.method == StunMethod::BINDING)
    {
        Answer(client, AnswerBinding(message, found->second.from));
        return;
    }
    const auto status = Authenticate(octets, message, now, request.user);
    if (status == StunStatus::BAD_REQUEST)
    {
        Refuse(request, *status);
    }
    else if (status)
    {
        Challenge(client, message, *status, now);
    }
    else
    {
        Handle(request);
    }
}

// RFC 8489 9.2.4
std::optional<StunStatus>
TurnRelayCore::Authenticate(const Octets& octets, const StunMessage& request, Time now, User*& user)
{
    if (!m_settings.authenticate)
    {
        return std::nullopt;
    }
    if (request.integrityAt == 0)
    {
        return StunStatus::UNAUTHENTICATED;
    }
    if (!request.username || !request.realm || !request.nonce)
    {
        return StunStatus::BAD_REQUEST;
    }
    if (!IsFresh(*request.nonce, now))
    {
        return StunStatus::STALE_NONCE;
    }
    const auto found = m_users.find(*request.username);
    if (found == m_users.end() || !HasStunIntegrity(octets, request, found->second.key))
    {
        return StunStatus::UNAUTHENTICATED;
    }
    user = &found->second;
    return std::nullopt;
}

/// A nonce is the time of its issue, ns: nobody here forges one.
bool
TurnRelayCore::IsFresh(const std::string& nonce, Time now) const
{
    int64_t issued = 0;
    const char* const end = nonce.data() + nonce.size();
    const auto [last, error] = std::from_chars(nonce.data(), end, issued, 16);
    return error == std::errc() && last == end && issued >= 0 && NanoSeconds(issued) <= now &&
           now - NanoSeconds(issued) < m_settings.nonceLifetime;
}

void
TurnRelayCore::Handle(const Request& request)
{
    if (!request.message.notUnderstood.empty())
    {
        ++m_counters.refused;
        StunMessage error = MakeStunError(request.message, StunStatus::UNKNOWN_ATTRIBUTE);
        error.unknownAttributes = request.message.notUnderstood;
        Answer(request.id, error, GetKey(request.user));
        return;
    }
    switch (request.message.method)
    {
    case StunMethod::ALLOCATE:
        Allocate(request);
        break;
    case StunMethod::REFRESH:
        Refresh(request);
        break;
    case StunMethod::CREATE_PERMISSION:
        CreatePermission(request);
        break;
    case StunMethod::CONNECT:
        Connect(request);
        break;
    case StunMethod::CONNECTION_BIND:
        ConnectionBind(request);
        break;
    default:
        Refuse(request, StunStatus::BAD_REQUEST);
        break;
    }
}

// --- Answers -------------------------------------------------------------------------------------

const Octets&
TurnRelayCore::GetKey(const User* user)
{
    static const Octets none;
    return user != nullptr ? user->key : none;
}

void
TurnRelayCore::Answer(uint64_t client, const StunMessage& response, const Octets& key)
{
    m_sockets.Send(client, EncodeStun(response, key));
}

void
TurnRelayCore::Refuse(const Request& request, StunStatus status)
{
    ++m_counters.refused;
    Answer(request.id, MakeStunError(request.message, status), GetKey(request.user));
}

void
TurnRelayCore::Challenge(uint64_t client, const StunMessage& request, StunStatus status, Time now)
{
    constexpr uint32_t digits = 16;
    ++m_counters.challenges;
    StunMessage error = MakeStunError(request, status);
    error.realm = m_settings.realm;
    std::string issued(digits, '0');
    auto left = static_cast<uint64_t>(now.GetNanoSeconds());
    for (auto digit = issued.rbegin(); digit != issued.rend(); ++digit)
    {
        *digit = "0123456789abcdef"[left % digits];
        left /= digits;
    }
    error.nonce = issued;
    Answer(client, error);
}

// --- Allocations ---------------------------------------------------------------------------------

// RFC 8656 7.2, RFC 6062 5.1
std::optional<StunStatus>
TurnRelayCore::CheckAllocate(const Request& request) const
{
    const StunMessage& message = request.message;
    if (request.client.allocation || request.client.connection != 0)
    {
        return StunStatus::ALLOCATION_MISMATCH;
    }
    if (!message.requestedTransport || message.hasUdpOption)
    {
        return StunStatus::BAD_REQUEST;
    }
    if (message.requestedTransport != STUN_TRANSPORT_TCP)
    {
        return message.requestedTransport == STUN_TRANSPORT_UDP
                   ? StunStatus::FORBIDDEN
                   : StunStatus::UNSUPPORTED_TRANSPORT_PROTOCOL;
    }
    if (message.requestedAddressFamily.value_or(STUN_FAMILY_IPV4) != STUN_FAMILY_IPV4)
    {
        return StunStatus::ADDRESS_FAMILY_NOT_SUPPORTED;
    }
    if (request.user != nullptr && request.user->allocations >= m_settings.maxAllocationsPerUser)
    {
        return StunStatus::ALLOCATION_QUOTA_REACHED;
    }
    if (m_ports.size() >= m_settings.maxAllocations || m_free.empty())
    {
        return StunStatus::INSUFFICIENT_CAPACITY;
    }
    return std::nullopt;
}

Time
TurnRelayCore::GetLifetime(const StunMessage& message) const
{
    const Time wanted = Seconds(message.lifetime.value_or(0));
    return std::min(std::max(wanted, m_settings.defaultLifetime), m_settings.maxLifetime);
}

void
TurnRelayCore::Allocate(const Request& request)
{
    if (const auto status = CheckAllocate(request))
    {
        Refuse(request, *status);
        return;
    }
    const uint16_t port = m_free.front();
    m_free.pop_front();
    if (!m_sockets.Listen(port))
    {
        m_free.push_back(port);
        Refuse(request, StunStatus::INSUFFICIENT_CAPACITY);
        return;
    }
    ++m_counters.allocations;
    const Time lifetime = GetLifetime(request.message);
    m_ports[port] = request.id;
    request.client.allocation = Allocation{request.user, port, request.now + lifetime, {}, {}};
    m_deadlines.emplace(request.now + lifetime, Timer::ALLOCATION, request.id);
    if (request.user != nullptr)
    {
        ++request.user->allocations;
    }
    StunMessage response = MakeStunResponse(request.message, StunClass::SUCCESS);
    response.xorRelayedAddress = InetSocketAddress(m_settings.relayedAddress, port);
    response.xorMappedAddress = request.client.from;
    response.lifetime = ToSeconds(lifetime);
    Answer(request.id, response, GetKey(request.user));
}

std::optional<StunStatus>
TurnRelayCore::CheckAllocation(const Request& request)
{
    if (!request.client.allocation)
    {
        return StunStatus::ALLOCATION_MISMATCH;
    }
    if (request.client.allocation->user != request.user)
    {
        return StunStatus::WRONG_CREDENTIALS;
    }
    return std::nullopt;
}

// RFC 8656 8.2
void
TurnRelayCore::Refresh(const Request& request)
{
    const StunMessage& message = request.message;
    auto status = CheckAllocation(request);
    if (!status && message.requestedAddressFamily.value_or(STUN_FAMILY_IPV4) != STUN_FAMILY_IPV4)
    {
        status = StunStatus::PEER_ADDRESS_FAMILY_MISMATCH;
    }
    if (status)
    {
        Refuse(request, *status);
        return;
    }
    const Time lifetime = message.lifetime == 0 ? Time() : GetLifetime(message);
    StunMessage response = MakeStunResponse(message, StunClass::SUCCESS);
    response.lifetime = ToSeconds(lifetime);
    Answer(request.id, response, GetKey(request.user));
    if (lifetime.IsZero())
    {
        EndAllocation(request.id);
        return;
    }
    Time& expiry = request.client.allocation->expiry;
    m_deadlines.erase({expiry, Timer::ALLOCATION, request.id});
    expiry = request.now + lifetime;
    m_deadlines.emplace(expiry, Timer::ALLOCATION, request.id);
}

// RFC 8656 10.2
void
TurnRelayCore::CreatePermission(const Request& request)
{
    const auto& peers = request.message.xorPeerAddresses;
    auto status = CheckAllocation(request);
    if (!status && request.message.hasOtherFamily)
    {
        status = StunStatus::PEER_ADDRESS_FAMILY_MISMATCH;
    }
    else if (!status && peers.empty())
    {
        status = StunStatus::BAD_REQUEST;
    }
    if (status)
    {
        Refuse(request, *status);
        return;
    }
    auto permissions = request.client.allocation->permissions;
    for (auto each = permissions.begin(); each != permissions.end();)
    {
        each = each->second > request.now ? std::next(each) : permissions.erase(each);
    }
    for (const InetSocketAddress& peer : peers)
    {
        permissions[peer.GetIpv4().Get()] = request.now + m_settings.permissionLifetime;
    }
    if (permissions.size() > m_settings.maxPermissions)
    {
        Refuse(request, StunStatus::INSUFFICIENT_CAPACITY);
        return;
    }
    request.client.allocation->permissions = std::move(permissions);
    Answer(request.id, MakeStunResponse(request.message, StunClass::SUCCESS), GetKey(request.user));
}

void
TurnRelayCore::EndAllocation(uint64_t client)
{
    Client& owner = m_clients.at(client);
    const Allocation allocation = std::move(*owner.allocation);
    owner.allocation.reset();
    m_deadlines.erase({allocation.expiry, Timer::ALLOCATION, client});
    m_ports.erase(allocation.port);
    m_free.push_back(allocation.port);
    m_sockets.StopListening(allocation.port);
    if (allocation.user != nullptr)
    {
        --allocation.user->allocations;
    }
    for (const auto& [peer, connection] : allocation.peers)
    {
        EndConnection(connection, true);
    }
}

// --- Times ---------------------------------------------------------------------------------------

void
TurnRelayCore::SetDue(uint32_t connection, Time due)
{
    Connection& with = m_connections.at(connection);
    m_deadlines.erase({with.due, Timer::CONNECTION, connection});
    with.due = due;
    if (due != Time::Max())
    {
        m_deadlines.emplace(due, Timer::CONNECTION, connection);
    }
}

Time
TurnRelayCore::GetDeadline() const
{
    return m_deadlines.empty() ? Time::Max() : std::get<Time>(*m_deadlines.begin());
}

void
TurnRelayCore::Advance(Time now)
{
    while (GetDeadline() <= now)
    {
        const auto [due, timer, id] = *m_deadlines.begin();
        if (timer == Timer::ALLOCATION)
        {
            EndAllocation(id);
            continue;
        }
        const auto connection = static_cast<uint32_t>(id);
        const Connection& with = m_connections.at(connection);
        m_counters.unbound += with.isOpen ? 1 : 0;
        if (!with.isOpen)
        {
            FailConnect(with);
        }
        EndConnection(connection, true);
    }
}

} // namespace p2pim
} // namespace ns3
