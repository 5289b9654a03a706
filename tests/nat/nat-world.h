// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_NAT_WORLD_H
#define P2PIM_TESTS_NAT_WORLD_H

#include "nat-packets.h"

#include "ns3/nat-core.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace p2pim::test
{

using namespace ns3;
using namespace ns3::p2pim;

/// A NAT 203.0.113.1 between hosts 10.0.0.x and 203.0.113.x0; times are seconds, and never go back.
class NatWorld
{
  public:
    using Lines = std::vector<std::string>;

    /// @param settings of the NAT; it gets the address if it translates and has none.
    explicit NatWorld(NatSettings settings)
        : core(Complete(std::move(settings)), [this](uint32_t limit) { return m_random() % limit; })
    {
    }

    /// A packet comes from inside. @return what leaves: "out UDP ...".
    Lines In(double at, const Octets& packet)
    {
        return Note(core.Receive(Seconds(at), NatSide::INSIDE, packet));
    }

    /// A packet comes from outside. @return what leaves.
    Lines Out(double at, const Octets& packet)
    {
        return Note(core.Receive(Seconds(at), NatSide::OUTSIDE, packet));
    }

    /// Time goes on. @return what leaves.
    Lines Wait(double at)
    {
        return Note(core.Advance(Seconds(at)));
    }

    /// A datagram from inside. @return its outside endpoint as text; "" if it was dropped.
    std::string Udp(double at, const std::string& from, const std::string& to)
    {
        return GetSource(In(at, MakeUdp(from, to)));
    }

    /// A SYN from inside. @return its outside endpoint as text; "" if it was dropped.
    std::string Syn(double at,
                    const std::string& from,
                    const std::string& to,
                    uint32_t sequence = 100)
    {
        return GetSource(In(at, MakeTcp(from, to, "S", sequence)));
    }

    /// @return whether a datagram from outside passes.
    bool Passes(double at, const std::string& from, const std::string& to)
    {
        const Lines lines = Out(at, MakeUdp(from, to));
        return !lines.empty() && lines[0].rfind("in UDP", 0) == 0;
    }

    /// @return why the last call dropped a packet; NONE if it did not.
    NatCause GetCause() const
    {
        for (const NatEvent& event : events)
        {
            if (event.kind == NatEvent::Kind::PACKET_DROPPED)
            {
                return event.cause;
            }
        }
        return NatCause::NONE;
    }

    /// @return events of a kind in the last call.
    std::size_t Count(NatEvent::Kind kind) const
    {
        return static_cast<std::size_t>(
            std::count_if(events.begin(), events.end(), [kind](const NatEvent& event) {
                return event.kind == kind;
            }));
    }

    /// @return the endpoint that the first packet out of some comes from.
    static std::string GetSource(const Lines& lines)
    {
        if (lines.empty() || lines[0].rfind("out ", 0) != 0)
        {
            return "";
        }
        const std::size_t begin = lines[0].find(' ', 4) + 1;
        return lines[0].substr(begin, lines[0].find('>') - begin);
    }

    /// @return the port of an endpoint.
    static int GetPort(const std::string& endpoint)
    {
        return At(endpoint).port;
    }

    NatCore core;
    std::vector<NatEvent> events;   ///< of the last call
    std::vector<NatOutput> packets; ///< of the last call

  private:
    static NatSettings Complete(NatSettings settings)
    {
        if (settings.translates && settings.pool.empty())
        {
            settings.pool = {Ipv4Address("203.0.113.1")};
        }
        if (settings.insideAddress == Ipv4Address::GetZero())
        {
            settings.insideAddress = Ipv4Address("10.0.0.1");
        }
        return settings;
    }

    Lines Note(const NatResult& result)
    {
        events = result.events;
        packets = result.packets;
        Lines lines;
        for (const NatOutput& one : result.packets)
        {
            lines.push_back((one.side == NatSide::INSIDE ? "in " : "out ") + Describe(one.packet));
        }
        return lines;
    }

    std::mt19937 m_random{5489};
};

} // namespace p2pim::test

#endif // P2PIM_TESTS_NAT_WORLD_H
