// SPDX-License-Identifier: GPL-2.0-only
#include "hostile-nat.h"

#include "hostile-packets.h"

#include <algorithm>
#include <type_traits>

namespace p2pim::test
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

enum Flags : uint8_t
{
    FIN = 0x01,
    SYN = 0x02,
    RST = 0x04,
    ACK = 0x10
};

} // namespace

HostileNat::HostileNat(Draw draw)
    : m_draw(std::move(draw)),
      m_core(MakeSettings(m_draw), [this](uint32_t limit) { return m_draw(limit); })
{
}

NatSettings
HostileNat::MakeSettings(const Draw& draw)
{
    NatSettings settings = GetNatPreset(static_cast<NatPreset>(draw(NAT_FIREWALL + 1)));
    const NatSettings plain = settings;
    const auto complete = [](NatSettings& one) {
        if (one.translates)
        {
            one.pool = {Ipv4Address(OWN), Ipv4Address(OWN + 1)};
        }
        one.insideAddress = Ipv4Address(INSIDE + 1);
        one.limits.mappings = 12;
        one.limits.sessions = 20;
        one.limits.subscriberMappings = 7;
        one.limits.subscriberSessions = 9;
        one.limits.fragmentedDatagrams = 3;
        one.limits.fragmentOctets = 2000;
        one.limits.heldSyns = 2;
        one.outsideMtu = 600;
    };
    SpoilSettings(settings, draw);
    complete(settings);
    if (!settings.FindFault().empty())
    {
        settings = plain;
        complete(settings);
    }
    return settings;
}

/// Any combination; FindFault() says which cannot be.
void
HostileNat::SpoilSettings(NatSettings& settings, const Draw& draw)
{
    const auto choose = [&draw](auto& setting, uint32_t kinds) {
        if (draw(4) == 0)
        {
            setting = static_cast<std::decay_t<decltype(setting)>>(draw(kinds));
        }
    };
    choose(settings.udpMapping, 4);
    choose(settings.tcpMapping, 4);
    settings.conflictMapping = std::max(settings.udpMapping, settings.tcpMapping);
    choose(settings.udpFiltering, 4);
    choose(settings.tcpFiltering, 4);
    choose(settings.allocation, 8);
    choose(settings.portClasses, 3);
    choose(settings.keepsParity, 2);
    choose(settings.pooling, 4);
    choose(settings.hairpinning, 3);
    choose(settings.answersInside, 2);
    choose(settings.unsolicitedTcp, 6);
    choose(settings.unsolicitedUdp, 5);
    choose(settings.tcpTracking, 4);
    choose(settings.tcpMachine, 2);
    choose(settings.picksUp, 2);
    choose(settings.leaksInvalid, 2);
    choose(settings.resetsStray, 2);
    choose(settings.resetsExpired, 2);
    choose(settings.resetAction, 3);
    choose(settings.icmpErrors, 3);
    choose(settings.refusal, 3);
    choose(settings.fragments, 3);
    choose(settings.timers.udpInboundRefresh, 2);
    choose(settings.transportChecksums, 2);
    if (draw(4) == 0)
    {
        settings.firstPort = 5000;
        settings.lastPort = 5007;
        settings.blockSize = 2;
        settings.subscriberNetwork = Ipv4Address(INSIDE);
        settings.subscriberPrefix = 29;
    }
    if (draw(4) == 0)
    {
        settings.limits.subscriberRate = 0.1;
        settings.limits.subscriberBurst = 2;
    }
    if (draw(4) == 0)
    {
        settings.untranslated = {{Ipv4Address(UNTOUCHED), Ipv4Mask("255.255.255.0")}};
    }
    settings.quarantine = Seconds(draw(2) * 120);
    settings.load.rate = draw(8) == 0 ? 1 : 0;
}

uint32_t
HostileNat::Step()
{
    const uint32_t before = m_packets;
    const uint32_t wait = m_draw(40);
    m_now += wait == 0  ? Seconds(m_draw(20000))
             : wait < 5 ? Seconds(m_draw(200))
                        : MilliSeconds(wait);
    using Kind = void (HostileNat::*)();
    constexpr Kind KINDS[] = {&HostileNat::SendFromInside,
                              &HostileNat::SendFromInside,
                              &HostileNat::SendFromInside,
                              &HostileNat::Answer,
                              &HostileNat::Answer,
                              &HostileNat::Scan,
                              &HostileNat::Flood,
                              &HostileNat::ForgeReset,
                              &HostileNat::ForgeError,
                              &HostileNat::AnswerByError,
                              &HostileNat::SendFragments,
                              &HostileNat::Spoil,
                              &HostileNat::Spoof,
                              &HostileNat::Exceed,
                              &HostileNat::Disturb};
    (this->*KINDS[m_draw(sizeof(KINDS) / sizeof(KINDS[0]))])();
    return m_packets - before;
}

const std::string&
HostileNat::GetFault() const
{
    return m_fault;
}

const std::map<NatCause, uint64_t>&
HostileNat::GetDrops() const
{
    return m_drops;
}

uint64_t
HostileNat::GetAdmitted() const
{
    return m_admitted;
}

bool
HostileNat::Ends()
{
    m_core.Advance(m_now + Days(30));
    return m_core.GetMappings() == 0 && m_core.GetSessions() == 0 &&
           m_core.GetHeldSyns().GetSize() == 0;
}

Octets
HostileNat::MakeSegment(const NatEndpoint& from, const NatEndpoint& to, uint8_t flags)
{
    Octets payload;
    const uint32_t base = IsInside(from.address) ? 1000 : 2000;
    OctetWriter(payload)
        .U16(from.port)
        .U16(to.port)
        .U32(base + m_draw(3) + (m_draw(8) == 0 ? m_draw(0x7FFFFFFF) : 0))
        .U32(3000 - base + m_draw(3))
        .U16(static_cast<uint16_t>(0x5000 | flags))
        .U16(0xFFFF)
        .U32(0)
        .Raw(Octets(m_draw(3) * 8));
    Octets packet = MakeIp(6, from.address, to.address, ++m_identification, payload);
    SealTransport(packet);
    return packet;
}

Octets
HostileNat::MakeAny(NatProtocol protocol,
                    const NatEndpoint& from,
                    const NatEndpoint& to,
                    bool isOutbound)
{
    constexpr uint8_t FLAGS[] = {SYN, SYN, SYN | ACK, ACK, ACK, FIN | ACK, RST, RST | ACK};
    if (protocol == NatProtocol::TCP)
    {
        return MakeSegment(from, to, FLAGS[m_draw(8)]);
    }
    Octets payload;
    if (protocol == NatProtocol::UDP)
    {
        const auto size = static_cast<uint16_t>(8 + m_draw(5) * 8);
        OctetWriter(payload).U16(from.port).U16(to.port).U16(size).U16(0).Raw(Octets(size - 8U));
    }
    else
    {
        const uint8_t type = isOutbound ? 8 + 5 * static_cast<uint8_t>(m_draw(2))
                                        : 14 * static_cast<uint8_t>(m_draw(2));
        OctetWriter(payload).U8(type).U8(0).U16(0).U16(isOutbound ? from.port : to.port).U16(1);
        payload.resize(16);
    }
    Octets packet = MakeIp(static_cast<uint8_t>(protocol),
                           from.address,
                           to.address,
                           ++m_identification,
                           payload);
    SealTransport(packet);
    return packet;
}

Octets
HostileNat::MakeFromInside()
{
    constexpr NatProtocol PROTOCOLS[] = {NatProtocol::TCP, NatProtocol::UDP, NatProtocol::ICMP};
    const NatEndpoint host{INSIDE + 2 + m_draw(4), static_cast<uint16_t>(5000 + m_draw(5))};
    NatEndpoint peer{PUBLIC + 10 * (1 + m_draw(2)), static_cast<uint16_t>(5000 + m_draw(3))};
    const uint32_t kind = m_draw(12);
    peer.address = kind == 0 ? OWN + m_draw(2) : kind == 1 ? UNTOUCHED + 9 : peer.address;
    return MakeAny(PROTOCOLS[m_draw(3)], host, peer, true);
}

const HostileNat::Sent*
HostileNat::PickSent()
{
    return m_sent.empty() ? nullptr : &m_sent[m_draw(static_cast<uint32_t>(m_sent.size()))];
}

void
HostileNat::SendFromInside()
{
    Give(NatSide::INSIDE, MakeFromInside());
}

/// From the peer, or from another port or address.
void
HostileNat::Answer()
{
    if (const Sent* sent = PickSent())
    {
        NatEndpoint from = sent->remote;
        from.port = static_cast<uint16_t>(from.port + (m_draw(4) == 0 ? 1 : 0));
        from.address += m_draw(4) == 0 ? 10 : 0;
        Give(NatSide::OUTSIDE, MakeAny(sent->protocol, from, sent->outside, false));
    }
}

void
HostileNat::Scan()
{
    const auto first = static_cast<uint16_t>(m_draw(2) == 0 ? 4998 : m_draw(65530));
    const uint32_t target = m_draw(3) == 0 ? INSIDE + 2 + m_draw(4) : OWN + m_draw(2);
    for (uint16_t i = 0; i < 6; ++i)
    {
        Give(NatSide::OUTSIDE,
             MakeAny(m_draw(2) == 0 ? NatProtocol::TCP : NatProtocol::UDP,
                     {PUBLIC + 66, 6666},
                     {target, static_cast<uint16_t>(first + i)},
                     false));
    }
}

/// SYNs from many addresses to one port.
void
HostileNat::Flood()
{
    const Sent* sent = PickSent();
    const NatEndpoint target = sent != nullptr ? sent->outside : NatEndpoint{OWN, 5000};
    for (int i = 0; i < 12; ++i)
    {
        Give(NatSide::OUTSIDE, MakeSegment({0x2D000000 + m_draw(1U << 16), 80}, target, SYN));
    }
}

void
HostileNat::ForgeReset()
{
    if (const Sent* sent = PickSent())
    {
        for (int i = 0; i < 4; ++i)
        {
            Octets packet =
                MakeSegment(sent->remote, sent->outside, m_draw(2) == 0 ? RST : RST | ACK);
            Put(packet, IP_HEADER + 4, m_draw(0x7FFFFFFF) << m_draw(2), 4);
            SealTransport(packet);
            Give(NatSide::OUTSIDE, packet);
        }
    }
}

/// An ICMP error about a packet that was sent, or that nobody sent, cut or lying.
void
HostileNat::ForgeError()
{
    const Sent* sent = PickSent();
    NatEndpoint from = sent != nullptr ? sent->outside : NatEndpoint{OWN, 5000};
    NatEndpoint to = sent != nullptr ? sent->remote : NatEndpoint{PUBLIC + 10, 5000};
    from.port = static_cast<uint16_t>(from.port + (m_draw(3) == 0 ? 1 : 0));
    to.address += m_draw(4) == 0 ? 1 : 0;
    constexpr NatProtocol PROTOCOLS[] = {NatProtocol::TCP, NatProtocol::UDP, NatProtocol::ICMP};
    const auto protocol = sent != nullptr && m_draw(4) > 0 ? sent->protocol : PROTOCOLS[m_draw(3)];
    Octets about = MakeAny(protocol, from, to, true);
    about.resize(m_draw(4) == 0 ? m_draw(28) : std::min<std::size_t>(about.size(), 28 + m_draw(9)));
    if (!about.empty() && m_draw(6) == 0)
    {
        about[m_draw(static_cast<uint32_t>(about.size()))] ^= static_cast<uint8_t>(1 + m_draw(255));
    }
    constexpr uint8_t TYPES[] = {3, 3, 3, 11, 12, 4, 5};
    Octets payload(8 + about.size());
    payload[0] = TYPES[m_draw(7)];
    payload[1] = static_cast<uint8_t>(m_draw(16));
    std::copy(about.begin(), about.end(), payload.begin() + 8);
    Octets packet = MakeIp(1,
                           PUBLIC + m_draw(256),
                           m_draw(6) == 0 ? INSIDE + 2 : from.address,
                           ++m_identification,
                           payload);
    SealTransport(packet);
    Give(NatSide::OUTSIDE, packet);
}

/// An error from inside, about what came in or did not.
void
HostileNat::AnswerByError()
{
    if (const Sent* sent = PickSent())
    {
        const bool isTrue = m_draw(2) == 0;
        NatEndpoint peer = sent->remote;
        peer.address += isTrue ? 0 : m_draw(30);
        Octets payload{3, 3, 0, 0, 0, 0, 0, 0};
        const Octets about = MakeAny(sent->protocol, peer, sent->inside, false);
        payload.insert(payload.end(), about.begin(), about.begin() + 28);
        Octets packet = MakeIp(1, sent->inside.address, peer.address, ++m_identification, payload);
        SealTransport(packet);
        Give(NatSide::INSIDE, packet);
    }
}

/// Of one datagram: in order or not, overlapping, tiny, twice, beyond its end, or not all.
void
HostileNat::SendFragments()
{
    const Sent* sent = PickSent();
    const bool isOutbound = sent == nullptr || m_draw(2) == 0;
    const Octets whole =
        isOutbound ? MakeFromInside() : MakeAny(sent->protocol, sent->remote, sent->outside, false);
    const auto size = static_cast<uint32_t>(whole.size() - IP_HEADER);
    std::vector<Octets> fragments;
    const uint32_t step = 8 * (1 + m_draw(3));
    for (uint32_t at = 0; at < size; at += step)
    {
        const uint32_t begin = at > 0 && m_draw(16) == 0 ? at - 8 : at;
        const uint32_t end = std::min(size, at + step + (m_draw(16) == 0 ? 8 : 0));
        Octets payload(whole.begin() + IP_HEADER + begin, whole.begin() + IP_HEADER + end);
        Octets fragment = MakeIp(whole[9],
                                 Get(whole, 12, 4),
                                 Get(whole, 16, 4),
                                 static_cast<uint16_t>(Get(whole, 4, 2)),
                                 payload);
        const uint32_t offset = m_draw(32) == 0 ? m_draw(0x2000) : begin / 8;
        Put(fragment, 6, (end < size || m_draw(32) == 0 ? 0x2000 : 0) | offset, 2);
        Seal(fragment);
        fragments.push_back(fragment);
    }
    for (uint32_t i = 0; i < fragments.size(); ++i)
    {
        std::swap(fragments[i],
                  fragments[m_draw(2) == 0 ? i : m_draw(static_cast<uint32_t>(fragments.size()))]);
    }
    for (const Octets& fragment : fragments)
    {
        for (uint32_t count = m_draw(16); count < 15; count += count == 0 ? 14 : 15)
        {
            Give(isOutbound ? NatSide::INSIDE : NatSide::OUTSIDE,
                 fragment); // seldom twice or never
        }
    }
}

/// Lengths that do not fit, octets that are wrong, a packet that is cut.
void
HostileNat::Spoil()
{
    const Sent* sent = PickSent();
    const bool isOutbound = sent == nullptr || m_draw(2) == 0;
    Octets packet =
        isOutbound ? MakeFromInside() : MakeAny(sent->protocol, sent->remote, sent->outside, false);
    for (uint32_t i = 0; i <= m_draw(3); ++i)
    {
        packet[m_draw(static_cast<uint32_t>(packet.size()))] = static_cast<uint8_t>(m_draw(256));
    }
    if (m_draw(3) > 0)
    {
        Seal(packet); // so that somebody looks further
    }
    if (m_draw(3) == 0)
    {
        packet.resize(m_draw(static_cast<uint32_t>(packet.size())));
    }
    Give(isOutbound ? NatSide::INSIDE : NatSide::OUTSIDE, packet);
}

/// From outside with an address of the inside, or of the NAT; from inside with one of the outside.
void
HostileNat::Spoof()
{
    const NatEndpoint forged{m_draw(2) == 0 ? OWN : INSIDE + 2 + m_draw(4), 5000};
    Give(NatSide::OUTSIDE, MakeAny(NatProtocol::UDP, forged, {OWN, 5000}, false));
    Give(NatSide::OUTSIDE, MakeSegment(forged, {OWN, 5000}, SYN));
    Give(NatSide::OUTSIDE, MakeAny(NatProtocol::UDP, {UNTOUCHED + 9, 9}, {OWN, 5000}, false));
}

/// Too far, too long, or of another kind.
void
HostileNat::Exceed()
{
    Octets packet = MakeFromInside();
    const uint32_t kind = m_draw(3);
    packet[8] = kind == 0 ? static_cast<uint8_t>(m_draw(2)) : packet[8];
    packet[9] = kind == 1 ? 47 : packet[9];
    if (kind == 2)
    {
        packet[6] = 0x40; // may not be fragmented
        packet.resize(601 + m_draw(500));
        Put(packet, 2, static_cast<uint32_t>(packet.size()), 2);
        if (packet[9] == 17)
        {
            Put(packet, IP_HEADER + 4, static_cast<uint32_t>(packet.size() - IP_HEADER), 2);
        }
        SealTransport(packet);
    }
    Seal(packet);
    Give(NatSide::INSIDE, packet);
}

/// State is lost, or somebody asks for a mapping.
void
HostileNat::Disturb()
{
    if (m_draw(10) == 0)
    {
        m_core.LoseState(m_now);
        m_lost = m_now;
    }
    else if (m_draw(10) == 0)
    {
        const NatEndpoint inside{INSIDE + 2 + m_draw(4), 6000};
        const auto protocol = m_draw(2) == 0 ? NatProtocol::TCP : NatProtocol::UDP;
        if (const auto outside = m_core.RequestMapping(m_now, protocol, inside, Seconds(60)))
        {
            m_open.emplace_back(protocol, inside);
            Give(NatSide::OUTSIDE, MakeAny(protocol, {PUBLIC + 66, 6666}, *outside, false));
        }
    }
    CheckLimits();
}

void
HostileNat::Give(NatSide from, Octets packet)
{
    ++m_packets;
    const auto& result = m_core.Receive(m_now, from, packet);
    for (const NatEvent& event : result.events)
    {
        m_drops[event.cause] += event.kind == NatEvent::Kind::PACKET_DROPPED ? 1 : 0;
    }
    const bool isLong = packet.size() >= IP_HEADER + 8 && (packet[0] & 0x0F) == 5;
    if (isLong && IsFragment(packet) && GetOffset(packet) == 0)
    {
        m_datagrams[{from,
                     Get(packet, 12, 4),
                     Get(packet, 16, 4),
                     static_cast<uint16_t>(Get(packet, 4, 2)),
                     packet[9]}]
            .push_back(GetEnds(packet));
    }
    if (from == NatSide::INSIDE && isLong && IsOwn(Get(packet, 16, 4)) && !IsError(packet))
    {
        m_open.emplace_back(static_cast<NatProtocol>(packet[9]), GetEnds(packet).first);
    }
    constexpr std::size_t READ = 128;
    packet.resize(std::max(packet.size(), READ)); // all that is looked at is there
    for (const NatOutput& output : result.packets)
    {
        Check(from, packet, output);
    }
    CheckLimits();
}

} // namespace p2pim::test
