// SPDX-License-Identifier: GPL-2.0-only
#include "equivalence.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <stdexcept>

namespace p2pim
{
namespace campaign
{

namespace
{

/// More pairs than any study has.
constexpr uint64_t g_mostPairs = 1000000000;

/// @return P(Z <= z) of the standard normal distribution.
double
GetNormalShare(double z)
{
    return boost::math::cdf(boost::math::normal(), z);
}

} // namespace

Equivalence
TestEquivalence(const std::vector<double>& differences, double margin, double alpha)
{
    Equivalence test;
    test.margin = margin;
    test.difference = EstimateMean(differences, 1 - 2 * alpha);
    if (differences.size() < 2)
    {
        return test;
    }
    const double mean = test.difference.value;
    const boost::math::students_t distribution(static_cast<double>(differences.size() - 1));
    const double error =
        (test.difference.high - mean) / boost::math::quantile(distribution, 1 - alpha);
    if (error > 0)
    {
        test.pLower = boost::math::cdf(complement(distribution, (mean + margin) / error));
        test.pUpper = boost::math::cdf(distribution, (mean - margin) / error);
    }
    else
    {
        test.pLower = mean >= -margin ? 0 : 1;
        test.pUpper = mean <= margin ? 0 : 1;
    }
    test.equivalent = std::max(test.pLower, test.pUpper) < alpha;
    return test;
}

double
GetEquivalencePower(uint64_t n, double deviation, double margin, double alpha, double difference)
{
    if (n < 2)
    {
        return 0;
    }
    if (!(deviation > 0))
    {
        return std::abs(difference) <= margin ? 1 : 0;
    }
    const auto freedom = static_cast<double>(n - 1);
    const double scale = std::sqrt(static_cast<double>(n)) / deviation;
    const double t = boost::math::quantile(boost::math::students_t(freedom), 1 - alpha);
    const boost::math::chi_squared squares(freedom);
    const auto integrand = [&](double u) {
        const double room = margin * scale - t * u;
        const double share =
            GetNormalShare(room - difference * scale) - GetNormalShare(-room - difference * scale);
        return share * 2 * freedom * u * boost::math::pdf(squares, freedom * u * u);
    };
    // u has mean 1 and about the deviation 1 / sqrt(2 freedom); 9 of them leave out less than 1e-9
    const double reach = 9 / std::sqrt(2 * freedom);
    const double low = std::max(0.0, 1 - reach);
    const double high = std::min(1 + reach, margin * scale / t);
    if (high <= low)
    {
        return 0;
    }
    using Quadrature = boost::math::quadrature::gauss_kronrod<double, 61>;
    return std::clamp(Quadrature::integrate(integrand, low, high, 5, 1e-10), 0.0, 1.0);
}

uint64_t
GetReplications(double deviation, double margin, double alpha, double beta)
{
    if (!(deviation >= 0 && margin > 0 && alpha > 0 && alpha < 0.5 && beta > 0 && beta < 1))
    {
        throw std::invalid_argument("replications: a parameter is out of its range");
    }
    const auto suffices = [&](uint64_t n) {
        return GetEquivalencePower(n, deviation, margin, alpha) >= 1 - beta;
    };
    uint64_t enough = 2;
    while (!suffices(enough))
    {
        if (enough > g_mostPairs)
        {
            throw std::invalid_argument("replications: the margin is too narrow");
        }
        enough *= 2;
    }
    uint64_t tooFew = enough == 2 ? 1 : enough / 2;
    while (enough - tooFew > 1)
    {
        const uint64_t middle = tooFew + (enough - tooFew) / 2;
        (suffices(middle) ? enough : tooFew) = middle;
    }
    return enough;
}

} // namespace campaign
} // namespace p2pim
