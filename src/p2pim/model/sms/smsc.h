// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMSC_H
#define P2PIM_SMSC_H

#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/map-operations.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/sms-hop.h"
#include "ns3/sms-tpdu.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace p2pim
{

class Hlr;
class MscVlr;

/**
 * The short message service centre with its SMS-GMSC and SMS-IWMSC (TS 23.040 3.2): stores each
 * message, makes a first attempt at once, retries by a schedule until the validity period ends, and
 * keeps the order of the messages to one destination.
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

    /// A hop of a message and its time.
    struct HopStamp
    {
        SmsHop hop; ///< which
        Time time;  ///< when
    };

    /// @param hlr the HLR that is asked for routing information.
    void SetHlr(Ptr<Hlr> hlr);

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
    /// AlertServiceCentre arrives: @p msisdn is reachable again (TS 29.002 12.5).
    void AlertServiceCentre(uint64_t msisdn);

    /**
     * @param msisdn a number.
     * @return the time line of the oldest message that waits for it; empty if there is none.
     */
    std::vector<HopStamp> GetTimeLine(uint64_t msisdn) const;

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
        uint64_t reference = 0;         ///< MakeSmsReference()
        SmsDeliver deliver;             ///< the SMS-DELIVER to send
        Time expiry;                    ///< end of the validity period
        std::vector<HopStamp> timeLine; ///< hops seen here
    };

    /// The messages that wait for one number.
    struct Destination
    {
        std::list<Message> messages; ///< in the order of acceptance
        uint32_t failures = 0;       ///< attempts failed since the last success
        bool busy = false;           ///< an attempt is under way
        bool alerted = false;        ///< AlertSC came while it was
        bool reportedAbsent = false; ///< the HLR has been told that the subscriber is absent
        EventId next;                ///< next attempt
    };

    MapError Store(const MapMoForwardSm& operation);
    void Attempt(uint64_t msisdn);
    void PlanAttempt(uint64_t msisdn, Destination& destination, Time wait);
    void Finish(uint64_t msisdn, Destination& destination, SmsHop hop);
    void Fail(uint64_t msisdn, Destination& destination, bool absent);
    void DropExpired(Destination& destination);
    void Stamp(Message& message, SmsHop hop);
    bool SetRetryIntervals(const std::string& intervals);
    std::string GetRetryIntervals() const;

    std::string m_address;
    Time m_storageTime;
    Ptr<RandomVariableStream> m_serviceTime;
    Time m_linkDelay;
    Time m_defaultValidity;
    int64_t m_epoch;
    std::vector<Time> m_retryIntervals;

    Ptr<Hlr> m_hlr;
    std::unordered_map<uint64_t, Destination> m_destinations; ///< by MSISDN; looked up only

    uint64_t m_accepted = 0;
    uint64_t m_delivered = 0;
    uint64_t m_expired = 0;
    uint64_t m_refused = 0;
    uint64_t m_stored = 0;
    uint64_t m_attempts = 0;
    uint64_t m_failedAttempts = 0;
    uint64_t m_alerts = 0;

    TracedCallback<uint64_t, SmsHop, Time> m_hopTrace;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMSC_H
