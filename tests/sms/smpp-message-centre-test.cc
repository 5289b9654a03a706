// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/smpp-client.h"
#include "ns3/smpp-message-centre.h"
#include "ns3/smpp-server.h"
#include "ns3/string.h"

#include <gtest/gtest.h>
#include <string>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr int64_t EPOCH = 1199145600; // 2008-01-01 00:00 UTC

SmppMessage
MakeMessage()
{
    SmppMessage message;
    message.source = {smpp_ton::INTERNATIONAL, 1, "441632960000"};
    message.destination = {smpp_ton::INTERNATIONAL, 1, "447700000001"};
    const std::string text = "hello";
    message.shortMessage.assign(text.begin(), text.end());
    return message;
}

} // namespace

// TS 23.038 6.1.2.1.1: "hello" packs to E8 32 9B FD 06
TEST(SmppMapping, ReadsASubmissionAsGsmDoes)
{
    SmppSubmission submission;
    auto message = MakeMessage();
    message.validityPeriod = "000000010000000R";
    message.priority = 2;
    ASSERT_EQ(MapSubmission(message, EPOCH, submission), SmppStatus::ESME_ROK);
    EXPECT_EQ(submission.userData.octets, (Octets{0xE8, 0x32, 0x9B, 0xFD, 0x06}));
    EXPECT_EQ(submission.userData.length, 5);
    EXPECT_EQ(submission.userData.codingScheme, 0);
    EXPECT_EQ(submission.validity, 3600);
    EXPECT_EQ(submission.priority, 2);
    EXPECT_EQ(submission.originator.type, 0x91);
    // 8-bit data to a port: the header of TS 23.040 9.2.3.24.4
    message.dataCoding = 4;
    message.destinationPort = 16440;
    message.sourcePort = 16441;
    ASSERT_EQ(MapSubmission(message, EPOCH, submission), SmppStatus::ESME_ROK);
    EXPECT_TRUE(submission.userData.hasHeader);
    EXPECT_EQ(submission.userData.octets,
              (Octets{6, 5, 4, 0x40, 0x38, 0x40, 0x39, 'h', 'e', 'l', 'l', 'o'}));
    EXPECT_EQ(submission.userData.length, 12);
    // a segment of a text: TS 23.040 9.2.3.24.8, one fill bit after seven octets
    message = MakeMessage();
    message.segment = SmppSegment{0x0304, 3, 2};
    ASSERT_EQ(MapSubmission(message, EPOCH, submission), SmppStatus::ESME_ROK);
    EXPECT_EQ(submission.userData.length, 8 + 5);
    ASSERT_EQ(submission.userData.octets.size(), 12U);
    EXPECT_EQ(Octets(submission.userData.octets.begin(), submission.userData.octets.begin() + 7),
              (Octets{6, 8, 4, 3, 4, 3, 2}));
    // the text without a header, read from bit 56 on in groups of seven, is "hello" again
    std::string text;
    for (std::size_t bit = 56; text.size() < 5; bit += 7)
    {
        const auto& octets = submission.userData.octets;
        const auto next = bit / 8 + 1 < octets.size() ? octets[bit / 8 + 1] : 0;
        text.push_back(static_cast<char>((octets[bit / 8] | next << 8) >> bit % 8 & 0x7F));
    }
    EXPECT_EQ(text, "hello");
    // a header of the sender's own passes as it is, and so does a message in message_payload
    message = MakeMessage();
    message.esmClass = smpp_esm_class::UDHI;
    message.dataCoding = 0xF5;
    message.shortMessage.clear();
    message.payload = Octets{3, 0x70, 1, 9, 'x'};
    ASSERT_EQ(MapSubmission(message, EPOCH, submission), SmppStatus::ESME_ROK);
    EXPECT_EQ(submission.userData.octets, *message.payload);
    EXPECT_EQ(submission.userData.codingScheme, 0xF5);
    message.source = {smpp_ton::ALPHANUMERIC, 0, "p2pim"};
    ASSERT_EQ(MapSubmission(message, EPOCH, submission), SmppStatus::ESME_ROK);
    EXPECT_EQ(submission.originator.type, 0xD0);
}

// the sizes of SMPP 3.4, 4.1.1, without the zero at the end
TEST(SmppMapping, NamesThatDoNotFitAreNoSettings)
{
    auto client = CreateObject<SmppClient>();
    EXPECT_TRUE(client->SetAttributeFailSafe("SystemId", StringValue("fifteen-letters")));
    EXPECT_FALSE(client->SetAttributeFailSafe("SystemId", StringValue("sixteen--letters")));
    EXPECT_TRUE(client->SetAttributeFailSafe("Password", StringValue("8letters")));
    EXPECT_FALSE(client->SetAttributeFailSafe("Password", StringValue("nine-char")));
    EXPECT_FALSE(client->SetAttributeFailSafe("SystemType", StringValue("13-characters")));
    auto server = CreateObject<SmppServer>();
    EXPECT_FALSE(server->SetAttributeFailSafe("SystemId", StringValue("sixteen--letters")));
    EXPECT_FALSE(server->SetAttributeFailSafe("Password", StringValue("nine-char")));
}
