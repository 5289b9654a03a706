// SPDX-License-Identifier: GPL-2.0-only
// The relay's core between clients and peers that exist in the test only: credentials, allocations,
// permissions. RFC 8656 and RFC 6062.
#include "relay-world.h"

#include "ns3/stun-integrity.h"

#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;
using namespace ns3::p2pim::test;

// --- Credentials (RFC 8489 9.2.4) ----------------------------------------------------------------

TEST(TurnRelayCore, Rfc8489_9_2_4_AsksForCredentials)
{
    RelayWorld world;
    world.core.Receive(CONTROL, EncodeStun(MakeAllocate()), world.now);
    const StunMessage answer = world.GetLast(CONTROL);
    EXPECT_EQ(answer.errorCode, StunStatus::UNAUTHENTICATED);
    EXPECT_EQ(answer.realm, "example.org");
    EXPECT_TRUE(answer.nonce && !answer.nonce->empty());
    EXPECT_EQ(answer.integrityAt, 0U);
    EXPECT_EQ(world.core.GetCounters().challenges, 1U);
    EXPECT_EQ(world.core.GetAllocations(), 0U);
}

TEST(TurnRelayCore, Rfc8489_9_2_4_RefusesWrongCredentials)
{
    RelayWorld world;
    world.core.Receive(CONTROL, EncodeStun(MakeAllocate()), world.now);
    StunMessage request = MakeAllocate();
    request.username = "u";
    request.realm = "example.org";
    request.nonce = world.GetLast(CONTROL).nonce;
    const Octets good = MakeLongTermKey("u", "example.org", "secret");
    const auto refused = [&](const StunMessage& message, const Octets& key) {
        world.core.Receive(CONTROL, EncodeStun(message, key), world.now);
        return static_cast<uint32_t>(world.GetLast(CONTROL).errorCode.value_or(StunStatus()));
    };
    EXPECT_EQ(refused(request, MakeLongTermKey("u", "example.org", "Secret")), 401U);
    StunMessage other = request;
    other.username = "nobody";
    EXPECT_EQ(refused(other, good), 401U);
    for (auto field : {&StunMessage::username, &StunMessage::realm, &StunMessage::nonce})
    {
        other = request;
        (other.*field).reset();
        EXPECT_EQ(refused(other, good), 400U);
    }
    for (const char* nonce : {"", "x", "ffffffffffffffff", "7fffffffffffffff", "-1", "12 "})
    {
        other = request;
        other.nonce = nonce;
        EXPECT_EQ(refused(other, good), 438U) << nonce;
    }
    EXPECT_EQ(refused(request, good), 0U);
    EXPECT_EQ(world.core.GetAllocations(), 1U);
}

// a nonce lasts for an hour; the client takes the new one and asks again
TEST(TurnRelayCore, Rfc8489_9_2_4_StaleNonceIsReplaced)
{
    RelayWorld world;
    world.Allocate();
    world.now += Hours(1) - Seconds(1);
    EXPECT_EQ(world.Refused(CONTROL, MakeRefresh(600)), 0U);
    EXPECT_EQ(world.core.GetCounters().challenges, 1U);
    world.now += Seconds(1);
    EXPECT_EQ(world.Refused(CONTROL, MakeRefresh(600)), 0U);
    EXPECT_EQ(world.core.GetCounters().challenges, 2U);
}

TEST(TurnRelayCore, WorksWithoutCredentialsWhereNoneAreNeeded)
{
    RelayWorld world;
    world.settings.authenticate = false;
    world.core.SetSettings(world.settings);
    world.core.Receive(CONTROL, EncodeStun(MakeAllocate()), world.now);
    EXPECT_EQ(world.GetLast(CONTROL).messageClass, StunClass::SUCCESS);
    EXPECT_EQ(world.GetLast(CONTROL).integrityAt, 0U);
    EXPECT_EQ(world.core.GetCounters().challenges, 0U);
}

// --- Allocate (RFC 8656 7.2, RFC 6062 5.1) -------------------------------------------------------

TEST(TurnRelayCore, Rfc8656_7_2_Allocates)
{
    RelayWorld world;
    const auto answer = world.Ask(CONTROL, MakeAllocate());
    ASSERT_EQ(answer->messageClass, StunClass::SUCCESS);
    EXPECT_EQ(answer->xorRelayedAddress, InetSocketAddress(g_relay, FIRST_PORT));
    EXPECT_EQ(answer->xorMappedAddress, RelayWorld::From(CONTROL));
    EXPECT_EQ(answer->lifetime, 600U);
    EXPECT_EQ(world.listening, std::set<uint16_t>{FIRST_PORT});
}

TEST(TurnRelayCore, Rfc6062_5_1_RefusesWhatItCannotAllocate)
{
    RelayWorld world;
    StunMessage request = Make(StunMethod::ALLOCATE);
    EXPECT_EQ(world.Refused(CONTROL, request), 400U) << "no REQUESTED-TRANSPORT";
    request.requestedTransport = SCTP;
    EXPECT_EQ(world.Refused(CONTROL, request), 442U);
    request.requestedTransport = STUN_TRANSPORT_UDP;
    EXPECT_EQ(world.Refused(CONTROL, request), 403U);
    request.requestedTransport = STUN_TRANSPORT_TCP;
    request.requestedAddressFamily = uint8_t(2);
    EXPECT_EQ(world.Refused(CONTROL, request), 440U) << "IPv6";
    EXPECT_EQ(world.core.GetAllocations(), 0U);
    request.requestedAddressFamily = STUN_FAMILY_IPV4;
    EXPECT_EQ(world.Refused(CONTROL, request), 0U);
    EXPECT_EQ(world.Refused(CONTROL, request), 437U) << "a second allocation";
    EXPECT_EQ(world.core.GetAllocations(), 1U);
    EXPECT_EQ(world.core.GetCounters().refused, 5U);
}

// DONT-FRAGMENT, EVEN-PORT, RESERVATION-TOKEN, in a request signed by hand
TEST(TurnRelayCore, Rfc6062_5_1_RefusesOptionsOfUdp)
{
    for (const Octets& option : {Octets{0, 0x1A, 0, 0},
                                 Octets{0, 0x18, 0, 1, 0, 0, 0, 0},
                                 Octets{0, 0x22, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8}})
    {
        RelayWorld world;
        world.settings.authenticate = false;
        world.core.SetSettings(world.settings);
        Octets request = EncodeStun(MakeAllocate());
        request.insert(request.end(), option.begin(), option.end());
        request[3] = static_cast<uint8_t>(request[3] + option.size());
        world.core.Receive(CONTROL, request, world.now);
        EXPECT_EQ(world.GetLast(CONTROL).errorCode, StunStatus::BAD_REQUEST);
    }
}

TEST(TurnRelayCore, Rfc8656_7_2_HasAQuotaAndACapacity)
{
    RelayWorld world;
    EXPECT_EQ(world.Refused(1, MakeAllocate()), 0U);
    EXPECT_EQ(world.Refused(2, MakeAllocate()), 0U);
    EXPECT_EQ(world.Refused(3, MakeAllocate()), 486U) << "two of one user";
    EXPECT_EQ(world.Refused(3, MakeAllocate(), "v"), 0U);
    EXPECT_EQ(world.Refused(4, MakeAllocate(), "v"), 508U) << "three in all";
    world.core.ClientClosed(1);
    EXPECT_EQ(world.Refused(5, MakeAllocate()), 0U) << "the quota is given back";
}

TEST(TurnRelayCore, RefusesWhenThePortsAreUsedUp)
{
    RelayWorld world;
    world.settings.lastPort = FIRST_PORT;
    world.core.SetSettings(world.settings);
    world.Allocate(1);
    EXPECT_EQ(world.Refused(2, MakeAllocate()), 508U);
    world.core.ClientClosed(1);
    world.taken = {FIRST_PORT};
    EXPECT_EQ(world.Refused(2, MakeAllocate()), 508U) << "somebody else has the port";
    world.taken.clear();
    EXPECT_EQ(world.Refused(2, MakeAllocate()), 0U);
}

// what has been free for the longest time comes next
TEST(TurnRelayCore, TakesPortsInTurn)
{
    RelayWorld world;
    EXPECT_EQ(world.Allocate(1), FIRST_PORT);
    world.core.ClientClosed(1);
    EXPECT_EQ(world.Allocate(2), FIRST_PORT + 1);
    EXPECT_EQ(world.Allocate(3), FIRST_PORT + 2);
}

TEST(TurnRelayCore, Rfc8489_6_3_1_RefusesAttributesThatItDoesNotUnderstand)
{
    RelayWorld world;
    world.settings.authenticate = false;
    world.core.SetSettings(world.settings);
    Octets request = EncodeStun(MakeAllocate());
    OctetWriter(request).U16(0x7ABC).U16(0);
    request[3] += 4;
    world.core.Receive(CONTROL, request, world.now);
    EXPECT_EQ(world.GetLast(CONTROL).errorCode, StunStatus::UNKNOWN_ATTRIBUTE);
    EXPECT_EQ(world.GetLast(CONTROL).unknownAttributes, std::vector<uint16_t>{0x7ABC});
    EXPECT_EQ(world.core.GetAllocations(), 0U);
}

TEST(TurnRelayCore, AnswersBindingRequestsAndNothingElseUnasked)
{
    RelayWorld world;
    world.core.Receive(CONTROL, EncodeStun(StunMessage()), world.now);
    EXPECT_EQ(world.GetLast(CONTROL).xorMappedAddress, RelayWorld::From(CONTROL));
    StunMessage indication;
    indication.messageClass = StunClass::INDICATION;
    world.core.Receive(CONTROL, EncodeStun(indication), world.now);
    world.core.Receive(CONTROL, {0, 1, 2}, world.now);
    world.core.Receive(99, EncodeStun(StunMessage()), world.now);
    EXPECT_EQ(world.sent[CONTROL].size(), 1U);
    EXPECT_EQ(world.core.GetCounters().malformed, 1U);
    EXPECT_EQ(world.Refused(CONTROL, Make(static_cast<StunMethod>(0x009))), 400U) << "a channel";
}

// --- Lifetimes (RFC 8656 3.2, 7.2, 8.2) ----------------------------------------------------------

TEST(TurnRelayCore, Rfc8656_7_2_LifetimeIsBetweenTenMinutesAndOneHour)
{
    for (const auto& [wanted, granted] : {std::pair(1U, 600U),
                                          std::pair(600U, 600U),
                                          std::pair(1800U, 1800U),
                                          std::pair(3600U, 3600U),
                                          std::pair(0xFFFFFFFFU, 3600U)})
    {
        RelayWorld world;
        StunMessage request = MakeAllocate();
        request.lifetime = wanted;
        EXPECT_EQ(world.Ask(CONTROL, request)->lifetime, granted);
        EXPECT_EQ(world.core.GetDeadline(), world.now + Seconds(granted));
    }
}

TEST(TurnRelayCore, Rfc8656_8_2_AllocationLastsUntilItIsNotRefreshed)
{
    RelayWorld world;
    world.Allocate();
    world.now += Seconds(599);
    world.core.Advance(world.now);
    EXPECT_EQ(world.Ask(CONTROL, MakeRefresh(600))->lifetime, 600U);
    world.now += Seconds(599);
    world.core.Advance(world.now);
    EXPECT_EQ(world.core.GetAllocations(), 1U);
    world.now += Seconds(1);
    world.core.Advance(world.now);
    EXPECT_EQ(world.core.GetAllocations(), 0U);
    EXPECT_TRUE(world.listening.empty());
    EXPECT_EQ(world.core.GetDeadline(), Time::Max());
    EXPECT_EQ(world.Refused(CONTROL, MakeRefresh(600)), 437U);
    EXPECT_EQ(world.Refused(CONTROL, MakeAllocate()), 0U) << "the connection may have another";
}

TEST(TurnRelayCore, Rfc8656_8_2_RefreshWithLifetimeZeroEndsIt)
{
    RelayWorld world;
    world.Allocate();
    EXPECT_EQ(world.Ask(CONTROL, MakeRefresh(0))->lifetime, 0U);
    EXPECT_EQ(world.core.GetAllocations(), 0U);
    EXPECT_EQ(world.core.GetDeadline(), Time::Max());
}

TEST(TurnRelayCore, EndsWithItsControlConnection)
{
    RelayWorld world;
    const uint16_t port = world.Allocate();
    const auto pending = world.core.PeerAccepted(port, g_peer, world.now);
    world.core.ClientClosed(CONTROL);
    EXPECT_EQ(world.core.GetAllocations(), 0U);
    EXPECT_EQ(world.core.GetConnections(), 0U);
    EXPECT_EQ(world.closedPeers, std::set<uint32_t>{*pending});
    EXPECT_TRUE(world.listening.empty());
    EXPECT_EQ(world.core.GetDeadline(), Time::Max());
}

TEST(TurnRelayCore, Rfc8656_5_AnotherUserMayNotTouchAnAllocation)
{
    RelayWorld world;
    world.Allocate();
    EXPECT_EQ(world.Refused(CONTROL, MakeRefresh(600), "v"), 441U);
    EXPECT_EQ(world.Refused(CONTROL, MakePermission({g_peer}), "v"), 441U);
    EXPECT_EQ(world.Refused(CONTROL, MakeConnect(g_peer), "v"), 441U);
}

TEST(TurnRelayCore, RefusesAddressesOfIpv6)
{
    RelayWorld world;
    world.settings.authenticate = false;
    world.core.SetSettings(world.settings);
    world.Allocate();
    StunMessage refresh = MakeRefresh(600);
    refresh.requestedAddressFamily = uint8_t(2);
    EXPECT_EQ(world.Refused(CONTROL, refresh), 443U);
    for (const auto method : {StunMethod::CREATE_PERMISSION, StunMethod::CONNECT})
    {
        Octets request = EncodeStun(Make(method));
        OctetWriter(request).U16(0x0012).U16(20).U16(2).Raw(Octets(18, 1));
        request[3] = 24;
        world.core.Receive(CONTROL, request, world.now);
        EXPECT_EQ(world.GetLast(CONTROL).errorCode, StunStatus::PEER_ADDRESS_FAMILY_MISMATCH);
    }
}

// --- Permissions and peers that connect (RFC 8656 9, 10; RFC 6062 5.3) ---------------------------

TEST(TurnRelayCore, Rfc6062_5_3_TellsOfAPeerThatConnects)
{
    RelayWorld world;
    const uint16_t port = world.Allocate();
    const auto connection = world.core.PeerAccepted(port, g_peer, world.now);
    ASSERT_TRUE(connection);
    const StunMessage attempt = world.GetLast(CONTROL);
    EXPECT_EQ(attempt.messageClass, StunClass::INDICATION);
    EXPECT_EQ(attempt.method, StunMethod::CONNECTION_ATTEMPT);
    EXPECT_EQ(attempt.connectionId, connection);
    EXPECT_EQ(attempt.xorPeerAddresses, std::vector<InetSocketAddress>{g_peer});
    EXPECT_EQ(world.Refused(DATA, MakeBind(*connection)), 0U);
    EXPECT_EQ(world.joined[DATA], *connection);
    EXPECT_EQ(world.core.GetCounters().joined, 1U);
}

// RFC 8656 9: five minutes, for all ports of an address
TEST(TurnRelayCore, Rfc8656_9_PermissionLastsFiveMinutes)
{
    RelayWorld world;
    world.settings.maxConnections = 9;
    world.core.SetSettings(world.settings);
    const uint16_t port = world.Allocate();
    const InetSocketAddress otherPort(g_peer.GetIpv4(), 9);
    EXPECT_FALSE(world.core.PeerAccepted(port, {"203.0.113.6", 4000}, world.now)) << "not asked";
    EXPECT_TRUE(world.core.PeerAccepted(port, g_peer, world.now + Seconds(299)));
    EXPECT_TRUE(world.core.PeerAccepted(port, otherPort, world.now + Seconds(299)));
    EXPECT_FALSE(world.core.PeerAccepted(port, {g_peer.GetIpv4(), 10}, world.now + Seconds(300)));
    EXPECT_FALSE(world.core.PeerAccepted(port + 1, g_peer, world.now)) << "a port of nobody";
    EXPECT_EQ(world.core.GetCounters().attempts, 2U);
    EXPECT_EQ(world.core.GetCounters().attemptsRefused, 2U);
}

TEST(TurnRelayCore, Rfc8656_10_PermissionIsRenewed)
{
    RelayWorld world;
    const uint16_t port = world.Allocate();
    world.now += Seconds(299);
    EXPECT_EQ(world.Refused(CONTROL, MakePermission({g_peer})), 0U);
    EXPECT_TRUE(world.core.PeerAccepted(port, g_peer, world.now + Seconds(299)));
}

TEST(TurnRelayCore, Rfc8656_10_2_RefusesPermissions)
{
    RelayWorld world;
    EXPECT_EQ(world.Refused(CONTROL, MakePermission({g_peer})), 437U);
    const uint16_t port = world.Allocate();
    EXPECT_EQ(world.Refused(CONTROL, MakePermission({})), 400U);
    const std::vector<InetSocketAddress> three = {{"203.0.113.7", 0},
                                                  {"203.0.113.8", 0},
                                                  {"203.0.113.9", 0}};
    EXPECT_EQ(world.Refused(CONTROL, MakePermission(three)), 508U) << "one was there";
    EXPECT_FALSE(world.core.PeerAccepted(port, three[0], world.now)) << "all of them or none";
    world.now += Seconds(300);
    EXPECT_EQ(world.Refused(CONTROL, MakePermission(three)), 0U) << "that one is over";
}

TEST(TurnRelayCore, LetsInEverybodyIfItDoesNotCheck)
{
    RelayWorld world;
    world.settings.checkPeers = false;
    world.core.SetSettings(world.settings);
    const uint16_t port = world.Allocate();
    EXPECT_TRUE(world.core.PeerAccepted(port, {"203.0.113.6", 4000}, world.now));
}

TEST(TurnRelayCore, HasALimitOfConnections)
{
    RelayWorld world;
    const uint16_t port = world.Allocate();
    EXPECT_TRUE(world.core.PeerAccepted(port, g_peer, world.now));
    EXPECT_EQ(world.Refused(DATA, MakeConnect(g_peer)), 437U);
    world.Ask(CONTROL, MakeConnect({"203.0.113.7", 7}));
    EXPECT_EQ(world.connecting.size(), 1U);
    EXPECT_FALSE(world.core.PeerAccepted(port, {g_peer.GetIpv4(), 9}, world.now));
    EXPECT_EQ(world.Refused(CONTROL, MakeConnect({"203.0.113.8", 7})), 508U);
}

// RFC 6062 5.3: "If no ConnectionBind request ... after 30 seconds ... MUST be closed"
TEST(TurnRelayCore, Rfc6062_5_3_PeerThatIsNotBoundIsClosedAfter30s)
{
    RelayWorld world;
    const uint16_t port = world.Allocate();
    const auto connection = world.core.PeerAccepted(port, g_peer, world.now);
    EXPECT_EQ(world.core.GetDeadline(), world.now + Seconds(30));
    world.now += Seconds(30);
    world.core.Advance(world.now);
    EXPECT_EQ(world.closedPeers, std::set<uint32_t>{*connection});
    EXPECT_EQ(world.Refused(DATA, MakeBind(*connection)), 400U);
    EXPECT_EQ(world.core.GetCounters().unbound, 1U);
    EXPECT_EQ(world.core.GetAllocations(), 1U);
}
