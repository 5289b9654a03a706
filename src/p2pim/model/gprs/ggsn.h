// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GGSN_H
#define P2PIM_GGSN_H

#include "ns3/address-pool.h"
#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/gprs-gateway.h"
#include "ns3/gtp-endpoint.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/octet-ledger.h"
#include "ns3/ss7-network.h"
#include "ns3/time-weighted-average.h"
#include "ns3/traced-callback.h"
#include "ns3/tunnel-device.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

class Ggsn;
class Hlr;

/**
 * The GGSN's device towards its stations: IP packets to an address of the pool enter the tunnel of
 * that address.
 */
class GgsnTunnelDevice : public TunnelDevice
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    GgsnTunnelDevice();
    ~GgsnTunnelDevice() override;

    /// @param ggsn whose tunnels these are.
    void SetGgsn(Ptr<Ggsn> ggsn);

  protected:
    void DoDispose() override;
    bool DoSend(Ptr<Packet> packet, uint16_t protocol) override;

  private:
    Ptr<Ggsn> m_ggsn;
};

/// What a GGSN does with packets from one of its stations to another.
enum MsToMsPolicy : uint8_t
{
    MS_TO_MS_ALLOWED,    ///< they go straight into the other's tunnel
    MS_TO_MS_HAIRPINNED, ///< they go out over Gi, and may come back
    MS_TO_MS_BARRED      ///< they are dropped
};

/// What a PDP context has carried, for the bill: what matters here of a G-CDR (TS 32.251 5.2.3).
struct GgsnChargingRecord
{
    uint32_t chargingId = 0; ///< of the GGSN; told to the SGSN
    uint64_t imsi = 0;
    std::string apn;
    Ipv4Address address;         ///< PDP address
    Time opened;                 ///< record opening time
    Time duration;               ///< until the context was deleted
    uint64_t uplinkOctets = 0;   ///< of IP packets that came out of the tunnel
    uint64_t downlinkOctets = 0; ///< of those that were put into it
};

/**
 * The gateway GPRS support node (TS 23.060): gives each PDP context an address from the pool of its
 * access point and carries packets between the contexts' tunnels and the IP stack of its node,
 * which routes them: to another station, or out over Gi. Aggregated to its node.
 */
class Ggsn : public Object, public GprsGateway
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    /// TracedCallback signature of the trace source ChargingRecord.
    typedef void (*ChargingTracedCallback)(const GgsnChargingRecord& record);

    Ggsn();
    ~Ggsn() override;

    /**
     * @param gn the node's device on the Gn link.
     * @param own the node's address there.
     * @param sgsn the SGSN's address there.
     * @param tunnels the device that the node's stack routes the pools to.
     * @param gi the node's device on the Gi link.
     */
    void Connect(Ptr<NetDevice> gn,
                 Ipv4Address own,
                 Ipv4Address sgsn,
                 Ptr<GgsnTunnelDevice> tunnels,
                 Ptr<NetDevice> gi);

    /// @param apn an access point. @param gi its device, in place of the common one, on a Gi link.
    void SetGi(const std::string& apn, Ptr<NetDevice> gi);

    /// @return whether stations are asked to activate the context of their static address.
    bool RequestsActivation() const;
    /**
     * Where stations are, for contexts that the network requests.
     *
     * @param network carries the GGSN's MAP messages (Gc).
     * @param point the GGSN there.
     * @param hlr the HLR that is asked.
     */
    void SetHlr(Ptr<Ss7Network> network, Ss7Network::Point point, Ptr<Hlr> hlr);
    /**
     * Reserves an address for one subscriber (static PDP information, TS 23.060 9.2.2.2).
     *
     * @param address one of an access point's pool.
     * @param imsi whose it is.
     * @param msisdn the subscriber's number.
     * @return whether the address is one of a pool, and free.
     */
    bool AddStaticAddress(Ipv4Address address, uint64_t imsi, const std::string& msisdn);

    // GprsGateway
    Ss7Network::Point GetPoint() const override;
    void ReceiveRoutingInfo(uint64_t msisdn, GprsRoutingInfo info) override;
    void NoteMsPresentForGprs(uint64_t msisdn) override;

    /// @return the access points with their pools.
    const std::vector<AccessPoint>& GetAccessPoints() const;

    /**
     * Puts a packet into the tunnel of its destination.
     *
     * @param packet an IPv4 packet.
     * @return whether there is a PDP context with that address.
     */
    bool SendToTunnel(Ptr<Packet> packet);

    /// Takes the GGSN out of service, or back; then all its contexts are gone.
    void SetInService(bool inService);
    /**
     * The operator ends a context (TS 23.060 9.2.4.3).
     *
     * @param address its PDP address.
     * @return whether there is such a context.
     */
    bool EndContext(Ipv4Address address);

    /// @return PDP contexts that are active.
    std::size_t GetContexts() const;
    /// @return what happened here, for the results: names and values.
    CounterList GetCounters() const;

  protected:
    void DoDispose() override;

  private:
    /// A PDP context.
    struct Context
    {
        uint64_t imsi = 0;
        uint8_t nsapi = 0;
        std::size_t accessPoint = 0; ///< index
        Ipv4Address address;
        uint32_t sgsnData = 0;    ///< where the SGSN wants G-PDUs
        uint32_t sgsnControl = 0; ///< where it wants control messages
        uint16_t created = 0;     ///< sequence number of the request that created it
        QosProfile qos;
        Time lastPacket; ///< in either direction
        Time opened;
        uint64_t uplinkOctets = 0;   ///< for charging
        uint64_t downlinkOctets = 0; ///< for charging
    };

    using Contexts = std::unordered_map<uint32_t, Context>;

    /// An address that one subscriber has by subscription.
    struct StaticAddress
    {
        uint64_t imsi = 0;
        uint64_t msisdn = 0;
        std::size_t accessPoint = 0; ///< index
        bool mnrg = false;           ///< its station cannot be reached: it is not asked
        uint32_t teid = 0;           ///< of the notification under way; 0: none
        uint64_t held = 0;           ///< octets that wait
        std::vector<Ptr<Packet>> waiting;
        EventId timer; ///< ends the notification
    };

    void SetT3Response(Time time);
    Time GetT3Response() const;
    void SetN3Requests(uint8_t requests);
    uint8_t GetN3Requests() const;
    bool SetAccessPoints(const std::string& text);
    std::string GetAccessPointsText() const;

    void ReceiveRequest(const GtpMessage& message, const Address& from);
    void Create(const CreatePdpContextRequest& request, const Address& from);
    void Update(const UpdatePdpContextRequest& request, const Address& from);
    void Delete(const DeletePdpContextRequest& request, const Address& from);
    void ReceiveUser(uint32_t teid, Ptr<Packet> packet);
    void Route(const Context& context, Ptr<Packet> packet);
    /// @return the TEID of a new context; nothing with the cause if there is none.
    std::optional<uint32_t> Add(const CreatePdpContextRequest& request, GtpCause& cause);
    bool TakeStatic(Ipv4Address address, uint64_t imsi, AccessPoint& point);
    void Pass(Context& context, Ptr<Packet> packet);
    /// Adds what was charged to each access point, contexts that are active included.
    void AppendCharges(CounterList& counters) const;

    /// @return a key for the context of a subscriber and NSAPI.
    static uint64_t GetOwner(uint64_t imsi, uint8_t nsapi)
    {
        return imsi << 4 | nsapi;
    }

    // ggsn-deactivation.cc
    void Remove(uint32_t teid);
    void RemoveAll();
    void EndContext(uint32_t teid);
    void CheckIdle();

    // ggsn-notification.cc
    void SendMap(Callback<void> arrived);
    bool HoldForStation(Ipv4Address address, Ptr<Packet> packet);
    void Rejected(const PduNotificationRejectRequest& request, const Address& from);
    void NotificationFailed(Ipv4Address address, uint32_t teid, GtpCause cause);
    std::vector<Ptr<Packet>> EndNotification(StaticAddress& subscribed);
    void LoseHeld(Ipv4Address address, LossCause cause);
    void SendHeld(Context& context);

    // attributes
    std::string m_accessPointsText;
    std::vector<AccessPoint> m_accessPoints;
    Time m_processingTime;
    Time m_idleTimeout;
    bool m_requestsActivation;
    uint32_t m_notificationBuffer;
    Time m_notificationTime;
    MsToMsPolicy m_msToMs;
    GtpSettings m_gtp;

    GtpEndpoint m_gn;
    Ptr<GgsnTunnelDevice> m_tunnels;
    std::vector<Ptr<NetDevice>> m_gi; ///< by access point
    Contexts m_contexts;              ///< by TEID; looked up only
    TimeWeightedAverage m_contextCount;
    std::unordered_map<uint64_t, uint32_t> m_byOwner;   ///< TEIDs by IMSI and NSAPI; looked up only
    std::unordered_map<uint32_t, uint32_t> m_byAddress; ///< TEIDs by address; looked up only
    std::unordered_map<uint32_t, uint32_t> m_bySgsnTeid;  ///< TEIDs by the SGSN's; looked up only
    std::unordered_map<uint32_t, StaticAddress> m_static; ///< by address; looked up only
    std::unordered_map<uint64_t, uint32_t> m_staticByMsisdn; ///< addresses; looked up only
    Ptr<Ss7Network> m_signalling;                            ///< null: no station is asked
    Ss7Network::Point m_point;
    Ptr<Hlr> m_hlr;
    uint32_t m_lastTeid = 0;
    std::deque<std::pair<Time, uint32_t>> m_idle; ///< when to look at a context, by time
    EventId m_idleEvent;

    TracedCallback<const GgsnChargingRecord&> m_chargingTrace;
    /// Octets up and down of contexts that have ended, by access point.
    std::vector<std::pair<uint64_t, uint64_t>> m_charged;

    // counters
    uint64_t m_created = 0;
    uint64_t m_rejected = 0;
    uint64_t m_deleted = 0;
    uint64_t m_idleDeleted = 0;
    uint64_t m_restarts = 0;
    uint64_t m_barred = 0;
    uint64_t m_notifications = 0;
    uint64_t m_notificationsFailed = 0;
    OctetLedger m_uplink;
    OctetLedger m_downlink;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GGSN_H
