// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_IM_SERVER_BASED_CLIENT_H
#define P2PIM_IM_SERVER_BASED_CLIENT_H

#include "ns3/im-client.h"
#include "ns3/inet-socket-address.h"
#include "ns3/packet-bearer.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Messaging software that reaches its peers through a server of its own: it brings up the bearer,
 * registers or logs in, and from then on every chat is ready as soon as it is opened.
 *
 * A chat that is opened on the way waits. It is told of each step at the time of the step, and of
 * the steps that were over before at the time of Open().
 */
class ImServerBasedClient : public ImClient
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    ~ImServerBasedClient() override;

    /// @param server the server's address and port.
    void SetServer(const InetSocketAddress& server);

    void GoOnline() override;
    void Open(const Msisdn& peer) override;

  protected:
    void DoDispose() override;

    /// Called when the bearer is up: registers or logs in. To be answered by FinishService() or
    /// FailService().
    virtual void StartService() = 0;

    /// @return whether the server knows of this phone at the bearer's present address.
    virtual bool IsServiceUp() const = 0;

    /// @return the server; SetServer() must have been called.
    const InetSocketAddress& GetServer() const;

    /// @return the bearer of this phone.
    Ptr<PacketBearer> GetBearer() const;

    /// @return whether a chat with @p peer is open or waits.
    bool HasChat(const Msisdn& peer) const;

    /// Has a chat with @p peer from now on, which the peer has begun.
    void AcceptChat(const Msisdn& peer);

    /**
     * Forgets the chat with @p peer, if there is one, and tells the user model.
     *
     * @param peer the number of the other phone.
     * @param cause empty if the chat ended in order.
     */
    void EndChat(const Msisdn& peer, const std::string& cause);

    /// Ends every chat with @p cause.
    void EndAllChats(const std::string& cause);

    /// A step on the way to the server is over: stamps it for every chat that waits.
    void PassStep(SessionStep step);

    /// The service is up: every chat that waits is ready.
    void FinishService();

    /// The service did not come up: ends every chat that waits with @p cause.
    void FailService(const std::string& cause);

  private:
    /// Brings up the bearer, and then the service.
    void Start();
    void HandleAttached();
    void HandleBearer(bool up, const std::string& cause);

    std::optional<InetSocketAddress> m_server;
    bool m_starting{false};            ///< Start() is under way
    std::vector<SessionStep> m_passed; ///< steps that are over since Start()
    std::set<Msisdn> m_chats;          ///< open or waiting
    std::vector<Msisdn> m_waiting;     ///< in the order of Open()
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_IM_SERVER_BASED_CLIENT_H
