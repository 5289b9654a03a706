// SPDX-License-Identifier: GPL-2.0-only
#include "gprs-traffic.h"

#include "ns3/attribute-checkers.h"
#include "ns3/pointer.h"
#include "ns3/string.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <sstream>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(GprsTraffic);

namespace
{

constexpr std::array<const char*, 5> STATE_NAMES{"as-is", "open", "ready", "standby", "detached"};

/// A ping's payload has room for its index; more than 1472 octets are two IP packets.
constexpr double LEAST_PING = 8;
constexpr double MOST_PING = 1472;
/// More than a day with CS-4 on four timeslots is no transfer.
constexpr double MOST_OCTETS = 1e9;

Time
Draw(const Ptr<RandomVariableStream>& random)
{
    return Seconds(std::max(0.0, random->GetValue()));
}

uint32_t
Draw(const Ptr<RandomVariableStream>& random, double least, double most)
{
    return static_cast<uint32_t>(std::clamp(std::round(random->GetValue()), least, most));
}

} // namespace

const char*
GetGprsPhoneStateName(GprsPhoneState state)
{
    return *std::next(STATE_NAMES.begin(), static_cast<std::ptrdiff_t>(state));
}

TypeId
GprsTraffic::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::GprsTraffic")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<GprsTraffic>()
            .AddAttribute("PingOctets",
                          "Payload of a ping, octets, 8 to 1472: the IP packet has 28 more.",
                          StringValue("ns3::ConstantRandomVariable[Constant=32]"),
                          MakePointerAccessor(&GprsTraffic::m_pingOctets),
                          MakeRandomChecker(LEAST_PING, MOST_PING))
            .AddAttribute("PingInterval",
                          "Time from the end of a phone's ping to its next, in seconds; what "
                          "States needs comes on top.",
                          StringValue("ns3::UniformRandomVariable[Min=0|Max=1.177]"),
                          MakePointerAccessor(&GprsTraffic::m_pingInterval),
                          MakeRandomChecker(0))
            .AddAttribute("TransferOctets",
                          "Octets of a transfer, 1 to 1e9; what is drawn is cut to that.",
                          StringValue("ns3::ConstantRandomVariable[Constant=50000]"),
                          MakePointerAccessor(&GprsTraffic::m_transferOctets),
                          MakeRandomChecker(0))
            .AddAttribute("ThinkTime",
                          "Time from the end of a phone's transfer to its next, in seconds; what "
                          "States needs comes on top.",
                          StringValue("ns3::ExponentialRandomVariable[Mean=30]"),
                          MakePointerAccessor(&GprsTraffic::m_thinkTime),
                          MakeRandomChecker(0))
            .AddAttribute(
                "States",
                "What the phone's bearer is like when a session begins, one after the other, "
                "separated by commas. as-is: as the session before has left it (at first "
                "detached); open: its downlink TBF is open; ready: no TBF, in DRX; standby: after "
                "T3314; detached: a phone in its place that was never attached. For the middle "
                "three the phone pings the server, and is then silent for as long as OpenIdle, "
                "ReadyIdle or StandbyIdle says.",
                StringValue("as-is"),
                MakeStringAccessor(&GprsTraffic::SetStates, &GprsTraffic::GetStates),
                MakeStringChecker())
            .AddAttribute("OpenIdle",
                          "Silence before a session in state open, in seconds: shorter than "
                          "GprsCell's TbfReleaseDelay.",
                          StringValue("ns3::UniformRandomVariable[Min=0.3|Max=1.5]"),
                          MakePointerAccessor(&GprsTraffic::m_openIdle),
                          MakeRandomChecker(0))
            .AddAttribute("ReadyIdle",
                          "Silence before a session in state ready, in seconds: longer than "
                          "GprsCell's TbfReleaseDelay, T3192 and DrxTimerMax take, shorter than "
                          "the SGSN's T3314.",
                          StringValue("ns3::UniformRandomVariable[Min=8|Max=20]"),
                          MakePointerAccessor(&GprsTraffic::m_readyIdle),
                          MakeRandomChecker(0))
            .AddAttribute("StandbyIdle",
                          "Silence before a session in state standby, in seconds: longer than the "
                          "SGSN's T3314.",
                          StringValue("ns3::UniformRandomVariable[Min=50|Max=60]"),
                          MakePointerAccessor(&GprsTraffic::m_standbyIdle),
                          MakeRandomChecker(0));
    return tid;
}

GprsTraffic::GprsTraffic() = default;

GprsTraffic::~GprsTraffic() = default;

bool
GprsTraffic::SetStates(const std::string& text)
{
    std::vector<GprsPhoneState> states;
    std::istringstream words(text);
    for (std::string word; std::getline(words, word, ',');)
    {
        const auto found = std::find(STATE_NAMES.begin(), STATE_NAMES.end(), word);
        if (found == STATE_NAMES.end())
        {
            return false;
        }
        states.push_back(static_cast<GprsPhoneState>(found - STATE_NAMES.begin()));
    }
    if (states.empty() || text.back() == ',')
    {
        return false;
    }
    m_statesText = text;
    m_states = states;
    return true;
}

std::string
GprsTraffic::GetStates() const
{
    return m_statesText;
}

int64_t
GprsTraffic::AssignStreams(int64_t first)
{
    const std::initializer_list<Ptr<RandomVariableStream>> all{m_pingOctets,
                                                               m_pingInterval,
                                                               m_transferOctets,
                                                               m_thinkTime,
                                                               m_openIdle,
                                                               m_readyIdle,
                                                               m_standbyIdle};
    for (const auto& each : all)
    {
        each->SetStream(first++);
    }
    return static_cast<int64_t>(all.size());
}

std::vector<PlannedGprsSession>
GprsTraffic::Plan(uint32_t sessions, Kind kind)
{
    std::vector<PlannedGprsSession> plan(sessions);
    for (uint32_t n = 0; n < sessions; ++n)
    {
        const bool ping = kind == Kind::PING;
        PlannedGprsSession& session = plan[n];
        session.pause = Draw(ping ? m_pingInterval : m_thinkTime);
        session.octets = ping ? Draw(m_pingOctets, LEAST_PING, MOST_PING)
                              : Draw(m_transferOctets, 1, MOST_OCTETS);
        session.state = m_states[n % m_states.size()];
        const Time open = Draw(m_openIdle);
        const Time ready = Draw(m_readyIdle);
        const Time standby = Draw(m_standbyIdle);
        session.idle = session.state == GprsPhoneState::TBF_OPEN  ? open
                       : session.state == GprsPhoneState::READY   ? ready
                       : session.state == GprsPhoneState::STANDBY ? standby
                                                                  : Time();
    }
    return plan;
}

} // namespace p2pim
} // namespace ns3
