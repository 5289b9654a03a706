// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_TRANSACTION_ENGINE_H
#define P2PIM_SMS_TRANSACTION_ENGINE_H

#include "ns3/nstime.h"
#include "ns3/sms-rp-cp.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Timers of the CP and RP layers (TS 24.011 5.3.2, 10).
struct SmsTimers
{
    Time tr1;                        ///< TR1M or TR1N: wait for the RP-ACK
    Time tr2;                        ///< TR2M or TR2N: wait to send the RP-ACK
    Time tc1;                        ///< TC1*: wait for the CP-ACK
    uint32_t maxRetransmissions = 2; ///< of a CP-DATA
};

/**
 * The CP and RP layers of short message transfers one way, on the phone or in the MSC (TS 24.011 5,
 * 6): one RP-DATA and its RP-ACK or RP-ERROR at a time, each in a CP-DATA that is acknowledged and
 * repeated. It starts when the MM connection stands. Time is an argument.
 */
class SmsTransactionEngine
{
  public:
    /// What a step means for the layers above.
    enum class Event : uint8_t
    {
        NONE,
        RP_DATA,  ///< an RP-DATA has arrived: answer it with Acknowledge() or Refuse()
        RP_SMMA,  ///< an RP-SMMA has arrived: likewise
        RP_ACK,   ///< the RP-DATA sent was accepted
        RP_ERROR, ///< the RP-DATA sent was refused
        FINISHED, ///< the RP-ACK or RP-ERROR sent has arrived
        FAILED    ///< the transfer is given up
    };

    /// What a step has brought about.
    struct Step
    {
        Event event = Event::NONE;    ///< for the layer above
        std::vector<uint8_t> message; ///< to send on SAPI 3, if not empty
        RpMessage rp;                 ///< of RP_DATA and RP_ERROR, inside the octets received
    };

    /**
     * @param network whether this is the MSC's side.
     * @param timers the timers.
     */
    SmsTransactionEngine(bool network, const SmsTimers& timers);

    /**
     * Starts a transfer towards the peer.
     *
     * @param transaction transaction identifier, 0-6.
     * @param reference RP-Message-Reference.
     * @param serviceCentre the SMSC's address.
     * @param tpdu the TPDU.
     * @param now the time.
     * @return the message to send, empty if it cannot be encoded.
     */
    std::vector<uint8_t> Originate(uint8_t transaction,
                                   uint8_t reference,
                                   const SmsAddress& serviceCentre,
                                   const std::vector<uint8_t>& tpdu,
                                   Time now);
    /**
     * Starts to tell the network that the phone has memory again.
     *
     * @param transaction transaction identifier, 0-6.
     * @param reference RP-Message-Reference.
     * @param now the time.
     * @return the message to send.
     */
    std::vector<uint8_t> OriginateSmma(uint8_t transaction, uint8_t reference, Time now);
    /**
     * A message has arrived on SAPI 3.
     *
     * @param octets the message.
     * @param size its length in octets.
     * @param now the time.
     * @return what follows from it.
     */
    Step Receive(const uint8_t* octets, std::size_t size, Time now);
    /// Answers the RP-DATA with an RP-ACK at @p now. @return the message to send.
    std::vector<uint8_t> Acknowledge(Time now);
    /// Answers the RP-DATA with an RP-ERROR and a @p cause at @p now, and with the report @p tpdu
    /// if it is not empty. @return the message to send.
    std::vector<uint8_t> Refuse(uint8_t cause, Time now, const std::vector<uint8_t>& tpdu = {});
    /// Forgets the transfer, so that another one can start; what comes late of it is ignored.
    void Finish();
    /// A deadline is over at @p now. @return what follows from it.
    Step Expire(Time now);
    /// @return the earliest deadline, or Time::Max().
    Time GetDeadline() const;
    /// @return whether no transfer has started.
    bool IsUnused() const;

  private:
    /// States of the CP entity (TS 24.011 5.2).
    enum class CpState : uint8_t
    {
        IDLE,
        WAIT_FOR_CP_ACK,
        MM_CONNECTION_ESTABLISHED
    };

    /// States of the RP entity (TS 24.011 6.2).
    enum class RpState : uint8_t
    {
        IDLE,
        WAIT_FOR_RP_ACK,
        WAIT_TO_SEND_RP_ACK,
        DONE
    };

    std::vector<uint8_t> SendCpData(std::vector<uint8_t> message, Time now);
    Step ReceiveCpData(const CpMessage& cp, Time now);
    Step ReceiveCpAck();
    Step Fail();

    bool m_network;
    SmsTimers m_timers;
    CpState m_cpState = CpState::IDLE;
    RpState m_rpState = RpState::IDLE;
    uint8_t m_transaction = 0;         ///< as in the messages sent
    uint8_t m_reference = 0;           ///< RP-Message-Reference
    std::optional<uint8_t> m_finished; ///< the last transaction, as in the messages received
    uint32_t m_retransmissions = 0;
    bool m_answerSent = false; ///< the CP-DATA under way carries the RP-ACK or RP-ERROR
    std::vector<uint8_t> m_cpData;
    Time m_tr;
    Time m_tc1;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_TRANSACTION_ENGINE_H
