// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Status reports and commands: what the SMSC tells a phone about the messages that it has sent
 * (TS 23.040 9.2.2.3, 9.2.2.4).
 */
#include "ns3/simulator.h"
#include "ns3/smsc.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

SmsAddress
MakeRecipient(uint64_t msisdn, uint8_t type)
{
    SmsAddress address;
    address.type = type;
    address.digits = std::to_string(msisdn);
    return address;
}

/// Why an attempt has failed, and what it means for the message (TS 23.040 9.2.3.15).
struct TemporaryError
{
    SmsStatus trying; ///< the SC still tries
    SmsStatus gaveUp; ///< it does not
};

TemporaryError
GetTemporaryError(MapError error)
{
    switch (error)
    {
    case MapError::ABSENT_SUBSCRIBER_SM:
    case MapError::NO_PAGING_RESPONSE:
        return {SmsStatus::TRYING_NO_RESPONSE, SmsStatus::GAVE_UP_NO_RESPONSE};
    case MapError::SM_DELIVERY_FAILURE:
    case MapError::MEMORY_CAPACITY_EXCEEDED:
        return {SmsStatus::TRYING_ERROR_IN_SME, SmsStatus::GAVE_UP_ERROR_IN_SME};
    default:
        return {SmsStatus::TRYING_CONGESTION, SmsStatus::GAVE_UP_CONGESTION};
    }
}

/// @return what a status report says about a message that has met its end.
SmsStatus
GetStatus(SmsHop hop, MapError error)
{
    switch (hop)
    {
    case SmsHop::REPORTED:
        return SmsStatus::RECEIVED;
    case SmsHop::EXPIRED:
        return error == MapError::NONE ? SmsStatus::VALIDITY_EXPIRED
                                       : GetTemporaryError(error).gaveUp;
    default:
        return error == MapError::UNKNOWN_SUBSCRIBER ? SmsStatus::NOT_OBTAINABLE
                                                     : SmsStatus::INCOMPATIBLE_DESTINATION;
    }
}

} // namespace

void
Smsc::ReportEnd(uint64_t recipient, const Message& message, SmsHop hop, MapError error)
{
    ReportStatus(recipient, message, GetStatus(hop, error));
}

void
Smsc::ReportStatus(uint64_t recipient, const Message& message, SmsStatus status)
{
    SmsStatusReport report;
    report.messageReference = static_cast<uint8_t>(message.reference);
    report.recipient = MakeRecipient(recipient, message.recipientType);
    report.timeStamp = message.deliver.timeStamp;
    report.status = static_cast<uint8_t>(status);
    StoreReport(message.reference >> 8, message.reference, std::move(report));
}

void
Smsc::StoreReport(uint64_t to, uint64_t reference, SmsStatusReport report)
{
    ++m_statusReports;
    report.dischargeTime = MakeSmsTimeStamp(GetTimeOfDay());
    Message message;
    message.reference = STATUS_REPORT | reference;
    message.expiry = GetExpiry(std::nullopt);
    message.report = std::make_unique<SmsStatusReport>(std::move(report));
    Store(to, std::move(message));
}

MapError
Smsc::AcceptCommand(const MapMoForwardSm& operation)
{
    SmsCommand command;
    if (DecodeCommand(operation.tpdu.data(), operation.tpdu.size(), command) != SmsCodecError::NONE)
    {
        return MapError::FACILITY_NOT_SUPPORTED;
    }
    const auto msisdn = ParseDigits(command.destination.digits);
    if (!msisdn || command.type > static_cast<uint8_t>(SmsCommandType::ENABLE_STATUS_REPORT))
    {
        return MapError::FACILITY_NOT_SUPPORTED;
    }
    ++m_commands;
    const uint64_t reference = MakeSmsReference(operation.originator, command.messageNumber);
    const auto found = m_destinations.find(*msisdn);
    Destination* destination = found == m_destinations.end() ? nullptr : &found->second;
    Messages none;
    Messages& messages = destination ? destination->messages : none;
    const auto place =
        std::find_if(messages.begin(), messages.end(), [reference](const Message& one) {
            return one.reference == reference;
        });
    if (place == messages.end())
    {
        ReportCommand(operation.originator, command, nullptr, SmsStatus::DOES_NOT_EXIST);
        return MapError::NONE;
    }
    SmsStatus status = GetTemporaryError(place->lastError).trying;
    switch (static_cast<SmsCommandType>(command.type))
    {
    case SmsCommandType::ENQUIRY:
        break;
    case SmsCommandType::CANCEL_STATUS_REPORT:
        place->statusReportRequest = false;
        place->deliver.statusReportIndication = false;
        break;
    case SmsCommandType::ENABLE_STATUS_REPORT:
        place->statusReportRequest = true;
        place->deliver.statusReportIndication = true;
        break;
    case SmsCommandType::DELETE:
        if (destination->phase == Phase::IDLE || place != messages.begin())
        {
            status = SmsStatus::DELETED_BY_SME;
        }
        break;
    }
    ReportCommand(operation.originator, command, &*place, status);
    if (status == SmsStatus::DELETED_BY_SME)
    {
        if (place->statusReportRequest)
        {
            ReportStatus(*msisdn, *place, status);
        }
        Withdraw(*msisdn, *destination, place);
    }
    return MapError::NONE;
}

/// Tells the sender what has become of its command: always after an enquiry, else if it asks to.
void
Smsc::ReportCommand(uint64_t sender,
                    const SmsCommand& command,
                    const Message* message,
                    SmsStatus status)
{
    if (!command.statusReportRequest &&
        command.type != static_cast<uint8_t>(SmsCommandType::ENQUIRY))
    {
        return;
    }
    SmsStatusReport report;
    report.resultOfCommand = true;
    report.messageReference = command.messageReference;
    report.recipient = command.destination;
    report.timeStamp = message ? message->deliver.timeStamp : MakeSmsTimeStamp(GetTimeOfDay());
    report.status = static_cast<uint8_t>(status);
    StoreReport(sender, MakeSmsReference(sender, command.messageReference), std::move(report));
}

/// Forgets a message that its sender does not want delivered any more; it is not on its way.
void
Smsc::Withdraw(uint64_t msisdn, Destination& destination, Messages::iterator place)
{
    ++m_cancelled;
    m_stored.Add(Simulator::Now(), -1);
    m_external.erase(place->id);
    ForgetAccepted(place->reference);
    destination.expiries.erase({place->expiry, place->number});
    Stamp(*place, SmsHop::CANCELLED);
    destination.messages.erase(place);
    DropIfEmpty(msisdn, destination);
}

} // namespace p2pim
} // namespace ns3
