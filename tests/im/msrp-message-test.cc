// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/dissection.h"

#include "ns3/msrp-message.h"

#include <gtest/gtest.h>
#include <random>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// The first SEND of RFC 4975 section 4, with the octet count its body really has.
const std::string g_rfcSend = "MSRP a786hjs2 SEND\r\n"
                              "To-Path: msrp://biloxi.example.com:12763/kjhd37s2s20w2a;tcp\r\n"
                              "From-Path: msrp://atlanta.example.com:7654/jshA7weztas;tcp\r\n"
                              "Message-ID: 87652491\r\n"
                              "Byte-Range: 1-25/25\r\n"
                              "Content-Type: text/plain\r\n"
                              "\r\n"
                              "Hey Bob, are you there?\r\n"
                              "\r\n"
                              "-------a786hjs2$\r\n";

/// Its response.
const std::string g_rfcResponse =
    "MSRP a786hjs2 200 OK\r\n"
    "To-Path: msrp://atlanta.example.com:7654/jshA7weztas;tcp\r\n"
    "From-Path: msrp://biloxi.example.com:12763/kjhd37s2s20w2a;tcp\r\n"
    "-------a786hjs2$\r\n";

MsrpSend
MakeSend(const std::string& body)
{
    return {"abcd1", "msrp://10.0.0.2:1/x;tcp", "msrp://10.0.0.3:2/x;tcp", "m1", body};
}

std::vector<uint8_t>
ToOctets(const std::string& text)
{
    return {text.begin(), text.end()};
}

} // namespace

TEST(Msrp, ReadsTheExampleOfRfc4975)
{
    MsrpParser parser;
    parser.Append(g_rfcSend + g_rfcResponse);
    const auto first = parser.Next();
    ASSERT_TRUE(first && std::holds_alternative<MsrpSend>(*first));
    const auto& send = std::get<MsrpSend>(*first);
    EXPECT_EQ(send.transactionId, "a786hjs2");
    EXPECT_EQ(send.toPath, "msrp://biloxi.example.com:12763/kjhd37s2s20w2a;tcp");
    EXPECT_EQ(send.messageId, "87652491");
    EXPECT_EQ(send.body, "Hey Bob, are you there?\r\n");
    EXPECT_EQ(EncodeMsrp(send), g_rfcSend);

    const auto second = parser.Next();
    ASSERT_TRUE(second && std::holds_alternative<MsrpResponse>(*second));
    const auto& response = std::get<MsrpResponse>(*second);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(EncodeMsrp(response), g_rfcResponse);
    EXPECT_FALSE(parser.Next());
    EXPECT_EQ(parser.GetError(), MsrpParser::Error::NONE);
}

TEST(Msrp, ReadsAStreamThatComesOctetByOctet)
{
    MsrpParser parser;
    int messages = 0;
    const auto stream = std::string(g_rfcSend).append(g_rfcResponse).append(g_rfcSend);
    for (const char c : stream)
    {
        parser.Append(std::string_view(&c, 1));
        while (parser.Next())
        {
            ++messages;
        }
    }
    EXPECT_EQ(messages, 3);
}

TEST(Msrp, NamesWhatIsWrong)
{
    const auto errorOf = [](const std::string& octets) {
        MsrpParser parser;
        parser.Append(octets);
        EXPECT_FALSE(parser.Next());
        return parser.GetError();
    };
    EXPECT_EQ(errorOf("HTTP/1.1 200 OK\r\n"), MsrpParser::Error::START_LINE);
    EXPECT_EQ(errorOf("MSRP abc SEND\r\n-------abc$\r\n"), MsrpParser::Error::START_LINE);
    EXPECT_EQ(errorOf("MSRP abcd SEND\r\nnonsense\r\n-------abcd$\r\n"), MsrpParser::Error::HEADER);
    EXPECT_EQ(errorOf("MSRP abcd SEND\r\n-------abcd$\r\n"), MsrpParser::Error::HEADER);
    EXPECT_EQ(errorOf("MSRP abcd AUTH\r\nTo-Path: a\r\nFrom-Path: b\r\n-------abcd$\r\n"),
              MsrpParser::Error::METHOD);
    // RFC 4975 10: no status begins with a 0
    EXPECT_EQ(errorOf("MSRP abcd 020\r\nTo-Path: a\r\nFrom-Path: b\r\n-------abcd$\r\n"),
              MsrpParser::Error::METHOD);
    auto chunk = g_rfcSend;
    chunk.replace(chunk.find("1-25/25"), 7, "1-25/99");
    EXPECT_EQ(errorOf(chunk), MsrpParser::Error::BYTE_RANGE);
    EXPECT_EQ(errorOf("MSRP abcd SEND\r\n" + std::string(MsrpParser::MAX_MESSAGE, 'x')),
              MsrpParser::Error::TOO_LONG);
}

TEST(Msrp, SurvivesMutatedInput)
{
    std::mt19937 random(1);
    const auto octets = g_rfcSend + g_rfcResponse;
    std::size_t read = 0;
    for (int n = 0; n < 20000; ++n)
    {
        auto mutant = octets.substr(0, random() % (octets.size() + 1));
        for (int flips = static_cast<int>(random() % 4); flips > 0 && !mutant.empty(); --flips)
        {
            mutant[random() % mutant.size()] = static_cast<char>(random());
        }
        MsrpParser parser;
        parser.Append(mutant);
        for (auto message = parser.Next(); message; message = parser.Next())
        {
            ++read;
        }
    }
    EXPECT_GT(read, 0U); // some were still whole
}

TEST(Msrp, IsCleanForTshark)
{
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    ::p2pim::oracle::Capture capture(::p2pim::oracle::Capture::Link::EXPORTED_PDU);
    const MsrpResponse response{"abcd1", 200, "msrp://a:1/x;tcp", "msrp://b:2/x;tcp"};
    capture.AddPdu("msrp", ToOctets(EncodeMsrp(MakeSend("hello"))), true);
    capture.AddPdu("msrp", ToOctets(EncodeMsrp(response)), false);
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>{});
    const auto fields =
        capture.Dissect({"msrp.method", "msrp.status.code", "msrp.messageid", "msrp.byte.range"});
    EXPECT_EQ(fields[0], (std::vector<std::string>{"SEND", "", "m1", "1-5/5"}));
    EXPECT_EQ(fields[1], (std::vector<std::string>{"", "200", "", ""}));
}

// RFC 4975 7.1: a SEND without a body has neither Content-Type nor an empty line
TEST(Msrp, ASendWithoutABody)
{
    const auto octets = EncodeMsrp(MakeSend(""));
    EXPECT_EQ(octets.find("Content-Type"), std::string::npos);
    EXPECT_NE(octets.find("Byte-Range: 1-0/0\r\n-------abcd1$\r\n"), std::string::npos);
    MsrpParser parser;
    parser.Append(octets + EncodeMsrp(MakeSend("x")));
    auto read = parser.Next();
    ASSERT_TRUE(read && std::holds_alternative<MsrpSend>(*read));
    EXPECT_EQ(std::get<MsrpSend>(*read).body, "");
    read = parser.Next();
    ASSERT_TRUE(read && std::holds_alternative<MsrpSend>(*read));
    EXPECT_EQ(std::get<MsrpSend>(*read).body, "x");
}
