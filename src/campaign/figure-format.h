// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_FIGURE_FORMAT_H
#define P2PIM_CAMPAIGN_FIGURE_FORMAT_H

#include "summary.h"

#include <string>

namespace p2pim
{
namespace campaign
{

/// How the figures of one table are written: all with as many decimals and as wide as the largest
/// of them asks for.
class FigureFormat
{
  public:
    FigureFormat() = default;

    /// @param decimals how many digits follow the point, however large the figures are.
    explicit FigureFormat(int decimals);

    /// Takes @p estimate into account; to be called for all figures before any is written.
    void Fit(const Estimate& estimate);

    /// The same for each of three figures.
    void Fit(const TimeSummary& summary);

    /// @return such as "12.35 [12.30, 12.40]"; "-" where there is nothing.
    std::string WithInterval(const Estimate& estimate) const;

    /// @return the number as wide as all others.
    std::string Value(double x) const;

  private:
    int m_decimals = -1; ///< negative: what the largest figure asks for
    double m_largest = 0;
    bool m_hasSign = false;
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_FIGURE_FORMAT_H
