// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GLOBAL_TITLE_TABLE_H
#define P2PIM_GLOBAL_TITLE_TABLE_H

#include "ns3/hlr.h"
#include "ns3/ptr.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <map>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * Which operator's HLR a number belongs to: the translation of global titles (ITU-T Q.714 2.4) that
 * the operators' signalling networks have in common. Numbers that move to another operator with
 * their subscriber are not modelled.
 */
class GlobalTitleTable : public SimpleRefCount<GlobalTitleTable>
{
  public:
    /**
     * @param prefix the first digits of numbers, E.164.
     * @param hlr their HLR.
     */
    void Add(const std::string& prefix, Ptr<Hlr> hlr);

    /**
     * @param msisdn a number.
     * @return the HLR of the longest prefix that it begins with; null if there is none.
     */
    Ptr<Hlr> Find(uint64_t msisdn) const;

  private:
    std::map<std::string, Ptr<Hlr>> m_hlrs; ///< by prefix
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GLOBAL_TITLE_TABLE_H
