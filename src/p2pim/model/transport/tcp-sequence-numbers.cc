// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/tcp-sequence-numbers.h"

#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"

#include <limits>

namespace ns3
{
namespace p2pim
{

namespace
{

/// Microseconds of a tick of the clock (RFC 6528 3).
constexpr int64_t TICK = 4;
/// What the numbers lie below.
constexpr uint32_t LIMIT = uint32_t{1} << 30;

/// @return well-mixed bits: the finalizer of SplitMix64.
uint64_t
Mix(uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

} // namespace

std::optional<uint64_t> TcpSequenceNumbers::g_key;

int64_t
TcpSequenceNumbers::AssignStreams(int64_t first)
{
    const auto draws = CreateObject<UniformRandomVariable>();
    draws->SetStream(first);
    constexpr uint32_t most = std::numeric_limits<uint32_t>::max();
    const uint64_t high = draws->GetInteger(0, most);
    g_key = high << 32 | draws->GetInteger(0, most);
    Simulator::ScheduleDestroy(+[]() { g_key.reset(); });
    return 1;
}

SequenceNumber32
TcpSequenceNumbers::GetInitial(const TcpFourTuple& connection, Time now)
{
    if (!g_key)
    {
        return SequenceNumber32(0);
    }
    const uint64_t addresses = uint64_t{connection.local.Get()} << 32 | connection.remote.Get();
    const uint64_t ports = uint64_t{connection.localPort} << 16 | connection.remotePort;
    const uint64_t hash = Mix(Mix(*g_key ^ addresses) ^ ports);
    const auto clock = static_cast<uint64_t>(now.GetMicroSeconds() / TICK);
    return SequenceNumber32(static_cast<uint32_t>(hash + clock) % LIMIT);
}

} // namespace p2pim
} // namespace ns3
