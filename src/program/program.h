// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PROGRAM_H
#define P2PIM_PROGRAM_H

#include <ostream>
#include <string>
#include <vector>

namespace p2pim::program
{

/**
 * The program.
 *
 * @param args its words, without its own name.
 * @param out standard output.
 * @param err standard error: one line on failure, and progress if it is a terminal.
 * @return the exit status: 0, 2 for a mistake of the user, 1 for a run that failed.
 */
int RunProgram(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);

} // namespace p2pim::program

#endif // P2PIM_PROGRAM_H
