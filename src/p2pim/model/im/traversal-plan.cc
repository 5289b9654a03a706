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

} // namespace

bool
TraversalPlan::NeedsBinding() const
{
    return requestsPort || asks || targetAsks || answers;
}

TraversalPlan
GetTraversalPlan(TraversalStrategy strategy, StunBehaviour initiator, StunBehaviour target)
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
    case TRAVERSAL_RELAY:
        return MakeRelay();
    case TRAVERSAL_RELAY_AFTER_PUNCH:
        break;
    case TRAVERSAL_AUTO:
        if (initiator == StunBehaviour::ADDRESS_AND_PORT_DEPENDENT &&
            target == StunBehaviour::ADDRESS_AND_PORT_DEPENDENT)
        {
            return MakeRelay();
        }
        break;
    }
    plan = MakePunch(Opening::PUNCH);
    plan.relays = true;
    return plan;
}

} // namespace p2pim
} // namespace ns3
