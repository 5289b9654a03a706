// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/lapdm-peer.h"

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

/// @return where the program is: beside the program under test.
std::string
GetPath()
{
    const char* program = std::getenv("P2PIM_PROGRAM");
    const std::string path = program != nullptr ? program : "build/p2pim";
    return path.substr(0, path.rfind('/') + 1) + "lapdm-peer";
}

std::string
ToHex(const std::vector<uint8_t>& octets)
{
    constexpr const char* digits = "0123456789abcdef";
    std::string hex;
    for (const uint8_t octet : octets)
    {
        hex += digits[octet >> 4];
        hex += digits[octet & 0x0F];
    }
    return hex;
}

std::vector<uint8_t>
FromHex(const std::string& hex)
{
    std::vector<uint8_t> octets;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    {
        octets.push_back(static_cast<uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
    }
    return octets;
}

} // namespace

bool
LapdmPeer::Exists()
{
    return access(GetPath().c_str(), X_OK) == 0;
}

LapdmPeer::LapdmPeer(bool mobileStation, int t200Milliseconds)
{
    std::array<int, 2> down{};
    std::array<int, 2> up{};
    if (pipe(down.data()) != 0 || pipe(up.data()) != 0)
    {
        throw std::runtime_error("no pipe");
    }
    const std::string path = GetPath();
    const std::string t200 = std::to_string(t200Milliseconds);
    m_process = fork();
    if (m_process == 0)
    {
        dup2(down[0], STDIN_FILENO);
        dup2(up[1], STDOUT_FILENO);
        const int nothing = open("/dev/null", O_WRONLY);
        dup2(nothing, STDERR_FILENO); // its log
        for (const int descriptor : {down[0], down[1], up[0], up[1], nothing})
        {
            close(descriptor);
        }
        execl(path.c_str(),
              path.c_str(),
              mobileStation ? "ms" : "bts",
              t200.c_str(),
              static_cast<char*>(nullptr));
        _exit(127);
    }
    close(down[0]);
    close(up[1]);
    m_in = fdopen(down[1], "w");
    m_out = fdopen(up[0], "r");
}

LapdmPeer::~LapdmPeer()
{
    fclose(m_in);
    fclose(m_out);
    waitpid(m_process, nullptr, 0);
}

std::optional<std::vector<uint8_t>>
LapdmPeer::Execute(const std::string& line)
{
    fprintf(m_in, "%s\n", line.c_str());
    fflush(m_in);
    std::optional<std::vector<uint8_t>> frame;
    std::array<char, 1024> answer{};
    while (fgets(answer.data(), answer.size(), m_out) != nullptr)
    {
        std::istringstream words(answer.data());
        std::string word;
        words >> word;
        if (word == "ok")
        {
            return frame;
        }
        std::string hex;
        if (word == "frame" && words >> hex)
        {
            frame = FromHex(hex);
        }
        else if (word == "indication")
        {
            Indication indication;
            int sapi = 0;
            words >> indication.name >> sapi >> hex;
            indication.sapi = static_cast<uint8_t>(sapi);
            indication.message = FromHex(hex);
            indications.push_back(indication);
        }
    }
    throw std::runtime_error("lapdm-peer has ended");
}

void
LapdmPeer::Establish(uint8_t sapi, const std::vector<uint8_t>& message)
{
    Execute("establish " + std::to_string(sapi) + " " + ToHex(message));
}

void
LapdmPeer::Send(uint8_t sapi, const std::vector<uint8_t>& message)
{
    Execute("send " + std::to_string(sapi) + " " + ToHex(message));
}

void
LapdmPeer::Release(uint8_t sapi)
{
    Execute("release " + std::to_string(sapi));
}

void
LapdmPeer::Receive(const std::vector<uint8_t>& frame)
{
    Execute("receive " + ToHex(frame));
}

std::optional<std::vector<uint8_t>>
LapdmPeer::Poll()
{
    return Execute("poll");
}

void
LapdmPeer::Advance(int64_t microseconds)
{
    Execute("advance " + std::to_string(microseconds));
}

} // namespace p2pim::oracle
