// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Packets for a static address without a PDP context: the GGSN has the network ask the station to
 * activate it (TS 23.060 9.2.2.2).
 */
#include "ns3/ggsn.h"
#include "ns3/hlr.h"
#include "ns3/simulator.h"
#include "ns3/sms-address.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

bool
Ggsn::RequestsActivation() const
{
    return m_requestsActivation;
}

void
Ggsn::SetHlr(Ptr<Ss7Network> network, Ss7Network::Point point, Ptr<Hlr> hlr)
{
    m_signalling = network;
    m_point = point;
    m_hlr = hlr;
}

bool
Ggsn::AddStaticAddress(Ipv4Address address, uint64_t imsi, const std::string& msisdn)
{
    const auto point =
        std::find_if(m_accessPoints.begin(), m_accessPoints.end(), [address](const auto& one) {
            return one.pool.Contains(address);
        });
    if (point == m_accessPoints.end() || !point->pool.Take(address))
    {
        return false;
    }
    StaticAddress& subscribed = m_static[address.Get()];
    subscribed.imsi = imsi;
    subscribed.msisdn = ParseDigits(msisdn).value_or(0);
    subscribed.accessPoint = static_cast<std::size_t>(point - m_accessPoints.begin());
    m_staticByMsisdn[subscribed.msisdn] = address.Get();
    return true;
}

Ss7Network::Point
Ggsn::GetPoint() const
{
    return m_point;
}

void
Ggsn::SendMap(Callback<void> arrived)
{
    m_signalling->Send(m_point, m_hlr->GetPoint(), MAP_OCTETS, arrived);
}

/// @return whether the packet is for a static address, so that it waits, or is lost.
bool
Ggsn::HoldForStation(Ipv4Address address, Ptr<Packet> packet)
{
    const auto found = m_static.find(address.Get());
    if (!m_hlr || found == m_static.end())
    {
        return false;
    }
    StaticAddress& subscribed = found->second;
    if (subscribed.mnrg)
    {
        m_downlink.Lose(packet->GetSize(), LossCause::NOT_REACHED);
        return true;
    }
    if (subscribed.held + packet->GetSize() > m_notificationBuffer)
    {
        m_downlink.Lose(packet->GetSize(), LossCause::NO_ROOM);
        return true;
    }
    subscribed.held += packet->GetSize();
    subscribed.waiting.push_back(packet);
    if (subscribed.teid == 0)
    {
        ++m_notifications;
        subscribed.teid = ++m_lastTeid;
        subscribed.timer = Simulator::Schedule(m_notificationTime,
                                               &Ggsn::LoseHeld,
                                               this,
                                               address,
                                               LossCause::NOT_REACHED);
        SendMap(Callback<void>([hlr = m_hlr, this, msisdn = subscribed.msisdn]() {
            hlr->SendRoutingInfoForGprs(this, msisdn);
        }));
    }
    return true;
}

void
Ggsn::ReceiveRoutingInfo(uint64_t msisdn, GprsRoutingInfo info)
{
    const Ipv4Address address(m_staticByMsisdn.at(msisdn));
    StaticAddress& subscribed = m_static.at(address.Get());
    if (subscribed.teid == 0 || !m_gn.IsInService())
    {
        return;
    }
    if (info != GprsRoutingInfo::SGSN_KNOWN)
    {
        subscribed.mnrg = info == GprsRoutingInfo::NOT_REACHABLE;
        LoseHeld(address, LossCause::NOT_REACHED);
        return;
    }
    PduNotificationRequest request;
    request.imsi = subscribed.imsi;
    request.teidControl = subscribed.teid;
    request.endUser.address = address;
    request.apn = m_accessPoints[subscribed.accessPoint].name;
    request.ggsn = m_gn.GetAddress();
    m_gn.Request(request, [this, address, teid = subscribed.teid](const GtpMessage* message) {
        const auto* response = message ? std::get_if<PduNotificationResponse>(message) : nullptr;
        const auto cause = response ? response->cause : GtpCause::SYSTEM_FAILURE;
        if (cause != GtpCause::REQUEST_ACCEPTED)
        {
            NotificationFailed(address, teid, cause);
        }
    });
}

void
Ggsn::Rejected(const PduNotificationRejectRequest& request, const Address& from)
{
    PduNotificationRejectResponse response;
    response.sequence = request.sequence;
    response.teid = request.teidControl;
    m_gn.Respond(response, from);
    if (request.endUser.address)
    {
        NotificationFailed(*request.endUser.address, request.teid, request.cause);
    }
}

/// The station does not activate its context. If it is not there the HLR is told, which tells when
/// it is back.
void
Ggsn::NotificationFailed(Ipv4Address address, uint32_t teid, GtpCause cause)
{
    const auto found = m_static.find(address.Get());
    if (found == m_static.end() || teid == 0 || found->second.teid != teid)
    {
        return; // it is over, or another one
    }
    StaticAddress& subscribed = found->second;
    const bool notThere = cause == GtpCause::MS_IS_NOT_GPRS_RESPONDING ||
                          cause == GtpCause::MS_IS_GPRS_DETACHED ||
                          cause == GtpCause::IMSI_NOT_KNOWN;
    if (notThere)
    {
        subscribed.mnrg = true;
        SendMap(Callback<void>([hlr = m_hlr, this, msisdn = subscribed.msisdn]() {
            hlr->FailureReport(this, msisdn);
        }));
    }
    LoseHeld(address, notThere ? LossCause::NOT_REACHED : LossCause::NO_CONTEXT);
}

void
Ggsn::NoteMsPresentForGprs(uint64_t msisdn)
{
    m_static.at(m_staticByMsisdn.at(msisdn)).mnrg = false;
}

/// The notification of an address is over. @return the packets that have waited.
std::vector<Ptr<Packet>>
Ggsn::EndNotification(StaticAddress& subscribed)
{
    subscribed.timer.Cancel();
    subscribed.teid = 0;
    subscribed.held = 0;
    return std::exchange(subscribed.waiting, {});
}

void
Ggsn::LoseHeld(Ipv4Address address, LossCause cause)
{
    const auto found = m_static.find(address.Get());
    if (found == m_static.end() || found->second.teid == 0)
    {
        return;
    }
    ++m_notificationsFailed;
    for (const Ptr<Packet>& packet : EndNotification(found->second))
    {
        m_downlink.Lose(packet->GetSize(), cause);
    }
}

/// A static address has its context: what has waited goes into the tunnel.
void
Ggsn::SendHeld(Context& context)
{
    const auto found = m_static.find(context.address.Get());
    if (found != m_static.end())
    {
        found->second.mnrg = false;
        for (const Ptr<Packet>& packet : EndNotification(found->second))
        {
            Pass(context, packet);
        }
    }
}

} // namespace p2pim
} // namespace ns3
