// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/operators.h"

#include "ns3/global-title-table.h"
#include "ns3/operator-defaults.h"

namespace ns3
{
namespace p2pim
{

Operators::Operators(uint32_t count)
    : m_internet(CreateObject<Internet>())
{
    m_internet->Build();
    const auto titles = Create<GlobalTitleTable>();
    for (uint32_t number = 1; number <= count; ++number)
    {
        const OperatorDefaults::Scope defaults(number);
        auto network = CreateObject<CellularNetwork>();
        network->SetOperator(number);
        network->SetInternet(m_internet);
        network->Build();
        network->JoinSignalling(titles);
        m_networks.push_back(network);
        m_faults.push_back(CreateObject<NetworkFaults>());
    }
}

Operators::~Operators()
{
    for (const auto& faults : m_faults)
    {
        faults->Dispose();
    }
    for (const auto& network : m_networks)
    {
        network->Dispose();
    }
    m_internet->Dispose();
}

const std::vector<Ptr<CellularNetwork>>&
Operators::GetNetworks() const
{
    return m_networks;
}

Ptr<Internet>
Operators::GetInternet() const
{
    return m_internet;
}

void
Operators::StartFaults()
{
    for (std::size_t n = 0; n < m_networks.size(); ++n)
    {
        m_faults[n]->Start(m_networks[n]);
    }
}

std::vector<std::pair<std::string, CounterList>>
Operators::GetCounters() const
{
    std::vector<std::pair<std::string, CounterList>> all;
    for (std::size_t n = 0; n < m_networks.size(); ++n)
    {
        const std::string prefix =
            m_networks.size() > 1 ? "operator-" + std::to_string(n + 1) + "/" : "";
        for (auto& [element, counters] : m_networks[n]->GetCounters())
        {
            all.emplace_back(prefix + element, std::move(counters));
        }
        if (m_faults[n]->HasAny())
        {
            all.emplace_back(prefix + "faults", m_faults[n]->GetCounters());
        }
    }
    return all;
}

int64_t
Operators::AssignStreams(int64_t first)
{
    int64_t next = first;
    for (const auto& network : m_networks)
    {
        next += network->AssignStreams(next);
    }
    for (const auto& faults : m_faults)
    {
        next += faults->AssignStreams(next);
    }
    return next - first;
}

} // namespace p2pim
} // namespace ns3
