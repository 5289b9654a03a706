// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/capture-file.h"

#include "ns3/octets.h"
#include "ns3/simulator.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint32_t SNAP_LENGTH = 65535;

constexpr uint16_t GSMTAP_PORT = 4729;
constexpr uint16_t GSMTAP_UPLINK = 0x4000; // in the ARFCN
constexpr std::size_t GSMTAP_HEADER = 16;
constexpr std::size_t UDP_HEADER = 8;
constexpr std::size_t IP_HEADER = 20;

/// How much later than its time a packet may be told of.
const Time g_delay = Seconds(10);

} // namespace

CaptureFile::CaptureFile(const std::string& path, CaptureLink link)
    : m_path(path)
{
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored))
    {
        throw std::runtime_error(path + ": this file exists; remove it, or name another capture");
    }
    errno = 0;
    m_file.Open(path, std::ios::out | std::ios::binary);
    if (m_file.Fail())
    {
        throw std::runtime_error(path + ": cannot write this capture: " + std::strerror(errno));
    }
    m_file.Init(static_cast<uint32_t>(link), SNAP_LENGTH, PcapFile::ZONE_DEFAULT, false, true);
}

CaptureFile::~CaptureFile()
{
    if (m_open)
    {
        WriteUntil(Time::Max());
    }
}

void
CaptureFile::Close()
{
    WriteUntil(Time::Max());
    const bool failed = m_file.Fail();
    m_file.Close();
    m_open = false;
    if (failed)
    {
        throw std::runtime_error(m_path + ": this capture could not be written");
    }
}

uint64_t
CaptureFile::GetPackets() const
{
    return m_packets;
}

void
CaptureFile::Add(Time time, std::vector<uint8_t> packet)
{
    ++m_packets;
    m_pending.emplace(time, std::move(packet));
    WriteUntil(Simulator::Now() - g_delay);
}

void
CaptureFile::WriteUntil(Time end)
{
    constexpr int64_t second = 1000000000;
    while (!m_pending.empty() && m_pending.begin()->first <= end)
    {
        const auto first = m_pending.begin();
        const int64_t time = first->first.GetNanoSeconds();
        m_file.Write(static_cast<uint32_t>(time / second),
                     static_cast<uint32_t>(time % second),
                     first->second.data(),
                     static_cast<uint32_t>(first->second.size()));
        m_pending.erase(first);
    }
}

std::vector<uint8_t>
MakeGsmtapPacket(uint32_t source,
                 uint32_t destination,
                 const GsmtapHeader& header,
                 const uint8_t* octets,
                 std::size_t size)
{
    const auto udpSize = static_cast<uint16_t>(UDP_HEADER + GSMTAP_HEADER + size);
    std::vector<uint8_t> packet;
    packet.reserve(IP_HEADER + udpSize);
    OctetWriter writer(packet);
    writer.U16(0x4500).U16(static_cast<uint16_t>(IP_HEADER + udpSize)); // IPv4 without options
    writer.U32(0).U16(64 << 8 | 17).U16(0); // no fragment, UDP, no checksum
    writer.U32(source).U32(destination);
    writer.U16(GSMTAP_PORT).U16(GSMTAP_PORT).U16(udpSize).U16(0);
    writer.U8(2).U8(GSMTAP_HEADER / 4).U8(header.type).U8(header.timeSlot); // version 2
    writer.U16(header.arfcn | (header.uplink ? GSMTAP_UPLINK : 0)).U16(0);  // no levels
    writer.U32(header.frame).U8(header.channel).U8(0).U8(header.subchannel).U8(0);
    packet.insert(packet.end(), octets, octets + size);
    return packet;
}

} // namespace p2pim
} // namespace ns3
