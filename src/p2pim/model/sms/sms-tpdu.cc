// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-tpdu.h"

#include "ns3/octet-reader.h"
#include "ns3/sms-user-data.h"

#include <array>
#include <cstdlib>

namespace ns3
{
namespace p2pim
{

namespace
{

// The first octet (TS 23.040 9.2.3.1 to 9.2.3.7, 9.2.3.23, 9.2.3.25).
constexpr uint8_t MTI_MASK = 0x03;
constexpr uint8_t MTI_DELIVER = 0x00;
constexpr uint8_t MTI_SUBMIT = 0x01;
constexpr uint8_t NO_MORE_MESSAGES = 0x04;
constexpr uint8_t REJECT_DUPLICATES = 0x04;
constexpr uint8_t VPF_MASK = 0x18;
constexpr uint8_t VPF_RELATIVE = 0x10;
constexpr uint8_t STATUS_REPORT = 0x20;
constexpr uint8_t HAS_HEADER = 0x40;

constexpr uint8_t TYPE_OF_NUMBER_MASK = 0x70;
constexpr uint8_t ALPHANUMERIC = 0x50;

/// Whether TP-UDL counts septets (TS 23.038 4, TS 23.040 9.2.3.16).
bool
IsSeptetCoded(uint8_t codingScheme)
{
    const uint8_t group = codingScheme >> 4;
    if (group < 0x8)
    {
        const bool compressed = (codingScheme & 0x20) != 0;
        const uint8_t alphabet = codingScheme >> 2 & 0x03;
        return !compressed && (alphabet == 0 || alphabet == 3);
    }
    if (group == 0xF)
    {
        return (codingScheme & 0x04) == 0;
    }
    return group != 0xE;
}

SmsCodecError
AppendAddress(const SmsAddress& address, std::vector<uint8_t>& tpdu)
{
    if (address.digits.empty() || address.digits.size() > SmsAddress::MAX_DIGITS)
    {
        return SmsCodecError::BAD_ADDRESS;
    }
    tpdu.push_back(static_cast<uint8_t>(address.digits.size()));
    tpdu.push_back(address.type);
    return AppendSemiOctets(address.digits, tpdu) ? SmsCodecError::NONE
                                                  : SmsCodecError::BAD_ADDRESS;
}

SmsCodecError
ReadAddress(OctetReader& reader, SmsAddress& address)
{
    const std::size_t digits = reader.Read();
    address.type = reader.Read();
    if (digits > SmsAddress::MAX_DIGITS)
    {
        return SmsCodecError::BAD_ADDRESS;
    }
    const uint8_t* octets = reader.Read((digits + 1) / 2);
    if (octets == nullptr)
    {
        return SmsCodecError::TRUNCATED;
    }
    if ((address.type & TYPE_OF_NUMBER_MASK) == ALPHANUMERIC)
    {
        return SmsCodecError::UNSUPPORTED_ADDRESS;
    }
    auto read = ReadSemiOctets(octets, digits);
    if (!read)
    {
        return SmsCodecError::BAD_ADDRESS;
    }
    address.digits = *read;
    return SmsCodecError::NONE;
}

SmsCodecError
AppendUserData(const SmsUserData& userData, std::vector<uint8_t>& tpdu)
{
    if (userData.octets.size() > SMS_MAX_USER_DATA ||
        userData.octets.size() != GetUserDataOctets(userData.length, userData.codingScheme))
    {
        return SmsCodecError::USER_DATA_TOO_LONG;
    }
    tpdu.push_back(userData.length);
    tpdu.insert(tpdu.end(), userData.octets.begin(), userData.octets.end());
    return SmsCodecError::NONE;
}

SmsCodecError
ReadUserData(OctetReader& reader, uint8_t firstOctet, SmsUserData& userData)
{
    userData.hasHeader = (firstOctet & HAS_HEADER) != 0;
    userData.length = reader.Read();
    const std::size_t size = GetUserDataOctets(userData.length, userData.codingScheme);
    if (size > SMS_MAX_USER_DATA)
    {
        return SmsCodecError::USER_DATA_TOO_LONG;
    }
    const uint8_t* octets = reader.Read(size);
    if (reader.HasFailed())
    {
        return SmsCodecError::TRUNCATED;
    }
    userData.octets.assign(octets, octets + size);
    return reader.GetLeft() == 0 ? SmsCodecError::NONE : SmsCodecError::TRAILING_OCTETS;
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
           stamp.day <= 31 && stamp.hour <= 23 && stamp.minute <= 59 && stamp.second <= 59 &&
           std::abs(stamp.quarterHours) <= 79;
}

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

} // namespace

std::size_t
GetUserDataOctets(uint8_t length, uint8_t codingScheme)
{
    return IsSeptetCoded(codingScheme) ? (std::size_t{length} * 7 + 7) / 8 : length;
}

SmsCodecError
EncodeSubmit(const SmsSubmit& submit, std::vector<uint8_t>& tpdu)
{
    tpdu.push_back(static_cast<uint8_t>(MTI_SUBMIT |
                                        (submit.rejectDuplicates ? REJECT_DUPLICATES : 0) |
                                        (submit.validityPeriod ? VPF_RELATIVE : 0) |
                                        (submit.statusReportRequest ? STATUS_REPORT : 0) |
                                        (submit.userData.hasHeader ? HAS_HEADER : 0)));
    tpdu.push_back(submit.messageReference);
    const SmsCodecError error = AppendAddress(submit.destination, tpdu);
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    tpdu.push_back(submit.userData.protocolId);
    tpdu.push_back(submit.userData.codingScheme);
    if (submit.validityPeriod)
    {
        tpdu.push_back(*submit.validityPeriod);
    }
    return AppendUserData(submit.userData, tpdu);
}

SmsCodecError
DecodeSubmit(const uint8_t* tpdu, std::size_t size, SmsSubmit& submit)
{
    OctetReader reader(tpdu, size);
    const uint8_t first = reader.Read();
    if (size == 0)
    {
        return SmsCodecError::TRUNCATED;
    }
    if ((first & MTI_MASK) != MTI_SUBMIT)
    {
        return SmsCodecError::WRONG_MESSAGE_TYPE;
    }
    submit.rejectDuplicates = (first & REJECT_DUPLICATES) != 0;
    submit.statusReportRequest = (first & STATUS_REPORT) != 0;
    submit.messageReference = reader.Read();
    const SmsCodecError error = ReadAddress(reader, submit.destination);
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    submit.userData.protocolId = reader.Read();
    submit.userData.codingScheme = reader.Read();
    submit.validityPeriod.reset();
    switch (first & VPF_MASK)
    {
    case 0:
        break;
    case VPF_RELATIVE:
        submit.validityPeriod = reader.Read();
        break;
    default:
        return SmsCodecError::UNSUPPORTED_VALIDITY_PERIOD;
    }
    return ReadUserData(reader, first, submit.userData);
}

SmsCodecError
EncodeDeliver(const SmsDeliver& deliver, std::vector<uint8_t>& tpdu)
{
    tpdu.push_back(static_cast<uint8_t>(MTI_DELIVER |
                                        (deliver.moreMessagesToSend ? 0 : NO_MORE_MESSAGES) |
                                        (deliver.statusReportIndication ? STATUS_REPORT : 0) |
                                        (deliver.userData.hasHeader ? HAS_HEADER : 0)));
    SmsCodecError error = AppendAddress(deliver.originator, tpdu);
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    tpdu.push_back(deliver.userData.protocolId);
    tpdu.push_back(deliver.userData.codingScheme);
    error = AppendTimeStamp(deliver.timeStamp, tpdu);
    return error != SmsCodecError::NONE ? error : AppendUserData(deliver.userData, tpdu);
}

SmsCodecError
DecodeDeliver(const uint8_t* tpdu, std::size_t size, SmsDeliver& deliver)
{
    OctetReader reader(tpdu, size);
    const uint8_t first = reader.Read();
    if (size == 0)
    {
        return SmsCodecError::TRUNCATED;
    }
    if ((first & MTI_MASK) != MTI_DELIVER)
    {
        return SmsCodecError::WRONG_MESSAGE_TYPE;
    }
    deliver.moreMessagesToSend = (first & NO_MORE_MESSAGES) == 0;
    deliver.statusReportIndication = (first & STATUS_REPORT) != 0;
    SmsCodecError error = ReadAddress(reader, deliver.originator);
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    deliver.userData.protocolId = reader.Read();
    deliver.userData.codingScheme = reader.Read();
    error = ReadTimeStamp(reader, deliver.timeStamp);
    return error != SmsCodecError::NONE ? error : ReadUserData(reader, first, deliver.userData);
}

int64_t
GetRelativeValiditySeconds(uint8_t validityPeriod)
{
    constexpr int64_t minute = 60;
    constexpr int64_t hour = 60 * minute;
    constexpr int64_t day = 24 * hour;
    const int64_t value = validityPeriod;
    if (value <= 143)
    {
        return (value + 1) * 5 * minute;
    }
    if (value <= 167)
    {
        return 12 * hour + (value - 143) * 30 * minute;
    }
    if (value <= 196)
    {
        return (value - 166) * day;
    }
    return (value - 192) * 7 * day;
}

SmsTimeStamp
MakeSmsTimeStamp(int64_t seconds)
{
    constexpr int64_t daySeconds = 86400;
    static constexpr std::array<uint8_t, 12>
        monthDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int64_t rest = seconds % daySeconds;
    int64_t days = seconds / daySeconds;
    // Four-year cycles are exact from 1970 to 2099.
    int64_t year = 1970 + days / 1461 * 4;
    days %= 1461;
    const auto isLeap = [](int64_t y) { return y % 4 == 0; };
    for (int64_t length = 365; days >= length; length = isLeap(year) ? 366 : 365)
    {
        days -= length;
        ++year;
    }
    uint8_t month = 0;
    for (;; ++month)
    {
        const int64_t length = monthDays[month] + (month == 1 && isLeap(year) ? 1 : 0);
        if (days < length)
        {
            break;
        }
        days -= length;
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

} // namespace p2pim
} // namespace ns3
