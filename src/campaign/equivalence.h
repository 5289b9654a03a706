// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_EQUIVALENCE_H
#define P2PIM_CAMPAIGN_EQUIVALENCE_H

#include "statistics.h"

#include <cstdint>
#include <vector>

/**
 * @file
 * Whether a figure is still what it was. That no difference was found shows nothing: two one-sided
 * tests (Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15, 1987) show that the
 * difference lies within a margin, by refusing that it is the margin or more to either side.
 *
 * Over several metrics: "all are equivalent" holds with error alpha if each test has alpha
 * (Berger's intersection-union test, Technometrics 24, 1982). What grows with their number is the
 * chance that at least one is not shown although nothing has changed. Ask GetReplications() for
 * beta / metrics to keep that below beta.
 */

namespace p2pim
{
namespace campaign
{

/// Two one-sided tests of paired differences. All but p in the differences' unit.
struct Equivalence
{
    Estimate difference;     ///< their mean, with the interval of 1 - 2 alpha that the tests imply
    double margin = 0;       ///< what counts as no difference is below it, to either side
    double pLower = 1;       ///< p-value against "the mean is -margin or less"
    double pUpper = 1;       ///< p-value against "the mean is margin or more"
    bool equivalent = false; ///< both are below alpha
};

/**
 * Tests whether the mean of paired differences is within a margin of 0. The t statistics are
 * (m + margin) / e and (m - margin) / e with e = s / sqrt(n) and n - 1 degrees of freedom.
 *
 * @param differences one a pair, in any order. If all are equal, their mean is taken as certain.
 * @param margin in their unit, 0 or more.
 * @param alpha the probability with which a mean at the margin is called equivalent, in (0, 0.5).
 * @return the verdict; never equivalent, and without an interval, if n < 2.
 */
Equivalence TestEquivalence(const std::vector<double>& differences,
                            double margin,
                            double alpha = 0.05);

/**
 * The probability that TestEquivalence() says "equivalent" of normal differences (Phillips, Journal
 * of Pharmacokinetics and Biopharmaceutics 18, 1990), exact: with u = s / deviation, whose square
 * times n - 1 is chi-squared, the integral over u of P(|m| < margin - t e) given u.
 *
 * @param n number of pairs.
 * @param deviation standard deviation of a difference.
 * @param margin see TestEquivalence().
 * @param alpha see TestEquivalence().
 * @param difference the true mean.
 * @return in [0, 1]; 0 if n < 2.
 */
double GetEquivalencePower(uint64_t n,
                           double deviation,
                           double margin,
                           double alpha,
                           double difference = 0);

/**
 * How many pairs are needed.
 *
 * @param deviation standard deviation of a difference, such as that of a pilot study.
 * @param margin see TestEquivalence(); above 0.
 * @param alpha see TestEquivalence().
 * @param beta the probability that equivalence is not shown although nothing has changed, in (0,
 * 1).
 * @return the least n with GetEquivalencePower() >= 1 - beta; at least 2.
 * @throw std::invalid_argument a parameter is out of its range, or n would exceed 10^9.
 */
uint64_t GetReplications(double deviation, double margin, double alpha, double beta);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_EQUIVALENCE_H
