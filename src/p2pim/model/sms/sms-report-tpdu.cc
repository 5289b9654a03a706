// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-report-tpdu.h"

#include "ns3/octet-reader.h"
#include "ns3/sms-tpdu-fields.h"

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t MTI_DELIVER_REPORT = 0x00;
constexpr uint8_t MTI_SUBMIT_REPORT = 0x01;
constexpr uint8_t MTI_STATUS_REPORT = 0x02;
constexpr uint8_t MTI_COMMAND = 0x02;

// TP-PI (TS 23.040 9.2.3.27)
constexpr uint8_t PI_PID = 0x01;
constexpr uint8_t PI_DCS = 0x02;
constexpr uint8_t PI_UDL = 0x04;
constexpr uint8_t PI_EXTENSION = 0x80;

constexpr std::size_t MAX_COMMAND_DATA = 156;

bool
HasHeader(const SmsOptionalParts& parts)
{
    return parts.userData && parts.userData->hasHeader;
}

uint8_t
GetIndicator(const SmsOptionalParts& parts)
{
    return static_cast<uint8_t>((parts.protocolId ? PI_PID : 0) |
                                (parts.codingScheme ? PI_DCS : 0) | (parts.userData ? PI_UDL : 0));
}

/// Appends what TP-PI announces.
SmsCodecError
AppendParts(const SmsOptionalParts& parts, std::vector<uint8_t>& tpdu)
{
    if (parts.protocolId)
    {
        tpdu.push_back(*parts.protocolId);
    }
    if (parts.codingScheme)
    {
        tpdu.push_back(*parts.codingScheme);
    }
    if (!parts.userData)
    {
        return SmsCodecError::NONE;
    }
    SmsUserData userData = *parts.userData;
    userData.codingScheme = parts.codingScheme.value_or(0);
    return AppendUserData(userData, tpdu);
}

/// Reads TP-PI's extensions, which say nothing that is known.
void
SkipExtensions(OctetReader& reader, uint8_t indicator)
{
    while ((indicator & PI_EXTENSION) != 0 && !reader.HasFailed())
    {
        indicator = reader.Read();
    }
}

/// Reads what TP-PI announces.
SmsCodecError
ReadParts(OctetReader& reader, uint8_t firstOctet, uint8_t indicator, SmsOptionalParts& parts)
{
    parts = SmsOptionalParts();
    if ((indicator & PI_PID) != 0)
    {
        parts.protocolId = reader.Read();
    }
    if ((indicator & PI_DCS) != 0)
    {
        parts.codingScheme = reader.Read();
    }
    if (reader.HasFailed())
    {
        return SmsCodecError::TRUNCATED;
    }
    if ((indicator & PI_UDL) == 0)
    {
        return reader.GetLeft() == 0 ? SmsCodecError::NONE : SmsCodecError::TRAILING_OCTETS;
    }
    parts.userData.emplace();
    parts.userData->protocolId = parts.protocolId.value_or(0);
    parts.userData->codingScheme = parts.codingScheme.value_or(0);
    return ReadUserData(reader, firstOctet, *parts.userData);
}

/// Reads the first octet and checks the message type.
SmsCodecError
ReadFirst(OctetReader& reader, uint8_t type, uint8_t& first)
{
    if (reader.GetLeft() == 0)
    {
        return SmsCodecError::TRUNCATED;
    }
    first = reader.Read();
    return (first & TP_MTI_MASK) == type ? SmsCodecError::NONE : SmsCodecError::WRONG_MESSAGE_TYPE;
}

} // namespace

std::optional<SmsTpduType>
GetSmsTpduType(uint8_t firstOctet, bool fromNetwork)
{
    switch (firstOctet & TP_MTI_MASK)
    {
    case 0:
        return fromNetwork ? SmsTpduType::DELIVER : SmsTpduType::DELIVER_REPORT;
    case 1:
        return fromNetwork ? SmsTpduType::SUBMIT_REPORT : SmsTpduType::SUBMIT;
    case 2:
        return fromNetwork ? SmsTpduType::STATUS_REPORT : SmsTpduType::COMMAND;
    default:
        return std::nullopt;
    }
}

SmsCodecError
EncodeSubmitReport(const SmsSubmitReport& report, std::vector<uint8_t>& tpdu)
{
    tpdu.push_back(
        static_cast<uint8_t>(MTI_SUBMIT_REPORT | (HasHeader(report.parts) ? TP_UDHI : 0)));
    if (report.failureCause)
    {
        tpdu.push_back(*report.failureCause);
    }
    tpdu.push_back(GetIndicator(report.parts));
    const SmsCodecError error = AppendTimeStamp(report.timeStamp, tpdu);
    return error != SmsCodecError::NONE ? error : AppendParts(report.parts, tpdu);
}

SmsCodecError
DecodeSubmitReport(const uint8_t* tpdu, std::size_t size, bool error, SmsSubmitReport& report)
{
    OctetReader reader(tpdu, size);
    uint8_t first = 0;
    SmsCodecError fault = ReadFirst(reader, MTI_SUBMIT_REPORT, first);
    if (fault != SmsCodecError::NONE)
    {
        return fault;
    }
    report.failureCause = error ? std::optional(reader.Read()) : std::nullopt;
    const uint8_t indicator = reader.Read();
    SkipExtensions(reader, indicator);
    fault = ReadTimeStamp(reader, report.timeStamp);
    return fault != SmsCodecError::NONE ? fault : ReadParts(reader, first, indicator, report.parts);
}

SmsCodecError
EncodeDeliverReport(const SmsDeliverReport& report, std::vector<uint8_t>& tpdu)
{
    tpdu.push_back(
        static_cast<uint8_t>(MTI_DELIVER_REPORT | (HasHeader(report.parts) ? TP_UDHI : 0)));
    if (report.failureCause)
    {
        tpdu.push_back(*report.failureCause);
    }
    tpdu.push_back(GetIndicator(report.parts));
    return AppendParts(report.parts, tpdu);
}

SmsCodecError
DecodeDeliverReport(const uint8_t* tpdu, std::size_t size, bool error, SmsDeliverReport& report)
{
    OctetReader reader(tpdu, size);
    uint8_t first = 0;
    const SmsCodecError fault = ReadFirst(reader, MTI_DELIVER_REPORT, first);
    if (fault != SmsCodecError::NONE)
    {
        return fault;
    }
    report.failureCause = error ? std::optional(reader.Read()) : std::nullopt;
    const uint8_t indicator = reader.Read();
    SkipExtensions(reader, indicator);
    return reader.HasFailed() ? SmsCodecError::TRUNCATED
                              : ReadParts(reader, first, indicator, report.parts);
}

SmsCodecError
EncodeStatusReport(const SmsStatusReport& report, std::vector<uint8_t>& tpdu)
{
    tpdu.push_back(static_cast<uint8_t>(
        MTI_STATUS_REPORT | (report.moreMessagesToSend ? 0 : TP_MMS) |
        (report.loopPrevention ? TP_LP : 0) | (report.resultOfCommand ? TP_SRR : 0) |
        (HasHeader(report.parts) ? TP_UDHI : 0)));
    tpdu.push_back(report.messageReference);
    SmsCodecError error = AppendAddress(report.recipient, tpdu);
    for (const SmsTimeStamp& stamp : {report.timeStamp, report.dischargeTime})
    {
        if (error == SmsCodecError::NONE)
        {
            error = AppendTimeStamp(stamp, tpdu);
        }
    }
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    tpdu.push_back(report.status);
    const uint8_t indicator = GetIndicator(report.parts);
    if (indicator == 0)
    {
        return SmsCodecError::NONE; // TP-PI may be left out
    }
    tpdu.push_back(indicator);
    return AppendParts(report.parts, tpdu);
}

SmsCodecError
DecodeStatusReport(const uint8_t* tpdu, std::size_t size, SmsStatusReport& report)
{
    OctetReader reader(tpdu, size);
    uint8_t first = 0;
    SmsCodecError error = ReadFirst(reader, MTI_STATUS_REPORT, first);
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    report.moreMessagesToSend = (first & TP_MMS) == 0;
    report.loopPrevention = (first & TP_LP) != 0;
    report.resultOfCommand = (first & TP_SRR) != 0;
    report.messageReference = reader.Read();
    error = ReadAddress(reader, report.recipient);
    for (SmsTimeStamp* stamp : {&report.timeStamp, &report.dischargeTime})
    {
        if (error == SmsCodecError::NONE)
        {
            error = ReadTimeStamp(reader, *stamp);
        }
    }
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    report.status = reader.Read();
    report.parts = SmsOptionalParts();
    if (reader.HasFailed())
    {
        return SmsCodecError::TRUNCATED;
    }
    if (reader.GetLeft() == 0)
    {
        return SmsCodecError::NONE;
    }
    const uint8_t indicator = reader.Read();
    SkipExtensions(reader, indicator);
    return reader.HasFailed() ? SmsCodecError::TRUNCATED
                              : ReadParts(reader, first, indicator, report.parts);
}

SmsCodecError
EncodeCommand(const SmsCommand& command, std::vector<uint8_t>& tpdu)
{
    tpdu.push_back(static_cast<uint8_t>(MTI_COMMAND | (command.statusReportRequest ? TP_SRR : 0) |
                                        (command.hasHeader ? TP_UDHI : 0)));
    tpdu.insert(
        tpdu.end(),
        {command.messageReference, command.protocolId, command.type, command.messageNumber});
    const SmsCodecError error = AppendAddress(command.destination, tpdu);
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    if (command.commandData.size() > MAX_COMMAND_DATA)
    {
        return SmsCodecError::USER_DATA_TOO_LONG;
    }
    tpdu.push_back(static_cast<uint8_t>(command.commandData.size()));
    tpdu.insert(tpdu.end(), command.commandData.begin(), command.commandData.end());
    return SmsCodecError::NONE;
}

SmsCodecError
DecodeCommand(const uint8_t* tpdu, std::size_t size, SmsCommand& command)
{
    OctetReader reader(tpdu, size);
    uint8_t first = 0;
    SmsCodecError error = ReadFirst(reader, MTI_COMMAND, first);
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    command.statusReportRequest = (first & TP_SRR) != 0;
    command.hasHeader = (first & TP_UDHI) != 0;
    command.messageReference = reader.Read();
    command.protocolId = reader.Read();
    command.type = reader.Read();
    command.messageNumber = reader.Read();
    error = ReadAddress(reader, command.destination);
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    const std::size_t length = reader.Read();
    if (length > MAX_COMMAND_DATA)
    {
        return SmsCodecError::USER_DATA_TOO_LONG;
    }
    const uint8_t* octets = reader.Read(length);
    if (reader.HasFailed())
    {
        return SmsCodecError::TRUNCATED;
    }
    command.commandData.assign(octets, octets + length);
    return reader.GetLeft() == 0 ? SmsCodecError::NONE : SmsCodecError::TRAILING_OCTETS;
}

} // namespace p2pim
} // namespace ns3
