// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CCCH_LAYOUT_H
#define P2PIM_CCCH_LAYOUT_H

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/**
 * Where the blocks and slots of a CCCH on time slot 0 lie (TS 45.002 6.4.1, 6.5.2, 7), by TDMA
 * frame number. Blocks are named by their first frame, RACH slots are numbered through. The
 * parameters stay where the cell's attributes are.
 */
struct CcchLayout
{
    const uint32_t& bsPaMfrms;   ///< BS_PA_MFRMS: 51-multiframes of a paging cycle, 2-9
    const uint32_t& bsAgBlksRes; ///< BS_AG_BLKS_RES: blocks reserved for the AGCH
    const bool& combined;        ///< the time slot carries an SDCCH/4 as well

    /// @return the CCCH blocks of a 51-multiframe.
    uint32_t GetBlocksPerMultiframe() const;
    /// @return those that may page.
    uint32_t GetPagingBlocksPerMultiframe() const;
    /// @return the first block that starts in @p frame or later.
    int64_t GetNextBlock(int64_t frame) const;

    /// @return the frames from one block of a paging group to its next.
    int64_t GetPagingCycle() const;
    /// @return the paging group of a phone.
    int64_t GetPagingGroup(uint64_t imsi) const;
    /// @return the first block of paging group @p group that starts in @p frame or later.
    int64_t GetNextBlockOfGroup(int64_t group, int64_t frame) const;
    /// @return the paging group that the block at @p frame belongs to, or -1 if it never pages.
    int64_t GetGroupOfBlock(int64_t frame) const;

    /// @return the frame of a RACH slot.
    int64_t GetRachFrame(int64_t rachSlot) const;
    /// @return the first RACH slot in @p frame or later.
    int64_t GetRachSlot(int64_t frame) const;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_CCCH_LAYOUT_H
