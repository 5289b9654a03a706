// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gprs-mobile-station.h"

#include "ns3/gprs-device.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("GprsMobileStation");
NS_OBJECT_ENSURE_REGISTERED(GprsMobileStation);

namespace
{

constexpr uint8_t NSAPI = 5;

} // namespace

TypeId
GprsMobileStation::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::GprsMobileStation")
            .SetParent<PacketBearer>()
            .SetGroupName("P2pim")
            .AddConstructor<GprsMobileStation>()
            .AddAttribute("Apn",
                          "The access point name that the station asks for.",
                          StringValue("internet"),
                          MakeStringAccessor(&GprsMobileStation::m_apn),
                          MakeStringChecker())
            .AddAttribute("T3310",
                          "How long the station waits for the answer to an ATTACH REQUEST before "
                          "it sends it again (TS 24.008 table 11.3).",
                          TimeValue(Seconds(15)),
                          MakeTimeAccessor(&GprsMobileStation::m_t3310),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("T3380",
                          "How long the station waits for the answer to an ACTIVATE PDP CONTEXT "
                          "REQUEST before it sends it again (TS 24.008 table 11.3).",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&GprsMobileStation::m_t3380),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("MaxAttempts",
                          "How often a request is sent before the procedure fails, 1 to 10 (TS "
                          "24.008: the fifth expiry aborts).",
                          UintegerValue(5),
                          MakeUintegerAccessor(&GprsMobileStation::m_maxAttempts),
                          MakeUintegerChecker<uint8_t>(1, 10))
            .AddAttribute("SimTime",
                          "Time in which the SIM runs A3/A8 and the handset answers. Own choice.",
                          TimeValue(MilliSeconds(300)),
                          MakeTimeAccessor(&GprsMobileStation::m_simTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("ProcessingDelay",
                          "Time from the end of an LLC PDU's last radio block to the packet in "
                          "the phone's IP stack. Own choice, part of target C7.",
                          TimeValue(MilliSeconds(40)),
                          MakeTimeAccessor(&GprsMobileStation::m_processingDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("MultislotClass",
                          "Multislot class, 1 to 12 (TS 45.002 annex B), or with fewer slots than "
                          "it allows: 10:2+1 is class 10 with two slots down and one up.",
                          StringValue("8"),
                          MakeStringAccessor(&GprsMobileStation::SetMultislotClass,
                                             &GprsMobileStation::GetMultislotClass),
                          MakeStringChecker())
            .AddTraceSource("State",
                            "The station changed its state: the state before and after.",
                            MakeTraceSourceAccessor(&GprsMobileStation::m_stateTrace),
                            "ns3::p2pim::GprsMobileStation::StateTracedCallback");
    return tid;
}

GprsMobileStation::GprsMobileStation()
    : m_address(Ipv4Address::GetAny())
{
}

GprsMobileStation::~GprsMobileStation() = default;

void
GprsMobileStation::DoDispose()
{
    m_guard.Cancel();
    m_cell = nullptr;
    m_device = nullptr;
    m_installInterface.Nullify();
    m_waiting.clear();
    m_rlc.reset();
    PacketBearer::DoDispose();
}

void
GprsMobileStation::NotifyNewAggregate()
{
    PacketBearer::NotifyNewAggregate();
    m_gsm = PeekPointer(GetObject<GsmMobileStation>());
}

bool
GprsMobileStation::SetMultislotClass(const std::string& text)
{
    const auto slots = ParseMultislotClass(text);
    if (slots)
    {
        m_multislotText = text;
        m_slots = *slots;
    }
    return slots.has_value();
}

std::string
GprsMobileStation::GetMultislotClass() const
{
    return m_multislotText;
}

void
GprsMobileStation::SetIdentity(uint64_t imsi, uint32_t nodeId)
{
    m_imsi = imsi;
    m_nodeId = nodeId;
}

void
GprsMobileStation::SetCell(Ptr<GprsCell> cell)
{
    m_cell = cell;
}

void
GprsMobileStation::SetInterfaceCallback(InterfaceCallback installed)
{
    m_installInterface = installed;
}

void
GprsMobileStation::SetDevice(Ptr<GprsDevice> device)
{
    m_device = device;
}

bool
GprsMobileStation::IsUp() const
{
    return m_state == State::CONTEXT_ACTIVE;
}

Ipv4Address
GprsMobileStation::GetAddress() const
{
    return m_address;
}

void
GprsMobileStation::BringUp(AttachedCallback attached, DoneCallback done)
{
    if (IsUp())
    {
        attached();
        done(true, "");
        return;
    }
    m_wantsContext = true;
    switch (m_state)
    {
    case State::DETACHED:
        m_waiting.push_back({attached, done});
        Attach();
        break;
    case State::ATTACHING:
        m_waiting.push_back({attached, done});
        break;
    case State::ATTACHED:
        attached();
        m_waiting.push_back({{}, done});
        StartActivation();
        break;
    default:
        attached();
        m_waiting.push_back({{}, done});
        break;
    }
}

void
GprsMobileStation::Attach()
{
    if (m_state != State::DETACHED)
    {
        return;
    }
    SetState(State::ATTACHING);
    m_attempts = 0;
    SendAttachRequest();
}

void
GprsMobileStation::SendAttachRequest()
{
    ++m_attempts;
    Arm(m_t3310);
    Send(AttachRequest{m_imsi});
}

void
GprsMobileStation::StartActivation()
{
    SetState(State::ACTIVATING);
    m_attempts = 0;
    SendActivateRequest();
}

void
GprsMobileStation::SendActivateRequest()
{
    ++m_attempts;
    Arm(m_t3380);
    Send(ActivatePdpContextRequest{NSAPI, m_apn});
}

void
GprsMobileStation::Arm(Time timer)
{
    m_guard.Cancel();
    m_guard = Simulator::Schedule(timer, &GprsMobileStation::GuardExpired, this);
}

void
GprsMobileStation::GuardExpired()
{
    if (m_attempts >= m_maxAttempts)
    {
        Fail(m_state == State::ATTACHING ? "gprs attach timeout" : "pdp activation timeout");
        return;
    }
    if (m_state == State::ATTACHING)
    {
        SendAttachRequest();
    }
    else
    {
        SendActivateRequest();
    }
}

void
GprsMobileStation::Fail(const std::string& cause)
{
    m_guard.Cancel();
    m_wantsContext = false;
    SetState(m_state == State::ATTACHING ? State::DETACHED : State::ATTACHED);
    auto waiting = std::exchange(m_waiting, {});
    for (auto& each : waiting)
    {
        each.done(false, cause);
    }
}

void
GprsMobileStation::SetState(State state)
{
    NS_LOG_FUNCTION(this << static_cast<int>(m_state) << static_cast<int>(state));
    m_stateTrace(m_state, state);
    m_state = state;
}

void
GprsMobileStation::Send(const GmmSmMessage& message)
{
    m_cell->SendUplink(this, {ToPacket(EncodeGmmSm(message)), LlcSapi::GMM});
}

bool
GprsMobileStation::SendPacket(Ptr<Packet> packet)
{
    if (!IsUp())
    {
        return false;
    }
    m_cell->SendUplink(this, {packet, LlcSapi::DATA});
    return true;
}

void
GprsMobileStation::ReceivePage()
{
    m_cell->SendUplink(this, {Create<Packet>(), LlcSapi::GMM});
}

void
GprsMobileStation::ReceiveDownlink(const LlcPdu& pdu)
{
    if (pdu.sapi == LlcSapi::DATA)
    {
        if (m_device)
        {
            m_device->Receive(pdu.packet);
        }
        return;
    }
    const auto message = DecodeGmmSm(ToOctets(pdu.packet), GmmSmDirection::DOWNLINK);
    if (!message)
    {
        NS_LOG_WARN("a GMM or SM message that does not decode");
        return;
    }
    std::visit([this](const auto& each) { Handle(each); }, *message);
}

void
GprsMobileStation::Handle(const AuthenticationAndCipheringRequest& message)
{
    // in place of A3 with the subscriber's key: the first octets of the challenge
    const Octets rand(message.rand.begin(), message.rand.end());
    const GmmSmMessage response = AuthenticationAndCipheringResponse{FieldReader(rand).U32()};
    Simulator::Schedule(m_simTime, &GprsMobileStation::Send, this, response);
}

void
GprsMobileStation::Handle(const AttachAccept&)
{
    if (m_state != State::ATTACHING)
    {
        return;
    }
    m_guard.Cancel();
    SetState(State::ATTACHED);
    Send(AttachComplete{});
    for (auto& each : m_waiting)
    {
        each.attached();
    }
    if (m_wantsContext)
    {
        StartActivation();
    }
}

void
GprsMobileStation::Handle(const AttachReject&)
{
    if (m_state == State::ATTACHING)
    {
        Fail("gprs attach rejected");
    }
}

void
GprsMobileStation::Handle(const ActivatePdpContextAccept& message)
{
    if (m_state != State::ACTIVATING)
    {
        return;
    }
    m_guard.Cancel();
    m_address = message.address;
    SetState(State::CONTEXT_ACTIVE);
    m_installInterface(Ptr<GprsMobileStation>(this), m_address);
    auto waiting = std::exchange(m_waiting, {});
    for (auto& each : waiting)
    {
        each.done(true, "");
    }
}

void
GprsMobileStation::Handle(const ActivatePdpContextReject& message)
{
    if (m_state == State::ACTIVATING)
    {
        Fail("pdp activation rejected, cause " + std::to_string(static_cast<int>(message.cause)));
    }
}

GprsMobileStation::State
GprsMobileStation::GetState() const
{
    return m_state;
}

uint64_t
GprsMobileStation::GetImsi() const
{
    return m_imsi;
}

Ptr<GprsCell>
GprsMobileStation::GetCell() const
{
    return m_cell;
}

uint32_t
GprsMobileStation::GetNodeId() const
{
    return m_nodeId;
}

const MultislotClass&
GprsMobileStation::GetSlots() const
{
    return m_slots;
}

const GsmMobileStation*
GprsMobileStation::GetGsmMobileStation() const
{
    return m_gsm;
}

bool
GprsMobileStation::IsReachable() const
{
    return !m_gsm || m_gsm->IsReachable();
}

Time
GprsMobileStation::GetProcessingDelay() const
{
    return m_processingDelay;
}

RlcEntity&
GprsMobileStation::GetRlc()
{
    if (!m_rlc)
    {
        m_rlc = std::make_unique<RlcEntity>();
    }
    return *m_rlc;
}

} // namespace p2pim
} // namespace ns3
