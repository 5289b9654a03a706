// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_TRANSFERS_H
#define P2PIM_SMS_TRANSFERS_H

#include "ns3/sms-transaction-engine.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The short messages between a phone and its network at one end, over GPRS: one transfer each way
 * at a time, each an SmsTransactionEngine (TS 24.011 5, 6). There is no MM connection to wait for.
 * Time is an argument.
 */
class SmsTransfers
{
  public:
    /// What a step of one of the transfers means.
    struct Result
    {
        bool own = false; ///< of the transfer of this end, else of the peer's
        SmsTransactionEngine::Step step;
    };

    /**
     * @param network whether this is the network's end.
     * @param timers the timers.
     */
    SmsTransfers(bool network, const SmsTimers& timers);

    /// Starts a transfer of this end, which has none. @return the message to send.
    std::vector<uint8_t> Originate(uint8_t reference,
                                   const SmsAddress& serviceCentre,
                                   const std::vector<uint8_t>& tpdu,
                                   Time now);
    /// A message has arrived. @return what follows from it.
    Result Receive(const uint8_t* octets, std::size_t size, Time now);
    /// Deadlines are over at @p now. @return what follows from it.
    std::vector<Result> Expire(Time now);
    /// @return the earliest deadline, or Time::Max().
    Time GetDeadline() const;
    /// @return the transfer of this end.
    SmsTransactionEngine& GetOwn();
    /// @return the transfer of the peer.
    SmsTransactionEngine& GetPeers();

  private:
    SmsTransactionEngine m_own;
    SmsTransactionEngine m_peers;
    uint8_t m_transaction = 0; ///< identifier of the next own one
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_TRANSFERS_H
