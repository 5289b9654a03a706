// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/llc-frame.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

// Address field (TS 44.064 6.2)
constexpr uint8_t PROTOCOL_DISCRIMINATOR = 0x80;
constexpr uint8_t COMMAND_RESPONSE = 0x40;
constexpr uint8_t SAPI_MASK = 0x0F;

// Control fields (TS 44.064 6.3, table 3), by their first octet
constexpr uint8_t I_ACKNOWLEDGE = 0x40;
constexpr uint8_t S_FORMAT = 0x80;
constexpr uint8_t S_ACKNOWLEDGE = 0x20;
constexpr uint8_t UI_FORMAT = 0xC0;
constexpr uint8_t UI_INTEGRITY = 0x10;
constexpr uint8_t UI_ENCRYPTED = 0x02; // second octet
constexpr uint8_t UI_PROTECTED = 0x01; // second octet
constexpr uint8_t U_FORMAT = 0xE0;
constexpr uint8_t U_POLL_FINAL = 0x10;
constexpr uint8_t U_MASK = 0x0F;
constexpr uint8_t BITMAP_SIZE_MASK = 0x1F;

/// Octets of address and control field of a UI frame.
constexpr std::size_t UI_HEADER = 3;

/// How many octets the check sequence takes in at once.
constexpr std::size_t FCS_STEP = 8;

/// The generator polynomial (TS 44.064 5.5), x^23 in bit 0.
constexpr uint32_t FCS_POLYNOMIAL = 0xAD85DD;
constexpr uint32_t FCS_INITIAL = 0xFFFFFF;

using FcsTables = std::array<std::array<uint32_t, 256>, FCS_STEP>;

/// @return for n and an octet, the remainder of the octet with n octets of zeros behind it.
constexpr FcsTables
MakeFcsTables()
{
    FcsTables tables{};
    for (uint32_t octet = 0; octet < 256; ++octet)
    {
        uint32_t remainder = octet;
        for (int bit = 0; bit < 8; ++bit)
        {
            remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? FCS_POLYNOMIAL : 0);
        }
        tables[0][octet] = remainder;
    }
    for (std::size_t zeros = 1; zeros < FCS_STEP; ++zeros)
    {
        for (uint32_t octet = 0; octet < 256; ++octet)
        {
            const uint32_t remainder = tables[zeros - 1][octet];
            tables[zeros][octet] = (remainder >> 8) ^ tables[0][remainder & 0xFF];
        }
    }
    return tables;
}

constexpr FcsTables FCS_TABLES = MakeFcsTables();

/// @return how many of the octets before the FCS it protects.
std::size_t
GetProtectedSize(const LlcFrame& frame, std::size_t size)
{
    const bool all = frame.format != LlcFormat::UI || frame.protectedMode;
    return all ? size : std::min(size, UI_HEADER + LLC_N202);
}

void
EncodeControl(const LlcFrame& frame, OctetWriter& writer)
{
    const auto low =
        static_cast<uint8_t>((frame.receiveNumber << 2) | static_cast<uint8_t>(frame.supervisory));
    switch (frame.format)
    {
    case LlcFormat::I:
        writer.U8((frame.acknowledge ? I_ACKNOWLEDGE : 0) | (frame.sendNumber >> 4 & 0x1F));
        writer.U8(static_cast<uint8_t>(frame.sendNumber << 4) | (frame.receiveNumber >> 6 & 0x07));
        writer.U8(low);
        break;
    case LlcFormat::S:
        writer.U8(S_FORMAT | (frame.acknowledge ? S_ACKNOWLEDGE : 0) |
                  (frame.receiveNumber >> 6 & 0x07));
        writer.U8(low);
        break;
    case LlcFormat::UI:
        writer.U8(UI_FORMAT | (frame.sendNumber >> 6 & 0x07));
        writer.U8(static_cast<uint8_t>(frame.sendNumber << 2) |
                  (frame.encrypted ? UI_ENCRYPTED : 0) | (frame.protectedMode ? UI_PROTECTED : 0));
        break;
    case LlcFormat::U:
        writer.U8(U_FORMAT | (frame.pollFinal ? U_POLL_FINAL : 0) |
                  static_cast<uint8_t>(frame.unnumbered));
        break;
    }
}

bool
HasBitmap(const LlcFrame& frame)
{
    return (frame.format == LlcFormat::I || frame.format == LlcFormat::S) &&
           frame.supervisory == LlcSupervisory::SACK;
}

/// What is between the address octet and the FCS.
struct Body
{
    const uint8_t* octets;
    std::size_t size;

    /// Goes past octets; they must be there.
    void Skip(std::size_t count)
    {
        octets += count;
        size -= count;
    }
};

/// Takes a bitmap of @p count octets off the body.
LlcFrameError
DecodeBitmap(Body& body, std::size_t count, LlcBitmap& bitmap)
{
    if (count == 0 || body.size < count)
    {
        return LlcFrameError::TRUNCATED;
    }
    if (count > LLC_MAX_BITMAP)
    {
        return LlcFrameError::TRAILING_OCTETS;
    }
    bitmap.size = static_cast<uint8_t>(count);
    std::copy_n(body.octets, count, bitmap.octets.begin());
    body.Skip(count);
    return LlcFrameError::NONE;
}

/// Takes N(R) and the supervisory function off the body; N(R) begins in the octet before.
void
DecodeSupervisory(const uint8_t* second, LlcFrame& frame)
{
    frame.receiveNumber = static_cast<uint16_t>((second[-1] & 0x07) << 6 | second[0] >> 2);
    frame.supervisory = static_cast<LlcSupervisory>(second[0] & 0x03);
}

LlcFrameError
DecodeI(Body& body, LlcFrame& frame)
{
    constexpr std::size_t control = 3;
    if (body.size < control)
    {
        return LlcFrameError::TRUNCATED;
    }
    frame.format = LlcFormat::I;
    frame.acknowledge = (body.octets[0] & I_ACKNOWLEDGE) != 0;
    frame.sendNumber = static_cast<uint16_t>((body.octets[0] & 0x1F) << 4 | body.octets[1] >> 4);
    DecodeSupervisory(body.octets + 2, frame);
    body.Skip(control);
    if (frame.supervisory != LlcSupervisory::SACK)
    {
        return LlcFrameError::NONE;
    }
    if (body.size == 0)
    {
        return LlcFrameError::TRUNCATED;
    }
    const std::size_t count = (body.octets[0] & BITMAP_SIZE_MASK) + 1U;
    body.Skip(1);
    return DecodeBitmap(body, count, frame.bitmap);
}

LlcFrameError
DecodeS(Body& body, LlcFrame& frame)
{
    constexpr std::size_t control = 2;
    if (body.size < control)
    {
        return LlcFrameError::TRUNCATED;
    }
    frame.format = LlcFormat::S;
    frame.acknowledge = (body.octets[0] & S_ACKNOWLEDGE) != 0;
    DecodeSupervisory(body.octets + 1, frame);
    body.Skip(control);
    if (frame.supervisory == LlcSupervisory::SACK)
    {
        return DecodeBitmap(body, body.size, frame.bitmap);
    }
    return body.size == 0 ? LlcFrameError::NONE : LlcFrameError::TRAILING_OCTETS;
}

LlcFrameError
DecodeUi(Body& body, LlcFrame& frame)
{
    constexpr std::size_t control = 2;
    if (body.size < control)
    {
        return LlcFrameError::TRUNCATED;
    }
    if ((body.octets[0] & UI_INTEGRITY) != 0)
    {
        return LlcFrameError::INTEGRITY_PROTECTED;
    }
    frame.format = LlcFormat::UI;
    frame.sendNumber = static_cast<uint16_t>((body.octets[0] & 0x07) << 6 | body.octets[1] >> 2);
    frame.encrypted = (body.octets[1] & UI_ENCRYPTED) != 0;
    frame.protectedMode = (body.octets[1] & UI_PROTECTED) != 0;
    body.Skip(control);
    return LlcFrameError::NONE;
}

LlcFrameError
DecodeU(Body& body, LlcFrame& frame)
{
    frame.format = LlcFormat::U;
    frame.pollFinal = (body.octets[0] & U_POLL_FINAL) != 0;
    frame.unnumbered = static_cast<LlcUnnumbered>(body.octets[0] & U_MASK);
    body.Skip(1);
    switch (frame.unnumbered)
    {
    case LlcUnnumbered::SABM:
    case LlcUnnumbered::UA:
    case LlcUnnumbered::FRMR:
    case LlcUnnumbered::XID:
        return LlcFrameError::NONE;
    case LlcUnnumbered::NULL_COMMAND:
    case LlcUnnumbered::DM:
    case LlcUnnumbered::DISC:
        return body.size == 0 ? LlcFrameError::NONE : LlcFrameError::TRAILING_OCTETS;
    }
    return LlcFrameError::UNKNOWN_COMMAND;
}

LlcFrameError
DecodeControl(Body& body, LlcFrame& frame)
{
    const uint8_t first = body.octets[0];
    if (first < S_FORMAT)
    {
        return DecodeI(body, frame);
    }
    if (first < UI_FORMAT)
    {
        return DecodeS(body, frame);
    }
    return first < U_FORMAT ? DecodeUi(body, frame) : DecodeU(body, frame);
}

bool
IsSap(uint8_t sapi)
{
    switch (static_cast<LlcSap>(sapi))
    {
    case LlcSap::LLGMM:
    case LlcSap::TOM2:
    case LlcSap::LL3:
    case LlcSap::LL5:
    case LlcSap::LLSMS:
    case LlcSap::TOM8:
    case LlcSap::LL9:
    case LlcSap::LL11:
        return true;
    }
    return false;
}

} // namespace

void
LlcBitmap::Set(std::size_t offset)
{
    const std::size_t index = (offset - 1) / 8;
    octets[index] |= 0x80 >> (offset - 1) % 8;
    size = std::max<uint8_t>(size, static_cast<uint8_t>(index + 1));
}

bool
LlcBitmap::Has(std::size_t offset) const
{
    const std::size_t index = (offset - 1) / 8;
    return index < size && (octets[index] & 0x80 >> (offset - 1) % 8) != 0;
}

uint32_t
GetLlcFcs(const uint8_t* octets, std::size_t size)
{
    uint32_t fcs = FCS_INITIAL;
    for (; size >= FCS_STEP; size -= FCS_STEP, octets += FCS_STEP)
    {
        fcs = FCS_TABLES[7][(fcs ^ octets[0]) & 0xFF] ^
              FCS_TABLES[6][((fcs >> 8) ^ octets[1]) & 0xFF] ^
              FCS_TABLES[5][((fcs >> 16) ^ octets[2]) & 0xFF] ^ FCS_TABLES[4][octets[3]] ^
              FCS_TABLES[3][octets[4]] ^ FCS_TABLES[2][octets[5]] ^ FCS_TABLES[1][octets[6]] ^
              FCS_TABLES[0][octets[7]];
    }
    for (; size > 0; --size, ++octets)
    {
        fcs = (fcs >> 8) ^ FCS_TABLES[0][(fcs ^ *octets) & 0xFF];
    }
    return ~fcs & 0xFFFFFF;
}

void
EncodeLlcFrame(const LlcFrame& frame, LlcSide sender, Octets& octets)
{
    constexpr std::size_t overhead = 8 + LLC_MAX_BITMAP;
    const std::size_t begin = octets.size();
    octets.reserve(begin + overhead + frame.size);
    OctetWriter writer(octets);
    const bool bit = frame.command == (sender == LlcSide::SGSN);
    writer.U8((bit ? COMMAND_RESPONSE : 0) | static_cast<uint8_t>(frame.sap));
    EncodeControl(frame, writer);
    if (HasBitmap(frame))
    {
        const uint8_t size = std::max<uint8_t>(frame.bitmap.size, 1);
        if (frame.format == LlcFormat::I)
        {
            writer.U8(size - 1);
        }
        octets.insert(octets.end(),
                      frame.bitmap.octets.begin(),
                      frame.bitmap.octets.begin() + size);
    }
    if (frame.format != LlcFormat::S)
    {
        octets.insert(octets.end(), frame.information, frame.information + frame.size);
    }
    const uint32_t fcs =
        GetLlcFcs(octets.data() + begin, GetProtectedSize(frame, octets.size() - begin));
    // The first octet of the FCS is the last to leave the divider's register (5.5, 5.7.3).
    writer.U8(fcs & 0xFF).U8(fcs >> 8 & 0xFF).U8(fcs >> 16 & 0xFF);
}

LlcFrameError
DecodeLlcFrame(const uint8_t* octets, std::size_t size, LlcSide sender, LlcFrame& frame)
{
    constexpr std::size_t least = 2 + LLC_FCS_OCTETS;
    if (size < least)
    {
        return LlcFrameError::TRUNCATED;
    }
    if ((octets[0] & PROTOCOL_DISCRIMINATOR) != 0)
    {
        return LlcFrameError::PROTOCOL_DISCRIMINATOR;
    }
    frame = LlcFrame();
    if (!PeekLlcSap(octets, size, frame.sap))
    {
        return LlcFrameError::RESERVED_SAPI;
    }
    frame.command = ((octets[0] & COMMAND_RESPONSE) != 0) == (sender == LlcSide::SGSN);
    const std::size_t checked = size - LLC_FCS_OCTETS;
    Body body{octets + 1, checked - 1};
    const LlcFrameError error = DecodeControl(body, frame);
    if (error != LlcFrameError::NONE)
    {
        return error;
    }
    frame.information = body.octets;
    frame.size = body.size;
    const uint8_t* end = octets + checked;
    const uint32_t fcs = end[0] | end[1] << 8 | end[2] << 16;
    return fcs == GetLlcFcs(octets, GetProtectedSize(frame, checked)) ? LlcFrameError::NONE
                                                                      : LlcFrameError::WRONG_FCS;
}

bool
PeekLlcSap(const uint8_t* octets, std::size_t size, LlcSap& sap)
{
    if (size == 0 || !IsSap(octets[0] & SAPI_MASK))
    {
        return false;
    }
    sap = static_cast<LlcSap>(octets[0] & SAPI_MASK);
    return true;
}

} // namespace p2pim
} // namespace ns3
