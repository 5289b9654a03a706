// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/turn-relay.h"

#include "ns3/abort.h"
#include "ns3/attribute-checkers.h"
#include "ns3/boolean.h"
#include "ns3/ipv4.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(TurnRelay);

TypeId
TurnRelay::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::TurnRelay")
            .SetParent<Application>()
            .SetGroupName("P2pim")
            .AddConstructor<TurnRelay>()
            .AddAttribute("Port",
                          "The TCP port (RFC 8656 5).",
                          UintegerValue(STUN_PORT),
                          MakeUintegerAccessor(&TurnRelay::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("FirstPort",
                          "The first port that may be allocated (RFC 8656 7.2: the dynamic range). "
                          "The port that was free for the longest time is taken; the RFC has them "
                          "random.",
                          UintegerValue(49152),
                          MakeUintegerAccessor(&TurnRelay::m_firstPort),
                          MakeUintegerChecker<uint16_t>(1024))
            .AddAttribute("LastPort",
                          "The last port that may be allocated (RFC 8656 7.2: the dynamic range).",
                          UintegerValue(65535),
                          MakeUintegerAccessor(&TurnRelay::m_lastPort),
                          MakeUintegerChecker<uint16_t>(1024))
            .AddAttribute("DefaultLifetime",
                          "Lifetime of an allocation for which none, or a shorter one, is asked "
                          "(RFC 8656 3.2: 10 minutes).",
                          TimeValue(Minutes(10)),
                          MakeTimeAccessor(&TurnRelay::m_defaultLifetime),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("MaxLifetime",
                          "Longest lifetime of an allocation (RFC 8656 7.2: 1 hour).",
                          TimeValue(Hours(1)),
                          MakeTimeAccessor(&TurnRelay::m_maxLifetime),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("PermissionLifetime",
                          "Lifetime of a permission (RFC 8656 9: 5 minutes).",
                          TimeValue(Minutes(5)),
                          MakeTimeAccessor(&TurnRelay::m_permissionLifetime),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("ConnectTimeout",
                          "How long the relay tries to connect to a peer (RFC 6062 5.2: 30 s at "
                          "least).",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&TurnRelay::m_connectTimeout),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("BindTimeout",
                          "How long a connection with a peer waits for its ConnectionBind (RFC "
                          "6062 5.2, 5.3: 30 s).",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&TurnRelay::m_bindTimeout),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("Authenticate",
                          "Whether requests need long-term credentials (RFC 8489 9.2), as RFC 8656 "
                          "5 has it. They cost an Allocate one more round trip.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&TurnRelay::m_authenticate),
                          MakeBooleanChecker())
            .AddAttribute("Realm",
                          "The realm of the credentials, at most 127 characters. Default: that of "
                          "ImServer.",
                          StringValue("p2pim.example"),
                          MakeStringAccessor(&TurnRelay::m_realm),
                          MakeBoundedStringChecker(127))
            .AddAttribute("NonceLifetime",
                          "How long a nonce is good (RFC 8656 5: 1 hour at most).",
                          TimeValue(Hours(1)),
                          MakeTimeAccessor(&TurnRelay::m_nonceLifetime),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("CheckPeers",
                          "Whether a peer needs a permission of the client to connect to the "
                          "relayed address (RFC 6062 5.3). Off, whoever knows the address may "
                          "connect, as a target whose own address the initiator cannot know.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&TurnRelay::m_checkPeers),
                          MakeBooleanChecker())
            .AddAttribute("MaxAllocations",
                          "Allocations at a time. Default: own choice, the ports of the dynamic "
                          "range.",
                          UintegerValue(16384),
                          MakeUintegerAccessor(&TurnRelay::m_maxAllocations),
                          MakeUintegerChecker<uint32_t>(1, 65536))
            .AddAttribute("MaxAllocationsPerUser",
                          "Allocations of one user at a time (RFC 8656 7.2 wants a quota). "
                          "Default: own choice.",
                          UintegerValue(10),
                          MakeUintegerAccessor(&TurnRelay::m_maxAllocationsPerUser),
                          MakeUintegerChecker<uint32_t>(1, 65536))
            .AddAttribute("MaxPermissions",
                          "Permissions of one allocation. Default: own choice.",
                          UintegerValue(64),
                          MakeUintegerAccessor(&TurnRelay::m_maxPermissions),
                          MakeUintegerChecker<uint32_t>(1, 65536))
            .AddAttribute("MaxConnections",
                          "Connections with peers of one allocation. Default: own choice.",
                          UintegerValue(64),
                          MakeUintegerAccessor(&TurnRelay::m_maxConnections),
                          MakeUintegerChecker<uint32_t>(1, 65536))
            .AddAttribute("ProcessingTime",
                          "Time from the arrival of octets, messages or data, to their processing, "
                          "s; arrivals keep their order. Default: that of ImServer.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0.002]"),
                          MakePointerAccessor(&TurnRelay::m_processingTime),
                          MakeRandomChecker(0));
    return tid;
}

TurnRelay::TurnRelay()
    : m_core(*this)
{
}

TurnRelay::~TurnRelay() = default;

void
TurnRelay::AddUser(const std::string& name, const std::string& password)
{
    m_core.AddUser(name, password);
}

int64_t
TurnRelay::AssignStreams(int64_t first)
{
    m_processingTime->SetStream(first);
    return 1;
}

const TurnRelayCore&
TurnRelay::GetCore() const
{
    return m_core;
}

void
TurnRelay::DoInitialize()
{
    Application::DoInitialize();
    NS_ABORT_MSG_UNLESS(m_firstPort <= m_lastPort, "TurnRelay: LastPort is below FirstPort");
    NS_ABORT_MSG_UNLESS(m_port < m_firstPort || m_port > m_lastPort,
                        "TurnRelay: Port is among those to allocate");
    NS_ABORT_MSG_UNLESS(m_defaultLifetime <= m_maxLifetime,
                        "TurnRelay: MaxLifetime is below DefaultLifetime");
    m_processing.SetTime(m_processingTime);
    m_core.SetSettings({GetOwnAddress(),
                        m_firstPort,
                        m_lastPort,
                        m_defaultLifetime,
                        m_maxLifetime,
                        m_permissionLifetime,
                        m_connectTimeout,
                        m_bindTimeout,
                        m_nonceLifetime,
                        m_maxAllocations,
                        m_maxAllocationsPerUser,
                        m_maxPermissions,
                        m_maxConnections,
                        m_authenticate,
                        m_checkPeers,
                        m_realm});
    m_listener = OpenListener(m_port, [this](Ptr<Socket> socket, const Address& from) {
        HandleClient(socket, from);
    });
    NS_ABORT_MSG_UNLESS(m_listener, "TurnRelay: TCP port " << m_port << " is taken");
}

Ipv4Address
TurnRelay::GetOwnAddress() const
{
    const Ptr<Ipv4> ipv4 = GetNode()->GetObject<Ipv4>();
    for (uint32_t i = 0; i < ipv4->GetNInterfaces(); ++i)
    {
        if (ipv4->GetNAddresses(i) > 0 && !ipv4->GetAddress(i, 0).GetLocal().IsLocalhost())
        {
            return ipv4->GetAddress(i, 0).GetLocal();
        }
    }
    NS_ABORT_MSG("TurnRelay: the host has no address");
    return {};
}

void
TurnRelay::DoDispose()
{
    m_timer.Cancel();
    for (const auto& [id, peer] : m_peers)
    {
        peer.socket->ForgetCallbacks();
    }
    m_peers.clear();
    m_clients.clear();
    for (const auto& [port, listener] : m_relayed)
    {
        listener->ForgetCallbacks();
    }
    m_relayed.clear();
    if (m_listener)
    {
        m_listener->ForgetCallbacks();
        m_listener = nullptr;
    }
    m_processingTime = nullptr;
    Application::DoDispose();
}

Ptr<PeerTcpSocket>
TurnRelay::OpenListener(uint16_t port, std::function<void(Ptr<Socket>, const Address&)> accept)
{
    const Ptr<PeerTcpSocket> listener = PeerTcpSocket::Create(GetNode());
    if (listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port)) != 0 ||
        listener->Listen() != 0)
    {
        return nullptr;
    }
    listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                Callback<void, Ptr<Socket>, const Address&>(std::move(accept)));
    return listener;
}

// --- Clients -------------------------------------------------------------------------------------

void
TurnRelay::HandleClient(Ptr<Socket> socket, const Address& from)
{
    const uint64_t id = ++m_lastClient;
    Client& client = m_clients[id];
    client.socket = DynamicCast<PeerTcpSocket>(socket);
    client.connection = std::make_unique<TcpStream>(
        client.socket,
        [this, id](std::string octets) {
            m_octetsReceived += octets.size();
            m_processing.Submit([this, id, octets = std::move(octets)]() { Process(id, octets); });
        },
        [this, id]() { m_processing.Submit([this, id]() { HandleLost(id); }); });
    m_core.ClientConnected(id, InetSocketAddress::ConvertFrom(from));
}

void
TurnRelay::Process(uint64_t client, const std::string& octets)
{
    auto found = m_clients.find(client);
    if (found == m_clients.end())
    {
        return;
    }
    if (found->second.joined != 0)
    {
        TurnSplice& splice = *m_peers.at(found->second.joined).splice;
        splice.Append(octets);
        splice.Forward(TurnSplice::CLIENT);
        return;
    }
    found->second.messages.Append(octets);
    while (found != m_clients.end() && found->second.joined == 0)
    {
        const auto message = found->second.messages.Next();
        if (!message)
        {
            break;
        }
        m_core.Receive(client, *message, Simulator::Now());
        found = m_clients.find(client);
    }
    if (found != m_clients.end() && found->second.messages.IsBroken())
    {
        HandleLost(client);
    }
    Rearm();
}

void
TurnRelay::HandleLost(uint64_t client)
{
    m_core.ClientClosed(client);
    CloseClient(client);
}

void
TurnRelay::Send(uint64_t client, const Octets& message)
{
    m_octetsSent += message.size();
    m_clients.at(client).connection->Write({message.begin(), message.end()});
}

void
TurnRelay::CloseClient(uint64_t client)
{
    const auto found = m_clients.find(client);
    if (found == m_clients.end())
    {
        return;
    }
    if (found->second.connection)
    {
        found->second.connection->Close();
    }
    m_clients.erase(found);
}

// --- Peers ---------------------------------------------------------------------------------------

bool
TurnRelay::Listen(uint16_t port)
{
    const Ptr<PeerTcpSocket> listener =
        OpenListener(port, [this, port](Ptr<Socket> socket, const Address& from) {
            HandlePeer(port, socket, from);
        });
    if (listener)
    {
        m_relayed[port] = listener;
    }
    return listener != nullptr;
}

void
TurnRelay::StopListening(uint16_t port)
{
    const auto found = m_relayed.find(port);
    found->second->ForgetCallbacks();
    found->second->Close();
    m_relayed.erase(found);
}

void
TurnRelay::HandlePeer(uint16_t port, Ptr<Socket> socket, const Address& from)
{
    const auto id =
        m_core.PeerAccepted(port, InetSocketAddress::ConvertFrom(from), Simulator::Now());
    const auto connection = DynamicCast<PeerTcpSocket>(socket);
    if (!id)
    {
        connection->ForgetCallbacks();
        connection->Close();
        return;
    }
    m_peers[*id].socket = connection;
    WatchPeer(*id);
    Rearm();
}

void
TurnRelay::Connect(uint32_t connection, uint16_t port, const InetSocketAddress& peer)
{
    const Ptr<PeerTcpSocket> socket = PeerTcpSocket::Create(GetNode());
    m_peers[connection].socket = socket;
    socket->SetConnectCallback(
        Callback<void, Ptr<Socket>>([this, connection](Ptr<Socket>) {
            m_core.PeerConnected(connection, Simulator::Now());
            Rearm();
        }),
        Callback<void, Ptr<Socket>>([this, connection](Ptr<Socket>) { EndPeer(connection); }));
    WatchPeer(connection);
    if (socket->ConnectFrom(Ipv4Address::GetAny(), port, peer) != 0)
    {
        EndPeer(connection);
    }
}

void
TurnRelay::WatchPeer(uint32_t connection)
{
    Peer& peer = m_peers.at(connection);
    peer.socket->SetCloseCallbacks(
        Callback<void, Ptr<Socket>>([&peer](Ptr<Socket>) { peer.isClosed = true; }),
        Callback<void, Ptr<Socket>>([this, connection](Ptr<Socket>) { EndPeer(connection); }));
}

void
TurnRelay::EndPeer(uint32_t connection)
{
    m_core.PeerClosed(connection);
    ErasePeer(connection);
}

void
TurnRelay::ErasePeer(uint32_t connection)
{
    const auto found = m_peers.find(connection);
    if (found->second.splice)
    {
        m_relayedToPeers += found->second.splice->GetForwarded(TurnSplice::CLIENT);
        m_relayedToClients += found->second.splice->GetForwarded(TurnSplice::PEER);
    }
    found->second.socket->ForgetCallbacks();
    m_peers.erase(found);
}

void
TurnRelay::ClosePeer(uint32_t connection)
{
    const auto found = m_peers.find(connection);
    if (found == m_peers.end())
    {
        return;
    }
    if (found->second.splice)
    {
        found->second.splice->Close();
    }
    else
    {
        found->second.socket->ForgetCallbacks();
        found->second.socket->Close();
    }
    ErasePeer(connection);
}

void
TurnRelay::Join(uint64_t client, uint32_t connection)
{
    Client& from = m_clients.at(client);
    Peer& peer = m_peers.at(connection);
    from.joined = connection;
    from.connection = nullptr; // forgets the callbacks, so before the splice sets its own
    peer.splice = std::make_unique<TurnSplice>(
        from.socket,
        peer.socket,
        from.messages.TakeRest(),
        peer.isClosed,
        [this, connection](TurnSplice::End end) { HandleArrived(connection, end); },
        [this, connection]() { EndPeer(connection); });
    peer.splice->Forward(TurnSplice::CLIENT);
    peer.splice->Forward(TurnSplice::PEER); // last: it may be the end of both
}

void
TurnRelay::HandleArrived(uint32_t connection, TurnSplice::End from)
{
    m_processing.Submit([this, connection, from]() {
        const auto found = m_peers.find(connection);
        if (found != m_peers.end())
        {
            found->second.splice->Forward(from);
        }
    });
}

// --- Times and counters --------------------------------------------------------------------------

void
TurnRelay::HandleTimer()
{
    m_timer.Expired();
    m_core.Advance(Simulator::Now());
    Rearm();
}

void
TurnRelay::Rearm()
{
    m_timer.Arm(m_core.GetDeadline(), &TurnRelay::HandleTimer, this);
}

CounterList
TurnRelay::GetCounters() const
{
    uint64_t toPeers = m_relayedToPeers;
    uint64_t toClients = m_relayedToClients;
    for (const auto& [id, peer] : m_peers)
    {
        if (peer.splice)
        {
            toPeers += peer.splice->GetForwarded(TurnSplice::CLIENT);
            toClients += peer.splice->GetForwarded(TurnSplice::PEER);
        }
    }
    const auto& counters = m_core.GetCounters();
    return {
        {"turn_clients", static_cast<double>(m_lastClient)},
        {"turn_allocations", static_cast<double>(counters.allocations)},
        {"turn_challenges", static_cast<double>(counters.challenges)},
        {"turn_refused", static_cast<double>(counters.refused)},
        {"turn_malformed", static_cast<double>(counters.malformed)},
        {"turn_connects", static_cast<double>(counters.connects)},
        {"turn_connects_failed", static_cast<double>(counters.connectsFailed)},
        {"turn_attempts", static_cast<double>(counters.attempts)},
        {"turn_attempts_refused", static_cast<double>(counters.attemptsRefused)},
        {"turn_unbound", static_cast<double>(counters.unbound)},
        {"turn_joined", static_cast<double>(counters.joined)},
        {"turn_octets_received", static_cast<double>(m_octetsReceived)},
        {"turn_octets_sent", static_cast<double>(m_octetsSent)},
        {"turn_octets_relayed_to_peers", static_cast<double>(toPeers)},
        {"turn_octets_relayed_to_clients", static_cast<double>(toClients)},
    };
}

} // namespace p2pim
} // namespace ns3
