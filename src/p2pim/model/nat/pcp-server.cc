// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/pcp-server.h"

#include "ns3/abort.h"
#include "ns3/inet-socket-address.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(PcpServer);

namespace
{

/// Life time that goes with an error that may pass (RFC 6887 7.4: short).
constexpr uint32_t ERROR_LIFETIME = 30;

} // namespace

TypeId
PcpServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::PcpServer")
            .SetParent<Application>()
            .SetGroupName("P2pim")
            .AddConstructor<PcpServer>()
            .AddAttribute("MinimumLifetime",
                          "Shortest life time of a mapping, at most MaximumLifetime "
                          "(RFC 6887 15: two minutes).",
                          TimeValue(Minutes(2)),
                          MakeTimeAccessor(&PcpServer::m_minimumLifetime),
                          MakeTimeChecker(Seconds(1), Hours(24)))
            .AddAttribute("MaximumLifetime",
                          "Longest life time of a mapping (RFC 6887 15: a day).",
                          TimeValue(Hours(24)),
                          MakeTimeAccessor(&PcpServer::m_maximumLifetime),
                          MakeTimeChecker(Seconds(1)));
    return tid;
}

PcpServer::PcpServer() = default;
PcpServer::~PcpServer() = default;

void
PcpServer::SetGateway(Ptr<NatGateway> gateway)
{
    m_gateway = gateway;
}

CounterList
PcpServer::GetCounters() const
{
    return {{"pcp_requests", m_requests}, {"pcp_refused", m_refused}};
}

void
PcpServer::DoInitialize()
{
    Application::DoInitialize();
    m_socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    NS_ABORT_MSG_UNLESS(m_socket->Bind(InetSocketAddress(g_pcpAnycast, PCP_PORT)) == 0,
                        "PcpServer: UDP port " << PCP_PORT << " is taken");
    m_socket->SetRecvCallback(MakeCallback(&PcpServer::HandleRead, this));
}

void
PcpServer::DoDispose()
{
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket = nullptr;
    }
    m_gateway = nullptr;
    Application::DoDispose();
}

void
PcpServer::HandleRead(Ptr<Socket> socket)
{
    Address from;
    while (const Ptr<Packet> packet = socket->RecvFrom(from))
    {
        const auto datagram = ToOctets(packet);
        PcpMap request;
        const auto read = DecodePcp(datagram, request);
        const auto address = InetSocketAddress::ConvertFrom(from);
        if (!request.isResponse && datagram.size() >= 2)
        {
            const auto answer = EncodePcp(Answer(request, read, address.GetIpv4()));
            socket->SendTo(ToPacket(answer), 0, address);
        }
    }
}

uint32_t
PcpServer::GetEpoch() const
{
    const Time lost = m_gateway->GetCore().GetSettings().stateLoss;
    const Time now = Simulator::Now();
    return static_cast<uint32_t>((now < lost ? now : now - lost).GetSeconds());
}

PcpMap
PcpServer::Answer(const PcpMap& request, PcpResult read, Ipv4Address from)
{
    ++m_requests;
    PcpMap answer = request;
    answer.isResponse = true;
    answer.epoch = GetEpoch();
    answer.result = read;
    if (read == PcpResult::SUCCESS && request.client != from)
    {
        answer.result = PcpResult::ADDRESS_MISMATCH; // there is another NAT between
    }
    const bool isKnown = request.protocol == static_cast<uint8_t>(NatProtocol::TCP) ||
                         request.protocol == static_cast<uint8_t>(NatProtocol::UDP);
    if (answer.result == PcpResult::SUCCESS && !isKnown)
    {
        answer.result = PcpResult::UNSUPP_PROTOCOL;
    }
    if (answer.result == PcpResult::SUCCESS)
    {
        const bool deletes = request.lifetime == 0;
        const auto lifetime =
            deletes ? Time()
                    : std::clamp(Seconds(request.lifetime), m_minimumLifetime, m_maximumLifetime);
        const auto outside = m_gateway->RequestMapping(static_cast<NatProtocol>(request.protocol),
                                                       {from.Get(), request.internalPort},
                                                       lifetime);
        // what is deleted need not have been there (RFC 6887 15)
        answer.result = outside || deletes ? PcpResult::SUCCESS : PcpResult::NO_RESOURCES;
        answer.lifetime = static_cast<uint32_t>(lifetime.GetSeconds());
        if (outside)
        {
            answer.externalAddress = Ipv4Address(outside->address);
            answer.externalPort = outside->port;
        }
    }
    if (answer.result != PcpResult::SUCCESS)
    {
        ++m_refused;
        answer.lifetime = ERROR_LIFETIME;
    }
    return answer;
}

} // namespace p2pim
} // namespace ns3
