// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sip-udp-transport.h"

#include "ns3/ns3-compatibility.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

SipUdpTransport::SipUdpTransport(SipTransactionUser& user, const SipTimers& timers)
    : m_layer(user, timers, [this](const InetSocketAddress& to, const std::string& bytes) {
          return SendDatagram(to, bytes);
      })
{
}

SipUdpTransport::~SipUdpTransport()
{
    m_timer.Cancel();
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->Close();
    }
}

bool
SipUdpTransport::Open(Ptr<Node> node, uint16_t port)
{
    m_socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    if (m_socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port)) != 0)
    {
        return false;
    }
    m_socket->SetRecvCallback(MakeCallback(&SipUdpTransport::HandleRead, this));
    return true;
}

void
SipUdpTransport::SetProcessingTime(Ptr<RandomVariableStream> delay)
{
    m_processing.SetTime(delay);
}

uint64_t
SipUdpTransport::SendRequest(const SipMessage& request, const InetSocketAddress& target)
{
    const uint64_t client = m_layer.SendRequest(request, target, Simulator::Now());
    Rearm();
    return client;
}

void
SipUdpTransport::SendResponse(uint64_t server, const SipMessage& response)
{
    m_layer.SendResponse(server, response, Simulator::Now());
    Rearm();
}

void
SipUdpTransport::SendKeepAlive(const InetSocketAddress& target)
{
    SendDatagram(target, "\r\n\r\n");
}

SipTransactionLayer&
SipUdpTransport::GetTransactionLayer()
{
    return m_layer;
}

const SipTransportCounters&
SipUdpTransport::GetCounters() const
{
    return m_counters;
}

std::vector<std::pair<std::string, double>>
SipUdpTransport::ListCounters() const
{
    const SipTransactionCounters& transactions = m_layer.GetCounters();
    return {
        {"sip_datagrams_sent", m_counters.datagramsSent},
        {"sip_octets_sent", m_counters.octetsSent},
        {"sip_datagrams_received", m_counters.datagramsReceived},
        {"sip_octets_received", m_counters.octetsReceived},
        {"sip_keep_alives", m_counters.keepAlives},
        {"sip_malformed", m_counters.malformed},
        {"sip_requests_sent", transactions.requestsSent},
        {"sip_requests_retransmitted", transactions.requestsRetransmitted},
        {"sip_requests_received", transactions.requestsReceived},
        {"sip_requests_repeated", transactions.requestsRepeated},
        {"sip_responses_sent", transactions.responsesSent},
        {"sip_responses_retransmitted", transactions.responsesRetransmitted},
        {"sip_responses_received", transactions.responsesReceived},
        {"sip_responses_dropped", transactions.responsesDropped},
        {"sip_timeouts", transactions.timeouts},
    };
}

bool
SipUdpTransport::SendDatagram(const InetSocketAddress& to, const std::string& bytes)
{
    const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
    if (m_socket->SendTo(Create<Packet>(data, bytes.size()), 0, to) < 0)
    {
        return false;
    }
    ++m_counters.datagramsSent;
    m_counters.octetsSent += bytes.size();
    return true;
}

void
SipUdpTransport::HandleRead(Ptr<Socket> socket)
{
    Address from;
    while (Ptr<Packet> packet = socket->RecvFrom(from))
    {
        ++m_counters.datagramsReceived;
        m_counters.octetsReceived += packet->GetSize();
        const InetSocketAddress source = InetSocketAddress::ConvertFrom(from);
        m_processing.Submit([this, packet, source]() { Process(packet, source); });
    }
}

void
SipUdpTransport::Process(Ptr<Packet> packet, const InetSocketAddress& source)
{
    std::vector<uint8_t> bytes(packet->GetSize());
    packet->CopyData(bytes.data(), bytes.size());
    SipParseError error = SipParseError::NONE;
    SipMessage message = SipMessage::Parse(bytes.data(), bytes.size(), error);
    if (!message)
    {
        ++(error == SipParseError::EMPTY ? m_counters.keepAlives : m_counters.malformed);
        return;
    }
    m_layer.Receive(std::move(message), source, Simulator::Now());
    Rearm();
}

void
SipUdpTransport::HandleTimer()
{
    m_layer.Advance(Simulator::Now());
    Rearm();
}

void
SipUdpTransport::Rearm()
{
    const auto next = m_layer.GetNextTimer();
    if (!next)
    {
        return;
    }
    if (IsPending(m_timer))
    {
        if (m_timer.GetTs() <= uint64_t(next->GetTimeStep()))
        {
            return;
        }
        m_timer.Cancel();
    }
    m_timer = Simulator::Schedule(*next - Simulator::Now(), &SipUdpTransport::HandleTimer, this);
}

} // namespace p2pim
} // namespace ns3
