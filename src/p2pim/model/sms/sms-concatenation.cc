// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-concatenation.h"

#include <algorithm>
#include <iterator>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr std::size_t MAX_SEGMENTS = 255;
constexpr uint8_t ESCAPE = 0x1B;

/// A message in the units of its alphabet: septets, or octets.
struct Units
{
    SmsAlphabet alphabet = SmsAlphabet::GSM_7_BIT;
    std::vector<uint8_t> values;
};

std::optional<Units>
Encode(const ShortMessage& message)
{
    if (message.alphabet == SmsAlphabet::DATA_8_BIT)
    {
        return Units{SmsAlphabet::DATA_8_BIT, message.data};
    }
    if (message.alphabet != SmsAlphabet::UCS2)
    {
        if (auto septets = EncodeGsm7(message.text))
        {
            return Units{SmsAlphabet::GSM_7_BIT, std::move(*septets)};
        }
    }
    if (message.alphabet != SmsAlphabet::GSM_7_BIT)
    {
        if (auto octets = EncodeUcs2(message.text))
        {
            return Units{SmsAlphabet::UCS2, std::move(*octets)};
        }
    }
    return std::nullopt;
}

/// @return how many units fit behind a header.
std::size_t
GetRoom(SmsAlphabet alphabet, std::size_t headerOctets)
{
    const std::size_t octets = SMS_MAX_USER_DATA - headerOctets;
    switch (alphabet)
    {
    case SmsAlphabet::GSM_7_BIT:
        return octets * 8 / 7;
    case SmsAlphabet::UCS2:
        return octets / 2 * 2;
    default:
        return octets;
    }
}

/// @return whether the unit at @p at must stay with the one before it.
bool
IsTail(const Units& units, std::size_t at)
{
    switch (units.alphabet)
    {
    case SmsAlphabet::GSM_7_BIT:
        return units.values[at - 1] == ESCAPE;
    case SmsAlphabet::UCS2:
        return (units.values[at] & 0xFC) == 0xDC; // low surrogate
    default:
        return false;
    }
}

/// @return where each segment ends.
std::vector<std::size_t>
FindEnds(const Units& units, std::size_t room)
{
    std::vector<std::size_t> ends;
    const std::size_t step = units.alphabet == SmsAlphabet::UCS2 ? 2 : 1;
    for (std::size_t end = 0; end < units.values.size();)
    {
        end = std::min(end + room, units.values.size());
        if (end < units.values.size() && IsTail(units, end))
        {
            end -= step;
        }
        ends.push_back(end);
    }
    return ends;
}

SmsUserData
MakeSegment(const Units& units,
            std::size_t begin,
            std::size_t end,
            const SmsUserDataHeader& header,
            uint8_t codingScheme)
{
    SmsUserData segment;
    segment.codingScheme = codingScheme;
    EncodeUserDataHeader(header, segment.octets);
    segment.hasHeader = !segment.octets.empty();
    const std::vector<uint8_t> part(units.values.begin() + static_cast<std::ptrdiff_t>(begin),
                                    units.values.begin() + static_cast<std::ptrdiff_t>(end));
    if (units.alphabet == SmsAlphabet::GSM_7_BIT)
    {
        // text starts at the border of a septet (TS 23.040 9.2.3.24)
        const std::size_t headerSeptets = (segment.octets.size() * 8 + 6) / 7;
        const std::size_t fillBits = headerSeptets * 7 - segment.octets.size() * 8;
        PackSeptets(part, fillBits, segment.octets);
        segment.length = static_cast<uint8_t>(headerSeptets + part.size());
    }
    else
    {
        segment.octets.insert(segment.octets.end(), part.begin(), part.end());
        segment.length = static_cast<uint8_t>(segment.octets.size());
    }
    return segment;
}

} // namespace

SmsCodecError
SplitShortMessage(const ShortMessage& message,
                  uint16_t reference,
                  bool wide,
                  std::vector<SmsUserData>& segments)
{
    segments.clear();
    const auto units = Encode(message);
    if (!units)
    {
        return SmsCodecError::UNENCODABLE_TEXT;
    }
    const uint8_t codingScheme = EncodeDataCoding(units->alphabet, message.messageClass);
    SmsUserDataHeader header;
    header.ports = message.ports;
    std::vector<uint8_t> octets;
    EncodeUserDataHeader(header, octets);
    if (units->values.size() <= GetRoom(units->alphabet, octets.size()))
    {
        segments.push_back(MakeSegment(*units, 0, units->values.size(), header, codingScheme));
        return SmsCodecError::NONE;
    }
    header.concatenation = SmsConcatenation{reference, 1, 1, wide};
    EncodeUserDataHeader(header, octets);
    const std::vector<std::size_t> ends = FindEnds(*units, GetRoom(units->alphabet, octets.size()));
    if (ends.size() > MAX_SEGMENTS)
    {
        return SmsCodecError::TOO_MANY_SEGMENTS;
    }
    header.concatenation->total = static_cast<uint8_t>(ends.size());
    std::size_t begin = 0;
    for (const std::size_t end : ends)
    {
        segments.push_back(MakeSegment(*units, begin, end, header, codingScheme));
        ++header.concatenation->number;
        begin = end;
    }
    return SmsCodecError::NONE;
}

SmsCodecError
ReadShortMessage(const SmsUserData& userData, ShortMessage& message)
{
    message = ShortMessage();
    SmsUserDataHeader header;
    if (userData.hasHeader && DecodeUserDataHeader(userData.octets, header) != SmsCodecError::NONE)
    {
        return SmsCodecError::BAD_USER_DATA_HEADER;
    }
    const SmsDataCoding coding = DecodeDataCoding(userData.codingScheme);
    message.ports = header.ports;
    message.messageClass = coding.messageClass;
    message.alphabet = coding.compressed ? SmsAlphabet::DATA_8_BIT : coding.alphabet;
    const uint8_t* body = userData.octets.data() + header.size;
    const std::size_t size = userData.octets.size() - header.size;
    switch (*message.alphabet)
    {
    case SmsAlphabet::GSM_7_BIT:
    {
        const std::size_t headerSeptets = (header.size * 8 + 6) / 7;
        const std::size_t fillBits = headerSeptets * 7 - header.size * 8;
        const std::size_t count = std::max<std::size_t>(userData.length, headerSeptets);
        message.text = DecodeGsm7(UnpackSeptets(body, size, fillBits, count - headerSeptets));
        break;
    }
    case SmsAlphabet::UCS2:
        message.text = DecodeUcs2(body, size);
        break;
    case SmsAlphabet::DATA_8_BIT:
        message.data.assign(body, body + size);
        break;
    }
    return SmsCodecError::NONE;
}

SmsReassembler::SmsReassembler(Time timeout, std::size_t limit)
    : m_timeout(timeout),
      m_limit(std::max<std::size_t>(limit, 1))
{
}

void
SmsReassembler::Drop(std::list<Incomplete>::iterator incomplete)
{
    m_byKey.erase(incomplete->key);
    m_incomplete.erase(incomplete);
}

bool
SmsReassembler::Add(const SmsAddress& originator,
                    const SmsUserData& userData,
                    Time now,
                    ShortMessage& message)
{
    SmsUserDataHeader header;
    if (ReadShortMessage(userData, message) != SmsCodecError::NONE)
    {
        return false;
    }
    if (userData.hasHeader)
    {
        DecodeUserDataHeader(userData.octets, header);
    }
    if (!header.concatenation)
    {
        return true;
    }
    while (!m_incomplete.empty() && m_incomplete.front().since + m_timeout <= now)
    {
        ++m_dropped;
        Drop(m_incomplete.begin());
    }
    const SmsConcatenation& part = *header.concatenation;
    const Key key{originator.digits, originator.type, part.reference, part.total, part.wide};
    auto known = m_byKey.find(key);
    if (known == m_byKey.end())
    {
        if (m_incomplete.size() >= m_limit)
        {
            ++m_dropped;
            Drop(m_incomplete.begin());
        }
        m_incomplete.push_back({key, now, part.total, {}});
        m_incomplete.back().segments.resize(part.total);
        known = m_byKey.emplace(key, std::prev(m_incomplete.end())).first;
    }
    Incomplete& incomplete = *known->second;
    auto& segment = incomplete.segments[part.number - 1U];
    if (segment)
    {
        return false;
    }
    segment = std::move(message);
    if (--incomplete.missing > 0)
    {
        return false;
    }
    message = std::move(*incomplete.segments[0]);
    for (std::size_t i = 1; i < incomplete.segments.size(); ++i)
    {
        const ShortMessage& next = *incomplete.segments[i];
        message.text += next.text;
        message.data.insert(message.data.end(), next.data.begin(), next.data.end());
    }
    Drop(known->second);
    return true;
}

std::size_t
SmsReassembler::GetIncomplete() const
{
    return m_incomplete.size();
}

uint64_t
SmsReassembler::GetDropped() const
{
    return m_dropped;
}

} // namespace p2pim
} // namespace ns3
