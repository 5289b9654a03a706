// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/smpp-pdu.h"

#include "ns3/smpp-fields.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

// sizes of strings, the terminating zero included (SMPP 3.4, 4)
constexpr std::size_t SYSTEM_ID = 16;
constexpr std::size_t PASSWORD = 9;
constexpr std::size_t SYSTEM_TYPE = 13;
constexpr std::size_t ADDRESS_RANGE = 41;
constexpr std::size_t SERVICE_TYPE = 6;
constexpr std::size_t TIME_STRING = 17;
constexpr std::size_t MESSAGE_ID = 65;

/// Tags of optional parameters (SMPP 3.4, 5.3.2).
enum Tag : uint16_t
{
    RECEIPTED_MESSAGE_ID = 0x001E,
    USER_MESSAGE_REFERENCE = 0x0204,
    SOURCE_PORT = 0x020A,
    DESTINATION_PORT = 0x020B,
    SAR_MSG_REF_NUM = 0x020C,
    SAR_TOTAL_SEGMENTS = 0x020E,
    SAR_SEGMENT_SEQNUM = 0x020F,
    SC_INTERFACE_VERSION = 0x0210,
    MESSAGE_PAYLOAD = 0x0424,
    MESSAGE_STATE = 0x0427,
};

// --- one pair for each body ---

void
Write(SmppWriter& out, const std::monostate&)
{
    (void)out;
}

void
Write(SmppWriter& out, const SmppBind& bind)
{
    out.String(bind.systemId, SYSTEM_ID);
    out.String(bind.password, PASSWORD);
    out.String(bind.systemType, SYSTEM_TYPE);
    out.U8(bind.interfaceVersion);
    out.Address(bind.addressRange, ADDRESS_RANGE);
}

void
Write(SmppWriter& out, const SmppBindResp& response)
{
    out.String(response.systemId, SYSTEM_ID);
    if (response.scInterfaceVersion)
    {
        out.Parameter8(SC_INTERFACE_VERSION, *response.scInterfaceVersion);
    }
}

void
WriteParameters(SmppWriter& out, const SmppMessage& message)
{
    out.Parameter16(USER_MESSAGE_REFERENCE, message.userMessageReference);
    out.Parameter16(SOURCE_PORT, message.sourcePort);
    out.Parameter16(DESTINATION_PORT, message.destinationPort);
    if (message.segment)
    {
        out.Parameter16(SAR_MSG_REF_NUM, message.segment->reference);
        out.Parameter8(SAR_TOTAL_SEGMENTS, message.segment->total);
        out.Parameter8(SAR_SEGMENT_SEQNUM, message.segment->number);
    }
    if (message.payload)
    {
        out.Parameter(MESSAGE_PAYLOAD, *message.payload);
    }
    if (message.receiptedMessageId)
    {
        Octets id(message.receiptedMessageId->begin(), message.receiptedMessageId->end());
        id.push_back(0);
        out.Parameter(RECEIPTED_MESSAGE_ID, id);
    }
    if (message.messageState)
    {
        out.Parameter8(MESSAGE_STATE, static_cast<uint8_t>(*message.messageState));
    }
}

void
Write(SmppWriter& out, const SmppMessage& message)
{
    out.String(message.serviceType, SERVICE_TYPE);
    out.Address(message.source);
    out.Address(message.destination);
    out.U8(message.esmClass);
    out.U8(message.protocolId);
    out.U8(message.priority);
    out.String(message.scheduleDeliveryTime, TIME_STRING);
    out.String(message.validityPeriod, TIME_STRING);
    out.U8(message.registeredDelivery);
    out.U8(message.replaceIfPresent);
    out.U8(message.dataCoding);
    out.U8(message.defaultMessageId);
    out.ShortMessage(message.shortMessage);
    WriteParameters(out, message);
}

void
Write(SmppWriter& out, const SmppMessageResp& response)
{
    out.String(response.messageId, MESSAGE_ID);
}

void
Write(SmppWriter& out, const SmppQuery& query)
{
    out.String(query.messageId, MESSAGE_ID);
    out.Address(query.source);
}

void
Write(SmppWriter& out, const SmppQueryResp& response)
{
    out.String(response.messageId, MESSAGE_ID);
    out.String(response.finalDate, TIME_STRING);
    out.U8(static_cast<uint8_t>(response.messageState));
    out.U8(response.errorCode);
}

void
Write(SmppWriter& out, const SmppCancel& cancel)
{
    out.String(cancel.serviceType, SERVICE_TYPE);
    out.String(cancel.messageId, MESSAGE_ID);
    out.Address(cancel.source);
    out.Address(cancel.destination);
}

/**
 * Reads the optional parameters up to the end.
 *
 * @param handle called with tag and value of each; returns false if the length does not fit.
 */
template <typename Handle>
void
ReadParameters(SmppReader& in, const Handle& handle)
{
    while (in.HasMore())
    {
        const auto tag = in.U16();
        const auto length = in.U16();
        const auto value = in.Raw(length);
        if (in.GetError() != SmppError::NONE || !handle(tag, value))
        {
            in.Fail(SmppError::BAD_PARAMETER);
        }
    }
}

uint16_t
ToU16(const Octets& value)
{
    return FieldReader(value).U16();
}

/// The three sar_* parameters, each of which may come alone: then none counts.
struct SarParameters
{
    std::optional<uint16_t> reference;
    std::optional<uint8_t> total;
    std::optional<uint8_t> number;
};

bool
TakeSar(uint16_t tag, const Octets& value, SarParameters& sar)
{
    if (tag == SAR_MSG_REF_NUM)
    {
        sar.reference = ToU16(value);
        return value.size() == 2;
    }
    if (value.size() == 1)
    {
        (tag == SAR_TOTAL_SEGMENTS ? sar.total : sar.number) = value[0];
    }
    return value.size() == 1;
}

/// @return the text of a C-octet string; nothing if it has no end, or one too early.
std::optional<std::string>
ToText(const Octets& value)
{
    if (value.empty() || value.size() > MESSAGE_ID ||
        std::find(value.begin(), value.end(), 0) != value.end() - 1)
    {
        return std::nullopt;
    }
    return std::string(value.begin(), value.end() - 1);
}

bool
TakeParameter(uint16_t tag, const Octets& value, SmppMessage& message, SarParameters& sar)
{
    switch (tag)
    {
    case USER_MESSAGE_REFERENCE:
        message.userMessageReference = ToU16(value);
        return value.size() == 2;
    case SOURCE_PORT:
        message.sourcePort = ToU16(value);
        return value.size() == 2;
    case DESTINATION_PORT:
        message.destinationPort = ToU16(value);
        return value.size() == 2;
    case SAR_MSG_REF_NUM:
    case SAR_TOTAL_SEGMENTS:
    case SAR_SEGMENT_SEQNUM:
        return TakeSar(tag, value, sar);
    case MESSAGE_PAYLOAD:
        message.payload = value;
        return true;
    case RECEIPTED_MESSAGE_ID:
        message.receiptedMessageId = ToText(value);
        return message.receiptedMessageId.has_value();
    case MESSAGE_STATE:
        message.messageState = static_cast<SmppMessageState>(value.size() == 1 ? value[0] : 0);
        return value.size() == 1;
    default:
        return true;
    }
}

SmppBind
ReadBind(SmppReader& in)
{
    SmppBind bind;
    bind.systemId = in.String(SYSTEM_ID);
    bind.password = in.String(PASSWORD);
    bind.systemType = in.String(SYSTEM_TYPE);
    bind.interfaceVersion = in.U8();
    bind.addressRange = in.Address(ADDRESS_RANGE);
    ReadParameters(in, [](uint16_t, const Octets&) { return true; });
    return bind;
}

SmppBindResp
ReadBindResp(SmppReader& in)
{
    SmppBindResp response;
    response.systemId = in.String(SYSTEM_ID);
    ReadParameters(in, [&response](uint16_t tag, const Octets& value) {
        if (tag != SC_INTERFACE_VERSION)
        {
            return true;
        }
        response.scInterfaceVersion = value.empty() ? uint8_t{0} : value[0];
        return value.size() == 1;
    });
    return response;
}

SmppMessage
ReadMessage(SmppReader& in)
{
    SmppMessage message;
    message.serviceType = in.String(SERVICE_TYPE);
    message.source = in.Address();
    message.destination = in.Address();
    message.esmClass = in.U8();
    message.protocolId = in.U8();
    message.priority = in.U8();
    message.scheduleDeliveryTime = in.String(TIME_STRING);
    message.validityPeriod = in.String(TIME_STRING);
    message.registeredDelivery = in.U8();
    message.replaceIfPresent = in.U8();
    message.dataCoding = in.U8();
    message.defaultMessageId = in.U8();
    const auto length = in.U8();
    if (length > SMPP_MAX_SHORT_MESSAGE)
    {
        in.Fail(SmppError::FIELD_TOO_LONG);
    }
    message.shortMessage = in.Raw(length);
    SarParameters sar;
    ReadParameters(in, [&](uint16_t tag, const Octets& value) {
        return TakeParameter(tag, value, message, sar);
    });
    if (sar.reference && sar.total && sar.number)
    {
        message.segment = SmppSegment{*sar.reference, *sar.total, *sar.number};
    }
    return message;
}

SmppMessageResp
ReadMessageResp(SmppReader& in)
{
    SmppMessageResp response;
    response.messageId = in.String(MESSAGE_ID);
    ReadParameters(in, [](uint16_t, const Octets&) { return true; });
    return response;
}

SmppQuery
ReadQuery(SmppReader& in)
{
    SmppQuery query;
    query.messageId = in.String(MESSAGE_ID);
    query.source = in.Address();
    return query;
}

SmppQueryResp
ReadQueryResp(SmppReader& in)
{
    SmppQueryResp response;
    response.messageId = in.String(MESSAGE_ID);
    response.finalDate = in.String(TIME_STRING);
    response.messageState = static_cast<SmppMessageState>(in.U8());
    response.errorCode = in.U8();
    return response;
}

SmppCancel
ReadCancel(SmppReader& in)
{
    SmppCancel cancel;
    cancel.serviceType = in.String(SERVICE_TYPE);
    cancel.messageId = in.String(MESSAGE_ID);
    cancel.source = in.Address();
    cancel.destination = in.Address();
    return cancel;
}

/// The bodies, in the order of SmppPdu::body.
enum class Body : std::size_t
{
    NOTHING,
    BIND,
    BIND_RESP,
    MESSAGE,
    MESSAGE_RESP,
    QUERY,
    QUERY_RESP,
    CANCEL,
};

/// @return the body that a command has; nothing if there is no such command.
std::optional<Body>
GetBody(SmppCommand command)
{
    switch (command)
    {
    case SmppCommand::BIND_RECEIVER:
    case SmppCommand::BIND_TRANSMITTER:
    case SmppCommand::BIND_TRANSCEIVER:
        return Body::BIND;
    case SmppCommand::BIND_RECEIVER_RESP:
    case SmppCommand::BIND_TRANSMITTER_RESP:
    case SmppCommand::BIND_TRANSCEIVER_RESP:
        return Body::BIND_RESP;
    case SmppCommand::SUBMIT_SM:
    case SmppCommand::DELIVER_SM:
        return Body::MESSAGE;
    case SmppCommand::SUBMIT_SM_RESP:
    case SmppCommand::DELIVER_SM_RESP:
        return Body::MESSAGE_RESP;
    case SmppCommand::QUERY_SM:
        return Body::QUERY;
    case SmppCommand::QUERY_SM_RESP:
        return Body::QUERY_RESP;
    case SmppCommand::CANCEL_SM:
        return Body::CANCEL;
    case SmppCommand::UNBIND:
    case SmppCommand::UNBIND_RESP:
    case SmppCommand::CANCEL_SM_RESP:
    case SmppCommand::ENQUIRE_LINK:
    case SmppCommand::ENQUIRE_LINK_RESP:
    case SmppCommand::GENERIC_NACK:
        return Body::NOTHING;
    }
    return std::nullopt;
}

void
ReadBody(SmppReader& in, Body body, SmppPdu& pdu)
{
    switch (body)
    {
    case Body::BIND:
        pdu.body = ReadBind(in);
        break;
    case Body::BIND_RESP:
        pdu.body = ReadBindResp(in);
        break;
    case Body::MESSAGE:
        pdu.body = ReadMessage(in);
        break;
    case Body::MESSAGE_RESP:
        pdu.body = ReadMessageResp(in);
        break;
    case Body::QUERY:
        pdu.body = ReadQuery(in);
        break;
    case Body::QUERY_RESP:
        pdu.body = ReadQueryResp(in);
        break;
    case Body::CANCEL:
        pdu.body = ReadCancel(in);
        break;
    case Body::NOTHING:
        break;
    }
}

/// @return whether a response without a body is what its status asks for (4.4.2).
bool
MayLackBody(const SmppPdu& pdu)
{
    return IsSmppResponse(pdu.command) && pdu.status != SmppStatus::ESME_ROK;
}

} // namespace

SmppError
EncodeSmpp(const SmppPdu& pdu, Octets& octets)
{
    const bool isLackAllowed = pdu.body.index() == 0 && MayLackBody(pdu);
    const auto body = GetBody(pdu.command);
    if (!body || (pdu.body.index() != static_cast<std::size_t>(*body) && !isLackAllowed))
    {
        return SmppError::BODY_MISMATCH;
    }
    const std::size_t begin = octets.size();
    SmppWriter out(octets);
    out.U32(0);
    out.U32(static_cast<uint32_t>(pdu.command));
    out.U32(static_cast<uint32_t>(pdu.status));
    out.U32(pdu.sequence);
    std::visit([&out](const auto& body) { Write(out, body); }, pdu.body);
    if (out.HasFailed())
    {
        octets.resize(begin);
        return SmppError::FIELD_TOO_LONG;
    }
    Octets length;
    OctetWriter(length).U32(static_cast<uint32_t>(octets.size() - begin));
    std::copy(length.begin(), length.end(), octets.begin() + static_cast<std::ptrdiff_t>(begin));
    return SmppError::NONE;
}

SmppError
DecodeSmpp(const Octets& octets, SmppPdu& pdu)
{
    SmppReader in(octets);
    const auto length = in.U32();
    if (octets.size() < SMPP_HEADER_SIZE || length != octets.size())
    {
        return SmppError::BAD_LENGTH;
    }
    pdu.command = static_cast<SmppCommand>(in.U32());
    pdu.status = static_cast<SmppStatus>(in.U32());
    pdu.sequence = in.U32();
    pdu.body = std::monostate();
    const auto body = GetBody(pdu.command);
    if (!body)
    {
        return SmppError::UNKNOWN_COMMAND;
    }
    if (in.HasMore() || !MayLackBody(pdu))
    {
        ReadBody(in, *body, pdu);
    }
    return in.GetError();
}

SmppStatus
GetSmppStatus(SmppError error)
{
    switch (error)
    {
    case SmppError::NONE:
        return SmppStatus::ESME_ROK;
    case SmppError::UNKNOWN_COMMAND:
        return SmppStatus::ESME_RINVCMDID;
    case SmppError::FIELD_TOO_LONG:
        return SmppStatus::ESME_RINVPARLEN;
    case SmppError::BAD_PARAMETER:
        return SmppStatus::ESME_RINVOPTPARSTREAM;
    default:
        return SmppStatus::ESME_RINVCMDLEN;
    }
}

const char*
GetSmppStatusName(SmppStatus status)
{
    static constexpr std::pair<SmppStatus, const char*> names[] = {
        {SmppStatus::ESME_ROK, "ESME_ROK"},
        {SmppStatus::ESME_RINVMSGLEN, "ESME_RINVMSGLEN"},
        {SmppStatus::ESME_RINVCMDLEN, "ESME_RINVCMDLEN"},
        {SmppStatus::ESME_RINVCMDID, "ESME_RINVCMDID"},
        {SmppStatus::ESME_RINVBNDSTS, "ESME_RINVBNDSTS"},
        {SmppStatus::ESME_RALYBND, "ESME_RALYBND"},
        {SmppStatus::ESME_RINVPRTFLG, "ESME_RINVPRTFLG"},
        {SmppStatus::ESME_RSYSERR, "ESME_RSYSERR"},
        {SmppStatus::ESME_RINVSRCADR, "ESME_RINVSRCADR"},
        {SmppStatus::ESME_RINVDSTADR, "ESME_RINVDSTADR"},
        {SmppStatus::ESME_RINVMSGID, "ESME_RINVMSGID"},
        {SmppStatus::ESME_RBINDFAIL, "ESME_RBINDFAIL"},
        {SmppStatus::ESME_RINVPASWD, "ESME_RINVPASWD"},
        {SmppStatus::ESME_RINVSYSID, "ESME_RINVSYSID"},
        {SmppStatus::ESME_RCANCELFAIL, "ESME_RCANCELFAIL"},
        {SmppStatus::ESME_RMSGQFUL, "ESME_RMSGQFUL"},
        {SmppStatus::ESME_RINVESMCLASS, "ESME_RINVESMCLASS"},
        {SmppStatus::ESME_RSUBMITFAIL, "ESME_RSUBMITFAIL"},
        {SmppStatus::ESME_RTHROTTLED, "ESME_RTHROTTLED"},
        {SmppStatus::ESME_RINVSCHED, "ESME_RINVSCHED"},
        {SmppStatus::ESME_RINVEXPIRY, "ESME_RINVEXPIRY"},
        {SmppStatus::ESME_RX_T_APPN, "ESME_RX_T_APPN"},
        {SmppStatus::ESME_RQUERYFAIL, "ESME_RQUERYFAIL"},
        {SmppStatus::ESME_RINVOPTPARSTREAM, "ESME_RINVOPTPARSTREAM"},
        {SmppStatus::ESME_RINVPARLEN, "ESME_RINVPARLEN"},
        {SmppStatus::ESME_RMISSINGOPTPARAM, "ESME_RMISSINGOPTPARAM"},
        {SmppStatus::ESME_RUNKNOWNERR, "ESME_RUNKNOWNERR"},
    };
    for (const auto& [value, name] : names)
    {
        if (value == status)
        {
            return name;
        }
    }
    return "unknown command_status";
}

} // namespace p2pim
} // namespace ns3
