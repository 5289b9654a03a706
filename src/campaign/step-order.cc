// SPDX-License-Identifier: GPL-2.0-only
#include "step-order.h"

#include <algorithm>
#include <utility>

namespace p2pim
{
namespace campaign
{

/// What sessions say of one step.
struct StepOrder::StepStatistics
{
    /// Nanoseconds since the first step, over the sessions that have this one. Kept as a long
    /// double: whole numbers up to 2^64 add up exactly, whatever the order of the runs.
    long double sumNs = 0;
    uint64_t n = 0;                        ///< how often a session passes it
    std::map<std::string, uint64_t> after; ///< by step: how often it comes after this one

    uint64_t CountBefore(const std::string& other) const
    {
        const auto found = after.find(other);
        return found == after.end() ? 0 : found->second;
    }
};

StepOrder::StepOrder()
    : m_steps(std::make_unique<Steps>())
{
}

StepOrder::~StepOrder() = default;

void
StepOrder::Add(const ::p2pim::RunRecord& run)
{
    for (const auto& session : run.sessions)
    {
        const auto& steps = session.steps;
        for (auto step = steps.begin(); step != steps.end(); ++step)
        {
            auto& entry = (*m_steps)[step->name];
            entry.sumNs += static_cast<long double>(step->timeNs - steps.front().timeNs);
            ++entry.n;
            for (auto later = step + 1; later != steps.end(); ++later)
            {
                ++entry.after[later->name];
            }
        }
    }
}

/// @return whether no step that is left comes before @p name in most sessions that have both.
bool
StepOrder::IsFree(const std::string& name, const Steps& left)
{
    const auto& own = left.at(name);
    return std::none_of(left.begin(), left.end(), [&](const auto& other) {
        return other.second.CountBefore(name) > own.CountBefore(other.first);
    });
}

std::vector<std::string>
StepOrder::Get() const
{
    Steps left = *m_steps;
    std::vector<std::pair<long double, std::string>> byTime;
    for (const auto& [name, step] : left)
    {
        byTime.emplace_back(step.sumNs / static_cast<long double>(step.n), name);
    }
    std::sort(byTime.begin(), byTime.end());
    std::vector<std::string> order;
    while (!byTime.empty())
    {
        auto next = std::find_if(byTime.begin(), byTime.end(), [&left](const auto& step) {
            return IsFree(step.second, left);
        });
        // Majorities can contradict each other in a circle: then the time decides.
        next = next == byTime.end() ? byTime.begin() : next;
        left.erase(next->second);
        order.push_back(std::move(next->second));
        byTime.erase(next);
    }
    return order;
}

std::vector<std::string>
GetStepOrder(const std::vector<const ::p2pim::RunRecord*>& runs)
{
    StepOrder order;
    for (const auto* run : runs)
    {
        order.Add(*run);
    }
    return order.Get();
}

} // namespace campaign
} // namespace p2pim
