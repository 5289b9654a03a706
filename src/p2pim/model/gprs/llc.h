// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_LLC_H
#define P2PIM_LLC_H

#include "ns3/packet.h"
#include "ns3/ptr.h"
#include "ns3/radio-energy-meter.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// Service access points of LLC that are in use here (TS 44.064 table 2).
enum class LlcSapi : uint8_t
{
    GMM = 1,  ///< GPRS mobility and session management
    DATA = 3, ///< user data 1, by way of SNDCP
};

/// @return what the energy of a PDU of @p sapi is spent for.
inline EnergyPurpose
GetEnergyPurpose(LlcSapi sapi)
{
    constexpr auto sms = static_cast<LlcSapi>(7);
    return sapi == LlcSapi::GMM || sapi == sms ? EnergyPurpose::SIGNALLING : EnergyPurpose::DATA;
}

/**
 * One PDU of an LLC user: a GMM or SM message, or an N-PDU (an IP packet) of the PDP context.
 *
 * The headers of LLC and SNDCP are counted in GetLlcOctets(), so they take their radio blocks, but
 * are not written out.
 */
struct LlcPdu
{
    Ptr<Packet> packet; ///< the message or the IP packet
    LlcSapi sapi = LlcSapi::DATA;
};

/**
 * Octets that a PDU takes on the radio, unacknowledged: each LLC frame has an address octet, two
 * octets of UI control and three of FCS (TS 44.064 6); SNDCP cuts an N-PDU into segments of at
 * most N201-U = 500 octets (TS 44.064 table 9) and gives the first a header of four octets, the
 * others of three (TS 44.065 7.2).
 *
 * @param pdu the PDU.
 * @return octets.
 */
inline uint32_t
GetLlcOctets(const LlcPdu& pdu)
{
    constexpr uint32_t llcOctets = 6;
    const uint32_t size = pdu.packet->GetSize();
    if (pdu.sapi == LlcSapi::GMM)
    {
        return size + llcOctets;
    }
    constexpr uint32_t firstSegment = 496;
    constexpr uint32_t nextSegment = 497;
    const uint32_t more =
        size > firstSegment ? (size - firstSegment + nextSegment - 1) / nextSegment : 0;
    return size + 4 + llcOctets + more * (3 + llcOctets);
}

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_LLC_H
