// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * PDP contexts that the network wants a station to activate, as the GGSN has packets for its static
 * address (TS 24.008 6.1.3.1.2, TS 23.060 9.2.2.2).
 */
#include "ns3/sgsn.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

/// The station is asked when it is READY; one address at a time.
void
Sgsn::Notified(const PduNotificationRequest& request, const Address& from)
{
    PduNotificationResponse response;
    response.sequence = request.sequence;
    response.teid = request.teidControl;
    const auto found = m_contexts.find(request.imsi);
    if (found == m_contexts.end() || found->second.msisdn.empty())
    {
        response.cause = GtpCause::IMSI_NOT_KNOWN;
    }
    else if (found->second.state != Context::State::REGISTERED)
    {
        response.cause = GtpCause::MS_IS_GPRS_DETACHED;
        found->second.mnrg = true;
    }
    else if (!request.endUser.address)
    {
        response.cause = GtpCause::MANDATORY_IE_INCORRECT;
    }
    else if (found->second.requested && found->second.requested->address != request.endUser.address)
    {
        response.cause = GtpCause::NO_RESOURCES_AVAILABLE;
    }
    m_gn.Respond(response, from);
    if (response.cause != GtpCause::REQUEST_ACCEPTED || found->second.requested)
    {
        return;
    }
    found->second.requested = std::make_unique<RequestedActivation>();
    found->second.requested->address = *request.endUser.address;
    found->second.requested->apn = request.apn;
    found->second.requested->ggsnControl = request.teidControl;
    SendDownlink(*found, Waiting{Waiting::Kind::REQUESTED_ACTIVATION});
}

/// Sends REQUEST PDP CONTEXT ACTIVATION to a station that is READY, and repeats it each T3385.
void
Sgsn::RequestActivation(uint64_t imsi)
{
    auto& subscriber = *m_contexts.find(imsi);
    RequestedActivation* requested = subscriber.second.requested.get();
    if (!requested)
    {
        return;
    }
    if (requested->transmissions == MAX_TRANSMISSIONS)
    {
        ++m_proceduresGivenUp; // 6.1.3.1.5, on the network's side
        RejectNotification(subscriber, GtpCause::MS_IS_NOT_GPRS_RESPONDING);
        return;
    }
    ++requested->transmissions;
    requested->timer = Simulator::Schedule(m_t3385, &Sgsn::RequestActivation, this, imsi);
    SendMessage(subscriber,
                RequestPdpContextActivation{requested->address, requested->apn, {0, false}});
}

/// The GGSN is told that the station does not activate the context.
void
Sgsn::RejectNotification(ContextRef& subscriber, GtpCause cause)
{
    Context& context = subscriber.second;
    if (!context.requested)
    {
        return;
    }
    context.requested->timer.Cancel();
    const auto requested = std::move(context.requested);
    context.mnrg = cause != GtpCause::MS_REFUSES && cause != GtpCause::NO_RESOURCES_AVAILABLE;
    PduNotificationRejectRequest request;
    request.teid = requested->ggsnControl;
    request.cause = cause;
    request.teidControl = ++m_lastTeid;
    request.endUser.address = requested->address;
    request.apn = requested->apn;
    m_gn.Request(request, [](const GtpMessage*) {});
}

void
Sgsn::Handle(ContextRef& subscriber, const RequestPdpContextActivationReject& /* message */)
{
    RejectNotification(subscriber, GtpCause::MS_REFUSES);
}

/// The station activates a context: if it is the one that was requested, T3385 has done its work.
void
Sgsn::NoteActivation(Context& context, const PdpAddress& pdp)
{
    if (context.requested && pdp.address == context.requested->address)
    {
        context.requested->timer.Cancel();
        context.requested.reset();
    }
}

} // namespace p2pim
} // namespace ns3
