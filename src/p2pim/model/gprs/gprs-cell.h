// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_CELL_H
#define P2PIM_GPRS_CELL_H

#include "ns3/common-control-channel.h"
#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/llc.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <array>
#include <cstdint>
#include <list>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

class GprsMobileStation;
class Sgsn;

/**
 * One direction of a mobile station's RLC/MAC: the LLC PDUs that wait, and the temporary block flow
 * (TBF) that carries them.
 */
struct BlockFlow
{
    /// Where the TBF stands.
    enum class State : uint8_t
    {
        NONE,      ///< no TBF, or one that may still be open without data: see openUntil
        REQUESTED, ///< access or assignment is under way
        ACTIVE,    ///< has its turn in the rotation of its PDCHs
    };

    GprsMobileStation* ms = nullptr; ///< whose it is
    std::list<LlcPdu> queue;         ///< what waits; the first is being sent
    uint32_t headOctetsLeft = 0;     ///< octets of the first PDU not yet sent
    State state = State::NONE;
    uint8_t pdchs = 0; ///< bit n: PDCH n is assigned
    Time opened;       ///< when the TBF became active
    Time openUntil;    ///< until when an idle TBF is kept open
    Time lastBlock;    ///< end of its last block
};

/**
 * The RLC/MAC entities of a mobile station that is, or has been, in packet transfer. A station that
 * never was has none.
 */
struct RlcEntity
{
    BlockFlow uplink;
    BlockFlow downlink;
};

/**
 * The GPRS side of a cell: PDCHs, TBFs and the packet control unit (TS 44.060, TS 43.064).
 *
 * In: LLC PDUs of its stations (SendUplink) and of the SGSN (SendDownlink). Out: the same PDUs at
 * the other end, later by the access or assignment that they needed, the radio blocks they took,
 * and the Gb interface.
 *
 * Time is slotted into radio blocks of 20 ms. A tick at the start of a block period gives each
 * PDCH with a backlog to the next TBF in turn (the USF's round robin on the uplink); without a
 * backlog in the cell there is no tick. All timers that would expire for nothing (the delayed
 * release of a TBF, T3192, the non-DRX period) are compared with the time when something is to be
 * sent.
 */
class GprsCell : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    GprsCell();
    ~GprsCell() override;

    /// @param ccch the common control channels of the cell, which circuit switching shares.
    void SetCommonControlChannel(Ptr<CommonControlChannel> ccch);
    /// @param sgsn where uplink PDUs go.
    void SetSgsn(Ptr<Sgsn> sgsn);

    /**
     * Takes an LLC PDU from a station and carries it to the SGSN.
     *
     * @param ms the station.
     * @param pdu the PDU.
     */
    void SendUplink(Ptr<GprsMobileStation> ms, LlcPdu pdu);

    /**
     * Takes an LLC PDU from the SGSN, on the cell's side of Gb, and carries it to a station.
     *
     * @param ms the station.
     * @param pdu the PDU.
     */
    void SendDownlink(Ptr<GprsMobileStation> ms, LlcPdu pdu);

    /**
     * Pages a station in its paging group (packet paging on the PCH, TS 44.018 3.3.2.2).
     *
     * @param ms the station, which will answer with an uplink LLC frame.
     */
    void Page(Ptr<GprsMobileStation> ms);

    /// @return one-way delay of the Gb interface.
    Time GetGbDelay() const;

    /// @return what happened here, for the results: names and values.
    CounterList GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    static constexpr uint8_t MAX_PDCHS = 8;
    /// USF values that one PDCH can give to uplink TBFs (TS 44.060 10.4.1: 3 bits, one reserved).
    static constexpr std::size_t MAX_USF = 7;

    /// The TBFs with a backlog that take turns on one PDCH, in one direction.
    struct Rotation
    {
        std::vector<BlockFlow*> flows;
        std::size_t next = 0;
    };

    /// @return the RLC/MAC entities of @p ms, made when first used.
    RlcEntity& GetRlc(GprsMobileStation& ms);
    void Enqueue(BlockFlow& flow, LlcPdu pdu);
    /// @return whether the downlink TBF is there, with or without data.
    bool IsDownlinkOpen(const RlcEntity& rlc) const;

    // uplink access, in the order in which a station meets it
    void RequestUplink(Ptr<GprsMobileStation> ms);
    void UplinkAccessDecoded(Ptr<GprsMobileStation> ms, bool decoded);
    void ReactUplink(Ptr<GprsMobileStation> ms);
    void UplinkAssigned(Ptr<GprsMobileStation> ms);

    // downlink assignment
    void AssignDownlink(Ptr<GprsMobileStation> ms);
    void ReactDownlink(Ptr<GprsMobileStation> ms);
    void DownlinkAssigned(Ptr<GprsMobileStation> ms);

    // block scheduling
    void Activate(BlockFlow& flow, bool uplink);
    uint8_t ChoosePdchs(uint8_t slots, bool uplink) const;
    void ScheduleTick();
    void Tick();
    void SendBlock(Rotation& rotation, bool uplink);
    void DeliverHead(BlockFlow& flow, bool uplink);
    void Release(BlockFlow& flow, bool uplink);

    // attributes
    uint8_t m_pdchCount;
    uint8_t m_codingScheme;
    double m_blockErrorRate;
    Time m_pcuProcessing;
    Time m_assignmentReaction;
    Time m_pollPeriod;
    Time m_tbfReleaseDelay;
    Time m_extendedUplink;
    Time m_t3192;
    Time m_drxTimerMax;
    Time m_t3142;
    Time m_gbDelay;
    bool m_twoPhaseAccess;

    Ptr<CommonControlChannel> m_ccch;
    Ptr<Sgsn> m_sgsn;
    Ptr<UniformRandomVariable> m_blockErrors;
    std::array<Rotation, MAX_PDCHS> m_uplink;
    std::array<Rotation, MAX_PDCHS> m_downlink;
    uint32_t m_backlogged = 0; ///< flows in any rotation
    EventId m_tick;
    Time m_nextBlock; ///< end of the last block period that was scheduled

    // counters
    uint64_t m_uplinkBlocks = 0;
    uint64_t m_downlinkBlocks = 0;
    uint64_t m_erroredBlocks = 0;
    uint64_t m_uplinkTbfs = 0;
    uint64_t m_downlinkTbfs = 0;
    uint64_t m_accessRejects = 0;
    uint64_t m_packetPages = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_CELL_H
