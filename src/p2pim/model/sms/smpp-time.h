// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMPP_TIME_H
#define P2PIM_SMPP_TIME_H

#include "ns3/smpp-pdu.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * Texts within SMPP's PDUs: times (SMPP 3.4, 7.1.1) and delivery receipts (appendix B).
 */

/**
 * Reads a time of 16 characters: absolute, YYMMDDhhmmsstnnp with p + or -, or relative,
 * YYMMDDhhmmss000R, where a month counts 30 days and a year 365.
 *
 * @param text the time.
 * @param now the present time, s since 1970-01-01 00:00 UTC.
 * @return the time that it stands for, s since 1970-01-01 00:00 UTC, tenths cut off; nothing if it
 *         is no time.
 */
std::optional<int64_t> ParseSmppTime(const std::string& text, int64_t now);

/**
 * @param time s since 1970-01-01 00:00 UTC.
 * @return the absolute time of 16 characters, in UTC.
 */
std::string FormatSmppTime(int64_t time);

/**
 * @param seconds a span, 0 s to 99 days.
 * @return the relative time of 16 characters.
 */
std::string FormatSmppSpan(int64_t seconds);

/// What a delivery receipt says.
struct SmppReceipt
{
    std::string messageId;    ///< as submit_sm_resp has named it
    bool isDelivered = false; ///< whether the one message was delivered
    int64_t submitted = 0;    ///< s since 1970-01-01 00:00 UTC, to the minute
    int64_t done = 0;         ///< likewise
    SmppMessageState state = SmppMessageState::UNKNOWN; ///< final state
    uint16_t error = 0;                                 ///< of the network, 0 to 999
    std::string text; ///< the first 20 characters of the message, or empty
};

/**
 * @param receipt the receipt.
 * @return the short message that carries it.
 */
std::string FormatSmppReceipt(const SmppReceipt& receipt);

/**
 * @param text a short message whose esm_class says that it is a receipt.
 * @return the receipt; nothing if it is none, or says things that do not exist.
 */
std::optional<SmppReceipt> ParseSmppReceipt(const std::string& text);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMPP_TIME_H
