// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CONNECTION_ATTEMPT_H
#define P2PIM_CONNECTION_ATTEMPT_H

#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-address.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// One phone's dialling of one address, with its repetitions, as the phone sees it.
struct ConnectionAttempt
{
    /// What is dialled, by what the phone has the address from (RFC 8445 5.1.1).
    enum class Candidate : uint8_t
    {
        HOST,        ///< the other phone's own address
        STUN_SERVER, ///< not the other phone, but the server that tells the own outside address
        PREDICTED,   ///< a port that the other phone's NAT is likely to take next
        REFLEXIVE,   ///< what a server on the Internet has seen the other phone by
        MAPPED,      ///< what the other phone's NAT has given on request
        RELAY,       ///< of a relay, or at a relay
    };

    /// What has come of it.
    enum class Outcome : uint8_t
    {
        UNDER_WAY,
        CONNECTED,
        REFUSED,    ///< a RST
        TIMED_OUT,  ///< no answer to any SYN
        GIVEN_UP,   ///< before it was over
        WRONG_HOST, ///< a connection with a host that does not know the session
        CLOSED,     ///< a connection that the other end closed before the session began
        NO_ROUTE,   ///< there is no way to that address, or it is the own one
    };

    Candidate candidate = Candidate::HOST;
    InetSocketAddress local{Ipv4Address::GetAny(), 0}; ///< port 0: not known
    InetSocketAddress remote{Ipv4Address::GetAny(), 0};
    uint32_t tries = 0;                   ///< how often it was begun
    Outcome outcome = Outcome::UNDER_WAY; ///< of the last try
    bool isOver = false;                  ///< there will be no other try
};

/// @return its name in results: host, stun, predicted, srflx, mapped, relay.
const char* GetCandidateName(ConnectionAttempt::Candidate candidate);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_CONNECTION_ATTEMPT_H
