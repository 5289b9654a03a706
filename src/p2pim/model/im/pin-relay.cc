// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/pin-relay.h"

#include "ns3/abort.h"
#include "ns3/attribute-checkers.h"
#include "ns3/node.h"
#include "ns3/octets.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(PinRelay);

TypeId
PinRelay::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::PinRelay")
            .SetParent<ChatServer>()
            .SetGroupName("P2pim")
            .AddConstructor<PinRelay>()
            .AddAttribute("Port",
                          "The UDP port. Own choice, from the dynamic range (RFC 6335 6).",
                          UintegerValue(49440),
                          MakeUintegerAccessor(&PinRelay::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("MaxLifetime",
                          "The longest registration that is granted, whole seconds. Own choice.",
                          TimeValue(Hours(1)),
                          MakeTimeAccessor(&PinRelay::m_maxLifetime),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("ValidityPeriod",
                          "How long a message waits for its receiver if it names no time, and at "
                          "most. Default: that of Smsc.",
                          TimeValue(Hours(72)),
                          MakeTimeAccessor(&PinRelay::m_validityPeriod),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("RetransmissionTime",
                          "Time from the first transmission of a message to the second; doubled "
                          "each time. Own choice: more than a round trip to an idle GPRS phone.",
                          TimeValue(Seconds(4)),
                          MakeTimeAccessor(&PinRelay::m_retransmissionTime),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("MaxTransmissions",
                          "Transmissions of a message, 1 to 10, after which its receiver counts "
                          "as gone until it registers again. Own choice.",
                          UintegerValue(5),
                          MakeUintegerAccessor(&PinRelay::m_maxTransmissions),
                          MakeUintegerChecker<uint32_t>(1, 10))
            .AddAttribute("MaxStored",
                          "Messages that wait for one phone at most, 1 to 100000. Own choice.",
                          UintegerValue(100),
                          MakeUintegerAccessor(&PinRelay::m_maxStored),
                          MakeUintegerChecker<uint32_t>(1, 100000))
            .AddAttribute("ProcessingTime",
                          "Time from the arrival of a datagram to its processing, s; arrivals "
                          "keep their order. Default: that of ImServer.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0.002]"),
                          MakePointerAccessor(&PinRelay::m_processingTime),
                          MakeRandomChecker(0));
    return tid;
}

PinRelay::PinRelay()
    : m_core([this](const PinMessage& message, const InetSocketAddress& to) { Send(message, to); })
{
}

PinRelay::~PinRelay() = default;

void
PinRelay::AddUser(const std::string& pin, const std::string& /* password */)
{
    const auto number = ParsePin(pin);
    NS_ABORT_MSG_UNLESS(number, "PinRelay: " << pin << " is no PIN");
    m_core.AddPin(*number);
}

int64_t
PinRelay::AssignStreams(int64_t first)
{
    m_processingTime->SetStream(first);
    return 1;
}

const PinRelayCore&
PinRelay::GetCore() const
{
    return m_core;
}

void
PinRelay::DoInitialize()
{
    ChatServer::DoInitialize();
    m_processing.SetTime(m_processingTime);
    m_core.SetSettings(
        {m_maxLifetime, m_validityPeriod, m_retransmissionTime, m_maxTransmissions, m_maxStored});
    m_socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    const bool free = m_socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_port)) == 0;
    NS_ABORT_MSG_UNLESS(free, "PinRelay: UDP port " << m_port << " is taken");
    m_socket->SetRecvCallback(MakeCallback(&PinRelay::HandleRead, this));
}

void
PinRelay::DoDispose()
{
    m_timer.Cancel();
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->Close();
        m_socket = nullptr;
    }
    m_processingTime = nullptr;
    ChatServer::DoDispose();
}

void
PinRelay::HandleRead(Ptr<Socket> socket)
{
    Address from;
    while (const Ptr<Packet> packet = socket->RecvFrom(from))
    {
        m_octetsReceived += packet->GetSize();
        const auto source = InetSocketAddress::ConvertFrom(from);
        m_processing.Submit(
            [this, datagram = ToOctets(packet), source]() { Process(datagram, source); });
    }
}

void
PinRelay::Process(const Octets& datagram, const InetSocketAddress& from)
{
    PinMessage message;
    if (DecodePinMessage(datagram, message) != PinError::NONE)
    {
        ++m_malformed;
        return;
    }
    m_core.Receive(message, from, Simulator::Now());
    Rearm();
}

void
PinRelay::Send(const PinMessage& message, const InetSocketAddress& to)
{
    Octets datagram;
    EncodePinMessage(message, datagram);
    m_octetsSent += datagram.size();
    m_socket->SendTo(ToPacket(datagram), 0, to);
}

void
PinRelay::HandleTimer()
{
    m_timer.Expired();
    m_core.Advance(Simulator::Now());
    Rearm();
}

void
PinRelay::Rearm()
{
    m_timer.Arm(m_core.GetDeadline(), &PinRelay::HandleTimer, this);
}

CounterList
PinRelay::GetCounters() const
{
    const auto& counters = m_core.GetCounters();
    return {
        {"pin_registrations", static_cast<double>(counters.registrations)},
        {"pin_address_changes", static_cast<double>(counters.addressChanges)},
        {"pin_accepted", static_cast<double>(counters.accepted)},
        {"pin_refused", static_cast<double>(counters.refused)},
        {"pin_repeated", static_cast<double>(counters.repeated)},
        {"pin_delivered", static_cast<double>(counters.delivered)},
        {"pin_expired", static_cast<double>(counters.expired)},
        {"pin_stored", static_cast<double>(counters.stored)},
        {"pin_reports", static_cast<double>(counters.reports)},
        {"pin_retransmissions", static_cast<double>(counters.retransmissions)},
        {"pin_phones_lost", static_cast<double>(counters.lost)},
        {"pin_malformed", static_cast<double>(m_malformed)},
        {"pin_octets_received", static_cast<double>(m_octetsReceived)},
        {"pin_octets_sent", static_cast<double>(m_octetsSent)},
    };
}

} // namespace p2pim
} // namespace ns3
