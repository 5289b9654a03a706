// SPDX-License-Identifier: GPL-2.0-only
#include "oracle-talk.h"

#include "kernel-nat.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <gtest/gtest.h>
#include <memory>
#include <thread>

namespace p2pim::oracle
{

namespace
{

int
GetNumber(const std::string& line, std::size_t before)
{
    return before < line.size() ? std::atoi(line.c_str() + before + 1) : -1;
}

std::string
GetStatement(const Script& script)
{
    switch (script.preset)
    {
    case NAT_FIREWALL:
        return "";
    case NAT_LINUX_FULLY_RANDOM:
        return "masquerade fully-random";
    default:
        return script.suffix.empty() ? "masquerade"
                                     : "meta l4proto { tcp, udp } masquerade " + script.suffix;
    }
}

std::vector<std::string>
RunModel(const Script& script)
{
    NatSettings settings = GetNatPreset(script.preset);
    script.change(settings);
    NatWorld world(settings);
    double now = 0;
    Talk talk(
        [&](NatSide from, const Octets& packet) {
            now += 0.001;
            from == NatSide::INSIDE ? world.In(now, packet) : world.Out(now, packet);
            std::vector<std::pair<NatSide, Octets>> carried;
            for (const NatOutput& one : world.packets)
            {
                carried.emplace_back(one.side, one.packet);
            }
            return carried;
        },
        [&](double seconds) { now += seconds; });
    script.talk(talk);
    return talk.transcript;
}

std::vector<std::string>
RunKernel(const Script& script, int patience)
{
    KernelNat kernel(GetStatement(script), script.sysctls);
    EXPECT_TRUE(kernel.IsUp());
    Talk talk(
        [&](NatSide from, const Octets& packet) { return kernel.Carry(from, packet, patience); },
        [](double seconds) {
            std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
        });
    script.talk(talk);
    return talk.transcript;
}

} // namespace

Talk::Talk(Carrier carrier, std::function<void(double)> sleep)
    : m_carrier(std::move(carrier)),
      m_sleep(std::move(sleep))
{
}

void
Talk::In(const Octets& packet)
{
    const std::string line = Describe(packet);
    m_chosen.insert(GetNumber(line, line.find(':')));
    m_chosen.insert(GetNumber(line, line.find("id=") + 2));
    Carry(NatSide::INSIDE, packet);
}

void
Talk::Out(const Octets& packet)
{
    Carry(NatSide::OUTSIDE, packet);
}

void
Talk::Wait(double seconds)
{
    m_sleep(seconds);
}

std::string
Talk::GetOutside(std::size_t n) const
{
    return m_outside.empty() ? N1 : m_outside[n % m_outside.size()];
}

void
Talk::Carry(NatSide from, const Octets& packet)
{
    transcript.push_back((from == NatSide::INSIDE ? "> " : "< ") + Normalize(Describe(packet)));
    for (const auto& [side, octets] : m_carrier(from, packet))
    {
        const std::string line = Describe(octets);
        if (side == NatSide::OUTSIDE && line.find(':') < line.find('>'))
        {
            const std::size_t begin = line.find(' ') + 1;
            const std::string outside = line.substr(begin, line.find('>') - begin);
            if (std::find(m_outside.begin(), m_outside.end(), outside) == m_outside.end())
            {
                m_outside.push_back(outside);
            }
        }
        transcript.push_back((side == NatSide::INSIDE ? "  in " : "  out ") + Normalize(line));
    }
}

/// Writes numbers that the NAT chose as symbols.
std::string
Talk::Normalize(std::string line)
{
    for (const std::string before : {"203.0.113.1:", " id="})
    {
        for (std::size_t at = line.find(before); at != std::string::npos;
             at = line.find(before, at + 1))
        {
            const std::size_t begin = at + before.size();
            const int number = GetNumber(line, begin - 1);
            if (m_chosen.count(number) == 0)
            {
                const auto symbol = m_symbols.emplace(number, m_symbols.size()).first->second;
                std::size_t end = begin;
                while (end < line.size() && std::isdigit(line[end]) != 0)
                {
                    ++end;
                }
                line.replace(begin, end - begin, "p" + std::to_string(symbol));
            }
        }
    }
    return line;
}

std::function<void(Talk&)>
Segments(const std::vector<std::string>& segments, const std::string& outside)
{
    return [segments, outside](Talk& talk) {
        for (const std::string& one : segments)
        {
            const std::size_t colon = one.find(':');
            const std::string flags = one.substr(1, colon - 1);
            const auto number = [&one](char before) {
                const std::size_t at = one.find(before);
                return at == std::string::npos ? 0UL : std::stoul(one.substr(at + 1));
            };
            const auto sequence = static_cast<uint32_t>(number(':'));
            const auto acknowledgment = static_cast<uint32_t>(number(','));
            if (one[0] == '>')
            {
                talk.In(MakeTcp(X1, Y1, flags, sequence, acknowledgment, number('+')));
            }
            else
            {
                talk.Out(MakeTcp(Y1, outside, flags, sequence, acknowledgment, number('+')));
            }
        }
    };
}

void
ExpectSame(const Script& script)
{
    static const std::string obstacle = KernelNat::FindObstacle();
    if (!obstacle.empty())
    {
        GTEST_SKIP() << obstacle;
    }
    const auto model = RunModel(script);
    auto kernel = RunKernel(script, 4);
    if (kernel != model)
    {
        kernel = RunKernel(script, 60); // the machine may have been slow
    }
    for (std::size_t i = 0; i < std::min(model.size(), kernel.size()); ++i)
    {
        ASSERT_EQ(model[i], kernel[i]) << "line " << i << " behind " << (i > 0 ? model[i - 1] : "");
    }
    EXPECT_EQ(model.size(), kernel.size());
}

} // namespace p2pim::oracle
