// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/llc-entity.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// @return how far @p number is after @p from, both modulo 512.
constexpr uint16_t
GetDistance(uint16_t number, uint16_t from)
{
    return static_cast<uint16_t>(number - from) % LLC_MODULUS;
}

/// UI frames up to this far behind V(UR) are dropped (TS 44.064 8.4.2): layers below keep the
/// order, so they are repetitions.
constexpr uint16_t UNACKNOWLEDGED_WINDOW = 32;

/// The unit of mU and mD, octets (TS 44.064 8.9.7).
constexpr std::size_t WINDOW_UNIT = 16;

} // namespace

LlcParameters
GetLlcDefaults(LlcSap sap)
{
    LlcParameters parameters;
    const auto setUserData = [&parameters](int64_t t200, uint16_t k, uint16_t m) {
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

/// What the acknowledged mode needs (TS 44.064 8.5 to 8.8).
struct LlcEntity::Acknowledged
{
    /// An SDU that is not confirmed.
    struct Outgoing
    {
        Octets sdu;                  ///< its octets
        uint64_t order = 0;          ///< counts transmissions of the link: the last of this one
        uint8_t retransmissions = 0; ///< of this one
        bool due = true;             ///< to be sent, or sent again
        bool received = false;       ///< an ACK or SACK says so
    };

    State state = State::LOCAL_ESTABLISHMENT;
    Time deadline = Time::Max();   ///< expiry of T200 or, in ABM, T201
    uint8_t retransmissions = 0;   ///< of the SABM, the DISC, or the RR that asks a busy peer
    bool own = true;               ///< layer 3 has asked for the establishment
    bool peerBusy = false;         ///< the peer's last word was RNR
    bool busy = false;             ///< the own layer 3 has no room
    bool acknowledgement = false;  ///< the peer is to be told what was received
    bool used = false;             ///< since the establishment an I or S frame has come
    bool poll = false;             ///< the peer is to be asked what it has received
    uint16_t acknowledgeState = 0; ///< V(A)
    uint16_t receiveState = 0;     ///< V(R)
    uint64_t transmissions = 0;    ///< I frames sent
    std::size_t sent = 0;          ///< V(S) - V(A)
    std::size_t sentOctets = 0;    ///< information of those
    std::deque<Outgoing> queue;    ///< the first has N(S) = V(A)
    std::deque<std::optional<Octets>> early; ///< received, from N(S) = V(R) + 1; the last is there
    std::vector<Octets> delivered;           ///< taken from `early` in this call

    /// Takes the oldest SDU out.
    void PopFront()
    {
        sentOctets -= queue.front().sdu.size();
        queue.pop_front();
        --sent;
        acknowledgeState = (acknowledgeState + 1) % LLC_MODULUS;
    }

    /// Sets what a frame tells the peer of what was received.
    void SetReceived(LlcFrame& frame) const
    {
        frame.receiveNumber = receiveState;
        frame.supervisory = LlcSupervisory::RR;
        if (busy)
        {
            frame.supervisory = LlcSupervisory::RNR;
        }
        else if (early.size() == 1)
        {
            frame.supervisory = LlcSupervisory::ACK;
        }
        else if (!early.empty())
        {
            frame.supervisory = LlcSupervisory::SACK;
            for (std::size_t i = 0; i < early.size(); ++i)
            {
                if (early[i])
                {
                    frame.bitmap.Set(i + 1);
                }
            }
        }
    }
};

LlcEntity::LlcEntity(LlcSide side, LlcSap sap, const LlcParameters& parameters)
    : m_parameters(parameters),
      m_side(side),
      m_sap(sap)
{
}

LlcEntity::~LlcEntity() = default;
LlcEntity::LlcEntity(LlcEntity&&) noexcept = default;

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
    const uint16_t behind = GetDistance(m_unacknowledgedReceive, frame.sendNumber);
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
LlcEntity::RestartSending()
{
    Acknowledged& link = *m_acknowledged;
    for (std::size_t i = 0; i < link.sent; ++i)
    {
        link.queue[i].due = true;
        link.queue[i].received = false;
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

void
LlcEntity::ReceiveNumbered(Time now, const LlcFrame& frame)
{
    if (GetState() != State::ABM)
    {
        ++m_counters.invalid;
        if (GetState() == State::ADM && frame.command)
        {
            SendUnnumbered(LlcUnnumbered::DM, false, false);
        }
        return;
    }
    Acknowledged& link = *m_acknowledged;
    link.used = true;
    if (GetDistance(frame.receiveNumber, link.acknowledgeState) > link.sent)
    {
        // An N(R) that acknowledges what was never sent: the links do not fit (8.6.6).
        ++m_counters.invalid;
        BeginEstablishment(now, false);
        return;
    }
    ReceiveAcknowledgement(now, frame);
    if (GetState() != State::ABM)
    {
        return;
    }
    link.acknowledgement = link.acknowledgement || frame.acknowledge;
    if (frame.format == LlcFormat::I)
    {
        ReceiveInformation(frame);
    }
}

void
LlcEntity::ReceiveAcknowledgement(Time now, const LlcFrame& frame)
{
    Acknowledged& link = *m_acknowledged;
    uint64_t newest = 0; // the latest transmission that is known to have arrived
    while (link.acknowledgeState != frame.receiveNumber)
    {
        newest = std::max(newest, link.queue.front().order);
        link.PopFront();
        Indicate(LlcPrimitive::DATA_CONFIRM);
    }
    for (std::size_t i = 1; i < link.sent; ++i)
    {
        const bool received = (frame.supervisory == LlcSupervisory::ACK && i == 1) ||
                              (frame.supervisory == LlcSupervisory::SACK && frame.bitmap.Has(i));
        if (received && !link.queue[i].received)
        {
            link.queue[i].received = true;
            link.queue[i].due = false;
            newest = std::max(newest, link.queue[i].order);
        }
    }
    const bool busy = frame.supervisory == LlcSupervisory::RNR;
    if (link.peerBusy && !busy)
    {
        RestartSending();
    }
    link.peerBusy = busy;
    if (newest > 0 || busy)
    {
        link.retransmissions = 0;
        link.deadline = Time::Max();
        if (link.sent > 0)
        {
            link.deadline = now + m_parameters.t200;
        }
    }
    for (std::size_t i = 0; i < link.sent; ++i)
    {
        // Frames arrive in order: what was sent before one that has arrived is lost.
        if (!link.queue[i].received && !link.queue[i].due && link.queue[i].order < newest &&
            !Retransmit(now, i))
        {
            return;
        }
    }
}

bool
LlcEntity::Retransmit(Time now, std::size_t index)
{
    Acknowledged::Outgoing& frame = m_acknowledged->queue[index];
    if (frame.retransmissions == m_parameters.n200)
    {
        Indicate(LlcPrimitive::STATUS_INDICATION);
        BeginEstablishment(now, false);
        return false;
    }
    ++frame.retransmissions;
    frame.due = true;
    return true;
}

void
LlcEntity::ReceiveInformation(const LlcFrame& frame)
{
    Acknowledged& link = *m_acknowledged;
    const uint16_t window = m_side == LlcSide::MS ? m_parameters.kD : m_parameters.kU;
    const uint16_t ahead = GetDistance(frame.sendNumber, link.receiveState);
    const bool before = ahead >= LLC_MODULUS / 2;
    const bool again =
        ahead >= 1 && ahead <= link.early.size() && link.early[ahead - 1].has_value();
    if (before || again)
    {
        ++m_counters.iDuplicates;
        return;
    }
    if (ahead >= window || frame.size > m_parameters.n201I || link.busy)
    {
        ++m_counters.iOutOfWindow;
        return;
    }
    if (ahead == 0)
    {
        Deliver(frame);
        return;
    }
    link.acknowledgement = link.acknowledgement || link.early.empty(); // tells of the gap
    link.early.resize(std::max<std::size_t>(link.early.size(), ahead));
    link.early[ahead - 1].emplace(frame.information, frame.information + frame.size);
}

void
LlcEntity::Deliver(const LlcFrame& frame)
{
    Acknowledged& link = *m_acknowledged;
    const auto deliver = [this, &link](const uint8_t* sdu, std::size_t size) {
        link.receiveState = (link.receiveState + 1) % LLC_MODULUS;
        ++m_counters.iDelivered;
        Indicate(LlcPrimitive::DATA_INDICATION, sdu, size);
    };
    deliver(frame.information, frame.size);
    while (!link.early.empty())
    {
        std::optional<Octets> next = std::move(link.early.front());
        link.early.pop_front();
        if (!next)
        {
            break; // the one with N(S) = V(R)
        }
        link.delivered.push_back(std::move(*next)); // its octets stay where they are
        deliver(link.delivered.back().data(), link.delivered.back().size());
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

std::vector<std::size_t>
LlcEntity::TakeDue()
{
    Acknowledged& link = *m_acknowledged;
    const bool fromPhone = m_side == LlcSide::MS;
    const std::size_t window = fromPhone ? m_parameters.kU : m_parameters.kD;
    const std::size_t octets = (fromPhone ? m_parameters.mU : m_parameters.mD) * WINDOW_UNIT;
    std::vector<std::size_t> due;
    for (std::size_t i = 0; i < link.queue.size() && !link.peerBusy; ++i)
    {
        Acknowledged::Outgoing& frame = link.queue[i];
        if (i == link.sent)
        {
            const bool fits =
                octets == 0 || link.sent == 0 || link.sentOctets + frame.sdu.size() <= octets;
            if (link.sent == window || !fits)
            {
                break;
            }
            ++link.sent;
            link.sentOctets += frame.sdu.size();
        }
        if (frame.due)
        {
            frame.due = false;
            due.push_back(i);
        }
    }
    return due;
}

void
LlcEntity::WriteNumbered(Time now)
{
    Acknowledged& link = *m_acknowledged;
    LlcFrame frame;
    const std::vector<std::size_t> due = TakeDue();
    for (const std::size_t index : due)
    {
        Acknowledged::Outgoing& outgoing = link.queue[index];
        frame = LlcFrame();
        frame.format = LlcFormat::I;
        link.SetReceived(frame);
        if (!link.acknowledgement && frame.supervisory != LlcSupervisory::RNR)
        {
            frame.supervisory = LlcSupervisory::RR; // told before
        }
        link.acknowledgement = false;
        frame.acknowledge = index == due.back();
        frame.sendNumber = (link.acknowledgeState + index) % LLC_MODULUS;
        frame.information = outgoing.sdu.data();
        frame.size = outgoing.sdu.size();
        SendFrame(frame);
        ++(outgoing.order == 0 ? m_counters.iSent : m_counters.iRetransmitted);
        outgoing.order = ++link.transmissions;
    }
    if (link.acknowledgement || link.poll)
    {
        frame = LlcFrame();
        frame.format = LlcFormat::S;
        frame.command = link.poll;
        frame.acknowledge = link.poll;
        link.SetReceived(frame);
        SendFrame(frame);
        link.acknowledgement = link.poll = false;
    }
    const bool waits = link.sent > 0 || (link.peerBusy && !link.queue.empty());
    if (waits && link.deadline == Time::Max())
    {
        link.deadline = now + m_parameters.t200;
    }
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
