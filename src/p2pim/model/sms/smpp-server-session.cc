// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/smpp-server-session.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

SmppServer::Session::Session(SmppServer& server, uint64_t id, Ptr<PeerTcpSocket> socket)
    : m_server(server),
      m_id(id),
      m_connected(Simulator::Now()),
      m_session(std::make_shared<SmppSession>(
          *this,
          SmppSession::Timers{server.m_enquireLinkInterval, server.m_responseTimeout},
          Simulator::Now())),
      m_stream(
          socket,
          [this](const std::string& octets) { HandleReceive(octets); },
          [this]() { m_server.EndSession(m_id); })
{
    Rearm();
}

SmppServer::Session::~Session()
{
    m_timer.Cancel();
    m_session->Close();
}

void
SmppServer::Session::Close()
{
    m_stream.Close();
}

uint64_t
SmppServer::Session::GetId() const
{
    return m_id;
}

const std::string&
SmppServer::Session::GetSystemId() const
{
    return m_systemId;
}

void
SmppServer::Session::Respond(const SmppPdu& request,
                             SmppStatus status,
                             decltype(SmppPdu::body) body)
{
    m_session->Respond(request, status, std::move(body));
}

bool
SmppServer::Session::CanDeliver() const
{
    return m_receipts.size() < m_server.m_window;
}

void
SmppServer::Session::Deliver(SmppMessage receipt)
{
    const auto sequence =
        m_session->SendRequest(SmppPdu{SmppCommand::DELIVER_SM, SmppStatus::ESME_ROK, 0, receipt},
                               Simulator::Now());
    m_receipts.emplace(sequence, std::move(receipt));
    Rearm();
}

const std::map<uint32_t, SmppMessage>&
SmppServer::Session::GetUnansweredReceipts() const
{
    return m_receipts;
}

bool
SmppServer::Session::IsWithinRate()
{
    if (m_server.m_maxRate == 0)
    {
        return true;
    }
    // the generic cell rate algorithm (ITU-T I.371) with the bucket of one second
    const Time now = Simulator::Now();
    const Time interval = Seconds(1 / m_server.m_maxRate);
    const Time start = std::max(m_nextConforming, now);
    if (start - now > std::max(Seconds(1), interval) - interval)
    {
        return false;
    }
    m_nextConforming = start + interval;
    return true;
}

void
SmppServer::Session::HandleReceive(const std::string& octets)
{
    const auto session = m_session; // may end, and this object with it
    session->Receive(Octets(octets.begin(), octets.end()), Simulator::Now());
    if (session->GetState() != SmppBindState::CLOSED)
    {
        Rearm();
    }
}

void
SmppServer::Session::HandleTimer()
{
    m_timer.Expired();
    const auto session = m_session; // likewise
    if (session->GetState() == SmppBindState::OPEN &&
        Simulator::Now() >= m_connected + m_server.m_sessionInitTimeout)
    {
        m_server.EndSession(m_id);
        return;
    }
    session->Advance(Simulator::Now());
    if (session->GetState() != SmppBindState::CLOSED)
    {
        Rearm();
    }
}

void
SmppServer::Session::Rearm()
{
    const bool isOpen = m_session->GetState() == SmppBindState::OPEN;
    const Time init = isOpen ? m_connected + m_server.m_sessionInitTimeout : Time::Max();
    m_timer.Arm(std::min(m_session->GetDeadline(), init), &Session::HandleTimer, this);
}

void
SmppServer::Session::Write(const Octets& octets)
{
    m_stream.Write(std::string(octets.begin(), octets.end()));
}

void
SmppServer::Session::HandleRequest(const SmppPdu& request)
{
    const auto state = m_session->GetState();
    if (GetSmppBindState(request.command) != SmppBindState::OPEN)
    {
        HandleBind(request);
        return;
    }
    if (state != SmppBindState::BOUND_TX && state != SmppBindState::BOUND_TRX)
    {
        Respond(request, SmppStatus::ESME_RINVBNDSTS);
        return;
    }
    switch (request.command)
    {
    case SmppCommand::SUBMIT_SM:
        m_server.Submit(*this, request);
        break;
    case SmppCommand::QUERY_SM:
        m_server.Query(*this, request);
        break;
    case SmppCommand::CANCEL_SM:
        m_server.Cancel(*this, request);
        break;
    default:
        Respond(request, SmppStatus::ESME_RINVCMDID);
        break;
    }
}

void
SmppServer::Session::HandleBind(const SmppPdu& request)
{
    if (m_session->GetState() != SmppBindState::OPEN)
    {
        Respond(request, SmppStatus::ESME_RALYBND);
        return;
    }
    const auto& bind = std::get<SmppBind>(request.body);
    const auto status = m_server.Authenticate(bind);
    const bool good = status == SmppStatus::ESME_ROK;
    ++(good ? m_server.m_binds : m_server.m_bindsRefused);
    if (!good)
    {
        Respond(request, status);
        return;
    }
    m_systemId = bind.systemId;
    m_session->SetState(GetSmppBindState(request.command));
    constexpr uint8_t version = 0x34;
    Respond(request, status, SmppBindResp{m_server.m_ownSystemId, version});
    if (m_session->GetState() != SmppBindState::BOUND_TX)
    {
        m_server.AddReceiver(*this);
    }
}

void
SmppServer::Session::HandleResponse(const SmppPdu& response)
{
    const auto found = m_receipts.find(response.sequence);
    if (found == m_receipts.end())
    {
        return;
    }
    SmppMessage receipt = std::move(found->second);
    m_receipts.erase(found);
    auto& account = m_server.m_accounts.at(m_systemId);
    switch (response.status)
    {
    case SmppStatus::ESME_ROK:
        ++m_server.m_receiptsAcknowledged;
        m_server.SendReceipts(account);
        break;
    case SmppStatus::ESME_RX_T_APPN:
        account.receipts.push_back(std::move(receipt)); // goes with the next one
        break;
    default:
        ++m_server.m_receiptsDropped;
        break;
    }
}

void
SmppServer::Session::HandleEnd(const char* /* cause */)
{
    m_server.EndSession(m_id);
}

} // namespace p2pim
} // namespace ns3
