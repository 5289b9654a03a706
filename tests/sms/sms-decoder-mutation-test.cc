// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/lapdm-entity.h"
#include "ns3/mm-messages.h"
#include "ns3/rr-messages.h"
#include "ns3/sms-rp-cp.h"
#include "ns3/sms-tpdu.h"
#include "ns3/sms-transaction-engine.h"
#include "ns3/sms-user-data.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

using Octets = std::vector<uint8_t>;

constexpr int ROUNDS = 30000;

/// Octets in a block of exactly their size, so that a sanitizer sees each read beyond the end.
class ExactCopy
{
  public:
    explicit ExactCopy(const Octets& octets)
        : m_size(octets.size()),
          m_octets(std::make_unique<uint8_t[]>(m_size))
    {
        std::copy(octets.begin(), octets.end(), m_octets.get());
    }

    const uint8_t* GetData() const
    {
        return m_octets.get();
    }

    std::size_t GetSize() const
    {
        return m_size;
    }

  private:
    std::size_t m_size;
    std::unique_ptr<uint8_t[]> m_octets;
};

/// Flips, cuts, inserts and repeats octets of good messages; always the same sequence.
class Mutator
{
  public:
    Octets Mutate(Octets octets)
    {
        for (uint32_t changes = 1 + Draw(3); changes > 0; --changes)
        {
            const uint32_t at = octets.empty() ? 0 : Draw(static_cast<uint32_t>(octets.size()));
            const auto position = octets.begin() + at;
            switch (octets.empty() ? 2 : Draw(5))
            {
            case 0:
                *position ^= static_cast<uint8_t>(1U << Draw(8));
                break;
            case 1:
                octets.resize(at);
                break;
            case 2:
                octets.insert(position, static_cast<uint8_t>(Draw(256)));
                break;
            case 3:
                octets.erase(position);
                break;
            default:
                *position = static_cast<uint8_t>(Draw(256));
                break;
            }
        }
        return octets;
    }

  private:
    uint32_t Draw(uint32_t limit)
    {
        return static_cast<uint32_t>(m_random()) % limit;
    }

    std::mt19937 m_random{20090401};
};

SmsUserData
MakeUserData()
{
    SmsUserData userData;
    userData.hasHeader = true;
    EncodePortUserData({9000, 9001}, Octets(60, 0x33), userData.octets);
    userData.length = static_cast<uint8_t>(userData.octets.size());
    return userData;
}

Octets
MakeSubmit()
{
    SmsSubmit submit;
    submit.destination.digits = "491711234567";
    submit.validityPeriod = SmsValidityPeriod::MakeRelative(170);
    submit.userData = MakeUserData();
    Octets tpdu;
    EncodeSubmit(submit, tpdu);
    return tpdu;
}

Octets
MakeDeliver()
{
    SmsDeliver deliver;
    deliver.originator.digits = "491711234567";
    deliver.timeStamp = MakeSmsTimeStamp(1199145600);
    deliver.userData = MakeUserData();
    Octets tpdu;
    EncodeDeliver(deliver, tpdu);
    return tpdu;
}

Octets
MakeTransfer(bool fromNetwork)
{
    Octets message;
    EncodeCpRpData(0,
                   fromNetwork,
                   1,
                   {SmsAddress::INTERNATIONAL, "441234500000"},
                   fromNetwork ? MakeDeliver() : MakeSubmit(),
                   message);
    return message;
}

} // namespace

// What a decoder accepts means the same when it is written and read again.
TEST(SmsDecoderMutation, SubmitIsReadOrRefused)
{
    Mutator mutator;
    const Octets good = MakeSubmit();
    int accepted = 0;
    for (int i = 0; i < ROUNDS; ++i)
    {
        const ExactCopy bad(mutator.Mutate(good));
        SmsSubmit submit;
        if (DecodeSubmit(bad.GetData(), bad.GetSize(), submit) != SmsCodecError::NONE)
        {
            continue;
        }
        ++accepted;
        Octets again;
        SmsSubmit second;
        if (submit.destination.digits.empty())
        {
            EXPECT_EQ(EncodeSubmit(submit, again), SmsCodecError::BAD_ADDRESS);
            continue;
        }
        ASSERT_EQ(EncodeSubmit(submit, again), SmsCodecError::NONE);
        ASSERT_EQ(DecodeSubmit(again.data(), again.size(), second), SmsCodecError::NONE);
        EXPECT_EQ(second.destination, submit.destination);
        EXPECT_EQ(second.userData.octets, submit.userData.octets);
        SmsUserDataHeader header;
        if (DecodeUserDataHeader(submit.userData.octets, header) == SmsCodecError::NONE)
        {
            EXPECT_LE(header.size, submit.userData.octets.size());
        }
    }
    EXPECT_GT(accepted, ROUNDS / 20);
    EXPECT_LT(accepted, ROUNDS);
}

TEST(SmsDecoderMutation, DeliverIsReadOrRefused)
{
    Mutator mutator;
    const Octets good = MakeDeliver();
    for (int i = 0; i < ROUNDS; ++i)
    {
        const ExactCopy bad(mutator.Mutate(good));
        SmsDeliver deliver;
        if (DecodeDeliver(bad.GetData(), bad.GetSize(), deliver) == SmsCodecError::NONE)
        {
            EXPECT_LE(deliver.userData.octets.size(), SMS_MAX_USER_DATA);
            EXPECT_LE(deliver.timeStamp.hour, 23);
            Octets again;
            const SmsCodecError error = EncodeDeliver(deliver, again);
            EXPECT_EQ(error == SmsCodecError::NONE, !deliver.originator.digits.empty());
        }
    }
}

TEST(SmsDecoderMutation, CpAndRpPointInsideTheMessage)
{
    Mutator mutator;
    for (int i = 0; i < ROUNDS; ++i)
    {
        const ExactCopy bad(mutator.Mutate(MakeTransfer(i % 2 == 0)));
        CpMessage cp;
        if (DecodeCp(bad.GetData(), bad.GetSize(), cp) != SmsCodecError::NONE || !cp.userData)
        {
            continue;
        }
        EXPECT_LE(cp.userData + cp.size, bad.GetData() + bad.GetSize());
        RpMessage rp;
        if (DecodeRp(cp.userData, cp.size, rp) == SmsCodecError::NONE && rp.userData)
        {
            EXPECT_GE(rp.userData, cp.userData);
            EXPECT_LE(rp.userData + rp.size, cp.userData + cp.size);
        }
    }
}

TEST(SmsDecoderMutation, TransactionEngineSurvives)
{
    Mutator mutator;
    const SmsTimers timers{Seconds(40), Seconds(15), Seconds(10), 2};
    for (int i = 0; i < ROUNDS; ++i)
    {
        SmsTransactionEngine network(true, timers);
        const ExactCopy first(mutator.Mutate(MakeTransfer(false)));
        const auto step = network.Receive(first.GetData(), first.GetSize(), Seconds(1));
        if (step.event == SmsTransactionEngine::Event::RP_DATA)
        {
            network.Acknowledge(Seconds(2));
        }
        const ExactCopy second(mutator.Mutate(EncodeCpAck(0)));
        network.Receive(second.GetData(), second.GetSize(), Seconds(3));
        EXPECT_GE(network.GetDeadline(), Seconds(3));
    }
}

TEST(SmsDecoderMutation, Layer3MessagesAreReadOrRefused)
{
    constexpr uint64_t imsi = 262011234567890;
    Mutator mutator;
    const std::vector<Octets> good{EncodeCmServiceRequest(imsi),
                                   EncodePagingResponse(imsi),
                                   EncodeAuthenticationRequest(Rand{}),
                                   EncodeAuthenticationResponse(Sres{}),
                                   EncodeChannelRelease(0)};
    for (int i = 0; i < ROUNDS; ++i)
    {
        const ExactCopy bad(mutator.Mutate(good[static_cast<std::size_t>(i) % good.size()]));
        const auto initial = DecodeInitialMessage(bad.GetData(), bad.GetSize());
        if (initial)
        {
            EXPECT_LT(initial->imsi, 1000000000000000U);
        }
        DecodeAuthenticationRequest(bad.GetData(), bad.GetSize());
        DecodeAuthenticationResponse(bad.GetData(), bad.GetSize());
        GetRrType(bad.GetData(), bad.GetSize());
    }
}

TEST(SmsDecoderMutation, BlocksAndFramesAreReadOrRefused)
{
    Mutator mutator;
    const LapdmParameters parameters;
    LapdmEntity entity(LapdmSide::BTS, parameters);
    LapdmEntity peer(LapdmSide::MS, parameters);
    const std::vector<L2Block> good{
        EncodePagingRequest1({262011234567890, 262011234567891}, 2),
        EncodeImmediateAssignment({}),
        EncodeImmediateAssignmentReject({}),
    };
    for (int i = 0; i < ROUNDS; ++i)
    {
        L2Block block = good[static_cast<std::size_t>(i) % good.size()];
        LapdmIndication indication;
        if (i % 4 == 0)
        {
            peer.Establish(i % 8 == 0 ? SAPI_SMS : SAPI_SIGNALLING, {}, i);
            peer.Send(SAPI_SIGNALLING, {1, 2, 3}, i);
        }
        if (i % 2 == 0)
        {
            peer.BuildFrame(i, block, indication);
        }
        Octets octets = mutator.Mutate(Octets(block.begin(), block.end()));
        octets.resize(block.size());
        std::copy(octets.begin(), octets.end(), block.begin());
        if (const auto paged = DecodePagingRequest1(block))
        {
            EXPECT_LE(paged->count, 2U);
        }
        DecodeImmediateAssignment(block);
        DecodeImmediateAssignmentReject(block);
        const LapdmIndication seen = entity.Receive(i, block);
        EXPECT_LE(seen.size, 251U);
        entity.BuildFrame(i, block, indication);
    }
}
