// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz-target.h"
#include "tests/nat/hostile-nat.h"

#include "ns3/nat-core.h"
#include "ns3/nat-settings-text.h"
#include "ns3/pcp-message.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>

namespace p2pim::fuzz
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint32_t INSIDE = 0x0A000000;  // 10.0.0.0
constexpr uint32_t OUTSIDE = 0xCB007100; // 203.0.113.0
constexpr uint32_t OWN = OUTSIDE + 1;    // of the NAT
constexpr std::size_t IP_HEADER = 20;

/// Of the octet in front of a packet.
enum Control : uint8_t
{
    FROM_OUTSIDE = 0x01,
    AS_IT_IS = 0x02, ///< addresses, ports and checksums are not made plausible
    TIME = 0xFC      ///< how long to wait, a power of two of seconds
};

void
Put(Octets& octets, std::size_t at, uint32_t value, int size)
{
    for (int i = 0; i < size; ++i)
    {
        octets[at + static_cast<std::size_t>(i)] =
            static_cast<uint8_t>(value >> 8 * (size - 1 - i));
    }
}

/// Few addresses and ports, so that packets meet; a fuzzer does not find checksums.
void
MakePlausible(Octets& packet, std::size_t at, bool isOutbound)
{
    if (packet.size() < at + IP_HEADER + 8)
    {
        return;
    }
    const uint32_t host = INSIDE + 2 + packet[at + 15] % 3;
    const uint32_t peer = OUTSIDE + 10 * (1 + packet[at + 19] % 2);
    const uint32_t own = at > 0 || !isOutbound ? OWN : host;
    const uint32_t other = packet[at + 19] % 8 == 7 && isOutbound ? OWN : peer;
    Put(packet, at + 12, isOutbound ? own : peer, 4);
    Put(packet, at + 16, isOutbound ? other : own, 4);
    if (packet[at + 9] != 1)
    {
        packet[at + 9] = packet[at + 9] % 2 == 0 ? 6 : 17;
        Put(packet, at + 20, 5000 + packet[at + 21] % 4, 2);
        Put(packet, at + 22, 5000 + packet[at + 23] % 4, 2);
    }
    Put(packet, at, 0x45, 1);
    if (at == 0)
    {
        Put(packet, 2, static_cast<uint32_t>(packet.size()), 2);
        if (packet[9] == 1)
        {
            MakePlausible(packet, IP_HEADER + 8, !isOutbound);
            Put(packet, 22, 0, 2);
            Put(packet, 22, GetInternetChecksum(&packet[IP_HEADER], packet.size() - IP_HEADER), 2);
        }
    }
    Put(packet, at + 10, 0, 2);
    Put(packet, at + 10, GetInternetChecksum(&packet[at], IP_HEADER), 2);
}

NatSettings
MakeSettings(uint8_t choice)
{
    NatSettings settings = GetNatPreset(static_cast<NatPreset>(choice % 7)); // but the firewall
    settings.pool = {Ipv4Address(OWN)};
    settings.insideAddress = Ipv4Address(INSIDE + 1);
    settings.transportChecksums = false;
    settings.limits.mappings = 6;
    settings.limits.sessions = 10;
    settings.limits.fragmentedDatagrams = 3;
    settings.limits.fragmentOctets = 400;
    settings.limits.heldSyns = 2;
    settings.outsideMtu = 100;
    if (choice % 7 == NAT_RFC && choice >= 128)
    {
        settings.udpFiltering = NatSettings::ADF;
        settings.tcpFiltering = NatSettings::ADF;
        settings.fragments = NatSettings::FRAGMENTS_IN_ORDER;
        settings.tcpTracking = NatSettings::WINDOW;
        settings.resetsExpired = true;
    }
    return settings;
}

/// A NAT, and what may come in by what has gone out.
class WatchedNat
{
  public:
    explicit WatchedNat(const NatSettings& settings)
        : m_core(settings, [this](uint32_t limit) { return (m_draw = m_draw * 69069 + 1) % limit; })
    {
    }

    /// @return whether all that left may leave.
    bool Receive(Time now, NatSide from, const Octets& packet)
    {
        for (const NatOutput& output : m_core.Receive(now, from, packet).packets)
        {
            if (!MayLeave(from, output))
            {
                return false;
            }
        }
        const NatLimits& limits = m_core.GetSettings().limits;
        return m_core.GetMappings() <= limits.mappings && m_core.GetSessions() <= limits.sessions &&
               m_core.GetFragments().GetDatagrams() <= limits.fragmentedDatagrams &&
               m_core.GetFragments().GetOctets() <= limits.fragmentOctets &&
               m_core.GetHeldSyns().GetSize() <= limits.heldSyns;
    }

    /// @return whether all state ends some day.
    bool Ends(Time now)
    {
        m_core.Advance(now + Days(30));
        return m_core.GetMappings() == 0 && m_core.GetSessions() == 0;
    }

  private:
    bool MayLeave(NatSide from, const NatOutput& output)
    {
        Octets octets = output.packet;
        NatHeader header(octets);
        if (header.Parse() != NatCause::NONE || !header.HasRightHeaderChecksum())
        {
            return false;
        }
        const bool isFirst = header.GetFragmentOffset() == 0;
        const uint32_t peer = output.side == NatSide::OUTSIDE ? header.GetDestinationAddress()
                                                              : header.GetSourceAddress();
        if (from == NatSide::INSIDE && isFirst && !header.IsError())
        {
            m_peers.emplace(header.GetProtocol(), peer, header.GetDestination().port);
            m_addresses.emplace(header.GetProtocol(), peer); // its own, if it was hairpinned
        }
        if (output.side == NatSide::OUTSIDE)
        {
            return header.GetSourceAddress() == OWN;
        }
        if (from == NatSide::INSIDE || peer == INSIDE + 1)
        {
            return true; // hairpinned, or from the NAT
        }
        if (isFirst && header.IsError())
        {
            NatHeader quoted(octets, header.GetQuoted());
            return quoted.Parse(true) == NatCause::NONE &&
                   m_addresses.count({quoted.GetProtocol(), quoted.GetDestinationAddress()}) > 0;
        }
        const auto protocol = header.GetProtocol();
        const auto filtering = protocol == NatProtocol::TCP ? m_core.GetSettings().tcpFiltering
                                                            : m_core.GetSettings().udpFiltering;
        if (filtering == NatSettings::EIF)
        {
            return std::any_of(m_addresses.begin(), m_addresses.end(), [&](const auto& one) {
                return one.first == protocol;
            });
        }
        return filtering == NatSettings::ADF || !isFirst
                   ? m_addresses.count({protocol, peer}) > 0
                   : m_peers.count({protocol, peer, header.GetSource().port}) > 0;
    }

    uint32_t m_draw = 1;
    std::set<std::tuple<NatProtocol, uint32_t, uint16_t>> m_peers; ///< that the inside sent to
    std::set<std::pair<NatProtocol, uint32_t>> m_addresses;        ///< of those
    NatCore m_core;
};

/// @return whether what must hold still holds after a packet behind its control octet.
bool
ReceiveLink(WatchedNat& nat, Time& now, const Octets& link)
{
    const uint8_t control = link.front();
    const bool isOutbound = (control & FROM_OUTSIDE) == 0;
    Octets packet = link;
    packet.erase(packet.begin());
    if ((control & AS_IT_IS) == 0)
    {
        MakePlausible(packet, 0, isOutbound);
    }
    now += MilliSeconds(1LL << (control & TIME) / 4 % 20);
    return nat.Receive(now, isOutbound ? NatSide::INSIDE : NatSide::OUTSIDE, packet);
}

/// The kind of NAT, then packets behind their lengths, each behind a control octet.
bool
NatHolds(const uint8_t* octets, std::size_t size)
{
    if (size == 0)
    {
        return true;
    }
    WatchedNat nat(MakeSettings(*octets));
    ++octets;
    --size;
    Time now;
    while (size > 0)
    {
        const Octets link = TakeLink(octets, size);
        if (!link.empty() && !ReceiveLink(nat, now, link))
        {
            return false;
        }
    }
    return nat.Ends(now);
}

/// The octets are the first draws, and then the seed of the others: 100 packets of HostileNat.
bool
HostileNatHolds(const uint8_t* octets, std::size_t size)
{
    constexpr uint32_t PACKETS = 100;
    std::seed_seq seed(octets, octets + size);
    std::mt19937 random(seed);
    std::size_t drawn = 0;
    test::HostileNat nat([&](uint32_t limit) {
        return static_cast<uint32_t>(drawn < size ? octets[drawn++] : random()) % limit;
    });
    for (uint32_t sent = 0; sent < PACKETS && nat.GetFault().empty();)
    {
        sent += nat.Step();
    }
    if (!nat.GetFault().empty())
    {
        std::fprintf(stderr, "%s\n", nat.GetFault().c_str());
    }
    return nat.GetFault().empty() && nat.Ends();
}

std::vector<Octets>
MakeHostileNats()
{
    std::vector<Octets> seeds;
    for (uint8_t preset = 0; preset <= NAT_FIREWALL; ++preset)
    {
        seeds.push_back({preset, 1, 1, 1, 1, 1, 1, 1});
    }
    return seeds;
}

/// @return a packet behind its control octet, which MakePlausible() completes.
Octets
MakePacket(uint8_t control, uint8_t protocol, const Octets& payload, uint16_t fragment = 0)
{
    Octets octets{control};
    OctetWriter(octets)
        .U16(0x4500)
        .U16(static_cast<uint16_t>(IP_HEADER + payload.size()))
        .U16(1)
        .U16(fragment)
        .U8(64)
        .U8(protocol)
        .U16(0)
        .U32(0)
        .U32(0)
        .Raw(payload);
    return octets;
}

std::vector<Octets>
MakeNats()
{
    const Octets udp{0, 0, 0, 0, 0, 12, 0, 0, 1, 2, 3, 4};
    const auto tcp = [](uint8_t flags) {
        Octets octets(20);
        octets[7] = 100;
        octets[11] = flags == 2 ? 0 : 101;
        octets[12] = 0x50;
        octets[13] = flags;
        octets[14] = 0xFF;
        return octets;
    };
    Octets error{3, 3, 0, 0, 0, 0, 0, 0};
    const Octets quoted = MakePacket(0, 17, udp);
    error.insert(error.end(), quoted.begin() + 1, quoted.end());
    const std::vector<std::vector<Octets>> talks{
        {MakePacket(0, 17, udp), MakePacket(1, 17, udp), MakePacket(1, 1, error)},
        {MakePacket(0, 6, tcp(2)), MakePacket(1, 6, tcp(0x12)), MakePacket(0, 6, tcp(0x10))},
        {MakePacket(1, 6, tcp(2)), MakePacket(0, 6, tcp(2)), MakePacket(1, 6, tcp(2))},
        {MakePacket(0, 1, {8, 0, 0, 0, 0, 1, 0, 1}), MakePacket(1, 1, {0, 0, 0, 0, 0, 1, 0, 1})},
        {MakePacket(0, 17, udp), MakePacket(1, 17, Octets(8), 0x2000), MakePacket(1, 17, udp, 1)}};
    std::vector<Octets> seeds;
    for (uint8_t kind = 0; kind < 8; ++kind)
    {
        for (const auto& talk : talks)
        {
            Octets seed = Chain(talk);
            seed.insert(seed.begin(), kind == 7 ? 252 : kind); // 252 is 0 modulo 7
            seeds.push_back(seed);
        }
    }
    return seeds;
}

bool
PcpHolds(const uint8_t* octets, std::size_t size)
{
    PcpMap message;
    if (DecodePcp(Octets(octets, octets + size), message) != PcpResult::SUCCESS)
    {
        return true;
    }
    PcpMap again;
    const Octets written = EncodePcp(message);
    return DecodePcp(written, again) == PcpResult::SUCCESS && EncodePcp(again) == written;
}

std::vector<Octets>
MakePcps()
{
    PcpMap message;
    message.lifetime = 600;
    message.client = Ipv4Address(INSIDE + 2);
    message.internalPort = 5000;
    const Octets request = EncodePcp(message);
    message.isResponse = true;
    return {request, EncodePcp(message)};
}

/// What is read has no fault, and what has one changes nothing.
bool
NatSettingsHold(const uint8_t* octets, std::size_t size)
{
    std::optional<NatSettings> settings;
    const bool isWrong = ReadNatSettings(std::string(octets, octets + size), settings).has_value();
    if (settings)
    {
        settings->pool = {Ipv4Address(OWN)};
    }
    return isWrong ? !settings
                   : !settings || !settings->translates || settings->FindFault().empty();
}

std::vector<Octets>
MakeNatSettings()
{
    std::vector<Octets> seeds;
    for (const std::string text : {"none",
                                   "rfc tcp-filtering=adf tcp-opening=30s",
                                   "carrier-grade block-size=256 subscriber-rate=0.5",
                                   "firewall state-loss=2h tcp-established=ever"})
    {
        seeds.emplace_back(text.begin(), text.end());
    }
    return seeds;
}

} // namespace

std::vector<Target>
GetNatTargets()
{
    return {{"nat", NatHolds, MakeNats},
            {"nat-hostile", HostileNatHolds, MakeHostileNats},
            {"nat-settings", NatSettingsHold, MakeNatSettings},
            {"pcp", PcpHolds, MakePcps}};
}

} // namespace p2pim::fuzz
