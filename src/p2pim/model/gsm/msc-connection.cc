// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/msc-connection.h"

#include "ns3/gsm-cell.h"
#include "ns3/msc-vlr.h"
#include "ns3/packet-side.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t RR_CAUSE_NORMAL = 0;           // TS 44.018 10.5.2.31
constexpr uint8_t RR_CAUSE_UNSPECIFIED = 1;      // TS 44.018 10.5.2.31
constexpr uint8_t MM_CAUSE_NETWORK_FAILURE = 17; // TS 24.008 10.5.3.6

} // namespace

MscConnection::MscConnection(MscVlr& msc, GsmCell& cell, Sdcch& channel, MapDialogue dialogue)
    : m_msc(msc),
      m_cell(cell),
      m_channel(channel),
      m_dialogue(dialogue),
      m_settings(msc.GetSettings()),
      m_mo(true, m_settings.sms),
      m_mt(true, m_settings.sms),
      m_deadline(Time::Max())
{
}

MscConnection::~MscConnection()
{
    m_timer.Cancel();
}

const MapDialogue&
MscConnection::GetDialogue() const
{
    return m_dialogue;
}

bool
MscConnection::IsOver() const
{
    return m_over;
}

Time
MscConnection::GetDeadline() const
{
    return std::min({m_deadline, m_mo.GetDeadline(), m_mt.GetDeadline()});
}

LazyTimer&
MscConnection::GetTimer()
{
    return m_timer;
}

void
MscConnection::Send(uint8_t sapi, std::vector<uint8_t> message)
{
    // The message that is answered came over A and Abis, and the answer goes the same way.
    m_channel.Send(LapdmSide::BTS,
                   sapi,
                   std::move(message),
                   m_settings.processing + m_cell.GetTransitTime() * 2);
}

void
MscConnection::Start(InitialMessage::Kind kind, Ptr<MapMtForwardSm> delivery)
{
    m_kind = kind;
    m_moOpen = kind == InitialMessage::Kind::SHORT_MESSAGE_SERVICE;
    m_delivery = delivery;
    if (m_delivery)
    {
        m_msc.NotifyHop(m_delivery->reference, SmsHop::MT_CHANNEL);
    }
    switch (kind)
    {
    case InitialMessage::Kind::IMSI_DETACH:
        Release(RR_CAUSE_NORMAL);
        break;
    case InitialMessage::Kind::CALL:
        // the call's own authentication and ciphering belong to its set-up
        Send(SAPI_SIGNALLING, EncodeCmServiceAccept());
        ActivateConnection();
        break;
    case InitialMessage::Kind::PAGING_RESPONSE:
        if (!m_delivery)
        {
            Release(RR_CAUSE_NORMAL);
            break;
        }
        StartAuthentication();
        break;
    default:
        StartAuthentication();
        break;
    }
}

void
MscConnection::StartAuthentication()
{
    if (!m_settings.authentication)
    {
        StartCiphering();
        return;
    }
    m_state = NetworkMmState::AUTHENTICATION_INITIATED;
    m_deadline = Simulator::Now() + m_settings.t3260;
    for (std::size_t i = 0; i < m_rand.size(); i += 4)
    {
        const uint32_t word = m_msc.DrawChallenge();
        for (std::size_t j = 0; j < 4; ++j)
        {
            m_rand[i + j] = static_cast<uint8_t>(word >> 8 * j);
        }
    }
    Send(SAPI_SIGNALLING, EncodeAuthenticationRequest(m_rand));
}

void
MscConnection::StartCiphering()
{
    if (!m_settings.ciphering)
    {
        if (m_moOpen)
        {
            Send(SAPI_SIGNALLING, EncodeCmServiceAccept());
        }
        ActivateConnection();
        return;
    }
    m_state = NetworkMmState::CIPHERING_MODE_INITIATED;
    m_deadline = Simulator::Now() + m_settings.t3260;
    Send(SAPI_SIGNALLING, EncodeCipheringModeCommand());
}

void
MscConnection::ActivateConnection()
{
    if (m_kind == InitialMessage::Kind::LOCATION_UPDATING)
    {
        Send(SAPI_SIGNALLING,
             EncodeLocationUpdatingAccept(m_dialogue.subscriber, m_cell.GetLocationAreaCode()));
        m_msc.FinishLocationUpdating(*this, m_cell);
        Release(RR_CAUSE_NORMAL);
        return;
    }
    m_state = NetworkMmState::MM_CONNECTION_ACTIVE;
    const bool isCall = m_kind == InitialMessage::Kind::CALL;
    m_deadline = isCall ? Time::Max() : Simulator::Now() + m_settings.sms.tr1;
    if (m_delivery)
    {
        StartTransfer();
    }
    else
    {
        m_msc.ContinueDelivery(*this);
    }
}

bool
MscConnection::Deliver(Ptr<MapMtForwardSm> delivery)
{
    if (m_delivery || m_state != NetworkMmState::MM_CONNECTION_ACTIVE)
    {
        return false;
    }
    m_delivery = delivery;
    // the phone is about to establish SAPI 3 for its own message
    if (m_smsLink || !m_moOpen)
    {
        StartTransfer();
    }
    return true;
}

void
MscConnection::StartTransfer()
{
    m_moreMessages = false;
    m_deadline = Time::Max();
    m_channel.SetMessageReference(m_delivery->reference);
    m_msc.NotifyHop(m_delivery->reference, SmsHop::MT_CIPHERED);
    const Time wait = m_settings.processing + m_cell.GetTransitTime() * 2;
    if (!m_smsLink)
    {
        m_smsLink = true;
        m_channel.Establish(LapdmSide::BTS, SAPI_SMS, {}, wait);
    }
    m_mt.Finish();
    m_channel.Send(LapdmSide::BTS,
                   SAPI_SMS,
                   m_mt.Originate(m_transaction,
                                  static_cast<uint8_t>(m_dialogue.serial + m_transaction),
                                  m_delivery->serviceCentre,
                                  m_delivery->tpdu,
                                  Simulator::Now()),
                   wait);
    constexpr uint8_t identifiers = 7;
    m_transaction = static_cast<uint8_t>((m_transaction + 1) % identifiers);
}

void
MscConnection::HandleLink(const LapdmIndication& indication)
{
    switch (indication.primitive)
    {
    case LapdmPrimitive::ESTABLISH_INDICATION:
        m_smsLink = m_smsLink || indication.sapi == SAPI_SMS;
        if (m_delivery && m_mt.IsUnused() && m_state == NetworkMmState::MM_CONNECTION_ACTIVE)
        {
            StartTransfer();
        }
        break;
    case LapdmPrimitive::DATA_INDICATION:
        if (indication.sapi == SAPI_SMS)
        {
            HandleSms(indication.message, indication.size);
        }
        else
        {
            HandleSignalling(indication.message, indication.size);
        }
        break;
    case LapdmPrimitive::RELEASE_INDICATION:
    case LapdmPrimitive::RELEASE_CONFIRM:
    case LapdmPrimitive::ERROR_INDICATION:
        if (indication.sapi == SAPI_SIGNALLING || m_delivery)
        {
            Abort();
        }
        break;
    default:
        break;
    }
}

void
MscConnection::HandleSignalling(const uint8_t* message, std::size_t size)
{
    if (HandleSuspension(message, size))
    {
        return;
    }
    if (const auto sres = DecodeAuthenticationResponse(message, size))
    {
        HandleAuthenticationResponse(*sres);
    }
    else if (GetRrType(message, size) == RrType::CIPHERING_MODE_COMPLETE &&
             m_state == NetworkMmState::CIPHERING_MODE_INITIATED)
    {
        ActivateConnection();
    }
    else if (GetMmType(message, size) == MmType::IMSI_DETACH_INDICATION)
    {
        FinishDelivery(MapError::ABSENT_SUBSCRIBER_SM);
        m_msc.ImsiDetach(m_dialogue.subscriber);
        Release(RR_CAUSE_NORMAL);
    }
    else if (GetMmType(message, size) == MmType::CM_SERVICE_REQUEST &&
             m_state == NetworkMmState::MM_CONNECTION_ACTIVE)
    {
        HandleServiceRequest();
    }
}

/// GPRS SUSPENSION REQUEST: it is for the BSS, not for the MSC.
bool
MscConnection::HandleSuspension(const uint8_t* message, std::size_t size)
{
    const auto request = DecodeGprsSuspensionRequest(message, size);
    PacketBss* packets = m_cell.GetPacketBss();
    if (request && packets != nullptr)
    {
        m_gprsSuspended = true;
        packets->ReceiveSuspension(m_dialogue.subscriber, *request);
    }
    return request.has_value();
}

void
MscConnection::HandleServiceRequest()
{
    if (m_moBarred)
    {
        Send(SAPI_SIGNALLING, EncodeCmServiceReject(MM_CAUSE_NETWORK_FAILURE));
        return;
    }
    m_moQueued = m_moOpen;
    m_moOpen = true;
    Send(SAPI_SIGNALLING, EncodeCmServiceAccept());
    WaitForMessage();
}

void
MscConnection::HandleAuthenticationResponse(const Sres& sres)
{
    if (m_state != NetworkMmState::AUTHENTICATION_INITIATED)
    {
        return;
    }
    if (sres == ComputeSres(m_dialogue.subscriber, m_rand))
    {
        StartCiphering();
        return;
    }
    m_msc.NotifyAuthenticationFailure();
    FinishDelivery(MapError::SYSTEM_FAILURE);
    Send(SAPI_SIGNALLING, EncodeAuthenticationReject());
    Release(RR_CAUSE_UNSPECIFIED);
}

void
MscConnection::HandleSms(const uint8_t* message, std::size_t size)
{
    if (m_state != NetworkMmState::MM_CONNECTION_ACTIVE)
    {
        return; // what was under way has been given up
    }
    const Time now = Simulator::Now();
    if (IsOfReceiver(message, size))
    {
        HandleMtStep(m_mt.Receive(message, size, now));
    }
    else
    {
        HandleMoStep(m_mo.Receive(message, size, now));
    }
}

void
MscConnection::HandleMoStep(const SmsTransactionEngine::Step& step)
{
    if (!step.message.empty())
    {
        Send(SAPI_SMS, step.message);
    }
    switch (step.event)
    {
    case SmsTransactionEngine::Event::RP_DATA:
        m_deadline = Time::Max();
        m_msc.ForwardMo(*this, step.rp);
        break;
    case SmsTransactionEngine::Event::RP_SMMA:
        m_deadline = Time::Max();
        m_msc.ForwardMemoryAvailable(*this);
        break;
    case SmsTransactionEngine::Event::FINISHED:
        m_mo.Finish();
        m_moOpen = m_moQueued;
        m_moQueued = false;
        ReleaseIfIdle();
        break;
    case SmsTransactionEngine::Event::FAILED:
        // an answer of the SMSC that comes late must not be taken for that to another message
        m_mo.Finish();
        m_moOpen = false;
        m_moBarred = true;
        ReleaseIfIdle();
        break;
    default:
        break;
    }
}

void
MscConnection::HandleMtStep(const SmsTransactionEngine::Step& step)
{
    if (!step.message.empty())
    {
        Send(SAPI_SMS, step.message);
    }
    switch (step.event)
    {
    case SmsTransactionEngine::Event::RP_ACK:
        m_msc.NotifyHop(m_delivery->reference, SmsHop::MT_DELIVERED);
        m_moreMessages = m_delivery->moreMessagesToSend;
        FinishDelivery(MapError::NONE);
        m_msc.ContinueDelivery(*this);
        ReleaseIfIdle();
        break;
    case SmsTransactionEngine::Event::RP_ERROR:
        FinishDelivery(GetDeliveryError(step.rp.cause));
        ReleaseIfIdle();
        break;
    case SmsTransactionEngine::Event::FAILED:
        FinishDelivery(MapError::SM_DELIVERY_FAILURE);
        ReleaseIfIdle();
        break;
    default:
        break;
    }
}

/// The phone's message is under way, or yet to come.
void
MscConnection::WaitForMessage()
{
    m_deadline = m_mo.IsUnused() ? Simulator::Now() + m_settings.sms.tr1 : Time::Max();
}

/// After the end of a transfer: the connection ends if there is nothing else to do on it.
void
MscConnection::ReleaseIfIdle()
{
    if (m_delivery || m_kind == InitialMessage::Kind::CALL)
    {
        return;
    }
    if (m_moOpen)
    {
        WaitForMessage();
        return;
    }
    if (m_moreMessages)
    {
        m_deadline = Simulator::Now() + m_settings.moreMessages;
        return;
    }
    Release(RR_CAUSE_NORMAL);
}

void
MscConnection::EndCall()
{
    if (m_kind == InitialMessage::Kind::CALL)
    {
        m_kind = InitialMessage::Kind::SHORT_MESSAGE_SERVICE;
        ReleaseIfIdle();
    }
}

void
MscConnection::AnswerMo(MapError error)
{
    if (m_state != NetworkMmState::MM_CONNECTION_ACTIVE || m_mo.IsUnused())
    {
        return;
    }
    const Time now = Simulator::Now();
    std::vector<uint8_t> answer = error == MapError::NONE
                                      ? m_mo.Acknowledge(now)
                                      : m_mo.Refuse(static_cast<uint8_t>(GetRpCause(error)), now);
    m_channel.Send(LapdmSide::BTS,
                   SAPI_SMS,
                   std::move(answer),
                   m_settings.processing + m_cell.GetTransitTime());
}

void
MscConnection::FinishDelivery(MapError error)
{
    if (m_delivery)
    {
        m_delivery = nullptr;
        m_mt.Finish();
        m_msc.FinishMt(*this, error);
    }
}

void
MscConnection::Release(uint8_t cause)
{
    m_state = NetworkMmState::RELEASING;
    m_deadline = Simulator::Now() + m_settings.t3260;
    std::optional<bool> gprsResumed;
    if (m_gprsSuspended)
    {
        m_gprsResumed = m_cell.GetPacketBss()->TellsResumption(m_dialogue.subscriber);
        gprsResumed = m_gprsResumed;
    }
    // CLEAR COMMAND follows the last CP message through the MSC, so that it does not overtake it.
    m_channel.Send(LapdmSide::BTS,
                   SAPI_SIGNALLING,
                   EncodeChannelRelease(cause, gprsResumed),
                   m_settings.processing * 2 + m_cell.GetTransitTime() * 2);
}

void
MscConnection::Expire()
{
    const Time now = Simulator::Now();
    if (m_deadline <= now && m_moreMessages && m_state == NetworkMmState::MM_CONNECTION_ACTIVE)
    {
        m_moreMessages = false; // they did not come
        ReleaseIfIdle();
        return;
    }
    if (m_deadline <= now)
    {
        Abort();
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
MscConnection::Drop()
{
    m_delivery = nullptr;
    Abort();
}

void
MscConnection::Abort()
{
    FinishDelivery(MapError::SM_DELIVERY_FAILURE);
    if (!m_over)
    {
        m_over = true;
        if (m_gprsResumed)
        {
            m_cell.GetPacketBss()->ReceiveRelease(m_dialogue.subscriber, m_cell.GetT3111());
        }
        m_cell.ReleaseChannel(m_channel);
    }
}

} // namespace p2pim
} // namespace ns3
