// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_LAPDM_ENTITY_H
#define P2PIM_LAPDM_ENTITY_H

#include "ns3/rr-messages.h"
#include "ns3/tdma-clock.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// The two ends of a dedicated channel.
enum class LapdmSide : uint8_t
{
    BTS, ///< the network
    MS   ///< the phone
};

/// SAPI of call control, mobility and radio resources.
constexpr uint8_t SAPI_SIGNALLING = 0;
/// SAPI of the short message service.
constexpr uint8_t SAPI_SMS = 3;

/// What an entity tells its layer 3 (TS 44.006 7.1).
enum class LapdmPrimitive : uint8_t
{
    NONE,
    ESTABLISH_INDICATION, ///< the peer has established a link; with its SABM's information
    ESTABLISH_CONFIRM,    ///< the link that was asked for stands
    DATA_INDICATION,      ///< a whole L3 message has arrived
    RELEASE_INDICATION,   ///< the peer has released the link
    RELEASE_CONFIRM,      ///< the release that was asked for is done
    ERROR_INDICATION      ///< the link has failed
};

/// A primitive and its L3 message, which is valid until the next call of the entity.
struct LapdmIndication
{
    LapdmPrimitive primitive = LapdmPrimitive::NONE; ///< what
    uint8_t sapi = SAPI_SIGNALLING;                  ///< of which link
    const uint8_t* message = nullptr;                ///< octets, if any
    std::size_t size = 0;                            ///< how many
};

/// System parameters (TS 44.006 5.8), the same on both sides. T200 is in TDMA frames.
struct LapdmParameters
{
    uint32_t t200Sapi0 = 36;    ///< T200 of SAPI 0, frames
    uint32_t t200Sapi3 = 444;   ///< T200 of SAPI 3, frames
    uint32_t n200 = 23;         ///< most retransmissions of an I frame
    uint32_t n200Establish = 5; ///< most retransmissions of a SABM or DISC
    std::size_t n201 = 20;      ///< most octets of L3 in a frame
};

/**
 * One side of LAPDm on one dedicated channel (TS 44.006 5): acknowledged operation on SAPI 0 and 3
 * with window 1, contention resolution at the first SABM, segmentation, T200 and N200. Time is the
 * TDMA frame number, an argument. The channel asks for a frame at each of its blocks and hands in
 * what the peer sent.
 */
class LapdmEntity
{
  public:
    /// What BuildFrame() has done.
    enum class Build : uint8_t
    {
        NOTHING, ///< nothing is due
        FRAME,   ///< a frame was built
        FAILED   ///< a link was given up after N200 retransmissions
    };

    /// When a link has something to send, for the channel's planning.
    struct LinkDue
    {
        int64_t command = TDMA_NEVER; ///< SABM, DISC, I, UA, DM or REJ
        int64_t ack = TDMA_NEVER;     ///< RR
        int64_t t200 = TDMA_NEVER;    ///< T200 expires
        int64_t backlog = TDMA_NEVER; ///< next I frame, once the one in flight is acknowledged
    };

    /// How many links an entity has.
    static constexpr std::size_t LINKS = 2;

    /**
     * @param side which side this is.
     * @param parameters system parameters; must outlive the entity.
     */
    LapdmEntity(LapdmSide side, const LapdmParameters& parameters);

    /// Forgets all links.
    void Reset();

    /**
     * DL-ESTABLISH-REQUEST.
     *
     * @param sapi 0 or 3.
     * @param information L3 message for contention resolution, at most 20 octets; else empty.
     * @param ready the first frame in which the SABM may be sent.
     */
    void Establish(uint8_t sapi, std::vector<uint8_t> information, int64_t ready);

    /**
     * DL-DATA-REQUEST. Waits for the link to be established.
     *
     * @param sapi 0 or 3.
     * @param message L3 message, 1 to 251 octets.
     * @param ready the first frame in which it may be sent.
     */
    void Send(uint8_t sapi, std::vector<uint8_t> message, int64_t ready);

    /**
     * DL-RELEASE-REQUEST, normal release. Messages not yet sent are discarded.
     *
     * @param sapi 0 or 3.
     * @param ready the first frame in which the DISC may be sent.
     */
    void Release(uint8_t sapi, int64_t ready);

    /// @return when link @p index has something to send.
    LinkDue GetDue(std::size_t index) const;

    /**
     * Builds the frame of a block. Links take turns by how long they have been due, SAPI 0 first.
     *
     * @param frame the first frame of the block.
     * @param[out] block the L2 frame, padded.
     * @param[out] indication the error, if a link was given up.
     * @return what was done.
     */
    Build BuildFrame(int64_t frame, L2Block& block, LapdmIndication& indication);

    /**
     * Takes in a frame of the peer. A frame that makes no sense is dropped.
     *
     * @param frame the first frame after the block.
     * @param block the L2 frame.
     * @return what to tell layer 3.
     */
    LapdmIndication Receive(int64_t frame, const L2Block& block);

  private:
    /// States of a link (TS 44.006 5.4, 5.5).
    enum class State : uint8_t
    {
        IDLE,
        ESTABLISHMENT_PENDING,
        ESTABLISHED,
        RELEASE_PENDING
    };

    /// A response that is to be sent.
    enum class Response : uint8_t
    {
        NONE,
        UA,
        DM,
        RR,
        REJ
    };

    /// An L3 message that waits.
    struct Message
    {
        int64_t ready;               ///< first frame in which it may be sent
        std::vector<uint8_t> octets; ///< its octets
    };

    /// The state variables of one data link (TS 44.006 3.5.2).
    struct Link
    {
        State state = State::IDLE;
        uint8_t sendState = 0;    ///< V(S)
        uint8_t receiveState = 0; ///< V(R)
        bool outstanding = false; ///< an I frame is not acknowledged
        bool recovery = false;    ///< timer recovery: waits for a response with F (5.5.7)
        bool final = false;       ///< F bit of the response
        Response response = Response::NONE;
        int64_t responseReady = 0;
        int64_t commandReady = 0;        ///< SABM, DISC or next I frame
        int64_t t200 = TDMA_NEVER;       ///< expiry
        uint32_t retransmissions = 0;    ///< of what T200 guards
        std::size_t offset = 0;          ///< octets of the head message acknowledged
        std::vector<Message> queue;      ///< first one under way
        std::vector<uint8_t> contention; ///< information of the SABM sent or answered
        std::vector<uint8_t> reassembly; ///< segments received
        bool delivered = false;          ///< reassembly was given to layer 3
    };

    /// The fields of a received frame.
    struct Header
    {
        uint8_t control;            ///< control field
        bool command;               ///< C/R
        bool more;                  ///< M
        const uint8_t* information; ///< information field
        std::size_t size;           ///< its length
    };

    static uint8_t GetSapi(std::size_t index);
    static void ResetTransfer(Link& link);
    static void Respond(Link& link, Response response, bool final, int64_t frame);
    bool Acknowledge(Link& link, uint8_t receiveNumber, int64_t frame) const;
    static void ResumeSending(Link& link, int64_t frame);
    LapdmIndication Fail(std::size_t index);
    void StartT200(Link& link, std::size_t index, int64_t frame) const;
    uint32_t GetMaxRetransmissions(const Link& link) const;
    void WriteFrame(L2Block& block,
                    std::size_t index,
                    bool command,
                    uint8_t control,
                    const uint8_t* information,
                    std::size_t size,
                    bool more) const;
    void WriteResponse(Link& link, std::size_t index, L2Block& block) const;
    void WriteCommand(Link& link, std::size_t index, int64_t frame, L2Block& block) const;
    LapdmIndication ReceiveI(std::size_t index, const Header& header, int64_t frame);
    LapdmIndication ReceiveS(std::size_t index, const Header& header, int64_t frame);
    LapdmIndication ReceiveU(std::size_t index, const Header& header, int64_t frame);
    LapdmIndication ReceiveSabm(std::size_t index, const Header& header, int64_t frame);
    LapdmIndication ReceiveUa(std::size_t index, const Header& header, int64_t frame);

    LapdmSide m_side;
    const LapdmParameters& m_parameters;
    std::array<Link, LINKS> m_links;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_LAPDM_ENTITY_H
