// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_LLC_FRAME_H
#define P2PIM_LLC_FRAME_H

#include "ns3/octets.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * The frames of LLC as octets (TS 44.064 5 and 6). Octets of information are never copied when a
 * frame is read, and once when it is written.
 */

/// The two ends of a logical link.
enum class LlcSide : uint8_t
{
    MS,  ///< the phone
    SGSN ///< the network
};

/// Service access points (TS 44.064 table 2), by their SAPI.
enum class LlcSap : uint8_t
{
    LLGMM = 1, ///< mobility and session management
    TOM2 = 2,  ///< tunnelling of messages
    LL3 = 3,   ///< user data 1
    LL5 = 5,   ///< user data 2
    LLSMS = 7, ///< short messages
    TOM8 = 8,  ///< tunnelling of messages
    LL9 = 9,   ///< user data 3
    LL11 = 11  ///< user data 4
};

/// Control field formats (6.3.0).
enum class LlcFormat : uint8_t
{
    I,  ///< information, with a supervisory function
    S,  ///< supervisory
    UI, ///< unconfirmed information
    U   ///< unnumbered
};

/// Supervisory functions of I and S frames (6.4.3), by their bits S1 S2.
enum class LlcSupervisory : uint8_t
{
    RR = 0,  ///< receive ready: all before N(R) was received
    ACK = 1, ///< all before N(R), and N(R) + 1, was received
    RNR = 2, ///< receive not ready
    SACK = 3 ///< all before N(R), and what the bitmap says, was received
};

/// Unnumbered commands and responses (6.4.1), by their bits M4 to M1.
enum class LlcUnnumbered : uint8_t
{
    NULL_COMMAND = 0x0,
    DM = 0x1,
    DISC = 0x4,
    UA = 0x6,
    SABM = 0x7,
    FRMR = 0x8,
    XID = 0xB
};

/// Sequence numbers count modulo 512 (6.3.5.4).
constexpr uint16_t LLC_MODULUS = 512;

/// @return how far @p number is after @p from, both modulo 512.
constexpr uint16_t
GetLlcDistance(uint16_t number, uint16_t from)
{
    return static_cast<uint16_t>(number - from) % LLC_MODULUS;
}

/// Octets of the frame check sequence.
constexpr std::size_t LLC_FCS_OCTETS = 3;
/// Octets of information that the FCS of a UI frame protects in unprotected mode (8.9.6, N202).
constexpr std::size_t LLC_N202 = 4;
/// Most octets of a layer-3 PDU that N201-U or N201-I can be (table 9).
constexpr std::size_t LLC_MAX_N201 = 1520;
/// Most octets of an R(n) bitmap (6.3.1).
constexpr std::size_t LLC_MAX_BITMAP = 32;

/// The SACK receive status bitmap: bit 8 of the first octet is that of N(R) + 1.
struct LlcBitmap
{
    std::array<uint8_t, LLC_MAX_BITMAP> octets{}; ///< R(1) first
    uint8_t size = 0;                             ///< octets, 1 to 32 in a SACK

    /// Says that I frame N(R) + @p offset was received. @param offset 1 to 256.
    void Set(std::size_t offset);
    /// @return whether I frame N(R) + @p offset was received. @param offset from 1.
    bool Has(std::size_t offset) const;
};

/// The fields of a frame; those that its format does not have are not looked at.
struct LlcFrame
{
    LlcSap sap = LlcSap::LLGMM;
    bool command = true;                                    ///< command or response, as C/R says
    LlcFormat format = LlcFormat::UI;                       ///< which of the control fields
    LlcSupervisory supervisory = LlcSupervisory::RR;        ///< I, S
    LlcUnnumbered unnumbered = LlcUnnumbered::NULL_COMMAND; ///< U
    bool pollFinal = false;                                 ///< U: P or F
    bool acknowledge = false;             ///< I, S: A, an acknowledgement is asked for
    bool encrypted = false;               ///< UI: E
    bool protectedMode = true;            ///< UI: PM, the FCS protects all octets
    uint16_t sendNumber = 0;              ///< I: N(S); UI: N(U)
    uint16_t receiveNumber = 0;           ///< I, S: N(R)
    LlcBitmap bitmap;                     ///< I, S with SACK
    const uint8_t* information = nullptr; ///< I, UI, U; of the owner of the octets
    std::size_t size = 0;                 ///< octets of information
};

/// What is wrong with a frame (5.8).
enum class LlcFrameError : uint8_t
{
    NONE,                   ///< nothing
    TRUNCATED,              ///< it ends too early
    PROTOCOL_DISCRIMINATOR, ///< PD is not 0
    RESERVED_SAPI,          ///< no such service access point
    UNKNOWN_COMMAND,        ///< no such unnumbered command or response
    INTEGRITY_PROTECTED,    ///< UI with a message authentication code, which is not done here
    TRAILING_OCTETS,        ///< information where none is allowed
    WRONG_FCS               ///< spoilt on the way
};

/// @return the 24-bit frame check sequence of octets (5.5).
uint32_t GetLlcFcs(const uint8_t* octets, std::size_t size);

/**
 * Appends a frame.
 *
 * @param frame its fields; a SACK has a bitmap.
 * @param sender who sends it: C/R depends on it (6.2.2, table 1).
 * @param[in,out] octets where to append.
 */
void EncodeLlcFrame(const LlcFrame& frame, LlcSide sender, Octets& octets);

/**
 * Reads a frame.
 *
 * @param octets the frame with its FCS.
 * @param size how many.
 * @param sender who has sent it.
 * @param[out] frame its fields; the information points into @p octets.
 * @return what is wrong.
 */
LlcFrameError DecodeLlcFrame(const uint8_t* octets,
                             std::size_t size,
                             LlcSide sender,
                             LlcFrame& frame);

/**
 * Reads the address octet, for who looks for the link.
 *
 * @param octets the frame.
 * @param size how many.
 * @param[out] sap the service access point.
 * @return whether there is one that is not reserved.
 */
bool PeekLlcSap(const uint8_t* octets, std::size_t size, LlcSap& sap);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_LLC_FRAME_H
