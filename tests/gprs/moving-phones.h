// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_MOVING_PHONES_H
#define P2PIM_TESTS_MOVING_PHONES_H

#include "gprs/packet-stream.h"

#include "ns3/cell-reselection.h"
#include "ns3/cellular-network.h"
#include "ns3/config.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// A network with some cells, and phones that send and receive numbered datagrams.
class MovingPhones : public testing::Test
{
  protected:
    static constexpr uint16_t UP_PORT = 1000;
    static constexpr uint16_t DOWN_PORT = 2000;

    ~MovingPhones() override
    {
        m_up.clear();
        m_down.clear();
        if (m_reselection)
        {
            m_reselection->Dispose();
        }
        m_phones.clear();
        Simulator::Destroy();
        if (m_network)
        {
            m_network->Dispose();
        }
        Config::Reset();
    }

    void Build(uint32_t cells, uint32_t phones)
    {
        Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", UintegerValue(cells));
        m_network = CreateObject<CellularNetwork>();
        m_network->Build();
        m_network->AssignStreams(100);
        m_reselection = CreateObject<CellReselection>();
        m_reselection->SetCells(m_network->GetGsmCells(), m_network->GetGprsCells());
        m_reselection->AssignStreams(10);
        for (uint32_t n = 0; n < phones; ++n)
        {
            m_phones.push_back(m_network->AddPhone(n));
        }
    }

    /// Drives all phones, as one that does not move unless the attributes say so.
    void Drive()
    {
        for (std::size_t n = 0; n < m_phones.size(); ++n)
        {
            m_reselection->Drive(m_phones[n], 1'000'000 + static_cast<int64_t>(n));
        }
    }

    void RunFor(double seconds)
    {
        Simulator::Stop(Seconds(seconds));
        Simulator::Run();
    }

    Ptr<GprsMobileStation> GetStation(std::size_t phone) const
    {
        return m_phones[phone]->GetObject<GprsMobileStation>();
    }

    Ptr<GsmMobileStation> GetGsm(std::size_t phone) const
    {
        return m_phones[phone]->GetObject<GsmMobileStation>();
    }

    void BringUp(std::size_t phone)
    {
        GetStation(phone)->BringUp(
            Callback<void>([]() {}),
            Callback<void, bool, const std::string&>([](bool, const std::string&) {}));
    }

    /// All phones have a bearer after that, and streams that are not started.
    void BringAllUp()
    {
        for (std::size_t n = 0; n < m_phones.size(); ++n)
        {
            BringUp(n);
        }
        RunFor(20);
        for (std::size_t n = 0; n < m_phones.size(); ++n)
        {
            ASSERT_TRUE(GetStation(n)->IsUp());
            AddStreams(n);
        }
    }

    void AddStreams(std::size_t phone)
    {
        const auto server = m_network->GetServer();
        const auto port = static_cast<uint16_t>(UP_PORT + phone);
        m_up.push_back(std::make_unique<PacketStream>(m_phones[phone], server, port));
        m_down.push_back(std::make_unique<PacketStream>(server, m_phones[phone], DOWN_PORT));
    }

    double GetCounter(const std::string& element, const std::string& name) const
    {
        for (const auto& [itsElement, counters] : m_network->GetCounters())
        {
            for (const auto& [itsName, value] : counters)
            {
                if (itsElement == element && itsName == name)
                {
                    return value;
                }
            }
        }
        return 0;
    }

    double SumOverCells(const std::string& name) const
    {
        double sum = 0;
        for (std::size_t n = 0; n < m_network->GetGprsCells().size(); ++n)
        {
            sum += GetCounter("cell-" + std::to_string(n), name);
        }
        return sum;
    }

    /// Reselections of phone 0 between two cells, with pauses. @return when each began.
    std::vector<Time> GoToAndFro(uint32_t times, double pause)
    {
        std::vector<Time> begins;
        uint32_t cell = 0;
        for (uint32_t n = 0; n < times; ++n)
        {
            RunFor(pause);
            begins.push_back(Simulator::Now());
            cell = 1 - cell;
            EXPECT_TRUE(m_reselection->Reselect(m_phones[0], cell));
        }
        RunFor(pause);
        return begins;
    }

    /// Mean of the longest gaps in a stream after each of some times, s.
    static double GetMeanGap(const PacketStream& stream, const std::vector<Time>& begins)
    {
        double sum = 0;
        for (const Time& begin : begins)
        {
            sum += stream.GetLongestGap(begin, begin + Seconds(8)).GetSeconds();
        }
        return sum / static_cast<double>(begins.size());
    }

    Ptr<CellularNetwork> m_network;
    Ptr<CellReselection> m_reselection;
    std::vector<Ptr<Node>> m_phones;
    std::vector<std::unique_ptr<PacketStream>> m_up;
    std::vector<std::unique_ptr<PacketStream>> m_down;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TESTS_MOVING_PHONES_H
