// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sm-station.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// The first NSAPI of user data (TS 24.008 10.5.6.2).
constexpr uint8_t FIRST_NSAPI = 5;

} // namespace

SmStation::SmStation(const SmStationSettings& settings)
    : m_settings(settings)
{
}

SmStation::Context*
SmStation::Find(uint8_t nsapi)
{
    const auto found =
        std::find_if(m_contexts.begin(), m_contexts.end(), [nsapi](const Context& context) {
            return context.nsapi == nsapi;
        });
    return found == m_contexts.end() ? nullptr : &*found;
}

const SmStation::Context*
SmStation::Find(uint8_t nsapi) const
{
    return const_cast<SmStation*>(this)->Find(nsapi);
}

/// @return the context of a transaction that the station has opened.
SmStation::Context*
SmStation::FindTransaction(const TransactionId& ti)
{
    const auto found =
        std::find_if(m_contexts.begin(), m_contexts.end(), [&ti](const Context& context) {
            return ti.toOriginator && context.ti == ti.value;
        });
    return found == m_contexts.end() ? nullptr : &*found;
}

uint8_t
SmStation::ChooseTransaction() const
{
    uint8_t ti = 0;
    while (std::any_of(m_contexts.begin(), m_contexts.end(), [ti](const Context& context) {
        return context.ti == ti;
    }))
    {
        ++ti;
    }
    return ti;
}

void
SmStation::Activate(Time now, uint8_t nsapi, const PdpContextOptions& options)
{
    const uint8_t ti = ChooseTransaction();
    if (Find(nsapi) || ti >= EXTENDED_TRANSACTION)
    {
        return;
    }
    Context context;
    context.nsapi = nsapi;
    context.ti = ti;
    context.options = options;
    m_contexts.push_back(context);
    SendRequest(now, m_contexts.back());
}

void
SmStation::Modify(Time now, uint8_t nsapi, const QosProfile& qos)
{
    Context* context = Find(nsapi);
    if (context && context->state == State::ACTIVE)
    {
        context->options.qos = qos;
        context->state = State::MODIFY_PENDING;
        context->transmissions = 0;
        SendRequest(now, *context);
    }
}

void
SmStation::Deactivate(Time now, uint8_t nsapi)
{
    Context* context = Find(nsapi);
    if (context && context->state != State::INACTIVE_PENDING)
    {
        context->state = State::INACTIVE_PENDING;
        context->transmissions = 0;
        SendRequest(now, *context);
    }
}

void
SmStation::Reset()
{
    m_contexts.clear();
    m_messages.clear();
}

/// Sends the request of the procedure under way, and starts its timer.
void
SmStation::SendRequest(Time now, Context& context)
{
    ++context.transmissions;
    const TransactionId ti{context.ti, false};
    switch (context.state)
    {
    case State::ACTIVE_PENDING:
    {
        ActivatePdpContextRequest request;
        request.nsapi = context.nsapi;
        request.apn = context.options.apn;
        request.ti = ti;
        request.pdp.address = context.options.staticAddress;
        request.qos = context.options.qos;
        m_messages.emplace_back(request);
        context.deadline = now + m_settings.t3380;
        break;
    }
    case State::MODIFY_PENDING:
        m_messages.emplace_back(MoModifyPdpContextRequest{context.options.qos, ti});
        context.deadline = now + m_settings.t3381;
        break;
    default:
        m_messages.emplace_back(
            DeactivatePdpContextRequest{GmmSmCause::REGULAR_DEACTIVATION, ti, false});
        context.deadline = now + m_settings.t3390;
        break;
    }
}

void
SmStation::Remove(const Context& context, Event::Kind kind, std::optional<GmmSmCause> cause)
{
    m_events.push_back({kind, context.nsapi, cause});
    m_contexts.erase(m_contexts.begin() + (&context - m_contexts.data()));
}

void
SmStation::Receive(Time now, const SmMessage& message)
{
    std::visit([this, now](const auto& each) { Handle(now, each); }, message);
}

void
SmStation::Handle(Time /* now */, const ActivatePdpContextAccept& message)
{
    Context* context = FindTransaction(message.ti);
    if (context && context->state == State::ACTIVE_PENDING)
    {
        context->state = State::ACTIVE;
        context->deadline = Time::Max();
        context->address = message.address;
        context->qos = message.qos;
        m_events.push_back({Event::Kind::ACTIVATED, context->nsapi, std::nullopt});
    }
}

void
SmStation::Handle(Time /* now */, const ActivatePdpContextReject& message)
{
    Context* context = FindTransaction(message.ti);
    if (context && context->state == State::ACTIVE_PENDING)
    {
        Remove(*context, Event::Kind::ACTIVATION_REJECTED, message.cause);
    }
}

/// The network asks the station to activate a context (6.1.3.1.2), which it does, or has.
void
SmStation::Handle(Time now, const RequestPdpContextActivation& message)
{
    for (uint8_t nsapi = FIRST_NSAPI; nsapi < FIRST_NSAPI + m_settings.maxContexts; ++nsapi)
    {
        const Context* context = Find(nsapi);
        if (context && context->options.staticAddress == message.address)
        {
            return; // it is being activated, or active
        }
        if (!context)
        {
            Activate(now, nsapi, {message.apn, message.address, QosProfile::Subscribed()});
            return;
        }
    }
    m_messages.emplace_back(
        RequestPdpContextActivationReject{GmmSmCause::INSUFFICIENT_RESOURCES, Reverse(message.ti)});
}

void
SmStation::Handle(Time /* now */, const MtModifyPdpContextRequest& message)
{
    Context* context = FindTransaction(message.ti);
    if (!context)
    {
        m_messages.emplace_back(
            SmStatus{GmmSmCause::INVALID_TRANSACTION_IDENTIFIER, Reverse(message.ti)});
        return;
    }
    if (context->state == State::ACTIVE || context->state == State::MODIFY_PENDING)
    {
        // 6.1.3.3.3: the network's modification goes first
        context->state = State::ACTIVE;
        context->deadline = Time::Max();
        context->qos = message.qos;
        m_messages.emplace_back(MtModifyPdpContextAccept{{context->ti, false}});
        m_events.push_back({Event::Kind::MODIFIED, context->nsapi, std::nullopt});
    }
}

void
SmStation::Handle(Time /* now */, const MoModifyPdpContextAccept& message)
{
    Context* context = FindTransaction(message.ti);
    if (context && context->state == State::MODIFY_PENDING)
    {
        context->state = State::ACTIVE;
        context->deadline = Time::Max();
        context->qos = message.qos.value_or(context->options.qos);
        m_events.push_back({Event::Kind::MODIFIED, context->nsapi, std::nullopt});
    }
}

void
SmStation::Handle(Time /* now */, const ModifyPdpContextReject& message)
{
    Context* context = FindTransaction(message.ti);
    if (context && context->state == State::MODIFY_PENDING)
    {
        context->state = State::ACTIVE;
        context->deadline = Time::Max();
        m_events.push_back({Event::Kind::MODIFICATION_REJECTED, context->nsapi, message.cause});
    }
}

void
SmStation::Handle(Time /* now */, const DeactivatePdpContextRequest& message)
{
    m_messages.emplace_back(DeactivatePdpContextAccept{Reverse(message.ti)});
    if (const Context* context = FindTransaction(message.ti))
    {
        Remove(*context, Event::Kind::DEACTIVATED, message.cause);
    }
}

void
SmStation::Handle(Time /* now */, const DeactivatePdpContextAccept& message)
{
    Context* context = FindTransaction(message.ti);
    if (context && context->state == State::INACTIVE_PENDING)
    {
        Remove(*context, Event::Kind::DEACTIVATED, std::nullopt);
    }
}

Time
SmStation::GetDeadline() const
{
    Time deadline = Time::Max();
    for (const Context& context : m_contexts)
    {
        deadline = std::min(deadline, context.deadline);
    }
    return deadline;
}

void
SmStation::Expire(Time now)
{
    for (std::size_t n = m_contexts.size(); n-- > 0;)
    {
        Context& context = m_contexts[n];
        if (context.deadline > now)
        {
            continue;
        }
        context.deadline = Time::Max();
        if (context.transmissions < m_settings.transmissions)
        {
            SendRequest(now, context);
        }
        else if (context.state == State::MODIFY_PENDING)
        {
            // 6.1.3.3.4: the context stays as it was
            context.state = State::ACTIVE;
            m_events.push_back({Event::Kind::MODIFICATION_REJECTED, context.nsapi, std::nullopt});
        }
        else
        {
            Remove(context,
                   context.state == State::ACTIVE_PENDING ? Event::Kind::ACTIVATION_TIMEOUT
                                                          : Event::Kind::DEACTIVATED,
                   std::nullopt);
        }
    }
}

std::vector<SmMessage>
SmStation::TakeMessages()
{
    return std::exchange(m_messages, {});
}

std::vector<SmStation::Event>
SmStation::TakeEvents()
{
    return std::exchange(m_events, {});
}

SmStation::State
SmStation::GetState(uint8_t nsapi) const
{
    const Context* context = Find(nsapi);
    return context ? context->state : State::INACTIVE;
}

Ipv4Address
SmStation::GetAddress(uint8_t nsapi) const
{
    const Context* context = Find(nsapi);
    return context ? context->address : Ipv4Address::GetAny();
}

QosProfile
SmStation::GetQos(uint8_t nsapi) const
{
    const Context* context = Find(nsapi);
    return context ? context->qos : QosProfile();
}

uint16_t
SmStation::GetActiveContexts() const
{
    uint16_t active = 0;
    for (const Context& context : m_contexts)
    {
        const bool is = context.state == State::ACTIVE || context.state == State::MODIFY_PENDING;
        active |= static_cast<uint16_t>(is ? 1U << context.nsapi : 0);
    }
    return active;
}

} // namespace p2pim
} // namespace ns3
