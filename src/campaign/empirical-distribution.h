// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_EMPIRICAL_DISTRIBUTION_H
#define P2PIM_CAMPAIGN_EMPIRICAL_DISTRIBUTION_H

#include <cstdint>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// The distribution of a sample: F(x) is the share of its values that are at most x.
class EmpiricalDistribution
{
  public:
    /// @param sample values in any order, none of them NaN.
    explicit EmpiricalDistribution(std::vector<double> sample);

    /// @return the sample, ascending.
    const std::vector<double>& GetSample() const;

    /// @return F(x); NaN if the sample is empty.
    double GetShare(double x) const;

    /// @return the quantile @p p in [0, 1] as reports have it, see EstimateQuantile(); NaN if the
    /// sample is empty.
    double GetQuantile(double p) const;

    /**
     * Half the height of the band that has the whole of the true distribution with the given
     * confidence (Dvoretzky, Kiefer and Wolfowitz, Annals of Mathematical Statistics 27, 1956, with
     * the constant of Massart, Annals of Probability 18, 1990): sqrt(ln(2 / (1 - confidence)) /
     * 2n).
     *
     * @param confidence in (0, 1).
     * @return the share by which F may be off, anywhere; infinite if the sample is empty.
     */
    double GetBand(double confidence = 0.95) const;

    /// Where F rises.
    struct Point
    {
        double value; ///< of the sample
        double share; ///< F there
        double low;   ///< lower end of the 95 % band, at least 0
        double high;  ///< upper end of the 95 % band, at most 1
    };

    /// @return the points of a plot: each value of the sample once, ascending.
    std::vector<Point> GetPoints() const;

  private:
    std::vector<double> m_sample; ///< ascending
};

/// @return the Kolmogorov-Smirnov distance: the greatest difference between the shares of two
/// distributions, in [0, 1]; NaN if a sample is empty.
double GetDistance(const EmpiricalDistribution& a, const EmpiricalDistribution& b);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_EMPIRICAL_DISTRIBUTION_H
