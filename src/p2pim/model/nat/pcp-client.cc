// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/pcp-client.h"

#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(PcpClient);

TypeId
PcpClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::PcpClient")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<PcpClient>()
            .AddAttribute("Lifetime",
                          "Life time of the mapping that is asked for; it is renewed after half of "
                          "it (RFC 6887 11.2.1). Own choice: longer than an invitation is waited "
                          "for.",
                          TimeValue(Minutes(10)),
                          MakeTimeAccessor(&PcpClient::m_lifetime),
                          MakeTimeChecker(Seconds(1), Hours(24 * 365)))
            .AddAttribute("RetransmissionTime",
                          "IRT: time from the first transmission of a request to the second; then "
                          "doubled (RFC 6887 8.1.1: 3 s), 1 ms to 1024 s. Each is up to a tenth "
                          "longer or shorter.",
                          TimeValue(Seconds(3)),
                          MakeTimeAccessor(&PcpClient::m_retransmission),
                          MakeTimeChecker(MilliSeconds(1), Seconds(1024)))
            .AddAttribute("Transmissions",
                          "Transmissions of a request until there is taken to be no server, 1 to "
                          "9. RFC 6887 8.1.1 goes on for ever (MRC 0). Own choice: a user waits.",
                          UintegerValue(3),
                          MakeUintegerAccessor(&PcpClient::m_transmissions),
                          MakeUintegerChecker<uint32_t>(1, 9));
    return tid;
}

PcpClient::PcpClient() = default;
PcpClient::~PcpClient() = default;

void
PcpClient::DoDispose()
{
    Close();
    m_times = nullptr;
    Object::DoDispose();
}

void
PcpClient::SetTimeSource(Ptr<UniformRandomVariable> source)
{
    m_times = source;
}

double
PcpClient::Draw(double min, double max)
{
    if (!m_times)
    {
        m_times = CreateObject<UniformRandomVariable>();
    }
    return m_times->GetValue(min, max);
}

void
PcpClient::Start(Ptr<Node> node, const InetSocketAddress& local, DoneFunction done)
{
    Release();
    m_done = std::move(done);
    m_request = PcpMap();
    m_request.lifetime = static_cast<uint32_t>(m_lifetime.GetSeconds());
    m_request.client = local.GetIpv4();
    m_request.internalPort = local.GetPort();
    // RFC 6887 has a random nonce, against forgers; it need only differ here
    Octets nonce;
    OctetWriter(nonce).U32(local.GetIpv4().Get()).U32(local.GetPort()).U32(++m_requests);
    std::copy(nonce.begin(), nonce.end(), m_request.nonce.begin());
    m_socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    m_socket->Bind();
    m_socket->SetRecvCallback(MakeCallback(&PcpClient::HandleRead, this));
    m_sent = 0;
    m_interval = m_retransmission;
    Send();
}

std::optional<InetSocketAddress>
PcpClient::GetOutside() const
{
    return m_outside;
}

uint32_t
PcpClient::GetRestarts() const
{
    return m_restarts;
}

void
PcpClient::Send()
{
    if (m_sent == m_transmissions)
    {
        Close();
        Tell();
        return;
    }
    Transmit();
    m_interval = (m_sent == 0 ? m_interval : 2 * m_interval) * Draw(0.9, 1.1);
    m_timer = Simulator::Schedule(m_interval, &PcpClient::Send, this);
    ++m_sent;
}

void
PcpClient::Transmit()
{
    m_socket->SendTo(ToPacket(EncodePcp(m_request)), 0, InetSocketAddress(g_pcpAnycast, PCP_PORT));
}

void
PcpClient::HandleRead(Ptr<Socket> /* socket */)
{
    const Ptr<PcpClient> self(this); // who is told the end may drop it
    while (const Ptr<Packet> packet = m_socket ? m_socket->Recv() : nullptr)
    {
        PcpMap answer;
        const bool isOurs = DecodePcp(ToOctets(packet), answer) == PcpResult::SUCCESS &&
                            answer.isResponse && answer.nonce == m_request.nonce &&
                            answer.internalPort == m_request.internalPort;
        if (isOurs)
        {
            HandleAnswer(answer);
        }
    }
}

void
PcpClient::HandleAnswer(const PcpMap& answer)
{
    CheckEpoch(answer.epoch);
    if (answer.result == PcpResult::SUCCESS)
    {
        m_outside = InetSocketAddress(answer.externalAddress, answer.externalPort);
        m_request.externalAddress = answer.externalAddress;
        m_request.externalPort = answer.externalPort;
        m_granted = Simulator::Now();
        m_grantedLifetime = Seconds(answer.lifetime);
        m_renewals = 0;
        m_timer.Cancel();
        ScheduleRenewal();
    }
    else if (m_done)
    {
        Close();
    }
    Tell();
}

void
PcpClient::CheckEpoch(uint32_t epoch)
{
    const Clocks now{Simulator::Now(), epoch};
    const auto before = std::exchange(m_clocks, now);
    if (!before)
    {
        return;
    }
    const double client = (now.client - before->client).GetSeconds();
    const double server = double(now.server) - before->server;
    const bool isOld = server < -1;
    const bool isSlow = server + 2 < client - client / 16;
    const bool isFast = client + 2 < server - server / 16;
    m_restarts += isOld || isSlow || isFast ? 1 : 0;
}

void
PcpClient::ScheduleRenewal()
{
    // between 1/2 and 5/8 of the lifetime, then 3/4 and 13/16, 7/8 and 29/32 ...
    constexpr double least = 4; // s from one to the next
    const double left = std::pow(0.5, m_renewals + 1);
    const Time planned = m_granted + m_grantedLifetime * (1 - left + Draw(0, left / 4));
    const Time earliest = m_renewals == 0 ? Simulator::Now() : Simulator::Now() + Seconds(least);
    const Time next = std::max(planned, earliest);
    const Time end = m_granted + m_grantedLifetime;
    m_timer = next < end ? Simulator::Schedule(next - Simulator::Now(), &PcpClient::Renew, this)
                         : Simulator::Schedule(end - Simulator::Now(), &PcpClient::Close, this);
}

void
PcpClient::Renew()
{
    Transmit();
    ++m_renewals;
    ScheduleRenewal();
}

void
PcpClient::Tell()
{
    if (const DoneFunction done = std::exchange(m_done, nullptr))
    {
        done(m_outside); // may destroy this object
    }
}

void
PcpClient::Release()
{
    m_done = nullptr;
    if (m_outside)
    {
        m_request.lifetime = 0;
        Transmit();
    }
    Close();
}

void
PcpClient::Close()
{
    m_timer.Cancel();
    m_outside.reset();
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->Close();
        m_socket = nullptr;
    }
}

} // namespace p2pim
} // namespace ns3
