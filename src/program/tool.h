// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TOOL_H
#define P2PIM_TOOL_H

#include <optional>
#include <string>
#include <vector>

namespace p2pim::program
{

/// What a program that has ended leaves.
struct ToolOutcome
{
    int status = 0;  ///< its exit status; 128 and up if a signal ended it
    std::string out; ///< what it wrote to standard output
    std::string err; ///< what it wrote to standard error
};

/**
 * Runs a program of the system and waits for it. It reads nothing.
 *
 * @param words its name, which is looked up on PATH, and its arguments.
 * @return what it left; none if there is no such program.
 * @throw RunFailure it could not be started.
 */
std::optional<ToolOutcome> RunTool(const std::vector<std::string>& words);

} // namespace p2pim::program

#endif // P2PIM_TOOL_H
