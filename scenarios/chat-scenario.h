// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CHAT_SCENARIO_H
#define P2PIM_CHAT_SCENARIO_H

#include "scenario.h"

#include "ns3/conversation.h"
#include "ns3/im-helper.h"
#include "ns3/nstime.h"
#include "ns3/operators.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traversal-diagnosis.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Pairs of users who chat, one session a pair, spread over the cells of one operator or of several.
 * Measures what it takes to begin, and to go on.
 *
 * In a warm session both phones have been online for one to two minutes when the button is pressed:
 * attached, with a PDP context, registered or logged in if the scheme has a server. In a cold
 * session they are IMSI attached only, but for the target of a scheme with a server: it is online,
 * as it could not be reached otherwise. The bearer of a session between two operators is
 * "warm-other" or "cold-other".
 *
 * All that the users do is drawn before the run, session by session, from streams of its own, so
 * that it is the same for every scheme. So is what each phone is behind, if its operator has a
 * CellularNetwork.AccessPopulation: by the shares there.
 */
class ChatScenario : public Scenario
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    ChatScenario();
    ~ChatScenario() override;

    std::vector<SchemeInfo> GetSchemes() const override;
    uint32_t GetOperators() const override;
    bool Run(const std::string& scheme,
             const Progress& progress,
             ::p2pim::RunRecord& record) override;

  protected:
    /// What is drawn of a session.
    struct SessionPlan
    {
        Time start;         ///< when the button is pressed
        bool warm = true;   ///< whether the phones have a bearer by then
        Time initiatorLead; ///< how long before that the initiator's phone goes online, if warm
        Time targetLead;    ///< the same for the target's
        uint32_t initiatorCell = 0;
        uint32_t targetCell = 0;
        uint32_t initiatorOperator = 0;  ///< from 0
        uint32_t targetOperator = 0;     ///< from 0
        std::size_t initiatorAccess = 0; ///< its place among the operator's kinds, if it has some
        std::size_t targetAccess = 0;    ///< the same of the target's
        ConversationPlan conversation;
    };

    /// @return which of ImHelper's schemes a scheme of this scenario is.
    virtual std::string GetImScheme(const std::string& scheme) const;

    /**
     * Chooses whose phones a session has, and what they are behind.
     *
     * @param index the session's place in the run, from 0.
     * @param operators the operators.
     * @param plan the session's plan.
     */
    virtual void ChoosePhones(uint32_t index, const Operators& operators, SessionPlan& plan);

    uint32_t m_operators;
    double m_otherOperatorShare;

  private:
    /// What exists only while a run is made.
    struct World;

    std::vector<SessionPlan> Plan(const Operators& operators);
    SessionPlan PlanSession(Time start);
    void ChooseOperators(SessionPlan& plan);
    std::size_t DrawAccess(const Operators& operators, uint32_t number);
    Ptr<Node> AddPhone(World& run, uint32_t number, uint32_t cell, std::size_t access);
    void Build(World& run);
    void AddSession(World& run, uint32_t index);
    void Start(World* run, uint32_t index);
    void Ended(World* run, uint32_t index, Ptr<Conversation> conversation);
    static void Store(const Conversation& conversation, ::p2pim::SessionRecord& record);
    static void Store(const TraversalDiagnosis::Findings& findings, ::p2pim::SessionRecord& record);
    int64_t AssignStreams(int64_t first);

    // attributes
    Ptr<RandomVariableStream> m_arrivalInterval;
    Ptr<RandomVariableStream> m_pause;
    Ptr<RandomVariableStream> m_length;
    double m_warmShare;
    uint32_t m_messages;
    Time m_sessionTimeout;

    Ptr<UniformRandomVariable> m_warm;
    Ptr<UniformRandomVariable> m_leads;
    Ptr<UniformRandomVariable> m_cells;
    Ptr<UniformRandomVariable> m_networks;
    Ptr<UniformRandomVariable> m_accesses;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_CHAT_SCENARIO_H
