// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMPP_SERVER_H
#define P2PIM_SMPP_SERVER_H

#include "ns3/application.h"
#include "ns3/counter-list.h"
#include "ns3/nstime.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/smpp-message-centre.h"
#include "ns3/smpp-session.h"
#include "ns3/smpp-time.h"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace ns3
{
namespace p2pim
{

/**
 * The SMSC's door for external senders: SMPP 3.4 over TCP. It listens from its initialization on,
 * checks who binds, limits the rate of each session, hands submissions to the SMSC, answers queries
 * and takes messages back, and delivers receipts to a receiver or transceiver of the account that
 * has asked for them; while none is bound they wait.
 */
class SmppServer : public Application
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    SmppServer();
    ~SmppServer() override;

    /// @param centre what takes the messages; before the application is initialized.
    void SetMessageCentre(std::unique_ptr<SmppMessageCentre> centre);

    /**
     * Makes an account besides that of the attributes SystemId and Password.
     *
     * @param systemId its name, at most 15 characters.
     * @param password its password, at most 8.
     */
    void AddAccount(const std::string& systemId, const std::string& password);

    /// @return what has happened since the start; the names are stable.
    CounterList GetCounters() const;

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    class Session;

    /// Somebody who may bind.
    struct Account
    {
        std::string password;
        std::map<uint64_t, Session*> receivers; ///< sessions that take receipts
        std::deque<SmppMessage> receipts;       ///< that wait for one
    };

    /// A message that was accepted here.
    struct Record
    {
        std::string systemId;    ///< whose it is
        SmppAddress source;      ///< source_addr
        SmppAddress destination; ///< destination_addr
        uint8_t registeredDelivery = 0;
        int64_t submitted = 0; ///< s since 1970-01-01 00:00 UTC
        std::string text;      ///< the first characters, for the receipt
        SmppMessageState state = SmppMessageState::ENROUTE;
        int64_t done = 0;   ///< when it became final, likewise
        uint16_t error = 0; ///< of the network
    };

    void HandleAccept(Ptr<Socket> socket, const Address& from);
    void EndSession(uint64_t session);
    /// @return the outcome of a bind.
    SmppStatus Authenticate(const SmppBind& bind) const;
    /// A session is bound as receiver or transceiver.
    void AddReceiver(Session& session);
    void Submit(Session& session, const SmppPdu& request);
    void HandleAccepted(uint64_t session,
                        const SmppPdu& request,
                        const std::string& systemId,
                        SmppStatus status,
                        const std::string& id);
    void Query(Session& session, const SmppPdu& request);
    void Cancel(Session& session, const SmppPdu& request);
    /// A message is final.
    void HandleOutcome(const std::string& id, SmppMessageState state, uint16_t error);
    SmppMessage MakeReceipt(const std::string& id, const Record& record) const;
    void SendReceipts(Account& account);
    /// @return the message of a session's account; null if there is none.
    Record* Find(const Session& session, const std::string& id, const SmppAddress& source);
    void DropOldRecords();

    // attributes
    uint16_t m_port{0};
    std::string m_systemId;
    std::string m_password;
    std::string m_ownSystemId;
    double m_maxRate{0};
    uint32_t m_window{0};
    uint32_t m_maxReceipts{0};
    Time m_enquireLinkInterval;
    Time m_responseTimeout;
    Time m_sessionInitTimeout;
    Time m_retention;

    std::unique_ptr<SmppMessageCentre> m_centre;
    Ptr<PeerTcpSocket> m_listener;
    std::map<std::string, Account> m_accounts;
    std::map<uint64_t, std::unique_ptr<Session>> m_sessions;
    uint64_t m_lastSession{0};
    std::map<std::string, Record> m_records;                 ///< by message id
    std::deque<std::pair<Time, std::string>> m_finalRecords; ///< when to drop them

    uint64_t m_connections{0};
    uint64_t m_binds{0};
    uint64_t m_bindsRefused{0};
    uint64_t m_submitted{0};
    uint64_t m_accepted{0};
    uint64_t m_throttled{0};
    uint64_t m_refused{0};
    uint64_t m_queries{0};
    uint64_t m_cancelled{0};
    uint64_t m_receiptsSent{0};
    uint64_t m_receiptsAcknowledged{0};
    uint64_t m_receiptsDropped{0};
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMPP_SERVER_H
