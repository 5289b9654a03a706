// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * What must hold of all that comes out of a NAT, by a list of what the inside has sent.
 */
#include "hostile-nat.h"
#include "hostile-packets.h"

#include <algorithm>

namespace p2pim::test
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

std::string
ToHex(const Octets& octets)
{
    std::string text;
    for (const uint8_t octet : octets)
    {
        text += "0123456789abcdef"[octet >> 4];
        text += "0123456789abcdef"[octet & 15];
    }
    return text;
}

} // namespace

void
HostileNat::Fail(const std::string& fault)
{
    m_fault = m_fault.empty() ? fault : m_fault;
}

void
HostileNat::CheckLimits()
{
    constexpr std::size_t MUCH = 1U << 20; // octets; the bitmaps of ports are most of it
    const NatLimits& limits = m_core.GetSettings().limits;
    if (m_core.GetMappings() > limits.mappings || m_core.GetSessions() > limits.sessions ||
        m_core.GetFragments().GetDatagrams() > limits.fragmentedDatagrams ||
        m_core.GetFragments().GetOctets() > limits.fragmentOctets ||
        m_core.GetHeldSyns().GetSize() > limits.heldSyns || m_core.GetMemory() > MUCH)
    {
        Fail("state beyond the limits");
    }
}

void
HostileNat::Check(NatSide from, const Octets& given, const NatOutput& output)
{
    if (!m_fault.empty())
    {
        return;
    }
    Octets packet = output.packet;
    NatHeader header(packet);
    if (header.Parse() != NatCause::NONE || !header.HasRightHeaderChecksum() ||
        header.GetSize() != packet.size())
    {
        Fail("a header is wrong");
        return;
    }
    Octets before = given;
    NatHeader headerBefore(before);
    const bool isWhole =
        headerBefore.Parse() == NatCause::NONE && !IsFragment(given) && !IsFragment(packet);
    if (isWhole && headerBefore.HasRightTransportChecksum() && !header.HasRightTransportChecksum())
    {
        Fail("a checksum of TCP, UDP or ICMP is wrong");
    }
    if (output.side == NatSide::OUTSIDE)
    {
        CheckLeaving(from, given, packet);
    }
    else if (from == NatSide::OUTSIDE)
    {
        CheckEntering(given, packet);
    }
    if (!m_fault.empty())
    {
        m_fault += ": " + ToHex(given) + " became " + ToHex(packet);
    }
}

void
HostileNat::CheckLeaving(NatSide from, const Octets& given, const Octets& packet)
{
    const NatSettings& settings = m_core.GetSettings();
    const bool isUntranslated = !settings.untranslated.empty() && IsUntouched(Get(packet, 16, 4));
    const bool mayLeak = settings.translates && settings.leaksInvalid && packet[9] == 6 &&
                         from == NatSide::INSIDE && Get(packet, 12, 4) == Get(given, 12, 4);
    if (isUntranslated || mayLeak)
    {
        return;
    }
    if (settings.translates && !IsOwn(Get(packet, 12, 4)))
    {
        Fail("an inner address leaves");
    }
    if (from == NatSide::OUTSIDE || GetOffset(packet) > 0)
    {
        return;
    }
    if (!IsError(packet))
    {
        NoteSent(given, packet);
    }
    else if (settings.translates && !IsFragment(packet) &&
             !IsOwn(GetEnds(packet, 28).second.address))
    {
        Fail("an error quotes an inner address");
    }
}

/// @return the ends of a packet; of a fragment those of all that began its datagram.
std::vector<std::pair<NatEndpoint, NatEndpoint>>
HostileNat::GetEndsOf(NatSide from, const Octets& given) const
{
    if (!IsFragment(given))
    {
        return {GetEnds(given)};
    }
    const auto found = m_datagrams.find({from,
                                         Get(given, 12, 4),
                                         Get(given, 16, 4),
                                         static_cast<uint16_t>(Get(given, 4, 2)),
                                         given[9]});
    return found == m_datagrams.end() ? std::vector<std::pair<NatEndpoint, NatEndpoint>>()
                                      : found->second;
}

void
HostileNat::NoteSent(const Octets& given, const Octets& packet)
{
    const auto [outside, remote] = GetEnds(packet);
    for (const auto& [inside, to] : GetEndsOf(NatSide::INSIDE, given))
    {
        if (to == remote) // else it is a RST for a connection that has expired
        {
            const Sent sent{static_cast<NatProtocol>(packet[9]), inside, outside, remote, m_now};
            if (!IsFragment(given))
            {
                CheckMapping(sent);
            }
            m_sent.push_back(sent);
        }
    }
}

/// @return whether nothing can be left of what a datagram has opened.
bool
HostileNat::IsOver(const Sent& sent) const
{
    const NatTimers& timers = m_core.GetSettings().timers;
    if (sent.protocol == NatProtocol::TCP || timers.udpInboundRefresh)
    {
        return false;
    }
    const Time longest = sent.protocol == NatProtocol::ICMP
                             ? timers.icmpQuery
                             : std::max(timers.udpNew, timers.udpStream);
    return sent.time < m_lost || m_now - sent.time > longest;
}

/// RFC 4787 REQ-1, REQ-3: the same endpoint for what has the same key, and for nobody else.
void
HostileNat::CheckMapping(const Sent& sent)
{
    const NatSettings& settings = m_core.GetSettings();
    const bool isSure = sent.protocol == NatProtocol::UDP && settings.translates &&
                        !settings.overlaps && settings.allocation != NatSettings::OVERLOAD &&
                        settings.icmpErrors != NatSettings::ERRORS_KILL &&
                        settings.conflictMapping == settings.udpMapping;
    const Time sure = std::min(settings.timers.udpNew, settings.timers.udpStream);
    for (const Sent& before : m_sent)
    {
        if (!isSure || before.protocol != sent.protocol || before.time < m_lost ||
            m_now - before.time >= sure)
        {
            continue;
        }
        const bool isSameKey =
            before.inside == sent.inside &&
            (settings.udpMapping == NatSettings::EIM ||
             (settings.udpMapping == NatSettings::ADM ? before.remote.address == sent.remote.address
                                                      : before.remote == sent.remote));
        if (isSameKey && before.outside != sent.outside)
        {
            Fail("a mapping has changed");
        }
        if (before.outside == sent.outside && before.inside != sent.inside)
        {
            Fail("two hosts share an endpoint");
        }
    }
}

void
HostileNat::CheckEntering(const Octets& given, const Octets& packet)
{
    const uint32_t peer = Get(packet, 12, 4);
    if (!m_core.GetSettings().untranslated.empty() && IsUntouched(peer))
    {
        return;
    }
    ++m_admitted;
    const auto protocol = static_cast<NatProtocol>(packet[9]);
    if (GetOffset(packet) > 0)
    {
        const uint32_t host = Get(packet, 16, 4);
        const bool isKnown =
            std::any_of(m_sent.begin(),
                        m_sent.end(),
                        [&](const Sent& sent) { return sent.inside.address == host; }) ||
            std::any_of(m_open.begin(), m_open.end(), [&](const auto& one) {
                return one.second.address == host;
            });
        if (!isKnown)
        {
            Fail("a fragment comes in that nobody waits for");
        }
        return;
    }
    if (IsError(packet))
    {
        if (!IsFragment(packet) && !IsErrorAdmitted(packet))
        {
            Fail("an error comes in about nothing");
        }
        return;
    }
    const auto [remote, inside] = GetEnds(packet);
    constexpr std::size_t flags = IP_HEADER + 13;
    const bool isReset =
        protocol == NatProtocol::TCP && packet.size() > flags && (packet[flags] & 4) != 0;
    const auto ends = GetEndsOf(NatSide::OUTSIDE, given);
    const bool isAdmitted =
        ends.empty() || isReset
            ? IsAdmitted(protocol, inside, nullptr, remote)
            : std::any_of(ends.begin(),
                          ends.end(),
                          [&, from = remote, to = inside](const auto& one) {
                              return IsAdmitted(protocol, to, &one.second, from);
                          });
    if (!isAdmitted)
    {
        Fail("a packet comes in that the filter forbids");
    }
}

/// @return whether a peer may send to an inside endpoint, through an outside one or any.
bool
HostileNat::IsAdmitted(NatProtocol protocol,
                       const NatEndpoint& inside,
                       const NatEndpoint* outside,
                       const NatEndpoint& remote) const
{
    const NatSettings& settings = m_core.GetSettings();
    const auto filtering =
        protocol == NatProtocol::TCP ? settings.tcpFiltering : settings.udpFiltering;
    const auto isFor = [&](const Sent& sent) {
        return sent.protocol == protocol && sent.inside == inside && !IsOver(sent) &&
               (outside == nullptr || sent.outside == *outside) &&
               (filtering == NatSettings::EIF || sent.remote == remote ||
                (filtering == NatSettings::ADF && sent.remote.address == remote.address));
    };
    return std::any_of(m_sent.begin(), m_sent.end(), isFor) ||
           std::count(m_open.begin(), m_open.end(), std::make_pair(protocol, inside)) > 0;
}

/// @return whether the inside has sent what an error is about, or may have been sent to.
bool
HostileNat::IsErrorAdmitted(const Octets& packet) const
{
    const std::size_t quoted = static_cast<std::size_t>(packet[0] & 0x0F) * 4 + 8;
    const auto [inside, remote] = GetEnds(packet, quoted);
    const auto protocol = static_cast<NatProtocol>(packet[quoted + 9]);
    const bool isSent = std::any_of(m_sent.begin(),
                                    m_sent.end(),
                                    [&, from = inside, to = remote](const Sent& sent) {
                                        return sent.protocol == protocol && sent.inside == from &&
                                               sent.remote == to && !IsOver(sent);
                                    });
    const bool isOpen =
        protocol == NatProtocol::TCP
            ? IsAdmitted(protocol, inside, nullptr, remote)
            : std::count(m_open.begin(), m_open.end(), std::make_pair(protocol, inside)) > 0;
    return inside.address == Get(packet, 16, 4) && (isSent || isOpen);
}

} // namespace p2pim::test
