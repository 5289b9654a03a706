// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_ACCESS_SEGMENT_H
#define P2PIM_ACCESS_SEGMENT_H

#include "ns3/ipv4-address.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/tunnel-device.h"

#include <cstdint>
#include <unordered_map>

namespace ns3
{
namespace p2pim
{

class AccessSegmentDevice;

/**
 * A network that many hosts share with one gateway: the LAN of a home, or the lines of a provider's
 * subscribers. What is sent arrives after a delay, at the host that has the address, or at the
 * gateway. There is no rate and no queue; a packet costs one event, and a host that is silent
 * nothing.
 */
class AccessSegment : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    AccessSegment();
    ~AccessSegment() override;

    /**
     * @param delay one way, between any two devices.
     * @param isLan whether hosts reach each other; else all that they send goes to the gateway, as
     *              on subscribers' lines (RFC 4562).
     */
    void Configure(Time delay, bool isLan);

    /// @param node gets the gateway's device; to be called first, and once. @return the device.
    Ptr<NetDevice> AddGateway(Ptr<Node> node);
    /// @param node gets a host's device. @return the device.
    Ptr<NetDevice> AddHost(Ptr<Node> node);
    /// @param address what the gateway, or another host, reaches by @p device, a host's.
    void AddAddress(Ipv4Address address, Ptr<NetDevice> device);

    /**
     * Carries a packet.
     *
     * @param from the device that sends it.
     * @param packet an IPv4 packet.
     * @return whether there is somebody to take it.
     */
    bool Carry(const AccessSegmentDevice* from, Ptr<Packet> packet);

    /// @return packets that the gateway had for nobody.
    uint64_t GetLost() const;

  protected:
    void DoDispose() override;

  private:
    Ptr<AccessSegmentDevice> AddDevice(Ptr<Node> node);

    Time m_delay;
    bool m_isLan = true;
    Ptr<AccessSegmentDevice> m_gateway;
    std::unordered_map<uint32_t, Ptr<AccessSegmentDevice>> m_hosts; ///< by address; looked up only
    uint64_t m_lost = 0;
};

/// A node's device on an AccessSegment.
class AccessSegmentDevice : public TunnelDevice
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    AccessSegmentDevice();
    ~AccessSegmentDevice() override;

    /// @param segment what it is on.
    void SetSegment(Ptr<AccessSegment> segment);

  protected:
    void DoDispose() override;
    bool DoSend(Ptr<Packet> packet, uint16_t protocol) override;

  private:
    Ptr<AccessSegment> m_segment;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_ACCESS_SEGMENT_H
