// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The same packets through NatCore and through the NAT of the running kernel: what leaves must be
 * the same, line by line. Ports that neither end chose are compared by the order in which they
 * appear; IP identification and TTL are not compared.
 */
#include "oracle-talk.h"

#include <gtest/gtest.h>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace p2pim::oracle;

namespace
{

std::vector<std::string>
After(std::vector<std::string> first, const std::vector<std::string>& more)
{
    first.insert(first.end(), more.begin(), more.end());
    return first;
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
    for (const auto& [name, second, third] :
         {std::tuple{"T5RepeatedSyn", ">S:100", "<SA:500,101"},
          std::tuple{"T5SimultaneousOpening", "<S:500", ">SA:100,501"}})
    {
        scripts.push_back({name,
                           NAT_LINUX_MASQUERADE,
                           [second = std::string(second), third = std::string(third)](Talk& talk) {
                               Segments({">S:100"})(talk);
                               talk.Wait(0.6);
                               Segments({second})(talk);
                               talk.Wait(0.8);
                               Segments({third})(talk);
                           },
                           SetFast,
                           FAST});
    }
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
    return scripts;
}

class NatOracle : public testing::TestWithParam<Script>
{
};

} // namespace

TEST_P(NatOracle, KernelSaysTheSame)
{
    ExpectSame(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Scripts,
                         NatOracle,
                         testing::ValuesIn(MakeScripts()),
                         [](const auto& info) { return info.param.name; });
