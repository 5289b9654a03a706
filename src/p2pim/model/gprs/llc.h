// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_LLC_H
#define P2PIM_LLC_H

#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/ptr.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// The last delay class, which promises nothing (TS 24.008 10.5.6.5).
constexpr uint8_t BEST_EFFORT = 4;

/// An LLC frame on its way between a station and the SGSN, as the radio sees it: octets.
struct LlcPdu
{
    Ptr<Packet> frame;                ///< the frame (TS 44.064 5), with its FCS
    bool signalling = true;           ///< of mobility or session management, else user data
    uint32_t tlli = 0;                ///< temporary logical link identity (TS 23.003 2.6)
    uint8_t delayClass = BEST_EFFORT; ///< of its PDP context, 1 to 4
    Time expires = Time::Max(); ///< end of its lifetime at the BSSGP (TS 48.018, PDU Lifetime)
};

/// @return octets of a frame.
inline uint32_t
GetLlcOctets(const LlcPdu& pdu)
{
    return pdu.frame->GetSize();
}

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_LLC_H
