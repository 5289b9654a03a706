// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GSM_RADIO_CONDITIONS_H
#define P2PIM_GSM_RADIO_CONDITIONS_H

#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/vector.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace p2pim
{

class GsmMobileStation;
class Sdcch;

/**
 * Random streams of what is off by default lie far from the others of a cell, so that a cell
 * without them draws the same numbers as before they existed.
 *
 * @param first the first stream of the cell.
 * @return the first of 64 streams of its own.
 */
constexpr int64_t
GetOptionalStreams(int64_t first)
{
    return (int64_t{1} << 40) + 64 * first;
}

/// Which way a block goes.
enum class GsmDirection : uint8_t
{
    UPLINK,  ///< from the phone
    DOWNLINK ///< to the phone
};

/// Logical channels as far as their coding makes a difference (TS 45.005 6.2, 6.3).
enum class GsmChannel : uint8_t
{
    RACH,     ///< access burst
    CCCH,     ///< a block of the AGCH or PCH
    DEDICATED ///< a block of an SDCCH or SACCH
};

/**
 * What the radio link between one cell and its phones does to bursts and blocks. A cell asks at
 * each access burst and at each block of the CCCH, and for a dedicated channel when a phone tunes
 * in.
 */
class GsmRadioConditions : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    GsmRadioConditions();
    ~GsmRadioConditions() override;

    /// An access burst at the BTS.
    struct AccessBurst
    {
        bool decodable = true; ///< it is decoded when no other one is in its slot
        double power = 0;      ///< C/(I+N), linear; 0: these conditions know no levels
    };

    /// @param position where the cell's antenna is, m.
    virtual void SetCellPosition(const Vector& position);

    /**
     * @param ms the phone; null for a source of load that is no phone.
     * @param direction which way.
     * @param channel which channel.
     * @return the share of bursts or blocks lost, 0 to 1.
     */
    virtual double GetErasureRate(const GsmMobileStation* ms,
                                  GsmDirection direction,
                                  GsmChannel channel) const = 0;

    /**
     * @param ms a phone.
     * @param direction which way.
     * @return C/(I+N) averaged over fading, dB; nothing if these conditions know no levels.
     */
    virtual std::optional<double> GetMeanCarrierRatio(const GsmMobileStation& ms,
                                                      GsmDirection direction) const;

    /// @return how an access burst of @p ms, which may be null, arrives; draws its fading.
    virtual AccessBurst ReceiveAccessBurst(const GsmMobileStation* ms);

    /// Sets the losses of a dedicated @p channel that @p ms, which may be null, tunes to.
    void Apply(const GsmMobileStation* ms, Sdcch& channel) const;

    /// @return whether a downlink block of the CCCH is lost for @p ms; draws if it may be.
    bool LosesCcchBlock(const GsmMobileStation* ms);

    /**
     * @param first the first stream number to use.
     * @return the number of streams used.
     */
    virtual int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;
    /// @return whether something that happens with @p probability does.
    bool Draw(double probability);
    /// @return a uniform random number.
    double DrawUniform();

  private:
    Ptr<UniformRandomVariable> m_random; ///< losses
};

/// The same loss for every phone, wherever it is; none by default.
class ConstantRadioConditions : public GsmRadioConditions
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    ConstantRadioConditions();
    ~ConstantRadioConditions() override;

    double GetErasureRate(const GsmMobileStation* ms,
                          GsmDirection direction,
                          GsmChannel channel) const override;

  private:
    double m_uplink;   ///< share lost
    double m_downlink; ///< share lost
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GSM_RADIO_CONDITIONS_H
