// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_BULK_TRANSFERS_H
#define P2PIM_GPRS_BULK_TRANSFERS_H

#include "ns3/inet-socket-address.h"
#include "ns3/node.h"
#include "ns3/peer-tcp-socket.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Bulk transfers between clients and one server, each over a TCP connection of its own, with the
 * sockets that chats use. The client's first octets say what it wants; the side that receives the
 * last octet of the transfer has the whole.
 */
class GprsBulkTransfers
{
  public:
    /// What happens to a transfer.
    enum class Event : uint8_t
    {
        CONNECTED,  ///< the client's connection is established
        FIRST_DATA, ///< the first octets are at the receiver
        COMPLETE,   ///< all octets are
        REFUSED,    ///< the server does not take the connection
        UNANSWERED, ///< no answer to any SYN
        BROKEN      ///< the connection has broken
    };
    /// Called when something happens to a transfer.
    using TellFunction = std::function<void(uint32_t number, Event event)>;

    /**
     * @param server the server host, a node with a stack.
     * @param address its address.
     * @param tell what is told.
     */
    GprsBulkTransfers(Ptr<Node> server, Ipv4Address address, TellFunction tell);
    ~GprsBulkTransfers();
    GprsBulkTransfers(const GprsBulkTransfers&) = delete;
    GprsBulkTransfers& operator=(const GprsBulkTransfers&) = delete;

    /**
     * Starts a transfer.
     *
     * @param client a node with a stack.
     * @param number its number.
     * @param octets how many.
     * @param upload whether they go from the client to the server.
     */
    void Start(Ptr<Node> client, uint32_t number, uint32_t octets, bool upload);

    /// Gives a transfer up: the client closes its connection, and nothing more is told.
    void Abandon(uint32_t number);

  private:
    class End;
    class Client;
    class Server;

    void Accept(Ptr<Socket> socket, const Address& from);

    InetSocketAddress m_address;
    TellFunction m_tell;
    Ptr<PeerTcpSocket> m_listener;
    std::map<uint32_t, std::unique_ptr<Client>> m_clients; ///< by number
    std::vector<std::unique_ptr<Server>> m_servers;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_BULK_TRANSFERS_H
