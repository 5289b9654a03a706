// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/pin-message.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t VERSION = 1;
constexpr uint8_t REPORT_OPTION = 0x01;

void
WritePorts(OctetWriter& out, const PinMessage& message)
{
    out.U16(message.destinationPort).U16(message.originatorPort);
}

void
ReadPorts(FieldReader& in, PinMessage& message)
{
    message.destinationPort = in.U16();
    message.originatorPort = in.U16();
}

Octets
EncodeBody(const PinMessage& message)
{
    Octets body;
    OctetWriter out(body);
    switch (message.type)
    {
    case PinMessageType::REGISTER:
    case PinMessageType::REGISTER_ACK:
        out.U32(message.seconds);
        break;
    case PinMessageType::SUBMIT:
        out.U32(message.peer).U32(message.seconds).U8(message.wantsReport ? REPORT_OPTION : 0);
        WritePorts(out, message);
        out.Raw(message.userData);
        break;
    case PinMessageType::SUBMIT_ACK:
        break;
    case PinMessageType::DELIVER:
        out.U32(message.peer);
        WritePorts(out, message);
        out.Raw(message.userData);
        break;
    case PinMessageType::DELIVER_ACK:
    case PinMessageType::REPORT:
    case PinMessageType::REPORT_ACK:
        out.U32(message.peer);
        break;
    }
    return body;
}

void
DecodeBody(FieldReader& in, PinMessage& message)
{
    switch (message.type)
    {
    case PinMessageType::REGISTER:
    case PinMessageType::REGISTER_ACK:
        message.seconds = in.U32();
        break;
    case PinMessageType::SUBMIT:
        message.peer = in.U32();
        message.seconds = in.U32();
        message.wantsReport = (in.U8() & REPORT_OPTION) != 0;
        ReadPorts(in, message);
        message.userData = in.Raw(in.GetLeft());
        break;
    case PinMessageType::SUBMIT_ACK:
        break;
    case PinMessageType::DELIVER:
        message.peer = in.U32();
        ReadPorts(in, message);
        message.userData = in.Raw(in.GetLeft());
        break;
    case PinMessageType::DELIVER_ACK:
    case PinMessageType::REPORT:
    case PinMessageType::REPORT_ACK:
        message.peer = in.U32();
        break;
    }
}

} // namespace

PinError
EncodePinMessage(const PinMessage& message, Octets& datagram)
{
    if (message.userData.size() > PIN_MAX_USER_DATA)
    {
        return PinError::USER_DATA_TOO_LONG;
    }
    const auto body = EncodeBody(message);
    OctetWriter(datagram)
        .U8(static_cast<uint8_t>(VERSION << 4 | static_cast<uint8_t>(message.type)))
        .U8(static_cast<uint8_t>(message.status))
        .U16(static_cast<uint16_t>(body.size()))
        .U32(message.id)
        .U32(message.pin)
        .Raw(body);
    return PinError::NONE;
}

PinError
DecodePinMessage(const Octets& datagram, PinMessage& message)
{
    FieldReader in(datagram);
    const auto first = in.U8();
    const auto status = in.U8();
    const auto length = in.U16();
    message = PinMessage();
    message.id = in.U32();
    message.pin = in.U32();
    if (in.HasFailed())
    {
        return PinError::TRUNCATED;
    }
    if (first >> 4 != VERSION)
    {
        return PinError::BAD_VERSION;
    }
    message.type = static_cast<PinMessageType>(first & 0x0F);
    if (message.type < PinMessageType::REGISTER || message.type > PinMessageType::REPORT_ACK)
    {
        return PinError::UNKNOWN_TYPE;
    }
    message.status = static_cast<PinStatus>(status);
    if (message.status > PinStatus::EXPIRED)
    {
        return PinError::UNKNOWN_STATUS;
    }
    if (in.GetLeft() != length)
    {
        return PinError::BAD_LENGTH;
    }
    DecodeBody(in, message);
    if (in.HasFailed())
    {
        return PinError::TRUNCATED;
    }
    if (message.userData.size() > PIN_MAX_USER_DATA)
    {
        return PinError::USER_DATA_TOO_LONG;
    }
    return in.GetLeft() == 0 ? PinError::NONE : PinError::BAD_LENGTH;
}

std::string
FormatPin(uint32_t pin)
{
    std::array<char, 9> text{};
    std::snprintf(text.data(), text.size(), "%08X", pin);
    return text.data();
}

std::optional<uint32_t>
ParsePin(const std::string& text)
{
    uint32_t pin = 0;
    const char* const end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, pin, 16);
    const bool isPin = text.size() == 8 && error == std::errc() && last == end;
    return isPin ? std::optional<uint32_t>(pin) : std::nullopt;
}

} // namespace p2pim
} // namespace ns3
