// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * An operator's nodes of the packet core, and how they are attached to the Internet.
 */
#include "ns3/cellular-network.h"
#include "ns3/channel.h"
#include "ns3/host-routing.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/smsc-message-centre.h"

#include <memory>

namespace ns3
{
namespace p2pim
{

namespace
{

/// @return the n-th address of a link's network.
Ipv4Address
Nth(Ipv4Address network, uint32_t n)
{
    return Ipv4Address(network.Get() + n);
}

// of the first operator
const Ipv4Address g_gn("172.16.0.0");
const Ipv4Address g_smsc("198.51.100.0");

} // namespace

Ipv4Address
CellularNetwork::GetLink(Ipv4Address first) const
{
    return Nth(first, (m_number - 1) * (LeanStackHelper::GetLinkMask().GetInverse() + 1));
}

void
CellularNetwork::BuildPacketCore()
{
    for (auto* node : {&m_sgsnNode, &m_ggsnNode})
    {
        *node = CreateObject<Node>();
        LeanStackHelper::Install(*node);
    }
    m_sgsn = CreateObject<Sgsn>();
    m_ggsn = CreateObject<Ggsn>();
    m_sgsnNode->AggregateObject(m_sgsn);
    m_ggsnNode->AggregateObject(m_ggsn);
    if (!m_internet)
    {
        m_internet = CreateObject<Internet>();
        m_internet->Build();
    }
    const auto ownPoints = m_ggsn->GetAccessPoints().size();
    ReadAccessKinds();
    ConnectGsns();
    AttachToInternet(ownPoints);
    BuildAccess();
    m_sgsn->SetLinkSettings(m_linkSettings);
    m_sgsn->SetNetworkMode(m_networkMode);
    if (m_smsOverGprs || m_ggsn->RequestsActivation())
    {
        m_sgsn->SetHlr(m_signalling, m_signalling->AddPoint("sgsn"), m_hlr);
    }
    if (m_smsOverGprs)
    {
        m_sgsn->SetShortMessageService(m_smsc, m_msc->GetSettings().sms);
    }
    if (m_ggsn->RequestsActivation())
    {
        m_ggsn->SetHlr(m_signalling, m_signalling->AddPoint("ggsn"), m_hlr);
    }
}

/// Joins SGSN and GGSN, and gives the GGSN its device towards the stations.
void
CellularNetwork::ConnectGsns()
{
    const Ipv4Address network = GetLink(g_gn);
    m_gnDevice = LeanStackHelper::Join(m_sgsnNode, m_ggsnNode, network, m_gnDelay);
    m_sgsn->Connect(m_gnDevice, Nth(network, 1), Nth(network, 2));

    m_tunnels = CreateObject<GgsnTunnelDevice>();
    m_ggsnNode->AddDevice(m_tunnels);
    const auto& first = m_ggsn->GetAccessPoints().front().pool;
    const auto interface = LeanStackHelper::AddInterface(m_ggsnNode,
                                                         m_tunnels,
                                                         Nth(first.GetNetwork(), 1),
                                                         first.GetMask());

    // interfaces count from 1, 0 being the loopback
    LeanStackHelper::GetRouting(m_sgsnNode)->SetDefaultRoute(1, Nth(network, 2));
    const auto ggsn = LeanStackHelper::GetRouting(m_ggsnNode);
    ggsn->AddNetworkRoute(network, LeanStackHelper::GetLinkMask(), 1);
    for (const auto& point : m_ggsn->GetAccessPoints())
    {
        ggsn->AddNetworkRoute(point.pool.GetNetwork(), point.pool.GetMask(), interface);
    }
}

/// The Gi link, with the NATs and firewalls on it. @param points how many access points are there.
void
CellularNetwork::AttachToInternet(std::size_t points)
{
    auto site = GiGateways::GetOperatorSite(m_number);
    site.first = m_ggsnNode;
    for (std::size_t n = 0; n < points; ++n)
    {
        const auto& pool = m_ggsn->GetAccessPoints()[n].pool;
        site.inside.emplace_back(pool.GetNetwork(), pool.GetMask());
    }
    site.internet = m_internet;
    site.delay = m_giDelay;
    m_gateways = CreateObject<GiGateways>();
    const auto gi = m_gateways->Build(site);
    const Ipv4Address gn = GetLink(g_gn);
    m_ggsn->Connect(m_gnDevice->GetChannel()->GetDevice(1), Nth(gn, 2), Nth(gn, 1), m_tunnels, gi);
}

void
CellularNetwork::BuildSmppServer()
{
    m_smscNode = CreateObject<Node>();
    LeanStackHelper::Install(m_smscNode);
    m_internet->Attach(m_smscNode, GetLink(g_smsc), m_giDelay);
    m_smppServer = CreateObject<SmppServer>();
    m_smppServer->SetMessageCentre(std::make_unique<SmscMessageCentre>(m_smsc));
    m_smscNode->AddApplication(m_smppServer);
}

Ipv4Address
CellularNetwork::GetSmscAddress() const
{
    return Nth(GetLink(g_smsc), 2);
}

} // namespace p2pim
} // namespace ns3
