// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NETWORK_MODE_H
#define P2PIM_NETWORK_MODE_H

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// Network mode of operation (TS 23.060 6.3.3.1): by which way a phone is paged for what. There is
/// no PPCH here, so III is as II.
enum NetworkMode : uint8_t
{
    NMO_I = 1,   ///< the SGSN pages for circuit switching too (Gs): in packet transfer on the PACCH
    NMO_II = 2,  ///< both page on the PCH, and do not know of each other
    NMO_III = 3, ///< as II, but packet pages may have a channel of their own
};

/// What a phone can do at a time (TS 23.060 5.4.5).
enum MobileClass : uint8_t
{
    CLASS_A,      ///< both at once
    CLASS_B,      ///< attached to both, uses one
    CLASS_C_GPRS, ///< class C, with GPRS chosen
    CLASS_C_GSM,  ///< class C, with circuit switching chosen
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NETWORK_MODE_H
