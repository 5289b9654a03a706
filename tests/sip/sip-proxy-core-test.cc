// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sip-proxy-core.h"
#include "ns3/sip-registrar.h"
#include "ns3/sip-transaction-layer.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

const InetSocketAddress PROXY("10.9.0.1", 5060);
const InetSocketAddress ALICE("10.1.0.2", 5060);
const InetSocketAddress BOB("10.1.0.3", 5070);
const std::string BOB_URI = "sip:+492@p2pim.example;user=phone";

/// A request from Alice, before it leaves her phone.
SipRequestFields
MakeFields(const std::string& method)
{
    SipRequestFields fields;
    fields.method = method;
    fields.requestUri = fields.to = BOB_URI;
    fields.from = "sip:+491@p2pim.example;user=phone";
    fields.fromTag = "a";
    fields.callId = "call";
    return fields;
}

SipMessage
MakeRequest(const SipRequestFields& fields, const std::string& branch = "z9hG4bKa")
{
    SipMessage request = SipMessage::MakeRequest(fields);
    request.PushVia(ALICE, branch);
    return request;
}

/// Bob's REGISTER with a given Expires.
SipMessage
MakeRegister(uint32_t expires, uint32_t cseq)
{
    SipRequestFields fields = MakeFields("REGISTER");
    fields.requestUri = "sip:p2pim.example";
    fields.from = BOB_URI;
    fields.contact = "sip:+492@10.1.0.3:5070";
    fields.expires = expires;
    fields.cseq = cseq;
    return MakeRequest(fields, "z9hG4bKr" + std::to_string(cseq));
}

/// A proxy whose network is a list of datagrams.
class ProxyBench
{
  public:
    ProxyBench()
        : core(PROXY, SipRegistrarSettings{}),
          layer(core, SipTimers{}, [this](const InetSocketAddress& to, const std::string& bytes) {
              if (!networkUp)
              {
                  return false;
              }
              SipParseError error = SipParseError::NONE;
              const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
              sent.emplace_back(to, SipMessage::Parse(data, bytes.size(), error));
              return true;
          })
    {
        core.SetTransactionLayer(&layer);
        core.GetRegistrar().AddUser("+491");
        core.GetRegistrar().AddUser("+492");
    }

    /// Lets the proxy have a message and gives its first reaction back.
    SipMessage& Feed(SipMessage message, const InetSocketAddress& from, Time now = Time())
    {
        const std::size_t before = sent.size();
        layer.Receive(std::move(message), from, now);
        EXPECT_GT(sent.size(), before);
        return sent.at(before).second;
    }

    SipProxyCore core;
    SipTransactionLayer layer;
    std::vector<std::pair<InetSocketAddress, SipMessage>> sent;
    bool networkUp{true};
};

} // namespace

TEST(SipRegistrar, BindsTheContactForTheGrantedTime)
{
    // RFC 3261 10.3: 200 lists the binding and its expiry.
    SipRegistrar registrar{SipRegistrarSettings{}};
    registrar.AddUser("+492");
    const SipMessage response = registrar.Process(MakeRegister(600, 1), "tag", Seconds(10));
    EXPECT_EQ(response.GetStatus(), 200U);
    EXPECT_EQ(response.GetHeader("Contact"), "<sip:+492@10.1.0.3:5070>;expires=600");
    ASSERT_NE(registrar.Find("+492", Seconds(610) - NanoSeconds(1)), nullptr);
    EXPECT_EQ(registrar.Find("+492", Seconds(10))->target, BOB);
    EXPECT_EQ(registrar.Find("+492", Seconds(610)), nullptr);
}

TEST(SipRegistrar, KeepsTheLimitsOfExpires)
{
    SipRegistrar registrar{SipRegistrarSettings{}};
    registrar.AddUser("+492");
    const SipMessage brief = registrar.Process(MakeRegister(59, 1), "tag", Time());
    EXPECT_EQ(brief.GetStatus(), 423U);
    EXPECT_EQ(brief.GetHeader("Min-Expires"), "60");
    const SipMessage longer = registrar.Process(MakeRegister(1000000, 2), "tag", Time());
    EXPECT_EQ(longer.GetContactExpires(), SipRegistrarSettings().maxExpires);
}

TEST(SipRegistrar, TakesTheExpiryOfTheContactBeforeThatOfTheHeader)
{
    // RFC 3261 10.3 step 7
    SipRegistrar registrar{SipRegistrarSettings{}};
    registrar.AddUser("+492");
    SipRequestFields fields = MakeFields("REGISTER");
    fields.expires = 600;
    SipMessage request = MakeRequest(fields);
    request.AddHeader("Contact", "<sip:+492@10.1.0.3>;expires=120");
    EXPECT_EQ(registrar.Process(request, "tag", Time()).GetContactExpires(), 120U);
}

TEST(SipRegistrar, RemovesABindingOnExpiresZero)
{
    SipRegistrar registrar{SipRegistrarSettings{}};
    registrar.AddUser("+492");
    registrar.Process(MakeRegister(600, 1), "tag", Time());
    const SipMessage response = registrar.Process(MakeRegister(0, 2), "tag", Time());
    EXPECT_EQ(response.GetStatus(), 200U);
    EXPECT_EQ(response.GetContactUri(), "");
    EXPECT_EQ(registrar.Find("+492", Time()), nullptr);
}

TEST(SipRegistrar, TakesAStarOnlyToRemoveAll)
{
    // RFC 3261 10.3 step 6
    SipRegistrar registrar{SipRegistrarSettings{}};
    registrar.AddUser("+492");
    registrar.Process(MakeRegister(600, 1), "tag", Time());
    SipRequestFields fields = MakeFields("REGISTER");
    fields.cseq = 2;
    SipMessage bad = MakeRequest(fields);
    bad.AddHeader("Contact", "*");
    EXPECT_EQ(registrar.Process(bad, "tag", Time()).GetStatus(), 400U);
    fields.expires = 0;
    SipMessage all = MakeRequest(fields);
    all.AddHeader("Contact", "*");
    EXPECT_EQ(registrar.Process(all, "tag", Time()).GetStatus(), 200U);
    EXPECT_EQ(registrar.Find("+492", Time()), nullptr);
}

TEST(SipRegistrar, RefusesAnOutdatedRequest)
{
    // RFC 3261 10.3 step 7: same Call-ID, CSeq not higher
    SipRegistrar registrar{SipRegistrarSettings{}};
    registrar.AddUser("+492");
    registrar.Process(MakeRegister(600, 5), "tag", Time());
    EXPECT_EQ(registrar.Process(MakeRegister(0, 5), "tag", Time()).GetStatus(), 500U);
    EXPECT_NE(registrar.Find("+492", Time()), nullptr);
}

TEST(SipRegistrar, KnowsOnlyItsOwnUsers)
{
    SipRegistrar registrar{SipRegistrarSettings{}};
    EXPECT_EQ(registrar.Process(MakeRegister(600, 1), "tag", Time()).GetStatus(), 404U);
}

TEST(SipProxyCore, ForwardsToTheBindingWithItsOwnVia)
{
    // RFC 3261 16.6: Request-URI (2), Max-Forwards (3), Via (8); 18.2.1 received
    ProxyBench bench;
    bench.Feed(MakeRegister(600, 1), BOB);
    SipMessage& forwarded = bench.Feed(MakeRequest(MakeFields("MESSAGE")), ALICE);
    EXPECT_EQ(bench.sent.back().first, BOB);
    EXPECT_EQ(forwarded.GetMethod(), "MESSAGE");
    EXPECT_EQ(forwarded.GetRequestHost(), "10.1.0.3");
    EXPECT_EQ(forwarded.GetMaxForwards(), 69U);
    EXPECT_EQ(forwarded.CountVia(), 2U);
    EXPECT_EQ(forwarded.GetSentByHost(), "10.9.0.1");
    EXPECT_EQ(forwarded.GetBranch().substr(0, 7), "z9hG4bK");
    forwarded.PopVia();
    EXPECT_EQ(forwarded.GetHeader("Via"),
              "SIP/2.0/UDP 10.1.0.2:5060;rport=5060;branch=z9hG4bKa;received=10.1.0.2");
}

TEST(SipProxyCore, RelaysTheResponseWithoutItsVia)
{
    ProxyBench bench;
    bench.Feed(MakeRegister(600, 1), BOB);
    const SipMessage& forwarded = bench.Feed(MakeRequest(MakeFields("MESSAGE")), ALICE);
    const SipMessage& relayed = bench.Feed(forwarded.MakeResponse(200, "b"), BOB);
    EXPECT_EQ(bench.sent.back().first, ALICE);
    EXPECT_EQ(relayed.GetStatus(), 200U);
    EXPECT_EQ(relayed.CountVia(), 1U);
    EXPECT_EQ(relayed.GetBranch(), "z9hG4bKa");
    EXPECT_EQ(relayed.GetToTag(), "b");
}

TEST(SipProxyCore, AnswersARepetitionWithoutForwardingItAgain)
{
    ProxyBench bench;
    bench.Feed(MakeRegister(600, 1), BOB);
    const SipMessage& forwarded = bench.Feed(MakeRequest(MakeFields("MESSAGE")), ALICE);
    bench.layer.Receive(MakeRequest(MakeFields("MESSAGE")), ALICE, Time());
    EXPECT_EQ(bench.core.GetCounters().forwarded, 1U);
    bench.Feed(forwarded.MakeResponse(200, "b"), BOB);
    EXPECT_EQ(bench.Feed(MakeRequest(MakeFields("MESSAGE")), ALICE).GetStatus(), 200U);
}

TEST(SipProxyCore, AnswersWhatItCannotForward)
{
    ProxyBench bench;
    SipRequestFields stranger = MakeFields("MESSAGE");
    stranger.requestUri = "sip:+499@p2pim.example";
    EXPECT_EQ(bench.Feed(MakeRequest(stranger, "z9hG4bK1"), ALICE).GetStatus(), 404U);
    EXPECT_EQ(bench.Feed(MakeRequest(MakeFields("MESSAGE"), "z9hG4bK2"), ALICE).GetStatus(), 480U);
    SipRequestFields tired = MakeFields("MESSAGE");
    tired.maxForwards = 0;
    EXPECT_EQ(bench.Feed(MakeRequest(tired, "z9hG4bK3"), ALICE).GetStatus(), 483U);
    EXPECT_EQ(bench.Feed(MakeRequest(MakeFields("INVITE"), "z9hG4bK4"), ALICE).GetStatus(), 501U);
    SipMessage special = MakeRequest(MakeFields("MESSAGE"), "z9hG4bK5");
    special.AddHeader("Proxy-Require", "foo");
    const SipMessage& answer = bench.Feed(std::move(special), ALICE);
    EXPECT_EQ(answer.GetStatus(), 420U);
    EXPECT_EQ(answer.GetHeader("Unsupported"), "foo");
    EXPECT_EQ(bench.core.GetCounters().rejected, 5U);
}

TEST(SipProxyCore, HasNoTargetOnceTheRegistrationIsOver)
{
    ProxyBench bench;
    bench.Feed(MakeRegister(600, 1), BOB);
    const SipMessage& answer = bench.Feed(MakeRequest(MakeFields("MESSAGE")), ALICE, Seconds(600));
    EXPECT_EQ(answer.GetStatus(), 480U);
}

TEST(SipProxyCore, StaysSilentWhenTheNextHopDoes)
{
    // RFC 4320 4.2: no 408 to a non-INVITE request
    ProxyBench bench;
    bench.Feed(MakeRegister(600, 1), BOB);
    bench.Feed(MakeRequest(MakeFields("MESSAGE")), ALICE);
    for (auto next = bench.layer.GetNextTimer(); next; next = bench.layer.GetNextTimer())
    {
        bench.layer.Advance(*next);
    }
    EXPECT_EQ(bench.core.GetCounters().abandoned, 1U);
    for (std::size_t i = 1; i < bench.sent.size(); ++i)
    {
        EXPECT_EQ(bench.sent[i].first, BOB);
    }
    EXPECT_EQ(bench.layer.GetSize(), 0U);
}

TEST(SipProxyCore, Answers500WhenTheNextHopCannotBeReached)
{
    // RFC 3261 16.9 and 16.7 step 6
    ProxyBench bench;
    bench.Feed(MakeRegister(600, 1), BOB);
    bench.Feed(MakeRequest(MakeFields("MESSAGE")), ALICE);
    bench.networkUp = false;
    bench.layer.Advance(MilliSeconds(500));
    bench.networkUp = true;
    const SipMessage& repeated = bench.Feed(MakeRequest(MakeFields("MESSAGE")), ALICE, Seconds(1));
    EXPECT_EQ(repeated.GetStatus(), 500U);
    EXPECT_EQ(repeated.CountVia(), 1U);
}
