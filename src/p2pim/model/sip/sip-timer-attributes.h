// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SIP_TIMER_ATTRIBUTES_H
#define P2PIM_SIP_TIMER_ATTRIBUTES_H

#include "ns3/nstime.h"
#include "ns3/sip-transaction-layer.h"
#include "ns3/type-id.h"

namespace ns3
{
namespace p2pim
{

/**
 * Gives a class that owns SIP transactions the attributes T1, T2 and T4.
 *
 * @tparam Owner the class.
 * @param tid its type.
 * @param t1 its member for T1.
 * @param t2 its member for T2.
 * @param t4 its member for T4.
 * @return the type with the attributes.
 */
template <class Owner>
TypeId
AddSipTimerAttributes(TypeId tid, Time Owner::*t1, Time Owner::*t2, Time Owner::*t4)
{
    const SipTimers defaults;
    return tid
        .AddAttribute("T1",
                      "SIP timer T1, the estimate of the round trip; the timers F and J are 64 T1. "
                      "Default: RFC 3261 table 4.",
                      TimeValue(defaults.t1),
                      MakeTimeAccessor(t1),
                      MakeTimeChecker(MilliSeconds(1)))
        .AddAttribute("T2",
                      "SIP timer T2, the longest interval between retransmissions of a "
                      "non-INVITE request. Default: RFC 3261 table 4.",
                      TimeValue(defaults.t2),
                      MakeTimeAccessor(t2),
                      MakeTimeChecker(MilliSeconds(1)))
        .AddAttribute("T4",
                      "SIP timer T4, how long a message stays in the network. Default: RFC 3261 "
                      "table 4.",
                      TimeValue(defaults.t4),
                      MakeTimeAccessor(t4),
                      MakeTimeChecker(MilliSeconds(1)));
}

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SIP_TIMER_ATTRIBUTES_H
