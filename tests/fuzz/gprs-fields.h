// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_FUZZ_GPRS_FIELDS_H
#define P2PIM_FUZZ_GPRS_FIELDS_H

#include "tests/fuzz/fuzz-target.h"

#include "ns3/gmm-sm-message.h"
#include "ns3/gtp.h"

#include <tuple>

namespace p2pim::fuzz
{

/**
 * @file
 * The fields of each GMM, SM and GTP message, to compare two messages.
 */

inline auto
GetFields(const ns3::p2pim::AttachRequest& value)
{
    return std::tie(value.imsi,
                    value.ptmsi,
                    value.type,
                    value.cksn,
                    value.oldRoutingArea,
                    value.readyTimer,
                    value.multislotClass);
}

inline auto
GetFields(const ns3::p2pim::AttachAccept& value)
{
    return std::tie(value.ptmsi,
                    value.locationArea,
                    value.routingArea,
                    value.mcc,
                    value.mnc,
                    value.mncDigits,
                    value.result,
                    value.t3312,
                    value.readyTimer,
                    value.cause);
}

inline auto
GetFields(const ns3::p2pim::AttachComplete&)
{
    return std::tuple();
}

inline auto
GetFields(const ns3::p2pim::AttachReject& value)
{
    return std::tie(value.cause);
}

inline auto
GetFields(const ns3::p2pim::MoDetachRequest& value)
{
    return std::tie(value.type, value.powerOff, value.ptmsi);
}

inline auto
GetFields(const ns3::p2pim::MoDetachAccept&)
{
    return std::tuple();
}

inline auto
GetFields(const ns3::p2pim::MtDetachRequest& value)
{
    return std::tie(value.type, value.cause);
}

inline auto
GetFields(const ns3::p2pim::MtDetachAccept&)
{
    return std::tuple();
}

inline auto
GetFields(const ns3::p2pim::RoutingAreaUpdateRequest& value)
{
    return std::tie(value.type,
                    value.cksn,
                    value.oldRoutingArea,
                    value.readyTimer,
                    value.ptmsi,
                    value.pdpContexts,
                    value.multislotClass);
}

inline auto
GetFields(const ns3::p2pim::RoutingAreaUpdateAccept& value)
{
    return std::tie(value.result,
                    value.t3312,
                    value.routingArea,
                    value.ptmsi,
                    value.readyTimer,
                    value.cause,
                    value.pdpContexts);
}

inline auto
GetFields(const ns3::p2pim::RoutingAreaUpdateComplete&)
{
    return std::tuple();
}

inline auto
GetFields(const ns3::p2pim::RoutingAreaUpdateReject& value)
{
    return std::tie(value.cause);
}

inline auto
GetFields(const ns3::p2pim::PtmsiReallocationCommand& value)
{
    return std::tie(value.ptmsi, value.routingArea);
}

inline auto
GetFields(const ns3::p2pim::PtmsiReallocationComplete&)
{
    return std::tuple();
}

inline auto
GetFields(const ns3::p2pim::AuthenticationAndCipheringRequest& value)
{
    return std::tie(value.rand, value.cksn, value.reference);
}

inline auto
GetFields(const ns3::p2pim::AuthenticationAndCipheringResponse& value)
{
    return std::tie(value.sres, value.reference);
}

inline auto
GetFields(const ns3::p2pim::AuthenticationAndCipheringReject&)
{
    return std::tuple();
}

inline auto
GetFields(const ns3::p2pim::IdentityRequest& value)
{
    return std::tie(value.type);
}

inline auto
GetFields(const ns3::p2pim::IdentityResponse& value)
{
    return std::tie(value.identity);
}

inline auto
GetFields(const ns3::p2pim::GmmStatus& value)
{
    return std::tie(value.cause);
}

inline auto
GetFields(const ns3::p2pim::ActivatePdpContextRequest& value)
{
    return std::tie(value.nsapi, value.apn, value.ti, value.pdp, value.qos);
}

inline auto
GetFields(const ns3::p2pim::ActivatePdpContextAccept& value)
{
    return std::tie(value.address, value.ti, value.qos, value.radioPriority);
}

inline auto
GetFields(const ns3::p2pim::ActivatePdpContextReject& value)
{
    return std::tie(value.cause, value.ti);
}

inline auto
GetFields(const ns3::p2pim::RequestPdpContextActivation& value)
{
    return std::tie(value.address, value.apn, value.ti);
}

inline auto
GetFields(const ns3::p2pim::RequestPdpContextActivationReject& value)
{
    return std::tie(value.cause, value.ti);
}

inline auto
GetFields(const ns3::p2pim::MtModifyPdpContextRequest& value)
{
    return std::tie(value.qos, value.ti, value.radioPriority, value.address);
}

inline auto
GetFields(const ns3::p2pim::MtModifyPdpContextAccept& value)
{
    return std::tie(value.ti);
}

inline auto
GetFields(const ns3::p2pim::MoModifyPdpContextRequest& value)
{
    return std::tie(value.qos, value.ti);
}

inline auto
GetFields(const ns3::p2pim::MoModifyPdpContextAccept& value)
{
    return std::tie(value.qos, value.ti, value.radioPriority);
}

inline auto
GetFields(const ns3::p2pim::ModifyPdpContextReject& value)
{
    return std::tie(value.cause, value.ti);
}

inline auto
GetFields(const ns3::p2pim::DeactivatePdpContextRequest& value)
{
    return std::tie(value.cause, value.ti, value.tearDown);
}

inline auto
GetFields(const ns3::p2pim::DeactivatePdpContextAccept& value)
{
    return std::tie(value.ti);
}

inline auto
GetFields(const ns3::p2pim::SmStatus& value)
{
    return std::tie(value.cause, value.ti);
}

inline auto
GetFields(const ns3::p2pim::GtpEchoRequest& value)
{
    return std::tie(value.sequence);
}

inline auto
GetFields(const ns3::p2pim::GtpEchoResponse& value)
{
    return std::tie(value.sequence, value.recovery);
}

inline auto
GetFields(const ns3::p2pim::GtpVersionNotSupported& value)
{
    return std::tie(value.sequence);
}

inline auto
GetFields(const ns3::p2pim::CreatePdpContextRequest& value)
{
    return std::tie(value.sequence,
                    value.imsi,
                    value.teidData,
                    value.teidControl,
                    value.nsapi,
                    value.apn,
                    value.sgsn,
                    value.msisdn,
                    value.recovery,
                    value.selectionMode,
                    value.endUser,
                    value.qos,
                    value.allocationPriority);
}

inline auto
GetFields(const ns3::p2pim::CreatePdpContextResponse& value)
{
    return std::tie(value.sequence,
                    value.teid,
                    value.cause,
                    value.teidData,
                    value.teidControl,
                    value.chargingId,
                    value.endUser,
                    value.ggsn,
                    value.recovery,
                    value.reordering,
                    value.qos,
                    value.allocationPriority);
}

inline auto
GetFields(const ns3::p2pim::UpdatePdpContextRequest& value)
{
    return std::tie(value.sequence,
                    value.teid,
                    value.nsapi,
                    value.qos,
                    value.recovery,
                    value.teidData,
                    value.teidControl,
                    value.sgsn,
                    value.allocationPriority);
}

inline auto
GetFields(const ns3::p2pim::UpdatePdpContextResponse& value)
{
    return std::tie(value.sequence,
                    value.teid,
                    value.cause,
                    value.recovery,
                    value.teidData,
                    value.teidControl,
                    value.chargingId,
                    value.gsn,
                    value.qos,
                    value.allocationPriority);
}

inline auto
GetFields(const ns3::p2pim::DeletePdpContextRequest& value)
{
    return std::tie(value.sequence, value.teid, value.nsapi, value.teardown);
}

inline auto
GetFields(const ns3::p2pim::DeletePdpContextResponse& value)
{
    return std::tie(value.sequence, value.teid, value.cause);
}

inline auto
GetFields(const ns3::p2pim::PduNotificationRequest& value)
{
    return std::tie(value.sequence,
                    value.imsi,
                    value.teidControl,
                    value.endUser,
                    value.apn,
                    value.ggsn);
}

inline auto
GetFields(const ns3::p2pim::PduNotificationResponse& value)
{
    return std::tie(value.sequence, value.teid, value.cause);
}

inline auto
GetFields(const ns3::p2pim::PduNotificationRejectRequest& value)
{
    return std::tie(value.sequence,
                    value.teid,
                    value.cause,
                    value.teidControl,
                    value.endUser,
                    value.apn);
}

inline auto
GetFields(const ns3::p2pim::PduNotificationRejectResponse& value)
{
    return std::tie(value.sequence, value.teid, value.cause);
}

inline auto
GetFields(const ns3::p2pim::GtpErrorIndication& value)
{
    return std::tie(value.sequence, value.teidData, value.address);
}

/// @return whether two messages hold the same.
template <typename Variant>
bool
AreSame(const Variant& first, const Variant& second)
{
    return HoldTheSame(first, second, [](const auto& a, const auto& b) {
        return GetFields(a) == GetFields(b);
    });
}

} // namespace p2pim::fuzz

#endif // P2PIM_FUZZ_GPRS_FIELDS_H
