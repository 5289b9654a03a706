// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/immediate-assignment-procedure.h"

#include "ns3/gsm-mobile-station.h"
#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint16_t REFERENCE_MODULUS = 42432; // TS 44.018 10.5.2.30

/// @return the reference of the CHANNEL REQUEST in the RACH slot that ends now.
RequestReference
MakeReference(EstablishmentCause cause)
{
    const int64_t frame = TdmaCurrentFrame(Simulator::Now()) - 1;
    return {EncodeChannelRequest(cause, static_cast<uint8_t>(frame)),
            static_cast<uint16_t>(frame % REFERENCE_MODULUS)};
}

} // namespace

ImmediateAssignmentProcedure::ImmediateAssignmentProcedure(
    const ImmediateAssignmentSettings& settings,
    DedicatedChannelPool& pool,
    DedicatedChannelUser& network,
    BlockTrace& trace)
    : m_settings(settings),
      m_pool(pool),
      m_network(network),
      m_trace(trace)
{
}

ImmediateAssignmentProcedure::~ImmediateAssignmentProcedure()
{
    m_queueEvent.Cancel();
}

std::size_t
ImmediateAssignmentProcedure::GetIndex(EstablishmentCause cause)
{
    switch (cause)
    {
    case EstablishmentCause::ANSWER_TO_PAGING:
        return 0;
    case EstablishmentCause::LOCATION_UPDATING:
        return 2;
    case EstablishmentCause::ORIGINATING_CALL:
        return 3;
    default:
        return 1;
    }
}

void
ImmediateAssignmentProcedure::SetCcch(Ptr<CommonControlChannel> ccch)
{
    m_ccch = ccch;
    if (!ccch)
    {
        m_conditions = nullptr;
        m_open.clear();
        DropQueue();
    }
}

void
ImmediateAssignmentProcedure::SetConditions(Ptr<GsmRadioConditions> conditions)
{
    m_conditions = conditions;
}

uint64_t
ImmediateAssignmentProcedure::Start(EstablishmentCause cause,
                                    const GsmMobileStation* ms,
                                    ChannelCallback done)
{
    const uint64_t number = ++m_lastNumber;
    const auto outcome =
        Callback<void, bool>([this, number](bool decoded) { HandleRequest(number, decoded); });
    RadioEnergyMeter* const meter = ms != nullptr ? ms->GetEnergyMeter() : nullptr;
    m_open[number] = {cause, ms, done, m_ccch->GetRach().Start(outcome, ms, true, meter)};
    return number;
}

void
ImmediateAssignmentProcedure::Abandon(uint64_t number)
{
    const auto access = m_open.find(number);
    if (access != m_open.end())
    {
        m_ccch->GetRach().Stop(access->second.rachNumber);
        m_open.erase(access);
    }
}

void
ImmediateAssignmentProcedure::Finish(uint64_t number, const ChannelAnswer& answer)
{
    const ChannelCallback done = m_open.at(number).done;
    Abandon(number);
    done(answer);
}

void
ImmediateAssignmentProcedure::HandleRequest(uint64_t number, bool decoded)
{
    if (!decoded)
    {
        Finish(number, {ChannelOutcome::FAILED, nullptr});
        return;
    }
    const EstablishmentCause cause = m_open.at(number).cause;
    const Request request{number,
                          cause,
                          MakeReference(cause),
                          Simulator::Now() + m_settings.sdcchQueueTime};
    ++m_requests[GetIndex(cause)];
    Sdcch* channel = m_queue.empty() ? m_pool.Seize(&m_network, m_settings.t3101) : nullptr;
    if (channel != nullptr)
    {
        GiveChannel(request, *channel);
    }
    else if (m_queue.size() < m_settings.sdcchQueueLimit)
    {
        ++m_queued;
        m_queue.push_back(request);
        PlanQueue();
    }
    else
    {
        RejectRequest(request);
    }
}

void
ImmediateAssignmentProcedure::GiveChannel(const Request& request, Sdcch& channel)
{
    ImmediateAssignment assignment;
    assignment.sdcch4 = channel.GetKind() == DedicatedChannelKind::SDCCH_4;
    assignment.subchannel = channel.GetSubchannel();
    assignment.timeSlot = channel.GetTimeSlot();
    assignment.reference = request.reference;
    const Grant grant{request.number,
                      &channel,
                      channel.GetSeizure(),
                      EncodeImmediateAssignment(assignment)};
    const bool queued =
        m_ccch->GetAgch().Offer(Callback<void>([this, grant]() { DeliverAssignment(grant); }),
                                m_settings.bscProcessingTime);
    if (!queued)
    {
        // DELETE INDICATION (TS 48.058 8.5.4): the BTS had no room, the BSC takes the channel back.
        m_pool.Release(channel, Simulator::Now());
    }
}

void
ImmediateAssignmentProcedure::RejectRequest(const Request& request)
{
    ++m_blocked[GetIndex(request.cause)];
    const uint64_t number = request.number;
    m_ccch->GetAgch().OfferReject(
        {request.reference, static_cast<uint8_t>(m_settings.t3122.GetSeconds())},
        Callback<void, const L2Block&, std::size_t>(
            [this, number](const L2Block& block, std::size_t place) {
                DeliverReject(number, block, place);
            }),
        m_settings.bscProcessingTime);
}

bool
ImmediateAssignmentProcedure::IsLost(uint64_t number)
{
    const auto access = m_open.find(number);
    if (access == m_open.end())
    {
        return true;
    }
    const bool lost = m_conditions && m_conditions->LosesCcchBlock(access->second.ms);
    m_lost += lost ? 1 : 0;
    return lost;
}

void
ImmediateAssignmentProcedure::DeliverAssignment(const Grant& grant)
{
    m_trace(grant.block);
    if (IsLost(grant.number))
    {
        return;
    }
    Sdcch& channel = *grant.channel;
    if (channel.GetSeizure() != grant.seizure || !channel.IsOpen())
    {
        Finish(grant.number, {ChannelOutcome::FAILED, nullptr});
        return;
    }
    if (m_conditions)
    {
        const GsmMobileStation* ms = m_open.at(grant.number).ms;
        m_conditions->Apply(ms, channel);
    }
    Finish(grant.number, {ChannelOutcome::ASSIGNED, &grant.block, &channel});
}

void
ImmediateAssignmentProcedure::DeliverReject(uint64_t number,
                                            const L2Block& block,
                                            std::size_t place)
{
    if (place == 0)
    {
        m_trace(block);
    }
    if (!IsLost(number))
    {
        Finish(number, {ChannelOutcome::REJECTED, &block});
    }
}

void
ImmediateAssignmentProcedure::FollowRelease()
{
    if (!m_queue.empty())
    {
        PlanQueue();
    }
}

void
ImmediateAssignmentProcedure::PlanQueue()
{
    m_queueEvent.Cancel();
    if (m_queue.empty())
    {
        return;
    }
    const Time now = Simulator::Now();
    const Time next = std::min(m_pool.GetNextFree(), m_queue.front().deadline);
    m_queueEvent = Simulator::Schedule(std::max(next, now) - now,
                                       &ImmediateAssignmentProcedure::ServeQueue,
                                       this);
}

void
ImmediateAssignmentProcedure::ServeQueue()
{
    const Time now = Simulator::Now();
    while (!m_queue.empty())
    {
        const Request request = m_queue.front();
        Sdcch* channel = m_pool.Seize(&m_network, m_settings.t3101);
        if (channel == nullptr && request.deadline > now)
        {
            break;
        }
        m_queue.pop_front();
        m_queueTime += now - (request.deadline - m_settings.sdcchQueueTime);
        if (channel != nullptr)
        {
            GiveChannel(request, *channel);
        }
        else
        {
            RejectRequest(request);
        }
    }
    PlanQueue();
}

void
ImmediateAssignmentProcedure::DropQueue()
{
    m_queue.clear();
    m_queueEvent.Cancel();
}

uint64_t
ImmediateAssignmentProcedure::GetBlocked() const
{
    return std::accumulate(m_blocked.begin(), m_blocked.end(), uint64_t{0});
}

CounterList
ImmediateAssignmentProcedure::GetCounters() const
{
    static const std::array<std::string, CAUSES> names{"paging", "sms", "location", "call"};
    CounterList counters;
    for (std::size_t i = 0; i < CAUSES; ++i)
    {
        counters.emplace_back("sdcch_requests_" + names[i], static_cast<double>(m_requests[i]));
        counters.emplace_back("sdcch_blocked_" + names[i], static_cast<double>(m_blocked[i]));
    }
    counters.emplace_back("sdcch_queued", static_cast<double>(m_queued));
    counters.emplace_back("sdcch_queue_seconds", m_queueTime.GetSeconds());
    counters.emplace_back("agch_lost", static_cast<double>(m_lost));
    return counters;
}

} // namespace p2pim
} // namespace ns3
