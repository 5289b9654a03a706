// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/rr-messages.h"

#include "ns3/octet-reader.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t PADDING = 0x2B;
constexpr uint8_t SDCCH_8 = 0x40;        // channel type 01TTT (TS 44.018 10.5.2.5)
constexpr uint8_t IEI_IDENTITY_2 = 0x17; // second mobile identity
constexpr uint8_t IDENTITY_IMSI = 0x01;
constexpr uint8_t ODD_DIGITS = 0x08;
constexpr int IMSI_DIGITS = 15;
constexpr uint8_t NO_KEY = 0x07; // CKSN: no key is available
constexpr uint16_t FRAME_MODULUS = 42432;
constexpr std::size_t REJECT_PLACES = 4;

/// Starts a block: L2 pseudo length (TS 44.018 10.5.2.19), discriminator and type.
L2Block
StartBlock(uint8_t length, RrType type)
{
    L2Block block;
    block.fill(PADDING);
    block[0] = static_cast<uint8_t>(length << 2 | 0x01);
    block[1] = PD_RR;
    block[2] = static_cast<uint8_t>(type);
    return block;
}

bool
IsBlock(const L2Block& block, RrType type)
{
    return (block[0] & 0x03) == 0x01 && block[1] == PD_RR && block[2] == static_cast<uint8_t>(type);
}

/// Request reference: RA, then T1', T3 and T2 of the frame number (TS 44.018 10.5.2.30).
void
WriteReference(const RequestReference& reference, uint8_t* octets)
{
    const unsigned t1 = reference.frame / 1326 % 32;
    const unsigned t2 = reference.frame % 26;
    const unsigned t3 = reference.frame % 51;
    octets[0] = reference.channelRequest;
    octets[1] = static_cast<uint8_t>(t1 << 3 | t3 >> 3);
    octets[2] = static_cast<uint8_t>((t3 & 0x07) << 5 | t2);
}

RequestReference
ReadReference(const uint8_t* octets)
{
    const int t1 = octets[1] >> 3;
    const int t3 = (octets[1] & 0x07) << 3 | octets[2] >> 5;
    const int t2 = octets[2] & 0x1F;
    // The frame below 1326 with these remainders modulo 51 and 26 (TS 44.018 10.5.2.38).
    const int difference = ((t3 - t2) % 26 + 26) % 26;
    const int frame = t1 * 1326 + 51 * difference + t3;
    return {octets[0], static_cast<uint16_t>(frame % FRAME_MODULUS)};
}

void
WriteImsi(uint64_t imsi, uint8_t* octets)
{
    std::array<uint8_t, IMSI_DIGITS> digits{};
    for (int i = IMSI_DIGITS - 1; i >= 0; --i)
    {
        digits[i] = static_cast<uint8_t>(imsi % 10);
        imsi /= 10;
    }
    octets[0] = static_cast<uint8_t>(digits[0] << 4 | ODD_DIGITS | IDENTITY_IMSI);
    for (std::size_t i = 1; i < IMSI_IDENTITY_OCTETS; ++i)
    {
        octets[i] = static_cast<uint8_t>(digits[2 * i] << 4 | digits[2 * i - 1]);
    }
}

} // namespace

uint8_t
EncodeChannelRequest(EstablishmentCause cause, uint8_t random)
{
    const uint8_t mask = cause == EstablishmentCause::ANSWER_TO_PAGING ? 0x1F : 0x0F;
    return static_cast<uint8_t>(static_cast<uint8_t>(cause) | (random & mask));
}

L2Block
EncodeImmediateAssignment(const ImmediateAssignment& assignment)
{
    L2Block block = StartBlock(11, RrType::IMMEDIATE_ASSIGNMENT);
    block[3] = 0; // page mode normal, dedicated mode
    block[4] = static_cast<uint8_t>(SDCCH_8 | (assignment.subchannel & 0x07) << 3 |
                                    (assignment.timeSlot & 0x07));
    block[5] = static_cast<uint8_t>((assignment.trainingSequence & 0x07) << 5 |
                                    (assignment.arfcn >> 8 & 0x03));
    block[6] = static_cast<uint8_t>(assignment.arfcn);
    WriteReference(assignment.reference, &block[7]);
    block[10] = assignment.timingAdvance & 0x3F;
    block[11] = 0; // no mobile allocation
    return block;
}

std::optional<ImmediateAssignment>
DecodeImmediateAssignment(const L2Block& block)
{
    if (!IsBlock(block, RrType::IMMEDIATE_ASSIGNMENT) || (block[4] & 0xC0) != SDCCH_8)
    {
        return std::nullopt;
    }
    ImmediateAssignment assignment;
    assignment.subchannel = block[4] >> 3 & 0x07;
    assignment.timeSlot = block[4] & 0x07;
    assignment.trainingSequence = block[5] >> 5;
    assignment.arfcn = static_cast<uint16_t>((block[5] & 0x03) << 8 | block[6]);
    assignment.reference = ReadReference(&block[7]);
    assignment.timingAdvance = block[10] & 0x3F;
    return assignment;
}

L2Block
EncodeImmediateAssignmentReject(const ImmediateAssignmentReject& reject)
{
    L2Block block = StartBlock(19, RrType::IMMEDIATE_ASSIGNMENT_REJECT);
    block[3] = 0; // page mode normal
    for (std::size_t i = 0; i < REJECT_PLACES; ++i)
    {
        WriteReference(reject.reference, &block[4 + 4 * i]);
        block[7 + 4 * i] = reject.waitIndication;
    }
    return block;
}

std::optional<ImmediateAssignmentReject>
DecodeImmediateAssignmentReject(const L2Block& block)
{
    if (!IsBlock(block, RrType::IMMEDIATE_ASSIGNMENT_REJECT))
    {
        return std::nullopt;
    }
    return ImmediateAssignmentReject{ReadReference(&block[4]), block[7]};
}

L2Block
EncodePagingRequest1(const std::array<uint64_t, 2>& imsi, uint32_t count)
{
    L2Block block = StartBlock(count == 2 ? 22 : 12, RrType::PAGING_REQUEST_TYPE_1);
    block[3] = 0; // page mode normal, any channel
    block[4] = IMSI_IDENTITY_OCTETS;
    WriteImsi(imsi[0], &block[5]);
    if (count == 2)
    {
        block[13] = IEI_IDENTITY_2;
        block[14] = IMSI_IDENTITY_OCTETS;
        WriteImsi(imsi[1], &block[15]);
    }
    return block;
}

std::optional<PagedIdentities>
DecodePagingRequest1(const L2Block& block)
{
    const std::size_t length = block[0] >> 2;
    if (!IsBlock(block, RrType::PAGING_REQUEST_TYPE_1) || length + 1 > block.size())
    {
        return std::nullopt;
    }
    OctetReader reader(&block[1], length);
    reader.Read(3);
    PagedIdentities paged;
    do
    {
        const std::size_t size = reader.Read();
        const uint8_t* value = reader.Read(size);
        const auto imsi = value ? ReadImsiIdentity(value, size) : std::nullopt;
        if (!imsi)
        {
            return std::nullopt;
        }
        paged.imsi.at(paged.count++) = *imsi;
    } while (paged.count < paged.imsi.size() && reader.Read() == IEI_IDENTITY_2);
    return paged;
}

std::vector<uint8_t>
EncodePagingResponse(uint64_t imsi)
{
    std::vector<uint8_t> message;
    message.reserve(L2_BLOCK_OCTETS);
    message = {PD_RR, static_cast<uint8_t>(RrType::PAGING_RESPONSE), NO_KEY};
    AppendClassmark2(message);
    AppendImsiIdentity(imsi, message);
    return message;
}

std::vector<uint8_t>
EncodeCipheringModeCommand()
{
    constexpr uint8_t startA51 = 0x01;
    return {PD_RR, static_cast<uint8_t>(RrType::CIPHERING_MODE_COMMAND), startA51};
}

std::vector<uint8_t>
EncodeCipheringModeComplete()
{
    return {PD_RR, static_cast<uint8_t>(RrType::CIPHERING_MODE_COMPLETE)};
}

std::vector<uint8_t>
EncodeChannelRelease(uint8_t cause)
{
    return {PD_RR, static_cast<uint8_t>(RrType::CHANNEL_RELEASE), cause};
}

std::optional<RrType>
GetRrType(const uint8_t* message, std::size_t size)
{
    if (size < 2 || message[0] != PD_RR)
    {
        return std::nullopt;
    }
    static constexpr std::array<RrType, 7> known{RrType::CHANNEL_RELEASE,
                                                 RrType::PAGING_REQUEST_TYPE_1,
                                                 RrType::PAGING_RESPONSE,
                                                 RrType::CIPHERING_MODE_COMPLETE,
                                                 RrType::CIPHERING_MODE_COMMAND,
                                                 RrType::IMMEDIATE_ASSIGNMENT_REJECT,
                                                 RrType::IMMEDIATE_ASSIGNMENT};
    const auto type = static_cast<RrType>(message[1]);
    const bool isKnown = std::find(known.begin(), known.end(), type) != known.end();
    return isKnown ? std::optional<RrType>(type) : std::nullopt;
}

void
AppendImsiIdentity(uint64_t imsi, std::vector<uint8_t>& message)
{
    const std::size_t at = message.size();
    message.resize(at + 1 + IMSI_IDENTITY_OCTETS);
    message[at] = IMSI_IDENTITY_OCTETS;
    WriteImsi(imsi, &message[at + 1]);
}

std::optional<uint64_t>
ReadImsiIdentity(const uint8_t* value, std::size_t size)
{
    if (size != IMSI_IDENTITY_OCTETS || (value[0] & 0x0F) != (ODD_DIGITS | IDENTITY_IMSI) ||
        value[0] >> 4 > 9)
    {
        return std::nullopt;
    }
    uint64_t imsi = value[0] >> 4;
    for (std::size_t i = 1; i < size; ++i)
    {
        if ((value[i] & 0x0F) > 9 || value[i] >> 4 > 9)
        {
            return std::nullopt;
        }
        imsi = imsi * 100 + (value[i] & 0x0F) * 10 + (value[i] >> 4);
    }
    return imsi;
}

void
AppendClassmark2(std::vector<uint8_t>& message)
{
    // Phase 2 phone with A5/1, class 4, short messages by point to point.
    static constexpr std::array<uint8_t, 4> classmark{3, 0x33, 0x18, 0x80};
    message.insert(message.end(), classmark.begin(), classmark.end());
}

} // namespace p2pim
} // namespace ns3
