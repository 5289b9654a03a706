// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PEER_TO_PEER_CLIENT_H
#define P2PIM_PEER_TO_PEER_CLIENT_H

#include "ns3/event-id.h"
#include "ns3/im-client.h"
#include "ns3/invitation.h"
#include "ns3/msrp-session.h"
#include "ns3/nstime.h"
#include "ns3/packet-bearer.h"
#include "ns3/page-mode-service.h"
#include "ns3/pcp-client.h"
#include "ns3/peer-connector.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/port-sampler.h"
#include "ns3/random-variable-stream.h"
#include "ns3/relay-offer.h"
#include "ns3/simple-ref-count.h"
#include "ns3/stun-tcp-client.h"
#include "ns3/traversal-plan.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The scheme `p2p`: an invitation by a page-mode service, then MSRP over a TCP connection between
 * the two phones. Nothing registers anywhere.
 *
 * In: the user's verbs, invitations at the SMS application port, the events of its sockets. Out:
 * the same on the other phone. The same object is initiator in some chats and target in others.
 *
 * The initiator opens a port that listens for one target, and closes it when the target has
 * connected. What the two do about NATs on the way is the TraversalStrategy, the same at both: they
 * may learn at which addresses they can be reached, the target may answer by SMS and the initiator
 * connect, and both may go to a relay (TraversalPlan).
 *
 * If two users invite each other in the same seconds (glare), the invitation from the
 * lower number stands, and the other one is withdrawn by its sender.
 */
class PeerToPeerClient : public ImClient
{
  public:
    /// Where a chat stands.
    enum class State : uint8_t
    {
        RAISING_BEARER, ///< initiator: waits for its bearer
        INVITING,       ///< initiator: listens, the invitation is out
        ANSWERING,      ///< target: its user decides, its bearer comes up
        CONNECTING,     ///< SYN sent, or waits for the other's
        OPEN,           ///< the TCP connection stands
        ENDED,          ///< over
    };

    /// @return the type.
    static TypeId GetTypeId();

    PeerToPeerClient();
    ~PeerToPeerClient() override;

    /**
     * @param source what names of sessions are drawn from; clients may share it.
     */
    void SetSessionIdSource(Ptr<UniformRandomVariable> source);

    /// @param source what the times of PCP are drawn from; clients may share it.
    void SetPcpTimeSource(Ptr<UniformRandomVariable> source);

    /**
     * Chooses what carries the invitations. The numbers of users are those of the service.
     *
     * @param service the service, to be set before the application starts; by default it is the one
     *        that is aggregated to the phone's node, SMS.
     */
    void SetPageModeService(Ptr<PageModeService> service);

    /**
     * Tells of the servers that some strategies need.
     *
     * @param stun the STUN server's address and port.
     * @param relay the relay's.
     */
    void SetTraversalServers(const InetSocketAddress& stun, const InetSocketAddress& relay);

    /// @return what the phone does about NATs on the way.
    TraversalStrategy GetTraversal() const;

    // ImClient
    void GoOnline() override;
    void Open(const Msisdn& peer) override;
    void Send(const Msisdn& peer, const std::string& text) override;
    void Close(const Msisdn& peer) override;

    /// @return how many chats there are, in any state.
    std::size_t GetChatCount() const;

  protected:
    void DoDispose() override;
    void StartApplication() override;
    void StopApplication() override;

  private:
    /// Own and other end of a connection.
    using ConnectionEnds = std::pair<InetSocketAddress, InetSocketAddress>;

    /// A chat with one peer. Callbacks that are under way keep it alive after its end.
    struct Chat : public SimpleRefCount<Chat>
    {
        Msisdn peer; ///< the other phone
        State state = State::RAISING_BEARER;
        bool isInitiator = false;
        TraversalPlan plan;
        Invitation own;    ///< this end
        Invitation remote; ///< the other end; at the initiator what the answer says
        Ptr<PeerConnector> connector;
        Ptr<StunTcpClient> stun; ///< asks, and holds the mapping
        Ptr<PortSampler> sampler;
        Ptr<PcpClient> pcp;
        Ptr<RelayOffer> relay;
        std::vector<Ptr<MsrpSession>> unbound; ///< connections that may be the one
        Ptr<MsrpSession> session;              ///< the one
        Ptr<MsrpSession> relayed;              ///< the one that came over the relay
        EventId timer;                         ///< the invitation's
        EventId second;                        ///< the relay's turn, the answer's, or the end of
                                               ///< short SYNs
    };

    // initiator, in the order of the protocol's steps
    void BearerAttached(Ptr<Chat> chat);
    void InitiatorBearerDone(Ptr<Chat> chat, bool up, const std::string& cause);
    void StartConnector(Ptr<Chat> chat);
    void Listen(Ptr<Chat> chat);
    void Invite(Ptr<Chat> chat);
    void InvitationDone(Ptr<Chat> chat, bool accepted, const std::string& cause);
    void ReceiveAnswer(Ptr<Chat> chat, const Invitation& answer);
    void DialInPairs(Ptr<Chat> chat, const std::optional<PortSequence>& now);

    // target
    void ReceiveInvitation(const std::string& from, const std::vector<uint8_t>& userData);
    void UserAnswered(Ptr<Chat> chat);
    void TargetBearerDone(Ptr<Chat> chat, bool up, const std::string& cause);
    void TargetGathered(Ptr<Chat> chat);
    void OfferRelay(Ptr<Chat> chat);
    void RelayOffered(Ptr<Chat> chat,
                      const std::optional<InetSocketAddress>& relayed,
                      const std::string& cause);
    void Answer(Ptr<Chat> chat);
    void AnswerDone(Ptr<Chat> chat, bool accepted, const std::string& cause);

    // both
    /// What comes after Gather().
    using NextStep = void (PeerToPeerClient::*)(Ptr<Chat> chat);
    /// Learns at which other addresses the own port can be reached, if the plan says so.
    void Gather(Ptr<Chat> chat, bool asks, SessionStep step, NextStep next);
    void Gathered(Ptr<Chat> chat, SessionStep step, NextStep next);
    void Expired(Ptr<Chat> chat);
    /// @param first the first of the other end's ports to predict, if there are such.
    void Dial(Chat& chat, PeerConnector::Mode mode, uint8_t synTtl, uint32_t first = 1);
    void ConnectFailed(Ptr<Chat> chat, TcpFailure failure);
    // what is told of attempts: peer-to-peer-attempts.cc
    /// Tells of one of the connector's.
    void Attempted(Ptr<Chat> chat, const ConnectionAttempt& attempt);
    /// Tells of a server that is asked, or has answered.
    void NotifyServer(const Chat& chat,
                      ConnectionAttempt::Candidate server,
                      const InetSocketAddress& remote,
                      ConnectionAttempt::Outcome outcome);
    /// Tells that nobody dials the own address.
    void NotifyNotDialled(const Chat& chat, const InetSocketAddress& remote);
    /// A connection that was not the right one, or not yet, has ended.
    void NotifyUnbound(const Chat& chat, const ConnectionEnds& ends, const std::string& cause);
    /// Ends a chat whose target had one attempt, if nothing more can come of it.
    void EndIfHopeless(Ptr<Chat> chat, const std::string& cause);
    void Connected(Ptr<Chat> chat, Ptr<PeerTcpSocket> socket);
    void RelayConnected(Ptr<Chat> chat, Ptr<PeerTcpSocket> socket, const std::string& early);
    void RelayLost(Ptr<Chat> chat, const std::string& cause);
    /// @return the session; null if it comes too late.
    Ptr<MsrpSession> BeginSession(Ptr<Chat> chat, Ptr<PeerTcpSocket> socket);
    void Established(Ptr<Chat> chat, Ptr<MsrpSession> session);
    void Received(Ptr<Chat> chat, Ptr<MsrpSession> session, const std::string& text);
    void SessionEnded(Ptr<Chat> chat,
                      ConnectionEnds ends,
                      Ptr<MsrpSession> session,
                      const std::string& cause);
    /// Lets go of a chat and tells the user model.
    void End(Ptr<Chat> chat, const std::string& cause);
    static void Release(Chat& chat);
    static void ReleaseRelay(Chat& chat);
    /// Ends all that may become the chat's connection, but for @p chosen.
    static void StopConnecting(Chat& chat, Ptr<MsrpSession> chosen);
    std::string DrawSessionId();

    /// @return a new chat with @p peer.
    Ptr<Chat> Add(const Msisdn& peer);
    /// @return the chat with @p peer, or none.
    Ptr<Chat> Find(const Msisdn& peer) const;

    // attributes
    uint16_t m_applicationPort;
    Time m_answerTime;
    Time m_invitationTimeout;
    Time m_responseTimeout;
    TraversalStrategy m_traversal;
    Ptr<RandomVariableStream> m_punchInterval; ///< s
    uint8_t m_synTtl;
    Time m_synTtlTime;
    Time m_relayDelay;
    uint32_t m_predictedPorts;
    Time m_answerDelay;

    std::optional<InetSocketAddress> m_stunServer;
    std::optional<InetSocketAddress> m_relay;
    Ptr<PacketBearer> m_bearer;
    Ptr<PageModeService> m_pageMode;
    Ptr<UniformRandomVariable> m_sessionIds;
    Ptr<UniformRandomVariable> m_pcpTimes;
    std::map<Msisdn, Ptr<Chat>> m_chats;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PEER_TO_PEER_CLIENT_H
