// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GSM_CELL_H
#define P2PIM_GSM_CELL_H

#include "ns3/common-control-channel.h"
#include "ns3/counter-list.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/rr-messages.h"
#include "ns3/sdcch.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace p2pim
{

class GsmMobileStation;
class MscVlr;

/**
 * One cell: a BTS with its CCCH and a pool of SDCCHs, and the BSC's part in access, assignment,
 * paging and release (TS 44.018 3.3, 3.4.13).
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
    /// @return the cell's CCCH.
    Ptr<CommonControlChannel> GetCcch() const;

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
     * Pages a phone until StopPaging(), at most PagingAttempts times, T3113 apart. Then the MSC is
     * told that there was no response (MscVlr::NoPagingResponse).
     *
     * @param imsi the phone.
     * @param wait the MSC's processing time.
     */
    void StartPaging(uint64_t imsi, Time wait);
    /// Ends the paging of @p imsi: it has answered, or the MSC has lost interest.
    void StopPaging(uint64_t imsi);

    /**
     * The network's end of a connection is over: the channel returns to the pool after T3111.
     *
     * @param channel one of the cell's SDCCHs.
     */
    void ReleaseChannel(Sdcch& channel);

    /// @return the time that an L3 message takes between BTS and MSC, one way.
    Time GetTransitTime() const;
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
    /// A paging that waits for its response.
    struct Paging
    {
        uint32_t attempts = 0; ///< PAGING REQUESTs queued
        EventId t3113;         ///< repeats or gives up
    };

    /// An SDCCH given out that waits for its first SABM.
    struct Assigned
    {
        Sdcch* channel;   ///< the channel
        uint64_t seizure; ///< its seizure, to tell it from a later one
        Time t3101;       ///< when the BSC takes it back
    };

    /// An SDCCH that is free from some time on.
    struct Free
    {
        Sdcch* channel; ///< the channel
        Time since;     ///< end of T3111
    };

    /// What an assignment on its way to a phone needs.
    struct Grant
    {
        Ptr<GsmMobileStation> ms; ///< the phone
        Sdcch* channel;           ///< its channel
        uint64_t seizure;         ///< the channel's seizure
        L2Block block;            ///< IMMEDIATE ASSIGNMENT
    };

    void HandleLink(Sdcch& channel, const LapdmIndication& indication) override;
    void AssignChannel(Ptr<GsmMobileStation> ms, EstablishmentCause cause, bool decoded);
    void DeliverAssignment(const Grant& grant);
    void DeliverReject(Ptr<GsmMobileStation> ms, const L2Block& block);
    void SendPagingRequest(uint64_t imsi, Time wait);
    void DeliverPaging(uint64_t imsi);
    void ExpireT3113(uint64_t imsi);
    Sdcch* Allocate();
    void ReclaimUnused();
    void Count(const Sdcch& channel, Time end);
    void CreatePool();

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
    uint32_t m_pagingAttempts;

    Ptr<MscVlr> m_msc;
    Ptr<CommonControlChannel> m_ccch;
    Ptr<UniformRandomVariable> m_erasure;
    SdcchEnvironment::FrameTrace m_frameTrace;
    SdcchEnvironment::Layer3Trace m_layer3Trace;
    SdcchEnvironment m_environment;
    std::vector<std::unique_ptr<Sdcch>> m_pool;
    std::deque<Free> m_free;         ///< by the time since when each is free
    std::deque<Assigned> m_assigned; ///< by T3101's end
    std::unordered_map<uint64_t, GsmMobileStation*> m_camped;
    std::unordered_map<uint64_t, Paging> m_pagings;

    uint64_t m_seizures = 0;
    uint64_t m_blocked = 0;
    uint64_t m_unused = 0;
    uint64_t m_pagingsSent = 0;
    uint64_t m_pagingsFailed = 0;
    Time m_sdcchTime; ///< holding time of all finished seizures

    TracedCallback<const L2Block&> m_agchTrace; ///< AGCH blocks as sent
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GSM_CELL_H
