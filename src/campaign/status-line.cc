// SPDX-License-Identifier: GPL-2.0-only
#include "status-line.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <unistd.h>
#include <utility>

namespace p2pim
{
namespace campaign
{

namespace
{

/// Characters between the brackets of a bar.
constexpr std::size_t g_barWidth = 16;

/// Most characters of the line: one that wraps could not be taken away again.
constexpr std::size_t g_lineWidth = 79;

/// Least time between two drawings.
constexpr std::chrono::milliseconds g_drawInterval(100);

/// Back to the first column, and clear the line (ECMA-48 CR, EL).
constexpr const char* g_clearLine = "\r\x1b[K";

} // namespace

StatusLine::StatusLine(std::ostream& out, bool isTerminal, StatusClock clock)
    : m_out(out),
      m_enabled(isTerminal),
      m_clock(clock ? std::move(clock) : []() -> std::chrono::nanoseconds {
          return std::chrono::steady_clock::now().time_since_epoch();
      }),
      m_start(m_clock()),
      m_lastDraw(m_start - g_drawInterval)
{
}

StatusLine::~StatusLine()
{
    Finish();
}

bool
StatusLine::IsStderrTerminal()
{
    return ::isatty(STDERR_FILENO) != 0;
}

std::chrono::nanoseconds
StatusLine::GetTime() const
{
    return m_clock();
}

double
StatusLine::GetSeconds() const
{
    return std::chrono::duration<double>(m_clock() - m_start).count();
}

bool
StatusLine::IsDue() const
{
    return m_enabled && m_clock() - m_lastDraw >= g_drawInterval;
}

void
StatusLine::Draw(std::string text)
{
    m_lastDraw = m_clock();
    text.resize(std::min(text.size(), g_lineWidth));
    m_out << g_clearLine << text << std::flush;
}

void
StatusLine::Finish()
{
    if (m_enabled)
    {
        m_out << g_clearLine << std::flush;
        m_enabled = false;
    }
}

std::string
FormatBar(double done, double total)
{
    const double share = total > 0 ? std::clamp(done / total, 0.0, 1.0) : 0;
    const auto filled = static_cast<std::size_t>(share * g_barWidth);
    return "[" + std::string(filled, '#') + std::string(g_barWidth - filled, '.') + "]";
}

std::string
FormatDuration(double seconds)
{
    const auto whole = static_cast<unsigned long long>(std::ceil(seconds));
    std::array<char, 32> text{};
    if (whole < 3600)
    {
        std::snprintf(text.data(), text.size(), "%llu:%02llu", whole / 60, whole % 60);
    }
    else
    {
        std::snprintf(text.data(),
                      text.size(),
                      "%llu:%02llu:%02llu",
                      whole / 3600,
                      whole / 60 % 60,
                      whole % 60);
    }
    return text.data();
}

} // namespace campaign
} // namespace p2pim
