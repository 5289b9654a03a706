// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TRAVERSAL_SERVERS_H
#define P2PIM_TRAVERSAL_SERVERS_H

#include "ns3/counter-list.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet.h"
#include "ns3/object.h"
#include "ns3/stun-server.h"
#include "ns3/turn-relay.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The hosts on the Internet that help two phones through their NATs: a STUN server with two
 * addresses and a relay for TCP. They carry nothing of a session that gets through without them.
 */
class TraversalServers : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    TraversalServers();
    ~TraversalServers() override;

    /// Settings that do not go together.
    struct Fault
    {
        std::string setting; ///< "Class.Attribute"
        std::string problem;
    };

    /// @return what is wrong with the defaults of the servers of traversal, PCP's included.
    static std::optional<Fault> FindFault();

    /// @param internet where to build the two hosts. To be called once, before any of the below.
    void Build(Ptr<Internet> internet);

    /// Lets a phone use the relay. @param name its name there, which is its password too.
    void AddUser(const std::string& name);

    /// @return the STUN server.
    InetSocketAddress GetStun() const;
    /// @return the relay.
    InetSocketAddress GetRelay() const;

    /// @return the counters of both, by name.
    std::vector<std::pair<std::string, CounterList>> GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    Time m_delay;

    Ptr<StunServer> m_stun;
    Ptr<TurnRelay> m_relay;
    Ipv4Address m_stunAddress;
    Ipv4Address m_relayAddress;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TRAVERSAL_SERVERS_H
