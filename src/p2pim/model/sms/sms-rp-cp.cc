// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-rp-cp.h"

#include "ns3/octet-reader.h"

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr std::size_t CP_DATA_HEADER = 3;
constexpr uint8_t IEI_RP_USER_DATA = 0x41;
constexpr std::size_t MAX_TPDU = 233; // TS 24.011 8.2.5.3
constexpr std::size_t MAX_ADDRESS = 11;

uint8_t
GetFirstOctet(uint8_t transaction)
{
    return static_cast<uint8_t>((transaction & 0x0F) << 4 | PD_SMS);
}

/// @return the RP-MTI (TS 24.011 8.2.2): even towards the network, odd from it.
uint8_t
GetRpType(RpKind kind, bool fromNetwork)
{
    return static_cast<uint8_t>(static_cast<uint8_t>(kind) << 1 | (fromNetwork ? 1 : 0));
}

std::vector<uint8_t>
StartCpData(uint8_t transaction, std::size_t reserve)
{
    std::vector<uint8_t> message;
    message.reserve(CP_DATA_HEADER + reserve);
    message = {GetFirstOctet(transaction), static_cast<uint8_t>(CpType::DATA), 0};
    return message;
}

void
EndCpData(std::vector<uint8_t>& message)
{
    message[2] = static_cast<uint8_t>(message.size() - CP_DATA_HEADER);
}

/// Appends RP-User-Data as RP-ACK and RP-ERROR have it, unless it is empty.
void
AppendOptionalUserData(const std::vector<uint8_t>& tpdu, std::vector<uint8_t>& message)
{
    if (!tpdu.empty())
    {
        message.push_back(IEI_RP_USER_DATA);
        message.push_back(static_cast<uint8_t>(tpdu.size()));
        message.insert(message.end(), tpdu.begin(), tpdu.end());
    }
}

bool
AppendRpAddress(const SmsAddress& address, std::vector<uint8_t>& message)
{
    const std::size_t at = message.size();
    message.push_back(0);
    message.push_back(address.type);
    if (address.digits.empty() || !AppendSemiOctets(address.digits, message))
    {
        return false;
    }
    const std::size_t length = message.size() - at - 1;
    message[at] = static_cast<uint8_t>(length);
    return length <= MAX_ADDRESS;
}

/// Reads the SMSC's address, which is absent (length 0) in the direction away from the SMSC.
SmsCodecError
ReadRpAddress(OctetReader& reader, bool expected, SmsAddress& address)
{
    const std::size_t length = reader.Read();
    if (!expected)
    {
        return reader.Read(length) ? SmsCodecError::NONE : SmsCodecError::TRUNCATED;
    }
    if (length < 2 || length > MAX_ADDRESS)
    {
        return SmsCodecError::BAD_ADDRESS;
    }
    const uint8_t* octets = reader.Read(length);
    if (octets == nullptr)
    {
        return SmsCodecError::TRUNCATED;
    }
    address.type = octets[0];
    const std::size_t digits = (length - 1) * 2 - (octets[length - 1] >> 4 == 0xF ? 1 : 0);
    auto read = ReadSemiOctets(octets + 1, digits);
    if (!read)
    {
        return SmsCodecError::BAD_ADDRESS;
    }
    address.digits = *read;
    return SmsCodecError::NONE;
}

SmsCodecError
ReadRpUserData(OctetReader& reader, RpMessage& message)
{
    const std::size_t length = reader.Read();
    message.userData = reader.Read(length);
    message.size = length;
    return reader.HasFailed() ? SmsCodecError::TRUNCATED : SmsCodecError::NONE;
}

} // namespace

SmsCodecError
EncodeCpRpData(uint8_t transaction,
               bool fromNetwork,
               uint8_t reference,
               const SmsAddress& serviceCentre,
               const std::vector<uint8_t>& tpdu,
               std::vector<uint8_t>& message)
{
    if (tpdu.size() > MAX_TPDU)
    {
        return SmsCodecError::USER_DATA_TOO_LONG;
    }
    message = StartCpData(transaction, CP_MAX_USER_DATA);
    message.push_back(GetRpType(RpKind::DATA, fromNetwork));
    message.push_back(reference);
    if (!fromNetwork)
    {
        message.push_back(0);
    }
    if (!AppendRpAddress(serviceCentre, message))
    {
        return SmsCodecError::BAD_ADDRESS;
    }
    if (fromNetwork)
    {
        message.push_back(0);
    }
    message.push_back(static_cast<uint8_t>(tpdu.size()));
    message.insert(message.end(), tpdu.begin(), tpdu.end());
    EndCpData(message);
    return SmsCodecError::NONE;
}

std::vector<uint8_t>
EncodeCpRpAck(uint8_t transaction,
              bool fromNetwork,
              uint8_t reference,
              const std::vector<uint8_t>& tpdu)
{
    std::vector<uint8_t> message = StartCpData(transaction, 4 + tpdu.size());
    message.push_back(GetRpType(RpKind::ACK, fromNetwork));
    message.push_back(reference);
    AppendOptionalUserData(tpdu, message);
    EndCpData(message);
    return message;
}

std::vector<uint8_t>
EncodeCpRpError(uint8_t transaction,
                bool fromNetwork,
                uint8_t reference,
                uint8_t cause,
                const std::vector<uint8_t>& tpdu)
{
    std::vector<uint8_t> message = StartCpData(transaction, 6 + tpdu.size());
    message.push_back(GetRpType(RpKind::ERROR, fromNetwork));
    message.push_back(reference);
    message.push_back(1);
    message.push_back(cause & 0x7F);
    AppendOptionalUserData(tpdu, message);
    EndCpData(message);
    return message;
}

std::vector<uint8_t>
EncodeCpRpSmma(uint8_t transaction, uint8_t reference)
{
    std::vector<uint8_t> message = StartCpData(transaction, 2);
    message.push_back(GetRpType(RpKind::SMMA, false));
    message.push_back(reference);
    EndCpData(message);
    return message;
}

bool
IsOfReceiver(const uint8_t* octets, std::size_t size)
{
    constexpr uint8_t flag = 0x80; // TI flag: set by the side that has not opened it
    return size > 0 && (octets[0] & flag) != 0;
}

std::vector<uint8_t>
EncodeCpAck(uint8_t transaction)
{
    return {GetFirstOctet(transaction), static_cast<uint8_t>(CpType::ACK)};
}

std::vector<uint8_t>
EncodeCpError(uint8_t transaction, CpCause cause)
{
    return {GetFirstOctet(transaction),
            static_cast<uint8_t>(CpType::ERROR),
            static_cast<uint8_t>(cause)};
}

SmsCodecError
DecodeCp(const uint8_t* octets, std::size_t size, CpMessage& message)
{
    OctetReader reader(octets, size);
    const uint8_t first = reader.Read();
    const uint8_t type = reader.Read();
    if (reader.HasFailed())
    {
        return SmsCodecError::TRUNCATED;
    }
    if ((first & 0x0F) != PD_SMS)
    {
        return SmsCodecError::WRONG_MESSAGE_TYPE;
    }
    message.transaction = first >> 4;
    message.userData = nullptr;
    message.size = 0;
    switch (type)
    {
    case static_cast<uint8_t>(CpType::DATA):
        message.type = CpType::DATA;
        message.size = reader.Read();
        message.userData = reader.Read(message.size);
        if (message.size > CP_MAX_USER_DATA)
        {
            return SmsCodecError::USER_DATA_TOO_LONG;
        }
        break;
    case static_cast<uint8_t>(CpType::ACK):
        message.type = CpType::ACK;
        break;
    case static_cast<uint8_t>(CpType::ERROR):
        message.type = CpType::ERROR;
        message.cause = reader.Read() & 0x7F;
        break;
    default:
        return SmsCodecError::WRONG_MESSAGE_TYPE;
    }
    return reader.HasFailed() ? SmsCodecError::TRUNCATED : SmsCodecError::NONE;
}

SmsCodecError
DecodeRp(const uint8_t* octets, std::size_t size, RpMessage& message)
{
    OctetReader reader(octets, size);
    const uint8_t type = reader.Read() & 0x07;
    message.reference = reader.Read();
    if (reader.HasFailed())
    {
        return SmsCodecError::TRUNCATED;
    }
    message.fromNetwork = (type & 1) != 0;
    message.userData = nullptr;
    message.size = 0;
    switch (type >> 1)
    {
    case static_cast<uint8_t>(RpKind::DATA):
    {
        message.kind = RpKind::DATA;
        SmsCodecError error = ReadRpAddress(reader, message.fromNetwork, message.serviceCentre);
        if (error == SmsCodecError::NONE)
        {
            error = ReadRpAddress(reader, !message.fromNetwork, message.serviceCentre);
        }
        return error == SmsCodecError::NONE ? ReadRpUserData(reader, message) : error;
    }
    case static_cast<uint8_t>(RpKind::ACK):
        message.kind = RpKind::ACK;
        break;
    case static_cast<uint8_t>(RpKind::ERROR):
    {
        message.kind = RpKind::ERROR;
        const std::size_t length = reader.Read();
        const uint8_t* cause = reader.Read(length);
        if (length == 0 || cause == nullptr)
        {
            return SmsCodecError::TRUNCATED;
        }
        message.cause = *cause & 0x7F;
        break;
    }
    case static_cast<uint8_t>(RpKind::SMMA):
        if (message.fromNetwork)
        {
            return SmsCodecError::WRONG_MESSAGE_TYPE;
        }
        message.kind = RpKind::SMMA;
        return SmsCodecError::NONE;
    default:
        return SmsCodecError::WRONG_MESSAGE_TYPE;
    }
    if (reader.GetLeft() > 0 && reader.Read() == IEI_RP_USER_DATA)
    {
        return ReadRpUserData(reader, message);
    }
    return SmsCodecError::NONE;
}

} // namespace p2pim
} // namespace ns3
