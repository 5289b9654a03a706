// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_RESULTS_FILE_H
#define P2PIM_CAMPAIGN_RESULTS_FILE_H

#include "results.h"
#include "store-error.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <string>

/**
 * @file
 * What the writer and the reader of a results file share: the file system's side of it, and the
 * line that a user reads when something is wrong.
 */

namespace p2pim
{
namespace campaign
{

/// Keeps a file locked against a second writer as long as it lives. It is to be destroyed after
/// the database of the same file, whose own locks end when any descriptor of it is closed.
class FileLock
{
  public:
    /// Whom it keeps away.
    enum class Kind
    {
        EXCLUSIVE, ///< everybody else
        SHARED,    ///< writers
    };

    /**
     * Locks a file that exists.
     *
     * @param path the file.
     * @param kind whom to keep away.
     * @throw StoreError if a writer has it, or it cannot be opened for that.
     */
    explicit FileLock(const std::string& path, Kind kind = Kind::EXCLUSIVE);
    ~FileLock();

    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

  private:
    int m_descriptor;
};

/**
 * Makes an empty file that did not exist.
 *
 * @param path the file.
 * @throw StoreError if it exists or cannot be made.
 */
void MakeFile(const std::string& path);

/**
 * What is to take a results file's place, made beside it under a name that is always the same. What
 * a program that was killed has left of one is used again; a file of that name that is nothing of
 * the kind is left alone. It is locked, and goes away with this unless it takes the place. It is to
 * be destroyed after the database in it.
 */
class DraftFile
{
  public:
    /**
     * Makes it, empty.
     *
     * @param target the file whose place it is to take; there may be none.
     * @param shownPath how messages name that.
     * @throw StoreError another program makes one, something else has the name, or the file system
     * refuses.
     */
    DraftFile(const std::string& target, const std::string& shownPath);
    ~DraftFile();

    DraftFile(const DraftFile&) = delete;
    DraftFile& operator=(const DraftFile&) = delete;

    /// @return where it is.
    const std::string& GetPath() const;

    /**
     * Puts it in the target's place in one step, so that at any time one of them is there. What
     * SQLite left beside the target after a crash goes away with that.
     *
     * @throw StoreError if the file system refuses; the target is then as it was.
     */
    void TakePlace();

  private:
    std::string m_target;
    std::string m_path;
    int m_descriptor = -1; ///< has the lock
    bool m_isPlaced = false;
};

/**
 * Copies a results file so that the octets of the copy depend on the content only.
 *
 * @param database the results file, outside of a transaction.
 * @param path the copy; an empty file, or none.
 */
void CopyInOrder(const SQLite::Database& database, const std::string& path);

/**
 * Turns a failure of the database into an error for the user.
 *
 * @param path the results file.
 * @param error what SQLite says.
 * @param systemError errno of the failed call, 0 if there is none.
 * @return the error.
 */
StoreError Explain(const std::string& path, const SQLite::Exception& error, int systemError);

/**
 * Opens an existing results file.
 *
 * @param path the file.
 * @return the database, which is a results file of this schema.
 * @throw StoreError if it is not.
 */
SQLite::Database OpenResultsFile(const std::string& path);

/**
 * @param database a results file.
 * @return where its runs come from; the configuration is ordered by key.
 */
Provenance ReadProvenance(const SQLite::Database& database);

/**
 * @param database a results file.
 * @return what varies in its study, in the order of the grid.
 */
std::vector<Variable> ReadVariables(const SQLite::Database& database);

/**
 * @param database a results file.
 * @return the status that its last writer left.
 */
Status ReadStatus(const SQLite::Database& database);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_RESULTS_FILE_H
