// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_ORACLE_TALK_H
#define P2PIM_TESTS_ORACLE_TALK_H

#include "tests/nat/nat-world.h"

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace p2pim::oracle
{

using namespace ::ns3::p2pim;
using namespace ::p2pim::test;

/// A script talks to either NAT, and all is written down.
class Talk
{
  public:
    using Carrier = std::function<std::vector<std::pair<NatSide, Octets>>(NatSide, const Octets&)>;

    Talk(Carrier carrier, std::function<void(double)> sleep);

    /// A packet comes from inside.
    void In(const Octets& packet);
    /// A packet comes from outside.
    void Out(const Octets& packet);
    /// Seconds pass.
    void Wait(double seconds);
    /// @return the outside endpoint that appeared as the n-th, modulo how many there are.
    std::string GetOutside(std::size_t n) const;

    std::vector<std::string> transcript;

  private:
    void Carry(NatSide from, const Octets& packet);
    std::string Normalize(std::string line);

    Carrier m_carrier;
    std::function<void(double)> m_sleep;
    std::set<int> m_chosen; ///< ports and identifiers that the inside has chosen
    std::map<int, std::size_t> m_symbols;
    std::vector<std::string> m_outside;
};

/// A script, and the NATs that it is for.
struct Script
{
    std::string name;
    NatPreset preset;
    std::function<void(Talk&)> talk;
    std::function<void(NatSettings&)> change = [](NatSettings&) {};
    std::vector<std::string> sysctls = {};
    std::string suffix = {}; ///< of the masquerade statement
};

/// Plays a script to both NATs: every line must be the same. Skips the test without a kernel's NAT.
void ExpectSame(const Script& script);

/// TCP segments by a short notation: ">S:100" is from X1, "<SA:500,101" from Y1, "+10" data.
std::function<void(Talk&)> Segments(const std::vector<std::string>& segments,
                                    const std::string& outside = "203.0.113.1:7000");

constexpr const char* X1 = "10.0.0.2:7000";
constexpr const char* X2 = "10.0.0.3:7000";
constexpr const char* N1 = "203.0.113.1:7000";
constexpr const char* Y1 = "203.0.113.10:1000";
constexpr const char* Y2 = "203.0.113.20:1000";

} // namespace p2pim::oracle

#endif // P2PIM_TESTS_ORACLE_TALK_H
