// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gprs-mobile-station.h"

#include "ns3/boolean.h"
#include "ns3/enum.h"
#include "ns3/gprs-device.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("GprsMobileStation");
NS_OBJECT_ENSURE_REGISTERED(GprsMobileStation);

TypeId
GprsMobileStation::GetTypeId()
{
    using Gmm = GmmStationSettings;
    using Sm = SmStationSettings;
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
            .AddAttribute("StaticAddress",
                          "The PDP address that the station asks for, one of its access point's "
                          "pool; 0.0.0.0: the network gives it one.",
                          Ipv4AddressValue(Ipv4Address::GetAny()),
                          MakeIpv4AddressAccessor(&GprsMobileStation::m_staticAddress),
                          MakeIpv4AddressChecker())
            .AddAttribute("DelayClass",
                          "Delay class of the PDP context that the station asks for, 1 to 4 (TS "
                          "24.008 10.5.6.5; 4: best effort). 0: the subscribed one, which is 4.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&GprsMobileStation::m_delayClass),
                          MakeUintegerChecker<uint8_t>(0, BEST_EFFORT))
            .AddAttribute("T3302",
                          "How long the station waits before it tries an attach or a routing area "
                          "update again that has failed five times (TS 24.008 table 11.3).",
                          TimeValue(Minutes(12)),
                          MakeTimeAccessor(&GprsMobileStation::SetGmmTimer<&Gmm::t3302>,
                                           &GprsMobileStation::GetGmmTimer<&Gmm::t3302>),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("T3310",
                          "How long the station waits for the answer to an ATTACH REQUEST before "
                          "it sends it again (TS 24.008 table 11.3).",
                          TimeValue(Seconds(15)),
                          MakeTimeAccessor(&GprsMobileStation::SetGmmTimer<&Gmm::t3310>,
                                           &GprsMobileStation::GetGmmTimer<&Gmm::t3310>),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("T3311",
                          "How long the station waits before it tries an attach or a routing area "
                          "update again that has failed (TS 24.008 table 11.3).",
                          TimeValue(Seconds(15)),
                          MakeTimeAccessor(&GprsMobileStation::SetGmmTimer<&Gmm::t3311>,
                                           &GprsMobileStation::GetGmmTimer<&Gmm::t3311>),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("T3321",
                          "How long the station waits for the answer to a DETACH REQUEST (TS "
                          "24.008 table 11.3).",
                          TimeValue(Seconds(15)),
                          MakeTimeAccessor(&GprsMobileStation::SetGmmTimer<&Gmm::t3321>,
                                           &GprsMobileStation::GetGmmTimer<&Gmm::t3321>),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("T3330",
                          "How long the station waits for the answer to a ROUTING AREA UPDATE "
                          "REQUEST (TS 24.008 table 11.3).",
                          TimeValue(Seconds(15)),
                          MakeTimeAccessor(&GprsMobileStation::SetGmmTimer<&Gmm::t3330>,
                                           &GprsMobileStation::GetGmmTimer<&Gmm::t3330>),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("T3380",
                          "How long the station waits for the answer to an ACTIVATE PDP CONTEXT "
                          "REQUEST before it sends it again (TS 24.008 table 11.3a).",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&GprsMobileStation::SetSmTimer<&Sm::t3380>,
                                           &GprsMobileStation::GetSmTimer<&Sm::t3380>),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("T3381",
                          "How long the station waits for the answer to a MODIFY PDP CONTEXT "
                          "REQUEST (TS 24.008 table 11.3a).",
                          TimeValue(Seconds(8)),
                          MakeTimeAccessor(&GprsMobileStation::SetSmTimer<&Sm::t3381>,
                                           &GprsMobileStation::GetSmTimer<&Sm::t3381>),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("T3390",
                          "How long the station waits for the answer to a DEACTIVATE PDP CONTEXT "
                          "REQUEST (TS 24.008 table 11.3a).",
                          TimeValue(Seconds(8)),
                          MakeTimeAccessor(&GprsMobileStation::SetSmTimer<&Sm::t3390>,
                                           &GprsMobileStation::GetSmTimer<&Sm::t3390>),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("MaxAttempts",
                          "How often a request is sent before the procedure fails, 1 to 10 (TS "
                          "24.008: the fifth expiry aborts).",
                          UintegerValue(5),
                          MakeUintegerAccessor(&GprsMobileStation::SetMaxAttempts,
                                               &GprsMobileStation::GetMaxAttempts),
                          MakeUintegerChecker<uint8_t>(1, 10))
            .AddAttribute("SimTime",
                          "Time in which the SIM runs A3/A8 and the handset answers. Own choice.",
                          TimeValue(MilliSeconds(300)),
                          MakeTimeAccessor(&GprsMobileStation::m_simTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("SimKey",
                          "The key of the SIM, in place of Ki. The network's is 0: a station with "
                          "another one fails its authentication.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&GprsMobileStation::m_simKey),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("ProcessingDelay",
                          "Time from the end of an LLC frame's last radio block to the packet in "
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
            .AddAttribute("MobileClass",
                          "What the phone can do at a time (TS 23.060 5.4.5): A both calls or SMS "
                          "and GPRS, B one of them with both attached, C-GPRS and C-GSM only one. "
                          "All commercial GPRS phones were class B (Sauter).",
                          EnumValue(MobileClass::CLASS_B),
                          MakeEnumAccessor(&GprsMobileStation::SetMobileClass,
                                           &GprsMobileStation::GetMobileClass),
                          MakeEnumChecker(MobileClass::CLASS_A,
                                          "A",
                                          MobileClass::CLASS_B,
                                          "B",
                                          MobileClass::CLASS_C_GPRS,
                                          "C-GPRS",
                                          MobileClass::CLASS_C_GSM,
                                          "C-GSM"))
            .AddAttribute("CombinedAttach",
                          "Whether a phone of class A or B attaches to both services by the SGSN "
                          "where the network mode is I (TS 24.008 4.7.3.2): only then is it paged "
                          "for calls and SMS in packet transfer.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&GprsMobileStation::m_combinedAttach),
                          MakeBooleanChecker())
            .AddTraceSource("State",
                            "The station changed its state: the state before and after.",
                            MakeTraceSourceAccessor(&GprsMobileStation::m_stateTrace),
                            "ns3::p2pim::GprsMobileStation::StateTracedCallback")
            .AddTraceSource("BearerLost",
                            "The PDP context has ended, for a cause.",
                            MakeTraceSourceAccessor(&GprsMobileStation::m_lossTrace),
                            "ns3::p2pim::GprsMobileStation::LossTracedCallback")
            .AddTraceSource(
                "Suspension",
                "A phone of class B leaves GPRS for a dedicated channel: true, or comes "
                "back: false.",
                MakeTraceSourceAccessor(&GprsMobileStation::m_suspensionTrace),
                "ns3::p2pim::GprsMobileStation::SuspensionTracedCallback");
    return tid;
}

GprsMobileStation::GprsMobileStation()
    : m_gmm(m_gmmSettings),
      m_sm(m_smSettings)
{
    m_smSettings.maxContexts = 1;
}

GprsMobileStation::~GprsMobileStation() = default;

void
GprsMobileStation::DoDispose()
{
    m_timer.Cancel();
    m_cell = nullptr;
    m_gsm = nullptr;
    m_device = nullptr;
    if (m_otherBearer)
    {
        m_otherBearer->Dispose();
        m_otherBearer = nullptr;
    }
    m_installInterface.Nullify();
    m_waiting.clear();
    m_rlc.reset();
    m_link.reset();
    PacketBearer::DoDispose();
}

void
GprsMobileStation::NotifyNewAggregate()
{
    PacketBearer::NotifyNewAggregate();
    m_gsm = PeekPointer(GetObject<GsmMobileStation>());
    if (m_gsm != nullptr)
    {
        m_gsm->SetPacketSide(this);
    }
}

template <Time GmmStationSettings::*T>
void
GprsMobileStation::SetGmmTimer(Time time)
{
    m_gmmSettings.*T = time;
}

template <Time GmmStationSettings::*T>
Time
GprsMobileStation::GetGmmTimer() const
{
    return m_gmmSettings.*T;
}

template <Time SmStationSettings::*T>
void
GprsMobileStation::SetSmTimer(Time time)
{
    m_smSettings.*T = time;
}

template <Time SmStationSettings::*T>
Time
GprsMobileStation::GetSmTimer() const
{
    return m_smSettings.*T;
}

void
GprsMobileStation::SetMaxAttempts(uint8_t attempts)
{
    m_gmmSettings.transmissions = attempts;
    m_smSettings.transmissions = attempts;
}

uint8_t
GprsMobileStation::GetMaxAttempts() const
{
    return m_gmmSettings.transmissions;
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
    m_gmm.SetImsi(imsi);
}

void
GprsMobileStation::SetCell(Ptr<GprsCell> cell)
{
    m_cell = cell;
}

void
GprsMobileStation::SetLinkSettings(const LogicalLinkSettings& settings)
{
    m_linkSettings = settings;
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

LogicalLink&
GprsMobileStation::GetLink()
{
    if (!m_link)
    {
        m_link = std::make_unique<LogicalLink>(LlcSide::MS, m_linkSettings);
    }
    return *m_link;
}

void
GprsMobileStation::TimerExpired()
{
    m_timer.Expired();
    const Time now = Simulator::Now();
    if (m_gmm.GetDeadline() <= now)
    {
        if (m_gmm.IsAttemptingToAttach())
        {
            ResetLink();
        }
        m_gmm.Expire(now);
    }
    if (m_sm.GetDeadline() <= now)
    {
        m_sm.Expire(now);
    }
    if (m_link && m_link->GetDeadline() <= now)
    {
        SendFrames(m_link->Expire(now));
    }
    if (m_transfers)
    {
        for (const SmsTransfers::Result& result : m_transfers->Expire(now))
        {
            HandleTransfer(result);
        }
    }
    Update();
}

void
GprsMobileStation::Update()
{
    for (const GmmStation::Event event : m_gmm.TakeEvents())
    {
        HandleEvent(event);
    }
    for (const SmStation::Event& event : m_sm.TakeEvents())
    {
        HandleEvent(event);
    }
    for (const GmmMessage& message : m_gmm.TakeMessages())
    {
        SendSignalling(ToGmmSm(message));
    }
    for (const SmMessage& message : m_sm.TakeMessages())
    {
        SendSignalling(ToGmmSm(message));
    }
    UpdateState();
    const Time link = m_link ? m_link->GetDeadline() : Time::Max();
    const Time transfers = m_transfers ? m_transfers->GetDeadline() : Time::Max();
    m_timer.Arm(std::min({m_gmm.GetDeadline(), m_sm.GetDeadline(), link, transfers}),
                &GprsMobileStation::TimerExpired,
                this);
}

void
GprsMobileStation::SendSignalling(const GmmSmMessage& message)
{
    SendFrames(GetLink().SendSignalling(Simulator::Now(), EncodeGmmSm(message)));
}

void
GprsMobileStation::SendFrames(const LogicalLink::Frames& frames)
{
    for (const LlcPdu& frame : frames)
    {
        m_gmm.NotifySent(Simulator::Now());
        m_cell->SendUplink(this, frame);
    }
}

bool
GprsMobileStation::SendPacket(Ptr<Packet> packet)
{
    OctetLedger& ledger = m_cell->GetStationOctets().uplink;
    ledger.In(packet->GetSize());
    if (!IsUp() || !GetLink().IsActive(NSAPI))
    {
        ledger.Lose(packet->GetSize(), LossCause::NO_CONTEXT);
        return false;
    }
    const LogicalLink::Frames frames =
        GetLink().SendNpdu(Simulator::Now(), NSAPI, packet, GetQos());
    ledger.Out(packet->GetSize());
    SendFrames(frames);
    Update();
    return true;
}

void
GprsMobileStation::ReceivePage()
{
    if (m_gmm.IsRegistered() && IsReachable() && !m_suspended)
    {
        SendFrames({GetLink().MakeEmptyFrame()});
        Update();
    }
}

void
GprsMobileStation::ReceiveDownlink(const LlcPdu& pdu)
{
    GprsStationOctets& ledgers = m_cell->GetStationOctets();
    const uint32_t octets = pdu.frame->GetSize();
    if (!GetLink().IsAssigned(pdu.tlli))
    {
        ledgers.llcDownlink.In(octets);
        ledgers.llcDownlink.Lose(octets, LossCause::NO_CONTEXT); // of before an attach
        return;
    }
    LogicalLink::Frames answers;
    const LogicalLink::Received received = GetLink().Receive(Simulator::Now(), pdu.frame, answers);
    received.CountFrame(octets, ledgers.llcDownlink);
    received.CountSndcp(ledgers.sndcpDownlink);
    for (const Octets& message : received.signalling)
    {
        ReceiveSignalling(message);
    }
    for (const Octets& message : received.shortMessages)
    {
        ReceiveShortMessage(message);
    }
    SendFrames(answers);
    Update();
    for (const auto& npdu : received.npdus)
    {
        const uint32_t size = npdu.second->GetSize();
        ledgers.downlink.In(size);
        if (!m_device)
        {
            ledgers.downlink.Lose(size, LossCause::NO_CONTEXT);
            continue;
        }
        ledgers.downlink.Out(size);
        m_device->Receive(npdu.second);
    }
}

void
GprsMobileStation::ReceiveSignalling(const Octets& octets)
{
    const auto message = DecodeGmmSm(octets, GmmSmDirection::DOWNLINK);
    if (!message)
    {
        NS_LOG_WARN("a GMM or SM message that does not decode");
        return;
    }
    if (const auto* request = std::get_if<AuthenticationAndCipheringRequest>(&*message))
    {
        Authenticate(*request);
        return;
    }
    std::visit(
        [this](const auto& each) {
            if constexpr (std::is_constructible_v<GmmMessage, decltype(each)>)
            {
                m_gmm.Receive(Simulator::Now(), each);
            }
            else
            {
                m_sm.Receive(Simulator::Now(), each);
            }
        },
        *message);
}

/// In place of A3 with the subscriber's key: the first octets of the challenge, and the key.
void
GprsMobileStation::Authenticate(const AuthenticationAndCipheringRequest& request)
{
    const Octets rand(request.rand.begin(), request.rand.end());
    AuthenticationAndCipheringResponse response;
    response.sres = FieldReader(rand).U32() ^ m_simKey;
    response.reference = request.reference;
    const GmmSmMessage message = response;
    Simulator::Schedule(m_simTime, &GprsMobileStation::SendSignalling, this, message);
}

bool
GprsMobileStation::IsReady() const
{
    return m_gmm.IsReady(Simulator::Now());
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
    const bool goingOff = m_rlc && m_rlc->uplink.state != TemporaryBlockFlow::State::NONE;
    return !m_gsm || (m_gsm->IsCovered() && (m_gsm->IsPoweredOn() || goingOff));
}

bool
GprsMobileStation::IsPoweredOn() const
{
    return !m_gsm || m_gsm->IsPoweredOn();
}

Time
GprsMobileStation::GetProcessingDelay() const
{
    return m_processingDelay;
}

const RlcEntity*
GprsMobileStation::FindRlc() const
{
    return m_rlc.get();
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
