// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMSC_H
#define P2PIM_SMSC_H

#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/map-operations.h"
#include "ns3/map-timer.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/sms-hop.h"
#include "ns3/sms-report-tpdu.h"
#include "ns3/sms-retry-schedule.h"
#include "ns3/sms-tpdu.h"
#include "ns3/ss7-network.h"
#include "ns3/time-weighted-average.h"
#include "ns3/traced-callback.h"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

class GlobalTitleTable;
class Hlr;
class MscVlr;

/// A message that does not come from a phone.
struct SmscSubmission
{
    SmsAddress originator;        ///< TP-OA of the SMS-DELIVER
    SmsAddress destination;       ///< the receiver's number, E.164 digits
    SmsUserData userData;         ///< TP-PID, TP-DCS, TP-UDL, TP-UD
    std::optional<Time> validity; ///< from now; nothing: DefaultValidity
    uint8_t priority = 0;         ///< 0 to 3; higher ones go first
};

/**
 * The short message service centre with its SMS-GMSC and SMS-IWMSC (TS 23.040 3.2): stores each
 * message, makes a first attempt at once, retries by a schedule until the validity period ends, and
 * keeps the order of the messages to one destination.
 *
 * What is stored survives a crash: a message is written within StorageTime and its submission is
 * answered after that. Dialogues, timers and queues do not survive.
 */
class Smsc : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    Smsc();
    ~Smsc() override;

    /// TracedCallback signature of the trace source Hop.
    typedef void (*HopTracedCallback)(uint64_t reference, SmsHop hop, Time time);
    /// TracedCallback signature of the trace source Attempt.
    typedef void (*AttemptTracedCallback)(uint64_t reference, uint32_t attempt, MapError outcome);

    /// A hop of a message and its time.
    struct HopStamp
    {
        SmsHop hop; ///< which
        Time time;  ///< when
    };

    /// @param hlr the HLR that is asked for routing information.
    void SetHlr(Ptr<Hlr> hlr);
    /// @param titles tell which operator's HLR is asked, if there are several.
    void SetGlobalTitles(Ptr<const GlobalTitleTable> titles);
    /**
     * @param network carries the SMSC's MAP messages.
     * @param point the SMSC there.
     */
    void SetSignalling(Ptr<Ss7Network> network, Ss7Network::Point point);
    /// @return the SMSC's signalling point.
    Ss7Network::Point GetPoint() const;

    /**
     * MO-ForwardSM arrives (TS 29.002 12.2); answered by MscVlr::ReceiveMoResult.
     *
     * @param operation the operation.
     */
    void MoForwardSm(Ptr<MapMoForwardSm> operation);
    /// The answer to SRI-SM arrives in a @p dialogue that this SMSC has opened.
    void ReceiveRoutingInfo(MapDialogue dialogue, MapRoutingInfo info);
    /// The answer to MT-ForwardSM arrives in a @p dialogue that this SMSC has opened.
    void ReceiveDeliveryResult(MapDialogue dialogue, MapError error);
    /// The answer to ReportSM-DeliveryStatus arrives in a @p dialogue that this SMSC has opened.
    void ReceiveReportResult(MapDialogue dialogue);
    /// AlertServiceCentre arrives: @p msisdn is reachable again (TS 29.002 12.5).
    void AlertServiceCentre(uint64_t msisdn);
    /// InformServiceCentre arrives: the flags that the HLR holds for @p msisdn (TS 29.002 12.6).
    void InformServiceCentre(uint64_t msisdn, MapMwStatus status);

    /// Called when a submission is stored, with the message's id, or refused, with id 0.
    using StoredFunction = std::function<void(MapError error, uint64_t id)>;
    /// Called when a message that no phone has sent is final: REPORTED, EXPIRED or REFUSED.
    using OutcomeFunction = std::function<void(uint64_t id, SmsHop hop, MapError error)>;

    /**
     * Takes a message of an external sender.
     *
     * @param submission the message.
     * @param stored called after StorageTime; never if the SMSC crashes before.
     */
    void SubmitExternal(SmscSubmission submission, StoredFunction stored);
    /// @param outcome told of the end of each external message, unless it is cancelled; empty for
    /// none. It must not call CancelMessage().
    void SetOutcomeFunction(OutcomeFunction outcome);
    /// @return whether an external message @p id is still stored.
    bool HasMessage(uint64_t id) const;
    /// Forgets an external message @p id, without an outcome. @return false: it is not there, or
    /// on its way.
    bool CancelMessage(uint64_t id);
    /// @return the time of day, s since 1970-01-01 00:00 UTC.
    int64_t GetTimeOfDay() const;

    /// The SMSC fails at once: all but the store is lost, and nothing that is sent to it arrives.
    void Crash();
    /// The SMSC is back, and tries to deliver all that is stored.
    void Restart();

    /**
     * @param msisdn a number.
     * @return the time line of the oldest message that waits for it; empty if there is none.
     */
    std::vector<HopStamp> GetTimeLine(uint64_t msisdn) const;

    /// The bit that tells the references of external messages, which are it and the id.
    static constexpr uint64_t EXTERNAL = uint64_t{1} << 63;
    /// The bit that tells the references of status reports from those of their messages.
    static constexpr uint64_t STATUS_REPORT = uint64_t{1} << 62;

    /// @return counters: messages accepted, delivered, expired, refused, stored; attempts.
    CounterList GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return the number of streams used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    /// A stored message.
    struct Message
    {
        uint64_t reference = 0;           ///< MakeSmsReference(), or with EXTERNAL or STATUS_REPORT
        uint64_t number = 0;              ///< in the order of storage
        uint64_t id = 0;                  ///< of an external sender's message, else 0
        uint8_t priority = 0;             ///< 0 to 3
        bool statusReportRequest = false; ///< TP-SRR
        bool singleShot = false;          ///< one attempt is wanted (TS 23.040 9.2.3.12.3)
        uint8_t recipientType = 0;        ///< type octet of TP-DA
        uint32_t attempts = 0;            ///< made so far
        MapError lastError = MapError::NONE; ///< of the last attempt that has failed
        SmsDeliver deliver;                  ///< the SMS-DELIVER to send, unless there is a report
        std::unique_ptr<SmsStatusReport> report; ///< the SMS-STATUS-REPORT to send, or null
        Time expiry;                             ///< end of the validity period
        std::vector<HopStamp> timeLine;          ///< hops seen here
    };

    using Messages = std::list<Message>;
    /// Expiry and number, and the message.
    using Expiries = std::map<std::pair<Time, uint64_t>, Messages::iterator>;

    /// What an attempt waits for.
    enum class Phase : uint8_t
    {
        IDLE,
        ROUTING,   ///< the answer to SRI-SM
        FORWARDING ///< the answer to MT-ForwardSM
    };

    /// A place in the throughput queue: the priority inverted, the turn, the MSISDN.
    using QueuePlace = std::tuple<int, uint64_t, uint64_t>;

    /// The messages that wait for one number.
    struct Destination
    {
        Messages messages;     ///< by priority, then in the order of acceptance
        Expiries expiries;     ///< when each of them ends
        uint32_t failures = 0; ///< attempts failed since the schedule started
        uint32_t serial = 0;   ///< of the attempt's dialogue
        uint32_t report = 0;   ///< of a ReportSM-DeliveryStatus without an answer yet, else 0
        MapDeliveryOutcome outcome{}; ///< that it reports
        Phase phase = Phase::IDLE;    ///< of the attempt
        /// The attempt's message, while it is with the SGSN; if that fails it goes to the MSC.
        Ptr<MapMtForwardSm> operation;
        SmsServingNode* msc = nullptr; ///< where that is
        QueuePlace place{};            ///< in the throughput queue; turn 0: not there
        bool alerted = false;          ///< AlertSC came while an attempt was under way
        bool flagged = false;          ///< the HLR has a flag set, as far as is known here
        Time due = Time::Max();        ///< of the next attempt
        EventId next;                  ///< the next attempt or the next expiry
    };

    /// Where an external message is.
    struct ExternalPlace
    {
        uint64_t msisdn = 0;        ///< its destination
        Messages::iterator message; ///< itself
    };

    /// A submission that was accepted lately.
    struct Accepted
    {
        uint64_t fingerprint = 0; ///< of its destination and user data
        Time when;                ///< of the acceptance
        uint32_t stored = 0;      ///< copies that are still in the store
    };

    using Destinations = std::unordered_map<uint64_t, Destination>;

    // smsc-submission.cc
    void Write(uint32_t restarts, Ptr<MapMoForwardSm> operation);
    void WriteExternal(uint32_t restarts,
                       const SmscSubmission& submission,
                       const StoredFunction& stored);
    MapError AcceptTpdu(const MapMoForwardSm& operation);
    MapError AcceptSubmit(const MapMoForwardSm& operation);
    bool IsFull() const;
    bool IsRepetition(uint64_t reference, uint64_t fingerprint);
    void Remember(uint64_t reference, uint64_t fingerprint);
    void ForgetAccepted(uint64_t reference);
    Messages::iterator Store(uint64_t msisdn, Message message);
    Time GetExpiry(const std::optional<Time>& requested) const;

    // smsc-status-report.cc
    MapError AcceptCommand(const MapMoForwardSm& operation);
    void ReportEnd(uint64_t recipient, const Message& message, SmsHop hop, MapError error);
    void ReportStatus(uint64_t recipient, const Message& message, SmsStatus status);
    void ReportCommand(uint64_t sender,
                       const SmsCommand& command,
                       const Message* message,
                       SmsStatus status);
    void StoreReport(uint64_t to, uint64_t reference, SmsStatusReport report);
    void Withdraw(uint64_t msisdn, Destination& destination, Messages::iterator place);

    // smsc-delivery.cc
    void PlanAttempt(uint64_t msisdn, Destination& destination, Time due);
    void Arm(uint64_t msisdn, Destination& destination);
    void Wake(uint64_t msisdn);
    void BeDue(uint64_t msisdn, Destination& destination);
    void Enqueue(uint64_t msisdn, Destination& destination);
    void LeaveQueue(Destination& destination);
    void ArmQueue();
    void ServeQueue();
    void Attempt(uint64_t msisdn, Destination& destination);
    /// @return the HLR of a number; the own one if nobody has its prefix.
    Ptr<Hlr> FindHlr(uint64_t msisdn) const;
    SmsCodecError Encode(Message& message, bool more, std::vector<uint8_t>& tpdu) const;
    void Forward(SmsServingNode* node, Ptr<MapMtForwardSm> operation);
    Destination* FindDialogue(const MapDialogue& dialogue, Phase phase);
    void EndAttempt(uint64_t msisdn, Destination& destination, MapError error);
    void Fail(uint64_t msisdn, Destination& destination, MapError error);
    static void GiveWay(Destination& destination);
    void Report(uint64_t msisdn, Destination& destination, MapDeliveryOutcome outcome);
    void SendReport(uint64_t msisdn, const Destination& destination);
    Destination* FindReport(const MapDialogue& dialogue);
    bool DropExpired(uint64_t msisdn, Destination& destination);
    bool DropTried(uint64_t msisdn, Destination& destination);
    void End(uint64_t msisdn,
             Destination& destination,
             Messages::iterator place,
             SmsHop hop,
             MapError error);
    bool DropIfEmpty(uint64_t msisdn, Destination& destination);

    // smsc.cc
    void Stamp(Message& message, SmsHop hop);
    std::vector<uint64_t> GetSortedDestinations() const;
    bool SetRetrySchedule(const std::string& text);
    std::string GetRetrySchedule() const;
    bool SetDefaultValidity(const std::string& text);
    std::string GetDefaultValidity() const;

    // attributes
    std::string m_address;
    Time m_storageTime;
    Ptr<RandomVariableStream> m_serviceTime;
    Time m_firstDueDelay;
    std::string m_defaultValidityText;
    std::optional<Time> m_defaultValidity; ///< nothing: that of the schedule
    Time m_minValidity;
    Time m_maxValidity;
    int64_t m_epoch;
    SmsRetrySchedule m_retrySchedule;
    bool m_priorityRequest;
    double m_maxThroughput;
    uint32_t m_maxMessages;
    Time m_duplicateWindow;
    Time m_sriTimer;
    Time m_forwardTimer;
    Time m_reportWait;

    Ptr<Hlr> m_hlr; ///< of the own operator
    Ptr<const GlobalTitleTable> m_titles;
    Ptr<Ss7Network> m_signalling;
    Ss7Network::Point m_point;
    OutcomeFunction m_outcome;

    // the store
    Destinations m_destinations;                            ///< by MSISDN; looked up only
    std::unordered_map<uint64_t, Accepted> m_accepted;      ///< by reference; looked up only
    std::deque<std::pair<Time, uint64_t>> m_acceptedOrder;  ///< when, reference
    std::unordered_map<uint64_t, ExternalPlace> m_external; ///< by id; looked up only
    uint64_t m_lastId = 0;
    uint64_t m_lastNumber = 0;

    // what a crash loses
    uint32_t m_restarts = 0; ///< tells what was under way at a crash from what came later
    uint32_t m_lastSerial = 0;
    MapTimer m_routingTimer;
    MapTimer m_deliveryTimer;
    MapTimer m_reportTimer;
    std::set<QueuePlace> m_queue; ///< destinations whose attempt is due
    uint64_t m_lastTurn = 0;
    Time m_nextSlot; ///< when the throughput limit allows the next attempt
    EventId m_queueEvent;

    uint64_t m_messagesAccepted = 0;
    uint64_t m_delivered = 0;
    uint64_t m_expired = 0;
    uint64_t m_refused = 0;
    uint64_t m_cancelled = 0;
    uint64_t m_submissionsRefused = 0;
    TimeWeightedAverage m_stored; ///< messages
    uint64_t m_queuePeak = 0;
    uint64_t m_attempts = 0;
    uint64_t m_failedAttempts = 0;
    uint64_t m_firstAttempts = 0;
    uint64_t m_firstAttemptsFailed = 0;
    uint64_t m_timeouts = 0;
    uint64_t m_lateSuccesses = 0;
    uint64_t m_statusReports = 0;
    uint64_t m_commands = 0;
    std::array<uint64_t, MAP_ERRORS> m_failures{}; ///< attempts by their error
    uint64_t m_duplicatesStored = 0;
    uint64_t m_duplicatesDropped = 0;
    uint64_t m_alerts = 0;
    uint64_t m_informs = 0;

    TracedCallback<uint64_t, SmsHop, Time> m_hopTrace;
    TracedCallback<uint64_t, uint32_t, MapError> m_attemptTrace;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMSC_H
