// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_TRAVERSAL_WORLD_H
#define P2PIM_TESTS_TRAVERSAL_WORLD_H

#include "tests/scenarios/operator-settings.h"

#include "ns3/config.h"
#include "ns3/im-helper.h"
#include "ns3/operator-defaults.h"
#include "ns3/operators.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

namespace p2pim::test
{

/// Two operators, each with what stands at its Gi, and phones with p2p clients.
class TraversalWorld : public testing::Test
{
  protected:
    ~TraversalWorld() override
    {
        ns3::Simulator::Destroy();
        ns3::p2pim::OperatorDefaults::Reset();
        ns3::Config::Reset();
    }

    /// Builds it: no phones yet.
    void Build(const std::string& strategy,
               const std::string& initiatorSide,
               const std::string& targetSide)
    {
        ns3::Simulator::Destroy();
        ns3::Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", ns3::UintegerValue(1));
        ns3::Config::SetDefault("ns3::p2pim::PeerToPeerClient::Traversal",
                                ns3::StringValue(strategy));
        SetForOperator(1, "Ggsn", "AccessPoints", "internet=10.0.0.0/9");
        SetForOperator(2, "Ggsn", "AccessPoints", m_targetPool);
        SetForOperator(1, "GiGateways", "Chain", initiatorSide);
        SetForOperator(2, "GiGateways", "Chain", targetSide);
        m_operators = std::make_unique<ns3::p2pim::Operators>(2);
        m_im = std::make_unique<ns3::p2pim::ImHelper>("p2p", m_operators->GetNetworks()[0]);
        m_operators->AssignStreams(m_im->AssignStreams(1) + 1);
    }

    /// @return the client of a new phone of an operator, from 0, which has its bearer early.
    ns3::Ptr<ns3::p2pim::ImClient> AddClient(std::size_t number)
    {
        const auto phone = m_operators->GetNetworks()[number]->AddPhone(0);
        const auto client = m_im->Install(phone);
        ns3::Simulator::ScheduleWithContext(phone->GetId(),
                                            ns3::Seconds(1),
                                            &ns3::p2pim::ImClient::GoOnline,
                                            client);
        return client;
    }

    static void RunFor(ns3::Time time)
    {
        ns3::Simulator::Stop(time);
        ns3::Simulator::Run();
    }

    std::string m_targetPool = "internet=10.128.0.0/9";
    std::unique_ptr<ns3::p2pim::Operators> m_operators;
    std::unique_ptr<ns3::p2pim::ImHelper> m_im;
};

} // namespace p2pim::test

#endif // P2PIM_TESTS_TRAVERSAL_WORLD_H
