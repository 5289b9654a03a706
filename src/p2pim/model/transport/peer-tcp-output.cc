// SPDX-License-Identifier: GPL-2.0-only
// What PeerTcpSocket sends that ns-3 would not, or at another time.
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-end-point.h"
#include "ns3/packet.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/rtt-estimator.h"
#include "ns3/simulator.h"
#include "ns3/tcp-tx-buffer.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

/// Longest retransmission time-out in s, as in ns-3 (RFC 6298 2.5: 60 s or more).
constexpr double MAXIMUM_RTO = 60;
/// Doublings that reach MAXIMUM_RTO from anywhere above 60 ms.
constexpr uint32_t MAXIMUM_DOUBLINGS = 10;

} // namespace

void
PeerTcpSocket::SendEmptyPacket(uint8_t flags)
{
    const bool isSyn = (flags & TcpHeader::SYN) != 0;
    if (isSyn && m_synCount == 0)
    {
        FailConnect(TcpFailure::TIMED_OUT);
        return;
    }
    const bool isOpening = isSyn && (flags & TcpHeader::ACK) == 0;
    if (isOpening && m_state != SYN_SENT && m_endPoint != nullptr)
    {
        ChooseInitialSequence(GetFourTuple());
    }
    if (m_synTtl != 0)
    {
        SetIpTtl(isOpening ? m_synTtl : DEFAULT_TTL);
    }
    const bool isTimedFin = (flags & TcpHeader::FIN) != 0 && m_retxEvent.IsExpired();
    if (isTimedFin && m_finCount > m_dataRetries)
    {
        BreakConnection(TcpFailure::TIMED_OUT);
        return;
    }
    TcpSocketBase::SendEmptyPacket(flags);
    if (isOpening && m_synLinearRepetitions > 0)
    {
        TimeNextSyn(flags);
    }
    if (isTimedFin && m_finCount++ > 0)
    { // ns-3 repeats a FIN for ever, and at a constant rate; RFC 6298 5.5 doubles the time
        m_retxEvent.Cancel();
        const int doublings = static_cast<int>(std::min(m_finCount - 1, MAXIMUM_DOUBLINGS));
        m_retxEvent = Simulator::Schedule(Min(m_rto.Get() * (1 << doublings), Seconds(MAXIMUM_RTO)),
                                          &PeerTcpSocket::SendEmptyPacket,
                                          this,
                                          flags);
    }
}

void
PeerTcpSocket::TimeNextSyn(uint8_t flags)
{
    const uint32_t repetitions = m_synRetries - m_synCount - 1;
    const uint32_t doublings = repetitions - std::min(repetitions, m_synLinearRepetitions);
    m_rto = m_cnTimeout * (1 << static_cast<int>(doublings));
    m_retxEvent.Cancel();
    m_retxEvent = Simulator::Schedule(m_rto, &PeerTcpSocket::SendEmptyPacket, this, flags);
}

void
PeerTcpSocket::LastAckTimeout()
{
    // the FIN is repeated by the timer that SendEmptyPacket sets
}

void
PeerTcpSocket::UpdateRttHistory(const SequenceNumber32& sequence,
                                uint32_t size,
                                bool isRetransmission)
{
    if (isRetransmission && size == 0)
    { // a repeated SYN: its answer tells nothing of the round trip (RFC 6298 3)
        m_history.clear();
        return;
    }
    TcpSocketBase::UpdateRttHistory(sequence, size, isRetransmission);
}

void
PeerTcpSocket::ReTxTimeout()
{
    if (m_dataRetrCount == 0 && m_txBuffer->Size() > 0)
    { // ns-3 now drops the connection
        m_failure = TcpFailure::TIMED_OUT;
        m_errno = ERROR_AGAIN;
    }
    TcpSocketBase::ReTxTimeout();
    m_backedOffRto = m_rto;
    m_samplesBefore = m_rtt->GetNSamples();
}

void
PeerTcpSocket::NewAck(const SequenceNumber32& ack, bool resetRto)
{
    TcpSocketBase::NewAck(ack, resetRto);
    if (m_rtt->GetNSamples() != m_samplesBefore)
    {
        m_backedOffRto = Time();
    }
    else if (m_backedOffRto > m_rto)
    {
        m_rto = m_backedOffRto;
        if (m_retxEvent.IsRunning())
        {
            m_retxEvent.Cancel();
            m_retxEvent = Simulator::Schedule(m_rto, &PeerTcpSocket::ReTxTimeout, this);
        }
    }
}

void
PeerTcpSocket::SendResetFor(const Segment& segment)
{
    TcpHeader header;
    if (segment.Has(TcpHeader::ACK))
    {
        header.SetFlags(TcpHeader::RST);
        header.SetSequenceNumber(segment.header.GetAckNumber());
    }
    else
    {
        const uint32_t length = segment.packet->GetSize() - segment.header.GetSerializedSize() +
                                segment.Has(TcpHeader::SYN) + segment.Has(TcpHeader::FIN);
        header.SetFlags(TcpHeader::RST | TcpHeader::ACK);
        header.SetAckNumber(segment.header.GetSequenceNumber() + SequenceNumber32(length));
    }
    SendControl(header, segment.to, segment.from);
}

void
PeerTcpSocket::SendAck()
{
    // ns-3 counts its SYN and its FIN when they have been acknowledged, the standard when they are
    // sent.
    const bool isBeforeSyn = m_state == SYN_RCVD;
    if (!isBeforeSyn && m_state != TIME_WAIT)
    {
        SendEmptyPacket(TcpHeader::ACK);
        return;
    }
    TcpHeader header;
    header.SetFlags(TcpHeader::ACK);
    header.SetSequenceNumber(isBeforeSyn ? GetSynAcknowledgment() : GetAfterFin());
    header.SetAckNumber(GetNextReceive());
    header.SetWindowSize(AdvertisedWindowSize());
    AddOptions(header);
    SendOwn(header);
}

void
PeerTcpSocket::SendOwn(TcpHeader& header)
{
    SendControl(header,
                InetSocketAddress(m_endPoint->GetLocalAddress(), m_endPoint->GetLocalPort()),
                InetSocketAddress(m_endPoint->GetPeerAddress(), m_endPoint->GetPeerPort()));
}

void
PeerTcpSocket::SendControl(TcpHeader& header, const Address& from, const Address& to)
{
    header.SetSourcePort(InetSocketAddress::ConvertFrom(from).GetPort());
    header.SetDestinationPort(InetSocketAddress::ConvertFrom(to).GetPort());
    const Ptr<Packet> packet = ns3::Create<Packet>();
    m_txTrace(packet, header, this);
    m_tcp->SendPacket(packet, header, from, to, GetBoundNetDevice());
}

} // namespace p2pim
} // namespace ns3
