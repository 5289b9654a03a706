// SPDX-License-Identifier: GPL-2.0-only
#include "tests/mutator.h"

#include "ns3/pin-message.h"

#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

PinMessage
MakeSubmit()
{
    PinMessage message;
    message.type = PinMessageType::SUBMIT;
    message.id = 0x01020304;
    message.pin = 0x2000A001;
    message.peer = 0x2000B002;
    message.seconds = 3600;
    message.wantsReport = true;
    message.destinationPort = 16440;
    message.originatorPort = 16441;
    message.userData = {'h', 'i'};
    return message;
}

Octets
Encode(const PinMessage& message)
{
    Octets datagram;
    EXPECT_EQ(EncodePinMessage(message, datagram), PinError::NONE);
    return datagram;
}

/// One message of each type.
std::vector<PinMessage>
MakeAll()
{
    std::vector<PinMessage> all;
    for (uint8_t type = 1; type <= 8; ++type)
    {
        PinMessage message = MakeSubmit();
        message.type = static_cast<PinMessageType>(type);
        message.status = type % 2 == 0 ? PinStatus::STORE_FULL : PinStatus::OK;
        all.push_back(message);
    }
    return all;
}

PinError
Decode(const Octets& datagram)
{
    PinMessage message;
    return DecodePinMessage(datagram, message);
}

} // namespace

// the layout that pin-message.h documents, octet by octet
TEST(PinMessage, IsLaidOutAsDocumented)
{
    EXPECT_EQ(Encode(MakeSubmit()), (Octets{0x13, 0x00, 0x00, 0x0F, 0x01, 0x02, 0x03, 0x04, 0x20,
                                            0x00, 0xA0, 0x01, 0x20, 0x00, 0xB0, 0x02, 0x00, 0x00,
                                            0x0E, 0x10, 0x01, 0x40, 0x38, 0x40, 0x39, 'h',  'i'}));
    PinMessage deliver = MakeSubmit();
    deliver.type = PinMessageType::DELIVER;
    EXPECT_EQ(Encode(deliver),
              (Octets{0x15, 0x00, 0x00, 0x0A, 0x01, 0x02, 0x03, 0x04, 0x20, 0x00, 0xA0,
                      0x01, 0x20, 0x00, 0xB0, 0x02, 0x40, 0x38, 0x40, 0x39, 'h',  'i'}));
    PinMessage answer = MakeSubmit();
    answer.type = PinMessageType::SUBMIT_ACK;
    answer.status = PinStatus::UNKNOWN_PIN;
    EXPECT_EQ(Encode(answer),
              (Octets{0x14, 0x01, 0x00, 0x00, 0x01, 0x02, 0x03, 0x04, 0x20, 0x00, 0xA0, 0x01}));
}

TEST(PinMessage, EveryTypeSaysTheSameWhenReadAgain)
{
    for (const auto& message : MakeAll())
    {
        PinMessage read;
        ASSERT_EQ(DecodePinMessage(Encode(message), read), PinError::NONE);
        EXPECT_EQ(read.type, message.type);
        EXPECT_EQ(read.status, message.status);
        EXPECT_EQ(read.id, message.id);
        EXPECT_EQ(read.pin, message.pin);
        EXPECT_EQ(Encode(read), Encode(message));
    }
    PinMessage submit;
    ASSERT_EQ(DecodePinMessage(Encode(MakeSubmit()), submit), PinError::NONE);
    EXPECT_EQ(submit.peer, 0x2000B002U);
    EXPECT_EQ(submit.seconds, 3600U);
    EXPECT_TRUE(submit.wantsReport);
    EXPECT_EQ(submit.destinationPort, 16440U);
    EXPECT_EQ(submit.originatorPort, 16441U);
    EXPECT_EQ(submit.userData, (Octets{'h', 'i'}));
}

TEST(PinMessage, FaultsAreNamed)
{
    const Octets good = Encode(MakeSubmit());
    for (std::size_t size = 0; size < PIN_HEADER_SIZE; ++size)
    {
        EXPECT_EQ(Decode(Octets(good.begin(), good.begin() + size)), PinError::TRUNCATED);
    }
    Octets bad = good;
    bad[0] = 0x23;
    EXPECT_EQ(Decode(bad), PinError::BAD_VERSION);
    bad[0] = 0x10;
    EXPECT_EQ(Decode(bad), PinError::UNKNOWN_TYPE);
    bad[0] = 0x19;
    EXPECT_EQ(Decode(bad), PinError::UNKNOWN_TYPE);
    bad = good;
    bad[1] = 5;
    EXPECT_EQ(Decode(bad), PinError::UNKNOWN_STATUS);
    bad = good;
    bad.pop_back();
    EXPECT_EQ(Decode(bad), PinError::BAD_LENGTH);
    bad[3] = 4; // the length of a body that ends within its fields
    bad.resize(PIN_HEADER_SIZE + 4);
    EXPECT_EQ(Decode(bad), PinError::TRUNCATED);
    bad[0] = 0x14; // SUBMIT_ACK has no body
    EXPECT_EQ(Decode(bad), PinError::BAD_LENGTH);
}

TEST(PinMessage, UserDataHasALimit)
{
    PinMessage message = MakeSubmit();
    message.userData.resize(PIN_MAX_USER_DATA);
    Octets datagram = Encode(message);
    EXPECT_EQ(Decode(datagram), PinError::NONE);
    // one octet more on the wire
    datagram.push_back(0);
    ++datagram[3];
    EXPECT_EQ(Decode(datagram), PinError::USER_DATA_TOO_LONG);
    message.userData.push_back(0);
    Octets untouched{1, 2};
    EXPECT_EQ(EncodePinMessage(message, untouched), PinError::USER_DATA_TOO_LONG);
    EXPECT_EQ(untouched, (Octets{1, 2}));
}

// what is accepted means the same when it is written and read again
TEST(PinMessage, MutationsAreReadOrRefused)
{
    ::p2pim::test::MessageMutator mutator;
    const auto all = MakeAll();
    int accepted = 0;
    constexpr int rounds = 30000;
    for (int i = 0; i < rounds; ++i)
    {
        const auto bad = mutator.Mutate(Encode(all[static_cast<std::size_t>(i) % all.size()]));
        PinMessage first;
        if (DecodePinMessage(bad, first) != PinError::NONE)
        {
            continue;
        }
        ++accepted;
        PinMessage second;
        ASSERT_EQ(DecodePinMessage(Encode(first), second), PinError::NONE);
        EXPECT_EQ(Encode(second), Encode(first));
    }
    EXPECT_GT(accepted, rounds / 20);
    EXPECT_LT(accepted, rounds);
}

TEST(PinMessage, APinIsEightHexadecimalDigits)
{
    EXPECT_EQ(FormatPin(0x2000A001), "2000A001");
    EXPECT_EQ(FormatPin(1), "00000001");
    EXPECT_EQ(ParsePin("2000A001"), 0x2000A001U);
    EXPECT_EQ(ParsePin("2000a001"), 0x2000A001U);
    for (const auto* const bad : {"", "2000A00", "2000A0011", "2000A00G", "-2000A01", "0x00A001"})
    {
        EXPECT_FALSE(ParsePin(bad)) << bad;
    }
}
