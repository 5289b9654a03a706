// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/dissection.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace p2pim::oracle
{

namespace
{

/// A file that is gone when it is no longer needed.
class TemporaryFile
{
  public:
    explicit TemporaryFile(const std::vector<uint8_t>& octets)
    {
        const int descriptor = mkstemp(m_path.data());
        if (descriptor < 0 ||
            write(descriptor, octets.data(), octets.size()) != static_cast<ssize_t>(octets.size()))
        {
            throw std::runtime_error("no temporary file could be written");
        }
        close(descriptor);
    }

    ~TemporaryFile()
    {
        unlink(m_path.c_str());
    }

    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    const std::string& GetPath() const
    {
        return m_path;
    }

  private:
    std::string m_path = "/tmp/p2pim-capture-XXXXXX";
};

/// @return the lines that a shell command prints.
std::vector<std::string>
Run(const std::string& command)
{
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    if (!pipe)
    {
        throw std::runtime_error("cannot run " + command);
    }
    std::string output;
    std::array<char, 4096> block{};
    while (const auto count = fread(block.data(), 1, block.size(), pipe.get()))
    {
        output.append(block.data(), count);
    }
    std::vector<std::string> lines;
    std::istringstream stream(output);
    for (std::string line; std::getline(stream, line);)
    {
        lines.push_back(line);
    }
    return lines;
}

std::vector<std::string>
Split(const std::string& line, char separator)
{
    std::vector<std::string> parts(1);
    for (const char c : line)
    {
        if (c == separator)
        {
            parts.emplace_back();
        }
        else
        {
            parts.back().push_back(c);
        }
    }
    return parts;
}

void
AppendLittle32(std::vector<uint8_t>& out, uint32_t value)
{
    for (const int shift : {0, 8, 16, 24})
    {
        out.push_back(static_cast<uint8_t>(value >> shift));
    }
}

/// Appends a tag of an exported PDU: type, length, value, in network order.
void
AppendTag(std::vector<uint8_t>& out, uint16_t type, const std::vector<uint8_t>& value)
{
    const auto length = static_cast<uint16_t>(value.size());
    out.insert(out.end(),
               {static_cast<uint8_t>(type >> 8),
                static_cast<uint8_t>(type),
                static_cast<uint8_t>(length >> 8),
                static_cast<uint8_t>(length)});
    out.insert(out.end(), value.begin(), value.end());
}

} // namespace

bool
HasTshark()
{
    return std::system("command -v tshark > /dev/null 2>&1") == 0;
}

Capture::Capture(Link link)
{
    constexpr uint32_t magic = 0xA1B2C3D4;
    constexpr uint32_t version = 2 | 4U << 16;
    constexpr uint32_t snapLength = 65535;
    for (const uint32_t word : {magic, version, 0U, 0U, snapLength, static_cast<uint32_t>(link)})
    {
        AppendLittle32(m_file, word);
    }
}

Capture
Capture::Read(const std::string& path)
{
    constexpr std::size_t fileHeader = 24;
    constexpr std::size_t frameHeader = 16;
    constexpr std::size_t lengthField = 8;
    Capture capture(Link::EXPORTED_PDU);
    std::ifstream file(path, std::ios::binary);
    capture.m_file.assign(std::istreambuf_iterator<char>(file), {});
    for (std::size_t at = fileHeader; at + frameHeader <= capture.m_file.size();)
    {
        uint32_t length = 0;
        for (std::size_t i = 0; i < sizeof(length); ++i)
        {
            length |= uint32_t{capture.m_file[at + lengthField + i]} << 8 * i;
        }
        at += frameHeader + length;
        ++capture.m_frames;
    }
    return capture;
}

void
Capture::Add(const std::vector<uint8_t>& octets)
{
    const auto size = static_cast<uint32_t>(octets.size());
    for (const uint32_t word : {m_frames++, 0U, size, size})
    {
        AppendLittle32(m_file, word);
    }
    m_file.insert(m_file.end(), octets.begin(), octets.end());
}

void
Capture::AddPdu(std::string dissector, const std::vector<uint8_t>& pdu, bool toNetwork)
{
    // tags of Wireshark's exported_pdu.h: 12 names the dissector, 35 is the direction
    dissector.resize((dissector.size() + 3) / 4 * 4, '\0');
    std::vector<uint8_t> frame;
    AppendTag(frame, 12, {dissector.begin(), dissector.end()});
    AppendTag(frame, 35, {0, 0, 0, static_cast<uint8_t>(toNetwork ? 1 : 0)});
    AppendTag(frame, 0, {});
    frame.insert(frame.end(), pdu.begin(), pdu.end());
    Add(frame);
}

std::vector<std::vector<std::string>>
Capture::Dissect(const std::vector<std::string>& fields,
                 const std::vector<std::string>& preferences) const
{
    const TemporaryFile file(m_file);
    std::string command = "tshark -r " + file.GetPath() + " -T fields -E occurrence=a";
    for (const auto& field : fields)
    {
        command += " -e " + field;
    }
    std::vector<std::vector<std::string>> frames;
    for (const auto& preference : preferences)
    {
        command += " -o " + preference;
    }
    for (const auto& line : Run(command + " 2> /dev/null"))
    {
        frames.push_back(Split(line, '\t'));
    }
    if (frames.size() != m_frames)
    {
        throw std::runtime_error("tshark failed: " + command);
    }
    return frames;
}

std::vector<std::string>
Capture::FindLines(const std::string& part) const
{
    const TemporaryFile file(m_file);
    std::vector<std::string> lines;
    for (auto& line : Run("tshark -V -r " + file.GetPath() + " 2> /dev/null"))
    {
        if (line.find(part) != std::string::npos)
        {
            lines.push_back(std::move(line));
        }
    }
    return lines;
}

std::vector<std::string>
Capture::FindFaults() const
{
    constexpr auto error = 0x00800000; // PI_ERROR of Wireshark's proto.h
    std::vector<std::string> faults;
    std::size_t number = 0;
    for (const auto& frame :
         Dissect({"_ws.malformed", "_ws.expert.severity", "_ws.expert.message"}))
    {
        ++number;
        bool isFault = !frame[0].empty();
        for (const auto& severity : Split(frame[1], ','))
        {
            isFault = isFault || (!severity.empty() && std::stol(severity, nullptr, 0) >= error);
        }
        if (isFault)
        {
            faults.push_back("frame " + std::to_string(number) + ": " + frame[0] + frame[2]);
        }
    }
    return faults;
}

} // namespace p2pim::oracle
