// SPDX-License-Identifier: GPL-2.0-only
// How a client asks, and what it makes of the answers: RFC 8489 6.2, RFC 5780 4.
#include "ns3/stun-discovery.h"
#include "ns3/stun-server-core.h"
#include "ns3/stun-transaction.h"

#include <gtest/gtest.h>
#include <map>
#include <set>
#include <tuple>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

const InetSocketAddress g_own("10.0.0.1", 5000);
const InetSocketAddress g_server("198.51.100.1", 3478);
const Ipv4Address g_otherAddress("198.51.100.2");
constexpr uint16_t OTHER_PORT = 3479;

/// A NAT of one mapping and one filtering behaviour between the own endpoint and a server, without
/// time; EIM and EIF by default.
class ToyNat
{
  public:
    ToyNat(StunBehaviour mapping, StunBehaviour filtering)
        : m_mapping(mapping),
          m_filtering(filtering)
    {
        m_server.SetSettings({g_server.GetIpv4(), g_otherAddress, g_server.GetPort(), OTHER_PORT});
    }

    /// Asks the open question. @return whether the answer came through.
    bool Ask(StunDiscovery& discovery, bool overTcp)
    {
        const auto question = *discovery.GetQuestion();
        asked.emplace_back(question.server, question.changeRequest);
        m_contacted.push_back(question.server);
        StunMessage request;
        request.transactionId = {1};
        if (question.changeRequest != 0)
        {
            request.changeRequest = question.changeRequest;
        }
        uint32_t door = 0;
        while (m_server.GetDoor(door) != question.server)
        {
            ++door;
        }
        const auto answer =
            m_server.Receive(EncodeStun(request), Map(question.server), door, overTcp);
        if (!IsLetIn(m_server.GetDoor(answer->door)))
        {
            discovery.Unanswered();
            return false;
        }
        StunMessage message;
        EXPECT_EQ(DecodeStun(answer->octets, message), StunError::NONE);
        discovery.Answered(g_own, message);
        return true;
    }

    std::vector<std::pair<InetSocketAddress, uint32_t>> asked;

  private:
    InetSocketAddress Map(const InetSocketAddress& remote)
    {
        const bool byAddress = m_mapping >= StunBehaviour::ADDRESS_DEPENDENT;
        const bool byPort = m_mapping == StunBehaviour::ADDRESS_AND_PORT_DEPENDENT;
        const std::pair<uint32_t, uint16_t> key(byAddress ? remote.GetIpv4().Get() : 0,
                                                byPort ? remote.GetPort() : 0);
        const auto port = m_ports.try_emplace(key, uint16_t(60000 + m_ports.size())).first->second;
        return m_mapping == StunBehaviour::NONE ? g_own : InetSocketAddress("203.0.113.1", port);
    }

    bool IsLetIn(const InetSocketAddress& source) const
    {
        for (const auto& contacted : m_contacted)
        {
            if (m_filtering == StunBehaviour::ENDPOINT_INDEPENDENT ||
                (m_filtering == StunBehaviour::ADDRESS_DEPENDENT &&
                 contacted.GetIpv4() == source.GetIpv4()) ||
                contacted == source)
            {
                return true;
            }
        }
        return false;
    }

    StunBehaviour m_mapping;
    StunBehaviour m_filtering;
    StunServerCore m_server;
    std::map<std::pair<uint32_t, uint16_t>, uint16_t> m_ports;
    std::vector<InetSocketAddress> m_contacted;
};

constexpr StunBehaviour EI = StunBehaviour::ENDPOINT_INDEPENDENT;
constexpr StunBehaviour AD = StunBehaviour::ADDRESS_DEPENDENT;
constexpr StunBehaviour APD = StunBehaviour::ADDRESS_AND_PORT_DEPENDENT;

} // namespace

// --- Transactions --------------------------------------------------------------------------------

// the example of RFC 8489 6.2.1: "requests ... at times 0 ms, 500 ms, 1500 ms, 3500 ms, 7500 ms,
// 15500 ms, and 31500 ms ... 39500 ms"
TEST(StunTransaction, Rfc8489_6_2_1_RepeatsOverUdp)
{
    StunTransaction transaction(StunTransaction::Settings(), Seconds(10));
    std::vector<Time> sent;
    Time failed;
    while (failed.IsZero())
    {
        const Time now = transaction.GetDeadline();
        EXPECT_EQ(transaction.Advance(now - NanoSeconds(1)), StunTransaction::Action::NONE);
        const auto action = transaction.Advance(now);
        ASSERT_NE(action, StunTransaction::Action::NONE);
        (action == StunTransaction::Action::FAIL ? failed : sent.emplace_back()) =
            now - Seconds(10);
    }
    EXPECT_EQ(sent,
              (std::vector<Time>{Seconds(0.5),
                                 Seconds(1.5),
                                 Seconds(3.5),
                                 Seconds(7.5),
                                 Seconds(15.5),
                                 Seconds(31.5)}));
    EXPECT_EQ(failed, Seconds(39.5));
    EXPECT_EQ(transaction.GetDeadline(), Time::Max());
}

TEST(StunTransaction, OneTransmissionWaitsForItsLastWait)
{
    StunTransaction transaction({MilliSeconds(100), 1, 4}, Time());
    EXPECT_EQ(transaction.GetDeadline(), MilliSeconds(400));
    EXPECT_EQ(transaction.Advance(MilliSeconds(400)), StunTransaction::Action::FAIL);
}

// RFC 8489 6.2.2
TEST(StunTransaction, IsSentOnceOverTcp)
{
    StunTransaction transaction(Seconds(39.5), Seconds(1));
    EXPECT_EQ(transaction.Advance(Seconds(40.4)), StunTransaction::Action::NONE);
    EXPECT_EQ(transaction.Advance(Seconds(40.5)), StunTransaction::Action::FAIL);
}

TEST(StunTransaction, IdsDifferWithinAClientAndBetweenClients)
{
    std::set<StunTransactionId> ids;
    for (const char* name : {"a", "b"})
    {
        StunTransactionIds maker(name);
        for (int i = 0; i < 1000; ++i)
        {
            EXPECT_TRUE(ids.insert(maker.Make()).second);
        }
    }
    EXPECT_EQ(StunTransactionIds("a").Make(), StunTransactionIds("a").Make());
}

// --- Discovery -----------------------------------------------------------------------------------

// RFC 5780 4.3 and 4.4: what each pair of behaviours looks like, and how many questions it takes
TEST(StunDiscovery, TellsEveryPairOfBehavioursOverUdp)
{
    for (const auto& [mapping, mappingQuestions] :
         {std::pair(StunBehaviour::NONE, 0), std::pair(EI, 1), std::pair(AD, 2), std::pair(APD, 2)})
    {
        for (const auto& [filtering, filteringQuestions] :
             {std::pair(EI, 1), std::pair(AD, 2), std::pair(APD, 2)})
        {
            ToyNat nat(mapping, filtering);
            StunDiscovery discovery(g_server, {true, true});
            while (discovery.GetQuestion())
            {
                nat.Ask(discovery, false);
            }
            EXPECT_EQ(discovery.GetFindings().mapping, mapping);
            EXPECT_EQ(discovery.GetFindings().filtering, filtering)
                << GetName(mapping) << ", " << GetName(filtering);
            EXPECT_EQ(nat.asked.size(), 1U + mappingQuestions + filteringQuestions);
            EXPECT_EQ(discovery.GetFindings().reflexive->GetPort(),
                      mapping == StunBehaviour::NONE ? g_own.GetPort() : 60000);
        }
    }
}

TEST(StunDiscovery, AsksForTheMappingInTheOrderOfRfc5780)
{
    ToyNat nat(APD, APD);
    StunDiscovery discovery(g_server, {true, false});
    while (discovery.GetQuestion())
    {
        EXPECT_TRUE(nat.Ask(discovery, true));
    }
    using Asked = std::pair<InetSocketAddress, uint32_t>;
    EXPECT_EQ(nat.asked,
              (std::vector<Asked>{{g_server, 0},
                                  {{g_otherAddress, g_server.GetPort()}, 0},
                                  {{g_otherAddress, OTHER_PORT}, 0}}));
    EXPECT_EQ(discovery.GetFindings().filtering, StunBehaviour::UNKNOWN);
}

TEST(StunDiscovery, AsksOnceForTheReflexiveEndpointAlone)
{
    ToyNat nat(APD, APD);
    StunDiscovery discovery(g_server, {});
    nat.Ask(discovery, true);
    EXPECT_FALSE(discovery.GetQuestion());
    EXPECT_EQ(discovery.GetFindings().reflexive, InetSocketAddress("203.0.113.1", 60000));
    EXPECT_EQ(discovery.GetFindings().local, g_own);
    EXPECT_EQ(discovery.GetFindings().mapping, StunBehaviour::UNKNOWN);
}

TEST(StunDiscovery, NoAnswerLeavesUnknownWhatItWasFor)
{
    StunDiscovery first(g_server, {true, true});
    first.Unanswered();
    EXPECT_FALSE(first.GetQuestion());
    EXPECT_FALSE(first.GetFindings().reflexive);
    for (uint32_t answered = 1; answered < 3; ++answered)
    {
        ToyNat nat(AD, AD);
        StunDiscovery discovery(g_server, {true, false});
        for (uint32_t i = 0; i < answered; ++i)
        {
            nat.Ask(discovery, true);
        }
        discovery.Unanswered();
        EXPECT_FALSE(discovery.GetQuestion());
        EXPECT_TRUE(discovery.GetFindings().reflexive);
        EXPECT_EQ(discovery.GetFindings().mapping, StunBehaviour::UNKNOWN);
    }
}

// a server with one address (RFC 5780 4.3: "If OTHER-ADDRESS is not returned ... this test cannot
// be run"), an error, an answer that is not understood
TEST(StunDiscovery, EndsWhenTheServerCannotTell)
{
    StunMessage answer;
    answer.messageClass = StunClass::SUCCESS;
    answer.xorMappedAddress = InetSocketAddress("203.0.113.1", 1);
    StunDiscovery oneAddress(g_server, {true, true});
    oneAddress.Answered(g_own, answer);
    EXPECT_FALSE(oneAddress.GetQuestion());
    EXPECT_TRUE(oneAddress.GetFindings().reflexive);
    StunMessage strange = answer;
    strange.notUnderstood = {0x7001};
    StunDiscovery notUnderstood(g_server, {true, true});
    notUnderstood.Answered(g_own, strange);
    EXPECT_FALSE(notUnderstood.GetFindings().reflexive);
    answer.messageClass = StunClass::ERROR;
    StunDiscovery refused(g_server, {true, true});
    refused.Answered(g_own, answer);
    EXPECT_FALSE(refused.GetFindings().reflexive);
}

// --- The server ----------------------------------------------------------------------------------

namespace
{

StunMessage
AskServer(StunServerCore& server, const StunMessage& request, uint32_t door, bool overTcp)
{
    const auto answer = server.Receive(EncodeStun(request), g_own, door, overTcp);
    StunMessage message;
    EXPECT_TRUE(answer);
    EXPECT_EQ(DecodeStun(answer->octets, message), StunError::NONE);
    EXPECT_EQ(message.transactionId, request.transactionId);
    return message;
}

} // namespace

// RFC 5780 6.1, table 1: where the answer comes from, for each request at each door
TEST(StunServerCore, AnswersByTheDoorThatIsAskedFor)
{
    StunServerCore server;
    server.SetSettings({g_server.GetIpv4(), g_otherAddress, g_server.GetPort(), OTHER_PORT});
    for (uint32_t door = 0; door < StunServerCore::DOORS; ++door)
    {
        for (const uint32_t change : {0U, 2U, 4U, 6U})
        {
            StunMessage request;
            request.changeRequest = change;
            const auto answer = server.Receive(EncodeStun(request), g_own, door, false);
            EXPECT_EQ(answer->door, door ^ change >> 1);
            StunMessage message;
            ASSERT_EQ(DecodeStun(answer->octets, message), StunError::NONE);
            EXPECT_EQ(message.xorMappedAddress, g_own);
            EXPECT_EQ(message.responseOrigin, server.GetDoor(answer->door));
            EXPECT_EQ(message.otherAddress, server.GetDoor(door ^ 3));
        }
    }
    EXPECT_EQ(server.GetDoor(3), InetSocketAddress(g_otherAddress, OTHER_PORT));
    EXPECT_EQ(server.GetCounters().bindings, 16U);
}

TEST(StunServerCore, RefusesWhatItDoesNotUnderstand)
{
    StunServerCore server;
    server.SetSettings({g_server.GetIpv4(), Ipv4Address::GetAny(), g_server.GetPort(), 0});
    StunMessage request;
    request.transactionId = {7};
    EXPECT_FALSE(AskServer(server, request, 0, false).otherAddress);
    request.changeRequest = STUN_CHANGE_PORT;
    const auto answer = AskServer(server, request, 0, false);
    EXPECT_EQ(answer.errorCode, StunStatus::UNKNOWN_ATTRIBUTE);
    EXPECT_EQ(answer.unknownAttributes, std::vector<uint16_t>{0x0003});
    // a Binding request with a comprehension-required attribute 0x7ABC and, after it, a LIFETIME
    Octets raw = EncodeStun(StunMessage());
    OctetWriter(raw).U16(0x7ABC).U16(0);
    raw[3] = 4;
    StunMessage refused;
    ASSERT_EQ(DecodeStun(server.Receive(raw, g_own, 0, true)->octets, refused), StunError::NONE);
    EXPECT_EQ(refused.errorCode, StunStatus::UNKNOWN_ATTRIBUTE);
    EXPECT_EQ(refused.reason, "Unknown Attribute");
    EXPECT_EQ(refused.unknownAttributes, std::vector<uint16_t>{0x7ABC});
    // one that ends within its value: 400
    OctetWriter(raw).U16(0x000D).U16(9);
    raw[3] = 8;
    ASSERT_EQ(DecodeStun(server.Receive(raw, g_own, 0, true)->octets, refused), StunError::NONE);
    EXPECT_EQ(refused.errorCode, StunStatus::BAD_REQUEST);
    EXPECT_EQ(server.GetCounters().refused, 3U);
}

TEST(StunServerCore, SaysNothingToWhatIsNoRequest)
{
    StunServerCore server;
    server.SetSettings({g_server.GetIpv4(), Ipv4Address::GetAny(), g_server.GetPort(), 0});
    StunMessage message;
    for (const auto messageClass : {StunClass::INDICATION, StunClass::SUCCESS, StunClass::ERROR})
    {
        message.messageClass = messageClass;
        EXPECT_FALSE(server.Receive(EncodeStun(message), g_own, 0, false));
    }
    message = StunMessage();
    message.method = StunMethod::ALLOCATE;
    EXPECT_FALSE(server.Receive(EncodeStun(message), g_own, 0, false));
    EXPECT_FALSE(server.Receive({1, 2, 3}, g_own, 0, false));
    EXPECT_EQ(server.GetCounters().ignored, 4U);
    EXPECT_EQ(server.GetCounters().malformed, 1U);
}

// RFC 8489 7: a FINGERPRINT is answered with one
TEST(StunServerCore, AnswersAFingerprintWithOne)
{
    StunServerCore server;
    server.SetSettings({g_server.GetIpv4(), Ipv4Address::GetAny(), g_server.GetPort(), 0});
    StunMessage request;
    request.fingerprint = true;
    EXPECT_TRUE(AskServer(server, request, 0, false).fingerprint);
    request.fingerprint = false;
    EXPECT_FALSE(AskServer(server, request, 0, false).fingerprint);
}
