// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_OPERATORS_H
#define P2PIM_OPERATORS_H

#include "ns3/cellular-network.h"
#include "ns3/counter-list.h"
#include "ns3/internet.h"
#include "ns3/network-faults.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The operators of a run: a CellularNetwork each, all attached to one Internet, their signalling
 * networks joined, so that each SMSC finds the HLR of every number. Each operator is made with its
 * OperatorDefaults, and has NetworkFaults of its own.
 */
class Operators
{
  public:
    /// @param count how many there are, 1 to OperatorDefaults::MAX_OPERATORS.
    explicit Operators(uint32_t count);
    ~Operators();
    Operators(const Operators&) = delete;
    Operators& operator=(const Operators&) = delete;

    /// @return the operators' networks, the first operator's first.
    const std::vector<Ptr<CellularNetwork>>& GetNetworks() const;
    /// @return what joins them.
    Ptr<Internet> GetInternet() const;

    /// From now on there are faults.
    void StartFaults();

    /// @return the counters of every element; its name begins with "operator-N/" if there are
    /// several operators. Those of faults only where there are any.
    std::vector<std::pair<std::string, CounterList>> GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  private:
    Ptr<Internet> m_internet;
    std::vector<Ptr<CellularNetwork>> m_networks;
    std::vector<Ptr<NetworkFaults>> m_faults; ///< by operator
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_OPERATORS_H
