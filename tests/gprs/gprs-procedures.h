// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_GPRS_PROCEDURES_H
#define P2PIM_TESTS_GPRS_PROCEDURES_H

#include "tests/gprs/gprs-world.h"

#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Procedures of mobility and session management of phones whose bearers are up.
class GprsProcedures : public GprsWorld
{
  protected:
    /// Builds a network whose phones all have a context.
    void BuildUp(uint32_t phones)
    {
        Build(phones);
        for (uint32_t phone = 0; phone < phones; ++phone)
        {
            m_stations[phone]->TraceConnectWithoutContext(
                "BearerLost",
                Callback<void, const std::string&>(
                    [this](const std::string& cause) { m_losses.push_back(cause); }));
            BringUp(phone);
        }
        RunFor(Seconds(20));
        for (const Outcome& outcome : m_outcomes)
        {
            ASSERT_TRUE(outcome.up) << outcome.cause;
        }
    }

    using State = GprsMobileStation::State;
    using Losses = std::vector<std::string>;

    static constexpr uint8_t NSAPI = 5; ///< the station's one context

    State GetState(uint32_t phone = 0) const
    {
        return m_stations[phone]->GetState();
    }

    /// @return how many of a phone's pings are answered, one a second.
    std::size_t Ping(uint32_t phone, uint32_t count)
    {
        Pinger pinger(m_network, m_stations[phone], 32);
        for (uint32_t n = 0; n < count; ++n)
        {
            Simulator::Schedule(Seconds(n), &Pinger::Send, &pinger);
        }
        RunFor(Seconds(count + 10));
        return pinger.GetRoundTrips().size();
    }

    Ptr<Sgsn> GetSgsn() const
    {
        return m_network->GetSgsn();
    }

    /// Whatever was taken by a layer was handed on or lost for a cause, and the next one has it.
    void ExpectConservation() const
    {
        for (const auto& [element, counters] : m_network->GetCounters())
        {
            for (const auto& [name, value] : counters)
            {
                if (name.find("_octets_inside") != std::string::npos)
                {
                    EXPECT_EQ(value, 0) << element << " " << name;
                }
            }
        }
        const auto get = [this](const char* element, const char* name) {
            return GetCounter(element, name);
        };
        EXPECT_EQ(get("cell-0", "llc_uplink_octets_out"), get("sgsn", "gb_uplink_octets_in"));
        EXPECT_EQ(get("sgsn", "gb_downlink_octets_out"), get("cell-0", "llc_downlink_octets_in"));
        EXPECT_EQ(get("sgsn", "uplink_octets_out"), get("ggsn", "uplink_octets_in"));
        EXPECT_EQ(get("ggsn", "downlink_octets_out"), get("sgsn", "downlink_octets_in"));
    }

    std::vector<std::string> m_losses;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TESTS_GPRS_PROCEDURES_H
