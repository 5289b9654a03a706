// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SGSN_H
#define P2PIM_SGSN_H

#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/gmm-sm-message.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/gtp-endpoint.h"
#include "ns3/llc.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The serving GPRS support node (TS 23.060): GPRS attach with authentication, PDP context
 * activation towards the GGSN, the tunnel of each context, and packet paging of stations that are
 * in STANDBY. Aggregated to its node, which has a Gn device.
 *
 * In: LLC PDUs from the cells, GTP from the GGSN. Out: the same the other way round. The READY
 * timer T3314 is compared with the time when there is something to send: it is no event.
 */
class Sgsn : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    Sgsn();
    ~Sgsn() override;

    /**
     * @param gn the node's device on the Gn link.
     * @param own the node's address there.
     * @param ggsn the GGSN's address there.
     */
    void Connect(Ptr<NetDevice> gn, Ipv4Address own, Ipv4Address ggsn);

    /**
     * Adds a subscriber to those that the HLR lets attach.
     *
     * @param imsi 15 digits.
     * @param msisdn E.164 digits without "+".
     */
    void AddSubscriber(uint64_t imsi, const std::string& msisdn);

    /// Takes an LLC PDU of a station, on the SGSN's side of Gb.
    void ReceiveUplink(Ptr<GprsMobileStation> ms, const LlcPdu& pdu);

    /// @return the node, for the context of events.
    uint32_t GetNodeId() const;

    /// @return what happened here, for the results: names and values.
    CounterList GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    /// MM and PDP context of a subscriber (TS 23.060 13.2).
    struct Context
    {
        /// GMM and SM state, as the network sees it.
        enum class State : uint8_t
        {
            IDLE,           ///< not attached
            AUTHENTICATING, ///< the challenge is out
            ATTACHING,      ///< ATTACH ACCEPT is out
            REGISTERED,     ///< attached
            CREATING,       ///< Create PDP Context Request is out
            CONTEXT_ACTIVE, ///< there is a tunnel
        };

        std::string msisdn;
        Ptr<GprsMobileStation> ms; ///< where it was heard last
        State state = State::IDLE;
        bool paging = false;
        uint32_t challenge = 0;
        uint32_t teid = 0;     ///< where the SGSN wants G-PDUs; 0 before the first attach
        uint32_t ggsnTeid = 0; ///< where the GGSN wants G-PDUs
        Ipv4Address address;
        Time lastUplink;            ///< from which T3314 counts
        std::list<LlcPdu> buffered; ///< what waits for the answer to a page
        EventId pageTimer;          ///< T3313
        EventId requestTimer;       ///< T3-RESPONSE
        uint8_t requests = 0;       ///< transmissions of the request
    };

    using ContextRef = std::pair<const uint64_t, Context>;

    void Answer(ContextRef& subscriber, const GmmSmMessage& message);
    void SendDownlink(ContextRef& subscriber, LlcPdu pdu);
    void PassToCell(Context& context, const LlcPdu& pdu);
    void StartPaging(ContextRef& subscriber);
    void PagingExpired(uint64_t imsi);
    void AnswerLater(Time delay, uint64_t imsi, const GmmSmMessage& message);
    void AnswerTo(uint64_t imsi, const GmmSmMessage& message);

    // one for each message that a station sends
    void Handle(ContextRef& subscriber, const AttachRequest& message);
    void Handle(ContextRef& subscriber, const AuthenticationAndCipheringResponse& message);
    void Handle(ContextRef& subscriber, const AttachComplete& message);
    void Handle(ContextRef& subscriber, const ActivatePdpContextRequest& message);

    /// Messages that only the network sends are dropped.
    template <typename T>
    void Handle(ContextRef&, const T&)
    {
    }

    void SendCreateRequest(uint64_t imsi, const ActivatePdpContextRequest& request);
    void ReceiveControl(const GtpMessage& message, const Address& from);
    void ReceiveUser(uint32_t teid, Ptr<Packet> packet);

    // attributes
    Time m_authenticationInfoTime;
    Time m_updateLocationTime;
    Time m_processingTime;
    Time m_t3313;
    Time m_t3314;
    Time m_t3Response;
    uint8_t m_n3Requests;

    GtpEndpoint m_gn;
    Ptr<UniformRandomVariable> m_challenges;
    std::unordered_map<uint64_t, Context> m_contexts; ///< by IMSI; looked up only
    std::vector<ContextRef*> m_byTeid;                ///< TEID n is at n - 1

    // counters
    uint64_t m_attaches = 0;
    uint64_t m_activations = 0;
    uint64_t m_pages = 0;
    uint64_t m_pagesUnanswered = 0;
    uint64_t m_uplinkPackets = 0;
    uint64_t m_downlinkPackets = 0;
    uint64_t m_dropped = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SGSN_H
