// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz-target.h"
#include "tests/hex.h"
#include "tests/mutator.h"

#include "ns3/sms-tpdu.h"

#include <algorithm>
#include <cctype>
#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3::p2pim;
using p2pim::fuzz::GetTargets;
using p2pim::fuzz::Octets;
using p2pim::fuzz::Target;
using p2pim::test::MessageMutator;
using p2pim::test::ToHex;

namespace
{

constexpr std::size_t ROUNDS = 10000;

/// @return the target's name as GoogleTest wants it, such as "SmsSubmit".
std::string
GetTestName(const testing::TestParamInfo<Target>& info)
{
    std::string name;
    bool isFirst = true;
    for (const char c : std::string(info.param.name))
    {
        if (c != '-')
        {
            name += isFirst ? static_cast<char>(std::toupper(c)) : c;
        }
        isFirst = c == '-';
    }
    return name;
}

class DecoderMutation : public testing::TestWithParam<Target>
{
};

} // namespace

// The targets of ./waf fuzz, without a fuzzer: good messages spoilt in a few octets. What a decoder
// accepts means the same when it is written and read again.
TEST_P(DecoderMutation, IsReadOrRefused)
{
    const std::vector<Octets> seeds = GetParam().makeSeeds();
    ASSERT_FALSE(seeds.empty());
    MessageMutator mutator;
    for (const Octets& seed : seeds)
    {
        ASSERT_FALSE(seed.empty());
        ASSERT_TRUE(GetParam().holds(seed.data(), seed.size())) << ToHex(seed);
    }
    for (std::size_t i = 0; i < ROUNDS; ++i)
    {
        const Octets bad = mutator.Mutate(seeds[i % seeds.size()]);
        ASSERT_TRUE(GetParam().holds(bad.data(), bad.size())) << ToHex(bad);
    }
}

INSTANTIATE_TEST_SUITE_P(All, DecoderMutation, testing::ValuesIn(GetTargets()), GetTestName);

// A message cut anywhere is no message, and reading never goes beyond its end: each prefix is in a
// block of its own size.
TEST_P(DecoderMutation, EveryPrefixIsReadOrRefused)
{
    for (const Octets& seed : GetParam().makeSeeds())
    {
        for (auto end = seed.begin(); end != seed.end(); ++end)
        {
            const Octets prefix(seed.begin(), end);
            ASSERT_TRUE(GetParam().holds(prefix.data(), prefix.size())) << ToHex(prefix);
        }
    }
}

// Of spoilt SUBMITs some are refused and some, such as those whose text was hit, are not.
TEST(SmsDecoderMutation, SomeSubmitsAreReadAndSomeRefused)
{
    SmsSubmit submit;
    submit.destination.digits = "491711234567";
    submit.validityPeriod = SmsValidityPeriod::MakeRelative(170);
    submit.userData.octets = Octets(60, 0x33);
    submit.userData.length = 60;
    Octets good;
    ASSERT_EQ(EncodeSubmit(submit, good), SmsCodecError::NONE);
    MessageMutator mutator;
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < ROUNDS; ++i)
    {
        const Octets bad = mutator.Mutate(good);
        SmsSubmit read;
        accepted += DecodeSubmit(bad.data(), bad.size(), read) == SmsCodecError::NONE ? 1 : 0;
    }
    EXPECT_GT(accepted, ROUNDS / 20);
    EXPECT_LT(accepted, ROUNDS / 2);
}
