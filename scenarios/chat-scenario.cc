// SPDX-License-Identifier: GPL-2.0-only
#include "chat-scenario.h"

#include "ns3/attribute-checkers.h"
#include "ns3/double.h"
#include "ns3/global-value.h"
#include "ns3/gsm-radio-conditions.h"
#include "ns3/operator-defaults.h"
#include "ns3/pointer.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(ChatScenario);

namespace
{

// how long before its session a warm phone goes online, in seconds
constexpr double MIN_LEAD = 60;
constexpr double MAX_LEAD = 120;

std::string
ToText(const InetSocketAddress& end)
{
    std::ostringstream text;
    text << end.GetIpv4() << ':' << end.GetPort();
    return text.str();
}

} // namespace

/// A run: the world and what has happened in it so far.
struct ChatScenario::World
{
    World(const std::string& scheme, uint32_t count)
        : operators(count),
          im(scheme, operators.GetNetworks().front())
    {
    }

    /// The two users of a session.
    struct Pair
    {
        Ptr<ImClient> initiator;
        Ptr<ImClient> target;
        Ptr<Conversation> conversation;
    };

    Operators operators;
    ImHelper im;
    TraversalDiagnosis diagnosis;
    std::vector<SessionPlan> plans;
    std::vector<Pair> pairs;
    uint32_t phones = 0; ///< so far
    uint32_t ended = 0;
    bool stopped = false;
    const Progress* progress = nullptr;
    ::p2pim::RunRecord* record = nullptr;
};

TypeId
ChatScenario::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::ChatScenario")
            .SetParent<Scenario>()
            .SetGroupName("P2pim")
            .AddConstructor<ChatScenario>()
            .AddAttribute("ArrivalInterval",
                          "Time between two presses of the button in the whole network, in "
                          "seconds.",
                          StringValue("ns3::ExponentialRandomVariable[Mean=5]"),
                          MakePointerAccessor(&ChatScenario::m_arrivalInterval),
                          MakeRandomChecker(0))
            .AddAttribute("WarmShare",
                          "Share of the sessions, 0 to 1, whose phones have a bearer when the "
                          "button is pressed.",
                          DoubleValue(0.5),
                          MakeDoubleAccessor(&ChatScenario::m_warmShare),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("Messages",
                          "Messages of a session, 1 to 1000; the users take turns.",
                          UintegerValue(10),
                          MakeUintegerAccessor(&ChatScenario::m_messages),
                          MakeUintegerChecker<uint32_t>(1, 1000))
            .AddAttribute("Pause",
                          "Time from a message's arrival to the answer being sent, in seconds: "
                          "reading, thinking and typing. The first message is typed before the "
                          "button is pressed.",
                          StringValue("ns3::ExponentialRandomVariable[Mean=5|Bound=30]"),
                          MakePointerAccessor(&ChatScenario::m_pause),
                          MakeRandomChecker(0))
            .AddAttribute("Length",
                          "Length of a message's text, in octets; cut to 1 to 1000.",
                          StringValue("ns3::UniformRandomVariable[Min=10|Max=100]"),
                          MakePointerAccessor(&ChatScenario::m_length),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("SessionTimeout",
                          "How long after the press the users give up a session that is not over.",
                          TimeValue(Seconds(900)),
                          MakeTimeAccessor(&ChatScenario::m_sessionTimeout),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("Operators",
                          "How many operators there are, 1 to 8. Each has the settings of the "
                          "classes of its network, or its own: [Operator2.Ggsn].",
                          UintegerValue(1),
                          MakeUintegerAccessor(&ChatScenario::m_operators),
                          MakeUintegerChecker<uint32_t>(1, OperatorDefaults::MAX_OPERATORS))
            .AddAttribute("OtherOperatorShare",
                          "Share of the sessions, 0 to 1, whose target has another operator than "
                          "the initiator, if there are several.",
                          DoubleValue(0.5),
                          MakeDoubleAccessor(&ChatScenario::m_otherOperatorShare),
                          MakeDoubleChecker<double>(0, 1));
    return tid;
}

ChatScenario::ChatScenario()
    : m_warm(CreateObject<UniformRandomVariable>()),
      m_leads(CreateObject<UniformRandomVariable>()),
      m_cells(CreateObject<UniformRandomVariable>()),
      m_networks(CreateObject<UniformRandomVariable>()),
      m_accesses(CreateObject<UniformRandomVariable>())
{
}

ChatScenario::~ChatScenario() = default;

std::vector<SchemeInfo>
ChatScenario::GetSchemes() const
{
    std::vector<SchemeInfo> schemes;
    for (const auto& scheme : ImHelper::GetSchemes())
    {
        schemes.push_back({scheme.name, scheme.summary});
    }
    return schemes;
}

uint32_t
ChatScenario::GetOperators() const
{
    return m_operators;
}

int64_t
ChatScenario::AssignStreams(int64_t first)
{
    m_networks->SetStream(GetOptionalStreams(first));
    m_accesses->SetStream(GetOptionalStreams(first) + 1);
    const std::initializer_list<Ptr<RandomVariableStream>> all{m_arrivalInterval,
                                                               m_pause,
                                                               m_length,
                                                               m_warm,
                                                               m_leads,
                                                               m_cells};
    for (const auto& each : all)
    {
        each->SetStream(first++);
    }
    return static_cast<int64_t>(all.size());
}

std::vector<ChatScenario::SessionPlan>
ChatScenario::Plan(const Operators& operators)
{
    std::vector<SessionPlan> plans;
    plans.reserve(m_sessions);
    auto start = Seconds(MAX_LEAD);
    for (uint32_t n = 0; n < m_sessions; ++n)
    {
        start += Seconds(std::max(0.0, m_arrivalInterval->GetValue()));
        plans.push_back(PlanSession(start));
        ChoosePhones(n, operators, plans.back());
    }
    return plans;
}

ChatScenario::SessionPlan
ChatScenario::PlanSession(Time start)
{
    SessionPlan plan;
    plan.start = start;
    plan.warm = m_warm->GetValue() < m_warmShare;
    plan.initiatorLead = Seconds(m_leads->GetValue(MIN_LEAD, MAX_LEAD));
    plan.targetLead = Seconds(m_leads->GetValue(MIN_LEAD, MAX_LEAD));
    plan.initiatorCell = m_cells->GetInteger(0, UINT16_MAX);
    plan.targetCell = m_cells->GetInteger(0, UINT16_MAX);
    plan.conversation.timeout = m_sessionTimeout;
    for (uint32_t n = 0; n < m_messages; ++n)
    {
        PlannedMessage message;
        message.fromInitiator = n % 2 == 0;
        const auto pause = Seconds(std::max(0.0, m_pause->GetValue()));
        message.pause = n == 0 ? Time() : pause;
        message.octets = static_cast<uint32_t>(std::clamp(m_length->GetValue(), 1.0, 1000.0));
        plan.conversation.messages.push_back(message);
    }
    return plan;
}

std::string
ChatScenario::GetImScheme(const std::string& scheme) const
{
    return scheme;
}

void
ChatScenario::ChoosePhones(uint32_t, const Operators& operators, SessionPlan& plan)
{
    ChooseOperators(plan);
    plan.initiatorAccess = DrawAccess(operators, plan.initiatorOperator);
    plan.targetAccess = DrawAccess(operators, plan.targetOperator);
}

std::size_t
ChatScenario::DrawAccess(const Operators& operators, uint32_t number)
{
    const auto& kinds = operators.GetNetworks()[number]->GetAccessKinds();
    double left = m_accesses->GetValue();
    std::size_t kind = 0;
    while (kind + 1 < kinds.size() && left >= kinds[kind].share)
    {
        left -= kinds[kind++].share;
    }
    return kind;
}

void
ChatScenario::ChooseOperators(SessionPlan& plan)
{
    if (m_operators == 1)
    {
        return;
    }
    // all are drawn always: whatever the share is, the initiators are the same
    plan.initiatorOperator = m_networks->GetInteger(0, m_operators - 1);
    const uint32_t away = m_networks->GetInteger(1, m_operators - 1);
    const bool toOther = m_networks->GetValue() < m_otherOperatorShare;
    plan.targetOperator = (plan.initiatorOperator + (toOther ? away : 0)) % m_operators;
}

bool
ChatScenario::Run(const std::string& scheme, const Progress& progress, ::p2pim::RunRecord& record)
{
    // faster than the default for many pending events, and in the same order
    GlobalValue::Bind("SchedulerType", StringValue("ns3::PriorityQueueScheduler"));
    World run(GetImScheme(scheme), m_operators);
    run.progress = &progress;
    run.record = &record;
    int64_t stream = AssignStreams(0);
    stream += run.im.AssignStreams(stream);
    run.operators.AssignStreams(stream);

    record.scheme = scheme;
    record.seed = RngSeedManager::GetRun();
    const auto captures = StartCaptures(run.operators.GetNetworks(), record);
    Build(run);
    run.operators.StartFaults();
    Simulator::Run();
    record.events = Simulator::GetEventCount();
    auto counters = run.operators.GetCounters();
    for (auto& each : run.im.GetCounters())
    {
        counters.push_back(std::move(each));
    }
    for (const auto& [element, list] : counters)
    {
        for (const auto& [name, value] : list)
        {
            record.counters.push_back({element, name, value});
        }
    }
    Simulator::Destroy();
    CloseCaptures(captures);
    return !run.stopped;
}

void
ChatScenario::Build(World& run)
{
    run.plans = Plan(run.operators);
    run.pairs.resize(run.plans.size());
    run.record->sessions.resize(run.plans.size());
    for (uint32_t n = 0; n < run.plans.size(); ++n)
    {
        AddSession(run, n);
    }
    for (const auto& network : run.operators.GetNetworks())
    {
        for (const auto& gateway : network->GetNatGateways())
        {
            run.diagnosis.Watch(gateway);
        }
        if (run.im.GetScheme().client == "PeerToPeerClient")
        {
            run.diagnosis.Watch(network->GetSmsc());
        }
    }
}

Ptr<Node>
ChatScenario::AddPhone(World& run, uint32_t number, uint32_t cell, std::size_t access)
{
    const auto& network = run.operators.GetNetworks()[number];
    auto phone = network->AddPhone(cell);
    if (!network->GetAccessKinds().empty())
    {
        network->SetAccess(phone, access, run.phones); // a home of its own
    }
    ++run.phones;
    return phone;
}

void
ChatScenario::AddSession(World& run, uint32_t index)
{
    const auto& plan = run.plans[index];
    auto& pair = run.pairs[index];
    auto initiatorPhone =
        AddPhone(run, plan.initiatorOperator, plan.initiatorCell, plan.initiatorAccess);
    auto targetPhone = AddPhone(run, plan.targetOperator, plan.targetCell, plan.targetAccess);
    pair.initiator = run.im.Install(initiatorPhone);
    pair.target = run.im.Install(targetPhone);
    if (plan.warm)
    {
        Simulator::ScheduleWithContext(initiatorPhone->GetId(),
                                       plan.start - plan.initiatorLead,
                                       &ImClient::GoOnline,
                                       pair.initiator);
    }
    if (plan.warm || run.im.GetScheme().hasServer)
    {
        Simulator::ScheduleWithContext(targetPhone->GetId(),
                                       plan.start - plan.targetLead,
                                       &ImClient::GoOnline,
                                       pair.target);
    }
    Simulator::ScheduleWithContext(initiatorPhone->GetId(),
                                   plan.start,
                                   &ChatScenario::Start,
                                   this,
                                   &run,
                                   index);
}

void
ChatScenario::Start(World* run, uint32_t index)
{
    auto& pair = run->pairs[index];
    auto ended = MakeCallback(&ChatScenario::Ended, this).Bind(run, index);
    pair.conversation =
        Create<Conversation>(pair.initiator, pair.target, run->plans[index].conversation, ended);
    run->diagnosis.Begin(index, pair.initiator, pair.target);
    pair.conversation->Start();
}

void
ChatScenario::Ended(World* run, uint32_t index, Ptr<Conversation> conversation)
{
    auto& record = run->record->sessions[index];
    record.index = index;
    const SessionPlan& plan = run->plans[index];
    record.bearer = std::string(plan.warm ? "warm" : "cold") +
                    (plan.initiatorOperator == plan.targetOperator ? "" : "-other");
    const auto getAccess = [run](uint32_t number, std::size_t kind) {
        const auto& kinds = run->operators.GetNetworks()[number]->GetAccessKinds();
        return kinds.empty() ? std::string() : kinds[kind].name;
    };
    record.initiatorAccess = getAccess(plan.initiatorOperator, plan.initiatorAccess);
    record.targetAccess = getAccess(plan.targetOperator, plan.targetAccess);
    Store(*conversation, record);
    Store(run->diagnosis.End(index, *conversation), record);
    ++run->ended;
    run->stopped = *run->progress && !(*run->progress)(run->ended);
    if (run->stopped || run->ended == run->plans.size())
    {
        Simulator::Stop();
    }
}

void
ChatScenario::Store(const Conversation& conversation, ::p2pim::SessionRecord& record)
{
    record.succeeded = conversation.HasSucceeded();
    record.cause = conversation.GetCause();
    const auto& steps = conversation.GetSteps();
    const auto pressed = conversation.GetStepTime(SessionStep::PRESSED).GetNanoSeconds();
    const auto sincePress = [&](SessionStep step) {
        const auto time = conversation.GetStepTime(step).GetNanoSeconds();
        return time < 0 ? int64_t{-1} : time - pressed;
    };
    record.setupNs = sincePress(SessionStep::READY);
    record.firstMessageNs = sincePress(SessionStep::FIRST_RECEIVED);
    for (const auto& [step, time] : steps)
    {
        record.steps.push_back({GetStepName(step), time.GetNanoSeconds()});
    }
    const auto& messages = conversation.GetPlan().messages;
    const auto& times = conversation.GetMessageTimes();
    for (uint32_t n = 0; n < messages.size() && !times[n].sent.IsStrictlyNegative(); ++n)
    {
        record.messages.push_back({n,
                                   messages[n].fromInitiator,
                                   messages[n].octets,
                                   times[n].sent.GetNanoSeconds(),
                                   times[n].received.GetNanoSeconds()});
    }
}

void
ChatScenario::Store(const TraversalDiagnosis::Findings& findings, ::p2pim::SessionRecord& record)
{
    record.diagnosis = findings.diagnosis;
    for (const auto& attempt : findings.attempts)
    {
        record.attempts.push_back({attempt.fromInitiator,
                                   GetCandidateName(attempt.told.candidate),
                                   ToText(attempt.told.local),
                                   ToText(attempt.told.remote),
                                   attempt.told.tries,
                                   attempt.start.GetNanoSeconds(),
                                   attempt.end.GetNanoSeconds(),
                                   attempt.outcome});
    }
}

} // namespace p2pim
} // namespace ns3
