// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_IM_SERVER_CLIENT_H
#define P2PIM_IM_SERVER_CLIENT_H

#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/im-protocol.h"
#include "ns3/im-server-based-client.h"
#include "ns3/nstime.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/tcp-stream.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Causes of failure in the scheme `im-server`.
namespace im_server_cause
{
/// The server's port is closed.
inline const char* const REFUSED = "im-server refused";
/// The server does not answer the SYN.
inline const char* const TIMED_OUT = "im-server timed out";
/// The server does not accept the user's password, or the stream.
inline const char* const NOT_AUTHORIZED = "im-server not authorized";
/// The connection has broken, or the server has closed it.
inline const char* const CONNECTION_LOST = "im-server connection lost";
/// The receiver of a message is not logged in, or has no account.
inline const char* const UNAVAILABLE = "im-server recipient unavailable";
} // namespace im_server_cause

/**
 * Messaging through a log-in server, the scheme `im-server`: a persistent TCP connection with an
 * XMPP stream, from GoOnline() or the first Open() on. Whitespace keep-alives (RFC 6120 4.6.1) hold
 * it open against the idle timers of what is on the way.
 *
 * A chat is only a matter of this phone: it begins with Open() or with the first message from the
 * peer, and ends with Close(); the connection stays. It ends when the application stops.
 */
class ImServerClient : public ImServerBasedClient, private ImClientStreamUser
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    ImServerClient();
    ~ImServerClient() override;

    void Send(const Msisdn& peer, const std::string& text) override;
    void Close(const Msisdn& peer) override;

    /// @return name and value of each counter, since the start; the names are stable.
    CounterList GetCounters() const;

  protected:
    void DoDispose() override;
    void StartService() override;
    bool IsServiceUp() const override;

  private:
    void Write(const std::string& octets) override;
    void OnLoggedIn() override;
    void OnMessage(const std::string& from, const std::string& body) override;
    void OnUndeliverable(const std::string& to) override;

    /// Logs out, at the application's stop time.
    void StopApplication() override;

    void HandleConnected(Ptr<Socket> socket);
    void HandleNotConnected(Ptr<Socket> socket);
    void HandleReceive(const std::string& octets);
    /// The connection is gone: lets go of it and ends every chat.
    void Disconnect(const std::string& cause);
    /// Closes the connection and lets go of it.
    void Release();

    /// The keep-alive interval since the last arming is over.
    void HandleKeepAlive();

    std::string m_domain;
    std::string m_password;
    Time m_keepAliveInterval;

    Ptr<PeerTcpSocket> m_socket;              ///< while it connects
    std::unique_ptr<TcpStream> m_connection;  ///< once it is connected
    std::shared_ptr<ImClientStream> m_stream; ///< likewise
    bool m_loggedIn{false};
    Ipv4Address m_address; ///< this phone's end of the connection
    Time m_lastWrite;
    EventId m_keepAlive;
    uint64_t m_octetsSent{0};
    uint64_t m_octetsReceived{0};
    uint64_t m_keepAlivesSent{0};
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_IM_SERVER_CLIENT_H
