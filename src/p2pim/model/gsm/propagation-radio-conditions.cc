// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/propagation-radio-conditions.h"

#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/object-description.h"
#include "ns3/string.h"

#include <cmath>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(PropagationRadioConditions);

namespace
{

/// Thermal noise at 290 K in 270.833 kHz, dBm: the symbol rate of GMSK (TS 45.004 2.2).
constexpr double THERMAL_NOISE = -119.7;
/// Reference interference ratio for co-channel interference, dB (TS 45.005 6.3).
constexpr double REFERENCE_CARRIER_RATIO = 9;

double
ToLinear(double decibel)
{
    return std::pow(10.0, decibel / 10);
}

/// @return a hash of @p number (SplitMix64).
uint64_t
Hash(uint64_t number)
{
    number += 0x9E3779B97F4A7C15;
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9;
    number = (number ^ number >> 27) * 0x94D049BB133111EB;
    return number ^ number >> 31;
}

/// @return a number between 0 and 1, both excluded, from the high bits of @p number.
double
ToUniform(uint64_t number)
{
    return (static_cast<double>(number >> 11) + 0.5) / 9007199254740992.0; // 2^53
}

} // namespace

TypeId
PropagationRadioConditions::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::PropagationRadioConditions")
            .SetParent<ConstantRadioConditions>()
            .SetGroupName("P2pim")
            .AddConstructor<PropagationRadioConditions>()
            .AddAttribute(
                "LossModel",
                "Path loss: one of ns-3's propagation losses with its attributes, or several that "
                "add up, joined by +. Default: Hata, 900 MHz, urban, antennas at 30 m and 1.5 m "
                "(TR 43.030), which is 126.4 dB + 35.2 dB x lg(d / km).",
                StringValue("ns3::LogDistancePropagationLossModel[Exponent=3.522|"
                            "ReferenceDistance=10|ReferenceLoss=55.96]"),
                MakeStringAccessor(&PropagationRadioConditions::SetLossModel,
                                   &PropagationRadioConditions::GetLossModel),
                MakeStringChecker())
            .AddAttribute("BtsTransmitPower",
                          "Power of the BTS at the antenna, dBm. Own choice: 20 W.",
                          DoubleValue(43),
                          MakeDoubleAccessor(&PropagationRadioConditions::m_btsPower),
                          MakeDoubleChecker<double>(0, 60))
            .AddAttribute("MsTransmitPower",
                          "Power of a phone, dBm; 33 is class 4 (TS 45.005 4.1.1).",
                          DoubleValue(33),
                          MakeDoubleAccessor(&PropagationRadioConditions::m_msPower),
                          MakeDoubleChecker<double>(0, 60))
            .AddAttribute("BtsAntennaGain",
                          "Antenna of the BTS less feeder, dB: 12 - 2 (TR 43.030 annex A).",
                          DoubleValue(10),
                          MakeDoubleAccessor(&PropagationRadioConditions::m_antennaGain),
                          MakeDoubleChecker<double>(-30, 30))
            .AddAttribute("BtsNoiseFigure",
                          "Noise figure of the BTS, dB. Default: C/N is 9 dB at the reference "
                          "sensitivity of -104 dBm (TS 45.005 6.2).",
                          DoubleValue(6.7),
                          MakeDoubleAccessor(&PropagationRadioConditions::m_btsNoiseFigure),
                          MakeDoubleChecker<double>(0, 30))
            .AddAttribute("MsNoiseFigure",
                          "Noise figure of a phone, dB. Default: C/N is 9 dB at the reference "
                          "sensitivity of -102 dBm (TS 45.005 6.2).",
                          DoubleValue(8.7),
                          MakeDoubleAccessor(&PropagationRadioConditions::m_msNoiseFigure),
                          MakeDoubleChecker<double>(0, 30))
            .AddAttribute("InterferenceMargin",
                          "By how much interference raises the noise, dB (TR 43.030 annex A: 3).",
                          DoubleValue(3),
                          MakeDoubleAccessor(&PropagationRadioConditions::m_interference),
                          MakeDoubleChecker<double>(0, 60))
            .AddAttribute("ShadowingDeviation",
                          "Standard deviation of the log-normal shadowing, dB, drawn once for each "
                          "phone; 0 is none. Own choice: 7, usual in cities.",
                          DoubleValue(7),
                          MakeDoubleAccessor(&PropagationRadioConditions::m_shadowing),
                          MakeDoubleChecker<double>(0, 20))
            .AddAttribute("BlockErasureAtReference",
                          "Share of blocks on SDCCH, SACCH, AGCH and PCH that are lost at a mean "
                          "C/(I+N) of 9 dB, 0.001 to 0.9: TS 45.005 table 2, SDCCH, TU3 without "
                          "frequency hopping, where fading is constant over a block.",
                          DoubleValue(0.22),
                          MakeDoubleAccessor(&PropagationRadioConditions::m_blockErasure),
                          MakeDoubleChecker<double>(0.001, 0.9))
            .AddAttribute("AccessErasureAtReference",
                          "Share of access bursts that are lost at a mean C/(I+N) of 9 dB, 0.001 "
                          "to 0.9: TS 45.005 table 2, RACH, TU3.",
                          DoubleValue(0.15),
                          MakeDoubleAccessor(&PropagationRadioConditions::m_accessErasure),
                          MakeDoubleChecker<double>(0.001, 0.9));
    return tid;
}

PropagationRadioConditions::PropagationRadioConditions()
    : m_cell(CreateObject<ConstantPositionMobilityModel>()),
      m_shadowingKeySource(CreateObject<UniformRandomVariable>())
{
}

PropagationRadioConditions::~PropagationRadioConditions() = default;

void
PropagationRadioConditions::DoDispose()
{
    m_loss = nullptr;
    m_cell = nullptr;
    m_shadowingKeySource = nullptr;
    ConstantRadioConditions::DoDispose();
}

bool
PropagationRadioConditions::SetLossModel(const std::string& models)
{
    Ptr<PropagationLossModel> first;
    Ptr<PropagationLossModel> last;
    for (const std::string& model : SplitOutsideBrackets(models, '+'))
    {
        const auto factory = ParseObjectDescription(model, PropagationLossModel::GetTypeId());
        if (!factory)
        {
            return false;
        }
        const auto loss = factory->Create<PropagationLossModel>();
        if (last)
        {
            last->SetNext(loss);
        }
        else
        {
            first = loss;
        }
        last = loss;
    }
    m_lossModelText = models;
    m_loss = first;
    return true;
}

std::string
PropagationRadioConditions::GetLossModel() const
{
    return m_lossModelText;
}

void
PropagationRadioConditions::SetPropagationLossModel(Ptr<PropagationLossModel> loss)
{
    m_loss = loss;
}

void
PropagationRadioConditions::SetCellPosition(const Vector& position)
{
    m_cell->SetPosition(position);
}

double
PropagationRadioConditions::GetShadowing(uint64_t imsi) const
{
    if (m_shadowing == 0)
    {
        return 0;
    }
    // One draw for all phones: a phone's shadowing does not depend on who was asked for before.
    if (m_shadowingKey == 0)
    {
        m_shadowingKey = static_cast<uint64_t>(m_shadowingKeySource->GetInteger(1, UINT32_MAX - 1))
                             << 32 |
                         m_shadowingKeySource->GetInteger(0, UINT32_MAX - 1);
    }
    const uint64_t first = Hash(m_shadowingKey ^ Hash(imsi));
    constexpr double twoPi = 6.283185307179586;
    return m_shadowing * std::sqrt(-2 * std::log(ToUniform(first))) *
           std::cos(twoPi * ToUniform(Hash(first)));
}

std::optional<double>
PropagationRadioConditions::GetMeanCarrierRatio(const GsmMobileStation& ms,
                                                GsmDirection direction) const
{
    const auto position = ms.GetObject<MobilityModel>();
    if (!position)
    {
        return std::nullopt;
    }
    const bool uplink = direction == GsmDirection::UPLINK;
    const double carrier = m_loss->CalcRxPower(uplink ? m_msPower : m_btsPower,
                                               uplink ? position : m_cell,
                                               uplink ? m_cell : position) +
                           m_antennaGain + GetShadowing(ms.GetImsi());
    const double noise =
        THERMAL_NOISE + (uplink ? m_btsNoiseFigure : m_msNoiseFigure) + m_interference;
    return carrier - noise;
}

double
PropagationRadioConditions::GetThreshold(GsmChannel channel) const
{
    const double lost = channel == GsmChannel::RACH ? m_accessErasure : m_blockErasure;
    return -std::log1p(-lost) * ToLinear(REFERENCE_CARRIER_RATIO);
}

std::optional<double>
PropagationRadioConditions::GetGamma(const GsmMobileStation* ms, GsmDirection direction) const
{
    const auto ratio = ms != nullptr ? GetMeanCarrierRatio(*ms, direction) : std::nullopt;
    return ratio ? std::optional<double>(ToLinear(*ratio)) : std::nullopt;
}

double
PropagationRadioConditions::GetErasureRate(const GsmMobileStation* ms,
                                           GsmDirection direction,
                                           GsmChannel channel) const
{
    const auto gamma = GetGamma(ms, direction);
    return gamma ? -std::expm1(-GetThreshold(channel) / *gamma)
                 : ConstantRadioConditions::GetErasureRate(ms, direction, channel);
}

GsmRadioConditions::AccessBurst
PropagationRadioConditions::ReceiveAccessBurst(const GsmMobileStation* ms)
{
    const auto gamma = GetGamma(ms, GsmDirection::UPLINK);
    if (!gamma)
    {
        return ConstantRadioConditions::ReceiveAccessBurst(ms);
    }
    const double power = -*gamma * std::log1p(-DrawUniform());
    return {power >= GetThreshold(GsmChannel::RACH), power};
}

int64_t
PropagationRadioConditions::AssignStreams(int64_t first)
{
    const int64_t used = ConstantRadioConditions::AssignStreams(first);
    m_shadowingKeySource->SetStream(first + used);
    return used + 1 + m_loss->AssignStreams(first + used + 1);
}

} // namespace p2pim
} // namespace ns3
