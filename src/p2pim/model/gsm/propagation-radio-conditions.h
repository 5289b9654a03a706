// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PROPAGATION_RADIO_CONDITIONS_H
#define P2PIM_PROPAGATION_RADIO_CONDITIONS_H

#include "ns3/gsm-radio-conditions.h"
#include "ns3/mobility-model.h"
#include "ns3/propagation-loss-model.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * Distance, shadowing and Rayleigh block fading. The mean C/(I+N) of a phone follows from ns-3's
 * propagation losses at the position of the MobilityModel that is aggregated with it, and from a
 * log-normal shadowing of its own. The amplitude is constant over a block and Rayleigh distributed,
 * so C/(I+N) is exponential; a block is lost when it is below a threshold theta, which for a mean
 * gamma has the probability 1 - exp(-theta / gamma). Theta follows from the losses that TS 45.005
 * table 2 allows at the reference interference ratio.
 *
 * A phone without a position has the constant conditions of the parent class.
 */
class PropagationRadioConditions : public ConstantRadioConditions
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    PropagationRadioConditions();
    ~PropagationRadioConditions() override;

    void SetCellPosition(const Vector& position) override;
    /// @param loss the first of a chain of propagation losses, instead of the attribute LossModel.
    void SetPropagationLossModel(Ptr<PropagationLossModel> loss);

    /// @return theta: the least C/(I+N) at which a burst or block of @p channel is read, linear.
    double GetThreshold(GsmChannel channel) const;

    double GetErasureRate(const GsmMobileStation* ms,
                          GsmDirection direction,
                          GsmChannel channel) const override;
    std::optional<double> GetMeanCarrierRatio(const GsmMobileStation& ms,
                                              GsmDirection direction) const override;
    AccessBurst ReceiveAccessBurst(const GsmMobileStation* ms) override;
    int64_t AssignStreams(int64_t first) override;

  protected:
    void DoDispose() override;

  private:
    bool SetLossModel(const std::string& models);
    std::string GetLossModel() const;
    double GetShadowing(uint64_t imsi) const;
    std::optional<double> GetGamma(const GsmMobileStation* ms, GsmDirection direction) const;

    std::string m_lossModelText;
    double m_btsPower;       ///< dBm
    double m_msPower;        ///< dBm
    double m_antennaGain;    ///< dB
    double m_btsNoiseFigure; ///< dB
    double m_msNoiseFigure;  ///< dB
    double m_interference;   ///< dB
    double m_shadowing;      ///< standard deviation, dB
    double m_blockErasure;   ///< share of blocks lost at the reference interference ratio
    double m_accessErasure;  ///< share of access bursts lost there
    Ptr<PropagationLossModel> m_loss;
    Ptr<MobilityModel> m_cell; ///< where the antenna is
    Ptr<UniformRandomVariable> m_shadowingKeySource;
    mutable uint64_t m_shadowingKey = 0; ///< 0: not drawn yet
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PROPAGATION_RADIO_CONDITIONS_H
