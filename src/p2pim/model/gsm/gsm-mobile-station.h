// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GSM_MOBILE_STATION_H
#define P2PIM_GSM_MOBILE_STATION_H

#include "ns3/event-id.h"
#include "ns3/gsm-ms-session.h"
#include "ns3/lazy-timer.h"
#include "ns3/nstime.h"
#include "ns3/page-mode-service.h"
#include "ns3/rr-messages.h"
#include "ns3/sms-hop.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

class GsmCell;
class Sdcch;

/**
 * The circuit-switched side of a phone, and its SMS: sends and receives short messages on an SDCCH.
 * Aggregated to the phone's node. An idle phone has no event and no transaction state; an RR
 * connection is one GsmMsSession.
 */
class GsmMobileStation : public PageModeService, private DedicatedChannelUser
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    GsmMobileStation();
    ~GsmMobileStation() override;

    /// TracedCallback signature of the trace source MmState.
    typedef void (*MmStateTracedCallback)(MmState from, MmState to);

    /**
     * @param imsi the IMSI's 15 digits as a number; leading zeros are implied.
     * @param msisdn the number: E.164 digits without "+", at most 15.
     */
    void SetIdentity(uint64_t imsi, const std::string& msisdn);
    /// @return the IMSI as a number.
    uint64_t GetImsi() const;
    /// @return the number.
    const std::string& GetMsisdn() const;

    /**
     * The phone camps on a cell and is IMSI attached there, without any event. The identity and the
     * cell's MSC are set before.
     *
     * @param cell the cell.
     */
    void SetCell(Ptr<GsmCell> cell);
    /// @return the cell.
    Ptr<GsmCell> GetCell() const;

    /**
     * Switches the phone off or on. Off ends any connection at once and is known to the VLR (IMSI
     * detach); on is an IMSI attach.
     *
     * @param on whether the phone is on.
     */
    void SetPoweredOn(bool on);
    /**
     * Loses or regains coverage, of which the network is not told.
     *
     * @param covered whether there is coverage.
     */
    void SetCovered(bool covered);
    /// @return whether the phone is on and in coverage.
    bool IsReachable() const;

    // PageModeService
    uint32_t GetMaxUserData() const override;
    void Submit(const std::string& destination,
                uint16_t destinationPort,
                uint16_t originatorPort,
                const std::vector<uint8_t>& userData,
                SubmitCallback done) override;
    void Listen(uint16_t port, ReceiveCallback received) override;

    /// The user reads all messages and deletes them: the phone's memory is free again.
    void ReadMessages();

    // Called by the cell
    /// A paging request for this phone was read on the PCH.
    void ReceivePaging();
    /// An IMMEDIATE ASSIGNMENT for this phone's request, with its channel.
    void ReceiveImmediateAssignment(const L2Block& block, Sdcch& channel);
    /// An IMMEDIATE ASSIGNMENT REJECT for this phone's request.
    void ReceiveAssignmentReject(const L2Block& block);
    /// The random access has failed.
    void AccessFailed();

    // Called by the session
    /// A short message has arrived: @p tpdu is an SMS-DELIVER. @return the RP cause, 0 if accepted.
    uint8_t ReceiveDeliver(const uint8_t* tpdu, std::size_t size);
    /**
     * The outcome of the submission at the head of the queue.
     *
     * @param accepted whether the RP-ACK has come.
     * @param cause why not.
     * @param answered whether the network has said so; else the message is sent once more, up to
     * SubmissionRetries times.
     */
    void FinishSubmission(bool accepted, const char* cause, bool answered);
    /// A short message has arrived, whose RP-ACK is yet to be sent.
    void NotifyReceived(uint64_t reference);
    /// The MM state has changed.
    void NotifyState(MmState from, MmState to);
    /// A hop of the message under submission.
    void NotifyHop(SmsHop hop);
    /// @return TP-MR of the message at the head of the queue, also its RP-Message-Reference.
    uint8_t GetMessageReference() const;
    /// @return the SMS-SUBMIT at the head of the queue.
    const std::vector<uint8_t>& GetSubmission() const;
    /// @return the RP-Message-Reference of an RP-SMMA.
    uint8_t GetSmmaReference();
    /// The network knows that the phone has memory again.
    void FinishSmma();
    /// @return the SMSC's address.
    SmsAddress GetServiceCentre() const;
    /// @return the times of the phone.
    GsmMsTimes GetTimes() const;

  protected:
    void DoDispose() override;

  private:
    /// A message that waits for its turn to be sent.
    struct Submission
    {
        uint8_t messageReference = 0; ///< TP-MR
        std::vector<uint8_t> tpdu;    ///< SMS-SUBMIT
        SubmitCallback done;          ///< outcome
        uint32_t accesses = 0;        ///< tries to get a channel
        uint32_t repetitions = 0;     ///< how often it was sent once more
    };

    void HandleLink(Sdcch& channel, const LapdmIndication& indication) override;
    void StartNext();
    void StartSession(MsSessionPurpose purpose);
    void CheckSession();
    void ExpireTimer();
    void LoseAccess(Time wait, const char* cause);
    bool IsWaitingForChannel() const;
    void FollowReachability(bool wasReachable);
    void DropSession();

    uint64_t m_imsi = 0;
    uint64_t m_msisdnDigits = 0;
    std::string m_msisdn;
    Ptr<GsmCell> m_cell;
    bool m_poweredOn = true;
    bool m_covered = true;
    uint8_t m_nextMessageReference = 0;
    Time m_simAuthenticationTime;
    Time m_processingTime;
    Time m_storageTime;
    Time m_tr1m;
    Time m_tr2m;
    Time m_tc1m;
    Time m_t3230;
    Time m_t3240;
    uint32_t m_maxCpRetransmissions;
    uint32_t m_maxAccessAttempts;
    uint32_t m_submissionRetries;
    uint32_t m_messageMemory;
    Time m_submissionRetryTime;
    bool m_rejectDuplicates;
    uint8_t m_validityPeriod;
    std::string m_serviceCentre;
    std::vector<std::pair<uint16_t, ReceiveCallback>> m_listeners;
    std::vector<Submission> m_queue;
    std::unique_ptr<GsmMsSession> m_session;
    LazyTimer m_timer; ///< deadlines of the session
    EventId m_retry;   ///< T3122, or the next submission
    uint32_t m_messagesStored = 0;
    bool m_refusedForMemory = false; ///< a message was, since the last RP-SMMA
    bool m_smmaDue = false;          ///< the network is to be told that there is memory again
    TracedCallback<MmState, MmState> m_stateTrace;
    TracedCallback<uint64_t, SmsHop, Time> m_hopTrace;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GSM_MOBILE_STATION_H
