// SPDX-License-Identifier: GPL-2.0-only
#include "gsm/sms-network.h"

#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/propagation-radio-conditions.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Puts a phone at some distance from a cell at 0:0:0.
Ptr<GsmMobileStation>
MakePhone(double metres, uint64_t imsi = 262011000000001)
{
    Ptr<GsmMobileStation> phone = CreateObject<GsmMobileStation>();
    phone->SetIdentity(imsi, "491711000000");
    Ptr<MobilityModel> position = CreateObject<ConstantPositionMobilityModel>();
    position->SetPosition(Vector(metres, 0, 0));
    phone->AggregateObject(position);
    return phone;
}

Ptr<PropagationRadioConditions>
MakeConditions(double shadowing)
{
    Ptr<PropagationRadioConditions> conditions = CreateObject<PropagationRadioConditions>();
    conditions->SetAttribute("ShadowingDeviation", DoubleValue(shadowing));
    conditions->AssignStreams(10);
    return conditions;
}

/// The link budget by hand: TS 45.005's sensitivities, Hata's loss, 3 dB for interference.
double
GetUplinkRatio(double metres)
{
    const double loss = 126.4 + 35.22 * std::log10(metres / 1000);
    const double noise = -104 - 9 + 3; // C/N is 9 dB at -104 dBm
    return 33 + 10 - loss - noise;
}

constexpr double REFERENCE = 7.943; // 9 dB

} // namespace

// Downlink: 43 dBm and a sensitivity of -102 dBm.
TEST(PropagationRadioConditions, FollowTheLinkBudget)
{
    const auto conditions = MakeConditions(0);
    for (const double metres : {100.0, 1000.0, 5000.0})
    {
        const auto phone = MakePhone(metres);
        const auto up = conditions->GetMeanCarrierRatio(*phone, GsmDirection::UPLINK);
        const auto down = conditions->GetMeanCarrierRatio(*phone, GsmDirection::DOWNLINK);
        EXPECT_NEAR(*up, GetUplinkRatio(metres), 0.1);
        EXPECT_NEAR(*down - *up, 10 - 2, 0.1);
    }
}

// TS 45.005 table 2: at 9 dB 22 % of SDCCH blocks and 15 % of access bursts may be lost (TU3). For
// a mean of gamma and Rayleigh fading the loss is 1 - exp(-theta / gamma).
TEST(PropagationRadioConditions, LoseWhatRayleighFadingLoses)
{
    const auto conditions = MakeConditions(0);
    EXPECT_NEAR(1 - std::exp(-conditions->GetThreshold(GsmChannel::DEDICATED) / REFERENCE),
                0.22,
                1e-4);
    EXPECT_NEAR(1 - std::exp(-conditions->GetThreshold(GsmChannel::RACH) / REFERENCE), 0.15, 1e-4);
    for (const double metres : {500.0, 2000.0, 8000.0})
    {
        const auto phone = MakePhone(metres);
        const double gamma = std::pow(10, GetUplinkRatio(metres) / 10);
        const double theta = -std::log(1 - 0.22) * REFERENCE;
        EXPECT_NEAR(conditions->GetErasureRate(PeekPointer(phone),
                                               GsmDirection::UPLINK,
                                               GsmChannel::DEDICATED),
                    1 - std::exp(-theta / gamma),
                    0.01);
    }
}

// An access burst is decoded when its instantaneous C/(I+N) reaches the threshold: the share lost
// is the same formula, and the mean power is gamma.
TEST(PropagationRadioConditions, DrawTheFadingOfEachBurst)
{
    const auto conditions = MakeConditions(0);
    const auto phone = MakePhone(3000);
    constexpr int n = 20000;
    int lost = 0;
    double power = 0;
    for (int i = 0; i < n; ++i)
    {
        const auto burst = conditions->ReceiveAccessBurst(PeekPointer(phone));
        lost += burst.decodable ? 0 : 1;
        power += burst.power;
    }
    const double gamma = std::pow(10, GetUplinkRatio(3000) / 10);
    const double expected = 1 - std::exp(-(-std::log(0.85) * REFERENCE) / gamma);
    EXPECT_NEAR(static_cast<double>(lost) / n,
                expected,
                1.96 * std::sqrt(expected * (1 - expected) / n) + 0.005);
    EXPECT_NEAR(power / n, gamma, 0.05 * gamma);
}

// Log-normal with the deviation set; a phone's own does not depend on who is asked for first, and
// is the same both ways.
TEST(PropagationRadioConditions, ShadowEachPhoneOnce)
{
    const auto conditions = MakeConditions(7);
    const auto again = MakeConditions(7);
    const auto bare = MakeConditions(0);
    constexpr int n = 2000;
    double sum = 0;
    double squares = 0;
    std::vector<double> first;
    for (int i = 0; i < n; ++i)
    {
        const auto phone = MakePhone(1000, 262011000000000 + i);
        const auto in = [&phone](const auto& model, GsmDirection direction) {
            return *model->GetMeanCarrierRatio(*phone, direction);
        };
        const double shadow = in(conditions, GsmDirection::UPLINK) - in(bare, GsmDirection::UPLINK);
        EXPECT_NEAR(in(conditions, GsmDirection::DOWNLINK) - in(bare, GsmDirection::DOWNLINK),
                    shadow,
                    1e-9);
        first.push_back(shadow);
        sum += shadow;
        squares += shadow * shadow;
    }
    EXPECT_NEAR(sum / n, 0, 1.96 * 7 / std::sqrt(n));
    EXPECT_NEAR(std::sqrt(squares / n), 7, 0.35);
    const auto last = MakePhone(1000, 262011000000000 + n - 1);
    EXPECT_NEAR(*again->GetMeanCarrierRatio(*last, GsmDirection::UPLINK) -
                    *bare->GetMeanCarrierRatio(*last, GsmDirection::UPLINK),
                first.back(),
                1e-9);
}

// Without a position the constant rates apply.
TEST(PropagationRadioConditions, AreConstantForAPhoneWithoutPosition)
{
    const auto conditions = MakeConditions(7);
    conditions->SetAttribute("DownlinkErasureRate", DoubleValue(0.25));
    const auto phone = CreateObject<GsmMobileStation>();
    for (const GsmMobileStation* ms : {static_cast<const GsmMobileStation*>(nullptr),
                                       static_cast<const GsmMobileStation*>(PeekPointer(phone))})
    {
        EXPECT_EQ(conditions->GetErasureRate(ms, GsmDirection::DOWNLINK, GsmChannel::CCCH), 0.25);
        EXPECT_EQ(conditions->GetErasureRate(ms, GsmDirection::UPLINK, GsmChannel::RACH), 0);
        EXPECT_TRUE(conditions->ReceiveAccessBurst(ms).decodable);
    }
}

TEST(PropagationRadioConditions, TakeAChainOfLosses)
{
    const auto conditions = MakeConditions(0);
    const auto phone = MakePhone(1000);
    const auto ratio = [&]() {
        return *conditions->GetMeanCarrierRatio(*phone, GsmDirection::UPLINK);
    };
    const std::string fixed = "ns3::FixedRssLossModel[Rss=-80]";
    EXPECT_TRUE(conditions->SetAttributeFailSafe("LossModel", StringValue(fixed)));
    EXPECT_NEAR(ratio(), -80 + 10 + 104 + 9 - 3, 0.1);
    EXPECT_TRUE(conditions->SetAttributeFailSafe(
        "LossModel",
        StringValue("ns3::LogDistancePropagationLossModel[ReferenceLoss=100|Exponent=0]+"
                    "ns3::LogDistancePropagationLossModel[ReferenceLoss=13|Exponent=0]")));
    EXPECT_NEAR(ratio(), 33 + 10 - 113 + 104 + 9 - 3, 0.1);
    EXPECT_TRUE(conditions->SetAttributeFailSafe(
        "LossModel",
        StringValue("ns3::Cost231PropagationLossModel[Frequency=1.8e+09]")));
    for (const std::string wrong : {"",
                                    "LogDistance",
                                    "ns3::GsmCell",
                                    "ns3::p2pim::GsmCell",
                                    "ns3::PropagationLossModel",
                                    "ns3::FixedRssLossModel[Rss]",
                                    "ns3::FixedRssLossModel[Rss=loud]",
                                    "ns3::FixedRssLossModel[Loss=3]",
                                    "ns3::FixedRssLossModel[Rss=-80",
                                    "ns3::FixedRssLossModel+"})
    {
        EXPECT_FALSE(conditions->SetAttributeFailSafe("LossModel", StringValue(wrong))) << wrong;
    }
}

TEST(GsmCellRadioConditions, AreNamedByAnAttribute)
{
    const auto cell = CreateObject<GsmCell>();
    const std::string prefix = "ns3::p2pim::ConstantRadioConditions";
    EXPECT_TRUE(cell->SetAttributeFailSafe(
        "RadioConditions",
        StringValue("ns3::p2pim::PropagationRadioConditions[MsTransmitPower=30]")));
    EXPECT_TRUE(DynamicCast<PropagationRadioConditions>(cell->GetRadioConditions()));
    EXPECT_TRUE(cell->SetAttributeFailSafe("RadioConditions", StringValue(prefix + "[]")));
    for (const std::string wrong :
         {"ns3::p2pim::GsmCell", "ns3::p2pim::GsmRadioConditions", "x", ""})
    {
        EXPECT_FALSE(cell->SetAttributeFailSafe("RadioConditions", StringValue(wrong))) << wrong;
    }
    EXPECT_FALSE(cell->SetAttributeFailSafe("RadioConditions",
                                            StringValue(prefix + "[UplinkErasureRate=1.5]")));
    cell->Dispose();
}

// The whole path: messages from near get through; far out bursts, blocks and frames are lost, by
// the share that the formula gives for the frames, and what is accepted still arrives.
TEST(GsmCellRadioConditions, WeakSignalLosesFramesAsPredicted)
{
    SmsNetwork net;
    const auto conditions = CreateObject<PropagationRadioConditions>();
    conditions->SetAttribute("ShadowingDeviation", DoubleValue(0));
    net.cell->SetRadioConditions(conditions);
    net.cell->SetAttribute("Position", VectorValue(Vector(0, 0, 0)));
    net.cell->AssignStreams(1);
    double expected = 0;
    for (int i = 0; i < 2; ++i)
    {
        net.AddPhone();
        const auto position = CreateObject<ConstantPositionMobilityModel>();
        position->SetPosition(Vector(i == 0 ? 50 : 4000, 0, 0));
        net.phones[i]->AggregateObject(position);
    }
    expected = conditions->GetErasureRate(PeekPointer(net.phones[1]),
                                          GsmDirection::UPLINK,
                                          GsmChannel::DEDICATED);
    uint64_t up = 0;
    net.cell->TraceConnectWithoutContext(
        "LapdmFrame",
        Callback<void, bool, int64_t, const L2Block&>(
            [&up](bool uplink, int64_t, const L2Block&) { up += uplink ? 1 : 0; }));
    for (int i = 0; i < 200; ++i)
    {
        Simulator::Schedule(Seconds(100 * i), [&net]() { net.Send(1, 0, 60); });
    }
    Simulator::Run();
    const CounterList counters = net.cell->GetCounters();
    const double frames = SmsNetwork::Get(counters, "lapdm_frames");
    const double lost = SmsNetwork::Get(counters, "lapdm_frames_lost");
    const double down = conditions->GetErasureRate(PeekPointer(net.phones[1]),
                                                   GsmDirection::DOWNLINK,
                                                   GsmChannel::DEDICATED);
    EXPECT_GT(expected, 0.1);
    EXPECT_GT(lost / frames, 0.3 * down);
    EXPECT_LT(lost / frames, expected);
    EXPECT_GT(SmsNetwork::Get(counters, "rach_lost"), 0);
    EXPECT_GT(SmsNetwork::Get(counters, "agch_lost"), 0);
    EXPECT_EQ(net.outcomes.size(), 200U);
    EXPECT_GE(net.received[0].size(), 150U);
    EXPECT_DOUBLE_EQ(SmsNetwork::Get(net.smsc->GetCounters(), "messages_stored"), 0);
}

// Constant conditions of 0 draw nothing and change nothing; FrameErasureRate adds to them.
TEST(GsmCellRadioConditions, ConstantLossAddsToTheCellsOwn)
{
    double share = 0;
    for (const double own : {0.0, 0.1})
    {
        SmsNetwork net;
        net.cell->SetAttribute("FrameErasureRate", DoubleValue(own));
        net.cell->SetAttribute("RadioConditions",
                               StringValue("ns3::p2pim::ConstantRadioConditions["
                                           "UplinkErasureRate=0.1|DownlinkErasureRate=0.1]"));
        net.cell->AssignStreams(1);
        net.AddPhone();
        net.AddPhone();
        for (int i = 0; i < 200; ++i)
        {
            Simulator::Schedule(Seconds(100 * i), [&net]() { net.Send(1, 0, 60); });
        }
        Simulator::Run();
        const CounterList counters = net.cell->GetCounters();
        const double frames = SmsNetwork::Get(counters, "lapdm_frames");
        share = SmsNetwork::Get(counters, "lapdm_frames_lost") / frames;
        const double expected = 1 - 0.9 * (1 - own);
        // What is sent when the other side has left counts as lost too.
        EXPECT_NEAR(share, expected + 0.015, 3 * std::sqrt(expected / frames) + 0.015);
        EXPECT_GE(net.received[0].size(), 190U);
        EXPECT_DOUBLE_EQ(SmsNetwork::Get(net.smsc->GetCounters(), "messages_stored"), 0);
    }
}
