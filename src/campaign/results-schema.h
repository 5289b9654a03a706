// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_RESULTS_SCHEMA_H
#define P2PIM_CAMPAIGN_RESULTS_SCHEMA_H

#include "results.h"

#include <cstddef>
#include <string>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// PRAGMA user_version of a results file; a change of the tables raises it.
constexpr int g_schemaVersion = 3;

/// PRAGMA application_id of a results file: "p2pi" in ASCII.
constexpr int g_applicationId = 0x70327069;

/// The tables. Times are nanoseconds of simulated time, NULL for what never happened.
constexpr const char* g_schema = R"sql(
CREATE TABLE meta (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE configuration (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL,
    is_default INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE variable (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    attribute TEXT NOT NULL
);
CREATE TABLE point (
    id INTEGER PRIMARY KEY
);
CREATE TABLE parameter (
    point_id INTEGER NOT NULL REFERENCES point (id),
    variable_id INTEGER NOT NULL REFERENCES variable (id),
    value TEXT NOT NULL,
    PRIMARY KEY (point_id, variable_id)
) WITHOUT ROWID;
CREATE TABLE plan (
    run_id INTEGER PRIMARY KEY,
    point_id INTEGER NOT NULL REFERENCES point (id),
    scheme TEXT NOT NULL,
    seed INTEGER NOT NULL,
    UNIQUE (point_id, scheme, seed)
);
CREATE TABLE failure (
    run_id INTEGER PRIMARY KEY REFERENCES plan (run_id),
    cause TEXT NOT NULL,
    detail TEXT NOT NULL,
    command TEXT NOT NULL
);
CREATE TABLE run (
    id INTEGER PRIMARY KEY REFERENCES plan (run_id),
    point_id INTEGER NOT NULL REFERENCES point (id),
    scheme TEXT NOT NULL,
    seed INTEGER NOT NULL,
    events INTEGER NOT NULL,
    sessions INTEGER NOT NULL,
    succeeded INTEGER NOT NULL
);
CREATE TABLE session (
    run_id INTEGER NOT NULL REFERENCES run (id),
    idx INTEGER NOT NULL,
    bearer TEXT NOT NULL,
    succeeded INTEGER NOT NULL,
    cause TEXT NOT NULL,
    diagnosis TEXT NOT NULL,
    initiator_access TEXT NOT NULL,
    target_access TEXT NOT NULL,
    setup_ns INTEGER,
    first_message_ns INTEGER,
    PRIMARY KEY (run_id, idx)
) WITHOUT ROWID;
CREATE TABLE step (
    run_id INTEGER NOT NULL REFERENCES run (id),
    session_idx INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,
    time_ns INTEGER NOT NULL,
    PRIMARY KEY (run_id, session_idx, ordinal)
) WITHOUT ROWID;
CREATE TABLE message (
    run_id INTEGER NOT NULL REFERENCES run (id),
    session_idx INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    from_initiator INTEGER NOT NULL,
    octets INTEGER NOT NULL,
    sent_ns INTEGER NOT NULL,
    received_ns INTEGER,
    PRIMARY KEY (run_id, session_idx, idx)
) WITHOUT ROWID;
CREATE TABLE attempt (
    run_id INTEGER NOT NULL REFERENCES run (id),
    session_idx INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    from_initiator INTEGER NOT NULL,
    candidate TEXT NOT NULL,
    local TEXT NOT NULL,
    remote TEXT NOT NULL,
    tries INTEGER NOT NULL,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER,
    outcome TEXT NOT NULL,
    PRIMARY KEY (run_id, session_idx, ordinal)
) WITHOUT ROWID;
CREATE TABLE counter_name (
    list_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    element TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (list_id, ordinal),
    UNIQUE (list_id, element, name)
) WITHOUT ROWID;
CREATE TABLE counter_list (
    run_id INTEGER PRIMARY KEY REFERENCES run (id),
    list_id INTEGER NOT NULL,
    counter_values TEXT NOT NULL
);
CREATE VIEW runs AS
    SELECT id AS run_id, point_id, scheme, seed, sessions, succeeded, events FROM run;
CREATE VIEW sessions AS
    SELECT run_id, point_id, scheme, seed, idx AS session, bearer, session.succeeded, cause,
        diagnosis, initiator_access, target_access, setup_ns / 1e9 AS setup_s,
        first_message_ns / 1e9 AS first_message_s
    FROM session JOIN run ON run.id = run_id;
CREATE VIEW messages AS
    SELECT run_id, point_id, scheme, seed, session_idx AS session, idx AS message, from_initiator,
        octets, sent_ns / 1e9 AS sent_s, received_ns / 1e9 AS received_s,
        (received_ns - sent_ns) / 1e9 AS delay_s
    FROM message JOIN run ON run.id = run_id;
CREATE VIEW phases AS
    SELECT step.run_id, point_id, scheme, seed, step.session_idx AS session, step.ordinal,
        step.name AS until, (step.time_ns - before.time_ns) / 1e9 AS duration_s
    FROM step JOIN step AS before ON before.run_id = step.run_id
        AND before.session_idx = step.session_idx AND before.ordinal = step.ordinal - 1
    JOIN run ON run.id = step.run_id;
CREATE VIEW counters AS
    SELECT run_id, point_id, scheme, seed, element, name, CAST(each.value AS REAL) AS value
    FROM counter_list JOIN run ON run.id = run_id CROSS JOIN json_each(counter_values) AS each
    CROSS JOIN counter_name ON counter_name.list_id = counter_list.list_id AND ordinal = each.key;
CREATE VIEW parameters AS
    SELECT point_id, name AS variable, attribute, value
    FROM parameter JOIN variable ON variable.id = variable_id;
CREATE VIEW failures AS
    SELECT run_id, point_id, scheme, seed, cause, detail, command
    FROM failure JOIN plan USING (run_id);
)sql";

/**
 * The view `points`: a row a point, a column a variable.
 *
 * @param variables of the study.
 * @return the statement that makes it.
 */
inline std::string
GetPointsView(const std::vector<Variable>& variables)
{
    std::string sql = "CREATE VIEW points AS SELECT id AS point_id";
    for (std::size_t i = 0; i < variables.size(); ++i)
    {
        std::string name;
        for (const char c : variables[i].name)
        {
            name.append(c == '"' ? 2 : 1, c);
        }
        sql += ", (SELECT value FROM parameter WHERE point_id = point.id AND variable_id = " +
               std::to_string(i) + ") AS \"" + name + "\"";
    }
    return sql + " FROM point";
}

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_RESULTS_SCHEMA_H
