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
constexpr uint8_t SDCCH_8 = 0x40;             // channel type 01TTT (TS 44.018 10.5.2.5)
constexpr uint8_t SDCCH_4 = 0x20;             // channel type 001TT
constexpr uint8_t IEI_IDENTITY = 0x17;        // second or third mobile identity
constexpr uint8_t IEI_GPRS_RESUMPTION = 0xC0; // with a value of half an octet
constexpr uint8_t IDENTITY_IMSI = 0x01;
constexpr uint8_t IDENTITY_TMSI = 0xF4;
constexpr std::size_t TMSI_OCTETS = 4;
constexpr uint8_t ODD_DIGITS = 0x08;
constexpr int IMSI_DIGITS = 15;
constexpr uint8_t NO_KEY = 0x07; // CKSN: no key is available
constexpr uint16_t FRAME_MODULUS = 42432;

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

void
AppendTmsi(uint32_t tmsi, std::vector<uint8_t>& octets)
{
    for (int shift = 24; shift >= 0; shift -= 8)
    {
        octets.push_back(static_cast<uint8_t>(tmsi >> shift));
    }
}

uint32_t
ReadTmsi(const uint8_t* octets)
{
    return static_cast<uint32_t>(octets[0]) << 24 | octets[1] << 16 | octets[2] << 8 | octets[3];
}

/// Appends length and value of a mobile identity (TS 24.008 10.5.1.4).
void
AppendIdentity(const PagingIdentity& identity, std::vector<uint8_t>& octets)
{
    if (!identity.tmsi)
    {
        AppendImsiIdentity(identity.imsi, octets);
        return;
    }
    octets.push_back(1 + TMSI_OCTETS);
    octets.push_back(IDENTITY_TMSI);
    AppendTmsi(*identity.tmsi, octets);
}

std::optional<PagingIdentity>
ReadPagingIdentity(const uint8_t* value, std::size_t size)
{
    if (size == 1 + TMSI_OCTETS && value[0] == IDENTITY_TMSI)
    {
        return PagingIdentity{0, ReadTmsi(value + 1)};
    }
    const auto imsi = ReadImsiIdentity(value, size);
    return imsi ? std::optional<PagingIdentity>({*imsi, std::nullopt}) : std::nullopt;
}

} // namespace

uint8_t
EncodeChannelRequest(EstablishmentCause cause, uint8_t random)
{
    const uint8_t mask = static_cast<uint8_t>(cause) >= 0x80 ? 0x1F : 0x0F;
    return static_cast<uint8_t>(static_cast<uint8_t>(cause) | (random & mask));
}

L2Block
EncodeImmediateAssignment(const ImmediateAssignment& assignment)
{
    L2Block block = StartBlock(11, RrType::IMMEDIATE_ASSIGNMENT);
    block[3] = 0; // page mode normal, dedicated mode
    block[4] = static_cast<uint8_t>((assignment.sdcch4 ? SDCCH_4 : SDCCH_8) |
                                    (assignment.subchannel & (assignment.sdcch4 ? 3 : 7)) << 3 |
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
    const bool sdcch4 = (block[4] & 0xE0) == SDCCH_4;
    if (!IsBlock(block, RrType::IMMEDIATE_ASSIGNMENT) || (!sdcch4 && (block[4] & 0xC0) != SDCCH_8))
    {
        return std::nullopt;
    }
    ImmediateAssignment assignment;
    assignment.sdcch4 = sdcch4;
    assignment.subchannel = block[4] >> 3 & (sdcch4 ? 0x03 : 0x07);
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
    return EncodeImmediateAssignmentReject(RejectList{reject}, 1);
}

L2Block
EncodeImmediateAssignmentReject(const RejectList& rejects, std::size_t count)
{
    L2Block block = StartBlock(19, RrType::IMMEDIATE_ASSIGNMENT_REJECT);
    block[3] = 0; // page mode normal
    for (std::size_t i = 0; i < REJECT_PLACES; ++i)
    {
        const ImmediateAssignmentReject& reject = rejects[std::min(i, count - 1)];
        WriteReference(reject.reference, &block[4 + 4 * i]);
        block[7 + 4 * i] = reject.waitIndication;
    }
    return block;
}

std::optional<ImmediateAssignmentReject>
DecodeImmediateAssignmentReject(const L2Block& block)
{
    const auto rejects = DecodeImmediateAssignmentRejects(block);
    return rejects ? std::optional<ImmediateAssignmentReject>(rejects->front()) : std::nullopt;
}

std::optional<RejectList>
DecodeImmediateAssignmentRejects(const L2Block& block)
{
    if (!IsBlock(block, RrType::IMMEDIATE_ASSIGNMENT_REJECT))
    {
        return std::nullopt;
    }
    RejectList rejects;
    for (std::size_t i = 0; i < REJECT_PLACES; ++i)
    {
        rejects[i] = {ReadReference(&block[4 + 4 * i]), block[7 + 4 * i]};
    }
    return rejects;
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
        block[13] = IEI_IDENTITY;
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
    } while (paged.count < paged.imsi.size() && reader.Read() == IEI_IDENTITY);
    return paged;
}

std::size_t
CountPagedTogether(const std::vector<PagingIdentity>& identities)
{
    std::size_t together = 0;
    std::size_t imsis = 0;
    for (const PagingIdentity& identity : identities)
    {
        imsis += identity.tmsi ? 0 : 1;
        const bool fits = together < 2 || imsis == 0 || (imsis == 1 && together == 2);
        if (!fits || together == MAX_PAGED)
        {
            break;
        }
        ++together;
    }
    return together;
}

L2Block
EncodePagingRequest(const std::vector<PagingIdentity>& identities)
{
    static constexpr std::array<RrType, 3> types{RrType::PAGING_REQUEST_TYPE_1,
                                                 RrType::PAGING_REQUEST_TYPE_2,
                                                 RrType::PAGING_REQUEST_TYPE_3};
    std::vector<PagingIdentity> ordered = identities;
    std::stable_partition(ordered.begin(), ordered.end(), [](const auto& identity) {
        return identity.tmsi.has_value();
    });
    const std::size_t fixed = ordered.size() < 3 ? 0 : (ordered.size() == 3 ? 2 : 4);
    const RrType type = types[fixed / 2];
    std::vector<uint8_t> octets{PD_RR, static_cast<uint8_t>(type), 0}; // page mode normal
    for (std::size_t i = 0; i < ordered.size(); ++i)
    {
        if (i < fixed)
        {
            AppendTmsi(*ordered[i].tmsi, octets);
            continue;
        }
        if (i > 0)
        {
            octets.push_back(IEI_IDENTITY);
        }
        AppendIdentity(ordered[i], octets);
    }
    L2Block block = StartBlock(static_cast<uint8_t>(octets.size()), type);
    std::copy(octets.begin(), octets.end(), block.begin() + 1);
    return block;
}

std::vector<PagingIdentity>
DecodePagingRequest(const L2Block& block)
{
    const std::size_t length = block[0] >> 2;
    std::size_t fixed = 0;
    if (IsBlock(block, RrType::PAGING_REQUEST_TYPE_2))
    {
        fixed = 2;
    }
    else if (IsBlock(block, RrType::PAGING_REQUEST_TYPE_3))
    {
        fixed = MAX_PAGED;
    }
    else if (!IsBlock(block, RrType::PAGING_REQUEST_TYPE_1))
    {
        return {};
    }
    if (length + 1 > block.size())
    {
        return {};
    }
    OctetReader reader(&block[1], length);
    reader.Read(3);
    std::vector<PagingIdentity> paged;
    for (std::size_t i = 0; i < fixed; ++i)
    {
        const uint8_t* value = reader.Read(TMSI_OCTETS);
        if (value == nullptr)
        {
            return {};
        }
        paged.push_back({0, ReadTmsi(value)});
    }
    const std::size_t variable = fixed == 0 ? 2 : (fixed == 2 ? 1 : 0);
    for (std::size_t i = 0; i < variable; ++i)
    {
        if ((fixed + i > 0) && reader.Read() != IEI_IDENTITY)
        {
            break;
        }
        const std::size_t size = reader.Read();
        const uint8_t* value = reader.Read(size);
        const auto identity = value ? ReadPagingIdentity(value, size) : std::nullopt;
        if (!identity)
        {
            return {};
        }
        paged.push_back(*identity);
    }
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
EncodeChannelRelease(uint8_t cause, std::optional<bool> gprsResumed)
{
    std::vector<uint8_t> message{PD_RR, static_cast<uint8_t>(RrType::CHANNEL_RELEASE), cause};
    if (gprsResumed)
    {
        message.push_back(static_cast<uint8_t>(IEI_GPRS_RESUMPTION | (*gprsResumed ? 1 : 0)));
    }
    return message;
}

std::optional<bool>
DecodeGprsResumption(const uint8_t* message, std::size_t size)
{
    constexpr std::size_t fixed = 3;
    if (GetRrType(message, size) != RrType::CHANNEL_RELEASE || size < fixed)
    {
        return std::nullopt;
    }
    OctetReader reader(message + fixed, size - fixed);
    while (reader.GetLeft() > 0)
    {
        const uint8_t identifier = reader.Read();
        if ((identifier & 0xF0) == IEI_GPRS_RESUMPTION)
        {
            return (identifier & 0x01) != 0;
        }
        if ((identifier & 0x80) == 0 && reader.Read(reader.Read()) == nullptr)
        {
            break; // an element with a length that is wrong
        }
    }
    return std::nullopt;
}

std::vector<uint8_t>
EncodeGprsSuspensionRequest(const GprsSuspensionRequest& request)
{
    std::vector<uint8_t> message{PD_RR, static_cast<uint8_t>(RrType::GPRS_SUSPENSION_REQUEST)};
    AppendTmsi(request.tlli, message);
    message.insert(message.end(), request.routingArea.begin(), request.routingArea.end());
    message.push_back(static_cast<uint8_t>(request.cause));
    return message;
}

std::optional<GprsSuspensionRequest>
DecodeGprsSuspensionRequest(const uint8_t* message, std::size_t size)
{
    GprsSuspensionRequest request;
    constexpr std::size_t tlli = 2;
    constexpr std::size_t area = tlli + TMSI_OCTETS;
    const std::size_t cause = area + request.routingArea.size();
    if (GetRrType(message, size) != RrType::GPRS_SUSPENSION_REQUEST || size <= cause)
    {
        return std::nullopt;
    }
    request.tlli = ReadTmsi(message + tlli);
    std::copy_n(message + area, request.routingArea.size(), request.routingArea.begin());
    // what is reserved is another procedure on an SDCCH
    request.cause = message[cause] <= static_cast<uint8_t>(GprsSuspensionCause::OTHER_SDCCH)
                        ? static_cast<GprsSuspensionCause>(message[cause])
                        : GprsSuspensionCause::OTHER_SDCCH;
    return request;
}

std::optional<RrType>
GetRrType(const uint8_t* message, std::size_t size)
{
    if (size < 2 || message[0] != PD_RR)
    {
        return std::nullopt;
    }
    static constexpr std::array<RrType, 10> known{RrType::CHANNEL_RELEASE,
                                                  RrType::PAGING_REQUEST_TYPE_1,
                                                  RrType::PAGING_REQUEST_TYPE_2,
                                                  RrType::PAGING_REQUEST_TYPE_3,
                                                  RrType::PAGING_RESPONSE,
                                                  RrType::CIPHERING_MODE_COMPLETE,
                                                  RrType::CIPHERING_MODE_COMMAND,
                                                  RrType::GPRS_SUSPENSION_REQUEST,
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
