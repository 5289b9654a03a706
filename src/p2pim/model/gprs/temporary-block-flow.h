// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TEMPORARY_BLOCK_FLOW_H
#define P2PIM_TEMPORARY_BLOCK_FLOW_H

#include "ns3/gprs-coding-scheme.h"
#include "ns3/llc.h"
#include "ns3/nstime.h"
#include "ns3/radio-energy-meter.h"
#include "ns3/rlc-transfer.h"

#include <cstdint>
#include <list>
#include <memory>

namespace ns3
{
namespace p2pim
{

class GprsMobileStation;

/// @return what the energy of @p pdu is spent for.
inline EnergyPurpose
GetEnergyPurpose(const LlcPdu& pdu)
{
    return pdu.signalling ? EnergyPurpose::SIGNALLING : EnergyPurpose::DATA;
}

/**
 * One direction of a mobile station's RLC/MAC: the LLC PDUs that wait, and the temporary block flow
 * (TBF) that carries them (TS 44.060 4, 5).
 */
struct TemporaryBlockFlow
{
    /// Where the TBF stands.
    enum class State : uint8_t
    {
        NONE,      ///< no TBF, or one that may still be open without data: see openUntil
        REQUESTED, ///< access or assignment is under way
        ACTIVE     ///< has data, or waits for their acknowledgement
    };

    GprsMobileStation* ms = nullptr; ///< whose it is
    bool uplink = false;             ///< direction
    State state = State::NONE;
    std::list<LlcPdu> queue;           ///< PDUs that have not come to their end
    std::size_t inTransfer = 0;        ///< how many of them, from the first on, the RLC has taken
    std::unique_ptr<RlcTransfer> rlc;  ///< while active
    std::size_t place = 0;             ///< among the active TBFs of the cell
    uint32_t serial = 0;               ///< tells this TBF from earlier ones; 0 if it is not active
    uint32_t starts = 0;               ///< TBFs so far, in whatever cell
    bool paused = false;               ///< it gets no blocks for some time
    GprsCodingScheme scheme{};         ///< of its new blocks
    uint8_t slots = 0;                 ///< how many PDCHs it can use
    uint8_t pdchs = 0;                 ///< bit n: PDCH n is assigned
    uint8_t delayClass = 0;            ///< of the PDU that it sends, 1 to 4
    uint8_t turns = 0;                 ///< bit n: it has its turn on PDCH n
    bool acknowledgementDue = false;   ///< one is under way
    bool countdown = false;            ///< uplink: it takes no further PDUs (TS 44.060 9.3.1)
    uint8_t acknowledgementsLost = 0;  ///< in a row: N3103, N3105
    uint32_t blocksUnacknowledged = 0; ///< sent since the last acknowledgement was asked for
    uint32_t request = 0;              ///< tells an access or assignment from earlier ones
    uint8_t attempts = 0;              ///< of access or assignment, since one succeeded
    Time opened;                       ///< when the TBF became active
    Time openUntil;                    ///< until when an idle TBF is kept open
    Time lastBlock;                    ///< end of its last block
    RadioEnergyMeter* meter = nullptr; ///< of its station's energy; null: not metered

    /// A block of data or control goes @p up or down for this flow: the meter counts it.
    void Meter(bool up) const
    {
        if (meter != nullptr)
        {
            meter->CountBlock(up,
                              queue.empty() ? meter->GetPacketPurpose()
                                            : GetEnergyPurpose(queue.front()));
        }
    }

    Time flowControlled; ///< when the SGSN was last told of its bucket
    Time nextSpike;      ///< when it is paused next, if the cell has delay spikes
};

/**
 * The RLC/MAC entities of a mobile station that is, or has been, in packet transfer. A station that
 * never was has none.
 */
struct RlcEntity
{
    TemporaryBlockFlow uplink;
    TemporaryBlockFlow downlink;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TEMPORARY_BLOCK_FLOW_H
