// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TCP_STREAM_H
#define P2PIM_TCP_STREAM_H

#include "ns3/peer-tcp-socket.h"
#include "ns3/ptr.h"

#include <cstdint>
#include <functional>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * A TCP connection as a stream of octets: what the socket's send buffer does not take yet waits
 * here. It owns the socket's callbacks.
 */
class TcpStream
{
  public:
    /// Called with the octets that have arrived.
    using ReceiveFunction = std::function<void(std::string octets)>;
    /// Called when the peer has closed the connection, or it has broken.
    using LostFunction = std::function<void()>;

    /**
     * @param socket a socket that is connected, or about to be.
     * @param receive called with the octets that arrive.
     * @param lost called once, if the connection ends from outside.
     */
    TcpStream(Ptr<PeerTcpSocket> socket, ReceiveFunction receive, LostFunction lost);

    /// Hears no more of the connection, which stays as it is.
    ~TcpStream();
    TcpStream(const TcpStream&) = delete;
    TcpStream& operator=(const TcpStream&) = delete;

    /// @param octets what to send.
    void Write(const std::string& octets);

    /// Closes this end, after what was written.
    void Close();

  private:
    void HandleReceive(Ptr<Socket> socket);
    void HandleSpace(Ptr<Socket> socket, uint32_t space);
    void HandleLost(Ptr<Socket> socket);
    /// Gives the socket as much of m_unsent as it takes.
    void Flush();

    Ptr<PeerTcpSocket> m_socket;
    ReceiveFunction m_receive;
    LostFunction m_lost;
    std::string m_unsent;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TCP_STREAM_H
