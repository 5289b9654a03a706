// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GSM_MOBILE_STATION_H
#define P2PIM_GSM_MOBILE_STATION_H

#include "ns3/event-id.h"
#include "ns3/gsm-ms-session.h"
#include "ns3/lazy-timer.h"
#include "ns3/location-registration.h"
#include "ns3/nstime.h"
#include "ns3/packet-side.h"
#include "ns3/page-mode-service.h"
#include "ns3/phone-energy.h"
#include "ns3/rr-messages.h"
#include "ns3/sms-hop.h"
#include "ns3/sms-inbox.h"
#include "ns3/sms-tpdu.h"
#include "ns3/sms-validity-period.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

class GsmCell;
class Sdcch;

/// What a user wants of the service beside the delivery of a message.
struct SmsOptions
{
    bool statusReport = false;                 ///< TP-SRR
    std::optional<SmsValidityPeriod> validity; ///< TP-VP; nothing: the attribute ValidityPeriod
};

/**
 * The circuit-switched side of a phone, and its SMS: sends and receives short messages on an SDCCH,
 * or during a call on its SACCH. Aggregated to the phone's node. An idle phone has no event, unless
 * its cell wants periodic location updating, and no transaction state; an RR connection is one
 * GsmMsSession.
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
    /// TracedCallback signature of the trace source Message.
    typedef void (*MessageTracedCallback)(const SmsAddress& from, const ShortMessage& message);
    /// TracedCallback signature of the trace source StatusReport.
    typedef void (*StatusReportTracedCallback)(const SmsStatusReport& report);

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
     * The phone camps on a cell. On the first one it is IMSI attached there, without any event; the
     * identity and the cell's MSC are set before. A later one has a location updating if it is in
     * another location area.
     *
     * @param cell the cell.
     */
    void SetCell(Ptr<GsmCell> cell);
    /**
     * The phone leaves its cell for another one, and reads the system information there: it cannot
     * be reached until EndReselection(). What it had on a dedicated channel is lost.
     *
     * @param cell the new cell.
     */
    void StartReselection(Ptr<GsmCell> cell);
    /// The phone camps on the cell that it has reselected.
    void EndReselection();
    /// @return the cell.
    Ptr<GsmCell> GetCell() const;

    /**
     * Switches the phone off or on. If the cell wants it and there is coverage, the phone says so:
     * by an IMSI DETACH INDICATION, on a connection that it has or on one of its own; by a location
     * updating when it is switched on. A submission under way waits until it is on again.
     *
     * @param on whether the phone is on.
     */
    void SetPoweredOn(bool on);
    /// The phone is off when the simulation starts, and the network knows.
    void StartPoweredOff();
    /// The circuit-switched side is not in use when the simulation starts, and the network knows.
    void StartWithoutCircuitService();
    /**
     * Loses or regains coverage, of which the network is not told.
     *
     * @param covered whether there is coverage.
     */
    void SetCovered(bool covered);
    /// @return whether the phone is on and in coverage, and camps on a cell.
    bool IsReachable() const;
    /// @param energy what is told from now on what the radio does.
    void SetEnergy(Ptr<PhoneEnergy> energy);
    /// @return its meter; null if there is none.
    RadioEnergyMeter* GetEnergyMeter() const;
    /// @return whether the phone is on.
    bool IsPoweredOn() const;
    /// @return whether there is coverage, and the phone camps on a cell if it is on.
    bool IsCovered() const;
    /// @return whether the phone has an RR connection, or asks for one.
    bool IsConnected() const;
    /// @param side the phone's packet side, or null.
    void SetPacketSide(PacketSide* side);
    /**
     * Takes the circuit-switched side out of use, or into use again, as the user of a class C phone
     * does: the network is told as by SetPoweredOn(), GPRS has nothing to do with it.
     *
     * @param used whether it is used.
     */
    void SetCircuitService(bool used);
    /// @return whether the circuit-switched side is used.
    bool HasCircuitService() const;

    // PageModeService
    uint32_t GetMaxUserData() const override;
    void Submit(const std::string& destination,
                uint16_t destinationPort,
                uint16_t originatorPort,
                const std::vector<uint8_t>& userData,
                SubmitCallback done) override;
    void Listen(uint16_t port, ReceiveCallback received) override;

    /**
     * Submits a message of any length, in segments if need be.
     *
     * @param destination the other phone's number.
     * @param message the message.
     * @param options what else is wanted.
     * @param done called once: when all segments have been accepted, or when the first one has not.
     * @return NONE; or what is wrong, and then @p done is not called.
     */
    SmsCodecError SubmitShortMessage(const std::string& destination,
                                     const ShortMessage& message,
                                     const SmsOptions& options,
                                     SubmitCallback done);
    /**
     * Sends an SMS-COMMAND about a message that this phone has submitted.
     *
     * @param destination the number that the message went to.
     * @param messageReference its TP-MR.
     * @param type what is wanted.
     * @param done called with the outcome; what the service centre says comes as status report.
     * @return NONE; or what is wrong, and then @p done is not called.
     */
    SmsCodecError SendCommand(const std::string& destination,
                              uint8_t messageReference,
                              SmsCommandType type,
                              SubmitCallback done);
    /// @return TP-MR of what has been submitted last.
    uint8_t GetLastMessageReference() const;
    /// The user reads all messages and deletes them: the phone's memory is free again.
    void ReadMessages();

    /// A voice call is up from now on, if there is a TCH; its set-up is not modelled. Not while the
    /// phone has another connection. @return whether it is.
    bool StartCall();
    /// The call is over.
    void EndCall();

    // Called by the cell
    /// A paging request for this phone was sent on the PCH.
    void ReceivePaging();
    /// A paging request for this phone was read, on the PCH or the PACCH.
    void AnswerPaging();
    /// An IMMEDIATE ASSIGNMENT for this phone's request, with its channel.
    void ReceiveImmediateAssignment(const L2Block& block, Sdcch& channel);
    /// An IMMEDIATE ASSIGNMENT REJECT for this phone's request.
    void ReceiveAssignmentReject(const L2Block& block);
    /// The random access has failed.
    void AccessFailed();

    // Called by the session
    /// A TPDU has arrived. @return the RP cause, 0 if it is accepted.
    uint8_t ReceiveTpdu(const uint8_t* tpdu, std::size_t size);
    /**
     * The outcome of the submission at the head of the queue.
     *
     * @param accepted whether the RP-ACK has come.
     * @param cause why not.
     * @param answered whether the network has said so; else the message is sent once more, up to
     * SubmissionRetries times.
     */
    void FinishSubmission(bool accepted, const char* cause, bool answered);
    /// As FinishSubmission(), of one that went over GPRS; the next one follows.
    void FinishGprsSubmission(bool accepted, const char* cause, bool answered);
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
    /// @return whether a message may be sent now on a dedicated channel.
    bool HasSubmission() const;
    /// The main signalling link stands. @return what the phone has to send for its GPRS.
    std::optional<GprsSuspensionRequest> StartGprsSuspension(GprsSuspensionCause cause);
    /// @return the next TP-MR, used up.
    uint8_t TakeMessageReference();
    /// An RP-SMMA has been answered or has failed.
    void FinishSmma(bool accepted);
    /// @return the LOCATION UPDATING REQUEST that is due.
    std::vector<uint8_t> MakeLocationUpdatingRequest() const;
    /// A location updating has been answered or has failed.
    void FinishLocationUpdating(bool accepted);
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
    std::optional<MsSessionPurpose> GetNextPurpose() const;
    void StartNext();
    void StartSession(MsSessionPurpose purpose);
    void BeginSession(MsSessionPurpose purpose);
    void EndSession();
    bool IsServed() const;
    void ChangeService(bool on);
    void StartDetached();
    void StopDetach();
    void PlanUpdating();
    void UpdateLocation();
    LocationUpdatingTimes GetUpdatingTimes() const;
    SmsCodecError SubmitSegment(const std::string& destination,
                                SmsUserData userData,
                                const SmsOptions& options,
                                SubmitCallback done);
    void Enqueue(std::vector<uint8_t> tpdu, SubmitCallback done);
    void CheckSession();
    void ExpireTimer();
    void LoseAccess(Time wait, const char* cause);
    bool IsWaitingForChannel() const;
    void FollowReachability(bool wasReachable);
    void DropSession();
    /// Tells the meter what the phone does now.
    void FollowEnergy() const;

    uint64_t m_imsi = 0;
    uint64_t m_msisdnDigits = 0;
    std::string m_msisdn;
    Ptr<GsmCell> m_cell;
    bool m_poweredOn = true;
    bool m_covered = true;
    bool m_reselecting = false;   ///< it reads a new cell's system information
    bool m_circuitService = true; ///< the circuit-switched side is used
    bool m_submittingByGprs = false;
    PacketSide* m_packetSide = nullptr;
    uint8_t m_nextMessageReference = 0;
    uint8_t m_nextConcatenation = 0;
    Time m_simAuthenticationTime;
    Time m_processingTime;
    Time m_storageTime;
    Time m_tr1m;
    Time m_tr2m;
    Time m_tc1m;
    Time m_t3210;
    Time m_t3211;
    Time m_t3220;
    Time m_t3230;
    Time m_t3240;
    Time m_tram;
    uint32_t m_maxCpRetransmissions;
    uint32_t m_maxAccessAttempts;
    uint32_t m_submissionRetries;
    Time m_submissionRetryTime;
    uint32_t m_messageMemory;
    Time m_reassemblyTimeout;
    bool m_rejectDuplicates;
    uint8_t m_validityPeriod;
    std::string m_serviceCentre;
    SmsInbox m_inbox;
    std::vector<Submission> m_queue;
    std::unique_ptr<GsmMsSession> m_session;
    LazyTimer m_timer;      ///< deadlines of the session
    EventId m_retry;        ///< before it nothing is begun: T3122, T3211, TRAM, the next submission
    Time m_accessBarred;    ///< end of T3122
    bool m_smmaDue = false; ///< the network is to be told that there is memory again
    bool m_detachDue = false; ///< the network is to be told that the phone is off
    LocationRegistration m_registration;
    LazyTimer m_updating;      ///< when a location updating is due
    Ptr<PhoneEnergy> m_energy; ///< null: not metered
    TracedCallback<MmState, MmState> m_stateTrace;
    TracedCallback<const SmsAddress&, const ShortMessage&> m_messageTrace;
    TracedCallback<const SmsStatusReport&> m_reportTrace;
    TracedCallback<uint64_t, SmsHop, Time> m_hopTrace;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GSM_MOBILE_STATION_H
