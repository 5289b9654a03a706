// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_RR_MESSAGES_H
#define P2PIM_RR_MESSAGES_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * Messages of the RR sublayer (TS 44.018 9.1). An IMSI is the value of its 15 digits.
 */

/// Octets of a block on a control channel.
constexpr std::size_t L2_BLOCK_OCTETS = 23;
/// A block on a control channel: L2 frame or L2 pseudo length with its message, padded with 0x2B.
using L2Block = std::array<uint8_t, L2_BLOCK_OCTETS>;

/// Protocol discriminator of RR (TS 24.007 11.2.3.1.1).
constexpr uint8_t PD_RR = 0x06;

/// Message types of RR (TS 44.018 10.4).
enum class RrType : uint8_t
{
    CHANNEL_RELEASE = 0x0D,
    PAGING_REQUEST_TYPE_1 = 0x21,
    PAGING_REQUEST_TYPE_2 = 0x22,
    PAGING_REQUEST_TYPE_3 = 0x24,
    PAGING_RESPONSE = 0x27,
    CIPHERING_MODE_COMPLETE = 0x32,
    GPRS_SUSPENSION_REQUEST = 0x34,
    CIPHERING_MODE_COMMAND = 0x35,
    IMMEDIATE_ASSIGNMENT_REJECT = 0x3A,
    IMMEDIATE_ASSIGNMENT = 0x3F
};

/// Establishment causes of a CHANNEL REQUEST with NECI 1 (TS 44.018 table 9.1.8.1).
enum class EstablishmentCause : uint8_t
{
    LOCATION_UPDATING = 0x00, ///< 0000xxxx: location updating
    OTHER_SDCCH = 0x10,       ///< 0001xxxx: other procedures that an SDCCH suffices for, so SMS
    ANSWER_TO_PAGING = 0x80,  ///< 100xxxxx: answer to paging, any channel
    ORIGINATING_CALL = 0xE0   ///< 111xxxxx: originating call, TCH/F is needed
};

/// The one octet of a CHANNEL REQUEST (TS 44.018 9.1.8): @p random fills the free low bits.
uint8_t EncodeChannelRequest(EstablishmentCause cause, uint8_t random);

/// Names the CHANNEL REQUEST that an assignment answers (TS 44.018 10.5.2.30).
struct RequestReference
{
    uint8_t channelRequest = 0; ///< its octet
    uint16_t frame = 0;         ///< its frame number modulo 42432

    /// @return whether both name the same request.
    bool operator==(const RequestReference& other) const
    {
        return channelRequest == other.channelRequest && frame == other.frame;
    }
};

/// IMMEDIATE ASSIGNMENT of an SDCCH (TS 44.018 9.1.18).
struct ImmediateAssignment
{
    uint8_t subchannel = 0;       ///< subchannel, 0-7, of an SDCCH/4 0-3
    uint8_t timeSlot = 1;         ///< 0-7
    uint8_t trainingSequence = 0; ///< 0-7
    uint16_t arfcn = 1;           ///< 0-1023
    RequestReference reference;   ///< whom it is for
    uint8_t timingAdvance = 0;    ///< 0-63 bit periods
    bool sdcch4 = false;          ///< SDCCH/4 rather than SDCCH/8
};

/// IMMEDIATE ASSIGNMENT REJECT of one request (TS 44.018 9.1.20).
struct ImmediateAssignmentReject
{
    RequestReference reference; ///< whom it is for
    uint8_t waitIndication = 0; ///< T3122 in s, 0-255
};

/// @return the block with @p assignment.
L2Block EncodeImmediateAssignment(const ImmediateAssignment& assignment);
/// @return what @p block says, or nothing if it is no such message.
std::optional<ImmediateAssignment> DecodeImmediateAssignment(const L2Block& block);
/// @return the block with @p reject; its one request is repeated in all four places.
L2Block EncodeImmediateAssignmentReject(const ImmediateAssignmentReject& reject);
/// @return what @p block says of its first request, or nothing if it is no such message.
std::optional<ImmediateAssignmentReject> DecodeImmediateAssignmentReject(const L2Block& block);

/// Requests that one IMMEDIATE ASSIGNMENT REJECT answers at most (TS 44.018 9.1.20).
constexpr std::size_t REJECT_PLACES = 4;
/// What one IMMEDIATE ASSIGNMENT REJECT says of each of its places.
using RejectList = std::array<ImmediateAssignmentReject, REJECT_PLACES>;

/**
 * @param rejects whom it is for.
 * @param count how many of them, 1 to 4; the last one fills the other places.
 * @return the block.
 */
L2Block EncodeImmediateAssignmentReject(const RejectList& rejects, std::size_t count);
/// @return what @p block says of each place, or nothing if it is no such message.
std::optional<RejectList> DecodeImmediateAssignmentRejects(const L2Block& block);

/**
 * PAGING REQUEST TYPE 1 (TS 44.018 9.1.22) with one or two IMSIs.
 *
 * @param imsi the phones.
 * @param count 1 or 2.
 * @return the block.
 */
L2Block EncodePagingRequest1(const std::array<uint64_t, 2>& imsi, uint32_t count);

/// The phones that a PAGING REQUEST TYPE 1 names.
struct PagedIdentities
{
    std::array<uint64_t, 2> imsi{}; ///< IMSIs
    uint32_t count = 0;             ///< how many there are
};

/// @return whom @p block pages, or nothing if it is no PAGING REQUEST TYPE 1 with IMSIs.
std::optional<PagedIdentities> DecodePagingRequest1(const L2Block& block);

/// By what a phone is paged.
struct PagingIdentity
{
    uint64_t imsi = 0;            ///< IMSI
    std::optional<uint32_t> tmsi; ///< TMSI, used instead if there is one

    /// @return whether both page by the same identity.
    bool operator==(const PagingIdentity& other) const
    {
        return tmsi == other.tmsi && (tmsi || imsi == other.imsi);
    }
};

/// Phones that one paging request can name: TYPE 3 has four TMSIs (TS 44.018 9.1.24).
constexpr std::size_t MAX_PAGED = 4;

/**
 * @param identities phones that wait to be paged, the longest first.
 * @return how many of them one block can name: four TMSIs; three of which at most one is an IMSI
 * (PAGING REQUEST TYPE 2, TS 44.018 9.1.23); else two.
 */
std::size_t CountPagedTogether(const std::vector<PagingIdentity>& identities);

/**
 * PAGING REQUEST TYPE 1, 2 or 3 (TS 44.018 9.1.22 to 9.1.24), by what there is to page.
 *
 * @param identities the phones, as many as CountPagedTogether() says.
 * @return the block.
 */
L2Block EncodePagingRequest(const std::vector<PagingIdentity>& identities);

/// @return whom @p block pages, empty if it is no PAGING REQUEST. An IMSI comes last in TYPE 2.
std::vector<PagingIdentity> DecodePagingRequest(const L2Block& block);

/// @return PAGING RESPONSE of @p imsi (TS 44.018 9.1.25).
std::vector<uint8_t> EncodePagingResponse(uint64_t imsi);
/// @return CIPHERING MODE COMMAND: start with A5/1 (TS 44.018 9.1.9).
std::vector<uint8_t> EncodeCipheringModeCommand();
/// @return CIPHERING MODE COMPLETE (TS 44.018 9.1.10).
std::vector<uint8_t> EncodeCipheringModeComplete();
/**
 * CHANNEL RELEASE (TS 44.018 9.1.7).
 *
 * @param cause RR cause (10.5.2.31).
 * @param gprsResumed GPRS resumption (10.5.2.14c): whether the SGSN knows that the phone's GPRS
 * goes on; nothing if it was not suspended.
 * @return the message.
 */
std::vector<uint8_t> EncodeChannelRelease(uint8_t cause, std::optional<bool> gprsResumed = {});
/// @return GPRS resumption of a CHANNEL RELEASE, if @p message is one that has it.
std::optional<bool> DecodeGprsResumption(const uint8_t* message, std::size_t size);

/// Why a phone suspends its GPRS (TS 44.018 10.5.2.47).
enum class GprsSuspensionCause : uint8_t
{
    MOBILE_ORIGINATING_CALL = 0,
    LOCATION_UPDATING = 1,
    SHORT_MESSAGE = 2, ///< mobile originated
    OTHER_SDCCH = 3    ///< another procedure that an SDCCH suffices for
};

/// GPRS SUSPENSION REQUEST (TS 44.018 9.1.13b).
struct GprsSuspensionRequest
{
    uint32_t tlli = 0;                    ///< temporary logical link identity
    std::array<uint8_t, 6> routingArea{}; ///< value of a routing area identification
    GprsSuspensionCause cause = GprsSuspensionCause::OTHER_SDCCH;
};

/// @return the message.
std::vector<uint8_t> EncodeGprsSuspensionRequest(const GprsSuspensionRequest& request);
/// @return what @p message says, or nothing if it is no such message.
std::optional<GprsSuspensionRequest> DecodeGprsSuspensionRequest(const uint8_t* message,
                                                                 std::size_t size);

/**
 * @param message an L3 message.
 * @param size its length in octets.
 * @return its RR type, or nothing if it is none of RrType.
 */
std::optional<RrType> GetRrType(const uint8_t* message, std::size_t size);

/// Octets of a mobile identity with an IMSI of 15 digits, without its length (TS 24.008 10.5.1.4).
constexpr std::size_t IMSI_IDENTITY_OCTETS = 8;

/// Appends length and value of a mobile identity with @p imsi.
void AppendImsiIdentity(uint64_t imsi, std::vector<uint8_t>& message);
/// @return the IMSI in the value of a mobile identity of @p size octets, or nothing.
std::optional<uint64_t> ReadImsiIdentity(const uint8_t* value, std::size_t size);
/// Appends length and value of mobile station classmark 2 (TS 24.008 10.5.1.6).
void AppendClassmark2(std::vector<uint8_t>& message);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_RR_MESSAGES_H
