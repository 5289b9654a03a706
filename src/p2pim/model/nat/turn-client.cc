// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/turn-client.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(TurnClient);

namespace
{

/// @return the cause that stands for an error response.
std::string
GetCause(const StunMessage& answer)
{
    return answer.errorCode ? "relay " + std::to_string(static_cast<uint32_t>(*answer.errorCode))
                            : "relay malformed";
}

} // namespace

TypeId
TurnClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::TurnClient")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<TurnClient>()
            .AddAttribute("Timeout",
                          "Ti: how long a connection to the relay, or a request, waits for its "
                          "answer (RFC 8489 6.2.2). More than TurnRelay.ConnectTimeout.",
                          TimeValue(Seconds(39.5)),
                          MakeTimeAccessor(&TurnClient::m_timeout),
                          MakeTimeChecker(MilliSeconds(100)))
            .AddAttribute("Lifetime",
                          "Lifetime that is asked for an allocation, 1 s at least; 0 for the "
                          "relay's own. It is refreshed one minute before its end, or after half "
                          "of it.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&TurnClient::m_lifetime),
                          MakeTimeChecker(Seconds(0), Hours(24)))
            .AddAttribute("PermissionInterval",
                          "Time after which permissions are renewed. Default: one minute less "
                          "than they last (RFC 8656 9).",
                          TimeValue(Minutes(4)),
                          MakeTimeAccessor(&TurnClient::m_permissionInterval),
                          MakeTimeChecker(Seconds(1)));
    return tid;
}

TurnClient::TurnClient() = default;
TurnClient::~TurnClient() = default;

TurnClient::Connection::Connection(Ptr<PeerTcpSocket> itsSocket, StunRequester itsRequester)
    : socket(itsSocket),
      requester(std::move(itsRequester))
{
}

TurnClient::Connection::~Connection()
{
    timer.Cancel();
    stream = nullptr;
    if (socket)
    {
        socket->ForgetCallbacks();
    }
}

void
TurnClient::DoDispose()
{
    m_refresh.Cancel();
    m_renewal.Cancel();
    m_connections.clear();
    m_user = nullptr;
    m_node = nullptr;
    Object::DoDispose();
}

// --- What the user calls -------------------------------------------------------------------------

void
TurnClient::Start(Ptr<Node> node,
                  const InetSocketAddress& relay,
                  const std::string& username,
                  const std::string& password,
                  TurnClientUser& user)
{
    m_node = node;
    m_relay = relay;
    m_credentials = {username, password, "", ""};
    m_user = &user;
    StunMessage allocate;
    allocate.method = StunMethod::ALLOCATE;
    allocate.requestedTransport = STUN_TRANSPORT_TCP;
    if (m_lifetime.IsStrictlyPositive())
    {
        allocate.lifetime = static_cast<uint32_t>(m_lifetime.GetSeconds());
    }
    Open(CONTROL, allocate, std::nullopt);
}

std::optional<InetSocketAddress>
TurnClient::GetRelayedAddress() const
{
    return m_relayed;
}

void
TurnClient::Permit(const std::vector<Ipv4Address>& peers)
{
    for (const Ipv4Address peer : peers)
    {
        if (std::find(m_permitted.begin(), m_permitted.end(), peer) == m_permitted.end())
        {
            m_permitted.push_back(peer);
        }
    }
    ++m_permitting;
    if (m_relayed)
    {
        RequestPermissions(peers);
    }
}

void
TurnClient::Connect(const InetSocketAddress& peer)
{
    StunMessage connect;
    connect.method = StunMethod::CONNECT;
    connect.xorPeerAddresses = {peer};
    Request(CONTROL, connect);
}

void
TurnClient::Release()
{
    if (m_relayed)
    {
        StunMessage refresh;
        refresh.method = StunMethod::REFRESH;
        refresh.lifetime = 0;
        Request(CONTROL, refresh);
    }
    m_user = nullptr;
    m_relayed.reset();
    m_refresh.Cancel();
    m_renewal.Cancel();
    for (const auto& [id, connection] : m_connections)
    {
        Close(*connection);
    }
    m_connections.clear();
}

// --- Connections to the relay --------------------------------------------------------------------

void
TurnClient::Open(uint32_t id, const StunMessage& first, std::optional<InetSocketAddress> peer)
{
    const auto [at, isNew] = m_connections.try_emplace(id, nullptr);
    if (!isNew)
    {
        return;
    }
    const std::string name = "turn " + std::to_string(m_node->GetId()) + " " + std::to_string(id);
    at->second = std::make_unique<Connection>(PeerTcpSocket::Create(m_node),
                                              StunRequester(name, m_credentials, m_timeout));
    Connection& connection = *at->second;
    connection.peer = peer;
    connection.socket->SetConnectCallback(
        Callback<void, Ptr<Socket>>([this, id, first](Ptr<Socket>) { HandleConnected(id, first); }),
        Callback<void, Ptr<Socket>>([this, id](Ptr<Socket>) { Fail(id, "relay refused"); }));
    connection.timer.Arm(Simulator::Now() + m_timeout, &TurnClient::HandleTimer, this, id);
    if (connection.socket->Connect(*m_relay) != 0)
    {
        connection.timer.Cancel();
        connection.timer.Arm(Simulator::Now(), &TurnClient::HandleTimer, this, id);
    }
}

void
TurnClient::HandleConnected(uint32_t id, const StunMessage& first)
{
    Connection& connection = *m_connections.at(id);
    connection.stream = std::make_unique<TcpStream>(
        connection.socket,
        [this, id](const std::string& octets) { HandleOctets(id, octets); },
        [this, id]() { Fail(id, "relay closed"); });
    Request(id, first);
}

void
TurnClient::Request(uint32_t id, const StunMessage& request)
{
    Write(id, m_connections.at(id)->requester.Begin(request, Simulator::Now()));
}

void
TurnClient::Write(uint32_t id, const Octets& octets)
{
    Connection& connection = *m_connections.at(id);
    connection.stream->Write({octets.begin(), octets.end()});
    connection.timer.Arm(connection.requester.GetDeadline(), &TurnClient::HandleTimer, this, id);
}

void
TurnClient::HandleTimer(uint32_t id)
{
    Connection& connection = *m_connections.at(id);
    connection.timer.Expired();
    const Time deadline = connection.stream ? connection.requester.GetDeadline() : Time();
    if (deadline <= Simulator::Now())
    {
        Fail(id, "relay timeout");
        return;
    }
    connection.timer.Arm(deadline, &TurnClient::HandleTimer, this, id);
}

void
TurnClient::Close(Connection& connection)
{
    connection.socket->ForgetCallbacks();
    connection.socket->Close();
}

void
TurnClient::Fail(uint32_t id, const std::string& cause)
{
    const auto found = m_connections.find(id);
    if (id != CONTROL)
    {
        const InetSocketAddress peer = *found->second->peer;
        Close(*found->second);
        m_connections.erase(found);
        m_user->HandleConnectFailed(peer, cause);
        return;
    }
    TurnClientUser* const user = m_user;
    m_relayed.reset(); // there is nobody to give it back to
    Release();
    user->HandleEnded(cause);
}

// --- What the relay says -------------------------------------------------------------------------

void
TurnClient::HandleOctets(uint32_t id, const std::string& octets)
{
    const Ptr<TurnClient> self(this);
    m_connections.at(id)->messages.Append(octets);
    for (auto found = m_connections.find(id); found != m_connections.end();
         found = m_connections.find(id))
    {
        const auto message = found->second->messages.Next();
        if (!message)
        {
            if (found->second->messages.IsBroken())
            {
                Fail(id, "relay malformed");
            }
            return;
        }
        HandleMessage(id, *message);
    }
}

void
TurnClient::HandleMessage(uint32_t id, const Octets& octets)
{
    StunMessage message;
    if (id == CONTROL && DecodeStun(octets, message) == StunError::NONE &&
        message.messageClass == StunClass::INDICATION &&
        message.method == StunMethod::CONNECTION_ATTEMPT)
    {
        HandleAttempt(message);
        return;
    }
    StunRequester& requester = m_connections.at(id)->requester;
    const auto outcome = requester.Receive(octets, Simulator::Now());
    m_credentials = requester.GetCredentials();
    if (outcome.again)
    {
        Write(id, *outcome.again);
    }
    else if (outcome.answer)
    {
        HandleAnswer(id, outcome.request, *outcome.answer);
    }
}

void
TurnClient::HandleAnswer(uint32_t id, const StunMessage& request, const StunMessage& answer)
{
    const bool isGood = answer.messageClass == StunClass::SUCCESS && answer.notUnderstood.empty();
    if (request.method == StunMethod::CONNECT)
    {
        const InetSocketAddress& peer = request.xorPeerAddresses.front();
        if (isGood && answer.connectionId.value_or(CONTROL) != CONTROL)
        {
            Bind(*answer.connectionId, peer);
        }
        else
        {
            m_user->HandleConnectFailed(peer, GetCause(answer));
        }
    }
    else if (!isGood)
    {
        Fail(id, GetCause(answer));
    }
    else if (request.method == StunMethod::ALLOCATE)
    {
        HandleAllocate(answer);
    }
    else if (request.method == StunMethod::CONNECTION_BIND)
    {
        HandOver(id);
    }
    else if (request.method == StunMethod::REFRESH)
    {
        ScheduleRefresh(answer);
    }
    else if (m_permitting > 0)
    {
        --m_permitting;
        m_user->HandlePermitted();
    }
}

void
TurnClient::HandleAllocate(const StunMessage& answer)
{
    if (!answer.xorRelayedAddress || !answer.xorMappedAddress)
    {
        Fail(CONTROL, "relay malformed");
        return;
    }
    m_relayed = answer.xorRelayedAddress;
    ScheduleRefresh(answer);
    m_renewal = Simulator::Schedule(m_permissionInterval, &TurnClient::RenewPermissions, this);
    if (!m_permitted.empty())
    {
        RequestPermissions(m_permitted);
    }
    m_user->HandleAllocated(*m_relayed, *answer.xorMappedAddress);
}

void
TurnClient::HandleAttempt(const StunMessage& indication)
{
    if (indication.connectionId.value_or(CONTROL) != CONTROL &&
        indication.xorPeerAddresses.size() == 1 && indication.notUnderstood.empty())
    {
        Bind(*indication.connectionId, indication.xorPeerAddresses.front());
    }
}

void
TurnClient::Bind(uint32_t id, const InetSocketAddress& peer)
{
    StunMessage bind;
    bind.method = StunMethod::CONNECTION_BIND;
    bind.connectionId = id;
    Open(id, bind, peer);
}

void
TurnClient::HandOver(uint32_t id)
{
    const auto found = m_connections.find(id);
    const std::unique_ptr<Connection> connection = std::move(found->second);
    m_connections.erase(found);
    connection->stream = nullptr; // forgets the callbacks, so before the user sets its own
    const Ptr<PeerTcpSocket> socket = std::exchange(connection->socket, nullptr);
    m_user->HandleConnection(*connection->peer, socket, connection->messages.TakeRest());
}

// --- What is renewed -----------------------------------------------------------------------------

void
TurnClient::ScheduleRefresh(const StunMessage& answer)
{
    constexpr uint32_t least = 2;
    const Time lifetime = Seconds(std::max(answer.lifetime.value_or(0), least));
    const Time margin = std::min(Minutes(1), lifetime / 2);
    m_refresh = Simulator::Schedule(lifetime - margin, &TurnClient::Refresh, this);
}

void
TurnClient::Refresh()
{
    StunMessage refresh;
    refresh.method = StunMethod::REFRESH;
    if (m_lifetime.IsStrictlyPositive())
    {
        refresh.lifetime = static_cast<uint32_t>(m_lifetime.GetSeconds());
    }
    Request(CONTROL, refresh);
}

void
TurnClient::RenewPermissions()
{
    m_renewal = Simulator::Schedule(m_permissionInterval, &TurnClient::RenewPermissions, this);
    if (!m_permitted.empty())
    {
        RequestPermissions(m_permitted);
    }
}

void
TurnClient::RequestPermissions(const std::vector<Ipv4Address>& peers)
{
    StunMessage create;
    create.method = StunMethod::CREATE_PERMISSION;
    for (const Ipv4Address peer : peers)
    {
        create.xorPeerAddresses.emplace_back(peer, 0);
    }
    Request(CONTROL, create);
}

} // namespace p2pim
} // namespace ns3
