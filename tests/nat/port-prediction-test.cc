// SPDX-License-Identifier: GPL-2.0-only
#include "tests/scenarios/operator-settings.h"

#include "ns3/config.h"
#include "ns3/enum.h"
#include "ns3/im-helper.h"
#include "ns3/operator-defaults.h"
#include "ns3/operators.h"
#include "ns3/peer-to-peer-client.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <array>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::test::SetForOperator;

namespace
{

// NATs that count the ports of their mappings, each connection having one of its own
const std::string g_counting = "symmetric allocation=sequential keeps-parity=no";

/// One chat after the other between phones of two operators, by PredictedPunch.
class PortPredictionTest : public testing::Test
{
  protected:
    static constexpr uint32_t WINDOW = 8;

    /// What has happened in a chat.
    struct Chat
    {
        bool connects = false;
        std::vector<SessionStep> steps; ///< of both
        std::array<Time, 2> sampled{};  ///< when the last mapping towards the STUN server was made
        std::array<std::optional<Time>, 2> dialled{}; ///< when the first one towards the other NAT
        std::array<uint32_t, 2> mappings{};           ///< made by each NAT
    };

    ~PortPredictionTest() override
    {
        CleanUp();
    }

    static void CleanUp()
    {
        Simulator::Destroy();
        OperatorDefaults::Reset();
        Config::Reset();
    }

    /// @return what becomes of @p count chats, a minute between two.
    std::vector<Chat> Run(const std::string& initiatorSide,
                          const std::string& targetSide,
                          uint32_t count = 1,
                          const std::string& strategy = "PredictedPunch")
    {
        CleanUp();
        Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", UintegerValue(1));
        Config::SetDefault("ns3::p2pim::PeerToPeerClient::Traversal", StringValue(strategy));
        Config::SetDefault("ns3::p2pim::PeerToPeerClient::PredictedPorts", UintegerValue(WINDOW));
        Config::SetDefault("ns3::p2pim::PeerToPeerClient::InvitationTimeout",
                           TimeValue(Seconds(50))); // the next chat finds the NATs quiet
        SetForOperator(1, "Ggsn", "AccessPoints", "internet=10.0.0.0/9");
        SetForOperator(2, "Ggsn", "AccessPoints", "internet=10.128.0.0/9");
        SetForOperator(1, "GiGateways", "Chain", initiatorSide);
        SetForOperator(2, "GiGateways", "Chain", targetSide);
        m_chats.assign(count, {});
        m_clients.clear();
        m_now = 0;
        Operators operators(2);
        ImHelper im("p2p", operators.GetNetworks()[0]);
        operators.AssignStreams(im.AssignStreams(1) + 1);
        for (uint32_t n = 0; n < 2; ++n)
        {
            for (const auto& gateway : operators.GetNetworks()[n]->GetGateways()->GetGateways())
            {
                gateway->TraceConnectWithoutContext(
                    "Event",
                    MakeCallback(&PortPredictionTest::Watch, this).Bind(n));
            }
        }
        for (uint32_t n = 0; n < count; ++n)
        {
            AddChat(operators, im, n);
        }
        Simulator::Stop(Seconds(60) * (count + 1));
        Simulator::Run();
        Simulator::Destroy();
        return m_chats;
    }

    void AddChat(Operators& operators, ImHelper& im, uint32_t number)
    {
        std::array<Ptr<ImClient>, 2> pair;
        for (uint32_t n = 0; n < 2; ++n)
        {
            const auto phone = operators.GetNetworks()[n]->AddPhone(0);
            pair[n] = im.Install(phone);
            pair[n]->TraceConnectWithoutContext(
                "Step",
                MakeCallback(&PortPredictionTest::Step, this).Bind(number));
            pair[n]->SetReadyCallback(MakeCallback(&PortPredictionTest::Ready, this).Bind(number));
            pair[n]->SetReceiveCallback(
                Callback<void, const Msisdn&, const std::string&>([](auto&&...) {}));
            pair[n]->SetEndCallback(
                Callback<void, const Msisdn&, const std::string&>([](auto&&...) {}));
            Simulator::ScheduleWithContext(phone->GetId(),
                                           Seconds(60) * number + Seconds(1),
                                           &ImClient::GoOnline,
                                           pair[n]);
        }
        m_clients.push_back(pair);
        Simulator::Schedule(Seconds(60) * number + Seconds(15), [this, number]() {
            m_now = number;
            m_clients[number][0]->Open(m_clients[number][1]->GetMsisdn());
        });
        Simulator::Schedule(Seconds(60) * number + Seconds(70), [this, number]() {
            m_clients[number][0]->Close(m_clients[number][1]->GetMsisdn());
        });
    }

    /// @return how many of the chats connect.
    static uint32_t CountConnected(const std::vector<Chat>& chats)
    {
        uint32_t count = 0;
        for (const auto& each : chats)
        {
            count += each.connects ? 1 : 0;
        }
        return count;
    }

    /**
     * Holds chats to theory: the NAT of the side @p counting, whose ports others take at @p rate,
     * is met if they have taken fewer than WINDOW between the last sample and the SYN, which is the
     * lower tail of Poisson's distribution. Their number lies within 3.3 standard deviations
     * (99.9 %) of the sum of these probabilities.
     */
    static void ExpectPoisson(const std::vector<Chat>& chats, uint32_t counting, double rate)
    {
        double mean = 0;
        double variance = 0;
        for (const auto& each : chats)
        {
            ASSERT_TRUE(each.dialled[counting]);
            const double time = (*each.dialled[counting] - each.sampled[counting]).GetSeconds();
            ASSERT_GT(time, 0);
            const double success = boost::math::cdf(boost::math::poisson(rate * time), WINDOW - 1);
            mean += success;
            variance += success * (1 - success);
        }
        EXPECT_NEAR(CountConnected(chats), mean, 3.3 * std::sqrt(variance) + 0.5) << rate;
        EXPECT_GT(mean, 0.05 * chats.size()) << "a test of something";
        EXPECT_LT(mean, 0.95 * chats.size());
    }

    std::vector<Chat> m_chats;
    std::vector<std::array<Ptr<ImClient>, 2>> m_clients;
    uint32_t m_now = 0; ///< the chat of the minute

  private:
    void Watch(uint32_t side, const NatEvent& event)
    {
        if (event.kind != NatEvent::Kind::MAPPING_CREATED)
        {
            return;
        }
        auto& chat = m_chats[m_now];
        ++chat.mappings[side];
        const auto pool = Ipv4Address("198.18.0.0");
        if (Ipv4Mask("255.254.0.0").IsMatch(Ipv4Address(event.remote.address), pool))
        {
            chat.dialled[side] = chat.dialled[side].value_or(event.time);
        }
        else if (!chat.dialled[side])
        {
            chat.sampled[side] = event.time;
        }
    }

    void Step(uint32_t number, const Msisdn&, SessionStep step)
    {
        m_chats[number].steps.push_back(step);
    }

    void Ready(uint32_t number, const Msisdn&)
    {
        m_chats[number].connects = true;
    }
};

} // namespace

// RFC 5128 3.6; nobody else takes ports, so what comes next is known
TEST_F(PortPredictionTest, ConnectsBehindNatsThatCountTheirPorts)
{
    const std::string byTwos = g_counting + " port-delta=2";
    for (const auto& [initiator, target] : std::vector<std::pair<std::string, std::string>>{
             {g_counting, "port-restricted"},
             {"port-restricted", g_counting},
             {g_counting, g_counting},
             {byTwos, g_counting},
             {g_counting, byTwos},
             {g_counting, "firewall"},
             {g_counting + " tcp-mapping=adm", g_counting},
             {g_counting, g_counting + " tcp-mapping=adm"},
             {"port-restricted", "port-restricted"}})
    {
        EXPECT_TRUE(Run(initiator, target)[0].connects) << initiator << " - " << target;
        const bool isCounted = initiator != "port-restricted" || target != "port-restricted";
        EXPECT_NE(Run(initiator, target, 1, "Punch")[0].connects, isCounted);
    }
}

// a window of 8 of 64512 ports meets a random one in one of 8064 chats
TEST_F(PortPredictionTest, RandomPortsAreNotPredicted)
{
    EXPECT_EQ(CountConnected(Run("symmetric", "port-restricted", 20)), 0U);
    EXPECT_EQ(CountConnected(Run("port-restricted", "symmetric", 20)), 0U);
    EXPECT_EQ(CountConnected(Run("symmetric", g_counting, 20)), 0U);
}

// the time is that of two short messages: some 20 s
TEST_F(PortPredictionTest, AnInitiatorIsMetIfFewOthersTakePortsWhileTheMessagesTravel)
{
    for (const double rate : {0.2, 0.3, 0.4})
    {
        const auto chats = Run(g_counting + " load-holding=1s load-rate=" + std::to_string(rate),
                               "port-restricted",
                               120);
        ExpectPoisson(chats, 0, rate);
    }
}

// the target dials as soon as it has its samples, so others have but a round trip or two
TEST_F(PortPredictionTest, ATargetIsMetIfFewOthersTakePortsInARoundTrip)
{
    for (const double rate : {4.0, 7.0, 9.0})
    {
        const auto chats = Run("port-restricted",
                               g_counting + " load-holding=1s load-rate=" + std::to_string(rate),
                               120);
        ExpectPoisson(chats, 1, rate);
    }
}

// four connections: the one that is held, one to each other address and port that tells the
// mapping's kind, so far as it is needed, and three samples; then one SYN, or the window
TEST_F(PortPredictionTest, SpendsNoPortsThatItDoesNotNeed)
{
    const auto one = Run("port-restricted", "port-restricted")[0];
    EXPECT_EQ(one.mappings, (std::array<uint32_t, 2>{1, 1}));
    const auto other = Run("port-restricted", g_counting)[0];
    EXPECT_EQ(other.mappings[0], 1U);
    EXPECT_EQ(other.mappings[1], 3U + 3 + 2); // the initiator's outside and inside address
    const auto both = Run(g_counting, g_counting)[0];
    EXPECT_EQ(both.mappings[1], 3U + 3 + WINDOW + 2);
}

// Auto predicts where both NATs can be predicted, and has the relay where not
TEST_F(PortPredictionTest, AutoPredictsAndHasTheRelayBehindIt)
{
    const auto counted = Run(g_counting, g_counting, 1, "Auto")[0];
    EXPECT_TRUE(counted.connects);
    EXPECT_TRUE(counted.dialled[0]);
    const auto random = Run("symmetric", g_counting, 1, "Auto")[0];
    EXPECT_TRUE(random.connects);
    EXPECT_FALSE(random.dialled[0]);
}
