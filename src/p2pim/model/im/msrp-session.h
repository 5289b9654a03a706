// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_MSRP_SESSION_H
#define P2PIM_MSRP_SESSION_H

#include "ns3/callback.h"
#include "ns3/event-id.h"
#include "ns3/msrp-message.h"
#include "ns3/nstime.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <deque>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * One side of an MSRP session over a TCP connection (RFC 4975), from the time when the connection
 * stands. It owns the socket's callbacks, and lets go of the socket at its end.
 *
 * A session may have to be bound first: the side that was invited sends a SEND without a body at
 * once (RFC 4975 5.4), by which the other one knows that it talks to whom it has invited, and not
 * to another host at the same address; the response tells the same to the side that was invited.
 */
class MsrpSession : public SimpleRefCount<MsrpSession>
{
  public:
    /// What binds a session.
    enum class Binding : uint8_t
    {
        NONE,    ///< it is bound with its connection
        INVITED, ///< this side sends a SEND without a body
        INVITES, ///< this side waits for it
    };

    /// What it is made of.
    struct Settings
    {
        std::string sessionId;  ///< the session's name at both ends
        std::string ownPath;    ///< MSRP URI of this end
        std::string remotePath; ///< that of the other end; Binding::INVITES learns it
        std::string name;       ///< first part of its message ids
        Time responseTimeout;   ///< how long a SEND may go without a response
        Binding binding = Binding::NONE;
    };

    /// What it tells its user.
    struct Callbacks
    {
        Callback<void, Ptr<MsrpSession>> bound; ///< it can send; not with Binding::NONE
        Callback<void, Ptr<MsrpSession>, const std::string& /* text */> received;
        /// it is over: the cause is empty if the other end has closed it
        Callback<void, Ptr<MsrpSession>, const std::string& /* cause */> ended;
    };

    /**
     * @param socket the connection.
     * @param settings what the two ends are.
     * @param callbacks whom to tell.
     */
    MsrpSession(Ptr<PeerTcpSocket> socket, Settings settings, const Callbacks& callbacks);
    ~MsrpSession();

    /**
     * Begins to listen to the connection, and to bind the session.
     *
     * @param early octets that have come over it already.
     */
    void Start(const std::string& early);

    /// @return whether both sides know that it is theirs.
    bool IsBound() const;

    /// @param text a message, 1 to 1000 octets of UTF-8.
    void Send(const std::string& text);

    /// Closes the connection, and tells nobody.
    void Close();

  private:
    void ReceiveOctets(Ptr<Socket> socket);
    /// Handles the messages that are whole.
    void HandleMessages();
    void Handle(const MsrpSend& send);
    void Handle(const MsrpResponse& response);
    void ResponseTimer();
    void PeerClosed(Ptr<Socket> socket);
    void ConnectionBroke(Ptr<Socket> socket);
    void SendRequest(const std::string& body);
    void Write(const std::string& octets);
    void Bind();
    void End(const std::string& cause);

    Ptr<PeerTcpSocket> m_socket; ///< null after the end
    Settings m_settings;
    Callbacks m_callbacks;
    MsrpParser m_parser;
    bool m_bound;
    uint32_t m_nextMessage = 1;
    std::deque<Time> m_unanswered; ///< when each SEND that has no response yet was sent
    EventId m_timer;               ///< the oldest response's
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_MSRP_SESSION_H
