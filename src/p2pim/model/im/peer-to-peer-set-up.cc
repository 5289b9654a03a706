// SPDX-License-Identifier: GPL-2.0-only
// the steps of set-up: from the user's press to the connection
#include "ns3/boolean.h"
#include "ns3/candidate-addresses.h"
#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/peer-to-peer-client.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("PeerToPeerSetUp");

namespace
{

const char*
NameOf(TcpFailure failure)
{
    switch (failure)
    {
    case TcpFailure::REFUSED:
        return "tcp refused";
    case TcpFailure::NONE:
        return "no route";
    default:
        return "tcp timeout";
    }
}

} // namespace

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
    Listen(chat);
}

void
PeerToPeerClient::StartConnector(Ptr<Chat> chat)
{
    chat->own.address = m_bearer->GetAddress();
    chat->connector = Create<PeerConnector>(GetNode(), chat->own.address, m_punchInterval);
    chat->connector->SetCallbacks(MakeCallback(&PeerToPeerClient::Connected, this).Bind(chat),
                                  MakeCallback(&PeerToPeerClient::ConnectFailed, this).Bind(chat),
                                  MakeCallback(&PeerToPeerClient::Attempted, this).Bind(chat));
}

void
PeerToPeerClient::Listen(Ptr<Chat> chat)
{
    StartConnector(chat);
    chat->own.port = chat->connector->Listen();
    chat->own.sessionId = DrawSessionId();
    NotifyStep(chat->peer, SessionStep::LISTENING);
    if (!chat->plan.requestsPort)
    {
        Gather(chat, chat->plan.asks, SessionStep::GATHERED, &PeerToPeerClient::Invite);
        return;
    }
    chat->pcp = CreateObject<PcpClient>();
    chat->pcp->SetTimeSource(m_pcpTimes);
    chat->pcp->Start(GetNode(),
                     InetSocketAddress(chat->own.address, chat->own.port),
                     [this, chat](const std::optional<InetSocketAddress>& outside) {
                         AddCandidate(chat->own, Candidate::Kind::MAPPED, outside);
                         NotifyStep(chat->peer, SessionStep::GATHERED);
                         Invite(chat);
                     });
}

void
PeerToPeerClient::Gather(Ptr<Chat> chat, bool asks, SessionStep step, NextStep next)
{
    if (!asks || !m_stunServer)
    {
        (this->*next)(chat);
        return;
    }
    using Attempt = ConnectionAttempt;
    constexpr auto server = Attempt::Candidate::STUN_SERVER;
    NotifyServer(*chat, server, *m_stunServer, Attempt::Outcome::UNDER_WAY);
    chat->stun = CreateObject<StunTcpClient>();
    chat->stun->SetAttribute("DiscoverMapping", BooleanValue(chat->plan.predicts));
    chat->stun->Start(GetNode(),
                      chat->own.port,
                      *m_stunServer,
                      [this, chat, step, next](const StunDiscovery::Findings& findings) {
                          AddCandidate(chat->own, Candidate::Kind::REFLEXIVE, findings.reflexive);
                          chat->own.mapping = findings.mapping;
                          NotifyServer(*chat,
                                       server,
                                       *m_stunServer,
                                       findings.reflexive ? Attempt::Outcome::CONNECTED
                                                          : Attempt::Outcome::TIMED_OUT);
                          Gathered(chat, step, next);
                      });
}

void
PeerToPeerClient::Gathered(Ptr<Chat> chat, SessionStep step, NextStep next)
{
    const auto goOn = [this, chat, step, next](const std::optional<PortSequence>& sequence) {
        chat->own.sequence = sequence;
        NotifyStep(chat->peer, step);
        (this->*next)(chat);
    };
    if (!chat->plan.predicts || !HasManyPorts(chat->own))
    {
        goOn(std::nullopt);
        return;
    }
    chat->sampler = Create<PortSampler>();
    chat->sampler->Start(GetNode(), *m_stunServer, goOn);
}

void
PeerToPeerClient::Invite(Ptr<Chat> chat)
{
    chat->state = State::INVITING;
    chat->timer = Simulator::Schedule(m_invitationTimeout, &PeerToPeerClient::Expired, this, chat);
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
PeerToPeerClient::ReceiveAnswer(Ptr<Chat> chat, const Invitation& answer)
{
    NotifyStep(chat->peer, SessionStep::ANSWER_DELIVERED);
    chat->state = State::CONNECTING;
    chat->remote = answer;
    const auto relayed =
        std::find_if(answer.candidates.begin(), answer.candidates.end(), [](const auto& each) {
            return each.kind == Candidate::Kind::RELAYED;
        });
    const bool hasRelay = relayed != answer.candidates.end();
    const auto plan = GetTraversalPlan(m_traversal, chat->own, answer);
    if (plan.predicts && MeetInPairs(chat->own, answer))
    {
        chat->sampler = Create<PortSampler>();
        chat->sampler->Start(GetNode(), *m_stunServer, [this, chat](const auto& now) {
            DialInPairs(chat, now);
        });
    }
    else if (plan.punches)
    {
        Dial(*chat, PeerConnector::Mode::PERSISTENT, 0);
    }
    if (hasRelay)
    {
        chat->second = Simulator::Schedule(plan.punches ? m_relayDelay : Time(),
                                           &PeerConnector::Dial,
                                           chat->connector,
                                           InetSocketAddress(relayed->address, relayed->port),
                                           PeerConnector::Mode::PERSISTENT,
                                           0);
    }
}

/// The target has dialled from its own n-th port to the n-th of those that were the next ones when
/// the invitation was written: the first that is left now is to be met by the first SYN.
void
PeerToPeerClient::DialInPairs(Ptr<Chat> chat, const std::optional<PortSequence>& now)
{
    const uint32_t next = now ? chat->own.sequence->CountTo(now->last) + 1 : 1;
    Dial(*chat, PeerConnector::Mode::PERSISTENT, 0, next);
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
    auto chat = Find(from);
    if (invitation->isAnswer)
    {
        if (chat && chat->state == State::INVITING && chat->plan.answers &&
            invitation->sessionId == chat->own.sessionId)
        {
            ReceiveAnswer(chat, *invitation);
        }
        return;
    }
    if (chat)
    {
        const bool isWaiting =
            chat->state == State::RAISING_BEARER || chat->state == State::INVITING;
        if (!isWaiting || GetMsisdn() < from)
        {
            return; // a duplicate, or glare in which the own invitation stands
        }
        Release(*chat);
    }
    NotifyStep(from, SessionStep::SMS_DELIVERED);
    chat = Add(from);
    chat->state = State::ANSWERING;
    chat->remote = *invitation;
    chat->own.sessionId = invitation->sessionId;
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
    StartConnector(chat);
    chat->plan = GetTraversalPlan(m_traversal, chat->remote);
    if (chat->plan.answers)
    {
        chat->own.port = chat->connector->Listen();
    }
    Gather(chat,
           chat->plan.targetAsks,
           SessionStep::TARGET_GATHERED,
           &PeerToPeerClient::TargetGathered);
}

void
PeerToPeerClient::TargetGathered(Ptr<Chat> chat)
{
    using Opening = TraversalPlan::Opening;
    using Mode = PeerConnector::Mode;
    chat->state = State::CONNECTING;
    chat->plan = GetTraversalPlan(m_traversal, chat->remote, chat->own);
    switch (chat->plan.opening)
    {
    case Opening::NOTHING:
        break;
    case Opening::CONNECT:
        Dial(*chat, Mode::ONCE, 0);
        EndIfHopeless(chat, NameOf(TcpFailure::NONE));
        return;
    case Opening::PUNCH:
        Dial(*chat, Mode::PERSISTENT, 0);
        break;
    case Opening::PUNCH_LOW_TTL:
        Dial(*chat, Mode::PERSISTENT, m_synTtl);
        chat->second = Simulator::Schedule(m_synTtlTime, &PeerConnector::LiftTtl, chat->connector);
        break;
    case Opening::PUNCH_ONCE:
        Dial(*chat, Mode::OPENING, 0);
        break;
    }
    if (chat->plan.relays)
    {
        OfferRelay(chat);
    }
    else if (chat->own.sequence)
    {
        chat->second = Simulator::Schedule(m_answerDelay, &PeerToPeerClient::Answer, this, chat);
    }
    else if (chat->plan.answers)
    {
        Answer(chat);
    }
}

void
PeerToPeerClient::OfferRelay(Ptr<Chat> chat)
{
    if (!m_relay)
    {
        RelayOffered(chat, std::nullopt, "no relay");
        return;
    }
    NotifyServer(*chat,
                 ConnectionAttempt::Candidate::RELAY,
                 *m_relay,
                 ConnectionAttempt::Outcome::UNDER_WAY);
    chat->relay =
        Create<RelayOffer>(MakeCallback(&PeerToPeerClient::RelayOffered, this).Bind(chat),
                           MakeCallback(&PeerToPeerClient::RelayConnected, this).Bind(chat),
                           MakeCallback(&PeerToPeerClient::RelayLost, this).Bind(chat));
    chat->relay->Start(GetNode(), *m_relay, GetMsisdn(), GetOuterAddresses(chat->remote));
}

void
PeerToPeerClient::RelayOffered(Ptr<Chat> chat,
                               const std::optional<InetSocketAddress>& relayed,
                               const std::string& cause)
{
    if (chat->state != State::CONNECTING)
    {
        return; // it was not needed
    }
    if (m_relay)
    {
        using Outcome = ConnectionAttempt::Outcome;
        const auto failure = cause == "relay timeout" ? Outcome::TIMED_OUT : Outcome::REFUSED;
        NotifyServer(*chat,
                     ConnectionAttempt::Candidate::RELAY,
                     *m_relay,
                     relayed ? Outcome::CONNECTED : failure);
    }
    AddCandidate(chat->own, Candidate::Kind::RELAYED, relayed);
    if (!relayed && !chat->plan.punches)
    {
        End(chat, cause);
        return;
    }
    Answer(chat);
}

void
PeerToPeerClient::Answer(Ptr<Chat> chat)
{
    chat->timer = Simulator::Schedule(m_invitationTimeout, &PeerToPeerClient::Expired, this, chat);
    chat->own.isAnswer = true;
    NotifyStep(chat->peer, SessionStep::ANSWER_SUBMITTED);
    m_pageMode->Submit(chat->peer,
                       m_applicationPort,
                       m_applicationPort,
                       EncodeInvitation(chat->own),
                       MakeCallback(&PeerToPeerClient::AnswerDone, this).Bind(chat));
}

void
PeerToPeerClient::AnswerDone(Ptr<Chat> chat, bool accepted, const std::string& cause)
{
    if (chat->state == State::CONNECTING && !accepted)
    {
        End(chat, cause);
    }
}

void
PeerToPeerClient::Dial(Chat& chat, PeerConnector::Mode mode, uint8_t synTtl, uint32_t first)
{
    if (!chat.isInitiator)
    {
        NotifyStep(chat.peer, SessionStep::SYN_SENT);
    }
    std::vector<InetSocketAddress> addresses;
    if (chat.plan.predicts)
    {
        addresses = GetPredictedAddresses(chat.remote, first, m_predictedPorts);
    }
    const auto told = GetDirectAddresses(chat.remote);
    addresses.insert(addresses.end(), told.begin(), told.end());
    for (const auto& address : addresses)
    {
        // behind NATs the other end may have the same address; what is sent there never leaves
        if (address.GetIpv4() != chat.own.address)
        {
            chat.connector->Dial(address, mode, synTtl);
        }
        else
        {
            NotifyNotDialled(chat, address);
        }
    }
}

void
PeerToPeerClient::ConnectFailed(Ptr<Chat> chat, TcpFailure failure)
{
    EndIfHopeless(chat, NameOf(failure));
}

void
PeerToPeerClient::EndIfHopeless(Ptr<Chat> chat, const std::string& cause)
{
    if (chat->state == State::CONNECTING && !chat->isInitiator &&
        chat->plan.opening == TraversalPlan::Opening::CONNECT && chat->unbound.empty() &&
        !chat->connector->IsTrying())
    {
        End(chat, cause);
    }
}

void
PeerToPeerClient::Expired(Ptr<Chat> chat)
{
    End(chat, chat->state == State::INVITING ? "invitation unanswered" : "not traversed");
}

void
PeerToPeerClient::Connected(Ptr<Chat> chat, Ptr<PeerTcpSocket> socket)
{
    if (const auto session = BeginSession(chat, socket))
    {
        session->Start("");
        if (session->IsBound())
        {
            Established(chat, session);
        }
    }
}

void
PeerToPeerClient::RelayConnected(Ptr<Chat> chat,
                                 Ptr<PeerTcpSocket> socket,
                                 const std::string& early)
{
    if (const auto session = BeginSession(chat, socket))
    {
        chat->relayed = session;
        session->Start(early);
    }
}

void
PeerToPeerClient::RelayLost(Ptr<Chat> chat, const std::string& cause)
{
    const bool isAll = chat->session ? chat->session == chat->relayed : !chat->plan.punches;
    if (isAll)
    {
        End(chat, cause);
    }
}

Ptr<MsrpSession>
PeerToPeerClient::BeginSession(Ptr<Chat> chat, Ptr<PeerTcpSocket> socket)
{
    if (chat->state == State::OPEN || chat->state == State::ENDED)
    {
        socket->ForgetCallbacks();
        socket->Close();
        return nullptr;
    }
    const auto toPath = [&chat](const InetSocketAddress& end) {
        return ToMsrpUri({end.GetIpv4(), end.GetPort(), chat->own.sessionId});
    };
    Address ownName;
    Address remoteName;
    socket->GetSockName(ownName);
    socket->GetPeerName(remoteName);
    const auto own = InetSocketAddress::ConvertFrom(ownName);
    const auto remote = InetSocketAddress::ConvertFrom(remoteName);
    MsrpSession::Settings settings;
    settings.sessionId = chat->own.sessionId;
    settings.ownPath = toPath(own);
    settings.remotePath = chat->isInitiator ? toPath(remote) : ToMsrpUri(chat->remote);
    settings.name = GetMsisdn();
    settings.responseTimeout = m_responseTimeout;
    if (chat->plan.NeedsBinding())
    {
        settings.binding =
            chat->isInitiator ? MsrpSession::Binding::INVITES : MsrpSession::Binding::INVITED;
    }
    auto session = Create<MsrpSession>(
        socket,
        settings,
        MsrpSession::Callbacks{MakeCallback(&PeerToPeerClient::Established, this).Bind(chat),
                               MakeCallback(&PeerToPeerClient::Received, this).Bind(chat),
                               MakeCallback(&PeerToPeerClient::SessionEnded, this)
                                   .Bind(chat, ConnectionEnds(own, remote))});
    chat->unbound.push_back(session);
    if (!chat->isInitiator)
    {
        NotifyStep(chat->peer, SessionStep::ESTABLISHED);
    }
    return session;
}

void
PeerToPeerClient::Established(Ptr<Chat> chat, Ptr<MsrpSession> session)
{
    chat->timer.Cancel();
    chat->second.Cancel();
    chat->state = State::OPEN;
    chat->session = session;
    StopConnecting(*chat, session);
    if (session != chat->relayed)
    {
        ReleaseRelay(*chat);
    }
    NotifyReady(chat->peer);
}

void
PeerToPeerClient::Received(Ptr<Chat> chat, Ptr<MsrpSession> session, const std::string& text)
{
    if (session == chat->session)
    {
        NotifyReceived(chat->peer, text);
    }
}

void
PeerToPeerClient::SessionEnded(Ptr<Chat> chat,
                               ConnectionEnds ends,
                               Ptr<MsrpSession> session,
                               const std::string& cause)
{
    if (session != chat->session || cause == "msrp 481") // RFC 4975 10.8: no such session there
    {
        NotifyUnbound(*chat, ends, cause);
    }
    if (session == chat->session)
    {
        End(chat, cause);
        return;
    }
    auto& unbound = chat->unbound;
    unbound.erase(std::remove(unbound.begin(), unbound.end(), session), unbound.end());
    EndIfHopeless(chat, cause.empty() ? "wrong host" : cause);
}

} // namespace p2pim
} // namespace ns3
