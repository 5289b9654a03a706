// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Mobility management in the SGSN (TS 24.008 4.7, network side).
 */
#include "ns3/log.h"
#include "ns3/sgsn.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace p2pim
{

namespace
{

/// The two highest bits mark a P-TMSI (TS 23.003 2.4).
constexpr uint32_t PTMSI_MARK = 0xC0000000;

} // namespace

/// Sends a request that the station has to answer, and repeats it.
void
Sgsn::StartProcedure(ContextRef& subscriber, const GmmMessage& request)
{
    Context& context = subscriber.second;
    context.timer.Cancel();
    context.request = request;
    context.transmissions = 0;
    SendRequest(subscriber.first);
}

void
Sgsn::SendRequest(uint64_t imsi)
{
    auto& subscriber = *m_contexts.find(imsi);
    Context& context = subscriber.second;
    if (context.transmissions == MAX_TRANSMISSIONS)
    {
        ++m_proceduresGivenUp;
        // an attach counts as done (4.7.3.1.6), a challenge or detach ends it (4.7.7.6, 4.7.4.2.4)
        if (context.state == Context::State::ACCEPTING)
        {
            context.state = Context::State::REGISTERED;
        }
        else
        {
            Deregister(subscriber);
        }
        return;
    }
    ++context.transmissions;
    SendMessage(subscriber, ToGmmSm(context.request));
    const Time timer = context.state == Context::State::AUTHENTICATING ? m_t3360
                       : context.state == Context::State::ACCEPTING    ? m_t3350
                                                                       : m_t3322;
    context.timer = Simulator::Schedule(timer, &Sgsn::SendRequest, this, imsi);
}

void
Sgsn::EndProcedure(Context& context)
{
    context.timer.Cancel();
}

/// The station is not registered any more; the GGSN is told of its contexts.
void
Sgsn::Deregister(ContextRef& subscriber)
{
    Context& context = subscriber.second;
    EndProcedure(context);
    context.state = Context::State::DEREGISTERED;
    RejectNotification(subscriber, GtpCause::MS_IS_GPRS_DETACHED);
    LoseWaiting(context, LossCause::DETACHED);
    for (const PdpContext& pdp : context.contexts)
    {
        TellGgsn(pdp);
    }
    RemoveAllContexts(context);
}

void
Sgsn::Handle(ContextRef& subscriber, const AttachRequest& message)
{
    Context& context = subscriber.second;
    const bool unknown = context.msisdn.empty() || message.imsi != subscriber.first;
    if (unknown || context.refusal)
    {
        ++m_attachRejects;
        const auto cause = GmmSmCause::GPRS_AND_NON_GPRS_NOT_ALLOWED;
        SendMessageLater(m_authenticationInfoTime,
                         subscriber.first,
                         AttachReject{unknown ? cause : *context.refusal});
        return;
    }
    if (context.state == Context::State::AUTHENTICATING ||
        context.state == Context::State::ACCEPTING)
    {
        return; // it was repeated, and the answer is on its way
    }
    Deregister(subscriber); // what there was is void (4.7.3.1.6 f)
    context.associated =
        m_networkMode == NetworkMode::NMO_I && message.type == AttachType::COMBINED;
    context.state = Context::State::AUTHENTICATING;
    context.challenge = m_challenges->GetInteger(0, UINT32_MAX);
    AuthenticationAndCipheringRequest challenge;
    for (std::size_t n = 0; n < challenge.rand.size(); ++n)
    {
        challenge.rand[n] = static_cast<uint8_t>(context.challenge >> (24 - 8 * (n % 4)));
    }
    context.request = challenge;
    context.transmissions = 0;
    context.timer =
        Simulator::Schedule(m_authenticationInfoTime, &Sgsn::SendRequest, this, subscriber.first);
}

void
Sgsn::Handle(ContextRef& subscriber, const AuthenticationAndCipheringResponse& message)
{
    Context& context = subscriber.second;
    if (context.state != Context::State::AUTHENTICATING)
    {
        return;
    }
    EndProcedure(context);
    if (message.sres != context.challenge)
    {
        ++m_attachRejects;
        context.state = Context::State::DEREGISTERED;
        SendMessage(subscriber, AuthenticationAndCipheringReject{});
        return;
    }
    context.state = Context::State::ACCEPTING;
    context.timer =
        Simulator::Schedule(m_updateLocationTime, &Sgsn::Accept, this, subscriber.first);
}

/// The HLR knows where the station is: the attach is accepted.
void
Sgsn::Accept(uint64_t imsi)
{
    auto& subscriber = *m_contexts.find(imsi);
    Context& context = subscriber.second;
    context.ptmsi = context.ptmsi != 0 ? context.ptmsi : PTMSI_MARK | ++m_lastPtmsi;
    AttachAccept accept;
    accept.result = context.associated ? AttachResult::COMBINED : AttachResult::GPRS_ONLY;
    accept.ptmsi = context.ptmsi;
    accept.SetRoutingAreaId(context.cell->GetRoutingArea());
    accept.t3312 = EncodeGprsTimer(m_t3312);
    accept.readyTimer = EncodeGprsTimer(m_t3314);
    GetLink(context).Expect(context.ptmsi);
    StartProcedure(subscriber, accept);
}

void
Sgsn::Handle(ContextRef& subscriber, const AttachComplete& /* message */)
{
    Context& context = subscriber.second;
    if (context.state == Context::State::ACCEPTING)
    {
        EndProcedure(context);
        context.state = Context::State::REGISTERED;
        context.link->Assign(context.ptmsi);
        ++m_attaches;
        UpdateHlr(context);
    }
}

void
Sgsn::Handle(ContextRef& subscriber, const MoDetachRequest& message)
{
    ++m_detaches;
    Deregister(subscriber);
    if (!message.powerOff)
    {
        SendMessage(subscriber, MoDetachAccept{});
    }
}

void
Sgsn::DetachStation(uint64_t imsi, MtDetachType type, std::optional<GmmSmCause> cause)
{
    const auto found = m_contexts.find(imsi);
    if (found == m_contexts.end() || found->second.state == Context::State::DETACHING)
    {
        return;
    }
    ++m_detaches;
    Deregister(*found);
    found->second.state = Context::State::DETACHING;
    StartProcedure(*found, MtDetachRequest{type, cause});
}

void
Sgsn::Handle(ContextRef& subscriber, const MtDetachAccept& /* message */)
{
    Context& context = subscriber.second;
    if (context.state == Context::State::DETACHING)
    {
        EndProcedure(context);
        context.state = Context::State::DEREGISTERED;
    }
}

void
Sgsn::Handle(ContextRef& subscriber, const RoutingAreaUpdateRequest& message)
{
    Context& context = subscriber.second;
    if (context.state != Context::State::REGISTERED && context.state != Context::State::ACCEPTING)
    {
        SendMessage(subscriber, RoutingAreaUpdateReject{GmmSmCause::IMPLICITLY_DETACHED});
        return;
    }
    if (context.refusal)
    {
        SendMessageLater(m_processingTime,
                         subscriber.first,
                         RoutingAreaUpdateReject{*context.refusal});
        return;
    }
    EndProcedure(context);
    context.state = Context::State::REGISTERED;
    ++m_updates;
    // contexts that the station has not are void (4.7.5.1.3)
    for (std::size_t n = context.contexts.size(); n-- > 0;)
    {
        PdpContext& pdp = context.contexts[n];
        const bool known = !message.pdpContexts || (*message.pdpContexts >> pdp.nsapi & 1U) != 0;
        if (!known && pdp.state != PdpContext::State::CREATING)
        {
            TellGgsn(pdp);
            RemoveContext(context, pdp);
        }
    }
    RoutingAreaUpdateAccept accept;
    accept.t3312 = EncodeGprsTimer(m_t3312);
    accept.routingArea = context.cell->GetRoutingArea();
    accept.readyTimer = EncodeGprsTimer(m_t3314);
    SendMessageLater(m_processingTime, subscriber.first, accept);
}

} // namespace p2pim
} // namespace ns3
