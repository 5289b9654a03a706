// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/stun-udp-client.h"

#include "ns3/boolean.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <string>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(StunUdpClient);

TypeId
StunUdpClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::StunUdpClient")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<StunUdpClient>()
            .AddAttribute("DiscoverBehaviour",
                          "Whether to find out how the NAT maps the port and what it lets in (RFC "
                          "5780 4.3, 4.4).",
                          BooleanValue(true),
                          MakeBooleanAccessor(&StunUdpClient::m_discover),
                          MakeBooleanChecker())
            .AddAttribute("Rto",
                          "RTO: time from the first transmission of a request to the second; "
                          "doubled each time (RFC 8489 6.2.1).",
                          TimeValue(MilliSeconds(500)),
                          MakeTimeAccessor(&StunUdpClient::m_rto),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("Transmissions",
                          "Rc: transmissions of a request, 1 to 10 (RFC 8489 6.2.1).",
                          UintegerValue(7),
                          MakeUintegerAccessor(&StunUdpClient::m_transmissions),
                          MakeUintegerChecker<uint32_t>(1, 10))
            .AddAttribute("LastWait",
                          "Rm: how many RTO a client waits after the last transmission, 1 to 100 "
                          "(RFC 8489 6.2.1).",
                          UintegerValue(16),
                          MakeUintegerAccessor(&StunUdpClient::m_lastWait),
                          MakeUintegerChecker<uint32_t>(1, 100));
    return tid;
}

StunUdpClient::StunUdpClient() = default;
StunUdpClient::~StunUdpClient() = default;

void
StunUdpClient::DoDispose()
{
    Release();
    m_node = nullptr;
    Object::DoDispose();
}

void
StunUdpClient::Start(Ptr<Node> node,
                     uint16_t localPort,
                     const InetSocketAddress& server,
                     DoneFunction done)
{
    Release();
    m_node = node;
    m_localPort = localPort;
    m_done = std::move(done);
    if (!m_ids)
    {
        m_ids = std::make_unique<StunTransactionIds>("udp " + std::to_string(node->GetId()) + " " +
                                                     std::to_string(localPort));
    }
    m_discovery =
        std::make_unique<StunDiscovery>(server, StunDiscovery::Aims{m_discover, m_discover});
    m_socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    if (m_socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), localPort)) != 0)
    {
        m_discovery->Unanswered();
    }
    m_socket->SetRecvCallback(MakeCallback(&StunUdpClient::HandleRead, this));
    m_timer = Simulator::ScheduleNow(&StunUdpClient::Ask, this);
}

void
StunUdpClient::Release()
{
    m_timer.Cancel();
    m_done = nullptr;
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->Close();
        m_socket = nullptr;
    }
}

void
StunUdpClient::Ask()
{
    m_timer.Cancel();
    if (!m_discovery->GetQuestion())
    {
        const DoneFunction done = std::exchange(m_done, nullptr);
        Release();
        done(m_discovery->GetFindings()); // may destroy this object
        return;
    }
    m_id = m_ids->Make();
    m_transaction = std::make_unique<StunTransaction>(
        StunTransaction::Settings{m_rto, m_transmissions, m_lastWait},
        Simulator::Now());
    Send();
    Schedule();
}

void
StunUdpClient::Send()
{
    const auto question = m_discovery->GetQuestion();
    StunMessage request;
    request.transactionId = m_id;
    if (question->changeRequest != 0)
    {
        request.changeRequest = question->changeRequest;
    }
    m_socket->SendTo(ToPacket(EncodeStun(request)), 0, question->server);
}

void
StunUdpClient::Schedule()
{
    m_timer = Simulator::Schedule(m_transaction->GetDeadline() - Simulator::Now(),
                                  &StunUdpClient::HandleTimer,
                                  this);
}

InetSocketAddress
StunUdpClient::GetOwn() const
{
    Ipv4Header header;
    header.SetDestination(m_discovery->GetQuestion()->server.GetIpv4());
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    const Ptr<Ipv4RoutingProtocol> routing = m_node->GetObject<Ipv4>()->GetRoutingProtocol();
    const Ptr<Ipv4Route> route = routing->RouteOutput(nullptr, header, nullptr, error);
    return {route ? route->GetSource() : Ipv4Address::GetAny(), m_localPort};
}

void
StunUdpClient::HandleTimer()
{
    if (m_transaction->Advance(Simulator::Now()) == StunTransaction::Action::FAIL)
    {
        m_discovery->Unanswered();
        Ask();
        return;
    }
    Send();
    Schedule();
}

void
StunUdpClient::HandleRead(Ptr<Socket> socket)
{
    const Ptr<StunUdpClient> self(this); // who is told the end may drop it
    while (const Ptr<Packet> packet = m_socket ? socket->Recv() : nullptr)
    {
        HandleDatagram(ToOctets(packet));
    }
}

void
StunUdpClient::HandleDatagram(const Octets& datagram)
{
    StunMessage answer;
    if (DecodeStun(datagram, answer) == StunError::NONE &&
        answer.messageClass >= StunClass::SUCCESS && answer.transactionId == m_id)
    {
        m_discovery->Answered(GetOwn(), answer);
        Ask();
    }
}

} // namespace p2pim
} // namespace ns3
