// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_VERSION_H
#define P2PIM_VERSION_H

#include <string>

namespace p2pim::program
{

/// The program's version, as results files and `p2pim version` name it.
constexpr const char* VERSION = "0.1.0";

/// @return the version of the ns-3 headers that the program is built with, such as "3.37".
std::string GetNs3Version();

} // namespace p2pim::program

#endif // P2PIM_VERSION_H
