// SPDX-License-Identifier: GPL-2.0-only
// The relay's core between clients and peers that exist in the test only. RFC 8656 and RFC 6062.
#include "tests/mutator.h"

#include "ns3/stun-integrity.h"
#include "ns3/stun-requester.h"
#include "ns3/turn-relay-core.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

const Ipv4Address g_relay("198.51.100.9");
const InetSocketAddress g_peer("203.0.113.5", 4000);
constexpr uint16_t FIRST_PORT = 50000;
constexpr uint16_t LAST_PORT = 50003;
constexpr uint64_t CONTROL = 1; ///< the first client
constexpr uint64_t DATA = 2;    ///< the second
constexpr uint8_t SCTP = 132;   ///< IANA's number

/// A relay with users u and v, and what it has done.
class RelayWorld : public TurnRelaySockets
{
  public:
    RelayWorld()
        : core(*this)
    {
        settings.relayedAddress = g_relay;
        settings.firstPort = FIRST_PORT;
        settings.lastPort = LAST_PORT;
        settings.defaultLifetime = Minutes(10);
        settings.maxLifetime = Hours(1);
        settings.permissionLifetime = Minutes(5);
        settings.connectTimeout = Seconds(30);
        settings.bindTimeout = Seconds(30);
        settings.nonceLifetime = Hours(1);
        settings.maxAllocations = 3;
        settings.maxAllocationsPerUser = 2;
        settings.maxPermissions = 3;
        settings.maxConnections = 2;
        settings.realm = "example.org";
        core.AddUser("u", "secret");
        core.SetSettings(settings);
        core.AddUser("v", "hidden");
        for (uint64_t client = 1; client <= 6; ++client)
        {
            core.ClientConnected(client, From(client));
        }
    }

    static InetSocketAddress From(uint64_t client)
    {
        return {"192.0.2.1", static_cast<uint16_t>(1000 + client)};
    }

    void Send(uint64_t client, const Octets& message) override
    {
        sent[client].push_back(message);
    }

    void CloseClient(uint64_t client) override
    {
        closedClients.insert(client);
    }

    bool Listen(uint16_t port) override
    {
        return taken.count(port) == 0 && listening.insert(port).second;
    }

    void StopListening(uint16_t port) override
    {
        EXPECT_EQ(listening.erase(port), 1U);
    }

    void Connect(uint32_t connection, uint16_t port, const InetSocketAddress& peer) override
    {
        connecting.emplace(connection, std::pair(port, peer));
    }

    void ClosePeer(uint32_t connection) override
    {
        EXPECT_TRUE(closedPeers.insert(connection).second) << "closed once";
    }

    void Join(uint64_t client, uint32_t connection) override
    {
        joined[client] = connection;
    }

    /// @return the last message to a client.
    StunMessage GetLast(uint64_t client)
    {
        StunMessage message;
        EXPECT_FALSE(sent[client].empty());
        if (!sent[client].empty())
        {
            EXPECT_EQ(DecodeStun(sent[client].back(), message), StunError::NONE);
        }
        return message;
    }

    /// Asks as a user who knows the realm and a nonce. @return the answer, if there is one.
    std::optional<StunMessage> Ask(uint64_t client,
                                   const StunMessage& request,
                                   const std::string& user = "u")
    {
        const auto [at, isNew] = m_requesters.try_emplace(
            {client, user},
            StunRequester(user, {user, user == "u" ? "secret" : "hidden", "", ""}, Seconds(39.5)));
        StunRequester& requester = at->second;
        Octets octets = requester.Begin(request, now);
        for (int i = 0; i < 3; ++i)
        {
            const std::size_t before = sent[client].size();
            core.Receive(client, octets, now);
            if (sent[client].size() == before)
            {
                return std::nullopt;
            }
            const auto outcome = requester.Receive(sent[client].back(), now);
            if (!outcome.again)
            {
                EXPECT_TRUE(outcome.answer) << "an answer that is signed as it should be";
                return outcome.answer;
            }
            octets = *outcome.again;
        }
        ADD_FAILURE() << "asked for credentials again and again";
        return std::nullopt;
    }

    /// @return the error that a request gets; 0 for success.
    uint32_t Refused(uint64_t client, const StunMessage& request, const std::string& user = "u")
    {
        const auto answer = Ask(client, request, user);
        EXPECT_TRUE(answer);
        EXPECT_EQ(answer->messageClass, answer->errorCode ? StunClass::ERROR : StunClass::SUCCESS);
        return static_cast<uint32_t>(answer->errorCode.value_or(StunStatus()));
    }

    /// Makes an allocation, with a permission for g_peer. @return its port.
    uint16_t Allocate(uint64_t client = CONTROL, const std::string& user = "u");

    TurnRelayCore::Settings settings;
    TurnRelayCore core;
    Time now = Seconds(100);
    std::map<uint64_t, std::vector<Octets>> sent;
    std::set<uint64_t> closedClients;
    std::set<uint16_t> listening;
    std::set<uint16_t> taken;
    std::map<uint32_t, std::pair<uint16_t, InetSocketAddress>> connecting;
    std::set<uint32_t> closedPeers;
    std::map<uint64_t, uint32_t> joined;

  private:
    std::map<std::pair<uint64_t, std::string>, StunRequester> m_requesters;
};

StunMessage
Make(StunMethod method)
{
    StunMessage message;
    message.method = method;
    return message;
}

StunMessage
MakeAllocate()
{
    StunMessage message = Make(StunMethod::ALLOCATE);
    message.requestedTransport = STUN_TRANSPORT_TCP;
    return message;
}

StunMessage
MakeRefresh(uint32_t lifetime)
{
    StunMessage message = Make(StunMethod::REFRESH);
    message.lifetime = lifetime;
    return message;
}

StunMessage
MakePermission(const std::vector<InetSocketAddress>& peers)
{
    StunMessage message = Make(StunMethod::CREATE_PERMISSION);
    message.xorPeerAddresses = peers;
    return message;
}

StunMessage
MakeConnect(const InetSocketAddress& peer)
{
    StunMessage message = Make(StunMethod::CONNECT);
    message.xorPeerAddresses = {peer};
    return message;
}

StunMessage
MakeBind(uint32_t connection)
{
    StunMessage message = Make(StunMethod::CONNECTION_BIND);
    message.connectionId = connection;
    return message;
}

uint16_t
RelayWorld::Allocate(uint64_t client, const std::string& user)
{
    const auto answer = Ask(client, MakeAllocate(), user);
    EXPECT_TRUE(answer && answer->xorRelayedAddress);
    EXPECT_EQ(Refused(client, MakePermission({g_peer}), user), 0U);
    return answer->xorRelayedAddress->GetPort();
}

} // namespace

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

// --- The client's side of the credentials (RFC 8489 9.2.5) ---------------------------------------

namespace
{

StunMessage
MakeChallenge(const Octets& request, StunStatus status, const std::string& nonce)
{
    StunMessage message;
    EXPECT_EQ(DecodeStun(request, message), StunError::NONE);
    StunMessage error = MakeStunError(message, status);
    error.realm = "example.org";
    error.nonce = nonce;
    return error;
}

} // namespace

TEST(StunRequester, Rfc8489_9_2_5_SignsWhenItIsAsked)
{
    StunRequester requester("a", {"u", "secret", "", ""}, Seconds(39.5));
    const Octets first = requester.Begin(MakeAllocate(), Seconds(1));
    EXPECT_EQ(requester.GetDeadline(), Seconds(40.5));
    const auto outcome =
        requester.Receive(EncodeStun(MakeChallenge(first, StunStatus::UNAUTHENTICATED, "n1")),
                          Seconds(2));
    ASSERT_TRUE(outcome.again);
    StunMessage signedOne;
    ASSERT_EQ(DecodeStun(*outcome.again, signedOne), StunError::NONE);
    EXPECT_EQ(signedOne.username, "u");
    EXPECT_EQ(signedOne.nonce, "n1");
    const Octets key = MakeLongTermKey("u", "example.org", "secret");
    EXPECT_TRUE(HasStunIntegrity(*outcome.again, signedOne, key));
    EXPECT_EQ(requester.GetDeadline(), Seconds(41.5));

    const Octets unsignedAnswer = EncodeStun(MakeStunResponse(signedOne, StunClass::SUCCESS));
    EXPECT_FALSE(requester.Receive(unsignedAnswer, Seconds(3)).answer) << "anybody could say that";
    const Octets good = EncodeStun(MakeStunResponse(signedOne, StunClass::SUCCESS), key);
    EXPECT_TRUE(requester.Receive(good, Seconds(3)).answer);
    EXPECT_FALSE(requester.Receive(good, Seconds(3)).answer) << "an answer that comes twice";
    EXPECT_EQ(requester.GetDeadline(), Time::Max());
}

TEST(StunRequester, Rfc8489_9_2_5_DoesNotAskForEver)
{
    StunRequester requester("a", {"u", "secret", "", ""}, Seconds(39.5));
    Octets request = requester.Begin(MakeAllocate(), Time());
    request =
        *requester
             .Receive(EncodeStun(MakeChallenge(request, StunStatus::UNAUTHENTICATED, "n1")), Time())
             .again;
    const auto wrong =
        requester.Receive(EncodeStun(MakeChallenge(request, StunStatus::UNAUTHENTICATED, "n2")),
                          Time());
    EXPECT_FALSE(wrong.again) << "the password is wrong";
    EXPECT_EQ(wrong.answer->errorCode, StunStatus::UNAUTHENTICATED);

    request = requester.Begin(MakeAllocate(), Time());
    uint32_t repeated = 0;
    while (
        const auto again =
            requester
                .Receive(EncodeStun(MakeChallenge(request, StunStatus::STALE_NONCE, "n3")), Time())
                .again)
    {
        request = *again;
        ++repeated;
    }
    EXPECT_EQ(repeated, 2U);
}

TEST(StunRequester, HasNoCredentialsToGive)
{
    StunRequester requester("a", {}, Seconds(39.5));
    const Octets request = requester.Begin(MakeAllocate(), Time());
    const auto outcome =
        requester.Receive(EncodeStun(MakeChallenge(request, StunStatus::UNAUTHENTICATED, "n1")),
                          Time());
    EXPECT_FALSE(outcome.again);
    EXPECT_EQ(outcome.answer->errorCode, StunStatus::UNAUTHENTICATED);
}
