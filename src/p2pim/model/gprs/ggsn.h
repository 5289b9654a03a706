// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GGSN_H
#define P2PIM_GGSN_H

#include "ns3/counter-list.h"
#include "ns3/gtp-endpoint.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/tunnel-device.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

class Ggsn;

/**
 * The GGSN's device towards its stations: IP packets to an address of the pool enter the tunnel of
 * that address.
 */
class GgsnTunnelDevice : public TunnelDevice
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    GgsnTunnelDevice();
    ~GgsnTunnelDevice() override;

    /// @param ggsn whose tunnels these are.
    void SetGgsn(Ptr<Ggsn> ggsn);

  protected:
    void DoDispose() override;
    bool DoSend(Ptr<Packet> packet, uint16_t protocol) override;

  private:
    Ptr<Ggsn> m_ggsn;
};

/**
 * The gateway GPRS support node (TS 23.060): gives each PDP context an address from its pool and
 * carries packets between the contexts' tunnels and the IP stack of its node, which routes them: to
 * another station of the pool, or out over Gi. Aggregated to its node.
 */
class Ggsn : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    Ggsn();
    ~Ggsn() override;

    /**
     * @param gn the node's device on the Gn link.
     * @param own the node's address there.
     * @param sgsn the SGSN's address there.
     * @param tunnels the device that the node's stack routes the pool to.
     */
    void Connect(Ptr<NetDevice> gn,
                 Ipv4Address own,
                 Ipv4Address sgsn,
                 Ptr<GgsnTunnelDevice> tunnels);

    /// @return the first address of the pool's network.
    Ipv4Address GetPool() const;
    /// @return the network mask of the pool.
    Ipv4Mask GetPoolMask() const;

    /**
     * Puts a packet into the tunnel of its destination.
     *
     * @param packet an IPv4 packet.
     * @return whether there is a PDP context with that address.
     */
    bool SendToTunnel(Ptr<Packet> packet);

    /// @return what happened here, for the results: names and values.
    CounterList GetCounters() const;

  protected:
    void DoDispose() override;

  private:
    /// The first station's address: after the network's own and the gateway's.
    static constexpr uint32_t FIRST_HOST = 2;

    void ReceiveControl(const GtpMessage& message, const Address& from);
    void Respond(const CreatePdpContextRequest& request, const Address& from);
    void ReceiveUser(uint32_t teid, Ptr<Packet> packet);
    /// @return the index of the subscriber's context, made if there is room; -1 if not.
    int64_t FindOrAdd(uint64_t imsi);

    // attributes
    std::string m_apn;
    Ipv4Address m_pool;
    Ipv4Mask m_poolMask;
    Time m_processingTime;

    GtpEndpoint m_gn;
    Ptr<GgsnTunnelDevice> m_tunnels;
    /// Of each PDP context, where the SGSN wants G-PDUs. The n-th context has the n-th address of
    /// the pool and TEID n + 1.
    std::vector<uint32_t> m_contexts;
    std::unordered_map<uint64_t, std::size_t> m_byImsi; ///< looked up only

    // counters
    uint64_t m_created = 0;
    uint64_t m_rejected = 0;
    uint64_t m_uplinkOctets = 0;
    uint64_t m_downlinkOctets = 0;
    uint64_t m_dropped = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GGSN_H
