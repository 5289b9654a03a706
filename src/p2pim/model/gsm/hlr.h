// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_HLR_H
#define P2PIM_HLR_H

#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/gprs-gateway.h"
#include "ns3/map-operations.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/ss7-network.h"

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace p2pim
{

class MscVlr;
class Smsc;
class SmsServingNode;

/**
 * The HLR: which MSC and SGSN serve a number, and who waits for a subscriber that could not be
 * reached: SMSCs (TS 23.040 3.2.7: message waiting data with the flags MNRF, MNRG and MCEF), and
 * GGSNs with packets for it (TS 23.060 9.2.2.2).
 */
class Hlr : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    Hlr();
    ~Hlr() override;

    /**
     * @param network carries the HLR's MAP messages.
     * @param point the HLR there.
     */
    void SetSignalling(Ptr<Ss7Network> network, Ss7Network::Point point);
    /// @return the HLR's signalling point.
    Ss7Network::Point GetPoint() const;

    /**
     * @param imsi the IMSI's digits as a number.
     * @param msisdn the number: E.164 digits without "+", at most 15.
     * @param msc the MSC that serves the subscriber.
     */
    void AddSubscriber(uint64_t imsi, const std::string& msisdn, Ptr<MscVlr> msc);

    /**
     * UpdateGprsLocation arrives from an SGSN (TS 29.002 8.1.7): packets for the subscriber go
     * there, and short messages first if it carries them. It is a sign of life too.
     *
     * @param msisdn the number.
     * @param sgsn the SGSN; null if it carries no short messages.
     */
    void UpdateGprsLocation(uint64_t msisdn, SmsServingNode* sgsn);

    /**
     * SendRoutingInfoForSM arrives (TS 29.002 12.1); answered by Smsc::ReceiveRoutingInfo, and by
     * Smsc::InformServiceCentre if MNRF or MCEF is set.
     *
     * @param smsc who asks.
     * @param dialogue its dialogue, about the number that is asked for.
     * @param priority sm-RP-PRI: an answer is wanted although the subscriber is marked as not
     * reachable.
     */
    void SendRoutingInfoForSm(Ptr<Smsc> smsc, MapDialogue dialogue, bool priority);

    /**
     * ReportSM-DeliveryStatus arrives (TS 29.002 12.3): a failure sets MNRF or MCEF and adds the
     * SMSC to the message waiting data; a success clears them and alerts the others that wait.
     * Answered by Smsc::ReceiveReportResult.
     *
     * A failure that the subscriber's ReadyForSM has overtaken on its way through the SMSC sets no
     * flag: the SMSC is alerted at once. Own choice, without which nobody would ever clear it.
     *
     * @param smsc who reports.
     * @param dialogue its dialogue, about the number.
     * @param outcome what became of the delivery.
     */
    void ReportSmDeliveryStatus(Ptr<Smsc> smsc, MapDialogue dialogue, MapDeliveryOutcome outcome);

    /**
     * ReadyForSM arrives from the VLR (TS 29.002 12.4): the subscriber can be reached again. Each
     * SMSC that waits is sent AlertServiceCentre; not so when a phone is present again whose memory
     * is still full.
     *
     * @param msisdn the number.
     * @param reason which flag it clears.
     */
    void ReadyForSm(uint64_t msisdn, MapAlertReason reason);

    /// SendRoutingInfoForGprs arrives (TS 29.002 14) from a GGSN that has packets for @p msisdn;
    /// answered by GprsGateway::ReceiveRoutingInfo. TS 29.002 names the subscriber by the IMSI.
    void SendRoutingInfoForGprs(GprsGateway* ggsn, uint64_t msisdn);
    /// FailureReport arrives (TS 29.002 14): the subscriber could not be reached, which sets
    /// MNRG; the GGSN is told when it can.
    void FailureReport(GprsGateway* ggsn, uint64_t msisdn);

    /// Takes the HLR out of service, or back; its data survive.
    void SetInService(bool inService);

    /// @return the message waiting flags of @p msisdn.
    MapMwStatus GetMwStatus(uint64_t msisdn) const;

    /// @return counters of the operations.
    CounterList GetCounters() const;

  protected:
    void DoDispose() override;

  private:
    /// One subscription.
    struct Subscriber
    {
        uint64_t imsi = 0;              ///< IMSI
        SmsServingNode* msc = nullptr;  ///< serving MSC
        SmsServingNode* sgsn = nullptr; ///< serving SGSN, if it carries short messages
        bool gprs = false;              ///< an SGSN has told of it
        MapMwStatus status;             ///< MNRF, MNRG and MCEF
        MapMwStatus cleared;            ///< which of them ReadyForSM has cleared since an SRI-SM
        std::vector<Ptr<Smsc>> waiting; ///< message waiting data, SMSCs
        std::vector<GprsGateway*> gateways; ///< to be told when it can be reached for GPRS
    };

    /// An alert that waits for its answer.
    struct Alert
    {
        Ptr<Smsc> smsc;       ///< whom it was sent to
        uint64_t msisdn = 0;  ///< about whom
        uint32_t retries = 0; ///< how often it was repeated
        EventId timer;        ///< repeats it
    };

    Subscriber* Find(uint64_t msisdn);
    void AnswerRoutingInfo(Ptr<Smsc> smsc,
                           MapDialogue dialogue,
                           MapRoutingInfo info,
                           MapMwStatus status);
    void SetFlag(uint64_t msisdn, Subscriber& subscriber, Ptr<Smsc> smsc, bool MapMwStatus::*flag);
    static void AddWaiting(Subscriber& subscriber, Ptr<Smsc> smsc);
    static bool IsAbsent(const Subscriber& subscriber);
    void AnswerGprsRoutingInfo(GprsGateway* ggsn, uint64_t msisdn, GprsRoutingInfo info);
    static void AddGateway(Subscriber& subscriber, GprsGateway* ggsn);
    void TellGateways(uint64_t msisdn, Subscriber& subscriber);
    void AlertWaiting(uint64_t msisdn, Subscriber& subscriber, Ptr<Smsc> except);
    void StartAlert(uint64_t msisdn, Ptr<Smsc> smsc);
    void SendAlert(uint64_t serial);
    void ReceiveAlertResult(uint64_t serial);
    void ExpireAlert(uint64_t serial);

    Time m_queryTime;
    Time m_alertRetryTime;
    uint32_t m_alertRetries;
    Ptr<Ss7Network> m_signalling;
    Ss7Network::Point m_point;
    std::unordered_map<uint64_t, Subscriber> m_subscribers; ///< by MSISDN; looked up only
    std::map<uint64_t, Alert> m_alerts;                     ///< by serial
    uint64_t m_lastAlert = 0;

    uint64_t m_queries = 0;
    uint64_t m_unknown = 0;
    uint64_t m_absentReports = 0;
    uint64_t m_memoryReports = 0;
    uint64_t m_alertsSent = 0;
    uint64_t m_alertsLost = 0;
    uint64_t m_informs = 0;
    uint64_t m_gprsQueries = 0;
    uint64_t m_failureReports = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_HLR_H
