// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_SETTINGS_TEXT_H
#define P2PIM_NAT_SETTINGS_TEXT_H

#include "ns3/nat-settings.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// What is wrong with the text of a NAT's settings.
struct NatTextFault
{
    std::string word;               ///< the word that is wrong; empty: the whole
    std::string problem;            ///< such as "no such setting"
    std::vector<std::string> known; ///< words that would be right in its place
};

/**
 * Reads settings that are written as a preset and what differs from it, separated by blanks:
 *
 *     port-restricted tcp-filtering=adf tcp-opening=30s mappings-per-subscriber=1000
 *
 * The word `none` stands for no NAT. Names of settings are those of NatSettings, in words;
 * enumerators are in lower case; times are ns-3's ("30s", "4min"), `ever` is no end.
 *
 * @param text the text.
 * @param[out] settings what it says, without a pool; none for no NAT; unchanged on a fault.
 * @return what is wrong; nothing if it is right.
 */
std::optional<NatTextFault> ReadNatSettings(const std::string& text,
                                            std::optional<NatSettings>& settings);

/// @return the names of the settings, in the order of the manual.
std::vector<std::string> GetNatSettingNames();

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_SETTINGS_TEXT_H
