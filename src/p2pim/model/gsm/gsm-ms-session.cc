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
      m_sms(false, m_times.sms),
      m_submissionOpen(purpose == MsSessionPurpose::SUBMISSION),
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
GsmMsSession::IsOver() const
{
    return m_over;
}

Time
GsmMsSession::GetDeadline() const
{
    return std::min(m_deadline, m_sms.GetDeadline());
}

void
GsmMsSession::SetState(MmState state)
{
    m_ms.NotifyState(m_state, state);
    m_state = state;
}

void
GsmMsSession::TuneIn(Sdcch& channel, DedicatedChannelUser& user)
{
    m_channel = &channel;
    m_deadline = Simulator::Now() + m_times.t3230;
    channel.TuneIn(&user);
    channel.Establish(LapdmSide::MS,
                      SAPI_SIGNALLING,
                      m_purpose == MsSessionPurpose::PAGING_RESPONSE
                          ? EncodePagingResponse(m_ms.GetImsi())
                          : EncodeCmServiceRequest(m_ms.GetImsi()),
                      m_times.processing);
}

void
GsmMsSession::HandleLink(const LapdmIndication& indication)
{
    switch (indication.primitive)
    {
    case LapdmPrimitive::ESTABLISH_CONFIRM:
        if (indication.sapi == SAPI_SIGNALLING)
        {
            if (m_purpose == MsSessionPurpose::SUBMISSION)
            {
                m_ms.NotifyHop(SmsHop::MO_CHANNEL);
            }
            SetState(m_purpose == MsSessionPurpose::PAGING_RESPONSE
                         ? MmState::WAIT_FOR_NETWORK_COMMAND
                         : MmState::WAIT_FOR_OUTGOING_MM_CONNECTION);
        }
        break;
    case LapdmPrimitive::ESTABLISH_INDICATION:
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
        FinishSubmission(false, "service rejected", true);
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
    const bool originates = m_state == MmState::WAIT_FOR_OUTGOING_MM_CONNECTION;
    SetState(MmState::MM_CONNECTION_ACTIVE);
    m_deadline = Time::Max();
    if (m_purpose == MsSessionPurpose::PAGING_RESPONSE)
    {
        m_deadline = Simulator::Now() + m_times.t3240 + m_times.sms.tr1;
    }
    if (!originates)
    {
        return;
    }
    m_channel->Establish(LapdmSide::MS, SAPI_SMS, {}, m_times.processing);
    const Time now = Simulator::Now();
    std::vector<uint8_t> message;
    if (m_purpose == MsSessionPurpose::MEMORY_AVAILABLE)
    {
        message = m_sms.OriginateSmma(0, m_ms.GetSmmaReference(), now);
    }
    else
    {
        m_ms.NotifyHop(SmsHop::MO_CIPHERED);
        message = m_sms.Originate(0,
                                  m_ms.GetMessageReference(),
                                  m_ms.GetServiceCentre(),
                                  m_ms.GetSubmission(),
                                  now);
    }
    m_channel->Send(LapdmSide::MS, SAPI_SMS, std::move(message), m_times.processing);
}

void
GsmMsSession::HandleSms(const uint8_t* message, std::size_t size)
{
    HandleSmsStep(m_sms.Receive(message, size, Simulator::Now()));
}

void
GsmMsSession::HandleSmsStep(const SmsTransactionEngine::Step& step)
{
    if (!step.message.empty() && m_channel != nullptr)
    {
        m_channel->Send(LapdmSide::MS, SAPI_SMS, step.message, m_times.processing);
    }
    switch (step.event)
    {
    case SmsTransactionEngine::Event::RP_DATA:
    {
        m_ms.NotifyReceived(m_channel->GetMessageReference());
        const uint8_t cause = m_ms.ReceiveDeliver(step.rp.userData, step.rp.size);
        const Time now = Simulator::Now();
        m_channel->Send(LapdmSide::MS,
                        SAPI_SMS,
                        cause == 0 ? m_sms.Acknowledge(now)
                                   : m_sms.Refuse(cause, now, MakeDeliverReport(cause)),
                        m_times.storage);
        break;
    }
    case SmsTransactionEngine::Event::RP_ACK:
        m_deadline = Simulator::Now() + m_times.t3240;
        if (m_purpose == MsSessionPurpose::MEMORY_AVAILABLE)
        {
            m_ms.FinishSmma();
            break;
        }
        m_ms.NotifyHop(SmsHop::ACCEPTED);
        FinishSubmission(true, "", true);
        break;
    case SmsTransactionEngine::Event::RP_ERROR:
        m_deadline = Simulator::Now() + m_times.t3240;
        FinishSubmission(false, "refused by the service centre", true);
        break;
    case SmsTransactionEngine::Event::FINISHED:
        m_deadline = Simulator::Now() + m_times.t3240;
        break;
    case SmsTransactionEngine::Event::FAILED:
        Abort("no answer from the service centre");
        break;
    default:
        break;
    }
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
    HandleSmsStep(m_sms.Expire(now));
}

void
GsmMsSession::FinishSubmission(bool accepted, const char* cause, bool answered)
{
    if (m_submissionOpen)
    {
        m_submissionOpen = false;
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
    TuneOut();
    SetState(MmState::MM_IDLE);
    m_over = true;
}

} // namespace p2pim
} // namespace ns3
