// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_OCTET_LEDGER_H
#define P2PIM_OCTET_LEDGER_H

#include "ns3/counter-list.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ns3
{
namespace p2pim
{

/// Why octets that a layer has taken do not come out at its other end.
enum class LossCause : uint8_t
{
    RADIO,        ///< blocks lost, and RLC does not repeat them
    LINK_FAILURE, ///< the TBF or its access has failed
    CELL_CHANGE,  ///< the station has left the cell
    OUTAGE,       ///< the element has failed
    NO_CONTEXT,   ///< there is no PDP context that they belong to
    NOT_REACHED,  ///< no answer to a page
    NO_ROOM,      ///< a buffer was full, or a lifetime over
    DETACHED,     ///< the station has left the network
    BARRED,       ///< the operator does not carry them
    INCOMPLETE,   ///< another part of their N-PDU was lost
    INVALID,      ///< they make no sense to who receives them
    REROUTED,     ///< another cell carries them on
};

/// How many causes there are.
constexpr std::size_t LOSS_CAUSES = static_cast<std::size_t>(LossCause::REROUTED) + 1;

/// What a layer has taken, handed on and lost in one direction, in octets of its PDUs. At any time
/// what was taken is what was handed on, lost, or is still inside.
class OctetLedger
{
  public:
    /// @p octets come in.
    void In(uint64_t octets)
    {
        m_in += octets;
    }

    /// @p octets go out at the other end.
    void Out(uint64_t octets)
    {
        m_out += octets;
    }

    /// @p octets will not come out.
    void Lose(uint64_t octets, LossCause cause)
    {
        m_lost[static_cast<std::size_t>(cause)] += octets;
    }

    /// @return octets that are still inside.
    uint64_t GetInside() const;

    /**
     * Appends counters: octets in, out, inside, and lost by each cause that there was.
     *
     * @param prefix in front of their names.
     * @param counters what they are appended to.
     */
    void AppendTo(const std::string& prefix, CounterList& counters) const;

  private:
    uint64_t m_in = 0;
    uint64_t m_out = 0;
    std::array<uint64_t, LOSS_CAUSES> m_lost{};
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_OCTET_LEDGER_H
