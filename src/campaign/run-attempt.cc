// SPDX-License-Identifier: GPL-2.0-only
#include "run-attempt.h"

#include <algorithm>
#include <exception>
#include <limits>
#include <new>
#include <sstream>
#include <vector>

namespace p2pim
{
namespace campaign
{

namespace
{

/// Most characters of a failure's detail.
constexpr std::size_t g_detailLength = 500;

/// @return a line without the blanks around it; what is not printable ASCII is a question mark.
std::string
CleanLine(std::string line)
{
    std::replace_if(
        line.begin(),
        line.end(),
        [](char c) { return c == '\t' || c == '\r'; },
        ' ');
    std::replace_if(
        line.begin(),
        line.end(),
        [](char c) { return c < ' ' || c > '~'; },
        '?');
    const auto first = line.find_first_not_of(' ');
    return first == std::string::npos ? ""
                                      : line.substr(first, line.find_last_not_of(' ') + 1 - first);
}

} // namespace

std::string
JoinLastLines(const std::string& text, std::size_t most)
{
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
    {
        line = CleanLine(line);
        if (!line.empty())
        {
            lines.push_back(line);
        }
    }
    std::string joined;
    for (std::size_t i = lines.size() - std::min(most, lines.size()); i < lines.size(); ++i)
    {
        joined.append(joined.empty() ? "" : "; ").append(lines[i]);
    }
    joined.resize(std::min(joined.size(), g_detailLength));
    return joined;
}

RunOutcome
AttemptRun(const RunMaker& make,
           const PlannedRun& run,
           const std::function<bool(uint32_t)>& progress)
{
    RunOutcome outcome;
    outcome.run = run;
    try
    {
        outcome.record = make(run.key, progress);
        outcome.failure.cause = outcome.record ? "" : "error";
        outcome.failure.detail = outcome.record ? "" : "stopped before its end";
    }
    catch (const std::bad_alloc&)
    {
        outcome.failure.cause = "out of memory";
    }
    catch (const std::exception& error)
    {
        outcome.failure.cause = "error";
        outcome.failure.detail =
            JoinLastLines(error.what(), std::numeric_limits<std::size_t>::max());
    }
    catch (...)
    {
        outcome.failure.cause = "error";
        outcome.failure.detail = "an exception of an unknown type";
    }
    return outcome;
}

} // namespace campaign
} // namespace p2pim
