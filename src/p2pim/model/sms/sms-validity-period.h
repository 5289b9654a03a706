// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_VALIDITY_PERIOD_H
#define P2PIM_SMS_VALIDITY_PERIOD_H

#include "ns3/octet-reader.h"
#include "ns3/sms-codec-error.h"
#include "ns3/sms-time-stamp.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// TP-Validity-Period (TS 23.040 9.2.3.3, 9.2.3.12).
struct SmsValidityPeriod
{
    /// TP-VPF: which of the fields count.
    enum class Format : uint8_t
    {
        NONE = 0,     ///< there is no TP-VP
        ENHANCED = 1, ///< seconds, singleShot
        RELATIVE = 2, ///< relative
        ABSOLUTE = 3  ///< absolute
    };

    /// How an enhanced period is written.
    enum class Enhanced : uint8_t
    {
        NONE = 0,     ///< no period
        RELATIVE = 1, ///< an octet as in the relative format: `relative`
        SECONDS = 2,  ///< 1 to 255 s
        HOURS = 3     ///< hours, minutes and seconds, less than 100 h
    };

    Format format = Format::NONE;       ///< format
    uint8_t relative = 0;               ///< TP-VP in relative format
    SmsTimeStamp absolute;              ///< when it ends
    Enhanced enhanced = Enhanced::NONE; ///< how an enhanced period is written
    uint32_t seconds = 0;               ///< of SECONDS and HOURS
    bool singleShot = false;            ///< enhanced only: a single attempt is wanted

    /// @return a period in relative format with the value @p octet.
    static SmsValidityPeriod MakeRelative(uint8_t octet);
    /**
     * @param seconds a period, 1 s and up.
     * @return the format that says it best: enhanced below 100 h if it is no relative value, else
     * the least relative value that is not shorter.
     */
    static SmsValidityPeriod Make(int64_t seconds);

    /**
     * @param now the present time, s since 1970-01-01 00:00 UTC.
     * @return the seconds until it ends, not below 0; nothing if it names no end.
     */
    std::optional<int64_t> GetSeconds(int64_t now) const;
};

/**
 * @param validityPeriod TP-VP in relative format.
 * @return the seconds that it stands for (TS 23.040 9.2.3.12.1).
 */
int64_t GetRelativeValiditySeconds(uint8_t validityPeriod);

/**
 * @param validity the period.
 * @param[in,out] tpdu where to append TP-VP.
 * @return BAD_VALIDITY_PERIOD, BAD_TIME_STAMP, or NONE.
 */
SmsCodecError AppendValidityPeriod(const SmsValidityPeriod& validity, std::vector<uint8_t>& tpdu);

/**
 * @param reader where TP-VP is next.
 * @param format TP-VPF.
 * @param[out] validity the period.
 * @return BAD_VALIDITY_PERIOD, BAD_TIME_STAMP, TRUNCATED, or NONE.
 */
SmsCodecError ReadValidityPeriod(OctetReader& reader,
                                 SmsValidityPeriod::Format format,
                                 SmsValidityPeriod& validity);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_VALIDITY_PERIOD_H
