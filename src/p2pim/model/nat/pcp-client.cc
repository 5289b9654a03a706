// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/pcp-client.h"

#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
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
                          "Life time of the mapping that is asked for. Own choice: longer than an "
                          "invitation is waited for.",
                          TimeValue(Minutes(10)),
                          MakeTimeAccessor(&PcpClient::m_lifetime),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("RetransmissionTime",
                          "IRT: time from the first transmission of a request to the second; then "
                          "doubled (RFC 6887 8.1.1: 3 s).",
                          TimeValue(Seconds(3)),
                          MakeTimeAccessor(&PcpClient::m_retransmission),
                          MakeTimeChecker(MilliSeconds(1)))
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
    Release();
    Object::DoDispose();
}

void
PcpClient::Start(Ptr<Node> node, const InetSocketAddress& local, DoneFunction done)
{
    Release();
    m_done = std::move(done);
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
    Send();
}

void
PcpClient::Send()
{
    if (m_sent == m_transmissions)
    {
        Finish(std::nullopt);
        return;
    }
    m_socket->SendTo(ToPacket(EncodePcp(m_request)), 0, InetSocketAddress(g_pcpAnycast, PCP_PORT));
    m_timer = Simulator::Schedule(m_retransmission * (1 << m_sent), &PcpClient::Send, this);
    ++m_sent;
}

void
PcpClient::HandleRead(Ptr<Socket> socket)
{
    while (const Ptr<Packet> packet = socket->Recv())
    {
        PcpMap answer;
        const bool isOurs = DecodePcp(ToOctets(packet), answer) == PcpResult::SUCCESS &&
                            answer.isResponse && answer.nonce == m_request.nonce &&
                            answer.internalPort == m_request.internalPort;
        if (!isOurs)
        {
            continue;
        }
        const InetSocketAddress outside(answer.externalAddress, answer.externalPort);
        Finish(answer.result == PcpResult::SUCCESS ? std::optional<InetSocketAddress>(outside)
                                                   : std::nullopt);
        return;
    }
}

void
PcpClient::Finish(const std::optional<InetSocketAddress>& outside)
{
    const DoneFunction done = std::exchange(m_done, nullptr);
    Release();
    done(outside); // may destroy this object
}

void
PcpClient::Release()
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

} // namespace p2pim
} // namespace ns3
