// SPDX-License-Identifier: GPL-2.0-only
#include "dry-run.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace p2pim::program
{

namespace
{

/// Does something with each run of a study, in the order of the plan.
template <typename Work>
void
ForEachRun(Study& study, const Work& work)
{
    campaign::PlannedRun run;
    for (uint64_t seed = 0; seed < study.GetSeeds(); ++seed)
    {
        run.key.seed = study.GetFirstSeed() + seed;
        for (uint64_t point = 0; point < study.GetPointCount(); ++point)
        {
            const auto& values = study.GetPoint(point);
            run.key.point = static_cast<uint32_t>(point);
            for (const auto& scheme : study.GetSchemes())
            {
                run.key.scheme = scheme;
                ++run.id;
                work(run, values);
            }
        }
    }
}

/// @return "1 run", "2 runs".
std::string
Count(uint64_t number, const std::string& noun)
{
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

/// @return a time in its two largest units: "2 h 5 min".
std::string
FormatSeconds(double seconds)
{
    constexpr uint64_t perMinute = 60;
    constexpr uint64_t perHour = 3600;
    constexpr uint64_t perDay = 86400;
    const auto whole = static_cast<uint64_t>(std::llround(std::max(seconds, 1.0)));
    const auto join =
        [whole](uint64_t unit, const char* name, uint64_t part, const char* partName) {
            const uint64_t rest = whole % unit / part;
            return std::to_string(whole / unit) + name +
                   (rest == 0 ? "" : " " + std::to_string(rest) + partName);
        };
    return whole < perMinute ? std::to_string(whole) + " s"
           : whole < perHour ? join(perMinute, " min", 1, " s")
           : whole < perDay  ? join(perHour, " h", perMinute, " min")
                             : join(perDay, " d", perHour, " h");
}

/// The columns of the list: run, scheme, seed, variables.
class RunList
{
  public:
    explicit RunList(Study& study)
        : m_cells{"run", "scheme", "seed"}
    {
        m_cells.reserve(VALUES + study.GetVariables().size());
        for (const auto& variable : study.GetVariables())
        {
            m_cells.push_back(variable.name);
        }
        m_widths.reserve(m_cells.size());
        for (const auto& cell : m_cells)
        {
            m_widths.push_back(cell.size());
        }
        const uint64_t lastSeed = study.GetFirstSeed() + study.GetSeeds() - 1;
        Widen(RUN, std::to_string(study.GetRunCount()));
        Widen(SEED, std::to_string(lastSeed));
        for (const auto& scheme : study.GetSchemes())
        {
            Widen(SCHEME, scheme);
        }
        for (uint64_t point = 0; point < study.GetPointCount(); ++point)
        {
            const auto& values = study.GetPoint(point);
            for (std::size_t n = 0; n < values.size(); ++n)
            {
                Widen(VALUES + n, values[n]);
            }
        }
    }

    /// Writes the names of the columns, and a rule below them.
    void WriteHeader(std::ostream& out)
    {
        WriteLine(out);
        for (std::size_t n = 0; n < m_cells.size(); ++n)
        {
            m_cells[n] = std::string(m_widths[n], '-');
        }
        WriteLine(out);
    }

    void Write(const campaign::PlannedRun& run,
               const std::vector<std::string>& values,
               std::ostream& out)
    {
        m_cells[RUN] = std::to_string(run.id);
        m_cells[SCHEME] = run.key.scheme;
        m_cells[SEED] = std::to_string(run.key.seed);
        std::copy(values.begin(), values.end(), m_cells.begin() + VALUES);
        WriteLine(out);
    }

  private:
    enum Column : std::size_t
    {
        RUN,
        SCHEME,
        SEED,
        VALUES, ///< and those behind it
    };

    void Widen(std::size_t column, const std::string& cell)
    {
        m_widths[column] = std::max(m_widths[column], cell.size());
    }

    void WriteLine(std::ostream& out)
    {
        std::string line;
        for (std::size_t n = 0; n < m_cells.size(); ++n)
        {
            const std::string padding(m_widths[n] - m_cells[n].size(), ' ');
            const bool isNumber = n == RUN || n == SEED;
            line.append(n == 0 ? "" : "  ");
            line.append(isNumber ? padding : m_cells[n]).append(isNumber ? m_cells[n] : padding);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << line << '\n';
    }

    std::vector<std::string> m_cells; ///< of the present line
    std::vector<std::size_t> m_widths;
};

void
WriteTable(Study& study, std::optional<double> seconds, std::ostream& out)
{
    RunList list(study);
    list.WriteHeader(out);
    ForEachRun(study, [&](const auto& run, const auto& values) { list.Write(run, values, out); });
    out << '\n'
        << Count(study.GetRunCount(), "run") << " (" << Count(study.GetPointCount(), "point")
        << ", " << Count(study.GetSeeds(), "seed") << ", "
        << Count(study.GetSchemes().size(), "scheme") << "), "
        << Count(study.GetSessionCount(), "session");
    if (seconds)
    {
        out << ", about " << FormatSeconds(*seconds);
    }
    out << '\n';
}

void
WriteJson(Study& study, std::optional<double> seconds, std::ostream& out)
{
    using Json = nlohmann::ordered_json;
    Json variables = Json::array();
    for (const auto& variable : study.GetVariables())
    {
        variables.push_back({{"name", variable.name}, {"attribute", variable.attribute}});
    }
    out << "{\n  \"variables\": " << variables.dump() << ",\n  \"runs\": [";
    ForEachRun(study, [&](const auto& run, const auto& values) {
        Json named = Json::object();
        for (std::size_t n = 0; n < values.size(); ++n)
        {
            named[study.GetVariables()[n].name] = values[n];
        }
        const Json line{{"run", run.id},
                        {"scheme", run.key.scheme},
                        {"seed", run.key.seed},
                        {"point", run.key.point},
                        {"values", named}};
        out << (run.id == 1 ? "" : ",") << "\n    " << line.dump();
    });
    out << "\n  ],\n  \"points\": " << study.GetPointCount()
        << ",\n  \"planned\": " << study.GetRunCount()
        << ",\n  \"sessions\": " << study.GetSessionCount()
        << ",\n  \"seconds\": " << (seconds ? Json(*seconds) : Json()).dump() << "\n}\n";
}

} // namespace

void
WriteDryRun(Study& study, campaign::Format format, std::optional<double> seconds, std::ostream& out)
{
    format == campaign::Format::JSON ? WriteJson(study, seconds, out)
                                     : WriteTable(study, seconds, out);
}

} // namespace p2pim::program
