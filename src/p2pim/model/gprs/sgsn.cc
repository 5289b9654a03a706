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

/// @return LAC and RAC of a routing area of the network, in one number.
uint32_t
GetKey(const RoutingAreaId& area)
{
    return uint32_t{area.lac} << 8 | area.rac;
}

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
            LoseWaiting(context, LossCause::OUTAGE);
            RemoveAllContexts(context);
        }
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
    m_areas[GetKey(cell->GetRoutingArea())].push_back(cell);
}

/// What is on its way in the cell that the station has left does not reach it there (FLUSH-LL).
void
Sgsn::MoveTo(Context& context, Ptr<GprsCell> cell)
{
    if (context.cell && context.cell != cell)
    {
        ++m_cellChanges;
        Simulator::Schedule(context.cell->GetGbDelay(),
                            &GprsCell::Flush,
                            context.cell,
                            context.ms,
                            m_reroute ? cell : nullptr);
    }
    context.cell = cell;
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
    SendDownlink(subscriber, {nullptr, 0, EncodeGmmSm(message)});
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
    if (!item.npdu)
    {
        if (item.shortMessage && item.message.empty())
        {
            StartDelivery(subscriber);
            return;
        }
        PassFrames(context,
                   item.shortMessage ? GetLink(context).SendShortMessage(now, item.message)
                                     : GetLink(context).SendSignalling(now, item.message));
        return;
    }
    const PdpContext* pdp = FindContext(context, item.nsapi);
    if (!pdp || !GetLink(context).IsActive(item.nsapi))
    {
        m_downlink.Lose(item.npdu->GetSize(), LossCause::NO_CONTEXT);
        return;
    }
    m_downlink.Out(item.npdu->GetSize());
    PassFrames(context, GetLink(context).SendNpdu(now, item.nsapi, item.npdu));
    ArmLink(subscriber);
}

void
Sgsn::PassFrames(Context& context, const LogicalLink::Frames& frames)
{
    const auto cell = context.cell;
    for (const LlcPdu& frame : frames)
    {
        m_gbDownlink.In(frame.frame->GetSize());
        m_gbDownlink.Out(frame.frame->GetSize());
        Simulator::Schedule(cell->GetGbDelay(), &GprsCell::SendDownlink, cell, context.ms, frame);
    }
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

/// A station that was paged has been heard of.
void
Sgsn::Answered(ContextRef& subscriber)
{
    Continue(subscriber);
    Context& context = subscriber.second;
    if (!context.paging)
    {
        return;
    }
    context.paging = false;
    context.pageTimer.Cancel();
    for (const Waiting& each : std::exchange(context.waiting, {}))
    {
        PassToCell(subscriber, each);
    }
}

void
Sgsn::Page(ContextRef& subscriber)
{
    Context& context = subscriber.second;
    ++m_pages;
    ++context.pages;
    const auto area = m_areas.find(GetKey(context.cell->GetRoutingArea()));
    if (area != m_areas.end())
    {
        for (const auto& cell : area->second)
        {
            Simulator::Schedule(cell->GetGbDelay(), &GprsCell::Page, cell, context.ms);
        }
    }
    context.pageTimer = Simulator::Schedule(m_t3313, &Sgsn::PagingExpired, this, subscriber.first);
}

void
Sgsn::PagingExpired(uint64_t imsi)
{
    auto& subscriber = *m_contexts.find(imsi);
    Context& context = subscriber.second;
    if (context.pages < m_pagingAttempts)
    {
        Page(subscriber);
        return;
    }
    context.paging = false;
    ++m_pagesUnanswered;
    LoseWaiting(context, LossCause::NOT_REACHED);
}

void
Sgsn::LoseWaiting(Context& context, LossCause cause)
{
    AnswerDeliveries(context,
                     cause == LossCause::NOT_REACHED ? MapError::NO_PAGING_RESPONSE
                                                     : MapError::ABSENT_SUBSCRIBER_SM);
    context.suspended = false;
    context.held = 0;
    context.paging = false;
    context.pageTimer.Cancel();
    for (const Waiting& each : std::exchange(context.waiting, {}))
    {
        if (each.npdu)
        {
            m_downlink.Lose(each.npdu->GetSize(), cause);
        }
    }
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
    m_gbDownlink.AppendTo("gb_downlink", counters);
    m_gbUplink.AppendTo("gb_uplink", counters);
    m_downlink.AppendTo("downlink", counters);
    m_sndcpUplink.AppendTo("sndcp_uplink", counters);
    m_uplink.AppendTo("uplink", counters);
    return counters;
}

} // namespace p2pim
} // namespace ns3
