// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz-target.h"

#include "ns3/smpp-pdu.h"
#include "ns3/smpp-stream.h"
#include "ns3/smpp-time.h"

#include <tuple>

namespace p2pim::fuzz
{

using namespace ns3::p2pim;

namespace
{

auto
GetFields(std::monostate)
{
    return std::tuple();
}

auto
GetFields(const SmppBind& value)
{
    return std::tie(value.systemId,
                    value.password,
                    value.systemType,
                    value.interfaceVersion,
                    value.addressRange);
}

auto
GetFields(const SmppBindResp& value)
{
    return std::tie(value.systemId, value.scInterfaceVersion);
}

auto
GetFields(const SmppMessage& value)
{
    const SmppSegment segment = value.segment.value_or(SmppSegment());
    return std::tuple_cat(
        std::tie(value.serviceType,
                 value.source,
                 value.destination,
                 value.esmClass,
                 value.protocolId,
                 value.priority,
                 value.scheduleDeliveryTime,
                 value.validityPeriod,
                 value.registeredDelivery,
                 value.replaceIfPresent,
                 value.dataCoding,
                 value.defaultMessageId,
                 value.shortMessage,
                 value.userMessageReference,
                 value.sourcePort,
                 value.destinationPort,
                 value.payload,
                 value.receiptedMessageId,
                 value.messageState),
        std::tuple(value.segment.has_value(), segment.reference, segment.total, segment.number));
}

auto
GetFields(const SmppMessageResp& value)
{
    return std::tie(value.messageId);
}

auto
GetFields(const SmppQuery& value)
{
    return std::tie(value.messageId, value.source);
}

auto
GetFields(const SmppQueryResp& value)
{
    return std::tie(value.messageId, value.finalDate, value.messageState, value.errorCode);
}

auto
GetFields(const SmppCancel& value)
{
    return std::tie(value.serviceType, value.messageId, value.source, value.destination);
}

bool
IsSame(const SmppPdu& first, const SmppPdu& second)
{
    return first.command == second.command && first.status == second.status &&
           first.sequence == second.sequence &&
           HoldTheSame(first.body, second.body, [](const auto& a, const auto& b) {
               return GetFields(a) == GetFields(b);
           });
}

/// Puts the length right, which no change of the octets would.
Octets
WithLength(Octets octets)
{
    if (octets.size() >= 4)
    {
        octets[0] = octets[1] = 0;
        octets[2] = static_cast<uint8_t>(octets.size() >> 8);
        octets[3] = static_cast<uint8_t>(octets.size());
    }
    return octets;
}

bool
PduHolds(const uint8_t* octets, std::size_t size)
{
    SmppPdu first;
    const SmppError error = DecodeSmpp(WithLength({octets, octets + size}), first);
    if (error != SmppError::NONE)
    {
        return GetSmppStatus(error) != SmppStatus::ESME_ROK;
    }
    Octets again;
    SmppPdu second;
    return EncodeSmpp(first, again) == SmppError::NONE &&
           DecodeSmpp(again, second) == SmppError::NONE && IsSame(first, second);
}

std::vector<Octets>
MakePdus()
{
    SmppMessage message;
    message.source = {smpp_ton::ALPHANUMERIC, 0, "p2pim"};
    message.destination = {smpp_ton::INTERNATIONAL, 1, "447700000001"};
    message.validityPeriod = "000000010000000R";
    message.shortMessage = ToOctets("hello");
    SmppMessage parameters = message;
    parameters.userMessageReference = 0x0102;
    parameters.sourcePort = 16440;
    parameters.destinationPort = 16441;
    parameters.segment = SmppSegment{0x0304, 3, 2};
    parameters.receiptedMessageId = "0000002A";
    parameters.messageState = SmppMessageState::DELIVERED;
    SmppMessage payload = message;
    payload.shortMessage.clear();
    payload.payload = Octets(100, 'x');
    using Command = SmppCommand;
    const auto ok = SmppStatus::ESME_ROK;
    const SmppBind bind{"p2pim", "secret", "VMA", 0x34, {1, 1, "^4477"}};
    std::vector<Octets> seeds;
    for (const SmppPdu& pdu :
         {SmppPdu{Command::BIND_TRANSCEIVER, ok, 1, bind},
          SmppPdu{Command::BIND_TRANSMITTER_RESP, ok, 2, SmppBindResp{"smsc", 0x34}},
          SmppPdu{Command::BIND_RECEIVER_RESP, SmppStatus::ESME_RINVPASWD, 2, {}},
          SmppPdu{Command::SUBMIT_SM, ok, 3, message},
          SmppPdu{Command::DELIVER_SM, ok, 4, parameters},
          SmppPdu{Command::SUBMIT_SM, ok, 5, payload},
          SmppPdu{Command::SUBMIT_SM_RESP, ok, 6, SmppMessageResp{"0000002A"}},
          SmppPdu{Command::QUERY_SM, ok, 7, SmppQuery{"0000002A", message.source}},
          SmppPdu{Command::QUERY_SM_RESP,
                  ok,
                  8,
                  SmppQueryResp{"0000002A", "080101000000000+", SmppMessageState::DELIVERED, 7}},
          SmppPdu{Command::CANCEL_SM,
                  ok,
                  9,
                  SmppCancel{"", "0000002A", message.source, message.destination}},
          SmppPdu{Command::ENQUIRE_LINK, ok, 10, {}},
          SmppPdu{Command::GENERIC_NACK, SmppStatus::ESME_RINVCMDID, 11, {}}})
    {
        EncodeSmpp(pdu, seeds.emplace_back());
    }
    return seeds;
}

/// What comes out in one piece comes out octet by octet.
bool
StreamHolds(const uint8_t* octets, std::size_t size)
{
    SmppStream whole;
    SmppStream slow;
    whole.Append({octets, octets + size});
    std::vector<Octets> pdus;
    for (std::size_t i = 0; i < size; ++i)
    {
        slow.Append({octets[i]});
        while (const auto pdu = slow.Next())
        {
            pdus.push_back(*pdu);
        }
    }
    for (const Octets& pdu : pdus)
    {
        if (whole.Next() != pdu || pdu.size() < SMPP_HEADER_SIZE)
        {
            return false;
        }
    }
    return !whole.Next() && whole.IsBroken() == slow.IsBroken();
}

std::vector<Octets>
MakeStreams()
{
    Octets stream;
    for (const Octets& pdu : MakePdus())
    {
        stream.insert(stream.end(), pdu.begin(), pdu.end());
    }
    stream.resize(280);
    return {stream};
}

bool
TimeHolds(const uint8_t* octets, std::size_t size)
{
    constexpr int64_t now = 1199145600;
    const std::string text(octets, octets + size);
    const auto time = ParseSmppTime(text, now);
    if (time && text.back() != 'R' && ParseSmppTime(FormatSmppTime(*time), now) != time &&
        *time >= 946684800)
    {
        return false;
    }
    const auto first = ParseSmppReceipt(text);
    if (!first)
    {
        return true;
    }
    const auto second = ParseSmppReceipt(FormatSmppReceipt(*first));
    return second && second->messageId == first->messageId &&
           second->isDelivered == first->isDelivered && second->submitted == first->submitted &&
           second->done == first->done && second->state == first->state &&
           second->error == first->error && second->text == first->text.substr(0, 20);
}

std::vector<Octets>
MakeTimes()
{
    constexpr int64_t now = 1199145600;
    return {ToOctets(FormatSmppTime(now)),
            ToOctets(FormatSmppSpan(100000)),
            ToOctets("080101000000048-"),
            ToOctets(FormatSmppReceipt(
                {"0000002A", true, now, now + 60, SmppMessageState::DELIVERED, 0, "hello"}))};
}

} // namespace

std::vector<Target>
GetSmppTargets()
{
    return {{"smpp-pdu", PduHolds, MakePdus},
            {"smpp-stream", StreamHolds, MakeStreams},
            {"smpp-time", TimeHolds, MakeTimes}};
}

} // namespace p2pim::fuzz
