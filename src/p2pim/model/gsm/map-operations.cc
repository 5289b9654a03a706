// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/map-operations.h"

#include "ns3/sms-serving-node.h"

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

RpCause
GetRpCause(MapError error)
{
    switch (error)
    {
    case MapError::UNKNOWN_SUBSCRIBER:
        return RpCause::UNASSIGNED_NUMBER;
    case MapError::FACILITY_NOT_SUPPORTED:
        return RpCause::SHORT_MESSAGE_TRANSFER_REJECTED;
    case MapError::SC_CONGESTION:
        return RpCause::CONGESTION;
    default:
        return RpCause::NETWORK_OUT_OF_ORDER;
    }
}

MapError
GetDeliveryError(uint8_t rpCause)
{
    return rpCause == static_cast<uint8_t>(RpCause::MEMORY_CAPACITY_EXCEEDED)
               ? MapError::MEMORY_CAPACITY_EXCEEDED
               : MapError::SM_DELIVERY_FAILURE;
}

} // namespace p2pim
} // namespace ns3
