// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The ways of packets through NatCore.
 */
#include "nat-core.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t UNREACHABLE = 3;
constexpr uint8_t PORT_UNREACHABLE = 3;
constexpr uint8_t PROHIBITED = 13;

} // namespace

NatCore::Flow
NatCore::GetFlow(const NatHeader& header, NatSide from)
{
    const bool isOutbound = from == NatSide::INSIDE;
    return {header.GetProtocol(),
            isOutbound ? header.GetSource() : header.GetDestination(),
            isOutbound ? header.GetDestination() : header.GetSource()};
}

bool
NatCore::IsUntranslated(const Passage& passage) const
{
    const uint32_t peer = passage.from == NatSide::INSIDE ? passage.header.GetDestinationAddress()
                                                          : passage.header.GetSourceAddress();
    return std::any_of(
        m_settings.untranslated.begin(),
        m_settings.untranslated.end(),
        [peer](const auto& one) { return one.second.IsMatch(Ipv4Address(peer), one.first); });
}

void
NatCore::HandleInside(Passage& passage)
{
    const NatHeader& header = passage.header;
    const bool isIcmp = header.GetProtocol() == NatProtocol::ICMP;
    if (isIcmp && !header.IsError() && !header.IsQuery())
    {
        Drop(passage, header.IsReply() ? NatCause::NO_MAPPING : NatCause::UNSUPPORTED);
    }
    else if (m_allocator.Owns(header.GetDestinationAddress()))
    {
        Hairpin(passage);
    }
    else if (header.IsError() ? TranslateError(passage, NatSide::INSIDE)
                              : TranslateOutbound(passage))
    {
        Emit(passage, NatSide::OUTSIDE);
    }
}

void
NatCore::HandleOutside(Passage& passage)
{
    const NatHeader& header = passage.header;
    const bool isIcmp = header.GetProtocol() == NatProtocol::ICMP;
    if (isIcmp && !header.IsError() && !header.IsReply())
    {
        Drop(passage, header.IsQuery() ? NatCause::NO_MAPPING : NatCause::UNSUPPORTED);
    }
    else if (m_allocator.Owns(header.GetSourceAddress()))
    {
        Drop(passage, NatCause::FILTERED); // nobody outside has this address
    }
    else if (header.IsError() ? TranslateError(passage, NatSide::OUTSIDE)
                              : TranslateInbound(passage))
    {
        Emit(passage, NatSide::INSIDE);
    }
}

void
NatCore::Hairpin(Passage& passage)
{
    if (m_settings.hairpinning == NatSettings::NO_HAIRPIN)
    {
        RefuseHairpin(passage);
        return;
    }
    const bool isError = passage.header.IsError();
    if (isError || m_settings.hairpinning == NatSettings::EXTERNAL_SOURCE)
    {
        if (!(isError ? TranslateError(passage, NatSide::INSIDE) : TranslateOutbound(passage)))
        {
            return;
        }
    }
    passage.isHairpin = true;
    if (isError ? TranslateError(passage, NatSide::OUTSIDE) : TranslateInbound(passage))
    {
        Emit(passage, NatSide::INSIDE);
    }
}

void
NatCore::RefuseHairpin(Passage& passage)
{
    Drop(passage, NatCause::HAIRPIN);
    const NatHeader& header = passage.header;
    if (!m_settings.answersInside)
    {
        return;
    }
    if (header.GetProtocol() == NatProtocol::UDP)
    {
        SendError(passage, header.GetDestinationAddress(), UNREACHABLE, PORT_UNREACHABLE);
    }
    else if (header.GetProtocol() == NatProtocol::TCP && !header.GetSegment().rst)
    {
        m_result.packets.push_back({MakeTcpReset(header), NatSide::INSIDE});
    }
}

bool
NatCore::TranslateOutbound(Passage& passage)
{
    const Flow flow = GetFlow(passage.header, NatSide::INSIDE);
    uint32_t number = m_table.FindSession(NatSide::INSIDE, flow.protocol, flow.local, flow.remote);
    auto outcome = number == NAT_NONE ? Outcome::GONE : Continue(passage, number, NatSide::INSIDE);
    if (outcome == Outcome::GONE)
    {
        number = OpenFromInside(passage, flow);
        outcome = number == NAT_NONE ? Outcome::DROPPED : Outcome::PASSES;
    }
    if (outcome == Outcome::DROPPED)
    {
        return false;
    }
    const NatEndpoint outside = m_table.GetMapping(m_table.GetSession(number).mapping).outside;
    if (flow.protocol == NatProtocol::TCP)
    {
        m_held.Remove(outside, flow.remote);
    }
    passage.header.SetSource(outside, m_settings.checksums);
    if (outcome == Outcome::ENDS)
    {
        EndSession(number, m_now);
    }
    return true;
}

bool
NatCore::TranslateInbound(Passage& passage)
{
    const Flow flow = GetFlow(passage.header, NatSide::OUTSIDE);
    const uint32_t number =
        m_table.FindSession(NatSide::OUTSIDE, flow.protocol, flow.local, flow.remote);
    auto outcome = Outcome::GONE;
    uint32_t mapping = NAT_NONE;
    if (number != NAT_NONE)
    {
        mapping = m_table.GetSession(number).mapping;
        outcome = Continue(passage, number, NatSide::OUTSIDE);
    }
    if (outcome == Outcome::GONE)
    {
        mapping = Admit(passage, flow);
        outcome = mapping == NAT_NONE ? Outcome::DROPPED : Outcome::PASSES;
    }
    if (outcome == Outcome::DROPPED)
    {
        return false;
    }
    const NatEndpoint inside = m_table.GetMapping(mapping).inside;
    if (m_settings.translates && m_allocator.Owns(inside.address))
    {
        Drop(passage, NatCause::NO_MAPPING); // the NAT's own host has it
        return false;
    }
    passage.header.SetDestination(inside, m_settings.checksums);
    if (outcome == Outcome::ENDS)
    {
        EndSession(number, m_now);
    }
    return true;
}

/// @return the mapping of a packet from outside that belongs to no session; none if it is dropped.
uint32_t
NatCore::Admit(Passage& passage, const Flow& flow)
{
    const uint32_t mapping = m_table.FindMapping(flow.protocol, flow.local);
    const NatCause cause = Filter(mapping, flow);
    if (cause != NatCause::NONE)
    {
        RefuseUnsolicited(passage, flow, cause);
        return NAT_NONE;
    }
    if (flow.protocol == NatProtocol::TCP)
    {
        return OpenFromOutside(passage, mapping, flow) == NAT_NONE ? NAT_NONE : mapping;
    }
    const uint32_t newest = m_table.GetMapping(mapping).firstSession;
    if (m_settings.timers.udpInboundRefresh && !m_table.GetMapping(mapping).isExplicit)
    {
        m_table.SetExpiry(newest, m_now + GetDatagramLifetime(flow.protocol, flow.remote));
    }
    return mapping;
}

/// @return why a mapping does not take a packet from outside that belongs to no session.
NatCause
NatCore::Filter(uint32_t mapping, const Flow& flow) const
{
    if (mapping != NAT_NONE)
    {
        const auto filtering =
            flow.protocol == NatProtocol::TCP ? m_settings.tcpFiltering : m_settings.udpFiltering;
        const bool isAdmitted =
            m_table.GetMapping(mapping).isExplicit || filtering == NatSettings::EIF ||
            (filtering == NatSettings::ADF && m_table.HasPeer(mapping, flow.remote.address));
        if (isAdmitted)
        {
            return NatCause::NONE;
        }
    }
    if (HasExpired(flow))
    {
        return NatCause::EXPIRED;
    }
    return mapping == NAT_NONE ? NatCause::NO_MAPPING : NatCause::FILTERED;
}

void
NatCore::RefuseUnsolicited(Passage& passage, const Flow& flow, NatCause cause)
{
    Drop(passage, cause);
    const NatHeader& header = passage.header;
    const bool isTcp = flow.protocol == NatProtocol::TCP;
    const NatSegment segment = isTcp ? header.GetSegment() : NatSegment();
    const bool isOurs = !m_settings.translates || m_allocator.Owns(flow.local.address);
    if (!isOurs || passage.isHairpin || flow.protocol == NatProtocol::ICMP || segment.rst)
    {
        return;
    }
    switch (isTcp ? m_settings.unsolicitedTcp : m_settings.unsolicitedUdp)
    {
    case NatSettings::SILENCE:
        break;
    case NatSettings::RESET:
        if (isTcp)
        {
            m_result.packets.push_back({MakeTcpReset(header), passage.from});
            break;
        }
        [[fallthrough]];
    case NatSettings::PORT_UNREACHABLE:
        SendError(passage, flow.local.address, UNREACHABLE, PORT_UNREACHABLE);
        break;
    case NatSettings::PROHIBITED:
        SendError(passage, flow.local.address, UNREACHABLE, PROHIBITED);
        break;
    case NatSettings::HOLD:
        if (segment.syn && !segment.ack)
        {
            m_held.Add(flow.local, flow.remote, passage.packet, m_now);
        }
        break;
    case NatSettings::ANSWERED_BY_HOST:
        TakeByHost(flow);
        break;
    }
}

/// State for a packet that the NAT's own host takes, as nf_conntrack makes it.
void
NatCore::TakeByHost(const Flow& flow)
{
    const bool isOurs = flow.protocol == NatProtocol::UDP && m_allocator.Owns(flow.local.address);
    if (!isOurs || m_table.GetMappings() >= m_settings.limits.mappings ||
        CheckSessionLimits(flow.local.address) != NatCause::NONE)
    {
        return;
    }
    NatMapping mapping;
    mapping.inside = flow.local;
    mapping.outside = flow.local;
    mapping.remote = flow.remote;
    mapping.protocol = flow.protocol;
    mapping.mapping = NatSettings::APDM;
    const uint32_t number = m_table.AddMapping(mapping);
    m_subscribers.AddMapping(flow.local.address, m_now);
    const uint32_t session = AddSession(number, flow.remote, m_settings.timers.udpNew);
    m_table.GetSession(session).opener = NatSide::OUTSIDE;
}

/// Translates an ICMP error and what it quotes; @p from as the mapping's sides see it.
bool
NatCore::TranslateError(Passage& passage, NatSide from)
{
    const bool checksums = m_settings.checksums;
    NatHeader quoted(passage.packet, passage.header.GetQuoted());
    const NatCause cause = quoted.Parse(true);
    const bool isWrong = cause == NatCause::NONE && checksums && !quoted.HasRightHeaderChecksum();
    if (cause != NatCause::NONE || isWrong || m_settings.icmpErrors == NatSettings::DROP_ERRORS)
    {
        Drop(passage,
             isWrong                   ? NatCause::CHECKSUM
             : cause == NatCause::NONE ? NatCause::ERROR
                                       : cause);
        return false;
    }
    // What is quoted went the other way.
    const Flow flow = GetFlow(quoted, GetOther(from));
    const uint32_t session = m_table.FindSession(from, flow.protocol, flow.local, flow.remote);
    uint32_t number = session == NAT_NONE ? NAT_NONE : m_table.GetSession(session).mapping;
    if (number == NAT_NONE && from == NatSide::INSIDE)
    {
        // Of a packet that a mapping took from a peer which the inside never sent to.
        number = m_table.FindMapping(flow.protocol, flow.local, NatSettings::EIM, flow.remote);
        if (Filter(number, flow) != NatCause::NONE)
        {
            number = NAT_NONE;
        }
    }
    if (number == NAT_NONE)
    {
        Drop(passage, NatCause::NO_MAPPING);
        return false;
    }
    const NatMapping& mapping = m_table.GetMapping(number);
    if (from == NatSide::INSIDE)
    {
        quoted.SetDestination(mapping.outside, checksums);
        passage.header.SetSource({mapping.outside.address, 0}, checksums);
    }
    else
    {
        quoted.SetSource(mapping.inside, checksums);
        passage.header.SetDestination({mapping.inside.address, 0}, checksums);
    }
    if (checksums)
    {
        passage.header.SetIcmpChecksum();
    }
    if (m_settings.icmpErrors == NatSettings::ERRORS_KILL && session != NAT_NONE)
    {
        EndSession(session, m_now);
    }
    return true;
}

} // namespace p2pim
} // namespace ns3
