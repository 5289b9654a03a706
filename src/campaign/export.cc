// SPDX-License-Identifier: GPL-2.0-only
#include "export.h"

#include "csv.h"
#include "step-order.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <variant>

namespace p2pim
{
namespace campaign
{

namespace
{

/// A time of an export; -1 ns is a time that never came.
struct Time
{
    int64_t ns = -1;
};

/// A field of a row.
using Field = std::variant<std::string, uint64_t, double, bool, Time>;
using Row = std::vector<Field>;
using Runs = std::vector<const ::p2pim::RunRecord*>;

/// Takes the rows of a table one by one, so that no table has to be in memory as a whole.
class RowWriter
{
  public:
    virtual ~RowWriter() = default;
    /// Called once, before the rows.
    virtual void Begin(const std::vector<std::string>& columns) = 0;
    /// Called for each row, which is as long as the columns.
    virtual void Write(const Row& row) = 0;
};

std::string
FormatSeconds(int64_t ns)
{
    constexpr int64_t second = 1000000000;
    char text[40];
    std::snprintf(text,
                  sizeof text,
                  "%lld.%09lld",
                  static_cast<long long>(ns / second),
                  static_cast<long long>(ns % second));
    return text;
}

/// CSV as RFC 4180 has it, but for the ends of lines.
class CsvWriter : public RowWriter
{
  public:
    explicit CsvWriter(std::ostream& out)
        : m_out(out)
    {
    }

    void Begin(const std::vector<std::string>& columns) override
    {
        Write(Row(columns.begin(), columns.end()));
    }

    void Write(const Row& row) override
    {
        std::string line;
        for (const auto& field : row)
        {
            line += line.empty() && &field == row.data() ? "" : ",";
            line += std::visit(*this, field);
        }
        m_out << line << '\n';
    }

    std::string operator()(const std::string& text) const
    {
        return QuoteCsv(text);
    }

    std::string operator()(uint64_t number) const
    {
        return std::to_string(number);
    }

    std::string operator()(double number) const
    {
        return FormatNumber(number);
    }

    std::string operator()(bool truth) const
    {
        return truth ? "1" : "0";
    }

    std::string operator()(Time time) const
    {
        return time.ns < 0 ? "" : FormatSeconds(time.ns);
    }

  private:
    std::ostream& m_out;
};

/// A JSON array with an object per line.
class JsonWriter : public RowWriter
{
  public:
    explicit JsonWriter(std::ostream& out)
        : m_out(out)
    {
    }

    void Begin(const std::vector<std::string>& columns) override
    {
        m_keys.clear();
        for (const auto& column : columns)
        {
            m_keys.push_back(nlohmann::json(column).dump());
        }
        m_separator = "\n    ";
        m_out << '[';
    }

    void Write(const Row& row) override
    {
        std::string line;
        for (size_t i = 0; i < row.size(); ++i)
        {
            line += (i == 0 ? "{" : ", ") + m_keys[i] + ": " + std::visit(*this, row[i]);
        }
        m_out << m_separator << line << '}';
        m_separator = ",\n    ";
    }

    void End()
    {
        m_out << "\n  ]";
    }

    std::string operator()(const std::string& text) const
    {
        return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }

    std::string operator()(uint64_t number) const
    {
        return std::to_string(number);
    }

    std::string operator()(double number) const
    {
        return nlohmann::json(number).dump();
    }

    std::string operator()(bool truth) const
    {
        return truth ? "true" : "false";
    }

    std::string operator()(Time time) const
    {
        return time.ns < 0 ? "null" : FormatSeconds(time.ns);
    }

  private:
    std::ostream& m_out;
    std::vector<std::string> m_keys;
    const char* m_separator = "";
};

void
WriteSessions(const Runs& runs, RowWriter& writer)
{
    const auto steps = GetStepOrder(runs);
    std::vector<std::string> columns{"scheme",
                                     "seed",
                                     "session",
                                     "bearer",
                                     "succeeded",
                                     "cause",
                                     "diagnosis",
                                     "initiator_access",
                                     "target_access",
                                     "setup_s",
                                     "first_message_s"};
    std::map<std::string, size_t> columnOf;
    for (const auto& step : steps)
    {
        columnOf[step] = columns.size();
        columns.push_back(step + "_s");
    }
    writer.Begin(columns);
    for (const auto* run : runs)
    {
        for (const auto& session : run->sessions)
        {
            Row row{run->scheme,
                    run->seed,
                    uint64_t{session.index},
                    session.bearer,
                    session.succeeded,
                    session.cause,
                    session.diagnosis,
                    session.initiatorAccess,
                    session.targetAccess,
                    Time{session.setupNs},
                    Time{session.firstMessageNs}};
            row.resize(columns.size(), Time{});
            // From the last to the first, so that the first of two of the same name stays.
            std::for_each(session.steps.rbegin(), session.steps.rend(), [&](const auto& step) {
                row[columnOf[step.name]] = Time{step.timeNs};
            });
            writer.Write(row);
        }
    }
}

void
WriteSteps(const Runs& runs, RowWriter& writer)
{
    writer.Begin({"scheme", "seed", "session", "ordinal", "step", "time_s"});
    for (const auto* run : runs)
    {
        for (const auto& session : run->sessions)
        {
            uint64_t ordinal = 0;
            for (const auto& step : session.steps)
            {
                writer.Write({run->scheme,
                              run->seed,
                              uint64_t{session.index},
                              ordinal++,
                              step.name,
                              Time{step.timeNs}});
            }
        }
    }
}

void
WriteMessages(const Runs& runs, RowWriter& writer)
{
    writer.Begin({"scheme",
                  "seed",
                  "session",
                  "message",
                  "from_initiator",
                  "octets",
                  "sent_s",
                  "received_s",
                  "delay_s"});
    for (const auto* run : runs)
    {
        for (const auto& session : run->sessions)
        {
            for (const auto& message : session.messages)
            {
                const bool received = message.receivedNs >= 0;
                writer.Write({run->scheme,
                              run->seed,
                              uint64_t{session.index},
                              uint64_t{message.index},
                              message.fromInitiator,
                              uint64_t{message.octets},
                              Time{message.sentNs},
                              Time{message.receivedNs},
                              Time{received ? message.receivedNs - message.sentNs : -1}});
            }
        }
    }
}

void
WriteAttempts(const Runs& runs, RowWriter& writer)
{
    writer.Begin({"scheme",
                  "seed",
                  "session",
                  "ordinal",
                  "from_initiator",
                  "candidate",
                  "local",
                  "remote",
                  "tries",
                  "start_s",
                  "end_s",
                  "outcome"});
    for (const auto* run : runs)
    {
        for (const auto& session : run->sessions)
        {
            uint64_t ordinal = 0;
            for (const auto& attempt : session.attempts)
            {
                writer.Write({run->scheme,
                              run->seed,
                              uint64_t{session.index},
                              ordinal++,
                              attempt.fromInitiator,
                              attempt.candidate,
                              attempt.local,
                              attempt.remote,
                              uint64_t{attempt.tries},
                              Time{attempt.startNs},
                              Time{attempt.endNs},
                              attempt.outcome});
            }
        }
    }
}

void
WriteCounters(const Runs& runs, RowWriter& writer)
{
    writer.Begin({"scheme", "seed", "element", "counter", "value"});
    for (const auto* run : runs)
    {
        for (const auto& counter : run->counters)
        {
            writer.Write({run->scheme, run->seed, counter.element, counter.name, counter.value});
        }
    }
}

void
WriteRuns(const Runs& runs, RowWriter& writer)
{
    writer.Begin({"scheme", "seed", "sessions", "succeeded", "events"});
    for (const auto* run : runs)
    {
        const auto succeeded = std::count_if(run->sessions.begin(),
                                             run->sessions.end(),
                                             [](const auto& session) { return session.succeeded; });
        writer.Write({run->scheme,
                      run->seed,
                      uint64_t{run->sessions.size()},
                      static_cast<uint64_t>(succeeded),
                      run->events});
    }
}

void
WriteConfiguration(const Provenance& provenance, RowWriter& writer)
{
    auto settings = provenance.configuration;
    std::sort(settings.begin(), settings.end(), [](const auto& a, const auto& b) {
        return a.key < b.key;
    });
    writer.Begin({"key", "value", "is_default"});
    for (const auto& setting : settings)
    {
        writer.Write({setting.key, setting.value, setting.isDefault});
    }
}

void
WriteTable(const Results& results, ExportTable table, const Runs& runs, RowWriter& writer)
{
    switch (table)
    {
    case ExportTable::SESSIONS:
        return WriteSessions(runs, writer);
    case ExportTable::STEPS:
        return WriteSteps(runs, writer);
    case ExportTable::MESSAGES:
        return WriteMessages(runs, writer);
    case ExportTable::ATTEMPTS:
        return WriteAttempts(runs, writer);
    case ExportTable::COUNTERS:
        return WriteCounters(runs, writer);
    case ExportTable::RUNS:
        return WriteRuns(runs, writer);
    case ExportTable::CONFIGURATION:
        return WriteConfiguration(results.provenance, writer);
    }
}

} // namespace

const std::vector<std::string>&
GetExportTableNames()
{
    static const std::vector<std::string>
        names{"sessions", "steps", "messages", "attempts", "counters", "runs", "configuration"};
    return names;
}

std::optional<ExportTable>
FindExportTable(const std::string& name)
{
    const auto& names = GetExportTableNames();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
    {
        return std::nullopt;
    }
    return static_cast<ExportTable>(found - names.begin());
}

void
ExportCsv(const Results& results,
          ExportTable table,
          const std::vector<std::string>& schemes,
          std::ostream& out)
{
    CsvWriter writer(out);
    WriteTable(results, table, SelectRuns(results, schemes), writer);
}

void
ExportJson(const Results& results,
           const std::vector<ExportTable>& tables,
           const std::vector<std::string>& schemes,
           std::ostream& out)
{
    const auto runs = SelectRuns(results, schemes);
    JsonWriter writer(out);
    const char* separator = "{\n  \"";
    for (const auto& name : GetExportTableNames())
    {
        const auto table = FindExportTable(name).value();
        if (tables.empty() || std::find(tables.begin(), tables.end(), table) != tables.end())
        {
            out << separator << name << "\": ";
            WriteTable(results, table, runs, writer);
            writer.End();
            separator = ",\n  \"";
        }
    }
    out << "\n}\n";
}

} // namespace campaign
} // namespace p2pim
