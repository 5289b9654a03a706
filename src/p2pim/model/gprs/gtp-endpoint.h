// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GTP_ENDPOINT_H
#define P2PIM_GTP_ENDPOINT_H

#include "ns3/address.h"
#include "ns3/callback.h"
#include "ns3/gtp.h"
#include "ns3/ipv4-address.h"
#include "ns3/net-device.h"
#include "ns3/packet.h"
#include "ns3/ptr.h"
#include "ns3/socket.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/**
 * One end of the Gn interface, between an SGSN and a GGSN on one link.
 *
 * Control messages go through the node's UDP. G-PDUs carry the same octets on the link, IPv4 and
 * UDP headers included, but are put there and taken from there without the node's IP stack, as a
 * GTP driver in a kernel does; on the receiving node they are told apart by a link protocol number
 * that is not on the wire.
 */
class GtpEndpoint
{
  public:
    /// Called with a control message and where it came from.
    using ControlCallback = Callback<void, const GtpMessage&, const Address&>;
    /// Called with the T-PDU of a G-PDU and its tunnel endpoint identifier.
    using UserCallback = Callback<void, uint32_t, Ptr<Packet>>;

    /**
     * Opens the endpoint on a node that has a UDP stack.
     *
     * @param device the node's device on the Gn link.
     * @param own the node's address there.
     * @param peer the other node's address there.
     * @param control called for each control message.
     * @param user called for each G-PDU.
     */
    void Open(Ptr<NetDevice> device,
              Ipv4Address own,
              Ipv4Address peer,
              ControlCallback control,
              UserCallback user);

    /// Lets go of the node.
    void Close();

    /// @return the node's address on Gn.
    Ipv4Address GetAddress() const;

    /**
     * Sends a control message.
     *
     * @param message the message.
     * @param to where, or the peer's GTP-C port.
     */
    void Send(const GtpMessage& message, const Address& to);
    /// Sends a control message to the peer's GTP-C port.
    void Send(const GtpMessage& message);

    /**
     * Sends a T-PDU.
     *
     * @param teid the peer's tunnel endpoint identifier.
     * @param packet the T-PDU; the headers are added to it.
     */
    void SendUser(uint32_t teid, Ptr<Packet> packet);

  private:
    void ReceiveControl(Ptr<Socket> socket);
    void ReceiveUser(Ptr<NetDevice> device,
                     Ptr<const Packet> packet,
                     uint16_t protocol,
                     const Address& from,
                     const Address& to,
                     NetDevice::PacketType type);

    Ptr<NetDevice> m_device;
    Ptr<Socket> m_socket;
    Ipv4Address m_own;
    Ipv4Address m_peer;
    ControlCallback m_control;
    UserCallback m_user;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GTP_ENDPOINT_H
