// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_FIGURES_H
#define P2PIM_GPRS_FIGURES_H

#include "run-record.h"

#include "ns3/cellular-network.h"

namespace ns3
{
namespace p2pim
{

/**
 * Puts the counters of all elements into a run's record, and those of the element "derived":
 *
 * - carried_bit_s: payload that has arrived, over the time in which there were sessions
 * - goodput_bit_s: payload of the transfers, over the time that they took from end to end of it
 * - downlink_pdch_share, uplink_pdch_share: blocks used of those that the PDCHs had meanwhile
 * - downlink_rlc_efficiency, uplink_rlc_efficiency: octets of LLC that arrived, over those that the
 *   blocks had room for; not where the coding changes by LinkAdaptation
 *
 * @param network the network of the run, which is over.
 * @param record what has happened.
 */
void StoreGprsCounters(const CellularNetwork& network, ::p2pim::RunRecord& record);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_FIGURES_H
