// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gsm-capture.h"

#include "ns3/common-control-channel.h"
#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"

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

// libpcap's link types
constexpr uint32_t LINKTYPE_RAW = 101;
constexpr uint32_t LINKTYPE_WIRESHARK_UPPER_PDU = 252;
constexpr uint32_t SNAP_LENGTH = 65535;

// tags of Wireshark's exported PDUs
constexpr uint16_t TAG_END = 0;
constexpr uint16_t TAG_DISSECTOR_NAME = 12;
constexpr uint16_t TAG_IPV4_SOURCE = 20;
constexpr uint16_t TAG_IPV4_DESTINATION = 21;
constexpr uint16_t TAG_P2P_DIRECTION = 35;

// GSMTAP, version 2: its channel types, and its bit for the uplink in the ARFCN
constexpr uint16_t GSMTAP_PORT = 4729;
constexpr uint8_t GSMTAP_AGCH = 4;
constexpr uint8_t GSMTAP_PCH = 5;
constexpr uint8_t GSMTAP_SDCCH4 = 7;
constexpr uint8_t GSMTAP_SDCCH8 = 8;
constexpr uint8_t GSMTAP_SACCH_TCH_F = 0x80 | 9;
constexpr uint16_t GSMTAP_UPLINK = 0x4000;
constexpr std::size_t GSMTAP_HEADER = 16;
constexpr std::size_t UDP_HEADER = 8;
constexpr std::size_t IP_HEADER = 20;

/// The hyperframe, after which frame numbers repeat (TS 45.002 4.3.3).
constexpr int64_t HYPERFRAME = 2715648;

/// How much later than it was sent a block may be told of.
const Time g_delay = Seconds(10);

void
Append16(std::vector<uint8_t>& octets, std::size_t value)
{
    octets.push_back(static_cast<uint8_t>(value >> 8));
    octets.push_back(static_cast<uint8_t>(value));
}

void
Append32(std::vector<uint8_t>& octets, uint32_t value)
{
    Append16(octets, value >> 16);
    Append16(octets, value & 0xFFFF);
}

/// The address that stands for a cell, or for all of its phones.
uint32_t
GetAddress(uint32_t cell, bool phone)
{
    constexpr uint32_t network = 10U << 24;
    return phone ? network | 0xFFFFFF : network + cell + 1;
}

void
AppendTag32(std::vector<uint8_t>& octets, uint16_t tag, uint32_t value)
{
    Append16(octets, tag);
    Append16(octets, sizeof value);
    Append32(octets, value);
}

uint8_t
GetChannelType(DedicatedChannelKind kind)
{
    switch (kind)
    {
    case DedicatedChannelKind::SDCCH_8:
        return GSMTAP_SDCCH8;
    case DedicatedChannelKind::SDCCH_4:
        return GSMTAP_SDCCH4;
    default:
        return GSMTAP_SACCH_TCH_F;
    }
}

} // namespace

GsmCapture::GsmCapture(const std::string& path, Kind kind)
    : m_path(path),
      m_kind(kind)
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
    m_file.Init(kind == Kind::RADIO ? LINKTYPE_RAW : LINKTYPE_WIRESHARK_UPPER_PDU,
                SNAP_LENGTH,
                PcapFile::ZONE_DEFAULT,
                false,
                true);
}

GsmCapture::~GsmCapture()
{
    if (m_open)
    {
        WriteUntil(Time::Max());
    }
}

void
GsmCapture::Attach(Ptr<GsmCell> cell, uint32_t number)
{
    cell->TraceConnectWithoutContext("AgchBlock",
                                     MakeCallback(&GsmCapture::WriteAgch, this).Bind(number));
    cell->GetCcch()->TraceConnectWithoutContext(
        "PagingBlock",
        MakeCallback(&GsmCapture::WritePch, this).Bind(number));
    if (m_kind == Kind::RADIO)
    {
        cell->TraceConnectWithoutContext(
            "DedicatedBlock",
            MakeCallback(&GsmCapture::WriteDedicated, this).Bind(number));
    }
    else
    {
        cell->TraceConnectWithoutContext(
            "Layer3",
            MakeCallback(&GsmCapture::WriteMessage, this).Bind(number));
    }
}

void
GsmCapture::Close()
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
GsmCapture::GetPackets() const
{
    return m_packets;
}

void
GsmCapture::WriteMessage(uint32_t cell, bool uplink, uint8_t /* sapi */, const Octets& message)
{
    WritePdu(Simulator::Now(), cell, uplink, "gsm_a_dtap", message.data(), message.size());
}

void
GsmCapture::WriteDedicated(uint32_t cell,
                           const Sdcch& channel,
                           bool uplink,
                           int64_t frame,
                           const L2Block& block)
{
    WriteGsmtap({cell,
                 GetChannelType(channel.GetKind()),
                 static_cast<uint8_t>(channel.GetTimeSlot() % 8),
                 channel.GetSubchannel(),
                 uplink,
                 frame},
                block);
}

void
GsmCapture::WriteAgch(uint32_t cell, const L2Block& block)
{
    const int64_t frame = TdmaCurrentFrame(Simulator::Now()) - TDMA_BLOCK_FRAMES;
    WriteCcch({cell, GSMTAP_AGCH, 0, 0, false, frame}, block);
}

void
GsmCapture::WritePch(uint32_t cell, int64_t frame, const L2Block& block)
{
    WriteCcch({cell, GSMTAP_PCH, 0, 0, false, frame}, block);
}

void
GsmCapture::WriteCcch(const Place& place, const L2Block& block)
{
    if (m_kind == Kind::RADIO)
    {
        WriteGsmtap(place, block);
        return;
    }
    WritePdu(TdmaFrameStart(place.frame),
             place.cell,
             false,
             "gsm_a_ccch",
             block.data(),
             block.size());
}

void
GsmCapture::WritePdu(Time time,
                     uint32_t cell,
                     bool uplink,
                     const std::string& dissector,
                     const uint8_t* pdu,
                     std::size_t size)
{
    constexpr std::size_t tags = 64;
    Octets packet;
    packet.reserve(tags + size);
    Append16(packet, TAG_DISSECTOR_NAME);
    Append16(packet, (dissector.size() + 3) / 4 * 4);
    packet.insert(packet.end(), dissector.begin(), dissector.end());
    packet.resize((packet.size() + 3) / 4 * 4);
    AppendTag32(packet, TAG_IPV4_SOURCE, GetAddress(cell, uplink));
    AppendTag32(packet, TAG_IPV4_DESTINATION, GetAddress(cell, !uplink));
    AppendTag32(packet, TAG_P2P_DIRECTION, uplink ? 1 : 0);
    Append16(packet, TAG_END);
    Append16(packet, 0);
    packet.insert(packet.end(), pdu, pdu + size);
    Add(time, std::move(packet));
}

void
GsmCapture::WriteGsmtap(const Place& place, const L2Block& block)
{
    constexpr std::size_t udpSize = UDP_HEADER + GSMTAP_HEADER + L2_BLOCK_OCTETS;
    constexpr uint16_t arfcn = ImmediateAssignment().arfcn;
    Octets packet;
    packet.reserve(IP_HEADER + udpSize);
    packet.insert(packet.end(), {0x45, 0}); // IPv4 without options
    Append16(packet, IP_HEADER + udpSize);
    packet.insert(packet.end(), {0, 0, 0, 0, 64, 17, 0, 0}); // UDP, no checksum
    Append32(packet, GetAddress(place.cell, place.uplink));
    Append32(packet, GetAddress(place.cell, !place.uplink));
    Append16(packet, GSMTAP_PORT);
    Append16(packet, GSMTAP_PORT);
    Append16(packet, udpSize);
    Append16(packet, 0);
    packet.insert(packet.end(), {2, GSMTAP_HEADER / 4, 1, place.timeSlot}); // version 2, Um
    Append16(packet, arfcn | (place.uplink ? GSMTAP_UPLINK : 0));
    Append16(packet, 0); // no levels
    Append32(packet, static_cast<uint32_t>(place.frame % HYPERFRAME));
    packet.insert(packet.end(), {place.channel, 0, place.subchannel, 0});
    packet.insert(packet.end(), block.begin(), block.end());
    Add(TdmaFrameStart(place.frame), std::move(packet));
}

void
GsmCapture::Add(Time time, Octets packet)
{
    ++m_packets;
    m_pending.emplace(time, std::move(packet));
    WriteUntil(Simulator::Now() - g_delay);
}

void
GsmCapture::WriteUntil(Time end)
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

} // namespace p2pim
} // namespace ns3
