// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_OWN_NETWORK_H
#define P2PIM_TESTS_OWN_NETWORK_H

#include <string>

namespace p2pim::oracle
{

/// Makes this process the root of a user and a network namespace of its own. @return whether it is.
bool EnterOwnNetwork();

/// Runs a shell script in silence. @return whether all its commands have succeeded.
bool RunScript(const std::string& script);

} // namespace p2pim::oracle

#endif // P2PIM_TESTS_OWN_NETWORK_H
