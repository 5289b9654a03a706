// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/traversal-plan.h"

namespace ns3
{
namespace p2pim
{

namespace
{

TraversalPlan
MakePunch(TraversalPlan::Opening opening)
{
    TraversalPlan plan;
    plan.asks = true;
    plan.targetAsks = true;
    plan.opening = opening;
    plan.answers = true;
    return plan;
}

TraversalPlan
MakeRelay()
{
    TraversalPlan plan;
    plan.asks = true; // the relay lets in only whom the target names
    plan.opening = TraversalPlan::Opening::NOTHING;
    plan.answers = true;
    plan.punches = false;
    plan.relays = true;
    return plan;
}

/// @return whether both ends have an outside port for each connection.
bool
HavePortEach(const Invitation& end, const Invitation& other)
{
    return end.mapping == StunBehaviour::ADDRESS_AND_PORT_DEPENDENT &&
           other.mapping == StunBehaviour::ADDRESS_AND_PORT_DEPENDENT;
}

} // namespace

bool
HasManyPorts(const Invitation& end)
{
    return end.mapping == StunBehaviour::ADDRESS_DEPENDENT ||
           end.mapping == StunBehaviour::ADDRESS_AND_PORT_DEPENDENT;
}

bool
MeetInPairs(const Invitation& end, const Invitation& other)
{
    return HavePortEach(end, other) && end.sequence && other.sequence;
}

bool
TraversalPlan::NeedsBinding() const
{
    return requestsPort || asks || targetAsks || answers;
}

TraversalPlan
GetTraversalPlan(TraversalStrategy strategy, const Invitation& initiator, const Invitation& target)
{
    using Opening = TraversalPlan::Opening;
    TraversalPlan plan;
    switch (strategy)
    {
    case TRAVERSAL_DIRECT:
        return plan;
    case TRAVERSAL_REQUESTED_ADDRESS:
        plan.requestsPort = true;
        return plan;
    case TRAVERSAL_KEPT_MAPPING:
        plan.asks = true;
        return plan;
    case TRAVERSAL_REVERSAL:
        plan.targetAsks = true;
        plan.opening = Opening::NOTHING;
        plan.answers = true;
        return plan;
    case TRAVERSAL_PUNCH:
        return MakePunch(Opening::PUNCH);
    case TRAVERSAL_LOW_TTL_PUNCH:
        return MakePunch(Opening::PUNCH_LOW_TTL);
    case TRAVERSAL_SEQUENTIAL_PUNCH:
        return MakePunch(Opening::PUNCH_ONCE);
    case TRAVERSAL_PREDICTED_PUNCH:
        plan = MakePunch(Opening::PUNCH);
        plan.predicts = true;
        return plan;
    case TRAVERSAL_RELAY:
        return MakeRelay();
    case TRAVERSAL_RELAY_AFTER_PUNCH:
        break;
    case TRAVERSAL_AUTO:
        if (HavePortEach(initiator, target) && !MeetInPairs(initiator, target))
        {
            return MakeRelay();
        }
        break;
    }
    plan = MakePunch(Opening::PUNCH);
    plan.predicts = strategy == TRAVERSAL_AUTO;
    plan.relays = true;
    return plan;
}

} // namespace p2pim
} // namespace ns3
