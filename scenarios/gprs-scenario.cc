// SPDX-License-Identifier: GPL-2.0-only
#include "gprs-scenario.h"

#include "gprs-bulk-transfers.h"
#include "gprs-figures.h"
#include "gprs-messages.h"
#include "gprs-phones.h"
#include "gprs-ping-hosts.h"
#include "run-counters.h"

#include "ns3/attribute-checkers.h"
#include "ns3/global-value.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/network-faults.h"
#include "ns3/pointer.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(GprsScenario);

namespace
{

/// Random streams of the short messages to each phone, behind those of all else.
constexpr int64_t FIRST_MESSAGE_STREAM = 1'000'000'000;

/// Payload of the ping that brings a phone into a state.
constexpr uint32_t PREPARATION_OCTETS = 32;
/// First random stream of the network's faults.
constexpr int64_t FAULT_STREAMS = 2'000'000'000;
/// Bit of the numbers of those pings, whose other bits are the phone's place.
constexpr uint32_t PREPARATION = 1U << 31;

const char*
GetStepName(bool uplink, GprsTransferEvent event)
{
    switch (event)
    {
    case GprsTransferEvent::PAGED:
        return "paged";
    case GprsTransferEvent::QUEUED:
        return uplink ? "uplink_queued" : "downlink_queued";
    case GprsTransferEvent::REQUESTED:
        return uplink ? "uplink_requested" : "downlink_requested";
    case GprsTransferEvent::OPENED:
        return uplink ? "uplink_open" : "downlink_open";
    default:
        return uplink ? "uplink_delivered" : "downlink_delivered";
    }
}

} // namespace

/// A run: the network, its users, and what has happened so far.
class GprsScenario::World
{
  public:
    World(const GprsScenario& scenario, const Progress& progress, ::p2pim::RunRecord& record);

    void Run();

    /// @return bit/s that the users would ask for if they had it at once; 0 if they ping.
    double GetOffered() const;

    /// Whether the run was stopped.
    bool stopped = false;
    Ptr<CellularNetwork> network = CreateObject<CellularNetwork>();
    Ptr<NetworkFaults> faults = CreateObject<NetworkFaults>();
    GprsPhones phones;
    Ptr<GprsMessages> messages = CreateObject<GprsMessages>();

  private:
    /// A phone and the session that it is in.
    struct User
    {
        uint32_t place = 0; ///< among the users
        Ptr<Node> phone;
        Ptr<GprsMobileStation> station;
        uint32_t session = 0;   ///< the one that is next, or under way
        bool underWay = false;  ///< its clock runs
        bool preparing = false; ///< its phone is being brought into its state
        bool tellRadio = false; ///< its steps have what its TBFs do
        EventId deadline;
    };

    void AddPhone(User& user);
    void Plan(User& user);
    void Prepare(User* user);
    void Prepared(User& user);
    void Begin(User* user);
    void BringUp(User& user);
    void Attached(User* user, uint32_t session);
    void BearerDone(User* user, uint32_t session, bool up, const std::string& cause);
    void BearerLost(User* user, uint64_t imsi, const std::string& cause);
    void HearSuspension(User* user, uint64_t imsi, bool suspended);
    void Broken(User* user, uint32_t session, const std::string& cause);
    void StartExchange(User& user);
    void HearPing(uint32_t number, bool echo);
    void HearTransfer(uint32_t number, GprsBulkTransfers::Event event);
    void HearRadio(uint64_t imsi, bool uplink, GprsTransferEvent event, Time when);
    void PassStep(const User& user, const char* name, Time when);
    void PassStep(const User& user, const char* name);
    void DeadlineOver(User* user);
    void End(User& user, const std::string& cause);

    /// @return the user whose session is under way under a number; null if it is over.
    User* Find(uint32_t session);
    const PlannedGprsSession& GetPlan(const User& user) const;
    ::p2pim::SessionRecord& GetRecord(const User& user);

    /// @return time since the beginning of a session.
    int64_t GetSinceStart(const User& user) const;

    const GprsScenario& m_scenario;
    const Progress& m_progress;
    ::p2pim::RunRecord& m_record;
    Ptr<GprsTraffic> m_traffic = CreateObject<GprsTraffic>();
    std::vector<PlannedGprsSession> m_plan;
    std::vector<User> m_users;
    std::vector<int64_t> m_starts;                   ///< of each session, ns; -1 before
    std::unordered_map<uint64_t, uint32_t> m_places; ///< users by the IMSIs of their phones
    std::unique_ptr<GprsPingHosts> m_pings;
    std::unique_ptr<GprsBulkTransfers> m_transfers;
    uint32_t m_ended = 0;
};

GprsScenario::World::World(const GprsScenario& scenario,
                           const Progress& progress,
                           ::p2pim::RunRecord& record)
    : phones(network, scenario.m_speed),
      m_scenario(scenario),
      m_progress(progress),
      m_record(record)
{
}

void
GprsScenario::World::Run()
{
    network->AssignStreams(m_traffic->AssignStreams(0));
    faults->AssignStreams(FAULT_STREAMS);
    faults->Start(network);
    phones.Start();
    m_plan = m_traffic->Plan(m_scenario.m_sessions, m_scenario.GetKind());
    const auto count = static_cast<uint32_t>(m_plan.size());
    m_record.sessions.resize(count);
    m_starts.assign(count, -1);
    m_pings = std::make_unique<GprsPingHosts>(
        [this](uint32_t number, bool echo) { HearPing(number, echo); });
    m_pings->Listen(network->GetServer());
    m_transfers = std::make_unique<GprsBulkTransfers>(
        network->GetServer(),
        network->GetServerAddress(),
        [this](uint32_t number, GprsBulkTransfers::Event event) { HearTransfer(number, event); });
    for (const auto& cell : network->GetGprsCells())
    {
        cell->TraceConnectWithoutContext("Transfer", MakeCallback(&World::HearRadio, this));
    }
    m_users.resize(std::min(m_scenario.m_phones, count));
    for (User& user : m_users)
    {
        user.place = static_cast<uint32_t>(&user - m_users.data());
        user.session = user.place;
        AddPhone(user);
        messages->Drive(*network, user.place, user.phone, FIRST_MESSAGE_STREAM + user.place);
        Plan(user);
    }
    Simulator::Run();
    m_record.events = Simulator::GetEventCount();
}

double
GprsScenario::World::GetOffered() const
{
    double octets = 0;
    Time pauses;
    for (const auto& session : m_plan)
    {
        octets += session.octets;
        pauses += session.pause;
    }
    const bool transfers = m_scenario.GetKind() == GprsTraffic::Kind::TRANSFER;
    return transfers && pauses.IsStrictlyPositive()
               ? 8 * octets * static_cast<double>(m_users.size()) / pauses.GetSeconds()
               : 0;
}

void
GprsScenario::World::AddPhone(User& user)
{
    user.phone = phones.Add(user.place);
    user.station = user.phone->GetObject<GprsMobileStation>();
    m_places[user.station->GetImsi()] = user.place;
    const uint64_t imsi = user.station->GetImsi();
    user.station->TraceConnectWithoutContext(
        "BearerLost",
        MakeCallback(&World::BearerLost, this).Bind(&user, imsi));
    user.station->TraceConnectWithoutContext(
        "Suspension",
        MakeCallback(&World::HearSuspension, this).Bind(&user, imsi));
}

const PlannedGprsSession&
GprsScenario::World::GetPlan(const User& user) const
{
    return m_plan[user.session];
}

::p2pim::SessionRecord&
GprsScenario::World::GetRecord(const User& user)
{
    return m_record.sessions[user.session];
}

int64_t
GprsScenario::World::GetSinceStart(const User& user) const
{
    return Simulator::Now().GetNanoSeconds() - m_starts[user.session];
}

GprsScenario::World::User*
GprsScenario::World::Find(uint32_t session)
{
    User& user = m_users[session % m_users.size()];
    return user.underWay && user.session == session ? &user : nullptr;
}

/// The user's next session is due after its pause.
void
GprsScenario::World::Plan(User& user)
{
    Simulator::ScheduleWithContext(user.phone->GetId(),
                                   GetPlan(user).pause,
                                   &World::Prepare,
                                   this,
                                   &user);
}

void
GprsScenario::World::Prepare(User* user)
{
    const GprsPhoneState state = GetPlan(*user).state;
    if (state == GprsPhoneState::DETACHED &&
        user->station->GetState() != GprsMobileStation::State::DETACHED)
    {
        m_places.erase(user->station->GetImsi());
        AddPhone(*user);
    }
    user->deadline = Simulator::Schedule(m_scenario.m_deadline, &World::DeadlineOver, this, user);
    const bool needsPing = state == GprsPhoneState::TBF_OPEN || state == GprsPhoneState::READY ||
                           state == GprsPhoneState::STANDBY;
    if (needsPing)
    {
        user->preparing = true;
        BringUp(*user);
    }
    else
    {
        Begin(user);
    }
}

/// The phone has had the echo of its preparing ping.
void
GprsScenario::World::Prepared(User& user)
{
    user.preparing = false;
    user.deadline.Cancel();
    Simulator::Schedule(GetPlan(user).idle, &World::Begin, this, &user);
}

void
GprsScenario::World::Begin(User* user)
{
    user->underWay = true;
    user->tellRadio = true;
    m_starts[user->session] = Simulator::Now().GetNanoSeconds();
    user->deadline.Cancel();
    user->deadline = Simulator::Schedule(m_scenario.m_deadline, &World::DeadlineOver, this, user);
    PassStep(*user, "started");
    if (user->station->IsSuspended())
    {
        PassStep(*user, GPRS_SUSPENDED_STEP);
    }
    if (m_record.scheme == GprsPingScenario::PUSH && !user->station->IsUp())
    {
        End(*user, "the phone has no address");
        return;
    }
    BringUp(*user);
}

void
GprsScenario::World::BringUp(User& user)
{
    user.station->BringUp(MakeCallback(&World::Attached, this).Bind(&user, user.session),
                          MakeCallback(&World::BearerDone, this).Bind(&user, user.session));
}

void
GprsScenario::World::Attached(User* user, uint32_t session)
{
    if (user == Find(session) && GetSinceStart(*user) > 0)
    {
        PassStep(*user, "attached");
    }
}

void
GprsScenario::World::BearerDone(User* user, uint32_t session, bool up, const std::string& cause)
{
    if (user->session != session || !(user->underWay || user->preparing))
    {
        return;
    }
    if (!up)
    {
        End(*user, cause);
        return;
    }
    m_pings->Listen(user->phone);
    if (user->preparing)
    {
        m_pings->Send(user->phone,
                      network->GetServerAddress(),
                      PREPARATION | user->place,
                      PREPARATION_OCTETS);
        return;
    }
    if (GetSinceStart(*user) > 0)
    {
        PassStep(*user, "context_active");
    }
    StartExchange(*user);
}

/// Its address is gone, and what was under way with it; told while the station is still at it.
void
GprsScenario::World::BearerLost(User* user, uint64_t imsi, const std::string& cause)
{
    const bool its = imsi == user->station->GetImsi(); // not of a phone that it had before
    if (its && (user->underWay || user->preparing))
    {
        Simulator::ScheduleNow(&World::Broken, this, user, user->session, cause);
    }
}

/// The phone is on a dedicated channel, and what is under way stands still.
void
GprsScenario::World::HearSuspension(User* user, uint64_t imsi, bool suspended)
{
    if (imsi == user->station->GetImsi() && user->underWay)
    {
        PassStep(*user, suspended ? GPRS_SUSPENDED_STEP : GPRS_RESUMED_STEP);
    }
}

void
GprsScenario::World::Broken(User* user, uint32_t session, const std::string& cause)
{
    if (user->session == session && (user->underWay || user->preparing))
    {
        End(*user, cause);
    }
}

void
GprsScenario::World::StartExchange(User& user)
{
    auto& record = GetRecord(user);
    const uint32_t octets = GetPlan(user).octets;
    if (m_scenario.GetKind() == GprsTraffic::Kind::TRANSFER)
    {
        PassStep(user, "syn_sent");
        m_transfers->Start(user.phone,
                           user.session,
                           octets,
                           m_record.scheme == GprsTransferScenario::UPLOAD);
        return;
    }
    record.setupNs = GetSinceStart(user);
    const bool push = m_record.scheme == GprsPingScenario::PUSH;
    record.messages.push_back({0, !push, octets, Simulator::Now().GetNanoSeconds(), -1});
    PassStep(user, "sent");
    m_pings->Send(push ? network->GetServer() : user.phone,
                  push ? user.station->GetAddress() : network->GetServerAddress(),
                  user.session,
                  octets);
}

void
GprsScenario::World::HearPing(uint32_t number, bool echo)
{
    if ((number & PREPARATION) != 0)
    {
        User& user = m_users[number & ~PREPARATION];
        if (echo && user.preparing)
        {
            Prepared(user);
        }
        return;
    }
    User* user = Find(number);
    if (!user)
    {
        return;
    }
    auto& messages = GetRecord(*user).messages;
    const int64_t now = Simulator::Now().GetNanoSeconds();
    if (echo)
    {
        messages.back().receivedNs = now;
        PassStep(*user, "echo_received");
        End(*user, "");
        return;
    }
    messages.front().receivedNs = now;
    messages.push_back({1, !messages.front().fromInitiator, messages.front().octets, now, -1});
    PassStep(*user, "received");
}

void
GprsScenario::World::HearTransfer(uint32_t number, GprsBulkTransfers::Event event)
{
    using Event = GprsBulkTransfers::Event;
    User* user = Find(number);
    if (!user)
    {
        return;
    }
    auto& record = GetRecord(*user);
    const int64_t now = Simulator::Now().GetNanoSeconds();
    switch (event)
    {
    case Event::CONNECTED:
        record.setupNs = GetSinceStart(*user);
        record.messages.push_back(
            {0, m_record.scheme == GprsTransferScenario::UPLOAD, GetPlan(*user).octets, now, -1});
        PassStep(*user, "connected");
        break;
    case Event::FIRST_DATA:
        PassStep(*user, "first_data");
        user->tellRadio = false;
        break;
    case Event::COMPLETE:
        record.messages.front().receivedNs = now;
        PassStep(*user, "complete");
        End(*user, "");
        break;
    case Event::REFUSED:
        End(*user, "connection refused");
        break;
    case Event::UNANSWERED:
        End(*user, "no answer to the connection request");
        break;
    case Event::BROKEN:
        End(*user, "connection lost");
        break;
    }
}

void
GprsScenario::World::HearRadio(uint64_t imsi, bool uplink, GprsTransferEvent event, Time when)
{
    const auto found = m_places.find(imsi);
    if (found == m_places.end())
    {
        return;
    }
    const User& user = m_users[found->second];
    if (user.underWay && user.tellRadio)
    {
        PassStep(user, GetStepName(uplink, event), when);
    }
}

void
GprsScenario::World::PassStep(const User& user, const char* name, Time when)
{
    GetRecord(user).steps.push_back({name, when.GetNanoSeconds()});
}

void
GprsScenario::World::PassStep(const User& user, const char* name)
{
    PassStep(user, name, Simulator::Now());
}

void
GprsScenario::World::DeadlineOver(User* user)
{
    End(*user, user->preparing ? "its phone did not get into its state" : "deadline over");
}

void
GprsScenario::World::End(User& user, const std::string& cause)
{
    user.deadline.Cancel();
    auto& record = GetRecord(user);
    record.index = user.session;
    record.bearer = GetGprsPhoneStateName(GetPlan(user).state);
    record.succeeded = cause.empty();
    record.cause = cause;
    record.firstMessageNs = record.succeeded ? GetSinceStart(user) : -1;
    std::stable_sort(record.steps.begin(), record.steps.end(), [](const auto& a, const auto& b) {
        return a.timeNs < b.timeNs;
    });
    user.underWay = false;
    user.preparing = false;
    m_transfers->Abandon(user.session);
    ++m_ended;
    stopped = m_progress && !m_progress(m_ended);
    if (stopped || m_ended == m_plan.size())
    {
        Simulator::Stop();
        return;
    }
    user.session += static_cast<uint32_t>(m_users.size());
    if (user.session < m_plan.size())
    {
        Plan(user);
    }
}

TypeId
GprsScenario::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::GprsScenario")
            .SetParent<Scenario>()
            .SetGroupName("P2pim")
            .AddAttribute("Phones",
                          "Phones, 1 to 1000000; phone n is in cell n modulo the number of cells, "
                          "and takes session n, n + Phones and so on.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&GprsScenario::m_phones),
                          MakeUintegerChecker<uint32_t>(1, 1000000))
            .AddAttribute("Deadline",
                          "How long after its beginning a session is given up.",
                          TimeValue(Minutes(30)),
                          MakeTimeAccessor(&GprsScenario::m_deadline),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("Speed",
                          "Speed of a phone, m/s; each draws one for itself. It drives up and down "
                          "the row of cells if there is a CellularNetwork.CellSpacing. 0: it "
                          "stands.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0]"),
                          MakePointerAccessor(&GprsScenario::m_speed),
                          MakeRandomChecker(0, 100));
    return tid;
}

GprsScenario::GprsScenario() = default;

GprsScenario::~GprsScenario() = default;

bool
GprsScenario::Run(const std::string& scheme, const Progress& progress, ::p2pim::RunRecord& record)
{
    // faster than the default for many pending events, and in the same order
    GlobalValue::Bind("SchedulerType", StringValue("ns3::PriorityQueueScheduler"));
    record.scheme = scheme;
    record.seed = RngSeedManager::GetRun();
    bool stopped = false;
    Captures captures;
    {
        World world(*this, progress, record);
        world.network->Build();
        captures = StartCaptures({world.network}, record);
        world.Run();
        stopped = world.stopped;
        StoreGprsCounters(*world.network,
                          world.phones.GetReselections(),
                          world.GetOffered(),
                          record);
        StoreCounters(
            {{"faults", world.faults->GetCounters()}, {"messages", world.messages->GetCounters()}},
            record);
        world.phones.Dispose();
        world.faults->Dispose();
        Simulator::Destroy();
        world.network->Dispose();
    }
    CloseCaptures(captures);
    return !stopped;
}

} // namespace p2pim
} // namespace ns3
