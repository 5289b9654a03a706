// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_SCENARIO_H
#define P2PIM_NAT_SCENARIO_H

#include "chat-scenario.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Chats by the scheme p2p between phones behind NATs and firewalls. Its own schemes are the
 * strategies of PeerToPeerClient.Traversal in lower case, so that `p2pim compare` has the same
 * users, behind the same NATs, try each of them.
 *
 * What the phones are behind are the kinds of CellularNetwork.AccessPopulation.
 */
class NatScenario : public ChatScenario
{
  public:
    /// Who chats with whom.
    enum Pairing : uint8_t
    {
        PAIRING_POPULATION, ///< each phone's kind is drawn by its share
        PAIRING_MATRIX,     ///< each kind with each, in turn
        PAIRING_SAME        ///< each kind with itself, in turn
    };

    /// @return the type.
    static TypeId GetTypeId();

    std::vector<SchemeInfo> GetSchemes() const override;
    std::optional<SettingFault> FindFault() const override;
    bool Run(const std::string& scheme,
             const Progress& progress,
             ::p2pim::RunRecord& record) override;

  protected:
    std::string GetImScheme(const std::string& scheme) const override;
    void ChoosePhones(uint32_t index, const Operators& operators, SessionPlan& plan) override;

  private:
    /// @return after how many sessions each pair of that many kinds has had one.
    uint32_t CountPairs(std::size_t kinds) const;
    std::optional<SettingFault> FindPairingFault() const;

    Pairing m_pairing;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_SCENARIO_H
