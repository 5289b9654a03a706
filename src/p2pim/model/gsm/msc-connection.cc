// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/msc-connection.h"

#include "ns3/gsm-cell.h"
#include "ns3/msc-vlr.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t RR_CAUSE_NORMAL = 0;      // TS 44.018 10.5.2.31
constexpr uint8_t RR_CAUSE_UNSPECIFIED = 1; // TS 44.018 10.5.2.31

/// @return the RP cause that tells the phone why the SMSC refuses its message (TS 24.011 E).
RpCause
GetRpCause(MapError error)
{
    switch (error)
    {
    case MapError::UNKNOWN_SUBSCRIBER:
        return RpCause::UNASSIGNED_NUMBER;
    case MapError::FACILITY_NOT_SUPPORTED:
        return RpCause::SHORT_MESSAGE_TRANSFER_REJECTED;
    case MapError::SC_CONGESTION:
        return RpCause::CONGESTION;
    default:
        return RpCause::NETWORK_OUT_OF_ORDER;
    }
}

} // namespace

MscConnection::MscConnection(MscVlr& msc, GsmCell& cell, Sdcch& channel, MapDialogue dialogue)
    : m_msc(msc),
      m_cell(cell),
      m_channel(channel),
      m_dialogue(dialogue),
      m_settings(msc.GetSettings()),
      m_sms(true, m_settings.sms),
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
    return std::min(m_deadline, m_sms.GetDeadline());
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
MscConnection::Start(bool pagingResponse, Ptr<MapMtForwardSm> delivery)
{
    m_pagingResponse = pagingResponse;
    m_delivery = delivery;
    if (m_delivery)
    {
        m_reference = m_delivery->reference;
        m_channel.SetMessageReference(m_reference);
        m_msc.NotifyHop(m_reference, SmsHop::MT_CHANNEL);
    }
    if (m_pagingResponse && !m_delivery)
    {
        Release(RR_CAUSE_NORMAL);
    }
    else
    {
        StartAuthentication();
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
        if (!m_pagingResponse)
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
    m_state = NetworkMmState::MM_CONNECTION_ACTIVE;
    m_deadline = Simulator::Now() + m_settings.sms.tr1;
    if (!m_delivery)
    {
        return;
    }
    m_msc.NotifyHop(m_reference, SmsHop::MT_CIPHERED);
    const Time wait = m_settings.processing + m_cell.GetTransitTime() * 2;
    m_channel.Establish(LapdmSide::BTS, SAPI_SMS, {}, wait);
    m_channel.Send(LapdmSide::BTS,
                   SAPI_SMS,
                   m_sms.Originate(0,
                                   static_cast<uint8_t>(m_dialogue.serial),
                                   m_delivery->serviceCentre,
                                   m_delivery->tpdu,
                                   Simulator::Now()),
                   wait);
}

void
MscConnection::HandleLink(const LapdmIndication& indication)
{
    switch (indication.primitive)
    {
    case LapdmPrimitive::DATA_INDICATION:
        if (indication.sapi == SAPI_SMS)
        {
            HandleSmsStep(m_sms.Receive(indication.message, indication.size, Simulator::Now()));
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
    if (const auto sres = DecodeAuthenticationResponse(message, size))
    {
        HandleAuthenticationResponse(*sres);
    }
    else if (GetRrType(message, size) == RrType::CIPHERING_MODE_COMPLETE &&
             m_state == NetworkMmState::CIPHERING_MODE_INITIATED)
    {
        ActivateConnection();
    }
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
MscConnection::HandleSmsStep(const SmsTransactionEngine::Step& step)
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
    case SmsTransactionEngine::Event::RP_ACK:
        m_msc.NotifyHop(m_reference, SmsHop::MT_DELIVERED);
        FinishDelivery(MapError::NONE);
        Release(RR_CAUSE_NORMAL);
        break;
    case SmsTransactionEngine::Event::RP_ERROR:
        FinishDelivery(step.rp.cause == static_cast<uint8_t>(RpCause::MEMORY_CAPACITY_EXCEEDED)
                           ? MapError::MEMORY_CAPACITY_EXCEEDED
                           : MapError::SM_DELIVERY_FAILURE);
        Release(RR_CAUSE_NORMAL);
        break;
    case SmsTransactionEngine::Event::FINISHED:
        Release(RR_CAUSE_NORMAL);
        break;
    case SmsTransactionEngine::Event::FAILED:
        FinishDelivery(MapError::SM_DELIVERY_FAILURE);
        Release(RR_CAUSE_UNSPECIFIED);
        break;
    default:
        break;
    }
}

void
MscConnection::AnswerMo(MapError error)
{
    if (m_state != NetworkMmState::MM_CONNECTION_ACTIVE)
    {
        return;
    }
    const Time now = Simulator::Now();
    std::vector<uint8_t> answer = error == MapError::NONE
                                      ? m_sms.Acknowledge(now)
                                      : m_sms.Refuse(static_cast<uint8_t>(GetRpCause(error)), now);
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
        m_msc.FinishMt(*this, error);
    }
}

void
MscConnection::Release(uint8_t cause)
{
    m_state = NetworkMmState::RELEASING;
    m_deadline = Simulator::Now() + m_settings.t3260;
    // CLEAR COMMAND follows the last CP message through the MSC, so that it does not overtake it.
    m_channel.Send(LapdmSide::BTS,
                   SAPI_SIGNALLING,
                   EncodeChannelRelease(cause),
                   m_settings.processing * 2 + m_cell.GetTransitTime() * 2);
}

void
MscConnection::Expire()
{
    if (m_deadline <= Simulator::Now())
    {
        Abort();
        return;
    }
    HandleSmsStep(m_sms.Expire(Simulator::Now()));
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
        m_cell.ReleaseChannel(m_channel);
    }
}

} // namespace p2pim
} // namespace ns3
