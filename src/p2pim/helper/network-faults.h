// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NETWORK_FAULTS_H
#define P2PIM_NETWORK_FAULTS_H

#include "ns3/cellular-network.h"
#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Outages of a network's elements: each element fails by a Poisson process of a rate and comes back
 * after a random time. The SMSC crashes and restarts. A rate of 0 costs no event.
 */
class NetworkFaults : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    NetworkFaults();
    ~NetworkFaults() override;

    /// From now on there are faults in a @p network that has been built.
    void Start(Ptr<CellularNetwork> network);

    /// @return whether elements may fail, once started.
    bool HasAny() const;
    /// @return outages and seconds out of service by kind of element.
    CounterList GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    /// A kind of element.
    enum KindIndex : uint8_t
    {
        CELL,
        MSC,
        HLR,
        SMSC,
        SGSN,
        GGSN,
        KINDS
    };

    /// How elements of one kind fail.
    struct Kind
    {
        double rate = 0;                       ///< outages an hour
        Ptr<RandomVariableStream> duration;    ///< of an outage, s
        Ptr<ExponentialRandomVariable> random; ///< draws of the intervals
        uint64_t outages = 0;                  ///< so far
        Time down;                             ///< planned time out of service, all added up
    };

    /// An element that may fail.
    struct Element
    {
        Kind* kind;                           ///< which
        std::function<void(bool)> setService; ///< puts it out of service, or back
        EventId next;                         ///< its next change
    };

    template <KindIndex K>
    void SetRate(double rate);
    template <KindIndex K>
    double GetRate() const;
    template <KindIndex K>
    void SetDuration(Ptr<RandomVariableStream> duration);
    template <KindIndex K>
    Ptr<RandomVariableStream> GetDuration() const;
    template <KindIndex K>
    static TypeId AddAttributes(TypeId tid, const char* name, const char* what);

    void AddElement(KindIndex kind, std::function<void(bool)> setService);
    void PlanOutage(std::size_t index);
    void Fail(std::size_t index);
    void Repair(std::size_t index);

    std::array<Kind, KINDS> m_kinds;
    std::vector<Element> m_elements;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NETWORK_FAULTS_H
