// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/smpp-client.h"

#include "ns3/attribute-checkers.h"
#include "ns3/enum.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("SmppClient");
NS_OBJECT_ENSURE_REGISTERED(SmppClient);

TypeId
SmppClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::SmppClient")
            .SetParent<Application>()
            .SetGroupName("P2pim")
            .AddConstructor<SmppClient>()
            .AddAttribute("SystemId",
                          "The name to bind with, at most 15 characters (SMPP 3.4, 5.2.1).",
                          StringValue("p2pim"),
                          MakeStringAccessor(&SmppClient::m_systemId),
                          MakeBoundedStringChecker(15))
            .AddAttribute("Password",
                          "The password to bind with, at most 8 characters (SMPP 3.4, 5.2.2). "
                          "Default: our choice; the octets count, not the secret.",
                          StringValue("secret"),
                          MakeStringAccessor(&SmppClient::m_password),
                          MakeBoundedStringChecker(8))
            .AddAttribute("SystemType",
                          "What kind of entity this is, at most 12 characters (SMPP 3.4, 5.2.3).",
                          StringValue(""),
                          MakeStringAccessor(&SmppClient::m_systemType),
                          MakeBoundedStringChecker(12))
            .AddAttribute("BindMode",
                          "Whether the session submits, takes receipts, or both (SMPP 3.4, 2.2).",
                          EnumValue(TRANSCEIVER),
                          MakeEnumAccessor(&SmppClient::m_bindMode),
                          MakeEnumChecker(TRANSMITTER,
                                          "Transmitter",
                                          RECEIVER,
                                          "Receiver",
                                          TRANSCEIVER,
                                          "Transceiver"))
            .AddAttribute("Window",
                          "Most requests without a response, 1 to 10000; SMPP 3.4, 2.9 leaves it "
                          "to the two sides and names 10.",
                          UintegerValue(10),
                          MakeUintegerAccessor(&SmppClient::m_window),
                          MakeUintegerChecker<uint32_t>(1, 10000))
            .AddAttribute("EnquireLinkInterval",
                          "Silence after which the link is enquired (enquire_link_timer, SMPP "
                          "3.4, 7.2); 0 for never. Own choice.",
                          TimeValue(Minutes(1)),
                          MakeTimeAccessor(&SmppClient::m_enquireLinkInterval),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("ResponseTimeout",
                          "How long a response may take before the session counts as broken "
                          "(response_timer, SMPP 3.4, 7.2). Own choice.",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&SmppClient::m_responseTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("ReconnectInterval",
                          "Time from a connection's end to the next attempt. Own choice.",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&SmppClient::m_reconnectInterval),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddTraceSource("State",
                            "The session's state has changed.",
                            MakeTraceSourceAccessor(&SmppClient::m_stateTrace),
                            "ns3::p2pim::SmppClient::StateTracedCallback");
    return tid;
}

SmppClient::SmppClient() = default;

SmppClient::~SmppClient() = default;

void
SmppClient::DoDispose()
{
    m_reconnect.Cancel();
    m_timer.Cancel();
    m_session.reset();
    m_stream.reset();
    if (m_socket)
    {
        m_socket->ForgetCallbacks();
        m_socket = nullptr;
    }
    m_waiting.clear();
    m_sent.clear();
    m_receipt.Nullify();
    Application::DoDispose();
}

void
SmppClient::SetServer(const InetSocketAddress& server)
{
    m_server = server;
}

void
SmppClient::SetReceiptCallback(ReceiptCallback received)
{
    m_receipt = received;
}

SmppBindState
SmppClient::GetState() const
{
    return m_session ? m_session->GetState() : SmppBindState::CLOSED;
}

CounterList
SmppClient::GetCounters() const
{
    return {
        {"smpp_connections", static_cast<double>(m_connections)},
        {"smpp_binds", static_cast<double>(m_binds)},
        {"smpp_binds_refused", static_cast<double>(m_bindsRefused)},
        {"smpp_submitted", static_cast<double>(m_submitted)},
        {"smpp_accepted", static_cast<double>(m_accepted)},
        {"smpp_refused", static_cast<double>(m_refused)},
        {"smpp_lost", static_cast<double>(m_lost)},
        {"smpp_receipts", static_cast<double>(m_receipts)},
    };
}

// --- the connection ---

void
SmppClient::StartApplication()
{
    m_running = true;
    Connect();
}

void
SmppClient::StopApplication()
{
    m_running = false;
    m_reconnect.Cancel();
    if (m_session && m_session->GetState() != SmppBindState::OPEN)
    {
        m_session->SendRequest(SmppPdu{SmppCommand::UNBIND, SmppStatus::ESME_ROK, 0, {}},
                               Simulator::Now());
    }
    Release();
    FailAll("smpp stopped");
}

void
SmppClient::Connect()
{
    m_socket = PeerTcpSocket::Create(GetNode());
    m_socket->SetConnectCallback(MakeCallback(&SmppClient::HandleConnected, this),
                                 MakeCallback(&SmppClient::HandleNotConnected, this));
    m_socket->Connect(*m_server);
}

void
SmppClient::HandleConnected(Ptr<Socket>)
{
    ++m_connections;
    m_stream = std::make_unique<TcpStream>(
        m_socket,
        [this](const std::string& octets) { HandleReceive(octets); },
        [this]() { Lose("smpp connection lost"); });
    SmppSessionUser& user = *this;
    m_session =
        std::make_shared<SmppSession>(user,
                                      SmppSession::Timers{m_enquireLinkInterval, m_responseTimeout},
                                      Simulator::Now());
    m_stateTrace(SmppBindState::CLOSED, SmppBindState::OPEN);
    Bind();
}

void
SmppClient::HandleNotConnected(Ptr<Socket>)
{
    Lose("smpp not connected");
}

void
SmppClient::Bind()
{
    static constexpr SmppCommand commands[] = {SmppCommand::BIND_TRANSMITTER,
                                               SmppCommand::BIND_RECEIVER,
                                               SmppCommand::BIND_TRANSCEIVER};
    SmppBind bind;
    bind.systemId = m_systemId;
    bind.password = m_password;
    bind.systemType = m_systemType;
    Send({SmppPdu{commands[m_bindMode], SmppStatus::ESME_ROK, 0, bind},
          [this](const std::string& cause, const SmppPdu& response) {
              HandleBound(cause, response);
          }});
}

void
SmppClient::HandleBound(const std::string& cause, const SmppPdu&)
{
    if (!m_session || m_session->GetState() != SmppBindState::OPEN)
    {
        return; // the connection is gone, and another will be tried
    }
    if (cause.empty())
    {
        static constexpr SmppBindState states[] = {SmppBindState::BOUND_TX,
                                                   SmppBindState::BOUND_RX,
                                                   SmppBindState::BOUND_TRX};
        ++m_binds;
        SetState(states[m_bindMode]);
        SendWaiting();
        return;
    }
    ++m_bindsRefused;
    m_running = false;
    Release();
    FailAll(cause);
}

void
SmppClient::HandleReceive(const std::string& octets)
{
    const auto session = m_session; // what the user does may let go of it
    session->Receive(Octets(octets.begin(), octets.end()), Simulator::Now());
    Rearm();
}

void
SmppClient::HandleTimer()
{
    m_timer.Expired();
    const auto session = m_session;
    if (session)
    {
        session->Advance(Simulator::Now());
        Rearm();
    }
}

void
SmppClient::Rearm()
{
    if (m_session)
    {
        m_timer.Arm(m_session->GetDeadline(), &SmppClient::HandleTimer, this);
    }
}

void
SmppClient::HandleEnd(const char* cause)
{
    Lose(cause);
}

void
SmppClient::Lose(const std::string& cause)
{
    NS_LOG_INFO(cause);
    Release();
    if (m_running)
    {
        m_reconnect = Simulator::Schedule(m_reconnectInterval, &SmppClient::Connect, this);
    }
    for (auto& [sequence, request] : std::exchange(m_sent, {}))
    {
        ++m_lost;
        request.done(cause, SmppPdu());
    }
}

void
SmppClient::Release()
{
    m_timer.Cancel();
    if (m_session)
    {
        const auto before = m_session->GetState();
        m_session->Close();
        m_session.reset();
        m_stateTrace(before, SmppBindState::CLOSED);
    }
    m_stream.reset();
    if (m_socket)
    {
        m_socket->ForgetCallbacks();
        m_socket->Close();
        m_socket = nullptr;
    }
}

void
SmppClient::FailAll(const std::string& cause)
{
    for (auto& [sequence, request] : std::exchange(m_sent, {}))
    {
        ++m_lost;
        request.done(cause, SmppPdu());
    }
    for (auto& request : std::exchange(m_waiting, {}))
    {
        request.done(cause, SmppPdu());
    }
}

void
SmppClient::SetState(SmppBindState state)
{
    const auto before = m_session->GetState();
    m_session->SetState(state);
    m_stateTrace(before, state);
}

// --- requests ---

void
SmppClient::Submit(const SmppMessage& message, SubmitCallback done)
{
    ++m_submitted;
    m_waiting.push_back({SmppPdu{SmppCommand::SUBMIT_SM, SmppStatus::ESME_ROK, 0, message},
                         [done](const std::string& cause, const SmppPdu& response) {
                             const auto* const accepted =
                                 std::get_if<SmppMessageResp>(&response.body);
                             done(cause, accepted != nullptr ? accepted->messageId : std::string());
                         }});
    SendWaiting();
}

void
SmppClient::Query(const SmppQuery& query, QueryCallback done)
{
    m_waiting.push_back({SmppPdu{SmppCommand::QUERY_SM, SmppStatus::ESME_ROK, 0, query},
                         [done](const std::string& cause, const SmppPdu& response) {
                             const auto* const answer = std::get_if<SmppQueryResp>(&response.body);
                             done(cause, answer != nullptr ? *answer : SmppQueryResp());
                         }});
    SendWaiting();
}

void
SmppClient::Cancel(const SmppCancel& cancel, CancelCallback done)
{
    m_waiting.push_back({SmppPdu{SmppCommand::CANCEL_SM, SmppStatus::ESME_ROK, 0, cancel},
                         [done](const std::string& cause, const SmppPdu&) { done(cause); }});
    SendWaiting();
}

void
SmppClient::SendWaiting()
{
    const auto isBound = [this]() {
        return m_session && m_session->GetState() != SmppBindState::OPEN &&
               m_session->GetState() != SmppBindState::CLOSED;
    };
    while (isBound() && !m_waiting.empty() && m_sent.size() < m_window)
    {
        Request next = std::move(m_waiting.front());
        m_waiting.pop_front();
        Send(std::move(next));
    }
}

void
SmppClient::Send(Request request)
{
    const uint32_t sequence = m_session->SendRequest(request.pdu, Simulator::Now());
    if (sequence == 0)
    {
        request.done(GetSmppStatusName(SmppStatus::ESME_RINVPARLEN), SmppPdu());
        return;
    }
    m_sent.emplace(sequence, std::move(request));
    Rearm();
}

void
SmppClient::Write(const Octets& octets)
{
    m_stream->Write(std::string(octets.begin(), octets.end()));
}

void
SmppClient::HandleResponse(const SmppPdu& response)
{
    const auto found = m_sent.find(response.sequence);
    if (found == m_sent.end())
    {
        return; // the answer to enquire_link
    }
    const Request request = std::move(found->second);
    m_sent.erase(found);
    const bool isAnswer = response.command == GetSmppResponse(request.pdu.command);
    const auto status = isAnswer || response.status != SmppStatus::ESME_ROK
                            ? response.status
                            : SmppStatus::ESME_RUNKNOWNERR;
    if (request.pdu.command == SmppCommand::SUBMIT_SM)
    {
        ++(status == SmppStatus::ESME_ROK ? m_accepted : m_refused);
    }
    request.done(status == SmppStatus::ESME_ROK ? "" : GetSmppStatusName(status), response);
    SendWaiting();
}

void
SmppClient::HandleRequest(const SmppPdu& request)
{
    if (request.command == SmppCommand::DELIVER_SM)
    {
        HandleReceipt(request);
        return;
    }
    m_session->Respond(request, SmppStatus::ESME_RINVBNDSTS);
}

void
SmppClient::HandleReceipt(const SmppPdu& request)
{
    m_session->Respond(request, SmppStatus::ESME_ROK, SmppMessageResp());
    const auto& message = std::get<SmppMessage>(request.body);
    const auto receipt =
        ParseSmppReceipt(std::string(message.shortMessage.begin(), message.shortMessage.end()));
    if ((message.esmClass & smpp_esm_class::TYPE) != smpp_esm_class::DELIVERY_RECEIPT || !receipt)
    {
        NS_LOG_WARN("a short message that is no receipt");
        return;
    }
    ++m_receipts;
    if (!m_receipt.IsNull())
    {
        m_receipt(*receipt);
    }
}

} // namespace p2pim
} // namespace ns3
