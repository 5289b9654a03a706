// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The same packets through NatCore and through the NAT of the running kernel: what leaves must be
 * the same, line by line. Ports that neither end chose are compared by the order in which they
 * appear; IP identification and TTL are not compared.
 */
#include "tests/nat/nat-world.h"
#include "tests/oracle/nat/kernel-nat.h"

#include <chrono>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace p2pim::test;
using ::p2pim::oracle::KernelNat;

namespace
{

/// A script talks to either NAT, and all is written down.
class Talk
{
  public:
    using Carrier = std::function<std::vector<std::pair<NatSide, Octets>>(NatSide, const Octets&)>;

    Talk(Carrier carrier, std::function<void(double)> sleep)
        : m_carrier(std::move(carrier)),
          m_sleep(std::move(sleep))
    {
    }

    /// A packet comes from inside.
    void In(const Octets& packet)
    {
        const std::string line = Describe(packet);
        m_chosen.insert(GetNumber(line, line.find(':')));
        m_chosen.insert(GetNumber(line, line.find("id=") + 2));
        Carry(NatSide::INSIDE, packet);
    }

    /// A packet comes from outside.
    void Out(const Octets& packet)
    {
        Carry(NatSide::OUTSIDE, packet);
    }

    /// Seconds pass.
    void Wait(double seconds)
    {
        m_sleep(seconds);
    }

    /// @return the outside endpoint that appeared as the n-th, modulo how many there are.
    std::string GetOutside(std::size_t n) const
    {
        return m_outside.empty() ? "203.0.113.1:7000" : m_outside[n % m_outside.size()];
    }

    std::vector<std::string> transcript;

  private:
    static int GetNumber(const std::string& line, std::size_t before)
    {
        return before < line.size() ? std::atoi(line.c_str() + before + 1) : -1;
    }

    void Carry(NatSide from, const Octets& packet)
    {
        transcript.push_back((from == NatSide::INSIDE ? "> " : "< ") + Normalize(Describe(packet)));
        for (const auto& [side, octets] : m_carrier(from, packet))
        {
            const std::string line = Describe(octets);
            if (side == NatSide::OUTSIDE && line.find(':') < line.find('>'))
            {
                const std::size_t begin = line.find(' ') + 1;
                const std::string outside = line.substr(begin, line.find('>') - begin);
                if (std::find(m_outside.begin(), m_outside.end(), outside) == m_outside.end())
                {
                    m_outside.push_back(outside);
                }
            }
            transcript.push_back((side == NatSide::INSIDE ? "  in " : "  out ") + Normalize(line));
        }
    }

    /// Writes numbers that the NAT chose as symbols.
    std::string Normalize(std::string line)
    {
        for (const std::string before : {"203.0.113.1:", " id="})
        {
            for (std::size_t at = line.find(before); at != std::string::npos;
                 at = line.find(before, at + 1))
            {
                const std::size_t begin = at + before.size();
                const int number = GetNumber(line, begin - 1);
                if (m_chosen.count(number) == 0)
                {
                    const auto symbol = m_symbols.emplace(number, m_symbols.size()).first->second;
                    std::size_t end = begin;
                    while (end < line.size() && std::isdigit(line[end]) != 0)
                    {
                        ++end;
                    }
                    line.replace(begin, end - begin, "p" + std::to_string(symbol));
                }
            }
        }
        return line;
    }

    Carrier m_carrier;
    std::function<void(double)> m_sleep;
    std::set<int> m_chosen; ///< ports and identifiers that the inside has chosen
    std::map<int, std::size_t> m_symbols;
    std::vector<std::string> m_outside;
};

/// A script, and the NATs that it is for.
struct Script
{
    std::string name;
    NatPreset preset;
    std::function<void(Talk&)> talk;
    std::function<void(NatSettings&)> change = [](NatSettings&) {};
    std::vector<std::string> sysctls = {};
    std::string suffix = {}; ///< of the masquerade statement
};

std::string
GetStatement(const Script& script)
{
    switch (script.preset)
    {
    case NAT_FIREWALL:
        return "";
    case NAT_LINUX_FULLY_RANDOM:
        return "masquerade fully-random";
    default:
        return script.suffix.empty() ? "masquerade"
                                     : "meta l4proto { tcp, udp } masquerade " + script.suffix;
    }
}

std::vector<std::string>
RunModel(const Script& script)
{
    NatSettings settings = GetNatPreset(script.preset);
    script.change(settings);
    NatWorld world(settings);
    double now = 0;
    Talk talk(
        [&](NatSide from, const Octets& packet) {
            now += 0.001;
            from == NatSide::INSIDE ? world.In(now, packet) : world.Out(now, packet);
            std::vector<std::pair<NatSide, Octets>> carried;
            for (const NatOutput& one : world.packets)
            {
                carried.emplace_back(one.side, one.packet);
            }
            return carried;
        },
        [&](double seconds) { now += seconds; });
    script.talk(talk);
    return talk.transcript;
}

std::vector<std::string>
RunKernel(const Script& script, int patience)
{
    KernelNat kernel(GetStatement(script), script.sysctls);
    EXPECT_TRUE(kernel.IsUp());
    Talk talk(
        [&](NatSide from, const Octets& packet) { return kernel.Carry(from, packet, patience); },
        [](double seconds) {
            std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
        });
    script.talk(talk);
    return talk.transcript;
}

constexpr const char* X1 = "10.0.0.2:7000";
constexpr const char* X2 = "10.0.0.3:7000";
constexpr const char* N1 = "203.0.113.1:7000";
constexpr const char* Y1 = "203.0.113.10:1000";
constexpr const char* Y2 = "203.0.113.20:1000";

/// TCP segments by a short notation: ">S:100" is from X1, "<SA:500,101" from Y1, "+10" data.
std::function<void(Talk&)>
Segments(const std::vector<std::string>& segments, const std::string& outside = N1)
{
    return [segments, outside](Talk& talk) {
        for (const std::string& one : segments)
        {
            const std::size_t colon = one.find(':');
            const std::string flags = one.substr(1, colon - 1);
            const auto number = [&one](char before) {
                const std::size_t at = one.find(before);
                return at == std::string::npos ? 0UL : std::stoul(one.substr(at + 1));
            };
            const auto sequence = static_cast<uint32_t>(number(':'));
            const auto acknowledgment = static_cast<uint32_t>(number(','));
            if (one[0] == '>')
            {
                talk.In(MakeTcp(X1, Y1, flags, sequence, acknowledgment, number('+')));
            }
            else
            {
                talk.Out(MakeTcp(Y1, outside, flags, sequence, acknowledgment, number('+')));
            }
        }
    };
}

std::vector<std::string>
After(std::vector<std::string> first, const std::vector<std::string>& more)
{
    first.insert(first.end(), more.begin(), more.end());
    return first;
}

using Draw = std::function<uint32_t(uint32_t limit)>;

/// A packet of any protocol.
Octets
MakeRandom(const Draw& draw, bool isOutbound, const std::string& from, const std::string& to)
{
    static const std::vector<std::string> flags{"S", "SA", "A", "A", "PA", "FA", "FA", "S"};
    switch (draw(6))
    {
    case 0:
    case 1:
        return MakeUdp(from, to, draw(20));
    case 2:
        return MakeEcho(from, to, static_cast<uint16_t>(1 + draw(3)), isOutbound ? 8 : 0);
    case 3:
        return isOutbound ? MakeUdp(from, to)
                          : MakeError("203.0.113.30", to, 3, 1, MakeUdp(to, from));
    default:
        return MakeTcp(from,
                       to,
                       flags[draw(8)],
                       (isOutbound ? 100 : 500) + draw(3),
                       (isOutbound ? 500 : 100) + draw(3),
                       draw(2));
    }
}

/// Any packets between two hosts inside and two outside, mostly of connections that make sense.
std::function<void(Talk&)>
Random(uint32_t seed)
{
    return [seed](Talk& talk) {
        std::mt19937 random(seed);
        const Draw draw = [&random](uint32_t limit) {
            return static_cast<uint32_t>(random() % limit);
        };
        for (int i = 0; i < 200; ++i)
        {
            const bool isOutbound = draw(2) == 0;
            const std::string inside =
                "10.0.0." + std::to_string(2 + draw(2)) + ":" + std::to_string(7000 + draw(2));
            const std::string peer = "203.0.113." + std::to_string(10 + 10 * draw(2)) + ":" +
                                     std::to_string(1000 + draw(2));
            const std::string outside = talk.GetOutside(draw(8));
            const std::string from = isOutbound ? inside : peer;
            const std::string to = isOutbound ? peer : outside;
            const Octets packet = MakeRandom(draw, isOutbound, from, to);
            isOutbound ? talk.In(packet) : talk.Out(packet);
        }
    };
}

const std::vector<std::string> HANDSHAKE{">S:100", "<SA:500,101", ">A:101,501"};

void
SetFast(NatSettings& settings)
{
    settings.timers.udpNew = Seconds(1);
    settings.timers.udpStream = Seconds(3);
    settings.timers.icmpQuery = Seconds(1);
    settings.timers.tcpOpening = Seconds(1);
    settings.timers.tcpReset = Seconds(1);
    settings.timers.tcpTimeWait = Seconds(1);
}

const std::vector<std::string> FAST{"nf_conntrack_udp_timeout=1",
                                    "nf_conntrack_udp_timeout_stream=3",
                                    "nf_conntrack_icmp_timeout=1",
                                    "nf_conntrack_tcp_timeout_syn_sent=1",
                                    "nf_conntrack_tcp_timeout_close=1",
                                    "nf_conntrack_tcp_timeout_time_wait=1"};

/// A script of segments that is not changed.
void
AddSegments(std::vector<Script>& scripts,
            const std::string& name,
            const std::vector<std::string>& segments)
{
    scripts.push_back({name, NAT_LINUX_MASQUERADE, Segments(segments)});
    scripts.push_back({name + "Firewall", NAT_FIREWALL, Segments(segments, X1)});
}

void
AddMappings(std::vector<Script>& scripts)
{
    const auto probe = [](Talk& talk) {
        for (const char* peer : {Y1, "203.0.113.10:1001", Y2})
        {
            talk.In(MakeUdp(X1, peer));
            talk.In(MakeTcp(X1, peer, "S", 100));
        }
        for (const char* peer :
             {Y1, "203.0.113.10:1001", Y2, "203.0.113.20:1001", "203.0.113.30:1"})
        {
            for (std::size_t i = 0; i < 6; ++i)
            {
                talk.Out(MakeUdp(peer, talk.GetOutside(i)));
            }
        }
    };
    scripts.push_back({"U1Mapping", NAT_LINUX_MASQUERADE, probe});
    scripts.push_back({"U1MappingFullyRandom", NAT_LINUX_FULLY_RANDOM, probe});
    scripts.push_back({"U8Filtering", NAT_FIREWALL, [](Talk& talk) {
                           talk.In(MakeUdp(X1, Y1));
                           for (const char* peer : {Y1, "203.0.113.10:1001", Y2})
                           {
                               talk.Out(MakeUdp(peer, X1));
                           }
                       }});
    scripts.push_back({"U3Collision", NAT_LINUX_MASQUERADE, [](Talk& talk) {
                           talk.In(MakeUdp(X1, Y1));
                           talk.In(MakeUdp(X2, Y1));
                           talk.In(MakeUdp("10.0.0.4:7000", Y1));
                           for (std::size_t i = 0; i < 3; ++i)
                           {
                               talk.Out(MakeUdp(Y1, talk.GetOutside(i)));
                           }
                       }});
    scripts.push_back({"U11Overlap", NAT_LINUX_MASQUERADE, [](Talk& talk) {
                           talk.In(MakeUdp(X1, Y1));
                           talk.In(MakeUdp(X2, Y2));
                           talk.Out(MakeUdp(Y1, N1));
                           talk.Out(MakeUdp(Y2, N1));
                           talk.In(MakeUdp(X2, Y1));
                           talk.In(MakeUdp(X2, "203.0.113.30:1"));
                           talk.In(MakeUdp(X2, Y2));
                       }});
    scripts.push_back({"U9Hairpin", NAT_LINUX_MASQUERADE, [](Talk& talk) {
                           talk.In(MakeUdp(X2, Y1));
                           talk.In(MakeUdp("10.0.0.2:6000", N1));
                       }});
    scripts.push_back({"C5Exhaustion",
                       NAT_LINUX_MASQUERADE,
                       [](Talk& talk) {
                           for (int i = 0; i < 6; ++i)
                           {
                               talk.In(MakeUdp("10.0.0.2:" + std::to_string(5000 + i), Y1));
                           }
                       },
                       [](NatSettings& settings) {
                           settings.firstPort = 2000;
                           settings.lastPort = 2003;
                       },
                       {},
                       "to :2000-2003"});
}

void
AddErrors(std::vector<Script>& scripts)
{
    scripts.push_back(
        {"U12Errors", NAT_LINUX_MASQUERADE, [](Talk& talk) {
             talk.In(MakeUdp(X1, Y1));
             talk.In(MakeTcp(X1, Y1, "S", 100));
             talk.In(MakeEcho("10.0.0.2", "203.0.113.10", 77));
             const std::vector<Octets> sent{MakeUdp(N1, Y1),
                                            MakeTcp(N1, Y1, "S", 100),
                                            MakeEcho("203.0.113.1", "203.0.113.10", 77),
                                            MakeUdp("203.0.113.1:9", Y1)};
             for (const Octets& about : sent)
             {
                 for (const auto& [type, code] : std::vector<std::pair<uint8_t, uint8_t>>{{3, 1},
                                                                                          {3, 3},
                                                                                          {3, 13},
                                                                                          {3, 4},
                                                                                          {11, 0},
                                                                                          {12, 0}})
                 {
                     talk.Out(MakeError("203.0.113.20", "203.0.113.1", type, code, about));
                 }
             }
             talk.Out(MakeUdp(Y1, N1));
             talk.Out(MakeTcp(Y1, N1, "SA", 500, 101));
         }});
    scripts.push_back({"I5ErrorsFromInside", NAT_LINUX_MASQUERADE, [](Talk& talk) {
                           talk.In(MakeUdp(X1, Y1));
                           talk.Out(MakeUdp(Y1, N1));
                           talk.In(MakeError("10.0.0.2", "203.0.113.10", 3, 3, MakeUdp(Y1, X1)));
                           talk.In(MakeError("10.0.0.2", "203.0.113.20", 3, 3, MakeUdp(Y2, X1)));
                       }});
    scripts.push_back({"I3Checksums", NAT_LINUX_MASQUERADE, [](Talk& talk) {
                           talk.In(MakeUdp(X1, Y1));
                           Octets bad = MakeUdp(Y1, N1);
                           bad.back() ^= 1;
                           talk.Out(bad);
                           Octets error =
                               MakeError("203.0.113.20", "203.0.113.1", 3, 1, MakeUdp(N1, Y1));
                           error[22] ^= 1;
                           talk.Out(error);
                           talk.Out(MakeUdp(Y1, N1));
                       }});
    scripts.push_back({"I1Queries", NAT_LINUX_MASQUERADE, [](Talk& talk) {
                           talk.In(MakeEcho("10.0.0.2", "203.0.113.10", 77));
                           talk.In(MakeEcho("10.0.0.3", "203.0.113.10", 77));
                           talk.Out(MakeEcho("203.0.113.10", "203.0.113.1", 77, 0));
                           talk.Out(MakeEcho("203.0.113.20", "203.0.113.1", 77, 0));
                           talk.Out(MakeEcho("203.0.113.10", "203.0.113.1", 78, 0));
                       }});
    scripts.push_back({"TimeToLive", NAT_LINUX_MASQUERADE, [](Talk& talk) {
                           IpFields fields;
                           fields.ttl = 1;
                           talk.In(MakeUdp(X1, Y1, 1, fields));
                           talk.Out(MakeUdp(Y1, N1));
                       }});
    scripts.push_back({"U14Fragments", NAT_LINUX_MASQUERADE, [](Talk& talk) {
                           const auto [head, tail] = CutInTwo(MakeUdp(X1, Y1, 1000), 568);
                           talk.In(tail);
                           talk.In(head);
                           const auto [back, rest] = CutInTwo(MakeUdp(Y1, N1, 1000), 568);
                           talk.Out(rest);
                           talk.Out(back);
                       }});
}

void
AddTimers(std::vector<Script>& scripts)
{
    scripts.push_back({"U5Unreplied",
                       NAT_LINUX_MASQUERADE,
                       [](Talk& talk) {
                           talk.In(MakeUdp(X1, Y1));
                           talk.Wait(0.6);
                           talk.Out(
                               MakeError("203.0.113.20", "203.0.113.1", 11, 0, MakeUdp(N1, Y1)));
                           talk.Wait(0.8);
                           talk.Out(MakeUdp(Y1, N1));
                       },
                       SetFast,
                       FAST});
    scripts.push_back({"U5Stream",
                       NAT_LINUX_MASQUERADE,
                       [](Talk& talk) {
                           talk.In(MakeUdp(X1, Y1));
                           for (int i = 0; i < 4; ++i)
                           {
                               talk.Wait(0.6);
                               talk.Out(MakeUdp(Y1, N1));
                           }
                           talk.In(MakeUdp(X1, Y1));
                           talk.Wait(2.6);
                           talk.Out(MakeUdp(Y1, N1));
                           talk.Wait(3.4);
                           talk.Out(MakeUdp(Y1, N1));
                       },
                       SetFast,
                       FAST});
    scripts.push_back({"T5Opening",
                       NAT_LINUX_MASQUERADE,
                       [](Talk& talk) {
                           talk.In(MakeTcp(X1, Y1, "S", 100));
                           talk.Wait(1.4);
                           talk.Out(MakeTcp(Y1, N1, "SA", 500, 101));
                       },
                       SetFast,
                       FAST});
    scripts.push_back({"T11InexactReset",
                       NAT_LINUX_MASQUERADE,
                       [](Talk& talk) {
                           Segments(HANDSHAKE)(talk);
                           Segments({"<R:601", ">A:101,601"})(talk);
                           talk.Wait(1.4);
                           Segments({"<PA:601,101+5"})(talk);
                       },
                       SetFast,
                       FAST});
    scripts.push_back({"T12NotLoose",
                       NAT_LINUX_MASQUERADE,
                       Segments({">PA:5000,6000+10", "<A:6000,5010"}),
                       [](NatSettings& settings) { settings.picksUp = false; },
                       {"nf_conntrack_tcp_loose=0"}});
    scripts.push_back(
        {"SequentialPunchLiberal",
         NAT_LINUX_MASQUERADE,
         Segments({">S:3000000000", "<S:500", ">SA:100,501", "<A:501,101", ">PA:101,501+5"}),
         [](NatSettings& settings) { settings.tcpTracking = NatSettings::LIBERAL; },
         {"nf_conntrack_tcp_be_liberal=1"}});
}

std::vector<Script>
MakeScripts()
{
    std::vector<Script> scripts;
    AddMappings(scripts);
    AddErrors(scripts);
    AddTimers(scripts);
    const auto closed = After(HANDSHAKE, {">FA:101,501", "<FA:501,102", ">A:102,502"});
    AddSegments(scripts,
                "T2Connection",
                After(HANDSHAKE,
                      {">PA:101,501+10",
                       ">PA:101,501+10",
                       "<A:501,111",
                       ">FA:111,501",
                       "<A:501,112",
                       "<PA:501,112+1000",
                       ">A:112,1501",
                       "<FA:1501,112",
                       ">A:112,1502"}));
    AddSegments(scripts,
                "T2aSimultaneousOpen",
                {">S:100",
                 "<S:500",
                 ">SA:100,501",
                 "<SA:500,101",
                 ">A:101,501",
                 "<A:501,101",
                 ">PA:101,501+9"});
    AddSegments(scripts,
                "SequentialPunch",
                {">S:3000000000", "<S:500", ">SA:100,501", "<A:501,101", ">PA:101,501+5"});
    AddSegments(scripts,
                "SequentialPunchWithALowerNumber",
                {">S:3000000000", "<S:500", ">SA:2000000000,501", "<A:501,2000000001"});
    AddSegments(scripts,
                "Overshoot",
                After(HANDSHAKE, {"<PA:70000,101+10", ">A:101,70010", "<PA:90010,101+10"}));
    AddSegments(scripts,
                "T3SynFromOutsideInTimeWait",
                After(closed, {"<S:9000", "<SA:9000,102", ">A:102,502"}));
    AddSegments(scripts,
                "T3SynFromInsideInTimeWait",
                After(closed, {">S:9000", "<SA:700,9001", ">A:9001,701"}));
    AddSegments(scripts,
                "T11ResetInAnswerToSyn",
                {">S:100", "<RA:0,101", "<SA:500,101", ">S:100", "<SA:500,101"});
    AddSegments(scripts, "T11ExactReset", After(HANDSHAKE, {"<R:501", "<A:501,101", ">A:101,501"}));
    AddSegments(scripts,
                "T11ResetOutOfWindow",
                After(HANDSHAKE, {"<R:200501", "<PA:501,101+3", ">A:101,504"}));
    AddSegments(scripts,
                "T12LoosePickUp",
                {">PA:5000,6000+10", "<A:6000,5010", ">A:5010,6000", "<R:9,9"});
    AddSegments(scripts,
                "EntryOutOfStep",
                After(HANDSHAKE,
                      {">S:3000000000",
                       "<SA:2000000000,3000000001",
                       ">A:3000000001,2000000001",
                       ">PA:3000000001,2000000001+10",
                       ">PA:101,501+10"}));
    AddSegments(scripts,
                "OddFlags",
                {">SF:1", ">:1", ">FPU:1", ">SR:1", ">S:100", "<SFA:500,101", "<SA:500,101"});
    for (uint32_t seed = 0; seed < 24; ++seed)
    {
        const NatPreset preset = seed % 3 == 0   ? NAT_FIREWALL
                                 : seed % 3 == 1 ? NAT_LINUX_FULLY_RANDOM
                                                 : NAT_LINUX_MASQUERADE;
        scripts.push_back({"Random" + std::to_string(seed), preset, Random(seed)});
    }
    return scripts;
}

class NatOracle : public testing::TestWithParam<Script>
{
};

} // namespace

TEST_P(NatOracle, KernelSaysTheSame)
{
    static const std::string obstacle = KernelNat::FindObstacle();
    if (!obstacle.empty())
    {
        GTEST_SKIP() << obstacle;
    }
    const auto model = RunModel(GetParam());
    auto kernel = RunKernel(GetParam(), 4);
    if (kernel != model)
    {
        kernel = RunKernel(GetParam(), 60); // the machine may have been slow
    }
    for (std::size_t i = 0; i < std::min(model.size(), kernel.size()); ++i)
    {
        ASSERT_EQ(model[i], kernel[i]) << "line " << i << " behind " << (i > 0 ? model[i - 1] : "");
    }
    EXPECT_EQ(model.size(), kernel.size());
}

INSTANTIATE_TEST_SUITE_P(Scripts,
                         NatOracle,
                         testing::ValuesIn(MakeScripts()),
                         [](const auto& info) { return info.param.name; });
