// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_STATUS_LINE_H
#define P2PIM_CAMPAIGN_STATUS_LINE_H

#include <chrono>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace p2pim
{
namespace campaign
{

/// The time since any fixed moment.
using StatusClock = std::function<std::chrono::nanoseconds()>;

/// A line on a terminal that is drawn over and over again.
class StatusLine
{
  public:
    /**
     * @param out where to draw.
     * @param isTerminal whether @p out is a terminal; if not, nothing is ever written.
     * @param clock the time; empty takes the steady clock.
     */
    StatusLine(std::ostream& out, bool isTerminal, StatusClock clock = {});
    /// Takes the line away.
    ~StatusLine();

    StatusLine(const StatusLine&) = delete;
    StatusLine& operator=(const StatusLine&) = delete;

    /// @return whether stderr is a terminal.
    static bool IsStderrTerminal();

    /// @return the time.
    std::chrono::nanoseconds GetTime() const;

    /// @return the time since the line was made, s.
    double GetSeconds() const;

    /// @return whether it should be drawn again: at most ten times a second.
    bool IsDue() const;

    /// @param text what the line says now; its end is left out where it does not fit.
    void Draw(std::string text);

    /// Takes the line away for good.
    void Finish();

  private:
    std::ostream& m_out;
    bool m_enabled;
    StatusClock m_clock;
    std::chrono::nanoseconds m_start;
    std::chrono::nanoseconds m_lastDraw;
};

/// @param done of @p total. @param total 0: nothing is to be done. @return such as "[####....]".
std::string FormatBar(double done, double total);

/// @param seconds a length of time. @return such as "0:05" or "1:02:03", rounded up to a second.
std::string FormatDuration(double seconds);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_STATUS_LINE_H
