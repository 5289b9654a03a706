// SPDX-License-Identifier: GPL-2.0-only
#include "worker-process.h"

#include "run-attempt.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace p2pim
{
namespace campaign
{

namespace
{

/// How much of what a worker writes to stderr is kept, octets.
constexpr std::size_t g_lastWords = 2048;

/// What is read at once: no less than a pipe holds, so that one read empties it.
constexpr std::size_t g_piece = 65536;

/// Throws if a system call has failed. @return its result.
int
Check(int result)
{
    if (result < 0)
    {
        throw std::system_error(errno, std::generic_category(), "cannot start a worker process");
    }
    return result;
}

/// @return a descriptor above the standard three, which a worker replaces.
Descriptor
Adopt(int number)
{
    Descriptor descriptor(number);
    return number > STDERR_FILENO
               ? std::move(descriptor)
               : Descriptor(Check(fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)));
}

/// @param status as waitpid() gives it. @return what it says.
RunFailure
DescribeEnd(int status)
{
    if (!WIFSIGNALED(status))
    {
        return {"crash", "exit status " + std::to_string(WEXITSTATUS(status)), ""};
    }
    const int signal = WTERMSIG(status);
    const char* name = sigabbrev_np(signal);
    const std::string text = name ? std::string("SIG") + name : "signal " + std::to_string(signal);
    if (signal == SIGKILL)
    {
        return {"killed", text + ", perhaps out of memory", ""};
    }
    return {signal == SIGTERM ? "killed" : "crash", text, ""};
}

} // namespace

void
WorkerProcess::Unmap::operator()(WorkerBoard* board) const
{
    munmap(board, sizeof *board);
}

std::unique_ptr<WorkerBoard, WorkerProcess::Unmap>
WorkerProcess::MapBoard()
{
    void* memory = mmap(nullptr,
                        sizeof(WorkerBoard),
                        PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS,
                        -1,
                        0);
    Check(memory == MAP_FAILED ? -1 : 0);
    return std::unique_ptr<WorkerBoard, Unmap>(new (memory) WorkerBoard);
}

WorkerProcess::WorkerProcess(const RunMaker& make)
    : m_board(MapBoard())
{
    Start(make);
}

void
WorkerProcess::Start(const RunMaker& make)
{
    std::array<int, 2> ends{};
    Check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()));
    m_socket = Adopt(ends[0]);
    const Descriptor itsSocket = Adopt(ends[1]);
    Check(pipe2(ends.data(), O_CLOEXEC));
    m_errors = Adopt(ends[0]);
    const Descriptor itsErrors = Adopt(ends[1]);
    Check(fcntl(m_errors.Get(), F_SETFL, O_NONBLOCK));
    const pid_t parent = getpid();
    m_process = Check(fork());
    if (m_process == 0)
    {
        ServeRuns({parent, itsSocket.Get(), itsErrors.Get(), m_board.get()}, make);
    }
}

WorkerProcess::~WorkerProcess()
{
    if (m_process > 0)
    {
        End();
    }
}

void
WorkerProcess::Assign(const PlannedRun& run)
{
    ReadErrors();
    m_lastWords.clear();
    m_spent = std::chrono::nanoseconds(0);
    m_board->begun = false;
    m_board->ended = 0;
    m_run = run;
    m_unsent = MakeFrame(EncodeRun(run));
    Flush();
}

const std::optional<PlannedRun>&
WorkerProcess::GetRun() const
{
    return m_run;
}

bool
WorkerProcess::HasBegun() const
{
    return m_run && m_board->begun;
}

uint32_t
WorkerProcess::GetEnded() const
{
    return m_board->ended;
}

std::chrono::nanoseconds
WorkerProcess::Spend(std::chrono::nanoseconds passed)
{
    m_spent += passed;
    return m_spent;
}

WorkerProcess::Watched
WorkerProcess::GetWatched() const
{
    const auto wanted = static_cast<short>(m_unsent.empty() ? POLLIN : POLLIN | POLLOUT);
    return {{{m_socket.Get(), wanted, 0}, {m_errors.Get(), POLLIN, 0}}};
}

std::optional<RunOutcome>
WorkerProcess::Exchange(const Watched& watched)
{
    if (watched[1].revents != 0)
    {
        ReadErrors();
    }
    if ((watched[0].revents & POLLOUT) != 0)
    {
        Flush();
    }
    return (watched[0].revents & ~POLLOUT) != 0 ? Receive() : std::nullopt;
}

bool
WorkerProcess::IsLost() const
{
    return m_closed || m_damaged;
}

RunFailure
WorkerProcess::End()
{
    kill(m_process, SIGKILL); // without effect on one that has ended
    int status = 0;
    TEMP_FAILURE_RETRY(waitpid(m_process, &status, 0));
    m_process = 0;
    ReadErrors();
    auto failure =
        m_damaged ? RunFailure{"crash", "what it sent is damaged", ""} : DescribeEnd(status);
    const auto words = JoinLastLines(m_lastWords, 2);
    failure.detail.append(words.empty() ? "" : ": ").append(words);
    return failure;
}

void
WorkerProcess::Flush()
{
    const ssize_t sent =
        send(m_socket.Get(), m_unsent.data(), m_unsent.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0)
    {
        m_unsent.erase(0, static_cast<std::size_t>(sent));
    }
    else if (errno != EAGAIN && errno != EINTR)
    {
        m_unsent.clear(); // it has ended, which Receive() sees
    }
}

std::optional<RunOutcome>
WorkerProcess::Receive()
{
    std::array<char, g_piece> piece;
    const ssize_t size = recv(m_socket.Get(), piece.data(), piece.size(), MSG_DONTWAIT);
    if (size <= 0)
    {
        m_closed = size == 0 || (errno != EAGAIN && errno != EINTR);
        return {};
    }
    m_reader.Add(piece.data(), static_cast<std::size_t>(size));
    try
    {
        const auto octets = m_reader.Take();
        if (!octets)
        {
            return {};
        }
        auto outcome = DecodeOutcome(*octets);
        if (m_run && m_run->id == outcome.run.id)
        {
            m_run.reset();
            return outcome;
        }
    }
    catch (const CodecError&)
    {
    }
    m_damaged = true;
    return {};
}

void
WorkerProcess::ReadErrors()
{
    std::array<char, g_piece> piece;
    const ssize_t size = read(m_errors.Get(), piece.data(), piece.size());
    if (size > 0)
    {
        m_lastWords.append(piece.data(), static_cast<std::size_t>(size));
        m_lastWords.erase(0, m_lastWords.size() - std::min(m_lastWords.size(), g_lastWords));
    }
    else if (size == 0)
    {
        m_errors = Descriptor(); // it has closed it, or ended
    }
}

} // namespace campaign
} // namespace p2pim
