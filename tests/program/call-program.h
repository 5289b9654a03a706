// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_CALL_PROGRAM_H
#define P2PIM_TESTS_CALL_PROGRAM_H

#include "program/program.h"

#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

/// What a call of the program leaves.
struct Outcome
{
    int status;      ///< of its exit
    std::string out; ///< its standard output
    std::string err; ///< its standard error
};

/// @param args the words behind its name. @return what it leaves.
inline Outcome
Call(const std::vector<std::string>& args)
{
    std::ostringstream out;
    std::ostringstream err;
    const int status = p2pim::program::RunProgram(args, out, err);
    return {status, out.str(), err.str()};
}

/// Expects that the program finds a mistake of the user, and that it says just @p line.
inline void
ExpectMistake(const std::vector<std::string>& args, const std::string& line)
{
    const auto outcome = Call(args);
    EXPECT_EQ(outcome.status, 2) << line;
    EXPECT_EQ(outcome.err, "p2pim: " + line + "\n");
    EXPECT_EQ(outcome.out, "");
}

#endif // P2PIM_TESTS_CALL_PROGRAM_H
