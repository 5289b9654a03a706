// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SERVER_PROCESSING_H
#define P2PIM_SERVER_PROCESSING_H

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"

#include <functional>
#include <list>

namespace ns3
{
namespace p2pim
{

/**
 * The time that a server takes for what has arrived. The server is no bottleneck: arrivals are
 * processed side by side, each for a time of its own, but come out in their order.
 */
class ServerProcessing
{
  public:
    ServerProcessing() = default;
    ~ServerProcessing();
    ServerProcessing(const ServerProcessing&) = delete;
    ServerProcessing& operator=(const ServerProcessing&) = delete;

    /// @param time the processing time, s; null for none.
    void SetTime(Ptr<RandomVariableStream> time);

    /**
     * Takes an arrival.
     *
     * @param job what is done at the end of its processing; at once if there is no time set.
     */
    void Submit(std::function<void()> job);

  private:
    /// An arrival that is being processed.
    struct Arrival
    {
        Time done;                 ///< when its processing ends
        std::function<void()> job; ///< what is done then
    };

    /// The processing of the first arrival is over.
    void HandleDone();
    void Arm();

    Ptr<RandomVariableStream> m_time;
    std::list<Arrival> m_arrivals; ///< in order of arrival
    EventId m_event;               ///< for the first of them
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SERVER_PROCESSING_H
