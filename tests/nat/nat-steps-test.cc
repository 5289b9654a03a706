// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Nothing that a packet does looks through all of anything: entries that are looked at, counted.
 */
#include "nat-world.h"

#include <algorithm>
#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <utility>

using namespace p2pim::test;

namespace
{

/// A core that counts the most entries that one packet, or one expiry, has looked at.
class CountingNat
{
  public:
    explicit CountingNat(NatSettings settings, uint32_t addresses = 1)
        : m_world(Complete(std::move(settings), addresses))
    {
    }

    /// A datagram, or a SYN, of the n-th inside endpoint to one of many peers.
    void Send(uint32_t n, NatProtocol protocol = NatProtocol::UDP, uint32_t peer = 0)
    {
        const std::string host = std::to_string(n / 250 % 250) + "." + std::to_string(n % 250);
        const std::string from = "10." + std::to_string(n / 62500) + "." + host + ":7000";
        const std::string to =
            "198.51.100." + std::to_string(peer % 250) + ":" + std::to_string(1000 + peer / 250);
        Count([&] {
            m_world.In(m_time += 0.0001,
                       protocol == NatProtocol::UDP ? MakeUdp(from, to) : MakeTcp(from, to, "S"));
        });
    }

    /// A datagram from outside that nobody waits for.
    void Probe(uint16_t port)
    {
        Count([&] {
            m_world.Out(m_time += 0.0001,
                        MakeUdp("198.51.100.1:9", "203.0.113.1:" + std::to_string(port)));
        });
    }

    /// @return the most entries of a call since the last call of this.
    uint64_t TakeMost()
    {
        return std::exchange(m_most, 0);
    }

    uint32_t GetMappings() const
    {
        return m_world.core.GetMappings();
    }

    NatCause GetCause() const
    {
        return m_world.GetCause();
    }

    /// Time goes on until all has expired. @return entries for each session.
    double Expire()
    {
        const uint32_t sessions = m_world.core.GetSessions();
        const uint64_t before = m_world.core.GetSteps();
        m_world.Wait(m_time += 1e6);
        EXPECT_EQ(m_world.core.GetSessions(), 0);
        return static_cast<double>(m_world.core.GetSteps() - before) / sessions;
    }

  private:
    static NatSettings Complete(NatSettings settings, uint32_t addresses)
    {
        for (uint32_t i = 0; i < addresses; ++i)
        {
            settings.pool.emplace_back(0xCB007101 + i);
        }
        settings.refusal = NatSettings::REFUSE_SILENTLY;
        return settings;
    }

    template <typename Call>
    void Count(Call call)
    {
        const uint64_t before = m_world.core.GetSteps();
        call();
        m_most = std::max(m_most, m_world.core.GetSteps() - before);
    }

    NatWorld m_world;
    double m_time = 0;
    uint64_t m_most = 0;
};

/// Chains have one entry on average and are short, a heap of n has log4 n levels: 60 is ample, and
/// far below what grows with the state.
constexpr uint64_t FEW = 60;

} // namespace

TEST(NatSteps, NoPacketLooksThroughMappings)
{
    for (const auto preset : {NAT_RFC, NAT_LINUX_MASQUERADE, NAT_LINUX_FULLY_RANDOM, NAT_SYMMETRIC})
    {
        CountingNat nat(GetNatPreset(preset), 4);
        for (uint32_t n = 0; n < 20000; ++n)
        {
            nat.Send(n, n % 2 == 0 ? NatProtocol::UDP : NatProtocol::TCP, n);
        }
        EXPECT_GE(nat.GetMappings(), 20000);
        for (uint32_t n = 0; n < 2000; ++n)
        {
            nat.Send(7 * n);
            nat.Probe(static_cast<uint16_t>(n));
        }
        EXPECT_LT(nat.TakeMost(), FEW) << GetNatPresetName(preset);
        EXPECT_LT(nat.Expire(), FEW) << GetNatPresetName(preset);
    }
}

// Many mappings share one port, or one host has many sessions with addresses that are counted.
TEST(NatSteps, NoPacketLooksThroughWhatSharesAKey)
{
    CountingNat shared(GetNatPreset(NAT_LINUX_MASQUERADE));
    NatSettings restricted = GetNatPreset(NAT_RFC);
    restricted.udpFiltering = NatSettings::ADF;
    CountingNat popular(restricted);
    for (uint32_t n = 0; n < 10000; ++n)
    {
        shared.Send(n, NatProtocol::UDP, n);
        popular.Send(1, NatProtocol::UDP, n);
        popular.Probe(7000);
    }
    EXPECT_LT(shared.TakeMost(), FEW);
    EXPECT_LT(popular.TakeMost(), FEW);
    EXPECT_LT(shared.Expire(), FEW);
    EXPECT_LT(popular.Expire(), FEW);
}

// All ports of 64 addresses are taken: a packet that is refused finds that out at once.
TEST(NatSteps, NoPacketLooksThroughAFullPool)
{
    for (const auto allocation : {NatSettings::PRESERVE_OR_RANDOM,
                                  NatSettings::SEQUENTIAL,
                                  NatSettings::RANDOM,
                                  NatSettings::BLOCK})
    {
        NatSettings settings = GetNatPreset(NAT_RFC);
        settings.pooling = NatSettings::SOFT_PAIRED;
        settings.allocation = allocation;
        settings.firstPort = 2000;
        settings.lastPort = 2063;
        settings.blockSize = 4;
        CountingNat nat(settings, 64);
        uint32_t n = 0;
        while (nat.GetCause() != NatCause::EXHAUSTED)
        {
            nat.Send(n++);
            ASSERT_LE(n, 64U * 64 + 1);
        }
        nat.TakeMost();
        for (uint32_t more = 0; more < 200; ++more)
        {
            nat.Send(++n);
            ASSERT_EQ(nat.GetCause(), NatCause::EXHAUSTED);
        }
        EXPECT_LT(nat.TakeMost(), FEW) << static_cast<int>(allocation);
    }
}

// One range is full, of one address.
TEST(NatSteps, NoPacketLooksThroughAFullRange)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.allocation = NatSettings::RANDOM;
    CountingNat nat(settings);
    for (uint32_t n = 0; n < 64512; ++n) // 1024 to 65535
    {
        nat.Send(n);
    }
    EXPECT_EQ(nat.GetCause(), NatCause::NONE);
    nat.Send(64512);
    EXPECT_EQ(nat.GetCause(), NatCause::EXHAUSTED);
    EXPECT_LT(nat.TakeMost(), 2 * FEW); // even ports, then odd ones: 16 words of words each, twice
}
