// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/smpp-message-centre.h"

#include "ns3/smpp-time.h"
#include "ns3/sms-user-data.h"

#include <algorithm>
#include <cctype>

namespace ns3
{
namespace p2pim
{

namespace
{

/// Most septets of TP-UD (TS 23.040 9.2.3.16).
constexpr std::size_t MAX_SEPTETS = 160;

bool
IsDecimal(const std::string& digits)
{
    return !digits.empty() && std::all_of(digits.begin(), digits.end(), [](unsigned char c) {
        return std::isdigit(c) != 0;
    });
}

/// @return the type octet of an address of the SMS layers (TS 23.040 9.1.2.5).
uint8_t
GetAddressType(const SmppAddress& address)
{
    const int npi = address.npi == 0 && address.ton != smpp_ton::ALPHANUMERIC ? 1 : address.npi;
    return static_cast<uint8_t>(0x80 | (address.ton & 0x07) << 4 | (npi & 0x0F));
}

bool
MapOriginator(const SmppAddress& source, SmsAddress& originator)
{
    constexpr std::size_t maxCharacters = 11; // TS 23.040 9.1.2.5: 20 semi-octets
    originator.type = GetAddressType(source);
    originator.digits = source.digits;
    return source.ton == smpp_ton::ALPHANUMERIC
               ? !source.digits.empty() && source.digits.size() <= maxCharacters
               : IsDecimal(source.digits) && source.digits.size() <= SmsAddress::MAX_DIGITS;
}

bool
MapDestination(const SmppAddress& source, SmsAddress& destination)
{
    destination.type = GetAddressType(source);
    destination.digits = source.digits;
    const bool isTelephony = source.ton <= smpp_ton::NATIONAL && source.npi <= 1;
    return isTelephony && ParseDigits(source.digits).has_value() && source.digits.size() <= 15;
}

/// @return TP-DCS for a data_coding (SMPP 3.4, 5.2.19); nothing if GSM has no such alphabet.
std::optional<uint8_t>
MapDataCoding(uint8_t dataCoding)
{
    switch (dataCoding)
    {
    case 0x00: // SMSC default alphabet, here that of TS 23.038
    case 0x08: // UCS2
        return dataCoding;
    case 0x02: // octet unspecified
    case 0x04:
        return SMS_DCS_8_BIT;
    default: // message waiting indication and message class, as TS 23.038 has them
        return dataCoding >= 0xC0 ? std::optional<uint8_t>(dataCoding) : std::nullopt;
    }
}

/// @return whether TP-UD is made of septets (TS 23.038 4).
bool
IsSeptets(uint8_t codingScheme)
{
    const int group = codingScheme >> 4;
    return codingScheme == 0 || group == 0xC || group == 0xD ||
           (group == 0xF && (codingScheme & 0x04) == 0);
}

/// Appends the elements that ports and sar_* parameters stand for, without the header's length.
void
AppendElements(const SmppMessage& message, Octets& elements)
{
    OctetWriter out(elements);
    if (message.segment)
    {
        // concatenation with a 16-bit reference (TS 23.040 9.2.3.24.8)
        out.U8(0x08).U8(4).U16(message.segment->reference);
        out.U8(message.segment->total).U8(message.segment->number);
    }
    if (message.destinationPort)
    {
        // 16-bit ports (TS 23.040 9.2.3.24.4)
        out.U8(0x05).U8(4).U16(*message.destinationPort).U16(message.sourcePort.value_or(0));
    }
}

/// Appends septets to TP-UD from the bit on where its @p header octets end, at a septet's border.
bool
AppendSeptets(const Octets& characters, std::size_t header, SmsUserData& userData)
{
    const std::size_t headerSeptets = (header * 8 + 6) / 7;
    const std::size_t septets = headerSeptets + characters.size();
    if (septets > MAX_SEPTETS)
    {
        return false;
    }
    userData.length = static_cast<uint8_t>(septets);
    userData.octets.resize((septets * 7 + 7) / 8);
    std::size_t bit = headerSeptets * 7;
    for (const uint8_t character : characters)
    {
        const auto shifted = static_cast<uint16_t>((character & 0x7F) << (bit % 8));
        userData.octets[bit / 8] |= static_cast<uint8_t>(shifted);
        if (shifted > 0xFF)
        {
            userData.octets[bit / 8 + 1] |= static_cast<uint8_t>(shifted >> 8);
        }
        bit += 7;
    }
    return true;
}

SmppStatus
MapUserData(const SmppMessage& message, SmsUserData& userData)
{
    const Octets& text = message.payload ? *message.payload : message.shortMessage;
    const bool hasUdhi = (message.esmClass & smpp_esm_class::UDHI) != 0;
    const auto codingScheme = MapDataCoding(message.dataCoding);
    if (!codingScheme)
    {
        return SmppStatus::ESME_RSUBMITFAIL;
    }
    userData.protocolId = message.protocolId;
    userData.codingScheme = *codingScheme;
    Octets header;
    AppendElements(message, header);
    if (hasUdhi && (!header.empty() || text.empty() || text[0] >= text.size()))
    {
        return SmppStatus::ESME_RINVESMCLASS; // two headers, or one that is no header
    }
    if (!header.empty())
    {
        header.insert(header.begin(), static_cast<uint8_t>(header.size()));
    }
    else if (hasUdhi)
    {
        header.assign(text.begin(), text.begin() + text[0] + 1);
    }
    userData.hasHeader = !header.empty();
    userData.octets = header;
    const Octets body(text.begin() + (hasUdhi ? text[0] + 1 : 0), text.end());
    if (IsSeptets(*codingScheme))
    {
        return AppendSeptets(body, header.size(), userData) ? SmppStatus::ESME_ROK
                                                            : SmppStatus::ESME_RINVMSGLEN;
    }
    userData.octets.insert(userData.octets.end(), body.begin(), body.end());
    userData.length = static_cast<uint8_t>(userData.octets.size());
    return userData.octets.size() <= SMS_MAX_USER_DATA ? SmppStatus::ESME_ROK
                                                       : SmppStatus::ESME_RINVMSGLEN;
}

} // namespace

SmppStatus
MapSubmission(const SmppMessage& message, int64_t now, SmppSubmission& submission)
{
    constexpr uint8_t maxPriority = 3;
    submission = SmppSubmission();
    if (!MapOriginator(message.source, submission.originator))
    {
        return SmppStatus::ESME_RINVSRCADR;
    }
    if (!MapDestination(message.destination, submission.destination))
    {
        return SmppStatus::ESME_RINVDSTADR;
    }
    if (message.priority > maxPriority)
    {
        return SmppStatus::ESME_RINVPRTFLG;
    }
    if (!message.scheduleDeliveryTime.empty())
    {
        return SmppStatus::ESME_RINVSCHED; // this SMSC tries at once
    }
    submission.priority = message.priority;
    if (!message.validityPeriod.empty())
    {
        const auto end = ParseSmppTime(message.validityPeriod, now);
        if (!end || *end <= now)
        {
            return SmppStatus::ESME_RINVEXPIRY;
        }
        submission.validity = *end - now;
    }
    return MapUserData(message, submission.userData);
}

} // namespace p2pim
} // namespace ns3
