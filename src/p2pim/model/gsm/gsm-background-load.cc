// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gsm-background-load.h"

#include "ns3/attribute-checkers.h"
#include "ns3/double.h"
#include "ns3/gsm-cell.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <functional>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(GsmBackgroundLoad);

namespace
{

constexpr double SECONDS_PER_HOUR = 3600;

} // namespace

TypeId
GsmBackgroundLoad::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::GsmBackgroundLoad")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<GsmBackgroundLoad>()
            .AddAttribute("CallRate",
                          "Poisson rate of voice calls in a cell, calls an hour. Each takes an "
                          "SDCCH for its set-up and then a TCH.",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&GsmBackgroundLoad::SetCallRate,
                                             &GsmBackgroundLoad::GetCallRate),
                          MakeDoubleChecker<double>(0.0, 1e6))
            .AddAttribute("CallSetupTime",
                          "Time on the SDCCH for the set-up of a call, s. Traynor et al., ToN "
                          "17(1) 2009, take 1.5 s.",
                          StringValue("ns3::ConstantRandomVariable[Constant=1.5]"),
                          MakePointerAccessor(&GsmBackgroundLoad::SetCallSetupTime,
                                              &GsmBackgroundLoad::GetCallSetupTime),
                          MakeRandomChecker(0))
            .AddAttribute("CallDuration",
                          "Time on the TCH, s. Own choice.",
                          StringValue("ns3::ExponentialRandomVariable[Mean=90]"),
                          MakePointerAccessor(&GsmBackgroundLoad::m_callDuration),
                          MakeRandomChecker(0))
            .AddAttribute("LocationUpdateRate",
                          "Poisson rate of location updates in a cell, updates an hour.",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&GsmBackgroundLoad::SetLocationUpdateRate,
                                             &GsmBackgroundLoad::GetLocationUpdateRate),
                          MakeDoubleChecker<double>(0.0, 1e6))
            .AddAttribute("LocationUpdateTime",
                          "Time on the SDCCH for a location update, s. Own estimate, with "
                          "authentication and ciphering.",
                          StringValue("ns3::ConstantRandomVariable[Constant=2.5]"),
                          MakePointerAccessor(&GsmBackgroundLoad::SetLocationUpdateTime,
                                              &GsmBackgroundLoad::GetLocationUpdateTime),
                          MakeRandomChecker(0))
            .AddAttribute("LocationUpdateBurst",
                          "Phones that update their location at LocationUpdateBurstTime, all at "
                          "once.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&GsmBackgroundLoad::m_burstSize),
                          MakeUintegerChecker<uint32_t>(0, 100000))
            .AddAttribute("LocationUpdateBurstTime",
                          "When they do, from the start of the simulation.",
                          TimeValue(Seconds(60)),
                          MakeTimeAccessor(&GsmBackgroundLoad::m_burstTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("Retries",
                          "How often a call or location update asks again when it was rejected, "
                          "each time after T3122, or when its random access failed. 0: blocked "
                          "calls are lost. Own choice.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&GsmBackgroundLoad::m_retries),
                          MakeUintegerChecker<uint32_t>(0, 1000));
    return tid;
}

GsmBackgroundLoad::GsmBackgroundLoad()
    : m_interval(CreateObject<ExponentialRandomVariable>())
{
}

GsmBackgroundLoad::~GsmBackgroundLoad() = default;

void
GsmBackgroundLoad::DoDispose()
{
    m_calls.next.Cancel();
    m_updates.next.Cancel();
    m_burst.Cancel();
    m_cell = nullptr;
    m_calls.holding = nullptr;
    m_updates.holding = nullptr;
    m_callDuration = nullptr;
    m_interval = nullptr;
    Object::DoDispose();
}

void
GsmBackgroundLoad::SetCell(GsmCell* cell)
{
    m_cell = cell;
}

void
GsmBackgroundLoad::Start()
{
    if (m_started)
    {
        return;
    }
    m_started = true;
    SetRate(m_calls, m_calls.rate);
    SetRate(m_updates, m_updates.rate);
    if (m_burstSize > 0)
    {
        m_burst = Simulator::Schedule(Max(m_burstTime - Simulator::Now(), Time()),
                                      &GsmBackgroundLoad::UpdateLocations,
                                      this,
                                      m_burstSize);
    }
}

void
GsmBackgroundLoad::SetCallRate(double rate)
{
    SetRate(m_calls, rate);
}

double
GsmBackgroundLoad::GetCallRate() const
{
    return m_calls.rate;
}

void
GsmBackgroundLoad::SetLocationUpdateRate(double rate)
{
    SetRate(m_updates, rate);
}

double
GsmBackgroundLoad::GetLocationUpdateRate() const
{
    return m_updates.rate;
}

void
GsmBackgroundLoad::SetCallSetupTime(Ptr<RandomVariableStream> time)
{
    m_calls.holding = time;
}

Ptr<RandomVariableStream>
GsmBackgroundLoad::GetCallSetupTime() const
{
    return m_calls.holding;
}

void
GsmBackgroundLoad::SetLocationUpdateTime(Ptr<RandomVariableStream> time)
{
    m_updates.holding = time;
}

Ptr<RandomVariableStream>
GsmBackgroundLoad::GetLocationUpdateTime() const
{
    return m_updates.holding;
}

void
GsmBackgroundLoad::SetRate(Source& source, double rate)
{
    source.rate = rate;
    source.next.Cancel();
    if (m_started && rate > 0)
    {
        // The streams may be assigned until the simulation runs.
        source.next = Simulator::ScheduleNow(
            std::function<void()>([this, &source]() { PlanArrival(source); }));
    }
}

void
GsmBackgroundLoad::PlanArrival(Source& source)
{
    const Time interval = Seconds(m_interval->GetValue(SECONDS_PER_HOUR / source.rate, 0));
    source.next =
        Simulator::Schedule(interval,
                            std::function<void()>([this, &source]() { HandleArrival(source); }));
}

void
GsmBackgroundLoad::HandleArrival(Source& source)
{
    PlanArrival(source);
    ++source.counters.offered;
    RequestChannel(source, 0);
}

void
GsmBackgroundLoad::UpdateLocations(uint32_t phones)
{
    for (uint32_t i = 0; i < phones; ++i)
    {
        ++m_updates.counters.offered;
        RequestChannel(m_updates, 0);
    }
}

void
GsmBackgroundLoad::RequestChannel(Source& source, uint32_t attempt)
{
    if (m_cell == nullptr)
    {
        return;
    }
    ++source.counters.accesses;
    m_cell->RequestChannel(source.cause,
                           ChannelCallback([this, &source, attempt](const ChannelAnswer& answer) {
                               HandleAnswer(source, attempt, answer);
                           }));
}

void
GsmBackgroundLoad::HandleAnswer(Source& source, uint32_t attempt, const ChannelAnswer& answer)
{
    if (answer.outcome == ChannelOutcome::ASSIGNED)
    {
        Sdcch& channel = *answer.channel;
        m_cell->SeizeForLoad(channel);
        const uint64_t seizure = channel.GetSeizure();
        Simulator::Schedule(Seconds(std::max(source.holding->GetValue(), 0.0)),
                            std::function<void()>([this, &source, &channel, seizure]() {
                                Finish(source, channel, seizure);
                            }));
        return;
    }
    const bool rejected = answer.outcome == ChannelOutcome::REJECTED;
    if (attempt >= m_retries)
    {
        ++(rejected ? source.counters.blocked : source.counters.failed);
        return;
    }
    Time wait;
    if (const auto reject =
            rejected ? DecodeImmediateAssignmentReject(*answer.block) : std::nullopt)
    {
        wait = Seconds(reject->waitIndication);
    }
    Simulator::Schedule(wait, std::function<void()>([this, &source, attempt]() {
                            RequestChannel(source, attempt + 1);
                        }));
}

void
GsmBackgroundLoad::Finish(Source& source, Sdcch& channel, uint64_t seizure)
{
    if (m_cell == nullptr || channel.GetSeizure() != seizure || !channel.IsOpen())
    {
        return;
    }
    m_cell->ReleaseChannel(channel);
    if (&source == &m_calls)
    {
        StartConversation();
    }
}

void
GsmBackgroundLoad::StartConversation()
{
    Sdcch* channel = m_cell->AllocateTrafficChannel();
    if (channel == nullptr)
    {
        ++m_callsWithoutTch;
        return;
    }
    m_cell->SeizeForLoad(*channel);
    const uint64_t seizure = channel->GetSeizure();
    Simulator::Schedule(
        Seconds(std::max(m_callDuration->GetValue(), 0.0)),
        std::function<void()>([this, channel, seizure]() { ReleaseIfHeld(*channel, seizure); }));
}

void
GsmBackgroundLoad::ReleaseIfHeld(Sdcch& channel, uint64_t seizure)
{
    if (m_cell != nullptr && channel.GetSeizure() == seizure && channel.IsOpen())
    {
        m_cell->ReleaseChannel(channel);
    }
}

CounterList
GsmBackgroundLoad::GetCounters() const
{
    const auto count = [](uint64_t number) { return static_cast<double>(number); };
    return {
        {"load_calls_offered", count(m_calls.counters.offered)},
        {"load_calls_blocked", count(m_calls.counters.blocked)},
        {"load_calls_failed", count(m_calls.counters.failed)},
        {"load_calls_without_tch", count(m_callsWithoutTch)},
        {"load_call_accesses", count(m_calls.counters.accesses)},
        {"load_updates_offered", count(m_updates.counters.offered)},
        {"load_updates_blocked", count(m_updates.counters.blocked)},
        {"load_updates_failed", count(m_updates.counters.failed)},
        {"load_update_accesses", count(m_updates.counters.accesses)},
    };
}

int64_t
GsmBackgroundLoad::AssignStreams(int64_t first)
{
    m_interval->SetStream(first);
    m_calls.holding->SetStream(first + 1);
    m_updates.holding->SetStream(first + 2);
    m_callDuration->SetStream(first + 3);
    return 4;
}

} // namespace p2pim
} // namespace ns3
