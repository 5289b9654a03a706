// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/bssgp-flow-control.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ns3
{
namespace p2pim
{

double
BssgpFlowControl::Bucket::GetLevel(Time now) const
{
    return std::max(0.0, level - limits.leakRate * (now - last).GetSeconds());
}

/// To the next nanosecond, so that it does conform then.
Time
BssgpFlowControl::Bucket::GetTime(Time now, uint32_t octets) const
{
    const double room = std::max(0.0, static_cast<double>(limits.size) - octets);
    const double excess = GetLevel(now) - room;
    if (excess <= 0)
    {
        return now;
    }
    constexpr double nanoseconds = 1e9;
    constexpr double longest = 1e18;
    const double wait = std::ceil(excess / limits.leakRate * nanoseconds) + 1;
    return now + NanoSeconds(static_cast<int64_t>(std::min(wait, longest)));
}

void
BssgpFlowControl::Bucket::Add(Time now, double octets)
{
    level = std::max(0.0, GetLevel(now) + octets);
    last = now;
}

void
BssgpFlowControl::Bucket::Change(Time now, const BssgpBucket& limits)
{
    level = limits.fullRatio < 0 ? GetLevel(now) : limits.fullRatio * limits.size;
    last = now;
    this->limits = limits;
}

BssgpFlowControl::BssgpFlowControl(const BssgpFlowControlSettings& settings)
    : m_settings(settings)
{
}

void
BssgpFlowControl::ReceiveBvc(Time now, const FlowControlBvc& message)
{
    m_bvc.Change(now, message.bvc);
    m_defaultMs = message.defaultMs;
}

void
BssgpFlowControl::ReceiveMs(Time now, uint64_t imsi, const BssgpBucket& message)
{
    Entry& entry = GetEntry(now, imsi);
    entry.second.bucket.Change(now, message);
    entry.second.ownUntil = now + m_settings.msValidity;
    Reconsider(now, entry);
}

void
BssgpFlowControl::ReceiveDiscarded(Time now, uint64_t imsi, uint32_t octets)
{
    Entry& entry = GetEntry(now, imsi);
    m_bvc.Add(now, -static_cast<double>(octets));
    entry.second.bucket.Add(now, -static_cast<double>(octets));
    Reconsider(now, entry);
}

BssgpFlowControl::Entry&
BssgpFlowControl::GetEntry(Time now, uint64_t imsi)
{
    Entry& entry = *m_stations.try_emplace(imsi).first;
    if (now >= entry.second.ownUntil)
    {
        entry.second.bucket.Change(now, m_defaultMs);
    }
    return entry;
}

/// There is a PDU for a station that does not wait yet.
void
BssgpFlowControl::StartWaiting(Time now, Entry& entry)
{
    auto& [imsi, station] = entry;
    const LlcPdu& pdu = station.queue.front();
    station.conforms = station.bucket.GetTime(now, GetLlcOctets(pdu));
    if (station.conforms > now)
    {
        station.wait = Wait::MS;
        m_sleeping.emplace(station.conforms, imsi);
        return;
    }
    station.wait = Wait::BVC;
    station.delayClass = pdu.delayClass;
    auto& ready = m_ready[station.delayClass - 1U];
    station.place = ready.insert(ready.end(), imsi);
}

void
BssgpFlowControl::StopWaiting(Entry& entry)
{
    auto& [imsi, station] = entry;
    if (station.wait == Wait::MS)
    {
        m_sleeping.erase({station.conforms, imsi});
    }
    else if (station.wait == Wait::BVC)
    {
        m_ready[station.delayClass - 1U].erase(station.place);
    }
    station.wait = Wait::NONE;
}

/// The bucket of a station is another.
void
BssgpFlowControl::Reconsider(Time now, Entry& entry)
{
    if (entry.second.wait == Wait::MS)
    {
        StopWaiting(entry);
        StartWaiting(now, entry);
    }
}

bool
BssgpFlowControl::Submit(Time now, uint64_t imsi, LlcPdu pdu)
{
    Entry& entry = GetEntry(now, imsi);
    Station& station = entry.second;
    const uint32_t octets = GetLlcOctets(pdu);
    if (!station.queue.empty() && station.octets + octets > m_settings.queueOctets)
    {
        return false;
    }
    station.queue.push_back(std::move(pdu));
    station.octets += octets;
    m_octets += octets;
    if (station.wait == Wait::NONE)
    {
        StartWaiting(now, entry);
    }
    return true;
}

LlcPdu
BssgpFlowControl::Pop(Station& station)
{
    LlcPdu pdu = std::move(station.queue.front());
    station.queue.pop_front();
    station.octets -= GetLlcOctets(pdu);
    m_octets -= GetLlcOctets(pdu);
    return pdu;
}

void
BssgpFlowControl::DropExpired(Time now, Station& station, std::vector<LlcPdu>& expired)
{
    while (!station.queue.empty() && station.queue.front().expires < now)
    {
        expired.push_back(Pop(station));
    }
}

std::optional<uint64_t>
BssgpFlowControl::GetFirstReady() const
{
    for (const auto& imsis : m_ready)
    {
        if (!imsis.empty())
        {
            return imsis.front();
        }
    }
    return std::nullopt;
}

std::vector<BssgpFlowControl::Passed>
BssgpFlowControl::Serve(Time now, std::vector<LlcPdu>& expired)
{
    std::vector<Passed> passed;
    const auto goOn = [this, now, &expired](Entry& entry) {
        StopWaiting(entry);
        DropExpired(now, entry.second, expired);
        if (!entry.second.queue.empty())
        {
            StartWaiting(now, entry);
        }
    };
    while (!m_sleeping.empty() && m_sleeping.begin()->first <= now)
    {
        goOn(*m_stations.find(m_sleeping.begin()->second));
    }
    while (const auto first = GetFirstReady())
    {
        Entry& entry = *m_stations.find(*first);
        Station& station = entry.second;
        if (station.queue.front().expires < now)
        {
            goOn(entry);
            continue;
        }
        const uint32_t octets = GetLlcOctets(station.queue.front());
        if (m_bvc.GetTime(now, octets) > now)
        {
            break;
        }
        m_bvc.Add(now, octets);
        station.bucket.Add(now, octets);
        passed.push_back({*first, Pop(station)});
        goOn(entry);
    }
    return passed;
}

Time
BssgpFlowControl::GetDeadline(Time now) const
{
    Time deadline = m_sleeping.empty() ? Time::Max() : m_sleeping.begin()->first;
    if (const auto first = GetFirstReady())
    {
        const uint32_t octets = GetLlcOctets(m_stations.find(*first)->second.queue.front());
        deadline = std::min(deadline, m_bvc.GetTime(now, octets));
    }
    return deadline;
}

std::list<LlcPdu>
BssgpFlowControl::Remove(uint64_t imsi)
{
    const auto found = m_stations.find(imsi);
    if (found == m_stations.end())
    {
        return {};
    }
    StopWaiting(*found);
    m_octets -= found->second.octets;
    auto queue = std::move(found->second.queue);
    m_stations.erase(found);
    return queue;
}

std::vector<LlcPdu>
BssgpFlowControl::Clear()
{
    std::vector<LlcPdu> pdus;
    for (auto& station : m_stations)
    {
        pdus.insert(pdus.end(), station.second.queue.begin(), station.second.queue.end());
    }
    m_stations.clear();
    m_sleeping.clear();
    m_ready = {};
    m_octets = 0;
    return pdus;
}

uint64_t
BssgpFlowControl::GetOctets() const
{
    return m_octets;
}

} // namespace p2pim
} // namespace ns3
