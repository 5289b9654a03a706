// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/voice-load.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// @return Erlang's distribution of the calls under way: a^n / n! over the sum of all.
std::vector<double>
GetErlangDistribution(double erlangs, uint32_t channels)
{
    std::vector<double> weights{1};
    double sum = 1;
    for (uint32_t n = 1; n <= channels; ++n)
    {
        weights.push_back(weights.back() * erlangs / n);
        sum += weights.back();
    }
    for (double& weight : weights)
    {
        weight /= sum;
    }
    return weights;
}

} // namespace

// M/M/c/c: the share of time with n calls is Erlang's distribution, and the calls that are lost are
// those that arrive in its last state, Erlang B: 14 channels lose 2.0 % of 8.2 Erlang (tables).
TEST(VoiceLoad, FollowsErlangsDistribution)
{
    for (const double erlangs : {2.0, 8.2, 20.0})
    {
        VoiceLoadSettings settings;
        settings.erlangs = erlangs;
        VoiceLoad load(settings);
        load.AssignStreams(7);
        const Time end = Hours(5000);
        const auto& times = load.GetTimes(end);
        const std::vector<double> expected = GetErlangDistribution(erlangs, settings.channels);
        ASSERT_EQ(times.size(), expected.size());
        for (std::size_t n = 0; n < times.size(); ++n)
        {
            EXPECT_NEAR(times[n].GetSeconds() / end.GetSeconds(), expected[n], 0.004)
                << erlangs << " Erlang, " << n << " calls";
        }
        const auto offered = static_cast<double>(load.GetOffered());
        const double arrivals = erlangs * end.GetSeconds() / settings.meanHoldingTime.GetSeconds();
        EXPECT_NEAR(offered, arrivals, 4 * std::sqrt(arrivals));
        EXPECT_NEAR(static_cast<double>(load.GetBlocked()) / offered, expected.back(), 0.003);
    }
    EXPECT_NEAR(GetErlangDistribution(8.2, 14).back(), 0.02, 0.0005);
}

// What happens is the same whether it is looked at all the time or at the end only.
TEST(VoiceLoad, DoesNotDependOnWhoLooks)
{
    VoiceLoadSettings settings;
    settings.erlangs = 8;
    VoiceLoad watched(settings);
    VoiceLoad alone(settings);
    watched.AssignStreams(3);
    alone.AssignStreams(3);
    for (int second = 0; second < 36000; ++second)
    {
        watched.GetCalls(Seconds(second));
    }
    EXPECT_EQ(watched.GetTimes(Hours(10)), alone.GetTimes(Hours(10)));
    EXPECT_EQ(watched.GetOffered(), alone.GetOffered());
}

// It begins in its steady state: the mean of first states is that of Erlang's distribution.
TEST(VoiceLoad, BeginsInItsSteadyState)
{
    VoiceLoadSettings settings;
    settings.erlangs = 8.2;
    const std::vector<double> shares = GetErlangDistribution(8.2, settings.channels);
    double mean = 0;
    double square = 0;
    for (std::size_t n = 0; n < shares.size(); ++n)
    {
        mean += static_cast<double>(n) * shares[n];
        square += static_cast<double>(n * n) * shares[n];
    }
    constexpr int loads = 2000;
    double sum = 0;
    for (int n = 0; n < loads; ++n)
    {
        VoiceLoad load(settings);
        load.AssignStreams(2 * n);
        sum += load.GetCalls(Seconds(0));
    }
    EXPECT_NEAR(sum / loads, mean, 4 * std::sqrt((square - mean * mean) / loads));
}

// Without load there is no call, ever.
TEST(VoiceLoad, CanBeNothing)
{
    const VoiceLoadSettings settings;
    VoiceLoad load(settings);
    load.AssignStreams(1);
    EXPECT_EQ(load.GetCalls(Hours(100)), 0U);
    EXPECT_EQ(load.GetOffered(), 0U);
}
