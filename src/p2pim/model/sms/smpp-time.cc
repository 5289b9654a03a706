// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/smpp-time.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <ctime>
#include <string_view>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr std::size_t TIME_CHARACTERS = 16;
constexpr int64_t DAY = 24 * 3600;
constexpr int64_t QUARTER_HOUR = 15 * 60;
constexpr int MAX_QUARTER_HOURS = 48;

/// States and what appendix B calls them.
constexpr std::array<std::pair<SmppMessageState, std::string_view>, 7> g_states{{
    {SmppMessageState::DELIVERED, "DELIVRD"},
    {SmppMessageState::EXPIRED, "EXPIRED"},
    {SmppMessageState::DELETED, "DELETED"},
    {SmppMessageState::UNDELIVERABLE, "UNDELIV"},
    {SmppMessageState::ACCEPTED, "ACCEPTD"},
    {SmppMessageState::UNKNOWN, "UNKNOWN"},
    {SmppMessageState::REJECTED, "REJECTD"},
}};

bool
IsNumber(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isdigit(c) != 0;
    });
}

/// Takes a decimal number of @p digits digits off the front; the text is known to hold it.
int
TakeNumber(std::string_view& text, std::size_t digits)
{
    int value = 0;
    for (const char c : text.substr(0, digits))
    {
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return value;
}

/// Takes YYMMDDhhmm off the front, and ss if @p hasSeconds.
std::tm
TakeDate(std::string_view& text, bool hasSeconds)
{
    std::tm date{};
    date.tm_year = TakeNumber(text, 2) + 100;
    date.tm_mon = TakeNumber(text, 2) - 1;
    date.tm_mday = TakeNumber(text, 2);
    date.tm_hour = TakeNumber(text, 2);
    date.tm_min = TakeNumber(text, 2);
    date.tm_sec = hasSeconds ? TakeNumber(text, 2) : 0;
    return date;
}

/// @return the time that a date in UTC stands for; nothing if there is no such date.
std::optional<int64_t>
ToSeconds(const std::tm& date)
{
    std::tm normalized = date;
    const std::time_t time = timegm(&normalized);
    const bool isDate = normalized.tm_mon == date.tm_mon && normalized.tm_mday == date.tm_mday &&
                        normalized.tm_hour == date.tm_hour && normalized.tm_min == date.tm_min &&
                        normalized.tm_sec == date.tm_sec;
    return isDate ? std::optional<int64_t>(time) : std::nullopt;
}

/// @return YYMMDDhhmmss in UTC.
std::string
FormatDate(int64_t time)
{
    const std::time_t seconds = time;
    std::tm date{};
    gmtime_r(&seconds, &date);
    std::array<char, 16> text{};
    std::strftime(text.data(), text.size(), "%y%m%d%H%M%S", &date);
    return text.data();
}

std::optional<int64_t>
ParseSpan(std::string_view text, int64_t now)
{
    int64_t span = 0;
    for (const int64_t unit : {365 * DAY, 30 * DAY, DAY, int64_t{3600}, int64_t{60}, int64_t{1}})
    {
        span += TakeNumber(text, 2) * unit;
    }
    return now + span;
}

/// Takes what is between @p label and the next blank off the front of @p text.
std::optional<std::string_view>
TakeField(std::string_view& text, std::string_view label)
{
    if (text.substr(0, label.size()) != label)
    {
        return std::nullopt;
    }
    text.remove_prefix(label.size());
    const auto value = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), value.size() + 1));
    return value;
}

std::optional<int64_t>
TakeMinute(std::string_view& text, std::string_view label)
{
    auto field = TakeField(text, label);
    if (!field || field->size() != 10 || !IsNumber(*field))
    {
        return std::nullopt;
    }
    return ToSeconds(TakeDate(*field, false));
}

std::optional<int>
TakeCount(std::string_view& text, std::string_view label)
{
    auto field = TakeField(text, label);
    if (!field || field->size() > 3 || !IsNumber(*field))
    {
        return std::nullopt;
    }
    return TakeNumber(*field, field->size());
}

std::optional<SmppMessageState>
TakeState(std::string_view& text)
{
    const auto name = TakeField(text, "stat:");
    for (const auto& [state, known] : g_states)
    {
        if (name && *name == known)
        {
            return state;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<int64_t>
ParseSmppTime(const std::string& text, int64_t now)
{
    constexpr std::size_t digits = TIME_CHARACTERS - 1;
    if (text.size() != TIME_CHARACTERS || !IsNumber(std::string_view(text).substr(0, digits)))
    {
        return std::nullopt;
    }
    std::string_view left(text);
    const char kind = text.back();
    if (kind == 'R')
    {
        return ParseSpan(left, now);
    }
    const auto local = ToSeconds(TakeDate(left, true));
    left.remove_prefix(1); // tenths
    const int quarterHours = TakeNumber(left, 2);
    if (!local || quarterHours > MAX_QUARTER_HOURS || (kind != '+' && kind != '-'))
    {
        return std::nullopt;
    }
    return *local - (kind == '+' ? quarterHours : -quarterHours) * QUARTER_HOUR;
}

std::string
FormatSmppTime(int64_t time)
{
    return FormatDate(time) + "000+";
}

std::string
FormatSmppSpan(int64_t seconds)
{
    const auto span = static_cast<int>(std::clamp<int64_t>(seconds, 0, 99 * DAY));
    std::array<char, 64> text{};
    std::snprintf(text.data(),
                  text.size(),
                  "0000%02d%02d%02d%02d000R",
                  span / static_cast<int>(DAY),
                  span / 3600 % 24,
                  span / 60 % 60,
                  span % 60);
    return text.data();
}

std::string
FormatSmppReceipt(const SmppReceipt& receipt)
{
    const auto* const state =
        std::find_if(g_states.begin(), g_states.end(), [&receipt](const auto& each) {
            return each.first == receipt.state;
        });
    const auto name = state == g_states.end() ? std::string_view("UNKNOWN") : state->second;
    std::array<char, 8> error{};
    std::snprintf(error.data(), error.size(), "%03u", receipt.error % 1000U);
    return "id:" + receipt.messageId + " sub:001 dlvrd:" + (receipt.isDelivered ? "001" : "000") +
           " submit date:" + FormatDate(receipt.submitted).substr(0, 10) +
           " done date:" + FormatDate(receipt.done).substr(0, 10) + " stat:" + std::string(name) +
           " err:" + error.data() + " text:" + receipt.text.substr(0, 20);
}

std::optional<SmppReceipt>
ParseSmppReceipt(const std::string& text)
{
    std::string_view left(text);
    const auto id = TakeField(left, "id:");
    const auto submissions = TakeCount(left, "sub:");
    const auto delivered = TakeCount(left, "dlvrd:");
    const auto submitted = TakeMinute(left, "submit date:");
    const auto done = TakeMinute(left, "done date:");
    const auto state = TakeState(left);
    const auto error = TakeCount(left, "err:");
    constexpr std::string_view label = "text:";
    if (!id || !submissions || !delivered || !submitted || !done || !state || !error ||
        left.substr(0, label.size()) != label)
    {
        return std::nullopt;
    }
    left.remove_prefix(label.size());
    SmppReceipt receipt;
    receipt.messageId = *id;
    receipt.isDelivered = *delivered > 0;
    receipt.submitted = *submitted;
    receipt.done = *done;
    receipt.state = *state;
    receipt.error = static_cast<uint16_t>(*error);
    receipt.text = left;
    return receipt;
}

} // namespace p2pim
} // namespace ns3
