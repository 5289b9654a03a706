// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_FUZZ_SMS_FIELDS_H
#define P2PIM_FUZZ_SMS_FIELDS_H

#include "ns3/sms-report-tpdu.h"
#include "ns3/sms-tpdu.h"

#include <tuple>

namespace p2pim::fuzz
{

/**
 * @file
 * All fields of the TPDUs as tuples, to compare them.
 */

inline auto
GetFields(const ns3::p2pim::SmsAddress& value)
{
    return std::tie(value.type, value.digits);
}

inline auto
GetFields(const ns3::p2pim::SmsTimeStamp& value)
{
    return std::tie(value.year,
                    value.month,
                    value.day,
                    value.hour,
                    value.minute,
                    value.second,
                    value.quarterHours);
}

inline auto
GetFields(const ns3::p2pim::SmsValidityPeriod& value)
{
    return std::tuple_cat(
        GetFields(value.absolute),
        std::tie(value.format, value.relative, value.enhanced, value.seconds, value.singleShot));
}

inline auto
GetFields(const ns3::p2pim::SmsUserData& value)
{
    return std::tie(value.hasHeader,
                    value.protocolId,
                    value.codingScheme,
                    value.length,
                    value.octets);
}

inline auto
GetFields(const ns3::p2pim::SmsOptionalParts& value)
{
    const bool has = value.userData.has_value();
    const auto userData = value.userData.value_or(ns3::p2pim::SmsUserData());
    return std::tuple(value.protocolId,
                      value.codingScheme,
                      has,
                      userData.hasHeader,
                      userData.protocolId,
                      userData.codingScheme,
                      userData.length,
                      userData.octets);
}

inline auto
GetFields(const ns3::p2pim::SmsSubmit& value)
{
    return std::tuple_cat(std::tie(value.rejectDuplicates,
                                   value.statusReportRequest,
                                   value.messageReference,
                                   value.replyPath),
                          GetFields(value.destination),
                          GetFields(value.validityPeriod),
                          GetFields(value.userData));
}

inline auto
GetFields(const ns3::p2pim::SmsDeliver& value)
{
    return std::tuple_cat(std::tie(value.moreMessagesToSend,
                                   value.loopPrevention,
                                   value.statusReportIndication,
                                   value.replyPath),
                          GetFields(value.originator),
                          GetFields(value.timeStamp),
                          GetFields(value.userData));
}

inline auto
GetFields(const ns3::p2pim::SmsSubmitReport& value)
{
    return std::tuple_cat(std::tie(value.failureCause),
                          GetFields(value.timeStamp),
                          GetFields(value.parts));
}

inline auto
GetFields(const ns3::p2pim::SmsDeliverReport& value)
{
    return std::tuple_cat(std::tie(value.failureCause), GetFields(value.parts));
}

inline auto
GetFields(const ns3::p2pim::SmsStatusReport& value)
{
    return std::tuple_cat(std::tie(value.moreMessagesToSend,
                                   value.loopPrevention,
                                   value.resultOfCommand,
                                   value.messageReference,
                                   value.status),
                          GetFields(value.recipient),
                          GetFields(value.timeStamp),
                          GetFields(value.dischargeTime),
                          GetFields(value.parts));
}

inline auto
GetFields(const ns3::p2pim::SmsCommand& value)
{
    return std::tuple_cat(std::tie(value.statusReportRequest,
                                   value.messageReference,
                                   value.protocolId,
                                   value.type,
                                   value.messageNumber,
                                   value.hasHeader,
                                   value.commandData),
                          GetFields(value.destination));
}

} // namespace p2pim::fuzz

#endif // P2PIM_FUZZ_SMS_FIELDS_H
