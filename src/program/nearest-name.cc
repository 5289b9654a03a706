// SPDX-License-Identifier: GPL-2.0-only
#include "nearest-name.h"

#include <algorithm>
#include <cctype>
#include <limits>

namespace p2pim::program
{

namespace
{

std::string
ToLower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return text;
}

/// A name as long as this one is taken for mistyped up to this distance.
std::size_t
NearDistance(std::size_t length)
{
    return std::max<std::size_t>(2, length / 3);
}

} // namespace

std::size_t
EditDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> beforeLast(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
    {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i)
    {
        std::swap(beforeLast, last);
        std::swap(last, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j)
        {
            const std::size_t substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, substitution});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped)
            {
                row[j] = std::min(row[j], beforeLast[j - 2] + 1);
            }
        }
    }
    return row[b.size()];
}

std::string
SuggestName(const std::string& wrong, const std::vector<std::string>& right)
{
    const std::string wanted = ToLower(wrong);
    const std::string* nearest = nullptr;
    std::size_t least = std::numeric_limits<std::size_t>::max();
    for (const auto& name : right)
    {
        const std::size_t distance = EditDistance(wanted, ToLower(name));
        if (distance < least)
        {
            least = distance;
            nearest = &name;
        }
    }
    if (!nearest)
    {
        return "";
    }
    return least <= NearDistance(wrong.size()) ? "; did you mean " + *nearest + "?"
                                               : "; the nearest is " + *nearest;
}

} // namespace p2pim::program
