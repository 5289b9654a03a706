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

/// @return 16 hexadecimal digits that change with the machine code of the program, of p2pim's
/// libraries and of ns-3's: of the build IDs that the linker gave them.
const std::string& GetBuildId();

} // namespace p2pim::program

#endif // P2PIM_VERSION_H
