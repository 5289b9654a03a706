// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz-target.h"
#include "tests/fuzz/sms-fields.h"

#include "ns3/octet-reader.h"
#include "ns3/sms-concatenation.h"
#include "ns3/sms-tpdu-fields.h"

namespace p2pim::fuzz
{

using namespace ns3::p2pim;

namespace
{

/**
 * @param decode reads @p octets.
 * @param encode writes the value.
 * @param isWritable whether a value that was read can be written.
 */
template <typename Value, typename Decode, typename Encode, typename IsWritable>
bool
IsStable(const uint8_t* octets,
         std::size_t size,
         Decode decode,
         Encode encode,
         IsWritable isWritable)
{
    Value first;
    if (decode(octets, size, first) != SmsCodecError::NONE)
    {
        return true;
    }
    Octets again;
    const SmsCodecError error = encode(first, again);
    if (!isWritable(first))
    {
        return error != SmsCodecError::NONE;
    }
    Value second;
    return error == SmsCodecError::NONE &&
           decode(again.data(), again.size(), second) == SmsCodecError::NONE &&
           GetFields(first) == GetFields(second);
}

template <typename Value>
bool
IsAlwaysWritable(const Value&)
{
    return true;
}

/// An address without digits is read, so that a service centre can name what it refuses.
bool
HasDigits(const SmsAddress& address)
{
    return !address.digits.empty();
}

std::vector<SmsUserData>
MakeUserData()
{
    std::vector<SmsUserData> all;
    std::vector<SmsUserData> segments;
    ShortMessage message;
    for (const std::string text : {"", "hello {[~]} \u20AC", "\u65E5\u672C \U0001F600"})
    {
        message.text = text;
        SplitShortMessage(message, 1, false, segments);
        all.insert(all.end(), segments.begin(), segments.end());
    }
    message.text = std::string(200, 'x');
    message.ports = SmsPorts{9000, 16440};
    message.messageClass = 1;
    SplitShortMessage(message, 0x1234, true, segments);
    all.insert(all.end(), segments.begin(), segments.end());
    message.alphabet = SmsAlphabet::DATA_8_BIT;
    message.data = Octets(133, 0x5A);
    SplitShortMessage(message, 2, false, segments);
    all.insert(all.end(), segments.begin(), segments.end());
    return all;
}

std::vector<SmsAddress>
MakeAddresses()
{
    return {{SmsAddress::INTERNATIONAL, "4917112345678"},
            {0xA1, "030*#abc"},
            {SmsAddress::ALPHANUMERIC, "p2pim {\u00E9}"}};
}

std::vector<SmsValidityPeriod>
MakeValidityPeriods()
{
    std::vector<SmsValidityPeriod> all{SmsValidityPeriod(),
                                       SmsValidityPeriod::MakeRelative(170),
                                       SmsValidityPeriod::Make(45),
                                       SmsValidityPeriod::Make(100001)};
    SmsValidityPeriod absolute;
    absolute.format = SmsValidityPeriod::Format::ABSOLUTE;
    absolute.absolute = MakeSmsTimeStamp(1199145600);
    absolute.absolute.quarterHours = -14;
    all.push_back(absolute);
    SmsValidityPeriod octet = SmsValidityPeriod::MakeRelative(11);
    octet.format = SmsValidityPeriod::Format::ENHANCED;
    octet.enhanced = SmsValidityPeriod::Enhanced::RELATIVE;
    octet.singleShot = true;
    all.push_back(octet);
    return all;
}

SmsOptionalParts
MakeParts(const SmsUserData& userData)
{
    SmsOptionalParts parts;
    parts.protocolId = userData.protocolId;
    parts.codingScheme = userData.codingScheme;
    parts.userData = userData;
    return parts;
}

/// @return one TPDU for each user data, address and validity period at least.
template <typename Make>
std::vector<Octets>
MakeEach(Make make)
{
    const auto userData = MakeUserData();
    const auto addresses = MakeAddresses();
    const auto periods = MakeValidityPeriods();
    std::vector<Octets> seeds;
    for (std::size_t i = 0; i < userData.size(); ++i)
    {
        const SmsCodecError error = make(userData[i],
                                         addresses[i % addresses.size()],
                                         periods[i % periods.size()],
                                         seeds.emplace_back());
        if (error != SmsCodecError::NONE)
        {
            seeds.back().clear(); // no seed is empty: a test says so
        }
    }
    return seeds;
}

bool
SubmitHolds(const uint8_t* octets, std::size_t size)
{
    return IsStable<SmsSubmit>(octets, size, DecodeSubmit, EncodeSubmit, [](const auto& submit) {
        return HasDigits(submit.destination);
    });
}

std::vector<Octets>
MakeSubmits()
{
    return MakeEach([](const auto& userData, const auto& address, const auto& period, auto& seed) {
        SmsSubmit submit;
        submit.statusReportRequest = true;
        submit.messageReference = 7;
        submit.destination = address;
        submit.validityPeriod = period;
        submit.userData = userData;
        return EncodeSubmit(submit, seed);
    });
}

bool
DeliverHolds(const uint8_t* octets, std::size_t size)
{
    return IsStable<SmsDeliver>(octets, size, DecodeDeliver, EncodeDeliver, [](const auto& value) {
        return HasDigits(value.originator);
    });
}

std::vector<Octets>
MakeDelivers()
{
    return MakeEach([](const auto& userData, const auto& address, const auto&, auto& seed) {
        SmsDeliver deliver;
        deliver.moreMessagesToSend = true;
        deliver.originator = address;
        deliver.timeStamp = MakeSmsTimeStamp(1199145600);
        deliver.userData = userData;
        return EncodeDeliver(deliver, seed);
    });
}

bool
StatusReportHolds(const uint8_t* octets, std::size_t size)
{
    return IsStable<SmsStatusReport>(
        octets,
        size,
        DecodeStatusReport,
        EncodeStatusReport,
        [](const auto& report) { return HasDigits(report.recipient); });
}

std::vector<Octets>
MakeStatusReports()
{
    return MakeEach([](const auto& userData, const auto& address, const auto& period, auto& seed) {
        SmsStatusReport report;
        report.messageReference = 7;
        report.recipient = address;
        report.timeStamp = MakeSmsTimeStamp(1199145600);
        report.dischargeTime = MakeSmsTimeStamp(1199145660);
        if (period.format != SmsValidityPeriod::Format::NONE)
        {
            report.parts = MakeParts(userData);
        }
        return EncodeStatusReport(report, seed);
    });
}

bool
CommandHolds(const uint8_t* octets, std::size_t size)
{
    return IsStable<SmsCommand>(octets, size, DecodeCommand, EncodeCommand, [](const auto& value) {
        return HasDigits(value.destination);
    });
}

std::vector<Octets>
MakeCommands()
{
    return MakeEach([](const auto& userData, const auto& address, const auto&, auto& seed) {
        SmsCommand command;
        command.type = static_cast<uint8_t>(SmsCommandType::DELETE);
        command.messageNumber = 7;
        command.destination = address;
        command.hasHeader = userData.hasHeader;
        command.commandData = userData.octets;
        return EncodeCommand(command, seed);
    });
}

template <bool ERROR>
bool
SubmitReportHolds(const uint8_t* octets, std::size_t size)
{
    const auto decode = [](const uint8_t* tpdu, std::size_t length, SmsSubmitReport& report) {
        return DecodeSubmitReport(tpdu, length, ERROR, report);
    };
    return IsStable<SmsSubmitReport>(octets,
                                     size,
                                     decode,
                                     EncodeSubmitReport,
                                     IsAlwaysWritable<SmsSubmitReport>);
}

template <bool ERROR>
std::vector<Octets>
MakeSubmitReports()
{
    return MakeEach([](const auto& userData, const auto&, const auto& period, auto& seed) {
        SmsSubmitReport report;
        report.failureCause = ERROR ? std::optional<uint8_t>(0xC0) : std::nullopt;
        report.timeStamp = MakeSmsTimeStamp(1199145600);
        if (period.format != SmsValidityPeriod::Format::NONE)
        {
            report.parts = MakeParts(userData);
        }
        return EncodeSubmitReport(report, seed);
    });
}

template <bool ERROR>
bool
DeliverReportHolds(const uint8_t* octets, std::size_t size)
{
    const auto decode = [](const uint8_t* tpdu, std::size_t length, SmsDeliverReport& report) {
        return DecodeDeliverReport(tpdu, length, ERROR, report);
    };
    return IsStable<SmsDeliverReport>(octets,
                                      size,
                                      decode,
                                      EncodeDeliverReport,
                                      IsAlwaysWritable<SmsDeliverReport>);
}

template <bool ERROR>
std::vector<Octets>
MakeDeliverReports()
{
    return MakeEach([](const auto& userData, const auto&, const auto& period, auto& seed) {
        SmsDeliverReport report;
        report.failureCause = ERROR ? std::optional<uint8_t>(0xD3) : std::nullopt;
        if (period.format != SmsValidityPeriod::Format::NONE)
        {
            report.parts = MakeParts(userData);
        }
        return EncodeDeliverReport(report, seed);
    });
}

/// A decoder of a field, with a TPDU's signature.
template <typename Value, SmsCodecError (*read)(OctetReader&, Value&)>
SmsCodecError
DecodeField(const uint8_t* octets, std::size_t size, Value& value)
{
    OctetReader reader(octets, size);
    return read(reader, value);
}

bool
AddressHolds(const uint8_t* octets, std::size_t size)
{
    return IsStable<SmsAddress>(octets,
                                size,
                                DecodeField<SmsAddress, ReadAddress>,
                                AppendAddress,
                                HasDigits);
}

std::vector<Octets>
MakeAddressFields()
{
    std::vector<Octets> seeds;
    for (const SmsAddress& address : MakeAddresses())
    {
        AppendAddress(address, seeds.emplace_back());
    }
    return seeds;
}

bool
TimeStampHolds(const uint8_t* octets, std::size_t size)
{
    OctetReader reader(octets, size);
    SmsTimeStamp stamp;
    if (ReadTimeStamp(reader, stamp) == SmsCodecError::NONE)
    {
        SmsTimeStamp local = MakeSmsTimeStamp(GetSeconds(stamp) + stamp.quarterHours * 900);
        local.quarterHours = stamp.quarterHours;
        if (GetFields(local) != GetFields(stamp))
        {
            return false;
        }
    }
    return IsStable<SmsTimeStamp>(octets,
                                  size,
                                  DecodeField<SmsTimeStamp, ReadTimeStamp>,
                                  AppendTimeStamp,
                                  IsAlwaysWritable<SmsTimeStamp>);
}

std::vector<Octets>
MakeTimeStamps()
{
    std::vector<Octets> seeds;
    for (const int64_t seconds : {631152000, 951782400, 1199145600})
    {
        AppendTimeStamp(MakeSmsTimeStamp(seconds), seeds.emplace_back());
    }
    return seeds;
}

/// The first octet names the format.
bool
ValidityPeriodHolds(const uint8_t* octets, std::size_t size)
{
    if (size == 0)
    {
        return true;
    }
    const auto format = static_cast<SmsValidityPeriod::Format>(*octets & 0x03);
    const auto decode =
        [format](const uint8_t* field, std::size_t length, SmsValidityPeriod& period) {
            OctetReader reader(field, length);
            const SmsCodecError error = ReadValidityPeriod(reader, format, period);
            return reader.HasFailed() ? SmsCodecError::TRUNCATED : error;
        };
    SmsValidityPeriod period;
    if (decode(octets + 1, size - 1, period) == SmsCodecError::NONE)
    {
        const auto seconds = period.GetSeconds(1199145600);
        constexpr int64_t oneCentury = 100LL * 366 * 86400;
        if (seconds && (*seconds < 0 || *seconds > oneCentury))
        {
            return false;
        }
    }
    return IsStable<SmsValidityPeriod>(octets + 1,
                                       size - 1,
                                       decode,
                                       AppendValidityPeriod,
                                       IsAlwaysWritable<SmsValidityPeriod>);
}

std::vector<Octets>
MakeValidityPeriodFields()
{
    std::vector<Octets> seeds;
    for (const SmsValidityPeriod& period : MakeValidityPeriods())
    {
        seeds.push_back({static_cast<uint8_t>(period.format)});
        AppendValidityPeriod(period, seeds.back());
    }
    return seeds;
}

} // namespace

std::vector<Target>
GetTpduTargets()
{
    return {{"sms-submit", SubmitHolds, MakeSubmits},
            {"sms-deliver", DeliverHolds, MakeDelivers},
            {"sms-status-report", StatusReportHolds, MakeStatusReports},
            {"sms-command", CommandHolds, MakeCommands},
            {"sms-submit-report-ack", SubmitReportHolds<false>, MakeSubmitReports<false>},
            {"sms-submit-report-error", SubmitReportHolds<true>, MakeSubmitReports<true>},
            {"sms-deliver-report-ack", DeliverReportHolds<false>, MakeDeliverReports<false>},
            {"sms-deliver-report-error", DeliverReportHolds<true>, MakeDeliverReports<true>},
            {"sms-address", AddressHolds, MakeAddressFields},
            {"sms-time-stamp", TimeStampHolds, MakeTimeStamps},
            {"sms-validity-period", ValidityPeriodHolds, MakeValidityPeriodFields}};
}

} // namespace p2pim::fuzz
