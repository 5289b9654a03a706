// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_MAP_OPERATIONS_H
#define P2PIM_MAP_OPERATIONS_H

#include "ns3/ptr.h"
#include "ns3/simple-ref-count.h"
#include "ns3/sms-address.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

class SmsServingNode;

/**
 * @file
 * The MAP operations of the short message service (TS 29.002 12), as typed structures. Numbers are
 * the value of their digits; `reference` is the message's MakeSmsReference() and rides along for
 * time lines only.
 */

/// User errors of the operations (TS 29.002 17.6.6).
enum class MapError : uint8_t
{
    NONE,                     ///< the operation succeeded
    UNKNOWN_SUBSCRIBER,       ///< the HLR does not know the number
    ABSENT_SUBSCRIBER_SM,     ///< detached, or the MNRF flag is set
    NO_PAGING_RESPONSE,       ///< absentSubscriberSM, diagnostic noPagingResponseViaMSC
    SM_DELIVERY_FAILURE,      ///< equipmentProtocolError, or the radio connection failed
    SYSTEM_FAILURE,           ///< anything else
    FACILITY_NOT_SUPPORTED,   ///< the SMSC refuses the message
    MEMORY_CAPACITY_EXCEEDED, ///< SM-DeliveryFailure: the phone's memory is full
    SC_CONGESTION,            ///< SM-DeliveryFailure: the SMSC has no room
    TIMED_OUT,                ///< no answer: the MAP timer is over (TS 29.002 17.1.2)
    RESTARTED                 ///< the SMSC has crashed before the answer
};

/// How many values MapError has.
constexpr std::size_t MAP_ERRORS = static_cast<std::size_t>(MapError::RESTARTED) + 1;

/**
 * @param error an outcome.
 * @return its name in lower case with underscores.
 */
const char* GetMapErrorName(MapError error);

/// Octets of a MAP message on SS7 besides the TPDU that it carries: MTP 3 and SCCP with two global
/// titles some 45, TCAP and the operation's own parameters the rest. Own estimates.
constexpr uint32_t MAP_OCTETS = 100;

/// What became of a delivery, as ReportSM-DeliveryStatus tells the HLR (TS 29.002 12.3).
enum class MapDeliveryOutcome : uint8_t
{
    SUCCESSFUL_TRANSFER,     ///< clears MNRF and MCEF
    ABSENT_SUBSCRIBER,       ///< sets MNRF, and MNRG if an SGSN serves the phone
    MEMORY_CAPACITY_EXCEEDED ///< sets MCEF
};

/// Why a subscriber can be delivered to again: alertReason of ReadyForSM (TS 29.002 12.4).
enum class MapAlertReason : uint8_t
{
    MS_PRESENT,         ///< the MSC has heard of it: clears MNRF
    MEMORY_AVAILABLE,   ///< the phone has memory again: clears MCEF
    MS_PRESENT_FOR_GPRS ///< the SGSN has heard of it: clears MNRG
};

/// MW status of InformServiceCentre (TS 29.002 12.6).
struct MapMwStatus
{
    bool mnrf = false; ///< mobile station not reachable flag
    bool mcef = false; ///< memory capacity exceeded flag
    bool mnrg = false; ///< mobile station not reachable for GPRS flag (TS 23.060 16.1)
};

/// Names the dialogue that a result belongs to, at the element that has opened it.
struct MapDialogue
{
    uint64_t subscriber = 0; ///< at an MSC the IMSI, at an SMSC the destination's MSISDN
    uint32_t serial = 0;     ///< tells it from earlier dialogues about the same subscriber
};

/// MO-ForwardSM: MSC to SMSC.
struct MapMoForwardSm : public SimpleRefCount<MapMoForwardSm>
{
    SmsServingNode* node = nullptr; ///< where the result goes
    MapDialogue dialogue;           ///< the connection there
    uint64_t originator = 0;        ///< sm-RP-OA: the sender's MSISDN
    SmsAddress serviceCentre;       ///< sm-RP-DA
    std::vector<uint8_t> tpdu;      ///< sm-RP-UI: SMS-SUBMIT
};

/// MT-ForwardSM: SMSC to MSC.
struct MapMtForwardSm : public SimpleRefCount<MapMtForwardSm>
{
    uint64_t imsi = 0;               ///< sm-RP-DA
    MapDialogue dialogue;            ///< where the result goes, at the SMSC
    uint64_t reference = 0;          ///< for time lines
    bool moreMessagesToSend = false; ///< the SMSC has more for this phone
    SmsAddress serviceCentre;        ///< sm-RP-OA
    std::vector<uint8_t> tpdu;       ///< sm-RP-UI: SMS-DELIVER
};

/// The result of SendRoutingInfoForSM: HLR to SMSC.
struct MapRoutingInfo
{
    MapError error = MapError::NONE; ///< outcome
    uint64_t imsi = 0;               ///< the subscriber
    SmsServingNode* msc = nullptr;   ///< the serving MSC
    SmsServingNode* sgsn = nullptr;  ///< the serving SGSN, if it carries short messages
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_MAP_OPERATIONS_H
