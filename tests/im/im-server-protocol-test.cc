// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/im-protocol.h"

#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

using namespace ns3::p2pim;

namespace
{

const std::string DOMAIN_NAME = "p2pim.example";

/// A client's end whose octets are kept.
class TestClient : public ImClientStreamUser
{
  public:
    explicit TestClient(const std::string& user = "491", const std::string& password = "secret")
        : stream(*this, DOMAIN_NAME, {user, password})
    {
    }

    void Write(const std::string& octets) override
    {
        out += octets;
    }

    void OnLoggedIn() override
    {
        loggedIn = true;
    }

    void OnMessage(const std::string& from, const std::string& body) override
    {
        messages.emplace_back(from, body);
    }

    void OnUndeliverable(const std::string& to) override
    {
        undeliverable.push_back(to);
    }

    ImClientStream stream;
    std::string out;
    bool loggedIn{false};
    std::vector<std::pair<std::string, std::string>> messages;
    std::vector<std::string> undeliverable;
};

/// A server's end that knows one password, and sends messages back to their sender.
class TestServer : public ImServerStreamUser
{
  public:
    TestServer()
        : stream(*this, DOMAIN_NAME, 7)
    {
    }

    void Write(const std::string& octets) override
    {
        out += octets;
    }

    bool Authenticate(const ImCredentials& credentials) override
    {
        return credentials.user == "491" && credentials.password == "secret";
    }

    void OnLoggedIn() override
    {
        loggedIn = true;
    }

    void OnMessage(const XmlElement& message) override
    {
        if (GetLocalPart(message.GetAttribute("to")) == "492")
        {
            stream.Deliver("492@p2pim.example/phone", message);
        }
        else
        {
            stream.RejectMessage(message);
        }
    }

    ImServerStream stream;
    std::string out;
    bool loggedIn{false};
};

/// Carries octets to and fro until neither side has any. @return the number of flights.
int
Exchange(TestClient& client, TestServer& server)
{
    int flights = 0;
    while (!client.out.empty() || !server.out.empty())
    {
        ++flights;
        server.stream.Receive(std::exchange(client.out, ""));
        client.stream.Receive(std::exchange(server.out, ""));
    }
    return flights;
}

} // namespace

TEST(ImProtocol, CodesSaslPlain)
{
    // RFC 4616 4: the example for "tim" with the password "tanstaaftanstaaf"
    EXPECT_EQ(EncodeSaslPlain({"tim", "tanstaaftanstaaf"}), "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
    const auto decoded = DecodeSaslPlain("AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->user, "tim");
    EXPECT_EQ(decoded->password, "tanstaaftanstaaf");
    // the other example asks for the authorization identity "Ursel"
    EXPECT_FALSE(DecodeSaslPlain("VXJzZWwAS3VydAB4aXBqMzBwemxr"));
    for (const char* bad : {"", "=", "AA", "AHRpbQ==", "!!!!", "dGltAA=="})
    {
        EXPECT_FALSE(DecodeSaslPlain(bad)) << bad;
    }
}

TEST(ImProtocol, FindsTheLocalPart)
{
    // RFC 7622 3
    EXPECT_EQ(GetLocalPart("491@p2pim.example/phone"), "491");
    EXPECT_EQ(GetLocalPart("491@p2pim.example"), "491");
    EXPECT_EQ(GetLocalPart("p2pim.example"), "");
    EXPECT_EQ(GetLocalPart("p2pim.example/a@b"), "");
    EXPECT_EQ(GetLocalPart(""), "");
}

TEST(ImProtocol, LogsInInFourRoundTrips)
{
    // RFC 6120: stream (4.2), SASL (6.4), stream (4.3.3), bind (7.6); presence is not answered
    TestClient client;
    TestServer server;
    client.stream.Start();
    EXPECT_EQ(Exchange(client, server), 5);
    EXPECT_TRUE(client.loggedIn);
    EXPECT_TRUE(server.loggedIn);
    EXPECT_EQ(server.stream.GetAddress(), "491@p2pim.example/phone");
    EXPECT_EQ(server.stream.GetUserName(), "491");
}

TEST(ImProtocol, RefusesAWrongPassword)
{
    TestClient client("491", "guess");
    TestServer server;
    client.stream.Start();
    Exchange(client, server);
    EXPECT_FALSE(client.loggedIn);
    EXPECT_TRUE(client.stream.IsClosed());
    EXPECT_TRUE(client.stream.IsRefused());
    EXPECT_TRUE(server.stream.IsClosed());
}

TEST(ImProtocol, CarriesAMessage)
{
    TestClient client;
    TestServer server;
    client.stream.Start();
    Exchange(client, server);
    client.stream.SendMessage("492", "a < b & c");
    EXPECT_EQ(client.out,
              "<message to='492@p2pim.example' type='chat' id='m1'>"
              "<body>a &lt; b &amp; c</body></message>");
    Exchange(client, server);
    ASSERT_EQ(client.messages.size(), 1U);
    EXPECT_EQ(client.messages[0].first, "492");
    EXPECT_EQ(client.messages[0].second, "a < b & c");
}

TEST(ImProtocol, TellsOfAMessageThatCannotBeDelivered)
{
    TestClient client;
    TestServer server;
    client.stream.Start();
    Exchange(client, server);
    client.stream.SendMessage("493", "hello?");
    Exchange(client, server);
    EXPECT_TRUE(client.messages.empty());
    EXPECT_EQ(client.undeliverable, std::vector<std::string>{"493"});
}

TEST(ImProtocol, LetsNobodySendBeforeTheLogIn)
{
    TestServer server;
    server.stream.Receive("<stream:stream to='p2pim.example' version='1.0' xmlns='jabber:client' "
                          "xmlns:stream='http://etherx.jabber.org/streams'>"
                          "<message to='492@p2pim.example'><body>x</body></message>");
    EXPECT_TRUE(server.stream.IsClosed());
    EXPECT_NE(server.out.find("<not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"),
              std::string::npos);
}

TEST(ImProtocol, EndsABrokenStreamWithAStreamError)
{
    // RFC 6120 4.9.1.1: with an opening tag of its own if the error is in the first octets
    TestServer server;
    server.stream.Receive("GET / HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(server.stream.IsClosed());
    EXPECT_EQ(server.out,
              "<?xml version='1.0'?><stream:stream from='p2pim.example' id='7' version='1.0' "
              "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
              "<stream:error><not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
              "</stream:error></stream:stream>");
}

TEST(ImProtocol, ClosesBothWays)
{
    // RFC 6120 4.4
    TestClient client;
    TestServer server;
    client.stream.Start();
    Exchange(client, server);
    client.stream.Close();
    EXPECT_EQ(client.out, "</stream:stream>");
    server.stream.Receive(client.out);
    EXPECT_TRUE(server.stream.IsClosed());
    EXPECT_EQ(server.out, "</stream:stream>");
}
