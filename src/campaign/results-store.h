// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_RESULTS_STORE_H
#define P2PIM_CAMPAIGN_RESULTS_STORE_H

#include "results.h"
#include "store-error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// What to do with a results file that exists.
enum class OpenMode
{
    CREATE, ///< refuse
    FORCE,  ///< replace it, once the new file stands
    APPEND, ///< add runs to it; it is made if it does not exist
};

/**
 * The writer of a results file (SQLite; doc/results.rst documents the schema). Each run is one
 * transaction: after a crash the file holds every run that Store() has returned from.
 *
 * Every member function throws StoreError.
 */
class ResultsStore
{
  public:
    /**
     * Opens a results file and writes down what is going to be run. Nothing of an existing file is
     * lost when this fails, and no new file stays.
     *
     * @param path the file.
     * @param mode what to do if it exists.
     * @param provenance where the runs come from. On append it has to be that of the file, but for
     * the command line and the scenario file's name.
     * @param plan the runs that are going to be stored; on append, none that the file has.
     */
    ResultsStore(const std::string& path,
                 OpenMode mode,
                 const Provenance& provenance,
                 const std::vector<RunKey>& plan);
    /// Closes the file; without Finish() its status stays "running".
    ~ResultsStore();

    ResultsStore(const ResultsStore&) = delete;
    ResultsStore& operator=(const ResultsStore&) = delete;

    /**
     * Stores one run, all of it or nothing.
     *
     * @param run the run; its scheme and seed are not in the file yet.
     */
    void Store(const ::p2pim::RunRecord& run);

    /**
     * Writes the file's status: complete if every run that this invocation or one before it has
     * planned is there, partial if not. To be called also after Ctrl-C.
     *
     * @return the status.
     */
    Status Finish();

    /**
     * Limits the size of the file, as a full disk would.
     *
     * @param bytes the most octets that the file may have, at least those that it has now.
     */
    void SetSizeLimit(uint64_t bytes);

  private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/**
 * Reads a results file.
 *
 * @param path the file.
 * @return all of it.
 * @throw StoreError if it is missing, not readable, not a results file or of another schema.
 */
Results LoadResults(const std::string& path);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_RESULTS_STORE_H
