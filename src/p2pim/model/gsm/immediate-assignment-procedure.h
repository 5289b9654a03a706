// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_IMMEDIATE_ASSIGNMENT_PROCEDURE_H
#define P2PIM_IMMEDIATE_ASSIGNMENT_PROCEDURE_H

#include "ns3/callback.h"
#include "ns3/common-control-channel.h"
#include "ns3/counter-list.h"
#include "ns3/dedicated-channel-pool.h"
#include "ns3/event-id.h"
#include "ns3/gsm-radio-conditions.h"
#include "ns3/nstime.h"
#include "ns3/rr-messages.h"
#include "ns3/traced-callback.h"

#include <array>
#include <cstdint>
#include <deque>
#include <unordered_map>

namespace ns3
{
namespace p2pim
{

class GsmMobileStation;

/// How a request for a channel has ended.
enum class ChannelOutcome : uint8_t
{
    ASSIGNED, ///< IMMEDIATE ASSIGNMENT
    REJECTED, ///< IMMEDIATE ASSIGNMENT REJECT: not again before T3122
    FAILED    ///< random access failure: no answer until T3126
};

/// The answer to a request for a channel.
struct ChannelAnswer
{
    ChannelOutcome outcome;   ///< what
    const L2Block* block;     ///< the message, null if there was none
    Sdcch* channel = nullptr; ///< the channel assigned
};

/// Called once with the answer.
using ChannelCallback = Callback<void, const ChannelAnswer&>;

/// Settings of the procedure, where the attributes of GsmCell are that explain them.
struct ImmediateAssignmentSettings
{
    const Time& bscProcessingTime;   ///< from a CHANNEL REQUEST to its answer in the AGCH queue
    const Time& t3101;               ///< wait for the SABM
    const Time& t3122;               ///< wait indication of a reject
    const uint32_t& sdcchQueueLimit; ///< requests that may wait for an SDCCH
    const Time& sdcchQueueTime;      ///< how long they do
};

/**
 * The immediate assignment procedure of a cell (TS 44.018 3.3.1.1): random access, an SDCCH from
 * the pool or a place in the queue for one, and the answer on the AGCH. The BSC cannot tell the
 * repetition of a CHANNEL REQUEST from the request of another phone, so each one that is decoded
 * gets an answer; the phone takes the first.
 */
class ImmediateAssignmentProcedure
{
  public:
    /// Each AGCH block at its end: its octets.
    using BlockTrace = TracedCallback<const L2Block&>;

    /**
     * @param settings the settings.
     * @param pool the SDCCHs.
     * @param network their layer 3 until the MSC takes over.
     * @param trace fired at each block. All must outlive the procedure.
     */
    ImmediateAssignmentProcedure(const ImmediateAssignmentSettings& settings,
                                 DedicatedChannelPool& pool,
                                 DedicatedChannelUser& network,
                                 BlockTrace& trace);
    ~ImmediateAssignmentProcedure();
    ImmediateAssignmentProcedure(const ImmediateAssignmentProcedure&) = delete;
    ImmediateAssignmentProcedure& operator=(const ImmediateAssignmentProcedure&) = delete;

    /// @param ccch the cell's CCCH; null drops all that is under way.
    void SetCcch(Ptr<CommonControlChannel> ccch);
    /// @param conditions the cell's radio conditions.
    void SetConditions(Ptr<GsmRadioConditions> conditions);

    /**
     * Starts a request.
     *
     * @param cause its establishment cause.
     * @param ms who asks; null for a source of load that is no phone.
     * @param done called with the answer.
     * @return the number of the request.
     */
    uint64_t Start(EstablishmentCause cause, const GsmMobileStation* ms, ChannelCallback done);
    /// The phone asks no more and takes no answer: drops request @p number.
    void Abandon(uint64_t number);
    /// A channel was released: those that wait may have it when it is free.
    void FollowRelease();
    /// The cell is out of service: drops the queue for SDCCHs.
    void DropQueue();
    /// @return requests decoded and blocked, by cause, and what the queue has seen.
    CounterList GetCounters() const;
    /// @return requests that found no SDCCH.
    uint64_t GetBlocked() const;

  private:
    static constexpr std::size_t CAUSES = 4;

    /// A phone that has no answer yet.
    struct Access
    {
        EstablishmentCause cause;   ///< why
        const GsmMobileStation* ms; ///< who
        ChannelCallback done;       ///< outcome
        uint64_t rachNumber;        ///< its random access
    };

    /// A CHANNEL REQUEST that the BSC has received.
    struct Request
    {
        uint64_t number;            ///< whose
        EstablishmentCause cause;   ///< why
        RequestReference reference; ///< how an answer names it
        Time deadline;              ///< end of its time in the queue
    };

    /// An assignment on its way to a phone.
    struct Grant
    {
        uint64_t number;  ///< whose
        Sdcch* channel;   ///< its channel
        uint64_t seizure; ///< the channel's seizure
        L2Block block;    ///< IMMEDIATE ASSIGNMENT
    };

    static std::size_t GetIndex(EstablishmentCause cause);
    void HandleRequest(uint64_t number, bool decoded);
    void GiveChannel(const Request& request, Sdcch& channel);
    void RejectRequest(const Request& request);
    void DeliverAssignment(const Grant& grant);
    void DeliverReject(uint64_t number, const L2Block& block, std::size_t place);
    bool IsLost(uint64_t number);
    void Finish(uint64_t number, const ChannelAnswer& answer);
    void PlanQueue();
    void ServeQueue();

    const ImmediateAssignmentSettings& m_settings;
    DedicatedChannelPool& m_pool;
    DedicatedChannelUser& m_network;
    BlockTrace& m_trace;
    Ptr<CommonControlChannel> m_ccch;
    Ptr<GsmRadioConditions> m_conditions;
    uint64_t m_lastNumber = 0;
    std::unordered_map<uint64_t, Access> m_open; ///< by number; looked up only
    std::deque<Request> m_queue;                 ///< first in, first out
    EventId m_queueEvent;
    std::array<uint64_t, CAUSES> m_requests{};
    std::array<uint64_t, CAUSES> m_blocked{};
    uint64_t m_queued = 0;
    uint64_t m_lost = 0;
    Time m_queueTime;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_IMMEDIATE_ASSIGNMENT_PROCEDURE_H
