// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMPP_SERVER_SESSION_H
#define P2PIM_SMPP_SERVER_SESSION_H

#include "ns3/lazy-timer.h"
#include "ns3/nstime.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/smpp-server.h"
#include "ns3/smpp-session.h"
#include "ns3/tcp-stream.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace ns3
{
namespace p2pim
{

/// One ESME's connection to an SmppServer: who has bound, its rate, its receipts under way.
class SmppServer::Session : public SmppSessionUser
{
  public:
    /**
     * @param server whose it is.
     * @param id its number there.
     * @param socket the connection.
     */
    Session(SmppServer& server, uint64_t id, Ptr<PeerTcpSocket> socket);
    ~Session() override;

    /// Closes the connection.
    void Close();
    /// @return its number.
    uint64_t GetId() const;
    /// @return the account that has bound; empty if none has.
    const std::string& GetSystemId() const;
    /// Answers a request.
    void Respond(const SmppPdu& request,
                 SmppStatus status,
                 decltype(SmppPdu::body) body = std::monostate());
    /// Counts a submission. @return whether it is within the session's rate.
    bool IsWithinRate();
    /// @return whether another receipt may be sent now.
    bool CanDeliver() const;
    /// Sends a receipt.
    void Deliver(SmppMessage receipt);
    /// @return the receipts without a response, in the order in which they were sent.
    const std::map<uint32_t, SmppMessage>& GetUnansweredReceipts() const;

  private:
    // SmppSessionUser
    void Write(const Octets& octets) override;
    void HandleRequest(const SmppPdu& request) override;
    void HandleResponse(const SmppPdu& response) override;
    void HandleEnd(const char* cause) override;

    void HandleBind(const SmppPdu& request);
    void HandleReceive(const std::string& octets);
    void HandleTimer();
    void Rearm();

    SmppServer& m_server;
    uint64_t m_id;
    Time m_connected;
    std::shared_ptr<SmppSession> m_session;
    TcpStream m_stream;
    LazyTimer m_timer;
    std::string m_systemId;                     ///< once it is bound
    Time m_nextConforming;                      ///< theoretical arrival time of the rate limit
    std::map<uint32_t, SmppMessage> m_receipts; ///< without a response, by sequence number
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMPP_SERVER_SESSION_H
