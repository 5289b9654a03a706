// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/candidate-addresses.h"

namespace ns3
{
namespace p2pim
{

void
AddCandidate(Invitation& end, Candidate::Kind kind, const std::optional<InetSocketAddress>& address)
{
    if (address && *address != InetSocketAddress(end.address, end.port))
    {
        end.candidates.push_back({kind, address->GetIpv4(), address->GetPort()});
    }
}

std::vector<Ipv4Address>
GetOuterAddresses(const Invitation& end)
{
    std::vector<Ipv4Address> addresses;
    for (const auto& candidate : end.candidates)
    {
        addresses.push_back(candidate.address);
    }
    return addresses.empty() ? std::vector<Ipv4Address>{end.address} : addresses;
}

std::vector<InetSocketAddress>
GetDirectAddresses(const Invitation& end)
{
    std::vector<InetSocketAddress> addresses;
    const InetSocketAddress own(end.address, end.port);
    for (const auto& candidate : end.candidates)
    {
        const InetSocketAddress address(candidate.address, candidate.port);
        if (candidate.kind != Candidate::Kind::RELAYED && address != own)
        {
            addresses.push_back(address);
        }
    }
    addresses.push_back(own);
    return addresses;
}

std::vector<InetSocketAddress>
GetPredictedAddresses(const Invitation& end, uint32_t first, uint32_t count)
{
    std::vector<InetSocketAddress> addresses;
    if (end.sequence && first <= count)
    {
        for (const uint16_t port : end.sequence->Predict(first, count - first + 1))
        {
            addresses.emplace_back(GetOuterAddresses(end).front(), port);
        }
    }
    return addresses;
}

} // namespace p2pim
} // namespace ns3
