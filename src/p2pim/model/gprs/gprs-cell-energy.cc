// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * What a cell tells the meters of its stations' energy.
 */
#include "ns3/gprs-cell.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/simulator.h"

#include <bitset>

namespace ns3
{
namespace p2pim
{

void
GprsCell::MeterPdu(const TemporaryBlockFlow& flow, const LlcPdu& pdu)
{
    if (flow.meter != nullptr)
    {
        flow.meter->SetPacketPurpose(Simulator::Now(), GetEnergyPurpose(pdu));
    }
}

void
GprsCell::MeterRequest(const TemporaryBlockFlow& flow, bool wanted)
{
    if (flow.meter != nullptr)
    {
        flow.meter->SetPacketRequest(Simulator::Now(), flow.uplink, wanted);
    }
}

void
GprsCell::MeterStart(const TemporaryBlockFlow& flow)
{
    if (flow.meter != nullptr)
    {
        const auto slots = static_cast<uint8_t>(std::bitset<8>(flow.pdchs).count());
        flow.meter->StartTransfer(Simulator::Now(), flow.uplink, slots);
    }
}

void
GprsCell::MeterEnd(const TemporaryBlockFlow& flow) const
{
    if (flow.meter == nullptr)
    {
        return;
    }
    TransferTail tail;
    if (flow.openUntil.IsStrictlyPositive())
    {
        tail.end = flow.lastBlock;
        tail.polledUntil = flow.uplink ? Time() : flow.openUntil;
        tail.openUntil = flow.openUntil + (flow.uplink ? Time() : m_t3192);
        tail.nonDrxUntil = flow.lastBlock + m_drxTimerMax;
    }
    tail.pollPeriod = m_pollPeriod;
    flow.meter->EndTransfer(Simulator::Now(), flow.uplink, tail);
}

} // namespace p2pim
} // namespace ns3
