// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The bearer that a phone's applications ask for: GPRS attach and the PDP context, and what becomes
 * of them.
 */
#include "ns3/gprs-mobile-station.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

std::string
WithCause(const std::string& what, std::optional<GmmSmCause> cause)
{
    return cause ? what + ", cause " + std::to_string(static_cast<int>(*cause)) : what;
}

} // namespace

void
GprsMobileStation::SetOtherBearer(Ptr<PacketBearer> bearer)
{
    m_otherBearer = bearer;
}

bool
GprsMobileStation::IsUp() const
{
    return m_otherBearer ? m_otherBearer->IsUp() : m_sm.GetActiveContexts() != 0;
}

Ipv4Address
GprsMobileStation::GetAddress() const
{
    return m_otherBearer ? m_otherBearer->GetAddress() : m_sm.GetAddress(NSAPI);
}

void
GprsMobileStation::BringUp(AttachedCallback attached, DoneCallback done)
{
    if (m_otherBearer)
    {
        m_otherBearer->BringUp(attached, done);
        return;
    }
    if (m_class == MobileClass::CLASS_C_GSM)
    {
        done(false, "gprs not in use");
        return;
    }
    if (IsUp())
    {
        attached();
        done(true, "");
        return;
    }
    m_wantsContext = true;
    if (!m_gmm.IsRegistered())
    {
        m_waiting.push_back({attached, done});
        Attach();
        return;
    }
    attached();
    m_waiting.push_back({{}, done});
    StartActivation();
    Update();
}

void
GprsMobileStation::Attach()
{
    if (m_class == MobileClass::CLASS_C_GSM)
    {
        return;
    }
    if (m_gmm.GetState() == GmmStation::State::DEREGISTERED)
    {
        ResetLink();
    }
    const bool combined = m_combinedAttach && m_class != MobileClass::CLASS_C_GPRS &&
                          m_cell->GetNetworkMode() == NetworkMode::NMO_I;
    m_gmm.SetAttachType(combined ? AttachType::COMBINED : AttachType::GPRS);
    m_gmm.Attach(Simulator::Now(), m_cell->GetRoutingArea());
    Update();
}

/// A station that attaches has a random TLLI (TS 23.003 2.6), and a new link.
void
GprsMobileStation::ResetLink()
{
    constexpr uint32_t randomTlli = 0x78000000;
    GetLink().Reset(randomTlli | ++m_attaches);
}

/// Unless it is under way.
void
GprsMobileStation::StartActivation()
{
    PdpContextOptions options;
    options.apn = m_apn;
    if (!m_staticAddress.IsAny())
    {
        options.staticAddress = m_staticAddress;
    }
    if (m_delayClass != 0)
    {
        options.qos = QosProfile();
        options.qos.delayClass = m_delayClass;
    }
    m_sm.Activate(Simulator::Now(), NSAPI, options);
}

void
GprsMobileStation::BringDown()
{
    m_wantsContext = false;
    m_sm.Deactivate(Simulator::Now(), NSAPI);
    Update();
}

void
GprsMobileStation::Detach(bool powerOff)
{
    m_wantsContext = false;
    m_gmm.Detach(Simulator::Now(), powerOff);
    Update();
}

void
GprsMobileStation::Modify(const QosProfile& qos)
{
    m_sm.Modify(Simulator::Now(), NSAPI, qos);
    Update();
}

void
GprsMobileStation::HandleEvent(GmmStation::Event event)
{
    switch (event)
    {
    case GmmStation::Event::ATTACHED:
    {
        GetLink().Assign(*m_gmm.GetPtmsi());
        std::vector<Waiting> told = m_waiting;
        for (Waiting& each : m_waiting)
        {
            each.attached = {};
        }
        for (const Waiting& each : told)
        {
            if (!each.attached.IsNull())
            {
                each.attached();
            }
        }
        if (m_wantsContext)
        {
            StartActivation();
        }
        break;
    }
    case GmmStation::Event::ATTACH_TIMEOUT:
        Fail("gprs attach timeout");
        break;
    case GmmStation::Event::ATTACH_REJECTED:
        Fail(WithCause("gprs attach rejected", m_gmm.GetCause()));
        break;
    case GmmStation::Event::DETACHED:
        m_sm.Reset();
        GetLink().DeactivateAll(Simulator::Now());
        LoseBearer(WithCause("gprs detached", m_gmm.GetCause()));
        if (m_gmm.GetState() == GmmStation::State::DEREGISTERED)
        {
            Fail(WithCause("gprs detached", m_gmm.GetCause()));
        }
        else
        {
            ResetLink(); // it is attaching again
        }
        break;
    case GmmStation::Event::UPDATED:
        break;
    }
}

void
GprsMobileStation::HandleEvent(const SmStation::Event& event)
{
    using Kind = SmStation::Event::Kind;
    switch (event.kind)
    {
    case Kind::ACTIVATED:
        ContextActivated();
        break;
    case Kind::ACTIVATION_TIMEOUT:
        Fail("pdp activation timeout");
        break;
    case Kind::ACTIVATION_REJECTED:
        Fail(WithCause("pdp activation rejected", event.cause));
        break;
    case Kind::DEACTIVATED:
        GetLink().Deactivate(Simulator::Now(), event.nsapi);
        LoseBearer(WithCause("pdp context deactivated", event.cause));
        if (event.cause == GmmSmCause::REACTIVATION_REQUIRED)
        {
            StartActivation();
        }
        break;
    default:
        break;
    }
}

void
GprsMobileStation::ContextActivated()
{
    m_hadContext = true;
    GetLink().Activate(Simulator::Now(), NSAPI);
    m_installInterface(Ptr<GprsMobileStation>(this), GetAddress());
    UpdateState();
    for (const Waiting& each : std::exchange(m_waiting, {}))
    {
        each.done(true, "");
    }
}

void
GprsMobileStation::LoseBearer(const std::string& cause)
{
    if (std::exchange(m_hadContext, false))
    {
        m_lossTrace(cause);
    }
}

void
GprsMobileStation::Fail(const std::string& cause)
{
    m_wantsContext = false;
    UpdateState();
    for (const Waiting& each : std::exchange(m_waiting, {}))
    {
        each.done(false, cause);
    }
}

GprsMobileStation::State
GprsMobileStation::FindState() const
{
    switch (m_gmm.GetState())
    {
    case GmmStation::State::DEREGISTERED:
        return State::DETACHED;
    case GmmStation::State::REGISTERED_INITIATED:
        return State::ATTACHING;
    case GmmStation::State::DEREGISTERED_INITIATED:
        return State::DETACHING;
    default:
        break;
    }
    switch (m_sm.GetState(NSAPI))
    {
    case SmStation::State::INACTIVE:
        return State::ATTACHED;
    case SmStation::State::ACTIVE_PENDING:
        return State::ACTIVATING;
    case SmStation::State::INACTIVE_PENDING:
        return State::DEACTIVATING;
    default:
        return State::CONTEXT_ACTIVE;
    }
}

void
GprsMobileStation::UpdateState()
{
    const State before = std::exchange(m_state, FindState());
    if (before != m_state)
    {
        m_stateTrace(before, m_state);
    }
}

GprsMobileStation::State
GprsMobileStation::GetState() const
{
    return m_state;
}

QosProfile
GprsMobileStation::GetQos() const
{
    return m_sm.GetQos(NSAPI);
}

} // namespace p2pim
} // namespace ns3
