// SPDX-License-Identifier: GPL-2.0-only
#include "scenario.h"

#include "ns3/uinteger.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(Scenario);

TypeId
Scenario::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::Scenario")
                            .SetParent<Object>()
                            .SetGroupName("P2pim")
                            .AddAttribute("Sessions",
                                          "How many sessions a run has (1 to 1000000).",
                                          UintegerValue(100),
                                          MakeUintegerAccessor(&Scenario::m_sessions),
                                          MakeUintegerChecker<uint32_t>(1, 1000000));
    return tid;
}

Scenario::~Scenario() = default;

} // namespace p2pim
} // namespace ns3
