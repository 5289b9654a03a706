// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/turn-splice.h"

#include "ns3/packet.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

TurnSplice::TurnSplice(Ptr<PeerTcpSocket> client,
                       Ptr<PeerTcpSocket> peer,
                       const std::string& early,
                       bool peerClosed,
                       ArrivedFunction arrived,
                       ClosedFunction closed)
    : m_sockets{client, peer},
      m_ended{false, peerClosed},
      m_early(early),
      m_arrived(std::move(arrived)),
      m_closed(std::move(closed))
{
    Watch(CLIENT);
    Watch(PEER);
}

TurnSplice::~TurnSplice()
{
    for (const auto& socket : m_sockets)
    {
        socket->ForgetCallbacks();
    }
}

void
TurnSplice::Watch(End end)
{
    const End other = end == CLIENT ? PEER : CLIENT;
    const Ptr<PeerTcpSocket>& socket = m_sockets[end];
    socket->SetRecvCallback(
        Callback<void, Ptr<Socket>>([this, end](Ptr<Socket>) { m_arrived(end); }));
    socket->SetSendCallback(Callback<void, Ptr<Socket>, uint32_t>(
        [this, other](Ptr<Socket>, uint32_t) { Forward(other); }));
    const Callback<void, Ptr<Socket>> closed([this, end](Ptr<Socket>) { HandleClosed(end); });
    socket->SetCloseCallbacks(closed, closed);
}

void
TurnSplice::HandleClosed(End end)
{
    m_ended[end] = true;
    m_arrived(end);
}

void
TurnSplice::Append(const std::string& octets)
{
    m_early += octets;
}

bool
TurnSplice::IsDrained(End from) const
{
    return m_sockets[from]->GetRxAvailable() == 0 && (from == PEER || m_early.empty());
}

void
TurnSplice::Forward(End from)
{
    const Ptr<PeerTcpSocket>& source = m_sockets[from];
    const Ptr<PeerTcpSocket>& sink = m_sockets[from == CLIENT ? PEER : CLIENT];
    while (!IsDrained(from))
    {
        const uint32_t room = sink->GetTxAvailable();
        if (room == 0)
        {
            return;
        }
        Ptr<Packet> packet;
        if (from == CLIENT && !m_early.empty())
        {
            const auto size = std::min<std::size_t>(room, m_early.size());
            packet = Create<Packet>(reinterpret_cast<const uint8_t*>(m_early.data()),
                                    static_cast<uint32_t>(size));
            m_early.erase(0, size);
        }
        else
        {
            packet = source->Recv(room, 0);
        }
        if (!packet || packet->GetSize() == 0 || sink->Send(packet, 0) < 0)
        {
            break;
        }
        m_forwarded[from] += packet->GetSize();
    }
    if (m_ended[from])
    {
        const ClosedFunction closed = std::exchange(m_closed, nullptr);
        Close();
        if (closed)
        {
            closed(); // may destroy this object
        }
    }
}

void
TurnSplice::Close()
{
    for (const auto& socket : m_sockets)
    {
        socket->ForgetCallbacks();
        socket->Close();
    }
}

uint64_t
TurnSplice::GetForwarded(End from) const
{
    return m_forwarded[from];
}

} // namespace p2pim
} // namespace ns3
