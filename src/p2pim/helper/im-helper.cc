// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/im-helper.h"

#include "ns3/abort.h"
#include "ns3/gsm-radio-conditions.h"
#include "ns3/im-server-based-client.h"
#include "ns3/inet-socket-address.h"
#include "ns3/object-factory.h"
#include "ns3/peer-to-peer-client.h"
#include "ns3/pin-peer-to-peer-client.h"
#include "ns3/pointer.h"
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

/// @return what a class of this module is made by.
template <typename T>
Ptr<T>
Make(const std::string& name)
{
    ObjectFactory factory;
    factory.SetTypeId("ns3::p2pim::" + name);
    return factory.Create<T>();
}

/// @return the password that a client has as its attribute Password; empty if it has none.
std::string
GetPassword(const ImClient& client)
{
    StringValue password("");
    client.GetAttributeFailSafe("Password", password);
    return password.Get();
}

} // namespace

const std::vector<ImHelper::Scheme>&
ImHelper::GetSchemes()
{
    static const std::vector<Scheme> schemes{
        {"p2p",
         "invitation by SMS, then MSRP over TCP between the two phones",
         false,
         "PeerToPeerClient",
         ""},
        {"p2p-pin",
         "invitation by PIN-to-PIN message, then MSRP over TCP between the two phones",
         true,
         "PinPeerToPeerClient",
         "PinRelay"},
        {"sip-message",
         "SIP REGISTER and MESSAGE over UDP through a proxy",
         true,
         "SipMessageClient",
         "SipProxyServer"},
        {"im-server",
         "persistent TCP connection to a log-in server that relays",
         true,
         "ImServerClient",
         "ImServer"},
    };
    return schemes;
}

ImHelper::ImHelper(const std::string& scheme, Ptr<CellularNetwork> network)
    : m_scheme(FindScheme(scheme)),
      m_network(network),
      m_sessionIds(CreateObject<UniformRandomVariable>()),
      m_pcpTimes(CreateObject<UniformRandomVariable>())
{
    if (m_scheme.hasServer)
    {
        m_server = Make<ChatServer>(m_scheme.server);
        network->GetServer()->AddApplication(m_server);
    }
    // what the clients share is that of the first one
    const auto client = DynamicCast<PeerToPeerClient>(Make<ImClient>(m_scheme.client));
    if (!client)
    {
        return;
    }
    PointerValue intervals;
    client->GetAttribute("PunchInterval", intervals);
    m_punchIntervals = intervals.Get<RandomVariableStream>();
    if (client->GetTraversal() != TRAVERSAL_DIRECT)
    {
        m_traversal = CreateObject<TraversalServers>();
        m_traversal->Build(network->GetInternet());
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
    auto client = Make<ImClient>(m_scheme.client);
    client->SetMsisdn(CellularNetwork::GetMsisdn(phone));
    if (auto peer = DynamicCast<PeerToPeerClient>(client))
    {
        Prepare(*peer);
    }
    if (m_server)
    {
        UintegerValue port;
        m_server->GetAttribute("Port", port);
        const InetSocketAddress address(m_network->GetServerAddress(),
                                        static_cast<uint16_t>(port.Get()));
        if (auto pin = DynamicCast<PinPeerToPeerClient>(client))
        {
            pin->SetMsisdn(PinPeerToPeerClient::MakePin(client->GetMsisdn()));
            pin->SetRelay(address);
        }
        else
        {
            DynamicCast<ImServerBasedClient>(client)->SetServer(address);
        }
        m_server->AddUser(client->GetMsisdn(), GetPassword(*client));
    }
    if (m_traversal)
    {
        m_traversal->AddUser(client->GetMsisdn());
    }
    phone->AddApplication(client);
    return client;
}

void
ImHelper::Prepare(PeerToPeerClient& client)
{
    client.SetSessionIdSource(m_sessionIds);
    client.SetPcpTimeSource(m_pcpTimes);
    client.SetAttribute("PunchInterval", PointerValue(m_punchIntervals));
    if (m_traversal)
    {
        client.SetTraversalServers(m_traversal->GetStun(), m_traversal->GetRelay());
    }
}

std::vector<std::pair<std::string, CounterList>>
ImHelper::GetCounters() const
{
    std::vector<std::pair<std::string, CounterList>> counters;
    if (m_server)
    {
        counters.emplace_back("server", m_server->GetCounters());
    }
    if (m_traversal)
    {
        for (auto& each : m_traversal->GetCounters())
        {
            counters.push_back(std::move(each));
        }
    }
    return counters;
}

int64_t
ImHelper::AssignStreams(int64_t first)
{
    m_sessionIds->SetStream(first);
    m_pcpTimes->SetStream(GetOptionalStreams(first));
    if (m_server)
    {
        m_server->AssignStreams(first + 1);
    }
    if (m_punchIntervals)
    {
        m_punchIntervals->SetStream(first + 4);
    }
    if (m_traversal)
    {
        m_traversal->AssignStreams(first + 5);
    }
    constexpr int64_t streams = 8;
    return streams;
}

} // namespace p2pim
} // namespace ns3
