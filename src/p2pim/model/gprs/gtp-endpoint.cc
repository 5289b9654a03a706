// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gtp-endpoint.h"

#include "ns3/gtp-user-header.h"
#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/mac48-address.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("GtpEndpoint");

namespace
{

/// Tells G-PDUs from other IPv4 packets on a Gn link; from the range for private use.
constexpr uint16_t GTP_U_PROTOCOL = 0xFF00;

bool
IsRequest(const GtpMessage& message)
{
    return std::holds_alternative<GtpEchoRequest>(message) ||
           std::holds_alternative<CreatePdpContextRequest>(message) ||
           std::holds_alternative<UpdatePdpContextRequest>(message) ||
           std::holds_alternative<DeletePdpContextRequest>(message) ||
           std::holds_alternative<PduNotificationRequest>(message) ||
           std::holds_alternative<PduNotificationRejectRequest>(message);
}

} // namespace

GtpEndpoint::GtpEndpoint(const GtpSettings& settings)
    : m_settings(settings)
{
}

void
GtpEndpoint::Open(Ptr<NetDevice> device, Ipv4Address own, Ipv4Address peer, Handlers handlers)
{
    m_device = device;
    m_own = own;
    m_peer = peer;
    m_handlers = std::move(handlers);
    const auto node = device->GetNode();
    node->RegisterProtocolHandler(MakeCallback(&GtpEndpoint::ReceiveUser, this),
                                  GTP_U_PROTOCOL,
                                  device);
    m_control = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    m_control->Bind(InetSocketAddress(own, GTP_C_PORT));
    m_control->SetRecvCallback(MakeCallback(&GtpEndpoint::ReceiveControl, this));
    m_errors = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    m_errors->Bind(InetSocketAddress(own, GTP_U_PORT));
    m_errors->SetRecvCallback(MakeCallback(&GtpEndpoint::ReceiveErrorIndication, this));
}

void
GtpEndpoint::Close()
{
    for (Ptr<Socket>* socket : {&m_control, &m_errors})
    {
        if (*socket)
        {
            (*socket)->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
            *socket = nullptr;
        }
    }
    for (auto& pending : m_pending)
    {
        pending.second.timer.Cancel();
    }
    m_pending.clear();
    m_device = nullptr;
    m_handlers = {};
}

Ipv4Address
GtpEndpoint::GetAddress() const
{
    return m_own;
}

void
GtpEndpoint::Request(GtpMessage request, ResponseFunction done)
{
    const uint16_t sequence = ++m_lastSequence;
    std::visit([sequence](auto& each) { each.sequence = sequence; }, request);
    ++m_requests;
    m_pending[sequence] = {EncodeGtp(request), std::move(done), 0, EventId()};
    Transmit(sequence);
}

void
GtpEndpoint::Transmit(uint16_t sequence)
{
    Pending& pending = m_pending.at(sequence);
    if (pending.transmissions == m_settings.n3Requests)
    {
        ++m_timeouts;
        const ResponseFunction done = std::move(pending.done);
        m_pending.erase(sequence);
        done(nullptr);
        return;
    }
    m_repetitions += pending.transmissions > 0 ? 1 : 0;
    ++pending.transmissions;
    if (m_inService)
    {
        m_control->SendTo(ToPacket(pending.octets), 0, InetSocketAddress(m_peer, GTP_C_PORT));
    }
    pending.timer =
        Simulator::Schedule(m_settings.t3Response, &GtpEndpoint::Transmit, this, sequence);
}

void
GtpEndpoint::Respond(const GtpMessage& response, const Address& to)
{
    if (m_inService)
    {
        m_control->SendTo(ToPacket(EncodeGtp(response)), 0, to);
    }
}

void
GtpEndpoint::SendUser(uint32_t teid, Ptr<Packet> packet)
{
    const auto size = static_cast<uint16_t>(packet->GetSize());
    packet->AddHeader(GtpUserHeader(m_own, m_peer, teid, size));
    m_device->Send(packet, Mac48Address::GetBroadcast(), GTP_U_PROTOCOL);
}

void
GtpEndpoint::SendErrorIndication(uint32_t teid)
{
    ++m_errorIndications;
    m_errors->SendTo(ToPacket(EncodeGtp(GtpErrorIndication{0, teid, m_own})),
                     0,
                     InetSocketAddress(m_peer, GTP_U_PORT));
}

void
GtpEndpoint::SetInService(bool inService)
{
    if (inService && !m_inService)
    {
        ++m_restartCounter;
    }
    m_inService = inService;
}

bool
GtpEndpoint::IsInService() const
{
    return m_inService;
}

uint8_t
GtpEndpoint::GetRestartCounter() const
{
    return m_restartCounter;
}

void
GtpEndpoint::NoteRestartCounter(const GtpMessage& message)
{
    const auto counter = GetRecovery(message);
    if (!counter)
    {
        return;
    }
    const bool restarted = m_peerRestartCounter && *m_peerRestartCounter != *counter;
    m_peerRestartCounter = counter;
    if (restarted && m_handlers.restart)
    {
        m_handlers.restart();
    }
}

void
GtpEndpoint::ReceiveControl(Ptr<Socket> socket)
{
    Address from;
    while (auto packet = socket->RecvFrom(from))
    {
        const Octets octets = ToOctets(packet);
        const auto message = DecodeGtp(octets);
        if (!m_inService)
        {
            continue;
        }
        if (!message)
        {
            NS_LOG_WARN("a GTP-C message that does not decode");
            if (const auto answer = AnswerGtpFault(octets))
            {
                Respond(*answer, from);
            }
            continue;
        }
        NoteRestartCounter(*message);
        if (IsRequest(*message))
        {
            if (const auto* echo = std::get_if<GtpEchoRequest>(&*message))
            {
                Respond(GtpEchoResponse{echo->sequence, m_restartCounter}, from);
                continue;
            }
            m_handlers.request(*message, from);
            continue;
        }
        const auto pending = m_pending.find(GetSequence(*message));
        if (pending != m_pending.end())
        {
            pending->second.timer.Cancel();
            const ResponseFunction done = std::move(pending->second.done);
            m_pending.erase(pending);
            done(&*message);
        }
    }
}

void
GtpEndpoint::ReceiveErrorIndication(Ptr<Socket> socket)
{
    Address from;
    while (auto packet = socket->RecvFrom(from))
    {
        const auto message = DecodeGtpUser(ToOctets(packet));
        if (message && m_inService && std::holds_alternative<GtpErrorIndication>(*message))
        {
            m_handlers.request(*message, from);
        }
    }
}

void
GtpEndpoint::ReceiveUser(Ptr<NetDevice>,
                         Ptr<const Packet> packet,
                         uint16_t,
                         const Address&,
                         const Address&,
                         NetDevice::PacketType)
{
    auto payload = packet->Copy();
    GtpUserHeader header;
    payload->RemoveHeader(header);
    m_handlers.user(header.GetTeid(), payload);
}

CounterList
GtpEndpoint::GetCounters() const
{
    return {
        {"gtp_error_indications", static_cast<double>(m_errorIndications)},
        {"gtp_requests", static_cast<double>(m_requests)},
        {"gtp_requests_repeated", static_cast<double>(m_repetitions)},
        {"gtp_requests_unanswered", static_cast<double>(m_timeouts)},
    };
}

} // namespace p2pim
} // namespace ns3
