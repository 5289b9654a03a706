// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SIP_MESSAGE_CLIENT_H
#define P2PIM_SIP_MESSAGE_CLIENT_H

#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/im-server-based-client.h"
#include "ns3/nstime.h"
#include "ns3/sip-identifiers.h"
#include "ns3/sip-message.h"
#include "ns3/sip-transaction-layer.h"
#include "ns3/sip-udp-transport.h"

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The cause of a failure in the scheme `sip-message`: "sip " and a status code. 404, 480 and the
 * like come from the server; 408 stands for no answer, 503 for no way to send (RFC 3261 8.1.3.1),
 * and 513 for a text that is too large to be sent (RFC 3428 8).
 *
 * @param status the status code.
 * @return the cause, such as "sip 480".
 */
std::string GetSipCause(uint32_t status);

/**
 * Messaging in page mode over SIP (RFC 3428), the scheme `sip-message`: a user agent that registers
 * with its domain's server and sends each text as one MESSAGE request through it, over UDP.
 *
 * There is no dialog, so a chat is only a matter of this phone: it begins with Open() or with the
 * first message from the peer. One MESSAGE to a peer is pending at a time (RFC 3428 8); Close()
 * lets the texts go that wait.
 */
class SipMessageClient : public ImServerBasedClient, private SipTransactionUser
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    SipMessageClient();
    ~SipMessageClient() override;

    void Send(const Msisdn& peer, const std::string& text) override;
    void Close(const Msisdn& peer) override;

    /// @return name and value of each counter, since the start; the names are stable.
    CounterList GetCounters() const;

  protected:
    void DoDispose() override;
    void StartService() override;
    bool IsServiceUp() const override;

  private:
    /// What is on its way to one peer.
    struct Outbox
    {
        std::list<std::string> waiting; ///< texts that wait for the pending MESSAGE
        bool closing{false};            ///< Close() was called
    };

    void OnRequest(SipMessage request, uint64_t server, Time now) override;
    void OnResponse(uint64_t client, SipMessage response, Time now) override;
    void OnFailure(uint64_t client, uint32_t status, Time now) override;

    /// @return the address-of-record of a number.
    std::string GetUri(const Msisdn& msisdn) const;
    /// @return a request to @p to from this phone, but for its method and contents.
    SipRequestFields MakeFields(const std::string& to);
    /// Puts this phone's Via on a request.
    void PushVia(SipMessage& request);

    /// Sends REGISTER: the first time, or before the registration expires.
    void Register();
    /// REGISTER was answered 200.
    void HandleRegistered(const SipMessage& response, Time now);
    /// REGISTER has failed.
    void HandleNotRegistered(uint32_t status);
    /// Registers again, if the bearer is still up.
    void Refresh();
    void SendKeepAlive();

    /// Sends one MESSAGE; the chat ends if that cannot be done.
    void SendMessage(const Msisdn& peer, const std::string& text);
    /// A client transaction has ended; not with a success if it was REGISTER.
    void HandleEnd(uint64_t client, uint32_t status);
    /// The pending MESSAGE to @p peer has ended with @p status.
    void HandleSent(const Msisdn& peer, uint32_t status);
    /// @return the status of the answer to a request.
    uint32_t Judge(const SipMessage& request) const;

    uint16_t m_port{5060};
    std::string m_domain;
    Time m_expires;
    Time m_keepAliveInterval;
    uint32_t m_maxRequestSize{1300};
    Time m_t1;
    Time m_t2;
    Time m_t4;

    std::unique_ptr<SipUdpTransport> m_transport; ///< once this phone has been online
    std::unique_ptr<SipIdentifiers> m_identifiers;
    std::string m_registerCallId;    ///< one for all registrations (RFC 3261 10.2)
    uint32_t m_registerCSeq{0};      ///< of the last REGISTER
    uint64_t m_registering{0};       ///< the pending REGISTER, else 0
    Ipv4Address m_registeredAddress; ///< the address in the Contact
    Time m_registeredUntil;          ///< end of the registration
    EventId m_refresh;
    EventId m_keepAlive;
    std::map<uint64_t, Msisdn> m_pending; ///< client transaction to the peer of its MESSAGE
    std::map<Msisdn, Outbox> m_outboxes;  ///< of the peers with a MESSAGE pending
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SIP_MESSAGE_CLIENT_H
