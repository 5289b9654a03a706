// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/tcp-stream.h"

#include "ns3/packet.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

TcpStream::TcpStream(Ptr<PeerTcpSocket> socket, ReceiveFunction receive, LostFunction lost)
    : m_socket(socket),
      m_receive(std::move(receive)),
      m_lost(std::move(lost))
{
    m_socket->SetRecvCallback(MakeCallback(&TcpStream::HandleReceive, this));
    m_socket->SetSendCallback(MakeCallback(&TcpStream::HandleSpace, this));
    m_socket->SetCloseCallbacks(MakeCallback(&TcpStream::HandleLost, this),
                                MakeCallback(&TcpStream::HandleLost, this));
}

TcpStream::~TcpStream()
{
    m_socket->ForgetCallbacks();
}

void
TcpStream::Close()
{
    m_socket->Close();
}

void
TcpStream::Write(const std::string& octets)
{
    m_unsent += octets;
    Flush();
}

void
TcpStream::Flush()
{
    const auto size = std::min<std::size_t>(m_unsent.size(), m_socket->GetTxAvailable());
    if (size == 0)
    {
        return;
    }
    const auto* data = reinterpret_cast<const uint8_t*>(m_unsent.data());
    const Ptr<Packet> packet = Create<Packet>(data, uint32_t(size));
    m_unsent.erase(0, size); // before Send(), which may call back
    m_socket->Send(packet, 0);
}

void
TcpStream::HandleReceive(Ptr<Socket> socket)
{
    std::string octets;
    while (const Ptr<Packet> packet = socket->Recv())
    {
        const std::size_t before = octets.size();
        octets.resize(before + packet->GetSize());
        packet->CopyData(reinterpret_cast<uint8_t*>(octets.data()) + before, packet->GetSize());
    }
    if (!octets.empty())
    {
        const ReceiveFunction receive = m_receive;
        receive(std::move(octets)); // may destroy this object
    }
}

void
TcpStream::HandleSpace(Ptr<Socket> /* socket */, uint32_t /* space */)
{
    Flush();
}

void
TcpStream::HandleLost(Ptr<Socket> /* socket */)
{
    const LostFunction lost = std::move(m_lost);
    m_lost = nullptr;
    if (lost)
    {
        lost(); // may destroy this object
    }
}

} // namespace p2pim
} // namespace ns3
