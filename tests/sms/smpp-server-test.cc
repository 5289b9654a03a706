// SPDX-License-Identifier: GPL-2.0-only
#include "tests/im/im-server-test-network.h"
#include "tests/mutator.h"

#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/smpp-client.h"
#include "ns3/smpp-server.h"
#include "ns3/string.h"
#include "ns3/tcp-stream.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr int64_t EPOCH = 1199145600; // 2008-01-01 00:00 UTC

/// An SMSC that stores after 100 ms, and says what becomes of a message when the test tells it to.
class FakeCentre : public SmppMessageCentre
{
  public:
    void SetOutcomeFunction(OutcomeFunction outcome) override
    {
        m_outcome = std::move(outcome);
    }

    void Submit(const SmppSubmission& submission, AcceptedFunction accepted) override
    {
        const bool full = submissions.size() >= capacity;
        const std::string id = full ? "" : "m" + std::to_string(submissions.size() + 1);
        if (!full)
        {
            submissions.push_back(submission);
            states[id] = SmppMessageState::ENROUTE;
        }
        Simulator::Schedule(MilliSeconds(100), [=]() {
            accepted(full ? SmppStatus::ESME_RMSGQFUL : SmppStatus::ESME_ROK, id);
        });
    }

    std::optional<SmppMessageState> Query(const std::string& id) const override
    {
        const auto found = states.find(id);
        return found == states.end() ? std::nullopt : std::optional(found->second);
    }

    bool Cancel(const std::string& id) override
    {
        Finish(id, SmppMessageState::DELETED);
        return true;
    }

    int64_t GetTime() const override
    {
        return EPOCH + Simulator::Now().GetNanoSeconds() / 1000000000;
    }

    void Finish(const std::string& id, SmppMessageState state)
    {
        states.erase(id);
        m_outcome(id, state, 0);
    }

    std::size_t capacity = 1000;
    std::vector<SmppSubmission> submissions;
    std::map<std::string, SmppMessageState> states;

  private:
    OutcomeFunction m_outcome;
};

/// An ESME on one host and the SMSC's door on the server, 400 ms away.
class SmppServerTest : public ns3::p2pim::test::ServerTestNetwork
{
  protected:
    void SetUp() override
    {
        ServerTestNetwork::SetUp();
        m_door = CreateObject<SmppServer>();
        auto centre = std::make_unique<FakeCentre>();
        m_centre = centre.get();
        m_door->SetMessageCentre(std::move(centre));
        m_server->AddApplication(m_door);
        m_client = MakeClient();
    }

    /// @return an ESME on the first host, to be added to it.
    Ptr<SmppClient> MakeClient()
    {
        auto client = CreateObject<SmppClient>();
        client->SetServer(InetSocketAddress(m_serverAddress, 2775));
        client->SetReceiptCallback(Callback<void, const SmppReceipt&>(
            [this](const SmppReceipt& receipt) { m_receipts.push_back(receipt); }));
        return client;
    }

    void Start()
    {
        m_phones[0]->AddApplication(m_client);
    }

    static SmppMessage MakeMessage()
    {
        SmppMessage message;
        message.source = {smpp_ton::INTERNATIONAL, 1, "441632960000"};
        message.destination = {smpp_ton::INTERNATIONAL, 1, "447700000001"};
        message.registeredDelivery = smpp_receipt::FINAL;
        const std::string text = "hello";
        message.shortMessage.assign(text.begin(), text.end());
        return message;
    }

    void Submit(const SmppMessage& message = MakeMessage())
    {
        m_client->Submit(message,
                         Callback<void, const std::string&, const std::string&>(
                             [this](const std::string& cause, const std::string& id) {
                                 m_outcomes.emplace_back(Simulator::Now(),
                                                         cause.empty() ? id : cause);
                             }));
    }

    std::vector<std::string> GetOutcomes() const
    {
        std::vector<std::string> outcomes;
        for (const auto& outcome : m_outcomes)
        {
            outcomes.push_back(outcome.second);
        }
        return outcomes;
    }

    static double Get(const CounterList& counters, const std::string& name)
    {
        for (const auto& counter : counters)
        {
            if (counter.first == name)
            {
                return counter.second;
            }
        }
        ADD_FAILURE() << name;
        return -1;
    }

    /// Loses every packet between the ESME's host and the router from now on, or none.
    void Cut(bool cut)
    {
        m_links[0]->SetAttribute("Delay", TimeValue(cut ? Hours(1000) : m_delay));
    }

    Ptr<SmppServer> m_door;
    FakeCentre* m_centre = nullptr;
    Ptr<SmppClient> m_client;
    std::vector<std::pair<Time, std::string>> m_outcomes; ///< message id, or cause
    std::vector<SmppReceipt> m_receipts;
};

} // namespace

// SYN, bind and submit_sm take 800 ms each, storage 100 ms
TEST_F(SmppServerTest, TakesAMessageAndReturnsAReceipt)
{
    Start();
    Submit();
    RunUntil(Seconds(10));
    EXPECT_EQ(m_client->GetState(), SmppBindState::BOUND_TRX);
    ASSERT_EQ(GetOutcomes(), std::vector<std::string>{"m1"});
    ExpectTime(m_outcomes[0].first, 6 * m_delay + MilliSeconds(100));
    ASSERT_EQ(m_centre->submissions.size(), 1U);
    EXPECT_EQ(m_centre->submissions[0].destination.digits, "447700000001");
    m_centre->Finish("m1", SmppMessageState::DELIVERED);
    RunUntil(Seconds(20));
    ASSERT_EQ(m_receipts.size(), 1U);
    EXPECT_EQ(m_receipts[0].messageId, "m1");
    EXPECT_TRUE(m_receipts[0].isDelivered);
    EXPECT_EQ(m_receipts[0].text, "hello");
    EXPECT_EQ(m_receipts[0].submitted, EPOCH); // to the minute
    EXPECT_EQ(Get(m_door->GetCounters(), "smpp_receipts_acknowledged"), 1);
}

TEST_F(SmppServerTest, ReceiptsComeOnlyAsAskedFor)
{
    Start();
    auto message = MakeMessage();
    for (const uint8_t wish : {smpp_receipt::NONE, smpp_receipt::FAILURE, smpp_receipt::FAILURE})
    {
        message.registeredDelivery = wish;
        Submit(message);
    }
    RunUntil(Seconds(10));
    m_centre->Finish("m1", SmppMessageState::EXPIRED);
    m_centre->Finish("m2", SmppMessageState::DELIVERED);
    m_centre->Finish("m3", SmppMessageState::EXPIRED);
    RunUntil(Seconds(20));
    ASSERT_EQ(m_receipts.size(), 1U);
    EXPECT_EQ(m_receipts[0].messageId, "m3");
    EXPECT_EQ(m_receipts[0].state, SmppMessageState::EXPIRED);
    EXPECT_FALSE(m_receipts[0].isDelivered);
}

TEST_F(SmppServerTest, RefusesAWrongPasswordForGood)
{
    m_client->SetAttribute("Password", StringValue("wrong"));
    Start();
    Submit();
    RunUntil(Minutes(5));
    EXPECT_EQ(GetOutcomes(), std::vector<std::string>{"ESME_RINVPASWD"});
    EXPECT_EQ(m_client->GetState(), SmppBindState::CLOSED);
    EXPECT_EQ(Get(m_door->GetCounters(), "smpp_binds_refused"), 1);
    EXPECT_EQ(Get(m_client->GetCounters(), "smpp_connections"), 1);
    EXPECT_TRUE(m_centre->submissions.empty());
}

TEST_F(SmppServerTest, RefusesAnUnknownSystemId)
{
    m_client->SetAttribute("SystemId", StringValue("nobody"));
    Start();
    Submit();
    RunUntil(Minutes(1));
    EXPECT_EQ(GetOutcomes(), std::vector<std::string>{"ESME_RINVSYSID"});
}

// five a second, and a bucket of one second's
TEST_F(SmppServerTest, ThrottlesWhatIsAboveTheRate)
{
    m_door->SetAttribute("MaxRate", DoubleValue(5));
    m_client->SetAttribute("Window", UintegerValue(100));
    Start();
    RunUntil(Seconds(5));
    for (int n = 0; n < 8; ++n)
    {
        Submit();
    }
    RunUntil(Seconds(10));
    const auto outcomes = GetOutcomes();
    EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), "ESME_RTHROTTLED"), 3);
    EXPECT_EQ(m_centre->submissions.size(), 5U);
    // five seconds at exactly the rate are let through
    for (int n = 0; n < 25; ++n)
    {
        Simulator::Schedule(n * MilliSeconds(200), [this]() { Submit(); });
    }
    RunUntil(Seconds(20));
    EXPECT_EQ(m_centre->submissions.size(), 30U);
    EXPECT_EQ(Get(m_door->GetCounters(), "smpp_throttled"), 3);
}

TEST_F(SmppServerTest, NamesWhatIsWrongWithASubmission)
{
    m_centre->capacity = 1;
    Start();
    Submit();
    Submit(); // the store is full
    const std::vector<std::pair<void (*)(SmppMessage&), std::string>> faults{
        {[](SmppMessage& message) { message.destination.digits = "12a"; }, "ESME_RINVDSTADR"},
        {[](SmppMessage& message) { message.destination.digits = ""; }, "ESME_RINVDSTADR"},
        {[](SmppMessage& message) { message.destination.ton = 5; }, "ESME_RINVDSTADR"},
        {[](SmppMessage& message) { message.source.digits = "x"; }, "ESME_RINVSRCADR"},
        {[](SmppMessage& message) { message.priority = 4; }, "ESME_RINVPRTFLG"},
        {[](SmppMessage& message) { message.validityPeriod = "soon"; }, "ESME_RINVEXPIRY"},
        {[](SmppMessage& message) { message.validityPeriod = "000000000000000R"; },
         "ESME_RINVEXPIRY"},
        {[](SmppMessage& message) { message.scheduleDeliveryTime = "000001000000000R"; },
         "ESME_RINVSCHED"},
        {[](SmppMessage& message) { message.dataCoding = 3; }, "ESME_RSUBMITFAIL"},
        {[](SmppMessage& message) { message.shortMessage.resize(161, 'x'); }, "ESME_RINVMSGLEN"},
        {[](SmppMessage& message) {
             message.dataCoding = 4;
             message.shortMessage.resize(141);
         },
         "ESME_RINVMSGLEN"},
        {[](SmppMessage& message) {
             message.esmClass = smpp_esm_class::UDHI;
             message.shortMessage = {9, 1, 2};
         },
         "ESME_RINVESMCLASS"},
        {[](SmppMessage& message) { message.shortMessage.resize(255); }, "ESME_RINVPARLEN"},
    };
    std::vector<std::string> expected{"m1", "ESME_RMSGQFUL"};
    RunUntil(Seconds(10));
    for (const auto& [spoil, status] : faults)
    {
        auto message = MakeMessage();
        spoil(message);
        Submit(message);
        RunUntil(Simulator::Now() + Seconds(2));
        expected.push_back(status);
    }
    EXPECT_EQ(GetOutcomes(), expected);
}

TEST_F(SmppServerTest, AnswersQueriesAndTakesMessagesBack)
{
    Start();
    Submit();
    Submit();
    RunUntil(Seconds(10));
    std::vector<std::string> answers;
    const auto query = [&](const std::string& id) {
        m_client->Query({id, MakeMessage().source},
                        Callback<void, const std::string&, const SmppQueryResp&>(
                            [&](const std::string& cause, const SmppQueryResp& answer) {
                                answers.push_back(cause.empty() ? std::to_string(static_cast<int>(
                                                                      answer.messageState)) +
                                                                      answer.finalDate
                                                                : cause);
                            }));
    };
    const auto cancel = [&](const std::string& id) {
        m_client->Cancel({"", id, MakeMessage().source, MakeMessage().destination},
                         Callback<void, const std::string&>(
                             [&](const std::string& cause) { answers.push_back(cause); }));
    };
    query("m1");
    query("m9");
    cancel("m2");
    RunUntil(Seconds(15));
    m_centre->Finish("m1", SmppMessageState::DELIVERED);
    query("m1");
    query("m2");
    cancel("m1");
    cancel("m9");
    RunUntil(Seconds(20));
    EXPECT_EQ(answers,
              (std::vector<std::string>{"1",
                                        "ESME_RQUERYFAIL",
                                        "",
                                        "2080101000015000+",
                                        "4080101000010000+",
                                        "ESME_RCANCELFAIL",
                                        "ESME_RINVMSGID"}));
    ASSERT_EQ(m_receipts.size(), 2U);
    EXPECT_EQ(m_receipts[0].state, SmppMessageState::DELETED);
    // 24 h after its final state a message is forgotten
    RunUntil(Hours(25));
    query("m1");
    RunUntil(Hours(26));
    EXPECT_EQ(answers.back(), "ESME_RQUERYFAIL");
}

// three at a time: three round trips of 800 ms and the storage for seven messages
TEST_F(SmppServerTest, TheWindowLimitsWhatIsOutstanding)
{
    m_client->SetAttribute("Window", UintegerValue(3));
    Start();
    RunUntil(Seconds(5));
    for (int n = 0; n < 7; ++n)
    {
        Submit();
    }
    RunUntil(Seconds(20));
    ASSERT_EQ(m_outcomes.size(), 7U);
    const Time roundTrip = 2 * m_delay + MilliSeconds(100);
    ExpectTime(m_outcomes[2].first, Seconds(5) + roundTrip);
    ExpectTime(m_outcomes[3].first, Seconds(5) + 2 * roundTrip);
    ExpectTime(m_outcomes[6].first, Seconds(5) + 3 * roundTrip);
}

TEST_F(SmppServerTest, ATransmitterGetsNoReceiptsAReceiverSubmitsNothing)
{
    m_client->SetAttribute("BindMode", EnumValue(SmppClient::TRANSMITTER));
    Start();
    Submit();
    RunUntil(Seconds(10));
    m_centre->Finish("m1", SmppMessageState::DELIVERED);
    RunUntil(Seconds(20));
    EXPECT_TRUE(m_receipts.empty());
    // the receipt waits for a receiver of the same account
    auto receiver = MakeClient();
    receiver->SetAttribute("BindMode", EnumValue(SmppClient::RECEIVER));
    m_phones[1]->AddApplication(receiver);
    RunUntil(Seconds(30));
    ASSERT_EQ(m_receipts.size(), 1U);
    EXPECT_EQ(m_receipts[0].messageId, "m1");
    m_client = receiver;
    Submit();
    RunUntil(Seconds(40));
    EXPECT_EQ(GetOutcomes().back(), "ESME_RINVBNDSTS");
}

// both ends notice by enquire_link: 60 s of silence, and 30 s without an answer
TEST_F(SmppServerTest, ALostConnectionFailsWhatIsOutstandingAndIsReplaced)
{
    m_client->SetAttribute("Window", UintegerValue(2));
    Start();
    RunUntil(Seconds(5));
    Cut(true);
    Submit();
    Submit();
    Submit(); // beyond the window: waits for the next connection
    RunUntil(Seconds(34));
    EXPECT_TRUE(m_outcomes.empty());
    RunUntil(Seconds(36));
    // the response timer of 30 s
    EXPECT_EQ(GetOutcomes(), std::vector<std::string>(2, "smpp response timeout"));
    EXPECT_EQ(m_outcomes[0].first, Seconds(35));
    Cut(false);
    RunUntil(Minutes(5));
    EXPECT_EQ(m_client->GetState(), SmppBindState::BOUND_TRX);
    ASSERT_EQ(m_outcomes.size(), 3U);
    // TCP has brought the first two after all: a sender cannot know
    EXPECT_EQ(m_outcomes[2].second, "m3");
    EXPECT_EQ(m_centre->submissions.size(), 3U);
    EXPECT_EQ(Get(m_client->GetCounters(), "smpp_connections"), 2);
    EXPECT_EQ(Get(m_client->GetCounters(), "smpp_lost"), 2);
}

TEST_F(SmppServerTest, AReceiptIsSentAgainWhenItsConnectionIsLost)
{
    Start();
    Submit();
    RunUntil(Seconds(10));
    Cut(true);
    m_centre->Finish("m1", SmppMessageState::DELIVERED);
    RunUntil(Minutes(3));
    EXPECT_TRUE(m_receipts.empty());
    Cut(false);
    RunUntil(Minutes(10));
    EXPECT_EQ(m_receipts.size(), 1U);
}

TEST_F(SmppServerTest, AnIdleSessionIsHeldByEnquireLink)
{
    Start();
    RunUntil(Hours(1));
    EXPECT_EQ(m_client->GetState(), SmppBindState::BOUND_TRX);
    EXPECT_EQ(Get(m_client->GetCounters(), "smpp_connections"), 1);
    Submit();
    RunUntil(Hours(1) + Seconds(5));
    EXPECT_EQ(GetOutcomes(), std::vector<std::string>{"m1"});
}

TEST_F(SmppServerTest, UnbindsInOrder)
{
    m_client->SetStopTime(Seconds(30));
    Start();
    RunUntil(Minutes(10));
    EXPECT_EQ(m_client->GetState(), SmppBindState::CLOSED);
    EXPECT_TRUE(Simulator::IsFinished()); // neither side has an event left
}

TEST_F(SmppServerTest, AConnectionWithoutABindIsClosed)
{
    auto socket = PeerTcpSocket::Create(m_phones[1]);
    bool lost = false;
    std::unique_ptr<TcpStream> stream;
    socket->SetConnectCallback(Callback<void, Ptr<Socket>>([&](Ptr<Socket>) {
                                   stream = std::make_unique<TcpStream>(
                                       socket,
                                       [](const std::string&) {},
                                       [&lost]() { lost = true; });
                               }),
                               MakeNullCallback<void, Ptr<Socket>>());
    Simulator::ScheduleNow([&]() { socket->Connect(InetSocketAddress(m_serverAddress, 2775)); });
    RunUntil(Seconds(29));
    EXPECT_FALSE(lost);
    RunUntil(Seconds(33)); // 30 s after the connection
    EXPECT_TRUE(lost);
    stream.reset();
}

// what comes in is garbage more often than not, whoever has bound
TEST_F(SmppServerTest, SurvivesMutatedSessions)
{
    ::p2pim::test::MessageMutator mutator;
    Octets session;
    SmppBind bind;
    bind.systemId = "p2pim";
    bind.password = "secret";
    EncodeSmpp({SmppCommand::BIND_TRANSCEIVER, SmppStatus::ESME_ROK, 1, bind}, session);
    for (uint32_t n = 2; n < 6; ++n)
    {
        EncodeSmpp({SmppCommand::SUBMIT_SM, SmppStatus::ESME_ROK, n, MakeMessage()}, session);
    }
    EncodeSmpp({SmppCommand::UNBIND, SmppStatus::ESME_ROK, 6, {}}, session);
    std::vector<std::unique_ptr<TcpStream>> streams;
    for (int n = 0; n < 300; ++n)
    {
        const auto octets = mutator.Mutate(session);
        Simulator::Schedule(n * MilliSeconds(10), [&streams, octets, this]() {
            auto socket = PeerTcpSocket::Create(m_phones[1]);
            socket->SetConnectCallback(
                Callback<void, Ptr<Socket>>([&streams, octets, socket](Ptr<Socket>) {
                    streams.push_back(std::make_unique<TcpStream>(
                        socket,
                        [](const std::string&) {},
                        []() {}));
                    streams.back()->Write(std::string(octets.begin(), octets.end()));
                }),
                MakeNullCallback<void, Ptr<Socket>>());
            socket->Connect(InetSocketAddress(m_serverAddress, 2775));
        });
    }
    Start();
    RunUntil(Minutes(2));
    EXPECT_EQ(Get(m_door->GetCounters(), "smpp_connections"), 301);
    EXPECT_GT(m_centre->submissions.size(), 0U);
    Submit();
    RunUntil(Minutes(3));
    EXPECT_EQ(m_client->GetState(), SmppBindState::BOUND_TRX);
    ASSERT_EQ(m_outcomes.size(), 1U);
    EXPECT_EQ(m_outcomes[0].second, "m" + std::to_string(m_centre->submissions.size()));
    streams.clear();
}

// the TCP packets of a whole session, as Wireshark reads them on port 2775
TEST_F(SmppServerTest, AWholeSessionIsCleanForTshark)
{
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    ::p2pim::oracle::Capture capture(::p2pim::oracle::Capture::Link::RAW_IP);
    CaptureAtServer(capture);
    m_client->SetStopTime(Minutes(2));
    Start();
    auto message = MakeMessage();
    message.destinationPort = 16440;
    message.dataCoding = 4;
    Submit(message);
    Submit();
    m_client->Query({"m1", MakeMessage().source},
                    Callback<void, const std::string&, const SmppQueryResp&>(
                        [](const std::string&, const SmppQueryResp&) {}));
    RunUntil(Seconds(10));
    m_centre->Finish("m1", SmppMessageState::DELIVERED);
    RunUntil(Minutes(5));
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>{});
    std::map<unsigned long, int> commands;
    std::vector<std::string> ids;
    for (const auto& frame : capture.Dissect({"smpp.command_id", "smpp.receipted_message_id"}))
    {
        std::istringstream each(frame[0]);
        for (std::string id; std::getline(each, id, ',');)
        {
            ++commands[std::stoul(id, nullptr, 0)];
        }
        if (!frame[1].empty())
        {
            ids.push_back(frame[1]);
        }
    }
    // one bind, two submissions, a query, a receipt, enquire_link, unbind, each with its response
    using Command = SmppCommand;
    for (const auto& [command, count] : std::map<Command, int>{{Command::BIND_TRANSCEIVER, 1},
                                                               {Command::SUBMIT_SM, 2},
                                                               {Command::QUERY_SM, 1},
                                                               {Command::DELIVER_SM, 1},
                                                               {Command::ENQUIRE_LINK, 1},
                                                               {Command::UNBIND, 1}})
    {
        EXPECT_EQ(commands[static_cast<uint32_t>(command)], count);
        EXPECT_EQ(commands[static_cast<uint32_t>(GetSmppResponse(command))], count);
    }
    EXPECT_EQ(ids, std::vector<std::string>{"m1"});
}
