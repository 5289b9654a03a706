// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/rlc-transfer.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t HALVES = 0b11; ///< bits of both halves of a block

} // namespace

RlcTransfer::RlcTransfer(Mode mode, uint32_t window, bool resegments)
    : m_mode(mode),
      m_window(window),
      m_resegments(resegments)
{
}

void
RlcTransfer::Append(uint32_t octets)
{
    m_pdus.push_back(octets);
    m_unsent += octets;
}

bool
RlcTransfer::CanSend() const
{
    return !m_refused.empty() || (!m_pdus.empty() && m_blocks.size() < m_window);
}

bool
RlcTransfer::IsStalled() const
{
    return !m_pdus.empty() && m_blocks.size() >= m_window;
}

bool
RlcTransfer::IsDone() const
{
    return m_pdus.empty() && m_blocks.empty();
}

uint64_t
RlcTransfer::GetUnsentOctets() const
{
    return m_unsent;
}

uint64_t
RlcTransfer::GetUnsentBlocks(GprsCodingScheme scheme) const
{
    const uint32_t room = GetGprsCoding(scheme).dataOctets;
    return (m_unsent + m_pdus.size() + room - 1) / room;
}

std::size_t
RlcTransfer::GetUnacknowledged() const
{
    return m_blocks.size();
}

/// Puts as much as there is into a new block.
RlcTransfer::Pending
RlcTransfer::Cut(GprsCodingScheme scheme)
{
    Pending block{};
    block.scheme = scheme;
    block.missing = 1;
    uint32_t room = GetGprsCoding(scheme).dataOctets;
    while (room > 0 && !m_pdus.empty())
    {
        const uint32_t taken = std::min(room, m_pdus.front());
        room -= taken;
        m_unsent -= taken;
        m_pdus.front() -= taken;
        block.startsAnother = m_pdus.front() > 0;
        if (!block.startsAnother)
        {
            m_pdus.pop_front();
            ++block.endedPdus;
            room -= std::min<uint32_t>(room, 1); // length indicator
        }
    }
    return block;
}

RlcTransfer::Block
RlcTransfer::Send(GprsCodingScheme scheme, int64_t when)
{
    if (!m_refused.empty())
    {
        return Repeat(scheme, when);
    }
    m_blocks.push_back(Cut(scheme));
    m_blocks.back().sentIn = when;
    m_blocks.back().sendings[0] = 1;
    return {m_first + m_blocks.size() - 1, scheme, false};
}

/// The coding of a block that is to be sent again; halves stay halves.
void
RlcTransfer::Recode(Pending& block, GprsCodingScheme commanded)
{
    const GprsCodingScheme scheme = GetRepetitionScheme(block.scheme, commanded);
    if (scheme == block.scheme)
    {
        return;
    }
    block.scheme = scheme;
    block.sendings = {};
    if (scheme <= GprsCodingScheme::MCS_3)
    {
        block.halved = true;
        block.missing = HALVES;
        block.toSend = HALVES;
    }
}

RlcTransfer::Block
RlcTransfer::Repeat(GprsCodingScheme commanded, int64_t when)
{
    const uint64_t number = m_refused.front();
    Pending& block = m_blocks[number - m_first];
    if (m_resegments && !block.halved)
    {
        Recode(block, commanded);
    }
    const uint8_t part = block.toSend & static_cast<uint8_t>(-block.toSend);
    block.toSend &= static_cast<uint8_t>(~part);
    block.sentIn = when;
    if (block.toSend == 0)
    {
        m_refused.pop_front();
        block.refused = false;
    }
    return {number, block.scheme, true, part, block.sendings[part - 1U]++};
}

void
RlcTransfer::Receive(uint64_t number, bool lost, std::vector<Outcome>& ended, uint8_t part)
{
    if (m_mode == Mode::UNACKNOWLEDGED)
    {
        ReceiveUnacknowledged(m_blocks.front(), lost, ended);
        m_blocks.pop_front();
        ++m_first;
        return;
    }
    if (!lost && number >= m_first)
    {
        Pending& block = m_blocks[number - m_first];
        block.missing &= static_cast<uint8_t>(~part);
        block.received = block.missing == 0;
        Deliver(ended);
    }
}

/// The receiver hands over the PDUs of all blocks before the first that it misses.
void
RlcTransfer::Deliver(std::vector<Outcome>& ended)
{
    for (; m_expected - m_first < m_blocks.size() && m_blocks[m_expected - m_first].received;
         ++m_expected)
    {
        ended.insert(ended.end(), m_blocks[m_expected - m_first].endedPdus, Outcome::DELIVERED);
    }
}

void
RlcTransfer::ReceiveUnacknowledged(const Pending& block, bool lost, std::vector<Outcome>& ended)
{
    for (uint32_t n = 0; n < block.endedPdus; ++n)
    {
        ended.push_back(lost || m_damaged ? Outcome::LOST : Outcome::DELIVERED);
        m_damaged = false;
    }
    m_damaged = block.startsAnother && (lost || m_damaged);
}

void
RlcTransfer::Acknowledge(int64_t before)
{
    for (std::size_t n = 0; n < m_blocks.size(); ++n)
    {
        Pending& block = m_blocks[n];
        if (!block.received && !block.refused && block.sentIn < before)
        {
            block.refused = true;
            block.toSend = block.missing;
            m_refused.push_back(m_first + n);
        }
    }
    std::sort(m_refused.begin(), m_refused.end());
    // the receiver's V(R) moves the window on as far as all has arrived in time for the bitmap
    while (!m_blocks.empty() && m_blocks.front().received && m_blocks.front().sentIn < before)
    {
        m_blocks.pop_front();
        ++m_first;
    }
}

} // namespace p2pim
} // namespace ns3
