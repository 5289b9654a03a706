// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sgsn.h"

#include "ns3/boolean.h"
#include "ns3/hlr.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/smsc.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("Sgsn");
NS_OBJECT_ENSURE_REGISTERED(Sgsn);

namespace
{

constexpr uint8_t PD_MASK = 0x0F; ///< the protocol discriminator's half of the first octet

} // namespace

TypeId
Sgsn::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::Sgsn")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<Sgsn>()
            .AddAttribute("AuthenticationInfoTime",
                          "Time for the triplets from the HLR (MAP SendAuthenticationInfo, there "
                          "and back), before a station is challenged. Own choice.",
                          TimeValue(MilliSeconds(200)),
                          MakeTimeAccessor(&Sgsn::m_authenticationInfoTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("UpdateLocationTime",
                          "Time for the location update at the HLR (MAP UpdateGprsLocation and "
                          "InsertSubscriberData), before an attach is accepted. Own choice.",
                          TimeValue(MilliSeconds(300)),
                          MakeTimeAccessor(&Sgsn::m_updateLocationTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("ProcessingTime",
                          "Time in which the SGSN works on a session management request. Own "
                          "choice.",
                          TimeValue(MilliSeconds(200)),
                          MakeTimeAccessor(&Sgsn::m_processingTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("T3312",
                          "Period of routing area updates of a station that is in STANDBY (TS "
                          "24.008 table 11.3: 54 min), a GPRS timer's 0 s to 186 min. 0: none, and "
                          "an idle station has no event.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&Sgsn::m_t3312),
                          MakeTimeChecker(Seconds(0), Minutes(186)))
            .AddAttribute("T3313",
                          "How long the SGSN waits for the answer to a page (TS 24.008 table 11.4; "
                          "osmo-sgsn: 30 s).",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&Sgsn::m_t3313),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("PagingAttempts",
                          "How often a station is paged before what was to be sent is given up, 1 "
                          "to 10. Own choice.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&Sgsn::m_pagingAttempts),
                          MakeUintegerChecker<uint8_t>(1, 10))
            .AddAttribute("T3314",
                          "How long after its last uplink frame a station is READY, so that it "
                          "need not be paged (TS 24.008 table 11.3: 44 s); told to stations as a "
                          "GPRS timer, in steps of 2 s.",
                          TimeValue(Seconds(44)),
                          MakeTimeAccessor(&Sgsn::m_t3314),
                          MakeTimeChecker(Seconds(0), Seconds(62)))
            .AddAttribute("T3322",
                          "Wait for the answer to the network's DETACH REQUEST (TS 24.008 table "
                          "11.4).",
                          TimeValue(Seconds(6)),
                          MakeTimeAccessor(&Sgsn::m_t3322),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("T3350",
                          "Wait for the answer to ATTACH ACCEPT (TS 24.008 table 11.4).",
                          TimeValue(Seconds(6)),
                          MakeTimeAccessor(&Sgsn::m_t3350),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("T3360",
                          "Wait for the answer to a challenge (TS 24.008 table 11.4).",
                          TimeValue(Seconds(6)),
                          MakeTimeAccessor(&Sgsn::m_t3360),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("T3385",
                          "Wait for the answer to REQUEST PDP CONTEXT ACTIVATION (TS 24.008 table "
                          "11.4a).",
                          TimeValue(Seconds(8)),
                          MakeTimeAccessor(&Sgsn::m_t3385),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("T3386",
                          "Wait for the answer to the network's MODIFY PDP CONTEXT REQUEST (TS "
                          "24.008 table 11.4a).",
                          TimeValue(Seconds(8)),
                          MakeTimeAccessor(&Sgsn::m_t3386),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("T3395",
                          "Wait for the answer to the network's DEACTIVATE PDP CONTEXT REQUEST "
                          "(TS 24.008 table 11.4a).",
                          TimeValue(Seconds(8)),
                          MakeTimeAccessor(&Sgsn::m_t3395),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("ShortMessageTime",
                          "From a short message, or an answer to one, to what the SGSN does about "
                          "it. Own estimate, as MscVlr.ProcessingTime.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&Sgsn::m_shortMessageTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("SuspensionBuffer",
                          "Octets of N-PDUs that the SGSN keeps for a station whose GPRS is "
                          "suspended; what comes further is lost. Own choice.",
                          UintegerValue(65536),
                          MakeUintegerAccessor(&Sgsn::m_suspensionBuffer),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("MaxPdpContexts",
                          "PDP contexts that the SGSN has room for, 0: no limit. A further one is "
                          "rejected for insufficient resources.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&Sgsn::m_maxContexts),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("T3Response",
                          "How long the SGSN waits for a GTP response before it sends the request "
                          "again (TS 29.060 7.6: T3-RESPONSE; osmo-ggsn: 5 s).",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&Sgsn::SetT3Response, &Sgsn::GetT3Response),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("N3Requests",
                          "How often a GTP request is sent in all, 1 to 20 (TS 09.60 13.2: "
                          "N3-REQUESTS, 5).",
                          UintegerValue(5),
                          MakeUintegerAccessor(&Sgsn::SetN3Requests, &Sgsn::GetN3Requests),
                          MakeUintegerChecker<uint8_t>(1, 20))
            .AddAttribute(
                "FlowControlQueue",
                "Octets of LLC PDUs that the SGSN holds back of a station whose cell has "
                "GprsCell.FlowControl; what comes further is lost. Own choice, as "
                "SuspensionBuffer.",
                UintegerValue(65536),
                MakeUintegerAccessor(&Sgsn::SetFlowControlQueue, &Sgsn::GetFlowControlQueue),
                MakeUintegerChecker<uint32_t>())
            .AddAttribute(
                "FlowControlValidity",
                "Th: how long the SGSN keeps to what a FLOW-CONTROL-MS has told of a "
                "station, before the cell's default holds for it again (TS 48.018 11: 5 "
                "to 6000 s). Own choice.",
                TimeValue(Seconds(60)),
                MakeTimeAccessor(&Sgsn::SetFlowControlValidity, &Sgsn::GetFlowControlValidity),
                MakeTimeChecker(Seconds(5), Seconds(6000)))
            .AddAttribute("PduLifetime",
                          "How long an LLC PDU may wait with flow control, at the SGSN or for its "
                          "TBF, before it is lost (TS 48.018, PDU Lifetime: up to 655 s). 0 s: as "
                          "long as it takes.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&Sgsn::m_pduLifetime),
                          MakeTimeChecker(Seconds(0), Seconds(655)))
            .AddAttribute("Reroute",
                          "Whether frames that wait in the cell that a station has left are "
                          "carried over to its new one when the SGSN hears of it there; otherwise "
                          "they are lost (TS 48.018 8.1, FLUSH-LL; a BSS may do either).",
                          BooleanValue(false),
                          MakeBooleanAccessor(&Sgsn::m_reroute),
                          MakeBooleanChecker());
    return tid;
}

Sgsn::Sgsn()
    : m_gn(m_gtp),
      m_challenges(CreateObject<UniformRandomVariable>())
{
}

Sgsn::~Sgsn() = default;

void
Sgsn::DoDispose()
{
    m_gn.Close();
    m_byTeid.clear();
    m_contexts.clear();
    m_areas.clear();
    m_bvcs.clear();
    m_challenges = nullptr;
    m_signalling = nullptr;
    m_hlr = nullptr;
    m_smsc = nullptr;
    Object::DoDispose();
}

void
Sgsn::SetT3Response(Time time)
{
    m_gtp.t3Response = time;
}

Time
Sgsn::GetT3Response() const
{
    return m_gtp.t3Response;
}

void
Sgsn::SetN3Requests(uint8_t requests)
{
    m_gtp.n3Requests = requests;
}

uint8_t
Sgsn::GetN3Requests() const
{
    return m_gtp.n3Requests;
}

void
Sgsn::Connect(Ptr<NetDevice> gn, Ipv4Address own, Ipv4Address ggsn)
{
    m_gn.Open(
        gn,
        own,
        ggsn,
        {[this](const GtpMessage& message, const Address& from) { ReceiveRequest(message, from); },
         [this](uint32_t teid, Ptr<Packet> packet) { ReceiveUser(teid, packet); },
         [this]() { GgsnRestarted(); }});
}

void
Sgsn::SetLinkSettings(const LogicalLinkSettings& settings)
{
    m_linkSettings = settings;
}

void
Sgsn::AddSubscriber(uint64_t imsi, const std::string& msisdn)
{
    m_contexts[imsi].msisdn = msisdn;
}

void
Sgsn::SetRefusal(uint64_t imsi, std::optional<GmmSmCause> cause)
{
    m_contexts[imsi].refusal = cause;
}

uint32_t
Sgsn::GetNodeId() const
{
    return GetObject<Node>()->GetId();
}

int64_t
Sgsn::AssignStreams(int64_t first)
{
    m_challenges->SetStream(first);
    return 1;
}

bool
Sgsn::IsRegistered(uint64_t imsi) const
{
    const auto found = m_contexts.find(imsi);
    return found != m_contexts.end() && found->second.state == Context::State::REGISTERED;
}

void
Sgsn::SetInService(bool inService)
{
    if (inService && !m_gn.IsInService())
    {
        for (auto& subscriber : m_contexts)
        {
            Context& context = subscriber.second;
            EndProcedure(context);
            context.state = Context::State::DEREGISTERED;
            if (context.requested)
            {
                context.requested->timer.Cancel();
                context.requested.reset();
            }
            LoseWaiting(context, LossCause::OUTAGE);
            RemoveAllContexts(context);
        }
    }
    if (!inService)
    {
        LoseHeld();
    }
    m_gn.SetInService(inService);
}

bool
Sgsn::IsReady(const Context& context) const
{
    return Simulator::Now() <= context.lastUplink + m_t3314;
}

LogicalLink&
Sgsn::GetLink(Context& context) const
{
    if (!context.link)
    {
        context.link = std::make_unique<LogicalLink>(LlcSide::SGSN, m_linkSettings);
    }
    return *context.link;
}

void
Sgsn::AddCell(Ptr<GprsCell> cell)
{
    m_areas[GetAreaKey(cell->GetRoutingArea())].push_back(cell);
}

void
Sgsn::ReceiveUplink(Ptr<GprsCell> cell, Ptr<GprsMobileStation> ms, const LlcPdu& pdu)
{
    if (!m_gn.IsInService())
    {
        m_gbUplink.In(pdu.frame->GetSize());
        m_gbUplink.Lose(pdu.frame->GetSize(), LossCause::OUTAGE);
        return;
    }
    // a station that the HLR does not know has a context to be refused by
    auto& subscriber = *m_contexts.try_emplace(ms->GetImsi()).first;
    Context& context = subscriber.second;
    context.ms = ms;
    MoveTo(context, cell);
    context.lastUplink = Simulator::Now();
    TellHlrOfActivity(context);
    Answered(subscriber);
    LogicalLink& link = GetLink(context);
    if (!link.IsAssigned(pdu.tlli))
    {
        link.Reset(pdu.tlli); // the station attaches
    }
    LogicalLink::Frames answers;
    const auto received = GetLink(context).Receive(Simulator::Now(), pdu.frame, answers);
    received.CountFrame(pdu.frame->GetSize(), m_gbUplink);
    received.CountSndcp(m_sndcpUplink);
    PassFrames(context, answers);
    ArmLink(subscriber);
    for (const auto& [nsapi, npdu] : received.npdus)
    {
        ReceiveNpdu(context, nsapi, npdu);
    }
    bool believesRegistered = !pdu.signalling;
    for (const Octets& octets : received.signalling)
    {
        believesRegistered = (octets.front() & PD_MASK) == PD_SM;
        ReceiveMessage(subscriber, octets);
    }
    for (const Octets& octets : received.shortMessages)
    {
        ReceiveShortMessage(subscriber, octets);
    }
    if (believesRegistered && context.state == Context::State::DEREGISTERED)
    {
        // the SGSN has restarted: the station shall attach again
        DetachStation(subscriber.first,
                      MtDetachType::REATTACH_REQUIRED,
                      GmmSmCause::IMPLICITLY_DETACHED);
    }
}

void
Sgsn::ReceiveMessage(ContextRef& subscriber, const Octets& octets)
{
    if (const auto message = DecodeGmmSm(octets, GmmSmDirection::UPLINK))
    {
        std::visit([&](const auto& each) { Handle(subscriber, each); }, *message);
        return;
    }
    NS_LOG_WARN("a GMM or SM message that does not decode");
    ++m_invalid;
}

void
Sgsn::ReceiveNpdu(Context& context, uint8_t nsapi, Ptr<Packet> npdu)
{
    m_uplink.In(npdu->GetSize());
    const PdpContext* pdp = FindContext(context, nsapi);
    if (!pdp || pdp->ggsnData == 0)
    {
        m_uplink.Lose(npdu->GetSize(), LossCause::NO_CONTEXT);
        return;
    }
    ++m_uplinkPackets;
    m_uplink.Out(npdu->GetSize());
    m_gn.SendUser(pdp->ggsnData, npdu);
}

void
Sgsn::SendMessageLater(Time delay, uint64_t imsi, const GmmSmMessage& message)
{
    Simulator::Schedule(delay, &Sgsn::SendMessageTo, this, imsi, message);
}

void
Sgsn::SendMessageTo(uint64_t imsi, const GmmSmMessage& message)
{
    SendMessage(*m_contexts.find(imsi), message);
}

void
Sgsn::SendMessage(ContextRef& subscriber, const GmmSmMessage& message)
{
    SendDownlink(subscriber, {Waiting::Kind::SIGNALLING, nullptr, 0, EncodeGmmSm(message)});
}

void
Sgsn::SendDownlink(ContextRef& subscriber, Waiting item)
{
    Context& context = subscriber.second;
    if (context.suspended)
    {
        Hold(context, std::move(item));
        return;
    }
    if (!context.paging && IsReady(context))
    {
        PassToCell(subscriber, item);
        return;
    }
    context.waiting.push_back(std::move(item));
    if (!context.paging)
    {
        context.paging = true;
        context.pages = 0;
        Page(subscriber);
    }
}

void
Sgsn::PassToCell(ContextRef& subscriber, const Waiting& item)
{
    Context& context = subscriber.second;
    const Time now = Simulator::Now();
    switch (item.kind)
    {
    case Waiting::Kind::SIGNALLING:
        PassFrames(context, GetLink(context).SendSignalling(now, item.message));
        return;
    case Waiting::Kind::SHORT_MESSAGE:
        PassFrames(context, GetLink(context).SendShortMessage(now, item.message));
        return;
    case Waiting::Kind::DELIVERY:
        StartDelivery(subscriber);
        return;
    case Waiting::Kind::REQUESTED_ACTIVATION:
        RequestActivation(subscriber.first);
        return;
    case Waiting::Kind::NPDU:
        break;
    }
    const PdpContext* pdp = FindContext(context, item.nsapi);
    if (!pdp || !GetLink(context).IsActive(item.nsapi))
    {
        m_downlink.Lose(item.npdu->GetSize(), LossCause::NO_CONTEXT);
        return;
    }
    m_downlink.Out(item.npdu->GetSize());
    PassFrames(context, GetLink(context).SendNpdu(now, item.nsapi, item.npdu, pdp->qos));
    ArmLink(subscriber);
}

/// Sees to the timers of acknowledged LLC.
void
Sgsn::ArmLink(ContextRef& subscriber)
{
    Context& context = subscriber.second;
    const Time deadline = context.link->GetDeadline();
    if (deadline != Time::Max() && !context.linkTimer.IsRunning())
    {
        context.linkTimer = Simulator::Schedule(deadline - Simulator::Now(),
                                                &Sgsn::LinkExpired,
                                                this,
                                                subscriber.first);
    }
}

void
Sgsn::LinkExpired(uint64_t imsi)
{
    auto& subscriber = *m_contexts.find(imsi);
    Context& context = subscriber.second;
    if (!context.link)
    {
        return;
    }
    if (context.link->GetDeadline() <= Simulator::Now())
    {
        PassFrames(context, context.link->Expire(Simulator::Now()));
    }
    ArmLink(subscriber);
}

CounterList
Sgsn::GetCounters() const
{
    CounterList counters{
        {"attaches", static_cast<double>(m_attaches)},
        {"attach_rejects", static_cast<double>(m_attachRejects)},
        {"cell_changes", static_cast<double>(m_cellChanges)},
        {"detaches", static_cast<double>(m_detaches)},
        {"downlink_packets", static_cast<double>(m_downlinkPackets)},
        {"invalid_messages", static_cast<double>(m_invalid)},
        {"mo_forwarded", static_cast<double>(m_moForwarded)},
        {"mt_delivered", static_cast<double>(m_mtDelivered)},
        {"mt_failed", static_cast<double>(m_mtFailed)},
        {"pages", static_cast<double>(m_pages)},
        {"pages_unanswered", static_cast<double>(m_pagesUnanswered)},
        {"pdp_activations", static_cast<double>(m_activations)},
        {"pdp_activation_rejects", static_cast<double>(m_activationRejects)},
        {"pdp_contexts", static_cast<double>(m_byTeid.size())},
        {"pdp_deactivations", static_cast<double>(m_deactivations)},
        {"pdp_modifications", static_cast<double>(m_modifications)},
        {"procedures_given_up", static_cast<double>(m_proceduresGivenUp)},
        {"resumptions", static_cast<double>(m_resumptions)},
        {"routing_area_updates", static_cast<double>(m_updates)},
        {"suspensions", static_cast<double>(m_suspensions)},
        {"uplink_packets", static_cast<double>(m_uplinkPackets)},
    };
    uint64_t waiting = 0;
    for (const auto& subscriber : m_contexts)
    {
        for (const Waiting& each : subscriber.second.waiting)
        {
            waiting += each.npdu ? each.npdu->GetSize() : 0;
        }
    }
    counters.emplace_back("downlink_octets_waiting", static_cast<double>(waiting));
    const CounterList gtp = m_gn.GetCounters();
    counters.insert(counters.end(), gtp.begin(), gtp.end());
    if (!m_bvcs.empty())
    {
        counters.emplace_back("llc_discarded", static_cast<double>(m_llcDiscarded));
    }
    m_gbDownlink.AppendTo("gb_downlink", counters);
    m_gbUplink.AppendTo("gb_uplink", counters);
    m_downlink.AppendTo("downlink", counters);
    m_sndcpUplink.AppendTo("sndcp_uplink", counters);
    m_uplink.AppendTo("uplink", counters);
    return counters;
}

} // namespace p2pim
} // namespace ns3
