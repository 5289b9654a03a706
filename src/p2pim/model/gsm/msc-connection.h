// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_MSC_CONNECTION_H
#define P2PIM_MSC_CONNECTION_H

#include "ns3/lazy-timer.h"
#include "ns3/map-operations.h"
#include "ns3/mm-messages.h"
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

class GsmCell;
class MscVlr;

/// What an MSC does on a connection, and how fast.
struct MscSettings
{
    bool authentication = true; ///< authenticate each connection
    bool ciphering = true;      ///< cipher each connection
    Time processing;            ///< from an L3 message to its answer
    Time t3260;                 ///< wait for the phone's answer (TS 24.008 11.2)
    Time moreMessages;          ///< wait for the next message after one that announces it
    SmsTimers sms;              ///< TR1N, TR2N, TC1*
};

/// The states of the MM entity of the network that are in use (TS 24.008 4.1.2.3).
enum class NetworkMmState : uint8_t
{
    AUTHENTICATION_INITIATED, ///< waits for the AUTHENTICATION RESPONSE
    CIPHERING_MODE_INITIATED, ///< waits for the CIPHERING MODE COMPLETE
    MM_CONNECTION_ACTIVE,     ///< short messages flow, and a call perhaps
    RELEASING                 ///< CHANNEL RELEASE sent
};

/**
 * The network's end of one RR connection on an SDCCH, or on the SACCH of a call: authentication,
 * ciphering, location updating, short messages both ways at a time and one after the other each
 * way, and the release (TS 24.008 4.3, 4.4, 4.5.1, TS 24.011 5.4). The MSC makes it, hands it what
 * comes in, and destroys it when it is over.
 */
class MscConnection
{
  public:
    /**
     * @param msc the MSC; outlives the connection.
     * @param cell the cell.
     * @param channel its SDCCH.
     * @param dialogue names the connection.
     */
    MscConnection(MscVlr& msc, GsmCell& cell, Sdcch& channel, MapDialogue dialogue);
    ~MscConnection();
    MscConnection(const MscConnection&) = delete;
    MscConnection& operator=(const MscConnection&) = delete;

    /// @return its name.
    const MapDialogue& GetDialogue() const;
    /// @return whether it has come to its end.
    bool IsOver() const;
    /// @return the earliest deadline, or Time::Max().
    Time GetDeadline() const;
    /// @return its timer.
    LazyTimer& GetTimer();

    /// Starts; @p delivery is what a phone that answered a paging is to get, or null.
    void Start(InitialMessage::Kind kind, Ptr<MapMtForwardSm> delivery);
    /// Takes a message for the phone. @return false: it cannot, or has one already.
    bool Deliver(Ptr<MapMtForwardSm> delivery);
    /// The call is over.
    void EndCall();
    /// A primitive of LAPDm has come.
    void HandleLink(const LapdmIndication& indication);
    /// The SMSC has answered the phone's message.
    void AnswerMo(MapError error);
    /// The deadline is over.
    void Expire();
    /// The phone is gone.
    void Abort();
    /// The MSC is gone: the channel is released, and nobody is told.
    void Drop();

  private:
    void Send(uint8_t sapi, std::vector<uint8_t> message);
    void HandleSignalling(const uint8_t* message, std::size_t size);
    void HandleServiceRequest();
    void HandleAuthenticationResponse(const Sres& sres);
    void StartAuthentication();
    void StartCiphering();
    void ActivateConnection();
    void StartTransfer();
    void HandleSms(const uint8_t* message, std::size_t size);
    void HandleMoStep(const SmsTransactionEngine::Step& step);
    void HandleMtStep(const SmsTransactionEngine::Step& step);
    void FinishDelivery(MapError error);
    void WaitForMessage();
    void ReleaseIfIdle();
    void Release(uint8_t cause);
    bool HandleSuspension(const uint8_t* message, std::size_t size);

    MscVlr& m_msc;
    GsmCell& m_cell;
    Sdcch& m_channel;
    MapDialogue m_dialogue;
    MscSettings m_settings;
    SmsTransactionEngine m_mo; ///< the phone's transaction
    SmsTransactionEngine m_mt; ///< the network's own
    uint8_t m_transaction = 0; ///< identifier of the network's next one
    LazyTimer m_timer;
    NetworkMmState m_state = NetworkMmState::AUTHENTICATION_INITIATED;
    InitialMessage::Kind m_kind = InitialMessage::Kind::SHORT_MESSAGE_SERVICE;
    bool m_moOpen = false;        ///< the phone has the service, and its transfer is not over
    bool m_moQueued = false;      ///< likewise for the transfer after that
    bool m_moBarred = false;      ///< the phone gets no more service on this connection
    bool m_smsLink = false;       ///< SAPI 3 is established, or will be
    bool m_moreMessages = false;  ///< the last message has announced one more
    bool m_gprsSuspended = false; ///< the phone has said so
    bool m_gprsResumed = false;   ///< and has been told that it goes on
    bool m_over = false;
    Rand m_rand{};
    Ptr<MapMtForwardSm> m_delivery;
    Time m_deadline;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_MSC_CONNECTION_H
