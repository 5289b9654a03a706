// SPDX-License-Identifier: GPL-2.0-only
#include "tests/hex.h"

#include "ns3/sms-report-tpdu.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3::p2pim;
using p2pim::test::FromHex;
using p2pim::test::ToHex;

namespace
{

using Octets = std::vector<uint8_t>;

constexpr int64_t NEW_YEAR_2008 = 1199145600; ///< 00:00 UTC
const std::string NEW_YEAR_STAMP = "80101000000000";

/// Parts with all that TP-PI can announce: an 8-bit text behind a header with ports.
SmsOptionalParts
MakeParts()
{
    SmsOptionalParts parts;
    parts.protocolId = 0x40;
    parts.codingScheme = SMS_DCS_8_BIT;
    parts.userData.emplace();
    parts.userData->hasHeader = true;
    parts.userData->protocolId = 0x40;
    EXPECT_EQ(EncodePortUserData({0x0B84, 0x23F0}, {0xAA}, parts.userData->octets),
              SmsCodecError::NONE);
    parts.userData->length = 8;
    return parts;
}

const std::string PARTS = "4004080605040B8423F0AA";

void
ExpectParts(const SmsOptionalParts& parts)
{
    EXPECT_EQ(parts.protocolId, 0x40);
    EXPECT_EQ(parts.codingScheme, SMS_DCS_8_BIT);
    ASSERT_TRUE(parts.userData);
    EXPECT_TRUE(parts.userData->hasHeader);
    EXPECT_EQ(ToHex(parts.userData->octets), "0605040b8423f0aa");
}

SmsCodecError
ReadStatusReport(const std::string& hex, SmsStatusReport& report)
{
    const Octets tpdu = FromHex(hex);
    return DecodeStatusReport(tpdu.data(), tpdu.size(), report);
}

SmsCodecError
ReadSubmitReport(const std::string& hex, bool error, SmsSubmitReport& report)
{
    const Octets tpdu = FromHex(hex);
    return DecodeSubmitReport(tpdu.data(), tpdu.size(), error, report);
}

SmsCodecError
ReadDeliverReport(const std::string& hex, bool error, SmsDeliverReport& report)
{
    const Octets tpdu = FromHex(hex);
    return DecodeDeliverReport(tpdu.data(), tpdu.size(), error, report);
}

SmsCodecError
ReadCommand(const std::string& hex, SmsCommand& command)
{
    const Octets tpdu = FromHex(hex);
    return DecodeCommand(tpdu.data(), tpdu.size(), command);
}

} // namespace

// An SMS-STATUS-REPORT as a modem printed it behind +CDS, published in 2007 with its fields
// (amro.blogspot.com, "receiving an SMS status report message"): sent on 12 September 2007 at
// 15:10:12, delivered at 15:10:17, GMT+2.
TEST(SmsStatusReport, ReadsAPublishedOne)
{
    const std::string hex = "06000b910221815716f2709021510121807090215101718000";
    SmsStatusReport report;
    ASSERT_EQ(ReadStatusReport(hex, report), SmsCodecError::NONE);
    EXPECT_FALSE(report.moreMessagesToSend);
    EXPECT_FALSE(report.resultOfCommand);
    EXPECT_EQ(report.messageReference, 0);
    EXPECT_EQ(report.recipient, (SmsAddress{SmsAddress::INTERNATIONAL, "20121875612"}));
    EXPECT_EQ(report.timeStamp.year, 7);
    EXPECT_EQ(report.timeStamp.month, 9);
    EXPECT_EQ(report.timeStamp.day, 12);
    EXPECT_EQ(report.timeStamp.hour, 15);
    EXPECT_EQ(report.timeStamp.minute, 10);
    EXPECT_EQ(report.timeStamp.second, 12);
    EXPECT_EQ(report.timeStamp.quarterHours, 8);
    EXPECT_EQ(report.dischargeTime.second, 17);
    EXPECT_EQ(report.status, static_cast<uint8_t>(SmsStatus::RECEIVED));
    EXPECT_FALSE(report.parts.protocolId || report.parts.codingScheme || report.parts.userData);
    Octets again;
    ASSERT_EQ(EncodeStatusReport(report, again), SmsCodecError::NONE);
    EXPECT_EQ(ToHex(again), hex);
}

// Laid out by hand after TS 23.040 9.2.2.3: TP-MTI 10, TP-MMS 0 (more), TP-LP, TP-SRQ and TP-UDHI
// set; TP-PI 07 announces TP-PID, TP-DCS and TP-UDL (9.2.3.27).
TEST(SmsStatusReport, IsLaidOutAsInTheStandard)
{
    SmsStatusReport report;
    report.moreMessagesToSend = true;
    report.loopPrevention = true;
    report.resultOfCommand = true;
    report.messageReference = 0x2A;
    report.recipient.digits = "12345";
    report.timeStamp = MakeSmsTimeStamp(NEW_YEAR_2008);
    report.dischargeTime = MakeSmsTimeStamp(NEW_YEAR_2008 + 60);
    report.status = static_cast<uint8_t>(SmsStatus::VALIDITY_EXPIRED);
    report.parts = MakeParts();
    const Octets expected =
        FromHex("6A 2A 05912143F5" + NEW_YEAR_STAMP + "80101000100000 46 07" + PARTS);
    Octets tpdu;
    ASSERT_EQ(EncodeStatusReport(report, tpdu), SmsCodecError::NONE);
    EXPECT_EQ(ToHex(tpdu), ToHex(expected));
    SmsStatusReport read;
    ASSERT_EQ(ReadStatusReport(ToHex(expected), read), SmsCodecError::NONE);
    EXPECT_TRUE(read.moreMessagesToSend && read.loopPrevention && read.resultOfCommand);
    EXPECT_EQ(read.status, 0x46);
    EXPECT_EQ(GetSeconds(read.dischargeTime), NEW_YEAR_2008 + 60);
    ExpectParts(read.parts);
}

// TS 23.040 9.2.2.2a: TP-FCS is there only in an RP-ERROR; TP-PI is always there.
TEST(SmsSubmitReport, IsLaidOutAsInTheStandard)
{
    SmsSubmitReport report;
    report.timeStamp = MakeSmsTimeStamp(NEW_YEAR_2008);
    Octets accepted;
    ASSERT_EQ(EncodeSubmitReport(report, accepted), SmsCodecError::NONE);
    EXPECT_EQ(ToHex(accepted), "0100" + NEW_YEAR_STAMP);
    report.failureCause = static_cast<uint8_t>(SmsFailureCause::SC_BUSY);
    report.parts = MakeParts();
    Octets refused;
    ASSERT_EQ(EncodeSubmitReport(report, refused), SmsCodecError::NONE);
    EXPECT_EQ(ToHex(refused), ToHex(FromHex("41 C0 07" + NEW_YEAR_STAMP + PARTS)));
    SmsSubmitReport read;
    ASSERT_EQ(ReadSubmitReport(ToHex(refused), true, read), SmsCodecError::NONE);
    EXPECT_EQ(read.failureCause, 0xC0);
    EXPECT_EQ(GetSeconds(read.timeStamp), NEW_YEAR_2008);
    ExpectParts(read.parts);
    ASSERT_EQ(ReadSubmitReport(ToHex(accepted), false, read), SmsCodecError::NONE);
    EXPECT_FALSE(read.failureCause);
    EXPECT_FALSE(read.parts.protocolId || read.parts.codingScheme || read.parts.userData);
}

// TS 23.040 9.2.2.1a, and 9.2.3.22 for TP-FCS D3: memory capacity exceeded.
TEST(SmsDeliverReport, IsLaidOutAsInTheStandard)
{
    SmsDeliverReport report;
    Octets accepted;
    ASSERT_EQ(EncodeDeliverReport(report, accepted), SmsCodecError::NONE);
    EXPECT_EQ(ToHex(accepted), "0000");
    report.failureCause = static_cast<uint8_t>(SmsFailureCause::MEMORY_CAPACITY_EXCEEDED);
    Octets refused;
    ASSERT_EQ(EncodeDeliverReport(report, refused), SmsCodecError::NONE);
    EXPECT_EQ(ToHex(refused), "00d300");
    report.parts = MakeParts();
    Octets full;
    ASSERT_EQ(EncodeDeliverReport(report, full), SmsCodecError::NONE);
    EXPECT_EQ(ToHex(full), ToHex(FromHex("40 D3 07" + PARTS)));
    SmsDeliverReport read;
    ASSERT_EQ(ReadDeliverReport(ToHex(full), true, read), SmsCodecError::NONE);
    EXPECT_EQ(read.failureCause, 0xD3);
    ExpectParts(read.parts);
}

// TS 23.040 9.2.3.27: each bit of TP-PI announces one part; bit 7 says that another octet of TP-PI
// follows. Without TP-DCS the text is in the default alphabet, so TP-UDL counts septets.
TEST(SmsDeliverReport, ReadsThePartsThatTpPiAnnounces)
{
    SmsDeliverReport report;
    ASSERT_EQ(ReadDeliverReport("000141", false, report), SmsCodecError::NONE);
    EXPECT_EQ(report.parts.protocolId, 0x41);
    EXPECT_FALSE(report.parts.codingScheme || report.parts.userData);
    ASSERT_EQ(ReadDeliverReport("000208", false, report), SmsCodecError::NONE);
    EXPECT_EQ(report.parts.codingScheme, 0x08);
    EXPECT_FALSE(report.parts.protocolId || report.parts.userData);
    ASSERT_EQ(ReadDeliverReport("0004 05 C8329BFD06", false, report), SmsCodecError::NONE);
    ASSERT_TRUE(report.parts.userData);
    EXPECT_EQ(report.parts.userData->length, 5);
    EXPECT_EQ(report.parts.userData->octets.size(), 5U);
    ASSERT_EQ(ReadDeliverReport("0081 80 00 41", false, report), SmsCodecError::NONE);
    EXPECT_EQ(report.parts.protocolId, 0x41);
}

// TS 23.040 9.2.2.4: TP-MTI 10, TP-SRR 20; TP-CT 02 deletes the message of TP-MN.
TEST(SmsCommand, IsLaidOutAsInTheStandard)
{
    SmsCommand command;
    command.statusReportRequest = true;
    command.messageReference = 0x07;
    command.protocolId = 0x40;
    command.type = static_cast<uint8_t>(SmsCommandType::DELETE);
    command.messageNumber = 0x2A;
    command.destination.digits = "46708251358";
    Octets tpdu;
    ASSERT_EQ(EncodeCommand(command, tpdu), SmsCodecError::NONE);
    EXPECT_EQ(ToHex(tpdu), ToHex(FromHex("22 07 40 02 2A 0B916407281553F8 00")));
    command.hasHeader = true;
    command.commandData = {0x02, 0x70, 0x00};
    tpdu.clear();
    ASSERT_EQ(EncodeCommand(command, tpdu), SmsCodecError::NONE);
    EXPECT_EQ(ToHex(tpdu), ToHex(FromHex("62 07 40 02 2A 0B916407281553F8 03 027000")));
    SmsCommand read;
    ASSERT_EQ(ReadCommand(ToHex(tpdu), read), SmsCodecError::NONE);
    EXPECT_TRUE(read.statusReportRequest && read.hasHeader);
    EXPECT_EQ(read.messageReference, 0x07);
    EXPECT_EQ(read.protocolId, 0x40);
    EXPECT_EQ(read.type, 0x02);
    EXPECT_EQ(read.messageNumber, 0x2A);
    EXPECT_EQ(read.destination, command.destination);
    EXPECT_EQ(read.commandData, command.commandData);
}

// TP-CD is as long as fits into the 164 octets of a TPDU behind the shortest TP-DA.
TEST(SmsCommand, HoldsUpTo156Octets)
{
    SmsCommand command;
    command.destination.digits = "1";
    command.commandData.resize(156);
    Octets tpdu;
    ASSERT_EQ(EncodeCommand(command, tpdu), SmsCodecError::NONE);
    EXPECT_EQ(DecodeCommand(tpdu.data(), tpdu.size(), command), SmsCodecError::NONE);
    command.commandData.resize(157);
    EXPECT_EQ(EncodeCommand(command, tpdu), SmsCodecError::USER_DATA_TOO_LONG);
    const std::string tooLong = "02 07 00 02 2A 0191F1 9D" + std::string(2 * 157, '0');
    EXPECT_EQ(ReadCommand(tooLong, command), SmsCodecError::USER_DATA_TOO_LONG);
}

// Each TPDU that is cut is refused, and each that goes on behind its end.
TEST(SmsReports, RefuseWhatIsTooShortOrTooLong)
{
    SmsStatusReport status;
    SmsSubmitReport submit;
    SmsDeliverReport deliver;
    SmsCommand command;
    const std::string stamps = NEW_YEAR_STAMP + NEW_YEAR_STAMP;
    const std::string address = "05912143F5";
    const std::vector<std::string> good{"022A" + address + stamps + "4607" + PARTS,
                                        "01C007" + NEW_YEAR_STAMP + PARTS,
                                        "00D307" + PARTS,
                                        "020740022A" + address + "03AABBCC"};
    const auto read = [&](std::size_t kind, const std::string& hex) {
        switch (kind)
        {
        case 0:
            return ReadStatusReport(hex, status);
        case 1:
            return ReadSubmitReport(hex, true, submit);
        case 2:
            return ReadDeliverReport(hex, true, deliver);
        default:
            return ReadCommand(hex, command);
        }
    };
    for (std::size_t kind = 0; kind < good.size(); ++kind)
    {
        ASSERT_EQ(read(kind, good[kind]), SmsCodecError::NONE) << kind;
        EXPECT_EQ(read(kind, good[kind] + "00"), SmsCodecError::TRAILING_OCTETS) << kind;
        EXPECT_EQ(read(kind, "03" + good[kind].substr(2)), SmsCodecError::WRONG_MESSAGE_TYPE);
        for (std::size_t digits = 0; digits < good[kind].size(); digits += 2)
        {
            const bool isWithoutTpPi = kind == 0 && digits == 44; // it may be left out
            EXPECT_EQ(read(kind, good[kind].substr(0, digits)) == SmsCodecError::NONE,
                      isWithoutTpPi)
                << kind << " " << digits;
        }
    }
}

// TS 23.040 9.2.3.1: the same two bits mean another TPDU in the other direction; 11 is reserved.
TEST(SmsTpduType, DependsOnTheDirection)
{
    EXPECT_EQ(GetSmsTpduType(0xFC, true), SmsTpduType::DELIVER);
    EXPECT_EQ(GetSmsTpduType(0xFC, false), SmsTpduType::DELIVER_REPORT);
    EXPECT_EQ(GetSmsTpduType(0x01, true), SmsTpduType::SUBMIT_REPORT);
    EXPECT_EQ(GetSmsTpduType(0x01, false), SmsTpduType::SUBMIT);
    EXPECT_EQ(GetSmsTpduType(0x42, true), SmsTpduType::STATUS_REPORT);
    EXPECT_EQ(GetSmsTpduType(0x42, false), SmsTpduType::COMMAND);
    EXPECT_FALSE(GetSmsTpduType(0x03, true));
    EXPECT_FALSE(GetSmsTpduType(0x03, false));
}
