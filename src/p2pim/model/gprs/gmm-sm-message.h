// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GMM_SM_MESSAGE_H
#define P2PIM_GMM_SM_MESSAGE_H

#include "ns3/gmm-message.h"
#include "ns3/octets.h"
#include "ns3/sm-message.h"

#include <optional>
#include <variant>

namespace ns3
{
namespace p2pim
{

/// @return a variant of the alternatives of both; only its type is of use.
template <typename... First, typename... Second>
std::variant<First..., Second...> Join(const std::variant<First...>&,
                                       const std::variant<Second...>&);

/// Any message of GPRS mobility management or session management.
using GmmSmMessage = decltype(Join(GmmMessage(), SmMessage()));

/// @return a message of GMM as one of both.
GmmSmMessage ToGmmSm(const GmmMessage& message);
/// @return a message of SM as one of both.
GmmSmMessage ToGmmSm(const SmMessage& message);

/**
 * @param message the message.
 * @return its octets, protocol discriminator first.
 */
Octets EncodeGmmSm(const GmmSmMessage& message);

/**
 * @param octets a message, protocol discriminator first.
 * @param direction who sent it: a DETACH REQUEST of the network is read otherwise than a station's.
 * @return the message; nothing if it is cut short, unknown, or a mandatory element is wrong.
 */
std::optional<GmmSmMessage> DecodeGmmSm(const Octets& octets, GmmSmDirection direction);

/**
 * @param octets a message that DecodeGmmSm() refuses.
 * @param direction who sent it.
 * @return the cause for a GMM STATUS or SM STATUS (TS 24.008 8.4, 8.5); nothing if there is no
 *         answer: it is too short (8.2), itself a status, or of another protocol.
 */
std::optional<GmmSmCause> FindGmmSmFault(const Octets& octets, GmmSmDirection direction);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GMM_SM_MESSAGE_H
