// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_MOBILE_STATION_H
#define P2PIM_GPRS_MOBILE_STATION_H

#include "ns3/event-id.h"
#include "ns3/gmm-sm-message.h"
#include "ns3/gprs-cell.h"
#include "ns3/llc.h"
#include "ns3/multislot-class.h"
#include "ns3/nstime.h"
#include "ns3/packet-bearer.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

class GprsDevice;
class GsmMobileStation;

/**
 * The GPRS side of a mobile station: GPRS attach (TS 24.008 4.7.3) and the activation of one PDP
 * context (6.1.3.1), both over the radio of its cell. Aggregated to the phone's node.
 *
 * In: BringUp() of an application, LLC PDUs from the cell, packet pages. Out: LLC PDUs to the cell,
 * IP packets to the phone's GprsDevice. It holds one event only while a procedure is under way (its
 * guard timer), none otherwise.
 */
class GprsMobileStation : public PacketBearer
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
    };

    /// @return the type.
    static TypeId GetTypeId();

    GprsMobileStation();
    ~GprsMobileStation() override;

    /// Called with the PDP address when the context is activated: installs the IP interface.
    using InterfaceCallback = Callback<void, Ptr<GprsMobileStation>, Ipv4Address>;
    /// TracedCallback signature of the trace source State.
    typedef void (*StateTracedCallback)(State before, State after);

    /**
     * @param imsi international mobile subscriber identity, 15 digits.
     * @param nodeId the phone's node, for the context of its events.
     */
    void SetIdentity(uint64_t imsi, uint32_t nodeId);
    /// @param cell the serving cell.
    void SetCell(Ptr<GprsCell> cell);
    /// @param installed what installs the IP interface when the context is first activated.
    void SetInterfaceCallback(InterfaceCallback installed);
    /// @param device the phone's IP device, once it exists.
    void SetDevice(Ptr<GprsDevice> device);

    // PacketBearer
    bool IsUp() const override;
    Ipv4Address GetAddress() const override;
    void BringUp(AttachedCallback attached, DoneCallback done) override;

    /**
     * GPRS attach without a PDP context, for a phone that is to be reachable but idle.
     */
    void Attach();

    /**
     * Takes an IP packet from the phone's stack.
     *
     * @param packet the packet.
     * @return whether there is a PDP context to carry it.
     */
    bool SendPacket(Ptr<Packet> packet);

    /// Takes an LLC PDU from the cell.
    void ReceiveDownlink(const LlcPdu& pdu);
    /// Takes a page of the packet network, and answers with an LLC frame (TS 43.064 6.3).
    void ReceivePage();

    /// @return the state.
    State GetState() const;
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
    /// @return whether the phone is on and in coverage.
    bool IsReachable() const;
    /// @return time from the end of a radio block to the IP packet in the phone's stack.
    Time GetProcessingDelay() const;
    /// @return the RLC/MAC entities, made when first used.
    RlcEntity& GetRlc();

  protected:
    void DoDispose() override;
    void NotifyNewAggregate() override;

  private:
    /// An application that waits for the bearer.
    struct Waiting
    {
        AttachedCallback attached;
        DoneCallback done;
    };

    bool SetMultislotClass(const std::string& text);
    std::string GetMultislotClass() const;
    void SetState(State state);
    void Send(const GmmSmMessage& message);
    void SendAttachRequest();
    void SendActivateRequest();
    void StartActivation();
    void Arm(Time timer);
    void GuardExpired();
    void Fail(const std::string& cause);

    // one for each message that the network sends
    void Handle(const AuthenticationAndCipheringRequest& message);
    void Handle(const AttachAccept& message);
    void Handle(const AttachReject& message);
    void Handle(const ActivatePdpContextAccept& message);
    void Handle(const ActivatePdpContextReject& message);

    /// Messages that only a station sends are dropped.
    template <typename T>
    void Handle(const T&)
    {
    }

    // attributes
    std::string m_apn;
    Time m_t3310;
    Time m_t3380;
    Time m_simTime;
    Time m_processingDelay;
    uint8_t m_maxAttempts;
    std::string m_multislotText;
    MultislotClass m_slots;

    State m_state = State::DETACHED;
    uint8_t m_attempts = 0;
    bool m_wantsContext = false;
    uint32_t m_nodeId = 0;
    uint64_t m_imsi = 0;
    Ipv4Address m_address;
    Ptr<GprsCell> m_cell;
    const GsmMobileStation* m_gsm = nullptr; ///< of the same node
    Ptr<GprsDevice> m_device;
    InterfaceCallback m_installInterface;
    EventId m_guard;
    std::vector<Waiting> m_waiting;
    std::unique_ptr<RlcEntity> m_rlc;
    TracedCallback<State, State> m_stateTrace;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_MOBILE_STATION_H
