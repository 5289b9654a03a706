// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_STUN_SERVER_H
#define P2PIM_STUN_SERVER_H

#include "ns3/application.h"
#include "ns3/counter-list.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/random-variable-stream.h"
#include "ns3/server-processing.h"
#include "ns3/stun-server-core.h"
#include "ns3/stun-stream.h"
#include "ns3/tcp-stream.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * A STUN server on a host of the Internet: tells who asks, over UDP and TCP, what endpoint it has
 * after NATs. If the host has a second address, NAT behaviour can be discovered (RFC 5780). A
 * connection stays until the client closes it.
 */
class StunServer : public Application
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    StunServer();
    ~StunServer() override;

    /**
     * Fixes the streams of the random draws.
     *
     * @param first the first stream to use.
     * @return how many are used.
     */
    int64_t AssignStreams(int64_t first);

    /// @return what has happened since the start; the names are stable.
    CounterList GetCounters() const;

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    /// A connection.
    struct Client
    {
        uint32_t door;
        InetSocketAddress from;
        StunStream messages;
        std::unique_ptr<TcpStream> connection;
    };

    void Open(uint32_t door);
    void HandleDatagram(uint32_t door, Ptr<Socket> socket);
    void AnswerDatagram(uint32_t door, const Octets& datagram, const InetSocketAddress& from);
    void HandleAccept(uint32_t door, Ptr<Socket> socket, const Address& from);
    /// A client's octets have been processed.
    void Process(uint64_t client, const std::string& octets);
    void EndClient(uint64_t client);

    // attributes
    uint16_t m_port{0};
    Ipv4Address m_otherAddress;
    uint16_t m_otherPort{0};
    Ptr<RandomVariableStream> m_processingTime;

    StunServerCore m_core;
    ServerProcessing m_processing;
    std::array<Ptr<Socket>, StunServerCore::DOORS> m_sockets;
    std::vector<Ptr<PeerTcpSocket>> m_listeners;
    std::map<uint64_t, Client> m_clients;
    uint64_t m_lastClient{0};
    uint64_t m_octetsReceived{0};
    uint64_t m_octetsSent{0};
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_STUN_SERVER_H
