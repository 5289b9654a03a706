// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SDCCH_H
#define P2PIM_SDCCH_H

#include "ns3/event-id.h"
#include "ns3/lapdm-entity.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <array>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

class Sdcch;

/// The layer 3 on one side of a dedicated channel.
class DedicatedChannelUser
{
  public:
    virtual ~DedicatedChannelUser() = default;

    /**
     * A primitive of LAPDm.
     *
     * @param channel the channel.
     * @param indication the primitive; its message is valid during the call only.
     */
    virtual void HandleLink(Sdcch& channel, const LapdmIndication& indication) = 0;
};

/// What a dedicated channel is (TS 45.002 3.3.4).
enum class DedicatedChannelKind : uint8_t
{
    SDCCH_8,  ///< one of 8 SDCCHs of a time slot
    SDCCH_4,  ///< one of 4 on the time slot of BCCH and CCCH
    SACCH_TCH ///< the SACCH of a TCH/F while a call is up
};

/// What all dedicated channels of a cell have in common.
struct SdcchEnvironment
{
    /// Each frame sent: uplink or not, first TDMA frame, octets.
    using FrameTrace = TracedCallback<bool, int64_t, const L2Block&>;
    /// Each L3 message received: uplink or not, SAPI, octets.
    using Layer3Trace = TracedCallback<bool, uint8_t, const std::vector<uint8_t>&>;
    /// Each frame sent, with the channel that carries it.
    using BlockTrace = TracedCallback<const Sdcch&, bool, int64_t, const L2Block&>;

    /// The traces to fire; they outlive the environment.
    SdcchEnvironment(FrameTrace& frames, Layer3Trace& messages, FrameTrace* sacchFrames = nullptr)
        : frameTrace(frames),
          layer3Trace(messages),
          sacchTrace(sacchFrames)
    {
    }

    LapdmParameters lapdm;                    ///< system parameters of layer 2 on an SDCCH
    LapdmParameters sacch = SACCH_PARAMETERS; ///< and on a SACCH
    double frameErasureRate = 0;              ///< share of L2 frames lost everywhere, 0 to 1
    Ptr<UniformRandomVariable> erasure;       ///< decides on each frame when a rate is not 0
    uint64_t frames = 0;                      ///< frames sent
    uint64_t erased = 0;                      ///< frames lost
    uint64_t linkFailures = 0;                ///< links given up after N200
    FrameTrace& frameTrace;                   ///< fired for each frame on an SDCCH
    Layer3Trace& layer3Trace;                 ///< fired for each L3 message
    FrameTrace* sacchTrace;                   ///< fired for each block on a SACCH, if not null
    BlockTrace* blockTrace = nullptr;         ///< fired for each of either, if not null
};

/**
 * A dedicated channel for signalling with LAPDm on both sides. An SDCCH has one downlink block and
 * one uplink block in each 51-multiframe, the uplink 15 frames after the downlink (TS 45.002 7,
 * table 4). The SACCH of a TCH/F has one block each way in 104 frames, four bursts 26 frames apart;
 * of two uplink blocks one is left to the MEASUREMENT REPORT (TS 44.018 3.4.1.2). The channel has
 * at most one event: the end of the next block whose frame can change something above layer 2.
 * Blocks that only acknowledge are worked off with it, in their order.
 */
class Sdcch
{
  public:
    /**
     * @param environment what the cell's channels share; must outlive the channel.
     * @param index number of the channel among those of its kind in the cell.
     * @param kind what it is.
     */
    Sdcch(SdcchEnvironment& environment,
          uint32_t index,
          DedicatedChannelKind kind = DedicatedChannelKind::SDCCH_8);
    ~Sdcch();
    Sdcch(const Sdcch&) = delete;
    Sdcch& operator=(const Sdcch&) = delete;

    /// @return what it is.
    DedicatedChannelKind GetKind() const;
    /// @return the subchannel of an SDCCH/8, 0-7, or SDCCH/4, 0-3; 0 for a SACCH.
    uint8_t GetSubchannel() const;
    /// @return the time slot that carries it: an SDCCH/4 0, others from 1 on over all carriers.
    uint8_t GetTimeSlot() const;
    /// @return the time from one block to the next.
    Time GetBlockPeriod() const;
    /// @return a number that changes with each activation.
    uint64_t GetSeizure() const;
    /// @return when it was activated.
    Time GetActivationTime() const;
    /// @return the subscriber that the network user has put on it, or 0.
    uint64_t GetSubscriber() const;

    /**
     * Metadata of the simulation for time lines: which message the channel carries. No octet on the
     * air depends on it; Activate() clears it.
     *
     * @param reference MakeSmsReference() of the message, or 0.
     */
    void SetMessageReference(uint64_t reference);
    /// @return the reference of the message that the channel carries, or 0.
    uint64_t GetMessageReference() const;

    /// @return whether the network's layer 3 is on it.
    bool IsOpen() const;

    /// Takes the channel into use, with @p network as the network's layer 3.
    void Activate(DedicatedChannelUser* network);
    /**
     * Radio conditions from now on until the next Activate(), beside the environment's rate.
     *
     * @param uplink share of the phone's frames that are lost, 0 to 1.
     * @param downlink share of the network's frames that are lost, 0 to 1.
     */
    void SetErasureRates(double uplink, double downlink);
    /// The transmitter of the BTS has failed: it neither sends nor receives until Activate().
    void FallSilent();
    /// @return the layer 3 of the network, or null.
    DedicatedChannelUser* GetNetwork() const;
    /// The phone has tuned in, with @p ms as its layer 3.
    void TuneIn(DedicatedChannelUser* ms);
    /// The phone has left the channel.
    void TuneOut();
    /// The layer 3 on one @p side goes out of existence.
    void Forget(LapdmSide side);
    /// The network's layer 3 is @p network from now on, serving @p subscriber.
    void SetNetwork(DedicatedChannelUser* network, uint64_t subscriber);
    /// The BTS has no layer 3 any more, and goes silent at @p end.
    void CloseNetwork(Time end);

    /**
     * @param side who sends.
     * @param sapi 0 or 3.
     * @param information L3 message in the SABM, or empty.
     * @param wait processing time before the SABM may be sent.
     */
    void Establish(LapdmSide side, uint8_t sapi, std::vector<uint8_t> information, Time wait);
    /**
     * @param side who sends.
     * @param sapi 0 or 3.
     * @param message L3 message.
     * @param wait processing time before it may be sent.
     */
    void Send(LapdmSide side, uint8_t sapi, std::vector<uint8_t> message, Time wait);
    /**
     * @param side who sends.
     * @param sapi 0 or 3.
     * @param wait processing time before the DISC may be sent.
     */
    void Release(LapdmSide side, uint8_t sapi, Time wait);

  private:
    /// One end of the channel.
    struct End
    {
        LapdmEntity lapdm;                    ///< layer 2
        DedicatedChannelUser* user = nullptr; ///< layer 3
        int64_t nextFrame = 0;                ///< no block starts earlier
        bool present = false;                 ///< sends and receives
        double erasureRate = 0;               ///< share of what it sends that is lost
    };

    /// Where the blocks of a channel lie, in frames.
    struct Timing
    {
        int64_t period;   ///< from one block to the next
        int64_t length;   ///< from a block's first burst to the end of its last
        int64_t downlink; ///< first frame of a downlink block in the period
        int64_t uplink;   ///< first frame of an uplink block in the period
    };

    /// A frame on its way.
    struct Frame
    {
        bool sent = false;   ///< there is one
        bool failed = false; ///< the link was given up instead
        L2Block block;       ///< its octets
        LapdmIndication failure;
    };

    static Timing MakeTiming(DedicatedChannelKind kind, uint32_t index);

    End& GetEnd(LapdmSide side);
    const End& GetEnd(LapdmSide side) const;
    int64_t GetBlock(LapdmSide side, int64_t due) const;
    int64_t GetAnyDue(LapdmSide side) const;
    int64_t GetNotableDue(LapdmSide side) const;
    bool IsLossless() const;
    int64_t StartRequest(Time wait);
    void CatchUp();
    Frame BuildBlock(LapdmSide side, int64_t frame);
    void SendBlock(LapdmSide side, int64_t frame, const Frame& sent);
    void Deliver(LapdmSide side, const LapdmIndication& indication);
    void Plan();
    void HandleEvent();

    SdcchEnvironment& m_environment;
    DedicatedChannelKind m_kind;
    uint32_t m_index;
    Timing m_timing;
    uint64_t m_seizure = 0;
    uint64_t m_subscriber = 0;
    uint64_t m_messageReference = 0; ///< for time lines
    Time m_activated;
    std::array<End, 2> m_ends;
    int64_t m_silentFrom = TDMA_NEVER; ///< no downlink block starts here or later
    bool m_catchingUp = false;
    EventId m_event;
    int64_t m_eventFrame = TDMA_NEVER; ///< when the event comes
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SDCCH_H
