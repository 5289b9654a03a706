// SPDX-License-Identifier: GPL-2.0-only
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

const InetSocketAddress LOCAL("10.1.0.2", 5060);
const InetSocketAddress REMOTE("10.9.0.1", 5060);

/// A transaction layer with a hand on its clock, its network and its user.
class TransactionBench : public SipTransactionUser
{
  public:
    explicit TransactionBench(const SipTimers& timers = {})
        : layer(*this, timers, [this](const InetSocketAddress&, const std::string& bytes) {
              sent.emplace_back(now, bytes);
              return networkUp;
          })
    {
    }

    void OnRequest(SipMessage request, uint64_t server, Time) override
    {
        requests.push_back(server);
        lastRequest = std::move(request);
    }

    void OnResponse(uint64_t, SipMessage response, Time) override
    {
        responses.push_back(response.GetStatus());
    }

    void OnFailure(uint64_t, uint32_t status, Time at) override
    {
        failures.emplace_back(at, status);
    }

    /// Runs the timers up to @p end.
    void RunUntil(Time end)
    {
        for (auto next = layer.GetNextTimer(); next && *next <= end; next = layer.GetNextTimer())
        {
            now = *next;
            layer.Advance(now);
        }
        now = end;
    }

    /// @return when each datagram was sent, in ms.
    std::vector<int64_t> GetSendTimes() const
    {
        std::vector<int64_t> times;
        for (const auto& datagram : sent)
        {
            times.push_back(datagram.first.GetMilliSeconds());
        }
        return times;
    }

    Time now;
    bool networkUp{true};
    SipTransactionLayer layer;
    std::vector<std::pair<Time, std::string>> sent;
    std::vector<uint64_t> requests;
    std::vector<uint32_t> responses;
    std::vector<std::pair<Time, uint32_t>> failures;
    SipMessage lastRequest;
};

SipMessage
MakeMessage(const std::string& branch)
{
    SipRequestFields fields;
    fields.method = "MESSAGE";
    fields.requestUri = fields.to = "sip:b@p2pim.example";
    fields.from = "sip:a@p2pim.example";
    fields.fromTag = "1";
    fields.callId = "c";
    SipMessage request = SipMessage::MakeRequest(fields);
    request.PushVia(LOCAL, branch);
    return request;
}

} // namespace

TEST(SipTransactionLayer, RetransmitsAtTimerEAndFailsAtTimerF)
{
    // RFC 3261 17.1.2.2: with the default values E is 500 ms, 1 s, 2 s, 4 s, 4 s ... and F is 32 s.
    TransactionBench bench;
    EXPECT_NE(bench.layer.SendRequest(MakeMessage("z9hG4bK1"), REMOTE, bench.now), 0U);
    bench.RunUntil(Seconds(100));
    EXPECT_EQ(
        bench.GetSendTimes(),
        (std::vector<int64_t>{0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500}));
    ASSERT_EQ(bench.failures.size(), 1U);
    EXPECT_EQ(bench.failures[0], (std::pair<Time, uint32_t>(Seconds(32), 408)));
    EXPECT_EQ(bench.layer.GetCounters().requestsRetransmitted, 10U);
    EXPECT_EQ(bench.layer.GetCounters().timeouts, 1U);
    EXPECT_EQ(bench.layer.GetSize(), 0U);
}

TEST(SipTransactionLayer, ScalesWithT1AndT2)
{
    SipTimers timers;
    timers.t1 = Seconds(2);
    timers.t2 = Seconds(3);
    TransactionBench bench(timers);
    bench.layer.SendRequest(MakeMessage("z9hG4bK1"), REMOTE, bench.now);
    bench.RunUntil(Seconds(12));
    EXPECT_EQ(bench.GetSendTimes(), (std::vector<int64_t>{0, 2000, 5000, 8000, 11000}));
    bench.RunUntil(Seconds(1000));
    EXPECT_EQ(bench.failures.at(0).first, Seconds(128));
}

TEST(SipTransactionLayer, RetransmitsAtT2AfterAProvisionalResponse)
{
    // RFC 3261 17.1.2.2, Proceeding: E that is running fires at its time, then it is T2.
    TransactionBench bench;
    const SipMessage request = MakeMessage("z9hG4bK1");
    bench.layer.SendRequest(request, REMOTE, bench.now);
    bench.RunUntil(MilliSeconds(200));
    bench.layer.Receive(request.MakeResponse(100, ""), REMOTE, bench.now);
    bench.RunUntil(Seconds(10));
    EXPECT_EQ(bench.GetSendTimes(), (std::vector<int64_t>{0, 500, 4500, 8500}));
    EXPECT_EQ(bench.responses, (std::vector<uint32_t>{100}));
}

TEST(SipTransactionLayer, HandsAFinalResponseUpOnceAndAbsorbsItsRepetitions)
{
    TransactionBench bench;
    const SipMessage request = MakeMessage("z9hG4bK1");
    bench.layer.SendRequest(request, REMOTE, bench.now);
    bench.RunUntil(Seconds(1));
    bench.layer.Receive(request.MakeResponse(200, "x"), REMOTE, bench.now);
    bench.layer.Receive(request.MakeResponse(200, "x"), REMOTE, bench.now);
    EXPECT_EQ(bench.responses, (std::vector<uint32_t>{200}));
    EXPECT_EQ(bench.layer.GetCounters().responsesDropped, 1U);
    bench.RunUntil(Seconds(100));
    EXPECT_EQ(bench.GetSendTimes(), (std::vector<int64_t>{0, 500}));
    EXPECT_TRUE(bench.failures.empty());
}

TEST(SipTransactionLayer, ForgetsAClientTransactionAfterTimerK)
{
    // RFC 3261 17.1.2.2: K is T4, 5 s, over UDP.
    TransactionBench bench;
    const SipMessage request = MakeMessage("z9hG4bK1");
    bench.layer.SendRequest(request, REMOTE, bench.now);
    bench.layer.Receive(request.MakeResponse(200, "x"), REMOTE, bench.now);
    EXPECT_EQ(bench.layer.GetNextTimer(), Seconds(5));
    bench.layer.Advance(Seconds(5) - NanoSeconds(1));
    EXPECT_EQ(bench.layer.GetSize(), 1U);
    bench.layer.Advance(Seconds(5));
    EXPECT_EQ(bench.layer.GetSize(), 0U);
    EXPECT_FALSE(bench.layer.GetNextTimer()) << "an idle element has nothing to time";
}

TEST(SipTransactionLayer, MatchesResponsesByBranchAndMethod)
{
    // RFC 3261 17.1.3
    TransactionBench bench;
    bench.layer.SendRequest(MakeMessage("z9hG4bK1"), REMOTE, bench.now);
    bench.layer.Receive(MakeMessage("z9hG4bK2").MakeResponse(200, "x"), REMOTE, bench.now);
    EXPECT_TRUE(bench.responses.empty());
    EXPECT_EQ(bench.layer.GetCounters().responsesDropped, 1U);
}

TEST(SipTransactionLayer, FailsAtOnceWhenTheNetworkTakesNoRequest)
{
    TransactionBench bench;
    bench.networkUp = false;
    EXPECT_EQ(bench.layer.SendRequest(MakeMessage("z9hG4bK1"), REMOTE, bench.now), 0U);
    bench.networkUp = true;
    bench.layer.SendRequest(MakeMessage("z9hG4bK2"), REMOTE, bench.now);
    bench.networkUp = false;
    bench.RunUntil(Seconds(40));
    ASSERT_EQ(bench.failures.size(), 1U);
    EXPECT_EQ(bench.failures[0], (std::pair<Time, uint32_t>(MilliSeconds(500), 503)));
}

TEST(SipTransactionLayer, AnswersARepeatedRequestItself)
{
    // RFC 3261 17.2.2: in Trying repetitions are dropped, in Completed the response is sent again.
    TransactionBench bench;
    bench.layer.Receive(MakeMessage("z9hG4bK1"), REMOTE, bench.now);
    bench.layer.Receive(MakeMessage("z9hG4bK1"), REMOTE, bench.now);
    ASSERT_EQ(bench.requests.size(), 1U);
    EXPECT_TRUE(bench.sent.empty());
    bench.layer.SendResponse(bench.requests[0],
                             bench.lastRequest.MakeResponse(200, "x"),
                             bench.now);
    bench.layer.Receive(MakeMessage("z9hG4bK1"), REMOTE, bench.now);
    ASSERT_EQ(bench.sent.size(), 2U);
    EXPECT_EQ(bench.sent[0].second, bench.sent[1].second);
    EXPECT_EQ(bench.requests.size(), 1U);
    EXPECT_EQ(bench.layer.GetCounters().requestsRepeated, 2U);
    EXPECT_EQ(bench.layer.GetCounters().responsesRetransmitted, 1U);
}

TEST(SipTransactionLayer, SendsNoSecondFinalResponse)
{
    TransactionBench bench;
    bench.layer.Receive(MakeMessage("z9hG4bK1"), REMOTE, bench.now);
    bench.layer.SendResponse(bench.requests.at(0),
                             bench.lastRequest.MakeResponse(200, "x"),
                             bench.now);
    bench.layer.SendResponse(bench.requests.at(0),
                             bench.lastRequest.MakeResponse(500, "x"),
                             bench.now);
    EXPECT_EQ(bench.sent.size(), 1U);
}

TEST(SipTransactionLayer, TakesARequestForNewAfterTimerJ)
{
    // RFC 3261 17.2.2: J is 64 T1, 32 s, over UDP.
    TransactionBench bench;
    bench.layer.Receive(MakeMessage("z9hG4bK1"), REMOTE, bench.now);
    bench.layer.SendResponse(bench.requests.at(0),
                             bench.lastRequest.MakeResponse(200, "x"),
                             bench.now);
    EXPECT_EQ(bench.layer.GetNextTimer(), Seconds(32));
    bench.layer.Receive(MakeMessage("z9hG4bK1"), REMOTE, Seconds(32) - NanoSeconds(1));
    EXPECT_EQ(bench.requests.size(), 1U);
    bench.layer.Receive(MakeMessage("z9hG4bK1"), REMOTE, Seconds(32));
    EXPECT_EQ(bench.requests.size(), 2U);
}

TEST(SipTransactionLayer, AbsorbsRepetitionsOfAnAbandonedRequest)
{
    TransactionBench bench;
    bench.layer.Receive(MakeMessage("z9hG4bK1"), REMOTE, bench.now);
    bench.layer.Abandon(bench.requests.at(0), bench.now);
    bench.layer.Receive(MakeMessage("z9hG4bK1"), REMOTE, Seconds(1));
    EXPECT_EQ(bench.requests.size(), 1U);
    EXPECT_TRUE(bench.sent.empty());
    bench.RunUntil(Seconds(32));
    EXPECT_EQ(bench.layer.GetSize(), 0U);
}

TEST(SipTransactionLayer, SweepsALongChatWithOneTimerAfterItsEnd)
{
    TransactionBench bench;
    for (int i = 0; i < 10; ++i)
    {
        bench.now = Seconds(i);
        bench.layer.Receive(MakeMessage("z9hG4bK" + std::to_string(i)), REMOTE, bench.now);
        bench.layer.SendResponse(bench.requests.back(),
                                 bench.lastRequest.MakeResponse(200, "x"),
                                 bench.now);
    }
    EXPECT_EQ(bench.layer.GetNextTimer(), Seconds(9 + 32));
    bench.layer.Advance(Seconds(41));
    EXPECT_EQ(bench.layer.GetSize(), 0U);
}
