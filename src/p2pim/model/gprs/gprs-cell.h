// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_CELL_H
#define P2PIM_GPRS_CELL_H

#include "ns3/bssgp-flow-control.h"
#include "ns3/common-control-channel.h"
#include "ns3/counter-list.h"
#include "ns3/gmm-sm-elements.h"
#include "ns3/gprs-coding-scheme.h"
#include "ns3/gsm-radio-conditions.h"
#include "ns3/llc.h"
#include "ns3/network-mode.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/octet-ledger.h"
#include "ns3/packet-scheduler.h"
#include "ns3/packet-side.h"
#include "ns3/random-variable-stream.h"
#include "ns3/temporary-block-flow.h"
#include "ns3/traced-callback.h"
#include "ns3/voice-load.h"

#include <cstdint>
#include <list>
#include <map>
#include <optional>

namespace ns3
{
namespace p2pim
{

class Sgsn;

/// What a GprsCell tells of a station's transfers.
enum class GprsTransferEvent : uint8_t
{
    PAGED,     ///< the SGSN has it paged
    QUEUED,    ///< an LLC PDU is to be sent
    REQUESTED, ///< a TBF is asked for: access or assignment begins
    OPENED,    ///< the TBF may send its first block
    DELIVERED, ///< the last block of an LLC PDU is over
};

/// What the stations in a cell have taken and handed on.
struct GprsStationOctets
{
    OctetLedger uplink;        ///< IP packets of the phones' stacks, to LLC
    OctetLedger llcDownlink;   ///< LLC frames
    OctetLedger sndcpDownlink; ///< SN-PDUs of N-PDUs that are complete, or lost
    OctetLedger downlink;      ///< N-PDUs, to the phones' stacks
};

/**
 * The GPRS side of a cell: PDCHs, TBFs and the packet control unit (TS 44.060, TS 43.064).
 *
 * In: LLC PDUs of its stations (SendUplink) and of the SGSN (SendDownlink). Out: the same PDUs at
 * the other end, later by the access or assignment that they needed, the radio blocks they took,
 * and the Gb interface.
 *
 * All timers that would expire for nothing (the delayed release of a TBF, T3192, the non-DRX
 * period) are compared with the time when something is to be sent.
 */
class GprsCell : public Object, public PacketBss, private PacketSchedulerUser
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    /// TracedCallback signature of the trace source Transfer; @p when may be the end of the block
    /// that is being sent.
    typedef void (*TransferTracedCallback)(uint64_t imsi,
                                           bool uplink,
                                           GprsTransferEvent event,
                                           Time when);

    GprsCell();
    ~GprsCell() override;

    /// TracedCallback signature of the trace source LlcFrame.
    typedef void (*FrameTracedCallback)(bool uplink, uint32_t tlli, Ptr<const Packet> frame);

    /// @param ccch the common control channels of the cell, which circuit switching shares.
    void SetCommonControlChannel(Ptr<CommonControlChannel> ccch);
    /// @param conditions the radio of the cell, which circuit switching shares.
    void SetRadioConditions(Ptr<GsmRadioConditions> conditions);
    /// @param sgsn where uplink PDUs go.
    void SetSgsn(Ptr<Sgsn> sgsn);

    /**
     * Takes an LLC PDU from a station and carries it to the SGSN.
     *
     * @param ms the station.
     * @param pdu the PDU.
     */
    void SendUplink(Ptr<GprsMobileStation> ms, LlcPdu pdu);

    /**
     * Takes an LLC PDU from the SGSN, on the cell's side of Gb, and carries it to a station.
     *
     * @param ms the station.
     * @param pdu the PDU.
     */
    void SendDownlink(Ptr<GprsMobileStation> ms, LlcPdu pdu);

    /// @return where the stations of the cell count what they take and hand on.
    GprsStationOctets& GetStationOctets();

    /**
     * Pages a station in its paging group (packet paging on the PCH, TS 44.018 3.3.2.2).
     *
     * @param ms the station, which will answer with an uplink LLC frame.
     */
    void Page(Ptr<GprsMobileStation> ms);

    /**
     * A station camps on another cell from now on: its TBFs end. What the network had to send to it
     * stays until Flush(), or until it comes back; that no block is sent to it meanwhile in vain is
     * a simplification.
     *
     * @param ms the station.
     * @return what the station had still to send.
     */
    std::list<LlcPdu> Leave(GprsMobileStation& ms);
    /**
     * A station camps on this cell from now on, and will use it after Resume().
     *
     * @param ms the station.
     * @param waiting what it has still to send.
     */
    void Enter(GprsMobileStation& ms, std::list<LlcPdu> waiting);
    /// A station that was out of coverage, on a dedicated channel, or has just come, can use the
    /// cell: it goes on.
    void Resume(GprsMobileStation& ms);
    /**
     * FLUSH-LL (TS 48.018 8.1): the SGSN has heard a station in another cell.
     *
     * @param ms the station.
     * @param to the cell that takes what waits for it; null: it is lost.
     */
    void Flush(Ptr<GprsMobileStation> ms, Ptr<GprsCell> to);

    /**
     * A station is gone from the cell, or may not send any more: its TBFs end.
     *
     * @param ms the station.
     * @param cause why what it and the network had still to send is lost.
     */
    void Discard(GprsMobileStation& ms, LossCause cause);

    /**
     * @param inService whether the base station works: otherwise nothing is sent, and what was to
     * be is lost.
     */
    void SetInService(bool inService);

    /// @param mode what the cell broadcasts.
    void SetNetworkMode(NetworkMode mode);
    /// @return what the cell broadcasts.
    NetworkMode GetNetworkMode() const;
    /// @return whether @p ms is in packet transfer mode, the time of T3192 included
    /// (TS 44.060 5.3).
    bool IsInTransfer(const GprsMobileStation& ms) const;
    /// A station of class B has missed a page on the PCH.
    void NotifyPageMissed();
    /**
     * A station turns to a dedicated channel: its TBFs end, frames wait on either side until
     * Resume(). That no block is sent to it in vain until the BSS knows is a simplification.
     *
     * @param ms the station.
     */
    void Interrupt(GprsMobileStation& ms);

    // PacketBss
    void ReceiveSuspension(uint64_t imsi, const GprsSuspensionRequest& request) override;
    bool TellsResumption(uint64_t imsi) const override;
    void ReceiveRelease(uint64_t imsi, Time wait) override;
    bool PageOnPacch(uint64_t imsi, Time wait) override;

    /// @param area the routing area that the cell belongs to.
    void SetRoutingArea(const RoutingAreaId& area);
    /// @return the routing area that the cell belongs to.
    const RoutingAreaId& GetRoutingArea() const;

    /// @return one-way delay of the Gb interface.
    Time GetGbDelay() const;

    /// @return the buckets that the cell tells the SGSN of; nothing without flow control.
    std::optional<FlowControlBvc> GetFlowControl();

    /// @return what happened here, for the results: names and values.
    CounterList GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    template <typename T, T VoiceLoadSettings::*Setting>
    void SetVoice(T value)
    {
        m_voiceSettings.*Setting = value;
    }

    template <typename T, T VoiceLoadSettings::*Setting>
    T GetVoice() const
    {
        return m_voiceSettings.*Setting;
    }

    void SetAcknowledgementBlocks(uint32_t blocks);
    uint32_t GetAcknowledgementBlocks() const;
    void SetBsCvMax(uint32_t blocks);
    uint32_t GetBsCvMax() const;
    void SetResegmentation(bool resegments);
    bool GetResegmentation() const;
    void SetExtendedUplink(Time time);
    Time GetExtendedUplink() const;

    // PacketSchedulerUser
    GprsCodingScheme ChooseScheme(const TemporaryBlockFlow& flow) override;
    bool LosesBlock(const TemporaryBlockFlow& flow,
                    GprsCodingScheme scheme,
                    uint32_t earlier) override;
    void EndPdu(TemporaryBlockFlow& flow, RlcTransfer::Outcome outcome) override;
    void EndTransfer(TemporaryBlockFlow& flow) override;
    void FailTransfer(TemporaryBlockFlow& flow) override;
    Time GetPause(TemporaryBlockFlow& flow) override;
    uint8_t CountPdchs() override;
    void ChangePdchs(const TemporaryBlockFlow& flow) override;
    Time GetReassignmentTime() const override;

    /// @return the RLC/MAC entities of @p ms, made when first used.
    static RlcEntity& GetRlc(GprsMobileStation& ms);
    /// @return whether the downlink TBF is there, with or without data.
    static bool IsDownlinkOpen(const RlcEntity& rlc);
    /// @return C/I of a station, dB, if it is known.
    std::optional<double> GetCarrierRatio(const TemporaryBlockFlow& flow) const;
    double GetErrorRate(const TemporaryBlockFlow& flow, GprsCodingScheme scheme) const;
    uint8_t CountLent(uint32_t calls) const;
    void AppendVoiceCounters(CounterList& counters) const;

    void Enqueue(TemporaryBlockFlow& flow, LlcPdu pdu);
    void SendMore(TemporaryBlockFlow& flow);
    void Activate(TemporaryBlockFlow& flow);
    /// A new access or assignment. @return its number.
    uint32_t StartRequest(TemporaryBlockFlow& flow);
    /// @return whether an access or assignment is still wanted.
    static bool IsWanted(const TemporaryBlockFlow& flow, uint32_t request);
    void Lose(TemporaryBlockFlow& flow, LossCause cause);
    void LosePdus(uint64_t imsi, bool uplink, const std::list<LlcPdu>& pdus, LossCause cause);
    void LoseExpired(TemporaryBlockFlow& flow);

    // gprs-cell-flow-control.cc
    BssgpBucket MakeBucket(double rate, double octets) const;
    void ReportFlow(TemporaryBlockFlow& flow);
    void ReportBvc();
    void ReportMs(Ptr<GprsMobileStation> ms);
    void TellDiscarded(uint64_t imsi, uint32_t octets, uint32_t frames);

    // what the meter of the station's energy is told, if there is one
    /// What a PDU is for that is to be sent, or being sent.
    static void MeterPdu(const TemporaryBlockFlow& flow, const LlcPdu& pdu);
    /// @param wanted whether the station waits for an access or assignment.
    static void MeterRequest(const TemporaryBlockFlow& flow, bool wanted);
    static void MeterStart(const TemporaryBlockFlow& flow);
    /// The TBF has no data, and is open until its openUntil.
    void MeterEnd(const TemporaryBlockFlow& flow) const;

    /// An uplink flow whose station is out of coverage has no TBF. @return whether it is so.
    bool WaitsForCoverage(TemporaryBlockFlow& flow);
    /// A page was read on the PCH.
    void PageRead(Ptr<GprsMobileStation> ms);
    /// A message to the station with an assignment did not arrive. @return whether to try again.
    bool TryAgain(TemporaryBlockFlow& flow);

    /// A page for circuit switching has been sent on the PACCH.
    void PacchPageSent(Ptr<GprsMobileStation> ms);

    // uplink access, in the order in which a station meets it
    void RequestUplink(Ptr<GprsMobileStation> ms);
    void UplinkAccessDecoded(Ptr<GprsMobileStation> ms, uint32_t request, bool decoded);
    void ReactUplink(Ptr<GprsMobileStation> ms, uint32_t request);
    void UplinkAssigned(Ptr<GprsMobileStation> ms, uint32_t request);
    void RequestUplinkAgain(Ptr<GprsMobileStation> ms, uint32_t request);

    // downlink assignment
    void AssignDownlink(Ptr<GprsMobileStation> ms);
    void ReactDownlink(Ptr<GprsMobileStation> ms, uint32_t request);
    void DownlinkAssigned(Ptr<GprsMobileStation> ms, uint32_t request);

    // attributes
    uint8_t m_pdchs;
    uint8_t m_sharedPdchs;
    VoiceLoadSettings m_voiceSettings;
    PacketSchedulerSettings m_settings;
    GprsCodingScheme m_codingScheme;
    bool m_linkAdaptation;
    RlcTransfer::Mode m_rlcMode;
    uint32_t m_egprsWindow;
    bool m_incrementalRedundancy;
    double m_blockErrorRate;
    Time m_pcuProcessing;
    Time m_assignmentReaction;
    Time m_pollPeriod;
    Time m_tbfReleaseDelay;
    Time m_extendedUplink;
    Time m_t3168;
    Time m_t3192;
    Time m_drxTimerMax;
    Time m_t3142;
    Time m_gbDelay;
    bool m_twoPhaseAccess;
    Time m_spikeInterval;
    Ptr<RandomVariableStream> m_spikeDuration; ///< s
    bool m_resumption;
    bool m_flowControl;
    Time m_bucketTime;
    Time m_flowControlPeriod;

    NetworkMode m_networkMode = NetworkMode::NMO_II;
    RoutingAreaId m_routingArea;
    TracedCallback<bool, uint32_t, Ptr<const Packet>> m_frameTrace;
    TracedCallback<uint64_t, bool, GprsTransferEvent, Time> m_transferTrace;
    Ptr<CommonControlChannel> m_ccch;
    Ptr<GsmRadioConditions> m_conditions;
    Ptr<Sgsn> m_sgsn;
    Ptr<UniformRandomVariable> m_blockErrors;
    Ptr<ExponentialRandomVariable> m_spikes;
    std::map<uint64_t, std::list<LlcPdu>> m_left; ///< for stations that have left, by IMSI
    mutable VoiceLoad m_voice;                    ///< moves on when it is looked at
    PacketScheduler m_scheduler;
    bool m_inService = true;
    Time m_flowControlled; ///< when the SGSN was last told of the cell's bucket

    GprsStationOctets m_stationOctets;
    OctetLedger m_uplinkOctets;   ///< LLC PDUs
    OctetLedger m_downlinkOctets; ///< LLC PDUs
    uint64_t m_uplinkTbfs = 0;
    uint64_t m_downlinkTbfs = 0;
    uint64_t m_tbfFailures = 0;
    uint64_t m_accessRejects = 0;
    uint64_t m_assignmentsLost = 0;
    uint64_t m_packetPages = 0;
    uint64_t m_delaySpikes = 0;
    uint64_t m_pacchPages = 0;  ///< for circuit switching
    uint64_t m_pagesMissed = 0; ///< likewise, on the PCH
    uint64_t m_suspensions = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_CELL_H
