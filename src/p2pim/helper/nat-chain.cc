// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/nat-chain.h"

#include <algorithm>
#include <sstream>

namespace ns3
{
namespace p2pim
{

std::optional<NatTextFault>
ReadNatChain(const std::string& text, NatChain& chain)
{
    constexpr std::size_t most = 8;
    NatChain read;
    std::istringstream elements(text);
    std::string element;
    do
    {
        element.clear();
        std::getline(elements, element, '/');
        std::optional<NatSettings> settings;
        if (auto fault = ReadNatSettings(element, settings))
        {
            return fault;
        }
        read.push_back(settings);
    } while (!elements.eof());
    if (read.size() > most)
    {
        return NatTextFault{"", "more than 8 in a row", {}};
    }
    chain = read;
    return std::nullopt;
}

bool
Translates(const NatChain& chain)
{
    return std::any_of(chain.begin(), chain.end(), [](const auto& each) {
        return each && each->translates;
    });
}

} // namespace p2pim
} // namespace ns3
