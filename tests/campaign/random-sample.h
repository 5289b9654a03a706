// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_RANDOM_SAMPLE_H
#define P2PIM_TESTS_RANDOM_SAMPLE_H

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace p2pim
{
namespace campaign
{
namespace test
{

/// A distribution, as the function from a probability to its quantile.
using Distribution = double (*)(double p);

/// Mean 0, standard deviation 1.
inline double
Normal(double p)
{
    return boost::math::quantile(boost::math::normal(), p);
}

/// Mean 1, skewness 2.
inline double
Exponential(double p)
{
    return -std::log1p(-p);
}

/// Of a normal logarithm, 0 and 1: median 1, skewness 6.2.
inline double
LogNormal(double p)
{
    return std::exp(Normal(p));
}

/// Draws that are the same with every library.
class RandomNumbers
{
  public:
    explicit RandomNumbers(uint64_t seed)
        : m_engine(seed)
    {
    }

    double Draw(Distribution distribution)
    {
        constexpr int unused = 11; // bits; a double has 53
        return distribution((static_cast<double>(m_engine() >> unused) + 0.5) * 0x1p-53);
    }

    std::vector<double> DrawSample(Distribution distribution, size_t n)
    {
        std::vector<double> sample(n);
        for (double& x : sample)
        {
            x = Draw(distribution);
        }
        return sample;
    }

  private:
    std::mt19937_64 m_engine;
};

} // namespace test
} // namespace campaign
} // namespace p2pim

#endif // P2PIM_TESTS_RANDOM_SAMPLE_H
