// SPDX-License-Identifier: GPL-2.0-only
#include "nat.h"

#include "process-usage.h"

#include "ns3/ipv4-header.h"
#include "ns3/nat-core.h"
#include "ns3/nat-settings.h"
#include "ns3/octets.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/udp-header.h"

#include <random>

namespace p2pim
{
namespace bench
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint32_t LIVE_MAPPINGS = 100000;
constexpr uint32_t FIRST_MAPPINGS = 1000; ///< that a NAT has when others begin to be counted
constexpr uint32_t PORTS = 10;            // of a host inside
constexpr uint32_t PAYLOAD = 100;

/// A NAT with room for 250,000 mappings, and what is sent through it.
class Nat
{
  public:
    /// @param endpoints how many it is to have.
    explicit Nat(uint32_t endpoints)
        : m_core(MakeSettings(), [this](uint32_t limit) { return m_random() % limit; })
    {
        m_outside.reserve(endpoints);
    }

    /// Sends the first packet of an endpoint. @return whether it came through.
    bool Open(uint32_t endpoint)
    {
        const auto& result = Receive(NatSide::INSIDE, MakePacket(GetInside(endpoint), GetPeer()));
        if (result.packets.empty())
        {
            return false;
        }
        NatHeader header(m_last = result.packets.front().packet);
        header.Parse();
        m_outside.push_back(header.GetSource());
        return true;
    }

    /// Sends a packet out or in. @return whether it came through.
    bool Send(uint32_t endpoint, bool isOutbound)
    {
        const auto side = isOutbound ? NatSide::INSIDE : NatSide::OUTSIDE;
        auto packet = isOutbound ? MakePacket(GetInside(endpoint), GetPeer())
                                 : MakePacket(GetPeer(), m_outside[endpoint]);
        return !Receive(side, std::move(packet)).packets.empty();
    }

  private:
    static NatSettings MakeSettings()
    {
        auto settings = GetNatPreset(NAT_RFC);
        settings.checksums = false;
        for (uint32_t n = 1; n <= 4; ++n)
        {
            settings.pool.emplace_back(0xC6120000 + n); // 198.18.0.n
        }
        return settings;
    }

    static NatEndpoint GetInside(uint32_t endpoint)
    {
        return {0x0A000002 + endpoint / PORTS, static_cast<uint16_t>(5000 + endpoint % PORTS)};
    }

    static NatEndpoint GetPeer()
    {
        return {0xCB00710A, 3478}; // 203.0.113.10
    }

    /// A copy of one packet with other addresses, as cheap as can be.
    Octets MakePacket(const NatEndpoint& from, const NatEndpoint& to) const
    {
        static const Octets model = MakeModel();
        auto packet = model;
        NatHeader header(packet);
        header.Parse();
        header.SetSource(from, false);
        header.SetDestination(to, false);
        return packet;
    }

    static Octets MakeModel()
    {
        auto packet = Create<Packet>(PAYLOAD);
        packet->AddHeader(UdpHeader());
        Ipv4Header ip;
        ip.SetProtocol(static_cast<uint8_t>(NatProtocol::UDP));
        ip.SetTtl(64);
        ip.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
        packet->AddHeader(ip);
        return ToOctets(packet);
    }

    const NatResult& Receive(NatSide from, Octets packet)
    {
        m_now += MicroSeconds(10);
        return m_core.Receive(m_now, from, std::move(packet));
    }

    std::mt19937 m_random{1};
    NatCore m_core;
    Time m_now;
    Octets m_last;
    std::vector<NatEndpoint> m_outside; ///< of the endpoints, in their order
};

/// Until its first run ns-3 notes each Time, in 48 octets, to change its unit if that is asked for.
void
ForgetTimes()
{
    Simulator::Run();
    Simulator::Destroy();
}

} // namespace

BenchResult
RunNatMappings(uint32_t mappings)
{
    ForgetTimes();
    BenchResult result;
    Nat nat(FIRST_MAPPINGS + mappings);
    for (uint32_t n = 0; n < FIRST_MAPPINGS; ++n)
    {
        nat.Open(n);
    }
    const auto rss = GetRssKilobytes();
    const auto begin = GetCpuSeconds();
    for (uint32_t n = 0; n < mappings; ++n)
    {
        result.completed += nat.Open(FIRST_MAPPINGS + n) ? 1 : 0;
    }
    result.cpuSeconds = GetCpuSeconds() - begin;
    result.rssKilobytes = GetRssKilobytes() - rss;
    return result;
}

BenchResult
RunNatPackets(uint32_t packets)
{
    ForgetTimes();
    Nat nat(LIVE_MAPPINGS);
    for (uint32_t n = 0; n < LIVE_MAPPINGS; ++n)
    {
        nat.Open(n);
    }
    std::mt19937 random(2);
    BenchResult result;
    const auto begin = GetCpuSeconds();
    for (uint32_t n = 0; n < packets; ++n)
    {
        const auto draw = static_cast<uint32_t>(random());
        result.completed += nat.Send(draw % LIVE_MAPPINGS, draw / LIVE_MAPPINGS % 2 == 0) ? 1 : 0;
    }
    result.cpuSeconds = GetCpuSeconds() - begin;
    return result;
}

} // namespace bench
} // namespace p2pim
