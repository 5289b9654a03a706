// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The kinds of access that an operator's phones have.
 */
#include "ns3/abort.h"
#include "ns3/cellular-network.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/nat-chain.h"
#include "ns3/string.h"

#include <algorithm>
#include <sstream>

namespace ns3
{
namespace p2pim
{

namespace
{

/// @return whether a kind has an access point of its own, with private addresses.
bool
IsPrivate(const AccessKind& kind)
{
    NatChain chain;
    ReadNatChain(kind.chain, chain);
    return kind.place == AccessPlace::CARRIER && Translates(chain);
}

/// @return as Ggsn.AccessPoints is written.
std::string
Write(const std::string& name, Ipv4Address network, uint32_t prefixLength)
{
    std::ostringstream text;
    text << name << '=' << network << '/' << prefixLength << ' ';
    return text.str();
}

} // namespace

std::string
CellularNetwork::WriteAccessPoints(const std::vector<AccessPoint>& own,
                                   const std::vector<AccessKind>& kinds,
                                   uint32_t operatorNumber)
{
    // the first network is divided into 2, 4, 8 ... parts, as many as have to be
    const auto& divided = own.front().pool;
    uint32_t length = divided.GetMask().GetPrefixLength();
    const auto privates = std::count_if(kinds.begin(), kinds.end(), IsPrivate);
    for (std::ptrdiff_t parts = 1; parts < privates + 1; parts *= 2)
    {
        ++length;
    }
    constexpr uint32_t bits = 32;
    const uint32_t part = length < bits ? 1U << (bits - length) : 0;
    uint32_t network = divided.GetNetwork().Get();
    std::string text = Write(own.front().name, Ipv4Address(network), length);
    for (std::size_t n = 1; n < own.size(); ++n)
    {
        const auto& pool = own[n].pool;
        text += Write(own[n].name, pool.GetNetwork(), pool.GetMask().GetPrefixLength());
    }
    for (std::size_t n = 0; n < kinds.size(); ++n)
    {
        if (IsPrivate(kinds[n]))
        {
            text += Write(kinds[n].name, Ipv4Address(network += part), length);
        }
        else if (kinds[n].place == AccessPlace::CARRIER)
        {
            const auto pool = AccessNetwork::GetPublicPool(operatorNumber, n);
            text += Write(kinds[n].name, pool.GetNetwork(), pool.GetMask().GetPrefixLength());
        }
    }
    return text;
}

/// Reads the kinds, and gives the GGSN their access points.
void
CellularNetwork::ReadAccessKinds()
{
    if (m_accessPopulation.empty())
    {
        return;
    }
    AccessPopulation population;
    const auto fault = ReadAccessPopulation(m_accessPopulation, population);
    NS_ABORT_MSG_IF(fault, fault->file << ":" << fault->line << ": " << fault->problem);
    m_accessKinds = population.kinds;
    const auto points = WriteAccessPoints(m_ggsn->GetAccessPoints(), m_accessKinds, m_number);
    m_ggsn->SetAttribute("AccessPoints", StringValue(points));
}

void
CellularNetwork::BuildAccess()
{
    AccessNetwork::Surroundings surroundings;
    surroundings.operatorNumber = m_number;
    surroundings.internet = m_internet;
    surroundings.delay = m_giDelay;
    surroundings.ggsn = m_ggsnNode;
    surroundings.transport = m_transportPreset;
    for (const auto& kind : m_accessKinds)
    {
        surroundings.accessPoint.clear();
        for (const auto& point : m_ggsn->GetAccessPoints())
        {
            if (point.name == kind.name)
            {
                surroundings.accessPoint = {{point.pool.GetNetwork(), point.pool.GetMask()}};
            }
        }
        auto access = CreateObject<AccessNetwork>();
        access->Build(kind, surroundings);
        if (kind.place == AccessPlace::CARRIER)
        {
            m_ggsn->SetGi(kind.name, access->GetFirstDevice());
        }
        m_accesses.push_back(access);
        ++surroundings.index;
    }
}

const std::vector<AccessKind>&
CellularNetwork::GetAccessKinds() const
{
    return m_accessKinds;
}

void
CellularNetwork::SetAccess(Ptr<Node> phone, std::size_t kind, uint32_t site)
{
    if (m_accessKinds.at(kind).place == AccessPlace::CARRIER)
    {
        phone->GetObject<GprsMobileStation>()->SetAttribute("Apn",
                                                            StringValue(m_accessKinds[kind].name));
        return;
    }
    m_accesses[kind]->Join(phone, site);
}

std::vector<Ptr<NatGateway>>
CellularNetwork::GetNatGateways() const
{
    auto all = m_gateways->GetGateways();
    for (const auto& access : m_accesses)
    {
        const auto some = access->GetGateways();
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

} // namespace p2pim
} // namespace ns3
