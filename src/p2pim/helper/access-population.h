// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_ACCESS_POPULATION_H
#define P2PIM_ACCESS_POPULATION_H

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Where the NATs and firewalls of a phone stand.
enum class AccessPlace : uint8_t
{
    CARRIER,   ///< at the GGSN's Gi side, for all phones of the kind
    HOME,      ///< the first in each home, the others at the home's provider
    ENTERPRISE ///< behind the LAN of an enterprise, for all phones of the kind
};

/// A kind of access that phones have.
struct AccessKind
{
    std::string name; ///< letters, digits and hyphens
    AccessPlace place = AccessPlace::CARRIER;
    double share = 0;   ///< of the population, 0 to 1
    std::string chain;  ///< as GiGateways.Chain, from the phone on
    std::string source; ///< where the share is from
    std::string mark;   ///< how sure that is: V, V2, M, MEAS, or own choice
};

/// What accesses the phones of an operator have, and how often.
struct AccessPopulation
{
    /// What the shares count: "per carrier", "per NAT device", "per subscriber", "per attempt".
    std::string unit;
    std::vector<AccessKind> kinds; ///< in the order of the file
};

/// What is wrong with a population.
struct AccessPopulationFault
{
    std::string file;
    std::size_t line = 0;           ///< from 1; 0: the whole file
    std::string word;               ///< that is wrong; empty: the whole line or file
    std::string problem;            ///< such as "no such place"
    std::vector<std::string> known; ///< words that would be right in its place
};

/// Most kinds of a population.
constexpr std::size_t MAX_ACCESS_KINDS = 32;

/**
 * Reads a population: a CSV file (RFC 4180, without line ends in fields) whose first line is
 * `name,unit,place,share,chain,source,mark`, a kind in each further one. Empty lines and those that
 * begin with # are nothing. All kinds have one unit, and the shares' sum is 1.
 *
 * @param path the file.
 * @param[out] population what it says; unchanged on a fault.
 * @return what is wrong; nothing if it is right.
 */
std::optional<AccessPopulationFault> ReadAccessPopulation(const std::string& path,
                                                          AccessPopulation& population);

/// The same of a text. @param text the text. @param file its name, for faults.
std::optional<AccessPopulationFault> ReadAccessPopulation(std::istream& text,
                                                          const std::string& file,
                                                          AccessPopulation& population);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_ACCESS_POPULATION_H
