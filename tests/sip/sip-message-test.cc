// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sip-message.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <random>
#include <string>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// RFC 3428 10, message F1.
const std::string RFC3428_F1 = "MESSAGE sip:user2@domain.com SIP/2.0\r\n"
                               "Via: SIP/2.0/TCP user1pc.domain.com;branch=z9hG4bK776sgdkse\r\n"
                               "Max-Forwards: 70\r\n"
                               "From: sip:user1@domain.com;tag=49583\r\n"
                               "To: sip:user2@domain.com\r\n"
                               "Call-ID: asd88asd77a@1.2.3.4\r\n"
                               "CSeq: 1 MESSAGE\r\n"
                               "Content-Type: text/plain\r\n"
                               "Content-Length: 18\r\n"
                               "\r\n"
                               "Watson, come here.";

/// RFC 3261 24.1, message F1: Bob registers.
const std::string RFC3261_REGISTER =
    "REGISTER sip:registrar.biloxi.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP bobspc.biloxi.com:5060;branch=z9hG4bKnashds7\r\n"
    "Max-Forwards: 70\r\n"
    "To: Bob <sip:bob@biloxi.com>\r\n"
    "From: Bob <sip:bob@biloxi.com>;tag=456248\r\n"
    "Call-ID: 843817637684230@998sdasdh09\r\n"
    "CSeq: 1826 REGISTER\r\n"
    "Contact: <sip:bob@192.0.2.4>\r\n"
    "Expires: 7200\r\n"
    "Content-Length: 0\r\n"
    "\r\n";

SipMessage
Parse(const std::string& text, SipParseError& error)
{
    return SipMessage::Parse(reinterpret_cast<const uint8_t*>(text.data()), text.size(), error);
}

SipMessage
Parse(const std::string& text)
{
    SipParseError error = SipParseError::NONE;
    SipMessage message = Parse(text, error);
    EXPECT_TRUE(message) << GetSipParseErrorName(error) << ":\n" << text;
    return message;
}

SipParseError
GetError(const std::string& text)
{
    SipParseError error = SipParseError::NONE;
    const SipMessage message = Parse(text, error);
    EXPECT_EQ(bool(message), error == SipParseError::NONE);
    return error;
}

std::string
Replace(std::string text, const std::string& from, const std::string& to)
{
    return text.replace(text.find(from), from.size(), to);
}

} // namespace

TEST(SipMessage, ReadsTheExampleOfRfc3428)
{
    const SipMessage message = Parse(RFC3428_F1);
    EXPECT_TRUE(message.IsRequest());
    EXPECT_EQ(message.GetMethod(), "MESSAGE");
    EXPECT_EQ(message.GetStatus(), 0U);
    EXPECT_EQ(message.GetRequestUser(), "user2");
    EXPECT_EQ(message.GetRequestHost(), "domain.com");
    EXPECT_EQ(message.GetFromUser(), "user1");
    EXPECT_EQ(message.GetFromTag(), "49583");
    EXPECT_EQ(message.GetToUser(), "user2");
    EXPECT_EQ(message.GetToTag(), "");
    EXPECT_EQ(message.GetCallId(), "asd88asd77a@1.2.3.4");
    EXPECT_EQ(message.GetCSeq(), 1U);
    EXPECT_EQ(message.GetMaxForwards(), 70U);
    EXPECT_EQ(message.GetBranch(), "z9hG4bK776sgdkse");
    EXPECT_EQ(message.GetSentByHost(), "user1pc.domain.com");
    EXPECT_EQ(message.GetSentByPort(), 5060);
    EXPECT_EQ(message.GetContentType(), "text/plain");
    EXPECT_EQ(message.GetBody(), "Watson, come here.");
}

TEST(SipMessage, PrintsTheExamplesOfTheRfcsAsTheyWere)
{
    EXPECT_EQ(Parse(RFC3428_F1).Print(), RFC3428_F1);
    EXPECT_EQ(Parse(RFC3261_REGISTER).Print(), RFC3261_REGISTER);
}

TEST(SipMessage, ReadsTheRegistrationOfRfc3261)
{
    const SipMessage message = Parse(RFC3261_REGISTER);
    EXPECT_EQ(message.GetContactUri(), "sip:bob@192.0.2.4");
    EXPECT_EQ(message.GetExpires(), 7200U);
    EXPECT_FALSE(message.GetContactExpires());
    EXPECT_EQ(message.GetToHost(), "biloxi.com");
    EXPECT_EQ(message.GetHeader("Call-ID"), "843817637684230@998sdasdh09");
    EXPECT_EQ(message.GetHeader("Proxy-Require"), "");
}

TEST(SipMessage, MakesTheProxysRequestAndTheTwoResponsesOfRfc3428)
{
    SipMessage f2 = Parse(RFC3428_F1);
    f2.SetMaxForwards(69);
    f2.PushVia(InetSocketAddress("192.0.2.1", 5060), "z9hG4bK123dsghds");
    EXPECT_TRUE(f2.SetRequestUri("sip:user2@192.0.2.7:5062"));
    const std::string expected =
        Replace(Replace(Replace(RFC3428_F1, "user2@domain.com SIP", "user2@192.0.2.7:5062 SIP"),
                        "Via: ",
                        "Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK123dsghds\r\nVia: "),
                "Max-Forwards: 70",
                "Max-Forwards: 69");
    EXPECT_EQ(f2.Print(), expected);

    SipMessage response = Parse(expected).MakeResponse(200, "ab8asdasd9");
    EXPECT_EQ(response.Print(),
              "SIP/2.0 200 OK\r\n"
              "Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK123dsghds\r\n"
              "Via: SIP/2.0/TCP user1pc.domain.com;branch=z9hG4bK776sgdkse\r\n"
              "From: sip:user1@domain.com;tag=49583\r\n"
              "To: sip:user2@domain.com;tag=ab8asdasd9\r\n"
              "Call-ID: asd88asd77a@1.2.3.4\r\n"
              "CSeq: 1 MESSAGE\r\n"
              "Content-Length: 0\r\n"
              "\r\n");
    response.PopVia();
    EXPECT_EQ(response.CountVia(), 1U);
    EXPECT_EQ(response.GetBranch(), "z9hG4bK776sgdkse");
    EXPECT_EQ(Parse(response.Print()).GetStatus(), 200U);
}

TEST(SipMessage, MakesARequestWithEveryFieldThatRfc3261Asks)
{
    SipRequestFields fields;
    fields.method = "MESSAGE";
    fields.to = "sip:+4915112345678@p2pim.example;user=phone";
    fields.requestUri = fields.to;
    fields.from = "sip:+4915112345679@p2pim.example;user=phone";
    fields.fromTag = "t1";
    fields.callId = "c1";
    fields.contentType = "text/plain;charset=UTF-8";
    fields.body = "gr\xc3\xbc\xc3\x9f dich";
    SipMessage request = SipMessage::MakeRequest(fields);
    ASSERT_TRUE(request);
    request.PushVia(InetSocketAddress("10.1.0.2", 5060), "z9hG4bKa.1");
    EXPECT_EQ(request.Print(),
              "MESSAGE sip:+4915112345678@p2pim.example;user=phone SIP/2.0\r\n"
              "Via: SIP/2.0/UDP 10.1.0.2:5060;rport;branch=z9hG4bKa.1\r\n"
              "Max-Forwards: 70\r\n"
              "From: <sip:+4915112345679@p2pim.example;user=phone>;tag=t1\r\n"
              "To: <sip:+4915112345678@p2pim.example;user=phone>\r\n"
              "Call-ID: c1\r\n"
              "CSeq: 1 MESSAGE\r\n"
              "Content-Type: text/plain;charset=UTF-8\r\n"
              "Content-Length: 11\r\n"
              "\r\n"
              "gr\xc3\xbc\xc3\x9f dich");
    const SipMessage parsed = Parse(request.Print());
    EXPECT_EQ(parsed.GetFromUser(), "+4915112345679");
    EXPECT_EQ(parsed.GetContentType(), "text/plain");
    EXPECT_EQ(parsed.GetBody(), fields.body);
}

TEST(SipMessage, RefusesToMakeARequestThatBreaksTheGrammar)
{
    SipRequestFields fields;
    fields.method = "MESSAGE";
    fields.requestUri = "sip:x@p2pim.example";
    fields.from = "<<>";
    fields.to = "sip:x@p2pim.example";
    fields.callId = "c1";
    EXPECT_FALSE(SipMessage::MakeRequest(fields));
}

TEST(SipMessage, NotesWhereARequestCameFrom)
{
    // RFC 3581 4: an empty rport is filled in, and received is added though sent-by agrees.
    const std::string rport = Replace(RFC3428_F1, "user1pc.domain.com", "10.1.1.1:4540;rport");
    SipMessage asked = Parse(rport);
    asked.StampReceived(InetSocketAddress("192.0.2.1", 9988));
    EXPECT_EQ(asked.GetHeader("Via"),
              "SIP/2.0/TCP 10.1.1.1:4540;rport=9988;branch=z9hG4bK776sgdkse;received=192.0.2.1");
    EXPECT_EQ(*asked.GetResponseTarget(), InetSocketAddress("192.0.2.1", 9988));

    // RFC 3261 18.2.1: without rport, received is added if sent-by differs from the source.
    SipMessage named = Parse(RFC3428_F1);
    EXPECT_FALSE(named.GetResponseTarget());
    named.StampReceived(InetSocketAddress("192.0.2.1", 9988));
    EXPECT_EQ(*named.GetResponseTarget(), InetSocketAddress("192.0.2.1", 5060));

    SipMessage same = Parse(Replace(RFC3428_F1, "user1pc.domain.com", "192.0.2.1:5070"));
    same.StampReceived(InetSocketAddress("192.0.2.1", 9988));
    EXPECT_EQ(same.GetHeader("Via"), "SIP/2.0/TCP 192.0.2.1:5070;branch=z9hG4bK776sgdkse");
    EXPECT_EQ(*same.GetResponseTarget(), InetSocketAddress("192.0.2.1", 5070));
}

TEST(SipMessage, NamesWhatIsWrong)
{
    EXPECT_EQ(GetError(""), SipParseError::EMPTY);
    EXPECT_EQ(GetError("\r\n\r\n"), SipParseError::EMPTY);
    EXPECT_EQ(GetError(std::string(65508, 'a')), SipParseError::TOO_LONG);
    EXPECT_EQ(GetError(Replace(RFC3428_F1, "asd88", std::string("a\0d", 3))),
              SipParseError::BAD_CHARACTER);
    EXPECT_EQ(GetError("hello, world\r\n\r\n"), SipParseError::BAD_SYNTAX);
    EXPECT_EQ(GetError(Replace(RFC3428_F1, "\r\n\r\n", "\r\n")), SipParseError::INCOMPLETE);
    // RFC 3261 7.2: a status is three digits, the first 1 to 6
    const std::string ok = Parse(RFC3428_F1).MakeResponse(200, "t").Print();
    EXPECT_EQ(GetError(ok), SipParseError::NONE);
    EXPECT_EQ(GetError(Replace(ok, "2.0 200", "2.0 2002")), SipParseError::BAD_SYNTAX);
    EXPECT_EQ(GetError(Replace(ok, "2.0 200", "2.0 700")), SipParseError::BAD_SYNTAX);
    // RFC 3261 18.3: over UDP a body that is shorter than Content-Length is an error ...
    EXPECT_EQ(GetError(Replace(RFC3428_F1, "Length: 18", "Length: 19")), SipParseError::INCOMPLETE);
    // ... and octets past it are dropped.
    EXPECT_EQ(Parse(Replace(RFC3428_F1, "Length: 18", "Length: 6")).GetBody(), "Watson");
    for (const char* line : {"Via: SIP/2.0/TCP user1pc.domain.com;branch=z9hG4bK776sgdkse\r\n",
                             "From: sip:user1@domain.com;tag=49583\r\n",
                             "To: sip:user2@domain.com\r\n",
                             "Call-ID: asd88asd77a@1.2.3.4\r\n",
                             "CSeq: 1 MESSAGE\r\n"})
    {
        EXPECT_EQ(GetError(Replace(RFC3428_F1, line, "")), SipParseError::MISSING_HEADER) << line;
    }
    // RFC 3261 8.1.1.5: the method in CSeq is the request's.
    EXPECT_EQ(GetError(Replace(RFC3428_F1, "CSeq: 1 MESSAGE", "CSeq: 1 OPTIONS")),
              SipParseError::MISSING_HEADER);
}

TEST(SipMessage, SurvivesEveryTruncation)
{
    for (std::size_t size = 0; size < RFC3428_F1.size(); ++size)
    {
        EXPECT_NE(GetError(RFC3428_F1.substr(0, size)), SipParseError::NONE) << size;
    }
}

TEST(SipMessage, SurvivesMutations)
{
    std::mt19937 random(3428); // a fixed seed: the same mutations in every run
    const std::string alphabet("\0\r\n\t :;,<>@\"=()%\\/?&zZ9\xff", 24);
    for (int round = 0; round < 20000; ++round)
    {
        std::string text = round % 2 == 0 ? RFC3428_F1 : RFC3261_REGISTER;
        for (int change = random() % 4; change >= 0; --change)
        {
            const std::size_t place = random() % text.size();
            switch (random() % 3)
            {
            case 0:
                text[place] = alphabet[random() % alphabet.size()];
                break;
            case 1:
                text.erase(place, 1 + random() % 20);
                break;
            default:
                text.insert(place, 1 + random() % 20, alphabet[random() % alphabet.size()]);
            }
        }
        SipParseError error = SipParseError::NONE;
        SipMessage message = Parse(text, error);
        ASSERT_EQ(bool(message), error == SipParseError::NONE);
        if (message)
        {
            message.StampReceived(InetSocketAddress("192.0.2.1", 9988));
            message.GetContactUri();
            message.GetResponseTarget();
            message.MakeResponse(400, "t").Print();
            message.Print();
        }
    }
}

TEST(SipMessage, ReadsTheAddressInAUri)
{
    EXPECT_EQ(*GetSipUriTarget("sip:+4915112345678@10.1.0.2:5062;transport=udp"),
              InetSocketAddress("10.1.0.2", 5062));
    EXPECT_EQ(*GetSipUriTarget("sip:10.1.0.2"), InetSocketAddress("10.1.0.2", 5060));
    for (const char* uri : {"sip:bob@biloxi.com",
                            "sip:bob@10.1.0",
                            "sip:bob@10.1.0.2.3",
                            "sip:bob@10.1.0.256",
                            "sip:bob@10.1.0.2:0",
                            "sip:bob@10.1.0.2:65536",
                            "tel:+4915112345678",
                            "*",
                            ""})
    {
        EXPECT_FALSE(GetSipUriTarget(uri)) << uri;
    }
}
