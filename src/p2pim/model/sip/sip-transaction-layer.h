// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SIP_TRANSACTION_LAYER_H
#define P2PIM_SIP_TRANSACTION_LAYER_H

#include "ns3/inet-socket-address.h"
#include "ns3/nstime.h"
#include "ns3/sip-message.h"

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// The timer values of RFC 3261 17, table 4.
struct SipTimers
{
    Time t1{MilliSeconds(500)}; ///< T1, the estimate of the round trip
    Time t2{Seconds(4)};        ///< T2, the longest interval between retransmissions
    Time t4{Seconds(5)};        ///< T4, how long a message stays in the network
};

/// What the transaction layer has seen and done, since it was made.
struct SipTransactionCounters
{
    uint64_t requestsSent{0};           ///< client transactions begun
    uint64_t requestsRetransmitted{0};  ///< firings of timer E
    uint64_t requestsReceived{0};       ///< server transactions begun
    uint64_t requestsRepeated{0};       ///< retransmissions absorbed by a server transaction
    uint64_t responsesSent{0};          ///< responses, without repetitions
    uint64_t responsesRetransmitted{0}; ///< responses sent again for a repeated request
    uint64_t responsesReceived{0};      ///< responses handed to the transaction user
    uint64_t responsesDropped{0};       ///< repeated responses, and those of no transaction
    uint64_t timeouts{0};               ///< firings of timer F
};

/// The transaction user (RFC 3261 17): what is above the transactions, a user agent or a proxy.
class SipTransactionUser
{
  public:
    virtual ~SipTransactionUser() = default;

    /**
     * A new request has come.
     *
     * @param request the request; its topmost Via tells where it came from.
     * @param server names the server transaction for the answer.
     * @param now the present time.
     */
    virtual void OnRequest(SipMessage request, uint64_t server, Time now) = 0;

    /**
     * A response has come, each only once.
     *
     * @param client names the client transaction, as SendRequest() did.
     * @param response the response.
     * @param now the present time.
     */
    virtual void OnResponse(uint64_t client, SipMessage response, Time now) = 0;

    /**
     * A client transaction has failed without a response.
     *
     * @param client names the client transaction.
     * @param status the status that stands for it (RFC 3261 8.1.3.1): 408 after timer F, 503 when
     *        the datagram could not be sent.
     * @param now the present time.
     */
    virtual void OnFailure(uint64_t client, uint32_t status, Time now) = 0;
};

/**
 * The non-INVITE client transactions (RFC 3261 17.1.2, figure 6) and server transactions (17.2.2,
 * figure 8) of one element over an unreliable transport.
 *
 * Timer  | value      | what it does here
 * -------|------------|----------------------------------------------------------------------
 * E      | T1 to T2   | sends the request again; exact
 * F      | 64 T1      | gives the request up; exact
 * J      | 64 T1      | forgets a server transaction that has answered; lazy, by comparing times
 * K      | T4         | forgets a client transaction that has its answer; lazy, likewise
 *
 * The INVITE timers A, B, D, G, H and I are not here. What J and K leave behind is swept when
 * something else happens, or once after the last of them.
 */
class SipTransactionLayer
{
  public:
    /// Hands one datagram to the network; false if that cannot be done.
    using SendFunction = std::function<bool(const InetSocketAddress& to, const std::string& bytes)>;

    /**
     * @param user is told of requests, responses and failures.
     * @param timers T1, T2 and T4.
     * @param send sends datagrams.
     */
    SipTransactionLayer(SipTransactionUser& user, const SipTimers& timers, SendFunction send);

    /**
     * Begins a client transaction.
     *
     * @param request a request whose topmost Via is this element's.
     * @param target the next hop.
     * @param now the present time.
     * @return names the transaction; 0 if the request could not be sent.
     */
    uint64_t SendRequest(const SipMessage& request, const InetSocketAddress& target, Time now);

    /**
     * Answers a request. Nothing happens if the transaction is gone or has answered already.
     *
     * @param server names the server transaction.
     * @param response the response.
     * @param now the present time.
     */
    void SendResponse(uint64_t server, const SipMessage& response, Time now);

    /**
     * Ends a server transaction without an answer (RFC 4320 4.2); repetitions of its request
     * are still absorbed.
     *
     * @param server names the server transaction.
     * @param now the present time.
     */
    void Abandon(uint64_t server, Time now);

    /**
     * Takes a message from the network.
     *
     * @param message the message.
     * @param source the source of the datagram.
     * @param now the present time.
     */
    void Receive(SipMessage message, const InetSocketAddress& source, Time now);

    /**
     * Lets the timers fire that are due.
     *
     * @param now the present time.
     */
    void Advance(Time now);

    /// @return when Advance() must be called next; empty if nothing is left to time.
    std::optional<Time> GetNextTimer();

    /// @return the counters.
    const SipTransactionCounters& GetCounters() const;

    /// @return the number of transactions in memory.
    std::size_t GetSize() const;

  private:
    /// The states of figure 6.
    enum class ClientState : uint8_t
    {
        TRYING,     ///< no response yet; E doubles up to T2
        PROCEEDING, ///< a provisional response; E is T2
        COMPLETED,  ///< a final response; absorbs its repetitions until K
    };

    /// A non-INVITE client transaction.
    struct Client
    {
        ClientState state;
        std::string key;      ///< branch and method (17.1.3)
        std::string bytes;    ///< the request, until the final response
        InetSocketAddress to; ///< the next hop
        Time interval;        ///< the present value of timer E
        Time nextE;           ///< when E fires
        Time deadlineF;       ///< when F fires
        Time due;             ///< the entry in m_timers that counts
    };

    /// A non-INVITE server transaction: Trying, Proceeding and Completed of figure 8 are told
    /// apart by what it holds.
    struct Server
    {
        std::string key;      ///< branch, sent-by and method (17.2.3)
        std::string bytes;    ///< the last response; empty in Trying, and when abandoned
        InetSocketAddress to; ///< where responses go
        bool completed;       ///< absorbs repetitions until J
    };

    /// A pending timer E or F.
    struct Timer
    {
        Time at;         ///< when
        uint64_t client; ///< whose

        /// Orders the earliest first.
        bool operator<(const Timer& other) const
        {
            return at != other.at ? at > other.at : client > other.client;
        }
    };

    /// A completed transaction and the time from which it is forgotten.
    struct Remains
    {
        Time until;  ///< when J or K ends
        uint64_t id; ///< the transaction
    };

    void ReceiveRequest(SipMessage request, const InetSocketAddress& source, Time now);
    void ReceiveResponse(SipMessage response, Time now);
    /// Timer E or F of a transaction is due.
    void Fire(uint64_t id, Client& client, Time now);
    void Fail(uint64_t id, uint32_t status, Time now);
    void Arm(uint64_t id, Client& client);
    void CompleteClient(uint64_t id, Client& client, Time now);
    void CompleteServer(uint64_t id, Server& server, Time now);
    /// Forgets the completed transactions whose J or K has passed.
    void Sweep(Time now);
    /// Drops the entries of m_timers that no longer count.
    void DropStaleTimers();

    SipTransactionUser& m_user;
    SipTimers m_timerValues;
    SendFunction m_send;
    uint64_t m_lastId{0};
    std::unordered_map<std::string, uint64_t> m_clientByKey; ///< looked up only
    std::unordered_map<uint64_t, Client> m_clients;          ///< looked up only
    std::unordered_map<std::string, uint64_t> m_serverByKey; ///< looked up only
    std::unordered_map<uint64_t, Server> m_servers;          ///< looked up only
    std::priority_queue<Timer> m_timers;                     ///< may hold entries that are stale
    std::list<Remains> m_completedClients;                   ///< in order of time: K is constant
    std::list<Remains> m_completedServers;                   ///< in order of time: J is constant
    SipTransactionCounters m_counters;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SIP_TRANSACTION_LAYER_H
