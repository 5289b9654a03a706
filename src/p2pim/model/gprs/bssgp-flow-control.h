// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_BSSGP_FLOW_CONTROL_H
#define P2PIM_BSSGP_FLOW_CONTROL_H

#include "ns3/llc.h"
#include "ns3/nstime.h"

#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// A bucket as the BSS tells it: what may be on its way, and how fast that goes out.
struct BssgpBucket
{
    uint32_t size = 0;     ///< Bmax, octets
    double leakRate = 0;   ///< R, octets/s
    double fullRatio = -1; ///< how full the BSS finds it, of its size; below 0: not told
};

/// FLOW-CONTROL-BVC (TS 48.018 10.4.4).
struct FlowControlBvc
{
    BssgpBucket bvc;
    BssgpBucket defaultMs; ///< of each station that has none of its own
};

/// What an SGSN has chosen for its part of flow control.
struct BssgpFlowControlSettings
{
    uint32_t queueOctets = 65536;  ///< most that are held back of a station's
    Time msValidity = Seconds(60); ///< Th: how long the values of a FLOW-CONTROL-MS hold
};

/**
 * The SGSN's side of BSSGP flow control in one cell, a BVC (TS 48.018 8.2): LLC PDUs go to the BSS
 * as the leaky buckets of their station and of the cell take them, and wait here otherwise.
 *
 * A bucket fills by the octets that are passed and leaks at R; a PDU that would make it run over
 * waits until it would not. One that is larger than the bucket waits until that is empty. Stations
 * whose own bucket has room take turns at that of the cell, those with PDUs of a better delay class
 * first. The PDUs of a station stay in order.
 *
 * No events inside: the owner gives the time and asks for the deadline, which there is only while
 * something waits.
 */
class BssgpFlowControl
{
  public:
    /// What may go now.
    struct Passed
    {
        uint64_t imsi;
        LlcPdu pdu;
    };

    /// @param settings the owner's.
    explicit BssgpFlowControl(const BssgpFlowControlSettings& settings);

    /// FLOW-CONTROL-BVC arrives.
    void ReceiveBvc(Time now, const FlowControlBvc& message);
    /// FLOW-CONTROL-MS arrives.
    void ReceiveMs(Time now, uint64_t imsi, const BssgpBucket& message);
    /// LLC-DISCARDED arrives: @p octets have left the BSS another way (10.4.3).
    void ReceiveDiscarded(Time now, uint64_t imsi, uint32_t octets);

    /**
     * Takes a PDU for a station; Serve() passes it when its time has come.
     *
     * @return whether there was room for it.
     */
    bool Submit(Time now, uint64_t imsi, LlcPdu pdu);

    /**
     * @param now the time.
     * @param expired set to the PDUs whose lifetime is over.
     * @return what is to be passed now.
     */
    std::vector<Passed> Serve(Time now, std::vector<LlcPdu>& expired);

    /// @return when to call Serve(); Time::Max() if nothing waits.
    Time GetDeadline(Time now) const;

    /// Takes away what is held for a station, which has left the cell.
    std::list<LlcPdu> Remove(uint64_t imsi);
    /// Takes away all that is held, and forgets what the BSS has said of stations.
    std::vector<LlcPdu> Clear();

    /// @return octets that are held.
    uint64_t GetOctets() const;

  private:
    static constexpr std::size_t DELAY_CLASSES = 4;

    /// A leaky bucket.
    struct Bucket
    {
        BssgpBucket limits;
        double level = 0; ///< octets, at the time of last
        Time last;

        double GetLevel(Time now) const;
        /// When @p octets go in without making it run over.
        Time GetTime(Time now, uint32_t octets) const;
        void Add(Time now, double octets);
        void Change(Time now, const BssgpBucket& limits);
    };

    /// Whether a station has PDUs that wait, and for what.
    enum class Wait : uint8_t
    {
        NONE,
        MS, ///< for its own bucket: in m_sleeping
        BVC ///< for that of the cell: in m_ready
    };

    /// What is held for a station.
    struct Station
    {
        Bucket bucket;
        Time ownUntil; ///< until when its bucket is that of a FLOW-CONTROL-MS
        std::list<LlcPdu> queue;
        uint32_t octets = 0;
        Wait wait = Wait::NONE;
        Time conforms;                       ///< of MS
        uint8_t delayClass{};                ///< of BVC
        std::list<uint64_t>::iterator place; ///< in m_ready
    };

    using Entry = std::pair<const uint64_t, Station>;

    Entry& GetEntry(Time now, uint64_t imsi);
    void StartWaiting(Time now, Entry& entry);
    void StopWaiting(Entry& entry);
    void Reconsider(Time now, Entry& entry);
    void DropExpired(Time now, Station& station, std::vector<LlcPdu>& expired);
    /// @return whose turn it is at the bucket of the cell.
    std::optional<uint64_t> GetFirstReady() const;
    LlcPdu Pop(Station& station);

    const BssgpFlowControlSettings& m_settings;
    Bucket m_bvc;
    BssgpBucket m_defaultMs;
    std::map<uint64_t, Station> m_stations;                 ///< by IMSI
    std::set<std::pair<Time, uint64_t>> m_sleeping;         ///< for their own buckets
    std::array<std::list<uint64_t>, DELAY_CLASSES> m_ready; ///< in turn
    uint64_t m_octets = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_BSSGP_FLOW_CONTROL_H
