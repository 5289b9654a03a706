// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_ATTRIBUTE_CHECKERS_H
#define P2PIM_ATTRIBUTE_CHECKERS_H

#include "ns3/attribute.h"

#include <cstddef>
#include <limits>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * Checkers that refuse what ns-3's own ones take, so that a bad setting is found when it is read.
 */

/// A checker that says in words what it takes.
class AllowedInWords
{
  public:
    virtual ~AllowedInWords() = default;
    /// @return such as "1 to 20 digits".
    virtual std::string GetAllowed() const = 0;
};

/// Marks the checker of a text that is the path of a file to be read.
class NamesInputFile
{
  public:
    virtual ~NamesInputFile() = default;
};

/// @return the checker of such a path; it may be empty, and need not exist.
Ptr<const AttributeChecker> MakeInputFileChecker();

/// @param limit the most characters. @return the checker of a text.
Ptr<const AttributeChecker> MakeBoundedStringChecker(std::size_t limit);

/// @param limit the most digits, 1 and up. @return the checker of a text of decimal digits.
Ptr<const AttributeChecker> MakeDigitsChecker(std::size_t limit);

/// @return the checker of a data rate above 0.
Ptr<const AttributeChecker> MakePositiveRateChecker();

/**
 * Refuses a random variable whose values have an end beyond a bound, such as a constant, or an
 * exponential one with a negative mean. What has no end, such as a normal one, is taken: who draws
 * has to cut it.
 *
 * @param least the least value.
 * @param most the greatest value.
 * @return the checker of a RandomVariableStream.
 */
Ptr<const AttributeChecker> MakeRandomChecker(
    double least,
    double most = std::numeric_limits<double>::infinity());

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_ATTRIBUTE_CHECKERS_H
