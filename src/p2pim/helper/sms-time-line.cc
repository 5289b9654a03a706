// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-time-line.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// @return whether a hop is the sender's side's, up to the SMSC.
bool
IsOfSubmission(SmsHop hop)
{
    switch (hop)
    {
    case SmsHop::SUBMITTED:
    case SmsHop::MO_CHANNEL:
    case SmsHop::MO_CIPHERED:
    case SmsHop::MO_FORWARDED:
    case SmsHop::STORED:
    case SmsHop::ACCEPTED:
    case SmsHop::RESUBMITTED:
    case SmsHop::DUPLICATE_STORED:
    case SmsHop::DUPLICATE_DROPPED:
    case SmsHop::SUBMISSION_FAILED:
        return true;
    default:
        return false;
    }
}

/// @return whether the SMSC forgets a copy of the message.
bool
IsEnd(SmsHop hop)
{
    return hop == SmsHop::REPORTED || hop == SmsHop::EXPIRED || hop == SmsHop::REFUSED ||
           hop == SmsHop::CANCELLED;
}

/// How many hops a line has room for at first: those of a message that arrives at once.
constexpr std::size_t USUAL_HOPS = 16;

} // namespace

SmsTimeLine::SmsTimeLine(Finished finished)
    : m_finished(std::move(finished))
{
}

SmsTimeLine::~SmsTimeLine() = default;

void
SmsTimeLine::Attach(Ptr<GsmMobileStation> phone)
{
    phone->TraceConnectWithoutContext("Hop", MakeCallback(&SmsTimeLine::NotifyHop, this));
}

void
SmsTimeLine::Attach(Ptr<MscVlr> msc)
{
    msc->TraceConnectWithoutContext("Hop", MakeCallback(&SmsTimeLine::NotifyHop, this));
}

void
SmsTimeLine::Attach(Ptr<Smsc> smsc)
{
    smsc->TraceConnectWithoutContext("Hop", MakeCallback(&SmsTimeLine::NotifyHop, this));
}

SmsTimeLine::Line&
SmsTimeLine::Open(uint64_t reference, bool answered)
{
    Line& line = m_lines[reference].emplace_back();
    line.reference = reference;
    line.number = ++m_lastNumber;
    line.answered = answered;
    if (m_spare.empty())
    {
        line.hops.reserve(USUAL_HOPS);
    }
    else
    {
        line.hops = std::move(m_spare.back());
        m_spare.pop_back();
    }
    ++m_open;
    return line;
}

SmsTimeLine::Line*
SmsTimeLine::Find(uint64_t reference, SmsHop hop)
{
    const auto found = m_lines.find(reference);
    if (found == m_lines.end())
    {
        return hop == SmsHop::STORED ? &Open(reference, true) : nullptr;
    }
    Lines& lines = found->second;
    if (IsOfSubmission(hop))
    {
        return &lines.back();
    }
    const auto stored =
        std::find_if(lines.begin(), lines.end(), [](const Line& line) { return line.copies > 0; });
    return stored == lines.end() ? &lines.back() : &*stored;
}

void
SmsTimeLine::NotifyHop(uint64_t reference, SmsHop hop, Time time)
{
    if (hop == SmsHop::SUBMITTED)
    {
        Open(reference, false).hops.push_back({hop, time});
        return;
    }
    Line* line = Find(reference, hop);
    if (line == nullptr)
    {
        ++m_strayHops;
        return;
    }
    line->hops.push_back({hop, time});
    if (hop == SmsHop::STORED)
    {
        ++line->copies;
    }
    else if (hop == SmsHop::ACCEPTED || hop == SmsHop::SUBMISSION_FAILED)
    {
        line->answered = true;
        FinishIfComplete(reference, line->number);
    }
    else if (IsEnd(hop))
    {
        line->copies -= std::min(line->copies, 1U);
        FinishIfComplete(reference, line->number);
    }
}

void
SmsTimeLine::FinishIfComplete(uint64_t reference, uint64_t number)
{
    const auto found = m_lines.find(reference);
    Lines& lines = found->second;
    const auto place = std::find_if(lines.begin(), lines.end(), [number](const Line& line) {
        return line.number == number;
    });
    if (!place->answered || place->copies > 0)
    {
        return;
    }
    Line line = std::move(*place);
    lines.erase(place);
    if (lines.empty())
    {
        m_lines.erase(found);
    }
    --m_open;
    line.complete = true;
    m_finished(line);
    line.hops.clear();
    m_spare.push_back(std::move(line.hops));
}

uint64_t
SmsTimeLine::GetLastNumber() const
{
    return m_lastNumber;
}

void
SmsTimeLine::Flush()
{
    Lines rest;
    rest.reserve(m_open);
    for (auto& [reference, lines] : m_lines)
    {
        std::move(lines.begin(), lines.end(), std::back_inserter(rest));
    }
    m_lines.clear();
    m_open = 0;
    std::sort(rest.begin(), rest.end(), [](const Line& a, const Line& b) {
        return a.number < b.number;
    });
    for (const Line& line : rest)
    {
        m_finished(line);
    }
}

uint64_t
SmsTimeLine::GetStrayHops() const
{
    return m_strayHops;
}

std::size_t
SmsTimeLine::GetOpenLines() const
{
    return m_open;
}

} // namespace p2pim
} // namespace ns3
