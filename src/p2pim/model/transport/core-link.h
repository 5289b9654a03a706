// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CORE_LINK_H
#define P2PIM_CORE_LINK_H

#include "ns3/channel.h"
#include "ns3/data-rate.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/traced-callback.h"
#include "ns3/tunnel-device.h"

#include <array>
#include <cstdint>

namespace ns3
{
namespace p2pim
{

class CoreLinkDevice;

/**
 * A full-duplex line between two nodes of a fixed network: Gn, Gi, the Internet, a server's access.
 *
 * Each direction is a first-in, first-out queue in front of a line of constant rate. A packet of
 * n octets that finds the line free arrives n * 8 / Rate + Delay later; there is no framing, what
 * is sent are IP packets. The queue is computed, not simulated: a packet costs one event.
 */
class CoreLink : public Channel
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    CoreLink();
    ~CoreLink() override;

    /**
     * Makes the two ends and adds them to the nodes. To be called once, after the attributes are
     * set.
     *
     * @param first the node of device 0.
     * @param second the node of device 1.
     */
    void Attach(Ptr<Node> first, Ptr<Node> second);

    std::size_t GetNDevices() const override;
    Ptr<NetDevice> GetDevice(std::size_t index) const override;

    /**
     * @param octets the size of a packet.
     * @return how long the line takes to send it.
     */
    Time GetTransmissionTime(uint32_t octets) const;
    /// @return the propagation delay.
    Time GetDelay() const;
    /// @return the most octets that may wait in one direction, the packet on the line included.
    uint32_t GetQueueLimit() const;

  protected:
    void DoDispose() override;

  private:
    DataRate m_rate;         ///< rate of each direction
    Time m_delay;            ///< propagation delay
    uint32_t m_queueLimit{}; ///< in octets
    std::array<Ptr<CoreLinkDevice>, 2> m_ends;
};

/// One end of a CoreLink.
class CoreLinkDevice : public TunnelDevice
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    CoreLinkDevice();
    ~CoreLinkDevice() override;

    /**
     * @param link the line.
     * @param peer its other end.
     */
    void Connect(Ptr<CoreLink> link, Ptr<CoreLinkDevice> peer);

    Ptr<Channel> GetChannel() const override;

  protected:
    void DoDispose() override;
    bool DoSend(Ptr<Packet> packet, uint16_t protocol) override;

  private:
    /// Called when a packet has come over the line.
    void HandleArrival(Ptr<Packet> packet, uint16_t protocol);

    Ptr<CoreLink> m_link;
    Ptr<CoreLinkDevice> m_peer;
    Time m_free; ///< when the line will have sent what was accepted
    TracedCallback<Ptr<const Packet>> m_txTrace;
    TracedCallback<Ptr<const Packet>> m_rxTrace;
    TracedCallback<Ptr<const Packet>> m_dropTrace;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_CORE_LINK_H
