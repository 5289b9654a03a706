// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_WORD_LIST_H
#define P2PIM_WORD_LIST_H

#include <string>
#include <vector>

namespace p2pim::program
{

/// @param text a list. @param separator what is between two items.
/// @return the items, of which one may be empty; none if the text is empty.
std::vector<std::string> SplitList(const std::string& text, char separator);

/// @param words words. @return them in a row: "A, B or C".
std::string JoinChoices(const std::vector<std::string>& words);

} // namespace p2pim::program

#endif // P2PIM_WORD_LIST_H
