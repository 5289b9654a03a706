// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PACKET_SIDE_H
#define P2PIM_PACKET_SIDE_H

#include "ns3/nstime.h"
#include "ns3/rr-messages.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace p2pim
{

/// The packet side of a phone, as far as its circuit-switched side has to do with it: a phone of
/// class B has one receiver for both (TS 23.060 5.4.5, 16.2).
class PacketSide
{
  public:
    virtual ~PacketSide() = default;

    /// A page has come on the PCH. @return whether the phone could listen to it.
    virtual bool HearsPch() = 0;
    /// The phone begins to access a dedicated channel.
    virtual void EnterDedicatedMode() = 0;
    /// The main signalling link stands. @return what the phone sends at once, if it has to.
    virtual std::optional<GprsSuspensionRequest> StartSuspension(GprsSuspensionCause cause) = 0;
    /**
     * The phone has left the dedicated channel, or was not given one.
     *
     * @param resumed whether the network has said that GPRS goes on.
     */
    virtual void LeaveDedicatedMode(bool resumed) = 0;
    /// The phone has a message to send, GetSubmission(). @return whether it goes over GPRS; then
    /// FinishSubmission() follows.
    virtual bool StartSubmission() = 0;
    /// The phone is about to be switched off.
    virtual void SwitchingOff() = 0;
    /// The phone is on and in coverage again.
    virtual void BecameReachable() = 0;
};

/// The packet side of a cell's BSS, as far as its circuit-switched side has to do with it.
class PacketBss
{
  public:
    virtual ~PacketBss() = default;

    /// A phone has sent GPRS SUSPENSION REQUEST. @param imsi whose channel it came on.
    virtual void ReceiveSuspension(uint64_t imsi, const GprsSuspensionRequest& request) = 0;
    /// The channel of such a phone is about to be released. @return whether the SGSN will be told.
    virtual bool TellsResumption(uint64_t imsi) const = 0;
    /// The phone has left the channel, which is free after @p wait: the SGSN is told.
    virtual void ReceiveRelease(uint64_t imsi, Time wait) = 0;
    /**
     * A phone is to be paged for a circuit-switched service.
     *
     * @param imsi whom.
     * @param wait time until the message leaves the MSC.
     * @return whether it is paged on the PACCH, so that the PCH need not.
     */
    virtual bool PageOnPacch(uint64_t imsi, Time wait) = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PACKET_SIDE_H
