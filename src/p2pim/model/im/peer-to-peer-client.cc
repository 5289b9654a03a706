// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/peer-to-peer-client.h"

#include "ns3/attribute-checkers.h"
#include "ns3/enum.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <utility>

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
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("Traversal",
                          "What the two phones do about NATs and firewalls on the way (RFC 5128): "
                          "Direct, nothing; RequestedAddress, the initiator asks its NAT for a "
                          "port (RFC 6887); KeptMapping, it learns its outside port from the STUN "
                          "server and holds it; Reversal, the target answers by SMS and the "
                          "initiator connects; Punch, the target answers by SMS and both connect; "
                          "LowTtlPunch, likewise with first SYNs that go SynTtl hops; "
                          "SequentialPunch, the target gives up after its first SYN and listens; "
                          "PredictedPunch, as Punch, and if a NAT counts its ports the other end "
                          "dials those that come next; "
                          "Relay; RelayAfterPunch; Auto, by the NATs of both sides.",
                          EnumValue(TRAVERSAL_DIRECT),
                          MakeEnumAccessor(&PeerToPeerClient::m_traversal),
                          MakeEnumChecker(TRAVERSAL_DIRECT,
                                          "Direct",
                                          TRAVERSAL_REQUESTED_ADDRESS,
                                          "RequestedAddress",
                                          TRAVERSAL_KEPT_MAPPING,
                                          "KeptMapping",
                                          TRAVERSAL_REVERSAL,
                                          "Reversal",
                                          TRAVERSAL_PUNCH,
                                          "Punch",
                                          TRAVERSAL_LOW_TTL_PUNCH,
                                          "LowTtlPunch",
                                          TRAVERSAL_SEQUENTIAL_PUNCH,
                                          "SequentialPunch",
                                          TRAVERSAL_PREDICTED_PUNCH,
                                          "PredictedPunch",
                                          TRAVERSAL_RELAY,
                                          "Relay",
                                          TRAVERSAL_RELAY_AFTER_PUNCH,
                                          "RelayAfterPunch",
                                          TRAVERSAL_AUTO,
                                          "Auto"))
            .AddAttribute("PunchInterval",
                          "Time from an attempt that was refused to the next one, and until the "
                          "one SYN of SequentialPunch is given up, s. Random, as two ends that "
                          "keep in step reset each other for ever. Own choice around the 1 s of "
                          "Linux' SYN timer.",
                          StringValue("ns3::UniformRandomVariable[Min=0.7|Max=1.3]"),
                          MakePointerAccessor(&PeerToPeerClient::m_punchInterval),
                          MakeRandomChecker(0.001))
            .AddAttribute("SynTtl",
                          "Hops that the target's SYNs may go in LowTtlPunch, 1 to 255. Own "
                          "choice: past a NAT beside the GGSN, and not to that of the other "
                          "side.",
                          UintegerValue(3),
                          MakeUintegerAccessor(&PeerToPeerClient::m_synTtl),
                          MakeUintegerChecker<uint8_t>(1))
            .AddAttribute("SynTtlTime",
                          "How long they may not go further: until the answer is likely to be "
                          "there (an SMS takes some 8 s).",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&PeerToPeerClient::m_synTtlTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("RelayDelay",
                          "How long the initiator tries without the relay when it has the answer. "
                          "Own choice: three SYNs of a handset.",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&PeerToPeerClient::m_relayDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("PredictedPorts",
                          "How many of the next ports of the other end's NAT are dialled in "
                          "PredictedPunch and Auto, 1 to 256. Own choice: what a quiet NAT needs, "
                          "and no scan.",
                          UintegerValue(8),
                          MakeUintegerAccessor(&PeerToPeerClient::m_predictedPorts),
                          MakeUintegerChecker<uint32_t>(1, 256))
            .AddAttribute("AnswerDelay",
                          "How long a target whose ports are predicted waits with its answer when "
                          "it has dialled. Own choice: its SYNs take the next ports before others "
                          "do, and an SMS suspends GPRS.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&PeerToPeerClient::m_answerDelay),
                          MakeTimeChecker(Seconds(0)));
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
    m_pcpTimes = nullptr;
    ImClient::DoDispose();
}

void
PeerToPeerClient::SetSessionIdSource(Ptr<UniformRandomVariable> source)
{
    m_sessionIds = source;
}

void
PeerToPeerClient::SetPcpTimeSource(Ptr<UniformRandomVariable> source)
{
    m_pcpTimes = source;
}

void
PeerToPeerClient::SetTraversalServers(const InetSocketAddress& stun, const InetSocketAddress& relay)
{
    m_stunServer = stun;
    m_relay = relay;
}

TraversalStrategy
PeerToPeerClient::GetTraversal() const
{
    return m_traversal;
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
    chat->isInitiator = true;
    chat->plan = GetTraversalPlan(m_traversal);
    m_bearer->BringUp(MakeCallback(&PeerToPeerClient::BearerAttached, this).Bind(chat),
                      MakeCallback(&PeerToPeerClient::InitiatorBearerDone, this).Bind(chat));
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
    chat->session->Send(text);
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
    for (auto* timer : {&chat.timer, &chat.second})
    {
        timer->Cancel();
        *timer = EventId(); // the event holds the chat
    }
    StopConnecting(chat, nullptr);
    if (chat.session)
    {
        chat.session->Close();
        chat.session = nullptr;
    }
    if (chat.pcp)
    {
        chat.pcp->Release();
        chat.pcp = nullptr;
    }
    ReleaseRelay(chat);
}

void
PeerToPeerClient::ReleaseRelay(Chat& chat)
{
    chat.relayed = nullptr;
    if (chat.relay)
    {
        chat.relay->Release();
        chat.relay = nullptr;
    }
}

void
PeerToPeerClient::StopConnecting(Chat& chat, Ptr<MsrpSession> chosen)
{
    if (chat.connector)
    {
        chat.connector->Stop();
        chat.connector = nullptr;
    }
    if (chat.stun)
    {
        chat.stun->Release();
    }
    if (chat.sampler)
    {
        chat.sampler->Release();
    }
    for (const auto& session : std::exchange(chat.unbound, {}))
    {
        if (session != chosen)
        {
            session->Close();
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
