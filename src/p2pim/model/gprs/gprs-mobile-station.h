// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_MOBILE_STATION_H
#define P2PIM_GPRS_MOBILE_STATION_H

#include "ns3/gmm-sm-message.h"
#include "ns3/gmm-station.h"
#include "ns3/gprs-cell.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/lazy-timer.h"
#include "ns3/llc.h"
#include "ns3/logical-link.h"
#include "ns3/multislot-class.h"
#include "ns3/network-mode.h"
#include "ns3/nstime.h"
#include "ns3/packet-bearer.h"
#include "ns3/packet-side.h"
#include "ns3/sm-station.h"
#include "ns3/sms-transfers.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

class GprsDevice;

/**
 * The GPRS side of a mobile station: mobility management (GmmStation), session management
 * (SmStation) of one PDP context, LLC and SNDCP (LogicalLink), over the radio of its cell.
 * Aggregated to the phone's node.
 *
 * In: BringUp() of an application, LLC frames from the cell, packet pages. Out: LLC frames to the
 * cell, IP packets to the phone's GprsDevice. It holds one event only while a timer runs that the
 * network could not see to: none when it is idle, unless the network asks for periodic updates.
 */
class GprsMobileStation : public PacketBearer, public PacketSide
{
  public:
    /// Where the station stands in GMM and SM together.
    enum class State : uint8_t
    {
        DETACHED,       ///< GMM-DEREGISTERED
        ATTACHING,      ///< ATTACH REQUEST sent, T3310 runs
        ATTACHED,       ///< GMM-REGISTERED, no PDP context
        ACTIVATING,     ///< ACTIVATE PDP CONTEXT REQUEST sent, T3380 runs
        CONTEXT_ACTIVE, ///< PDP-ACTIVE
        DEACTIVATING,   ///< DEACTIVATE PDP CONTEXT REQUEST sent, T3390 runs
        DETACHING,      ///< DETACH REQUEST sent, T3321 runs
    };

    /// @return the type.
    static TypeId GetTypeId();

    GprsMobileStation();
    ~GprsMobileStation() override;

    /// Called with the PDP address when the context is activated: installs the IP interface, or
    /// gives it its new address.
    using InterfaceCallback = Callback<void, Ptr<GprsMobileStation>, Ipv4Address>;
    /// TracedCallback signature of the trace source State.
    typedef void (*StateTracedCallback)(State before, State after);
    /// TracedCallback signature of the trace source BearerLost.
    typedef void (*LossTracedCallback)(const std::string& cause);
    /// TracedCallback signature of the trace source Suspension.
    typedef void (*SuspensionTracedCallback)(bool suspended);

    /**
     * @param imsi international mobile subscriber identity, 15 digits.
     * @param nodeId the phone's node, for the context of its events.
     */
    void SetIdentity(uint64_t imsi, uint32_t nodeId);
    /// @param cell the serving cell, before anything is sent.
    void SetCell(Ptr<GprsCell> cell);
    /**
     * The station leaves its cell for another one, during GsmMobileStation::StartReselection() and
     * before its end. Then it has its routing area updated, or sends a frame if it is READY, and
     * goes on with what it had to send.
     *
     * @param cell the new cell.
     */
    void ChangeCell(Ptr<GprsCell> cell);
    /// @param settings how user data are carried, before a context is active.
    void SetLinkSettings(const LogicalLinkSettings& settings);
    /// @param installed what installs the IP interface when the context is activated.
    void SetInterfaceCallback(InterfaceCallback installed);
    /// @param device the phone's IP device, once it exists.
    void SetDevice(Ptr<GprsDevice> device);

    /// @param bearer what applications get in place of GPRS, before it is first asked for.
    void SetOtherBearer(Ptr<PacketBearer> bearer);

    // PacketBearer
    bool IsUp() const override;
    Ipv4Address GetAddress() const override;
    void BringUp(AttachedCallback attached, DoneCallback done) override;

    /**
     * GPRS attach without a PDP context, for a phone that is to be reachable but idle.
     */
    void Attach();
    /// Deactivates the PDP context, if there is one.
    void BringDown();
    /**
     * Detaches from GPRS; the PDP context ends with it.
     *
     * @param powerOff whether the phone is being switched off: the network is told, and does not
     *                 answer.
     */
    void Detach(bool powerOff = false);
    /// Asks for another quality of service of the active context.
    void Modify(const QosProfile& qos);

    /**
     * Takes an IP packet from the phone's stack.
     *
     * @param packet the packet.
     * @return whether there is a PDP context to carry it.
     */
    bool SendPacket(Ptr<Packet> packet);

    /**
     * Changes what the phone can do; between the two of class C at any time, as its user does by
     * hand: it leaves one side of the network and attaches to the other.
     *
     * @param mobileClass the class.
     */
    void SetMobileClass(MobileClass mobileClass);
    /// @return the class.
    MobileClass GetMobileClass() const;
    /// @param carried whether the network carries short messages over GPRS (Gd).
    void SetSmsOverGprs(bool carried);
    /// For time lines: @param reference of the message that is on its way here over GPRS.
    void SetMessageReference(uint64_t reference);
    /// A page for a circuit-switched service was read on the PACCH.
    void ReceiveCircuitPage();
    /// @return whether it is on a dedicated channel, where a phone of class B has no GPRS.
    bool IsSuspended() const;

    // PacketSide
    bool HearsPch() override;
    void EnterDedicatedMode() override;
    std::optional<GprsSuspensionRequest> StartSuspension(GprsSuspensionCause cause) override;
    void LeaveDedicatedMode(bool resumed) override;
    bool StartSubmission() override;

    /// Takes an LLC frame from the cell.
    void ReceiveDownlink(const LlcPdu& pdu);
    /// Takes a page of the packet network, and answers with an LLC frame (TS 43.064 6.3).
    void ReceivePage();

    /// @return the state.
    State GetState() const;
    /// @return whether it is READY: it need not be paged.
    bool IsReady() const;
    /// @return the quality of service of the active context.
    QosProfile GetQos() const;
    /// @return the IMSI.
    uint64_t GetImsi() const;
    /// @return the serving cell.
    Ptr<GprsCell> GetCell() const;
    /// @return the phone's node.
    uint32_t GetNodeId() const;
    /// @return timeslots that the station can use.
    const MultislotClass& GetSlots() const;
    /// @return the circuit-switched side of the phone; null if it has none.
    const GsmMobileStation* GetGsmMobileStation() const;
    /// @return whether the phone is on, in coverage and camps on its cell; also while it says that
    /// it is being switched off.
    bool IsReachable() const;
    /// @return whether the phone is on.
    bool IsPoweredOn() const;
    /// @return time from the end of a radio block to the IP packet in the phone's stack.
    Time GetProcessingDelay() const;
    /// @return the RLC/MAC entities, made when first used.
    RlcEntity& GetRlc();
    /// @return the RLC/MAC entities, or null if it has never used any.
    const RlcEntity* FindRlc() const;

  protected:
    void DoDispose() override;
    void NotifyNewAggregate() override;

  private:
    /// The station's one context.
    static constexpr uint8_t NSAPI = 5;

    /// An application that waits for the bearer.
    struct Waiting
    {
        AttachedCallback attached;
        DoneCallback done;
    };

    template <Time GmmStationSettings::*T>
    void SetGmmTimer(Time time);
    template <Time GmmStationSettings::*T>
    Time GetGmmTimer() const;
    template <Time SmStationSettings::*T>
    void SetSmTimer(Time time);
    template <Time SmStationSettings::*T>
    Time GetSmTimer() const;
    void SetMaxAttempts(uint8_t attempts);
    uint8_t GetMaxAttempts() const;
    bool SetMultislotClass(const std::string& text);
    std::string GetMultislotClass() const;

    // PacketSide, when the phone is switched off or can be reached again
    void SwitchingOff() override;
    void BecameReachable() override;

    LogicalLink& GetLink();
    void ResetLink();
    void StartActivation();
    void RequestUpdateIfDue();
    void ReceiveSignalling(const Octets& octets);
    void Authenticate(const AuthenticationAndCipheringRequest& request);
    void SendSignalling(const GmmSmMessage& message);
    void SendFrames(const LogicalLink::Frames& frames);
    /// To be called after anything that may have changed GMM or SM: sends, tells, arms the timer.
    void Update();
    void HandleEvent(GmmStation::Event event);
    void HandleEvent(const SmStation::Event& event);
    void ContextActivated();
    void LoseBearer(const std::string& cause);
    void Fail(const std::string& cause);
    void UpdateState();
    State FindState() const;
    void TimerExpired();
    SmsTransfers& GetTransfers();
    void SendShortMessage(const Octets& message);
    void ReceiveShortMessage(const Octets& octets);
    void HandleTransfer(const SmsTransfers::Result& result);

    // attributes
    std::string m_apn;
    uint8_t m_delayClass;
    Ipv4Address m_staticAddress;
    GmmStationSettings m_gmmSettings;
    SmStationSettings m_smSettings;
    LogicalLinkSettings m_linkSettings;
    Time m_simTime;
    uint32_t m_simKey;
    Time m_processingDelay;
    std::string m_multislotText;
    MultislotClass m_slots;
    MobileClass m_class;
    bool m_combinedAttach;

    State m_state = State::DETACHED;
    uint16_t m_attaches = 0; ///< attaches that were begun
    bool m_wantsContext = false;
    bool m_hadContext = false;  ///< the bearer is up
    bool m_wasAttached = false; ///< when the phone was switched off
    bool m_cellChanged = false; ///< no frame has been sent in the cell
    uint32_t m_nodeId = 0;
    uint64_t m_imsi = 0;
    GmmStation m_gmm;
    SmStation m_sm;
    Ptr<GprsCell> m_cell;
    GsmMobileStation* m_gsm = nullptr; ///< of the same node
    bool m_suspended = false;          ///< class B, on a dedicated channel
    bool m_suspensionSent = false;     ///< and has told the network
    bool m_updateDue = false;          ///< the network does not know that the station goes on
    Ptr<GprsDevice> m_device;
    Ptr<PacketBearer> m_otherBearer; ///< of the phone's applications; null: this one
    InterfaceCallback m_installInterface;
    LazyTimer m_timer;
    std::vector<Waiting> m_waiting;
    std::unique_ptr<LogicalLink> m_link; ///< made when first used
    bool m_smsOverGprs = false;
    uint64_t m_messageReference = 0;           ///< for time lines
    std::unique_ptr<SmsTransfers> m_transfers; ///< of short messages, made when first used
    std::unique_ptr<RlcEntity> m_rlc;
    TracedCallback<State, State> m_stateTrace;
    TracedCallback<const std::string&> m_lossTrace;
    TracedCallback<bool> m_suspensionTrace;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_MOBILE_STATION_H
