// SPDX-License-Identifier: GPL-2.0-only
#include "study-bar.h"

#include <algorithm>
#include <iomanip>
#include <sstream>
#include <utility>

namespace p2pim
{
namespace campaign
{

namespace
{

/// Where there is no terminal: seconds between two lines, at least.
constexpr double g_lineInterval = 10;

/// Likewise, as a share of the time that has passed: long studies do not fill a log.
constexpr double g_lineShare = 0.05;

} // namespace

StudyBar::StudyBar(std::ostream& out, bool isTerminal, uint64_t runs, StatusClock clock)
    : m_out(out),
      m_isTerminal(isTerminal),
      m_line(out, isTerminal, std::move(clock)),
      m_runs(runs),
      m_lastLine(m_line.GetTime())
{
    if (m_isTerminal)
    {
        Show();
    }
    else
    {
        m_out << Describe() << std::endl;
    }
}

StudyBar::~StudyBar()
{
    Finish();
}

void
StudyBar::Expect(uint64_t runs)
{
    m_runs += runs;
    Show();
}

void
StudyBar::Update(uint64_t run, uint64_t ended)
{
    m_underWay[run] = ended;
    Show();
}

void
StudyBar::EndRun(uint64_t run, bool succeeded, uint64_t sessions)
{
    m_underWay.erase(run);
    ++m_ended;
    m_failed += succeeded ? 0 : 1;
    m_sessions += sessions;
    Show();
}

void
StudyBar::Finish()
{
    if (!m_isFinished && !m_isTerminal)
    {
        m_out << Describe() << ", in " << FormatDuration(m_line.GetSeconds()) << std::endl;
    }
    m_isFinished = true;
    m_line.Finish();
}

void
StudyBar::Show()
{
    if (m_isFinished)
    {
        return;
    }
    if (m_isTerminal)
    {
        if (m_line.IsDue())
        {
            m_line.Draw(FormatBar(static_cast<double>(m_ended), static_cast<double>(m_runs)) + " " +
                        Describe() + DescribeTimeLeft());
        }
        return;
    }
    const auto now = m_line.GetTime();
    const double waited = std::chrono::duration<double>(now - m_lastLine).count();
    const uint64_t tenths = m_runs > 0 ? 10 * m_ended / m_runs : 0;
    const bool isDue = waited >= std::max(g_lineInterval, g_lineShare * m_line.GetSeconds());
    if (m_ended < m_runs && (isDue || tenths > m_tenths))
    {
        m_lastLine = now;
        m_tenths = tenths;
        m_out << Describe() << DescribeTimeLeft() << std::endl;
    }
}

std::string
StudyBar::Describe() const
{
    std::ostringstream text;
    text << m_ended << "/" << m_runs << " runs";
    if (m_failed > 0)
    {
        text << ", " << m_failed << " failed";
    }
    uint64_t sessions = m_sessions;
    for (const auto& [run, ended] : m_underWay)
    {
        sessions += ended;
    }
    const double seconds = m_line.GetSeconds();
    if (sessions > 0 && seconds > 0)
    {
        const double rate = static_cast<double>(sessions) / seconds;
        text << ", " << std::fixed << std::setprecision(rate < 10 ? 1 : 0) << rate << " sessions/s";
    }
    return text.str();
}

std::string
StudyBar::DescribeTimeLeft() const
{
    if (m_ended == 0)
    {
        return "";
    }
    auto made = static_cast<double>(m_ended);
    const uint64_t succeeded = m_ended - m_failed;
    for (const auto& [run, ended] : m_underWay)
    {
        // A run under way counts as much as its sessions do of a usual run.
        made +=
            m_sessions > 0
                ? std::min(1.0,
                           static_cast<double>(ended * succeeded) / static_cast<double>(m_sessions))
                : 0;
    }
    const double left = std::max(0.0, static_cast<double>(m_runs) - made);
    return ", " + FormatDuration(m_line.GetSeconds() * left / made) + " left";
}

} // namespace campaign
} // namespace p2pim
