// SPDX-License-Identifier: GPL-2.0-only
#include "run-series.h"

#include "user-error.h"

#include <optional>
#include <utility>

namespace p2pim::program
{

RunSeries::RunSeries(campaign::RunEngine& engine,
                     campaign::StudyBar& bar,
                     const Interruption& interruption,
                     FailureTaker fail)
    : m_engine(engine),
      m_bar(bar),
      m_interruption(interruption),
      m_fail(std::move(fail))
{
}

void
RunSeries::Make(const std::vector<campaign::RunKey>& keys, const RecordTaker& take)
{
    std::size_t next = 0;
    campaign::RunEngine::Caller caller;
    caller.next = [&]() -> std::optional<campaign::PlannedRun> {
        if (next == keys.size())
        {
            return std::nullopt;
        }
        const auto& key = keys[next];
        return campaign::PlannedRun{++next, key};
    };
    caller.done = [&](campaign::RunOutcome&& outcome) {
        auto& record = outcome.record;
        m_bar.EndRun(outcome.run.id, record.has_value(), record ? record->sessions.size() : 0);
        if (record)
        {
            take(outcome.run.id - 1, *std::move(record));
        }
        else
        {
            m_fail({std::move(outcome.run), std::move(outcome.failure)});
        }
    };
    caller.progress = [&](const campaign::PlannedRun& run, uint32_t ended) {
        m_bar.Update(run.id, ended);
    };
    caller.isStopped = [&]() { return m_interruption.IsRequested(); };
    m_engine.Execute(caller);
    if (m_interruption.IsRequested())
    {
        throw RunFailure("interrupted");
    }
}

} // namespace p2pim::program
