// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/nat-settings-text.h"

#include "ns3/decimal-reader.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <sstream>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// A setting that has a name.
struct Knob
{
    std::string name;
    std::vector<std::string> values; ///< if they are words
    std::function<bool(NatSettings&, const std::string&)> set;
};

/// Takes an ns-3 time that is not negative: a number and its unit, or `ever`.
bool
ReadTime(const std::string& text, Time& time)
{
    static const std::vector<std::pair<std::string_view, double>> units{
        {"ms", 1e-3},
        {"s", 1},
        {"min", 60},
        {"h", 3600},
        {"d", 86400},
    };
    if (text == "ever")
    {
        time = Time::Max();
        return true;
    }
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
    const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
    const auto found = std::find_if(units.begin(), units.end(), [unit](const auto& each) {
        return each.first == unit;
    });
    constexpr double longest = 100.0 * 365 * 86400; // a century, in seconds
    if (error != std::errc() || found == units.end() || value < 0 ||
        value * found->second > longest)
    {
        return false;
    }
    time = Seconds(value * found->second);
    return true;
}

template <typename T>
bool
ReadNumber(const std::string& text, T& number)
{
    const char* place = text.data();
    const char* const end = place + text.size();
    if constexpr (std::is_floating_point_v<T>)
    {
        T value{};
        const auto [rest, error] = std::from_chars(place, end, value, std::chars_format::fixed);
        const bool isGood = error == std::errc() && rest == end && value >= 0;
        number = isGood ? value : number;
        return isGood;
    }
    else
    {
        const auto value = ReadDecimal(place, end, std::numeric_limits<T>::max(), '\0');
        number = static_cast<T>(value.value_or(number));
        return value.has_value();
    }
}

/// A setting of @p Part of the settings.
template <typename Part, typename T>
Knob
MakeKnob(const char* name, Part NatSettings::*part, T Part::*member)
{
    return {name, {}, [part, member](NatSettings& settings, const std::string& text) {
                if constexpr (std::is_same_v<T, Time>)
                {
                    return ReadTime(text, settings.*part.*member);
                }
                else
                {
                    return ReadNumber(text, settings.*part.*member);
                }
            }};
}

template <typename T>
Knob
MakeKnob(const char* name, T NatSettings::*member)
{
    return {name, {}, [member](NatSettings& settings, const std::string& text) {
                if constexpr (std::is_same_v<T, Time>)
                {
                    return ReadTime(text, settings.*member);
                }
                else
                {
                    return ReadNumber(text, settings.*member);
                }
            }};
}

/// A setting whose values are words, those of the enumerators in their order.
template <typename T>
Knob
MakeChoice(const char* name, T NatSettings::*member, const std::vector<std::string>& words)
{
    return {name, words, [member, words](NatSettings& settings, const std::string& text) {
                const auto found = std::find(words.begin(), words.end(), text);
                if (found != words.end())
                {
                    settings.*member = static_cast<T>(found - words.begin());
                }
                return found != words.end();
            }};
}

Knob
MakeFlag(const char* name, bool NatSettings::*member)
{
    return MakeChoice(name, member, {"no", "yes"});
}

Knob
MakeTimerKnob(const char* name, Time NatTimers::*member)
{
    return MakeKnob(name, &NatSettings::timers, member);
}

template <typename T>
Knob
MakeLimitKnob(const char* name, T NatLimits::*member)
{
    return MakeKnob(name, &NatSettings::limits, member);
}

/// Whether inbound UDP refreshes is a flag among the timers.
Knob
MakeInboundRefresh()
{
    return {"udp-inbound-refresh",
            {"no", "yes"},
            [](NatSettings& settings, const std::string& text) {
                settings.timers.udpInboundRefresh = text == "yes";
                return text == "yes" || text == "no";
            }};
}

const std::vector<Knob>&
GetKnobs()
{
    using S = NatSettings;
    using T = NatTimers;
    using L = NatLimits;
    static const std::vector<std::string> mappings{"eim", "adm", "apdm", "cdm"};
    static const std::vector<std::string> filterings{"eif", "adf", "apdf", "cdf"};
    static const std::vector<std::string> answers{"silence",
                                                  "reset",
                                                  "port-unreachable",
                                                  "prohibited",
                                                  "hold",
                                                  "answered-by-host"};
    static const std::vector<Knob> knobs{
        MakeChoice("udp-mapping", &S::udpMapping, mappings),
        MakeChoice("tcp-mapping", &S::tcpMapping, mappings),
        MakeChoice("conflict-mapping", &S::conflictMapping, mappings),
        MakeChoice("udp-filtering", &S::udpFiltering, filterings),
        MakeChoice("tcp-filtering", &S::tcpFiltering, filterings),
        MakeChoice("allocation",
                   &S::allocation,
                   {"preserve",
                    "preserve-or-random",
                    "preserve-or-sequential",
                    "sequential",
                    "random",
                    "block",
                    "deterministic",
                    "overload"}),
        MakeKnob("first-port", &S::firstPort),
        MakeKnob("last-port", &S::lastPort),
        MakeKnob("port-delta", &S::portDelta),
        MakeKnob("block-size", &S::blockSize),
        MakeKnob("subscriber-blocks", &S::subscriberBlocks),
        MakeChoice("port-classes", &S::portClasses, {"none", "rfc", "linux"}),
        MakeFlag("keeps-parity", &S::keepsParity),
        MakeFlag("renews-identification", &S::renewsIdentification),
        MakeFlag("overlaps", &S::overlaps),
        MakeChoice("pooling",
                   &S::pooling,
                   {"paired", "soft-paired", "arbitrary", "per-destination"}),
        MakeKnob("quarantine", &S::quarantine),
        MakeChoice("hairpinning", &S::hairpinning, {"no", "internal-source", "external-source"}),
        MakeFlag("answers-inside", &S::answersInside),
        MakeChoice("unsolicited-tcp", &S::unsolicitedTcp, answers),
        MakeChoice("unsolicited-udp", &S::unsolicitedUdp, answers),
        MakeChoice("tcp-tracking", &S::tcpTracking, {"none", "flags", "window", "liberal"}),
        MakeChoice("tcp-machine", &S::tcpMachine, {"rfc7857", "linux"}),
        MakeFlag("picks-up", &S::picksUp),
        MakeFlag("leaks-invalid", &S::leaksInvalid),
        MakeFlag("resets-stray", &S::resetsStray),
        MakeFlag("resets-expired", &S::resetsExpired),
        MakeKnob("retransmissions", &S::retransmissions),
        MakeChoice("reset-action", &S::resetAction, {"shortens", "deletes", "ignored"}),
        MakeChoice("icmp-errors", &S::icmpErrors, {"translate", "drop", "kill"}),
        MakeChoice("refusal", &S::refusal, {"silent", "unreachable", "prohibited"}),
        MakeChoice("fragments", &S::fragments, {"drop", "in-order", "any-order"}),
        MakeTimerKnob("udp-new", &T::udpNew),
        MakeTimerKnob("udp-stream", &T::udpStream),
        MakeTimerKnob("udp-stream-age", &T::udpStreamAge),
        MakeInboundRefresh(),
        MakeTimerKnob("tcp-opening", &T::tcpOpening),
        MakeTimerKnob("tcp-syn-received", &T::tcpSynReceived),
        MakeTimerKnob("tcp-established", &T::tcpEstablished),
        MakeTimerKnob("tcp-closing", &T::tcpClosing),
        MakeTimerKnob("tcp-close-wait", &T::tcpCloseWait),
        MakeTimerKnob("tcp-last-ack", &T::tcpLastAck),
        MakeTimerKnob("tcp-time-wait", &T::tcpTimeWait),
        MakeTimerKnob("tcp-reset", &T::tcpReset),
        MakeTimerKnob("tcp-unacknowledged", &T::tcpUnacknowledged),
        MakeTimerKnob("tcp-retransmitted", &T::tcpRetransmitted),
        MakeTimerKnob("icmp-query", &T::icmpQuery),
        MakeTimerKnob("fragment", &T::fragment),
        MakeTimerKnob("held-syn", &T::heldSyn),
        MakeLimitKnob("mappings", &L::mappings),
        MakeLimitKnob("sessions", &L::sessions),
        MakeLimitKnob("subscriber-mappings", &L::subscriberMappings),
        MakeLimitKnob("subscriber-sessions", &L::subscriberSessions),
        MakeLimitKnob("subscriber-rate", &L::subscriberRate),
        MakeLimitKnob("subscriber-burst", &L::subscriberBurst),
        MakeLimitKnob("fragmented-datagrams", &L::fragmentedDatagrams),
        MakeLimitKnob("fragment-octets", &L::fragmentOctets),
        MakeLimitKnob("held-syns", &L::heldSyns),
        MakeKnob("load-rate", &S::load, &NatBackgroundLoad::rate),
        MakeKnob("load-holding", &S::load, &NatBackgroundLoad::holding),
        MakeKnob("state-loss", &S::stateLoss),
    };
    return knobs;
}

/// Applies one word after the preset.
std::optional<NatTextFault>
ReadWord(const std::string& word, NatSettings& settings)
{
    const auto name = word.substr(0, word.find('='));
    const auto& knobs = GetKnobs();
    const auto knob = std::find_if(knobs.begin(), knobs.end(), [&name](const auto& each) {
        return each.name == name;
    });
    if (knob == knobs.end())
    {
        return NatTextFault{name, "no such setting", GetNatSettingNames()};
    }
    if (name.size() == word.size())
    {
        return NatTextFault{name, "has no value", {}};
    }
    if (!knob->set(settings, word.substr(name.size() + 1)))
    {
        NatTextFault fault{word, "no such value", {}};
        for (const auto& value : knob->values)
        {
            fault.known.push_back(std::string(name).append("=").append(value));
        }
        return fault;
    }
    return std::nullopt;
}

std::vector<std::string>
GetKinds()
{
    std::vector<std::string> kinds{"none"};
    for (int preset = NAT_RFC; preset <= NAT_FIREWALL; ++preset)
    {
        kinds.emplace_back(GetNatPresetName(static_cast<NatPreset>(preset)));
    }
    return kinds;
}

} // namespace

std::vector<std::string>
GetNatSettingNames()
{
    std::vector<std::string> names;
    for (const auto& knob : GetKnobs())
    {
        names.push_back(knob.name);
    }
    return names;
}

std::optional<NatTextFault>
ReadNatSettings(const std::string& text, std::optional<NatSettings>& settings)
{
    std::istringstream words(text);
    std::string word;
    words >> word;
    const auto kinds = GetKinds();
    const auto kind = std::find(kinds.begin(), kinds.end(), word);
    if (kind == kinds.end())
    {
        return NatTextFault{word, "no such kind of NAT", kinds};
    }
    const bool isNone = kind == kinds.begin();
    NatSettings read;
    if (!isNone)
    {
        read = GetNatPreset(static_cast<NatPreset>(kind - kinds.begin() - 1));
    }
    while (words >> word)
    {
        if (isNone)
        {
            return NatTextFault{word, "without a NAT there are no settings", {}};
        }
        if (auto fault = ReadWord(word, read))
        {
            return fault;
        }
    }
    // whoever mounts the NAT gives it its pool
    NatSettings checked = read;
    if (checked.translates)
    {
        checked.pool = {Ipv4Address("192.0.2.1")};
    }
    const auto problem = isNone ? std::string() : checked.FindFault();
    if (!problem.empty())
    {
        return NatTextFault{"", problem, {}};
    }
    settings = isNone ? std::nullopt : std::optional<NatSettings>(read);
    return std::nullopt;
}

} // namespace p2pim
} // namespace ns3
