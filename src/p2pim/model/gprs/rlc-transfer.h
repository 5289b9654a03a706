// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_RLC_TRANSFER_H
#define P2PIM_RLC_TRANSFER_H

#include "ns3/gprs-coding-scheme.h"

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The RLC of one temporary block flow, both ends (TS 44.060 9): cuts LLC PDUs into RLC data blocks,
 * and puts them together again.
 *
 * Acknowledged: the sender keeps a window of blocks that are not acknowledged; a bitmap of the
 * receiver's acknowledges or refuses those that were sent before it, and refused ones are sent
 * again, with the coding that they had or, if they may be resegmented, one of its family. PDUs come
 * out in order. Unacknowledged: each block is sent
 * once, and a PDU that misses one is lost.
 *
 * A PDU that ends within a block takes an octet more there, its length indicator (10.4.14).
 */
class RlcTransfer
{
  public:
    /// RLC modes.
    enum Mode : uint8_t
    {
        ACKNOWLEDGED,
        UNACKNOWLEDGED
    };

    /// An RLC data block on its way.
    struct Block
    {
        uint64_t number;         ///< from 0; on the air modulo 128, or 2048 in EGPRS
        GprsCodingScheme scheme; ///< its coding
        bool repeated;           ///< it was sent before
        uint8_t part = 1;        ///< bit of the half that it is, if it was cut in two; else 1
        uint32_t earlier = 0;    ///< how often it was sent before with this coding
    };

    /// What has become of a PDU; they end in the order in which they began.
    enum class Outcome : uint8_t
    {
        DELIVERED,
        LOST
    };

    /**
     * @param mode the RLC mode.
     * @param window most blocks that may wait for their acknowledgement: 64 in GPRS (9.1.9.1).
     * @param resegments whether repeated blocks follow the coding of new ones within their family,
     *                   in two halves if they have to (EGPRS, 8.1.1.1).
     */
    RlcTransfer(Mode mode, uint32_t window, bool resegments = false);

    /// A PDU of @p octets follows.
    void Append(uint32_t octets);

    /// @return whether there is a block to send: a refused one, or a new one that the window takes.
    bool CanSend() const;
    /// @return whether the window keeps new blocks back.
    bool IsStalled() const;
    /// @return whether all that was appended has been sent and, if it has to be, acknowledged.
    bool IsDone() const;
    /// @return octets of PDUs that no block has taken yet.
    uint64_t GetUnsentOctets() const;
    /// @return blocks of @p scheme that the unsent octets need, about: for the countdown.
    uint64_t GetUnsentBlocks(GprsCodingScheme scheme) const;
    /// @return blocks that wait for their acknowledgement.
    std::size_t GetUnacknowledged() const;

    /**
     * Takes the next block to be sent; CanSend() has to hold.
     *
     * @param scheme coding of new blocks.
     * @param when the radio block that it goes in, for Acknowledge().
     * @return the block.
     */
    Block Send(GprsCodingScheme scheme, int64_t when);

    /**
     * A block's radio block is over.
     *
     * @param number the block.
     * @param lost whether it could not be decoded.
     * @param ended appended to: PDUs that have come to their end.
     * @param part which half of it.
     */
    void Receive(uint64_t number, bool lost, std::vector<Outcome>& ended, uint8_t part = 1);

    /**
     * The receiver's acknowledgement and bitmap arrive (9.1.8).
     *
     * @param before tells of the blocks that were last sent in an earlier radio block than this.
     */
    void Acknowledge(int64_t before);

  private:
    /// A block in the window.
    struct Pending
    {
        uint32_t endedPdus;      ///< PDUs that end in it
        GprsCodingScheme scheme; ///< its coding, now
        bool startsAnother;      ///< a part of a PDU that does not end in it is at its end
        bool received;           ///< by the receiver
        bool refused;            ///< to be sent again
        int64_t sentIn;          ///< radio block it was last sent in
        uint8_t missing = 1;     ///< bits of the halves that the receiver has not got
        uint8_t toSend = 0;      ///< those that are to be sent again
        bool halved = false;     ///< there are two
        std::array<uint32_t, 2> sendings{}; ///< of each half, with this coding
    };

    Pending Cut(GprsCodingScheme scheme);
    Block Repeat(GprsCodingScheme commanded, int64_t when);
    static void Recode(Pending& block, GprsCodingScheme commanded);
    void Deliver(std::vector<Outcome>& ended);
    void ReceiveUnacknowledged(const Pending& block, bool lost, std::vector<Outcome>& ended);

    Mode m_mode;
    uint32_t m_window;
    bool m_resegments;
    std::deque<uint32_t> m_pdus;  ///< octets that are not yet in a block, by PDU
    uint64_t m_unsent = 0;        ///< their sum
    std::deque<Pending> m_blocks; ///< from V(A), or unacknowledged the oldest not yet received, on
    uint64_t m_first = 0;         ///< number of the first of them
    uint64_t m_expected = 0;      ///< V(Q): the receiver misses this one, and has all before
    std::deque<uint64_t> m_refused; ///< numbers, in order
    bool m_damaged = false;         ///< unacknowledged: a part of the PDU that is under way is lost
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_RLC_TRANSFER_H
