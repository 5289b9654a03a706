// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/peer-to-peer-client.h"

#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/ns3-compatibility.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("PeerToPeerClient");
NS_OBJECT_ENSURE_REGISTERED(PeerToPeerClient);

TypeId
PeerToPeerClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::PeerToPeerClient")
            .SetParent<ImClient>()
            .SetGroupName("P2pim")
            .AddConstructor<PeerToPeerClient>()
            .AddAttribute("ApplicationPort",
                          "SMS application port for invitations, 16000 to 16999 (TS 23.040 "
                          "9.2.3.24.4: the range that applications may be given).",
                          UintegerValue(16440),
                          MakeUintegerAccessor(&PeerToPeerClient::m_applicationPort),
                          MakeUintegerChecker<uint16_t>(16000, 16999))
            .AddAttribute("AnswerTime",
                          "How long the target's user takes to accept an invitation; 0 s is a "
                          "phone that accepts by itself.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&PeerToPeerClient::m_answerTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("InvitationTimeout",
                          "How long the initiator listens for an answer, from the submission on "
                          "(ETSI TS 102 250: an SMS counts as lost after 175 s).",
                          TimeValue(Seconds(175)),
                          MakeTimeAccessor(&PeerToPeerClient::m_invitationTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("ResponseTimeout",
                          "How long a SEND may go without a response before the session counts "
                          "as failed (RFC 4975 7.1.1: 30 s).",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&PeerToPeerClient::m_responseTimeout),
                          MakeTimeChecker(MilliSeconds(1)));
    return tid;
}

PeerToPeerClient::PeerToPeerClient() = default;

PeerToPeerClient::~PeerToPeerClient() = default;

void
PeerToPeerClient::DoDispose()
{
    for (auto& [peer, chat] : m_chats)
    {
        Release(*chat);
    }
    m_chats.clear();
    m_bearer = nullptr;
    m_pageMode = nullptr;
    m_sessionIds = nullptr;
    ImClient::DoDispose();
}

void
PeerToPeerClient::SetSessionIdSource(Ptr<UniformRandomVariable> source)
{
    m_sessionIds = source;
}

void
PeerToPeerClient::SetPageModeService(Ptr<PageModeService> service)
{
    m_pageMode = service;
}

std::size_t
PeerToPeerClient::GetChatCount() const
{
    return m_chats.size();
}

void
PeerToPeerClient::StartApplication()
{
    m_bearer = GetNode()->GetObject<PacketBearer>();
    if (!m_pageMode)
    {
        m_pageMode = GetNode()->GetObject<PageModeService>();
    }
    m_pageMode->Listen(m_applicationPort, MakeCallback(&PeerToPeerClient::ReceiveInvitation, this));
}

void
PeerToPeerClient::StopApplication()
{
    m_pageMode->Listen(m_applicationPort, {});
    while (!m_chats.empty())
    {
        End(m_chats.begin()->second, "switched off");
    }
}

Ptr<PeerToPeerClient::Chat>
PeerToPeerClient::Add(const Msisdn& peer)
{
    auto chat = Create<Chat>();
    chat->peer = peer;
    m_chats[peer] = chat;
    return chat;
}

Ptr<PeerToPeerClient::Chat>
PeerToPeerClient::Find(const Msisdn& peer) const
{
    const auto found = m_chats.find(peer);
    return found == m_chats.end() ? nullptr : found->second;
}

void
PeerToPeerClient::GoOnline()
{
    m_bearer->BringUp(MakeCallback(+[]() {}), MakeCallback(+[](bool, const std::string&) {}));
}

void
PeerToPeerClient::Open(const Msisdn& peer)
{
    if (Find(peer))
    {
        NS_LOG_WARN("there is a chat with " << peer << " already");
        return;
    }
    auto chat = Add(peer);
    m_bearer->BringUp(MakeCallback(&PeerToPeerClient::BearerAttached, this).Bind(chat),
                      MakeCallback(&PeerToPeerClient::InitiatorBearerDone, this).Bind(chat));
}

void
PeerToPeerClient::BearerAttached(Ptr<Chat> chat)
{
    NotifyStep(chat->peer, SessionStep::ATTACHED);
}

void
PeerToPeerClient::InitiatorBearerDone(Ptr<Chat> chat, bool up, const std::string& cause)
{
    if (chat->state != State::RAISING_BEARER)
    {
        return; // closed, or given up for the peer's invitation, in the meantime
    }
    if (!up)
    {
        End(chat, cause);
        return;
    }
    NotifyStep(chat->peer, SessionStep::PDP_UP);
    Invite(chat);
}

void
PeerToPeerClient::Invite(Ptr<Chat> chat)
{
    chat->listener = PeerTcpSocket::Create(GetNode());
    chat->listener->Bind(InetSocketAddress(m_bearer->GetAddress(), 0));
    chat->listener->Listen();
    chat->listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                      MakeCallback(&PeerToPeerClient::Accepted, this).Bind(chat));
    Address bound;
    chat->listener->GetSockName(bound);
    chat->own = {m_bearer->GetAddress(),
                 InetSocketAddress::ConvertFrom(bound).GetPort(),
                 DrawSessionId()};
    NotifyStep(chat->peer, SessionStep::LISTENING);

    chat->state = State::INVITING;
    chat->timer =
        Simulator::Schedule(m_invitationTimeout, &PeerToPeerClient::InvitationExpired, this, chat);
    NotifyStep(chat->peer, SessionStep::SMS_SUBMITTED);
    m_pageMode->Submit(chat->peer,
                       m_applicationPort,
                       m_applicationPort,
                       EncodeInvitation(chat->own),
                       MakeCallback(&PeerToPeerClient::InvitationDone, this).Bind(chat));
}

void
PeerToPeerClient::InvitationDone(Ptr<Chat> chat, bool accepted, const std::string& cause)
{
    if (chat->state != State::INVITING)
    {
        return;
    }
    if (!accepted)
    {
        End(chat, cause);
        return;
    }
    NotifyStep(chat->peer, SessionStep::SMS_ACCEPTED);
}

void
PeerToPeerClient::InvitationExpired(Ptr<Chat> chat)
{
    End(chat, "invitation unanswered");
}

void
PeerToPeerClient::Accepted(Ptr<Chat> chat, Ptr<Socket> socket, const Address& from)
{
    if (chat->state != State::INVITING)
    {
        socket->Close();
        return;
    }
    chat->timer.Cancel();
    chat->listener->ForgetCallbacks();
    chat->listener->Close();
    chat->listener = nullptr;
    chat->connection = DynamicCast<PeerTcpSocket>(socket);
    const auto remote = InetSocketAddress::ConvertFrom(from);
    chat->remote = {remote.GetIpv4(), remote.GetPort(), chat->own.sessionId};
    Established(chat);
}

void
PeerToPeerClient::ReceiveInvitation(const std::string& from, const std::vector<uint8_t>& userData)
{
    const auto invitation = DecodeInvitation(userData);
    if (!invitation)
    {
        NS_LOG_WARN("a short message from " << from << " that is no invitation");
        return;
    }
    if (auto chat = Find(from))
    {
        const bool isInitiator =
            chat->state == State::RAISING_BEARER || chat->state == State::INVITING;
        if (!isInitiator || GetMsisdn() < from)
        {
            return; // a duplicate, or glare in which the own invitation stands
        }
        Release(*chat);
    }
    NotifyStep(from, SessionStep::SMS_DELIVERED);
    auto chat = Add(from);
    chat->state = State::ANSWERING;
    chat->remote = *invitation;
    if (m_answerTime.IsZero())
    {
        UserAnswered(chat);
        return;
    }
    chat->timer = Simulator::Schedule(m_answerTime, &PeerToPeerClient::UserAnswered, this, chat);
}

void
PeerToPeerClient::UserAnswered(Ptr<Chat> chat)
{
    m_bearer->BringUp(MakeCallback(+[]() {}),
                      MakeCallback(&PeerToPeerClient::TargetBearerDone, this).Bind(chat));
}

void
PeerToPeerClient::TargetBearerDone(Ptr<Chat> chat, bool up, const std::string& cause)
{
    if (chat->state != State::ANSWERING)
    {
        return;
    }
    if (!up)
    {
        End(chat, cause);
        return;
    }
    NotifyStep(chat->peer, SessionStep::TARGET_BEARER_UP);
    chat->state = State::CONNECTING;
    chat->connection = PeerTcpSocket::Create(GetNode());
    chat->connection->SetConnectCallback(
        MakeCallback(&PeerToPeerClient::Connected, this).Bind(chat),
        MakeCallback(&PeerToPeerClient::ConnectFailed, this).Bind(chat));
    NotifyStep(chat->peer, SessionStep::SYN_SENT);
    chat->connection->Connect(InetSocketAddress(chat->remote.address, chat->remote.port));
}

void
PeerToPeerClient::Connected(Ptr<Chat> chat, Ptr<Socket> socket)
{
    Address bound;
    socket->GetSockName(bound);
    const auto own = InetSocketAddress::ConvertFrom(bound);
    chat->own = {own.GetIpv4(), own.GetPort(), chat->remote.sessionId};
    NotifyStep(chat->peer, SessionStep::ESTABLISHED);
    Established(chat);
}

void
PeerToPeerClient::ConnectFailed(Ptr<Chat> chat, Ptr<Socket>)
{
    const auto failure = chat->connection->GetFailure();
    End(chat, failure == TcpFailure::REFUSED ? "tcp refused" : "tcp timeout");
}

void
PeerToPeerClient::Established(Ptr<Chat> chat)
{
    chat->state = State::OPEN;
    chat->connection->SetRecvCallback(
        MakeCallback(&PeerToPeerClient::ReceiveOctets, this).Bind(chat));
    chat->connection->SetCloseCallbacks(
        MakeCallback(&PeerToPeerClient::PeerClosed, this).Bind(chat),
        MakeCallback(&PeerToPeerClient::ConnectionBroke, this).Bind(chat));
    NotifyReady(chat->peer);
}

void
PeerToPeerClient::Send(const Msisdn& peer, const std::string& text)
{
    auto chat = Find(peer);
    if (!chat || chat->state != State::OPEN)
    {
        NS_LOG_WARN("no open chat with " << peer);
        return;
    }
    const auto number = std::to_string(chat->nextMessage++);
    MsrpSend send;
    send.transactionId = chat->own.sessionId + number;
    send.messageId = GetMsisdn() + "." + number;
    send.toPath = ToMsrpUri(chat->remote);
    send.fromPath = ToMsrpUri(chat->own);
    send.body = text;
    Write(*chat, EncodeMsrp(send));
    chat->unanswered.push_back(Simulator::Now());
    if (!IsPending(chat->timer))
    {
        chat->timer =
            Simulator::Schedule(m_responseTimeout, &PeerToPeerClient::ResponseTimer, this, chat);
    }
}

void
PeerToPeerClient::Write(Chat& chat, const std::string& octets)
{
    chat.connection->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(octets.data()),
                                         static_cast<uint32_t>(octets.size())),
                          0);
}

void
PeerToPeerClient::ReceiveOctets(Ptr<Chat> chat, Ptr<Socket> socket)
{
    while (auto packet = socket->Recv())
    {
        if (packet->GetSize() == 0)
        {
            break;
        }
        std::string octets(packet->GetSize(), '\0');
        packet->CopyData(reinterpret_cast<uint8_t*>(octets.data()), packet->GetSize());
        chat->parser.Append(octets);
    }
    while (const auto message = chat->parser.Next())
    {
        std::visit([&](const auto& each) { Handle(chat, each); }, *message);
        if (chat->state == State::ENDED)
        {
            return;
        }
    }
    if (chat->parser.GetError() != MsrpParser::Error::NONE)
    {
        End(chat, "msrp malformed");
    }
}

void
PeerToPeerClient::Handle(Ptr<Chat> chat, const MsrpSend& send)
{
    const bool isOurs = send.toPath == ToMsrpUri(chat->own);
    MsrpResponse response;
    response.transactionId = send.transactionId;
    response.status = isOurs ? 200 : 481; // RFC 4975 10.8: the session does not exist here
    response.toPath = send.fromPath;
    response.fromPath = send.toPath;
    Write(*chat, EncodeMsrp(response));
    if (isOurs)
    {
        NotifyReceived(chat->peer, send.body);
    }
}

void
PeerToPeerClient::Handle(Ptr<Chat> chat, const MsrpResponse& response)
{
    if (response.status != 200)
    {
        End(chat, "msrp " + std::to_string(response.status));
        return;
    }
    if (!chat->unanswered.empty())
    {
        chat->unanswered.pop_front();
    }
}

void
PeerToPeerClient::ResponseTimer(Ptr<Chat> chat)
{
    if (chat->unanswered.empty())
    {
        return;
    }
    const auto due = chat->unanswered.front() + m_responseTimeout;
    if (due <= Simulator::Now())
    {
        End(chat, "msrp timeout");
        return;
    }
    chat->timer =
        Simulator::Schedule(due - Simulator::Now(), &PeerToPeerClient::ResponseTimer, this, chat);
}

void
PeerToPeerClient::PeerClosed(Ptr<Chat> chat, Ptr<Socket>)
{
    End(chat, "");
}

void
PeerToPeerClient::ConnectionBroke(Ptr<Chat> chat, Ptr<Socket>)
{
    End(chat, "tcp reset");
}

void
PeerToPeerClient::Close(const Msisdn& peer)
{
    if (auto chat = Find(peer))
    {
        End(chat, "");
    }
}

void
PeerToPeerClient::End(Ptr<Chat> chat, const std::string& cause)
{
    Release(*chat);
    m_chats.erase(chat->peer);
    NotifyEnded(chat->peer, cause);
}

void
PeerToPeerClient::Release(Chat& chat)
{
    chat.state = State::ENDED;
    chat.timer.Cancel();
    chat.timer = EventId(); // the event holds the chat
    for (auto* socket : {&chat.listener, &chat.connection})
    {
        if (*socket)
        {
            (*socket)->ForgetCallbacks();
            (*socket)->Close();
            *socket = nullptr;
        }
    }
}

std::string
PeerToPeerClient::DrawSessionId()
{
    if (!m_sessionIds)
    {
        m_sessionIds = CreateObject<UniformRandomVariable>();
    }
    static constexpr char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string id;
    for (uint64_t left = (uint64_t{m_sessionIds->GetInteger(0, UINT32_MAX)} << 20) |
                         m_sessionIds->GetInteger(0, (1U << 20) - 1);
         id.size() < 10;
         left /= 36)
    {
        id.push_back(digits[left % 36]);
    }
    return id;
}

} // namespace p2pim
} // namespace ns3
