// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Random packets through NatCore and through the NAT of the running kernel: datagrams, queries,
 * segments of all flags, ICMP errors and fragments between two hosts inside and two outside.
 */
#include "oracle-talk.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

using namespace p2pim::oracle;

namespace
{

constexpr int PACKETS = 200;

/// Makes packets that mostly belong to connections that make sense.
class RandomPackets
{
  public:
    explicit RandomPackets(uint32_t seed)
        : m_random(seed)
    {
    }

    void Send(Talk& talk)
    {
        const bool isOutbound = Draw(2) == 0;
        const std::string inside =
            "10.0.0." + std::to_string(2 + Draw(2)) + ":" + std::to_string(7000 + Draw(2));
        const std::string peer =
            "203.0.113." + std::to_string(10 + 10 * Draw(2)) + ":" + std::to_string(1000 + Draw(2));
        const std::string outside = talk.GetOutside(Draw(8));
        const Octets packet = isOutbound ? Make(true, inside, peer) : Make(false, peer, outside);
        // Of a header that is cut the kernel moves the rest to the first fragment, or of the second
        // all; errors it needs whole.
        const std::size_t cut = (packet[9] == 6 ? 24 : 8) + 8 * Draw(3);
        if (packet[9] == 1 || Draw(10) > 0 || 20 + cut >= packet.size())
        {
            Give(talk, isOutbound, packet);
            return;
        }
        const auto [first, second] = CutInTwo(packet, cut);
        const bool isSwapped = Draw(2) == 0;
        Give(talk, isOutbound, isSwapped ? second : first);
        Give(talk, isOutbound, isSwapped ? first : second);
    }

  private:
    uint32_t Draw(uint32_t limit)
    {
        return static_cast<uint32_t>(m_random() % limit);
    }

    static void Give(Talk& talk, bool isOutbound, const Octets& packet)
    {
        isOutbound ? talk.In(packet) : talk.Out(packet);
    }

    Octets Make(bool isOutbound, const std::string& from, const std::string& to)
    {
        IpFields fields;
        fields.identification = ++m_identification;
        switch (Draw(8))
        {
        case 0:
        case 1:
            return MakeUdp(from, to, 40 + Draw(20), fields);
        case 2:
            return MakeEcho(GetHost(from),
                            GetHost(to),
                            static_cast<uint16_t>(1 + Draw(3)),
                            isOutbound ? 8 : 0,
                            fields);
        case 3:
            return MakeAnError(from, to);
        default:
            return MakeSegment(isOutbound, from, to);
        }
    }

    static std::string GetHost(const std::string& endpoint)
    {
        return endpoint.substr(0, endpoint.find(':'));
    }

    /// About a packet that went the other way.
    Octets MakeAnError(const std::string& from, const std::string& to)
    {
        static const std::vector<std::pair<uint8_t, uint8_t>> kinds{{3, 1},
                                                                    {3, 3},
                                                                    {3, 4},
                                                                    {11, 0}};
        const auto [type, code] = kinds[Draw(4)];
        const Octets about = Draw(2) == 0 ? MakeUdp(to, from) : MakeTcp(to, from, "S", 100);
        return MakeError(GetHost(from), GetHost(to), type, code, about);
    }

    Octets MakeSegment(bool isOutbound, const std::string& from, const std::string& to)
    {
        static const std::vector<std::string>
            flags{"S", "SA", "A", "A", "A", "PA", "FA", "FA", "S", "R", "RA"};
        const uint32_t far = Draw(10) == 0 ? 100000 : 0; // out of the window
        IpFields fields;
        fields.identification = ++m_identification;
        return MakeTcp(from,
                       to,
                       flags[Draw(static_cast<uint32_t>(flags.size()))],
                       (isOutbound ? 100 : 500) + Draw(3) + far,
                       (isOutbound ? 500 : 100) + Draw(3),
                       Draw(2) * 40,
                       65535,
                       {},
                       fields);
    }

    std::mt19937 m_random;
    uint16_t m_identification = 0;
};

class NatRandomOracle : public testing::TestWithParam<uint32_t>
{
};

} // namespace

TEST_P(NatRandomOracle, KernelSaysTheSame)
{
    const uint32_t seed = GetParam();
    const NatPreset preset = seed % 3 == 0   ? NAT_FIREWALL
                             : seed % 3 == 1 ? NAT_LINUX_FULLY_RANDOM
                                             : NAT_LINUX_MASQUERADE;
    ExpectSame({"Random" + std::to_string(seed), preset, [seed](Talk& talk) {
                    RandomPackets packets(seed);
                    for (int i = 0; i < PACKETS; ++i)
                    {
                        packets.Send(talk);
                    }
                }});
}

INSTANTIATE_TEST_SUITE_P(Seeds, NatRandomOracle, testing::Range(0U, 30U));
