// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_IM_HELPER_H
#define P2PIM_IM_HELPER_H

#include "ns3/cellular-network.h"
#include "ns3/chat-server.h"
#include "ns3/counter-list.h"
#include "ns3/im-client.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traversal-servers.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

class PeerToPeerClient;

/**
 * Puts a scheme on a network: its server, if it has one, and a client on each phone.
 */
class ImHelper
{
  public:
    /// A scheme that there is.
    struct Scheme
    {
        std::string name;    ///< such as "p2p"
        std::string summary; ///< one line
        bool hasServer;      ///< whether its users have to be online to be reached
        std::string client;  ///< class of the software on a phone, an ImClient
        std::string server;  ///< class of the server, a ChatServer; empty if there is none
    };

    /// @return every scheme.
    static const std::vector<Scheme>& GetSchemes();

    /**
     * @param scheme the name of one of GetSchemes().
     * @param network a network that has been built; the scheme's server is installed on its server
     *        host.
     */
    ImHelper(const std::string& scheme, Ptr<CellularNetwork> network);

    /// @return the scheme.
    const Scheme& GetScheme() const;

    /**
     * @param phone a phone of the network.
     * @return its client.
     */
    Ptr<ImClient> Install(Ptr<Node> phone);

    /// @return the counters of the servers, by name; none if there are none.
    std::vector<std::pair<std::string, CounterList>> GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return how many were used; the same for every scheme.
     */
    int64_t AssignStreams(int64_t first);

  private:
    /// Gives a p2p client what it shares with the others.
    void Prepare(PeerToPeerClient& client);

    const Scheme& m_scheme;
    Ptr<CellularNetwork> m_network;
    Ptr<ChatServer> m_server;
    Ptr<UniformRandomVariable> m_sessionIds;
    Ptr<UniformRandomVariable> m_pcpTimes;
    Ptr<RandomVariableStream> m_punchIntervals; ///< of the p2p clients, s
    Ptr<TraversalServers> m_traversal;          ///< null if no client needs them
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_IM_HELPER_H
