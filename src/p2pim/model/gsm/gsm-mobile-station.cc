// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gsm-mobile-station.h"

#include "ns3/boolean.h"
#include "ns3/gsm-cell.h"
#include "ns3/log.h"
#include "ns3/msc-vlr.h"
#include "ns3/ns3-compatibility.h"
#include "ns3/simulator.h"
#include "ns3/sms-tpdu-fields.h"
#include "ns3/sms-tpdu.h"
#include "ns3/sms-user-data.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("GsmMobileStation");
NS_OBJECT_ENSURE_REGISTERED(GsmMobileStation);

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
                          MakeStringChecker())
            .AddTraceSource("MmState",
                            "The MM state changes: from, to.",
                            MakeTraceSourceAccessor(&GsmMobileStation::m_stateTrace),
                            "ns3::p2pim::GsmMobileStation::MmStateTracedCallback")
            .AddTraceSource("Hop",
                            "A hop of a message from or to this phone: reference, hop, time.",
                            MakeTraceSourceAccessor(&GsmMobileStation::m_hopTrace),
                            "ns3::p2pim::Smsc::HopTracedCallback");
    return tid;
}

GsmMobileStation::GsmMobileStation() = default;

GsmMobileStation::~GsmMobileStation() = default;

void
GsmMobileStation::DoDispose()
{
    m_retry.Cancel();
    m_timer.Cancel();
    m_session.reset();
    m_queue.clear();
    m_listeners.clear();
    if (m_cell)
    {
        m_cell->Leave(m_imsi);
        m_cell = nullptr;
    }
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
        m_cell->Leave(m_imsi);
    }
    m_cell = cell;
    if (IsReachable())
    {
        m_cell->Camp(m_imsi, this);
    }
    m_cell->GetMsc()->AddSubscriber(m_imsi, m_msisdnDigits, PeekPointer(m_cell));
}

Ptr<GsmCell>
GsmMobileStation::GetCell() const
{
    return m_cell;
}

bool
GsmMobileStation::IsReachable() const
{
    return m_poweredOn && m_covered;
}

void
GsmMobileStation::SetPoweredOn(bool on)
{
    if (on == m_poweredOn)
    {
        return;
    }
    const bool wasReachable = IsReachable();
    m_poweredOn = on;
    FollowReachability(wasReachable);
    if (on)
    {
        m_cell->GetMsc()->ImsiAttach(m_imsi);
    }
    else
    {
        m_cell->GetMsc()->ImsiDetach(m_imsi);
    }
}

void
GsmMobileStation::SetCovered(bool covered)
{
    const bool wasReachable = IsReachable();
    m_covered = covered;
    FollowReachability(wasReachable);
}

void
GsmMobileStation::FollowReachability(bool wasReachable)
{
    if (IsReachable() == wasReachable)
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
    m_session.reset();
    if (submitting)
    {
        FinishSubmission(false, "phone switched off or out of coverage", false);
    }
}

uint32_t
GsmMobileStation::GetMaxUserData() const
{
    return SMS_MAX_USER_DATA - SMS_PORT_HEADER;
}

void
GsmMobileStation::Submit(const std::string& destination,
                         uint16_t destinationPort,
                         uint16_t originatorPort,
                         const std::vector<uint8_t>& userData,
                         SubmitCallback done)
{
    SmsSubmit submit;
    submit.messageReference = m_nextMessageReference++;
    submit.destination.digits = destination;
    submit.validityPeriod = SmsValidityPeriod::MakeRelative(m_validityPeriod);
    submit.userData.hasHeader = true;
    submit.userData.codingScheme = SMS_DCS_8_BIT;
    SmsCodecError error =
        EncodePortUserData({destinationPort, originatorPort}, userData, submit.userData.octets);
    submit.userData.length = static_cast<uint8_t>(submit.userData.octets.size());
    Submission submission;
    submission.tpdu.reserve(SMS_MAX_USER_DATA + SmsAddress::MAX_DIGITS);
    if (error == SmsCodecError::NONE)
    {
        error = EncodeSubmit(submit, submission.tpdu);
    }
    if (error != SmsCodecError::NONE)
    {
        done(false,
             error == SmsCodecError::USER_DATA_TOO_LONG ? "user data too long"
                                                        : "bad destination number");
        return;
    }
    submission.messageReference = submit.messageReference;
    submission.done = done;
    m_hopTrace(MakeSmsReference(m_msisdnDigits, submit.messageReference),
               SmsHop::SUBMITTED,
               Simulator::Now());
    m_queue.push_back(std::move(submission));
    StartNext();
}

void
GsmMobileStation::Listen(uint16_t port, ReceiveCallback received)
{
    const auto listener = std::find_if(m_listeners.begin(),
                                       m_listeners.end(),
                                       [port](const auto& entry) { return entry.first == port; });
    if (listener == m_listeners.end())
    {
        if (!received.IsNull())
        {
            m_listeners.emplace_back(port, received);
        }
    }
    else if (received.IsNull())
    {
        m_listeners.erase(listener);
    }
    else
    {
        listener->second = received;
    }
}

void
GsmMobileStation::StartNext()
{
    const bool idle = m_cell && !m_session && !IsPending(m_retry) && IsReachable();
    if (idle && m_smmaDue)
    {
        StartSession(MsSessionPurpose::MEMORY_AVAILABLE);
    }
    else if (idle && !m_queue.empty())
    {
        ++m_queue.front().accesses;
        StartSession(MsSessionPurpose::SUBMISSION);
    }
}

void
GsmMobileStation::StartSession(MsSessionPurpose purpose)
{
    m_session = std::make_unique<GsmMsSession>(*this, purpose);
    m_cell->RequestChannel(Ptr<GsmMobileStation>(this),
                           purpose == MsSessionPurpose::PAGING_RESPONSE
                               ? EstablishmentCause::ANSWER_TO_PAGING
                               : EstablishmentCause::OTHER_SDCCH);
}

void
GsmMobileStation::ReadMessages()
{
    m_messagesStored = 0;
    m_smmaDue = m_smmaDue || m_refusedForMemory;
    m_refusedForMemory = false;
    StartNext();
}

uint8_t
GsmMobileStation::GetSmmaReference()
{
    return m_nextMessageReference++;
}

void
GsmMobileStation::FinishSmma()
{
    m_smmaDue = false;
}

void
GsmMobileStation::ReceivePaging()
{
    if (!m_session && IsReachable())
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
    m_session.reset();
    m_stateTrace(MmState::WAIT_FOR_RR_CONNECTION, MmState::MM_IDLE);
    m_retry.Cancel();
    m_retry = Simulator::Schedule(wait, &GsmMobileStation::StartNext, this);
    if (submitting && m_queue.front().accesses >= m_maxAccessAttempts)
    {
        FinishSubmission(false, cause, true);
    }
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
        m_timer.Arm(m_session->GetDeadline(), &GsmMobileStation::ExpireTimer, this);
        return;
    }
    m_session.reset();
    m_timer.Cancel();
    StartNext();
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

uint8_t
GsmMobileStation::ReceiveDeliver(const uint8_t* tpdu, std::size_t size)
{
    SmsDeliver deliver;
    SmsUserDataHeader header;
    if (DecodeDeliver(tpdu, size, deliver) != SmsCodecError::NONE ||
        (deliver.userData.hasHeader &&
         DecodeUserDataHeader(deliver.userData.octets, header) != SmsCodecError::NONE))
    {
        return static_cast<uint8_t>(RpCause::INVALID_MANDATORY_INFORMATION);
    }
    if (m_messageMemory > 0 && m_messagesStored >= m_messageMemory)
    {
        m_refusedForMemory = true;
        return static_cast<uint8_t>(RpCause::MEMORY_CAPACITY_EXCEEDED);
    }
    ++m_messagesStored;
    if (!header.ports)
    {
        return 0;
    }
    const auto listener =
        std::find_if(m_listeners.begin(), m_listeners.end(), [&header](const auto& entry) {
            return entry.first == header.ports->destination;
        });
    if (listener != m_listeners.end())
    {
        std::vector<uint8_t>& octets = deliver.userData.octets;
        octets.erase(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(header.size));
        const ReceiveCallback received = listener->second;
        received(deliver.originator.digits, octets);
    }
    return 0;
}

void
GsmMobileStation::FinishSubmission(bool accepted, const char* cause, bool answered)
{
    Submission& submission = m_queue.front();
    if (!answered && submission.repetitions < m_submissionRetries)
    {
        ++submission.repetitions;
        submission.accesses = 0;
        submission.tpdu[0] |= m_rejectDuplicates ? TP_RD : 0;
        NotifyHop(SmsHop::RESUBMITTED);
        m_retry.Cancel();
        m_retry = Simulator::Schedule(m_submissionRetryTime, &GsmMobileStation::StartNext, this);
        return;
    }
    const SubmitCallback done = m_queue.front().done;
    if (!accepted)
    {
        NotifyHop(SmsHop::SUBMISSION_FAILED);
    }
    m_queue.erase(m_queue.begin());
    done(accepted, cause);
}

void
GsmMobileStation::NotifyReceived(uint64_t reference)
{
    m_hopTrace(reference, SmsHop::RECEIVED, Simulator::Now());
}

void
GsmMobileStation::NotifyState(MmState from, MmState to)
{
    m_stateTrace(from, to);
}

void
GsmMobileStation::NotifyHop(SmsHop hop)
{
    m_hopTrace(MakeSmsReference(m_msisdnDigits, m_queue.front().messageReference),
               hop,
               Simulator::Now());
}

uint8_t
GsmMobileStation::GetMessageReference() const
{
    return m_queue.front().messageReference;
}

const std::vector<uint8_t>&
GsmMobileStation::GetSubmission() const
{
    return m_queue.front().tpdu;
}

SmsAddress
GsmMobileStation::GetServiceCentre() const
{
    return {SmsAddress::INTERNATIONAL, m_serviceCentre};
}

GsmMsTimes
GsmMobileStation::GetTimes() const
{
    return {m_simAuthenticationTime,
            m_processingTime,
            m_storageTime,
            m_t3230,
            m_t3240,
            {m_tr1m, m_tr2m, m_tc1m, m_maxCpRetransmissions}};
}

} // namespace p2pim
} // namespace ns3
