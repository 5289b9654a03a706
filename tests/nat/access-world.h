// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_ACCESS_WORLD_H
#define P2PIM_TESTS_ACCESS_WORLD_H

#include "tests/scenarios/operator-settings.h"
#include "tests/transport/tcp-test-world.h"

#include "ns3/config.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/operators.h"
#include "ns3/packet-bearer.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <list>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Operators whose phones have kinds of access, and two hosts on the Internet.
class AccessWorld : public testing::Test
{
  protected:
    /// A kind: its name, its place, its chain.
    using Kind = std::vector<std::string>;

    void SetUp() override
    {
        Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", UintegerValue(1));
    }

    void TearDown() override
    {
        m_peers.clear();
        Simulator::Destroy();
        m_operators.reset();
        for (const auto& file : m_files)
        {
            std::filesystem::remove(file);
        }
        m_files.clear();
        OperatorDefaults::Reset();
        Config::Reset();
    }

    /// @return the path of a new population, of equal shares.
    std::string Write(const std::vector<Kind>& kinds)
    {
        const auto name =
            "p2pim-" + std::to_string(getpid()) + "-" + std::to_string(m_files.size()) + ".csv";
        auto path = (std::filesystem::temp_directory_path() / name).string();
        m_files.push_back(path);
        std::ofstream file(path);
        file.precision(9);
        file << "name,unit,place,share,chain,source,mark\n";
        for (const auto& kind : kinds)
        {
            file << kind[0] << ",per attempt," << kind[1] << ',' << 1.0 / kinds.size() << ','
                 << kind[2] << ",a test,own choice\n";
        }
        return path;
    }

    /// Builds an operator for each population, and a host beside the server.
    void Build(const std::vector<std::vector<Kind>>& populations)
    {
        uint32_t number = 0;
        for (const auto& kinds : populations)
        {
            ::p2pim::test::SetForOperator(++number,
                                          "CellularNetwork",
                                          "AccessPopulation",
                                          Write(kinds));
        }
        m_operators = std::make_unique<Operators>(number);
        m_operators->AssignStreams(1);
        const auto internet = m_operators->GetInternet();
        m_server.node = internet->GetServer();
        m_server.address = internet->GetServerAddress();
        m_other.node = CreateObject<Node>();
        LeanStackHelper::Install(m_other.node);
        m_other.address =
            internet->Attach(m_other.node, Ipv4Address("203.0.113.64"), MilliSeconds(1)).address;
    }

    /// @return a phone with its bearer up. @param operatorNumber from 1.
    ::p2pim::test::TestHost AddPhone(std::size_t kind,
                                     uint32_t site = 0,
                                     uint32_t operatorNumber = 1)
    {
        const auto network = m_operators->GetNetworks()[operatorNumber - 1];
        ::p2pim::test::TestHost phone;
        phone.node = network->AddPhone(0);
        network->SetAccess(phone.node, kind, site);
        const auto bearer = phone.node->GetObject<PacketBearer>();
        EXPECT_FALSE(bearer->IsUp());
        bearer->BringUp(MakeCallback(+[]() {}), MakeCallback(+[](bool, const std::string&) {}));
        RunFor(Seconds(10));
        EXPECT_TRUE(bearer->IsUp());
        phone.address = bearer->GetAddress();
        return phone;
    }

    static void RunFor(Time time)
    {
        Simulator::Stop(time);
        Simulator::Run();
    }

    /// @return a new peer on a host, which lives until the end.
    ::p2pim::test::TestPeer& AddPeer(const ::p2pim::test::TestHost& host)
    {
        return m_peers.emplace_back(host);
    }

    /// @return a peer that listens.
    ::p2pim::test::TestPeer& Listen(const ::p2pim::test::TestHost& host, uint16_t port)
    {
        auto& peer = AddPeer(host);
        peer.Listen(port);
        return peer;
    }

    /// @return a peer that has tried to connect for half a minute.
    ::p2pim::test::TestPeer& Dial(const ::p2pim::test::TestHost& host,
                                  uint16_t port,
                                  const InetSocketAddress& remote)
    {
        auto& peer = AddPeer(host);
        Simulator::ScheduleWithContext(host.node->GetId(), Time(), [&peer, port, remote]() {
            peer.Connect(port, remote);
        });
        RunFor(Seconds(30));
        return peer;
    }

    /// @return the endpoint as which a phone's port is seen; the connection stays.
    InetSocketAddress GetSeen(const ::p2pim::test::TestHost& phone, uint16_t port)
    {
        auto& listener = Listen(m_server, ++m_serverPort);
        EXPECT_EQ(Dial(phone, port, m_server.At(m_serverPort)).connected, 1U);
        EXPECT_EQ(listener.connected, 1U);
        Address from;
        listener.socket->GetPeerName(from);
        return InetSocketAddress::ConvertFrom(from);
    }

    /// @return a counter of an element.
    double Get(const std::string& element, const std::string& name) const
    {
        double sum = 0;
        for (const auto& [each, counters] : m_operators->GetCounters())
        {
            for (const auto& [counter, value] : counters)
            {
                sum += each == element && counter == name ? value : 0;
            }
        }
        return sum;
    }

    std::unique_ptr<Operators> m_operators;
    ::p2pim::test::TestHost m_server;
    ::p2pim::test::TestHost m_other; ///< another host on the Internet

  private:
    std::vector<std::string> m_files;
    std::list<::p2pim::test::TestPeer> m_peers;
    uint16_t m_serverPort = 80;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TESTS_ACCESS_WORLD_H
