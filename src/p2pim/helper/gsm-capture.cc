// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gsm-capture.h"

#include "ns3/common-control-channel.h"
#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

// tags of Wireshark's exported PDUs
constexpr uint16_t TAG_END = 0;
constexpr uint16_t TAG_DISSECTOR_NAME = 12;
constexpr uint16_t TAG_IPV4_SOURCE = 20;
constexpr uint16_t TAG_IPV4_DESTINATION = 21;
constexpr uint16_t TAG_P2P_DIRECTION = 35;

// GSMTAP's channel types
constexpr uint8_t GSMTAP_AGCH = 4;
constexpr uint8_t GSMTAP_PCH = 5;
constexpr uint8_t GSMTAP_SDCCH4 = 7;
constexpr uint8_t GSMTAP_SDCCH8 = 8;
constexpr uint8_t GSMTAP_SACCH_TCH_F = 0x80 | 9;

/// The hyperframe, after which frame numbers repeat (TS 45.002 4.3.3).
constexpr int64_t HYPERFRAME = 2715648;

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
    : m_kind(kind),
      m_file(path, kind == Kind::RADIO ? CaptureLink::RAW : CaptureLink::WIRESHARK_UPPER_PDU)
{
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
    m_file.Close();
}

uint64_t
GsmCapture::GetPackets() const
{
    return m_file.GetPackets();
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
    m_file.Add(time, std::move(packet));
}

void
GsmCapture::WriteGsmtap(const Place& place, const L2Block& block)
{
    GsmtapHeader header;
    header.timeSlot = place.timeSlot;
    header.arfcn = ImmediateAssignment().arfcn;
    header.uplink = place.uplink;
    header.frame = static_cast<uint32_t>(place.frame % HYPERFRAME);
    header.channel = place.channel;
    header.subchannel = place.subchannel;
    m_file.Add(TdmaFrameStart(place.frame),
               MakeGsmtapPacket(GetAddress(place.cell, place.uplink),
                                GetAddress(place.cell, !place.uplink),
                                header,
                                block.data(),
                                block.size()));
}

} // namespace p2pim
} // namespace ns3
