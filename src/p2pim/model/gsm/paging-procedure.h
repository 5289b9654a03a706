// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PAGING_PROCEDURE_H
#define P2PIM_PAGING_PROCEDURE_H

#include "ns3/callback.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/paging-channel.h"

#include <cstdint>
#include <optional>
#include <unordered_map>

namespace ns3
{
namespace p2pim
{

/**
 * The BSC's part in paging (TS 44.018 3.3.2): a PAGING REQUEST on PCH or PACCH, repeated each T3113
 * until Stop(), at most PagingAttempts in all. One that still waits for its block then is not
 * queued again.
 */
class PagingProcedure
{
  public:
    /// Called with the IMSI of a phone.
    using PhoneCallback = Callback<void, uint64_t>;
    /// Called with the IMSI of a phone and the time until it may be paged; returns whether the
    /// PACCH does it.
    using PacchCallback = Callback<bool, uint64_t, Time>;

    /**
     * @param pch the cell's PCH.
     * @param t3113 from one PAGING REQUEST to the next.
     * @param attempts most PAGING REQUESTs. All must outlive the procedure.
     * @param pacch called for each PAGING REQUEST: a phone in packet transfer may be paged there.
     * @param paged called when a block has named the phone.
     * @param failed called when it has not answered.
     */
    PagingProcedure(PagingChannel& pch,
                    const Time& t3113,
                    const uint32_t& attempts,
                    PacchCallback pacch,
                    PhoneCallback paged,
                    PhoneCallback failed);
    ~PagingProcedure();
    PagingProcedure(const PagingProcedure&) = delete;
    PagingProcedure& operator=(const PagingProcedure&) = delete;

    /// Pages @p imsi, by @p tmsi if there is one, after @p wait.
    void Start(uint64_t imsi, std::optional<uint32_t> tmsi, Time wait);
    /// Ends the paging of @p imsi.
    void Stop(uint64_t imsi);
    /// What waited on the PCH was dropped: the cell is out of service.
    void NotifyDropped();
    /// Ends all paging, without callbacks.
    void Clear();

    /// @return PAGING REQUESTs queued or dropped.
    uint64_t GetSent() const;
    /// @return pagings without an answer.
    uint64_t GetFailed() const;

  private:
    /// A paging that waits for its response.
    struct Paging
    {
        std::optional<uint32_t> tmsi; ///< paged by it, if there is one
        uint32_t attempts = 0;        ///< PAGING REQUESTs queued
        bool queued = false;          ///< the last one has not been sent yet
        EventId t3113;                ///< repeats or gives up
    };

    void SendRequest(uint64_t imsi, Time wait);
    void NotifySent(uint64_t imsi);
    void ExpireT3113(uint64_t imsi);

    PagingChannel& m_pch;
    const Time& m_t3113;
    const uint32_t& m_attempts;
    PacchCallback m_pacch;
    PhoneCallback m_paged;
    PhoneCallback m_failed;
    std::unordered_map<uint64_t, Paging> m_pagings; ///< by IMSI; looked up only
    uint64_t m_sentCount = 0;
    uint64_t m_failedCount = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PAGING_PROCEDURE_H
