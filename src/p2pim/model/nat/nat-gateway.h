// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_GATEWAY_H
#define P2PIM_NAT_GATEWAY_H

#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/nat-core.h"
#include "ns3/nat-settings.h"
#include "ns3/ns3-compatibility.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * A router that is a NAT or a firewall: NatCore on a node of ns-3. It is mounted as the topmost
 * routing protocol of its node, where each packet passes before it is delivered or forwarded, and
 * routes what leaves by the protocol that was there before.
 *
 * One interface is inside, all others are outside. What is for an address of the router itself, and
 * not of the pool, passes untouched. Packet tags do not pass.
 */
class NatGateway : public Ipv4RoutingProtocol
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    /// TracedCallback signature of the trace source Event.
    typedef void (*EventTracedCallback)(const NatEvent& event);

    NatGateway();
    ~NatGateway() override;

    /**
     * Begins to work on a router with HostRouting, whose routes are all there.
     *
     * @param node the router.
     * @param settings what it does, with its pool.
     * @param inside the interface that is inside.
     */
    void Mount(Ptr<Node> node, const NatSettings& settings, uint32_t inside);

    /// @return the NAT; nothing may be called that its times depend on.
    const NatCore& GetCore() const;

    /**
     * Maps an inside endpoint on request (RFC 6887 11).
     *
     * @param protocol the protocol.
     * @param inside the endpoint.
     * @param lifetime how long.
     * @return the outside endpoint, if there is one.
     */
    std::optional<NatEndpoint> RequestMapping(NatProtocol protocol,
                                              const NatEndpoint& inside,
                                              Time lifetime);

    /// @return what has happened: packets through by direction, packets dropped by cause, mappings.
    CounterList GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

    // Ipv4RoutingProtocol
    Ptr<Ipv4Route> RouteOutput(Ptr<Packet> packet,
                               const Ipv4Header& header,
                               Ptr<NetDevice> device,
                               Socket::SocketErrno& error) override;
    bool RouteInput(Ptr<const Packet> packet,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> device,
                    RouteInputParameters::At<3> forward,
                    RouteInputParameters::At<4> multicast,
                    RouteInputParameters::At<5> deliver,
                    RouteInputParameters::At<6> fail) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void SetIpv4(Ptr<Ipv4> ipv4) override;
    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream,
                           Time::Unit unit = Time::S) const override;

  protected:
    void DoDispose() override;

  private:
    /// @return whether a packet is for the router itself.
    bool IsForRouter(const Ipv4Header& header) const;
    /// Sends what the NAT says, tells its events, and plans its next step.
    void Carry(const NatResult& result);
    void Send(const NatOutput& output);
    void Advance();

    Ptr<UniformRandomVariable> m_draws;
    TracedCallback<const NatEvent&> m_eventTrace;

    Ptr<Ipv4> m_ipv4;
    Ptr<Ipv4RoutingProtocol> m_routing; ///< that was there before
    uint32_t m_inside = 0;              ///< interface
    std::unique_ptr<NatCore> m_core;
    EventId m_advance;
    std::array<uint64_t, 2> m_passed{};   ///< packets, by the side where they left
    std::array<uint64_t, 32> m_dropped{}; ///< packets, by NatCause
    uint64_t m_mappingsMade = 0;
    uint64_t m_sessionsMade = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_GATEWAY_H
