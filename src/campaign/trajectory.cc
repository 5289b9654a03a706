// SPDX-License-Identifier: GPL-2.0-only
#include "trajectory.h"

#include "store-error.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iomanip>
#include <sstream>
#include <tuple>
#include <zlib.h>

namespace p2pim
{

bool
operator==(const EventRecord& a, const EventRecord& b)
{
    return std::tie(a.timeNs, a.context, a.packets, a.octets) ==
           std::tie(b.timeNs, b.context, b.packets, b.octets);
}

namespace campaign
{

namespace
{

[[noreturn]] void
RefuseDamaged(const std::string& path, const std::string& problem)
{
    throw StoreError(StoreError::Code::NOT_RESULTS,
                     path + ": damaged: " + problem + "; check --update makes it anew");
}

std::string
Compress(const std::string& text)
{
    constexpr int gzip = 15 + 16; // the largest window, gzip's header, which has no date here
    constexpr int memory = 8;
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip, memory, Z_DEFAULT_STRATEGY) !=
        Z_OK)
    {
        throw StoreError(StoreError::Code::FAILED, "trajectories cannot be compressed");
    }
    std::string octets(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(octets.data());
    stream.avail_out = static_cast<uInt>(octets.size());
    const int result = deflate(&stream, Z_FINISH);
    octets.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END)
    {
        throw StoreError(StoreError::Code::FAILED, "trajectories cannot be compressed");
    }
    return octets;
}

std::string
Decompress(const std::string& path)
{
    gzFile file = gzopen(path.c_str(), "rb");
    if (!file)
    {
        throw StoreError(StoreError::Code::NOT_READABLE, path + ": cannot be read");
    }
    std::string text;
    std::array<char, 65536> part{};
    int octets = 0;
    while ((octets = gzread(file, part.data(), part.size())) > 0)
    {
        text.append(part.data(), static_cast<std::size_t>(octets));
    }
    // a file that ends too early is told of only here
    if (gzclose(file) != Z_OK || octets < 0)
    {
        RefuseDamaged(path, "cannot be decompressed");
    }
    return text;
}

/// Reads "DELTA NODE [PACKETS OCTETS]". @return whether it is that.
bool
ReadEvent(const std::string& line, EventRecord& event)
{
    std::istringstream words(line);
    int64_t delta = 0;
    std::string node;
    if (!(words >> delta >> node))
    {
        return false;
    }
    event.timeNs += delta;
    event.context = EventRecord::NO_NODE;
    if (node != "-" && !(std::istringstream(node) >> event.context))
    {
        return false;
    }
    event.packets = 0;
    event.octets = 0;
    return (words >> std::ws).eof() || static_cast<bool>(words >> event.packets >> event.octets);
}

std::string
Describe(const std::optional<EventRecord>& event)
{
    if (!event)
    {
        return "the run has ended";
    }
    constexpr int64_t second = 1000000000;
    std::ostringstream text;
    text << event->timeNs / second << "." << std::setfill('0') << std::setw(9)
         << event->timeNs % second << " s, ";
    if (event->context == EventRecord::NO_NODE)
    {
        text << "no node";
    }
    else
    {
        text << "node " << event->context;
    }
    if (event->packets > 0)
    {
        text << ", " << event->packets << (event->packets == 1 ? " IP packet" : " IP packets")
             << " of " << event->octets << " octets";
    }
    return text.str();
}

} // namespace

std::string
GetTrajectoryPath(const std::string& baseline)
{
    return std::filesystem::path(baseline).replace_extension("events.gz").string();
}

std::string
FormatTrajectories(const std::vector<Trajectory>& trajectories)
{
    std::ostringstream text;
    for (const auto& run : trajectories)
    {
        text << "run " << run.scheme << " " << run.seed << " " << run.mark << "\n";
        int64_t last = 0;
        for (const auto& event : run.events)
        {
            text << event.timeNs - last << " ";
            last = event.timeNs;
            if (event.context == EventRecord::NO_NODE)
            {
                text << "-";
            }
            else
            {
                text << event.context;
            }
            if (event.packets > 0)
            {
                text << " " << event.packets << " " << event.octets;
            }
            text << "\n";
        }
    }
    return Compress(text.str());
}

std::vector<Trajectory>
ReadTrajectories(const std::string& path)
{
    std::vector<Trajectory> trajectories;
    std::error_code unknown;
    if (!std::filesystem::exists(path, unknown))
    {
        return trajectories;
    }
    std::istringstream text(Decompress(path));
    std::string line;
    EventRecord event;
    for (uint64_t number = 1; std::getline(text, line); ++number)
    {
        if (line.rfind("run ", 0) == 0)
        {
            auto& run = trajectories.emplace_back();
            std::string word;
            std::istringstream(line) >> word >> run.scheme >> run.seed >> run.mark;
            event = {};
        }
        else if (trajectories.empty() || !ReadEvent(line, event))
        {
            RefuseDamaged(path, "line " + std::to_string(number));
        }
        else
        {
            trajectories.back().events.push_back(event);
        }
    }
    return trajectories;
}

std::string
Describe(const TrajectoryDifference& difference)
{
    std::ostringstream text;
    text << "event " << difference.index << ": before " << Describe(difference.before) << "; now "
         << Describe(difference.after);
    return text.str();
}

std::optional<TrajectoryDifference>
FindDifference(const std::vector<EventRecord>& before, const std::vector<EventRecord>& after)
{
    const auto [old, present] =
        std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    if (old == before.end() && present == after.end())
    {
        return std::nullopt;
    }
    TrajectoryDifference difference;
    difference.index = static_cast<uint64_t>(old - before.begin()) + 1;
    difference.before = old == before.end() ? std::nullopt : std::optional(*old);
    difference.after = present == after.end() ? std::nullopt : std::optional(*present);
    return difference;
}

} // namespace campaign
} // namespace p2pim
