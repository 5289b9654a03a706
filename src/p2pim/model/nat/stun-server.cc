// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/stun-server.h"

#include "ns3/abort.h"
#include "ns3/attribute-checkers.h"
#include "ns3/ipv4.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(StunServer);

TypeId
StunServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::StunServer")
            .SetParent<Application>()
            .SetGroupName("P2pim")
            .AddConstructor<StunServer>()
            .AddAttribute("Port",
                          "The UDP and TCP port (RFC 8489 8.1).",
                          UintegerValue(STUN_PORT),
                          MakeUintegerAccessor(&StunServer::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("OtherAddress",
                          "A second address of the host, with which NAT behaviour can be "
                          "discovered (RFC 5780 6); 0.0.0.0 for none.",
                          Ipv4AddressValue(Ipv4Address::GetAny()),
                          MakeIpv4AddressAccessor(&StunServer::m_otherAddress),
                          MakeIpv4AddressChecker())
            .AddAttribute("OtherPort",
                          "The second port, if there is a second address. Default: own choice, "
                          "that of RFC 3489 14.",
                          UintegerValue(STUN_PORT + 1),
                          MakeUintegerAccessor(&StunServer::m_otherPort),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("ProcessingTime",
                          "Time from the arrival of octets to their processing, s; arrivals keep "
                          "their order. Default: that of ImServer.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0.002]"),
                          MakePointerAccessor(&StunServer::m_processingTime),
                          MakeRandomChecker(0));
    return tid;
}

StunServer::StunServer() = default;
StunServer::~StunServer() = default;

int64_t
StunServer::AssignStreams(int64_t first)
{
    m_processingTime->SetStream(first);
    return 1;
}

void
StunServer::DoInitialize()
{
    Application::DoInitialize();
    m_processing.SetTime(m_processingTime);
    const Ptr<Ipv4> ipv4 = GetNode()->GetObject<Ipv4>();
    NS_ABORT_MSG_UNLESS(ipv4->GetNInterfaces() > 0 && ipv4->GetNAddresses(0) > 0,
                        "StunServer: the host has no address");
    const uint32_t first = ipv4->GetAddress(0, 0).GetLocal().IsLocalhost() ? 1 : 0;
    m_core.SetSettings(
        {ipv4->GetAddress(first, 0).GetLocal(), m_otherAddress, m_port, m_otherPort});
    NS_ABORT_MSG_IF(m_core.HasOtherAddress() && m_otherPort == m_port,
                    "StunServer: Port and OtherPort are the same");
    Open(0);
    if (m_core.HasOtherAddress())
    {
        Open(StunServerCore::OTHER_PORT);
        Open(StunServerCore::OTHER_ADDRESS);
        Open(StunServerCore::OTHER_ADDRESS | StunServerCore::OTHER_PORT);
    }
}

void
StunServer::Open(uint32_t door)
{
    const InetSocketAddress own = m_core.GetDoor(door);
    const Ptr<Socket> socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    const bool isUdpFree = socket->Bind(own) == 0;
    socket->SetRecvCallback(
        Callback<void, Ptr<Socket>>([this, door](Ptr<Socket> s) { HandleDatagram(door, s); }));
    m_sockets[door] = socket;
    const Ptr<PeerTcpSocket> listener = PeerTcpSocket::Create(GetNode());
    const bool isTcpFree = listener->Bind(own) == 0 && listener->Listen() == 0;
    NS_ABORT_MSG_UNLESS(isUdpFree && isTcpFree,
                        "StunServer: port " << own.GetPort() << " of " << own.GetIpv4()
                                            << " is taken");
    listener->SetAcceptCallback(
        MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
        Callback<void, Ptr<Socket>, const Address&>(
            [this, door](Ptr<Socket> s, const Address& from) { HandleAccept(door, s, from); }));
    m_listeners.push_back(listener);
}

void
StunServer::DoDispose()
{
    for (Ptr<Socket>& socket : m_sockets)
    {
        if (socket)
        {
            socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
            socket->Close();
            socket = nullptr;
        }
    }
    for (const Ptr<PeerTcpSocket>& listener : m_listeners)
    {
        listener->ForgetCallbacks();
    }
    m_listeners.clear();
    m_clients.clear();
    m_processingTime = nullptr;
    Application::DoDispose();
}

// --- UDP -----------------------------------------------------------------------------------------

void
StunServer::HandleDatagram(uint32_t door, Ptr<Socket> socket)
{
    Address from;
    while (const Ptr<Packet> packet = socket->RecvFrom(from))
    {
        m_octetsReceived += packet->GetSize();
        const auto source = InetSocketAddress::ConvertFrom(from);
        m_processing.Submit([this, door, datagram = ToOctets(packet), source]() {
            AnswerDatagram(door, datagram, source);
        });
    }
}

void
StunServer::AnswerDatagram(uint32_t door, const Octets& datagram, const InetSocketAddress& from)
{
    if (const auto answer = m_core.Receive(datagram, from, door, false))
    {
        m_octetsSent += answer->octets.size();
        m_sockets[answer->door]->SendTo(ToPacket(answer->octets), 0, from);
    }
}

// --- TCP -----------------------------------------------------------------------------------------

void
StunServer::HandleAccept(uint32_t door, Ptr<Socket> socket, const Address& from)
{
    const uint64_t id = ++m_lastClient;
    Client& client =
        m_clients.try_emplace(id, Client{door, InetSocketAddress::ConvertFrom(from), {}, nullptr})
            .first->second;
    client.connection = std::make_unique<TcpStream>(
        DynamicCast<PeerTcpSocket>(socket),
        [this, id](std::string octets) {
            m_octetsReceived += octets.size();
            m_processing.Submit([this, id, octets = std::move(octets)]() { Process(id, octets); });
        },
        [this, id]() { EndClient(id); });
}

void
StunServer::Process(uint64_t client, const std::string& octets)
{
    const auto found = m_clients.find(client);
    if (found == m_clients.end())
    {
        return;
    }
    auto& [door, from, messages, connection] = found->second;
    messages.Append(octets);
    while (const auto message = messages.Next())
    {
        if (const auto answer = m_core.Receive(*message, from, door, true))
        {
            m_octetsSent += answer->octets.size();
            connection->Write({answer->octets.begin(), answer->octets.end()});
        }
    }
    if (messages.IsBroken())
    {
        EndClient(client);
    }
}

void
StunServer::EndClient(uint64_t client)
{
    const auto found = m_clients.find(client);
    found->second.connection->Close();
    m_clients.erase(found);
}

CounterList
StunServer::GetCounters() const
{
    const auto& counters = m_core.GetCounters();
    return {
        {"stun_bindings", static_cast<double>(counters.bindings)},
        {"stun_refused", static_cast<double>(counters.refused)},
        {"stun_malformed", static_cast<double>(counters.malformed)},
        {"stun_connections", static_cast<double>(m_lastClient)},
        {"stun_octets_received", static_cast<double>(m_octetsReceived)},
        {"stun_octets_sent", static_cast<double>(m_octetsSent)},
    };
}

} // namespace p2pim
} // namespace ns3
