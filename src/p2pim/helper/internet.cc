// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/internet.h"

#include "ns3/abort.h"
#include "ns3/channel.h"
#include "ns3/ipv4.h"
#include "ns3/lean-stack-helper.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(Internet);

TypeId
Internet::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::Internet")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<Internet>()
            .AddAttribute("ServerDelay",
                          "One-way delay between the Internet router and the server host. Own "
                          "choice: a server on the same continent.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&Internet::m_serverDelay),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

Internet::Internet() = default;

Internet::~Internet() = default;

void
Internet::DoDispose()
{
    m_router = nullptr;
    m_server = nullptr;
    Object::DoDispose();
}

void
Internet::Build()
{
    for (auto* node : {&m_router, &m_server})
    {
        *node = CreateObject<Node>();
        LeanStackHelper::Install(*node);
    }
    m_serverAddress = Attach(m_server, Ipv4Address("203.0.113.0"), m_serverDelay).address;
}

Internet::Attachment
Internet::Attach(Ptr<Node> node, Ipv4Address network, Time delay)
{
    auto attachment = Join(node, network, delay);
    LeanStackHelper::GetRouting(node)->SetDefaultRoute(
        node->GetObject<Ipv4>()->GetInterfaceForDevice(attachment.device),
        attachment.gateway);
    return attachment;
}

Internet::Attachment
Internet::Join(Ptr<Node> node, Ipv4Address network, Time delay)
{
    NS_ABORT_MSG_IF(std::find(m_links.begin(), m_links.end(), network) != m_links.end(),
                    "a link has the network " << network << " already");
    m_links.push_back(network);
    const auto routerDevice = LeanStackHelper::Join(m_router, node, network, delay);
    Attachment attachment;
    attachment.device = routerDevice->GetChannel()->GetDevice(1);
    attachment.gateway = Ipv4Address(network.Get() + 1);
    attachment.address = Ipv4Address(network.Get() + 2);
    attachment.routerInterface = m_router->GetObject<Ipv4>()->GetInterfaceForDevice(routerDevice);
    LeanStackHelper::GetRouting(m_router)->AddNetworkRoute(network,
                                                           LeanStackHelper::GetLinkMask(),
                                                           attachment.routerInterface);
    return attachment;
}

void
Internet::AddNetwork(Ipv4Address network, Ipv4Mask mask, const Attachment& attachment)
{
    LeanStackHelper::GetRouting(m_router)->AddNetworkRoute(network,
                                                           mask,
                                                           attachment.routerInterface,
                                                           attachment.address);
}

Ptr<Node>
Internet::GetRouter() const
{
    return m_router;
}

Ptr<Node>
Internet::GetServer() const
{
    return m_server;
}

Ipv4Address
Internet::GetServerAddress() const
{
    return m_serverAddress;
}

} // namespace p2pim
} // namespace ns3
