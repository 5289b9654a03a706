// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gsm-ms-session.h"

#include "ns3/gsm-mobile-station.h"
#include "ns3/mm-messages.h"
#include "ns3/simulator.h"
#include "ns3/sms-report-tpdu.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// @return the SMS-DELIVER-REPORT of an RP-ERROR; empty if the RP cause says it all.
std::vector<uint8_t>
MakeDeliverReport(uint8_t rpCause)
{
    std::vector<uint8_t> tpdu;
    if (rpCause == static_cast<uint8_t>(RpCause::MEMORY_CAPACITY_EXCEEDED))
    {
        SmsDeliverReport report;
        report.failureCause = static_cast<uint8_t>(SmsFailureCause::MEMORY_CAPACITY_EXCEEDED);
        EncodeDeliverReport(report, tpdu);
    }
    return tpdu;
}

} // namespace

GsmMsSession::GsmMsSession(GsmMobileStation& ms, MsSessionPurpose purpose)
    : m_ms(ms),
      m_purpose(purpose),
      m_times(ms.GetTimes()),
      m_mo(false, m_times.sms),
      m_mt(false, m_times.sms),
      m_submissionOpen(purpose == MsSessionPurpose::SUBMISSION),
      m_otherOpen(purpose == MsSessionPurpose::MEMORY_AVAILABLE ||
                  purpose == MsSessionPurpose::LOCATION_UPDATING),
      m_deadline(Time::Max())
{
    m_ms.NotifyState(MmState::MM_IDLE, m_state);
}

GsmMsSession::~GsmMsSession()
{
    if (m_channel != nullptr)
    {
        m_channel->Forget(LapdmSide::MS);
    }
}

bool
GsmMsSession::HasSubmission() const
{
    return m_submissionOpen;
}

bool
GsmMsSession::HasChannel() const
{
    return m_channel != nullptr;
}

bool
GsmMsSession::IsOnTrafficChannel() const
{
    return m_channel != nullptr && m_channel->GetKind() == DedicatedChannelKind::SACCH_TCH;
}

bool
GsmMsSession::IsDetaching() const
{
    return m_detaching || m_purpose == MsSessionPurpose::IMSI_DETACH;
}

void
GsmMsSession::Lose()
{
    FinishOther(false);
    SetState(MmState::MM_IDLE);
}

bool
GsmMsSession::IsOver() const
{
    return m_over;
}

Time
GsmMsSession::GetDeadline() const
{
    return std::min({m_deadline, m_mo.GetDeadline(), m_mt.GetDeadline()});
}

void
GsmMsSession::SetState(MmState state)
{
    m_ms.NotifyState(m_state, state);
    m_state = state;
}

std::vector<uint8_t>
GsmMsSession::MakeInitialMessage() const
{
    const uint64_t imsi = m_ms.GetImsi();
    switch (m_purpose)
    {
    case MsSessionPurpose::PAGING_RESPONSE:
        return EncodePagingResponse(imsi);
    case MsSessionPurpose::LOCATION_UPDATING:
        return m_ms.MakeLocationUpdatingRequest();
    case MsSessionPurpose::IMSI_DETACH:
        return EncodeImsiDetachIndication(imsi);
    case MsSessionPurpose::CALL:
        return EncodeCmServiceRequest(imsi, CmServiceType::MOBILE_ORIGINATING_CALL);
    default:
        return EncodeCmServiceRequest(imsi);
    }
}

MmState
GsmMsSession::GetFirstState() const
{
    switch (m_detaching ? MsSessionPurpose::IMSI_DETACH : m_purpose)
    {
    case MsSessionPurpose::PAGING_RESPONSE:
        return MmState::WAIT_FOR_NETWORK_COMMAND;
    case MsSessionPurpose::LOCATION_UPDATING:
        return MmState::LOCATION_UPDATING_INITIATED;
    case MsSessionPurpose::IMSI_DETACH:
        return MmState::IMSI_DETACH_INITIATED;
    default:
        return MmState::WAIT_FOR_OUTGOING_MM_CONNECTION;
    }
}

void
GsmMsSession::TuneIn(Sdcch& channel, DedicatedChannelUser& user)
{
    m_channel = &channel;
    m_deadline =
        Simulator::Now() + (m_purpose == MsSessionPurpose::LOCATION_UPDATING ? m_times.t3210
                            : m_purpose == MsSessionPurpose::IMSI_DETACH     ? m_times.t3220
                                                                             : m_times.t3230);
    channel.TuneIn(&user);
    channel.Establish(LapdmSide::MS, SAPI_SIGNALLING, MakeInitialMessage(), m_times.processing);
}

void
GsmMsSession::HandleLink(const LapdmIndication& indication)
{
    switch (indication.primitive)
    {
    case LapdmPrimitive::ESTABLISH_CONFIRM:
        if (indication.sapi == SAPI_SIGNALLING)
        {
            if (m_submissionOpen)
            {
                m_ms.NotifyHop(SmsHop::MO_CHANNEL);
            }
            SetState(GetFirstState());
        }
        break;
    case LapdmPrimitive::ESTABLISH_INDICATION:
        m_smsLink = m_smsLink || indication.sapi == SAPI_SMS;
        if (m_state == MmState::WAIT_FOR_NETWORK_COMMAND)
        {
            ActivateConnection();
        }
        break;
    case LapdmPrimitive::DATA_INDICATION:
        HandleMessage(indication);
        break;
    case LapdmPrimitive::RELEASE_CONFIRM:
    case LapdmPrimitive::RELEASE_INDICATION:
    case LapdmPrimitive::ERROR_INDICATION:
        if (indication.sapi == SAPI_SIGNALLING)
        {
            Abort("radio link failure");
        }
        break;
    default:
        break;
    }
}

void
GsmMsSession::HandleMessage(const LapdmIndication& indication)
{
    if (indication.sapi == SAPI_SMS)
    {
        HandleSms(indication.message, indication.size);
        return;
    }
    HandleRr(indication.message, indication.size);
    HandleMm(indication.message, indication.size);
}

void
GsmMsSession::HandleRr(const uint8_t* message, std::size_t size)
{
    const auto type = GetRrType(message, size);
    if (type == RrType::CIPHERING_MODE_COMMAND)
    {
        m_channel->Send(LapdmSide::MS,
                        SAPI_SIGNALLING,
                        EncodeCipheringModeComplete(),
                        m_times.processing);
        ActivateConnection();
    }
    else if (type == RrType::CHANNEL_RELEASE)
    {
        FinishSubmission(false, "released by the network", false);
        FinishOther(false);
        SetState(MmState::RR_CONNECTION_RELEASE);
        m_deadline = Simulator::Now() + m_times.t3240;
        m_channel->Release(LapdmSide::MS, SAPI_SIGNALLING, m_times.processing);
    }
}

void
GsmMsSession::HandleMm(const uint8_t* message, std::size_t size)
{
    const auto type = GetMmType(message, size);
    if (!type)
    {
        return;
    }
    switch (*type)
    {
    case MmType::AUTHENTICATION_REQUEST:
        if (const auto rand = DecodeAuthenticationRequest(message, size))
        {
            m_channel->Send(LapdmSide::MS,
                            SAPI_SIGNALLING,
                            EncodeAuthenticationResponse(ComputeSres(m_ms.GetImsi(), *rand)),
                            m_times.simAuthentication);
        }
        break;
    case MmType::CM_SERVICE_ACCEPT:
        ActivateConnection();
        break;
    case MmType::CM_SERVICE_REJECT:
        m_serviceRequested = false; // the message waits for another connection
        FinishSubmission(false, "service rejected", true);
        break;
    case MmType::LOCATION_UPDATING_ACCEPT:
        FinishOther(true);
        WaitForRelease();
        break;
    case MmType::LOCATION_UPDATING_REJECT:
        FinishOther(false);
        WaitForRelease();
        break;
    case MmType::AUTHENTICATION_REJECT:
        FinishSubmission(false, "authentication rejected", true);
        break;
    default:
        break;
    }
}

void
GsmMsSession::ActivateConnection()
{
    if (m_serviceRequested)
    {
        m_serviceRequested = false;
        StartSubmission();
        return;
    }
    if (m_detaching || m_purpose == MsSessionPurpose::LOCATION_UPDATING)
    {
        return;
    }
    SetState(MmState::MM_CONNECTION_ACTIVE);
    m_deadline = Time::Max();
    switch (m_purpose)
    {
    case MsSessionPurpose::SUBMISSION:
        StartSubmission();
        break;
    case MsSessionPurpose::MEMORY_AVAILABLE:
        SendSms(m_mo.OriginateSmma(m_transaction, m_ms.TakeMessageReference(), Simulator::Now()),
                m_times.processing);
        break;
    case MsSessionPurpose::PAGING_RESPONSE:
        m_deadline = Simulator::Now() + m_times.t3240 + m_times.sms.tr1;
        break;
    default:
        RequestService();
        break;
    }
}

void
GsmMsSession::RequestService()
{
    // after a paging the network establishes SAPI 3
    const bool canSend = m_smsLink || m_purpose != MsSessionPurpose::PAGING_RESPONSE;
    const bool isBusy = m_submissionOpen || m_serviceRequested || m_otherOpen || m_detaching;
    if (m_state == MmState::MM_CONNECTION_ACTIVE && canSend && !isBusy && m_ms.HasSubmission())
    {
        m_serviceRequested = true;
        m_deadline = Simulator::Now() + m_times.t3230;
        m_channel->Send(LapdmSide::MS,
                        SAPI_SIGNALLING,
                        EncodeCmServiceRequest(m_ms.GetImsi()),
                        m_times.processing);
    }
}

void
GsmMsSession::StartSubmission()
{
    m_submissionOpen = true;
    m_deadline = Time::Max();
    m_mo.Finish();
    m_ms.NotifyHop(SmsHop::MO_CIPHERED);
    SendSms(m_mo.Originate(m_transaction,
                           m_ms.GetMessageReference(),
                           m_ms.GetServiceCentre(),
                           m_ms.GetSubmission(),
                           Simulator::Now()),
            m_times.processing);
    constexpr uint8_t identifiers = 7;
    m_transaction = static_cast<uint8_t>((m_transaction + 1) % identifiers);
}

void
GsmMsSession::SendSms(std::vector<uint8_t> message, Time wait)
{
    if (m_channel == nullptr || message.empty())
    {
        return;
    }
    if (!m_smsLink)
    {
        m_smsLink = true;
        m_channel->Establish(LapdmSide::MS, SAPI_SMS, {}, wait);
    }
    m_channel->Send(LapdmSide::MS, SAPI_SMS, std::move(message), wait);
}

void
GsmMsSession::HandleSms(const uint8_t* message, std::size_t size)
{
    const Time now = Simulator::Now();
    if (IsOfReceiver(message, size))
    {
        HandleMoStep(m_mo.Receive(message, size, now));
    }
    else
    {
        HandleMtStep(m_mt.Receive(message, size, now));
    }
}

void
GsmMsSession::HandleMoStep(const SmsTransactionEngine::Step& step)
{
    const bool accepted = step.event == SmsTransactionEngine::Event::RP_ACK;
    if (accepted || step.event == SmsTransactionEngine::Event::RP_ERROR)
    {
        FinishOther(accepted);
        FinishSubmission(accepted, accepted ? "" : "refused by the service centre", true);
        WaitForRelease();
        RequestService();
    }
    // the CM SERVICE REQUEST for the next message goes before the last CP-ACK
    SendSms(step.message,
            m_serviceRequested ? m_times.processing + m_channel->GetBlockPeriod()
                               : m_times.processing);
    if (step.event == SmsTransactionEngine::Event::FAILED)
    {
        Abort("no answer from the service centre");
    }
}

void
GsmMsSession::HandleMtStep(const SmsTransactionEngine::Step& step)
{
    SendSms(step.message, m_times.processing);
    switch (step.event)
    {
    case SmsTransactionEngine::Event::RP_DATA:
    {
        const Time now = Simulator::Now();
        m_deadline = Time::Max();
        m_ms.NotifyReceived(m_channel->GetMessageReference());
        const uint8_t cause = m_ms.ReceiveTpdu(step.rp.userData, step.rp.size);
        SendSms(cause == 0 ? m_mt.Acknowledge(now)
                           : m_mt.Refuse(cause, now, MakeDeliverReport(cause)),
                m_times.storage);
        RequestService();
        break;
    }
    case SmsTransactionEngine::Event::FINISHED:
        m_mt.Finish();
        WaitForRelease();
        break;
    case SmsTransactionEngine::Event::FAILED:
        Abort("no answer from the network");
        break;
    default:
        break;
    }
}

/// If nothing is under way any more, the network will release the connection.
void
GsmMsSession::WaitForRelease()
{
    const bool isBusy = m_submissionOpen || m_serviceRequested || m_mt.GetDeadline() != Time::Max();
    if (m_purpose != MsSessionPurpose::CALL && !isBusy)
    {
        m_deadline = Simulator::Now() + m_times.t3240;
    }
}

bool
GsmMsSession::Detach()
{
    if (m_state == MmState::RR_CONNECTION_RELEASE || m_detaching)
    {
        return m_detaching;
    }
    m_detaching = true;
    FinishSubmission(false, "phone switched off", false);
    FinishOther(false);
    if (m_channel == nullptr)
    {
        m_purpose = MsSessionPurpose::IMSI_DETACH;
        return true;
    }
    m_deadline = Simulator::Now() + m_times.t3220;
    SetState(MmState::IMSI_DETACH_INITIATED);
    m_channel->Send(LapdmSide::MS,
                    SAPI_SIGNALLING,
                    EncodeImsiDetachIndication(m_ms.GetImsi()),
                    m_times.processing);
    return true;
}

void
GsmMsSession::Expire()
{
    const Time now = Simulator::Now();
    if (m_deadline <= now)
    {
        Abort("no answer from the network");
        return;
    }
    if (m_mo.GetDeadline() <= now)
    {
        HandleMoStep(m_mo.Expire(now));
    }
    if (m_mt.GetDeadline() <= now)
    {
        HandleMtStep(m_mt.Expire(now));
    }
}

void
GsmMsSession::FinishOther(bool succeeded)
{
    if (!m_otherOpen)
    {
        return;
    }
    m_otherOpen = false;
    if (m_purpose == MsSessionPurpose::LOCATION_UPDATING)
    {
        m_ms.FinishLocationUpdating(succeeded);
    }
    else
    {
        m_ms.FinishSmma(succeeded);
    }
}

void
GsmMsSession::FinishSubmission(bool accepted, const char* cause, bool answered)
{
    if (m_submissionOpen)
    {
        m_submissionOpen = false;
        if (accepted)
        {
            m_ms.NotifyHop(SmsHop::ACCEPTED);
        }
        m_ms.FinishSubmission(accepted, cause, answered);
    }
}

void
GsmMsSession::TuneOut()
{
    if (m_channel != nullptr)
    {
        m_channel->TuneOut();
        m_channel = nullptr;
    }
}

void
GsmMsSession::Abort(const char* cause)
{
    FinishSubmission(false, cause, false);
    FinishOther(false);
    TuneOut();
    SetState(MmState::MM_IDLE);
    m_over = true;
}

} // namespace p2pim
} // namespace ns3
