// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/smpp-server.h"

#include "ns3/abort.h"
#include "ns3/attribute-checkers.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/smpp-server-session.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(SmppServer);

TypeId
SmppServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::SmppServer")
            .SetParent<Application>()
            .SetGroupName("P2pim")
            .AddConstructor<SmppServer>()
            .AddAttribute("Port",
                          "The TCP port. Default: smpp (IANA).",
                          UintegerValue(2775),
                          MakeUintegerAccessor(&SmppServer::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("SystemId",
                          "The name of an account, at most 15 characters; empty for none.",
                          StringValue("p2pim"),
                          MakeStringAccessor(&SmppServer::m_systemId),
                          MakeBoundedStringChecker(15))
            .AddAttribute("Password",
                          "The password of that account, at most 8 characters. Default: our "
                          "choice; the octets count, not the secret.",
                          StringValue("secret"),
                          MakeStringAccessor(&SmppServer::m_password),
                          MakeBoundedStringChecker(8))
            .AddAttribute("OwnSystemId",
                          "The SMSC's name in its answer to a bind, at most 15 characters.",
                          StringValue("smsc"),
                          MakeStringAccessor(&SmppServer::m_ownSystemId),
                          MakeBoundedStringChecker(15))
            .AddAttribute("MaxRate",
                          "Submissions a second of one session, 0 to 100000, beyond which it gets "
                          "ESME_RTHROTTLED; a burst of one second's is let through. 0 for no "
                          "limit.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&SmppServer::m_maxRate),
                          MakeDoubleChecker<double>(0, 100000))
            .AddAttribute("Window",
                          "Most receipts of one session without a response, 1 to 10000; SMPP 3.4, "
                          "2.9 leaves it to the two sides and names 10.",
                          UintegerValue(10),
                          MakeUintegerAccessor(&SmppServer::m_window),
                          MakeUintegerChecker<uint32_t>(1, 10000))
            .AddAttribute("MaxReceipts",
                          "Receipts that wait for a receiver to bind, for each account; more drop "
                          "the oldest. Own choice.",
                          UintegerValue(10000),
                          MakeUintegerAccessor(&SmppServer::m_maxReceipts),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("EnquireLinkInterval",
                          "Silence after which the link is enquired (enquire_link_timer, SMPP "
                          "3.4, 7.2); 0 for never. Own choice: later than the client's.",
                          TimeValue(Minutes(2)),
                          MakeTimeAccessor(&SmppServer::m_enquireLinkInterval),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("ResponseTimeout",
                          "How long a response may take before the session counts as broken "
                          "(response_timer, SMPP 3.4, 7.2). Own choice.",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&SmppServer::m_responseTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("SessionInitTimeout",
                          "How long a connection may stand without a bind (session_init_timer, "
                          "SMPP 3.4, 7.2). Own choice.",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&SmppServer::m_sessionInitTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("Retention",
                          "How long query_sm is answered for a message after its final state. Own "
                          "choice.",
                          TimeValue(Hours(24)),
                          MakeTimeAccessor(&SmppServer::m_retention),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

SmppServer::SmppServer() = default;

SmppServer::~SmppServer() = default;

void
SmppServer::SetMessageCentre(std::unique_ptr<SmppMessageCentre> centre)
{
    m_centre = std::move(centre);
}

void
SmppServer::AddAccount(const std::string& systemId, const std::string& password)
{
    m_accounts[systemId].password = password;
}

void
SmppServer::DoInitialize()
{
    Application::DoInitialize();
    if (!m_systemId.empty())
    {
        AddAccount(m_systemId, m_password);
    }
    m_centre->SetOutcomeFunction([this](const std::string& id,
                                        SmppMessageState state,
                                        uint16_t error) { HandleOutcome(id, state, error); });
    m_listener = PeerTcpSocket::Create(GetNode());
    const bool free = m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_port)) == 0;
    NS_ABORT_MSG_UNLESS(free && m_listener->Listen() == 0,
                        "SmppServer: TCP port " << m_port << " is taken");
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&SmppServer::HandleAccept, this));
}

void
SmppServer::DoDispose()
{
    if (m_listener)
    {
        m_listener->ForgetCallbacks();
        m_listener = nullptr;
    }
    m_accounts.clear();
    m_sessions.clear();
    if (m_centre)
    {
        m_centre->SetOutcomeFunction(nullptr);
        m_centre.reset();
    }
    Application::DoDispose();
}

// --- sessions ---

void
SmppServer::HandleAccept(Ptr<Socket> socket, const Address& /* from */)
{
    ++m_connections;
    const uint64_t id = ++m_lastSession;
    m_sessions.emplace(id,
                       std::make_unique<Session>(*this, id, DynamicCast<PeerTcpSocket>(socket)));
}

void
SmppServer::EndSession(uint64_t session)
{
    const auto found = m_sessions.find(session);
    const auto account = m_accounts.find(found->second->GetSystemId());
    if (account != m_accounts.end())
    {
        account->second.receivers.erase(session);
        const auto& unanswered = found->second->GetUnansweredReceipts();
        for (auto receipt = unanswered.rbegin(); receipt != unanswered.rend(); ++receipt)
        {
            account->second.receipts.push_front(receipt->second);
        }
    }
    found->second->Close();
    m_sessions.erase(found);
    if (account != m_accounts.end())
    {
        SendReceipts(account->second);
    }
}

SmppStatus
SmppServer::Authenticate(const SmppBind& bind) const
{
    const auto found = m_accounts.find(bind.systemId);
    if (found == m_accounts.end())
    {
        return SmppStatus::ESME_RINVSYSID;
    }
    return found->second.password == bind.password ? SmppStatus::ESME_ROK
                                                   : SmppStatus::ESME_RINVPASWD;
}

void
SmppServer::AddReceiver(Session& session)
{
    auto& account = m_accounts.at(session.GetSystemId());
    account.receivers.emplace(session.GetId(), &session);
    SendReceipts(account);
}

// --- messages ---

void
SmppServer::Submit(Session& session, const SmppPdu& request)
{
    ++m_submitted;
    if (!session.IsWithinRate())
    {
        ++m_throttled;
        session.Respond(request, SmppStatus::ESME_RTHROTTLED);
        return;
    }
    SmppSubmission submission;
    const auto status =
        MapSubmission(std::get<SmppMessage>(request.body), m_centre->GetTime(), submission);
    if (status != SmppStatus::ESME_ROK)
    {
        ++m_refused;
        session.Respond(request, status);
        return;
    }
    m_centre->Submit(submission,
                     [this, id = session.GetId(), request, systemId = session.GetSystemId()](
                         SmppStatus outcome,
                         const std::string& message) {
                         HandleAccepted(id, request, systemId, outcome, message);
                     });
}

void
SmppServer::HandleAccepted(uint64_t session,
                           const SmppPdu& request,
                           const std::string& systemId,
                           SmppStatus status,
                           const std::string& id)
{
    const auto found = m_sessions.find(session);
    if (status != SmppStatus::ESME_ROK)
    {
        ++m_refused;
        if (found != m_sessions.end())
        {
            found->second->Respond(request, status);
        }
        return;
    }
    ++m_accepted;
    DropOldRecords();
    constexpr std::size_t excerpt = 20; // SMPP 3.4, appendix B
    const auto& message = std::get<SmppMessage>(request.body);
    Record record;
    record.systemId = systemId;
    record.source = message.source;
    record.destination = message.destination;
    record.registeredDelivery = message.registeredDelivery;
    record.submitted = m_centre->GetTime();
    const bool isText = message.dataCoding == 0 && (message.esmClass & smpp_esm_class::UDHI) == 0;
    if (isText)
    {
        const auto size = std::min(excerpt, message.shortMessage.size());
        record.text.assign(message.shortMessage.begin(),
                           message.shortMessage.begin() + static_cast<std::ptrdiff_t>(size));
    }
    m_records[id] = std::move(record);
    if (found != m_sessions.end())
    {
        found->second->Respond(request, status, SmppMessageResp{id});
    }
}

SmppServer::Record*
SmppServer::Find(const Session& session, const std::string& id, const SmppAddress& source)
{
    const auto found = m_records.find(id);
    const bool isOwn = found != m_records.end() &&
                       found->second.systemId == session.GetSystemId() &&
                       (source.digits.empty() || source == found->second.source);
    return isOwn ? &found->second : nullptr;
}

void
SmppServer::Query(Session& session, const SmppPdu& request)
{
    ++m_queries;
    DropOldRecords();
    const auto& query = std::get<SmppQuery>(request.body);
    const Record* const record = Find(session, query.messageId, query.source);
    if (record == nullptr)
    {
        session.Respond(request, SmppStatus::ESME_RQUERYFAIL);
        return;
    }
    SmppQueryResp answer;
    answer.messageId = query.messageId;
    answer.messageState = record->state;
    if (record->state == SmppMessageState::ENROUTE)
    {
        answer.messageState = m_centre->Query(query.messageId).value_or(SmppMessageState::UNKNOWN);
    }
    else
    {
        answer.finalDate = FormatSmppTime(record->done);
    }
    answer.errorCode = static_cast<uint8_t>(record->error);
    session.Respond(request, SmppStatus::ESME_ROK, answer);
}

void
SmppServer::Cancel(Session& session, const SmppPdu& request)
{
    const auto& cancel = std::get<SmppCancel>(request.body);
    const Record* const record = Find(session, cancel.messageId, cancel.source);
    if (record == nullptr)
    {
        session.Respond(request, SmppStatus::ESME_RINVMSGID);
        return;
    }
    const bool done =
        record->state == SmppMessageState::ENROUTE && m_centre->Cancel(cancel.messageId);
    m_cancelled += done ? 1 : 0;
    session.Respond(request, done ? SmppStatus::ESME_ROK : SmppStatus::ESME_RCANCELFAIL);
}

void
SmppServer::DropOldRecords()
{
    while (!m_finalRecords.empty() && m_finalRecords.front().first <= Simulator::Now())
    {
        m_records.erase(m_finalRecords.front().second);
        m_finalRecords.pop_front();
    }
}

// --- receipts ---

void
SmppServer::HandleOutcome(const std::string& id, SmppMessageState state, uint16_t error)
{
    const auto found = m_records.find(id);
    if (found == m_records.end() || found->second.state != SmppMessageState::ENROUTE)
    {
        return; // another door's
    }
    Record& record = found->second;
    record.state = state;
    record.error = error;
    record.done = m_centre->GetTime();
    m_finalRecords.emplace_back(Simulator::Now() + m_retention, id);
    const uint8_t wish = record.registeredDelivery & smpp_receipt::MASK;
    const bool failed = state != SmppMessageState::DELIVERED;
    if (wish != smpp_receipt::FINAL && !(wish == smpp_receipt::FAILURE && failed))
    {
        return;
    }
    auto& account = m_accounts.at(record.systemId);
    account.receipts.push_back(MakeReceipt(id, record));
    if (account.receipts.size() > m_maxReceipts)
    {
        ++m_receiptsDropped;
        account.receipts.pop_front();
    }
    SendReceipts(account);
}

SmppMessage
SmppServer::MakeReceipt(const std::string& id, const Record& record) const
{
    SmppReceipt receipt;
    receipt.messageId = id;
    receipt.isDelivered = record.state == SmppMessageState::DELIVERED;
    receipt.submitted = record.submitted;
    receipt.done = record.done;
    receipt.state = record.state;
    receipt.error = record.error;
    receipt.text = record.text;
    const std::string text = FormatSmppReceipt(receipt);
    SmppMessage message;
    message.source = record.destination;
    message.destination = record.source;
    message.esmClass = smpp_esm_class::DELIVERY_RECEIPT;
    message.shortMessage.assign(text.begin(), text.end());
    message.receiptedMessageId = id;
    message.messageState = record.state;
    return message;
}

void
SmppServer::SendReceipts(Account& account)
{
    for (const auto& [id, session] : account.receivers)
    {
        while (!account.receipts.empty() && session->CanDeliver())
        {
            SmppMessage next = std::move(account.receipts.front());
            account.receipts.pop_front();
            ++m_receiptsSent;
            session->Deliver(std::move(next));
        }
    }
}

CounterList
SmppServer::GetCounters() const
{
    return {
        {"smpp_connections", static_cast<double>(m_connections)},
        {"smpp_binds", static_cast<double>(m_binds)},
        {"smpp_binds_refused", static_cast<double>(m_bindsRefused)},
        {"smpp_submitted", static_cast<double>(m_submitted)},
        {"smpp_accepted", static_cast<double>(m_accepted)},
        {"smpp_throttled", static_cast<double>(m_throttled)},
        {"smpp_refused", static_cast<double>(m_refused)},
        {"smpp_queries", static_cast<double>(m_queries)},
        {"smpp_cancelled", static_cast<double>(m_cancelled)},
        {"smpp_receipts_sent", static_cast<double>(m_receiptsSent)},
        {"smpp_receipts_acknowledged", static_cast<double>(m_receiptsAcknowledged)},
        {"smpp_receipts_dropped", static_cast<double>(m_receiptsDropped)},
    };
}

} // namespace p2pim
} // namespace ns3
