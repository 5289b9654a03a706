// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_RUN_READER_H
#define P2PIM_CAMPAIGN_RUN_READER_H

#include "results.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <cstdint>
#include <memory>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// What of a run is read besides its sessions themselves.
struct RunParts
{
    bool steps = false;    ///< of the sessions
    bool messages = false; ///< of the sessions
    bool attempts = false; ///< of the sessions
    bool counters = false; ///< of the run
};

/// Reads a results file run by run. Every member function throws SQLite::Exception.
class RunReader
{
  public:
    /**
     * @param database a results file, which has to live longer.
     * @param parts what is read; the rest of the records stays empty.
     */
    RunReader(const SQLite::Database& database, const RunParts& parts);
    ~RunReader();

    RunReader(const RunReader&) = delete;
    RunReader& operator=(const RunReader&) = delete;

    /// @param id of a run that has succeeded. @return the run.
    ::p2pim::RunRecord Read(int64_t id);

  private:
    struct Queries;
    std::unique_ptr<Queries> m_queries;
    RunParts m_parts;
};

/// @param row of run_id, scheme, seed, point_id, cause, detail and command. @return the failed run.
FailedRun ReadFailure(SQLite::Statement& row);

/**
 * @param path a results file, for the error line.
 * @param database the file.
 * @throw StoreError it has sessions or counters of no run.
 */
void CheckRows(const std::string& path, const SQLite::Database& database);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_RUN_READER_H
