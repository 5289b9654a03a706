// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/peer-tcp-protocol.h"

#include "ns3/ipv4-header.h"
#include "ns3/ipv4-interface.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-option-rfc793.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(PeerTcpProtocol);

namespace
{

/// Octets of a TCP header without options (RFC 9293 3.1).
constexpr uint32_t MIN_HEADER_SIZE = 20;

/// Offset of the destination port in a TCP header.
constexpr std::size_t DESTINATION_PORT_OFFSET = 2;

/// Offset of the sequence number in a TCP header.
constexpr std::size_t SEQUENCE_OFFSET = 4;

/// Octets of the segment that an ICMP error tells (RFC 792).
constexpr std::size_t ICMP_PAYLOAD = 8;

/// @return the two octets at @p offset of a TCP header.
template <std::size_t N>
uint16_t
ReadTwo(const std::array<uint8_t, N>& octets, std::size_t offset)
{
    return static_cast<uint16_t>(octets.at(offset) << 8 | octets.at(offset + 1));
}

/// @return @p syn with one option more, in front of the others.
TcpHeader
AddMaximumSegmentSize(const TcpHeader& syn, uint16_t size)
{
    TcpHeader header;
    header.SetSourcePort(syn.GetSourcePort());
    header.SetDestinationPort(syn.GetDestinationPort());
    header.SetSequenceNumber(syn.GetSequenceNumber());
    header.SetAckNumber(syn.GetAckNumber());
    header.SetFlags(syn.GetFlags());
    header.SetWindowSize(syn.GetWindowSize());
    const auto option = CreateObject<TcpOptionMSS>();
    option->SetMSS(size);
    header.AppendOption(option);
    for (const auto& each : syn.GetOptionList())
    {
        if (each->GetKind() > TcpOption::NOP) // those are padding
        {
            header.AppendOption(each);
        }
    }
    return header;
}

} // namespace

bool
operator==(const TcpFourTuple& a, const TcpFourTuple& b)
{
    return a.local == b.local && a.remote == b.remote && a.localPort == b.localPort &&
           a.remotePort == b.remotePort;
}

std::size_t
PeerTcpProtocol::Hash::operator()(const TcpFourTuple& connection) const
{
    uint64_t key = uint64_t{connection.local.Get()} << 32 | connection.remote.Get();
    key ^= (uint64_t{connection.localPort} << 16 | connection.remotePort) * 0x9e3779b97f4a7c15;
    key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9; // the finalizer of SplitMix64
    return key ^ (key >> 31);
}

TypeId
PeerTcpProtocol::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::PeerTcpProtocol")
                            .SetParent<TcpL4Protocol>()
                            .SetGroupName("P2pim")
                            .AddConstructor<PeerTcpProtocol>();
    return tid;
}

PeerTcpProtocol::PeerTcpProtocol() = default;

PeerTcpProtocol::~PeerTcpProtocol() = default;

void
PeerTcpProtocol::DoDispose()
{
    TcpL4Protocol::DoDispose();
    m_ip.Nullify();
    m_sockets.clear();
}

void
PeerTcpProtocol::SetTransportPreset(TransportPreset preset)
{
    m_preset = preset;
    if (preset == TRANSPORT_ATTRIBUTES)
    {
        return;
    }
    const TransportSettings settings = GetTransportSettings(preset);
    if (settings.sendsMaximumSegmentSize)
    {
        m_maximumSegmentSize = settings.maximumSegmentSize;
        m_ip = GetDownTarget();
        SetDownTarget(MakeCallback(&PeerTcpProtocol::SendDown, this));
    }
}

TransportPreset
PeerTcpProtocol::GetTransportPreset() const
{
    return m_preset;
}

void
PeerTcpProtocol::SendDown(Ptr<Packet> segment,
                          Ipv4Address source,
                          Ipv4Address destination,
                          uint8_t protocol,
                          Ptr<Ipv4Route> route) const
{
    SegmentStart start{};
    segment->CopyData(start.data(), start.size());
    if ((start.back() & TcpHeader::SYN) != 0)
    {
        TcpHeader before;
        segment->RemoveHeader(before);
        TcpHeader after = AddMaximumSegmentSize(before, m_maximumSegmentSize);
        if (Node::ChecksumEnabled())
        {
            after.EnableChecksums();
            after.InitializeChecksum(source, destination, protocol);
        }
        segment->AddHeader(after);
    }
    m_ip(segment, source, destination, protocol, route);
}

void
PeerTcpProtocol::Enrol(const TcpFourTuple& connection, PeerTcpSocket* socket)
{
    m_sockets[connection] = socket;
}

void
PeerTcpProtocol::Withdraw(const TcpFourTuple& connection, const PeerTcpSocket* socket)
{
    const auto found = m_sockets.find(connection);
    if (found != m_sockets.end() && found->second == socket)
    {
        m_sockets.erase(found);
    }
}

Ptr<PeerTcpSocket>
PeerTcpProtocol::Find(const TcpFourTuple& connection) const
{
    const auto found = m_sockets.find(connection);
    return Ptr<PeerTcpSocket>(found == m_sockets.end() ? nullptr : found->second);
}

Ptr<PeerTcpSocket>
PeerTcpProtocol::FindReceiver(const SegmentStart& segment, const TcpFourTuple& connection) const
{
    Ptr<PeerTcpSocket> socket = Find(connection);
    const uint8_t flags = segment.back() & (TcpHeader::SYN | TcpHeader::ACK);
    if (!socket && flags == TcpHeader::SYN)
    {
        socket = Find({connection.local, Ipv4Address::GetAny(), connection.localPort, 0});
    }
    if (!socket && flags == TcpHeader::SYN)
    {
        socket = Find({Ipv4Address::GetAny(), Ipv4Address::GetAny(), connection.localPort, 0});
    }
    return socket;
}

IpL4Protocol::RxStatus
PeerTcpProtocol::Receive(Ptr<Packet> packet, const Ipv4Header& header, Ptr<Ipv4Interface> interface)
{
    if (packet->GetSize() < MIN_HEADER_SIZE)
    {
        return RX_CSUM_FAILED;
    }
    if (!m_sockets.empty() && !Node::ChecksumEnabled())
    {
        SegmentStart segment{};
        packet->CopyData(segment.data(), segment.size());
        const TcpFourTuple connection{header.GetDestination(),
                                      header.GetSource(),
                                      ReadTwo(segment, DESTINATION_PORT_OFFSET),
                                      ReadTwo(segment, 0)};
        const Ptr<PeerTcpSocket> socket = FindReceiver(segment, connection);
        if (socket && socket->Deliver(packet, header, connection.remotePort, interface))
        {
            return RX_OK;
        }
    }
    return TcpL4Protocol::Receive(packet, header, interface);
}

void
PeerTcpProtocol::ReceiveIcmp(Ipv4Address from,
                             uint8_t ttl,
                             uint8_t type,
                             uint8_t code,
                             uint32_t info,
                             Ipv4Address source,
                             Ipv4Address destination,
                             const uint8_t payload[8])
{
    TcpL4Protocol::ReceiveIcmp(from, ttl, type, code, info, source, destination, payload);
    SegmentStart segment{};
    std::copy_n(payload, ICMP_PAYLOAD, segment.begin());
    const TcpFourTuple connection{source,
                                  destination,
                                  ReadTwo(segment, 0),
                                  ReadTwo(segment, DESTINATION_PORT_OFFSET)};
    if (const Ptr<PeerTcpSocket> socket = Find(connection))
    {
        const uint32_t sequence = uint32_t{ReadTwo(segment, SEQUENCE_OFFSET)} << 16 |
                                  ReadTwo(segment, SEQUENCE_OFFSET + 2);
        socket->HeedIcmpError(type, code, SequenceNumber32(sequence));
    }
}

} // namespace p2pim
} // namespace ns3
