// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/peer-tcp-socket.h"

#include "ns3/boolean.h"
#include "ns3/enum.h"
#include "ns3/ipv4-end-point.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/object-factory.h"
#include "ns3/packet.h"
#include "ns3/rtt-estimator.h"
#include "ns3/simulator.h"
#include "ns3/tcp-congestion-ops.h"
#include "ns3/tcp-option-rfc793.h"
#include "ns3/tcp-prr-recovery.h"
#include "ns3/tcp-rx-buffer.h"
#include "ns3/tcp-sequence-numbers.h"
#include "ns3/tcp-tx-buffer.h"
#include "ns3/type-id.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("PeerTcpSocket");

NS_OBJECT_ENSURE_REGISTERED(PeerTcpSocket);

namespace
{

/// Least maximum segment size that is heeded, as that of the attribute.
constexpr uint32_t MINIMUM_MSS = 88;

} // namespace

// --- Creation ------------------------------------------------------------------------------------

TypeId
PeerTcpSocket::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::PeerTcpSocket")
            .SetParent<TcpSocketBase>()
            .SetGroupName("P2pim")
            .AddConstructor<PeerTcpSocket>()
            .AddAttribute(
                "MaximumSegmentSize",
                "Most octets of data in a segment. 1360 keeps an IP packet within 1500 "
                "octets when a GTP tunnel (TS 29.060) adds its headers.",
                UintegerValue(1360),
                MakeUintegerAccessor(&PeerTcpSocket::SetSegSize, &PeerTcpSocket::GetSegSize),
                MakeUintegerChecker<uint32_t>(88, 1460))
            .AddAttribute("InitialWindow",
                          "Initial congestion window, in segments. RFC 3390: 4380 octets at most, "
                          "which is 3 segments of 1360.",
                          UintegerValue(3),
                          MakeUintegerAccessor(&PeerTcpSocket::SetInitialCwnd,
                                               &PeerTcpSocket::GetInitialCwnd),
                          MakeUintegerChecker<uint32_t>(1, 10))
            .AddAttribute(
                "SynTimeout",
                "Time until the first SYN is repeated; it doubles with each repetition. "
                "RFC 1122 4.2.3.1: 3 s.",
                TimeValue(Seconds(3)),
                MakeTimeAccessor(&PeerTcpSocket::SetConnTimeout, &PeerTcpSocket::GetConnTimeout),
                MakeTimeChecker(MilliSeconds(100)))
            .AddAttribute(
                "SynTransmissions",
                "How often a SYN is sent before the attempt to connect fails. 6, as in "
                "ns-3, fails after 189 s; RFC 1122 4.2.3.5 asks for 180 s at least.",
                UintegerValue(6),
                MakeUintegerAccessor(&PeerTcpSocket::SetSynRetries, &PeerTcpSocket::GetSynRetries),
                MakeUintegerChecker<uint32_t>(1, 12))
            .AddAttribute(
                "SynLinearRepetitions",
                "How many repetitions of the SYN come at a constant rate before the time "
                "doubles. 0: it doubles at once (RFC 1122 4.2.3.1). Linux has 4 since 6.5 "
                "(tcp_syn_linear_timeouts).",
                UintegerValue(0),
                MakeUintegerAccessor(&PeerTcpSocket::m_synLinearRepetitions),
                MakeUintegerChecker<uint32_t>(0, 12))
            .AddAttribute("IcmpErrors",
                          "What an ICMP error about a SYN does. soft: nothing, the SYN is repeated "
                          "(RFC 1122 4.2.3.9 asks for that with codes 0, 1 and 5). hard: "
                          "destination unreachable, but for fragmentation needed, and time "
                          "exceeded end the attempt as refused, as in Linux.",
                          EnumValue(ICMP_SOFT),
                          MakeEnumAccessor(&PeerTcpSocket::m_icmpErrors),
                          MakeEnumChecker(ICMP_SOFT, "soft", ICMP_HARD, "hard"))
            .AddAttribute("AcknowledgmentDelay",
                          "Longest delay of an acknowledgment. RFC 1122 4.2.3.2 allows 500 ms; "
                          "200 ms is what BSD and Linux do.",
                          TimeValue(MilliSeconds(200)),
                          MakeTimeAccessor(&PeerTcpSocket::SetDelAckTimeout,
                                           &PeerTcpSocket::GetDelAckTimeout),
                          MakeTimeChecker(Seconds(0), MilliSeconds(500)))
            .AddAttribute("SegmentsPerAcknowledgment",
                          "How many segments one delayed acknowledgment covers. RFC 1122 "
                          "4.2.3.2: 2.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&PeerTcpSocket::SetDelAckMaxCount,
                                               &PeerTcpSocket::GetDelAckMaxCount),
                          MakeUintegerChecker<uint32_t>(1, 8))
            .AddAttribute(
                "SendAtOnce",
                "Whether small segments are sent at once, that is, Nagle's algorithm is "
                "off (TCP_NODELAY). Messaging software turns it off.",
                BooleanValue(true),
                MakeBooleanAccessor(&PeerTcpSocket::SetTcpNoDelay, &PeerTcpSocket::GetTcpNoDelay),
                MakeBooleanChecker())
            .AddAttribute("SelectiveAcknowledgment",
                          "Whether selective acknowledgment is offered (RFC 2018), as RFC 3481 5.6 "
                          "recommends for 2.5G.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&PeerTcpSocket::m_sackEnabled),
                          MakeBooleanChecker())
            .AddAttribute("Timestamps",
                          "Whether the timestamp option is offered (RFC 7323). Off: it costs 12 "
                          "octets of radio in each segment.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&PeerTcpSocket::m_timestampEnabled),
                          MakeBooleanChecker())
            .AddAttribute("WindowScale",
                          "Whether window scaling is offered (RFC 7323). Off: GPRS fills a small "
                          "part of 64 kB.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&PeerTcpSocket::m_winScalingEnabled),
                          MakeBooleanChecker())
            .AddAttribute("MinimumRto",
                          "Least retransmission time-out. RFC 6298 2.4: 1 s.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&PeerTcpSocket::SetMinRto, &PeerTcpSocket::GetMinRto),
                          MakeTimeChecker(MilliSeconds(10)))
            .AddAttribute(
                "TimeWait",
                "How long the side that closes first keeps the connection's name, and "
                "its memory, in TIME-WAIT. 60 s, as Linux; RFC 9293 3.4.2 has 240 s.",
                TimeValue(Seconds(60)),
                MakeTimeAccessor(&PeerTcpSocket::SetTimeWait, &PeerTcpSocket::GetTimeWait),
                MakeTimeChecker(Seconds(0)))
            .AddAttribute("CongestionControl",
                          "Type of the congestion control algorithm. NewReno (RFC 6582), which "
                          "handsets of the time had.",
                          TypeIdValue(TcpNewReno::GetTypeId()),
                          MakeTypeIdAccessor(&PeerTcpSocket::m_congestionControlType),
                          MakeTypeIdChecker());
    return tid;
}

PeerTcpSocket::PeerTcpSocket() = default;

PeerTcpSocket::PeerTcpSocket(const PeerTcpSocket& other)
    : TypedTcpSocket(other),
      m_congestionControlType(other.m_congestionControlType),
      m_synLinearRepetitions(other.m_synLinearRepetitions),
      m_icmpErrors(other.m_icmpErrors)
{
}

PeerTcpSocket::~PeerTcpSocket()
{
    Withdraw();
}

void
PeerTcpSocket::NotifyConstructionCompleted()
{
    TcpSocketBase::NotifyConstructionCompleted();
    // ns-3 sets a subclass's attributes first and those of its parents, which are the same
    // variables, after them.
    const TypeId tid = GetTypeId();
    for (std::size_t i = 0; i < tid.GetAttributeN(); ++i)
    {
        const TypeId::AttributeInformation attribute = tid.GetAttribute(i);
        SetAttribute(attribute.name, *attribute.initialValue);
    }
    ObjectFactory congestionControl;
    congestionControl.SetTypeId(m_congestionControlType);
    SetRtt(CreateObject<RttMeanDeviation>());
    SetCongestionControlAlgorithm(congestionControl.Create<TcpCongestionOps>());
    SetRecoveryAlgorithm(CreateObject<TcpPrrRecovery>());
}

Ptr<PeerTcpSocket>
PeerTcpSocket::GetPrototype(TransportPreset preset)
{
    static std::array<Ptr<PeerTcpSocket>, TRANSPORT_PRESETS> prototypes;
    Ptr<PeerTcpSocket>& prototype = prototypes.at(preset);
    if (!prototype)
    {
        prototype = CreateObject<PeerTcpSocket>();
        if (preset != TRANSPORT_ATTRIBUTES)
        {
            prototype->Apply(GetTransportSettings(preset));
        }
        Simulator::ScheduleDestroy(+[]() { prototypes.fill(nullptr); });
    }
    return prototype;
}

void
PeerTcpSocket::Apply(const TransportSettings& settings)
{
    SetSegSize(settings.GetSegmentSize());
    SetInitialCwnd(settings.initialWindow);
    SetConnTimeout(settings.synTimeout);
    SetSynRetries(settings.synTransmissions);
    m_synLinearRepetitions = settings.synLinearRepetitions;
    m_icmpErrors = settings.heedsIcmpErrors ? ICMP_HARD : ICMP_SOFT;
    SetMinRto(settings.minimumRto);
    SetDelAckTimeout(settings.acknowledgmentDelay);
    SetDelAckMaxCount(settings.segmentsPerAcknowledgment);
    m_sackEnabled = settings.selectiveAcknowledgment;
    m_timestampEnabled = settings.timestamps;
    m_winScalingEnabled = settings.windowScale;
    SetRcvBufSize(settings.receiveBuffer);
    SetSndBufSize(settings.sendBuffer);
    m_rtt->SetAttribute("InitialEstimation", TimeValue(settings.initialRto));
    m_rtt->Reset();
    m_congestionControlType = settings.congestionControl;
    ObjectFactory factory;
    factory.SetTypeId(settings.congestionControl);
    SetCongestionControlAlgorithm(factory.Create<TcpCongestionOps>());
}

void
PeerTcpSocket::HeedSegmentSize(const TcpHeader& syn)
{
    if (!syn.HasOption(TcpOption::MSS))
    {
        return;
    }
    const uint32_t told = DynamicCast<const TcpOptionMSS>(syn.GetOption(TcpOption::MSS))->GetMSS();
    const uint32_t size = std::max(told, MINIMUM_MSS) -
                          (m_timestampEnabled ? TransportSettings::TIMESTAMP_OCTETS : 0);
    if (size < m_tcb->m_segmentSize)
    {
        m_tcb->m_segmentSize = size;
        m_txBuffer->SetSegmentSize(size);
        m_tcb->m_cWnd = m_tcb->m_initialCWnd * size;
        m_tcb->m_cWndInfl = m_tcb->m_cWnd;
    }
}

void
PeerTcpSocket::HeedInitialSequence(const TcpHeader& syn)
{
    m_highRxMark = syn.GetSequenceNumber();
    m_highTxAck = syn.GetSequenceNumber();
    m_tcb->m_rxBuffer->SetNextRxSequence(syn.GetSequenceNumber());
}

void
PeerTcpSocket::ChooseInitialSequence(const TcpFourTuple& connection)
{
    const auto initial = TcpSequenceNumbers::GetInitial(connection, Simulator::Now());
    m_tcb->m_nextTxSequence = initial;
    m_tcb->m_highTxMark = initial;
    m_highRxAckMark = initial;
    m_txBuffer->SetHeadSequence(initial);
}

Ptr<PeerTcpSocket>
PeerTcpSocket::Create(Ptr<Node> node)
{
    const Ptr<TcpL4Protocol> tcp = node->GetObject<TcpL4Protocol>();
    NS_ABORT_MSG_UNLESS(tcp, "node " << node->GetId() << " has no TCP");
    const Ptr<PeerTcpProtocol> protocol = DynamicCast<PeerTcpProtocol>(tcp);
    Ptr<PeerTcpSocket> socket =
        CopyObject(GetPrototype(protocol ? protocol->GetTransportPreset() : TRANSPORT_ATTRIBUTES));
    socket->SetNode(node);
    socket->SetTcp(tcp);
    return socket;
}

Ptr<TcpSocketBase>
PeerTcpSocket::Fork()
{
    const Ptr<PeerTcpSocket> socket = CopyObject<PeerTcpSocket>(this);
    socket->m_listener = this;
    return socket;
}

Time
PeerTcpSocket::GetTimeWait() const
{
    return Seconds(2 * m_msl);
}

void
PeerTcpSocket::SetTimeWait(Time timeWait)
{
    m_msl = timeWait.GetSeconds() / 2;
}

// --- What the user calls -------------------------------------------------------------------------

int
PeerTcpSocket::Bind(const Address& address)
{
    if (!InetSocketAddress::IsMatchingType(address) ||
        InetSocketAddress::ConvertFrom(address).GetPort() == 0)
    {
        return TcpSocketBase::Bind(address);
    }
    const InetSocketAddress own = InetSocketAddress::ConvertFrom(address);
    m_endPoint = m_tcp->Allocate(GetBoundNetDevice(),
                                 own.GetIpv4(),
                                 own.GetPort(),
                                 Ipv4Address::GetAny(),
                                 0);
    if (m_endPoint == nullptr)
    {
        m_errno = ERROR_ADDRINUSE;
        return -1;
    }
    m_tcp->AddSocket(this);
    return SetupCallback();
}

int
PeerTcpSocket::Listen()
{
    const int result = TcpSocketBase::Listen();
    if (result == 0)
    {
        Enrol();
    }
    return result;
}

int
PeerTcpSocket::Connect(const Address& address)
{
    m_failure = TcpFailure::NONE;
    m_activeOpen = true;
    const int result = TcpSocketBase::Connect(address);
    if (result == 0)
    {
        Enrol();
    }
    return result;
}

int
PeerTcpSocket::ConnectFrom(Ipv4Address local, uint16_t localPort, const InetSocketAddress& remote)
{
    if (m_endPoint != nullptr || m_state != CLOSED)
    {
        m_errno = ERROR_INVAL;
        return -1;
    }
    const Ipv4Address source = FindSource(remote.GetIpv4());
    if (source.IsAny())
    {
        m_errno = ERROR_NOROUTETOHOST;
        return -1;
    }
    m_endPoint = m_tcp->Allocate(GetBoundNetDevice(),
                                 local.IsAny() ? source : local,
                                 localPort,
                                 remote.GetIpv4(),
                                 remote.GetPort());
    if (m_endPoint == nullptr)
    {
        m_errno = ERROR_ADDRINUSE;
        return -1;
    }
    m_tcp->AddSocket(this);
    SetupCallback();
    m_failure = TcpFailure::NONE;
    m_activeOpen = true;
    m_rtt->Reset();
    m_synCount = m_synRetries;
    m_dataRetrCount = m_dataRetries;
    Enrol();
    return DoConnect();
}

int
PeerTcpSocket::Close()
{
    switch (m_state)
    {
    case SYN_RCVD:
    {
        TcpHeader header;
        header.SetFlags(TcpHeader::RST);
        header.SetSequenceNumber(GetSynAcknowledgment());
        SendOwn(header);
        Abandon();
        return 0;
    }
    case CLOSED:
    case LISTEN:
    case SYN_SENT:
        Abandon();
        return 0;
    case CLOSING: // ns-3 would reset the connection
        return 0;
    default:
        return TcpSocketBase::Close();
    }
}

void
PeerTcpSocket::SetSynTtl(uint8_t ttl)
{
    m_synTtl = ttl;
}

Ptr<Packet>
PeerTcpSocket::Recv(uint32_t maxSize, uint32_t flags)
{
    const uint32_t told = m_advWnd.Get() << m_rcvWindShift;
    const Ptr<Packet> packet = TcpSocketBase::Recv(maxSize, flags);
    const bool receives = m_state == ESTABLISHED || m_state == FIN_WAIT_1 || m_state == FIN_WAIT_2;
    if (packet && receives && told < m_tcb->m_segmentSize &&
        AdvertisedWindowSize(false) >= m_tcb->m_segmentSize)
    {
        SendAck();
    }
    return packet;
}

TcpFailure
PeerTcpSocket::GetFailure() const
{
    return m_failure;
}

TcpSocket::TcpStates_t
PeerTcpSocket::GetState() const
{
    return m_state;
}

void
PeerTcpSocket::ForgetCallbacks()
{
    const auto none = MakeNullCallback<void, Ptr<Socket>>();
    const auto noSize = MakeNullCallback<void, Ptr<Socket>, uint32_t>();
    SetConnectCallback(none, none);
    SetCloseCallbacks(none, none);
    SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                      MakeNullCallback<void, Ptr<Socket>, const Address&>());
    SetDataSentCallback(noSize);
    SetSendCallback(noSize);
    SetRecvCallback(none);
}

// --- The end of a connection ---------------------------------------------------------------------

void
PeerTcpSocket::ReportConnected()
{
    ConnectionSucceeded();
}

void
PeerTcpSocket::Abandon()
{
    m_state = CLOSED;
    m_listener = nullptr;
    DeallocateEndPoint();
}

void
PeerTcpSocket::FailConnect(TcpFailure failure)
{
    NS_LOG_FUNCTION(this << static_cast<int>(failure));
    const Ptr<PeerTcpSocket> self(this);
    Abandon(); // first, so that the callback may try the same connection again
    m_failure = failure;
    m_errno = failure == TcpFailure::TIMED_OUT ? ERROR_AGAIN : ERROR_NOTCONN;
    NotifyConnectionFailed();
}

void
PeerTcpSocket::BreakConnection(TcpFailure failure)
{
    NS_LOG_FUNCTION(this << static_cast<int>(failure));
    const Ptr<PeerTcpSocket> self(this);
    Abandon();
    m_failure = failure;
    m_errno = failure == TcpFailure::TIMED_OUT ? ERROR_AGAIN : ERROR_NOTCONN;
    if (!m_closeNotified)
    {
        m_closeNotified = true;
        NotifyErrorClose();
    }
}

// --- Names and numbers ---------------------------------------------------------------------------

Ipv4Address
PeerTcpSocket::FindSource(Ipv4Address remote) const
{
    Ipv4Header header;
    header.SetDestination(remote);
    SocketErrno error = ERROR_NOTERROR;
    const Ptr<Ipv4Route> route =
        m_node->GetObject<Ipv4>()->GetRoutingProtocol()->RouteOutput(nullptr,
                                                                     header,
                                                                     m_boundnetdevice,
                                                                     error);
    return route ? route->GetSource() : Ipv4Address::GetAny();
}

TcpFourTuple
PeerTcpSocket::GetFourTuple() const
{
    return {m_endPoint->GetLocalAddress(),
            m_endPoint->GetPeerAddress(),
            m_endPoint->GetLocalPort(),
            m_endPoint->GetPeerPort()};
}

void
PeerTcpSocket::Enrol()
{
    const Ptr<PeerTcpProtocol> protocol = DynamicCast<PeerTcpProtocol>(m_tcp);
    if (!protocol || m_endPoint == nullptr || m_boundnetdevice)
    {
        return;
    }
    Withdraw();
    m_connection = GetFourTuple();
    protocol->Enrol(m_connection, this);
    m_enrolled = true;
}

void
PeerTcpSocket::Withdraw()
{
    if (m_enrolled)
    {
        StaticCast<PeerTcpProtocol>(m_tcp)->Withdraw(m_connection, this);
        m_enrolled = false;
    }
}

SequenceNumber32
PeerTcpSocket::GetNextReceive() const
{
    return m_tcb->m_rxBuffer->NextRxSequence();
}

SequenceNumber32
PeerTcpSocket::GetSynAcknowledgment() const
{
    return m_tcb->m_nextTxSequence + SequenceNumber32(1);
}

SequenceNumber32
PeerTcpSocket::GetAfterFin() const
{
    return m_tcb->m_highTxMark + SequenceNumber32(1);
}

} // namespace p2pim
} // namespace ns3
