// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TCP_HEADER_COMPRESSION_H
#define P2PIM_TCP_HEADER_COMPRESSION_H

#include "ns3/octets.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * TCP/IP header compression (RFC 1144), as SNDCP uses it (TS 44.065 6.5.2). A slot holds the last
 * header of one connection and direction; there are 1 to 256 on each side, the same on both.
 */

/// What a packet is sent as (RFC 1144 3.2.2).
enum class TcpHeaderType : uint8_t
{
    IP,               ///< TYPE_IP: as it is
    UNCOMPRESSED_TCP, ///< the IP protocol field holds the slot
    COMPRESSED_TCP    ///< the header is what has changed
};

/// A header of 20 octets of IPv4 and TCP each with the most of options.
constexpr std::size_t MAX_TCP_IP_HEADER = 120;

/// What takes the place of the first octets of a packet.
struct CompressedTcpHeader
{
    TcpHeaderType type = TcpHeaderType::IP; ///< what the packet becomes
    uint8_t size = 0;                       ///< octets of the new beginning
    uint8_t replaced = 0;                   ///< octets of the packet that it replaces
    std::array<uint8_t, 20> octets{};       ///< the new beginning
};

/// The last header of a connection.
struct TcpHeaderSlot
{
    std::array<uint8_t, MAX_TCP_IP_HEADER> header{}; ///< IPv4 and TCP
    uint8_t size = 0;                                ///< its octets; 0: none
    uint8_t ipSize = 0;                              ///< octets of IPv4
    bool suspect = false; ///< decompressor: a packet may have been lost since
};

/// The sending side (RFC 1144 3.2.3).
class TcpHeaderCompressor
{
  public:
    /// @param slots connections that are kept, 1 to 256.
    explicit TcpHeaderCompressor(std::size_t slots = 16);

    /**
     * @param packet an IPv4 packet.
     * @param size its octets.
     * @return how it begins when it is sent.
     */
    CompressedTcpHeader Compress(const uint8_t* packet, std::size_t size);

  private:
    std::size_t FindSlot(const uint8_t* packet, std::size_t ipSize, bool& found);

    std::vector<TcpHeaderSlot> m_slots;
    std::vector<uint8_t> m_recent; ///< slots, last used first
    int m_lastSlot = -1;           ///< of the last packet sent with a slot; -1: none
};

/// What a decompressor says of a packet.
enum class TcpDecompression : uint8_t
{
    DONE,         ///< it is as it was before
    MALFORMED,    ///< its lengths do not fit, or it is no TCP over IPv4
    UNKNOWN_SLOT, ///< its slot does not exist, or was not filled since it was out of step
    TOSSED,       ///< after a loss, and it does not say which slot is its own (RFC 1144 4.1)
    OUT_OF_STEP   ///< its TCP checksum shows that the slot has missed a packet
};

/// The receiving side (RFC 1144 3.2.4).
class TcpHeaderDecompressor
{
  public:
    /// @param slots connections that are kept, 1 to 256.
    explicit TcpHeaderDecompressor(std::size_t slots = 16);

    /**
     * @param type what the packet is.
     * @param[in,out] packet what has arrived; an IPv4 packet if it could be made.
     * @return what was done. The packet is to be dropped unless DONE.
     */
    TcpDecompression Decompress(TcpHeaderType type, Octets& packet);

    /**
     * Packets have been lost: compressed packets are tossed until one names its slot, and a slot is
     * trusted again when the TCP checksum verifies or an uncompressed packet has filled it. What
     * this cannot see (RFC 1144 4.2): the changes of the lost packets sum to 0, such as an ack that
     * goes up by what the window goes down.
     *
     * The checksum is also verified of packets without a loss. One that is 0, of a simulated host
     * that computes none, passes until a loss.
     */
    void NoteLoss();

  private:
    TcpDecompression Fill(Octets& packet);
    TcpDecompression Expand(Octets& packet);
    static bool IsInStep(TcpHeaderSlot& slot, uint16_t checksum, const Octets& packet);

    std::vector<TcpHeaderSlot> m_slots;
    int m_lastSlot = -1; ///< -1: none
    bool m_toss = true;  ///< until a packet names its slot
};

/// @return whether the TCP checksum of an IPv4 packet verifies; not if it is no TCP.
bool VerifiesTcpChecksum(const uint8_t* packet, std::size_t size);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TCP_HEADER_COMPRESSION_H
