// SPDX-License-Identifier: GPL-2.0-only
#include "scenario-file.h"

#include "nearest-name.h"
#include "user-error.h"

#include <algorithm>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <tuple>
#include <utility>

namespace p2pim::program
{

namespace
{

namespace po = boost::program_options;

/// No scenario is longer; a device or a picture given by mistake is.
constexpr std::size_t MAX_OCTETS = 1024 * 1024;

/// What may stand above the first section.
const std::vector<std::string>&
GetHeadKeys()
{
    static const std::vector<std::string> keys{"extends",
                                               "schemes",
                                               "repetition",
                                               "constraint",
                                               "precision",
                                               "precision-metric",
                                               "precision-limit"};
    return keys;
}

constexpr const char* BYTE_ORDER_MARK = "\xEF\xBB\xBF";

bool
IsText(const std::string& line)
{
    return std::none_of(line.begin(), line.end(), [](unsigned char c) {
        return c == 0x7F || (c < 0x20 && c != '\t' && c != '\r');
    });
}

/// @return what stands before any comment, without the blanks around it.
std::string
StripLine(const std::string& line)
{
    constexpr const char* blanks = " \t\r";
    const std::string content = line.substr(0, line.find('#'));
    const auto first = content.find_first_not_of(blanks);
    if (first == std::string::npos)
    {
        return "";
    }
    return content.substr(first, content.find_last_not_of(blanks) - first + 1);
}

/// @return the key and the value of a line, read by Boost, which by itself would not tell the
/// line's number.
std::pair<std::string, std::string>
ReadPair(const std::string& line)
{
    std::istringstream text(line);
    const auto parsed = po::parse_config_file(text, po::options_description(), true);
    return {parsed.options.at(0).string_key, parsed.options.at(0).value.at(0)};
}

/// @return one assignment.
Assignment
ReadAssignment(const std::string& line, const Section& section, const std::string& place)
{
    Assignment assignment;
    assignment.className = section.className;
    std::tie(assignment.attribute, assignment.value) = ReadPair(line);
    assignment.place = place;
    assignment.label = place + ": " + assignment.className +
                       (assignment.attribute.empty() ? "" : ".") + assignment.attribute;
    if (assignment.attribute.empty())
    {
        throw UserError(assignment.label + ": no attribute's name before '='");
    }
    return assignment;
}

void
ReadHeadLine(const std::string& line, const std::string& place, ScenarioFile& file)
{
    const auto [key, value] = ReadPair(line);
    const auto& keys = GetHeadKeys();
    const std::string label = place + ": " + key;
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
    {
        throw UserError(place + ": '" + line + "' is in no section; write [Class] above it" +
                        SuggestName(key, keys));
    }
    if (value.empty())
    {
        throw UserError(label + ": no value behind '='");
    }
    const auto [given, isNew] = file.head.insert({key, {value, place, label}});
    if (!isNew)
    {
        throw UserError(label + ": already given at " + given->second.place);
    }
}

void
ReadLine(const std::string& line, const std::string& place, ScenarioFile& file)
{
    if (line.front() == '[' && line.back() == ']')
    {
        const std::string className = StripLine(line.substr(1, line.size() - 2));
        if (className.empty())
        {
            throw UserError(place + ": no class's name between '[' and ']'");
        }
        file.sections.push_back({className, place});
        return;
    }
    if (line.find('=') == std::string::npos)
    {
        throw UserError(place + ": '" + line + "' is neither [Class] nor Attribute=value");
    }
    if (file.sections.empty())
    {
        ReadHeadLine(line, place, file);
        return;
    }
    file.assignments.push_back(ReadAssignment(line, file.sections.back(), place));
}

} // namespace

const HeadLine*
ScenarioFile::FindHead(const std::string& key) const
{
    const auto found = head.find(key);
    return found == head.end() ? nullptr : &found->second;
}

ScenarioFile
ReadScenario(std::istream& text, const std::string& name)
{
    ScenarioFile file;
    file.name = name;
    std::string line;
    std::size_t octets = 0;
    for (std::size_t number = 1; std::getline(text, line); ++number)
    {
        const std::string place = name + ":" + std::to_string(number);
        octets += line.size() + 1;
        if (!IsText(line))
        {
            throw UserError(place + ": not text; a scenario file is an .ini file");
        }
        if (number == 1 && line.rfind(BYTE_ORDER_MARK, 0) == 0)
        {
            line.erase(0, std::strlen(BYTE_ORDER_MARK));
        }
        line = StripLine(line);
        if (!line.empty())
        {
            ReadLine(line, place, file);
        }
    }
    if (octets == 0)
    {
        throw UserError(name + ": the file is empty");
    }
    return file;
}

namespace
{

/// @return the file that another one extends, by its name there.
std::filesystem::path
FindBase(const ScenarioFile& file, const std::string& name)
{
    auto base = std::filesystem::path(file.name).parent_path() / name;
    std::error_code ignored;
    if (!std::filesystem::exists(base, ignored) && !base.has_extension())
    {
        base += ".ini";
    }
    return base;
}

ScenarioFile
ReadOneFile(const std::string& path)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
    {
        throw UserError(path + ": a folder, not a scenario file");
    }
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
    {
        throw UserError(path + ": cannot read: " + std::strerror(errno));
    }
    std::string content(MAX_OCTETS + 1, '\0');
    stream.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (stream.bad())
    {
        throw UserError(path + ": cannot read: " + std::strerror(errno));
    }
    content.resize(static_cast<std::size_t>(stream.gcount()));
    if (content.size() > MAX_OCTETS)
    {
        throw UserError(path + ": longer than 1 MiB; a scenario file is a short .ini file");
    }
    std::istringstream text(content);
    return ReadScenario(text, path);
}

} // namespace

ScenarioFile
ReadScenarioFile(const std::string& path)
{
    std::vector<ScenarioFile> files{ReadOneFile(path)}; // each extends the next
    while (const HeadLine* extends = files.back().FindHead("extends"))
    {
        const auto base = FindBase(files.back(), extends->value);
        const std::string label = extends->label + " = " + extends->value + ": ";
        std::error_code ignored;
        for (const auto& each : files)
        {
            if (std::filesystem::equivalent(each.name, base, ignored))
            {
                throw UserError(label + "the files extend each other in a circle");
            }
        }
        try
        {
            files.push_back(ReadOneFile(base.string()));
        }
        catch (const UserError& error)
        {
            throw UserError(label + error.what());
        }
    }
    ScenarioFile all;
    all.name = path;
    uint32_t layer = 0;
    for (auto file = files.rbegin(); file != files.rend(); ++file, ++layer)
    {
        for (const auto& [key, line] : file->head)
        {
            all.head[key] = line;
        }
        all.sections.insert(all.sections.end(), file->sections.begin(), file->sections.end());
        for (auto& assignment : file->assignments)
        {
            assignment.layer = layer;
            all.assignments.push_back(std::move(assignment));
        }
    }
    all.head.erase("extends");
    return all;
}

} // namespace p2pim::program
