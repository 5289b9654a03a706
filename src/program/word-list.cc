// SPDX-License-Identifier: GPL-2.0-only
#include "word-list.h"

#include <algorithm>
#include <cstddef>

namespace p2pim::program
{

std::vector<std::string>
SplitList(const std::string& text, char separator)
{
    std::vector<std::string> items;
    for (std::size_t start = 0; start <= text.size() && !text.empty();)
    {
        const std::size_t end = std::min(text.find(separator, start), text.size());
        items.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return items;
}

std::string
JoinChoices(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
    {
        text += (i == 0 ? "" : i + 1 < words.size() ? ", " : " or ") + words[i];
    }
    return text;
}

} // namespace p2pim::program
