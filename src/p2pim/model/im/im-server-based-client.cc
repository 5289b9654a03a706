// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/im-server-based-client.h"

#include "ns3/node.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(ImServerBasedClient);

TypeId
ImServerBasedClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::ImServerBasedClient").SetParent<ImClient>().SetGroupName("P2pim");
    return tid;
}

ImServerBasedClient::~ImServerBasedClient() = default;

void
ImServerBasedClient::DoDispose()
{
    m_chats.clear();
    m_waiting.clear();
    ImClient::DoDispose();
}

void
ImServerBasedClient::SetServer(const InetSocketAddress& server)
{
    m_server = server;
}

const InetSocketAddress&
ImServerBasedClient::GetServer() const
{
    return *m_server;
}

Ptr<PacketBearer>
ImServerBasedClient::GetBearer() const
{
    return GetNode()->GetObject<PacketBearer>();
}

void
ImServerBasedClient::GoOnline()
{
    if (!m_starting && !IsServiceUp())
    {
        Start();
    }
}

void
ImServerBasedClient::Open(const Msisdn& peer)
{
    m_chats.insert(peer);
    if (!m_starting && IsServiceUp())
    {
        for (const SessionStep step : m_passed)
        {
            NotifyStep(peer, step);
        }
        NotifyReady(peer);
        return;
    }
    m_waiting.push_back(peer);
    if (!m_starting)
    {
        Start();
        return;
    }
    for (const SessionStep step : m_passed)
    {
        NotifyStep(peer, step);
    }
}

void
ImServerBasedClient::Start()
{
    m_starting = true;
    m_passed.clear();
    GetBearer()->BringUp(MakeCallback(&ImServerBasedClient::HandleAttached, this),
                         MakeCallback(&ImServerBasedClient::HandleBearer, this));
}

void
ImServerBasedClient::HandleAttached()
{
    PassStep(SessionStep::ATTACHED);
}

void
ImServerBasedClient::HandleBearer(bool up, const std::string& cause)
{
    if (!up)
    {
        FailService(cause);
        return;
    }
    PassStep(SessionStep::PDP_UP);
    StartService();
}

void
ImServerBasedClient::PassStep(SessionStep step)
{
    m_passed.push_back(step);
    for (const Msisdn& peer : m_waiting)
    {
        NotifyStep(peer, step);
    }
}

void
ImServerBasedClient::FinishService()
{
    m_starting = false;
    for (const Msisdn& peer : std::exchange(m_waiting, {}))
    {
        if (HasChat(peer))
        {
            NotifyReady(peer);
        }
    }
}

void
ImServerBasedClient::FailService(const std::string& cause)
{
    m_starting = false;
    for (const Msisdn& peer : std::exchange(m_waiting, {}))
    {
        EndChat(peer, cause);
    }
}

bool
ImServerBasedClient::HasChat(const Msisdn& peer) const
{
    return m_chats.count(peer) > 0;
}

void
ImServerBasedClient::AcceptChat(const Msisdn& peer)
{
    m_chats.insert(peer);
}

void
ImServerBasedClient::EndChat(const Msisdn& peer, const std::string& cause)
{
    if (m_chats.erase(peer) == 0)
    {
        return;
    }
    m_waiting.erase(std::remove(m_waiting.begin(), m_waiting.end(), peer), m_waiting.end());
    NotifyEnded(peer, cause);
}

void
ImServerBasedClient::EndAllChats(const std::string& cause)
{
    for (const Msisdn& peer : std::set<Msisdn>(m_chats))
    {
        EndChat(peer, cause);
    }
}

} // namespace p2pim
} // namespace ns3
