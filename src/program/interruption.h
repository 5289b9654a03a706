// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_INTERRUPTION_H
#define P2PIM_INTERRUPTION_H

#include <array>
#include <csignal>

namespace p2pim::program
{

/// While it lives, the first SIGINT or SIGTERM is noted instead of ending the program, the second
/// ends it, and a file that grows past its limit is an error of the write instead of a signal.
class Interruption
{
  public:
    /// Takes the signals.
    Interruption();
    /// Gives them back.
    ~Interruption();

    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    /// @return whether the user has asked to stop.
    bool IsRequested() const;

  private:
    static constexpr std::array<int, 3> SIGNALS{SIGINT, SIGTERM, SIGXFSZ};

    std::array<struct sigaction, SIGNALS.size()> m_former{};
};

} // namespace p2pim::program

#endif // P2PIM_INTERRUPTION_H
