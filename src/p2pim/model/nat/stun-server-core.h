// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_STUN_SERVER_CORE_H
#define P2PIM_STUN_SERVER_CORE_H

#include "ns3/stun-message.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace p2pim
{

/// @return the answer to a Binding request: 420 if it has attributes that must be understood and
///         are not, else success with XOR-MAPPED-ADDRESS.
StunMessage AnswerBinding(const StunMessage& request, const InetSocketAddress& from);

/**
 * What a STUN server answers (RFC 8489 6.3, RFC 5780 6). It has up to four doors: two ports at each
 * of two addresses. A door is a number of two bits.
 */
class StunServerCore
{
  public:
    static constexpr uint32_t OTHER_PORT = 1;    ///< bit of the doors at the other port
    static constexpr uint32_t OTHER_ADDRESS = 2; ///< bit of the doors at the other address
    static constexpr uint32_t DOORS = 4;         ///< numbers of doors

    /// Where it is.
    struct Settings
    {
        Ipv4Address address;
        Ipv4Address otherAddress; ///< 0.0.0.0 for none: no NAT's behaviour can be discovered
        uint16_t port = STUN_PORT;
        uint16_t otherPort = 0; ///< another one, if there is another address
    };

    /// What has happened.
    struct Counters
    {
        uint64_t bindings = 0;  ///< requests answered with success
        uint64_t refused = 0;   ///< requests answered with an error
        uint64_t malformed = 0; ///< what cannot be read
        uint64_t ignored = 0;   ///< what is no Binding request
    };

    /// An answer and the door that it goes out by.
    struct Answer
    {
        Octets octets;
        uint32_t door = 0;
    };

    /// @param settings where it is.
    void SetSettings(const Settings& settings);

    /// @return the address and port of a door.
    InetSocketAddress GetDoor(uint32_t door) const;

    /// @return whether there is a second address.
    bool HasOtherAddress() const;

    /**
     * @param octets what has come.
     * @param from the source.
     * @param door the door that it came to.
     * @param overTcp whether it came over TCP, where no answer goes out by another door.
     * @return the answer, if one is due.
     */
    std::optional<Answer> Receive(const Octets& octets,
                                  const InetSocketAddress& from,
                                  uint32_t door,
                                  bool overTcp);

    /// @return what has happened.
    const Counters& GetCounters() const;

  private:
    StunMessage MakeAnswer(const StunMessage& request,
                           const InetSocketAddress& from,
                           uint32_t& door,
                           bool overTcp) const;

    Settings m_settings;
    Counters m_counters;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_STUN_SERVER_CORE_H
