// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/transport-preset.h"

#include "ns3/enum.h"
#include "ns3/tcp-congestion-ops.h"
#include "ns3/tcp-cubic.h"

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint32_t KILOBYTE = 1024;

/// Nokia's TCP of Symbian OS (os/networkingsrv, tcp.h and tcp.cpp): 3 s, five repetitions, two
/// segments, 48 and 16 kB, 200 ms, SACK, timestamps. It takes the MSS from the interface.
TransportSettings
MakeHandset2005()
{
    return {1460,
            true,
            2,
            Seconds(3),
            6,
            Seconds(3),
            Seconds(1),
            MilliSeconds(200),
            2,
            true,
            true,
            false,
            48 * KILOBYTE,
            16 * KILOBYTE,
            TcpNewReno::GetTypeId()};
}

/// RFC 6928, RFC 6298, RFC 7323, RFC 2018, RFC 9438; repetitions of the SYN, buffers and the delay
/// of acknowledgments as Linux.
TransportSettings
MakeModern()
{
    return {1460,
            true,
            10,
            Seconds(1),
            7,
            Seconds(1),
            Seconds(1),
            MilliSeconds(40),
            2,
            true,
            true,
            true,
            128 * KILOBYTE,
            128 * KILOBYTE,
            TcpCubic::GetTypeId()};
}

/// As of today, but a SYN is repeated four times at a constant rate and then six more
/// (tcp_syn_linear_timeouts, tcp_syn_retries), and ICMP errors end an attempt to connect.
TransportSettings
MakeLinux()
{
    TransportSettings settings = MakeModern();
    settings.synLinearRepetitions = 4;
    settings.synTransmissions = 11;
    settings.heedsIcmpErrors = true;
    return settings;
}

/// The defaults of ns3::TcpSocket, ns3::TcpSocketBase and ns3::RttEstimator. The segment size there
/// is without options.
TransportSettings
MakeNs3()
{
    return {536 + TransportSettings::TIMESTAMP_OCTETS,
            false,
            10,
            Seconds(3),
            6,
            Seconds(1),
            Seconds(1),
            MilliSeconds(200),
            2,
            true,
            true,
            true,
            128 * KILOBYTE,
            128 * KILOBYTE,
            TcpCubic::GetTypeId()};
}

} // namespace

uint32_t
TransportSettings::GetSegmentSize() const
{
    return maximumSegmentSize - (timestamps ? TIMESTAMP_OCTETS : 0);
}

TransportSettings
GetTransportSettings(TransportPreset preset)
{
    switch (preset)
    {
    case TRANSPORT_HANDSET_2005:
        return MakeHandset2005();
    case TRANSPORT_MODERN:
        return MakeModern();
    case TRANSPORT_LINUX:
        return MakeLinux();
    default:
        return MakeNs3();
    }
}

Ptr<const AttributeChecker>
MakeTransportPresetChecker()
{
    return MakeEnumChecker(TRANSPORT_ATTRIBUTES,
                           "attributes",
                           TRANSPORT_HANDSET_2005,
                           "handset-2005",
                           TRANSPORT_MODERN,
                           "modern",
                           TRANSPORT_NS3,
                           "ns-3",
                           TRANSPORT_LINUX,
                           "linux");
}

} // namespace p2pim
} // namespace ns3
