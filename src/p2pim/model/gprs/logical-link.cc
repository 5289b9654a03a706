// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/logical-link.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

const LlcParameters g_signallingParameters = GetLlcDefaults(LlcSap::LLGMM);
const LlcParameters g_userDataParameters = GetLlcDefaults(LlcSap::LL3);

const LlcParameters g_shortMessageParameters = GetLlcDefaults(LlcSap::LLSMS);

constexpr uint16_t TCP_SLOTS = 16; ///< RFC 1144 4: connections that are kept

/// Appends what frames of unacknowledged operation have brought.
void
AppendUnitdata(const std::vector<LlcIndication>& indications, std::vector<Octets>& messages)
{
    for (const LlcIndication& indication : indications)
    {
        if (indication.primitive == LlcPrimitive::UNITDATA_INDICATION)
        {
            messages.emplace_back(indication.sdu, indication.sdu + indication.size);
        }
    }
}

} // namespace

void
LogicalLink::Received::CountFrame(uint32_t octets, OctetLedger& ledger) const
{
    ledger.In(octets);
    taken ? ledger.Out(octets) : ledger.Lose(octets, LossCause::INVALID);
}

void
LogicalLink::Received::CountSndcp(OctetLedger& ledger) const
{
    ledger.In(npduOctets + lostOctets);
    ledger.Out(npduOctets);
    ledger.Lose(lostOctets, LossCause::INCOMPLETE);
}

LogicalLink::LogicalLink(LlcSide side, const LogicalLinkSettings& settings)
    : m_side(side),
      m_settings(settings),
      m_signalling(side, LlcSap::LLGMM, g_signallingParameters),
      m_userData(side, LlcSap::LL3, g_userDataParameters)
{
}

void
LogicalLink::Activate(Time now, uint8_t nsapi)
{
    SndcpParameters parameters;
    parameters.acknowledged = m_settings.acknowledged;
    parameters.n201 =
        m_settings.acknowledged ? g_userDataParameters.n201I : g_userDataParameters.n201U;
    parameters.tcpSlots = m_settings.compressHeaders ? TCP_SLOTS : 0;
    m_sndcp.Activate(nsapi, parameters);
    // TS 44.065 6.2.1.4: the SGSN establishes the link
    if (m_settings.acknowledged && m_side == LlcSide::SGSN &&
        m_userData.GetState() == LlcEntity::State::ADM)
    {
        m_userData.Establish(now);
    }
}

void
LogicalLink::Deactivate(Time now, uint8_t nsapi)
{
    m_lostOctets += m_sndcp.GetHeld(nsapi);
    m_sndcp.Deactivate(nsapi);
    if (m_settings.acknowledged && m_side == LlcSide::SGSN)
    {
        m_userData.Release(now);
    }
}

bool
LogicalLink::IsActive(uint8_t nsapi) const
{
    return m_sndcp.IsActive(nsapi);
}

void
LogicalLink::DeactivateAll(Time now)
{
    m_lostOctets += m_sndcp.GetHeld();
    m_sndcp = SndcpEntity();
    m_userData.Release(now);
}

void
LogicalLink::Expect(uint32_t tlli)
{
    m_otherTlli = tlli;
}

void
LogicalLink::Assign(uint32_t tlli)
{
    m_otherTlli = m_tlli;
    m_tlli = tlli;
}

bool
LogicalLink::IsAssigned(uint32_t tlli) const
{
    return tlli == m_tlli || tlli == m_otherTlli;
}

void
LogicalLink::Reset(uint32_t tlli)
{
    m_tlli = tlli;
    m_otherTlli = tlli;
    m_lostOctets += m_sndcp.GetHeld();
    m_sndcp = SndcpEntity();
    m_signalling.Reset();
    m_userData.Reset();
    m_shortMessages.reset();
}

/// Takes the frames that an entity wants to send.
void
LogicalLink::Collect(Time now, LlcEntity& entity, bool signalling, Frames& frames) const
{
    for (const Octets& frame : entity.TakeFrames(now))
    {
        frames.push_back({ToPacket(frame), signalling, m_tlli});
    }
}

void
LogicalLink::CollectUserData(Time now, Frames& frames)
{
    const std::size_t first = frames.size();
    Collect(now, m_userData, false, frames);
    for (std::size_t n = first; n < frames.size(); ++n)
    {
        frames[n].delayClass = m_delayClass;
    }
}

LogicalLink::Frames
LogicalLink::SendSignalling(Time now, const Octets& message)
{
    m_signalling.SendUnitdata(message.data(), message.size());
    Frames frames;
    Collect(now, m_signalling, true, frames);
    return frames;
}

LlcEntity&
LogicalLink::GetShortMessages()
{
    if (!m_shortMessages)
    {
        m_shortMessages =
            std::make_unique<LlcEntity>(m_side, LlcSap::LLSMS, g_shortMessageParameters);
    }
    return *m_shortMessages;
}

LogicalLink::Frames
LogicalLink::SendShortMessage(Time now, const Octets& message)
{
    GetShortMessages().SendUnitdata(message.data(), message.size());
    Frames frames;
    Collect(now, GetShortMessages(), false, frames);
    return frames;
}

LogicalLink::Frames
LogicalLink::SendNpdu(Time now, uint8_t nsapi, Ptr<const Packet> npdu, const QosProfile& qos)
{
    m_delayClass =
        qos.delayClass >= 1 && qos.delayClass < BEST_EFFORT ? qos.delayClass : BEST_EFFORT;
    for (Octets& pdu : m_sndcp.Segment(nsapi, npdu))
    {
        if (m_settings.acknowledged)
        {
            m_userData.Send(std::move(pdu));
        }
        else
        {
            m_userData.SendUnitdata(pdu.data(), pdu.size());
        }
    }
    Frames frames;
    CollectUserData(now, frames);
    return frames;
}

LlcPdu
LogicalLink::MakeEmptyFrame() const
{
    LlcFrame frame;
    frame.format = LlcFormat::U;
    frame.unnumbered = LlcUnnumbered::NULL_COMMAND;
    Octets octets;
    EncodeLlcFrame(frame, m_side, octets);
    return {ToPacket(octets), true, m_tlli};
}

LogicalLink::Received
LogicalLink::Receive(Time now, Ptr<const Packet> frame, Frames& answers)
{
    const Octets octets = ToOctets(frame);
    const LlcSide sender = m_side == LlcSide::MS ? LlcSide::SGSN : LlcSide::MS;
    Received received;
    LlcFrame fields;
    if (DecodeLlcFrame(octets.data(), octets.size(), sender, fields) != LlcFrameError::NONE)
    {
        ++m_invalid;
        received.taken = false;
        return received;
    }
    received.lostOctets = std::exchange(m_lostOctets, 0);
    if (fields.sap == LlcSap::LLGMM)
    {
        AppendUnitdata(m_signalling.Receive(now, fields), received.signalling);
        Collect(now, m_signalling, true, answers);
    }
    else if (fields.sap == LlcSap::LLSMS)
    {
        AppendUnitdata(GetShortMessages().Receive(now, fields), received.shortMessages);
        Collect(now, GetShortMessages(), false, answers);
    }
    else if (fields.sap == LlcSap::LL3)
    {
        const std::vector<LlcIndication>& indications = m_userData.Receive(now, fields);
        received.taken = fields.format != LlcFormat::UI || !indications.empty();
        ReceiveUserData(indications, received);
        CollectUserData(now, answers);
    }
    return received;
}

void
LogicalLink::ReceiveUserData(const std::vector<LlcIndication>& indications, Received& received)
{
    for (const LlcIndication& indication : indications)
    {
        if (indication.primitive != LlcPrimitive::UNITDATA_INDICATION &&
            indication.primitive != LlcPrimitive::DATA_INDICATION)
        {
            continue;
        }
        const SndcpReception reception = m_sndcp.Receive(indication.sdu, indication.size);
        received.npduOctets += reception.completed;
        received.lostOctets += reception.discarded;
        if (reception.outcome == SndcpOutcome::NPDU)
        {
            received.npdus.emplace_back(reception.nsapi, ToPacket(reception.npdu));
        }
    }
}

Time
LogicalLink::GetDeadline() const
{
    return m_userData.GetDeadline();
}

LogicalLink::Frames
LogicalLink::Expire(Time now)
{
    m_userData.Expire(now);
    Frames frames;
    CollectUserData(now, frames);
    return frames;
}

uint64_t
LogicalLink::GetInvalidFrames() const
{
    return m_invalid;
}

SndcpCounters
LogicalLink::GetSndcpCounters(uint8_t nsapi) const
{
    return m_sndcp.GetCounters(nsapi);
}

} // namespace p2pim
} // namespace ns3
