// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_MULTISLOT_CLASS_H
#define P2PIM_MULTISLOT_CLASS_H

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace p2pim
{

/// Timeslots that a mobile station can use (TS 45.002 annex B).
struct MultislotClass
{
    uint8_t downlink; ///< Rx
    uint8_t uplink;   ///< Tx
    uint8_t sum;      ///< of both at a time
};

/**
 * @param text a multislot class, 1 to 12, such as "10"; or with fewer slots than it allows,
 *             "10:2+1": two down and one up.
 * @return the slots; nothing if there is no such class, or it does not allow them.
 */
std::optional<MultislotClass> ParseMultislotClass(const std::string& text);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_MULTISLOT_CLASS_H
