// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/nat-helper.h"

#include "ns3/abort.h"
#include "ns3/decimal-reader.h"
#include "ns3/ipv4-interface-address.h"
#include "ns3/ipv4.h"
#include "ns3/node-list.h"
#include "ns3/pcp-server.h"

#include <algorithm>
#include <sstream>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr std::size_t MAX_POOL = 256; // addresses

/// @return whether several networks may have an address: RFC 1918, RFC 6598.
bool
IsShared(Ipv4Address address)
{
    return Ipv4Mask("/8").IsMatch(address, Ipv4Address("10.0.0.0")) ||
           Ipv4Mask("/12").IsMatch(address, Ipv4Address("172.16.0.0")) ||
           Ipv4Mask("/16").IsMatch(address, Ipv4Address("192.168.0.0")) ||
           Ipv4Mask("/10").IsMatch(address, Ipv4Address("100.64.0.0"));
}

/// @return whether no host can have an address: the first and the loopback network, multicast.
bool
IsNoHost(uint32_t address)
{
    const uint32_t octet = address >> 24;
    return octet == 0 || octet == 127 || (octet >= 224 && octet < 240) || address == UINT32_MAX;
}

/// @return an address and the length of its prefix, which is 32 unless it is written.
std::optional<std::pair<uint32_t, uint32_t>>
ReadPrefix(const std::string& text)
{
    const char* place = text.data();
    const char* const end = place + text.size();
    const bool isNetwork = text.find('/') != std::string::npos;
    uint32_t address = 0;
    for (const char terminator : {'.', '.', '.', isNetwork ? '/' : '\0'})
    {
        const auto octet = ReadDecimal(place, end, UINT8_MAX, terminator);
        if (!octet)
        {
            return std::nullopt;
        }
        address = address << 8 | *octet;
    }
    constexpr uint32_t bits = 32;
    const auto length = isNetwork ? ReadDecimal(place, end, bits, '\0') : bits;
    return length ? std::optional(std::pair(address, *length)) : std::nullopt;
}

/// @return whether an address is one of the node's, or of the NAT that it is.
bool
Has(Ptr<const Ipv4> ipv4, const std::vector<Ipv4Address>& pool)
{
    const auto isWanted = [&pool](Ipv4Address address) {
        return std::find(pool.begin(), pool.end(), address) != pool.end();
    };
    for (uint32_t interface = 0; interface < ipv4->GetNInterfaces(); ++interface)
    {
        for (uint32_t n = 0; n < ipv4->GetNAddresses(interface); ++n)
        {
            if (isWanted(ipv4->GetAddress(interface, n).GetLocal()))
            {
                return true;
            }
        }
    }
    const auto nat = DynamicCast<NatGateway>(ipv4->GetRoutingProtocol());
    return nat && std::any_of(nat->GetCore().GetSettings().pool.begin(),
                              nat->GetCore().GetSettings().pool.end(),
                              [&isWanted](Ipv4Address address) {
                                  return isWanted(address) && !IsShared(address);
                              });
}

NatTextFault
MakeFault(const std::string& problem)
{
    return {"", problem, {}};
}

} // namespace

NatHelper::NatHelper(const std::string& kind)
{
    std::optional<NatSettings> settings;
    auto fault = ReadNatSettings(kind, settings);
    if (!fault && !settings)
    {
        fault = NatTextFault{"none", "no kind of NAT", {}};
    }
    m_fault = std::move(fault);
    m_settings = settings.value_or(NatSettings());
}

NatHelper::NatHelper(const NatSettings& settings)
    : m_settings(settings)
{
}

void
NatHelper::SetPool(const std::vector<Ipv4Address>& pool)
{
    m_settings.pool = pool;
}

std::optional<NatTextFault>
NatHelper::FindFault(Ptr<Node> router, uint32_t inside) const
{
    if (m_fault)
    {
        return m_fault;
    }
    if (const auto problem = m_settings.FindFault(); !problem.empty())
    {
        return MakeFault(problem);
    }
    const auto ipv4 = router->GetObject<Ipv4>();
    if (!ipv4 || inside == 0 || inside >= ipv4->GetNInterfaces() ||
        ipv4->GetNAddresses(inside) == 0)
    {
        return MakeFault("the router has no such interface with an address");
    }
    constexpr uint32_t least = 3; // the loopback, inside and outside
    if (ipv4->GetNInterfaces() < least)
    {
        return MakeFault("the router has nothing outside: one interface only");
    }
    if (DynamicCast<NatGateway>(ipv4->GetRoutingProtocol()))
    {
        return MakeFault("the router is a NAT already");
    }
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        const auto other = (*node)->GetObject<Ipv4>();
        if (other && Has(other, m_settings.pool))
        {
            return MakeFault("node " + std::to_string((*node)->GetId()) +
                             " has an outside address of it already");
        }
    }
    return std::nullopt;
}

Ptr<NatGateway>
NatHelper::Install(Ptr<Node> router, uint32_t inside) const
{
    const auto fault = FindFault(router, inside);
    NS_ABORT_MSG_IF(fault, "NAT: '" << fault->word << "': " << fault->problem);
    return Mount(router, inside, m_settings);
}

Ptr<NatGateway>
NatHelper::Mount(Ptr<Node> router, uint32_t inside, const NatSettings& settings)
{
    auto gateway = CreateObject<NatGateway>();
    gateway->Mount(router, settings, inside);
    if (settings.translates)
    {
        router->GetObject<Ipv4>()->AddAddress(
            inside,
            Ipv4InterfaceAddress(g_pcpAnycast, Ipv4Mask::GetOnes()));
        auto server = CreateObject<PcpServer>();
        server->SetGateway(gateway);
        router->AddApplication(server);
    }
    return gateway;
}

std::optional<NatTextFault>
ReadNatPool(const std::string& text, std::vector<Ipv4Address>& pool)
{
    std::vector<Ipv4Address> read;
    std::istringstream words(text);
    for (std::string word; words >> word;)
    {
        const auto prefix = ReadPrefix(word);
        if (!prefix)
        {
            return NatTextFault{word, "no IPv4 address or network", {}};
        }
        const auto [first, length] = *prefix;
        const uint64_t count = uint64_t{1} << (32 - length);
        if (read.size() + count > MAX_POOL)
        {
            return NatTextFault{word, "more than 256 outside addresses", {}};
        }
        if (first % count != 0)
        {
            return NatTextFault{word, "no network: bits behind its prefix", {}};
        }
        for (uint32_t n = 0; n < count; ++n)
        {
            read.emplace_back(first + n);
        }
        if (IsNoHost(first) || IsNoHost(read.back().Get()))
        {
            return NatTextFault{word, "no host can have such an address", {}};
        }
    }
    if (read.empty())
    {
        return NatTextFault{"", "no outside address", {}};
    }
    auto sorted = read;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end())
    {
        std::ostringstream address;
        address << *twice;
        return NatTextFault{address.str(), "an outside address is there twice", {}};
    }
    pool = read;
    return std::nullopt;
}

} // namespace p2pim
} // namespace ns3
