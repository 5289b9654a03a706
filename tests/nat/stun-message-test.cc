// SPDX-License-Identifier: GPL-2.0-only
// The octets of STUN and TURN: against the vectors of RFC 5769, and against tshark.
#include "oracle/dissection.h"
#include "tests/hex.h"
#include "tests/mutator.h"

#include "ns3/stun-integrity.h"
#include "ns3/stun-message.h"
#include "ns3/stun-stream.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::test::FromHex;
using ::p2pim::test::ToHex;

namespace
{

Octets
ToKey(const std::string& text)
{
    return {text.begin(), text.end()};
}

/// Password of RFC 5769 2.1 to 2.3, which is the key itself.
const Octets g_password = ToKey("VOkJxbRl1RmTxUk/WvJxBt");

/// RFC 5769 2.1.
const char* const g_request =
    "00010058 2112a442 b7e7a701bc34d686fa87dfae 80220010 5354554e207465737420636c69656e74"
    "00240004 6e0001ff 80290008 932ff9b151263b36 00060009 6576746a3a68367659202020"
    "00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004 e57a3bcf";

/// RFC 5769 2.2.
const char* const g_ipv4Response =
    "0101003c 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220"
    "00200008 0001a147e112a643 00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004 c07d4c96";

/// RFC 5769 2.3.
const char* const g_ipv6Response =
    "01010048 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220"
    "00200014 0002a147 0113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014 a382954e4be67bf11784c97c8292c275bfe3ed41 80280004 c8fb0b4c";

/// RFC 5769 2.4.
const char* const g_longTermRequest =
    "00010060 2112a442 78ad3433c6ad72c029da412e 00060012 e3839ee38388e383aae38383e382afe382b90000"
    "0015001c 662f2f3439396b39353464364f4c33346f4c39465354767936347341 0014000b"
    "6578616d706c652e6f726700 00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666";

/// A message with a header that fits its attributes.
Octets
MakeRaw(const std::string& attributes, const std::string& type = "0001")
{
    const Octets body = FromHex(attributes);
    Octets octets = FromHex(type);
    OctetWriter(octets)
        .U16(static_cast<uint16_t>(body.size()))
        .U32(STUN_MAGIC_COOKIE)
        .Raw(Octets(12, 0x11))
        .Raw(body);
    return octets;
}

StunError
Decode(const Octets& octets)
{
    StunMessage message;
    return DecodeStun(octets, message);
}

/// A message with every attribute that is written.
StunMessage
MakeFull()
{
    StunMessage message;
    message.method = StunMethod::CONNECT;
    message.messageClass = StunClass::ERROR;
    message.transactionId = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    message.mappedAddress = InetSocketAddress("192.0.2.1", 1001);
    message.xorMappedAddress = InetSocketAddress("192.0.2.2", 1002);
    message.xorRelayedAddress = InetSocketAddress("192.0.2.3", 1003);
    message.responseOrigin = InetSocketAddress("192.0.2.4", 1004);
    message.otherAddress = InetSocketAddress("192.0.2.5", 1005);
    message.xorPeerAddresses = {InetSocketAddress("192.0.2.6", 1006),
                                InetSocketAddress("192.0.2.7", 1007)};
    message.lifetime = 600;
    message.connectionId = 0xDEADBEEF;
    message.changeRequest = STUN_CHANGE_ADDRESS | STUN_CHANGE_PORT;
    message.requestedTransport = STUN_TRANSPORT_TCP;
    message.requestedAddressFamily = STUN_FAMILY_IPV4;
    message.software = "p2pim";
    message.username = "u";
    message.nonce = "no";
    message.realm = "realm";
    message.errorCode = StunStatus::CONNECTION_ALREADY_EXISTS;
    message.reason = GetReason(*message.errorCode);
    message.unknownAttributes = {0x7001, 0x7002, 0x7003};
    message.fingerprint = true;
    return message;
}

} // namespace

// --- The vectors of RFC 5769 ---------------------------------------------------------------------

TEST(StunMessage, Rfc5769_Request)
{
    const Octets octets = FromHex(g_request);
    StunMessage message;
    ASSERT_EQ(DecodeStun(octets, message), StunError::NONE);
    EXPECT_EQ(message.method, StunMethod::BINDING);
    EXPECT_EQ(message.messageClass, StunClass::REQUEST);
    EXPECT_EQ(message.software, "STUN test client");
    EXPECT_EQ(message.username, "evtj:h6vY");
    EXPECT_EQ(message.notUnderstood, std::vector<uint16_t>{0x0024}) << "PRIORITY is ICE's";
    EXPECT_TRUE(message.fingerprint);
    EXPECT_TRUE(HasStunIntegrity(octets, message, g_password));
    EXPECT_FALSE(HasStunIntegrity(octets, message, ToKey("VOkJxbRl1RmTxUk/WvJxBu")));
}

TEST(StunMessage, Rfc5769_Ipv4Response)
{
    const Octets octets = FromHex(g_ipv4Response);
    StunMessage message;
    ASSERT_EQ(DecodeStun(octets, message), StunError::NONE);
    EXPECT_EQ(message.messageClass, StunClass::SUCCESS);
    EXPECT_EQ(message.software, "test vector");
    EXPECT_EQ(message.xorMappedAddress, InetSocketAddress("192.0.2.1", 32853));
    EXPECT_TRUE(HasStunIntegrity(octets, message, g_password));
}

TEST(StunMessage, Rfc5769_Ipv6ResponseIsSoundButOfAnotherFamily)
{
    const Octets octets = FromHex(g_ipv6Response);
    StunMessage message;
    ASSERT_EQ(DecodeStun(octets, message), StunError::NONE);
    EXPECT_FALSE(message.xorMappedAddress);
    EXPECT_TRUE(message.hasOtherFamily);
    EXPECT_TRUE(HasStunIntegrity(octets, message, g_password));
}

// read, and written again to the octet
TEST(StunMessage, Rfc5769_RequestWithLongTermCredentials)
{
    const Octets octets = FromHex(g_longTermRequest);
    StunMessage message;
    ASSERT_EQ(DecodeStun(octets, message), StunError::NONE);
    EXPECT_EQ(message.nonce, "f//499k954d6OL34oL9FSTvy64sA");
    EXPECT_EQ(message.realm, "example.org");
    const Octets key = MakeLongTermKey(*message.username, *message.realm, "TheMatrIX");
    EXPECT_TRUE(HasStunIntegrity(octets, message, key));
    EXPECT_EQ(ToHex(EncodeStun(message, key)), ToHex(octets));
}

// --- The encoder and the decoder -----------------------------------------------------------------

TEST(StunMessage, WhatIsWrittenIsReadAgain)
{
    const Octets key = ToKey("key");
    const StunMessage sent = MakeFull();
    const Octets octets = EncodeStun(sent, key);
    StunMessage read;
    ASSERT_EQ(DecodeStun(octets, read), StunError::NONE);
    EXPECT_EQ(read.method, sent.method);
    EXPECT_EQ(read.messageClass, sent.messageClass);
    EXPECT_EQ(read.transactionId, sent.transactionId);
    EXPECT_EQ(read.mappedAddress, sent.mappedAddress);
    EXPECT_EQ(read.xorMappedAddress, sent.xorMappedAddress);
    EXPECT_EQ(read.xorRelayedAddress, sent.xorRelayedAddress);
    EXPECT_EQ(read.responseOrigin, sent.responseOrigin);
    EXPECT_EQ(read.otherAddress, sent.otherAddress);
    EXPECT_EQ(read.xorPeerAddresses, sent.xorPeerAddresses);
    EXPECT_EQ(read.lifetime, sent.lifetime);
    EXPECT_EQ(read.connectionId, sent.connectionId);
    EXPECT_EQ(read.changeRequest, sent.changeRequest);
    EXPECT_EQ(read.requestedTransport, sent.requestedTransport);
    EXPECT_EQ(read.requestedAddressFamily, sent.requestedAddressFamily);
    EXPECT_EQ(read.reason, "Connection Already Exists");
    EXPECT_EQ(read.errorCode, sent.errorCode);
    EXPECT_EQ(read.unknownAttributes, sent.unknownAttributes);
    EXPECT_TRUE(read.fingerprint);
    EXPECT_TRUE(HasStunIntegrity(octets, read, key));
    EXPECT_EQ(EncodeStun(read, key), octets);
}

// RFC 8489 5, figure 3, and IANA's numbers: method 0xFFF and class 3 fill the 14 bits
TEST(StunMessage, MethodAndClassShareTheType)
{
    StunMessage message;
    for (const auto& [method, messageClass, type] : {std::tuple(0x001, 0, "0001"),
                                                     std::tuple(0x001, 2, "0101"),
                                                     std::tuple(0x001, 3, "0111"),
                                                     std::tuple(0x00C, 1, "001c"),
                                                     std::tuple(0xFFF, 3, "3fff"),
                                                     std::tuple(0xFFF, 0, "3eef")})
    {
        message.method = static_cast<StunMethod>(method);
        message.messageClass = static_cast<StunClass>(messageClass);
        const Octets octets = EncodeStun(message);
        EXPECT_EQ(ToHex(octets).substr(0, 4), type);
        StunMessage read;
        ASSERT_EQ(DecodeStun(octets, read), StunError::NONE);
        EXPECT_EQ(read.method, message.method);
        EXPECT_EQ(read.messageClass, message.messageClass);
    }
}

TEST(StunMessage, EachFaultHasItsName)
{
    const Octets good = MakeRaw("");
    ASSERT_EQ(Decode(good), StunError::NONE);
    EXPECT_EQ(Decode({}), StunError::TRUNCATED);
    EXPECT_EQ(Decode({good.begin(), good.end() - 1}), StunError::TRUNCATED);
    EXPECT_EQ(Decode(MakeRaw("", "4001")), StunError::NOT_STUN);
    Octets other = good;
    other[4] = 0;
    EXPECT_EQ(Decode(other), StunError::NOT_STUN);
    other = good;
    other[3] = 4;
    EXPECT_EQ(Decode(other), StunError::TRUNCATED);
    other = good;
    other.push_back(0);
    EXPECT_EQ(Decode(other), StunError::BAD_LENGTH);
    EXPECT_EQ(Decode(MakeRaw("000d0003 0000")), StunError::BAD_LENGTH);
    for (const char* attribute : {"000d0004",                  // LIFETIME without a value
                                  "000d0003 00000000",         // too short
                                  "00200008 0003a147e112a643", // no such family
                                  "00200004 0001a147",         // an address that is cut
                                  "00090004 00000700",         // an error of class 7
                                  "00090004 00000464",         // number 100
                                  "000a0001 70000000",         // half a type
                                  "00080010 00000000000000000000000000000000"}) // half an HMAC
    {
        EXPECT_EQ(Decode(MakeRaw(attribute)), StunError::BAD_ATTRIBUTE) << attribute;
    }
    EXPECT_EQ(Decode(MakeRaw("80280004 00000000")), StunError::BAD_FINGERPRINT);
}

TEST(StunMessage, FingerprintIsTheLastAttribute)
{
    Octets octets = FromHex(g_request);
    OctetWriter(octets).U16(0x8022).U16(0);
    octets[3] += 4;
    EXPECT_EQ(Decode(octets), StunError::BAD_FINGERPRINT);
}

// RFC 8489 14: the first counts; 14.5: what is behind MESSAGE-INTEGRITY does not
TEST(StunMessage, FirstOfTwoCountsAndNothingBehindTheIntegrity)
{
    StunMessage message;
    ASSERT_EQ(DecodeStun(MakeRaw("000d0004 00000001 000d0004 00000002"), message), StunError::NONE);
    EXPECT_EQ(message.lifetime, 1U);
    const std::string integrity = "00080014 0000000000000000000000000000000000000000";
    ASSERT_EQ(DecodeStun(MakeRaw(integrity + "000d0004 00000002 70010000"), message),
              StunError::NONE);
    EXPECT_FALSE(message.lifetime);
    EXPECT_TRUE(message.notUnderstood.empty());
}

// RFC 8489 14: types below 0x8000 must be understood
TEST(StunMessage, TellsWhatItDoesNotUnderstand)
{
    StunMessage message;
    ASSERT_EQ(DecodeStun(MakeRaw("7fff0000 80000000 001c0000"), message), StunError::NONE);
    EXPECT_EQ(message.notUnderstood, (std::vector<uint16_t>{0x7FFF, 0x001C}));
    for (const char* option : {"00180004 80000000", "001a0000", "00220008 0000000000000000"})
    {
        ASSERT_EQ(DecodeStun(MakeRaw(option), message), StunError::NONE);
        EXPECT_TRUE(message.hasUdpOption) << option;
        EXPECT_TRUE(message.notUnderstood.empty());
    }
}

TEST(StunMessage, LongTextsAreCutAndRefused)
{
    StunMessage message;
    message.software = std::string(1000, 'x');
    const Octets octets = EncodeStun(message);
    EXPECT_EQ(octets.size(), STUN_HEADER_SIZE + 4 + 764);
    ASSERT_EQ(DecodeStun(octets, message), StunError::NONE);
    EXPECT_EQ(message.software, std::string(763, 'x'));
    std::string hex = "802202fc";
    hex.append(2 * 764, '7');
    EXPECT_EQ(Decode(MakeRaw(hex)), StunError::BAD_ATTRIBUTE);
}

// Octets that nobody wrote on purpose: no crash (this runs under ASan, too), and what is taken is
// written and read again as the same.
TEST(StunMessage, SurvivesMutation)
{
    ::p2pim::test::MessageMutator mutator;
    const std::vector<Octets> seeds = {FromHex(g_request),
                                       FromHex(g_ipv4Response),
                                       FromHex(g_ipv6Response),
                                       FromHex(g_longTermRequest),
                                       EncodeStun(MakeFull(), g_password)};
    uint32_t taken = 0;
    for (uint32_t i = 0; i < 30000; ++i)
    {
        StunMessage message;
        if (DecodeStun(mutator.Mutate(seeds[i % seeds.size()]), message) == StunError::NONE)
        {
            ++taken;
            const Octets again = EncodeStun(message);
            StunMessage second;
            ASSERT_EQ(DecodeStun(again, second), StunError::NONE);
            ASSERT_EQ(EncodeStun(second), again);
        }
    }
    EXPECT_GT(taken, 100U);
}

// --- Messages in a stream ------------------------------------------------------------------------

TEST(StunStream, FindsMessagesHoweverTheyAreCut)
{
    const Octets first = FromHex(g_request);
    const Octets second = FromHex(g_longTermRequest);
    const std::string all = std::string(first.begin(), first.end()) +
                            std::string(second.begin(), second.end()) + "data";
    for (std::size_t piece = 1; piece <= all.size(); ++piece)
    {
        StunStream stream;
        std::vector<Octets> found;
        std::string rest;
        for (std::size_t at = 0; at < all.size(); at += piece)
        {
            stream.Append(all.substr(at, piece));
            while (found.size() < 2)
            {
                const auto message = stream.Next();
                if (!message)
                {
                    break;
                }
                found.push_back(*message);
            }
        }
        ASSERT_EQ(found, (std::vector<Octets>{first, second})) << piece;
        EXPECT_EQ(stream.TakeRest(), "data");
        EXPECT_FALSE(stream.IsBroken());
    }
}

TEST(StunStream, BreaksOnWhatIsNoStun)
{
    StunStream stream;
    stream.Append("GET / HTTP/1.1\r\n\r\n...");
    EXPECT_FALSE(stream.Next());
    EXPECT_TRUE(stream.IsBroken());
    const Octets good = FromHex(g_request);
    stream.Append({good.begin(), good.end()});
    EXPECT_FALSE(stream.Next()) << "there is no way back into a broken stream";
}

// --- tshark --------------------------------------------------------------------------------------

TEST(StunOracle, TsharkReadsEveryAttribute)
{
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not here";
    }
    ::p2pim::oracle::Capture capture(::p2pim::oracle::Capture::Link::EXPORTED_PDU);
    capture.AddPdu("stun-udp", EncodeStun(MakeFull(), g_password), true);
    for (const auto method : {StunMethod::BINDING,
                              StunMethod::ALLOCATE,
                              StunMethod::REFRESH,
                              StunMethod::CREATE_PERMISSION,
                              StunMethod::CONNECTION_BIND,
                              StunMethod::CONNECTION_ATTEMPT})
    {
        StunMessage message;
        message.method = method;
        capture.AddPdu("stun-udp", EncodeStun(message), true);
    }
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>());
    const auto frames = capture.Dissect({"stun.type.class",
                                         "stun.type.method",
                                         "stun.att.ipv4",
                                         "stun.att.ipv4-xord",
                                         "stun.att.port",
                                         "stun.att.lifetime",
                                         "stun.att.change-ip",
                                         "stun.att.change-port",
                                         "stun.att.transp",
                                         "stun.att.software",
                                         "stun.att.username",
                                         "stun.att.nonce",
                                         "stun.att.realm",
                                         "stun.att.error",
                                         "stun.att.error.reason",
                                         "stun.att.crc32.status"});
    ASSERT_EQ(frames.size(), 7U);
    EXPECT_EQ(frames[0],
              (std::vector<std::string>{
                  "0x0011", // the class in the bits where the type has it
                  "0x000a",
                  "192.0.2.1,192.0.2.2,192.0.2.3,192.0.2.4,192.0.2.5,192.0.2.6,192.0.2.7",
                  "e112a640,e112a641,e112a644,e112a645",
                  "1001,1002,1003,1004,1005,1006,1007",
                  "600",
                  "1",
                  "1",
                  "0x06",
                  "p2pim",
                  "u",
                  "no",
                  "realm",
                  "46", // behind the class, 4
                  "Connection Already Exists",
                  "1"}));
    std::string methods;
    for (const auto& frame : frames)
    {
        methods += frame[1] + " ";
    }
    EXPECT_EQ(methods, "0x000a 0x0001 0x0003 0x0004 0x0008 0x000b 0x000c ");
}
