// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gtp-endpoint.h"

#include "ns3/gtp-user-header.h"
#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/mac48-address.h"
#include "ns3/node.h"
#include "ns3/udp-socket-factory.h"

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("GtpEndpoint");

namespace
{

/// Tells G-PDUs from other IPv4 packets on a Gn link; from the range for private use.
constexpr uint16_t GTP_U_PROTOCOL = 0xFF00;

} // namespace

void
GtpEndpoint::Open(Ptr<NetDevice> device,
                  Ipv4Address own,
                  Ipv4Address peer,
                  ControlCallback control,
                  UserCallback user)
{
    m_device = device;
    m_own = own;
    m_peer = peer;
    m_control = control;
    m_user = user;
    const auto node = device->GetNode();
    node->RegisterProtocolHandler(MakeCallback(&GtpEndpoint::ReceiveUser, this),
                                  GTP_U_PROTOCOL,
                                  device);
    m_socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    m_socket->Bind(InetSocketAddress(own, GTP_C_PORT));
    m_socket->SetRecvCallback(MakeCallback(&GtpEndpoint::ReceiveControl, this));
}

void
GtpEndpoint::Close()
{
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket = nullptr;
    }
    m_device = nullptr;
    m_control.Nullify();
    m_user.Nullify();
}

Ipv4Address
GtpEndpoint::GetAddress() const
{
    return m_own;
}

void
GtpEndpoint::Send(const GtpMessage& message, const Address& to)
{
    m_socket->SendTo(ToPacket(EncodeGtp(message)), 0, to);
}

void
GtpEndpoint::Send(const GtpMessage& message)
{
    Send(message, InetSocketAddress(m_peer, GTP_C_PORT));
}

void
GtpEndpoint::SendUser(uint32_t teid, Ptr<Packet> packet)
{
    const auto size = static_cast<uint16_t>(packet->GetSize());
    packet->AddHeader(GtpUserHeader(m_own, m_peer, teid, size));
    m_device->Send(packet, Mac48Address::GetBroadcast(), GTP_U_PROTOCOL);
}

void
GtpEndpoint::ReceiveControl(Ptr<Socket> socket)
{
    Address from;
    while (auto packet = socket->RecvFrom(from))
    {
        const auto message = DecodeGtp(ToOctets(packet));
        if (!message)
        {
            NS_LOG_WARN("a GTP-C message that does not decode");
            continue;
        }
        m_control(*message, from);
    }
}

void
GtpEndpoint::ReceiveUser(Ptr<NetDevice>,
                         Ptr<const Packet> packet,
                         uint16_t,
                         const Address&,
                         const Address&,
                         NetDevice::PacketType)
{
    auto payload = packet->Copy();
    GtpUserHeader header;
    payload->RemoveHeader(header);
    m_user(header.GetTeid(), payload);
}

} // namespace p2pim
} // namespace ns3
