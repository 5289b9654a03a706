// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SCENARIO_FILE_H
#define P2PIM_SCENARIO_FILE_H

#include "configuration.h"

#include <istream>
#include <map>
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

/// What is said about a whole file, above its first section.
struct HeadLine
{
    std::string value; ///< as the user wrote it; not empty
    std::string place; ///< "FILE:LINE"
    std::string label; ///< what an error line begins with
};

/// What a scenario file says, not yet checked against any class.
struct ScenarioFile
{
    std::string name;                     ///< as the user gave it
    std::map<std::string, HeadLine> head; ///< by key
    std::vector<Section> sections;        ///< in the file's order
    std::vector<Assignment> assignments;  ///< in the file's order

    /// @param key of the head. @return its line; null if there is none.
    const HeadLine* FindHead(const std::string& key) const;
};

/**
 * Reads a scenario's text: sections `[Class]`, lines `Attribute=value`, comments from '#' to the
 * end of the line, as Boost.Program_options reads an .ini file. Above the first section there may
 * be keys of the whole file: `extends`, and what `p2pim sweep` is to do.
 *
 * @param text the stream.
 * @param name the file's name, for error lines.
 * @return what it says.
 * @throw UserError names file and line: not text, empty, neither heading nor assignment, an
 *        assignment outside any section that is no key of the file, or one that is given twice.
 */
ScenarioFile ReadScenario(std::istream& text, const std::string& name);

/**
 * Reads a scenario file, and the file that it extends, if any: what that says stands unless this
 * one says otherwise, its head included. Its name is relative to the folder of this one, and may
 * lack ".ini".
 *
 * @param path the file.
 * @return what they say, the extended file's words first.
 * @throw UserError as ReadScenario(), or if a file cannot be read, is a folder, is too large or
 *        extends itself.
 */
ScenarioFile ReadScenarioFile(const std::string& path);

} // namespace p2pim::program

#endif // P2PIM_SCENARIO_FILE_H
