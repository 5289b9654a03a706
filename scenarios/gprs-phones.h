// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_PHONES_H
#define P2PIM_GPRS_PHONES_H

#include "ns3/cell-reselection.h"
#include "ns3/cellular-network.h"
#include "ns3/counter-list.h"
#include "ns3/node.h"
#include "ns3/phone-availability.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/**
 * The phones of a scenario of the packet bearer, but for what they send: where they stand or drive,
 * which cell serves them, and when they can be reached.
 */
class GprsPhones
{
  public:
    /**
     * @param network where they are added, once it has been built.
     * @param speed of each, m/s, where the cells have positions.
     */
    GprsPhones(Ptr<CellularNetwork> network, Ptr<RandomVariableStream> speed);

    /// To be called once the network has been built, before the first Add().
    void Start();

    /// @param cell its first, modulo the number of cells. @return a new phone.
    Ptr<Node> Add(uint32_t cell);

    /// @return what CellReselection counts.
    CounterList GetReselections() const;

    /// Lets go of the phones.
    void Dispose();

  private:
    void Place(Ptr<Node> phone, uint32_t cell, int64_t stream) const;

    Ptr<CellularNetwork> m_network;
    Ptr<RandomVariableStream> m_speed;
    Ptr<CellReselection> m_reselection = CreateObject<CellReselection>();
    Ptr<PhoneAvailability> m_availability = CreateObject<PhoneAvailability>();
    int64_t m_phones = 0; ///< so far
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_PHONES_H
