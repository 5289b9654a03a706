// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_IM_SERVER_H
#define P2PIM_IM_SERVER_H

#include "ns3/chat-server.h"
#include "ns3/im-protocol.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/random-variable-stream.h"
#include "ns3/server-processing.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The log-in server of the scheme `im-server`: every device keeps a TCP connection to it, and it
 * relays messages between those that are logged in. It listens from its initialization on.
 */
class ImServer : public ChatServer
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    ImServer();
    ~ImServer() override;

    /**
     * Makes an account: MSISDN@Domain.
     *
     * @param msisdn the user's number.
     * @param password its password (RFC 4616).
     */
    void AddUser(const std::string& msisdn, const std::string& password) override;
    int64_t AssignStreams(int64_t first) override;
    CounterList GetCounters() const override;

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    class Session;

    /// What the server has seen and done.
    struct Counters
    {
        uint64_t connections{0};    ///< connections accepted
        uint64_t logIns{0};         ///< log-ins that succeeded
        uint64_t refused{0};        ///< log-ins that did not
        uint64_t relayed{0};        ///< messages sent on
        uint64_t undeliverable{0};  ///< messages whose receiver was not logged in
        uint64_t octetsReceived{0}; ///< octets received over TCP, keep-alives among them
        uint64_t octetsSent{0};     ///< octets sent over TCP
        uint64_t keepAlives{0};     ///< arrivals of a single space (RFC 6120 4.6.1)
    };

    void HandleAccept(Ptr<Socket> socket, const Address& from);
    /// A client's octets have been processed.
    void Process(uint64_t session, const std::string& octets);
    bool Authenticate(const ImCredentials& credentials);
    /// Makes a session the one of its user; an older one is ended (RFC 6120 7.7.2.2).
    void LogIn(Session& session);
    /// Sends a message on, or back as undeliverable.
    void Relay(Session& sender, const XmlElement& message);
    void EndSession(uint64_t session);

    uint16_t m_port{5222};
    std::string m_domain;
    Ptr<RandomVariableStream> m_processingTime;
    Ptr<PeerTcpSocket> m_listener;
    ServerProcessing m_processing;
    uint64_t m_lastSession{0};
    std::map<uint64_t, std::unique_ptr<Session>> m_sessions;
    std::unordered_map<std::string, std::string> m_passwords; ///< by number; looked up only
    std::unordered_map<std::string, uint64_t> m_loggedIn;     ///< by number; looked up only
    Counters m_counters;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_IM_SERVER_H
