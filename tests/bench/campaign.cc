// SPDX-License-Identifier: GPL-2.0-only
#include "campaign.h"

#include "campaign/process-engine.h"
#include "campaign/results-store.h"
#include "process-usage.h"
#include "program/command-line.h"
#include "program/scenario-file.h"
#include "program/study.h"
#include "program/sweep.h"
#include "scenarios/chat-scenario.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/resource.h>

namespace p2pim
{
namespace bench
{

namespace
{

using Clock = std::chrono::steady_clock;

/// CPU time that this process and its workers have spent in runs, s; one process at a time adds.
double* g_secondsInRuns = nullptr;

/// A chat scenario that takes its own time.
class TimedChats : public ns3::p2pim::ChatScenario
{
  public:
    static ns3::TypeId GetTypeId()
    {
        static ns3::TypeId tid = ns3::TypeId("ns3::p2pim::TimedChats")
                                     .SetParent<ChatScenario>()
                                     .SetGroupName("P2pim")
                                     .AddConstructor<TimedChats>();
        return tid;
    }

    bool Run(const std::string& scheme, const Progress& progress, RunRecord& record) override
    {
        const double start = GetCpuSeconds();
        const bool ended = ChatScenario::Run(scheme, progress, record);
        *g_secondsInRuns += GetCpuSeconds() - start;
        return ended;
    }
};

/// @return CPU time of this process and of those of its children that have ended, s.
double
GetCpuOfAll()
{
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return GetCpuSeconds() + seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// A sweep as a user makes it, of some seeds.
class Campaign
{
  public:
    Campaign(const std::string& folder, uint32_t firstSeed, uint32_t seeds)
        : m_output(folder + "/results.sqlite"),
          m_study(ReadFile(folder), ReadArguments(firstSeed, seeds), "")
    {
    }

    /// @param workers how many. @return the wall-clock time that it takes, s.
    double Sweep(std::size_t workers)
    {
        std::ostringstream ignored;
        program::SweepOptions options;
        options.output = m_output;
        options.mode = campaign::OpenMode::FORCE;
        options.workers = workers;
        const auto start = Clock::now();
        const auto result = program::Sweep(m_study, options, ignored);
        if (result.status != campaign::Status::COMPLETE)
        {
            throw std::runtime_error("campaign: runs have failed");
        }
        return std::chrono::duration<double>(Clock::now() - start).count();
    }

  private:
    static program::ScenarioFile ReadFile(const std::string& folder)
    {
        const std::string path = folder + "/campaign.ini";
        std::ofstream(path) << "[TimedChats]\nSessions = 50\n";
        return program::ReadScenarioFile(path);
    }

    static program::Arguments ReadArguments(uint32_t firstSeed, uint32_t seeds)
    {
        program::CommandSpec spec;
        spec.operand = "FILE";
        spec.options = program::Study::GetOptions();
        return {spec,
                {"campaign.ini",
                 "--schemes=p2p",
                 "--seed=" + std::to_string(firstSeed),
                 "--repetition=" + std::to_string(seeds)}};
    }

    std::string m_output;
    program::Study m_study;
};

} // namespace

CampaignCost
MeasureCampaign(uint32_t runs)
{
    constexpr uint32_t batches = 2;
    const uint32_t batch = std::max(1U, runs / batches);
    std::string folder = (std::filesystem::temp_directory_path() / "p2pim-XXXXXX").string();
    void* shared =
        ::mmap(nullptr, sizeof(double), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED || mkdtemp(folder.data()) == nullptr)
    {
        throw std::runtime_error("no memory to share, or no temporary folder");
    }
    g_secondsInRuns = static_cast<double*>(shared);
    TimedChats::GetTypeId();
    CampaignCost cost;
    double one = 0;
    double two = 0;
    double all = 0;
    double inRuns = 0;
    for (uint32_t i = 0; i < batches; ++i)
    {
        Campaign campaign(folder, 1 + i * batch, batch);
        const double allBefore = GetCpuOfAll();
        const double inRunsBefore = *g_secondsInRuns;
        one += campaign.Sweep(1);
        all += GetCpuOfAll() - allBefore;
        inRuns += *g_secondsInRuns - inRunsBefore;
        two += campaign.Sweep(2);
        cost.runs += batch;
    }
    ::munmap(shared, sizeof(double));
    std::filesystem::remove_all(folder);
    cost.runSeconds = inRuns / cost.runs;
    cost.addedSeconds = (all - inRuns) / cost.runs;
    cost.speedUpOfTwo = one / two;
    return cost;
}

} // namespace bench
} // namespace p2pim
