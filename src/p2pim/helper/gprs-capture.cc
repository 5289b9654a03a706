// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gprs-capture.h"

#include "ns3/octets.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t GSMTAP_GB_LLC = 8;

/// The address that stands for the SGSN.
constexpr uint32_t SGSN_ADDRESS = 10U << 24 | 1;

} // namespace

GprsCapture::GprsCapture(const std::string& path)
    : m_file(path, CaptureLink::RAW)
{
}

void
GprsCapture::Write(bool uplink, uint32_t tlli, Ptr<const Packet> frame)
{
    const Octets octets = ToOctets(frame);
    GsmtapHeader header;
    header.type = GSMTAP_GB_LLC;
    header.uplink = uplink;
    m_file.Add(Simulator::Now(),
               MakeGsmtapPacket(uplink ? tlli : SGSN_ADDRESS,
                                uplink ? SGSN_ADDRESS : tlli,
                                header,
                                octets.data(),
                                octets.size()));
}

void
GprsCapture::Close()
{
    m_file.Close();
}

uint64_t
GprsCapture::GetPackets() const
{
    return m_file.GetPackets();
}

} // namespace p2pim
} // namespace ns3
