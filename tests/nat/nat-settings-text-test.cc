// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/nat-settings-text.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

NatSettings
Read(const std::string& text)
{
    std::optional<NatSettings> settings;
    const auto fault = ReadNatSettings(text, settings);
    EXPECT_FALSE(fault) << text << ": " << fault->word << " " << fault->problem;
    return settings.value_or(NatSettings());
}

NatTextFault
ReadWrong(const std::string& text)
{
    std::optional<NatSettings> settings;
    const auto fault = ReadNatSettings(text, settings);
    EXPECT_TRUE(fault) << text;
    EXPECT_FALSE(settings);
    return fault.value_or(NatTextFault());
}

} // namespace

TEST(NatSettingsText, APresetAndWhatDiffers)
{
    const auto settings = Read("port-restricted tcp-mapping=adm tcp-opening=30s "
                               "udp-new=2.5min tcp-established=ever overlaps=no first-port=2000 "
                               "subscriber-rate=0.5 udp-inbound-refresh=yes");
    const auto preset = GetNatPreset(NAT_PORT_RESTRICTED);
    EXPECT_EQ(settings.tcpFiltering, preset.tcpFiltering);
    EXPECT_EQ(settings.tcpMapping, NatSettings::ADM);
    EXPECT_EQ(settings.timers.tcpOpening, Seconds(30));
    EXPECT_EQ(settings.timers.udpNew, Seconds(150));
    EXPECT_EQ(settings.timers.tcpEstablished, Time::Max());
    EXPECT_EQ(settings.firstPort, 2000);
    EXPECT_EQ(settings.limits.subscriberRate, 0.5);
    EXPECT_TRUE(settings.timers.udpInboundRefresh);
}

TEST(NatSettingsText, NoneIsNoNat)
{
    std::optional<NatSettings> settings = NatSettings();
    EXPECT_FALSE(ReadNatSettings("none", settings));
    EXPECT_FALSE(settings);
}

TEST(NatSettingsText, EachWrongWordIsNamed)
{
    EXPECT_EQ(ReadWrong("port-restriced").word, "port-restriced");
    EXPECT_EQ(ReadWrong("").problem, "no such kind of NAT");
    const auto name = ReadWrong("rfc tcp-filterin=adf");
    EXPECT_EQ(name.word, "tcp-filterin");
    EXPECT_EQ(name.known, GetNatSettingNames());
    const auto value = ReadWrong("rfc tcp-filtering=adff");
    EXPECT_EQ(value.word, "tcp-filtering=adff");
    EXPECT_EQ(value.known,
              (std::vector<std::string>{"tcp-filtering=eif",
                                        "tcp-filtering=adf",
                                        "tcp-filtering=apdf",
                                        "tcp-filtering=cdf"}));
    for (const char* wrong : {"rfc tcp-opening",
                              "rfc tcp-opening=30",
                              "rfc tcp-opening=-1s",
                              "rfc tcp-opening=infs",
                              "rfc tcp-opening=1e99s",
                              "rfc first-port=65536",
                              "rfc first-port=-1",
                              "rfc subscriber-rate=nan",
                              "rfc mappings=0",
                              "rfc first-port=2000 last-port=1000",
                              "none tcp-opening=30s"})
    {
        EXPECT_FALSE(ReadWrong(wrong).problem.empty()) << wrong;
    }
}
