// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_GPRS_WORLD_H
#define P2PIM_TESTS_GPRS_WORLD_H

#include "ns3/cellular-network.h"
#include "ns3/config.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/inet-socket-address.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// A network with one cell, and what its phones say of their bearers.
class GprsWorld : public testing::Test
{
  protected:
    void SetUp() override
    {
        Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", UintegerValue(1));
    }

    void TearDown() override
    {
        m_stations.clear();
        Simulator::Destroy();
        if (m_network)
        {
            m_network->Dispose();
        }
        Config::Reset();
    }

    /// Builds the network with the defaults of now, and phones in it.
    void Build(uint32_t phones)
    {
        m_network = CreateObject<CellularNetwork>();
        m_network->Build();
        m_network->AssignStreams(100);
        for (uint32_t n = 0; n < phones; ++n)
        {
            m_stations.push_back(m_network->AddPhone(0)->GetObject<GprsMobileStation>());
        }
        m_outcomes.resize(phones);
    }

    /// Asks for the bearer of a phone now.
    void BringUp(uint32_t phone)
    {
        m_stations[phone]->BringUp(MakeCallback(&GprsWorld::Attached, this).Bind(phone),
                                   MakeCallback(&GprsWorld::Done, this).Bind(phone));
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
        ADD_FAILURE() << "no counter " << element << " " << name;
        return -1;
    }

    struct Outcome
    {
        Time attached;
        Time done;
        bool up = false;
        std::string cause;
    };

    /// Lets time pass.
    static void RunFor(Time time)
    {
        Simulator::Stop(time);
        Simulator::Run();
    }

    /// Sets an attribute's default of a class of p2pim.
    static void Set(const std::string& name, const AttributeValue& value)
    {
        Config::SetDefault("ns3::p2pim::" + name, value);
    }

    Ptr<CellularNetwork> m_network;
    std::vector<Ptr<GprsMobileStation>> m_stations;
    std::vector<Outcome> m_outcomes;

  private:
    void Attached(uint32_t phone)
    {
        m_outcomes[phone].attached = Simulator::Now();
    }

    void Done(uint32_t phone, bool up, const std::string& cause)
    {
        m_outcomes[phone].done = Simulator::Now();
        m_outcomes[phone].up = up;
        m_outcomes[phone].cause = cause;
    }
};

/// Sends datagrams from a phone to the server host, which returns them.
class Pinger
{
  public:
    Pinger(Ptr<CellularNetwork> network, Ptr<GprsMobileStation> station, uint32_t octets)
        : m_octets(octets),
          m_server(network->GetServerAddress(), 7),
          m_echo(Socket::CreateSocket(network->GetServer(), UdpSocketFactory::GetTypeId())),
          m_socket(Socket::CreateSocket(station->GetObject<Node>(), UdpSocketFactory::GetTypeId()))
    {
        m_echo->Bind(InetSocketAddress(Ipv4Address::GetAny(), 7));
        m_echo->SetRecvCallback(MakeCallback(&Pinger::Echo, this));
        m_socket->Bind();
        m_socket->SetRecvCallback(MakeCallback(&Pinger::Received, this));
    }

    void Send()
    {
        m_sent = Simulator::Now();
        m_socket->SendTo(Create<Packet>(m_octets), 0, m_server);
    }

    /// @return the round trips so far, in s.
    const std::vector<double>& GetRoundTrips() const
    {
        return m_roundTrips;
    }

  private:
    void Echo(Ptr<Socket> socket)
    {
        Address from;
        while (auto packet = socket->RecvFrom(from))
        {
            socket->SendTo(packet, 0, from);
        }
    }

    void Received(Ptr<Socket> socket)
    {
        while (socket->Recv())
        {
            m_roundTrips.push_back((Simulator::Now() - m_sent).GetSeconds());
        }
    }

    uint32_t m_octets;
    InetSocketAddress m_server;
    Ptr<Socket> m_echo;
    Ptr<Socket> m_socket;
    Time m_sent;
    std::vector<double> m_roundTrips;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TESTS_GPRS_WORLD_H
