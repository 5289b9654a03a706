// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/nat-settings.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <set>
#include <string>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

NatSettings
MakeGood(NatPreset preset = NAT_RFC)
{
    NatSettings settings = GetNatPreset(preset);
    settings.pool = {Ipv4Address("203.0.113.1")};
    return settings;
}

} // namespace

TEST(NatSettings, PresetsHaveNoFaultAndANameOfTheirOwn)
{
    std::set<std::string> names;
    for (int preset = NAT_RFC; preset <= NAT_FIREWALL; ++preset)
    {
        const auto which = static_cast<NatPreset>(preset);
        EXPECT_EQ(MakeGood(which).FindFault(), "") << GetNatPresetName(which);
        names.insert(GetNatPresetName(which));
    }
    EXPECT_EQ(names.size(), 8U);
    EXPECT_EQ(GetNatPreset(NAT_FIREWALL).FindFault(), "");
}

TEST(NatSettings, FaultsAreFound)
{
    const std::vector<std::pair<std::string, std::function<void(NatSettings&)>>> faults{
        {"outside address", [](NatSettings& s) { s.pool.clear(); }},
        {"twice", [](NatSettings& s) { s.pool.push_back(s.pool[0]); }},
        {"above its last",
         [](NatSettings& s) {
             s.firstPort = 3000;
             s.lastPort = 2000;
         }},
        {"port 0", [](NatSettings& s) { s.firstPort = 0; }},
        {"differ", [](NatSettings& s) { s.portDelta = 0; }},
        {"65536", [](NatSettings& s) { s.pool.resize(65537); }},
        {"of no host", [](NatSettings& s) { s.pool.push_back(Ipv4Address::GetZero()); }},
        {"of no host", [](NatSettings& s) { s.pool.emplace_back("224.0.0.1"); }},
        {"inside address", [](NatSettings& s) { s.insideAddress = s.pool[0]; }},
        {"not above zero", [](NatSettings& s) { s.timers.tcpOpening = Seconds(-1); }},
        {"not above zero", [](NatSettings& s) { s.timers.udpNew = Seconds(0); }},
        {"not above zero", [](NatSettings& s) { s.timers.fragment = Seconds(0); }},
        {"not above zero", [](NatSettings& s) { s.timers.heldSyn = Seconds(0); }},
        {"not above zero", [](NatSettings& s) { s.timers.udpPorts[53] = Seconds(0); }},
        {"below zero", [](NatSettings& s) { s.timers.udpStreamAge = Seconds(-1); }},
        {"below zero", [](NatSettings& s) { s.stateLoss = Seconds(-1); }},
        {"below zero", [](NatSettings& s) { s.load.holding = Seconds(-1); }},
        {"below zero", [](NatSettings& s) { s.quarantine = Seconds(-1); }},
        {"rate", [](NatSettings& s) { s.load.rate = -1; }},
        {"rate", [](NatSettings& s) { s.load.rate = std::nan(""); }},
        {"rate", [](NatSettings& s) { s.limits.subscriberRate = HUGE_VAL; }},
        {"limit is zero", [](NatSettings& s) { s.limits.mappings = 0; }},
        {"limit is zero", [](NatSettings& s) { s.limits.sessions = 0; }},
        {"limit is zero", [](NatSettings& s) { s.limits.subscriberMappings = 0; }},
        {"limit is zero", [](NatSettings& s) { s.limits.subscriberSessions = 0; }},
        {"limit is zero", [](NatSettings& s) { s.limits.subscriberBurst = 0; }},
        {"limit is zero", [](NatSettings& s) { s.limits.fragmentedDatagrams = 0; }},
        {"limit is zero", [](NatSettings& s) { s.limits.fragmentOctets = 0; }},
        {"limit is zero", [](NatSettings& s) { s.limits.heldSyns = 0; }},
        {"68", [](NatSettings& s) { s.outsideMtu = 67; }},
        {"block",
         [](NatSettings& s) {
             s.allocation = NatSettings::BLOCK;
             s.blockSize = 0;
         }},
        {"block",
         [](NatSettings& s) {
             s.allocation = NatSettings::BLOCK;
             s.lastPort = 100;
         }},
        {"block",
         [](NatSettings& s) {
             s.allocation = NatSettings::BLOCK;
             s.subscriberBlocks = 0;
         }},
        {"prefix",
         [](NatSettings& s) {
             s.allocation = NatSettings::DETERMINISTIC;
             s.subscriberPrefix = 0;
         }},
        {"longer than its prefix",
         [](NatSettings& s) {
             s.allocation = NatSettings::DETERMINISTIC;
             s.subscriberNetwork = Ipv4Address("10.0.0.1");
         }},
        {"more subscribers",
         [](NatSettings& s) {
             s.allocation = NatSettings::DETERMINISTIC;
             s.subscriberPrefix = 15;
         }},
        {"filtering", [](NatSettings& s) { s.overlaps = true; }},
        {"host", [](NatSettings& s) { s.unsolicitedUdp = NatSettings::ANSWERED_BY_HOST; }}};
    for (const auto& [part, spoil] : faults)
    {
        NatSettings settings = MakeGood();
        spoil(settings);
        EXPECT_NE(settings.FindFault().find(part), std::string::npos)
            << part << ": " << settings.FindFault();
    }
}
