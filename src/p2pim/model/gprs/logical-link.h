// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_LOGICAL_LINK_H
#define P2PIM_LOGICAL_LINK_H

#include "ns3/gmm-sm-elements.h"
#include "ns3/llc-entity.h"
#include "ns3/llc.h"
#include "ns3/nstime.h"
#include "ns3/octet-ledger.h"
#include "ns3/octets.h"
#include "ns3/packet.h"
#include "ns3/sndcp.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// How the user data of a station is carried; alike at both ends.
struct LogicalLinkSettings
{
    bool acknowledged = false;    ///< LLC repeats what RLC has lost (TS 44.064 4.5.3)
    bool compressHeaders = false; ///< TCP/IP headers by RFC 1144 (TS 44.065 6.5.2)
};

/**
 * LLC and SNDCP of one station at one end: signalling in UI frames of LLGMM, N-PDUs of its PDP
 * contexts by SNDCP over LL3. No events inside: in acknowledged operation the owner asks for the
 * deadline.
 */
class LogicalLink
{
  public:
    /// Frames that are to be sent.
    using Frames = std::vector<LlcPdu>;

    /// What a frame has brought.
    struct Received
    {
        std::vector<Octets> signalling;                     ///< messages of GMM and SM
        std::vector<Octets> shortMessages;                  ///< messages of CP (TS 24.011)
        std::vector<std::pair<uint8_t, Ptr<Packet>>> npdus; ///< NSAPI and N-PDU
        bool taken = true;       ///< LLC could read it, and it was no UI frame that came again
        uint64_t npduOctets = 0; ///< of the SN-PDUs that @p npdus were made of
        uint64_t lostOctets = 0; ///< of SN-PDUs whose N-PDU has been lost since the last frame

        /// Counts the frame, of @p octets.
        void CountFrame(uint32_t octets, OctetLedger& ledger) const;
        /// Counts the SN-PDUs of N-PDUs that are complete, or lost.
        void CountSndcp(OctetLedger& ledger) const;
    };

    /// @return whether there is SNDCP for a PDP context.
    bool IsActive(uint8_t nsapi) const;

    /**
     * @param side which end this is.
     * @param settings of user data.
     */
    LogicalLink(LlcSide side, const LogicalLinkSettings& settings);

    /// A PDP context is active. @param now the time. @param nsapi its NSAPI.
    void Activate(Time now, uint8_t nsapi);
    /// It is not any more.
    void Deactivate(Time now, uint8_t nsapi);
    /// No PDP context is active: the station was detached.
    void DeactivateAll(Time now);
    /// The link is that of another TLLI: it begins anew.
    void Reset(uint32_t tlli);
    /// Frames with another TLLI are for this link too: the station may have begun to use it.
    void Expect(uint32_t tlli);
    /// The link goes on with another TLLI (LLGMM-ASSIGN, TS 44.064 8.3).
    void Assign(uint32_t tlli);
    /// @return whether a frame with @p tlli is for this link: the TLLI of now, that of before, or
    /// one that is expected.
    bool IsAssigned(uint32_t tlli) const;

    /// @return the frame of a message of GMM or SM.
    Frames SendSignalling(Time now, const Octets& message);
    /// @return the frame of a message of CP, which carries short messages (TS 44.064, SAPI 7).
    Frames SendShortMessage(Time now, const Octets& message);
    /**
     * @param now the time.
     * @param nsapi the context.
     * @param npdu a packet.
     * @param qos of the context; its delay class goes with the frames.
     * @return the frames of an N-PDU; none if the context is not active.
     */
    Frames SendNpdu(Time now, uint8_t nsapi, Ptr<const Packet> npdu, const QosProfile& qos);
    /// @return a frame without information, which tells that the station is there.
    LlcPdu MakeEmptyFrame() const;

    /**
     * @param now the time.
     * @param frame a frame of the peer.
     * @param answers appended to: frames that it makes due.
     * @return what it has brought.
     */
    Received Receive(Time now, Ptr<const Packet> frame, Frames& answers);

    /// @return when to call Expire(); Time::Max() if no timer runs.
    Time GetDeadline() const;
    /// @return the frames that are due.
    Frames Expire(Time now);

    /// @return frames that were spoilt or made no sense.
    uint64_t GetInvalidFrames() const;
    /// @return what has become of N-PDUs of a context that is active.
    SndcpCounters GetSndcpCounters(uint8_t nsapi) const;

  private:
    void Collect(Time now, LlcEntity& entity, bool signalling, Frames& frames) const;
    void CollectUserData(Time now, Frames& frames);
    LlcEntity& GetShortMessages();
    void ReceiveUserData(const std::vector<LlcIndication>& indications, Received& received);

    LlcSide m_side;
    LogicalLinkSettings m_settings;
    uint32_t m_tlli = 0;
    uint32_t m_otherTlli = 0; ///< of before, or expected
    LlcEntity m_signalling;
    LlcEntity m_userData;
    std::unique_ptr<LlcEntity> m_shortMessages; ///< made when first used
    SndcpEntity m_sndcp;
    uint8_t m_delayClass = BEST_EFFORT; ///< of user data
    uint64_t m_invalid = 0;
    uint64_t m_lostOctets = 0; ///< of SN-PDUs whose context has ended, not yet told
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_LOGICAL_LINK_H
