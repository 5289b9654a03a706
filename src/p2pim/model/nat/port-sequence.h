// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PORT_SEQUENCE_H
#define P2PIM_PORT_SEQUENCE_H

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * How a NAT counts the outside ports of its mappings, as far as a host behind it can tell; from
 * this the next ones can be predicted (RFC 5128 3.6).
 */
struct PortSequence
{
    /// How far a NAT may go on between two mappings that follow each other: one that goes further
    /// is random, or too busy for a prediction. Own choice.
    static constexpr uint16_t MAX_ADVANCE = 1024;

    uint16_t last = 0; ///< the last port that was given
    uint16_t step = 0; ///< from one port to the next, 1 to MAX_ADVANCE

    /**
     * @param first the first of them, from 1: that which the very next mapping gets.
     * @param count how many.
     * @return the ports that will be given; fewer than @p count at the end of all ports, behind
     *         which it is not known where the NAT begins again.
     */
    std::vector<uint16_t> Predict(uint32_t first, uint32_t count) const;

    /**
     * @param port a port that was given later.
     * @return how many were given from `last` to it, itself included.
     */
    uint32_t CountTo(uint16_t port) const;
};

/**
 * Looks for a sequence in the ports of mappings that were made one after the other. The step is the
 * greatest common divisor of the differences: what others have got in between is a multiple of it.
 *
 * @param ports the ports, in the order of the mappings.
 * @return the sequence; none for less than three ports, or if they do not go up.
 */
std::optional<PortSequence> FindPortSequence(const std::vector<uint16_t>& ports);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PORT_SEQUENCE_H
