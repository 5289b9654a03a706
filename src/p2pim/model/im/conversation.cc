// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/conversation.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

Conversation::Conversation(Ptr<ImClient> initiator,
                           Ptr<ImClient> target,
                           ConversationPlan plan,
                           EndedCallback ended)
    : m_initiator(initiator),
      m_target(target),
      m_plan(std::move(plan)),
      m_ended(ended),
      m_times(m_plan.messages.size())
{
}

Conversation::~Conversation() = default;

void
Conversation::Start()
{
    SetCallbacks();
    Stamp(SessionStep::PRESSED);
    m_timeout = Simulator::Schedule(m_plan.timeout, &Conversation::OnTimeout, this);
    m_initiator->Open(m_target->GetMsisdn());
}

void
Conversation::SetCallbacks()
{
    for (const auto& client : {m_initiator, m_target})
    {
        client->TraceConnectWithoutContext("Step", MakeCallback(&Conversation::OnStep, this));
        client->SetEndCallback(MakeCallback(&Conversation::OnEnded, this));
    }
    m_initiator->SetReadyCallback(MakeCallback(&Conversation::OnReady, this));
    m_initiator->SetReceiveCallback(MakeCallback(&Conversation::OnReceived, this).Bind(true));
    m_target->SetReceiveCallback(MakeCallback(&Conversation::OnReceived, this).Bind(false));
}

void
Conversation::ForgetCallbacks()
{
    for (const auto& client : {m_initiator, m_target})
    {
        client->TraceDisconnectWithoutContext("Step", MakeCallback(&Conversation::OnStep, this));
        client->SetEndCallback({});
        client->SetReadyCallback({});
        client->SetReceiveCallback({});
    }
}

void
Conversation::Stamp(SessionStep step)
{
    if (GetStepTime(step).IsStrictlyNegative())
    {
        m_steps.emplace_back(step, Simulator::Now());
    }
}

Time
Conversation::GetStepTime(SessionStep step) const
{
    const auto found = std::find_if(m_steps.begin(), m_steps.end(), [step](const auto& each) {
        return each.first == step;
    });
    return found == m_steps.end() ? NanoSeconds(-1) : found->second;
}

void
Conversation::OnStep(const Msisdn&, SessionStep step)
{
    Stamp(step);
}

void
Conversation::OnReady(const Msisdn&)
{
    if (m_ready)
    {
        return;
    }
    m_ready = true;
    Stamp(SessionStep::READY);
    PlanNext();
}

void
Conversation::PlanNext()
{
    m_typing = Simulator::Schedule(m_plan.messages[m_next].pause, &Conversation::SendNext, this);
}

void
Conversation::SendNext()
{
    const auto& message = m_plan.messages[m_next];
    if (m_next == 0)
    {
        Stamp(SessionStep::FIRST_SENT);
    }
    m_times[m_next].sent = Simulator::Now();
    const auto& sender = message.fromInitiator ? m_initiator : m_target;
    const auto& receiver = message.fromInitiator ? m_target : m_initiator;
    sender->Send(receiver->GetMsisdn(), MakeText(m_next, message.octets));
}

void
Conversation::OnReceived(bool byInitiator, const Msisdn&, const std::string& text)
{
    if (m_finished)
    {
        return;
    }
    const auto& message = m_plan.messages[m_next];
    if (message.fromInitiator == byInitiator || m_times[m_next].sent.IsStrictlyNegative() ||
        text != MakeText(m_next, message.octets))
    {
        Finish("message corrupted");
        return;
    }
    if (m_next == 0)
    {
        Stamp(SessionStep::FIRST_RECEIVED);
    }
    m_times[m_next].received = Simulator::Now();
    if (++m_next < m_plan.messages.size())
    {
        PlanNext();
        return;
    }
    Finish("");
}

void
Conversation::OnEnded(const Msisdn&, const std::string& cause)
{
    Finish(cause.empty() ? "closed early" : cause);
}

void
Conversation::OnTimeout()
{
    Finish("session timeout");
}

void
Conversation::Finish(const std::string& cause)
{
    if (m_finished)
    {
        return;
    }
    m_finished = true;
    m_cause = cause;
    m_timeout.Cancel();
    m_typing.Cancel();
    ForgetCallbacks();
    // not from within the client's own callback, which may still use what closing releases
    Simulator::ScheduleNow(&ImClient::Close, m_initiator, m_target->GetMsisdn());
    if (!cause.empty())
    {
        Simulator::ScheduleNow(&ImClient::Close, m_target, m_initiator->GetMsisdn());
    }
    m_ended(Ptr<Conversation>(this));
}

bool
Conversation::HasSucceeded() const
{
    return m_finished && m_cause.empty();
}

const std::string&
Conversation::GetCause() const
{
    return m_cause;
}

const std::vector<std::pair<SessionStep, Time>>&
Conversation::GetSteps() const
{
    return m_steps;
}

const ConversationPlan&
Conversation::GetPlan() const
{
    return m_plan;
}

const std::vector<Conversation::MessageTimes>&
Conversation::GetMessageTimes() const
{
    return m_times;
}

std::string
Conversation::MakeText(std::size_t index, uint32_t octets)
{
    std::string text(octets, '\0');
    for (std::size_t n = 0; n < text.size(); ++n)
    {
        text[n] = static_cast<char>('a' + (index + n) % 26);
    }
    return text;
}

} // namespace p2pim
} // namespace ns3
