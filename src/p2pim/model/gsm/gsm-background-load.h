// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GSM_BACKGROUND_LOAD_H
#define P2PIM_GSM_BACKGROUND_LOAD_H

#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/immediate-assignment-procedure.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

class GsmCell;

/**
 * What else goes on in a cell: Poisson voice calls and location updates by phones that are not
 * simulated one by one. Each is a random access of its own through RACH, AGCH and the pool of
 * SDCCHs, and a call then needs a TCH for its duration. Rates of 0 cost no event.
 */
class GsmBackgroundLoad : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    GsmBackgroundLoad();
    ~GsmBackgroundLoad() override;

    /// @param cell the cell; owns the load.
    void SetCell(GsmCell* cell);
    /// From now on there are arrivals. The cell is set; a second call does nothing.
    void Start();
    /**
     * Many phones update their location at once, as when a train crosses a boundary.
     *
     * @param phones how many.
     */
    void UpdateLocations(uint32_t phones);

    /// @return offered, blocked and given-up calls and updates, and requests repeated.
    CounterList GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return the number of streams used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    /// What is counted for calls and for location updates.
    struct Counters
    {
        uint64_t offered = 0;  ///< arrivals
        uint64_t blocked = 0;  ///< lost since there was no SDCCH, retries included
        uint64_t failed = 0;   ///< lost to random access failure
        uint64_t accesses = 0; ///< requests for a channel
    };

    /// Arrivals of one kind.
    struct Source
    {
        EstablishmentCause cause;          ///< of their CHANNEL REQUESTs
        double rate;                       ///< arrivals an hour
        EventId next;                      ///< next arrival
        Ptr<RandomVariableStream> holding; ///< time on the SDCCH, s
        Counters counters;
    };

    void SetCallRate(double rate);
    double GetCallRate() const;
    void SetLocationUpdateRate(double rate);
    double GetLocationUpdateRate() const;
    void SetCallSetupTime(Ptr<RandomVariableStream> time);
    Ptr<RandomVariableStream> GetCallSetupTime() const;
    void SetLocationUpdateTime(Ptr<RandomVariableStream> time);
    Ptr<RandomVariableStream> GetLocationUpdateTime() const;
    void SetRate(Source& source, double rate);
    void PlanArrival(Source& source);
    void HandleArrival(Source& source);
    void RequestChannel(Source& source, uint32_t attempt);
    void HandleAnswer(Source& source, uint32_t attempt, const ChannelAnswer& answer);
    void Finish(Source& source, Sdcch& channel, uint64_t seizure);
    void StartConversation();
    void ReleaseIfHeld(Sdcch& channel, uint64_t seizure);

    GsmCell* m_cell = nullptr;
    bool m_started = false;
    uint32_t m_retries;
    uint32_t m_burstSize;
    Time m_burstTime;
    Ptr<RandomVariableStream> m_callDuration; ///< s
    Ptr<ExponentialRandomVariable> m_interval;
    Source m_calls{EstablishmentCause::ORIGINATING_CALL, 0, {}, nullptr, {}};
    Source m_updates{EstablishmentCause::LOCATION_UPDATING, 0, {}, nullptr, {}};
    EventId m_burst;
    uint64_t m_callsWithoutTch = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GSM_BACKGROUND_LOAD_H
