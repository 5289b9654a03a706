// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_MSC_VLR_H
#define P2PIM_MSC_VLR_H

#include "ns3/counter-list.h"
#include "ns3/hlr.h"
#include "ns3/map-operations.h"
#include "ns3/msc-connection.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/sms-hop.h"
#include "ns3/sms-serving-node.h"
#include "ns3/smsc.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace p2pim
{

class GsmCell;
class Sdcch;

/**
 * The MSC with its VLR: knows in which cell a subscriber is, authenticates, ciphers, and carries
 * short messages between the radio side and the SMSC (TS 24.008, TS 24.011, TS 29.002 12). A
 * subscriber's RR connection is one MscConnection.
 */
class MscVlr : public Object, public SmsServingNode, private DedicatedChannelUser
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    MscVlr();
    ~MscVlr() override;

    /**
     * @param network carries the MSC's MAP messages.
     * @param point the MSC there.
     */
    void SetSignalling(Ptr<Ss7Network> network, Ss7Network::Point point);
    /// @param hlr the HLR that ReadyForSM goes to.
    void SetHlr(Ptr<Hlr> hlr);
    /// @param smsc the SMSC that mobile originated messages go to.
    void SetSmsc(Ptr<Smsc> smsc);

    /**
     * Adds a subscriber to the VLR, IMSI attached in a cell; or moves it there. GsmMobileStation::
     * SetCell() calls this.
     *
     * @param imsi the IMSI as a number.
     * @param msisdn the MSISDN as a number.
     * @param cell the cell.
     */
    void AddSubscriber(uint64_t imsi, uint64_t msisdn, GsmCell* cell);
    /// Adds a cell to its location area, in all of whose cells a phone is paged; an area that no
    /// cell was added to is the one cell that the phone was heard in.
    void AddCell(GsmCell* cell);
    /// A subscriber was added whose phone is off.
    void AddDetached(uint64_t imsi);
    /// The call of a subscriber is over.
    void EndCall(uint64_t imsi);
    /// IMSI detach of a known subscriber (TS 24.008 4.3.4).
    void ImsiDetach(uint64_t imsi);

    // From the radio side
    /**
     * COMPLETE LAYER 3 INFORMATION: the first message of a phone on an SDCCH (TS 48.008 3.1.16).
     *
     * @param cell the cell.
     * @param channel the SDCCH.
     * @param message CM SERVICE REQUEST or PAGING RESPONSE.
     * @param size its length in octets.
     */
    void CompleteLayer3(GsmCell* cell, Sdcch& channel, const uint8_t* message, std::size_t size);
    /// The cell has paged a subscriber in vain.
    void NoPagingResponse(uint64_t imsi);

    // From the connection
    /// An RP-DATA with an SMS-SUBMIT has arrived from the phone.
    void ForwardMo(MscConnection& connection, const RpMessage& rp);
    /// An RP-SMMA has arrived from the phone.
    void ForwardMemoryAvailable(MscConnection& connection);
    /// A location updating on a connection in a @p cell has been accepted: ReadyForSM goes to the
    /// HLR if messages wait.
    void FinishLocationUpdating(MscConnection& connection, GsmCell& cell);
    /// A connection can take a message.
    void ContinueDelivery(MscConnection& connection);
    /// The outcome of the delivery on a connection.
    void FinishMt(MscConnection& connection, MapError error);
    /// A hop of a message.
    void NotifyHop(uint64_t reference, SmsHop hop);
    /// A phone has given a wrong response.
    void NotifyAuthenticationFailure();
    /// @return 4 random octets of a challenge.
    uint32_t DrawChallenge();
    /// @return the settings of a connection.
    MscSettings GetSettings() const;

    // SmsServingNode
    Ss7Network::Point GetPoint() const override;
    void MtForwardSm(Ptr<Smsc> smsc, Ptr<MapMtForwardSm> operation) override;
    void ReceiveMoResult(MapDialogue dialogue, MapError error) override;

    /**
     * Takes the MSC out of service, or back. An outage ends every connection, paging and delivery
     * without a word; the VLR's data are those of before, as after a restoration (TS 23.007).
     *
     * @param inService whether it serves.
     */
    void SetInService(bool inService);

    /// @return counters: transactions, pagings without response, authentication failures.
    CounterList GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return the number of streams used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    /// A delivery that waits for the phone.
    struct Delivery
    {
        Ptr<Smsc> smsc;                ///< whom to answer
        Ptr<MapMtForwardSm> operation; ///< what to deliver
    };

    /// A subscriber in the VLR.
    struct Subscriber
    {
        uint64_t msisdn = 0;                       ///< MSISDN
        GsmCell* cell = nullptr;                   ///< location
        bool attached = false;                     ///< the IMSI detached flag, inverted
        Time lastContact;                          ///< for the implicit detach
        uint32_t absence = 0;                      ///< the flag MNRF: since which absence, 0: not
        bool paging = false;                       ///< a paging is under way
        std::unique_ptr<MscConnection> connection; ///< RR connection
        std::vector<Delivery> deliveries;          ///< the first one is under way
    };

    void HandleLink(Sdcch& channel, const LapdmIndication& indication) override;
    Subscriber* Find(uint64_t imsi);
    MscConnection* FindConnection(const MapDialogue& dialogue);
    void StartDelivery(uint64_t imsi, Subscriber& subscriber, Time wait);
    void AnswerDelivery(Subscriber& subscriber, MapError error);
    void AnswerDeliveries(Subscriber& subscriber, MapError error);
    void StopPaging(uint64_t imsi, Subscriber& subscriber);
    /// @return the cells of the location area that a cell is in.
    std::vector<GsmCell*> GetArea(GsmCell* cell) const;
    void MarkPresent(uint64_t imsi, Subscriber& subscriber);
    void SendReadyForSm(Time wait, uint64_t msisdn, MapAlertReason reason, Callback<void> answered);
    bool IsAttached(Subscriber& subscriber);
    /// Sends a MAP message after @p wait.
    void SendMap(Time wait, Ss7Network::Point to, uint32_t octets, Callback<void> arrived);
    void AnswerMtForwardSm(Time wait, const Delivery& delivery, MapError error);
    void CheckConnection(uint64_t imsi, Subscriber& subscriber);
    void ExpireTimer(MapDialogue dialogue);

    bool m_authentication;
    bool m_ciphering;
    Time m_processingTime;
    Time m_tr1n;
    Time m_tr2n;
    Time m_tc1n;
    uint32_t m_maxCpRetransmissions;
    Time m_t3260;
    Time m_moreMessagesTime;
    Time m_implicitDetachTime;

    Ptr<Hlr> m_hlr;
    Ptr<Ss7Network> m_signalling;
    Ss7Network::Point m_point;
    Ptr<Smsc> m_smsc;
    Ptr<UniformRandomVariable> m_challenge;
    uint32_t m_nextSerial = 1;
    uint32_t m_lastAbsence = 0; ///< tells a new absence from one that the HLR has been told of
    std::unordered_map<uint64_t, Subscriber> m_subscribers;      ///< by IMSI; looked up only
    std::unordered_map<uint16_t, std::vector<GsmCell*>> m_areas; ///< by LAC; looked up only

    uint64_t m_moForwarded = 0;
    uint64_t m_mtDelivered = 0;
    uint64_t m_mtFailed = 0;
    uint64_t m_noPagingResponse = 0;
    uint64_t m_connections = 0;
    uint64_t m_locationUpdatings = 0;
    uint64_t m_imsiDetaches = 0;
    uint64_t m_implicitDetaches = 0;
    uint64_t m_authenticationFailures = 0;

    TracedCallback<uint64_t, SmsHop, Time> m_hopTrace;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_MSC_VLR_H
