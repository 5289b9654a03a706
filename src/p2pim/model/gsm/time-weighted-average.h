// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TIME_WEIGHTED_AVERAGE_H
#define P2PIM_TIME_WEIGHTED_AVERAGE_H

#include "ns3/nstime.h"

#include <limits>

namespace ns3
{
namespace p2pim
{

/**
 * A value that holds from one change to the next, such as the length of a queue, and its average
 * over time: sum of value times duration over the whole duration. It begins at 0. It makes no
 * event: its owner tells it each change, and who asks says what time it is.
 */
class TimeWeightedAverage
{
  public:
    /**
     * @param start when it begins to count.
     * @param level of GetShareAtLevel().
     */
    explicit TimeWeightedAverage(Time start = Time(),
                                 double level = std::numeric_limits<double>::infinity());

    /// The value is @p value from @p now on; times may not go back.
    void Set(Time now, double value);
    /// The value is greater by @p change from @p now on.
    void Add(Time now, double change);
    /// Forgets all but the value: what was before @p now was warm-up.
    void Restart(Time now);

    /// @return the value.
    double GetValue() const;
    /// @return the greatest value since the start.
    double GetMaximum() const;
    /// @return the average from the start to @p now; the value if that is no time.
    double GetAverage(Time now) const;
    /// @return the share of the time from the start to @p now at which the value was the level or
    /// more; 0 if that is no time.
    double GetShareAtLevel(Time now) const;

  private:
    Time m_start;
    Time m_last; ///< of the latest change
    double m_level;
    double m_value = 0;
    double m_maximum = 0;
    double m_area = 0; ///< value times ns, from the start to m_last
    Time m_atLevel;    ///< likewise
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TIME_WEIGHTED_AVERAGE_H
