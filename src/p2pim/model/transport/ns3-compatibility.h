// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NS3_COMPATIBILITY_H
#define P2PIM_NS3_COMPATIBILITY_H

#include "ns3/event-id.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/tcp-socket-base.h"

#include <cstddef>
#include <tuple>
#include <type_traits>

/**
 * @file
 * What ns-3 spells differently from version to version, told apart by what is declared: so the
 * module compiles with 3.37 and with the newest.
 */

namespace ns3
{
namespace p2pim
{

/// IsPending() of ns-3.42 and later.
template <typename Event>
auto
IsPending(const Event& event, int) -> decltype(event.IsPending())
{
    return event.IsPending();
}

/// IsRunning() of earlier versions.
template <typename Event>
bool
IsPending(const Event& event, long)
{
    return event.IsRunning();
}

/// @return whether @p event has neither happened nor been cancelled.
inline bool
IsPending(const EventId& event)
{
    return IsPending(event, 0);
}

/// The parameters of a member function.
template <typename Function>
struct Parameters;

template <typename Class, typename... Types>
struct Parameters<bool (Class::*)(Types...)>
{
    template <std::size_t N>
    using At = std::tuple_element_t<N, std::tuple<Types...>>; ///< the type of the n-th, from 0
};

/// Of Ipv4RoutingProtocol::RouteInput: callbacks by value, from 3.39 on by reference.
using RouteInputParameters = Parameters<decltype(&Ipv4RoutingProtocol::RouteInput)>;

/// Whether a class of sockets has to say its type itself: up to 3.44, later Object does.
constexpr bool SOCKETS_SAY_THEIR_TYPE =
    !std::is_same_v<decltype(&TcpSocketBase::GetInstanceTypeId), TypeId (Object::*)() const>;

/// The base of a class of TCP sockets.
template <typename Self, bool SAYS_ITS_TYPE = SOCKETS_SAY_THEIR_TYPE>
class TypedTcpSocket : public TcpSocketBase
{
};

/// The same where the class has to say its type.
template <typename Self>
class TypedTcpSocket<Self, true> : public TcpSocketBase
{
  public:
    TypeId GetInstanceTypeId() const override
    {
        return Self::GetTypeId();
    }
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NS3_COMPATIBILITY_H
