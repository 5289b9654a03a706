// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/pin-service.h"

#include "ns3/boolean.h"
#include "ns3/octets.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(PinService);

TypeId
PinService::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::PinService")
            .SetParent<PageModeService>()
            .SetGroupName("P2pim")
            .AddConstructor<PinService>()
            .AddAttribute("LocalPort",
                          "The phone's UDP port. Own choice, from the dynamic range (RFC 6335 6).",
                          UintegerValue(49440),
                          MakeUintegerAccessor(&PinService::m_localPort),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("RegistrationLifetime",
                          "How long the relay keeps a registration that is not renewed, whole "
                          "seconds. Own choice: three keep-alive intervals, so that two may be "
                          "lost.",
                          TimeValue(Minutes(30)),
                          MakeTimeAccessor(&PinService::m_lifetime),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("KeepAliveInterval",
                          "Time from a registration to the next one, which also keeps the way "
                          "through a NAT open; 0 for none. Default: as that of ImServerClient, to "
                          "compare like with like; within the idle timers of most cellular NATs "
                          "(Wang et al., SIGCOMM 2011).",
                          TimeValue(Minutes(10)),
                          MakeTimeAccessor(&PinService::m_keepAliveInterval),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("RetransmissionTime",
                          "Time from the first transmission of a request to the second; doubled "
                          "each time. Own choice: more than a round trip over an idle GPRS phone.",
                          TimeValue(Seconds(4)),
                          MakeTimeAccessor(&PinService::m_retransmissionTime),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("MaxTransmissions",
                          "Transmissions of a request before the relay counts as unreachable, 1 "
                          "to 10. Own choice: with RetransmissionTime 124 s, within "
                          "PeerToPeerClient's InvitationTimeout.",
                          UintegerValue(5),
                          MakeUintegerAccessor(&PinService::m_maxTransmissions),
                          MakeUintegerChecker<uint32_t>(1, 10))
            .AddAttribute("ValidityPeriod",
                          "How long the relay keeps a message for a receiver that it cannot "
                          "reach, whole seconds; 0 for the relay's own.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&PinService::m_validityPeriod),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("DeliveryReports",
                          "Whether the relay is asked to report what becomes of a message; see "
                          "the trace source Report.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&PinService::m_deliveryReports),
                          MakeBooleanChecker())
            .AddTraceSource("Registered",
                            "The registration stands, or has ended.",
                            MakeTraceSourceAccessor(&PinService::m_registeredTrace),
                            "ns3::p2pim::PinService::RegisteredTracedCallback")
            .AddTraceSource("Report",
                            "What has become of a message: the receiver's PIN, and OK or EXPIRED.",
                            MakeTraceSourceAccessor(&PinService::m_reportTrace),
                            "ns3::p2pim::PinService::ReportTracedCallback");
    return tid;
}

PinService::PinService()
    : m_endpoint(*this)
{
}

PinService::~PinService() = default;

void
PinService::DoDispose()
{
    m_timer.Cancel();
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->Close();
        m_socket = nullptr;
    }
    m_waiting.clear();
    m_submissions.clear();
    m_listeners.clear();
    m_bearer = nullptr;
    m_phone = nullptr;
    PageModeService::DoDispose();
}

void
PinService::Mount(Ptr<Node> phone, uint32_t pin, const InetSocketAddress& relay)
{
    m_phone = phone;
    m_bearer = phone->GetObject<PacketBearer>();
    m_relay = relay;
    // ids go on after a restart, so that the relay does not take new messages for repetitions
    const auto firstId = static_cast<uint32_t>(Simulator::Now().GetMilliSeconds());
    m_endpoint.SetUp(pin,
                     firstId,
                     {m_lifetime,
                      m_keepAliveInterval,
                      m_retransmissionTime,
                      m_maxTransmissions,
                      m_validityPeriod,
                      m_deliveryReports});
}

bool
PinService::IsRegistered() const
{
    return m_endpoint.IsRegistered();
}

CounterList
PinService::GetCounters() const
{
    return m_endpoint.GetCounters();
}

uint32_t
PinService::GetMaxUserData() const
{
    return PIN_MAX_USER_DATA;
}

// --- registration ---

void
PinService::GoOnline()
{
    m_bearer->BringUp(MakeCallback(+[]() {}), MakeCallback(&PinService::BearerUp, this));
}

void
PinService::BearerUp(bool up, const std::string& cause)
{
    if (!up)
    {
        for (const auto& [message, done] : std::exchange(m_waiting, {}))
        {
            done(false, cause);
        }
        return;
    }
    if (!m_socket)
    {
        m_socket = Socket::CreateSocket(m_phone, UdpSocketFactory::GetTypeId());
        m_socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_localPort));
        m_socket->SetRecvCallback(MakeCallback(&PinService::HandleRead, this));
    }
    m_endpoint.Register(m_bearer->GetAddress(), Simulator::Now());
    for (auto& [message, done] : std::exchange(m_waiting, {}))
    {
        m_submissions.emplace(m_endpoint.Submit(std::move(message), Simulator::Now()), done);
    }
    Rearm();
}

void
PinService::CheckAddress()
{
    if (m_socket && m_bearer->IsUp())
    {
        BearerUp(true, "");
    }
}

void
PinService::GoOffline()
{
    m_endpoint.Leave();
    m_timer.Cancel();
}

void
PinService::HandleRegistered(bool registered)
{
    m_registeredTrace(registered);
}

// --- messages ---

void
PinService::Submit(const std::string& destination,
                   uint16_t destinationPort,
                   uint16_t originatorPort,
                   const std::vector<uint8_t>& userData,
                   SubmitCallback done)
{
    const auto pin = ParsePin(destination);
    if (!pin || userData.size() > PIN_MAX_USER_DATA)
    {
        done(false, pin ? "pin message too long" : "pin malformed");
        return;
    }
    PinMessage message;
    message.peer = *pin;
    message.destinationPort = destinationPort;
    message.originatorPort = originatorPort;
    message.userData = userData;
    m_waiting.emplace_back(std::move(message), done);
    GoOnline();
}

void
PinService::HandleSubmitted(uint32_t id, const char* cause)
{
    const auto found = m_submissions.find(id);
    const SubmitCallback done = found->second;
    m_submissions.erase(found);
    const std::string text(cause);
    done(text.empty(), text);
}

void
PinService::Listen(uint16_t port, ReceiveCallback received)
{
    if (received.IsNull())
    {
        m_listeners.erase(port);
        return;
    }
    m_listeners[port] = received;
}

void
PinService::HandleMessage(const PinMessage& message)
{
    const auto found = m_listeners.find(message.destinationPort);
    if (found != m_listeners.end())
    {
        const ReceiveCallback received = found->second;
        received(FormatPin(message.peer), message.userData);
    }
}

void
PinService::HandleReport(const PinMessage& report)
{
    m_reportTrace(FormatPin(report.peer), report.status);
}

// --- datagrams and times ---

bool
PinService::SendToRelay(const PinMessage& message)
{
    Octets datagram;
    return EncodePinMessage(message, datagram) == PinError::NONE &&
           m_socket->SendTo(ToPacket(datagram), 0, *m_relay) >= 0;
}

void
PinService::HandleRead(Ptr<Socket> socket)
{
    Address from;
    while (const Ptr<Packet> packet = socket->RecvFrom(from))
    {
        PinMessage message;
        const auto error = DecodePinMessage(ToOctets(packet), message);
        if (error == PinError::NONE && from == Address(*m_relay))
        {
            m_endpoint.Receive(message, Simulator::Now());
        }
    }
    Rearm();
}

void
PinService::HandleTimer()
{
    m_timer.Expired();
    CheckAddress();
    m_endpoint.Advance(Simulator::Now());
    Rearm();
}

void
PinService::Rearm()
{
    m_timer.Arm(m_endpoint.GetDeadline(), &PinService::HandleTimer, this);
}

} // namespace p2pim
} // namespace ns3
