// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SCENARIO_FILE_H
#define P2PIM_SCENARIO_FILE_H

#include "configuration.h"

#include <istream>
#include <string>
#include <vector>

namespace p2pim::program
{

/// A section's heading.
struct Section
{
    std::string className; ///< what stands between the brackets
    std::string place;     ///< "FILE:LINE", for error lines
};

/// What a scenario file says, not yet checked against any class.
struct ScenarioFile
{
    std::string name;                    ///< as the user gave it
    std::vector<Section> sections;       ///< in the file's order
    std::vector<Assignment> assignments; ///< in the file's order
};

/**
 * Reads a scenario's text: sections `[Class]`, lines `Attribute=value`, comments from '#' to the
 * end of the line, as Boost.Program_options reads an .ini file.
 *
 * @param text the stream.
 * @param name the file's name, for error lines.
 * @return what it says.
 * @throw UserError names file and line: not text, empty, neither heading nor assignment, an
 *        assignment outside any section.
 */
ScenarioFile ReadScenario(std::istream& text, const std::string& name);

/**
 * Reads a scenario file.
 *
 * @param path the file.
 * @return what it says.
 * @throw UserError as ReadScenario(), or if the file cannot be read, is a folder or is too large.
 */
ScenarioFile ReadScenarioFile(const std::string& path);

} // namespace p2pim::program

#endif // P2PIM_SCENARIO_FILE_H
