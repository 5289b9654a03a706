// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/map-operations.h"

#include <array>
#include <cstddef>

namespace ns3
{
namespace p2pim
{

const char*
GetMapErrorName(MapError error)
{
    static constexpr std::array<const char*, MAP_ERRORS> names{
        "none",
        "unknown_subscriber",
        "absent_subscriber_sm",
        "no_paging_response",
        "sm_delivery_failure",
        "system_failure",
        "facility_not_supported",
        "memory_capacity_exceeded",
        "sc_congestion",
        "timed_out",
        "restarted",
    };
    return names.at(static_cast<std::size_t>(error));
}

} // namespace p2pim
} // namespace ns3
