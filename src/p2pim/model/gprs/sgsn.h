// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SGSN_H
#define P2PIM_SGSN_H

#include "ns3/bssgp-flow-control.h"
#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/gmm-sm-message.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/gtp-endpoint.h"
#include "ns3/llc.h"
#include "ns3/logical-link.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/octet-ledger.h"
#include "ns3/random-variable-stream.h"
#include "ns3/sms-serving-node.h"
#include "ns3/sms-transfers.h"

#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

class Hlr;
class Smsc;

/**
 * The serving GPRS support node (TS 23.060): mobility management of stations (attach with
 * authentication, detach by either side, routing area update), their PDP contexts towards the GGSN,
 * the tunnel of each context, and packet paging of stations that are in STANDBY. Aggregated to its
 * node, which has a Gn device.
 *
 * In: LLC frames from the cells, GTP from the GGSN. Out: the same the other way round. The READY
 * timer T3314 and the mobile reachable timer are compared with the time when there is something to
 * send: they are no events.
 */
class Sgsn : public Object, public SmsServingNode
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    Sgsn();
    ~Sgsn() override;

    /**
     * @param gn the node's device on the Gn link.
     * @param own the node's address there.
     * @param ggsn the GGSN's address there.
     */
    void Connect(Ptr<NetDevice> gn, Ipv4Address own, Ipv4Address ggsn);
    /// @param settings how user data are carried, before a context is active.
    void SetLinkSettings(const LogicalLinkSettings& settings);

    /**
     * Adds a subscriber to those that the HLR lets attach.
     *
     * @param imsi 15 digits.
     * @param msisdn E.164 digits without "+".
     */
    void AddSubscriber(uint64_t imsi, const std::string& msisdn);

    /// Attaches and routing area updates of a subscriber are rejected from now on, for a @p cause;
    /// nothing: they are accepted.
    void SetRefusal(uint64_t imsi, std::optional<GmmSmCause> cause);

    /// Adds a cell to its routing area, in all of whose cells a station is paged.
    void AddCell(Ptr<GprsCell> cell);

    /**
     * Takes an LLC frame of a station, on the SGSN's side of Gb.
     *
     * @param cell the cell that it came by: the station is there.
     * @param ms the station.
     * @param pdu the frame.
     */
    void ReceiveUplink(Ptr<GprsCell> cell, Ptr<GprsMobileStation> ms, const LlcPdu& pdu);

    /**
     * The network detaches a station (TS 24.008 4.7.4.2).
     *
     * @param imsi whom.
     * @param type whether it shall attach again.
     * @param cause why, if it is told.
     */
    void DetachStation(uint64_t imsi, MtDetachType type, std::optional<GmmSmCause> cause);
    /// The network ends a PDP context of a station, for a @p cause (TS 24.008 6.1.3.4.2).
    void DeactivateContext(uint64_t imsi, uint8_t nsapi, GmmSmCause cause);
    /// The network changes the quality of service of a PDP context (TS 24.008 6.1.3.3.1).
    void ModifyContext(uint64_t imsi, uint8_t nsapi, const QosProfile& qos);

    /// FLOW-CONTROL-BVC arrives (TS 48.018 8.2).
    void ReceiveFlowControlBvc(Ptr<GprsCell> cell, const FlowControlBvc& message);
    /// FLOW-CONTROL-MS arrives.
    void ReceiveFlowControlMs(Ptr<GprsCell> cell, uint64_t imsi, const BssgpBucket& message);
    /// LLC-DISCARDED arrives: the BSS has dropped frames.
    void ReceiveDiscarded(Ptr<GprsCell> cell, uint64_t imsi, uint32_t octets, uint32_t frames);

    /// SUSPEND arrives (TS 48.018 7.4.1): nothing is sent to a station until it is resumed.
    void Suspend(uint64_t imsi, uint32_t tlli);
    /// RESUME arrives (TS 48.018 7.4.2).
    void Resume(uint64_t imsi);
    /// @param mode of the network: in I the SGSN has an association with the VLR (Gs).
    void SetNetworkMode(NetworkMode mode);
    /// @return a station whose pages for circuit switching come by the SGSN; null if they do not.
    Ptr<GprsMobileStation> FindAssociated(uint64_t imsi) const;

    /**
     * The HLR learns where stations are by messages, not by a time only; before any attaches.
     *
     * @param network carries the SGSN's MAP messages.
     * @param point the SGSN there.
     * @param hlr the HLR.
     */
    void SetHlr(Ptr<Ss7Network> network, Ss7Network::Point point, Ptr<Hlr> hlr);
    /**
     * Short messages over GPRS (Gd), after SetHlr().
     *
     * @param smsc the SMSC that mobile originated messages go to.
     * @param timers of CP and RP, as at an MSC.
     */
    void SetShortMessageService(Ptr<Smsc> smsc, const SmsTimers& timers);

    // SmsServingNode
    Ss7Network::Point GetPoint() const override;
    void MtForwardSm(Ptr<Smsc> smsc, Ptr<MapMtForwardSm> operation) override;
    void ReceiveMoResult(MapDialogue dialogue, MapError error) override;

    /// Takes the SGSN out of service, or back; then it knows no station any more.
    void SetInService(bool inService);

    /// @return whether a station is registered.
    bool IsRegistered(uint64_t imsi) const;
    /// @return the node, for the context of its events.
    uint32_t GetNodeId() const;
    /// @return what happened here, for the results: names and values.
    CounterList GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    /// Transmissions of a request of the network: the fifth expiry aborts (TS 24.008 11.2).
    static constexpr uint8_t MAX_TRANSMISSIONS = 5;

    /// A PDP context.
    struct PdpContext
    {
        /// Where it stands.
        enum class State : uint8_t
        {
            CREATING, ///< the GGSN is being asked
            ACTIVE,
            MODIFYING, ///< T3386 runs
            DELETING   ///< T3395 runs; the GGSN has forgotten it, or is being told
        };

        uint8_t nsapi = 0;
        uint8_t ti = 0; ///< of the station's transaction
        State state = State::CREATING;
        uint32_t teid = 0;        ///< where the SGSN wants G-PDUs
        uint32_t ggsnData = 0;    ///< where the GGSN wants G-PDUs
        uint32_t ggsnControl = 0; ///< where it wants control messages
        Ipv4Address address;
        QosProfile qos;
        SmMessage request;         ///< of the network, to be repeated
        uint8_t transmissions = 0; ///< of it
        EventId timer;             ///< T3386, T3395
    };

    /// Something for a station that waits for its answer to a page.
    struct Waiting
    {
        /// What it is.
        enum class Kind : uint8_t
        {
            NPDU,
            SIGNALLING,          ///< a message of GMM or SM
            SHORT_MESSAGE,       ///< a message of CP
            DELIVERY,            ///< the first short message may be delivered
            REQUESTED_ACTIVATION ///< the station may be asked to activate a PDP context
        };

        Kind kind;
        Ptr<Packet> npdu{};
        uint8_t nsapi = 0; ///< of the N-PDU
        Octets message{};
    };

    /// A context that a station is asked to activate (TS 24.008 6.1.3.1.2).
    struct RequestedActivation
    {
        Ipv4Address address; ///< static
        std::string apn;
        uint32_t ggsnControl = 0;  ///< where the GGSN wants to hear of a failure
        uint8_t transmissions = 0; ///< of REQUEST PDP CONTEXT ACTIVATION
        EventId timer;             ///< T3385
    };

    /// A short message for a station.
    struct Delivery
    {
        Ptr<Smsc> smsc;                ///< whom to answer
        Ptr<MapMtForwardSm> operation; ///< what to deliver
    };

    /// What the SGSN knows of a station.
    struct Context
    {
        /// Mobility management procedures and states.
        enum class State : uint8_t
        {
            DEREGISTERED,
            AUTHENTICATING, ///< the challenge is out, T3360 runs
            ACCEPTING,      ///< ATTACH ACCEPT is out, T3350 runs
            REGISTERED,
            DETACHING ///< DETACH REQUEST is out, T3322 runs
        };

        std::string msisdn;                ///< empty: the HLR does not know it
        std::optional<GmmSmCause> refusal; ///< why it may not register
        Ptr<GprsMobileStation> ms;
        Ptr<GprsCell> cell; ///< where it was heard last
        State state = State::DEREGISTERED;
        bool associated = false; ///< with the VLR: paged by the SGSN for circuit switching
        bool suspended = false;  ///< on a dedicated channel
        uint64_t held = 0;       ///< octets of N-PDUs that wait for it to be resumed
        bool mnrg = false;       ///< it could not be reached: the HLR is told when it is heard
        bool paging = false;
        uint8_t pages = 0; ///< sent in this paging
        uint32_t challenge = 0;
        uint32_t ptmsi = 0;
        Time lastUplink;                                ///< from which T3314 counts
        GmmMessage request;                             ///< of the network, to be repeated
        uint8_t transmissions = 0;                      ///< of it
        EventId timer;                                  ///< T3350, T3360, T3322
        EventId pageTimer;                              ///< T3313
        std::list<Waiting> waiting;                     ///< for the answer to a page
        std::unique_ptr<LogicalLink> link;              ///< made when first used
        EventId linkTimer;                              ///< of acknowledged LLC
        std::vector<PdpContext> contexts;               ///< few, so searched
        std::unique_ptr<RequestedActivation> requested; ///< by the GGSN; null: none
        std::unique_ptr<SmsTransfers> transfers;        ///< of short messages, made when first used
        std::list<Delivery> deliveries;                 ///< the first one is under way
        uint32_t moSerial = 0;                          ///< of the last mobile originated message
        EventId smsTimer;                               ///< of the transfers
    };

    using ContextRef = std::pair<const uint64_t, Context>;

    // sgsn.cc
    void SetT3Response(Time time);
    Time GetT3Response() const;
    void SetN3Requests(uint8_t requests);
    uint8_t GetN3Requests() const;
    bool IsReady(const Context& context) const;
    LogicalLink& GetLink(Context& context) const;
    void ReceiveMessage(ContextRef& subscriber, const Octets& octets);
    void ReceiveNpdu(Context& context, uint8_t nsapi, Ptr<Packet> npdu);
    void SendMessage(ContextRef& subscriber, const GmmSmMessage& message);
    void SendMessageLater(Time delay, uint64_t imsi, const GmmSmMessage& message);
    void SendMessageTo(uint64_t imsi, const GmmSmMessage& message);
    void SendDownlink(ContextRef& subscriber, Waiting item);
    void PassToCell(ContextRef& subscriber, const Waiting& item);
    void ArmLink(ContextRef& subscriber);
    void LinkExpired(uint64_t imsi);

    // sgsn-paging.cc
    /// @return LAC and RAC of a routing area of the network, in one number.
    static uint32_t GetAreaKey(const RoutingAreaId& area);
    void Answered(ContextRef& subscriber);
    void Page(ContextRef& subscriber);
    void PagingExpired(uint64_t imsi);
    void LoseWaiting(Context& context, LossCause cause);

    // sgsn-requested-activation.cc
    void Notified(const PduNotificationRequest& request, const Address& from);
    void RequestActivation(uint64_t imsi);
    void RejectNotification(ContextRef& subscriber, GtpCause cause);
    void Handle(ContextRef& subscriber, const RequestPdpContextActivationReject& message);
    void NoteActivation(Context& context, const PdpAddress& pdp);

    // sgsn-suspension.cc
    void Hold(Context& context, Waiting item);
    void Continue(ContextRef& subscriber);

    // sgsn-gb.cc
    /// The SGSN's side of a cell with flow control.
    struct Bvc
    {
        BssgpFlowControl control;
        EventId timer; ///< while it holds frames
    };

    void SetFlowControlQueue(uint32_t octets);
    uint32_t GetFlowControlQueue() const;
    void SetFlowControlValidity(Time time);
    Time GetFlowControlValidity() const;
    void PassFrames(Context& context, const LogicalLink::Frames& frames);
    void MoveTo(Context& context, Ptr<GprsCell> cell);
    Bvc* FindBvc(Ptr<GprsCell> cell);
    void Submit(Bvc& bvc, uint64_t imsi, LlcPdu pdu);
    void Serve(Ptr<GprsCell> cell);
    void PassFrame(Ptr<GprsCell> cell, Ptr<GprsMobileStation> ms, const LlcPdu& pdu);
    void LoseHeld();

    // sgsn-short-messages.cc
    SmsTransfers& GetTransfers(Context& context) const;
    void SendShortMessage(ContextRef& subscriber, const Octets& message);
    void StartDelivery(ContextRef& subscriber);
    void ReceiveShortMessage(ContextRef& subscriber, const Octets& octets);
    void HandleTransfer(ContextRef& subscriber, const SmsTransfers::Result& result);
    void ForwardMo(ContextRef& subscriber, const RpMessage& rp);
    void FinishDelivery(ContextRef& subscriber, MapError error);
    void AnswerDeliveries(Context& context, MapError error);
    void ArmTransfers(ContextRef& subscriber);
    void TransfersExpired(uint64_t imsi);
    void UpdateHlr(Context& context);
    void TellHlrOfActivity(Context& context);
    void SendMap(Ss7Network::Point to, uint32_t octets, Callback<void> arrived);

    // sgsn-mobility.cc
    void StartProcedure(ContextRef& subscriber, const GmmMessage& request);
    void SendRequest(uint64_t imsi);
    void EndProcedure(Context& context);
    void Deregister(ContextRef& subscriber);
    void Accept(uint64_t imsi);
    void Handle(ContextRef& subscriber, const AttachRequest& message);
    void Handle(ContextRef& subscriber, const AuthenticationAndCipheringResponse& message);
    void Handle(ContextRef& subscriber, const AttachComplete& message);
    void Handle(ContextRef& subscriber, const MoDetachRequest& message);
    void Handle(ContextRef& subscriber, const MtDetachAccept& message);
    void Handle(ContextRef& subscriber, const RoutingAreaUpdateRequest& message);

    // sgsn-session.cc
    static PdpContext* FindContext(Context& context, uint8_t nsapi);
    static PdpContext* FindTransaction(Context& context, const TransactionId& ti);
    PdpContext* FindTeid(uint32_t teid, ContextRef*& subscriber);
    void Handle(ContextRef& subscriber, const ActivatePdpContextRequest& message);
    void Handle(ContextRef& subscriber, const MoModifyPdpContextRequest& message);
    void Handle(ContextRef& subscriber, const MtModifyPdpContextAccept& message);
    void Handle(ContextRef& subscriber, const DeactivatePdpContextRequest& message);
    void Handle(ContextRef& subscriber, const DeactivatePdpContextAccept& message);
    void Create(uint64_t imsi, uint32_t teid, const std::string& apn, PdpAddress pdp);
    void Created(uint32_t teid, const GtpMessage* message);
    void Modified(uint32_t teid, const QosProfile& wanted, const GtpMessage* message);
    void StartSmProcedure(PdpContext& pdp, const SmMessage& request);
    void SendSmRequest(uint32_t teid);
    void TellGgsn(const PdpContext& pdp);
    void RemoveContext(Context& context, PdpContext& pdp);
    void RemoveAllContexts(Context& context);
    void GgsnRestarted();
    void ReceiveRequest(const GtpMessage& message, const Address& from);
    void ReceiveUser(uint32_t teid, Ptr<Packet> packet);

    /// Messages that only the network sends, and those of no consequence, are dropped.
    template <typename T>
    void Handle(ContextRef&, const T&)
    {
    }

    // attributes
    Time m_authenticationInfoTime;
    Time m_updateLocationTime;
    Time m_processingTime;
    Time m_t3312;
    Time m_t3313;
    Time m_t3314;
    Time m_t3322;
    Time m_t3350;
    Time m_t3360;
    Time m_t3385;
    Time m_t3386;
    Time m_t3395;
    uint8_t m_pagingAttempts;
    uint32_t m_maxContexts;
    uint32_t m_suspensionBuffer;
    Time m_shortMessageTime;
    NetworkMode m_networkMode = NetworkMode::NMO_II;
    Ptr<Ss7Network> m_signalling; ///< null: no MAP messages
    Ss7Network::Point m_point;
    Ptr<Hlr> m_hlr;
    Ptr<Smsc> m_smsc; ///< null: no short messages
    SmsTimers m_smsTimers;
    GtpSettings m_gtp;
    LogicalLinkSettings m_linkSettings;
    bool m_reroute;
    BssgpFlowControlSettings m_flowControl;
    Time m_pduLifetime;

    GtpEndpoint m_gn;
    Ptr<UniformRandomVariable> m_challenges;
    std::unordered_map<uint64_t, Context> m_contexts;    ///< by IMSI; looked up only
    std::unordered_map<uint32_t, ContextRef*> m_byTeid;  ///< looked up only
    std::unordered_map<uint32_t, uint32_t> m_byGgsnTeid; ///< TEIDs by the GGSN's; looked up only
    std::unordered_map<uint32_t, std::vector<Ptr<GprsCell>>>
        m_areas;                                     ///< by LAC, RAC; looked up only
    std::unordered_map<const GprsCell*, Bvc> m_bvcs; ///< with flow control; order is of no matter
    uint32_t m_lastTeid = 0;
    uint32_t m_lastPtmsi = 0;

    // counters
    uint64_t m_attaches = 0;
    uint64_t m_attachRejects = 0;
    uint64_t m_detaches = 0;
    uint64_t m_updates = 0;
    uint64_t m_cellChanges = 0;
    uint64_t m_llcDiscarded = 0; ///< frames
    uint64_t m_suspensions = 0;
    uint64_t m_mtDelivered = 0;
    uint64_t m_mtFailed = 0;
    uint64_t m_moForwarded = 0;
    uint64_t m_resumptions = 0;
    uint64_t m_activations = 0;
    uint64_t m_activationRejects = 0;
    uint64_t m_deactivations = 0;
    uint64_t m_modifications = 0;
    uint64_t m_pages = 0;
    uint64_t m_pagesUnanswered = 0;
    uint64_t m_uplinkPackets = 0;
    uint64_t m_downlinkPackets = 0;
    uint64_t m_proceduresGivenUp = 0;
    uint64_t m_invalid = 0;
    OctetLedger m_gbUplink;    ///< LLC frames
    OctetLedger m_gbDownlink;  ///< LLC frames
    OctetLedger m_sndcpUplink; ///< SN-PDUs of N-PDUs that are complete, or lost
    OctetLedger m_uplink;      ///< N-PDUs
    OctetLedger m_downlink;    ///< N-PDUs
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SGSN_H
