// SPDX-License-Identifier: GPL-2.0-only
#include "tool.h"

#include "user-error.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace p2pim::program
{

namespace
{

using File = std::unique_ptr<FILE, int (*)(FILE*)>;

/// What a program writes goes to a file, so that nobody has to read while it writes.
File
MakeFile(const std::string& program)
{
    File file(std::tmpfile(), std::fclose);
    if (!file)
    {
        throw RunFailure(program + ": no room for what it writes: " + std::strerror(errno));
    }
    fcntl(fileno(file.get()), F_SETFD, FD_CLOEXEC);
    return file;
}

std::string
ReadAll(const File& file)
{
    std::rewind(file.get());
    std::string text;
    std::array<char, 4096> piece{};
    while (const auto size = std::fread(piece.data(), 1, piece.size(), file.get()))
    {
        text.append(piece.data(), size);
    }
    return text;
}

int
WaitFor(pid_t process)
{
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR)
    {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

std::optional<ToolOutcome>
RunTool(const std::vector<std::string>& words)
{
    const File out = MakeFile(words.front());
    const File err = MakeFile(words.front());
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const auto& word : words)
    {
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(err.get()), STDERR_FILENO);
    pid_t process = 0;
    const int error = ::posix_spawnp(&process,
                                     words.front().c_str(),
                                     &actions,
                                     nullptr,
                                     arguments.data(),
                                     environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error == ENOENT)
    {
        return std::nullopt;
    }
    if (error != 0)
    {
        throw RunFailure(words.front() + ": cannot be started: " + std::strerror(error));
    }
    ToolOutcome outcome;
    outcome.status = WaitFor(process);
    outcome.out = ReadAll(out);
    outcome.err = ReadAll(err);
    return outcome;
}

} // namespace p2pim::program
