// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_USER_ERROR_H
#define P2PIM_USER_ERROR_H

#include <stdexcept>

namespace p2pim::program
{

/// A mistake of the user: one line that says what is wrong, where, and what is right. Exit
/// status 2.
class UserError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// A run that failed through no mistake of the user: one line. Exit status 1.
class RunFailure : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

} // namespace p2pim::program

#endif // P2PIM_USER_ERROR_H
