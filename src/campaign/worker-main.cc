// SPDX-License-Identifier: GPL-2.0-only
#include "worker-main.h"

#include "run-attempt.h"
#include "run-codec.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <new>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace p2pim
{
namespace campaign
{

namespace
{

/// Where a worker keeps its end of the socket, right behind the standard descriptors.
constexpr int g_socket = 3;

/// The worker is killed when its parent ends, however that ends.
void
TieToParent(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
    {
        _exit(EXIT_FAILURE); // it ended before it could be tied to
    }
}

/// Keeps stderr and the socket, and nothing that the parent has open.
void
TakeDescriptors(int socket, int errors)
{
    dup2(errors, STDERR_FILENO);
    dup2(socket, g_socket);
    closefrom(g_socket + 1);
    close(STDIN_FILENO);
    if (open("/dev/null", O_RDWR) != STDIN_FILENO || dup2(STDIN_FILENO, STDOUT_FILENO) < 0)
    {
        _exit(EXIT_FAILURE);
    }
}

/// Ctrl-C goes to workers, too, but it is the parent who decides what becomes of them.
void
SetSignals()
{
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_DFL);
}

/// Where memory runs out the kernel is to end a worker, not its parent, who has the results.
void
VolunteerToBeKilled()
{
    const int file = open("/proc/self/oom_score_adj", O_WRONLY);
    constexpr std::string_view score = "500";
    if (file >= 0 && write(file, score.data(), score.size()) >= 0)
    {
        close(file);
    }
}

/// Tells on stderr what was thrown; std::terminate() for another reason has been explained there.
[[noreturn]] void
Terminate()
{
    if (std::current_exception())
    {
        __gnu_cxx::__verbose_terminate_handler();
    }
    std::abort();
}

/// A run that calls exit() does not run what the parent has registered for its own end.
void
ExitAtOnce(int status, void* /* argument */)
{
    _exit(status);
}

void
Send(const std::string& frame)
{
    for (std::size_t sent = 0; sent < frame.size();)
    {
        const ssize_t taken = TEMP_FAILURE_RETRY(
            send(g_socket, frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL));
        if (taken < 0)
        {
            _exit(EXIT_SUCCESS); // the parent is gone
        }
        sent += static_cast<std::size_t>(taken);
    }
}

std::string
PackOutcome(RunOutcome& outcome)
{
    try
    {
        return MakeFrame(EncodeOutcome(outcome));
    }
    catch (const std::bad_alloc&)
    {
        outcome.record.reset();
        outcome.failure = {"out of memory", "its record was too large", ""};
        return MakeFrame(EncodeOutcome(outcome));
    }
}

} // namespace

void
ServeRuns(const WorkerSetup& setup, const RunMaker& make) noexcept
{
    TieToParent(setup.parent);
    TakeDescriptors(setup.socket, setup.errors);
    SetSignals();
    VolunteerToBeKilled();
    std::set_terminate(Terminate);
    on_exit(ExitAtOnce, nullptr);
    FrameReader reader;
    while (true)
    {
        while (const auto octets = reader.Take())
        {
            const auto run = DecodeRun(*octets);
            setup.board->begun = true;
            auto outcome = AttemptRun(make, run, [&setup](uint32_t ended) {
                setup.board->ended = ended;
                return true;
            });
            Send(PackOutcome(outcome));
        }
        std::array<char, 4096> piece{};
        const ssize_t size = TEMP_FAILURE_RETRY(recv(g_socket, piece.data(), piece.size(), 0));
        if (size <= 0)
        {
            _exit(EXIT_SUCCESS); // the parent is gone
        }
        reader.Add(piece.data(), static_cast<std::size_t>(size));
    }
}

} // namespace campaign
} // namespace p2pim
