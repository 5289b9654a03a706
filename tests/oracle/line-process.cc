// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/line-process.h"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace p2pim::oracle
{

namespace
{

/// @return where a program is: beside the program under test.
std::string
GetPath(const std::string& program)
{
    const char* tested = std::getenv("P2PIM_PROGRAM");
    const std::string path = tested != nullptr ? tested : "build/p2pim";
    return path.substr(0, path.rfind('/') + 1) + program;
}

/// Becomes the program, with two pipes as its standard input and output and without its log.
[[noreturn]] void
Become(const std::string& path, const std::vector<std::string>& arguments, int in, int out)
{
    const int nothing = open("/dev/null", O_WRONLY);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    for (const int descriptor : {in, out, nothing})
    {
        close(descriptor);
    }
    std::vector<char*> words{const_cast<char*>(path.c_str())};
    for (const std::string& argument : arguments)
    {
        words.push_back(const_cast<char*>(argument.c_str()));
    }
    words.push_back(nullptr);
    execv(path.c_str(), words.data());
    _exit(127);
}

} // namespace

bool
LineProcess::Exists(const std::string& program)
{
    return access(GetPath(program).c_str(), X_OK) == 0;
}

LineProcess::LineProcess(const std::string& program, const std::vector<std::string>& arguments)
{
    std::array<int, 2> down{};
    std::array<int, 2> up{};
    if (pipe2(down.data(), O_CLOEXEC) != 0 || pipe2(up.data(), O_CLOEXEC) != 0)
    {
        throw std::runtime_error("no pipe");
    }
    m_process = fork();
    if (m_process == 0)
    {
        Become(GetPath(program), arguments, down[0], up[1]);
    }
    close(down[0]);
    close(up[1]);
    m_in.reset(fdopen(down[1], "w"));
    m_out.reset(fdopen(up[0], "r"));
}

LineProcess::~LineProcess()
{
    m_in.reset();
    m_out.reset();
    waitpid(m_process, nullptr, 0);
}

std::vector<std::vector<std::string>>
LineProcess::Execute(const std::string& command)
{
    fprintf(m_in.get(), "%s\n", command.c_str());
    fflush(m_in.get());
    std::vector<std::vector<std::string>> answer;
    std::array<char, 1024> line{};
    while (fgets(line.data(), line.size(), m_out.get()) != nullptr)
    {
        std::istringstream text(line.data());
        std::vector<std::string> words;
        for (std::string word; text >> word;)
        {
            words.push_back(word);
        }
        if (!words.empty() && words[0] == "ok")
        {
            return answer;
        }
        answer.push_back(words);
    }
    throw std::runtime_error("the process has ended");
}

} // namespace p2pim::oracle
