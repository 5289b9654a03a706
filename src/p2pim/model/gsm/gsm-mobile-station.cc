// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gsm-mobile-station.h"

#include "ns3/attribute-checkers.h"
#include "ns3/boolean.h"
#include "ns3/gsm-cell.h"
#include "ns3/log.h"
#include "ns3/msc-vlr.h"
#include "ns3/ns3-compatibility.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("GsmMobileStation");
NS_OBJECT_ENSURE_REGISTERED(GsmMobileStation);

namespace
{

/// Tells the packet-switched side, if there is one, that its phone can be reached again.
void
TellIfReachable(PacketSide* side, bool before, bool now)
{
    if (side && !before && now)
    {
        side->BecameReachable();
    }
}

} // namespace

TypeId
GsmMobileStation::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::GsmMobileStation")
            .SetParent<PageModeService>()
            .SetGroupName("P2pim")
            .AddConstructor<GsmMobileStation>()
            .AddAttribute(
                "SimAuthenticationTime",
                "From an AUTHENTICATION REQUEST to its response: RUN GSM ALGORITHM in the "
                "SIM (TS 51.011 8.16), some 40 octets at 9.6 kbit/s and 200 ms of A3 and "
                "A8. Own estimate.",
                TimeValue(MilliSeconds(250)),
                MakeTimeAccessor(&GsmMobileStation::m_simAuthenticationTime),
                MakeTimeChecker(Seconds(0)))
            .AddAttribute("ProcessingTime",
                          "From any other L3 message to its answer. Own estimate.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&GsmMobileStation::m_processingTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("StorageTime",
                          "From an SMS-DELIVER to its RP-ACK: the message is written to the SIM or "
                          "to memory. Own estimate.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&GsmMobileStation::m_storageTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("TR1M",
                          "Wait for the RP-ACK, 35-45 s (TS 24.011 10).",
                          TimeValue(Seconds(40)),
                          MakeTimeAccessor(&GsmMobileStation::m_tr1m),
                          MakeTimeChecker(Seconds(35), Seconds(45)))
            .AddAttribute("TR2M",
                          "Wait for the answer to an RP-DATA from above, 12-20 s (TS 24.011 10).",
                          TimeValue(Seconds(15)),
                          MakeTimeAccessor(&GsmMobileStation::m_tr2m),
                          MakeTimeChecker(Seconds(12), Seconds(20)))
            .AddAttribute("TC1M",
                          "TC1*: wait for the CP-ACK (TS 24.011 5.3.2.1); libosmocore: (TR1M - 10 "
                          "s) / 3.",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&GsmMobileStation::m_tc1m),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("MaxCpRetransmissions",
                          "Most repetitions of a CP-DATA, 1-3 (TS 24.011 5.3.2.1); libosmocore: 2.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&GsmMobileStation::m_maxCpRetransmissions),
                          MakeUintegerChecker<uint32_t>(1, 3))
            .AddAttribute("T3210",
                          "Wait for the LOCATION UPDATING ACCEPT (TS 24.008 table 11.1).",
                          TimeValue(Seconds(20)),
                          MakeTimeAccessor(&GsmMobileStation::m_t3210),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("T3211",
                          "From a location updating that failed to the next, up to the fourth (TS "
                          "24.008 table 11.1).",
                          TimeValue(Seconds(15)),
                          MakeTimeAccessor(&GsmMobileStation::m_t3211),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("T3220",
                          "Wait for the CHANNEL RELEASE after an IMSI DETACH INDICATION (TS 24.008 "
                          "table 11.1).",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&GsmMobileStation::m_t3220),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("T3230",
                          "Wait for the MM connection (TS 24.008 table 11.1).",
                          TimeValue(Seconds(15)),
                          MakeTimeAccessor(&GsmMobileStation::m_t3230),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("T3240",
                          "Wait for the CHANNEL RELEASE (TS 24.008 table 11.1).",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&GsmMobileStation::m_t3240),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("TRAM",
                          "From an RP-SMMA that failed to the next, 25-35 s (TS 24.011 10).",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&GsmMobileStation::m_tram),
                          MakeTimeChecker(Seconds(25), Seconds(35)))
            .AddAttribute("MaxAccessAttempts",
                          "Tries to get a channel for one message, each after T3122 or a failed "
                          "random access, before it is reported as not sent. Own choice.",
                          UintegerValue(3),
                          MakeUintegerAccessor(&GsmMobileStation::m_maxAccessAttempts),
                          MakeUintegerChecker<uint32_t>(1, 100))
            .AddAttribute("MessageMemory",
                          "How many messages the phone holds until the user reads them, 0: no "
                          "limit. A full phone refuses a message with RP cause 22; a SIM card of "
                          "the time has room for 10 to 30.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&GsmMobileStation::m_messageMemory),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("ReassemblyTimeout",
                          "How long the segments of a message wait for the others. Own choice.",
                          TimeValue(Hours(24)),
                          MakeTimeAccessor(&GsmMobileStation::m_reassemblyTimeout),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("SubmissionRetries",
                          "How often a message whose RP-ACK did not come is sent once more, with "
                          "the same TP-MR. Own choice.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&GsmMobileStation::m_submissionRetries),
                          MakeUintegerChecker<uint32_t>(0, 100))
            .AddAttribute("SubmissionRetryTime",
                          "From such a failure to the repetition. Own choice.",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&GsmMobileStation::m_submissionRetryTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("RejectDuplicates",
                          "Whether a repetition has TP-RD set, so that the SMSC drops it if it has "
                          "the message (TS 23.040 9.2.3.25).",
                          BooleanValue(true),
                          MakeBooleanAccessor(&GsmMobileStation::m_rejectDuplicates),
                          MakeBooleanChecker())
            .AddAttribute("ValidityPeriod",
                          "TP-VP of the messages sent, relative format (TS 23.040 9.2.3.12.1); 170 "
                          "is 4 days.",
                          UintegerValue(170),
                          MakeUintegerAccessor(&GsmMobileStation::m_validityPeriod),
                          MakeUintegerChecker<uint8_t>())
            .AddAttribute("ServiceCentre",
                          "The SMSC's address: E.164 digits without +.",
                          StringValue("441234500000"),
                          MakeStringAccessor(&GsmMobileStation::m_serviceCentre),
                          MakeDigitsChecker(20))
            .AddTraceSource("MmState",
                            "The MM state changes: from, to.",
                            MakeTraceSourceAccessor(&GsmMobileStation::m_stateTrace),
                            "ns3::p2pim::GsmMobileStation::MmStateTracedCallback")
            .AddTraceSource("Message",
                            "A message for the user is complete, one that goes to no listener's "
                            "port: sender, message.",
                            MakeTraceSourceAccessor(&GsmMobileStation::m_messageTrace),
                            "ns3::p2pim::GsmMobileStation::MessageTracedCallback")
            .AddTraceSource("StatusReport",
                            "A status report has come.",
                            MakeTraceSourceAccessor(&GsmMobileStation::m_reportTrace),
                            "ns3::p2pim::GsmMobileStation::StatusReportTracedCallback")
            .AddTraceSource("Hop",
                            "A hop of a message from or to this phone: reference, hop, time.",
                            MakeTraceSourceAccessor(&GsmMobileStation::m_hopTrace),
                            "ns3::p2pim::Smsc::HopTracedCallback");
    return tid;
}

GsmMobileStation::GsmMobileStation()
{
    m_inbox.SetMessageFunction([this](const SmsAddress& from, const ShortMessage& message) {
        m_messageTrace(from, message);
    });
    m_inbox.SetReportFunction([this](const SmsStatusReport& report) { m_reportTrace(report); });
}

GsmMobileStation::~GsmMobileStation() = default;

void
GsmMobileStation::DoDispose()
{
    m_retry.Cancel();
    m_timer.Cancel();
    m_packetSide = nullptr;
    m_session.reset();
    m_updating.Cancel();
    m_queue.clear();
    m_inbox.Clear();
    if (m_cell)
    {
        m_cell->Leave(m_imsi);
        m_cell = nullptr;
    }
    m_energy = nullptr;
    PageModeService::DoDispose();
}

void
GsmMobileStation::SetIdentity(uint64_t imsi, const std::string& msisdn)
{
    m_imsi = imsi;
    m_msisdn = msisdn;
    m_msisdnDigits = ParseDigits(msisdn).value_or(0);
}

uint64_t
GsmMobileStation::GetImsi() const
{
    return m_imsi;
}

const std::string&
GsmMobileStation::GetMsisdn() const
{
    return m_msisdn;
}

void
GsmMobileStation::SetCell(Ptr<GsmCell> cell)
{
    if (m_cell)
    {
        StartReselection(cell);
        EndReselection();
        return;
    }
    m_cell = cell;
    m_cell->GetMsc()->AddSubscriber(m_imsi, m_msisdnDigits, PeekPointer(m_cell));
    m_registration.Register(m_cell->GetLocationAreaCode(), Simulator::Now());
    // periodic updatings are spread over T3212
    constexpr uint64_t odd = 0x9E3779B97F4A7C15;
    const double phase = static_cast<double>(m_imsi * odd >> 11) / static_cast<double>(1ULL << 53);
    m_registration.NotifyContact(Simulator::Now() -
                                 Seconds(phase * m_cell->GetT3212().GetSeconds()));
    FollowReachability(false);
}

void
GsmMobileStation::StartReselection(Ptr<GsmCell> cell)
{
    m_reselecting = true;
    m_detachDue = false;
    m_cell->Leave(m_imsi);
    DropSession();
    m_cell = cell;
    FollowEnergy();
}

void
GsmMobileStation::EndReselection()
{
    m_reselecting = false;
    if (m_cell->GetLocationAreaCode() != m_registration.GetArea())
    {
        m_registration.Require(LocationUpdatingType::NORMAL);
    }
    FollowReachability(false);
    TellIfReachable(m_packetSide, false, IsReachable());
    FollowEnergy();
}

Ptr<GsmCell>
GsmMobileStation::GetCell() const
{
    return m_cell;
}

bool
GsmMobileStation::IsReachable() const
{
    return m_poweredOn && IsCovered();
}

bool
GsmMobileStation::IsPoweredOn() const
{
    return m_poweredOn;
}

bool
GsmMobileStation::IsCovered() const
{
    return m_covered && !m_reselecting;
}

bool
GsmMobileStation::IsConnected() const
{
    return m_session != nullptr;
}

void
GsmMobileStation::SetPacketSide(PacketSide* side)
{
    m_packetSide = side;
}

/// Whether the circuit-switched side can be used.
bool
GsmMobileStation::IsServed() const
{
    return IsReachable() && m_circuitService;
}

bool
GsmMobileStation::HasCircuitService() const
{
    return m_circuitService;
}

void
GsmMobileStation::SetPoweredOn(bool on)
{
    if (on == m_poweredOn)
    {
        return;
    }
    if (!on && m_packetSide)
    {
        m_packetSide->SwitchingOff();
    }
    m_poweredOn = on;
    if (m_circuitService)
    {
        ChangeService(on);
    }
    TellIfReachable(m_packetSide, !on, IsReachable());
    FollowEnergy();
}

void
GsmMobileStation::SetCircuitService(bool used)
{
    if (used != m_circuitService)
    {
        m_circuitService = used;
        if (m_poweredOn)
        {
            ChangeService(used);
        }
    }
}

/// The circuit-switched side is switched on or off.
void
GsmMobileStation::ChangeService(bool on)
{
    const bool wasReachable = !on && IsCovered();
    const bool announced = m_cell->HasImsiAttachDetach();
    if (on)
    {
        StopDetach();
        if (announced)
        {
            m_registration.Require(LocationUpdatingType::IMSI_ATTACH);
        }
        FollowReachability(wasReachable);
    }
    else if (announced && IsCovered())
    {
        m_retry.Cancel();
        m_detachDue = true;
        if (m_session && m_session->Detach())
        {
            CheckSession();
        }
        else
        {
            StartNext();
        }
    }
    else
    {
        FollowReachability(wasReachable);
    }
    FollowEnergy();
}

void
GsmMobileStation::StartPoweredOff()
{
    m_poweredOn = false;
    StartDetached();
}

void
GsmMobileStation::StartWithoutCircuitService()
{
    m_circuitService = false;
    StartDetached();
}

void
GsmMobileStation::StartDetached()
{
    m_cell->Leave(m_imsi);
    m_cell->GetMsc()->AddDetached(m_imsi);
    FollowEnergy();
}

/// The phone falls silent, whether it has said that it is off or not.
void
GsmMobileStation::StopDetach()
{
    if (m_detachDue)
    {
        m_detachDue = false;
        m_cell->Leave(m_imsi);
        DropSession();
        FollowEnergy();
    }
}

void
GsmMobileStation::SetCovered(bool covered)
{
    const bool wasServed = IsServed();
    const bool wasReachable = IsReachable();
    m_covered = covered;
    StopDetach();
    FollowReachability(wasServed);
    TellIfReachable(m_packetSide, wasReachable, IsReachable());
    FollowEnergy();
}

void
GsmMobileStation::FollowReachability(bool wasReachable)
{
    if (IsServed() == wasReachable)
    {
        return;
    }
    if (wasReachable)
    {
        m_cell->Leave(m_imsi);
        DropSession();
        return;
    }
    m_cell->Camp(m_imsi, this);
    StartNext();
    PlanUpdating();
}

void
GsmMobileStation::DropSession()
{
    m_retry.Cancel();
    m_timer.Cancel();
    if (!m_session)
    {
        return;
    }
    const bool submitting = m_session->HasSubmission();
    m_session->TuneOut();
    EndSession();
    if (submitting)
    {
        FinishSubmission(false, "phone switched off or out of coverage", false);
    }
}

std::optional<MsSessionPurpose>
GsmMobileStation::GetNextPurpose() const
{
    if (m_detachDue)
    {
        return MsSessionPurpose::IMSI_DETACH;
    }
    if (!IsServed())
    {
        return std::nullopt;
    }
    if (m_registration.GetDue(Simulator::Now(), GetUpdatingTimes()))
    {
        return MsSessionPurpose::LOCATION_UPDATING;
    }
    if (m_smmaDue)
    {
        return MsSessionPurpose::MEMORY_AVAILABLE;
    }
    return HasSubmission() ? std::make_optional(MsSessionPurpose::SUBMISSION) : std::nullopt;
}

void
GsmMobileStation::StartNext()
{
    if (HasSubmission() && m_packetSide && m_packetSide->StartSubmission())
    {
        m_submittingByGprs = true;
    }
    if (!m_cell || m_session || IsPending(m_retry))
    {
        return;
    }
    if (const auto purpose = GetNextPurpose())
    {
        StartSession(*purpose);
    }
}

void
GsmMobileStation::StartSession(MsSessionPurpose purpose)
{
    if (purpose == MsSessionPurpose::SUBMISSION)
    {
        ++m_queue.front().accesses;
    }
    BeginSession(purpose);
    EstablishmentCause cause = EstablishmentCause::OTHER_SDCCH;
    if (purpose == MsSessionPurpose::PAGING_RESPONSE)
    {
        cause = EstablishmentCause::ANSWER_TO_PAGING;
    }
    else if (purpose == MsSessionPurpose::LOCATION_UPDATING)
    {
        cause = EstablishmentCause::LOCATION_UPDATING;
    }
    m_cell->RequestChannel(Ptr<GsmMobileStation>(this), cause);
}

void
GsmMobileStation::BeginSession(MsSessionPurpose purpose)
{
    m_session = std::make_unique<GsmMsSession>(*this, purpose);
    FollowEnergy();
    if (m_packetSide)
    {
        m_packetSide->EnterDedicatedMode();
    }
}

void
GsmMobileStation::EndSession()
{
    const bool resumed = m_session->IsGprsResumed();
    m_session.reset();
    FollowEnergy();
    if (m_packetSide)
    {
        m_packetSide->LeaveDedicatedMode(resumed);
    }
}

std::optional<GprsSuspensionRequest>
GsmMobileStation::StartGprsSuspension(GprsSuspensionCause cause)
{
    return m_packetSide ? m_packetSide->StartSuspension(cause) : std::nullopt;
}

LocationUpdatingTimes
GsmMobileStation::GetUpdatingTimes() const
{
    const Time t3212 = m_cell->GetT3212();
    constexpr int defaultMinutes = 12;
    return {m_t3211, t3212, t3212.IsZero() ? Minutes(defaultMinutes) : t3212};
}

void
GsmMobileStation::PlanUpdating()
{
    const Time deadline = m_registration.GetDeadline(GetUpdatingTimes());
    if (deadline > Simulator::Now())
    {
        m_updating.Arm(deadline, &GsmMobileStation::UpdateLocation, this);
    }
}

void
GsmMobileStation::UpdateLocation()
{
    m_updating.Expired();
    StartNext();
    PlanUpdating();
}

std::vector<uint8_t>
GsmMobileStation::MakeLocationUpdatingRequest() const
{
    const auto due = m_registration.GetDue(Simulator::Now(), GetUpdatingTimes());
    return EncodeLocationUpdatingRequest(m_imsi,
                                         due.value_or(LocationUpdatingType::NORMAL),
                                         m_registration.GetArea());
}

void
GsmMobileStation::FinishLocationUpdating(bool accepted)
{
    if (accepted)
    {
        m_registration.Register(m_cell->GetLocationAreaCode(), Simulator::Now());
    }
    else
    {
        m_registration.Fail(Simulator::Now(), GetUpdatingTimes());
    }
}

bool
GsmMobileStation::StartCall()
{
    Sdcch* channel = !m_session && IsServed() ? m_cell->AllocateTrafficChannel(this) : nullptr;
    if (channel == nullptr)
    {
        return false;
    }
    BeginSession(MsSessionPurpose::CALL);
    m_session->TuneIn(*channel, *this);
    CheckSession();
    return true;
}

void
GsmMobileStation::EndCall()
{
    m_cell->GetMsc()->EndCall(m_imsi);
}

void
GsmMobileStation::ReceivePaging()
{
    if (!m_session && IsServed() && (!m_packetSide || m_packetSide->HearsPch()))
    {
        AnswerPaging();
    }
}

void
GsmMobileStation::AnswerPaging()
{
    // while T3122 runs no page is answered; the next one may be (TS 44.018 3.3.1.1.3.2)
    if (!m_session && IsServed() && m_accessBarred <= Simulator::Now())
    {
        StartSession(MsSessionPurpose::PAGING_RESPONSE);
    }
}

bool
GsmMobileStation::IsWaitingForChannel() const
{
    return m_session && !m_session->HasChannel();
}

void
GsmMobileStation::ReceiveImmediateAssignment(const L2Block& block, Sdcch& channel)
{
    const auto assignment = DecodeImmediateAssignment(block);
    if (IsWaitingForChannel() && assignment && assignment->subchannel == channel.GetSubchannel())
    {
        m_session->TuneIn(channel, *this);
        CheckSession();
    }
}

void
GsmMobileStation::ReceiveAssignmentReject(const L2Block& block)
{
    const auto reject = DecodeImmediateAssignmentReject(block);
    if (IsWaitingForChannel() && reject)
    {
        LoseAccess(Seconds(reject->waitIndication), "no free channel");
    }
}

void
GsmMobileStation::AccessFailed()
{
    if (IsWaitingForChannel())
    {
        LoseAccess(Time(), "random access failure");
    }
}

void
GsmMobileStation::LoseAccess(Time wait, const char* cause)
{
    NS_LOG_LOGIC(m_msisdn << ": " << cause);
    const bool submitting = m_session->HasSubmission();
    m_session->Lose();
    EndSession();
    if (m_detachDue)
    {
        StopDetach();
        return;
    }
    m_accessBarred = Simulator::Now() + wait;
    m_retry.Cancel();
    m_retry = Simulator::Schedule(wait, &GsmMobileStation::StartNext, this);
    if (submitting && m_queue.front().accesses >= m_maxAccessAttempts)
    {
        FinishSubmission(false, cause, true);
    }
    PlanUpdating();
}

void
GsmMobileStation::HandleLink(Sdcch& /* channel */, const LapdmIndication& indication)
{
    if (m_session)
    {
        m_session->HandleLink(indication);
        CheckSession();
    }
}

void
GsmMobileStation::CheckSession()
{
    if (!m_session)
    {
        return;
    }
    if (!m_session->IsOver())
    {
        FollowEnergy();
        m_timer.Arm(m_session->GetDeadline(), &GsmMobileStation::ExpireTimer, this);
        return;
    }
    if (m_session->IsDetaching())
    {
        StopDetach();
        return;
    }
    EndSession();
    m_timer.Cancel();
    m_registration.NotifyContact(Simulator::Now());
    StartNext();
    PlanUpdating();
}

void
GsmMobileStation::ExpireTimer()
{
    m_timer.Expired();
    if (m_session && m_session->GetDeadline() <= Simulator::Now())
    {
        m_session->Expire();
    }
    CheckSession();
}

void
GsmMobileStation::NotifyState(MmState from, MmState to)
{
    m_stateTrace(from, to);
}

GsmMsTimes
GsmMobileStation::GetTimes() const
{
    return {m_simAuthenticationTime,
            m_processingTime,
            m_storageTime,
            m_t3210,
            m_t3220,
            m_t3230,
            m_t3240,
            {m_tr1m, m_tr2m, m_tc1m, m_maxCpRetransmissions}};
}

} // namespace p2pim
} // namespace ns3
