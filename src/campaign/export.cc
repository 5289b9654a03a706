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

/// Writes the tables of one source.
class TableWriter
{
  public:
    TableWriter(const ExportSource& source, RowWriter& writer)
        : m_source(source),
          m_writer(writer),
          m_variables(source.GetVariables())
    {
    }

    void Write(ExportTable table);

  private:
    using Record = ::p2pim::RunRecord;

    /// Begins a table of runs. @param columns those behind what tells the runs apart.
    void Begin(const std::vector<std::string>& columns)
    {
        std::vector<std::string> all{"scheme", "seed"};
        if (!m_variables.empty())
        {
            all.emplace_back("point");
        }
        all.insert(all.end(), m_variables.begin(), m_variables.end());
        all.insert(all.end(), columns.begin(), columns.end());
        m_writer.Begin(all);
    }

    /// Writes a row of a table that Begin() began. @param fields those of the columns given there.
    void WriteRow(const RunKey& run, const std::vector<std::string>& values, const Row& fields)
    {
        Row row{run.scheme, run.seed};
        if (!m_variables.empty())
        {
            row.emplace_back(uint64_t{run.point});
        }
        row.insert(row.end(), values.begin(), values.end());
        row.insert(row.end(), fields.begin(), fields.end());
        m_writer.Write(row);
    }

    /// Writes the rows of each session. @param write is called with a session and what writes a
    /// row.
    template <typename Write>
    void VisitSessions(const RunParts& parts, const Write& write)
    {
        m_source.VisitRuns(parts, [&](const Record& run, const auto& values) {
            for (const auto& session : run.sessions)
            {
                write(session, [&](const Row& fields) {
                    WriteRow({run.scheme, run.seed, run.point}, values, fields);
                });
            }
        });
    }

    void WriteSessions();
    void WriteSteps();
    void WriteMessages();
    void WriteAttempts();
    void WriteCounters();
    void WriteRuns();
    void WriteConfiguration();
    void WriteFailures();
    void WritePoints();

    const ExportSource& m_source;
    RowWriter& m_writer;
    std::vector<std::string> m_variables;
};

void
TableWriter::WriteSessions()
{
    StepOrder order;
    m_source.VisitRuns({true}, [&order](const Record& run, const auto&) { order.Add(run); });
    std::vector<std::string> columns{"session",
                                     "bearer",
                                     "succeeded",
                                     "cause",
                                     "diagnosis",
                                     "initiator_access",
                                     "target_access",
                                     "setup_s",
                                     "first_message_s"};
    std::map<std::string, size_t> columnOf;
    for (const auto& step : order.Get())
    {
        columnOf[step] = columns.size();
        columns.push_back(step + "_s");
    }
    Begin(columns);
    VisitSessions({true}, [&](const auto& session, const auto& write) {
        Row row{uint64_t{session.index},
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
        write(row);
    });
}

void
TableWriter::WriteSteps()
{
    Begin({"session", "ordinal", "step", "time_s"});
    VisitSessions({true}, [](const auto& session, const auto& write) {
        uint64_t ordinal = 0;
        for (const auto& step : session.steps)
        {
            write({uint64_t{session.index}, ordinal++, step.name, Time{step.timeNs}});
        }
    });
}

void
TableWriter::WriteMessages()
{
    Begin({"session", "message", "from_initiator", "octets", "sent_s", "received_s", "delay_s"});
    RunParts parts;
    parts.messages = true;
    VisitSessions(parts, [](const auto& session, const auto& write) {
        for (const auto& message : session.messages)
        {
            const bool received = message.receivedNs >= 0;
            write({uint64_t{session.index},
                   uint64_t{message.index},
                   message.fromInitiator,
                   uint64_t{message.octets},
                   Time{message.sentNs},
                   Time{message.receivedNs},
                   Time{received ? message.receivedNs - message.sentNs : -1}});
        }
    });
}

void
TableWriter::WriteAttempts()
{
    Begin({"session",
           "ordinal",
           "from_initiator",
           "candidate",
           "local",
           "remote",
           "tries",
           "start_s",
           "end_s",
           "outcome"});
    RunParts parts;
    parts.attempts = true;
    VisitSessions(parts, [](const auto& session, const auto& write) {
        uint64_t ordinal = 0;
        for (const auto& attempt : session.attempts)
        {
            write({uint64_t{session.index},
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
    });
}

void
TableWriter::WriteCounters()
{
    Begin({"element", "counter", "value"});
    RunParts parts;
    parts.counters = true;
    m_source.VisitRuns(parts, [&](const Record& run, const auto& values) {
        for (const auto& counter : run.counters)
        {
            WriteRow({run.scheme, run.seed, run.point},
                     values,
                     {counter.element, counter.name, counter.value});
        }
    });
}

void
TableWriter::WriteRuns()
{
    Begin({"sessions", "succeeded", "events"});
    m_source.VisitRuns({}, [&](const Record& run, const auto& values) {
        const auto succeeded = std::count_if(run.sessions.begin(),
                                             run.sessions.end(),
                                             [](const auto& session) { return session.succeeded; });
        WriteRow({run.scheme, run.seed, run.point},
                 values,
                 {uint64_t{run.sessions.size()}, static_cast<uint64_t>(succeeded), run.events});
    });
}

void
TableWriter::WriteConfiguration()
{
    auto settings = m_source.GetProvenance().configuration;
    std::sort(settings.begin(), settings.end(), [](const auto& a, const auto& b) {
        return a.key < b.key;
    });
    m_writer.Begin({"key", "value", "is_default"});
    for (const auto& setting : settings)
    {
        m_writer.Write({setting.key, setting.value, setting.isDefault});
    }
}

void
TableWriter::WriteFailures()
{
    Begin({"cause", "detail", "command"});
    m_source.VisitFailures([&](const FailedRun& failed, const auto& values) {
        const auto& failure = failed.failure;
        WriteRow(failed.run.key, values, {failure.cause, failure.detail, failure.command});
    });
}

void
TableWriter::WritePoints()
{
    std::vector<std::string> columns{"point"};
    columns.insert(columns.end(), m_variables.begin(), m_variables.end());
    m_writer.Begin(columns);
    m_source.VisitPoints([&](const Point& point) {
        Row row{uint64_t{point.id}};
        row.insert(row.end(), point.values.begin(), point.values.end());
        m_writer.Write(row);
    });
}

void
TableWriter::Write(ExportTable table)
{
    switch (table)
    {
    case ExportTable::SESSIONS:
        return WriteSessions();
    case ExportTable::STEPS:
        return WriteSteps();
    case ExportTable::MESSAGES:
        return WriteMessages();
    case ExportTable::ATTEMPTS:
        return WriteAttempts();
    case ExportTable::COUNTERS:
        return WriteCounters();
    case ExportTable::RUNS:
        return WriteRuns();
    case ExportTable::CONFIGURATION:
        return WriteConfiguration();
    case ExportTable::FAILURES:
        return WriteFailures();
    case ExportTable::POINTS:
        return WritePoints();
    }
}

/// @return whether a table is of a study only, and this is none: nothing varies or failed.
bool
IsIdle(ExportTable table, const ExportSource& source)
{
    if (table != ExportTable::FAILURES && table != ExportTable::POINTS)
    {
        return false;
    }
    bool hasFailures = false;
    source.VisitFailures([&hasFailures](const auto&, const auto&) { hasFailures = true; });
    return source.GetVariables().empty() && !hasFailures;
}

} // namespace

const std::vector<std::string>&
GetExportTableNames()
{
    static const std::vector<std::string> names{"sessions",
                                                "steps",
                                                "messages",
                                                "attempts",
                                                "counters",
                                                "runs",
                                                "configuration",
                                                "failures",
                                                "points"};
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
ExportCsv(const ExportSource& source, ExportTable table, std::ostream& out)
{
    CsvWriter writer(out);
    TableWriter(source, writer).Write(table);
}

void
ExportJson(const ExportSource& source, const std::vector<ExportTable>& tables, std::ostream& out)
{
    JsonWriter writer(out);
    const char* separator = "{\n  \"";
    for (const auto& name : GetExportTableNames())
    {
        const auto table = FindExportTable(name).value();
        if (tables.empty() ? !IsIdle(table, source)
                           : std::find(tables.begin(), tables.end(), table) != tables.end())
        {
            out << separator << name << "\": ";
            TableWriter(source, writer).Write(table);
            writer.End();
            separator = ",\n  \"";
        }
    }
    out << "\n}\n";
}

} // namespace campaign
} // namespace p2pim
