// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-tpdu-fields.h"

#include "ns3/sms-alphabet.h"

namespace ns3
{
namespace p2pim
{

namespace
{

SmsCodecError
AppendAlphanumeric(const SmsAddress& address, std::vector<uint8_t>& tpdu)
{
    const auto septets = EncodeGsm7(address.digits);
    if (!septets || septets->empty() || septets->size() * 7 > SmsAddress::MAX_DIGITS * 4)
    {
        return SmsCodecError::BAD_ADDRESS;
    }
    // the length counts the semi-octets that carry something (TS 23.040 9.1.2.5)
    tpdu.push_back(static_cast<uint8_t>((septets->size() * 7 + 3) / 4));
    tpdu.push_back(address.type);
    PackSeptets(*septets, 0, tpdu);
    return SmsCodecError::NONE;
}

} // namespace

SmsCodecError
AppendAddress(const SmsAddress& address, std::vector<uint8_t>& tpdu)
{
    if (address.IsAlphanumeric())
    {
        return AppendAlphanumeric(address, tpdu);
    }
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
    if (address.IsAlphanumeric())
    {
        address.digits = DecodeGsm7(UnpackSeptets(octets, (digits + 1) / 2, 0, digits * 4 / 7));
        return SmsCodecError::NONE;
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
    userData.hasHeader = (firstOctet & TP_UDHI) != 0;
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

std::size_t
GetUserDataOctets(uint8_t length, uint8_t codingScheme)
{
    return IsSeptetCoded(codingScheme) ? (std::size_t{length} * 7 + 7) / 8 : length;
}

} // namespace p2pim
} // namespace ns3
