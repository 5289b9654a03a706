// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * What a cell tells the SGSN for BSSGP flow control (TS 48.018 8.2).
 */
#include "ns3/gprs-cell.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/sgsn.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace p2pim
{

namespace
{

/// Timeslots that a station is taken to have unless it is told otherwise (osmo-pcu: 4).
constexpr uint8_t DEFAULT_SLOTS = 4;
/// The largest Bucket_Full Ratio that an octet tells, in per cent.
constexpr double MAX_FULL_RATIO = 2.55;

/// @return octets/s of RLC data.
double
GetRate(uint8_t slots, GprsCodingScheme scheme)
{
    constexpr double blocks = 1e9 / RADIO_BLOCK_NS;
    return blocks * slots * GetRlcDataOctets(scheme);
}

} // namespace

/// @param octets that wait in it.
BssgpBucket
GprsCell::MakeBucket(double rate, double octets) const
{
    const double size = std::ceil(rate * m_bucketTime.GetSeconds());
    return {static_cast<uint32_t>(size), rate, std::min(octets / size, MAX_FULL_RATIO)};
}

std::optional<FlowControlBvc>
GprsCell::GetFlowControl()
{
    if (!m_flowControl)
    {
        return std::nullopt;
    }
    const uint8_t pdchs = CountPdchs();
    const auto inside = static_cast<double>(m_downlinkOctets.GetInside());
    FlowControlBvc message;
    message.bvc = MakeBucket(GetRate(pdchs, m_codingScheme), inside);
    message.defaultMs = MakeBucket(GetRate(std::min(pdchs, DEFAULT_SLOTS), m_codingScheme), 0);
    message.defaultMs.fullRatio = -1;
    return message;
}

/// A PDU has come for a station, or is through. The report counts all that come at the same time.
void
GprsCell::ReportFlow(TemporaryBlockFlow& flow)
{
    const Time now = Simulator::Now();
    if (!m_flowControl || flow.uplink)
    {
        return;
    }
    if (now >= m_flowControlled + m_flowControlPeriod)
    {
        m_flowControlled = now;
        Simulator::ScheduleNow(&GprsCell::ReportBvc, Ptr<GprsCell>(this));
    }
    if (now >= flow.flowControlled + m_flowControlPeriod)
    {
        flow.flowControlled = now;
        Simulator::ScheduleNow(&GprsCell::ReportMs,
                               Ptr<GprsCell>(this),
                               Ptr<GprsMobileStation>(flow.ms));
    }
}

void
GprsCell::ReportBvc()
{
    Simulator::ScheduleWithContext(m_sgsn->GetNodeId(),
                                   m_gbDelay,
                                   &Sgsn::ReceiveFlowControlBvc,
                                   m_sgsn,
                                   Ptr<GprsCell>(this),
                                   *GetFlowControl());
}

/// A station whose rate is not what the SGSN takes it to be has a bucket of its own.
void
GprsCell::ReportMs(Ptr<GprsMobileStation> ms)
{
    const TemporaryBlockFlow& flow = GetRlc(*ms).downlink;
    const uint8_t pdchs = CountPdchs();
    const bool active = flow.state == TemporaryBlockFlow::State::ACTIVE;
    const double rate =
        GetRate(std::min(pdchs, ms->GetSlots().downlink), active ? flow.scheme : m_codingScheme);
    if (rate == GetRate(std::min(pdchs, DEFAULT_SLOTS), m_codingScheme))
    {
        return;
    }
    double octets = 0;
    for (const auto& pdu : flow.queue)
    {
        octets += GetLlcOctets(pdu);
    }
    Simulator::ScheduleWithContext(m_sgsn->GetNodeId(),
                                   m_gbDelay,
                                   &Sgsn::ReceiveFlowControlMs,
                                   m_sgsn,
                                   Ptr<GprsCell>(this),
                                   ms->GetImsi(),
                                   MakeBucket(rate, octets));
}

/// LLC-DISCARDED (TS 48.018 10.4.3).
void
GprsCell::TellDiscarded(uint64_t imsi, uint32_t octets, uint32_t frames)
{
    if (m_flowControl && m_inService)
    {
        Simulator::ScheduleWithContext(m_sgsn->GetNodeId(),
                                       m_gbDelay,
                                       &Sgsn::ReceiveDiscarded,
                                       m_sgsn,
                                       Ptr<GprsCell>(this),
                                       imsi,
                                       octets,
                                       frames);
    }
}

} // namespace p2pim
} // namespace ns3
