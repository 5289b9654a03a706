// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gtp.h"

#include "ns3/gtp-elements.h"

#include <algorithm>
#include <iterator>

namespace ns3
{
namespace p2pim
{

namespace
{

// octet 1 of the header (TS 29.060 6)
constexpr uint8_t VERSION_1_WITH_SEQUENCE = 0x32; // version 1, protocol type GTP, S flag
constexpr uint8_t NOT_EVALUATED = 0x09;           // the spare bit and the PN flag
constexpr uint8_t PROTOCOL_TYPE_GTP = 0x10;
constexpr unsigned VERSION_SHIFT = 5;

// message types (table 1)
constexpr uint8_t ECHO_REQUEST = 1;
constexpr uint8_t ECHO_RESPONSE = 2;
constexpr uint8_t VERSION_NOT_SUPPORTED = 3;
constexpr uint8_t CREATE_REQUEST = 16;
constexpr uint8_t CREATE_RESPONSE = 17;
constexpr uint8_t UPDATE_REQUEST = 18;
constexpr uint8_t UPDATE_RESPONSE = 19;
constexpr uint8_t DELETE_REQUEST = 20;
constexpr uint8_t DELETE_RESPONSE = 21;
constexpr uint8_t ERROR_INDICATION = 26;
constexpr uint8_t NOTIFICATION_REQUEST = 27;
constexpr uint8_t NOTIFICATION_RESPONSE = 28;
constexpr uint8_t NOTIFICATION_REJECT_REQUEST = 29;
constexpr uint8_t NOTIFICATION_REJECT_RESPONSE = 30;

/// What is in front of the elements.
struct GtpHeader
{
    uint8_t type = 0;
    uint32_t teid = 0;
    uint16_t sequence = 0;
};

/// @return a flag of an element of one octet (7.7.6, 7.7.16): the other bits are spare, and ones.
uint8_t
ToFlag(bool isSet)
{
    return isSet ? 0xFF : 0xFE;
}

bool
IsSet(std::optional<uint8_t> flag)
{
    return flag && (*flag & 1) != 0;
}

Octets
WithHeader(const GtpHeader& header, const GtpElementWriter& elements)
{
    Octets octets;
    octets.reserve(12 + elements.GetOctets().size());
    OctetWriter(octets)
        .U8(VERSION_1_WITH_SEQUENCE)
        .U8(header.type)
        .U16(static_cast<uint16_t>(elements.GetOctets().size() + 4))
        .U32(header.teid)
        .U16(header.sequence)
        .U16(0)
        .Raw(elements.GetOctets());
    return octets;
}

Octets
Encode(const GtpEchoRequest& message)
{
    return WithHeader({ECHO_REQUEST, 0, message.sequence}, {});
}

Octets
Encode(const GtpEchoResponse& message)
{
    GtpElementWriter out;
    out.Recovery(message.recovery);
    return WithHeader({ECHO_RESPONSE, 0, message.sequence}, out);
}

Octets
Encode(const GtpVersionNotSupported& message)
{
    return WithHeader({VERSION_NOT_SUPPORTED, 0, message.sequence}, {});
}

Octets
Encode(const CreatePdpContextRequest& message)
{
    constexpr uint8_t selectionModeSpare = 0xFC; // 7.7.12
    GtpElementWriter out;
    out.Imsi(message.imsi).Recovery(message.recovery);
    out.U8(GtpIe::SELECTION_MODE, selectionModeSpare | (message.selectionMode & 3));
    out.U32(GtpIe::TEID_DATA, message.teidData).U32(GtpIe::TEID_CONTROL, message.teidControl);
    out.U8(GtpIe::NSAPI, message.nsapi).EndUser(message.endUser);
    out.Value(GtpIe::APN, EncodeApn(message.apn));
    out.GsnAddress(message.sgsn).GsnAddress(message.sgsn);
    out.Msisdn(message.msisdn).Qos({message.allocationPriority, message.qos});
    return WithHeader({CREATE_REQUEST, 0, message.sequence}, out);
}

Octets
Encode(const CreatePdpContextResponse& message)
{
    GtpElementWriter out;
    out.Cause(message.cause);
    if (message.cause == GtpCause::REQUEST_ACCEPTED)
    {
        out.U8(GtpIe::REORDERING_REQUIRED, ToFlag(message.reordering)).Recovery(message.recovery);
        out.U32(GtpIe::TEID_DATA, message.teidData);
        out.U32(GtpIe::TEID_CONTROL, message.teidControl);
        out.U32(GtpIe::CHARGING_ID, message.chargingId);
        out.EndUser({PDP_TYPE_IPV4, message.endUser});
        out.GsnAddress(message.ggsn).GsnAddress(message.ggsn);
        out.Qos({message.allocationPriority, message.qos});
    }
    return WithHeader({CREATE_RESPONSE, message.teid, message.sequence}, out);
}

/// Writes an element of a tunnel endpoint identifier or the like, if there is one.
void
WriteIfAny(GtpElementWriter& out, GtpIe type, std::optional<uint32_t> value)
{
    if (value)
    {
        out.U32(type, *value);
    }
}

Octets
Encode(const UpdatePdpContextRequest& message)
{
    GtpElementWriter out;
    out.Recovery(message.recovery);
    WriteIfAny(out, GtpIe::TEID_DATA, message.teidData);
    WriteIfAny(out, GtpIe::TEID_CONTROL, message.teidControl);
    out.U8(GtpIe::NSAPI, message.nsapi);
    if (message.teidData)
    {
        out.GsnAddress(message.sgsn).GsnAddress(message.sgsn);
    }
    out.Qos({message.allocationPriority, message.qos});
    return WithHeader({UPDATE_REQUEST, message.teid, message.sequence}, out);
}

Octets
Encode(const UpdatePdpContextResponse& message)
{
    GtpElementWriter out;
    out.Cause(message.cause).Recovery(message.recovery);
    if (message.cause == GtpCause::REQUEST_ACCEPTED)
    {
        WriteIfAny(out, GtpIe::TEID_DATA, message.teidData);
        WriteIfAny(out, GtpIe::TEID_CONTROL, message.teidControl);
        WriteIfAny(out, GtpIe::CHARGING_ID, message.chargingId);
        if (message.gsn)
        {
            out.GsnAddress(*message.gsn).GsnAddress(*message.gsn);
        }
        if (message.qos)
        {
            out.Qos({message.allocationPriority, *message.qos});
        }
    }
    return WithHeader({UPDATE_RESPONSE, message.teid, message.sequence}, out);
}

Octets
Encode(const DeletePdpContextRequest& message)
{
    GtpElementWriter out;
    out.U8(GtpIe::TEARDOWN_IND, ToFlag(message.teardown)).U8(GtpIe::NSAPI, message.nsapi);
    return WithHeader({DELETE_REQUEST, message.teid, message.sequence}, out);
}

Octets
Encode(const DeletePdpContextResponse& message)
{
    GtpElementWriter out;
    out.Cause(message.cause);
    return WithHeader({DELETE_RESPONSE, message.teid, message.sequence}, out);
}

Octets
Encode(const PduNotificationRequest& message)
{
    GtpElementWriter out;
    out.Imsi(message.imsi).U32(GtpIe::TEID_CONTROL, message.teidControl);
    out.EndUser(message.endUser).Value(GtpIe::APN, EncodeApn(message.apn));
    out.GsnAddress(message.ggsn);
    return WithHeader({NOTIFICATION_REQUEST, 0, message.sequence}, out);
}

Octets
Encode(const PduNotificationResponse& message)
{
    GtpElementWriter out;
    out.Cause(message.cause);
    return WithHeader({NOTIFICATION_RESPONSE, message.teid, message.sequence}, out);
}

Octets
Encode(const PduNotificationRejectRequest& message)
{
    GtpElementWriter out;
    out.Cause(message.cause).U32(GtpIe::TEID_CONTROL, message.teidControl);
    out.EndUser(message.endUser).Value(GtpIe::APN, EncodeApn(message.apn));
    return WithHeader({NOTIFICATION_REJECT_REQUEST, message.teid, message.sequence}, out);
}

Octets
Encode(const PduNotificationRejectResponse& message)
{
    GtpElementWriter out;
    out.Cause(message.cause);
    return WithHeader({NOTIFICATION_REJECT_RESPONSE, message.teid, message.sequence}, out);
}

Octets
Encode(const GtpErrorIndication& message)
{
    GtpElementWriter out;
    out.U32(GtpIe::TEID_DATA, message.teidData).GsnAddress(message.address);
    return WithHeader({ERROR_INDICATION, 0, message.sequence}, out);
}

/// @return a tunnel endpoint identifier of the user plane, which is mandatory and never 0.
uint32_t
GetTeidData(GtpElementReader& in)
{
    const auto teid = in.U32(GtpIe::TEID_DATA);
    if (teid == 0)
    {
        in.SetFault(GtpCause::MANDATORY_IE_INCORRECT);
    }
    return teid;
}

GtpMessage
ReadEchoRequest(const GtpHeader& header, GtpElementReader&)
{
    return GtpEchoRequest{header.sequence};
}

GtpMessage
ReadEchoResponse(const GtpHeader& header, GtpElementReader& in)
{
    return GtpEchoResponse{header.sequence, in.U8(GtpIe::RECOVERY)};
}

GtpMessage
ReadVersionNotSupported(const GtpHeader& header, GtpElementReader&)
{
    return GtpVersionNotSupported{header.sequence};
}

GtpMessage
ReadCreateRequest(const GtpHeader& header, GtpElementReader& in)
{
    CreatePdpContextRequest message;
    message.sequence = header.sequence;
    message.imsi = in.Imsi();
    message.recovery = in.FindU8(GtpIe::RECOVERY);
    message.selectionMode = in.FindU8(GtpIe::SELECTION_MODE).value_or(0) & 3;
    message.teidData = GetTeidData(in);
    message.teidControl = in.U32(GtpIe::TEID_CONTROL);
    message.nsapi = in.Nsapi();
    message.endUser = in.EndUser();
    message.apn = in.Apn();
    message.sgsn = in.GsnAddress();
    message.msisdn = in.FindMsisdn();
    const auto qos = in.Qos();
    message.qos = qos.profile;
    message.allocationPriority = qos.allocationPriority;
    return message;
}

GtpMessage
ReadCreateResponse(const GtpHeader& header, GtpElementReader& in)
{
    CreatePdpContextResponse message;
    message.sequence = header.sequence;
    message.teid = header.teid;
    message.cause = in.Cause();
    if (message.cause != GtpCause::REQUEST_ACCEPTED)
    {
        return message;
    }
    message.reordering = IsSet(in.FindU8(GtpIe::REORDERING_REQUIRED));
    message.recovery = in.FindU8(GtpIe::RECOVERY);
    message.teidData = GetTeidData(in);
    message.teidControl = in.U32(GtpIe::TEID_CONTROL);
    message.chargingId = in.U32(GtpIe::CHARGING_ID);
    const auto endUser = in.EndUser().address;
    if (!endUser)
    {
        in.SetFault(GtpCause::MANDATORY_IE_INCORRECT);
    }
    message.endUser = endUser.value_or(Ipv4Address());
    message.ggsn = in.GsnAddress();
    const auto qos = in.Qos();
    message.qos = qos.profile;
    message.allocationPriority = qos.allocationPriority;
    return message;
}

GtpMessage
ReadUpdateRequest(const GtpHeader& header, GtpElementReader& in)
{
    UpdatePdpContextRequest message;
    message.sequence = header.sequence;
    message.teid = header.teid;
    message.recovery = in.FindU8(GtpIe::RECOVERY);
    message.teidData = in.FindU32(GtpIe::TEID_DATA);
    message.teidControl = in.FindU32(GtpIe::TEID_CONTROL);
    message.nsapi = in.Nsapi();
    if (message.teidData)
    {
        message.sgsn = in.GsnAddress();
    }
    const auto qos = in.Qos();
    message.qos = qos.profile;
    message.allocationPriority = qos.allocationPriority;
    return message;
}

GtpMessage
ReadUpdateResponse(const GtpHeader& header, GtpElementReader& in)
{
    UpdatePdpContextResponse message;
    message.sequence = header.sequence;
    message.teid = header.teid;
    message.cause = in.Cause();
    message.recovery = in.FindU8(GtpIe::RECOVERY);
    if (message.cause != GtpCause::REQUEST_ACCEPTED)
    {
        return message;
    }
    message.teidData = in.FindU32(GtpIe::TEID_DATA);
    message.teidControl = in.FindU32(GtpIe::TEID_CONTROL);
    message.chargingId = in.FindU32(GtpIe::CHARGING_ID);
    message.gsn = in.FindGsnAddress();
    if (const auto qos = in.FindQos())
    {
        message.qos = qos->profile;
        message.allocationPriority = qos->allocationPriority;
    }
    return message;
}

GtpMessage
ReadDeleteRequest(const GtpHeader& header, GtpElementReader& in)
{
    const bool teardown = IsSet(in.FindU8(GtpIe::TEARDOWN_IND));
    return DeletePdpContextRequest{header.sequence, header.teid, in.Nsapi(), teardown};
}

GtpMessage
ReadDeleteResponse(const GtpHeader& header, GtpElementReader& in)
{
    return DeletePdpContextResponse{header.sequence, header.teid, in.Cause()};
}

GtpMessage
ReadNotificationRequest(const GtpHeader& header, GtpElementReader& in)
{
    PduNotificationRequest message;
    message.sequence = header.sequence;
    message.imsi = in.Imsi();
    message.teidControl = in.U32(GtpIe::TEID_CONTROL);
    message.endUser = in.EndUser();
    message.apn = in.Apn();
    message.ggsn = in.GsnAddress();
    return message;
}

GtpMessage
ReadNotificationResponse(const GtpHeader& header, GtpElementReader& in)
{
    return PduNotificationResponse{header.sequence, header.teid, in.Cause()};
}

GtpMessage
ReadNotificationRejectRequest(const GtpHeader& header, GtpElementReader& in)
{
    PduNotificationRejectRequest message;
    message.sequence = header.sequence;
    message.teid = header.teid;
    message.cause = in.Cause();
    message.teidControl = in.U32(GtpIe::TEID_CONTROL);
    message.endUser = in.EndUser();
    message.apn = in.Apn();
    return message;
}

GtpMessage
ReadNotificationRejectResponse(const GtpHeader& header, GtpElementReader& in)
{
    return PduNotificationRejectResponse{header.sequence, header.teid, in.Cause()};
}

GtpMessage
ReadErrorIndication(const GtpHeader& header, GtpElementReader& in)
{
    const auto teid = in.U32(GtpIe::TEID_DATA);
    return GtpErrorIndication{header.sequence, teid, in.GsnAddress()};
}

/// A type of message and what reads it; where it may come from.
struct Decoder
{
    uint8_t type;
    GtpMessage (*read)(const GtpHeader& header, GtpElementReader& in);
    bool isControl;
    bool isUser;
};

constexpr Decoder g_decoders[] = {
    {ECHO_REQUEST, ReadEchoRequest, true, true},
    {ECHO_RESPONSE, ReadEchoResponse, true, true},
    {VERSION_NOT_SUPPORTED, ReadVersionNotSupported, true, false},
    {CREATE_REQUEST, ReadCreateRequest, true, false},
    {CREATE_RESPONSE, ReadCreateResponse, true, false},
    {UPDATE_REQUEST, ReadUpdateRequest, true, false},
    {UPDATE_RESPONSE, ReadUpdateResponse, true, false},
    {DELETE_REQUEST, ReadDeleteRequest, true, false},
    {DELETE_RESPONSE, ReadDeleteResponse, true, false},
    {ERROR_INDICATION, ReadErrorIndication, false, true},
    {NOTIFICATION_REQUEST, ReadNotificationRequest, true, false},
    {NOTIFICATION_RESPONSE, ReadNotificationResponse, true, false},
    {NOTIFICATION_REJECT_REQUEST, ReadNotificationRejectRequest, true, false},
    {NOTIFICATION_REJECT_RESPONSE, ReadNotificationRejectResponse, true, false},
};

/// What octets are: a message, or what is wrong with it; and what its header says.
struct Reading
{
    GtpHeader header;
    std::optional<GtpMessage> message;
    std::optional<GtpCause> fault; ///< none of a header that cannot be read, or an unknown type
};

Reading
Read(const Octets& octets, bool Decoder::*port)
{
    Reading reading;
    FieldReader in(octets);
    const uint8_t flags = in.U8() & static_cast<uint8_t>(~NOT_EVALUATED);
    reading.header.type = in.U8();
    const uint16_t length = in.U16();
    reading.header.teid = in.U32();
    reading.header.sequence = in.U16();
    in.U16(); // N-PDU number and next extension header
    const auto* decoder =
        std::find_if(std::begin(g_decoders), std::end(g_decoders), [&](const Decoder& each) {
            return each.type == reading.header.type && each.*port;
        });
    if (in.HasFailed() || flags != VERSION_1_WITH_SEQUENCE || decoder == std::end(g_decoders))
    {
        return reading;
    }
    if (length != in.GetLeft() + 4)
    {
        reading.fault = GtpCause::INVALID_MESSAGE_FORMAT;
        return reading;
    }
    GtpElementReader elements(in);
    auto message = decoder->read(reading.header, elements);
    reading.fault = elements.GetFault();
    if (!reading.fault)
    {
        reading.message = std::move(message);
    }
    return reading;
}

/// @return what a message's Recovery element, if it may have one, says.
template <typename Message>
auto
ReadRecovery(const Message& message, int) -> decltype(std::optional<uint8_t>(message.recovery))
{
    return message.recovery;
}

template <typename Message>
std::optional<uint8_t>
ReadRecovery(const Message&, long)
{
    return std::nullopt;
}

} // namespace

Octets
EncodeGtp(const GtpMessage& message)
{
    return std::visit([](const auto& each) { return Encode(each); }, message);
}

std::optional<GtpMessage>
DecodeGtp(const Octets& octets)
{
    return Read(octets, &Decoder::isControl).message;
}

std::optional<GtpMessage>
DecodeGtpUser(const Octets& octets)
{
    return Read(octets, &Decoder::isUser).message;
}

std::optional<GtpMessage>
AnswerGtpFault(const Octets& octets)
{
    const auto reading = Read(octets, &Decoder::isControl);
    const auto& [type, teid, sequence] = reading.header;
    const bool isLater =
        !octets.empty() && octets[0] >> VERSION_SHIFT > 1 && (octets[0] & PROTOCOL_TYPE_GTP) != 0;
    if (isLater && type != VERSION_NOT_SUPPORTED)
    {
        return GtpVersionNotSupported{sequence};
    }
    if (!reading.fault)
    {
        return std::nullopt;
    }
    // the peer's TEID is not known of a message that cannot be read
    switch (type)
    {
    case CREATE_REQUEST:
        return CreatePdpContextResponse{sequence, 0, *reading.fault};
    case UPDATE_REQUEST:
        return UpdatePdpContextResponse{sequence, 0, *reading.fault};
    case DELETE_REQUEST:
        return DeletePdpContextResponse{sequence, 0, *reading.fault};
    case NOTIFICATION_REQUEST:
        return PduNotificationResponse{sequence, 0, *reading.fault};
    case NOTIFICATION_REJECT_REQUEST:
        return PduNotificationRejectResponse{sequence, 0, *reading.fault};
    default:
        return std::nullopt;
    }
}

std::optional<uint8_t>
GetRecovery(const GtpMessage& message)
{
    return std::visit([](const auto& each) { return ReadRecovery(each, 0); }, message);
}

uint16_t
GetSequence(const GtpMessage& message)
{
    return std::visit([](const auto& each) { return each.sequence; }, message);
}

} // namespace p2pim
} // namespace ns3
