// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_RETRY_SCHEDULE_H
#define P2PIM_SMS_RETRY_SCHEDULE_H

#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * When a service centre tries again to deliver a message. TS 23.040 leaves it to the operator; the
 * named schedules are those of known service centres, counted from each failed attempt.
 */
class SmsRetrySchedule
{
  public:
    /**
     * @param text "restcomm", "infobip", "osmocom", or times in s, min or h separated by blanks,
     * each above zero and none shorter than the one before; the last one repeats.
     * @return the schedule, or nothing if the text is none.
     */
    static std::optional<SmsRetrySchedule> Parse(const std::string& text);

    /**
     * @param text a time such as "90s", "5min" or "72h".
     * @return it, or nothing if the text is none or not above zero.
     */
    static std::optional<Time> ParseTime(const std::string& text);

    /**
     * @param failures attempts that have failed since the last success, 1 and up.
     * @param absent whether the last one has because the subscriber was absent.
     * @return how long to wait, or nothing: until the subscriber is heard of.
     */
    std::optional<Time> GetWait(uint32_t failures, bool absent) const;

    /// @return the validity period of messages that name none.
    Time GetDefaultValidity() const;
    /// @return the text that Parse() was given.
    const std::string& GetText() const;

  private:
    std::string m_text;
    std::vector<Time> m_waits;       ///< after the first failure, the second …
    std::vector<Time> m_absentWaits; ///< the same while the subscriber is absent; empty: no other
    bool m_repeats = true;           ///< the last wait repeats; else there is no attempt after it
    Time m_defaultValidity;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_RETRY_SCHEDULE_H
