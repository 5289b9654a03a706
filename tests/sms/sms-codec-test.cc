// SPDX-License-Identifier: GPL-2.0-only
#include "tests/hex.h"

#include "ns3/sms-rp-cp.h"
#include "ns3/sms-tpdu.h"
#include "ns3/sms-user-data.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3::p2pim;
using p2pim::test::FromHex;

namespace
{

using Octets = std::vector<uint8_t>;

SmsSubmit
MakeSubmit(std::size_t octets)
{
    SmsSubmit submit;
    submit.messageReference = 0x2A;
    submit.destination.digits = "46708251358";
    submit.validityPeriod = SmsValidityPeriod::MakeRelative(170);
    submit.userData.octets.assign(octets, 0x55);
    submit.userData.length = static_cast<uint8_t>(octets);
    return submit;
}

} // namespace

// The widely published example of a 7-bit "hellohello" SMS-SUBMIT to +46708251358, laid out by TS
// 23.040 9.2.2.2.
TEST(SmsTpdu, ReadsAPublishedSubmit)
{
    const Octets tpdu = FromHex("11000B916407281553F80000AA0AE8329BFD4697D9EC37");
    SmsSubmit submit;
    ASSERT_EQ(DecodeSubmit(tpdu.data(), tpdu.size(), submit), SmsCodecError::NONE);
    EXPECT_EQ(submit.destination.digits, "46708251358");
    EXPECT_EQ(submit.destination.type, SmsAddress::INTERNATIONAL);
    EXPECT_EQ(submit.validityPeriod.GetSeconds(0), 4 * 86400);
    EXPECT_EQ(submit.userData.length, 10);
    EXPECT_EQ(submit.userData.octets.size(), 9U);
    Octets again;
    ASSERT_EQ(EncodeSubmit(submit, again), SmsCodecError::NONE);
    EXPECT_EQ(again, tpdu);
}

// The widely published example of an SMS-DELIVER from +27838890001, 29 March 1999 15:16:59 GMT+2
// (TS 23.040 9.2.2.1, 9.2.3.11).
TEST(SmsTpdu, ReadsAPublishedDeliver)
{
    const Octets tpdu = FromHex("040B917238880900F10000993092516195800AE8329BFD4697D9EC37");
    SmsDeliver deliver;
    ASSERT_EQ(DecodeDeliver(tpdu.data(), tpdu.size(), deliver), SmsCodecError::NONE);
    EXPECT_FALSE(deliver.moreMessagesToSend);
    EXPECT_EQ(deliver.originator.digits, "27838890001");
    EXPECT_EQ(deliver.timeStamp.year, 99);
    EXPECT_EQ(deliver.timeStamp.month, 3);
    EXPECT_EQ(deliver.timeStamp.day, 29);
    EXPECT_EQ(deliver.timeStamp.hour, 15);
    EXPECT_EQ(deliver.timeStamp.minute, 16);
    EXPECT_EQ(deliver.timeStamp.second, 59);
    EXPECT_EQ(deliver.timeStamp.quarterHours, 8);
    Octets again;
    ASSERT_EQ(EncodeDeliver(deliver, again), SmsCodecError::NONE);
    EXPECT_EQ(again, tpdu);
}

// TS 23.040 9.2.3.24: 140 octets; 9.2.3.24.4: 7 of them are the header with 16-bit ports (C14).
TEST(SmsTpdu, HoldsUserDataOf140OctetsAnd133BehindPorts)
{
    Octets tpdu;
    EXPECT_EQ(EncodeSubmit(MakeSubmit(140), tpdu), SmsCodecError::NONE);
    EXPECT_EQ(EncodeSubmit(MakeSubmit(141), tpdu), SmsCodecError::USER_DATA_TOO_LONG);
    Octets userData;
    EXPECT_EQ(EncodePortUserData({1, 2}, Octets(133), userData), SmsCodecError::NONE);
    EXPECT_EQ(userData.size(), 140U);
    EXPECT_EQ(EncodePortUserData({1, 2}, Octets(134), userData), SmsCodecError::USER_DATA_TOO_LONG);
}

// TS 23.040 9.2.3.24.4: element 05, length 4, destination port before originator port.
TEST(SmsUserData, PutsPortsInElement05)
{
    Octets userData;
    ASSERT_EQ(EncodePortUserData({0x0B84, 0x23F0}, {0xAA}, userData), SmsCodecError::NONE);
    EXPECT_EQ(userData, FromHex("0605040B8423F0AA"));
    SmsUserDataHeader header;
    ASSERT_EQ(DecodeUserDataHeader(userData, header), SmsCodecError::NONE);
    ASSERT_TRUE(header.ports);
    EXPECT_EQ(header.ports->destination, 0x0B84);
    EXPECT_EQ(header.ports->originator, 0x23F0);
    EXPECT_EQ(header.size, 7U);
}

// TS 23.040 9.2.3.24: a receiver ignores elements that it does not know.
TEST(SmsUserData, SkipsUnknownElements)
{
    SmsUserDataHeader header;
    ASSERT_EQ(DecodeUserDataHeader(FromHex("0B7003AABBCC0504000100027F"), header),
              SmsCodecError::NONE);
    ASSERT_TRUE(header.ports);
    EXPECT_EQ(header.ports->destination, 1);
    EXPECT_EQ(header.size, 12U);
    EXPECT_EQ(DecodeUserDataHeader(FromHex("0605050001000200"), header),
              SmsCodecError::BAD_USER_DATA_HEADER);
}

// TS 23.040 9.2.3.12.1, each range at both ends.
TEST(SmsTpdu, ReadsRelativeValidityPeriods)
{
    constexpr int64_t day = 86400;
    EXPECT_EQ(GetRelativeValiditySeconds(0), 5 * 60);
    EXPECT_EQ(GetRelativeValiditySeconds(143), 12 * 3600);
    EXPECT_EQ(GetRelativeValiditySeconds(144), 12 * 3600 + 1800);
    EXPECT_EQ(GetRelativeValiditySeconds(167), day);
    EXPECT_EQ(GetRelativeValiditySeconds(168), 2 * day);
    EXPECT_EQ(GetRelativeValiditySeconds(196), 30 * day);
    EXPECT_EQ(GetRelativeValiditySeconds(197), 5 * 7 * day);
    EXPECT_EQ(GetRelativeValiditySeconds(255), 63 * 7 * day);
}

// 951782399 s is 2000-02-28 23:59:59 UTC; 2000 is a leap year.
TEST(SmsTpdu, MakesTimeStampsOverALeapDay)
{
    const SmsTimeStamp before = MakeSmsTimeStamp(951782399);
    EXPECT_EQ(before.month, 2);
    EXPECT_EQ(before.day, 28);
    EXPECT_EQ(before.second, 59);
    const SmsTimeStamp after = MakeSmsTimeStamp(951782400);
    EXPECT_EQ(after.year, 0);
    EXPECT_EQ(after.month, 2);
    EXPECT_EQ(after.day, 29);
    EXPECT_EQ(after.hour, 0);
    const SmsTimeStamp newYear = MakeSmsTimeStamp(1199145600);
    EXPECT_EQ(newYear.year, 8);
    EXPECT_EQ(newYear.month, 1);
    EXPECT_EQ(newYear.day, 1);
}

TEST(SmsTpdu, RefusesWhatItCannotRead)
{
    SmsSubmit submit;
    EXPECT_EQ(DecodeSubmit(nullptr, 0, submit), SmsCodecError::TRUNCATED);
    const auto decode = [&submit](const std::string& hex) {
        const Octets tpdu = FromHex(hex);
        return DecodeSubmit(tpdu.data(), tpdu.size(), submit);
    };
    EXPECT_EQ(decode("02000B916407281553F80004AA0100"), SmsCodecError::WRONG_MESSAGE_TYPE);
    EXPECT_EQ(decode("110015916407281553F80004AA0100"), SmsCodecError::BAD_ADDRESS);
    EXPECT_EQ(decode("19000B916407281553F80004000000000000000100"), SmsCodecError::BAD_TIME_STAMP);
    EXPECT_EQ(decode("09000B916407281553F80004040000000000000100"),
              SmsCodecError::BAD_VALIDITY_PERIOD);
    EXPECT_EQ(decode("11000B916407281553F80004AA0200"), SmsCodecError::TRUNCATED);
    EXPECT_EQ(decode("11000B916407281553F80004AA010000"), SmsCodecError::TRAILING_OCTETS);
    EXPECT_EQ(decode("11000B916407281553F80004AA8D00"), SmsCodecError::USER_DATA_TOO_LONG);
}

// TS 24.011 7.3.1.2 and 8.2.5: RP-DATA to the network has an empty originator address.
TEST(SmsRpCp, BuildsAMobileOriginatedTransfer)
{
    Octets message;
    const SmsAddress serviceCentre{SmsAddress::INTERNATIONAL, "2738100015"};
    ASSERT_EQ(EncodeCpRpData(0, false, 7, serviceCentre, {0xDE, 0xAD}, message),
              SmsCodecError::NONE);
    EXPECT_EQ(message,
              FromHex("09010D"
                      "000700"
                      "06917283010051"
                      "02DEAD"));
    CpMessage cp;
    ASSERT_EQ(DecodeCp(message.data(), message.size(), cp), SmsCodecError::NONE);
    EXPECT_EQ(cp.type, CpType::DATA);
    EXPECT_EQ(cp.transaction, 0);
    RpMessage rp;
    ASSERT_EQ(DecodeRp(cp.userData, cp.size, rp), SmsCodecError::NONE);
    EXPECT_EQ(rp.kind, RpKind::DATA);
    EXPECT_FALSE(rp.fromNetwork);
    EXPECT_EQ(rp.reference, 7);
    EXPECT_EQ(rp.serviceCentre, serviceCentre);
    EXPECT_EQ(Octets(rp.userData, rp.userData + rp.size), FromHex("DEAD"));
}

// TS 24.011 7.3.1.1: RP-DATA to the phone has an empty destination address.
TEST(SmsRpCp, BuildsAMobileTerminatedTransfer)
{
    Octets message;
    ASSERT_EQ(EncodeCpRpData(8, true, 9, {SmsAddress::INTERNATIONAL, "123"}, {0x01}, message),
              SmsCodecError::NONE);
    EXPECT_EQ(message,
              FromHex("890109"
                      "0109"
                      "039121F3"
                      "00"
                      "0101"));
    RpMessage rp;
    ASSERT_EQ(DecodeRp(message.data() + 3, message.size() - 3, rp), SmsCodecError::NONE);
    EXPECT_TRUE(rp.fromNetwork);
    EXPECT_EQ(rp.serviceCentre.digits, "123");
}

// TS 24.011 7.3.3, 7.3.4 and 8.2.5.4.
TEST(SmsRpCp, CarriesAcknowledgementsAndCauses)
{
    EXPECT_EQ(EncodeCpRpAck(8, true, 9), FromHex("8901020309"));
    EXPECT_EQ(EncodeCpRpError(8, true, 9, 38), FromHex("89010405090126"));
    EXPECT_EQ(EncodeCpAck(8), FromHex("8904"));
    EXPECT_EQ(EncodeCpError(0, CpCause::PROTOCOL_ERROR), FromHex("09106F"));
    RpMessage rp;
    const Octets error = FromHex("05090126");
    ASSERT_EQ(DecodeRp(error.data(), error.size(), rp), SmsCodecError::NONE);
    EXPECT_EQ(rp.kind, RpKind::ERROR);
    EXPECT_EQ(rp.cause, 38);
}
