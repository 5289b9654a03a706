// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GSM_CELL_H
#define P2PIM_GSM_CELL_H

#include "ns3/common-control-channel.h"
#include "ns3/counter-list.h"
#include "ns3/dedicated-channel-pool.h"
#include "ns3/event-id.h"
#include "ns3/gsm-background-load.h"
#include "ns3/gsm-radio-conditions.h"
#include "ns3/immediate-assignment-procedure.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/paging-procedure.h"
#include "ns3/random-variable-stream.h"
#include "ns3/rr-messages.h"
#include "ns3/sdcch.h"
#include "ns3/traced-callback.h"
#include "ns3/vector.h"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace p2pim
{

class GsmMobileStation;
class MscVlr;
class PacketBss;

/**
 * One cell: a BTS with its CCCH, a pool of SDCCHs and one of TCHs, and the BSC's part in access,
 * assignment, paging and release (TS 44.018 3.3, 3.4.13).
 */
class GsmCell : public Object, private DedicatedChannelUser
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    GsmCell();
    ~GsmCell() override;

    /// TracedCallback signature of the trace source LapdmFrame.
    typedef void (*LapdmFrameTracedCallback)(bool uplink, int64_t frame, const L2Block& block);
    /// TracedCallback signature of the trace source DedicatedBlock.
    typedef void (*DedicatedBlockTracedCallback)(const Sdcch& channel,
                                                 bool uplink,
                                                 int64_t frame,
                                                 const L2Block& block);
    /// TracedCallback signature of the trace source Layer3.
    typedef void (*Layer3TracedCallback)(bool uplink,
                                         uint8_t sapi,
                                         const std::vector<uint8_t>& message);
    /// TracedCallback signature of the trace source AgchBlock.
    typedef void (*AgchBlockTracedCallback)(const L2Block& block);

    /// @param msc the MSC that serves the cell.
    void SetMsc(Ptr<MscVlr> msc);
    /// @return the MSC that serves the cell.
    Ptr<MscVlr> GetMsc() const;
    /// @param packets the packet side of the cell's BSS; null: it has none.
    void SetPacketBss(PacketBss* packets);
    /// @return it, or null.
    PacketBss* GetPacketBss() const;
    /// @return the cell's CCCH.
    Ptr<CommonControlChannel> GetCcch() const;
    /// @return the load by phones that are not simulated; it starts when the MSC is set.
    Ptr<GsmBackgroundLoad> GetBackgroundLoad() const;
    /// @param conditions what the radio links do, instead of those that RadioConditions names.
    void SetRadioConditions(Ptr<GsmRadioConditions> conditions);
    /// @return what the radio links do.
    Ptr<GsmRadioConditions> GetRadioConditions() const;
    /**
     * A fault of the cell, or its end. Out of service all channels fall silent at once: their layer
     * 3 is told by LapdmPrimitive::ERROR_INDICATION of SAPI 0, the phones are not told; requests,
     * paging and what waits for the AGCH are lost. T3113 goes on, so that the MSC learns of no
     * paging response.
     *
     * @param inService whether it works.
     */
    void SetInService(bool inService);
    /// @return whether the cell works.
    bool IsInService() const;

    /**
     * A phone camps on the cell and listens to its paging group.
     *
     * @param imsi the phone.
     * @param ms the phone.
     */
    void Camp(uint64_t imsi, GsmMobileStation* ms);
    /// A phone listens no more: @p imsi.
    void Leave(uint64_t imsi);

    /**
     * A phone starts random access for an SDCCH. It is answered by one of
     * GsmMobileStation::ReceiveImmediateAssignment, ReceiveAssignmentReject and AccessFailed.
     *
     * @param ms the phone.
     * @param cause the establishment cause of its CHANNEL REQUEST.
     */
    void RequestChannel(Ptr<GsmMobileStation> ms, EstablishmentCause cause);
    /**
     * A random access for an SDCCH by what is no GsmMobileStation.
     *
     * @param cause the establishment cause of its CHANNEL REQUEST.
     * @param done called with the answer.
     */
    void RequestChannel(EstablishmentCause cause, ChannelCallback done);

    /**
     * Takes a TCH/F for a call. The channel stands for the TCH and carries LAPDm on its SACCH: the
     * caller sets its users by Sdcch::SetNetwork() and TuneIn(), and gives it back by
     * ReleaseChannel().
     *
     * @param ms the phone, for its radio conditions; may be null.
     * @return the channel, or null if all are taken or the cell is out of service.
     */
    Sdcch* AllocateTrafficChannel(const GsmMobileStation* ms = nullptr);
    /// The background load holds @p channel.
    void SeizeForLoad(Sdcch& channel);

    /**
     * Pages a phone until StopPaging(), at most PagingAttempts times, T3113 apart. Then the MSC is
     * told that there was no response (MscVlr::NoPagingResponse).
     *
     * @param imsi the phone.
     * @param wait the MSC's processing time.
     * @param tmsi its TMSI, used when PageByTmsi is set.
     */
    void StartPaging(uint64_t imsi, Time wait, std::optional<uint32_t> tmsi = std::nullopt);
    /// Ends the paging of @p imsi: it has answered, or the MSC has lost interest.
    void StopPaging(uint64_t imsi);

    /**
     * The network's end of a connection is over: the channel returns to its pool after T3111.
     *
     * @param channel one of the cell's SDCCHs or TCHs.
     */
    void ReleaseChannel(Sdcch& channel);

    /// @return the time that an L3 message takes between BTS and MSC, one way.
    Time GetTransitTime() const;
    /// @return the cell's location area code; each cell is a location area.
    uint16_t GetLocationAreaCode() const;
    /// @return whether phones say when they are switched on and off (ATT, TS 44.018 10.5.2.11).
    bool HasImsiAttachDetach() const;
    /// @return T3212: how often a phone updates its location; 0: never.
    Time GetT3212() const;
    /// @return T3111: how long a channel rests before it is free again.
    Time GetT3111() const;

    /// @return seizures, blocked requests, SDCCH seconds, pagings, RACH requests and collisions.
    CounterList GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return the number of streams used, those of the CCCH included.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    void HandleLink(Sdcch& channel, const LapdmIndication& indication) override;
    void AnswerPhone(GsmMobileStation& ms, const ChannelAnswer& answer);
    void DeliverPaging(uint64_t imsi);
    void FailPaging(uint64_t imsi);
    bool PageOnPacch(uint64_t imsi, Time wait);
    void CreatePools();
    DedicatedChannelPool& GetPool(const Sdcch& channel);
    void SilencePool(const DedicatedChannelPool& pool);
    bool SetRadioConditionsByName(const std::string& description);
    std::string GetRadioConditionsName() const;
    void SetPosition(const Vector& position);
    Vector GetPosition() const;

    uint32_t m_sdcchCount;
    double m_frameErasureRate;
    uint32_t m_t200Sapi0;
    uint32_t m_t200Sapi3;
    uint32_t m_n200;
    uint32_t m_n200Establish;
    Time m_bscProcessingTime;
    Time m_transitTime;
    Time m_t3101;
    Time m_t3111;
    Time m_t3113;
    Time m_t3122;
    Time m_t3212;
    bool m_imsiAttachDetach;
    uint16_t m_locationAreaCode;
    uint32_t m_pagingAttempts;
    bool m_pageByTmsi;
    uint32_t m_t200Sacch;
    uint32_t m_sdcchQueueLimit;
    Time m_sdcchQueueTime;
    uint32_t m_tchCount;
    std::string m_conditionsName;
    Vector m_position;

    Ptr<MscVlr> m_msc;
    PacketBss* m_packets = nullptr;
    Ptr<CommonControlChannel> m_ccch;
    Ptr<GsmBackgroundLoad> m_load;
    Ptr<GsmRadioConditions> m_conditions;
    bool m_inService = true;
    Ptr<UniformRandomVariable> m_erasure;
    SdcchEnvironment::FrameTrace m_frameTrace;
    SdcchEnvironment::FrameTrace m_sacchTrace;
    SdcchEnvironment::BlockTrace m_blockTrace;
    SdcchEnvironment::Layer3Trace m_layer3Trace;
    SdcchEnvironment m_environment;
    DedicatedChannelPool m_sdcchs;
    DedicatedChannelPool m_tchs;
    TracedCallback<const L2Block&> m_agchTrace; ///< AGCH blocks as sent
    ImmediateAssignmentSettings m_assignmentSettings;
    ImmediateAssignmentProcedure m_assignment;
    PagingProcedure m_paging;
    std::unordered_map<uint64_t, GsmMobileStation*> m_camped; ///< by IMSI; looked up only
    std::unordered_map<uint64_t, uint64_t> m_requests; ///< phones' requests by IMSI; looked up only

    uint64_t m_tchBlocked = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GSM_CELL_H
