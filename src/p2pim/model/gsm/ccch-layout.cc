// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ccch-layout.h"

#include "ns3/tdma-clock.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace p2pim
{

namespace
{

/// First frames of the CCCH blocks of a 51-multiframe (TS 45.002 7, table 5).
constexpr std::array<int64_t, 9> BLOCK_OFFSETS{6, 12, 16, 22, 26, 32, 36, 42, 46};
/// Blocks of the CCCH when the time slot carries an SDCCH/4 as well: the first three.
constexpr uint32_t COMBINED_BLOCKS = 3;
/// RACH slots of a 51-multiframe when combined: frames 4, 5, 14 to 36, 45, 46.
constexpr int64_t COMBINED_RACH_SLOTS = 27;
constexpr std::array<int64_t, COMBINED_RACH_SLOTS> COMBINED_RACH_FRAMES{
    4,  5,  14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
    26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46};

} // namespace

uint32_t
CcchLayout::GetBlocksPerMultiframe() const
{
    return combined ? COMBINED_BLOCKS : static_cast<uint32_t>(BLOCK_OFFSETS.size());
}

uint32_t
CcchLayout::GetPagingBlocksPerMultiframe() const
{
    const uint32_t blocks = GetBlocksPerMultiframe();
    return blocks - std::min(bsAgBlksRes, blocks - 1);
}

int64_t
CcchLayout::GetNextBlock(int64_t frame) const
{
    const int64_t multiframe = frame / TDMA_MULTIFRAME;
    const int64_t within = frame % TDMA_MULTIFRAME;
    for (uint32_t i = 0; i < GetBlocksPerMultiframe(); ++i)
    {
        if (BLOCK_OFFSETS[i] >= within)
        {
            return multiframe * TDMA_MULTIFRAME + BLOCK_OFFSETS[i];
        }
    }
    return (multiframe + 1) * TDMA_MULTIFRAME + BLOCK_OFFSETS[0];
}

int64_t
CcchLayout::GetPagingCycle() const
{
    return TDMA_MULTIFRAME * bsPaMfrms;
}

int64_t
CcchLayout::GetPagingGroup(uint64_t imsi) const
{
    // TS 45.002 6.5.2 with BS_CC_CHANS = 1.
    const int64_t groups = static_cast<int64_t>(GetPagingBlocksPerMultiframe()) * bsPaMfrms;
    return static_cast<int64_t>(imsi % 1000) % groups;
}

int64_t
CcchLayout::GetNextBlockOfGroup(int64_t group, int64_t frame) const
{
    const int64_t perMultiframe = GetPagingBlocksPerMultiframe();
    const int64_t block = GetBlocksPerMultiframe() - perMultiframe + group % perMultiframe;
    const int64_t offset =
        group / perMultiframe * TDMA_MULTIFRAME + BLOCK_OFFSETS[static_cast<std::size_t>(block)];
    return TdmaNextAtOffset(frame, offset, GetPagingCycle());
}

int64_t
CcchLayout::GetGroupOfBlock(int64_t frame) const
{
    const auto* offset =
        std::find(BLOCK_OFFSETS.begin(), BLOCK_OFFSETS.end(), frame % TDMA_MULTIFRAME);
    const int64_t block = offset - BLOCK_OFFSETS.begin();
    const int64_t perMultiframe = GetPagingBlocksPerMultiframe();
    const int64_t blocks = GetBlocksPerMultiframe();
    if (block < blocks - perMultiframe || block >= blocks)
    {
        return -1;
    }
    return frame / TDMA_MULTIFRAME % bsPaMfrms * perMultiframe + block - (blocks - perMultiframe);
}

int64_t
CcchLayout::GetRachFrame(int64_t rachSlot) const
{
    if (!combined)
    {
        return rachSlot;
    }
    return rachSlot / COMBINED_RACH_SLOTS * TDMA_MULTIFRAME +
           COMBINED_RACH_FRAMES[static_cast<std::size_t>(rachSlot % COMBINED_RACH_SLOTS)];
}

int64_t
CcchLayout::GetRachSlot(int64_t frame) const
{
    if (!combined)
    {
        return frame;
    }
    const auto* slot = std::lower_bound(COMBINED_RACH_FRAMES.begin(),
                                        COMBINED_RACH_FRAMES.end(),
                                        frame % TDMA_MULTIFRAME);
    return frame / TDMA_MULTIFRAME * COMBINED_RACH_SLOTS + (slot - COMBINED_RACH_FRAMES.begin());
}

} // namespace p2pim
} // namespace ns3
