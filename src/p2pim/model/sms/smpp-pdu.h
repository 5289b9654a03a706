// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMPP_PDU_H
#define P2PIM_SMPP_PDU_H

#include "ns3/octets.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * PDUs of the Short Message Peer-to-Peer protocol, version 3.4, between an SMSC and an external
 * short message entity (ESME): the session commands, submit_sm, deliver_sm, query_sm, cancel_sm.
 * Optional parameters that are not listed here are skipped, as the specification asks (3.3).
 */

/// command_id (SMPP 3.4, 5.1.2.1). A response is its request with RESPONSE set.
enum class SmppCommand : uint32_t
{
    BIND_RECEIVER = 0x00000001,
    BIND_TRANSMITTER = 0x00000002,
    QUERY_SM = 0x00000003,
    SUBMIT_SM = 0x00000004,
    DELIVER_SM = 0x00000005,
    UNBIND = 0x00000006,
    CANCEL_SM = 0x00000008,
    BIND_TRANSCEIVER = 0x00000009,
    ENQUIRE_LINK = 0x00000015,
    RESPONSE = 0x80000000,
    GENERIC_NACK = 0x80000000,
    BIND_RECEIVER_RESP = 0x80000001,
    BIND_TRANSMITTER_RESP = 0x80000002,
    QUERY_SM_RESP = 0x80000003,
    SUBMIT_SM_RESP = 0x80000004,
    DELIVER_SM_RESP = 0x80000005,
    UNBIND_RESP = 0x80000006,
    CANCEL_SM_RESP = 0x80000008,
    BIND_TRANSCEIVER_RESP = 0x80000009,
    ENQUIRE_LINK_RESP = 0x80000015,
};

/// @return whether a command is a response.
constexpr bool
IsSmppResponse(SmppCommand command)
{
    return (static_cast<uint32_t>(command) & static_cast<uint32_t>(SmppCommand::RESPONSE)) != 0;
}

/// @return the response to a @p request.
constexpr SmppCommand
GetSmppResponse(SmppCommand request)
{
    return static_cast<SmppCommand>(static_cast<uint32_t>(request) |
                                    static_cast<uint32_t>(SmppCommand::RESPONSE));
}

/// command_status (SMPP 3.4, 5.1.3), those that this SMSC gives.
enum class SmppStatus : uint32_t
{
    ESME_ROK = 0x00,              ///< no error
    ESME_RINVMSGLEN = 0x01,       ///< message length is invalid
    ESME_RINVCMDLEN = 0x02,       ///< command length is invalid
    ESME_RINVCMDID = 0x03,        ///< invalid command id
    ESME_RINVBNDSTS = 0x04,       ///< incorrect bind status for the command
    ESME_RALYBND = 0x05,          ///< already bound
    ESME_RINVPRTFLG = 0x06,       ///< invalid priority flag
    ESME_RSYSERR = 0x08,          ///< system error
    ESME_RINVSRCADR = 0x0A,       ///< invalid source address
    ESME_RINVDSTADR = 0x0B,       ///< invalid destination address
    ESME_RINVMSGID = 0x0C,        ///< the message id is invalid
    ESME_RBINDFAIL = 0x0D,        ///< bind failed
    ESME_RINVPASWD = 0x0E,        ///< invalid password
    ESME_RINVSYSID = 0x0F,        ///< invalid system id
    ESME_RCANCELFAIL = 0x11,      ///< cancel_sm failed
    ESME_RMSGQFUL = 0x14,         ///< message queue full
    ESME_RINVESMCLASS = 0x43,     ///< invalid esm_class
    ESME_RSUBMITFAIL = 0x45,      ///< submit_sm failed
    ESME_RTHROTTLED = 0x58,       ///< the ESME has exceeded its message limits
    ESME_RINVSCHED = 0x61,        ///< invalid scheduled delivery time
    ESME_RINVEXPIRY = 0x62,       ///< invalid validity period
    ESME_RX_T_APPN = 0x64,        ///< the ESME cannot take a delivery for the moment
    ESME_RQUERYFAIL = 0x67,       ///< query_sm failed
    ESME_RINVOPTPARSTREAM = 0xC0, ///< error in the optional part
    ESME_RINVPARLEN = 0xC2,       ///< invalid parameter length
    ESME_RMISSINGOPTPARAM = 0xC3, ///< an expected optional parameter is missing
    ESME_RUNKNOWNERR = 0xFF,      ///< unknown error
};

/// message_state (SMPP 3.4, 5.2.28).
enum class SmppMessageState : uint8_t
{
    ENROUTE = 1,
    DELIVERED = 2,
    EXPIRED = 3,
    DELETED = 4,
    UNDELIVERABLE = 5,
    ACCEPTED = 6,
    UNKNOWN = 7,
    REJECTED = 8,
};

/// Type of number (SMPP 3.4, 5.2.5).
namespace smpp_ton
{
constexpr uint8_t UNKNOWN = 0;
constexpr uint8_t INTERNATIONAL = 1;
constexpr uint8_t NATIONAL = 2;
constexpr uint8_t ALPHANUMERIC = 5;
} // namespace smpp_ton

/// Bits of esm_class (SMPP 3.4, 5.2.12).
namespace smpp_esm_class
{
constexpr uint8_t MODE = 0x03;             ///< messaging mode; 0 default, 3 store and forward
constexpr uint8_t TYPE = 0x3C;             ///< message type
constexpr uint8_t DELIVERY_RECEIPT = 0x04; ///< of TYPE: short message contains a receipt
constexpr uint8_t UDHI = 0x40;             ///< GSM: short_message begins with a user data header
} // namespace smpp_esm_class

/// registered_delivery, bits 1 and 0: when a receipt is asked for (SMPP 3.4, 5.2.17).
namespace smpp_receipt
{
constexpr uint8_t MASK = 0x03;
constexpr uint8_t NONE = 0;
constexpr uint8_t FINAL = 1;   ///< on success or failure
constexpr uint8_t FAILURE = 2; ///< on failure only
} // namespace smpp_receipt

/// An address of SMPP.
struct SmppAddress
{
    uint8_t ton = 0;    ///< type of number
    uint8_t npi = 0;    ///< numbering plan indicator (5.2.6); 1 is E.164
    std::string digits; ///< at most 20 characters; text if TON is alphanumeric

    /// @return whether both are the same.
    bool operator==(const SmppAddress& other) const
    {
        return ton == other.ton && npi == other.npi && digits == other.digits;
    }
};

/// The body of bind_transmitter, bind_receiver, bind_transceiver (4.1).
struct SmppBind
{
    std::string systemId;            ///< at most 15 characters
    std::string password;            ///< at most 8
    std::string systemType;          ///< at most 12
    uint8_t interfaceVersion = 0x34; ///< 3.4
    SmppAddress addressRange;        ///< what the ESME serves; at most 40 characters
};

/// The body of a bind's response (4.1.2).
struct SmppBindResp
{
    std::string systemId;                      ///< the SMSC's, at most 15 characters
    std::optional<uint8_t> scInterfaceVersion; ///< sc_interface_version
};

/// Parts of a message that is longer than one, as sar_* parameters have them (5.3.2.22 to 24).
struct SmppSegment
{
    uint16_t reference = 0; ///< sar_msg_ref_num
    uint8_t total = 0;      ///< sar_total_segments
    uint8_t number = 0;     ///< sar_segment_seqnum, from 1
};

/// The body of submit_sm (4.4.1) and of deliver_sm (4.6.1), which have the same layout.
struct SmppMessage
{
    std::string serviceType;          ///< at most 5 characters
    SmppAddress source;               ///< source_addr
    SmppAddress destination;          ///< destination_addr
    uint8_t esmClass = 0;             ///< bits of smpp_esm_class
    uint8_t protocolId = 0;           ///< GSM: TP-PID
    uint8_t priority = 0;             ///< priority_flag, 0 to 3 (5.2.14)
    std::string scheduleDeliveryTime; ///< empty, or 16 characters of smpp-time
    std::string validityPeriod;       ///< empty, or 16 characters of smpp-time
    uint8_t registeredDelivery = 0;   ///< bits of smpp_receipt
    uint8_t replaceIfPresent = 0;     ///< replace_if_present_flag
    uint8_t dataCoding = 0;           ///< data_coding (5.2.19)
    uint8_t defaultMessageId = 0;     ///< sm_default_msg_id
    Octets shortMessage;              ///< short_message, at most 254 octets

    std::optional<uint16_t> userMessageReference;  ///< user_message_reference
    std::optional<uint16_t> sourcePort;            ///< source_port
    std::optional<uint16_t> destinationPort;       ///< destination_port
    std::optional<SmppSegment> segment;            ///< the three sar_* parameters, together
    std::optional<Octets> payload;                 ///< message_payload, in place of short_message
    std::optional<std::string> receiptedMessageId; ///< receipted_message_id, in a receipt
    std::optional<SmppMessageState> messageState;  ///< message_state, in a receipt
};

/// The body of submit_sm_resp and deliver_sm_resp (4.4.2, 4.6.2).
struct SmppMessageResp
{
    std::string messageId; ///< at most 64 characters; empty in deliver_sm_resp
};

/// The body of query_sm (4.8.1).
struct SmppQuery
{
    std::string messageId; ///< as submit_sm_resp has named it
    SmppAddress source;    ///< that of the submission
};

/// The body of query_sm_resp (4.8.2).
struct SmppQueryResp
{
    std::string messageId;                                     ///< that of the request
    std::string finalDate;                                     ///< smpp-time; empty if not final
    SmppMessageState messageState = SmppMessageState::UNKNOWN; ///< where it stands
    uint8_t errorCode = 0;                                     ///< of the network
};

/// The body of cancel_sm (4.9.1).
struct SmppCancel
{
    std::string serviceType; ///< at most 5 characters
    std::string messageId;   ///< as submit_sm_resp has named it
    SmppAddress source;      ///< that of the submission
    SmppAddress destination; ///< may be empty when the message id is given
};

/// A PDU. Commands without a body, and failed responses, hold nothing.
struct SmppPdu
{
    SmppCommand command = SmppCommand::ENQUIRE_LINK; ///< command_id
    SmppStatus status = SmppStatus::ESME_ROK;        ///< command_status; 0 in requests
    uint32_t sequence = 0;                           ///< sequence_number
    std::variant<std::monostate,
                 SmppBind,
                 SmppBindResp,
                 SmppMessage,
                 SmppMessageResp,
                 SmppQuery,
                 SmppQueryResp,
                 SmppCancel>
        body; ///< what the command has, in the order above
};

/// Octets of a PDU's header.
constexpr std::size_t SMPP_HEADER_SIZE = 16;
/// Most octets of a PDU that are taken: a message_payload of 64 K and the rest.
constexpr std::size_t SMPP_MAX_PDU_SIZE = 0x10000 + 1024;
/// Most octets of short_message (5.2.22).
constexpr std::size_t SMPP_MAX_SHORT_MESSAGE = 254;

/// What is wrong with a PDU.
enum class SmppError : uint8_t
{
    NONE,            ///< nothing
    BAD_LENGTH,      ///< command_length is not that of the octets
    UNKNOWN_COMMAND, ///< command_id is not one of SmppCommand
    TRUNCATED,       ///< it ends within its mandatory fields
    FIELD_TOO_LONG,  ///< a string without its end, or more octets than the field holds
    BAD_PARAMETER,   ///< an optional parameter's length does not fit
    BODY_MISMATCH,   ///< to be written: the body is not the command's
};

/**
 * @param pdu the PDU; its body must be the command's.
 * @param[out] octets its octets, appended; unchanged on an error.
 * @return FIELD_TOO_LONG, BODY_MISMATCH, or NONE.
 */
SmppError EncodeSmpp(const SmppPdu& pdu, Octets& octets);

/**
 * @param octets one PDU, from command_length on.
 * @param[out] pdu what it says; on an error other than BAD_LENGTH its header is good.
 * @return what is wrong with it.
 */
SmppError DecodeSmpp(const Octets& octets, SmppPdu& pdu);

/// @return the command_status that answers a request with an @p error.
SmppStatus GetSmppStatus(SmppError error);

/// @return the name of a command_status, such as "ESME_ROK".
const char* GetSmppStatusName(SmppStatus status);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMPP_PDU_H
