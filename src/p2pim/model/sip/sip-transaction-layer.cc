// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sip-transaction-layer.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr int64_t TRANSACTION_TIMEOUT = 64; ///< timers F and J are 64 T1 (RFC 3261 table 4)

/// RFC 3261 17.1.3: a response belongs to the client transaction with its branch and method.
std::string
GetClientKey(const SipMessage& message)
{
    std::string key(message.GetBranch());
    key += ' ';
    key += message.GetMethod();
    return key;
}

/// RFC 3261 17.2.3: a request belongs to the server transaction with its branch, sent-by and
/// method.
std::string
GetServerKey(const SipMessage& message)
{
    std::string key = GetClientKey(message);
    key += ' ';
    key += message.GetSentByHost();
    key += ':';
    key += std::to_string(message.GetSentByPort());
    return key;
}

} // namespace

SipTransactionLayer::SipTransactionLayer(SipTransactionUser& user,
                                         const SipTimers& timers,
                                         SendFunction send)
    : m_user(user),
      m_timerValues(timers),
      m_send(std::move(send))
{
}

uint64_t
SipTransactionLayer::SendRequest(const SipMessage& request,
                                 const InetSocketAddress& target,
                                 Time now)
{
    Sweep(now);
    std::string bytes = request.Print();
    if (bytes.empty() || !m_send(target, bytes))
    {
        return 0;
    }
    ++m_counters.requestsSent;
    const uint64_t id = ++m_lastId;
    Client client{ClientState::TRYING,
                  GetClientKey(request),
                  std::move(bytes),
                  target,
                  m_timerValues.t1,
                  now + m_timerValues.t1,
                  now + TRANSACTION_TIMEOUT * m_timerValues.t1,
                  Time()};
    Arm(id, client);
    m_clientByKey.emplace(client.key, id);
    m_clients.emplace(id, std::move(client));
    return id;
}

void
SipTransactionLayer::SendResponse(uint64_t server, const SipMessage& response, Time now)
{
    const auto found = m_servers.find(server);
    if (found == m_servers.end() || found->second.completed)
    {
        return;
    }
    Server& transaction = found->second;
    transaction.bytes = response.Print();
    m_send(transaction.to, transaction.bytes);
    ++m_counters.responsesSent;
    if (response.GetStatus() >= 200)
    {
        CompleteServer(server, transaction, now);
    }
}

void
SipTransactionLayer::Abandon(uint64_t server, Time now)
{
    const auto found = m_servers.find(server);
    if (found != m_servers.end() && !found->second.completed)
    {
        found->second.bytes.clear();
        CompleteServer(server, found->second, now);
    }
}

void
SipTransactionLayer::Receive(SipMessage message, const InetSocketAddress& source, Time now)
{
    Sweep(now);
    if (message.IsRequest())
    {
        ReceiveRequest(std::move(message), source, now);
    }
    else
    {
        ReceiveResponse(std::move(message), now);
    }
}

void
SipTransactionLayer::ReceiveRequest(SipMessage request, const InetSocketAddress& source, Time now)
{
    std::string key = GetServerKey(request);
    const auto known = m_serverByKey.find(key);
    if (known != m_serverByKey.end())
    {
        ++m_counters.requestsRepeated;
        const Server& server = m_servers.at(known->second);
        if (!server.bytes.empty())
        {
            m_send(server.to, server.bytes);
            ++m_counters.responsesRetransmitted;
        }
        return;
    }
    request.StampReceived(source);
    ++m_counters.requestsReceived;
    const uint64_t id = ++m_lastId;
    m_serverByKey.emplace(key, id);
    m_servers.emplace(
        id,
        Server{std::move(key), {}, request.GetResponseTarget().value_or(source), false});
    m_user.OnRequest(std::move(request), id, now);
}

void
SipTransactionLayer::ReceiveResponse(SipMessage response, Time now)
{
    const auto known = m_clientByKey.find(GetClientKey(response));
    const auto found =
        known == m_clientByKey.end() ? m_clients.end() : m_clients.find(known->second);
    if (found == m_clients.end() || found->second.state == ClientState::COMPLETED)
    {
        ++m_counters.responsesDropped;
        return;
    }
    ++m_counters.responsesReceived;
    const uint64_t id = found->first;
    Client& client = found->second;
    if (response.GetStatus() >= 200)
    {
        CompleteClient(id, client, now);
    }
    else
    {
        client.state = ClientState::PROCEEDING;
    }
    m_user.OnResponse(id, std::move(response), now);
}

void
SipTransactionLayer::Advance(Time now)
{
    Sweep(now);
    for (DropStaleTimers(); !m_timers.empty() && m_timers.top().at <= now; DropStaleTimers())
    {
        const uint64_t id = m_timers.top().client;
        m_timers.pop();
        Fire(id, m_clients.at(id), now);
    }
}

void
SipTransactionLayer::Fire(uint64_t id, Client& client, Time now)
{
    if (now >= client.deadlineF)
    {
        ++m_counters.timeouts;
        Fail(id, 408, now);
        return;
    }
    if (!m_send(client.to, client.bytes))
    {
        Fail(id, 503, now);
        return;
    }
    ++m_counters.requestsRetransmitted;
    client.interval = client.state == ClientState::PROCEEDING
                          ? m_timerValues.t2
                          : std::min(2 * client.interval, m_timerValues.t2);
    client.nextE = now + client.interval;
    Arm(id, client);
}

void
SipTransactionLayer::Fail(uint64_t id, uint32_t status, Time now)
{
    const auto found = m_clients.find(id);
    m_clientByKey.erase(found->second.key);
    m_clients.erase(found);
    m_user.OnFailure(id, status, now);
}

void
SipTransactionLayer::Arm(uint64_t id, Client& client)
{
    client.due = std::min(client.nextE, client.deadlineF);
    m_timers.push({client.due, id});
}

void
SipTransactionLayer::CompleteClient(uint64_t id, Client& client, Time now)
{
    client.state = ClientState::COMPLETED;
    client.bytes = std::string();
    m_completedClients.push_back({now + m_timerValues.t4, id});
}

void
SipTransactionLayer::CompleteServer(uint64_t id, Server& server, Time now)
{
    server.completed = true;
    m_completedServers.push_back({now + TRANSACTION_TIMEOUT * m_timerValues.t1, id});
}

void
SipTransactionLayer::Sweep(Time now)
{
    while (!m_completedClients.empty() && m_completedClients.front().until <= now)
    {
        const auto found = m_clients.find(m_completedClients.front().id);
        m_clientByKey.erase(found->second.key);
        m_clients.erase(found);
        m_completedClients.pop_front();
    }
    while (!m_completedServers.empty() && m_completedServers.front().until <= now)
    {
        const auto found = m_servers.find(m_completedServers.front().id);
        m_serverByKey.erase(found->second.key);
        m_servers.erase(found);
        m_completedServers.pop_front();
    }
}

void
SipTransactionLayer::DropStaleTimers()
{
    while (!m_timers.empty())
    {
        const auto found = m_clients.find(m_timers.top().client);
        if (found != m_clients.end() && found->second.state != ClientState::COMPLETED &&
            found->second.due == m_timers.top().at)
        {
            return;
        }
        m_timers.pop();
    }
}

std::optional<Time>
SipTransactionLayer::GetNextTimer()
{
    DropStaleTimers();
    if (!m_timers.empty())
    {
        return m_timers.top().at;
    }
    if (m_completedClients.empty() && m_completedServers.empty())
    {
        return std::nullopt;
    }
    Time last;
    for (const auto* completed : {&m_completedClients, &m_completedServers})
    {
        last = completed->empty() ? last : std::max(last, completed->back().until);
    }
    return last;
}

const SipTransactionCounters&
SipTransactionLayer::GetCounters() const
{
    return m_counters;
}

std::size_t
SipTransactionLayer::GetSize() const
{
    return m_clients.size() + m_servers.size();
}

} // namespace p2pim
} // namespace ns3
