// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-hop.h"

#include <array>
#include <cstddef>

namespace ns3
{
namespace p2pim
{

const char*
GetSmsHopName(SmsHop hop)
{
    static constexpr std::array<const char*, 22> names{
        "submitted",
        "mo_channel",
        "mo_ciphered",
        "mo_forwarded",
        "stored",
        "accepted",
        "routing_requested",
        "mt_forwarded",
        "paged",
        "mt_channel",
        "mt_ciphered",
        "mt_delivered",
        "attempt_failed",
        "reported",
        "expired",
        "refused",
        "resubmitted",
        "received",
        "duplicate_stored",
        "duplicate_dropped",
        "submission_failed",
        "cancelled",
    };
    return names.at(static_cast<std::size_t>(hop));
}

} // namespace p2pim
} // namespace ns3
