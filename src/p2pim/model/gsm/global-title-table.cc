// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/global-title-table.h"

namespace ns3
{
namespace p2pim
{

void
GlobalTitleTable::Add(const std::string& prefix, Ptr<Hlr> hlr)
{
    m_hlrs[prefix] = hlr;
}

Ptr<Hlr>
GlobalTitleTable::Find(uint64_t msisdn) const
{
    for (std::string prefix = std::to_string(msisdn); !prefix.empty(); prefix.pop_back())
    {
        const auto found = m_hlrs.find(prefix);
        if (found != m_hlrs.end())
        {
            return found->second;
        }
    }
    return nullptr;
}

} // namespace p2pim
} // namespace ns3
