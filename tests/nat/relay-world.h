// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_RELAY_WORLD_H
#define P2PIM_TESTS_RELAY_WORLD_H

#include "ns3/stun-requester.h"
#include "ns3/turn-relay-core.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{
namespace test
{

inline const Ipv4Address g_relay("198.51.100.9");
inline const InetSocketAddress g_peer("203.0.113.5", 4000);
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

inline StunMessage
Make(StunMethod method)
{
    StunMessage message;
    message.method = method;
    return message;
}

inline StunMessage
MakeAllocate()
{
    StunMessage message = Make(StunMethod::ALLOCATE);
    message.requestedTransport = STUN_TRANSPORT_TCP;
    return message;
}

inline StunMessage
MakeRefresh(uint32_t lifetime)
{
    StunMessage message = Make(StunMethod::REFRESH);
    message.lifetime = lifetime;
    return message;
}

inline StunMessage
MakePermission(const std::vector<InetSocketAddress>& peers)
{
    StunMessage message = Make(StunMethod::CREATE_PERMISSION);
    message.xorPeerAddresses = peers;
    return message;
}

inline StunMessage
MakeConnect(const InetSocketAddress& peer)
{
    StunMessage message = Make(StunMethod::CONNECT);
    message.xorPeerAddresses = {peer};
    return message;
}

inline StunMessage
MakeBind(uint32_t connection)
{
    StunMessage message = Make(StunMethod::CONNECTION_BIND);
    message.connectionId = connection;
    return message;
}

inline uint16_t
RelayWorld::Allocate(uint64_t client, const std::string& user)
{
    const auto answer = Ask(client, MakeAllocate(), user);
    EXPECT_TRUE(answer && answer->xorRelayedAddress);
    EXPECT_EQ(Refused(client, MakePermission({g_peer}), user), 0U);
    return answer->xorRelayedAddress->GetPort();
}

} // namespace test
} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TESTS_RELAY_WORLD_H
