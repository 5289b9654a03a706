// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_MESSAGES_H
#define P2PIM_GPRS_MESSAGES_H

#include "ns3/cellular-network.h"
#include "ns3/counter-list.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Short messages to phones that use the packet bearer meanwhile, for what each costs the other.
 * Each phone has a sender of its own, a phone of class A without GPRS in the same cell, and a
 * random stream of its own. Without an interval there is neither.
 */
class GprsMessages : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    GprsMessages();
    ~GprsMessages() override;

    /**
     * Sends messages to a phone from now on.
     *
     * @param network where its sender is added.
     * @param cell the cell of both.
     * @param phone the phone.
     * @param stream the number of its random stream.
     */
    void Drive(CellularNetwork& network, uint32_t cell, Ptr<Node> phone, int64_t stream);

    /// @return messages sent and received, and their delays.
    CounterList GetCounters() const;

  protected:
    void DoDispose() override;

  private:
    /// A phone and who writes to it.
    struct Pair
    {
        Ptr<GsmMobileStation> sender;
        std::string number; ///< of the phone
        Ptr<ExponentialRandomVariable> random;
        std::vector<Time> sent; ///< when, by the number in the message
    };

    void Plan(Pair& pair);
    void Send(Pair* pair);
    void Receive(Pair* pair, const std::string& from, const std::vector<uint8_t>& octets);

    Time m_interval;
    std::vector<std::unique_ptr<Pair>> m_pairs;
    uint64_t m_sent = 0;
    std::vector<double> m_delays; ///< s
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_MESSAGES_H
