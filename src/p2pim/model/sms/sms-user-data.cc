// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-user-data.h"

#include "ns3/octet-reader.h"

namespace ns3
{
namespace p2pim
{

namespace
{

// information elements (TS 23.040 9.2.3.24)
constexpr uint8_t IEI_CONCATENATION_8_BIT = 0x00;
constexpr uint8_t IEI_PORTS_8_BIT = 0x04;
constexpr uint8_t IEI_PORTS_16_BIT = 0x05;
constexpr uint8_t IEI_CONCATENATION_16_BIT = 0x08;
constexpr uint8_t CONCATENATION_8_BIT_LENGTH = 3;
constexpr uint8_t PORTS_8_BIT_LENGTH = 2;
constexpr uint8_t PORTS_16_BIT_LENGTH = 4;
constexpr uint8_t CONCATENATION_16_BIT_LENGTH = 4;

uint16_t
Read16(const uint8_t* octets)
{
    return static_cast<uint16_t>(octets[0] << 8 | octets[1]);
}

/// Takes in an element that is known and has its right length.
void
ReadElement(uint8_t identifier, uint8_t length, const uint8_t* element, SmsUserDataHeader& header)
{
    if (identifier == IEI_PORTS_8_BIT && length == PORTS_8_BIT_LENGTH)
    {
        header.ports = SmsPorts{element[0], element[1]};
    }
    else if (identifier == IEI_PORTS_16_BIT && length == PORTS_16_BIT_LENGTH)
    {
        header.ports = SmsPorts{Read16(element), Read16(element + 2)};
    }
    else
    {
        const bool narrow =
            identifier == IEI_CONCATENATION_8_BIT && length == CONCATENATION_8_BIT_LENGTH;
        const bool wide =
            identifier == IEI_CONCATENATION_16_BIT && length == CONCATENATION_16_BIT_LENGTH;
        if (!narrow && !wide)
        {
            return;
        }
        const uint8_t* rest = element + length - 2;
        if (rest[1] >= 1 && rest[1] <= rest[0])
        {
            const uint16_t reference = wide ? Read16(element) : uint16_t{element[0]};
            header.concatenation = SmsConcatenation{reference, rest[0], rest[1], wide};
        }
    }
}

} // namespace

void
EncodeUserDataHeader(const SmsUserDataHeader& header, std::vector<uint8_t>& userData)
{
    userData.clear();
    if (!header.ports && !header.concatenation)
    {
        return;
    }
    userData.push_back(0);
    const auto append16 = [&userData](uint16_t value) {
        userData.push_back(static_cast<uint8_t>(value >> 8));
        userData.push_back(static_cast<uint8_t>(value));
    };
    if (header.ports)
    {
        userData.insert(userData.end(), {IEI_PORTS_16_BIT, PORTS_16_BIT_LENGTH});
        append16(header.ports->destination);
        append16(header.ports->originator);
    }
    if (header.concatenation)
    {
        const SmsConcatenation& part = *header.concatenation;
        if (part.wide)
        {
            userData.insert(userData.end(),
                            {IEI_CONCATENATION_16_BIT, CONCATENATION_16_BIT_LENGTH});
            append16(part.reference);
        }
        else
        {
            userData.insert(userData.end(),
                            {IEI_CONCATENATION_8_BIT,
                             CONCATENATION_8_BIT_LENGTH,
                             static_cast<uint8_t>(part.reference)});
        }
        userData.insert(userData.end(), {part.total, part.number});
    }
    userData[0] = static_cast<uint8_t>(userData.size() - 1);
}

SmsCodecError
EncodePortUserData(const SmsPorts& ports,
                   const std::vector<uint8_t>& data,
                   std::vector<uint8_t>& userData)
{
    if (data.size() > SMS_MAX_USER_DATA - SMS_PORT_HEADER)
    {
        return SmsCodecError::USER_DATA_TOO_LONG;
    }
    SmsUserDataHeader header;
    header.ports = ports;
    userData.reserve(SMS_PORT_HEADER + data.size());
    EncodeUserDataHeader(header, userData);
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
    header.concatenation.reset();
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
        ReadElement(identifier, length, element, header);
    }
    return SmsCodecError::NONE;
}

} // namespace p2pim
} // namespace ns3
