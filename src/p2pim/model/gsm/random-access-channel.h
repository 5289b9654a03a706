// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_RANDOM_ACCESS_CHANNEL_H
#define P2PIM_RANDOM_ACCESS_CHANNEL_H

#include "ns3/callback.h"
#include "ns3/ccch-layout.h"
#include "ns3/event-id.h"
#include "ns3/gsm-radio-conditions.h"
#include "ns3/nstime.h"
#include "ns3/radio-energy-meter.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace p2pim
{

class GsmMobileStation;

/// Settings of a RACH, where the attributes of CommonControlChannel are that explain them.
struct RachSettings
{
    const uint32_t& txInteger;        ///< T
    const uint32_t& maxRetrans;       ///< M
    const Time& t3126;                ///< wait after the last CHANNEL REQUEST
    const double& captureProbability; ///< without levels
    const double& captureRatio;       ///< with levels, dB
};

/// What has happened on a RACH.
struct RachCounters
{
    uint64_t requests = 0;   ///< CHANNEL REQUESTs sent
    uint64_t collisions = 0; ///< those lost because another was in their slot
    uint64_t failures = 0;   ///< accesses given up after T3126, whose requests were all lost
    uint64_t slotsUsed = 0;  ///< slots with a request
    uint64_t captured = 0;   ///< requests decoded although another was in their slot
    uint64_t lost = 0;       ///< requests lost by radio conditions or to a cell out of service
    uint64_t unanswered = 0; ///< accesses given up after T3126 although a request was decoded
};

/**
 * The RACH of a cell: slotted ALOHA with the waits of TS 44.018 3.3.1.1.2. A CHANNEL REQUEST goes
 * into a random slot and is repeated after S to S + T - 1 slots, up to MaxRetrans times, until its
 * access ends; T3126 after the last one the access fails. The slots are those of the phone: what
 * has ended in the meantime is not sent.
 */
class RandomAccessChannel
{
  public:
    /// Called with true at the end of a slot whose request is decoded, with false at failure.
    using AccessCallback = Callback<void, bool /* decoded by the BTS */>;

    /// @param layout where the slots are; @param settings both must outlive the channel.
    RandomAccessChannel(const CcchLayout& layout, const RachSettings& settings);
    ~RandomAccessChannel();
    RandomAccessChannel(const RandomAccessChannel&) = delete;
    RandomAccessChannel& operator=(const RandomAccessChannel&) = delete;

    /**
     * @param done outcome.
     * @param ms who sends, for its radio conditions; may be null.
     * @param untilStopped whether requests are repeated until Stop(); else the first one that is
     * decoded ends the access.
     * @param meter told of each request that is sent; may be null.
     * @return the number of the access.
     */
    uint64_t Start(AccessCallback done,
                   const GsmMobileStation* ms,
                   bool untilStopped,
                   RadioEnergyMeter* meter = nullptr);
    /// Ends access @p number: the phone has its answer, or is gone.
    void Stop(uint64_t number);
    /// @param conditions of the cell; null loses nothing.
    void SetConditions(Ptr<GsmRadioConditions> conditions);
    /// @param inService whether the BTS listens.
    void SetInService(bool inService);
    /// Drops all that is under way, without callbacks.
    void Clear();
    /// @return what has happened.
    const RachCounters& GetCounters() const;
    /// @return number of streams used, from @p first on; @p capture is used for the captures.
    int64_t AssignStreams(int64_t first, int64_t capture);

  private:
    /// A phone in random access.
    struct Access
    {
        AccessCallback done;        ///< outcome
        const GsmMobileStation* ms; ///< who
        bool untilStopped;          ///< a request that is decoded is no end
        RadioEnergyMeter* meter;    ///< of who sends, or null
        bool decoded = false;       ///< a request was
        uint32_t sent = 0;          ///< CHANNEL REQUESTs sent, the one under way included
        EventId event;              ///< next request, or T3126
    };

    void SendRequest(uint64_t number, Access& access, int64_t firstSlot, uint32_t spread);
    void EndSlot(int64_t slot);
    void RepeatDecoded(uint64_t number, int64_t firstSlot);
    void FollowUp(uint64_t number, Access& access, int64_t slot, bool decoded);
    void Fail(uint64_t number);
    GsmRadioConditions::AccessBurst ReceiveBurst(uint64_t number);
    std::size_t FindDecoded(const std::vector<uint64_t>& inSlot);
    std::size_t FindCaptured(const std::vector<GsmRadioConditions::AccessBurst>& bursts);

    const CcchLayout& m_layout;
    const RachSettings& m_settings;
    Ptr<GsmRadioConditions> m_conditions;
    Ptr<UniformRandomVariable> m_spread;  ///< slots to wait
    Ptr<UniformRandomVariable> m_capture; ///< whether a request is captured, and which
    bool m_inService = true;
    uint64_t m_lastNumber = 0;
    std::unordered_map<uint64_t, Access> m_accesses;  ///< by number; looked up only
    std::map<int64_t, std::vector<uint64_t>> m_slots; ///< accesses by the slot of their request
    RachCounters m_counters;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_RANDOM_ACCESS_CHANNEL_H
