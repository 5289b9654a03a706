// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TRAVERSAL_EVIDENCE_H
#define P2PIM_TRAVERSAL_EVIDENCE_H

#include "ns3/nat-endpoint.h"
#include "ns3/nat-result.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * What NATs and firewalls have done to attempts to connect. A packet is known by its endpoints:
 * those of an attempt are followed through the NATs of its own side, by the sessions that they make
 * for it, and into those of the other side, so that a packet that one of them drops can be told to
 * be an attempt's.
 *
 * Phones with the same private endpoint that dial the same endpoint at the same time are taken for
 * the one that began last.
 */
class TraversalEvidence
{
  public:
    /// What is known of an attempt.
    struct Finding
    {
        NatEndpoint outer;               ///< its source, as the outermost NAT has sent it on
        NatCause cause = NatCause::NONE; ///< why a packet of it was dropped: of several the last,
                                         ///< but what has expired stays so
    };

    /**
     * An attempt begins.
     *
     * @param local its own end; port 0 if that is not known.
     * @param remote whom it dials.
     * @return its number.
     */
    uint32_t Add(const NatEndpoint& local, const NatEndpoint& remote);
    /// @return what is known of an attempt.
    const Finding& Get(uint32_t attempt) const;
    /// An attempt is forgotten.
    void Remove(uint32_t attempt);

    /// A NAT or firewall tells what has happened.
    void Handle(const NatEvent& event);

    /// @return how many attempts there are.
    std::size_t GetSize() const;

  private:
    /// Source and destination of packets.
    using Flow = std::pair<NatEndpoint, NatEndpoint>;

    struct FlowHash
    {
        std::size_t operator()(const Flow& flow) const;
    };

    struct Attempt
    {
        Finding finding;
        std::vector<Flow> flows;    ///< of m_flows that were made for it
        std::vector<Flow> inbounds; ///< of m_inside
    };

    void AddFlow(uint32_t number, const Flow& flow);
    void HandleSession(const NatEvent& event);
    void HandleDrop(const NatEvent& event);
    static void Note(Finding& finding, NatCause cause);

    uint32_t m_next = 0;
    std::unordered_map<uint32_t, Attempt> m_attempts;
    /// Which attempt packets belong to, wherever they are on their way.
    std::unordered_map<Flow, uint32_t, FlowHash> m_flows;
    /// The inside endpoint that packets from the other end of an attempt are sent on to.
    std::unordered_map<Flow, NatEndpoint, FlowHash> m_inside;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TRAVERSAL_EVIDENCE_H
