// SPDX-License-Identifier: GPL-2.0-only
#include "show-report.h"

#include "run-reader.h"

#include <SQLiteCpp/Statement.h>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace p2pim
{
namespace campaign
{

namespace
{

using Json = nlohmann::ordered_json;

double
ToSeconds(int64_t ns)
{
    return static_cast<double>(ns) / 1e9;
}

/// @return milliseconds are as fine as a person reads.
std::string
FormatSeconds(int64_t ns)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.3f", ToSeconds(ns));
    return text;
}

/// @return a time that may never have come.
Cell
MakeTime(int64_t ns, Format format)
{
    if (ns < 0)
    {
        return std::monostate{};
    }
    return format == Format::JSON ? Cell(ToSeconds(ns)) : Cell(FormatSeconds(ns));
}

/// Calls @p visit with each planned run, or with one.
template <typename Visit>
void
VisitRuns(const SQLite::Database& database, std::optional<uint64_t> id, const Visit& visit)
{
    SQLite::Statement runs(
        database,
        "SELECT plan.run_id, plan.point_id, plan.scheme, plan.seed, sessions, succeeded, cause,"
        " detail, command FROM plan LEFT JOIN run ON run.id = plan.run_id"
        " LEFT JOIN failure ON failure.run_id = plan.run_id"
        " WHERE plan.run_id = ?1 OR ?1 IS NULL ORDER BY plan.run_id");
    if (id)
    {
        runs.bind(1, static_cast<int64_t>(*id));
    }
    SQLite::Statement parameters(database,
                                 "SELECT name, value FROM parameter JOIN variable"
                                 " ON variable.id = variable_id WHERE point_id = ? ORDER BY id");
    while (runs.executeStep())
    {
        RunEntry entry;
        entry.run.id = static_cast<uint64_t>(runs.getColumn(0).getInt64());
        entry.run.key.point = runs.getColumn(1).getUInt();
        entry.run.key.scheme = runs.getColumn(2).getString();
        entry.run.key.seed = static_cast<uint64_t>(runs.getColumn(3).getInt64());
        if (!runs.getColumn(4).isNull())
        {
            entry.sessions = static_cast<uint64_t>(runs.getColumn(4).getInt64());
            entry.succeeded = static_cast<uint64_t>(runs.getColumn(5).getInt64());
        }
        else if (!runs.getColumn(6).isNull())
        {
            entry.failure = {runs.getColumn(6), runs.getColumn(7), runs.getColumn(8)};
        }
        parameters.reset();
        parameters.bind(1, entry.run.key.point);
        while (parameters.executeStep())
        {
            entry.parameters.emplace_back(parameters.getColumn(0), parameters.getColumn(1));
        }
        visit(entry);
    }
}

/// @return "done", "failed" or "missing".
std::string
GetState(const RunEntry& entry)
{
    return entry.sessions ? "done" : entry.failure ? "failed" : "missing";
}

Json
ToJson(const RunEntry& entry)
{
    Json parameters = Json::object();
    for (const auto& [name, value] : entry.parameters)
    {
        parameters[name] = value;
    }
    Json json = {{"run", entry.run.id},
                 {"point", entry.run.key.point},
                 {"parameters", std::move(parameters)},
                 {"scheme", entry.run.key.scheme},
                 {"seed", entry.run.key.seed},
                 {"state", GetState(entry)},
                 {"sessions", entry.sessions ? Json(*entry.sessions) : Json()},
                 {"succeeded", entry.sessions ? Json(entry.succeeded) : Json()}};
    if (entry.failure)
    {
        json["cause"] = entry.failure->cause;
        json["detail"] = entry.failure->detail;
        json["command"] = entry.failure->command;
    }
    return json;
}

void
WriteFailure(const RunFailure& failure, std::ostream& out)
{
    out << failure.cause << ": " << failure.detail << "\n    " << failure.command << '\n';
}

void
WriteRunListText(const StudyView& study, const std::vector<RunEntry>& entries, std::ostream& out)
{
    const auto& progress = study.GetProgress();
    out << study.GetProvenance().scenario << " (" << study.GetProvenance().scenarioFile << "), "
        << GetStatusName(study.GetStatus()) << ": " << progress.made << " of " << progress.planned
        << " runs made, " << progress.failed << " failed\n\n";
    Table table;
    table.columns = {{"run", "", true}, {"point", "", true}};
    if (!entries.empty())
    {
        for (const auto& parameter : entries.front().parameters)
        {
            table.columns.push_back({parameter.first});
        }
    }
    for (const char* name : {"scheme", "seed", "sessions", "succeeded", "state"})
    {
        const std::string key = name;
        table.columns.push_back({key, "", key != "scheme" && key != "state"});
    }
    table.rows.reserve(entries.size());
    for (const auto& entry : entries)
    {
        auto& row = table.rows.emplace_back();
        row = {static_cast<int64_t>(entry.run.id), int64_t{entry.run.key.point}};
        for (const auto& parameter : entry.parameters)
        {
            row.emplace_back(parameter.second);
        }
        row.emplace_back(entry.run.key.scheme);
        row.emplace_back(std::to_string(entry.run.key.seed));
        row.push_back(entry.sessions ? Cell(static_cast<int64_t>(*entry.sessions)) : Cell());
        row.push_back(entry.sessions ? Cell(static_cast<int64_t>(entry.succeeded)) : Cell());
        row.emplace_back(GetState(entry));
    }
    WriteText(table, out);
    for (const auto& entry : entries)
    {
        if (entry.failure)
        {
            out << "\nRun " << entry.run.id << ": ";
            WriteFailure(*entry.failure, out);
        }
    }
}

/// @return the sessions of a run as a table.
Table
MakeSessionTable(const ::p2pim::RunRecord& run, Format format)
{
    Table table;
    table.columns = {{"session", "", true},
                     {"bearer"},
                     {"succeeded"},
                     {"setup_s", "set-up, s", true},
                     {"first_message_s", "first message, s", true},
                     {"cause"},
                     {"diagnosis"}};
    for (const auto& session : run.sessions)
    {
        table.rows.push_back({int64_t{session.index},
                              session.bearer,
                              session.succeeded,
                              MakeTime(session.setupNs, format),
                              MakeTime(session.firstMessageNs, format),
                              session.cause,
                              session.diagnosis});
    }
    return table;
}

/// Writes which run it is, in a line.
void
WriteEntryHeading(const RunEntry& entry, std::ostream& out)
{
    out << "Run " << entry.run.id << ": " << entry.run.key.scheme << ", seed " << entry.run.key.seed
        << ", point " << entry.run.key.point;
    const char* separator = " (";
    for (const auto& [name, value] : entry.parameters)
    {
        out << separator << name << "=" << value;
        separator = ", ";
    }
    out << (entry.parameters.empty() ? "" : ")");
}

/// Something that happened in a session.
struct Event
{
    int64_t timeNs;
    std::string kind; ///< "step", "message" or "attempt"
    std::string text;
};

const char*
GetEnd(bool isInitiator)
{
    return isInitiator ? "initiator" : "target";
}

void
AddMessage(const ::p2pim::MessageRecord& message, std::vector<Event>& events)
{
    const std::string name = "message " + std::to_string(message.index);
    events.push_back({message.sentNs,
                      "message",
                      name + " sent by the " + GetEnd(message.fromInitiator) + ", " +
                          std::to_string(message.octets) + " octets"});
    if (message.receivedNs >= 0)
    {
        events.push_back(
            {message.receivedNs,
             "message",
             name + " received, " + FormatSeconds(message.receivedNs - message.sentNs) + " s"});
    }
}

void
AddAttempt(std::size_t ordinal, const ::p2pim::AttemptRecord& attempt, std::vector<Event>& events)
{
    const std::string name = "attempt " + std::to_string(ordinal);
    events.push_back({attempt.startNs,
                      "attempt",
                      name + " of the " + GetEnd(attempt.fromInitiator) + ": " + attempt.candidate +
                          ", " + attempt.local + " to " + attempt.remote});
    if (attempt.endNs >= 0)
    {
        events.push_back({attempt.endNs,
                          "attempt",
                          name + " " + (attempt.outcome.empty() ? "connected" : attempt.outcome) +
                              ", tries: " + std::to_string(attempt.tries)});
    }
}

/// @return all of a session, by time.
std::vector<Event>
ListEvents(const ::p2pim::SessionRecord& session)
{
    std::vector<Event> events;
    for (const auto& step : session.steps)
    {
        events.push_back({step.timeNs, "step", step.name});
    }
    for (const auto& message : session.messages)
    {
        AddMessage(message, events);
    }
    for (std::size_t i = 0; i < session.attempts.size(); ++i)
    {
        AddAttempt(i, session.attempts[i], events);
    }
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
        return a.timeNs < b.timeNs;
    });
    return events;
}

Table
MakeEventTable(const std::vector<Event>& events, Format format)
{
    Table table;
    table.columns = {{"time_s", "time, s", true},
                     {"since_begin_s", "since begin, s", true},
                     {"kind"},
                     {"event"}};
    for (const auto& event : events)
    {
        table.rows.push_back({MakeTime(event.timeNs, format),
                              MakeTime(event.timeNs - events.front().timeNs, format),
                              event.kind,
                              event.text});
    }
    return table;
}

} // namespace

void
WriteRunList(const StudyView& study, bool failedOnly, Format format, std::ostream& out)
{
    std::vector<RunEntry> entries;
    study.Ask([&](const SQLite::Database& database) {
        VisitRuns(database, std::nullopt, [&](RunEntry& entry) {
            if (entry.failure || !failedOnly)
            {
                entries.push_back(std::move(entry));
            }
        });
    });
    if (format == Format::TABLE)
    {
        WriteRunListText(study, entries, out);
        return;
    }
    Json runs = Json::array();
    std::transform(entries.begin(), entries.end(), std::back_inserter(runs), [](const auto& entry) {
        return ToJson(entry);
    });
    out << Json{{"status", GetStatusName(study.GetStatus())}, {"runs", std::move(runs)}}.dump(2)
        << '\n';
}

std::optional<RunEntry>
FindRun(const StudyView& study, uint64_t id)
{
    std::optional<RunEntry> found;
    study.Ask([&](const SQLite::Database& database) {
        VisitRuns(database, id, [&](RunEntry& entry) { found = std::move(entry); });
    });
    return found;
}

void
WriteRunEntry(const StudyView& study, const RunEntry& entry, Format format, std::ostream& out)
{
    const auto run = study.Ask([&](const SQLite::Database& database) {
        return RunReader(database, {}).Read(static_cast<int64_t>(entry.run.id));
    });
    const auto sessions = MakeSessionTable(run, format);
    if (format == Format::JSON)
    {
        Json json = ToJson(entry);
        json["events"] = run.events;
        json["session"] = ToJson(sessions);
        out << json.dump(2) << '\n';
        return;
    }
    WriteEntryHeading(entry, out);
    if (entry.failure)
    {
        out << ", failed\n";
        WriteFailure(*entry.failure, out);
    }
    else if (!entry.sessions)
    {
        out << ", not made yet\n";
    }
    else
    {
        out << "\n"
            << *entry.sessions << " sessions, of which " << entry.succeeded << " succeeded; "
            << run.events << " events\n\n";
        WriteText(sessions, out);
    }
}

bool
WriteSession(const StudyView& study,
             const RunEntry& entry,
             uint32_t session,
             Format format,
             std::ostream& out)
{
    const auto run = study.Ask([&](const SQLite::Database& database) {
        return RunReader(database, {true, true, true, false})
            .Read(static_cast<int64_t>(entry.run.id));
    });
    const auto found = std::find_if(run.sessions.begin(),
                                    run.sessions.end(),
                                    [session](const auto& each) { return each.index == session; });
    if (found == run.sessions.end())
    {
        return false;
    }
    const auto events = MakeEventTable(ListEvents(*found), format);
    ::p2pim::RunRecord alone;
    alone.sessions = {*found};
    if (format == Format::JSON)
    {
        Json json = ToJson(MakeSessionTable(alone, format))[0];
        json["initiator_access"] = found->initiatorAccess;
        json["target_access"] = found->targetAccess;
        json["events"] = ToJson(events);
        out << json.dump(2) << '\n';
        return true;
    }
    WriteEntryHeading(entry, out);
    out << ", session " << session << "\n\n";
    WriteText(MakeSessionTable(alone, format), out);
    if (!found->initiatorAccess.empty() || !found->targetAccess.empty())
    {
        out << "\nThe initiator is behind: " << found->initiatorAccess
            << "; the target: " << found->targetAccess << '\n';
    }
    out << '\n';
    WriteText(events, out);
    return true;
}

} // namespace campaign
} // namespace p2pim
