// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NEAREST_NAME_H
#define P2PIM_NEAREST_NAME_H

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace p2pim::program
{

/**
 * The Damerau-Levenshtein distance in its restricted form (optimal string alignment): the fewest
 * insertions, deletions, substitutions and swaps of neighbours, none of them inside another.
 *
 * @param a a name.
 * @param b another name.
 * @return the distance; 0 if and only if the names are equal.
 */
std::size_t EditDistance(std::string_view a, std::string_view b);

/**
 * @param wrong a name that is none of @p right.
 * @param right the right names, those to be preferred first.
 * @return the end of an error line that names the nearest of @p right, letters' case set aside:
 *         "; did you mean X?" if it is near, else "; the nearest is X". Empty if @p right is empty.
 */
std::string SuggestName(const std::string& wrong, const std::vector<std::string>& right);

} // namespace p2pim::program

#endif // P2PIM_NEAREST_NAME_H
