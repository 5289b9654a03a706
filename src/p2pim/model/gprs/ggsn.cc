// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ggsn.h"

#include "ns3/boolean.h"
#include "ns3/enum.h"
#include "ns3/hlr.h"
#include "ns3/ipv4-header.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(Ggsn);

TypeId
Ggsn::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::Ggsn")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<Ggsn>()
            .AddAttribute(
                "AccessPoints",
                "Access point names that the GGSN serves, each with the network that "
                "its stations' addresses are taken from, separated by blanks: "
                "internet=10.0.0.0/8 wap=192.168.0.0/24. Public or private, 8 to 30 bits; "
                "none may overlap. A context that finds its pool exhausted is rejected.",
                StringValue("internet=10.0.0.0/8"),
                MakeStringAccessor(&Ggsn::SetAccessPoints, &Ggsn::GetAccessPointsText),
                MakeStringChecker())
            .AddAttribute("ProcessingTime",
                          "Time in which the GGSN creates a PDP context. Own choice.",
                          TimeValue(MilliSeconds(200)),
                          MakeTimeAccessor(&Ggsn::m_processingTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("IdleTimeout",
                          "After how long without a packet in either direction the operator ends a "
                          "context; 0: never.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&Ggsn::m_idleTimeout),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("MsToMs",
                          "What happens to packets from one station to another: Allowed, they go "
                          "straight into the other's tunnel; Hairpinned, out over Gi and back; "
                          "Barred, they are dropped.",
                          EnumValue(MS_TO_MS_ALLOWED),
                          MakeEnumAccessor(&Ggsn::m_msToMs),
                          MakeEnumChecker(MS_TO_MS_ALLOWED,
                                          "Allowed",
                                          MS_TO_MS_HAIRPINNED,
                                          "Hairpinned",
                                          MS_TO_MS_BARRED,
                                          "Barred"))
            .AddAttribute(
                "NetworkRequestedActivation",
                "Whether a station is asked to activate the context of its static address "
                "when a packet comes for it (TS 23.060 9.2.2.2); otherwise the packet is "
                "lost.",
                BooleanValue(false),
                MakeBooleanAccessor(&Ggsn::m_requestsActivation),
                MakeBooleanChecker())
            .AddAttribute("NotificationBuffer",
                          "Octets of packets that wait for one station to activate its context; "
                          "what comes further is lost. Own choice.",
                          UintegerValue(8192),
                          MakeUintegerAccessor(&Ggsn::m_notificationBuffer),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("NotificationTime",
                          "How long they wait at most. Own choice: twice T3313 of the SGSN, five "
                          "times T3385, and the activation.",
                          TimeValue(Seconds(120)),
                          MakeTimeAccessor(&Ggsn::m_notificationTime),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("T3Response",
                          "Wait for a GTP response before the request is sent again (TS 29.060 "
                          "7.6: T3-RESPONSE; osmo-ggsn: 5 s).",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&Ggsn::SetT3Response, &Ggsn::GetT3Response),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("N3Requests",
                          "How often a GTP request is sent in all, 1 to 20 (TS 09.60 13.2: "
                          "N3-REQUESTS, 5).",
                          UintegerValue(5),
                          MakeUintegerAccessor(&Ggsn::SetN3Requests, &Ggsn::GetN3Requests),
                          MakeUintegerChecker<uint8_t>(1, 20))
            .AddTraceSource("ChargingRecord",
                            "A PDP context has ended: what it has carried.",
                            MakeTraceSourceAccessor(&Ggsn::m_chargingTrace),
                            "ns3::p2pim::Ggsn::ChargingTracedCallback");
    return tid;
}

Ggsn::Ggsn()
    : m_gn(m_gtp)
{
}

Ggsn::~Ggsn() = default;

void
Ggsn::DoDispose()
{
    m_gn.Close();
    m_idleEvent.Cancel();
    for (auto& subscribed : m_static)
    {
        subscribed.second.timer.Cancel();
    }
    m_static.clear();
    m_signalling = nullptr;
    m_hlr = nullptr;
    m_tunnels = nullptr;
    m_gi.clear();
    m_contexts.clear();
    Object::DoDispose();
}

void
Ggsn::SetT3Response(Time time)
{
    m_gtp.t3Response = time;
}

Time
Ggsn::GetT3Response() const
{
    return m_gtp.t3Response;
}

void
Ggsn::SetN3Requests(uint8_t requests)
{
    m_gtp.n3Requests = requests;
}

uint8_t
Ggsn::GetN3Requests() const
{
    return m_gtp.n3Requests;
}

bool
Ggsn::SetAccessPoints(const std::string& text)
{
    const auto points = ParseAccessPoints(text);
    if (points)
    {
        m_accessPointsText = text;
        m_accessPoints = *points;
        m_charged.assign(points->size(), {});
    }
    return points.has_value();
}

std::string
Ggsn::GetAccessPointsText() const
{
    return m_accessPointsText;
}

const std::vector<AccessPoint>&
Ggsn::GetAccessPoints() const
{
    return m_accessPoints;
}

void
Ggsn::Connect(Ptr<NetDevice> gn,
              Ipv4Address own,
              Ipv4Address sgsn,
              Ptr<GgsnTunnelDevice> tunnels,
              Ptr<NetDevice> gi)
{
    m_tunnels = tunnels;
    m_tunnels->SetGgsn(this);
    m_gi.assign(m_accessPoints.size(), gi);
    m_gn.Open(
        gn,
        own,
        sgsn,
        {[this](const GtpMessage& message, const Address& from) { ReceiveRequest(message, from); },
         [this](uint32_t teid, Ptr<Packet> packet) { ReceiveUser(teid, packet); },
         [this]() { RemoveAll(); }});
}

void
Ggsn::SetGi(const std::string& apn, Ptr<NetDevice> gi)
{
    for (std::size_t n = 0; n < m_accessPoints.size(); ++n)
    {
        m_gi[n] = m_accessPoints[n].name == apn ? gi : m_gi[n];
    }
}

void
Ggsn::ReceiveRequest(const GtpMessage& message, const Address& from)
{
    if (const auto* create = std::get_if<CreatePdpContextRequest>(&message))
    {
        Simulator::Schedule(m_processingTime, &Ggsn::Create, this, *create, from);
    }
    else if (const auto* update = std::get_if<UpdatePdpContextRequest>(&message))
    {
        Update(*update, from);
    }
    else if (const auto* erase = std::get_if<DeletePdpContextRequest>(&message))
    {
        Delete(*erase, from);
    }
    else if (const auto* reject = std::get_if<PduNotificationRejectRequest>(&message))
    {
        Rejected(*reject, from);
    }
    else if (const auto* error = std::get_if<GtpErrorIndication>(&message))
    {
        // the SGSN does not know the tunnel any more (7.3.7)
        const auto found = m_bySgsnTeid.find(error->teidData);
        if (found != m_bySgsnTeid.end())
        {
            Remove(found->second);
        }
    }
}

void
Ggsn::Create(const CreatePdpContextRequest& request, const Address& from)
{
    CreatePdpContextResponse response;
    response.sequence = request.sequence;
    response.teid = request.teidControl;
    response.recovery = m_gn.GetRestartCounter();
    const auto teid = Add(request, response.cause);
    if (!teid)
    {
        ++m_rejected;
        m_gn.Respond(response, from);
        if (request.endUser.address)
        {
            LoseHeld(*request.endUser.address, LossCause::NO_CONTEXT);
        }
        return;
    }
    Context& context = m_contexts.at(*teid);
    context.sgsnData = request.teidData;
    m_bySgsnTeid[context.sgsnData] = *teid;
    context.sgsnControl = request.teidControl;
    response.teidData = *teid;
    response.teidControl = *teid;
    response.chargingId = *teid;
    response.endUser = context.address;
    response.ggsn = m_gn.GetAddress();
    response.qos = context.qos;
    m_gn.Respond(response, from);
    SendHeld(context);
}

std::optional<uint32_t>
Ggsn::Add(const CreatePdpContextRequest& request, GtpCause& cause)
{
    const auto known = m_byOwner.find(GetOwner(request.imsi, request.nsapi));
    if (known != m_byOwner.end())
    {
        const uint32_t teid = known->second;
        if (m_contexts.at(teid).created == request.sequence)
        {
            return teid; // the request was repeated
        }
        Remove(teid); // the SGSN has forgotten it (TS 29.060 7.3.1)
    }
    const auto point =
        std::find_if(m_accessPoints.begin(),
                     m_accessPoints.end(),
                     [&request](const AccessPoint& one) { return one.name == request.apn; });
    if (point == m_accessPoints.end())
    {
        cause = GtpCause::MISSING_OR_UNKNOWN_APN;
        return std::nullopt;
    }
    std::optional<Ipv4Address> address = request.endUser.address;
    if (!address)
    {
        address = point->pool.Take();
    }
    else if (!TakeStatic(*address, request.imsi, *point))
    {
        cause = GtpCause::UNKNOWN_PDP_ADDRESS_OR_TYPE;
        return std::nullopt;
    }
    if (!address)
    {
        cause = GtpCause::ALL_DYNAMIC_PDP_ADDRESSES_OCCUPIED;
        return std::nullopt;
    }
    ++m_created;
    const uint32_t teid = ++m_lastTeid;
    Context& context = m_contexts[teid];
    m_contextCount.Add(Simulator::Now(), 1);
    context.imsi = request.imsi;
    context.nsapi = request.nsapi;
    context.accessPoint = static_cast<std::size_t>(point - m_accessPoints.begin());
    context.address = *address;
    context.created = request.sequence;
    context.qos = request.qos;
    context.opened = Simulator::Now();
    context.lastPacket = context.opened;
    m_byOwner[GetOwner(request.imsi, request.nsapi)] = teid;
    m_byAddress[address->Get()] = teid;
    if (m_idleTimeout.IsStrictlyPositive())
    {
        m_idle.emplace_back(Simulator::Now() + m_idleTimeout, teid);
        CheckIdle();
    }
    return teid;
}

/// @return whether a station may have the static address that it asks for.
bool
Ggsn::TakeStatic(Ipv4Address address, uint64_t imsi, AccessPoint& point)
{
    const auto subscribed = m_static.find(address.Get());
    if (subscribed == m_static.end())
    {
        return point.pool.Take(address);
    }
    return subscribed->second.imsi == imsi && point.pool.Contains(address) &&
           m_byAddress.count(address.Get()) == 0;
}

void
Ggsn::Update(const UpdatePdpContextRequest& request, const Address& from)
{
    UpdatePdpContextResponse response;
    response.sequence = request.sequence;
    const auto found = m_contexts.find(request.teid);
    if (found == m_contexts.end())
    {
        response.teid = request.teidControl.value_or(0);
        response.cause = GtpCause::NON_EXISTENT;
        m_gn.Respond(response, from);
        return;
    }
    Context& context = found->second;
    context.qos = request.qos;
    m_bySgsnTeid.erase(context.sgsnData);
    context.sgsnData = request.teidData.value_or(context.sgsnData);
    m_bySgsnTeid[context.sgsnData] = found->first;
    context.sgsnControl = request.teidControl.value_or(context.sgsnControl);
    response.teid = context.sgsnControl;
    response.recovery = m_gn.GetRestartCounter();
    response.teidData = found->first;
    response.teidControl = found->first;
    response.chargingId = found->first;
    response.gsn = m_gn.GetAddress();
    response.qos = context.qos;
    m_gn.Respond(response, from);
}

void
Ggsn::Delete(const DeletePdpContextRequest& request, const Address& from)
{
    DeletePdpContextResponse response;
    response.sequence = request.sequence;
    const auto found = m_contexts.find(request.teid);
    if (found == m_contexts.end())
    {
        response.cause = GtpCause::NON_EXISTENT;
    }
    else
    {
        response.teid = found->second.sgsnControl;
        Remove(found->first);
    }
    m_gn.Respond(response, from);
}

void
Ggsn::SetInService(bool inService)
{
    if (inService && !m_gn.IsInService())
    {
        ++m_restarts;
        RemoveAll();
        for (auto& subscribed : m_static)
        {
            subscribed.second.mnrg = false;
            LoseHeld(Ipv4Address(subscribed.first), LossCause::OUTAGE);
        }
    }
    m_gn.SetInService(inService);
}

bool
Ggsn::SendToTunnel(Ptr<Packet> packet)
{
    Ipv4Header header;
    packet->PeekHeader(header);
    m_downlink.In(packet->GetSize());
    const auto found = m_byAddress.find(header.GetDestination().Get());
    if (!m_gn.IsInService() || found == m_byAddress.end())
    {
        if (m_gn.IsInService() && HoldForStation(header.GetDestination(), packet))
        {
            return true;
        }
        m_downlink.Lose(packet->GetSize(),
                        m_gn.IsInService() ? LossCause::NO_CONTEXT : LossCause::OUTAGE);
        return false;
    }
    Pass(m_contexts.at(found->second), packet);
    return true;
}

/// Puts a downlink packet into its tunnel.
void
Ggsn::Pass(Context& context, Ptr<Packet> packet)
{
    context.lastPacket = Simulator::Now();
    context.downlinkOctets += packet->GetSize();
    m_downlink.Out(packet->GetSize());
    m_gn.SendUser(context.sgsnData, packet);
}

void
Ggsn::ReceiveUser(uint32_t teid, Ptr<Packet> packet)
{
    m_uplink.In(packet->GetSize());
    if (!m_gn.IsInService())
    {
        m_uplink.Lose(packet->GetSize(), LossCause::OUTAGE);
        return;
    }
    const auto found = m_contexts.find(teid);
    if (found == m_contexts.end())
    {
        m_uplink.Lose(packet->GetSize(), LossCause::NO_CONTEXT);
        m_gn.SendErrorIndication(teid);
        return;
    }
    Context& context = found->second;
    context.lastPacket = Simulator::Now();
    context.uplinkOctets += packet->GetSize();
    Route(context, packet);
}

void
Ggsn::Route(const Context& context, Ptr<Packet> packet)
{
    Ipv4Header header;
    packet->PeekHeader(header);
    const bool toStation =
        m_msToMs != MS_TO_MS_ALLOWED &&
        std::any_of(m_accessPoints.begin(), m_accessPoints.end(), [&header](const auto& point) {
            return point.pool.Contains(header.GetDestination());
        });
    if (toStation && m_msToMs == MS_TO_MS_BARRED)
    {
        ++m_barred;
        m_uplink.Lose(packet->GetSize(), LossCause::BARRED);
        return;
    }
    m_uplink.Out(packet->GetSize());
    if (toStation)
    {
        const auto& gi = m_gi[context.accessPoint];
        gi->Send(packet, gi->GetBroadcast(), TunnelDevice::IPV4);
        return;
    }
    m_tunnels->Receive(packet);
}

std::size_t
Ggsn::GetContexts() const
{
    return m_contexts.size();
}

CounterList
Ggsn::GetCounters() const
{
    CounterList counters{
        {"pdp_contexts", static_cast<double>(m_contexts.size())},
        {"pdp_contexts_created", static_cast<double>(m_created)},
        {"pdp_contexts_deleted", static_cast<double>(m_deleted)},
        {"pdp_contexts_idle_deleted", static_cast<double>(m_idleDeleted)},
        {"pdp_contexts_mean", m_contextCount.GetAverage(Simulator::Now())},
        {"pdp_contexts_peak", m_contextCount.GetMaximum()},
        {"pdp_contexts_rejected", static_cast<double>(m_rejected)},
        {"pdu_notifications", static_cast<double>(m_notifications)},
        {"pdu_notifications_failed", static_cast<double>(m_notificationsFailed)},
        {"ms_to_ms_barred", static_cast<double>(m_barred)},
        {"restarts", static_cast<double>(m_restarts)},
    };
    const CounterList gtp = m_gn.GetCounters();
    counters.insert(counters.end(), gtp.begin(), gtp.end());
    m_downlink.AppendTo("downlink", counters);
    m_uplink.AppendTo("uplink", counters);
    AppendCharges(counters);
    return counters;
}

} // namespace p2pim
} // namespace ns3
