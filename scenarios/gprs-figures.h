// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_FIGURES_H
#define P2PIM_GPRS_FIGURES_H

#include "run-record.h"

#include "ns3/cellular-network.h"

namespace ns3
{
namespace p2pim
{

/// A session's step: its phone has left GPRS for a dedicated channel.
constexpr const char* GPRS_SUSPENDED_STEP = "suspended";
/// A session's step: its phone is back.
constexpr const char* GPRS_RESUMED_STEP = "resumed";

/**
 * Puts the counters of all elements into a run's record, and those of the element "derived":
 *
 * - carried_bit_s: payload that has arrived, over the time in which there were sessions
 * - offered_bit_s: what the phones would ask for if they had it at once; not in runs of pings
 * - goodput_bit_s: payload over the time that it was under way, message by message
 * - downlink_pdch_share, uplink_pdch_share: blocks used of those that the PDCHs had meanwhile
 * - downlink_rlc_efficiency, uplink_rlc_efficiency: octets of LLC that arrived, over those that the
 *   blocks had room for; not where the coding changes by LinkAdaptation
 * - downlink_payload_share, uplink_payload_share: of those octets, payload of sessions that they
 *   were the first to bring: the rest are headers, signalling and what TCP has repeated
 * - stalls, stall_seconds: how often and how long phones of class B were off GPRS in a session
 *
 * @param network the network of the run, which is over.
 * @param reselections the counters of the element "reselection".
 * @param offered bit/s, or 0 if that is not defined.
 * @param record what has happened.
 */
void StoreGprsCounters(const CellularNetwork& network,
                       const CounterList& reselections,
                       double offered,
                       ::p2pim::RunRecord& record);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_FIGURES_H
