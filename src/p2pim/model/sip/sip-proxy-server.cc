// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sip-proxy-server.h"

#include "ns3/abort.h"
#include "ns3/attribute-checkers.h"
#include "ns3/ipv4.h"
#include "ns3/pointer.h"
#include "ns3/sip-timer-attributes.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(SipProxyServer);

TypeId
SipProxyServer::GetTypeId()
{
    static TypeId tid = AddSipTimerAttributes(
        TypeId("ns3::p2pim::SipProxyServer")
            .SetParent<ChatServer>()
            .SetGroupName("P2pim")
            .AddConstructor<SipProxyServer>()
            .AddAttribute(
                "Address",
                "The server's IPv4 address: the sent-by of its Via; 0.0.0.0 is that of the "
                "host's first interface.",
                Ipv4AddressValue(Ipv4Address::GetAny()),
                MakeIpv4AddressAccessor(&SipProxyServer::m_address),
                MakeIpv4AddressChecker())
            .AddAttribute("Port",
                          "The UDP port. Default: RFC 3261 19.1.2.",
                          UintegerValue(5060),
                          MakeUintegerAccessor(&SipProxyServer::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("Domain",
                          "The host part of the addresses-of-record. Default: our choice, under "
                          "the top-level domain that RFC 2606 keeps for examples.",
                          StringValue("p2pim.example"),
                          MakeStringAccessor(&SipProxyServer::m_domain),
                          MakeStringChecker())
            .AddAttribute("DefaultExpires",
                          "Life of a registration that asks for none, whole seconds. Default: "
                          "RFC 3261 10.2.1.1 suggests one hour for Expires that are malformed.",
                          TimeValue(Seconds(3600)),
                          MakeTimeAccessor(&SipProxyServer::m_defaultExpires),
                          MakeTimeChecker(Seconds(1), Hours(24 * 365)))
            .AddAttribute("MinExpires",
                          "Shortest life of a registration, whole seconds; a shorter wish is "
                          "answered 423. Default: our choice; RFC 3261 10.3 lets a registrar "
                          "refuse what is below one hour.",
                          TimeValue(Seconds(60)),
                          MakeTimeAccessor(&SipProxyServer::m_minExpires),
                          MakeTimeChecker(Seconds(1), Hours(1)))
            .AddAttribute("MaxExpires",
                          "Longest life of a registration, whole seconds; longer wishes are cut. "
                          "Default: our choice.",
                          TimeValue(Hours(24)),
                          MakeTimeAccessor(&SipProxyServer::m_maxExpires),
                          MakeTimeChecker(Hours(1), Hours(24 * 365)))
            .AddAttribute("ProcessingTime",
                          "Time from the arrival of a datagram to its processing, s. The server "
                          "is no bottleneck: datagrams are processed side by side, but keep their "
                          "order. Default: our choice, small beside the radio's delays.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0.002]"),
                          MakePointerAccessor(&SipProxyServer::m_processingTime),
                          MakeRandomChecker(0)),
        &SipProxyServer::m_t1,
        &SipProxyServer::m_t2,
        &SipProxyServer::m_t4);
    return tid;
}

SipProxyServer::SipProxyServer() = default;
SipProxyServer::~SipProxyServer() = default;

void
SipProxyServer::AddUser(const std::string& msisdn, const std::string&)
{
    if (m_core)
    {
        m_core->GetRegistrar().AddUser('+' + msisdn);
        return;
    }
    m_subscribers.push_back('+' + msisdn);
}

int64_t
SipProxyServer::AssignStreams(int64_t first)
{
    m_processingTime->SetStream(first);
    return 1;
}

void
SipProxyServer::DoInitialize()
{
    ChatServer::DoInitialize();
    if (m_address == Ipv4Address::GetAny())
    {
        m_address = GetNode()->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal(); // 0 is the loopback
    }
    SipRegistrarSettings settings;
    settings.domain = m_domain;
    settings.defaultExpires = uint32_t(m_defaultExpires.GetSeconds());
    settings.minExpires = uint32_t(m_minExpires.GetSeconds());
    settings.maxExpires = uint32_t(m_maxExpires.GetSeconds());
    m_core = std::make_unique<SipProxyCore>(InetSocketAddress(m_address, m_port), settings);
    m_transport = std::make_unique<SipUdpTransport>(*m_core, SipTimers{m_t1, m_t2, m_t4});
    m_transport->SetProcessingTime(m_processingTime);
    m_core->SetTransactionLayer(&m_transport->GetTransactionLayer());
    NS_ABORT_MSG_UNLESS(m_transport->Open(GetNode(), m_port),
                        "SipProxyServer: UDP port " << m_port << " is taken");
    for (const std::string& user : m_subscribers)
    {
        m_core->GetRegistrar().AddUser(user);
    }
    m_subscribers = {};
}

void
SipProxyServer::DoDispose()
{
    m_transport.reset();
    m_core.reset();
    m_processingTime = nullptr;
    ChatServer::DoDispose();
}

CounterList
SipProxyServer::GetCounters() const
{
    if (!m_core)
    {
        return {};
    }
    const SipProxyCounters& proxy = m_core->GetCounters();
    auto counters = m_transport->ListCounters();
    counters.emplace_back("sip_registers", proxy.registers);
    counters.emplace_back("sip_forwarded", proxy.forwarded);
    counters.emplace_back("sip_relayed", proxy.relayed);
    counters.emplace_back("sip_rejected", proxy.rejected);
    counters.emplace_back("sip_abandoned", proxy.abandoned);
    return counters;
}

} // namespace p2pim
} // namespace ns3
