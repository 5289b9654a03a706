// SPDX-License-Identifier: GPL-2.0-only
#include "inline-engine.h"

#include "run-attempt.h"

#include <exception>
#include <utility>

namespace p2pim
{
namespace campaign
{

InlineEngine::InlineEngine(RunMaker make)
    : m_make(std::move(make))
{
}

void
InlineEngine::Execute(const Caller& caller)
{
    while (!caller.isStopped())
    {
        const auto run = caller.next();
        if (!run)
        {
            return;
        }
        bool stopped = false;
        std::exception_ptr thrown; // by the caller: no failure of the run
        const auto progress = [&](uint32_t ended) {
            try
            {
                if (caller.progress)
                {
                    caller.progress(*run, ended);
                }
                stopped = caller.isStopped();
            }
            catch (...)
            {
                thrown = std::current_exception();
            }
            return !stopped && !thrown;
        };
        auto outcome = AttemptRun(m_make, *run, progress);
        if (thrown)
        {
            std::rethrow_exception(thrown);
        }
        if (stopped && !outcome.record)
        {
            return;
        }
        caller.done(std::move(outcome));
    }
}

} // namespace campaign
} // namespace p2pim
