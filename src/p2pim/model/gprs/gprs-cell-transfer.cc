// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * LLC PDUs on their way through a cell: where they come in, go out, or are lost.
 */
#include "ns3/gprs-cell.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/sgsn.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

void
GprsCell::Enqueue(TemporaryBlockFlow& flow, LlcPdu pdu)
{
    const uint32_t octets = GetLlcOctets(pdu);
    OctetLedger& ledger = flow.uplink ? m_uplinkOctets : m_downlinkOctets;
    ledger.In(octets);
    m_transferTrace(flow.ms->GetImsi(), flow.uplink, GprsTransferEvent::QUEUED, Simulator::Now());
    if (!m_inService)
    {
        ledger.Lose(octets, LossCause::OUTAGE);
        return;
    }
    MeterPdu(flow, pdu);
    flow.queue.push_back(std::move(pdu));
    if (flow.state == TemporaryBlockFlow::State::ACTIVE)
    {
        m_scheduler.Append(flow);
    }
    else if (flow.state == TemporaryBlockFlow::State::NONE)
    {
        SendMore(flow);
    }
    ReportFlow(flow);
}

void
GprsCell::SendUplink(Ptr<GprsMobileStation> ms, LlcPdu pdu)
{
    Enqueue(GetRlc(*ms).uplink, std::move(pdu));
}

void
GprsCell::SendDownlink(Ptr<GprsMobileStation> ms, LlcPdu pdu)
{
    if (ms->GetCell() == this)
    {
        Enqueue(GetRlc(*ms).downlink, std::move(pdu));
        return;
    }
    m_downlinkOctets.In(GetLlcOctets(pdu));
    if (m_inService)
    {
        m_left[ms->GetImsi()].push_back(std::move(pdu));
    }
    else
    {
        m_downlinkOctets.Lose(GetLlcOctets(pdu), LossCause::OUTAGE);
    }
}

void
GprsCell::EndPdu(TemporaryBlockFlow& flow, RlcTransfer::Outcome outcome)
{
    auto pdu = std::move(flow.queue.front());
    flow.queue.pop_front();
    OctetLedger& ledger = flow.uplink ? m_uplinkOctets : m_downlinkOctets;
    if (outcome == RlcTransfer::Outcome::LOST)
    {
        ledger.Lose(GetLlcOctets(pdu), LossCause::RADIO);
        ReportFlow(flow);
        return;
    }
    ledger.Out(GetLlcOctets(pdu));
    ReportFlow(flow);
    m_frameTrace(flow.uplink, pdu.tlli, pdu.frame);
    m_transferTrace(flow.ms->GetImsi(), flow.uplink, GprsTransferEvent::DELIVERED, flow.lastBlock);
    const Time end = flow.lastBlock - Simulator::Now();
    Ptr<GprsMobileStation> ms(flow.ms);
    if (flow.uplink)
    {
        Simulator::ScheduleWithContext(m_sgsn->GetNodeId(),
                                       end + m_gbDelay,
                                       &Sgsn::ReceiveUplink,
                                       m_sgsn,
                                       Ptr<GprsCell>(this),
                                       ms,
                                       pdu);
    }
    else
    {
        Simulator::ScheduleWithContext(ms->GetNodeId(),
                                       end + ms->GetProcessingDelay(),
                                       &GprsMobileStation::ReceiveDownlink,
                                       ms,
                                       pdu);
    }
}

/// All that waits in a queue is lost.
void
GprsCell::Lose(TemporaryBlockFlow& flow, LossCause cause)
{
    m_scheduler.Stop(flow);
    flow.state = TemporaryBlockFlow::State::NONE;
    flow.attempts = 0;
    LosePdus(flow.ms->GetImsi(), flow.uplink, std::exchange(flow.queue, {}), cause);
    MeterEnd(flow);
}

void
GprsCell::Discard(GprsMobileStation& ms, LossCause cause)
{
    auto& rlc = GetRlc(ms);
    for (auto* flow : {&rlc.uplink, &rlc.downlink})
    {
        flow->openUntil = Time();
        Lose(*flow, cause);
    }
}

void
GprsCell::LosePdus(uint64_t imsi, bool uplink, const std::list<LlcPdu>& pdus, LossCause cause)
{
    uint32_t octets = 0;
    for (const auto& pdu : pdus)
    {
        octets += GetLlcOctets(pdu);
    }
    (uplink ? m_uplinkOctets : m_downlinkOctets).Lose(octets, cause);
    if (!uplink && !pdus.empty())
    {
        TellDiscarded(imsi, octets, static_cast<uint32_t>(pdus.size()));
    }
}

/// PDUs whose lifetime is over when their TBF begins.
void
GprsCell::LoseExpired(TemporaryBlockFlow& flow)
{
    if (!m_flowControl)
    {
        return;
    }
    std::list<LlcPdu> expired;
    const Time now = Simulator::Now();
    for (auto pdu = flow.queue.begin(); pdu != flow.queue.end();)
    {
        const auto each = pdu++;
        if (each->expires < now)
        {
            expired.splice(expired.end(), flow.queue, each);
        }
    }
    LosePdus(flow.ms->GetImsi(), flow.uplink, expired, LossCause::NO_ROOM);
}

void
GprsCell::SetInService(bool inService)
{
    m_inService = inService;
    if (!inService)
    {
        for (TemporaryBlockFlow* flow : m_scheduler.GetFlows())
        {
            Lose(*flow, LossCause::OUTAGE);
        }
        for (const auto& [imsi, pdus] : std::exchange(m_left, {}))
        {
            LosePdus(imsi, false, pdus, LossCause::OUTAGE);
        }
    }
}

} // namespace p2pim
} // namespace ns3
