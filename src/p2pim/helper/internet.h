// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_INTERNET_H
#define P2PIM_INTERNET_H

#include "ns3/ipv4-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The Internet: one router that knows every public network, a server host behind it, and whatever
 * is attached to it: operators by their Gi links, other hosts and networks by links of their own.
 *
 * Whoever is attached says which networks can be reached by it. Others are private, and packets to
 * them are dropped: what stands between a private network and this router has to translate.
 */
class Internet : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    Internet();
    ~Internet() override;

    /// A node's link to the router.
    struct Attachment
    {
        Ptr<NetDevice> device;    ///< the node's
        Ipv4Address address;      ///< the node's
        Ipv4Address gateway;      ///< the router's
        uint32_t routerInterface; ///< of the router
    };

    /// Builds the router and the server host. To be called once, before any of the below.
    void Build();

    /**
     * Joins a node and the router by a link, by which the node then reaches everything that it has
     * no other route to.
     *
     * @param node a node with a lean stack.
     * @param network four public addresses for the link; no other attachment has them.
     * @param delay the link's delay.
     * @return the link.
     */
    Attachment Attach(Ptr<Node> node, Ipv4Address network, Time delay);

    /// As Attach(), but the node's way to the rest of the Internet is the caller's to set.
    Attachment Join(Ptr<Node> node, Ipv4Address network, Time delay);

    /**
     * Makes a network public.
     *
     * @param network its address.
     * @param mask its mask.
     * @param attachment by which it is reached.
     */
    void AddNetwork(Ipv4Address network, Ipv4Mask mask, const Attachment& attachment);

    /// @return the router.
    Ptr<Node> GetRouter() const;
    /// @return the server host.
    Ptr<Node> GetServer() const;
    /// @return the server host's address.
    Ipv4Address GetServerAddress() const;

  protected:
    void DoDispose() override;

  private:
    Time m_serverDelay;

    Ptr<Node> m_router;
    Ptr<Node> m_server;
    Ipv4Address m_serverAddress;
    std::vector<Ipv4Address> m_links; ///< their networks
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_INTERNET_H
