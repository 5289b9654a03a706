// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CONVERSATION_H
#define P2PIM_CONVERSATION_H

#include "ns3/callback.h"
#include "ns3/event-id.h"
#include "ns3/im-client.h"
#include "ns3/nstime.h"
#include "ns3/session-step.h"
#include "ns3/simple-ref-count.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// One message of a conversation, as its users will write it.
struct PlannedMessage
{
    bool fromInitiator = true; ///< who writes it
    Time pause;                ///< from being able to send it to sending it: thinking and typing
    uint32_t octets = 1;       ///< length of its text, 1 to 1000
};

/// What the two users of a conversation will do, the same whatever the scheme.
struct ConversationPlan
{
    std::vector<PlannedMessage> messages; ///< in order; each is written once the one before arrived
    Time timeout;                         ///< the users give up this long after the press
};

/**
 * The user model: two users who chat by a plan, each with an ImClient, and the stamps of what
 * happens. It takes the callbacks of both clients for itself, so a client is in one conversation at
 * a time.
 */
class Conversation : public SimpleRefCount<Conversation>
{
  public:
    /// When a message was sent and arrived; negative if it did not.
    struct MessageTimes
    {
        Time sent = NanoSeconds(-1);
        Time received = NanoSeconds(-1);
    };

    /// Called once, when the conversation has ended.
    using EndedCallback = Callback<void, Ptr<Conversation>>;

    /**
     * @param initiator the client of the user who presses the button.
     * @param target the client of the other user.
     * @param plan what they will do; not empty.
     * @param ended called at the end.
     */
    Conversation(Ptr<ImClient> initiator,
                 Ptr<ImClient> target,
                 ConversationPlan plan,
                 EndedCallback ended);
    ~Conversation();

    /// The user presses "chat".
    void Start();

    /// @return whether the whole plan was carried out.
    bool HasSucceeded() const;
    /// @return why it was not; empty if it was.
    const std::string& GetCause() const;
    /// @return the steps by time, those of the same time in the order in which they happened.
    const std::vector<std::pair<SessionStep, Time>>& GetSteps() const;
    /**
     * @param step a step.
     * @return its time; negative if it did not happen.
     */
    Time GetStepTime(SessionStep step) const;
    /// @return the plan.
    const ConversationPlan& GetPlan() const;
    /// @return the times of the plan's messages.
    const std::vector<MessageTimes>& GetMessageTimes() const;

  private:
    void Stamp(SessionStep step);
    void OnStep(const Msisdn& peer, SessionStep step);
    void OnReady(const Msisdn& peer);
    void OnReceived(bool byInitiator, const Msisdn& peer, const std::string& text);
    void OnEnded(const Msisdn& peer, const std::string& cause);
    void OnTimeout();
    void PlanNext();
    void SendNext();
    void Finish(const std::string& cause);
    void SetCallbacks();
    void ForgetCallbacks();
    /// @return the text of a message: its place and size decide it.
    static std::string MakeText(std::size_t index, uint32_t octets);

    Ptr<ImClient> m_initiator;
    Ptr<ImClient> m_target;
    ConversationPlan m_plan;
    EndedCallback m_ended;
    std::vector<std::pair<SessionStep, Time>> m_steps;
    std::vector<MessageTimes> m_times;
    std::size_t m_next = 0; ///< the message that is being written or is under way
    bool m_ready = false;
    bool m_finished = false;
    std::string m_cause;
    EventId m_timeout;
    EventId m_typing;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_CONVERSATION_H
