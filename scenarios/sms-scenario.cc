// SPDX-License-Identifier: GPL-2.0-only
#include "sms-scenario.h"

#include "run-counters.h"

#include "ns3/attribute-checkers.h"
#include "ns3/boolean.h"
#include "ns3/constant-position-mobility-model.h"
#include "ns3/global-value.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/network-faults.h"
#include "ns3/phone-availability.h"
#include "ns3/pointer.h"
#include "ns3/propagation-radio-conditions.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/voice-calls.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(SmsScenario);

namespace
{

/// @return why a message has not arrived, as far as its line tells; empty if it does not.
const char*
FindCause(const SmsTimeLine::Line& line)
{
    if (!line.complete)
    {
        return line.copies > 0 ? "stored when the run ended" : "under way when the run ended";
    }
    const char* cause = "";
    for (const auto& stamp : line.hops)
    {
        cause = stamp.hop == SmsHop::EXPIRED     ? "expired"
                : stamp.hop == SmsHop::REFUSED   ? "refused"
                : stamp.hop == SmsHop::CANCELLED ? "cancelled"
                                                 : cause;
    }
    return cause;
}

/// @return the message that a user writes.
ShortMessage
MakeMessage(uint32_t index, const PlannedSms& planned)
{
    ShortMessage message;
    message.alphabet = planned.alphabet;
    if (planned.alphabet == SmsAlphabet::DATA_8_BIT)
    {
        message.ports = SmsPorts{SmsScenario::PORT, SmsScenario::PORT};
        message.data = MakeSmsData(index, planned.length);
    }
    else
    {
        message.text = MakeSmsText(index, planned.alphabet, planned.length);
    }
    return message;
}

double
CountSdcchs(const CellularNetwork& network)
{
    double sum = 0;
    for (const auto& cell : network.GetGsmCells())
    {
        UintegerValue count;
        cell->GetAttribute("SdcchCount", count);
        sum += static_cast<double>(count.Get());
    }
    return sum;
}

/// What is not a count but a mean or a share over the whole run; @p rate: fresh messages a second.
CounterList
DeriveFigures(const RunCounters& counters, double sdcchs, double rate)
{
    const double seizures = SumCounters(counters, "cell-", "sdcch_seizures");
    const double blocked = SumCounters(counters, "cell-", "sdcch_blocked");
    const double holding = GetShare(SumCounters(counters, "cell-", "sdcch_seconds"), seizures);
    return {
        {"message_rate", rate},
        // what each SDCCH would carry if nothing were blocked, and repeated: a message takes two
        {"sdcch_offered", GetShare(rate * 2 * holding, sdcchs)},
        {"first_attempts_failed_share",
         GetShare(SumCounters(counters, "smsc", "first_attempts_failed"),
                  SumCounters(counters, "smsc", "first_attempts"))},
        {"sdcch_blocked_share", GetShare(blocked, seizures + blocked)},
        {"sdcch_holding_seconds", holding},
        {"sdcch_occupancy", GetShare(SumCounters(counters, "cell-", "sdcch_erlang"), sdcchs)},
    };
}

} // namespace

/// A run: the world and what has happened in it so far.
struct SmsScenario::World
{
    World(const SmsScenario& made, const Progress& told, ::p2pim::RunRecord& kept)
        : scenario(made),
          progress(told),
          record(kept),
          timeLine([this](const SmsTimeLine::Line& line) { scenario.Store(*this, line); })
    {
    }

    const SmsScenario& scenario;
    const Progress& progress;
    ::p2pim::RunRecord& record;
    Ptr<CellularNetwork> network = CreateObject<CellularNetwork>();
    Ptr<SmsTraffic> traffic = CreateObject<SmsTraffic>();
    Ptr<NetworkFaults> faults = CreateObject<NetworkFaults>();
    Ptr<PhoneAvailability> availability = CreateObject<PhoneAvailability>();
    Ptr<VoiceCalls> calls = CreateObject<VoiceCalls>();
    Ptr<UniformRandomVariable> angle = CreateObject<UniformRandomVariable>();
    SmsTimeLine timeLine;
    std::vector<PlannedSms> plan;
    std::vector<Ptr<GsmMobileStation>> phones;
    std::unordered_map<uint64_t, uint32_t> messages; ///< by line's number, of open lines
    std::vector<uint8_t> openLines;                  ///< of each message, while it is under way
    std::vector<bool> retried; ///< of each message: it has had more than one attempt
    uint32_t next = 0;         ///< message to be sent next
    uint32_t ended = 0;
    int64_t firstPhoneStream = 0;
    uint64_t repeats = 0;       ///< messages that arrived once more
    uint64_t resubmitted = 0;   ///< TPDUs that did, as the phone has sent them once more
    uint64_t redelivered = 0;   ///< likewise, as the SMSC has delivered them once more
    uint64_t unexplained = 0;   ///< likewise, nobody knows why
    uint64_t statusReports = 0; ///< that have come
    uint64_t lateLines = 0;     ///< messages stored after their phone had given them up
    bool stopped = false;
};

TypeId
SmsScenario::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::SmsScenario")
            .SetParent<Scenario>()
            .SetGroupName("P2pim")
            .AddConstructor<SmsScenario>()
            .AddAttribute("Phones",
                          "Phones of the population, 2 to 1000000; phone n is in cell n modulo the "
                          "number of cells.",
                          UintegerValue(1000),
                          MakeUintegerAccessor(&SmsScenario::m_phones),
                          MakeUintegerChecker<uint32_t>(2, 1000000))
            .AddAttribute("Distance",
                          "Distance of a phone from its cell's antenna, in metres, where the radio "
                          "conditions depend on it (PropagationRadioConditions).",
                          StringValue("ns3::ConstantRandomVariable[Constant=500]"),
                          MakePointerAccessor(&SmsScenario::m_distance),
                          MakeRandomChecker(0))
            .AddAttribute("MaxDuration",
                          "When a run ends although messages are still under way.",
                          TimeValue(Hours(30 * 24)),
                          MakeTimeAccessor(&SmsScenario::m_maxDuration),
                          MakeTimeChecker(Seconds(1)))
            .AddAttribute("KeepSteps",
                          "Whether the results have the hops and the size of each message. Without "
                          "them a million messages take some 200 MB.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&SmsScenario::m_keepSteps),
                          MakeBooleanChecker());
    return tid;
}

SmsScenario::SmsScenario() = default;

SmsScenario::~SmsScenario() = default;

std::vector<SchemeInfo>
SmsScenario::GetSchemes() const
{
    return {{"sms", "short messages from phone to phone"}};
}

bool
SmsScenario::Run(const std::string& scheme, const Progress& progress, ::p2pim::RunRecord& record)
{
    // faster than the default for many pending events, and in the same order
    GlobalValue::Bind("SchedulerType", StringValue("ns3::PriorityQueueScheduler"));
    record.scheme = scheme;
    record.seed = RngSeedManager::GetRun();
    World world(*this, progress, record);
    world.network->Build();
    const auto captures = StartCaptures({world.network}, record);
    int64_t stream = 0;
    stream += world.traffic->AssignStreams(stream);
    m_distance->SetStream(stream++);
    world.angle->SetStream(stream++);
    stream += world.faults->AssignStreams(stream);
    stream += world.network->AssignStreams(stream);
    world.firstPhoneStream = stream;
    Build(world);
    Simulator::Stop(m_maxDuration);
    Simulator::Run();
    record.events = Simulator::GetEventCount();
    FinishRest(world);
    StoreCounters(world);
    Simulator::Destroy();
    world.availability->Dispose();
    world.calls->Dispose();
    world.faults->Dispose();
    world.network->Dispose();
    CloseCaptures(captures);
    return !world.stopped;
}

void
SmsScenario::Build(World& world) const
{
    AddPhones(world);
    world.timeLine.Attach(world.network->GetMsc());
    world.timeLine.Attach(world.network->GetSmsc());
    world.faults->Start(world.network);
    const auto cells = static_cast<uint32_t>(world.network->GetGsmCells().size());
    world.plan = world.traffic->Plan(m_sessions, m_phones, cells);
    world.record.sessions.resize(m_sessions);
    world.openLines.resize(m_sessions);
    world.retried.resize(m_sessions);
    Simulator::Schedule(world.plan.front().start, &SmsScenario::StartNext, &world);
}

void
SmsScenario::AddPhones(World& world) const
{
    world.phones.reserve(m_phones);
    const auto receiveData = [&world](const std::string& /* from */,
                                      const std::vector<uint8_t>& data) {
        Receive(world, ReadSmsIndex(data));
    };
    const auto receiveText = [&world](const SmsAddress& /* from */, const ShortMessage& message) {
        Receive(world, ReadSmsIndex(message.text));
    };
    const auto receiveReport = [&world](const SmsStatusReport& /* report */) {
        ++world.statusReports;
    };
    for (uint32_t n = 0; n < m_phones; ++n)
    {
        const auto node = world.network->AddPhone(n);
        PlacePhone(world, n, node);
        auto phone = node->GetObject<GsmMobileStation>();
        world.timeLine.Attach(phone);
        phone->Listen(PORT, PageModeService::ReceiveCallback(receiveData));
        phone->TraceConnectWithoutContext(
            "Message",
            Callback<void, const SmsAddress&, const ShortMessage&>(receiveText));
        phone->TraceConnectWithoutContext("StatusReport",
                                          Callback<void, const SmsStatusReport&>(receiveReport));
        world.availability->Drive(phone, world.firstPhoneStream + 2 * int64_t{n});
        world.calls->Drive(phone, world.firstPhoneStream + 2 * int64_t{n} + 1);
        world.phones.push_back(phone);
    }
}

void
SmsScenario::Receive(World& world, std::optional<uint32_t> index)
{
    if (!index || *index >= world.next)
    {
        return;
    }
    auto& session = world.record.sessions[*index];
    if (session.firstMessageNs >= 0)
    {
        ++world.repeats;
        return;
    }
    session.firstMessageNs = (Simulator::Now() - world.plan[*index].start).GetNanoSeconds();
}

void
SmsScenario::PlacePhone(const World& world, uint32_t phone, Ptr<Node> node) const
{
    const double distance = m_distance->GetValue();
    const double angle = world.angle->GetValue(0, 2 * M_PI);
    const auto& cells = world.network->GetGsmCells();
    const auto cell = cells[phone % cells.size()];
    if (!DynamicCast<PropagationRadioConditions>(cell->GetRadioConditions()))
    {
        return;
    }
    constexpr double height = 1.5;
    VectorValue antenna;
    cell->GetAttribute("Position", antenna);
    auto position = CreateObject<ConstantPositionMobilityModel>();
    position->SetPosition({antenna.Get().x + distance * std::cos(angle),
                           antenna.Get().y + distance * std::sin(angle),
                           height});
    node->AggregateObject(position);
}

void
SmsScenario::StartNext(World* world)
{
    const uint32_t index = world->next++;
    if (world->next < world->plan.size())
    {
        Simulator::Schedule(world->plan[world->next].start - Simulator::Now(),
                            &SmsScenario::StartNext,
                            world);
    }
    Send(*world, index);
}

uint32_t
SmsScenario::FindSender(const World& world, uint32_t planned)
{
    const auto count = static_cast<uint32_t>(world.phones.size());
    for (uint32_t n = 0; n < count; ++n)
    {
        const uint32_t phone = (planned + n) % count;
        if (world.phones[phone]->IsReachable())
        {
            return phone;
        }
    }
    return planned;
}

void
SmsScenario::Send(World& world, uint32_t index)
{
    const PlannedSms& planned = world.plan[index];
    const auto sender = world.phones[FindSender(world, planned.sender)];
    const uint64_t before = world.timeLine.GetLastNumber();
    const auto done = [&world, index](bool accepted, const std::string& cause) {
        auto& session = world.record.sessions[index];
        if (!accepted && !session.succeeded)
        {
            session.cause = cause;
        }
    };
    SmsOptions options;
    options.statusReport = planned.statusReport;
    if (planned.validity > 0)
    {
        options.validity = SmsValidityPeriod::Make(planned.validity);
    }
    if (sender->SubmitShortMessage(world.phones[planned.target]->GetMsisdn(),
                                   MakeMessage(index, planned),
                                   options,
                                   PageModeService::SubmitCallback(done)) != SmsCodecError::NONE)
    {
        done(false, "cannot be encoded");
    }
    for (uint64_t line = before + 1; line <= world.timeLine.GetLastNumber(); ++line)
    {
        world.messages[line] = index;
        ++world.openLines[index];
    }
    if (world.openLines[index] == 0)
    {
        world.scenario.Finish(world, index);
        CountEnded(world);
    }
}

void
SmsScenario::Store(World& world, const SmsTimeLine::Line& line) const
{
    const auto known = world.messages.find(line.number);
    if ((line.reference & Smsc::STATUS_REPORT) != 0)
    {
        return;
    }
    if (known == world.messages.end())
    {
        ++world.lateLines;
        return;
    }
    const uint32_t index = known->second;
    world.messages.erase(known);
    CountRepetitions(world, line);
    auto& session = world.record.sessions[index];
    uint32_t attempts = 0;
    for (const auto& [hop, time] : line.hops)
    {
        attempts += hop == SmsHop::ROUTING_REQUESTED ? 1 : 0;
        if (hop == SmsHop::ACCEPTED)
        {
            const Time since = time - world.plan[index].start;
            session.setupNs = std::max(session.setupNs, since.GetNanoSeconds());
        }
        if (m_keepSteps)
        {
            session.steps.push_back({GetSmsHopName(hop), time.GetNanoSeconds()});
        }
    }
    world.retried[index] = world.retried[index] || attempts > 1;
    const char* cause = FindCause(line);
    session.cause = *cause == '\0' ? session.cause : cause;
    if (--world.openLines[index] == 0)
    {
        Finish(world, index);
        if (line.complete)
        {
            CountEnded(world);
        }
    }
}

void
SmsScenario::CountRepetitions(World& world, const SmsTimeLine::Line& line)
{
    const auto count = [&line](SmsHop hop) {
        return static_cast<uint64_t>(
            std::count_if(line.hops.begin(), line.hops.end(), [hop](const auto& stamp) {
                return stamp.hop == hop;
            }));
    };
    const uint64_t received = count(SmsHop::RECEIVED);
    if (received < 2)
    {
        return;
    }
    const uint64_t repetitions = received - 1;
    // a copy that comes after the SMSC's DuplicateWindow is not known as one there
    const uint64_t copies = count(SmsHop::RESUBMITTED) > 0 ? count(SmsHop::STORED) : 1;
    const uint64_t resubmitted = std::min(repetitions, copies - std::min<uint64_t>(copies, 1));
    const uint64_t redelivered = std::min(repetitions - resubmitted, count(SmsHop::ATTEMPT_FAILED));
    world.resubmitted += resubmitted;
    world.redelivered += redelivered;
    world.unexplained += repetitions - resubmitted - redelivered;
}

void
SmsScenario::Finish(World& world, uint32_t index) const
{
    auto& session = world.record.sessions[index];
    session.index = index;
    session.bearer = world.retried[index] ? "retried" : "first";
    session.succeeded = session.firstMessageNs >= 0;
    if (session.succeeded)
    {
        session.cause.clear();
    }
    else if (session.cause.empty())
    {
        session.cause = "not complete at the target";
    }
    if (m_keepSteps)
    {
        const int64_t start = world.plan[index].start.GetNanoSeconds();
        const int64_t received = session.succeeded ? start + session.firstMessageNs : -1;
        // the segments of a long message have a line each
        std::stable_sort(session.steps.begin(),
                         session.steps.end(),
                         [](const auto& a, const auto& b) { return a.timeNs < b.timeNs; });
        session.messages.push_back({0, true, world.plan[index].length, start, received});
    }
}

void
SmsScenario::CountEnded(World& world)
{
    ++world.ended;
    world.stopped = world.progress && !world.progress(world.ended);
    if (world.stopped || world.ended == world.plan.size())
    {
        Simulator::Stop();
    }
}

void
SmsScenario::FinishRest(World& world) const
{
    world.timeLine.Flush();
    for (uint32_t index = world.next; index < world.plan.size(); ++index)
    {
        world.record.sessions[index].cause = "not sent before the run ended";
        Finish(world, index);
    }
}

void
SmsScenario::StoreCounters(World& world) const
{
    auto counters = world.network->GetCounters();
    counters.emplace_back("faults", world.faults->GetCounters());
    counters.emplace_back("voice", world.calls->GetCounters());
    counters.emplace_back(
        "messages",
        CounterList{{"arrived_again", static_cast<double>(world.repeats)},
                    {"repeated_after_resubmission", static_cast<double>(world.resubmitted)},
                    {"repeated_after_failed_attempt", static_cast<double>(world.redelivered)},
                    {"repeated_without_cause", static_cast<double>(world.unexplained)},
                    {"status_reports", static_cast<double>(world.statusReports)},
                    {"stored_after_failure", static_cast<double>(world.lateLines)},
                    {"late_hops", static_cast<double>(world.timeLine.GetStrayHops())}});
    const double channels = CountSdcchs(*world.network);
    const double sending = world.plan.back().start.GetSeconds();
    const double rate = sending > 0 ? static_cast<double>(world.plan.size()) / sending : 0;
    counters.emplace_back("derived", DeriveFigures(counters, channels, rate));
    p2pim::StoreCounters(std::move(counters), world.record);
}

} // namespace p2pim
} // namespace ns3
