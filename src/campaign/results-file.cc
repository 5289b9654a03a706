// SPDX-License-Identifier: GPL-2.0-only
#include "results-file.h"

#include "results-schema.h"

#include <SQLiteCpp/Statement.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <sqlite3.h>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pim
{
namespace campaign
{

namespace
{

/// How long a reader waits for a writer's transaction.
constexpr int g_busyTimeoutMs = 10000;

bool
IsFull(int systemError)
{
    return systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG;
}

/// @return the error of a failed system call on @p path.
StoreError
ExplainErrno(const std::string& path, int systemError)
{
    const std::string folder = std::filesystem::path(path).parent_path().string();
    const std::string where = folder.empty() ? "." : folder;
    switch (systemError)
    {
    case EEXIST:
        return {StoreError::Code::EXISTS,
                path + ": exists already; give --force to replace it or --append to add to it"};
    case ENOENT:
    case ENOTDIR:
        if (std::error_code unknown; !std::filesystem::is_directory(where, unknown))
        {
            return {StoreError::Code::FOLDER, path + ": there is no folder " + where};
        }
        [[fallthrough]];
    case EACCES:
    case EPERM:
    case EROFS:
        return {StoreError::Code::FOLDER, path + ": the folder " + where + " is not writable"};
    default:
        return {IsFull(systemError) ? StoreError::Code::FULL : StoreError::Code::FAILED,
                path + ": " + std::strerror(systemError)};
    }
}

/// @return whether nobody else has a lock that is in the way. A file system without such locks is
/// no reason to refuse.
bool
Lock(int descriptor, int operation)
{
    return ::flock(descriptor, operation | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

/// @return whether an open file has this name.
bool
HasName(int descriptor, const std::string& path)
{
    struct stat open = {};
    struct stat named = {};
    return ::fstat(descriptor, &open) == 0 && ::lstat(path.c_str(), &named) == 0 &&
           open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

/// @return whether a file is what p2pim leaves of a draft when it is killed: nothing, our database,
/// or one whose first page, which comes last, is not there yet.
bool
IsLeftover(int descriptor)
{
    constexpr std::size_t applicationPlace = 68; // SQLite Database File Format, 1.3
    constexpr std::size_t headerSize = 100;
    std::array<uint8_t, headerSize> header{};
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
    {
        return false;
    }
    const auto size = ::pread(descriptor, header.data(), header.size(), 0);
    if (size != static_cast<ssize_t>(headerSize))
    {
        return size == 0;
    }
    int application = 0;
    for (std::size_t i = 0; i < 4; ++i)
    {
        application = application << 8 | header[applicationPlace + i];
    }
    constexpr std::string_view magic("SQLite format 3\0", 16);
    const bool isDatabase = std::equal(magic.begin(), magic.end(), header.begin());
    return (isDatabase && application == g_applicationId) ||
           std::all_of(header.begin(), header.end(), [](uint8_t octet) { return octet == 0; });
}

/// Checks that a database is one of ours.
void
CheckSchema(SQLite::Database& database, const std::string& path)
{
    const int application = database.execAndGet("PRAGMA application_id").getInt();
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    if (application != g_applicationId)
    {
        throw StoreError(StoreError::Code::NOT_RESULTS, path + ": not a results file of p2pim");
    }
    if (version != g_schemaVersion)
    {
        throw StoreError(StoreError::Code::SCHEMA,
                         path + ": has version " + std::to_string(version) +
                             " of the results schema, this program reads and appends to version " +
                             std::to_string(g_schemaVersion) +
                             (version > g_schemaVersion
                                  ? "; a newer p2pim made it: use that"
                                  : "; make it again, or use the p2pim that made it"));
    }
}

} // namespace

FileLock::FileLock(const std::string& path, Kind kind)
    : m_descriptor(::open(path.c_str(), (kind == Kind::SHARED ? O_RDONLY : O_RDWR) | O_CLOEXEC))
{
    if (m_descriptor < 0)
    {
        throw StoreError(kind == Kind::SHARED ? StoreError::Code::NOT_READABLE
                                              : StoreError::Code::NOT_WRITABLE,
                         path + ": cannot be " + (kind == Kind::SHARED ? "read: " : "written: ") +
                             std::strerror(errno));
    }
    if (!Lock(m_descriptor, kind == Kind::SHARED ? LOCK_SH : LOCK_EX))
    {
        ::close(m_descriptor);
        throw StoreError(StoreError::Code::BUSY,
                         path + ": another p2pim is writing this file at the moment");
    }
}

FileLock::~FileLock()
{
    ::close(m_descriptor);
}

void
MakeFile(const std::string& path)
{
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0)
    {
        throw ExplainErrno(path, errno);
    }
    ::close(descriptor);
}

DraftFile::DraftFile(const std::string& target, const std::string& shownPath)
    : m_target(target),
      m_path(target + ".p2pim-draft")
{
    constexpr int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
    m_descriptor = ::open(m_path.c_str(), flags, 0666);
    const bool isBlocked = m_descriptor < 0 && (errno == EISDIR || errno == ELOOP);
    if (m_descriptor < 0 && !isBlocked)
    {
        throw ExplainErrno(shownPath, errno);
    }
    const auto fail = [this](StoreError::Code code, const char* what) {
        ::close(m_descriptor);
        throw StoreError(code, m_path + what);
    };
    // Behind the lock the name may already be that of another file, or of none.
    if (!isBlocked && (!Lock(m_descriptor, LOCK_EX) || !HasName(m_descriptor, m_path)))
    {
        fail(StoreError::Code::BUSY, ": another p2pim is writing this file at the moment");
    }
    if (isBlocked || !IsLeftover(m_descriptor))
    {
        fail(StoreError::Code::EXISTS, ": is in the way, and not of p2pim; move it away");
    }
    if (::ftruncate(m_descriptor, 0) != 0)
    {
        fail(StoreError::Code::NOT_WRITABLE, ": cannot be written");
    }
}

DraftFile::~DraftFile()
{
    if (!m_isPlaced)
    {
        ::unlink(m_path.c_str());
    }
    ::close(m_descriptor);
}

const std::string&
DraftFile::GetPath() const
{
    return m_path;
}

void
DraftFile::TakePlace()
{
    // SQLite would play a journal that a killed writer left into the new file.
    for (const char* suffix : {"-journal", "-wal", "-shm"})
    {
        ::unlink((m_target + suffix).c_str());
    }
    if (::rename(m_path.c_str(), m_target.c_str()) != 0)
    {
        throw ExplainErrno(m_target, errno);
    }
    m_isPlaced = true;
}

void
CopyInOrder(const SQLite::Database& database, const std::string& path)
{
    SQLite::Statement copy(database, "VACUUM INTO ?");
    copy.bind(1, path);
    copy.exec();
    // the only number in the copy that tells how often the content has been copied
    SQLite::Database(path, SQLite::OPEN_READWRITE).exec("PRAGMA schema_version = 1");
}

StoreError
Explain(const std::string& path, const SQLite::Exception& error, int systemError)
{
    switch (error.getErrorCode())
    {
    case SQLITE_FULL:
        return {StoreError::Code::FULL,
                path + ": cannot be written: the disk or the quota is full"};
    case SQLITE_NOTADB:
        return {StoreError::Code::NOT_RESULTS, path + ": not a results file of p2pim"};
    case SQLITE_CORRUPT:
        return {StoreError::Code::NOT_RESULTS, path + ": is damaged: " + error.what()};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {StoreError::Code::BUSY, path + ": another program has locked this file"};
    case SQLITE_READONLY:
        return {StoreError::Code::NOT_WRITABLE, path + ": cannot be written: it is read-only"};
    case SQLITE_CANTOPEN:
        return {StoreError::Code::NOT_READABLE,
                path + ": cannot be opened: " +
                    (systemError != 0 ? std::strerror(systemError) : error.getErrorStr())};
    case SQLITE_IOERR:
    {
        // A limit of the file's size or of the user's share shows as a write that fails.
        const bool isFull = error.getExtendedErrorCode() == SQLITE_IOERR_WRITE;
        const std::string reason =
            systemError != 0 ? std::strerror(systemError)
                             : (isFull ? "no more space for this file" : error.getErrorStr());
        return {isFull ? StoreError::Code::FULL : StoreError::Code::FAILED,
                path + ": cannot be " + (isFull ? "written: " : "read or written: ") + reason};
    }
    default:
        return {StoreError::Code::FAILED, path + ": " + error.what()};
    }
}

SQLite::Database
OpenResultsFile(const std::string& path)
{
    // SQLite says "unable to open" whatever the reason is.
    if (::access(path.c_str(), R_OK) != 0)
    {
        const auto code =
            errno == ENOENT ? StoreError::Code::MISSING : StoreError::Code::NOT_READABLE;
        throw StoreError(code, path + ": cannot be read: " + std::strerror(errno));
    }
    std::error_code unknown;
    if (!std::filesystem::is_regular_file(path, unknown))
    {
        throw StoreError(StoreError::Code::NOT_RESULTS, path + ": not a results file of p2pim");
    }
    try
    {
        // For writing, too: what a killed writer left half done is rolled back.
        SQLite::Database database(path,
                                  SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX,
                                  g_busyTimeoutMs);
        CheckSchema(database, path);
        return database;
    }
    catch (const SQLite::Exception& error)
    {
        throw Explain(path, error, 0);
    }
}

Provenance
ReadProvenance(const SQLite::Database& database)
{
    std::map<std::string, std::string> meta;
    SQLite::Statement pairs(database, "SELECT key, value FROM meta");
    while (pairs.executeStep())
    {
        meta[pairs.getColumn(0)] = pairs.getColumn(1).getString();
    }
    Provenance provenance;
    provenance.programVersion = meta["program_version"];
    provenance.programId = meta["program_id"];
    provenance.ns3Version = meta["ns3_version"];
    provenance.scenario = meta["scenario"];
    provenance.scenarioFile = meta["scenario_file"];
    provenance.commandLine = meta["command_line"];
    SQLite::Statement settings(database,
                               "SELECT key, value, is_default FROM configuration ORDER BY key");
    while (settings.executeStep())
    {
        provenance.configuration.push_back(
            {settings.getColumn(0), settings.getColumn(1), settings.getColumn(2).getInt() != 0});
    }
    return provenance;
}

std::vector<Variable>
ReadVariables(const SQLite::Database& database)
{
    std::vector<Variable> variables;
    SQLite::Statement query(database, "SELECT name, attribute FROM variable ORDER BY id");
    while (query.executeStep())
    {
        variables.push_back({query.getColumn(0), query.getColumn(1)});
    }
    return variables;
}

Status
ReadStatus(const SQLite::Database& database)
{
    SQLite::Statement query(database, "SELECT value FROM meta WHERE key = 'status'");
    const std::string name = query.executeStep() ? query.getColumn(0).getString() : "";
    for (const auto status : {Status::COMPLETE, Status::PARTIAL})
    {
        if (name == GetStatusName(status))
        {
            return status;
        }
    }
    return Status::RUNNING;
}

} // namespace campaign
} // namespace p2pim
