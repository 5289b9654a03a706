// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz-target.h"

#include "ns3/sms-concatenation.h"
#include "ns3/sms-rp-cp.h"
#include "ns3/sms-tpdu.h"
#include "ns3/sms-transaction-engine.h"

#include <algorithm>

namespace p2pim::fuzz
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

const SmsAddress g_serviceCentre{SmsAddress::INTERNATIONAL, "441234500000"};

/// @return whether a part lies within a whole.
bool
IsInside(const uint8_t* part, std::size_t partSize, const uint8_t* whole, std::size_t size)
{
    return part == nullptr ||
           (part >= whole && partSize <= size && part <= whole + size - partSize);
}

/// @return the message that an RP message came from, without what nobody asked for.
Octets
EncodeAgain(const CpMessage& cp, const RpMessage& rp)
{
    const Octets tpdu(rp.userData, rp.userData + rp.size);
    Octets message;
    switch (rp.kind)
    {
    case RpKind::DATA:
        EncodeCpRpData(cp.transaction,
                       rp.fromNetwork,
                       rp.reference,
                       rp.serviceCentre,
                       tpdu,
                       message);
        return message;
    case RpKind::ACK:
        return EncodeCpRpAck(cp.transaction, rp.fromNetwork, rp.reference, tpdu);
    case RpKind::ERROR:
        return EncodeCpRpError(cp.transaction, rp.fromNetwork, rp.reference, rp.cause, tpdu);
    default:
        return EncodeCpRpSmma(cp.transaction, rp.reference);
    }
}

bool
IsSame(const RpMessage& first, const RpMessage& second)
{
    const bool sameUserData = std::equal(first.userData,
                                         first.userData + first.size,
                                         second.userData,
                                         second.userData + second.size);
    return first.kind == second.kind && first.fromNetwork == second.fromNetwork &&
           first.reference == second.reference &&
           (first.kind != RpKind::ERROR || first.cause == second.cause) &&
           (first.kind != RpKind::DATA || first.serviceCentre == second.serviceCentre) &&
           sameUserData;
}

bool
CpRpHolds(const uint8_t* octets, std::size_t size)
{
    CpMessage cp;
    if (DecodeCp(octets, size, cp) != SmsCodecError::NONE)
    {
        return true;
    }
    if (!IsInside(cp.userData, cp.size, octets, size))
    {
        return false;
    }
    RpMessage rp;
    if (cp.type != CpType::DATA || DecodeRp(cp.userData, cp.size, rp) != SmsCodecError::NONE)
    {
        return true;
    }
    if (!IsInside(rp.userData, rp.size, cp.userData, cp.size))
    {
        return false;
    }
    const Octets again = EncodeAgain(cp, rp);
    CpMessage secondCp;
    RpMessage second;
    return DecodeCp(again.data(), again.size(), secondCp) == SmsCodecError::NONE &&
           secondCp.type == CpType::DATA && secondCp.transaction == cp.transaction &&
           DecodeRp(secondCp.userData, secondCp.size, second) == SmsCodecError::NONE &&
           IsSame(rp, second);
}

std::vector<Octets>
MakeTransfers()
{
    SmsSubmit submit;
    submit.destination.digits = "4917112345678";
    SmsDeliver deliver;
    deliver.originator.digits = "4917112345678";
    Octets submitTpdu;
    Octets deliverTpdu;
    EncodeSubmit(submit, submitTpdu);
    EncodeDeliver(deliver, deliverTpdu);
    std::vector<Octets> seeds(2);
    EncodeCpRpData(0, false, 1, g_serviceCentre, submitTpdu, seeds[0]);
    EncodeCpRpData(8, true, 1, g_serviceCentre, deliverTpdu, seeds[1]);
    seeds.push_back(EncodeCpRpAck(0, true, 1));
    seeds.push_back(EncodeCpRpAck(8, false, 1, {0x00, 0x00}));
    seeds.push_back(EncodeCpRpError(0, true, 1, 21));
    seeds.push_back(EncodeCpRpError(8, false, 1, 22, {0x00, 0xD3, 0x00}));
    seeds.push_back(EncodeCpRpSmma(0, 1));
    seeds.push_back(EncodeCpAck(8));
    seeds.push_back(EncodeCpError(8, CpCause::PROTOCOL_ERROR));
    return seeds;
}

/// Messages in a chain, at both ends of a transfer.
bool
TransactionHolds(const uint8_t* octets, std::size_t size)
{
    const SmsTimers timers{Seconds(40), Seconds(15), Seconds(10), 2};
    SmsTransactionEngine network(true, timers);
    SmsTransactionEngine phone(false, timers);
    phone.Originate(0, 1, g_serviceCentre, {0x01}, Seconds(0));
    for (int second = 1; size > 0 && second < 20; ++second)
    {
        const Octets message = TakeLink(octets, size);
        for (SmsTransactionEngine* engine : {&network, &phone})
        {
            const Time now = Seconds(second);
            if (engine->GetDeadline() <= now)
            {
                engine->Expire(now);
            }
            const auto step = engine->Receive(message.data(), message.size(), now);
            if (!IsInside(step.rp.userData, step.rp.size, message.data(), message.size()) ||
                engine->GetDeadline() < now)
            {
                return false;
            }
            if (step.event == SmsTransactionEngine::Event::RP_DATA)
            {
                engine->Acknowledge(now);
            }
        }
    }
    return true;
}

std::vector<Octets>
MakeConversations()
{
    const auto transfers = MakeTransfers();
    return {Chain({transfers[0], EncodeCpAck(0), EncodeCpAck(8)}),
            Chain({EncodeCpAck(8), EncodeCpRpAck(8, true, 1), EncodeCpAck(0)}),
            Chain({EncodeCpRpError(8, true, 1, 21), EncodeCpError(8, CpCause::PROTOCOL_ERROR)}),
            Chain({EncodeCpRpSmma(0, 1), EncodeCpAck(0)})};
}

bool
UserDataHeaderHolds(const uint8_t* octets, std::size_t size)
{
    const Octets userData(octets, octets + size);
    SmsUserDataHeader first;
    if (DecodeUserDataHeader(userData, first) != SmsCodecError::NONE)
    {
        return true;
    }
    Octets again;
    EncodeUserDataHeader(first, again);
    SmsUserDataHeader second;
    if (first.size > size || first.ports.has_value() + first.concatenation.has_value() == 0)
    {
        return first.size <= size && again.empty();
    }
    const auto& part = first.concatenation;
    return DecodeUserDataHeader(again, second) == SmsCodecError::NONE &&
           second.ports.has_value() == first.ports.has_value() &&
           (!first.ports || (second.ports->destination == first.ports->destination &&
                             second.ports->originator == first.ports->originator)) &&
           second.concatenation.has_value() == part.has_value() &&
           (!part || (part->number >= 1 && part->number <= part->total &&
                      second.concatenation->reference == part->reference &&
                      second.concatenation->total == part->total &&
                      second.concatenation->number == part->number &&
                      second.concatenation->wide == part->wide));
}

std::vector<Octets>
MakeHeaders()
{
    std::vector<Octets> seeds;
    for (const bool wide : {false, true})
    {
        SmsUserDataHeader header;
        header.ports = SmsPorts{9000, 16440};
        header.concatenation = SmsConcatenation{7, 3, 2, wide};
        EncodeUserDataHeader(header, seeds.emplace_back());
        header.ports.reset();
        EncodeUserDataHeader(header, seeds.emplace_back());
    }
    seeds.push_back({0x04, 0x04, 0x02, 0xF0, 0xF1});
    seeds.push_back({0x08, 0x24, 0x01, 0x03, 0x00, 0x03, 0x05, 0x02, 0x01, 0x40});
    return seeds;
}

/// TP-UDHI in bit 1 of the first octet, then TP-DCS, TP-UDL and TP-UD.
SmsUserData
ReadUserDataFields(const Octets& octets)
{
    constexpr std::size_t fields = 3;
    SmsUserData userData;
    if (octets.size() >= fields)
    {
        const std::size_t size = std::min(octets.size() - fields, SMS_MAX_USER_DATA);
        userData.hasHeader = (octets[0] & 1) != 0;
        userData.codingScheme = octets[1];
        userData.length = octets[2];
        const auto begin = octets.begin() + fields;
        userData.octets.assign(begin, begin + static_cast<std::ptrdiff_t>(size));
    }
    return userData;
}

Octets
WriteUserDataFields(const SmsUserData& userData)
{
    Octets octets{userData.hasHeader, userData.codingScheme, userData.length};
    octets.insert(octets.end(), userData.octets.begin(), userData.octets.end());
    return octets;
}

/// @return whether both say the same; that a scheme was named is no difference.
bool
IsSame(const ShortMessage& first, const ShortMessage& second)
{
    return first.alphabet == second.alphabet && first.text == second.text &&
           first.data == second.data && first.messageClass == second.messageClass &&
           first.ports.has_value() == second.ports.has_value() &&
           (!first.ports || (first.ports->destination == second.ports->destination &&
                             first.ports->originator == second.ports->originator));
}

/// What fits into one TPDU with its elements may need two without those that it had.
bool
ShortMessageHolds(const uint8_t* octets, std::size_t size)
{
    ShortMessage first;
    if (ReadShortMessage(ReadUserDataFields({octets, octets + size}), first) != SmsCodecError::NONE)
    {
        return true;
    }
    std::vector<SmsUserData> segments;
    if (SplitShortMessage(first, 1, false, segments) != SmsCodecError::NONE)
    {
        return false;
    }
    SmsReassembler reassembler(Seconds(60), 1);
    ShortMessage second;
    bool isWhole = false;
    for (const SmsUserData& segment : segments)
    {
        isWhole = reassembler.Add(g_serviceCentre, segment, Seconds(0), second);
    }
    return isWhole && IsSame(first, second);
}

/// @return the segments of some messages, one after the other.
std::vector<SmsUserData>
MakeSegments()
{
    std::vector<SmsUserData> all;
    std::vector<SmsUserData> segments;
    ShortMessage message;
    for (const std::string text : {"a", "{\u20AC}", "\u65E5\U0001F600"})
    {
        for (const std::size_t times : {1U, 90U})
        {
            message.text.clear();
            for (std::size_t i = 0; i < times; ++i)
            {
                message.text += text;
            }
            SplitShortMessage(message, 5, times > 1, segments);
            all.insert(all.end(), segments.begin(), segments.end());
            message.ports = SmsPorts{9000, 16440};
        }
    }
    return all;
}

std::vector<Octets>
MakeShortMessages()
{
    std::vector<Octets> seeds;
    for (const SmsUserData& segment : MakeSegments())
    {
        seeds.push_back(WriteUserDataFields(segment));
    }
    seeds.push_back({0, SMS_DCS_8_BIT, 3, 1, 2, 3});
    seeds.push_back({0, 0xF1, 2, 0x41, 0x42});
    return seeds;
}

/// Segments in a chain; an octet before each has the time since the one before and the sender.
bool
ReassemblerHolds(const uint8_t* octets, std::size_t size)
{
    constexpr std::size_t limit = 3;
    SmsReassembler reassembler(Seconds(60), limit);
    Time now;
    while (size > 0)
    {
        Octets link = TakeLink(octets, size);
        if (link.empty())
        {
            continue;
        }
        now += Seconds(link[0] >> 2);
        const SmsAddress originator{SmsAddress::INTERNATIONAL, std::string(1, '0' + (link[0] & 3))};
        link.erase(link.begin());
        ShortMessage message;
        const SmsUserData userData = ReadUserDataFields(link);
        const uint64_t dropped = reassembler.GetDropped();
        const std::size_t before = reassembler.GetIncomplete();
        const bool isWhole = reassembler.Add(originator, userData, now, message);
        if (reassembler.GetIncomplete() > limit || reassembler.GetDropped() < dropped ||
            (isWhole && reassembler.GetIncomplete() > before))
        {
            return false;
        }
    }
    return true;
}

std::vector<Octets>
MakeSegmentChains()
{
    std::vector<Octets> seeds;
    std::vector<SmsUserData> segments;
    ShortMessage message;
    message.text = std::string(200, 'x');
    for (const bool wide : {false, true})
    {
        SplitShortMessage(message, 9, wide, segments);
        std::vector<Octets> links;
        for (const std::size_t i : {1U, 1U, 0U, 0U})
        {
            links.push_back(WriteUserDataFields(segments[i]));
            links.back().insert(links.back().begin(), wide ? 0xF1 : 0x01);
        }
        seeds.push_back(Chain(links));
    }
    return seeds;
}

/// The first octet chooses the alphabet, the width of the reference and whether there are ports.
bool
ConcatenationHolds(const uint8_t* octets, std::size_t size)
{
    if (size == 0)
    {
        return true;
    }
    const uint8_t choice = *octets;
    ShortMessage first;
    if ((choice & 1) != 0)
    {
        first.alphabet = SmsAlphabet::DATA_8_BIT;
        first.data.assign(octets + 1, octets + size);
    }
    else
    {
        first.text.assign(octets + 1, octets + size);
    }
    if ((choice & 2) != 0)
    {
        first.ports = SmsPorts{choice, 0xFFFF};
    }
    std::vector<SmsUserData> segments;
    if (SplitShortMessage(first, choice, (choice & 4) != 0, segments) != SmsCodecError::NONE)
    {
        return (choice & 1) == 0;
    }
    std::rotate(segments.begin(),
                segments.begin() + static_cast<std::ptrdiff_t>(choice % segments.size()),
                segments.end());
    first.alphabet = DecodeDataCoding(segments[0].codingScheme).alphabet;
    SmsReassembler reassembler(Seconds(60), 1);
    ShortMessage second;
    for (std::size_t i = 0; i < segments.size(); ++i)
    {
        const SmsUserData& segment = segments[i];
        if (segment.octets.size() > SMS_MAX_USER_DATA ||
            segment.octets.size() != GetUserDataOctets(segment.length, segment.codingScheme) ||
            reassembler.Add(g_serviceCentre, segment, Seconds(0), second) !=
                (i + 1 == segments.size()))
        {
            return false;
        }
    }
    return IsSame(first, second);
}

std::vector<Octets>
MakeLongTexts()
{
    std::vector<Octets> seeds;
    for (const std::string text : {"a", "{\u20AC}", "\u65E5\U0001F600"})
    {
        for (uint8_t choice = 0; choice < 8; ++choice)
        {
            std::string longText;
            while (longText.size() < 170)
            {
                longText += text;
            }
            seeds.push_back(ToOctets(longText));
            seeds.back().insert(seeds.back().begin(), choice);
        }
    }
    return seeds;
}

bool
TextHolds(const uint8_t* octets, std::size_t size)
{
    const Octets raw(octets, octets + size);
    const std::string shown = DecodeGsm7(raw);
    const auto septets = EncodeGsm7(shown);
    const std::string wide = DecodeUcs2(octets, size);
    const auto units = EncodeUcs2(wide);
    if (!septets || DecodeGsm7(*septets) != shown || !units ||
        DecodeUcs2(units->data(), units->size()) != wide)
    {
        return false;
    }
    const std::string text(raw.begin(), raw.end());
    const auto narrow = EncodeGsm7(text);
    const auto utf16 = EncodeUcs2(text);
    if ((narrow && (!utf16 || DecodeGsm7(*narrow) != text)) ||
        (utf16 && DecodeUcs2(utf16->data(), utf16->size()) != text))
    {
        return false;
    }
    const std::size_t fillBits = size % 7;
    Octets packed;
    PackSeptets(*septets, fillBits, packed);
    return packed.size() == (fillBits + septets->size() * 7 + 7) / 8 &&
           UnpackSeptets(packed.data(), packed.size(), fillBits, septets->size()) == *septets;
}

std::vector<Octets>
MakeTexts()
{
    return {ToOctets("hello @\u00A3$ {[~]}"),
            ToOctets("\u65E5\u672C \U0001F600"),
            {0x1B, 0x65, 0x1B, 0x14, 0x00, 0x41},
            {0xD8, 0x3D, 0xDE, 0x00, 0x00, 0x41}};
}

} // namespace

std::vector<Target>
GetSmsTargets()
{
    return {{"sms-cp-rp", CpRpHolds, MakeTransfers},
            {"sms-transaction", TransactionHolds, MakeConversations},
            {"sms-user-data-header", UserDataHeaderHolds, MakeHeaders},
            {"sms-short-message", ShortMessageHolds, MakeShortMessages},
            {"sms-reassembler", ReassemblerHolds, MakeSegmentChains},
            {"sms-concatenation", ConcatenationHolds, MakeLongTexts},
            {"sms-text", TextHolds, MakeTexts}};
}

} // namespace p2pim::fuzz
