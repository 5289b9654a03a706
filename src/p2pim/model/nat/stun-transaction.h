// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_STUN_TRANSACTION_H
#define P2PIM_STUN_TRANSACTION_H

#include "ns3/nstime.h"
#include "ns3/stun-message.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * When a client sends a request, and when it gives it up (RFC 8489 6.2.1, 6.2.2). Over UDP it is
 * repeated at doubled times, with the defaults after 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s, and
 * has failed after 39.5 s; over TCP it is sent once.
 */
class StunTransaction
{
  public:
    /// What it goes by over UDP.
    struct Settings
    {
        Time rto = MilliSeconds(500); ///< RTO: from the first transmission to the second
        uint32_t transmissions = 7;   ///< Rc
        uint32_t lastWait = 16;       ///< Rm: how many RTO to wait after the last transmission
    };

    /// What is due.
    enum class Action : uint8_t
    {
        NONE, ///< nothing yet
        SEND, ///< the request is to be sent again
        FAIL, ///< no answer will come
    };

    /// A request that was sent over UDP just now.
    StunTransaction(const Settings& settings, Time now);

    /// A request that was sent over TCP just now. @param wait how long to wait, Ti.
    StunTransaction(Time wait, Time now);

    /// @return when Advance() has to be called.
    Time GetDeadline() const;

    /// @return what is due.
    Action Advance(Time now);

  private:
    Settings m_settings;
    uint32_t m_sent = 1;
    Time m_interval;
    Time m_deadline;
};

/**
 * Makes the transaction ids of one client. They differ between clients, which have different names,
 * and within one, which counts; so a run repeats to the last octet. RFC 8489 5 has them random,
 * against forgers, of which there are none here.
 */
class StunTransactionIds
{
  public:
    /// @param name what tells this client from all others.
    explicit StunTransactionIds(const std::string& name);

    /// @return an id that was not made before.
    StunTransactionId Make();

  private:
    uint64_t m_name; ///< hash of the name
    uint32_t m_count = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_STUN_TRANSACTION_H
