// SPDX-License-Identifier: GPL-2.0-only
// What PeerTcpSocket does with the segments that come in: "SEGMENT ARRIVES", RFC 9293 3.10.7.
#include "ns3/icmpv4.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ns3-compatibility.h"
#include "ns3/packet.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/simulator.h"
#include "ns3/tcp-rx-buffer.h"

#include <array>

namespace ns3
{
namespace p2pim
{

namespace
{

/// Octets of a TCP header up to and with the one of the control bits (RFC 9293 3.1).
constexpr std::size_t FLAGS_END = 14;

} // namespace

bool
PeerTcpSocket::Segment::Has(TcpHeader::Flags_t flag) const
{
    return (header.GetFlags() & flag) != 0;
}

bool
PeerTcpSocket::Deliver(Ptr<Packet> packet,
                       const Ipv4Header& header,
                       uint16_t remotePort,
                       Ptr<Ipv4Interface> interface)
{
    if (m_endPoint == nullptr)
    {
        return false;
    }
    ForwardUp(packet, header, remotePort, interface);
    return true;
}

void
PeerTcpSocket::CompleteFork(Ptr<Packet> packet,
                            const TcpHeader& header,
                            const Address& from,
                            const Address& to)
{
    HeedSegmentSize(header);
    const auto own = InetSocketAddress::ConvertFrom(to);
    const auto peer = InetSocketAddress::ConvertFrom(from);
    ChooseInitialSequence({own.GetIpv4(), peer.GetIpv4(), own.GetPort(), peer.GetPort()});
    TcpSocketBase::CompleteFork(packet, header, from, to);
    if (m_endPoint == nullptr)
    { // the same connection was opened from here in the meantime
        m_state = CLOSED;
        m_tcp->RemoveSocket(this);
        return;
    }
    Enrol();
}

bool
PeerTcpSocket::IsOrdinary(Ptr<const Packet> packet) const
{
    switch (m_state)
    {
    case ESTABLISHED:
    case CLOSE_WAIT:
    case FIN_WAIT_1:
    case FIN_WAIT_2:
        break;
    default:
        return false;
    }
    std::array<uint8_t, FLAGS_END> octets{};
    packet->CopyData(octets.data(), octets.size());
    return (octets.back() & (TcpHeader::SYN | TcpHeader::RST)) == 0;
}

void
PeerTcpSocket::DoForwardUp(Ptr<Packet> packet, const Address& from, const Address& to)
{
    const Ptr<PeerTcpSocket> self(this); // a callback may let go of the last reference
    if (IsOrdinary(packet))
    {
        TcpSocketBase::DoForwardUp(packet, from, to);
        return;
    }
    Segment segment{packet, from, to, TcpHeader()};
    packet->PeekHeader(segment.header);
    switch (m_state)
    {
    case CLOSED:
        ReceiveInClosed(segment);
        break;
    case LISTEN:
        ReceiveInListen(segment);
        break;
    case SYN_SENT:
        ReceiveInSynSent(segment);
        break;
    case SYN_RCVD:
        ReceiveInSynReceived(segment);
        break;
    default:
        ReceiveSynchronized(segment);
        break;
    }
}

void
PeerTcpSocket::ReceiveInClosed(const Segment& segment)
{
    if (!segment.Has(TcpHeader::RST))
    {
        SendResetFor(segment);
    }
}

void
PeerTcpSocket::ReceiveInListen(const Segment& segment)
{
    if (segment.Has(TcpHeader::RST))
    {
        return;
    }
    if (segment.Has(TcpHeader::ACK))
    {
        SendResetFor(segment);
        return;
    }
    HeedInitialSequence(segment.header); // for the socket that is forked
    PassOn(segment);
}

void
PeerTcpSocket::ReceiveInSynSent(const Segment& segment)
{
    const bool isReset = segment.Has(TcpHeader::RST);
    if (segment.Has(TcpHeader::ACK) && segment.header.GetAckNumber() != GetSynAcknowledgment())
    {
        if (!isReset)
        {
            SendResetFor(segment);
        }
        return;
    }
    if (isReset)
    {
        if (segment.Has(TcpHeader::ACK))
        {
            FailConnect(TcpFailure::REFUSED);
        }
        return;
    }
    if (!segment.Has(TcpHeader::SYN))
    {
        return;
    }
    HeedInitialSequence(segment.header);
    HeedSegmentSize(segment.header);
    if (!segment.Has(TcpHeader::ACK))
    { // simultaneous open: from now on it is the SYN,ACK that is repeated
        m_retxEvent.Cancel();
    }
    PassOn(segment);
}

void
PeerTcpSocket::ReceiveInSynReceived(const Segment& segment)
{
    if (segment.Has(TcpHeader::RST))
    {
        ReceiveReset(segment);
    }
    else if (segment.Has(TcpHeader::SYN))
    {
        ReceiveSynInSynReceived(segment);
    }
    else if (segment.header.GetSequenceNumber() < GetNextReceive() ||
             segment.header.GetSequenceNumber() >= m_tcb->m_rxBuffer->MaxRxSequence())
    { // of another attempt from the same port
        SendAck();
    }
    else if (segment.Has(TcpHeader::ACK))
    {
        if (segment.header.GetAckNumber() != GetSynAcknowledgment())
        {
            SendResetFor(segment);
            return;
        }
        if (m_listener && m_listener->m_state != LISTEN)
        { // nobody is there any more to accept the connection
            SendResetFor(segment);
            Abandon();
            return;
        }
        m_listener = nullptr;
        PassOn(segment);
    }
}

void
PeerTcpSocket::ReceiveSynInSynReceived(const Segment& segment)
{
    const bool isRepeated =
        segment.header.GetSequenceNumber() + SequenceNumber32(1) == GetNextReceive();
    if (isRepeated && !segment.Has(TcpHeader::ACK))
    { // the SYN,ACK was lost; an answer does not count against the timer's repetitions
        const uint32_t left = m_synCount;
        if (left > 0)
        {
            PassOn(segment);
            m_synCount = left;
        }
        return;
    }
    if (!isRepeated || !m_activeOpen || segment.header.GetAckNumber() != GetSynAcknowledgment())
    {
        SendAck();
        return;
    }
    // The SYN of a crossed SYN,ACK is known by now: what counts is its acknowledgment. The window
    // of a segment with SYN is not scaled (RFC 7323 2.2), that of one without is.
    TcpHeader header;
    segment.packet->RemoveHeader(header);
    header.SetFlags(TcpHeader::ACK);
    header.SetSequenceNumber(GetNextReceive());
    header.SetWindowSize(header.GetWindowSize() >> m_sndWindShift);
    segment.packet->AddHeader(header);
    PassOn(segment);
}

void
PeerTcpSocket::ReceiveSynchronized(const Segment& segment)
{
    if (segment.Has(TcpHeader::RST))
    {
        ReceiveReset(segment);
    }
    else if (segment.Has(TcpHeader::SYN))
    {
        SendAck();
    }
    else if (m_state == TIME_WAIT)
    {
        if (segment.Has(TcpHeader::FIN))
        {
            TimeWait();
            SendAck();
        }
    }
    else
    {
        ReceiveAfterBothFins(segment);
    }
}

void
PeerTcpSocket::ReceiveAfterBothFins(const Segment& segment)
{
    if (!segment.Has(TcpHeader::ACK) || segment.header.GetAckNumber() > GetAfterFin())
    {
        return;
    }
    if (segment.Has(TcpHeader::FIN))
    {
        SendAck();
    }
    if (segment.header.GetAckNumber() < GetAfterFin())
    { // of data before the own FIN
        ReceivedAck(ns3::Create<Packet>(), segment.header);
        if (!IsPending(m_retxEvent))
        {
            m_retxEvent =
                Simulator::Schedule(m_rto, &PeerTcpSocket::SendEmptyPacket, this, TcpHeader::FIN);
        }
    }
    else if (m_state == CLOSING)
    {
        TimeWait();
    }
    else
    {
        CloseAndNotify();
    }
}

void
PeerTcpSocket::ReceiveReset(const Segment& segment)
{
    const SequenceNumber32 sequence = segment.header.GetSequenceNumber();
    if (sequence != GetNextReceive())
    {
        if (sequence > GetNextReceive() && sequence < m_tcb->m_rxBuffer->MaxRxSequence())
        {
            SendAck();
        }
        return;
    }
    switch (m_state)
    {
    case SYN_RCVD:
        FailConnect(TcpFailure::REFUSED);
        break;
    case LAST_ACK:
    case CLOSING:
    case TIME_WAIT:
        CloseAndNotify();
        break;
    default:
        BreakConnection(TcpFailure::RESET);
        break;
    }
}

void
PeerTcpSocket::HeedIcmpError(uint8_t type, uint8_t code, const SequenceNumber32& sequence)
{
    const bool isOpening = m_state == SYN_SENT || (m_state == SYN_RCVD && m_activeOpen);
    const bool isError = type == Icmpv4Header::ICMPV4_TIME_EXCEEDED ||
                         (type == Icmpv4Header::ICMPV4_DEST_UNREACH &&
                          code != Icmpv4DestinationUnreachable::ICMPV4_FRAG_NEEDED);
    // a number that was never sent is not believed (RFC 5927 4.1)
    if (m_icmpErrors == ICMP_HARD && isOpening && isError &&
        sequence == m_tcb->m_nextTxSequence.Get())
    {
        FailConnect(TcpFailure::REFUSED);
    }
}

void
PeerTcpSocket::PassOn(const Segment& segment)
{
    const bool opening = m_activeOpen && m_state == SYN_RCVD;
    if (opening && segment.Has(TcpHeader::FIN) &&
        segment.header.GetSequenceNumber() == GetNextReceive())
    { // ns-3 goes on to CLOSE-WAIT and its callback at once
        ReportConnected();
    }
    TcpSocketBase::DoForwardUp(segment.packet, segment.from, segment.to);
    if (opening && m_state == ESTABLISHED)
    {
        Simulator::ScheduleNow(&PeerTcpSocket::ReportConnected, Ptr<PeerTcpSocket>(this));
    }
}

} // namespace p2pim
} // namespace ns3
