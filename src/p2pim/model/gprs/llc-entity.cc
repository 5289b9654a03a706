// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/llc-entity.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// UI frames up to this far behind V(UR) are dropped (TS 44.064 8.4.2): layers below keep the
/// order, so they are repetitions.
constexpr uint16_t UNACKNOWLEDGED_WINDOW = 32;

} // namespace

LlcParameters
GetLlcDefaults(LlcSap sap)
{
    LlcParameters parameters;
    const auto setUserData = [&parameters](int64_t t200, uint8_t k, uint16_t m) {
        parameters.t200 = Seconds(t200);
        parameters.kU = parameters.kD = k;
        parameters.mU = parameters.mD = m;
    };
    constexpr uint16_t shortMessage = 270;
    switch (sap)
    {
    case LlcSap::LLGMM:
        parameters.n201U = 400;
        break;
    case LlcSap::TOM2:
        parameters.n201U = shortMessage;
        break;
    case LlcSap::LLSMS:
    case LlcSap::TOM8:
        parameters.t200 = Seconds(20);
        parameters.n201U = shortMessage;
        break;
    case LlcSap::LL3:
        setUserData(5, 16, 1520);
        break;
    case LlcSap::LL5:
        setUserData(10, 8, 760);
        break;
    case LlcSap::LL9:
        setUserData(20, 4, 380);
        break;
    case LlcSap::LL11:
        setUserData(40, 2, 190);
        break;
    }
    return parameters;
}

LlcEntity::LlcEntity(LlcSide side, LlcSap sap, const LlcParameters& parameters)
    : m_parameters(parameters),
      m_side(side),
      m_sap(sap)
{
}

void
LlcEntity::Reset()
{
    Discard();
    m_acknowledged.reset();
    m_frames.clear();
    m_indications.clear();
    m_unacknowledgedSend = 0;
    m_unacknowledgedReceive = 0;
}

void
LlcEntity::Discard()
{
    if (m_acknowledged)
    {
        m_counters.iDiscarded += m_acknowledged->queue.size();
        m_acknowledged->queue.clear();
    }
}

void
LlcEntity::SendFrame(LlcFrame& frame)
{
    frame.sap = m_sap;
    m_frames.emplace_back();
    EncodeLlcFrame(frame, m_side, m_frames.back());
}

void
LlcEntity::SendUnnumbered(LlcUnnumbered unnumbered, bool command, bool pollFinal)
{
    LlcFrame frame;
    frame.format = LlcFormat::U;
    frame.unnumbered = unnumbered;
    frame.command = command;
    frame.pollFinal = pollFinal;
    SendFrame(frame);
}

void
LlcEntity::Indicate(LlcPrimitive primitive, const uint8_t* sdu, std::size_t size)
{
    m_indications.push_back({primitive, sdu, size});
}

bool
LlcEntity::SendUnitdata(const uint8_t* sdu, std::size_t size, bool protectedMode)
{
    if (size > m_parameters.n201U)
    {
        return false;
    }
    LlcFrame frame;
    frame.protectedMode = protectedMode;
    frame.sendNumber = m_unacknowledgedSend;
    frame.information = sdu;
    frame.size = size;
    SendFrame(frame);
    m_unacknowledgedSend = (m_unacknowledgedSend + 1) % LLC_MODULUS;
    ++m_counters.uiSent;
    return true;
}

bool
LlcEntity::Establish(Time now)
{
    if (m_parameters.kU == 0 || m_parameters.kD == 0)
    {
        return false;
    }
    BeginEstablishment(now, true);
    return true;
}

void
LlcEntity::BeginEstablishment(Time now, bool own)
{
    Discard();
    m_acknowledged = std::make_unique<Acknowledged>();
    m_acknowledged->own = own;
    m_acknowledged->deadline = now + m_parameters.t200;
    SendUnnumbered(LlcUnnumbered::SABM, true, true);
}

void
LlcEntity::Release(Time now)
{
    if (!m_acknowledged)
    {
        return;
    }
    Discard();
    m_acknowledged = std::make_unique<Acknowledged>();
    m_acknowledged->state = State::LOCAL_RELEASE;
    m_acknowledged->deadline = now + m_parameters.t200;
    SendUnnumbered(LlcUnnumbered::DISC, true, true);
}

bool
LlcEntity::Send(Octets sdu)
{
    if (!m_acknowledged || m_acknowledged->state == State::LOCAL_RELEASE ||
        sdu.size() > m_parameters.n201I)
    {
        return false;
    }
    m_acknowledged->queue.emplace_back();
    m_acknowledged->queue.back().sdu = std::move(sdu);
    return true;
}

void
LlcEntity::SetBusy(bool busy)
{
    if (m_acknowledged && m_acknowledged->busy != busy)
    {
        m_acknowledged->busy = busy;
        m_acknowledged->acknowledgement = true;
    }
}

const std::vector<LlcIndication>&
LlcEntity::Receive(Time now, const LlcFrame& frame)
{
    m_indications.clear();
    if (m_acknowledged)
    {
        m_acknowledged->delivered.clear();
    }
    switch (frame.format)
    {
    case LlcFormat::UI:
        ReceiveUi(frame);
        break;
    case LlcFormat::U:
        ReceiveUnnumbered(now, frame);
        break;
    default:
        ReceiveNumbered(now, frame);
        break;
    }
    return m_indications;
}

void
LlcEntity::ReceiveUi(const LlcFrame& frame)
{
    const uint16_t behind = GetLlcDistance(m_unacknowledgedReceive, frame.sendNumber);
    if (behind >= 1 && behind <= UNACKNOWLEDGED_WINDOW)
    {
        ++m_counters.uiDuplicates;
        return;
    }
    m_unacknowledgedReceive = (frame.sendNumber + 1) % LLC_MODULUS;
    ++m_counters.uiDelivered;
    Indicate(LlcPrimitive::UNITDATA_INDICATION, frame.information, frame.size);
}

void
LlcEntity::ReceiveUnnumbered(Time now, const LlcFrame& frame)
{
    const State state = GetState();
    switch (frame.unnumbered)
    {
    case LlcUnnumbered::SABM:
        ReceiveSabm(frame);
        break;
    case LlcUnnumbered::DISC:
        ReceiveDisc(frame);
        break;
    case LlcUnnumbered::UA:
        ReceiveUa();
        break;
    case LlcUnnumbered::DM:
        if (state != State::ADM)
        {
            End(state == State::LOCAL_RELEASE ? LlcPrimitive::RELEASE_CONFIRM
                                              : LlcPrimitive::RELEASE_INDICATION);
        }
        break;
    case LlcUnnumbered::FRMR:
        if (state == State::ABM)
        {
            BeginEstablishment(now, false);
        }
        break;
    case LlcUnnumbered::XID:
        if (frame.command)
        {
            // No parameter in the response: all keep their values (8.5.3).
            SendUnnumbered(LlcUnnumbered::XID, false, frame.pollFinal);
        }
        break;
    case LlcUnnumbered::NULL_COMMAND:
        break;
    }
}

void
LlcEntity::End(LlcPrimitive primitive)
{
    Discard();
    m_acknowledged.reset();
    Indicate(primitive);
}

void
LlcEntity::ReceiveSabm(const LlcFrame& frame)
{
    const State state = GetState();
    if (state == State::LOCAL_RELEASE || m_parameters.kU == 0 || m_parameters.kD == 0)
    {
        SendUnnumbered(LlcUnnumbered::DM, false, frame.pollFinal);
        return;
    }
    SendUnnumbered(LlcUnnumbered::UA, false, frame.pollFinal);
    if (state == State::LOCAL_ESTABLISHMENT)
    {
        return; // both have sent a SABM: the link stands when the own one is answered (8.5.4)
    }
    if (state == State::ABM && !m_acknowledged->used)
    {
        RestartSending(); // the peer has missed the UA, and dropped what came behind it
        return;
    }
    Discard();
    m_acknowledged = std::make_unique<Acknowledged>();
    m_acknowledged->state = State::ABM;
    Indicate(LlcPrimitive::ESTABLISH_INDICATION);
}

void
LlcEntity::ReceiveUa()
{
    switch (GetState())
    {
    case State::LOCAL_ESTABLISHMENT:
        m_acknowledged->state = State::ABM;
        m_acknowledged->deadline = Time::Max();
        m_acknowledged->retransmissions = 0;
        Indicate(m_acknowledged->own ? LlcPrimitive::ESTABLISH_CONFIRM
                                     : LlcPrimitive::ESTABLISH_INDICATION);
        break;
    case State::LOCAL_RELEASE:
        End(LlcPrimitive::RELEASE_CONFIRM);
        break;
    default:
        ++m_counters.invalid;
        break;
    }
}

void
LlcEntity::ReceiveDisc(const LlcFrame& frame)
{
    switch (GetState())
    {
    case State::ADM:
        SendUnnumbered(LlcUnnumbered::DM, false, frame.pollFinal);
        break;
    case State::LOCAL_ESTABLISHMENT:
        SendUnnumbered(LlcUnnumbered::DM, false, frame.pollFinal);
        End(LlcPrimitive::RELEASE_INDICATION);
        break;
    case State::ABM:
        SendUnnumbered(LlcUnnumbered::UA, false, frame.pollFinal);
        End(LlcPrimitive::RELEASE_INDICATION);
        break;
    case State::LOCAL_RELEASE:
        SendUnnumbered(LlcUnnumbered::UA, false, frame.pollFinal);
        break;
    }
}

Time
LlcEntity::GetDeadline() const
{
    return m_acknowledged ? m_acknowledged->deadline : Time::Max();
}

const std::vector<LlcIndication>&
LlcEntity::Expire(Time now)
{
    m_indications.clear();
    if (GetDeadline() > now)
    {
        return m_indications;
    }
    Acknowledged& link = *m_acknowledged;
    link.deadline = now + m_parameters.t200;
    if (link.state == State::ABM && !link.peerBusy)
    {
        Retransmit(now, 0);
        return m_indications;
    }
    if (link.retransmissions == m_parameters.n200)
    {
        Indicate(LlcPrimitive::STATUS_INDICATION);
        if (link.state == State::ABM)
        {
            BeginEstablishment(now, false);
        }
        else
        {
            End(link.state == State::LOCAL_RELEASE ? LlcPrimitive::RELEASE_CONFIRM
                                                   : LlcPrimitive::RELEASE_INDICATION);
        }
        return m_indications;
    }
    ++link.retransmissions;
    if (link.state == State::ABM)
    {
        link.poll = true;
    }
    else
    {
        SendUnnumbered(link.state == State::LOCAL_RELEASE ? LlcUnnumbered::DISC
                                                          : LlcUnnumbered::SABM,
                       true,
                       true);
    }
    return m_indications;
}

std::vector<Octets>
LlcEntity::TakeFrames(Time now)
{
    if (GetState() == State::ABM)
    {
        WriteNumbered(now);
    }
    return std::exchange(m_frames, {});
}

LlcEntity::State
LlcEntity::GetState() const
{
    return m_acknowledged ? m_acknowledged->state : State::ADM;
}

std::size_t
LlcEntity::GetUnconfirmed() const
{
    return m_acknowledged ? m_acknowledged->queue.size() : 0;
}

const LlcCounters&
LlcEntity::GetCounters() const
{
    return m_counters;
}

} // namespace p2pim
} // namespace ns3
