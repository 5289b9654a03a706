// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * What becomes of a chat when the servers that help through NATs do not.
 */
#include "tests/nat/traversal-world.h"

#include "ns3/node-list.h"
#include "ns3/nstime.h"
#include "ns3/stun-server.h"
#include "ns3/turn-client.h"
#include "ns3/turn-relay.h"

#include <array>
#include <optional>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A user of a relay who wants nothing but an allocation.
class Occupant : public TurnClientUser
{
  public:
    void HandleAllocated(const InetSocketAddress&, const InetSocketAddress&) override
    {
    }

    void HandlePermitted() override
    {
    }

    void HandleConnection(const InetSocketAddress&, Ptr<PeerTcpSocket>, const std::string&) override
    {
    }

    void HandleConnectFailed(const InetSocketAddress&, const std::string&) override
    {
    }

    void HandleEnded(const std::string&) override
    {
    }
};

class TraversalServersTest : public ::p2pim::test::TraversalWorld
{
  protected:
    /// What a phone's client has told.
    struct User
    {
        Ptr<ImClient> client;
        std::optional<Time> ready;
        uint32_t received = 0;
        std::optional<std::string> ended; ///< the cause
    };

    /// Time from the start to the press of the button.
    static constexpr int PRESS = 20;

    /// Builds two users, who have a bearer when the first opens a chat.
    void BuildChat(const std::string& strategy, const std::string& kind)
    {
        Build(strategy, kind, kind);
        for (std::size_t n = 0; n < 2; ++n)
        {
            auto& user = m_users[n];
            user = {};
            user.client = AddClient(n);
            user.client->SetReadyCallback(Callback<void, const Msisdn&>(
                [&user](const Msisdn&) { user.ready = Simulator::Now() - Seconds(PRESS); }));
            user.client->SetReceiveCallback(Callback<void, const Msisdn&, const std::string&>(
                [&user](const Msisdn&, const std::string&) { ++user.received; }));
            user.client->SetEndCallback(Callback<void, const Msisdn&, const std::string&>(
                [&user](const Msisdn&, const std::string& cause) { user.ended = cause; }));
        }
        Simulator::Schedule(Seconds(PRESS), [this]() { m_users[0].client->Open(GetPeer(0)); });
    }

    /// @return the number of the other user.
    Msisdn GetPeer(std::size_t user) const
    {
        return m_users[1 - user].client->GetMsisdn();
    }

    /// @return the node that has a server.
    template <typename Server>
    static Ptr<Node> FindHost()
    {
        for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
        {
            for (uint32_t n = 0; n < (*node)->GetNApplications(); ++n)
            {
                if (DynamicCast<Server>((*node)->GetApplication(n)))
                {
                    return *node;
                }
            }
        }
        return nullptr;
    }

    /// From now on a server is not heard of.
    template <typename Server>
    static void Silence()
    {
        FindHost<Server>()->template GetObject<Ipv4>()->SetDown(1);
    }

    /// @return whether both have a connection, and a message goes either way.
    bool Talks()
    {
        const std::array<uint32_t, 2> before{m_users[0].received, m_users[1].received};
        for (std::size_t n = 0; n < 2 && m_users[0].ready && m_users[1].ready; ++n)
        {
            m_users[n].client->Send(GetPeer(n), "hello");
        }
        RunFor(Seconds(30));
        return m_users[0].received == before[0] + 1 && m_users[1].received == before[1] + 1;
    }

    std::array<User, 2> m_users;
};

} // namespace

// RFC 8489 6.2.2: each end waits for Ti, 39.5 s, and goes on with the address that it knows
TEST_F(TraversalServersTest, ASilentStunServerCostsItsTimeOutTwice)
{
    for (const auto* strategy : {"Punch", "PredictedPunch"})
    {
        BuildChat(strategy, "none");
        Silence<StunServer>();
        RunFor(Minutes(4));
        EXPECT_TRUE(Talks()) << strategy;
        EXPECT_GT(*m_users[0].ready, Seconds(2 * 39.5));
        EXPECT_LT(*m_users[0].ready, Seconds(2 * 39.5 + 30));
    }
}

// without an address to be reached at the attempts lead nowhere, for 175 s
TEST_F(TraversalServersTest, BehindNatsASilentStunServerIsTheEnd)
{
    BuildChat("KeptMapping", "rfc");
    Silence<StunServer>();
    RunFor(Minutes(6));
    EXPECT_EQ(m_users[0].ended, "invitation unanswered");
    EXPECT_EQ(m_users[1].ended, "tcp timeout");
    BuildChat("Punch", "rfc");
    Silence<StunServer>();
    RunFor(Minutes(6));
    EXPECT_EQ(m_users[0].ended, "not traversed");
    EXPECT_EQ(m_users[1].ended, "not traversed");
}

// the target knows why; the initiator hears nothing
TEST_F(TraversalServersTest, ASilentRelayIsTheEndOfRelayOnly)
{
    BuildChat("Relay", "rfc");
    Silence<TurnRelay>();
    RunFor(Minutes(6));
    EXPECT_EQ(m_users[1].ended, "relay timeout");
    EXPECT_EQ(m_users[0].ended, "invitation unanswered");

    BuildChat("RelayAfterPunch", "port-restricted");
    Silence<TurnRelay>();
    RunFor(Minutes(4));
    EXPECT_TRUE(Talks());
    EXPECT_GT(*m_users[0].ready, Seconds(39.5)); // the answer has waited for the relay
}

// RFC 8656 7.2: 508 as no port is left, 486 as the user has as many as it may
TEST_F(TraversalServersTest, AnAllocationThatIsRefusedIsTheEndOfRelayOnly)
{
    const struct
    {
        const char* attribute;
        uint32_t value;
        std::size_t occupant; ///< whose name it has
        const char* cause;
    } cases[] = {{"MaxAllocations", 1, 0, "relay 508"},
                 {"MaxAllocationsPerUser", 1, 1, "relay 486"}};

    for (const auto& each : cases)
    {
        Config::SetDefault(std::string("ns3::p2pim::TurnRelay::") + each.attribute,
                           UintegerValue(each.value));
        for (const auto* strategy : {"Relay", "RelayAfterPunch"})
        {
            BuildChat(strategy, "port-restricted");
            Occupant user;
            const auto occupant = CreateObject<TurnClient>();
            const auto name = m_users[each.occupant].client->GetMsisdn();
            const auto host = FindHost<TurnRelay>();
            const InetSocketAddress relay(host->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal(),
                                          STUN_PORT);
            occupant->Start(FindHost<StunServer>(), relay, name, name, user);
            RunFor(Minutes(5));
            if (std::string(strategy) == "Relay")
            {
                EXPECT_EQ(m_users[1].ended, each.cause);
                EXPECT_EQ(m_users[0].ended, "invitation unanswered");
            }
            else
            {
                EXPECT_TRUE(Talks()) << each.cause;
            }
        }
        Config::Reset();
    }
}

// RFC 8656 3.2, 9: an allocation lasts for 10 minutes and a permission for 5, so both are renewed
// while the answer is on its way for half an hour, and while the users have nothing to say
TEST_F(TraversalServersTest, ARelayedAddressLastsAsLongAsTheWaitAndTheChat)
{
    Config::SetDefault("ns3::p2pim::PeerToPeerClient::InvitationTimeout", TimeValue(Hours(2)));
    Config::SetDefault("ns3::p2pim::Smsc::ServiceTime",
                       StringValue("ns3::ConstantRandomVariable[Constant=1800]"));
    BuildChat("Relay", "symmetric");
    RunFor(Minutes(65));
    EXPECT_TRUE(Talks());
    RunFor(Minutes(100)); // a NAT forgets a connection after 2 h 4 min (RFC 5382 REQ-5)
    EXPECT_FALSE(m_users[0].ended);
    EXPECT_TRUE(Talks());
}

// the relay goes away, for good
TEST_F(TraversalServersTest, AChatOverARelayEndsWithIt)
{
    BuildChat("Relay", "symmetric");
    RunFor(Minutes(2));
    ASSERT_TRUE(Talks());
    Silence<TurnRelay>();
    m_users[0].client->Send(GetPeer(0), "hello?");
    RunFor(Minutes(15));
    EXPECT_EQ(m_users[0].ended, "msrp timeout");
    EXPECT_EQ(m_users[1].ended, "relay timeout"); // at its next refresh
}

// RFC 6887 11.2.1, 15: a chat longer than the mapping's life of ten minutes, and its end
TEST_F(TraversalServersTest, ARequestedPortLastsAsLongAsTheWaitAndTheChat)
{
    Config::SetDefault("ns3::p2pim::PeerToPeerClient::InvitationTimeout", TimeValue(Hours(2)));
    Config::SetDefault("ns3::p2pim::Smsc::ServiceTime",
                       StringValue("ns3::ConstantRandomVariable[Constant=1800]"));
    BuildChat("RequestedAddress", "port-restricted");
    RunFor(Minutes(40));
    EXPECT_TRUE(Talks());
    const auto& gateway = m_operators->GetNetworks()[0]->GetGateways()->GetGateways()[0];
    RunFor(Hours(3)); // TCP's own time is 2 h 4 min
    EXPECT_EQ(gateway->GetCore().GetMappings(), 1U);
    m_users[0].client->Close(GetPeer(0));
    RunFor(Minutes(10));
    EXPECT_FALSE(
        gateway->RequestMapping(NatProtocol::TCP, {Ipv4Address("10.0.0.2").Get(), 49153}, Time()));
    EXPECT_EQ(gateway->GetCore().GetMappings(), 0U);
}
