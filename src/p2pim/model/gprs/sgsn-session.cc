// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Session management in the SGSN (TS 24.008 6.1, network side), and its tunnels (TS 29.060).
 */
#include "ns3/sgsn.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

GmmSmCause
GetSmCause(GtpCause cause)
{
    switch (cause)
    {
    case GtpCause::MISSING_OR_UNKNOWN_APN:
        return GmmSmCause::MISSING_OR_UNKNOWN_APN;
    case GtpCause::UNKNOWN_PDP_ADDRESS_OR_TYPE:
        return GmmSmCause::UNKNOWN_PDP_ADDRESS_OR_TYPE;
    case GtpCause::USER_AUTHENTICATION_FAILED:
        return GmmSmCause::USER_AUTHENTICATION_FAILED;
    case GtpCause::ALL_DYNAMIC_PDP_ADDRESSES_OCCUPIED:
    case GtpCause::NO_RESOURCES_AVAILABLE:
    case GtpCause::NO_MEMORY_AVAILABLE:
        return GmmSmCause::INSUFFICIENT_RESOURCES;
    default:
        return GmmSmCause::ACTIVATION_REJECTED_BY_GGSN;
    }
}

} // namespace

Sgsn::PdpContext*
Sgsn::FindContext(Context& context, uint8_t nsapi)
{
    const auto found = std::find_if(context.contexts.begin(),
                                    context.contexts.end(),
                                    [nsapi](const PdpContext& pdp) { return pdp.nsapi == nsapi; });
    return found == context.contexts.end() ? nullptr : &*found;
}

/// @return the context of a transaction that the station has opened.
Sgsn::PdpContext*
Sgsn::FindTransaction(Context& context, const TransactionId& ti)
{
    const auto found = std::find_if(
        context.contexts.begin(),
        context.contexts.end(),
        [&ti](const PdpContext& pdp) { return !ti.toOriginator && pdp.ti == ti.value; });
    return found == context.contexts.end() ? nullptr : &*found;
}

Sgsn::PdpContext*
Sgsn::FindTeid(uint32_t teid, ContextRef*& subscriber)
{
    const auto found = m_byTeid.find(teid);
    if (found == m_byTeid.end())
    {
        return nullptr;
    }
    subscriber = found->second;
    auto& contexts = subscriber->second.contexts;
    return &*std::find_if(contexts.begin(), contexts.end(), [teid](const PdpContext& pdp) {
        return pdp.teid == teid;
    });
}

void
Sgsn::Handle(ContextRef& subscriber, const ActivatePdpContextRequest& message)
{
    Context& context = subscriber.second;
    const auto accepting = context.state == Context::State::ACCEPTING;
    if (context.state != Context::State::REGISTERED && !accepting)
    {
        return; // the station has to attach first
    }
    PdpContext* known = FindContext(context, message.nsapi);
    if (known && known->ti == message.ti.value)
    {
        if (known->state == PdpContext::State::ACTIVE) // the accept was lost
        {
            SendMessage(subscriber,
                        ActivatePdpContextAccept{known->address, Reverse(message.ti), known->qos});
        }
        return;
    }
    if (known)
    {
        TellGgsn(*known); // the station has forgotten it (TS 24.008 6.1.3.1.5 c)
        RemoveContext(context, *known);
    }
    if (m_maxContexts > 0 && m_byTeid.size() >= m_maxContexts)
    {
        RejectNotification(subscriber, GtpCause::NO_RESOURCES_AVAILABLE);
        ++m_activationRejects;
        SendMessage(
            subscriber,
            ActivatePdpContextReject{GmmSmCause::INSUFFICIENT_RESOURCES, Reverse(message.ti)});
        return;
    }
    NoteActivation(context, message.pdp);
    PdpContext pdp;
    pdp.nsapi = message.nsapi;
    pdp.ti = message.ti.value;
    pdp.teid = ++m_lastTeid;
    pdp.qos = message.qos == QosProfile::Subscribed() ? QosProfile() : message.qos;
    context.contexts.push_back(pdp);
    m_byTeid[pdp.teid] = &subscriber;
    Simulator::Schedule(m_processingTime,
                        &Sgsn::Create,
                        this,
                        subscriber.first,
                        pdp.teid,
                        message.apn,
                        message.pdp);
}

void
Sgsn::Create(uint64_t imsi, uint32_t teid, const std::string& apn, PdpAddress pdp)
{
    ContextRef* subscriber = nullptr;
    const PdpContext* context = FindTeid(teid, subscriber);
    if (!context)
    {
        return; // it has been given up
    }
    CreatePdpContextRequest create;
    create.imsi = imsi;
    create.teidData = teid;
    create.teidControl = teid;
    create.nsapi = context->nsapi;
    create.apn = apn;
    create.sgsn = m_gn.GetAddress();
    create.msisdn = subscriber->second.msisdn;
    create.recovery = m_gn.GetRestartCounter();
    create.endUser = pdp;
    create.qos = context->qos;
    m_gn.Request(create, [this, teid](const GtpMessage* message) { Created(teid, message); });
}

void
Sgsn::Created(uint32_t teid, const GtpMessage* message)
{
    const auto* response = message ? std::get_if<CreatePdpContextResponse>(message) : nullptr;
    ContextRef* subscriber = nullptr;
    PdpContext* pdp = FindTeid(teid, subscriber);
    if (!pdp)
    {
        return; // the GGSN's part is replaced or found void when it is next used
    }
    Context& context = subscriber->second;
    const TransactionId ti{pdp->ti, true};
    if (!response || response->cause != GtpCause::REQUEST_ACCEPTED)
    {
        ++m_activationRejects;
        RemoveContext(context, *pdp);
        const auto cause = response ? GetSmCause(response->cause) : GmmSmCause::NETWORK_FAILURE;
        SendMessage(*subscriber, ActivatePdpContextReject{cause, ti});
        return;
    }
    ++m_activations;
    pdp->state = PdpContext::State::ACTIVE;
    pdp->ggsnData = response->teidData;
    m_byGgsnTeid[pdp->ggsnData] = teid;
    pdp->ggsnControl = response->teidControl;
    pdp->address = response->endUser;
    pdp->qos = response->qos;
    GetLink(context).Activate(Simulator::Now(), pdp->nsapi);
    SendMessage(*subscriber, ActivatePdpContextAccept{pdp->address, ti, pdp->qos});
    PassFrames(context, GetLink(context).Expire(Simulator::Now())); // establishes acknowledged LLC
    ArmLink(*subscriber);
}

void
Sgsn::Handle(ContextRef& subscriber, const MoModifyPdpContextRequest& message)
{
    PdpContext* pdp = FindTransaction(subscriber.second, message.ti);
    if (!pdp)
    {
        SendMessage(subscriber,
                    SmStatus{GmmSmCause::INVALID_TRANSACTION_IDENTIFIER, Reverse(message.ti)});
        return;
    }
    if (pdp->state != PdpContext::State::ACTIVE)
    {
        return; // the network's own request goes first (6.1.3.3.3), or it is not active yet
    }
    UpdatePdpContextRequest update;
    update.teid = pdp->ggsnControl;
    update.nsapi = pdp->nsapi;
    update.qos = message.qos.value_or(pdp->qos);
    update.teidData = pdp->teid;
    update.teidControl = pdp->teid;
    update.sgsn = m_gn.GetAddress();
    m_gn.Request(update, [this, teid = pdp->teid, wanted = update.qos](const GtpMessage* response) {
        Modified(teid, wanted, response);
    });
}

void
Sgsn::Modified(uint32_t teid, const QosProfile& wanted, const GtpMessage* message)
{
    const auto* response = message ? std::get_if<UpdatePdpContextResponse>(message) : nullptr;
    ContextRef* subscriber = nullptr;
    PdpContext* pdp = FindTeid(teid, subscriber);
    if (!pdp)
    {
        return;
    }
    const TransactionId ti{pdp->ti, true};
    if (!response || response->cause != GtpCause::REQUEST_ACCEPTED)
    {
        SendMessage(*subscriber, ModifyPdpContextReject{GmmSmCause::NETWORK_FAILURE, ti});
        return;
    }
    ++m_modifications;
    pdp->qos = response->qos.value_or(wanted);
    SendMessage(*subscriber, MoModifyPdpContextAccept{pdp->qos, ti});
}

void
Sgsn::Handle(ContextRef& subscriber, const DeactivatePdpContextRequest& message)
{
    if (PdpContext* pdp = FindTransaction(subscriber.second, message.ti))
    {
        ++m_deactivations;
        TellGgsn(*pdp);
        RemoveContext(subscriber.second, *pdp);
    }
    SendMessage(subscriber, DeactivatePdpContextAccept{Reverse(message.ti)});
}

/// Sends a request about a context that the station has to answer, and repeats it.
void
Sgsn::StartSmProcedure(PdpContext& pdp, const SmMessage& request)
{
    pdp.timer.Cancel();
    pdp.request = request;
    pdp.transmissions = 0;
    SendSmRequest(pdp.teid);
}

void
Sgsn::SendSmRequest(uint32_t teid)
{
    ContextRef* subscriber = nullptr;
    PdpContext* pdp = FindTeid(teid, subscriber);
    if (!pdp)
    {
        return;
    }
    if (pdp->transmissions == MAX_TRANSMISSIONS)
    {
        // TS 24.008 6.1.3.4.3: the context is gone; 6.1.3.3.4: or it stays as it was
        ++m_proceduresGivenUp;
        if (pdp->state == PdpContext::State::DELETING)
        {
            RemoveContext(subscriber->second, *pdp);
        }
        else
        {
            pdp->state = PdpContext::State::ACTIVE;
        }
        return;
    }
    ++pdp->transmissions;
    const Time timer = pdp->state == PdpContext::State::DELETING ? m_t3395 : m_t3386;
    pdp->timer = Simulator::Schedule(timer, &Sgsn::SendSmRequest, this, teid);
    SendMessage(*subscriber, ToGmmSm(pdp->request));
}

void
Sgsn::DeactivateContext(uint64_t imsi, uint8_t nsapi, GmmSmCause cause)
{
    const auto found = m_contexts.find(imsi);
    PdpContext* pdp = found == m_contexts.end() ? nullptr : FindContext(found->second, nsapi);
    if (!pdp || pdp->state == PdpContext::State::DELETING ||
        pdp->state == PdpContext::State::CREATING)
    {
        return;
    }
    ++m_deactivations;
    TellGgsn(*pdp);
    pdp->state = PdpContext::State::DELETING;
    m_byGgsnTeid.erase(pdp->ggsnData);
    pdp->ggsnData = 0;
    pdp->ggsnControl = 0;
    StartSmProcedure(*pdp, DeactivatePdpContextRequest{cause, {pdp->ti, true}, false});
}

void
Sgsn::Handle(ContextRef& subscriber, const DeactivatePdpContextAccept& message)
{
    PdpContext* pdp = FindTransaction(subscriber.second, message.ti);
    if (pdp && pdp->state == PdpContext::State::DELETING)
    {
        RemoveContext(subscriber.second, *pdp);
    }
}

void
Sgsn::ModifyContext(uint64_t imsi, uint8_t nsapi, const QosProfile& qos)
{
    const auto found = m_contexts.find(imsi);
    PdpContext* pdp = found == m_contexts.end() ? nullptr : FindContext(found->second, nsapi);
    if (pdp && pdp->state == PdpContext::State::ACTIVE)
    {
        pdp->state = PdpContext::State::MODIFYING;
        MtModifyPdpContextRequest request;
        request.qos = qos;
        request.ti = {pdp->ti, true};
        StartSmProcedure(*pdp, request);
    }
}

void
Sgsn::Handle(ContextRef& subscriber, const MtModifyPdpContextAccept& message)
{
    PdpContext* pdp = FindTransaction(subscriber.second, message.ti);
    if (pdp && pdp->state == PdpContext::State::MODIFYING)
    {
        ++m_modifications;
        pdp->timer.Cancel();
        pdp->state = PdpContext::State::ACTIVE;
        pdp->qos = std::get<MtModifyPdpContextRequest>(pdp->request).qos;
    }
}

/// The GGSN shall forget a context, if it has one.
void
Sgsn::TellGgsn(const PdpContext& pdp)
{
    if (pdp.ggsnControl == 0)
    {
        return;
    }
    DeletePdpContextRequest request;
    request.teid = pdp.ggsnControl;
    request.nsapi = pdp.nsapi;
    m_gn.Request(request, [](const GtpMessage*) {});
}

void
Sgsn::RemoveContext(Context& context, PdpContext& pdp)
{
    pdp.timer.Cancel();
    m_byTeid.erase(pdp.teid);
    m_byGgsnTeid.erase(pdp.ggsnData);
    GetLink(context).Deactivate(Simulator::Now(), pdp.nsapi);
    context.contexts.erase(context.contexts.begin() + (&pdp - context.contexts.data()));
}

void
Sgsn::RemoveAllContexts(Context& context)
{
    while (!context.contexts.empty())
    {
        RemoveContext(context, context.contexts.back());
    }
}

/// Its contexts are gone: each station shall activate its own again (TS 23.007 12.1).
void
Sgsn::GgsnRestarted()
{
    std::vector<uint32_t> teids;
    for (const auto& each : m_byTeid)
    {
        teids.push_back(each.first);
    }
    std::sort(teids.begin(), teids.end()); // what is sent must not depend on the map's order
    for (const uint32_t teid : teids)
    {
        ContextRef* subscriber = nullptr;
        PdpContext* pdp = FindTeid(teid, subscriber);
        pdp->ggsnControl = 0; // there is nothing to delete
        DeactivateContext(subscriber->first, pdp->nsapi, GmmSmCause::REACTIVATION_REQUIRED);
    }
}

void
Sgsn::ReceiveRequest(const GtpMessage& message, const Address& from)
{
    ContextRef* subscriber = nullptr;
    if (const auto* erase = std::get_if<DeletePdpContextRequest>(&message))
    {
        DeletePdpContextResponse response;
        response.sequence = erase->sequence;
        PdpContext* pdp = FindTeid(erase->teid, subscriber);
        if (pdp)
        {
            response.teid = pdp->ggsnControl;
            pdp->ggsnControl = 0;
            DeactivateContext(subscriber->first, pdp->nsapi, GmmSmCause::REGULAR_DEACTIVATION);
        }
        else
        {
            response.cause = GtpCause::NON_EXISTENT;
        }
        m_gn.Respond(response, from);
    }
    else if (const auto* notification = std::get_if<PduNotificationRequest>(&message))
    {
        Notified(*notification, from);
    }
    else if (const auto* error = std::get_if<GtpErrorIndication>(&message))
    {
        // the GGSN does not know the tunnel any more; the error names its own TEID
        const auto found = m_byGgsnTeid.find(error->teidData);
        PdpContext* pdp =
            found == m_byGgsnTeid.end() ? nullptr : FindTeid(found->second, subscriber);
        if (pdp)
        {
            pdp->ggsnControl = 0;
            DeactivateContext(subscriber->first, pdp->nsapi, GmmSmCause::REACTIVATION_REQUIRED);
        }
    }
}

void
Sgsn::ReceiveUser(uint32_t teid, Ptr<Packet> packet)
{
    m_downlink.In(packet->GetSize());
    if (!m_gn.IsInService())
    {
        m_downlink.Lose(packet->GetSize(), LossCause::OUTAGE);
        return;
    }
    ContextRef* subscriber = nullptr;
    const PdpContext* pdp = FindTeid(teid, subscriber);
    if (!pdp)
    {
        m_downlink.Lose(packet->GetSize(), LossCause::NO_CONTEXT);
        m_gn.SendErrorIndication(teid);
        return;
    }
    ++m_downlinkPackets;
    SendDownlink(*subscriber, {Waiting::Kind::NPDU, packet, pdp->nsapi});
}

} // namespace p2pim
} // namespace ns3
