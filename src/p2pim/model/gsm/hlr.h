// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_HLR_H
#define P2PIM_HLR_H

#include "ns3/counter-list.h"
#include "ns3/map-operations.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace p2pim
{

class MscVlr;
class Smsc;

/**
 * The HLR: which MSC serves a number, and who waits for a subscriber that was absent (TS 23.040
 * 3.2.7: message waiting data).
 */
class Hlr : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    Hlr();
    ~Hlr() override;

    /**
     * @param imsi the IMSI's digits as a number.
     * @param msisdn the number: E.164 digits without "+", at most 15.
     * @param msc the MSC that serves the subscriber.
     */
    void AddSubscriber(uint64_t imsi, const std::string& msisdn, Ptr<MscVlr> msc);

    /**
     * SendRoutingInfoForSM arrives (TS 29.002 12.1); answered by Smsc::ReceiveRoutingInfo.
     *
     * @param smsc who asks.
     * @param dialogue its dialogue, about the number that is asked for.
     * @param priority sm-RP-PRI: an answer is wanted although the subscriber is marked absent.
     */
    void SendRoutingInfoForSm(Ptr<Smsc> smsc, MapDialogue dialogue, bool priority);

    /**
     * ReportSM-DeliveryStatus arrives (TS 29.002 12.3): sets MNRF and adds the SMSC to the message
     * waiting data when the subscriber was absent, else clears them and alerts the others that
     * wait.
     *
     * @param smsc who reports.
     * @param msisdn the number.
     * @param absent whether the delivery failed because the subscriber was absent.
     */
    void ReportSmDeliveryStatus(Ptr<Smsc> smsc, uint64_t msisdn, bool absent);

    /**
     * ReadyForSM arrives from the VLR (TS 29.002 12.4): the subscriber is present again. Each SMSC
     * that waits is sent AlertServiceCentre.
     *
     * @param msisdn the number.
     */
    void ReadyForSm(uint64_t msisdn);

    /// @return counters of the operations.
    CounterList GetCounters() const;

  protected:
    void DoDispose() override;

  private:
    /// One subscription.
    struct Subscriber
    {
        uint64_t imsi = 0;              ///< IMSI
        MscVlr* msc = nullptr;          ///< serving MSC
        bool notReachable = false;      ///< MNRF
        std::vector<Ptr<Smsc>> waiting; ///< message waiting data
    };

    static void AddWaiting(Subscriber& subscriber, Ptr<Smsc> smsc);
    void Alert(uint64_t msisdn, Subscriber& subscriber, Ptr<Smsc> except);

    Time m_queryTime;
    Time m_linkDelay;
    std::unordered_map<uint64_t, Subscriber> m_subscribers; ///< by MSISDN; looked up only
    uint64_t m_queries = 0;
    uint64_t m_unknown = 0;
    uint64_t m_absentReports = 0;
    uint64_t m_alerts = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_HLR_H
