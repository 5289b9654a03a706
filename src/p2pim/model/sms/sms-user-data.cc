// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-user-data.h"

#include "ns3/octet-reader.h"

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t IEI_PORTS_16_BIT = 0x05;
constexpr uint8_t PORTS_16_BIT_LENGTH = 4;

} // namespace

SmsCodecError
EncodePortUserData(const SmsPorts& ports,
                   const std::vector<uint8_t>& data,
                   std::vector<uint8_t>& userData)
{
    if (data.size() > SMS_MAX_USER_DATA - SMS_PORT_HEADER)
    {
        return SmsCodecError::USER_DATA_TOO_LONG;
    }
    userData.reserve(SMS_PORT_HEADER + data.size());
    userData = {SMS_PORT_HEADER - 1,
                IEI_PORTS_16_BIT,
                PORTS_16_BIT_LENGTH,
                static_cast<uint8_t>(ports.destination >> 8),
                static_cast<uint8_t>(ports.destination),
                static_cast<uint8_t>(ports.originator >> 8),
                static_cast<uint8_t>(ports.originator)};
    userData.insert(userData.end(), data.begin(), data.end());
    return SmsCodecError::NONE;
}

SmsCodecError
DecodeUserDataHeader(const std::vector<uint8_t>& userData, SmsUserDataHeader& header)
{
    if (userData.empty() || userData[0] >= userData.size())
    {
        return SmsCodecError::BAD_USER_DATA_HEADER;
    }
    header.ports.reset();
    header.size = std::size_t{1} + userData[0];
    OctetReader reader(userData.data() + 1, userData[0]);
    while (reader.GetLeft() > 0)
    {
        const uint8_t identifier = reader.Read();
        const uint8_t length = reader.Read();
        const uint8_t* element = reader.Read(length);
        if (reader.HasFailed())
        {
            return SmsCodecError::BAD_USER_DATA_HEADER;
        }
        if (identifier == IEI_PORTS_16_BIT && length == PORTS_16_BIT_LENGTH)
        {
            header.ports = SmsPorts{static_cast<uint16_t>(element[0] << 8 | element[1]),
                                    static_cast<uint16_t>(element[2] << 8 | element[3])};
        }
    }
    return SmsCodecError::NONE;
}

} // namespace p2pim
} // namespace ns3
