// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz-target.h"

#include "ns3/llc-entity.h"
#include "ns3/sndcp.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace p2pim::fuzz
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint8_t NSAPI = 5;

auto
GetFields(const LlcFrame& frame)
{
    return std::tie(frame.sap,
                    frame.command,
                    frame.format,
                    frame.supervisory,
                    frame.unnumbered,
                    frame.pollFinal,
                    frame.acknowledge,
                    frame.encrypted,
                    frame.protectedMode,
                    frame.sendNumber,
                    frame.receiveNumber,
                    frame.bitmap.size,
                    frame.bitmap.octets);
}

/// @return whether a frame that was written again is the same.
bool
IsStable(const LlcFrame& frame)
{
    Octets octets;
    EncodeLlcFrame(frame, LlcSide::MS, octets);
    LlcFrame second;
    return DecodeLlcFrame(octets.data(), octets.size(), LlcSide::MS, second) ==
               LlcFrameError::NONE &&
           GetFields(frame) == GetFields(second) &&
           std::equal(frame.information,
                      frame.information + frame.size,
                      second.information,
                      second.information + second.size);
}

/// Behind each length octet a frame without its FCS, which is put right: a fuzzer cannot. An
/// established link takes them in, and its time goes on.
bool
LlcHolds(const uint8_t* octets, std::size_t size)
{
    LlcFrame frame;
    DecodeLlcFrame(octets, size, LlcSide::MS, frame);
    const LlcParameters parameters = GetLlcDefaults(LlcSap::LL3);
    LlcEntity entity(LlcSide::SGSN, LlcSap::LL3, parameters);
    entity.Establish(Seconds(0));
    uint64_t taken = 0;
    uint64_t confirmed = 0;
    const auto count = [&confirmed](const std::vector<LlcIndication>& indications) {
        for (const LlcIndication& one : indications)
        {
            confirmed += one.primitive == LlcPrimitive::DATA_CONFIRM ? 1 : 0;
        }
    };
    for (Time now; size > 0; now += Seconds(1))
    {
        Octets link = TakeLink(octets, size);
        const uint32_t fcs = GetLlcFcs(link.data(), link.size());
        OctetWriter(link).U8(fcs & 0xFF).U8(fcs >> 8 & 0xFF).U8(fcs >> 16 & 0xFF);
        taken += entity.Send({1, 2, 3}) ? 1 : 0;
        if (DecodeLlcFrame(link.data(), link.size(), LlcSide::MS, frame) == LlcFrameError::NONE)
        {
            if (!IsStable(frame))
            {
                return false;
            }
            count(entity.Receive(now, frame));
        }
        count(entity.Expire(now));
        entity.TakeFrames(now);
    }
    return taken == confirmed + entity.GetCounters().iDiscarded + entity.GetUnconfirmed();
}

std::vector<Octets>
MakeLlc()
{
    LlcFrame ua;
    ua.sap = LlcSap::LL3;
    ua.format = LlcFormat::U;
    ua.unnumbered = LlcUnnumbered::UA;
    ua.command = false;
    const Octets sdu{9, 8, 7};
    LlcFrame information;
    information.sap = LlcSap::LL3;
    information.format = LlcFormat::I;
    information.acknowledge = true;
    information.information = sdu.data();
    information.size = sdu.size();
    LlcFrame gap = information;
    gap.sendNumber = 2;
    gap.receiveNumber = 1;
    gap.supervisory = LlcSupervisory::SACK;
    gap.bitmap.Set(1);
    LlcFrame report;
    report.sap = LlcSap::LL3;
    report.format = LlcFormat::S;
    report.receiveNumber = 2;
    LlcFrame busy = report;
    busy.supervisory = LlcSupervisory::RNR;
    LlcFrame unitdata;
    unitdata.sap = LlcSap::LL3;
    unitdata.information = sdu.data();
    unitdata.size = sdu.size();
    LlcFrame release = ua;
    release.unnumbered = LlcUnnumbered::DISC;
    release.command = true;
    std::vector<Octets> frames;
    for (const LlcFrame& frame : {ua, information, gap, report, busy, unitdata, release})
    {
        Octets octets;
        EncodeLlcFrame(frame, LlcSide::MS, octets);
        octets.resize(octets.size() - LLC_FCS_OCTETS);
        frames.push_back(octets);
    }
    return {Chain(frames), frames[0], Chain({frames[0], frames[1]})};
}

/// Behind each length octet an SN-PDU.
bool
SndcpHolds(const uint8_t* octets, std::size_t size)
{
    SndcpEntity entity;
    SndcpParameters parameters;
    parameters.tcpSlots = 4;
    SndcpParameters acknowledged;
    acknowledged.acknowledged = true;
    entity.Activate(NSAPI, parameters);
    entity.Activate(NSAPI + 1, acknowledged);
    while (size > 0)
    {
        const Octets pdu = TakeLink(octets, size);
        SndcpHeader header;
        std::size_t headerSize = 0;
        if (DecodeSndcpHeader(pdu.data(), pdu.size(), header, headerSize) == SndcpError::NONE)
        {
            // All but the spare bit is written again as it was read.
            Octets again;
            EncodeSndcpHeader(header, again);
            if (again.size() != headerSize || again[0] != (pdu[0] & 0x7F) ||
                !std::equal(again.begin() + 1, again.end(), pdu.begin() + 1))
            {
                return false;
            }
        }
        const SndcpReception reception = entity.Receive(pdu.data(), pdu.size());
        if (reception.npdu.size() > SNDCP_MAX_NPDU ||
            (reception.outcome == SndcpOutcome::NPDU) == reception.npdu.empty())
        {
            return false;
        }
    }
    return true;
}

/// A TCP packet whose checksums nobody computes, with one octet of data.
Octets
MakePacket(uint8_t identification, uint8_t sequence)
{
    return {0x45, 0, 0,    41,       0,  identification,
            0x40, 0, 64,   6,        0,  0,
            10,   0, 0,    1,        10, 0,
            0,    2, 3,    232,      0,  80,
            0,    0, 0,    sequence, 0,  0,
            0,    1, 0x50, 0x10,     32, 0,
            0,    0, 0,    0,        9};
}

std::vector<Octets>
MakeSndcp()
{
    SndcpEntity entity;
    SndcpParameters parameters;
    parameters.n201 = 140;
    parameters.tcpSlots = 4;
    entity.Activate(NSAPI, parameters);
    parameters.acknowledged = true;
    parameters.tcpSlots = 0;
    entity.Activate(NSAPI + 1, parameters);
    std::vector<Octets> pdus;
    const auto add = [&pdus, &entity](uint8_t nsapi, const Octets& npdu) {
        const auto more = entity.Segment(nsapi, npdu.data(), npdu.size());
        pdus.insert(pdus.end(), more.begin(), more.end());
    };
    add(NSAPI, MakePacket(1, 1));
    add(NSAPI, MakePacket(2, 2));
    add(NSAPI, Octets(300, 7));
    add(NSAPI + 1, Octets(300, 8));
    return {Chain(pdus), Chain({pdus[0], pdus[1]})};
}

/// Behind each length octet a packet that is compressed, if its length is odd, or taken as a
/// compressed one by an octet in front of it.
bool
VjHolds(const uint8_t* octets, std::size_t size)
{
    constexpr std::size_t slots = 2;
    TcpHeaderCompressor compressor(slots);
    TcpHeaderDecompressor decompressor(slots);
    TcpHeaderDecompressor deceived(slots);
    while (size > 0)
    {
        Octets packet = TakeLink(octets, size);
        const auto head = compressor.Compress(packet.data(), packet.size());
        if (head.size > head.octets.size() || head.replaced > packet.size() ||
            head.size > std::max<std::size_t>(head.replaced, 10))
        {
            return false;
        }
        Octets sent(head.octets.begin(), head.octets.begin() + head.size);
        sent.insert(sent.end(), packet.begin() + head.replaced, packet.end());
        const bool isDone = decompressor.Decompress(head.type, sent) == TcpDecompression::DONE;
        // What is expanded has right checksums: of a packet that had wrong ones all else is kept.
        if (isDone && head.type == TcpHeaderType::COMPRESSED_TCP)
        {
            std::copy_n(packet.begin() + 10, 2, sent.begin() + 10);
        }
        if (isDone && sent != packet)
        {
            return false;
        }
        if (!packet.empty())
        {
            const auto type = static_cast<TcpHeaderType>(packet.front() % 3);
            packet.erase(packet.begin());
            deceived.Decompress(type, packet);
        }
    }
    return true;
}

std::vector<Octets>
MakeVj()
{
    Octets uncompressed = MakePacket(1, 1);
    uncompressed[9] = 0;
    uncompressed.insert(uncompressed.begin(), 1);
    return {Chain({MakePacket(1, 1), MakePacket(2, 2), MakePacket(3, 4)}),
            Chain({uncompressed, {2, 0x4C, 0, 0, 0, 1, 1, 9}, {2, 0x0F, 0, 0, 9}})};
}

} // namespace

std::vector<Target>
GetLlcTargets()
{
    return {{"gprs-llc", LlcHolds, MakeLlc},
            {"gprs-sndcp", SndcpHolds, MakeSndcp},
            {"gprs-vj", VjHolds, MakeVj}};
}

} // namespace p2pim::fuzz
