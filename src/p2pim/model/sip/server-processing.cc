// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/server-processing.h"

#include "ns3/ns3-compatibility.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

ServerProcessing::~ServerProcessing()
{
    m_event.Cancel();
}

void
ServerProcessing::SetTime(Ptr<RandomVariableStream> time)
{
    m_time = time;
}

void
ServerProcessing::Submit(std::function<void()> job)
{
    if (!m_time)
    {
        job();
        return;
    }
    const Time done = Simulator::Now() + Seconds(m_time->GetValue());
    const Time before = m_arrivals.empty() ? done : m_arrivals.back().done;
    m_arrivals.push_back({std::max(done, before), std::move(job)});
    if (!IsPending(m_event))
    {
        Arm();
    }
}

void
ServerProcessing::Arm()
{
    m_event = Simulator::Schedule(m_arrivals.front().done - Simulator::Now(),
                                  &ServerProcessing::HandleDone,
                                  this);
}

void
ServerProcessing::HandleDone()
{
    const std::function<void()> job = std::move(m_arrivals.front().job);
    m_arrivals.pop_front();
    if (!m_arrivals.empty())
    {
        Arm();
    }
    job();
}

} // namespace p2pim
} // namespace ns3
