// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_EXPECT_USER_ERROR_H
#define P2PIM_TESTS_EXPECT_USER_ERROR_H

#include "program/user-error.h"

#include <string>

/// @param work what is to fail. @return the line of the UserError that it throws.
template <typename Work>
std::string
GetUserError(const Work& work)
{
    try
    {
        work();
    }
    catch (const p2pim::program::UserError& error)
    {
        return error.what();
    }
    return "no error";
}

#endif // P2PIM_TESTS_EXPECT_USER_ERROR_H
