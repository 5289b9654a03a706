// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-transaction-engine.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// The flag of a transaction identifier: set by the side that did not allocate it.
constexpr uint8_t TI_FLAG = 0x08;

} // namespace

SmsTransactionEngine::SmsTransactionEngine(bool network, const SmsTimers& timers)
    : m_network(network),
      m_timers(timers),
      m_tr(Time::Max()),
      m_tc1(Time::Max())
{
}

std::vector<uint8_t>
SmsTransactionEngine::SendCpData(std::vector<uint8_t> message, Time now)
{
    m_cpData = message;
    m_cpState = CpState::WAIT_FOR_CP_ACK;
    m_retransmissions = 0;
    m_tc1 = now + m_timers.tc1;
    return message;
}

std::vector<uint8_t>
SmsTransactionEngine::Originate(uint8_t transaction,
                                uint8_t reference,
                                const SmsAddress& serviceCentre,
                                const std::vector<uint8_t>& tpdu,
                                Time now)
{
    m_transaction = transaction & 0x07;
    m_reference = reference;
    std::vector<uint8_t> message;
    if (EncodeCpRpData(m_transaction, m_network, reference, serviceCentre, tpdu, message) !=
        SmsCodecError::NONE)
    {
        return {};
    }
    m_rpState = RpState::WAIT_FOR_RP_ACK;
    m_tr = now + m_timers.tr1;
    return SendCpData(std::move(message), now);
}

std::vector<uint8_t>
SmsTransactionEngine::OriginateSmma(uint8_t transaction, uint8_t reference, Time now)
{
    m_transaction = transaction & 0x07;
    m_reference = reference;
    m_rpState = RpState::WAIT_FOR_RP_ACK;
    m_tr = now + m_timers.tr1;
    return SendCpData(EncodeCpRpSmma(m_transaction, reference), now);
}

SmsTransactionEngine::Step
SmsTransactionEngine::Fail()
{
    Step step;
    step.event = Event::FAILED;
    m_cpState = CpState::IDLE;
    m_rpState = RpState::DONE;
    m_tr = Time::Max();
    m_tc1 = Time::Max();
    return step;
}

SmsTransactionEngine::Step
SmsTransactionEngine::Receive(const uint8_t* octets, std::size_t size, Time now)
{
    CpMessage cp;
    const SmsCodecError error = DecodeCp(octets, size, cp);
    if (error == SmsCodecError::NONE && cp.transaction == m_finished)
    {
        Step step;
        if (cp.type == CpType::DATA)
        {
            step.message = EncodeCpAck(cp.transaction ^ TI_FLAG); // the peer has not had it
        }
        return step;
    }
    const bool first = m_rpState == RpState::IDLE;
    const bool mine =
        first ? (cp.transaction & TI_FLAG) == 0 : cp.transaction == (m_transaction ^ TI_FLAG);
    if (error != SmsCodecError::NONE || !mine)
    {
        Step step;
        const CpCause cause =
            error == SmsCodecError::WRONG_MESSAGE_TYPE ? CpCause::MESSAGE_TYPE_NON_EXISTENT
            : error == SmsCodecError::NONE             ? CpCause::INVALID_TRANSACTION_IDENTIFIER
                                                       : CpCause::INVALID_MANDATORY_INFORMATION;
        step.message =
            EncodeCpError(error == SmsCodecError::NONE ? cp.transaction ^ TI_FLAG : m_transaction,
                          cause);
        return step;
    }
    switch (cp.type)
    {
    case CpType::DATA:
        if (first)
        {
            m_transaction = cp.transaction ^ TI_FLAG;
        }
        return ReceiveCpData(cp, now);
    case CpType::ACK:
        return ReceiveCpAck();
    default:
        return Fail();
    }
}

SmsTransactionEngine::Step
SmsTransactionEngine::ReceiveCpAck()
{
    Step step;
    if (m_cpState != CpState::WAIT_FOR_CP_ACK)
    {
        return step;
    }
    m_cpState = CpState::MM_CONNECTION_ESTABLISHED;
    m_tc1 = Time::Max();
    if (m_answerSent)
    {
        m_cpState = CpState::IDLE;
        step.event = Event::FINISHED;
    }
    return step;
}

SmsTransactionEngine::Step
SmsTransactionEngine::ReceiveCpData(const CpMessage& cp, Time now)
{
    Step step;
    if (m_answerSent || m_rpState == RpState::WAIT_TO_SEND_RP_ACK)
    {
        // The peer has not had our CP-ACK and repeats its CP-DATA.
        step.message = EncodeCpAck(m_transaction);
        return step;
    }
    const SmsCodecError error = DecodeRp(cp.userData, cp.size, step.rp);
    if (error != SmsCodecError::NONE || step.rp.fromNetwork == m_network)
    {
        step = Fail();
        step.message = EncodeCpError(m_transaction, CpCause::PROTOCOL_ERROR);
        return step;
    }
    step.message = EncodeCpAck(m_transaction);
    const bool opens = step.rp.kind == RpKind::DATA || step.rp.kind == RpKind::SMMA;
    if (m_rpState == RpState::IDLE && opens)
    {
        m_cpState = CpState::MM_CONNECTION_ESTABLISHED;
        m_rpState = RpState::WAIT_TO_SEND_RP_ACK;
        m_reference = step.rp.reference;
        m_tr = now + m_timers.tr2;
        step.event = step.rp.kind == RpKind::DATA ? Event::RP_DATA : Event::RP_SMMA;
    }
    else if (m_rpState == RpState::WAIT_FOR_RP_ACK && !opens && step.rp.reference == m_reference)
    {
        // An RP-ACK also says that the RP-DATA's CP-DATA has arrived.
        m_cpState = CpState::IDLE;
        m_rpState = RpState::DONE;
        m_tr = Time::Max();
        m_tc1 = Time::Max();
        step.event = step.rp.kind == RpKind::ACK ? Event::RP_ACK : Event::RP_ERROR;
    }
    return step;
}

std::vector<uint8_t>
SmsTransactionEngine::Acknowledge(Time now)
{
    m_rpState = RpState::DONE;
    m_tr = Time::Max();
    m_answerSent = true;
    return SendCpData(EncodeCpRpAck(m_transaction, m_network, m_reference), now);
}

std::vector<uint8_t>
SmsTransactionEngine::Refuse(uint8_t cause, Time now, const std::vector<uint8_t>& tpdu)
{
    m_rpState = RpState::DONE;
    m_tr = Time::Max();
    m_answerSent = true;
    return SendCpData(EncodeCpRpError(m_transaction, m_network, m_reference, cause, tpdu), now);
}

void
SmsTransactionEngine::Finish()
{
    if (!IsUnused())
    {
        m_finished = m_transaction ^ TI_FLAG;
    }
    m_cpState = CpState::IDLE;
    m_rpState = RpState::IDLE;
    m_answerSent = false;
    m_tr = Time::Max();
    m_tc1 = Time::Max();
}

SmsTransactionEngine::Step
SmsTransactionEngine::Expire(Time now)
{
    if (m_tr <= now)
    {
        return Fail();
    }
    if (m_tc1 > now)
    {
        return {};
    }
    if (m_retransmissions == m_timers.maxRetransmissions)
    {
        return Fail();
    }
    ++m_retransmissions;
    m_tc1 = now + m_timers.tc1;
    Step step;
    step.message = m_cpData;
    return step;
}

Time
SmsTransactionEngine::GetDeadline() const
{
    return std::min(m_tr, m_tc1);
}

bool
SmsTransactionEngine::IsUnused() const
{
    return m_rpState == RpState::IDLE;
}

} // namespace p2pim
} // namespace ns3
