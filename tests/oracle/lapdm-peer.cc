// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/lapdm-peer.h"

#include "tests/hex.h"

namespace p2pim::oracle
{

using test::FromHex;
using test::ToHex;

LapdmPeer::LapdmPeer(bool mobileStation, int t200Milliseconds)
    : m_process(PROGRAM, {mobileStation ? "ms" : "bts", std::to_string(t200Milliseconds)})
{
}

std::optional<std::vector<uint8_t>>
LapdmPeer::Execute(const std::string& command)
{
    std::optional<std::vector<uint8_t>> frame;
    for (const auto& words : m_process.Execute(command))
    {
        if (words[0] == "frame" && words.size() > 1)
        {
            frame = FromHex(words[1]);
        }
        else if (words[0] == "indication")
        {
            indications.push_back({words[1],
                                   static_cast<uint8_t>(std::stoi(words[2])),
                                   FromHex(words.size() > 3 ? words[3] : "")});
        }
    }
    return frame;
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
