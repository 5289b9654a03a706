// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_CHAIN_H
#define P2PIM_NAT_CHAIN_H

#include "ns3/nat-settings-text.h"
#include "ns3/nat-settings.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// NATs and firewalls in a row, from the phones on, without pools; an element may be none.
using NatChain = std::vector<std::optional<NatSettings>>;

/**
 * Reads kinds of NAT and what differs from them, with / between: "home-router / carrier-grade".
 *
 * @param text the text.
 * @param[out] chain what it says; unchanged on a fault.
 * @return what is wrong; nothing if it is right.
 */
std::optional<NatTextFault> ReadNatChain(const std::string& text, NatChain& chain);

/// @return whether one of a chain translates addresses.
bool Translates(const NatChain& chain);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_CHAIN_H
