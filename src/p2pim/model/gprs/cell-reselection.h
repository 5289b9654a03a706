// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CELL_RESELECTION_H
#define P2PIM_CELL_RESELECTION_H

#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/gsm-cell.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/mobility-model.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Phones that go from cell to cell on their own (TS 43.022, network control order NC0), both their
 * sides together.
 *
 * As a process: a phone stays in a cell for an exponentially distributed time. By mobility: a phone
 * that has a MobilityModel and moves compares, once in a MeasurementPeriod, the mean C/(I+N) of its
 * cell with that of the cell's neighbours, the nearest ones by position, in place of the received
 * levels of TS 45.008 6.6.2; conditions that know no levels (ConstantRadioConditions) move nobody.
 * A neighbour is taken that has been better by the hysteresis for PersistenceTime. A phone that
 * stands still has no event.
 *
 * A reselection interrupts both sides while the phone reads the new cell's system information. A
 * phone that is off, out of coverage, or has an RR connection stays where it is.
 */
class CellReselection : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    CellReselection();
    ~CellReselection() override;

    /// Which cell a phone goes to that follows the process.
    enum Choice : uint8_t
    {
        RANDOM, ///< any other
        NEXT    ///< the one after its own, round in a circle
    };

    /**
     * @param gsm the cells' circuit-switched side.
     * @param gprs their packet-switched side, in the same order.
     */
    void SetCells(const std::vector<Ptr<GsmCell>>& gsm, const std::vector<Ptr<GprsCell>>& gprs);

    /**
     * Drives a phone from now on. Its MobilityModel is aggregated to it before.
     *
     * @param phone a node with a GsmMobileStation and a GprsMobileStation, in one of the cells.
     * @param stream the number of its random stream.
     */
    void Drive(Ptr<Node> phone, int64_t stream);

    /**
     * A phone that is driven reselects now, if it may.
     *
     * @param phone the phone.
     * @param cell the place of the new cell among those of SetCells().
     * @return whether it does.
     */
    bool Reselect(Ptr<Node> phone, uint32_t cell);

    /// Leaves all phones where they are from now on; what has begun comes to its end.
    void Stop();

    /// @return how many reselections there were, and what for, for the results.
    CounterList GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    /// A phone that is driven.
    struct Phone
    {
        uint32_t node = 0;
        Ptr<GsmMobileStation> gsm;
        Ptr<GprsMobileStation> gprs;
        Ptr<MobilityModel> mobility; ///< or null
        Ptr<UniformRandomVariable> random;
        uint32_t cell = 0;                 ///< its place
        std::optional<uint32_t> candidate; ///< a better cell
        Time betterSince;                  ///< since when
        std::optional<Time> reselected;    ///< last
        EventId process;
        EventId measurement;
        EventId entry; ///< end of the interruption
    };

    bool Reselect(Phone& phone, uint32_t cell);
    void Enter(Phone* phone);
    void PlanProcess(Phone& phone);
    void FollowProcess(Phone* phone);
    void CourseChanged(Phone* phone, Ptr<const MobilityModel> mobility);
    void PlanMeasurement(Phone& phone, Time wait);
    void Measure(Phone* phone);
    /// @return the best neighbour, if one is so much better that the phone may take it.
    std::optional<uint32_t> FindBetter(const Phone& phone);
    /// @return mean C/(I+N) of a cell, dB, if it is known.
    std::optional<double> GetLevel(const Phone& phone, uint32_t cell) const;
    /// @return how much better a cell has to be, dB.
    double GetMargin(const Phone& phone, uint32_t cell) const;
    const std::vector<uint32_t>& GetNeighbours(uint32_t cell);

    // attributes
    Time m_meanInterval;
    Choice m_choice;
    Time m_measurementPeriod;
    Time m_persistenceTime;
    double m_hysteresis;   ///< dB
    double m_minimumLevel; ///< dB
    uint32_t m_neighbourCount;
    bool m_nacc;
    Ptr<RandomVariableStream> m_readingTime;     ///< s
    Ptr<RandomVariableStream> m_naccReadingTime; ///< s

    std::vector<Ptr<GsmCell>> m_gsmCells;
    std::vector<Ptr<GprsCell>> m_gprsCells;
    std::vector<std::vector<uint32_t>> m_neighbours;       ///< by cell; made when first asked for
    std::unordered_map<const GsmCell*, uint32_t> m_places; ///< looked up only
    std::unordered_map<uint32_t, std::size_t> m_byNode;    ///< looked up only
    std::vector<std::unique_ptr<Phone>> m_phones;
    uint64_t m_reselections = 0;
    uint64_t m_refused = 0;
    Time m_interrupted;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_CELL_RESELECTION_H
