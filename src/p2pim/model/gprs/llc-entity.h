// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_LLC_ENTITY_H
#define P2PIM_LLC_ENTITY_H

#include "ns3/llc-frame.h"
#include "ns3/nstime.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Layer parameters of a service access point (TS 44.064 8.9, table 9).
struct LlcParameters
{
    Time t200 = Seconds(5); ///< T200 and T201
    uint8_t n200 = 3;       ///< most retransmissions
    uint16_t n201U = 500;   ///< most octets of information in a U or UI frame
    uint16_t n201I = 1503;  ///< most octets of information in an I frame
    uint8_t kU = 0;         ///< window of I frames from the phone; 0: none are sent
    uint8_t kD = 0;         ///< window of I frames from the SGSN; 0: none are sent
    uint16_t mU = 0;        ///< window from the phone, units of 16 octets; 0: not limited
    uint16_t mD = 0;        ///< window from the SGSN, units of 16 octets; 0: not limited
};

/// @return the default parameters of a service access point (TS 44.064 table 9).
LlcParameters GetLlcDefaults(LlcSap sap);

/// What an entity tells its layer 3 (TS 44.064 7.2.2).
enum class LlcPrimitive : uint8_t
{
    UNITDATA_INDICATION,  ///< LL-UNITDATA-IND: information of a UI frame
    DATA_INDICATION,      ///< LL-DATA-IND: information of an I frame, in order
    DATA_CONFIRM,         ///< LL-DATA-CNF: the oldest SDU not yet confirmed has arrived
    ESTABLISH_INDICATION, ///< LL-ESTABLISH-IND: the peer has (re-)established the link
    ESTABLISH_CONFIRM,    ///< LL-ESTABLISH-CNF: the link that was asked for stands
    RELEASE_INDICATION,   ///< LL-RELEASE-IND: the peer has released the link, or refuses it
    RELEASE_CONFIRM,      ///< LL-RELEASE-CNF: the release that was asked for is done
    STATUS_INDICATION     ///< LLGMM-STATUS-IND: the peer did not answer N200 times
};

/// A primitive and its SDU.
struct LlcIndication
{
    LlcPrimitive primitive = LlcPrimitive::UNITDATA_INDICATION; ///< what
    const uint8_t* sdu = nullptr; ///< octets, if any; valid until the next call of the entity
    std::size_t size = 0;         ///< how many
};

/// What has become of the frames of a link, for conservation.
struct LlcCounters
{
    uint64_t uiSent = 0;         ///< UI frames
    uint64_t uiDelivered = 0;    ///< UI frames given to layer 3
    uint64_t uiDuplicates = 0;   ///< UI frames dropped: received before, or too old
    uint64_t iSent = 0;          ///< I frames, each counted once
    uint64_t iRetransmitted = 0; ///< I frames sent again
    uint64_t iDelivered = 0;     ///< I frames given to layer 3
    uint64_t iDuplicates = 0;    ///< I frames dropped: received before
    uint64_t iOutOfWindow = 0;   ///< I frames dropped: N(S) is not in the receive window
    uint64_t iDiscarded = 0;     ///< SDUs given up by a release or (re-)establishment
    uint64_t invalid = 0;        ///< frames that make no sense in the state of the link
};

/**
 * One logical link entity: one side of the link of one TLLI and SAPI (TS 44.064 4.7.1). It does
 * unacknowledged operation (8.4), and acknowledged, asynchronous balanced mode: establishment,
 * release, a window of I frames, selective acknowledgement, T200, T201 and N200 (8.5, 8.6).
 *
 * There are no events inside: the owner gives the time, asks for the deadline and calls Expire()
 * at it, and sends the frames that have been collected. State of the acknowledged mode takes
 * memory only while it is in use.
 */
class LlcEntity
{
  public:
    /// States of a link (4.5.2); a link exists once its TLLI is assigned.
    enum class State : uint8_t
    {
        ADM,                 ///< TLLI assigned: unacknowledged operation only
        LOCAL_ESTABLISHMENT, ///< SABM sent
        ABM,                 ///< acknowledged operation
        LOCAL_RELEASE        ///< DISC sent
    };

    /**
     * @param side which side this is.
     * @param sap the service access point.
     * @param parameters of the layer; must outlive the entity.
     */
    LlcEntity(LlcSide side, LlcSap sap, const LlcParameters& parameters);

    /// Forgets all: no primitive is told (LLGMM-RESET, 8.3; the counters stay).
    void Reset();

    /**
     * LL-UNITDATA-REQ: sends a UI frame at once.
     *
     * @param sdu its information.
     * @param size octets.
     * @param protectedMode whether the FCS protects all of it.
     * @return whether it was sent: not if it is longer than N201-U.
     */
    bool SendUnitdata(const uint8_t* sdu, std::size_t size, bool protectedMode = true);

    /**
     * LL-ESTABLISH-REQ: discards what is not confirmed and sends a SABM.
     *
     * @param now the time.
     * @return whether the service access point has an acknowledged mode, that is, windows.
     */
    bool Establish(Time now);

    /// LL-RELEASE-REQ: discards what is not confirmed and sends a DISC, if a link stands.
    void Release(Time now);

    /**
     * LL-DATA-REQ: takes an SDU, which TakeFrames() sends as the window allows.
     *
     * @param sdu its information.
     * @return whether it was taken: not if it is longer than N201-I, or there is no link and none
     *         is being established.
     */
    bool Send(Octets sdu);

    /// The own layer 3 has no room (RNR), or has it again.
    void SetBusy(bool busy);

    /**
     * Takes in a frame of the peer.
     *
     * @param now the time.
     * @param frame the frame.
     * @return what to tell layer 3, in order; valid until the next call.
     */
    const std::vector<LlcIndication>& Receive(Time now, const LlcFrame& frame);

    /// @return when to call Expire(); Time::Max() if no timer runs.
    Time GetDeadline() const;

    /**
     * Does what is due when timers have expired.
     *
     * @param now the time.
     * @return what to tell layer 3; valid until the next call.
     */
    const std::vector<LlcIndication>& Expire(Time now);

    /**
     * To be called after any other call: the frames that are to be sent now, oldest first. The last
     * I frame of them asks for an acknowledgement, so SDUs that come together cost one answer.
     *
     * @param now the time.
     * @return the frames; they are the caller's.
     */
    std::vector<Octets> TakeFrames(Time now);

    /// @return the state.
    State GetState() const;
    /// @return SDUs given to Send() that are not confirmed.
    std::size_t GetUnconfirmed() const;
    /// @return what has become of frames.
    const LlcCounters& GetCounters() const;

  private:
    /// What the acknowledged mode needs (TS 44.064 8.5 to 8.8).
    struct Acknowledged
    {
        /// An SDU that is not confirmed.
        struct Outgoing
        {
            Octets sdu;                  ///< its octets
            uint64_t order = 0;          ///< counts transmissions of the link: the last of this one
            uint8_t retransmissions = 0; ///< of this one
            bool due = true;             ///< to be sent, or sent again
            bool received = false;       ///< an ACK or SACK says so
        };

        State state = State::LOCAL_ESTABLISHMENT;
        Time deadline = Time::Max();   ///< expiry of T200 or, in ABM, T201
        uint8_t retransmissions = 0;   ///< of the SABM, the DISC, or the RR that asks a busy peer
        bool own = true;               ///< layer 3 has asked for the establishment
        bool peerBusy = false;         ///< the peer's last word was RNR
        bool busy = false;             ///< the own layer 3 has no room
        bool acknowledgement = false;  ///< the peer is to be told what was received
        bool used = false;             ///< since the establishment an I or S frame has come
        bool poll = false;             ///< the peer is to be asked what it has received
        uint16_t acknowledgeState = 0; ///< V(A)
        uint16_t receiveState = 0;     ///< V(R)
        uint64_t transmissions = 0;    ///< I frames sent
        std::size_t sent = 0;          ///< V(S) - V(A)
        std::size_t sentOctets = 0;    ///< information of those
        std::deque<Outgoing> queue;    ///< the first has N(S) = V(A)
        std::deque<std::optional<Octets>>
            early;                     ///< received, from N(S) = V(R) + 1; the last is there
        std::vector<Octets> delivered; ///< taken from `early` in this call

        /// Takes the oldest SDU out.
        void PopFront();
        /// Sets what a frame tells the peer of what was received.
        void SetReceived(LlcFrame& frame) const;
    };

    void SendFrame(LlcFrame& frame);
    void SendUnnumbered(LlcUnnumbered unnumbered, bool command, bool pollFinal);
    void Indicate(LlcPrimitive primitive, const uint8_t* sdu = nullptr, std::size_t size = 0);
    void Discard();
    void BeginEstablishment(Time now, bool own);
    void End(LlcPrimitive primitive);
    void RestartSending();
    bool Retransmit(Time now, std::size_t index);
    void ReceiveUi(const LlcFrame& frame);
    void ReceiveUnnumbered(Time now, const LlcFrame& frame);
    void ReceiveSabm(const LlcFrame& frame);
    void ReceiveDisc(const LlcFrame& frame);
    void ReceiveUa();
    void ReceiveNumbered(Time now, const LlcFrame& frame);
    void ReceiveAcknowledgement(Time now, const LlcFrame& frame);
    void ReceiveInformation(const LlcFrame& frame);
    void Deliver(const LlcFrame& frame);
    std::vector<std::size_t> TakeDue();
    void WriteNumbered(Time now);

    const LlcParameters& m_parameters;
    std::unique_ptr<Acknowledged> m_acknowledged; ///< present unless in ADM
    std::vector<Octets> m_frames;                 ///< to send
    std::vector<LlcIndication> m_indications;     ///< of the last call
    LlcCounters m_counters;
    uint16_t m_unacknowledgedSend = 0;    ///< V(U)
    uint16_t m_unacknowledgedReceive = 0; ///< V(UR)
    LlcSide m_side;
    LlcSap m_sap;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_LLC_ENTITY_H
