// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GSM_MS_SESSION_H
#define P2PIM_GSM_MS_SESSION_H

#include "ns3/nstime.h"
#include "ns3/sdcch.h"
#include "ns3/sms-transaction-engine.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

class GsmMobileStation;

/// States of the MM entity of a phone that are in use (TS 24.008 4.1.2.1.1).
enum class MmState : uint8_t
{
    MM_IDLE,                         ///< 19
    LOCATION_UPDATING_INITIATED,     ///< 3
    IMSI_DETACH_INITIATED,           ///< 7
    WAIT_FOR_RR_CONNECTION,          ///< 14, also while it answers a paging
    WAIT_FOR_OUTGOING_MM_CONNECTION, ///< 5
    WAIT_FOR_NETWORK_COMMAND,        ///< 9
    MM_CONNECTION_ACTIVE,            ///< 6
    RR_CONNECTION_RELEASE ///< CHANNEL RELEASE received, DISC under way (TS 44.018 3.4.13)
};

/// What a phone sets up an RR connection for.
enum class MsSessionPurpose : uint8_t
{
    SUBMISSION,        ///< the message at the head of its queue
    PAGING_RESPONSE,   ///< it was paged
    MEMORY_AVAILABLE,  ///< RP-SMMA
    LOCATION_UPDATING, ///< it registers
    IMSI_DETACH,       ///< it is being switched off
    CALL               ///< a voice call
};

/// Times of a phone.
struct GsmMsTimes
{
    Time simAuthentication; ///< A3 and A8 in the SIM
    Time processing;        ///< from an L3 message to its answer
    Time storage;           ///< from an SMS-DELIVER to its RP-ACK
    Time t3210;             ///< wait for the LOCATION UPDATING ACCEPT (TS 24.008 11.2)
    Time t3220;             ///< wait for the release after an IMSI detach (TS 24.008 11.2)
    Time t3230;             ///< wait for the MM connection (TS 24.008 11.2)
    Time t3240;             ///< wait for the CHANNEL RELEASE (TS 24.008 11.2)
    SmsTimers sms;          ///< TR1M, TR2M, TC1*
};

/**
 * The phone's end of one RR connection on an SDCCH, or on the SACCH of a call: RR, MM and SMS, from
 * the access to the release (TS 44.018 3.3 and 3.4.13, TS 24.008 4.3.4, 4.4 and 4.5.1, TS 24.011).
 * Short messages go both ways at a time, one after the other each way. The phone makes it, hands it
 * what comes in, and destroys it when it is over.
 */
class GsmMsSession
{
  public:
    /**
     * @param ms the phone; outlives the session.
     * @param purpose what it is for.
     */
    GsmMsSession(GsmMobileStation& ms, MsSessionPurpose purpose);
    ~GsmMsSession();
    GsmMsSession(const GsmMsSession&) = delete;
    GsmMsSession& operator=(const GsmMsSession&) = delete;

    /// @return whether it still owes the phone the outcome of a submission.
    bool HasSubmission() const;
    /// @return whether it has a channel.
    bool HasChannel() const;
    /// @return whether that is a TCH.
    bool IsOnTrafficChannel() const;
    /// @return whether it tells the network that the phone is off.
    bool IsDetaching() const;
    /// @return whether it has come to its end.
    bool IsOver() const;
    /// @return the earliest deadline, or Time::Max().
    Time GetDeadline() const;
    /// The random access has failed: nothing has been done.
    void Lose();
    /// The phone has been assigned @p channel.
    void TuneIn(Sdcch& channel, DedicatedChannelUser& user);
    /// A primitive of LAPDm has come.
    void HandleLink(const LapdmIndication& indication);
    /// The phone has a message to send: asks for the service if the connection allows it.
    void RequestService();
    /// The phone is being switched off and says so. @return false: it cannot on this connection.
    bool Detach();
    /// The deadline is over.
    void Expire();
    /// The phone leaves the channel without a word.
    void TuneOut();

  private:
    void SetState(MmState state);
    void HandleMessage(const LapdmIndication& indication);
    void HandleRr(const uint8_t* message, std::size_t size);
    void HandleMm(const uint8_t* message, std::size_t size);
    void HandleSms(const uint8_t* message, std::size_t size);
    std::vector<uint8_t> MakeInitialMessage() const;
    MmState GetFirstState() const;
    void ActivateConnection();
    void StartSubmission();
    void SendSms(std::vector<uint8_t> message, Time wait);
    void HandleMoStep(const SmsTransactionEngine::Step& step);
    void HandleMtStep(const SmsTransactionEngine::Step& step);
    void WaitForRelease();
    void Abort(const char* cause);
    void FinishSubmission(bool accepted, const char* cause, bool answered);
    void FinishOther(bool succeeded);

    GsmMobileStation& m_ms;
    MsSessionPurpose m_purpose;
    GsmMsTimes m_times;
    SmsTransactionEngine m_mo; ///< the phone's own transaction
    SmsTransactionEngine m_mt; ///< the network's
    uint8_t m_transaction = 0; ///< identifier of the phone's next one
    Sdcch* m_channel = nullptr;
    MmState m_state = MmState::WAIT_FOR_RR_CONNECTION;
    bool m_submissionOpen;           ///< the phone waits for the outcome of a submission
    bool m_otherOpen;                ///< likewise of an RP-SMMA or a location updating
    bool m_smsLink = false;          ///< SAPI 3 is established, or will be
    bool m_serviceRequested = false; ///< a CM SERVICE REQUEST for one more message is unanswered
    bool m_detaching = false;        ///< the phone is being switched off
    bool m_over = false;
    Time m_deadline;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GSM_MS_SESSION_H
