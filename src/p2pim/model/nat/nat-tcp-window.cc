// SPDX-License-Identifier: GPL-2.0-only
#include "nat-tcp-window.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

/// Least reach of acknowledgments into the past, octets.
constexpr uint32_t ACKNOWLEDGMENT_REACH = 66000;

bool
IsAfter(uint32_t left, uint32_t right)
{
    return static_cast<int32_t>(left - right) > 0;
}

} // namespace

void
NatTcpWindow::BeginSide(Side& side, const NatSegment& segment)
{
    side.end = segment.GetEnd();
    side.maximumEnd = side.end;
    side.window = std::max<uint32_t>(segment.window, 1);
    if (segment.hasOptions) // without any, Linux forgets nothing
    {
        side.scale = segment.scale;
        side.offersScale = segment.offersScale;
        side.permitsSelective = segment.permitsSelective;
        side.hasAcknowledged = false;
        side.unacknowledged = false;
    }
}

void
NatTcpWindow::Settle()
{
    // RFC 7323 2.2: windows are scaled if both offer it.
    if (!m_sides[0].offersScale || !m_sides[1].offersScale)
    {
        m_sides[0].scale = 0;
        m_sides[1].scale = 0;
    }
}

void
NatTcpWindow::Begin(const NatSegment& segment)
{
    m_sides = {};
    BeginSide(m_sides[0], segment);
    if (!segment.syn)
    {
        m_sides[0].maximumEnd += m_sides[0].window;
        for (Side& side : m_sides)
        {
            side.permitsSelective = true;
            side.liberal = true;
        }
    }
}

void
NatTcpWindow::Enter(const NatSegment& segment, uint32_t selective, Side& sender, Side& receiver)
{
    sender.end = segment.GetEnd();
    sender.window = std::max<uint32_t>(segment.window << sender.scale, 1);
    sender.maximumEnd = sender.end + sender.window;
    if (receiver.window == 0)
    {
        receiver.end = selective;
        receiver.maximumEnd = selective;
    }
    else if (selective == receiver.end + 1)
    {
        ++receiver.end; // it answers a keep-alive
    }
}

/// @return whether data lies no further than a window beyond the window; if so it is taken note of.
bool
NatTcpWindow::Overshoots(uint32_t end, Side& sender, const Side& receiver)
{
    const bool isLittle = receiver.window > 0 && end - sender.maximumEnd + 1 <= receiver.window;
    if (isLittle)
    {
        sender.end = end;
        sender.unacknowledged = true;
    }
    return isLittle;
}

NatTcpWindow::Fit
NatTcpWindow::Accept(const NatSegment& segment, uint8_t from, bool renews, bool opening)
{
    Side& sender = m_sides[from];
    Side& receiver = m_sides[1 - from];
    uint32_t acknowledgment = segment.acknowledgment;
    uint32_t selective = receiver.permitsSelective ? segment.selective : acknowledgment;
    uint32_t begin = segment.sequence;
    uint32_t end = segment.GetEnd();
    const bool isKnown = sender.window > 0;
    if (segment.syn && (!isKnown || (renews && IsAfter(end, sender.end))))
    {
        BeginSide(sender, segment);
        if (from == 1)
        {
            Settle();
        }
        if (!segment.ack && (!isKnown || from == 1))
        {
            return Fit::INSIDE; // simultaneous open
        }
    }
    else if (!isKnown)
    {
        Enter(segment, selective, sender, receiver);
    }
    if (!segment.ack || (segment.rst && acknowledgment == 0))
    {
        acknowledgment = receiver.end;
        selective = receiver.end;
    }
    if (segment.rst && begin == 0 && opening)
    {
        begin = sender.end;
        end = sender.end;
    }
    const uint32_t reach = std::max(sender.window, ACKNOWLEDGMENT_REACH);
    const bool isOld = IsAfter(receiver.end - reach, selective);
    const bool isBefore = receiver.window > 0 && IsAfter(sender.end - receiver.window, end);
    if (IsAfter(selective, receiver.end))
    {
        return Fit::OUTSIDE;
    }
    if (IsAfter(begin, sender.maximumEnd))
    {
        return !isOld && !isBefore && Overshoots(end, sender, receiver) ? Fit::ASKEW : Fit::OUTSIDE;
    }
    if (isOld || isBefore)
    {
        return Fit::ASKEW;
    }
    Note(segment, end, acknowledgment, selective, sender, receiver);
    return Fit::INSIDE;
}

void
NatTcpWindow::Note(const NatSegment& segment,
                   uint32_t end,
                   uint32_t acknowledgment,
                   uint32_t selective,
                   Side& sender,
                   Side& receiver)
{
    const uint32_t window = segment.syn ? segment.window : segment.window << sender.scale;
    sender.window = std::max(sender.window, window + (selective - acknowledgment));
    const uint32_t beyond = IsAfter(end, sender.maximumEnd) ? end - sender.maximumEnd : 0;
    if (IsAfter(end, sender.end))
    {
        sender.end = end;
        sender.unacknowledged = true;
    }
    if (segment.ack && (!sender.hasAcknowledged || IsAfter(acknowledgment, sender.acknowledged)))
    {
        sender.acknowledged = acknowledgment;
        sender.hasAcknowledged = true;
    }
    receiver.window += receiver.window == 0 ? 0 : beyond;
    if (!IsAfter(receiver.maximumEnd, selective + window))
    {
        receiver.maximumEnd = selective + window + (window == 0 ? 1 : 0);
    }
    if (acknowledgment == receiver.end)
    {
        receiver.unacknowledged = false;
    }
}

void
NatTcpWindow::Resume(uint8_t sender, uint32_t end, const NatSegment& syn)
{
    Side& side = m_sides[sender];
    side = Side();
    side.end = end;
    side.maximumEnd = end;
    side.window = std::max<uint32_t>(syn.window, 1);
    side.offersScale = syn.offersScale;
    side.scale = syn.scale;
    side.permitsSelective = syn.permitsSelective;
    Side& other = m_sides[1 - sender];
    const bool wasLiberal = other.liberal;
    other = Side();
    other.liberal = wasLiberal;
}

bool
NatTcpWindow::IsLiberal(uint8_t side) const
{
    return m_sides[side].liberal;
}

bool
NatTcpWindow::IsUnacknowledged() const
{
    return m_sides[0].unacknowledged || m_sides[1].unacknowledged;
}

bool
NatTcpWindow::HasAcknowledged(uint8_t side) const
{
    return m_sides[side].hasAcknowledged;
}

uint32_t
NatTcpWindow::GetAcknowledged(uint8_t side) const
{
    return m_sides[side].acknowledged;
}

uint32_t
NatTcpWindow::GetEnd(uint8_t side) const
{
    return m_sides[side].end;
}

} // namespace p2pim
} // namespace ns3
