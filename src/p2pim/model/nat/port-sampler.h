// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PORT_SAMPLER_H
#define P2PIM_PORT_SAMPLER_H

#include "ns3/inet-socket-address.h"
#include "ns3/node.h"
#include "ns3/port-sequence.h"
#include "ns3/simple-ref-count.h"
#include "ns3/stun-tcp-client.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

namespace ns3
{
namespace p2pim
{

/**
 * Has the NATs in front of a host make some mappings at once, by connections from ports of their
 * own to a STUN server, and looks how their outside ports follow each other. At once, as each
 * moment between two of them is one in which others get ports.
 */
class PortSampler : public SimpleRefCount<PortSampler>
{
  public:
    /// Called at the end: the sequence, if there is one.
    using DoneFunction = std::function<void(const std::optional<PortSequence>&)>;

    ~PortSampler();

    /**
     * Begins. Called once.
     *
     * @param node the own node.
     * @param server the server's first address and port.
     * @param done called once, unless Release() comes before.
     */
    void Start(Ptr<Node> node, const InetSocketAddress& server, DoneFunction done);

    /// Asks no more, without a word to who waits.
    void Release();

  private:
    void HandleAnswer(std::size_t sample, const StunDiscovery::Findings& findings);

    /// Connections: two steps show whether they are alike.
    static constexpr std::size_t SAMPLES = 3;

    DoneFunction m_done;
    std::array<Ptr<StunTcpClient>, SAMPLES> m_clients;
    std::array<uint16_t, SAMPLES> m_ports{}; ///< 0: no answer, or a port that the NAT has kept
    std::size_t m_answers = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PORT_SAMPLER_H
