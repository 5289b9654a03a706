// SPDX-License-Identifier: GPL-2.0-only
#include "progress-bar.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <unistd.h>

namespace p2pim
{
namespace campaign
{

namespace
{

/// Characters between the brackets of the bar.
constexpr uint64_t g_barWidth = 16;

/// Most characters of the line: one that wraps could not be taken away again.
constexpr size_t g_lineWidth = 79;

/// Least time between two drawings.
constexpr std::chrono::milliseconds g_drawInterval(100);

/// Back to the first column, and clear the line (ECMA-48 CR, EL).
constexpr const char* g_clearLine = "\r\x1b[K";

std::string
FormatDuration(double seconds)
{
    const auto whole = static_cast<uint64_t>(std::ceil(seconds));
    char text[32];
    std::snprintf(text,
                  sizeof text,
                  "%llu:%02llu",
                  static_cast<unsigned long long>(whole / 60),
                  static_cast<unsigned long long>(whole % 60));
    return text;
}

} // namespace

ProgressBar::ProgressBar(std::ostream& out,
                         bool isTerminal,
                         uint64_t runs,
                         uint64_t sessionsPerRun,
                         Clock clock)
    : m_out(out),
      m_enabled(isTerminal),
      m_runs(runs),
      m_sessionsPerRun(sessionsPerRun),
      m_clock(clock ? std::move(clock) : []() -> std::chrono::nanoseconds {
          return std::chrono::steady_clock::now().time_since_epoch();
      }),
      m_start(m_clock()),
      m_lastDraw(m_start - g_drawInterval)
{
}

ProgressBar::~ProgressBar()
{
    Finish();
}

bool
ProgressBar::IsStderrTerminal()
{
    return ::isatty(STDERR_FILENO) != 0;
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
    m_ended = ended;
    const auto now = m_clock();
    if (m_enabled && now - m_lastDraw >= g_drawInterval)
    {
        m_lastDraw = now;
        Draw();
    }
}

void
ProgressBar::Finish()
{
    if (m_enabled)
    {
        m_out << g_clearLine << std::flush;
        m_enabled = false;
    }
}

void
ProgressBar::Draw()
{
    const uint64_t runsEnded = m_runsBegun > 0 ? m_runsBegun - 1 : 0;
    const uint64_t total = m_runs * m_sessionsPerRun;
    const uint64_t done = std::min(runsEnded * m_sessionsPerRun + m_ended, total);
    const double seconds = std::chrono::duration<double>(m_lastDraw - m_start).count();
    const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    const uint64_t filled = total > 0 ? done * g_barWidth / total : 0;
    std::string line = "[" + std::string(filled, '#') + std::string(g_barWidth - filled, '.');
    line += "] " + std::to_string(done) + "/" + std::to_string(total) + " sessions";
    if (rate > 0)
    {
        line += ", " + std::to_string(std::llround(rate)) + "/s, ";
        line += FormatDuration(static_cast<double>(total - done) / rate) + " left";
    }
    line += ", run " + std::to_string(m_runsBegun) + "/" + std::to_string(m_runs) + ": " + m_label;
    line.resize(std::min(line.size(), g_lineWidth));
    m_out << g_clearLine << line << std::flush;
}

} // namespace campaign
} // namespace p2pim
