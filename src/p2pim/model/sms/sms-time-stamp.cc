// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-time-stamp.h"

#include <array>
#include <cstdlib>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr int64_t DAY_SECONDS = 86400;
constexpr std::array<uint8_t, 12> MONTH_DAYS{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

/// Whether a year from 1970 to 2099 has a 29th of February.
bool
IsLeap(int64_t year)
{
    return year % 4 == 0;
}

int64_t
GetMonthDays(int64_t year, int64_t month)
{
    return MONTH_DAYS[static_cast<std::size_t>(month)] + (month == 1 && IsLeap(year) ? 1 : 0);
}

/// @return the year that two digits stand for.
int64_t
GetYear(const SmsTimeStamp& stamp)
{
    return stamp.year < 90 ? 2000 + stamp.year : 1900 + stamp.year;
}

uint8_t
SwapDecimal(unsigned value)
{
    return static_cast<uint8_t>((value % 10) << 4 | value / 10);
}

uint8_t
UnswapDecimal(uint8_t octet)
{
    return static_cast<uint8_t>((octet & 0x0F) * 10 + (octet >> 4));
}

bool
IsValid(const SmsTimeStamp& stamp)
{
    return stamp.year <= 99 && stamp.month >= 1 && stamp.month <= 12 && stamp.day >= 1 &&
           stamp.day <= GetMonthDays(GetYear(stamp), stamp.month - 1) && stamp.hour <= 23 &&
           stamp.minute <= 59 && stamp.second <= 59 && std::abs(stamp.quarterHours) <= 79;
}

} // namespace

SmsCodecError
AppendTimeStamp(const SmsTimeStamp& stamp, std::vector<uint8_t>& tpdu)
{
    if (!IsValid(stamp))
    {
        return SmsCodecError::BAD_TIME_STAMP;
    }
    for (const uint8_t value :
         {stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second})
    {
        tpdu.push_back(SwapDecimal(value));
    }
    const uint8_t sign = stamp.quarterHours < 0 ? 0x08 : 0x00;
    tpdu.push_back(SwapDecimal(static_cast<unsigned>(std::abs(stamp.quarterHours))) | sign);
    return SmsCodecError::NONE;
}

SmsCodecError
ReadTimeStamp(OctetReader& reader, SmsTimeStamp& stamp)
{
    const uint8_t* octets = reader.Read(7);
    if (octets == nullptr)
    {
        return SmsCodecError::TRUNCATED;
    }
    for (int i = 0; i < 7; ++i)
    {
        const uint8_t tens = octets[i] & (i == 6 ? 0x07 : 0x0F);
        if (tens > 9 || octets[i] >> 4 > 9)
        {
            return SmsCodecError::BAD_TIME_STAMP;
        }
    }
    stamp.year = UnswapDecimal(octets[0]);
    stamp.month = UnswapDecimal(octets[1]);
    stamp.day = UnswapDecimal(octets[2]);
    stamp.hour = UnswapDecimal(octets[3]);
    stamp.minute = UnswapDecimal(octets[4]);
    stamp.second = UnswapDecimal(octets[5]);
    const auto zone = static_cast<int8_t>(UnswapDecimal(octets[6] & 0xF7));
    stamp.quarterHours = (octets[6] & 0x08) != 0 ? static_cast<int8_t>(-zone) : zone;
    return IsValid(stamp) ? SmsCodecError::NONE : SmsCodecError::BAD_TIME_STAMP;
}

SmsTimeStamp
MakeSmsTimeStamp(int64_t seconds)
{
    const int64_t rest = seconds % DAY_SECONDS;
    int64_t days = seconds / DAY_SECONDS;
    // four-year cycles are exact from 1970 to 2099
    int64_t year = 1970 + days / 1461 * 4;
    days %= 1461;
    for (int64_t length = 365; days >= length; length = IsLeap(year) ? 366 : 365)
    {
        days -= length;
        ++year;
    }
    int64_t month = 0;
    for (; days >= GetMonthDays(year, month); ++month)
    {
        days -= GetMonthDays(year, month);
    }
    SmsTimeStamp stamp;
    stamp.year = static_cast<uint8_t>(year % 100);
    stamp.month = static_cast<uint8_t>(month + 1);
    stamp.day = static_cast<uint8_t>(days + 1);
    stamp.hour = static_cast<uint8_t>(rest / 3600);
    stamp.minute = static_cast<uint8_t>(rest / 60 % 60);
    stamp.second = static_cast<uint8_t>(rest % 60);
    return stamp;
}

int64_t
GetSeconds(const SmsTimeStamp& stamp)
{
    const int64_t year = GetYear(stamp);
    int64_t days = (year - 1970) * 365 + (year - 1969) / 4 + stamp.day - 1;
    for (int64_t month = 0; month < stamp.month - 1; ++month)
    {
        days += GetMonthDays(year, month);
    }
    return days * DAY_SECONDS + stamp.hour * 3600 + stamp.minute * 60 + stamp.second -
           stamp.quarterHours * 900;
}

} // namespace p2pim
} // namespace ns3
