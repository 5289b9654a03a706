// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ggsn.h"

#include "ns3/ipv4-header.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("Ggsn");
NS_OBJECT_ENSURE_REGISTERED(Ggsn);
NS_OBJECT_ENSURE_REGISTERED(GgsnTunnelDevice);

TypeId
GgsnTunnelDevice::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::GgsnTunnelDevice")
                            .SetParent<TunnelDevice>()
                            .SetGroupName("P2pim")
                            .AddConstructor<GgsnTunnelDevice>();
    return tid;
}

GgsnTunnelDevice::GgsnTunnelDevice() = default;

GgsnTunnelDevice::~GgsnTunnelDevice() = default;

void
GgsnTunnelDevice::SetGgsn(Ptr<Ggsn> ggsn)
{
    m_ggsn = ggsn;
}

void
GgsnTunnelDevice::DoDispose()
{
    m_ggsn = nullptr;
    TunnelDevice::DoDispose();
}

bool
GgsnTunnelDevice::DoSend(Ptr<Packet> packet, uint16_t protocol)
{
    return protocol == IPV4 && m_ggsn->SendToTunnel(packet);
}

TypeId
Ggsn::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::Ggsn")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<Ggsn>()
            .AddAttribute("Apn",
                          "The access point name that the GGSN serves.",
                          StringValue("internet"),
                          MakeStringAccessor(&Ggsn::m_apn),
                          MakeStringChecker())
            .AddAttribute("Pool",
                          "Network that the stations' addresses are taken from, in order.",
                          Ipv4AddressValue("10.0.0.0"),
                          MakeIpv4AddressAccessor(&Ggsn::m_pool),
                          MakeIpv4AddressChecker())
            .AddAttribute("PoolMask",
                          "Mask of the pool. A context that finds it exhausted is rejected.",
                          Ipv4MaskValue("255.0.0.0"),
                          MakeIpv4MaskAccessor(&Ggsn::m_poolMask),
                          MakeIpv4MaskChecker())
            .AddAttribute("ProcessingTime",
                          "Time in which the GGSN creates a PDP context. Own choice.",
                          TimeValue(MilliSeconds(200)),
                          MakeTimeAccessor(&Ggsn::m_processingTime),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

Ggsn::Ggsn() = default;

Ggsn::~Ggsn() = default;

void
Ggsn::DoDispose()
{
    m_gn.Close();
    m_tunnels = nullptr;
    m_contexts.clear();
    m_byImsi.clear();
    Object::DoDispose();
}

void
Ggsn::Connect(Ptr<NetDevice> gn, Ipv4Address own, Ipv4Address sgsn, Ptr<GgsnTunnelDevice> tunnels)
{
    m_tunnels = tunnels;
    m_tunnels->SetGgsn(this);
    m_gn.Open(gn,
              own,
              sgsn,
              MakeCallback(&Ggsn::ReceiveControl, this),
              MakeCallback(&Ggsn::ReceiveUser, this));
}

Ipv4Address
Ggsn::GetPool() const
{
    return m_pool.CombineMask(m_poolMask);
}

Ipv4Mask
Ggsn::GetPoolMask() const
{
    return m_poolMask;
}

void
Ggsn::ReceiveControl(const GtpMessage& message, const Address& from)
{
    if (const auto* request = std::get_if<CreatePdpContextRequest>(&message))
    {
        Simulator::Schedule(m_processingTime, &Ggsn::Respond, this, *request, from);
    }
}

void
Ggsn::Respond(const CreatePdpContextRequest& request, const Address& from)
{
    CreatePdpContextResponse response;
    response.sequence = request.sequence;
    response.teid = request.teidControl;
    if (request.apn != m_apn)
    {
        ++m_rejected;
        response.cause = GtpCause::MISSING_OR_UNKNOWN_APN;
        m_gn.Send(response, from);
        return;
    }
    const auto index = FindOrAdd(request.imsi);
    if (index < 0)
    {
        ++m_rejected;
        response.cause = GtpCause::ALL_DYNAMIC_PDP_ADDRESSES_OCCUPIED;
        m_gn.Send(response, from);
        return;
    }
    const auto n = static_cast<uint32_t>(index);
    m_contexts[n] = request.teidData;
    response.teidData = n + 1;
    response.teidControl = n + 1;
    response.chargingId = n + 1;
    response.endUser = Ipv4Address(GetPool().Get() + FIRST_HOST + n);
    response.ggsn = m_gn.GetAddress();
    m_gn.Send(response, from);
}

int64_t
Ggsn::FindOrAdd(uint64_t imsi)
{
    const auto found = m_byImsi.find(imsi);
    if (found != m_byImsi.end())
    {
        return static_cast<int64_t>(found->second); // the request was repeated
    }
    const uint64_t room = uint64_t{m_poolMask.GetInverse()} + 1;
    if (m_contexts.size() + FIRST_HOST + 1 >= room) // the last address is the broadcast address
    {
        return -1;
    }
    ++m_created;
    m_byImsi[imsi] = m_contexts.size();
    m_contexts.push_back(0);
    return static_cast<int64_t>(m_contexts.size()) - 1;
}

bool
Ggsn::SendToTunnel(Ptr<Packet> packet)
{
    Ipv4Header header;
    packet->PeekHeader(header);
    const uint32_t n = header.GetDestination().Get() - GetPool().Get() - FIRST_HOST;
    if (n >= m_contexts.size())
    {
        ++m_dropped;
        return false;
    }
    m_downlinkOctets += packet->GetSize();
    m_gn.SendUser(m_contexts[n], packet);
    return true;
}

void
Ggsn::ReceiveUser(uint32_t teid, Ptr<Packet> packet)
{
    if (teid == 0 || teid > m_contexts.size())
    {
        ++m_dropped;
        return;
    }
    m_uplinkOctets += packet->GetSize();
    m_tunnels->Receive(packet);
}

CounterList
Ggsn::GetCounters() const
{
    return {
        {"downlink_octets", static_cast<double>(m_downlinkOctets)},
        {"dropped", static_cast<double>(m_dropped)},
        {"pdp_contexts_created", static_cast<double>(m_created)},
        {"pdp_contexts_rejected", static_cast<double>(m_rejected)},
        {"uplink_octets", static_cast<double>(m_uplinkOctets)},
    };
}

} // namespace p2pim
} // namespace ns3
