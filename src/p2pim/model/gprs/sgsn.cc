// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sgsn.h"

#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("Sgsn");
NS_OBJECT_ENSURE_REGISTERED(Sgsn);

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
            .AddAttribute("T3313",
                          "How long the SGSN waits for the answer to a page before it gives up "
                          "what was to be sent (TS 24.008 table 11.4; osmo-sgsn: 30 s).",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&Sgsn::m_t3313),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("T3314",
                          "How long after its last uplink PDU a station is READY, so that it need "
                          "not be paged (TS 24.008 table 11.3: 44 s).",
                          TimeValue(Seconds(44)),
                          MakeTimeAccessor(&Sgsn::m_t3314),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("T3Response",
                          "How long the SGSN waits for a GTP response before it sends the request "
                          "again (TS 29.060 7.6: T3-RESPONSE; osmo-ggsn: 5 s).",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&Sgsn::m_t3Response),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("N3Requests",
                          "How often a GTP request is sent in all, 1 to 20 (TS 09.60 13.2: "
                          "N3-REQUESTS, 5).",
                          UintegerValue(5),
                          MakeUintegerAccessor(&Sgsn::m_n3Requests),
                          MakeUintegerChecker<uint8_t>(1, 20));
    return tid;
}

Sgsn::Sgsn()
    : m_challenges(CreateObject<UniformRandomVariable>())
{
}

Sgsn::~Sgsn() = default;

void
Sgsn::DoDispose()
{
    m_gn.Close();
    m_byTeid.clear();
    m_contexts.clear();
    m_challenges = nullptr;
    Object::DoDispose();
}

void
Sgsn::Connect(Ptr<NetDevice> gn, Ipv4Address own, Ipv4Address ggsn)
{
    m_gn.Open(gn,
              own,
              ggsn,
              MakeCallback(&Sgsn::ReceiveControl, this),
              MakeCallback(&Sgsn::ReceiveUser, this));
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

void
Sgsn::ReceiveUplink(Ptr<GprsMobileStation> ms, const LlcPdu& pdu)
{
    const auto found = m_contexts.find(ms->GetImsi());
    if (found == m_contexts.end())
    {
        ++m_dropped;
        return;
    }
    auto& subscriber = *found;
    auto& context = subscriber.second;
    context.ms = ms;
    context.lastUplink = Simulator::Now();
    if (context.paging)
    {
        context.paging = false;
        context.pageTimer.Cancel();
        for (const auto& each : context.buffered)
        {
            PassToCell(context, each);
        }
        context.buffered.clear();
    }
    if (pdu.sapi == LlcSapi::DATA)
    {
        if (context.state != Context::State::CONTEXT_ACTIVE)
        {
            ++m_dropped;
            return;
        }
        ++m_uplinkPackets;
        m_gn.SendUser(context.ggsnTeid, pdu.packet);
        return;
    }
    if (pdu.packet->GetSize() == 0)
    {
        return; // the answer to a page
    }
    const auto message = DecodeGmmSm(ToOctets(pdu.packet), GmmSmDirection::UPLINK);
    if (!message)
    {
        NS_LOG_WARN("a GMM or SM message that does not decode");
        ++m_dropped;
        return;
    }
    std::visit([this, &subscriber](const auto& each) { Handle(subscriber, each); }, *message);
}

void
Sgsn::Handle(ContextRef& subscriber, const AttachRequest& message)
{
    if (message.imsi != subscriber.first)
    {
        Answer(subscriber, AttachReject{GmmSmCause::GPRS_NOT_ALLOWED});
        return;
    }
    auto& context = subscriber.second;
    context.state = Context::State::AUTHENTICATING;
    context.challenge = m_challenges->GetInteger(0, UINT32_MAX);
    AuthenticationAndCipheringRequest challenge;
    for (std::size_t n = 0; n < challenge.rand.size(); ++n)
    {
        challenge.rand[n] = static_cast<uint8_t>(context.challenge >> (24 - 8 * (n % 4)));
    }
    AnswerLater(m_authenticationInfoTime, subscriber.first, challenge);
}

void
Sgsn::Handle(ContextRef& subscriber, const AuthenticationAndCipheringResponse& message)
{
    auto& context = subscriber.second;
    if (context.state != Context::State::AUTHENTICATING)
    {
        return;
    }
    if (message.sres != context.challenge)
    {
        context.state = Context::State::IDLE;
        Answer(subscriber, AttachReject{GmmSmCause::GPRS_NOT_ALLOWED});
        return;
    }
    context.state = Context::State::ATTACHING;
    if (context.teid == 0)
    {
        m_byTeid.push_back(&subscriber);
        context.teid = static_cast<uint32_t>(m_byTeid.size());
    }
    AttachAccept accept;
    accept.ptmsi = 0xC0000000U | context.teid; // the two highest bits mark a P-TMSI (TS 23.003 2.4)
    AnswerLater(m_updateLocationTime, subscriber.first, accept);
}

void
Sgsn::Handle(ContextRef& subscriber, const AttachComplete&)
{
    auto& context = subscriber.second;
    if (context.state == Context::State::ATTACHING)
    {
        context.state = Context::State::REGISTERED;
        ++m_attaches;
    }
}

void
Sgsn::Handle(ContextRef& subscriber, const ActivatePdpContextRequest& message)
{
    auto& context = subscriber.second;
    switch (context.state)
    {
    case Context::State::CONTEXT_ACTIVE: // the accept was lost
        Answer(subscriber, ActivatePdpContextAccept{context.address});
        break;
    case Context::State::REGISTERED:
        context.state = Context::State::CREATING;
        context.requests = 0;
        context.requestTimer = Simulator::Schedule(m_processingTime,
                                                   &Sgsn::SendCreateRequest,
                                                   this,
                                                   subscriber.first,
                                                   message);
        break;
    default:
        break; // repeated by the station while the GGSN is being asked, or not attached
    }
}

void
Sgsn::SendCreateRequest(uint64_t imsi, const ActivatePdpContextRequest& request)
{
    auto& subscriber = *m_contexts.find(imsi);
    auto& context = subscriber.second;
    if (context.requests == m_n3Requests)
    {
        context.state = Context::State::REGISTERED;
        Answer(subscriber, ActivatePdpContextReject{GmmSmCause::NETWORK_FAILURE});
        return;
    }
    ++context.requests;
    CreatePdpContextRequest create;
    create.sequence = static_cast<uint16_t>(context.teid);
    create.imsi = imsi;
    create.teidData = context.teid;
    create.teidControl = context.teid;
    create.nsapi = request.nsapi;
    create.apn = request.apn;
    create.sgsn = m_gn.GetAddress();
    create.msisdn = context.msisdn;
    m_gn.Send(create);
    context.requestTimer =
        Simulator::Schedule(m_t3Response, &Sgsn::SendCreateRequest, this, imsi, request);
}

void
Sgsn::ReceiveControl(const GtpMessage& message, const Address&)
{
    const auto* response = std::get_if<CreatePdpContextResponse>(&message);
    if (response == nullptr || response->teid == 0 || response->teid > m_byTeid.size())
    {
        return;
    }
    auto& subscriber = *m_byTeid[response->teid - 1];
    auto& context = subscriber.second;
    if (context.state != Context::State::CREATING)
    {
        return;
    }
    context.requestTimer.Cancel();
    if (response->cause != GtpCause::REQUEST_ACCEPTED)
    {
        context.state = Context::State::REGISTERED;
        const auto cause = response->cause == GtpCause::MISSING_OR_UNKNOWN_APN
                               ? GmmSmCause::MISSING_OR_UNKNOWN_APN
                               : GmmSmCause::ACTIVATION_REJECTED_BY_GGSN;
        Answer(subscriber, ActivatePdpContextReject{cause});
        return;
    }
    ++m_activations;
    context.state = Context::State::CONTEXT_ACTIVE;
    context.ggsnTeid = response->teidData;
    context.address = response->endUser;
    Answer(subscriber, ActivatePdpContextAccept{context.address});
}

void
Sgsn::ReceiveUser(uint32_t teid, Ptr<Packet> packet)
{
    if (teid == 0 || teid > m_byTeid.size())
    {
        ++m_dropped;
        return;
    }
    ++m_downlinkPackets;
    SendDownlink(*m_byTeid[teid - 1], {packet, LlcSapi::DATA});
}

void
Sgsn::AnswerLater(Time delay, uint64_t imsi, const GmmSmMessage& message)
{
    Simulator::Schedule(delay, &Sgsn::AnswerTo, this, imsi, message);
}

void
Sgsn::AnswerTo(uint64_t imsi, const GmmSmMessage& message)
{
    Answer(*m_contexts.find(imsi), message);
}

void
Sgsn::Answer(ContextRef& subscriber, const GmmSmMessage& message)
{
    SendDownlink(subscriber, {ToPacket(EncodeGmmSm(message)), LlcSapi::GMM});
}

void
Sgsn::SendDownlink(ContextRef& subscriber, LlcPdu pdu)
{
    auto& context = subscriber.second;
    if (!context.paging && Simulator::Now() <= context.lastUplink + m_t3314)
    {
        PassToCell(context, pdu);
        return;
    }
    context.buffered.push_back(std::move(pdu));
    if (!context.paging)
    {
        StartPaging(subscriber);
    }
}

void
Sgsn::PassToCell(Context& context, const LlcPdu& pdu)
{
    const auto cell = context.ms->GetCell();
    Simulator::Schedule(cell->GetGbDelay(), &GprsCell::SendDownlink, cell, context.ms, pdu);
}

void
Sgsn::StartPaging(ContextRef& subscriber)
{
    auto& context = subscriber.second;
    ++m_pages;
    context.paging = true;
    const auto cell = context.ms->GetCell();
    Simulator::Schedule(cell->GetGbDelay(), &GprsCell::Page, cell, context.ms);
    context.pageTimer = Simulator::Schedule(m_t3313, &Sgsn::PagingExpired, this, subscriber.first);
}

void
Sgsn::PagingExpired(uint64_t imsi)
{
    auto& context = m_contexts.find(imsi)->second;
    context.paging = false;
    ++m_pagesUnanswered;
    m_dropped += context.buffered.size();
    context.buffered.clear();
}

CounterList
Sgsn::GetCounters() const
{
    return {
        {"attaches", static_cast<double>(m_attaches)},
        {"downlink_packets", static_cast<double>(m_downlinkPackets)},
        {"dropped", static_cast<double>(m_dropped)},
        {"pages", static_cast<double>(m_pages)},
        {"pages_unanswered", static_cast<double>(m_pagesUnanswered)},
        {"pdp_activations", static_cast<double>(m_activations)},
        {"uplink_packets", static_cast<double>(m_uplinkPackets)},
    };
}

} // namespace p2pim
} // namespace ns3
