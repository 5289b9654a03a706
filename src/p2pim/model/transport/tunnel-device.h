// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TUNNEL_DEVICE_H
#define P2PIM_TUNNEL_DEVICE_H

#include "ns3/ipv4-address.h"
#include "ns3/net-device.h"

namespace ns3
{
namespace p2pim
{

/**
 * A network device for IPv4 over something that is no ns-3 channel: it hands what the stack sends
 * to DoSend(), and what Receive() is given to the stack. It has no link address and needs no ARP.
 */
class TunnelDevice : public NetDevice
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    TunnelDevice();
    ~TunnelDevice() override;

    /// What the packets of the device are, unless told otherwise: IPv4.
    static constexpr uint16_t IPV4 = 0x0800;

    /**
     * Hands a packet to the node.
     *
     * @param packet the packet, without a link header.
     * @param protocol what it is: an EtherType.
     */
    void Receive(Ptr<Packet> packet, uint16_t protocol = IPV4);

    // NetDevice
    void SetIfIndex(const uint32_t index) override;
    uint32_t GetIfIndex() const override;
    Ptr<Channel> GetChannel() const override;
    void SetAddress(Address address) override;
    Address GetAddress() const override;
    bool SetMtu(const uint16_t mtu) override;
    uint16_t GetMtu() const override;
    bool IsLinkUp() const override;
    void AddLinkChangeCallback(Callback<void> callback) override;
    bool IsBroadcast() const override;
    Address GetBroadcast() const override;
    bool IsMulticast() const override;
    Address GetMulticast(Ipv4Address group) const override;
    Address GetMulticast(Ipv6Address address) const override;
    bool IsBridge() const override;
    bool IsPointToPoint() const override;
    bool Send(Ptr<Packet> packet, const Address& destination, uint16_t protocol) override;
    bool SendFrom(Ptr<Packet> packet,
                  const Address& source,
                  const Address& destination,
                  uint16_t protocol) override;
    Ptr<Node> GetNode() const override;
    void SetNode(Ptr<Node> node) override;
    bool NeedsArp() const override;
    void SetReceiveCallback(ReceiveCallback received) override;
    void SetPromiscReceiveCallback(PromiscReceiveCallback received) override;
    bool SupportsSendFrom() const override;

  protected:
    void DoDispose() override;

    /**
     * Carries a packet away.
     *
     * @param packet a packet without a link header.
     * @param protocol what it is: an EtherType.
     * @return whether it was taken.
     */
    virtual bool DoSend(Ptr<Packet> packet, uint16_t protocol) = 0;

  private:
    Ptr<Node> m_node;
    ReceiveCallback m_receive;
    uint32_t m_index = 0;
    uint16_t m_mtu = 1500;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TUNNEL_DEVICE_H
