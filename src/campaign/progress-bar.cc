// SPDX-License-Identifier: GPL-2.0-only
#include "progress-bar.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

namespace p2pim
{
namespace campaign
{

ProgressBar::ProgressBar(std::ostream& out,
                         bool isTerminal,
                         uint64_t runs,
                         uint64_t sessionsPerRun,
                         StatusClock clock)
    : m_line(out, isTerminal, std::move(clock)),
      m_runs(runs),
      m_sessionsPerRun(sessionsPerRun)
{
}

void
ProgressBar::BeginRun(const std::string& label)
{
    ++m_runsBegun;
    m_label = label;
    Update(0);
}

void
ProgressBar::Update(uint64_t ended)
{
    if (!m_line.IsDue())
    {
        return;
    }
    const uint64_t runsEnded = m_runsBegun > 0 ? m_runsBegun - 1 : 0;
    const uint64_t total = m_runs * m_sessionsPerRun;
    const uint64_t done = std::min(runsEnded * m_sessionsPerRun + ended, total);
    const double seconds = m_line.GetSeconds();
    const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    std::ostringstream text;
    text << FormatBar(static_cast<double>(done), static_cast<double>(total)) << " " << done << "/"
         << total << " sessions";
    if (rate > 0)
    {
        text << ", " << std::llround(rate) << "/s, "
             << FormatDuration(static_cast<double>(total - done) / rate) << " left";
    }
    text << ", run " << m_runsBegun << "/" << m_runs << ": " << m_label;
    m_line.Draw(text.str());
}

void
ProgressBar::Finish()
{
    m_line.Finish();
}

} // namespace campaign
} // namespace p2pim
