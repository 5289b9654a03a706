// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMPP_CLIENT_H
#define P2PIM_SMPP_CLIENT_H

#include "ns3/application.h"
#include "ns3/callback.h"
#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/inet-socket-address.h"
#include "ns3/lazy-timer.h"
#include "ns3/nstime.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/smpp-session.h"
#include "ns3/smpp-time.h"
#include "ns3/tcp-stream.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * An external short message entity: an application on a host of the Internet that submits short
 * messages to an SMSC over SMPP and takes its delivery receipts.
 *
 * It connects and binds at its start time. What is asked of it before it is bound waits, and so
 * does what goes beyond the window. When the connection breaks, requests without a response fail
 * with that cause, because the SMSC may have taken them or not; it connects anew after a while. A
 * bind that the SMSC refuses is not repeated.
 */
class SmppClient : public Application, private SmppSessionUser
{
  public:
    /// How the client binds (SMPP 3.4, 2.2).
    enum BindMode
    {
        TRANSMITTER, ///< submits only
        RECEIVER,    ///< takes receipts only
        TRANSCEIVER, ///< both
    };

    /// @return the type.
    static TypeId GetTypeId();

    SmppClient();
    ~SmppClient() override;

    /// Called with the outcome of a submission: the cause of a failure, empty if the SMSC has
    /// accepted the message, and then the message id.
    using SubmitCallback =
        Callback<void, const std::string& /* cause */, const std::string& /* id */>;
    /// Called with the answer to query_sm; the cause of a failure is empty if there is an answer.
    using QueryCallback =
        Callback<void, const std::string& /* cause */, const SmppQueryResp& /* answer */>;
    /// Called with the outcome of cancel_sm: the cause of a failure, or empty.
    using CancelCallback = Callback<void, const std::string& /* cause */>;
    /// Called with a delivery receipt.
    using ReceiptCallback = Callback<void, const SmppReceipt&>;
    /// TracedCallback signature of the trace source State.
    typedef void (*StateTracedCallback)(SmppBindState before, SmppBindState after);

    /// @param server the SMSC's address and port.
    void SetServer(const InetSocketAddress& server);
    /// @param received called for each delivery receipt.
    void SetReceiptCallback(ReceiptCallback received);

    /**
     * Submits one message.
     *
     * @param message the message.
     * @param done called once with the outcome: a command_status, or what broke.
     */
    void Submit(const SmppMessage& message, SubmitCallback done);

    /**
     * Asks what has become of a message.
     *
     * @param query the message's id and source address.
     * @param done called once.
     */
    void Query(const SmppQuery& query, QueryCallback done);

    /**
     * Takes a message back that is not delivered yet.
     *
     * @param cancel the message's id and addresses.
     * @param done called once.
     */
    void Cancel(const SmppCancel& cancel, CancelCallback done);

    /// @return how the session stands.
    SmppBindState GetState() const;

    /// @return what has happened since the start; the names are stable.
    CounterList GetCounters() const;

  protected:
    void DoDispose() override;

  private:
    /// A request and who waits for its response.
    struct Request
    {
        SmppPdu pdu;
        /// Called with the cause of a failure, or with none and the response.
        std::function<void(const std::string& cause, const SmppPdu& response)> done;
    };

    void StartApplication() override;
    void StopApplication() override;

    // SmppSessionUser
    void Write(const Octets& octets) override;
    void HandleRequest(const SmppPdu& request) override;
    void HandleResponse(const SmppPdu& response) override;
    void HandleEnd(const char* cause) override;

    void Connect();
    void HandleConnected(Ptr<Socket> socket);
    void HandleNotConnected(Ptr<Socket> socket);
    void HandleReceive(const std::string& octets);
    void Bind();
    void HandleBound(const std::string& cause, const SmppPdu& response);
    void HandleReceipt(const SmppPdu& request);
    void HandleTimer();
    /// Sends what waits, as far as the window allows.
    void SendWaiting();
    void Send(Request request);
    /// The connection is gone: fails what is outstanding, and plans the next one.
    void Lose(const std::string& cause);
    void Release();
    void FailAll(const std::string& cause);
    void SetState(SmppBindState state);
    void Rearm();

    // attributes
    std::string m_systemId;
    std::string m_password;
    std::string m_systemType;
    BindMode m_bindMode;
    uint32_t m_window;
    Time m_enquireLinkInterval;
    Time m_responseTimeout;
    Time m_reconnectInterval;

    std::optional<InetSocketAddress> m_server;
    ReceiptCallback m_receipt;
    bool m_running = false;                 ///< between start and stop, and not refused
    Ptr<PeerTcpSocket> m_socket;            ///< of the connection, or of the attempt
    std::unique_ptr<TcpStream> m_stream;    ///< once it is connected
    std::shared_ptr<SmppSession> m_session; ///< likewise; calls under way hold it
    std::deque<Request> m_waiting;          ///< not sent yet
    std::map<uint32_t, Request> m_sent;     ///< without a response, by sequence number
    LazyTimer m_timer;                      ///< the session's deadline
    EventId m_reconnect;

    uint64_t m_connections = 0;
    uint64_t m_binds = 0;
    uint64_t m_bindsRefused = 0;
    uint64_t m_submitted = 0;
    uint64_t m_accepted = 0;
    uint64_t m_refused = 0;
    uint64_t m_lost = 0;
    uint64_t m_receipts = 0;

    TracedCallback<SmppBindState, SmppBindState> m_stateTrace;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMPP_CLIENT_H
