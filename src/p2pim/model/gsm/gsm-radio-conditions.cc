// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gsm-radio-conditions.h"

#include "ns3/double.h"
#include "ns3/sdcch.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(GsmRadioConditions);
NS_OBJECT_ENSURE_REGISTERED(ConstantRadioConditions);

TypeId
GsmRadioConditions::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::GsmRadioConditions").SetParent<Object>().SetGroupName("P2pim");
    return tid;
}

GsmRadioConditions::GsmRadioConditions()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

GsmRadioConditions::~GsmRadioConditions() = default;

void
GsmRadioConditions::DoDispose()
{
    m_random = nullptr;
    Object::DoDispose();
}

void
GsmRadioConditions::SetCellPosition(const Vector& /* position */)
{
}

double
GsmRadioConditions::DrawUniform()
{
    return m_random->GetValue();
}

bool
GsmRadioConditions::Draw(double probability)
{
    return probability > 0 && DrawUniform() < probability;
}

std::optional<double>
GsmRadioConditions::GetMeanCarrierRatio(const GsmMobileStation& /* ms */,
                                        GsmDirection /* direction */) const
{
    return std::nullopt;
}

GsmRadioConditions::AccessBurst
GsmRadioConditions::ReceiveAccessBurst(const GsmMobileStation* ms)
{
    return {!Draw(GetErasureRate(ms, GsmDirection::UPLINK, GsmChannel::RACH)), 0};
}

void
GsmRadioConditions::Apply(const GsmMobileStation* ms, Sdcch& channel) const
{
    const double uplink = GetErasureRate(ms, GsmDirection::UPLINK, GsmChannel::DEDICATED);
    const double downlink = GetErasureRate(ms, GsmDirection::DOWNLINK, GsmChannel::DEDICATED);
    if (uplink > 0 || downlink > 0)
    {
        channel.SetErasureRates(uplink, downlink);
    }
}

bool
GsmRadioConditions::LosesCcchBlock(const GsmMobileStation* ms)
{
    return Draw(GetErasureRate(ms, GsmDirection::DOWNLINK, GsmChannel::CCCH));
}

int64_t
GsmRadioConditions::AssignStreams(int64_t first)
{
    m_random->SetStream(first);
    return 1;
}

TypeId
ConstantRadioConditions::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::ConstantRadioConditions")
            .SetParent<GsmRadioConditions>()
            .SetGroupName("P2pim")
            .AddConstructor<ConstantRadioConditions>()
            .AddAttribute("UplinkErasureRate",
                          "Share of access bursts and of uplink blocks on dedicated channels that "
                          "are lost, 0 to 1.",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&ConstantRadioConditions::m_uplink),
                          MakeDoubleChecker<double>(0.0, 1.0))
            .AddAttribute("DownlinkErasureRate",
                          "Share of blocks on AGCH, PCH and downlink dedicated channels that a "
                          "phone loses, 0 to 1.",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&ConstantRadioConditions::m_downlink),
                          MakeDoubleChecker<double>(0.0, 1.0));
    return tid;
}

ConstantRadioConditions::ConstantRadioConditions() = default;

ConstantRadioConditions::~ConstantRadioConditions() = default;

double
ConstantRadioConditions::GetErasureRate(const GsmMobileStation* /* ms */,
                                        GsmDirection direction,
                                        GsmChannel /* channel */) const
{
    return direction == GsmDirection::UPLINK ? m_uplink : m_downlink;
}

} // namespace p2pim
} // namespace ns3
