// SPDX-License-Identifier: GPL-2.0-only
#include "sms-traffic.h"

#include "ns3/attribute-checkers.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/pointer.h"
#include "ns3/string.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(SmsTraffic);

namespace
{

/// Octets that a message's index takes in data.
constexpr uint16_t INDEX_OCTETS = 4;
/// Longest message: 255 segments of 67 UCS2 characters (TS 23.040 9.2.3.24.1), less some.
constexpr double MAX_LENGTH = 17000;
/// Longest validity period: 63 weeks, the longest in relative format (TS 23.040 9.2.3.12.1).
constexpr double MAX_VALIDITY = 63.0 * 7 * 24 * 3600;

/// Characters of both tables of the default alphabet (TS 23.038 6.2.1).
const std::vector<std::string> g_gsmCharacters{
    "@", "a", "£", "b", "$", "c", "¥", "d", "è", "e", "é", "f", "ù", "g", "ì", "h", "ò",
    "i", "Ç", "j", "Ø", "k", "ø", "l", "Å", "m", "å", "n", "Δ", "o", "_", "p", "Φ", "q",
    "Γ", "r", "Λ", "s", "Ω", "t", "Π", "u", "Ψ", "v", "Σ", "w", "Θ", "x", "Ξ", "y", "Æ",
    "z", "æ", "ß", "É", "!", "#", "€", "{", "}", "[", "]", "~", "|", "^", "Ä", "ñ", "ü"};
/// Characters of several scripts; all in the basic multilingual plane.
const std::vector<std::string> g_ucs2Characters{
    "П", "р", "и", "в", "е",  "т",  " ",  "世", "界", " ", "ш", "а", "л", "о", "м", "ż", "ó",
    "ł", "w", " ", "→", "水", "か", "な", "한", "글", " ", "α", "β", "γ", "ğ", "ı", "ş", "."};

bool
IsBelow(const Ptr<UniformRandomVariable>& random, double share)
{
    return random->GetValue() < share;
}

/// @return which of @p count things a draw of 0 to 1 names.
uint32_t
Pick(double draw, uint32_t count)
{
    const double place = std::floor(std::clamp(draw, 0.0, 1.0) * count);
    return std::min(static_cast<uint32_t>(place), count - 1);
}

} // namespace

std::string
MakeSmsText(uint32_t index, SmsAlphabet alphabet, uint16_t length)
{
    const auto& characters = alphabet == SmsAlphabet::UCS2 ? g_ucs2Characters : g_gsmCharacters;
    std::string text = std::to_string(index) + " ";
    for (std::size_t n = text.size(); n < length; ++n)
    {
        text += characters[(index + n) % characters.size()];
    }
    return text;
}

std::vector<uint8_t>
MakeSmsData(uint32_t index, uint16_t length)
{
    std::vector<uint8_t> data{static_cast<uint8_t>(index >> 24),
                              static_cast<uint8_t>(index >> 16),
                              static_cast<uint8_t>(index >> 8),
                              static_cast<uint8_t>(index)};
    while (data.size() < length)
    {
        data.push_back(static_cast<uint8_t>(index + data.size()));
    }
    return data;
}

std::optional<uint32_t>
ReadSmsIndex(const std::string& text)
{
    uint32_t index = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, index);
    if (read.ec != std::errc() || read.ptr == end || *read.ptr != ' ')
    {
        return std::nullopt;
    }
    return index;
}

std::optional<uint32_t>
ReadSmsIndex(const std::vector<uint8_t>& data)
{
    if (data.size() < INDEX_OCTETS)
    {
        return std::nullopt;
    }
    return uint32_t{data[0]} << 24 | uint32_t{data[1]} << 16 | uint32_t{data[2]} << 8 | data[3];
}

TypeId
SmsTraffic::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::SmsTraffic")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<SmsTraffic>()
            .AddAttribute("ArrivalInterval",
                          "Time between two messages in the whole network, in seconds.",
                          StringValue("ns3::ExponentialRandomVariable[Mean=5]"),
                          MakePointerAccessor(&SmsTraffic::m_arrivalInterval),
                          MakeRandomChecker(0))
            .AddAttribute("Sender",
                          "Who sends: a place in the population, 0 to 1; what is outside is cut.",
                          StringValue("ns3::UniformRandomVariable[Min=0|Max=1]"),
                          MakePointerAccessor(&SmsTraffic::m_sender),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("Target",
                          "Who is written to: a place in the population, 0 to 1; what is outside "
                          "is cut. Nobody writes to himself, but to the next one.",
                          StringValue("ns3::UniformRandomVariable[Min=0|Max=1]"),
                          MakePointerAccessor(&SmsTraffic::m_target),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("Length",
                          "Length of a message in characters, of data in octets, up to "
                          "17000; what is drawn is cut to 11 to 17000. Long ones are concatenated.",
                          StringValue("ns3::UniformRandomVariable[Min=20|Max=120]"),
                          MakePointerAccessor(&SmsTraffic::m_length),
                          MakeRandomChecker(0, MAX_LENGTH))
            .AddAttribute("DataShare",
                          "Share of the messages, 0 to 1, that are 8-bit data to an application "
                          "port, as an invitation is.",
                          DoubleValue(1),
                          MakeDoubleAccessor(&SmsTraffic::m_dataShare),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("Ucs2Share",
                          "Share of the texts, 0 to 1, in UCS2; the others are in the GSM 7-bit "
                          "default alphabet.",
                          DoubleValue(0.2),
                          MakeDoubleAccessor(&SmsTraffic::m_ucs2Share),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("StatusReportShare",
                          "Share of the messages, 0 to 1, that ask for a status report (TP-SRR).",
                          DoubleValue(0),
                          MakeDoubleAccessor(&SmsTraffic::m_statusReportShare),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("Validity",
                          "Validity period that a message asks for, in seconds, cut to 63 weeks; "
                          "below 1: what its phone has as default.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0]"),
                          MakePointerAccessor(&SmsTraffic::m_validity),
                          MakeRandomChecker(-std::numeric_limits<double>::infinity(), MAX_VALIDITY))
            .AddAttribute("FlashCrowdShare",
                          "Share of the messages, 0 to 1, that are sent within "
                          "FlashCrowdWindow instead of spread by ArrivalInterval.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&SmsTraffic::m_flashCrowdShare),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("FlashCrowdStart",
                          "When the flash crowd begins to write.",
                          TimeValue(Minutes(5)),
                          MakeTimeAccessor(&SmsTraffic::m_flashCrowdStart),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("FlashCrowdWindow",
                          "For how long it does.",
                          TimeValue(Seconds(60)),
                          MakeTimeAccessor(&SmsTraffic::m_flashCrowdWindow),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("FlashCrowdTarget",
                          "Whom it writes to: the first phone (OneNumber), or all phones of the "
                          "first cell (OneCell).",
                          EnumValue(ONE_CELL),
                          MakeEnumAccessor(&SmsTraffic::m_flashCrowdTarget),
                          MakeEnumChecker(ONE_NUMBER, "OneNumber", ONE_CELL, "OneCell"));
    return tid;
}

SmsTraffic::SmsTraffic()
    : m_kind(CreateObject<UniformRandomVariable>()),
      m_report(CreateObject<UniformRandomVariable>()),
      m_crowd(CreateObject<UniformRandomVariable>())
{
}

SmsTraffic::~SmsTraffic() = default;

int64_t
SmsTraffic::AssignStreams(int64_t first)
{
    const std::initializer_list<Ptr<RandomVariableStream>>
        all{m_arrivalInterval, m_sender, m_target, m_length, m_validity, m_kind, m_report, m_crowd};
    for (const auto& each : all)
    {
        each->SetStream(first++);
    }
    return static_cast<int64_t>(all.size());
}

std::vector<PlannedSms>
SmsTraffic::Plan(uint32_t messages, uint32_t phones, uint32_t cells)
{
    std::vector<PlannedSms> plan;
    plan.reserve(messages);
    Time last;
    for (uint32_t n = 0; n < messages; ++n)
    {
        PlannedSms message = PlanMessage(phones);
        const Time interval = Seconds(std::max(0.0, m_arrivalInterval->GetValue()));
        const bool crowd = IsBelow(m_crowd, m_flashCrowdShare);
        const double when = m_crowd->GetValue();
        if (crowd)
        {
            MoveToCrowd(message, when, phones, cells);
        }
        else
        {
            last += interval;
            message.start = last;
        }
        plan.push_back(message);
    }
    std::stable_sort(plan.begin(), plan.end(), [](const PlannedSms& a, const PlannedSms& b) {
        return a.start < b.start;
    });
    return plan;
}

PlannedSms
SmsTraffic::PlanMessage(uint32_t phones)
{
    constexpr double shortest = 11; // ten digits and a blank
    PlannedSms message;
    message.sender = Pick(m_sender->GetValue(), phones);
    message.target = Pick(m_target->GetValue(), phones);
    if (message.target == message.sender)
    {
        message.target = (message.sender + 1) % phones;
    }
    message.length = static_cast<uint16_t>(std::clamp(m_length->GetValue(), shortest, MAX_LENGTH));
    message.validity = static_cast<uint32_t>(std::clamp(m_validity->GetValue(), 0.0, MAX_VALIDITY));
    const bool data = IsBelow(m_kind, m_dataShare);
    const bool ucs2 = IsBelow(m_kind, m_ucs2Share);
    message.alphabet = data   ? SmsAlphabet::DATA_8_BIT
                       : ucs2 ? SmsAlphabet::UCS2
                              : SmsAlphabet::GSM_7_BIT;
    message.statusReport = IsBelow(m_report, m_statusReportShare);
    return message;
}

void
SmsTraffic::MoveToCrowd(PlannedSms& message, double when, uint32_t phones, uint32_t cells) const
{
    message.crowd = true;
    message.start = m_flashCrowdStart + Seconds(when * m_flashCrowdWindow.GetSeconds());
    message.target =
        m_flashCrowdTarget == ONE_NUMBER || phones <= cells ? 0 : message.target / cells * cells;
    if (message.target == message.sender)
    {
        message.sender = (message.sender + 1) % phones;
    }
}

} // namespace p2pim
} // namespace ns3
