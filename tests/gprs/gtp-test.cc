// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/dissection.h"
#include "tests/fuzz/gprs-fields.h"
#include "tests/fuzz/gprs-samples.h"
#include "tests/hex.h"

#include "ns3/gtp-user-header.h"
#include "ns3/gtp.h"
#include "ns3/ipv4-header.h"
#include "ns3/udp-header.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::fuzz::AreSame;
using ::p2pim::fuzz::GprsSamples;
using ::p2pim::test::FromHex;

namespace
{

CreatePdpContextRequest
MakeRequest()
{
    CreatePdpContextRequest request;
    request.sequence = 7;
    request.imsi = 1'010'000'000'042; // 001 01 0000000042
    request.teidData = 0x11;
    request.teidControl = 0x12;
    request.nsapi = 5;
    request.apn = "internet";
    request.sgsn = Ipv4Address("172.16.0.1");
    request.msisdn = "447700000001";
    return request;
}

CreatePdpContextResponse
MakeResponse(GtpCause cause)
{
    CreatePdpContextResponse response;
    response.sequence = 7;
    response.teid = 0x12;
    response.cause = cause;
    if (cause == GtpCause::REQUEST_ACCEPTED)
    {
        response.teidData = 0x21;
        response.teidControl = 0x22;
        response.chargingId = 99;
        response.endUser = Ipv4Address("10.0.0.2");
        response.ggsn = Ipv4Address("172.16.0.2");
    }
    return response;
}

/// @return the header of a message and its elements, by TS 29.060 6 and 7.
Octets
Message(const char* type, const char* teidAndSequence, const std::string& elements)
{
    const auto value = FromHex(elements);
    Octets octets = FromHex(std::string("32 ") + type);
    OctetWriter(octets)
        .U16(static_cast<uint16_t>(value.size() + 4))
        .Raw(FromHex(teidAndSequence))
        .U16(0)
        .Raw(value);
    return octets;
}

/// @return @p payload in UDP and IPv4, as on Gn.
Octets
InUdp(const Octets& payload, uint16_t port)
{
    auto packet = ToPacket(payload);
    UdpHeader udp;
    udp.SetSourcePort(port);
    udp.SetDestinationPort(port);
    packet->AddHeader(udp);
    Ipv4Header ip;
    ip.SetSource(Ipv4Address("172.16.0.1"));
    ip.SetDestination(Ipv4Address("172.16.0.2"));
    ip.SetProtocol(17);
    ip.SetTtl(64);
    ip.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
    packet->AddHeader(ip);
    return ToOctets(packet);
}

} // namespace

TEST(Gtp, DecodesWhatItEncodes)
{
    GprsSamples samples(7);
    for (int round = 0; round < 200; ++round)
    {
        for (const auto& message : samples.MakeGtpControl())
        {
            const auto decoded = DecodeGtp(EncodeGtp(message));
            ASSERT_TRUE(decoded) << "alternative " << message.index();
            EXPECT_TRUE(AreSame(*decoded, message)) << "alternative " << message.index();
        }
        for (const auto& message : samples.MakeGtpUser())
        {
            const auto decoded = DecodeGtpUser(EncodeGtp(message));
            ASSERT_TRUE(decoded) << "alternative " << message.index();
            EXPECT_TRUE(AreSame(*decoded, message)) << "alternative " << message.index();
        }
    }
    const auto request = std::get<CreatePdpContextRequest>(*DecodeGtp(EncodeGtp(MakeRequest())));
    EXPECT_EQ(request.imsi, 1'010'000'000'042U);
    EXPECT_EQ(request.apn, "internet");
    EXPECT_EQ(request.msisdn, "447700000001");
    EXPECT_EQ(request.sgsn, Ipv4Address("172.16.0.1"));
}

// The octets are put together by hand from TS 29.060 7.2, 7.3 and 7.7.
TEST(Gtp, PathManagementHasTheLayoutOfTheStandard)
{
    EXPECT_EQ(EncodeGtp(GtpEchoRequest{0x1234}), Message("01", "00000000 1234", ""));
    EXPECT_EQ(EncodeGtp(GtpEchoResponse{0x1234, 7}), Message("02", "00000000 1234", "0E 07"));
    EXPECT_EQ(EncodeGtp(GtpVersionNotSupported{0x1234}), Message("03", "00000000 1234", ""));
    EXPECT_EQ(EncodeGtp(GtpErrorIndication{0, 0x11, Ipv4Address("172.16.0.1")}),
              Message("1A", "00000000 0000", "10 00000011 85 0004 AC100001"));
}

TEST(Gtp, CreationHasTheLayoutOfTheStandard)
{
    auto request = MakeRequest();
    request.recovery = 3;
    request.selectionMode = 1;
    request.endUser.address = Ipv4Address("10.0.0.2");
    request.qos = {1, 2, 6, 1, 18};
    request.allocationPriority = 1;
    EXPECT_EQ(EncodeGtp(request),
              Message("10",
                      "00000000 0007",
                      "02 00 01 01 00 00 00 40 F2 0E 03 0F FD 10 00000011 11 00000012 14 05 "
                      "80 0006 F1 21 0A000002 83 0009 08 69 6E 74 65 72 6E 65 74 "
                      "85 0004 AC100001 85 0004 AC100001 86 0007 91 44 77 00 00 00 10 "
                      "87 0004 01 0A 61 12"));
    auto response = MakeResponse(GtpCause::REQUEST_ACCEPTED);
    response.recovery = 4;
    response.reordering = true;
    response.qos = {1, 2, 6, 1, 18};
    EXPECT_EQ(EncodeGtp(response),
              Message("11",
                      "00000012 0007",
                      "01 80 08 FF 0E 04 10 00000021 11 00000022 7F 00000063 "
                      "80 0006 F1 21 0A000002 85 0004 AC100002 85 0004 AC100002 "
                      "87 0004 02 0A 61 12"));
    EXPECT_EQ(EncodeGtp(MakeResponse(GtpCause::NO_RESOURCES_AVAILABLE)),
              Message("11", "00000012 0007", "01 C7"));
}

TEST(Gtp, UpdateAndDeletionHaveTheLayoutOfTheStandard)
{
    UpdatePdpContextRequest update;
    update.sequence = 8;
    update.teid = 0x22;
    update.nsapi = 6;
    update.recovery = 3;
    update.teidData = 0x13;
    update.teidControl = 0x14;
    update.sgsn = Ipv4Address("172.16.0.3");
    EXPECT_EQ(EncodeGtp(update),
              Message("12",
                      "00000022 0008",
                      "0E 03 10 00000013 11 00000014 14 06 85 0004 AC100003 85 0004 AC100003 "
                      "87 0004 02 23 42 1F"));
    UpdatePdpContextResponse updated;
    updated.sequence = 8;
    updated.teid = 0x14;
    updated.recovery = 4;
    updated.teidData = 0x21;
    updated.teidControl = 0x22;
    updated.chargingId = 99;
    updated.gsn = Ipv4Address("172.16.0.2");
    updated.qos = QosProfile{};
    EXPECT_EQ(EncodeGtp(updated),
              Message("13",
                      "00000014 0008",
                      "01 80 0E 04 10 00000021 11 00000022 7F 00000063 85 0004 AC100002 "
                      "85 0004 AC100002 87 0004 02 23 42 1F"));
    EXPECT_EQ(EncodeGtp(DeletePdpContextRequest{9, 0x22, 6, true}),
              Message("14", "00000022 0009", "13 FF 14 06"));
    EXPECT_EQ(EncodeGtp(DeletePdpContextResponse{9, 0x14, GtpCause::NON_EXISTENT}),
              Message("15", "00000014 0009", "01 C0"));
}

// TS 29.060 7.3.8 to 7.3.11
TEST(Gtp, NotificationHasTheLayoutOfTheStandard)
{
    PduNotificationRequest request;
    request.sequence = 9;
    request.imsi = 1'010'000'000'042;
    request.teidControl = 0x31;
    request.endUser.address = Ipv4Address("10.0.0.2");
    request.apn = "wap";
    request.ggsn = Ipv4Address("172.16.0.2");
    EXPECT_EQ(EncodeGtp(request),
              Message("1B",
                      "00000000 0009",
                      "02 00 01 01 00 00 00 40 F2 11 00000031 80 0006 F1 21 0A000002 "
                      "83 0004 03 77 61 70 85 0004 AC100002"));
    EXPECT_EQ(EncodeGtp(PduNotificationResponse{9, 0x31, GtpCause::IMSI_NOT_KNOWN}),
              Message("1C", "00000031 0009", "01 C2"));
    PduNotificationRejectRequest reject;
    reject.sequence = 10;
    reject.teid = 0x31;
    reject.cause = GtpCause::MS_IS_NOT_GPRS_RESPONDING;
    reject.teidControl = 0x41;
    reject.endUser = request.endUser;
    reject.apn = "wap";
    EXPECT_EQ(EncodeGtp(reject),
              Message("1D",
                      "00000031 000A",
                      "01 C4 11 00000041 80 0006 F1 21 0A000002 83 0004 03 77 61 70"));
    EXPECT_EQ(EncodeGtp(PduNotificationRejectResponse{10, 0x41}),
              Message("1E", "00000041 000A", "01 80"));
}

TEST(Gtp, RefusesEveryTruncation)
{
    GprsSamples samples(8);
    for (const auto& message : samples.MakeGtpControl())
    {
        const auto octets = EncodeGtp(message);
        for (std::size_t size = 0; size < octets.size(); ++size)
        {
            const Octets cut(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size));
            EXPECT_FALSE(DecodeGtp(cut)) << "cut to " << size;
        }
    }
}

// TS 29.060 table 37: below 128 the type tells the length, from 128 on there are two octets of it
TEST(Gtp, SkipsElementsThatItDoesNotKnow)
{
    // routing area, charging characteristics, a private extension
    const auto octets =
        Message("14", "00000022 0009", "03 62F210123405 13 FF 14 06 1A 0800 FF 0003 000001");
    const auto decoded = DecodeGtp(octets);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(std::get<DeletePdpContextRequest>(*decoded).nsapi, 6);
    // 30 is unused, so how long it is nobody knows
    EXPECT_FALSE(DecodeGtp(Message("14", "00000022 0009", "13 FF 14 06 1E 00")));
}

// TS 29.060 6: version and protocol type are looked at, the spare bit and the PN flag are not
TEST(Gtp, LooksAtVersionAndProtocolType)
{
    auto octets = EncodeGtp(GtpEchoRequest{1});
    octets[0] = 0x3B;
    EXPECT_TRUE(DecodeGtp(octets));
    for (const uint8_t flags : {0x12, 0x52, 0x22, 0x30, 0x36})
    {
        octets[0] = flags;
        EXPECT_FALSE(DecodeGtp(octets)) << int{flags};
    }
}

// TS 29.060 table 1: what may come on which port
TEST(Gtp, KeepsThePlanesApart)
{
    const auto echo = EncodeGtp(GtpEchoRequest{1});
    EXPECT_TRUE(DecodeGtp(echo));
    EXPECT_TRUE(DecodeGtpUser(echo));
    const auto error = EncodeGtp(GtpErrorIndication{0, 1, Ipv4Address("172.16.0.1")});
    EXPECT_FALSE(DecodeGtp(error));
    EXPECT_TRUE(DecodeGtpUser(error));
    EXPECT_TRUE(DecodeGtp(EncodeGtp(MakeRequest())));
    EXPECT_FALSE(DecodeGtpUser(EncodeGtp(MakeRequest())));
    EXPECT_FALSE(DecodeGtpUser(FromHex("30 FF 0004 00000011 45000014"))); // a G-PDU
}

// TS 29.060 11.1: message of a later version, wrong length, mandatory element missing or wrong
TEST(Gtp, AnswersFaultyRequestsWithTheCause)
{
    const auto causeOf = [](const Octets& octets) {
        const auto answer = AnswerGtpFault(octets);
        return answer ? std::optional(std::get<DeletePdpContextResponse>(*answer).cause)
                      : std::nullopt;
    };
    auto octets = EncodeGtp(DeletePdpContextRequest{9, 0x22, 6, true});
    EXPECT_EQ(causeOf(octets), std::nullopt);
    EXPECT_EQ(causeOf(Message("14", "00000022 0009", "13 FF")), GtpCause::MANDATORY_IE_MISSING);
    EXPECT_EQ(causeOf(Message("14", "00000022 0009", "14 01")), GtpCause::MANDATORY_IE_INCORRECT);
    EXPECT_EQ(causeOf(Message("14", "00000022 0009", "14 06 1E")),
              GtpCause::INVALID_MESSAGE_FORMAT);
    // of several faults the first
    EXPECT_EQ(causeOf(Message("14", "00000022 0009", "1E")), GtpCause::INVALID_MESSAGE_FORMAT);
    octets.push_back(0);
    EXPECT_EQ(causeOf(octets), GtpCause::INVALID_MESSAGE_FORMAT);
    const auto answer = AnswerGtpFault(octets);
    ASSERT_TRUE(answer);
    EXPECT_EQ(GetSequence(*answer), 9);

    auto request = MakeRequest();
    request.apn = "";
    const auto refused = AnswerGtpFault(EncodeGtp(request));
    ASSERT_TRUE(refused);
    EXPECT_EQ(std::get<CreatePdpContextResponse>(*refused).cause, GtpCause::MANDATORY_IE_INCORRECT);

    octets[0] = 0x52; // version 2
    const auto unsupported = AnswerGtpFault(octets);
    ASSERT_TRUE(unsupported);
    EXPECT_TRUE(std::holds_alternative<GtpVersionNotSupported>(*unsupported));
}

TEST(Gtp, DropsFaultyMessagesThatHaveNoAnswer)
{
    EXPECT_FALSE(AnswerGtpFault(Message("15", "00000014 0009", "")));       // a response
    EXPECT_FALSE(AnswerGtpFault(Message("63", "00000014 0009", "")));       // an unknown type
    EXPECT_FALSE(AnswerGtpFault(FromHex("32 14 00")));                      // a cut header
    EXPECT_FALSE(AnswerGtpFault(FromHex("52 03 0004 00000000 0001 0000"))); // would go on for ever
    EXPECT_FALSE(AnswerGtpFault({}));
}

TEST(Gtp, TellsTheRestartCounter)
{
    EXPECT_EQ(GetRecovery(GtpEchoResponse{1, 7}), 7);
    EXPECT_EQ(GetRecovery(GtpEchoRequest{1}), std::nullopt);
    auto request = MakeRequest();
    request.recovery = 9;
    EXPECT_EQ(GetRecovery(request), 9);
    request.recovery = std::nullopt;
    EXPECT_EQ(GetRecovery(request), std::nullopt);
}

TEST(Gtp, RefusesARequestWithoutAnApn)
{
    auto request = MakeRequest();
    request.apn = "";
    EXPECT_FALSE(DecodeGtp(EncodeGtp(request)));
}

// TS 29.060 7.7.17: 0 to 4 are reserved
TEST(Gtp, RefusesAReservedNsapi)
{
    auto request = MakeRequest();
    request.nsapi = 4;
    EXPECT_FALSE(DecodeGtp(EncodeGtp(request)));
    request.nsapi = 16; // the field has four bits
    EXPECT_FALSE(DecodeGtp(EncodeGtp(request)));
}

// RFC 1071: the sum over an IPv4 header with its checksum is all ones
TEST(Gtp, UserHeaderHasAValidIpChecksumAndTheTeid)
{
    auto packet = Create<Packet>(100);
    packet->AddHeader(
        GtpUserHeader(Ipv4Address("172.16.0.1"), Ipv4Address("172.16.0.2"), 0xABCDEF01, 100));
    const auto octets = ToOctets(packet);
    uint32_t sum = 0;
    for (std::size_t n = 0; n < 20; n += 2)
    {
        sum += static_cast<uint32_t>(octets[n] << 8 | octets[n + 1]);
    }
    sum = (sum & 0xFFFF) + (sum >> 16);
    EXPECT_EQ(sum, 0xFFFFU);

    GtpUserHeader header;
    packet->RemoveHeader(header);
    EXPECT_EQ(header.GetTeid(), 0xABCDEF01U);
    EXPECT_EQ(packet->GetSize(), 100U);
}

TEST(Gtp, IsCleanForTshark)
{
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    ::p2pim::oracle::Capture capture(::p2pim::oracle::Capture::Link::RAW_IP);
    GprsSamples samples(9);
    for (int round = 0; round < 5; ++round)
    {
        for (const auto& message : samples.MakeGtpControl())
        {
            capture.Add(InUdp(EncodeGtp(message), GTP_C_PORT));
        }
        for (const auto& message : samples.MakeGtpUser())
        {
            capture.Add(InUdp(EncodeGtp(message), GTP_U_PORT));
        }
    }
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>{});
}

TEST(Gtp, IsReadByTshark)
{
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    ::p2pim::oracle::Capture capture(::p2pim::oracle::Capture::Link::RAW_IP);
    auto request = MakeRequest();
    request.recovery = 3;
    request.endUser.address = Ipv4Address("10.0.0.2");
    request.qos = {1, 2, 6, 1, 18};
    auto response = MakeResponse(GtpCause::REQUEST_ACCEPTED);
    response.reordering = true;
    UpdatePdpContextRequest update;
    update.sequence = 8;
    update.teid = 0x22;
    update.nsapi = 6;
    update.teidData = 0x13;
    update.teidControl = 0x14;
    update.sgsn = Ipv4Address("172.16.0.3");
    UpdatePdpContextResponse updated;
    updated.sequence = 8;
    updated.teid = 0x14;
    updated.chargingId = 99;
    updated.qos = {1, 2, 6, 1, 18};
    for (const GtpMessage& message :
         {GtpMessage(request),
          GtpMessage(response),
          GtpMessage(MakeResponse(GtpCause::MISSING_OR_UNKNOWN_APN)),
          GtpMessage(update),
          GtpMessage(updated),
          GtpMessage(DeletePdpContextRequest{9, 0x22, 6, true}),
          GtpMessage(DeletePdpContextResponse{9, 0x14, GtpCause::NON_EXISTENT}),
          GtpMessage(GtpEchoResponse{10, 7})})
    {
        capture.Add(InUdp(EncodeGtp(message), GTP_C_PORT));
    }
    capture.Add(
        InUdp(EncodeGtp(GtpErrorIndication{0, 0x21, Ipv4Address("172.16.0.2")}), GTP_U_PORT));
    // a G-PDU that carries an IPv4 packet of a station
    auto user = ToPacket(InUdp({'h', 'i'}, 9));
    const auto size = static_cast<uint16_t>(user->GetSize());
    user->AddHeader(
        GtpUserHeader(Ipv4Address("172.16.0.1"), Ipv4Address("172.16.0.2"), 0x21, size));
    capture.Add(ToOctets(user));

    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>{});
    const std::vector<std::string> names = {"gtp.message",
                                            "gtp.teid",
                                            "gtp.seq_number",
                                            "gtp.cause",
                                            "gtp.recovery",
                                            "gtp.teid_data",
                                            "gtp.teid_cp",
                                            "gtp.nsapi",
                                            "gtp.user_ipv4",
                                            "gtp.gsn_ipv4",
                                            "gtp.chrg_id",
                                            "gtp.qos_delay",
                                            "gtp.qos_mean",
                                            "gtp.reorder",
                                            "gtp.tear_ind",
                                            "e212.imsi",
                                            "e164.msisdn",
                                            "gtp.apn"};
    const auto fields = capture.Dissect(names);
    const auto read = [&](std::size_t frame, const std::string& name) {
        const auto column = std::find(names.begin(), names.end(), name) - names.begin();
        return fields[frame][static_cast<std::size_t>(column)];
    };
    EXPECT_EQ(read(0, "gtp.message"), "0x10");
    EXPECT_EQ(read(0, "gtp.seq_number"), "0x0007");
    EXPECT_EQ(read(0, "e212.imsi"), "001010000000042");
    EXPECT_EQ(read(0, "e164.msisdn"), "447700000001");
    EXPECT_EQ(read(0, "gtp.apn"), "internet");
    EXPECT_EQ(read(0, "gtp.recovery"), "3");
    EXPECT_EQ(read(0, "gtp.teid_data"), "0x00000011");
    EXPECT_EQ(read(0, "gtp.teid_cp"), "0x00000012");
    EXPECT_EQ(read(0, "gtp.user_ipv4"), "10.0.0.2");
    EXPECT_EQ(read(0, "gtp.gsn_ipv4"), "172.16.0.1,172.16.0.1");
    EXPECT_EQ(read(0, "gtp.qos_delay"), "1");
    EXPECT_EQ(read(0, "gtp.qos_mean"), "18");
    EXPECT_EQ(read(1, "gtp.user_ipv4"), "10.0.0.2");
    EXPECT_EQ(read(1, "gtp.cause"), "128");
    EXPECT_EQ(read(1, "gtp.reorder"), "1");
    EXPECT_EQ(read(1, "gtp.chrg_id"), "0x00000063");
    EXPECT_EQ(read(2, "gtp.cause"), "219");
    EXPECT_EQ(read(3, "gtp.message"), "0x12");
    EXPECT_EQ(read(3, "gtp.teid"), "0x00000022");
    EXPECT_EQ(read(3, "gtp.nsapi"), "6");
    EXPECT_EQ(read(3, "gtp.gsn_ipv4"), "172.16.0.3,172.16.0.3");
    EXPECT_EQ(read(4, "gtp.message"), "0x13");
    EXPECT_EQ(read(4, "gtp.qos_mean"), "18");
    EXPECT_EQ(read(5, "gtp.message"), "0x14");
    EXPECT_EQ(read(5, "gtp.tear_ind"), "1");
    EXPECT_EQ(read(6, "gtp.cause"), "192");
    EXPECT_EQ(read(7, "gtp.recovery"), "7");
    EXPECT_EQ(read(8, "gtp.message"), "0x1a");
    EXPECT_EQ(read(8, "gtp.teid_data"), "0x00000021");
    EXPECT_EQ(read(8, "gtp.gsn_ipv4"), "172.16.0.2");
    EXPECT_EQ(read(9, "gtp.message"), "0xff");
    EXPECT_EQ(read(9, "gtp.teid"), "0x00000021");
}
