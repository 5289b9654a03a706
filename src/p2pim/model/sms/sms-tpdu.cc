// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-tpdu.h"

#include "ns3/octet-reader.h"
#include "ns3/sms-tpdu-fields.h"

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t MTI_DELIVER = 0x00;
constexpr uint8_t MTI_SUBMIT = 0x01;
constexpr int VPF_SHIFT = 3;
constexpr uint8_t VPF_MASK = 0x03;

} // namespace

SmsCodecError
EncodeSubmit(const SmsSubmit& submit, std::vector<uint8_t>& tpdu)
{
    tpdu.push_back(static_cast<uint8_t>(
        MTI_SUBMIT | (submit.rejectDuplicates ? TP_RD : 0) |
        static_cast<uint8_t>(submit.validityPeriod.format) << VPF_SHIFT |
        (submit.statusReportRequest ? TP_SRR : 0) | (submit.replyPath ? TP_RP : 0) |
        (submit.userData.hasHeader ? TP_UDHI : 0)));
    tpdu.push_back(submit.messageReference);
    SmsCodecError error = AppendAddress(submit.destination, tpdu);
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    tpdu.push_back(submit.userData.protocolId);
    tpdu.push_back(submit.userData.codingScheme);
    error = AppendValidityPeriod(submit.validityPeriod, tpdu);
    return error != SmsCodecError::NONE ? error : AppendUserData(submit.userData, tpdu);
}

SmsCodecError
DecodeSubmit(const uint8_t* tpdu, std::size_t size, SmsSubmit& submit)
{
    OctetReader reader(tpdu, size);
    const uint8_t first = reader.Read();
    if (size == 0)
    {
        return SmsCodecError::TRUNCATED;
    }
    if ((first & TP_MTI_MASK) != MTI_SUBMIT)
    {
        return SmsCodecError::WRONG_MESSAGE_TYPE;
    }
    submit.rejectDuplicates = (first & TP_RD) != 0;
    submit.statusReportRequest = (first & TP_SRR) != 0;
    submit.replyPath = (first & TP_RP) != 0;
    submit.messageReference = reader.Read();
    SmsCodecError error = ReadAddress(reader, submit.destination);
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    submit.userData.protocolId = reader.Read();
    submit.userData.codingScheme = reader.Read();
    error =
        ReadValidityPeriod(reader,
                           static_cast<SmsValidityPeriod::Format>(first >> VPF_SHIFT & VPF_MASK),
                           submit.validityPeriod);
    return error != SmsCodecError::NONE ? error : ReadUserData(reader, first, submit.userData);
}

SmsCodecError
EncodeDeliver(const SmsDeliver& deliver, std::vector<uint8_t>& tpdu)
{
    tpdu.push_back(static_cast<uint8_t>(
        MTI_DELIVER | (deliver.moreMessagesToSend ? 0 : TP_MMS) |
        (deliver.loopPrevention ? TP_LP : 0) | (deliver.statusReportIndication ? TP_SRR : 0) |
        (deliver.replyPath ? TP_RP : 0) | (deliver.userData.hasHeader ? TP_UDHI : 0)));
    SmsCodecError error = AppendAddress(deliver.originator, tpdu);
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    tpdu.push_back(deliver.userData.protocolId);
    tpdu.push_back(deliver.userData.codingScheme);
    error = AppendTimeStamp(deliver.timeStamp, tpdu);
    return error != SmsCodecError::NONE ? error : AppendUserData(deliver.userData, tpdu);
}

SmsCodecError
DecodeDeliver(const uint8_t* tpdu, std::size_t size, SmsDeliver& deliver)
{
    OctetReader reader(tpdu, size);
    const uint8_t first = reader.Read();
    if (size == 0)
    {
        return SmsCodecError::TRUNCATED;
    }
    if ((first & TP_MTI_MASK) != MTI_DELIVER)
    {
        return SmsCodecError::WRONG_MESSAGE_TYPE;
    }
    deliver.moreMessagesToSend = (first & TP_MMS) == 0;
    deliver.loopPrevention = (first & TP_LP) != 0;
    deliver.statusReportIndication = (first & TP_SRR) != 0;
    deliver.replyPath = (first & TP_RP) != 0;
    SmsCodecError error = ReadAddress(reader, deliver.originator);
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    deliver.userData.protocolId = reader.Read();
    deliver.userData.codingScheme = reader.Read();
    error = ReadTimeStamp(reader, deliver.timeStamp);
    return error != SmsCodecError::NONE ? error : ReadUserData(reader, first, deliver.userData);
}

} // namespace p2pim
} // namespace ns3
