// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_RESULTS_SCHEMA_H
#define P2PIM_CAMPAIGN_RESULTS_SCHEMA_H

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
CREATE TABLE counter (
    run_id INTEGER NOT NULL REFERENCES run (id),
    element TEXT NOT NULL,
    name TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (run_id, element, name)
) WITHOUT ROWID;
)sql";

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_RESULTS_SCHEMA_H
