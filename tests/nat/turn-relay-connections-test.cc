// SPDX-License-Identifier: GPL-2.0-only
// The relay's core between clients and peers that exist in the test only: connections with peers,
// data connections, hostile input. RFC 6062.
#include "relay-world.h"
#include "tests/mutator.h"

#include "ns3/stun-integrity.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <set>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;
using namespace ns3::p2pim::test;

// --- Connect (RFC 6062 5.2) ----------------------------------------------------------------------

TEST(TurnRelayCore, Rfc6062_5_2_Connects)
{
    RelayWorld world;
    const uint16_t port = world.Allocate();
    EXPECT_FALSE(world.Ask(CONTROL, MakeConnect(g_peer))) << "the answer waits for the peer";
    ASSERT_EQ(world.connecting.size(), 1U);
    const auto [connection, way] = *world.connecting.begin();
    EXPECT_EQ(way.first, port);
    EXPECT_EQ(way.second, g_peer);
    EXPECT_EQ(world.Refused(DATA, MakeBind(connection)), 400U) << "not yet";
    world.core.PeerConnected(connection, world.now);
    EXPECT_EQ(world.GetLast(CONTROL).messageClass, StunClass::SUCCESS);
    EXPECT_EQ(world.GetLast(CONTROL).method, StunMethod::CONNECT);
    EXPECT_EQ(world.GetLast(CONTROL).connectionId, connection);
    EXPECT_TRUE(HasStunIntegrity(world.sent[CONTROL].back(),
                                 world.GetLast(CONTROL),
                                 MakeLongTermKey("u", "example.org", "secret")));
    EXPECT_EQ(world.Refused(DATA, MakeBind(connection)), 0U);
}

TEST(TurnRelayCore, Rfc6062_5_2_RefusesASecondConnectionToAPeer)
{
    RelayWorld world;
    world.Allocate();
    world.Ask(CONTROL, MakeConnect(g_peer));
    EXPECT_EQ(world.Refused(CONTROL, MakeConnect(g_peer)), 446U) << "being made";
    const uint32_t connection = world.connecting.begin()->first;
    world.core.PeerConnected(connection, world.now);
    EXPECT_EQ(world.Refused(CONTROL, MakeConnect(g_peer)), 446U) << "pending";
    world.Ask(DATA, MakeBind(connection));
    EXPECT_EQ(world.Refused(CONTROL, MakeConnect(g_peer)), 446U) << "active";
    world.core.PeerClosed(connection);
    world.Ask(CONTROL, MakeConnect(g_peer));
    EXPECT_EQ(world.connecting.size(), 2U) << "over";
}

TEST(TurnRelayCore, Rfc6062_5_2_RefusesConnects)
{
    RelayWorld world;
    EXPECT_EQ(world.Refused(CONTROL, MakeConnect(g_peer)), 437U);
    world.Allocate();
    EXPECT_EQ(world.Refused(CONTROL, Make(StunMethod::CONNECT)), 400U);
    StunMessage two = MakeConnect(g_peer);
    two.xorPeerAddresses.push_back(g_peer);
    EXPECT_EQ(world.Refused(CONTROL, two), 400U);
    EXPECT_TRUE(world.connecting.empty());
}

TEST(TurnRelayCore, Rfc6062_5_2_SaysThatAConnectionFailedOrTookTooLong)
{
    RelayWorld world;
    world.Allocate();
    world.Ask(CONTROL, MakeConnect(g_peer));
    world.core.PeerClosed(world.connecting.begin()->first);
    EXPECT_EQ(world.GetLast(CONTROL).errorCode, StunStatus::CONNECTION_TIMEOUT_OR_FAILURE);
    EXPECT_TRUE(world.closedPeers.empty()) << "there is nothing to close";
    world.Ask(CONTROL, MakeConnect(g_peer));
    EXPECT_EQ(world.core.GetDeadline(), world.now + Seconds(30));
    world.now += Seconds(30);
    world.core.Advance(world.now);
    EXPECT_EQ(world.GetLast(CONTROL).errorCode, StunStatus::CONNECTION_TIMEOUT_OR_FAILURE);
    EXPECT_EQ(world.closedPeers.size(), 1U);
    EXPECT_EQ(world.core.GetCounters().connectsFailed, 2U);
    EXPECT_EQ(world.core.GetConnections(), 0U);
    world.core.PeerConnected(world.connecting.rbegin()->first, world.now); // too late
    EXPECT_EQ(world.core.GetCounters().connects, 0U);
}

// --- Data connections (RFC 6062 5.4, 5.5) --------------------------------------------------------

TEST(TurnRelayCore, Rfc6062_5_4_RefusesToBind)
{
    RelayWorld world;
    const uint16_t port = world.Allocate();
    const uint32_t connection = *world.core.PeerAccepted(port, g_peer, world.now);
    EXPECT_EQ(world.Refused(DATA, Make(StunMethod::CONNECTION_BIND)), 400U);
    EXPECT_EQ(world.Refused(DATA, MakeBind(connection + 1)), 400U);
    EXPECT_EQ(world.Refused(DATA, MakeBind(connection), "v"), 441U);
    EXPECT_EQ(world.Refused(CONTROL, MakeBind(connection)), 400U) << "a control connection";
    EXPECT_EQ(world.Refused(DATA, MakeBind(connection)), 0U);
    EXPECT_EQ(world.Refused(3, MakeBind(connection)), 400U) << "it is bound";
    EXPECT_EQ(world.joined.size(), 1U);
}

TEST(TurnRelayCore, Rfc6062_5_5_DataConnectionsEndTogether)
{
    for (int how = 0; how < 4; ++how)
    {
        RelayWorld world;
        const uint16_t port = world.Allocate();
        const uint32_t connection = *world.core.PeerAccepted(port, g_peer, world.now);
        world.Ask(DATA, MakeBind(connection));
        EXPECT_EQ(world.core.GetDeadline(), world.now + Seconds(600)) << "it does not time out";
        switch (how)
        {
        case 0:
            world.core.ClientClosed(DATA);
            EXPECT_TRUE(world.closedClients.empty());
            break;
        case 1:
            world.core.PeerClosed(connection);
            EXPECT_TRUE(world.closedPeers.empty());
            break;
        case 2:
            world.core.ClientClosed(CONTROL);
            break;
        default:
            world.core.Advance(world.now + Seconds(600));
            break;
        }
        EXPECT_EQ(world.closedClients.count(DATA), how == 0 ? 0U : 1U) << how;
        EXPECT_EQ(world.closedPeers.count(connection), how == 1 ? 0U : 1U) << how;
        EXPECT_EQ(world.core.GetConnections(), 0U);
        EXPECT_EQ(world.core.GetAllocations(), how < 2 ? 1U : 0U);
        world.core.ClientClosed(DATA); // what is over ends without harm
        world.core.PeerClosed(connection);
    }
}

// --- Hostile input -------------------------------------------------------------------------------

// Spoilt and good messages, connections and times in any order: no crash (this runs under ASan,
// too), never more than the limits, and nothing left when all clients are gone.
TEST(TurnRelayCore, SurvivesAnything)
{
    RelayWorld world;
    world.settings.authenticate = false;
    world.core.SetSettings(world.settings);
    ::p2pim::test::MessageMutator mutator;
    std::mt19937 random(20090401);
    const std::vector<StunMessage> messages = {MakeAllocate(),
                                               MakeRefresh(0),
                                               MakeRefresh(600),
                                               MakePermission({g_peer}),
                                               MakeConnect(g_peer),
                                               MakeBind(1)};
    uint64_t last = 6;
    uint64_t first = 1;
    uint32_t newest = 0; // number of a connection
    for (int i = 0; i < 100000; ++i)
    {
        const uint64_t client = first + random() % (last - first + 1);
        StunMessage message = messages[random() % messages.size()];
        const uint32_t connection = newest - random() % 6;
        message.connectionId = connection;
        Octets octets = EncodeStun(message);
        switch (random() % 8)
        {
        case 0:
            newest =
                std::max(newest,
                         world.core
                             .PeerAccepted(static_cast<uint16_t>(FIRST_PORT + random() % 5),
                                           {g_peer.GetIpv4(), static_cast<uint16_t>(random() % 4)},
                                           world.now)
                             .value_or(0));
            break;
        case 1:
            world.core.PeerConnected(connection, world.now);
            break;
        case 2:
            world.core.PeerClosed(connection);
            break;
        case 3:
            world.now += Seconds(static_cast<double>(random() % 20));
            world.core.Advance(world.now);
            break;
        case 4:
            if (random() % 10 == 0)
            {
                world.core.ClientClosed(first++);
                ++last;
                world.core.ClientConnected(last, RelayWorld::From(last % 1000));
            }
            break;
        case 5:
            octets = mutator.Mutate(octets);
            [[fallthrough]];
        default:
            world.core.Receive(client, octets, world.now);
            newest =
                std::max(newest, world.connecting.empty() ? 0 : world.connecting.rbegin()->first);
            break;
        }
        world.closedPeers.clear();
        world.sent.clear();
        ASSERT_LE(world.core.GetAllocations(), world.settings.maxAllocations);
        ASSERT_LE(world.core.GetConnections(),
                  std::size_t(world.settings.maxAllocations * world.settings.maxConnections));
        ASSERT_EQ(world.listening.size(), world.core.GetAllocations());
    }
    EXPECT_GT(world.core.GetCounters().joined, 10U);
    EXPECT_GT(world.core.GetCounters().unbound, 10U);
    while (first <= last)
    {
        world.core.ClientClosed(first++);
    }
    EXPECT_EQ(world.core.GetAllocations(), 0U);
    EXPECT_EQ(world.core.GetConnections(), 0U);
    EXPECT_EQ(world.core.GetDeadline(), Time::Max());
}
