// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/im-helper.h"

#include "ns3/abort.h"
#include "ns3/im-server-client.h"
#include "ns3/im-server.h"
#include "ns3/inet-socket-address.h"
#include "ns3/peer-to-peer-client.h"
#include "ns3/sip-message-client.h"
#include "ns3/sip-proxy-server.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

const ImHelper::Scheme&
FindScheme(const std::string& name)
{
    const auto& schemes = ImHelper::GetSchemes();
    const auto found = std::find_if(schemes.begin(), schemes.end(), [&name](const auto& each) {
        return each.name == name;
    });
    NS_ABORT_MSG_IF(found == schemes.end(), "no scheme " << name);
    return *found;
}

/// @return the port that an application has as its attribute Port.
uint16_t
GetPort(const Application& server)
{
    UintegerValue port;
    server.GetAttribute("Port", port);
    return static_cast<uint16_t>(port.Get());
}

/// @return the password that a client has as its attribute Password.
std::string
GetPassword(const ImClient& client)
{
    StringValue password;
    client.GetAttribute("Password", password);
    return password.Get();
}

} // namespace

const std::vector<ImHelper::Scheme>&
ImHelper::GetSchemes()
{
    static const std::vector<Scheme> schemes{
        {"p2p", "invitation by SMS, then MSRP over TCP between the two phones", false},
        {"sip-message", "SIP REGISTER and MESSAGE over UDP through a proxy", true},
        {"im-server", "persistent TCP connection to a log-in server that relays", true},
    };
    return schemes;
}

ImHelper::ImHelper(const std::string& scheme, Ptr<CellularNetwork> network)
    : m_scheme(FindScheme(scheme)),
      m_network(network),
      m_sessionIds(CreateObject<UniformRandomVariable>())
{
    if (m_scheme.name == "sip-message")
    {
        m_server = CreateObjectWithAttributes<SipProxyServer>(
            "Address",
            Ipv4AddressValue(network->GetServerAddress()));
    }
    else if (m_scheme.name == "im-server")
    {
        m_server = CreateObject<ImServer>();
    }
    if (m_server)
    {
        network->GetServer()->AddApplication(m_server);
    }
}

const ImHelper::Scheme&
ImHelper::GetScheme() const
{
    return m_scheme;
}

Ptr<ImClient>
ImHelper::Install(Ptr<Node> phone)
{
    Ptr<ImClient> client;
    if (m_server)
    {
        Ptr<ImServerBasedClient> based;
        if (m_scheme.name == "sip-message")
        {
            based = CreateObject<SipMessageClient>();
        }
        else
        {
            based = CreateObject<ImServerClient>();
        }
        based->SetServer(InetSocketAddress(m_network->GetServerAddress(), GetPort(*m_server)));
        client = based;
    }
    else
    {
        auto peer = CreateObject<PeerToPeerClient>();
        peer->SetSessionIdSource(m_sessionIds);
        client = peer;
    }
    const auto msisdn = CellularNetwork::GetMsisdn(phone);
    if (auto proxy = DynamicCast<SipProxyServer>(m_server))
    {
        proxy->AddSubscriber(msisdn);
    }
    else if (auto server = DynamicCast<ImServer>(m_server))
    {
        server->AddAccount(msisdn, GetPassword(*client));
    }
    client->SetMsisdn(msisdn);
    phone->AddApplication(client);
    return client;
}

std::vector<std::pair<std::string, CounterList>>
ImHelper::GetCounters() const
{
    if (auto proxy = DynamicCast<SipProxyServer>(m_server))
    {
        return {{"sip-proxy", proxy->GetCounters()}};
    }
    if (auto server = DynamicCast<ImServer>(m_server))
    {
        return {{"im-server", server->GetCounters()}};
    }
    return {};
}

int64_t
ImHelper::AssignStreams(int64_t first)
{
    m_sessionIds->SetStream(first);
    if (auto proxy = DynamicCast<SipProxyServer>(m_server))
    {
        proxy->AssignStreams(first + 1);
    }
    else if (auto server = DynamicCast<ImServer>(m_server))
    {
        server->AssignStreams(first + 1);
    }
    constexpr int64_t streams = 8;
    return streams;
}

} // namespace p2pim
} // namespace ns3
