// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/lapdm-entity.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

// Control fields (TS 44.006 table 4).
constexpr uint8_t POLL_FINAL = 0x10;
constexpr uint8_t UNNUMBERED_MASK = 0xEF;
constexpr uint8_t SABM = 0x2F;
constexpr uint8_t DISC = 0x43;
constexpr uint8_t UA = 0x63;
constexpr uint8_t DM = 0x0F;
constexpr uint8_t RR = 0x01;
constexpr uint8_t REJ = 0x09;
constexpr uint8_t SUPERVISORY_MASK = 0x0F;
constexpr uint8_t SUPERVISORY_RNR = 0x05;

// Address and length fields (TS 44.006 3.2, 3.6).
constexpr uint8_t ADDRESS_END = 0x01;
constexpr uint8_t COMMAND_RESPONSE = 0x02;
constexpr uint8_t LENGTH_END = 0x01;
constexpr uint8_t MORE = 0x02;
constexpr std::size_t HEADER_OCTETS = 3;
constexpr uint8_t FILL = 0x2B;

constexpr std::size_t MAX_L3_OCTETS = 251; // TS 44.006 5.8.5

/// Sequence numbers count modulo 8.
constexpr uint8_t
Modulo8(unsigned number)
{
    return number & 0x07;
}

std::size_t
GetIndex(uint8_t sapi)
{
    return sapi == SAPI_SMS ? 1 : 0;
}

} // namespace

LapdmEntity::LapdmEntity(LapdmSide side, const LapdmParameters& parameters)
    : m_side(side),
      m_parameters(parameters)
{
}

uint8_t
LapdmEntity::GetSapi(std::size_t index)
{
    return index == 1 ? SAPI_SMS : SAPI_SIGNALLING;
}

void
LapdmEntity::ResetTransfer(Link& link)
{
    link.sendState = 0;
    link.receiveState = 0;
    link.outstanding = false;
    link.recovery = false;
    link.t200 = TDMA_NEVER;
    link.retransmissions = 0;
    link.offset = 0;
    link.reassembly.clear();
    link.delivered = false;
}

void
LapdmEntity::Reset()
{
    for (Link& link : m_links)
    {
        ResetTransfer(link);
        link.state = State::IDLE;
        link.response = Response::NONE;
        link.queue.clear();
        link.contention.clear();
    }
}

void
LapdmEntity::Establish(uint8_t sapi, std::vector<uint8_t> information, int64_t ready)
{
    Link& link = m_links[GetIndex(sapi)];
    ResetTransfer(link);
    link.state = State::ESTABLISHMENT_PENDING;
    link.contention = std::move(information);
    link.commandReady = ready;
}

void
LapdmEntity::Send(uint8_t sapi, std::vector<uint8_t> message, int64_t ready)
{
    m_links[GetIndex(sapi)].queue.push_back({ready, std::move(message)});
}

void
LapdmEntity::Release(uint8_t sapi, int64_t ready)
{
    Link& link = m_links[GetIndex(sapi)];
    ResetTransfer(link);
    link.queue.clear();
    link.state = State::RELEASE_PENDING;
    link.commandReady = ready;
}

LapdmEntity::LinkDue
LapdmEntity::GetDue(std::size_t index) const
{
    const Link& link = m_links[index];
    LinkDue due;
    if (link.response == Response::RR)
    {
        due.ack = link.responseReady;
    }
    else if (link.response != Response::NONE)
    {
        due.command = link.responseReady;
    }
    due.t200 = link.t200;
    if (link.state == State::IDLE)
    {
        return due;
    }
    if (link.state != State::ESTABLISHED)
    {
        if (link.t200 == TDMA_NEVER)
        {
            due.command = std::min(due.command, link.commandReady);
        }
        return due;
    }
    if (link.outstanding)
    {
        if (link.offset + m_parameters.n201 < link.queue.front().octets.size())
        {
            due.backlog = 0;
        }
        else if (link.queue.size() > 1)
        {
            due.backlog = link.queue[1].ready;
        }
    }
    else if (!link.queue.empty() && !link.recovery)
    {
        due.command = std::min(due.command, std::max(link.commandReady, link.queue.front().ready));
    }
    return due;
}

uint32_t
LapdmEntity::GetMaxRetransmissions(const Link& link) const
{
    return link.state == State::ESTABLISHED ? m_parameters.n200 : m_parameters.n200Establish;
}

void
LapdmEntity::StartT200(Link& link, std::size_t index, int64_t frame) const
{
    link.t200 = frame + (index == 0 ? m_parameters.t200Sapi0 : m_parameters.t200Sapi3);
}

LapdmIndication
LapdmEntity::Fail(std::size_t index)
{
    Link& link = m_links[index];
    ResetTransfer(link);
    link.state = State::IDLE;
    link.queue.clear();
    return {LapdmPrimitive::ERROR_INDICATION, GetSapi(index), nullptr, 0};
}

LapdmEntity::Build
LapdmEntity::BuildFrame(int64_t frame, L2Block& block, LapdmIndication& indication)
{
    std::size_t chosen = LINKS;
    int64_t since = TDMA_NEVER;
    LinkDue chosenDue;
    for (std::size_t i = 0; i < LINKS; ++i)
    {
        const LinkDue due = GetDue(i);
        const int64_t first = std::min({due.command, due.ack, due.t200});
        if (first <= frame && first < since)
        {
            chosen = i;
            since = first;
            chosenDue = due;
        }
    }
    if (chosen == LINKS)
    {
        return Build::NOTHING;
    }
    Link& link = m_links[chosen];
    const bool expired = chosenDue.t200 <= frame;
    if (expired && link.retransmissions >= GetMaxRetransmissions(link))
    {
        indication = Fail(chosen);
        return Build::FAILED;
    }
    const bool acknowledgesOnly = link.response == Response::RR && !link.final;
    if (link.response != Response::NONE && link.responseReady <= frame &&
        (!acknowledgesOnly || (!expired && chosenDue.command > frame)))
    {
        WriteResponse(link, chosen, block);
        return Build::FRAME;
    }
    if (expired)
    {
        ++link.retransmissions;
        link.recovery = link.state == State::ESTABLISHED;
    }
    WriteCommand(link, chosen, frame, block);
    return Build::FRAME;
}

void
LapdmEntity::WriteFrame(L2Block& block,
                        std::size_t index,
                        bool command,
                        uint8_t control,
                        const uint8_t* information,
                        std::size_t size,
                        bool more) const
{
    const bool bit = command == (m_side == LapdmSide::BTS);
    block[0] =
        static_cast<uint8_t>(GetSapi(index) << 2 | (bit ? COMMAND_RESPONSE : 0) | ADDRESS_END);
    block[1] = control;
    block[2] = static_cast<uint8_t>(size << 2 | (more ? MORE : 0) | LENGTH_END);
    std::copy_n(information, size, block.begin() + HEADER_OCTETS);
    std::fill(block.begin() + HEADER_OCTETS + size, block.end(), FILL);
}

void
LapdmEntity::WriteResponse(Link& link, std::size_t index, L2Block& block) const
{
    const uint8_t final = link.final ? POLL_FINAL : 0;
    const auto number = static_cast<uint8_t>(link.receiveState << 5);
    switch (link.response)
    {
    case Response::UA:
        WriteFrame(block,
                   index,
                   false,
                   UA | final,
                   link.contention.data(),
                   link.contention.size(),
                   false);
        break;
    case Response::DM:
        WriteFrame(block, index, false, DM | final, nullptr, 0, false);
        break;
    case Response::REJ:
        WriteFrame(block, index, false, REJ | final | number, nullptr, 0, false);
        break;
    default:
        WriteFrame(block, index, false, RR | final | number, nullptr, 0, false);
        break;
    }
    link.response = Response::NONE;
}

void
LapdmEntity::WriteCommand(Link& link, std::size_t index, int64_t frame, L2Block& block) const
{
    StartT200(link, index, frame);
    if (link.state == State::RELEASE_PENDING)
    {
        WriteFrame(block, index, true, DISC | POLL_FINAL, nullptr, 0, false);
        return;
    }
    if (link.state == State::ESTABLISHMENT_PENDING)
    {
        WriteFrame(block,
                   index,
                   true,
                   SABM | POLL_FINAL,
                   link.contention.data(),
                   link.contention.size(),
                   false);
        return;
    }
    const uint8_t poll = link.recovery ? POLL_FINAL : 0;
    const auto number = static_cast<uint8_t>(link.receiveState << 5);
    if (link.response == Response::RR)
    {
        link.response = Response::NONE;
    }
    if (link.recovery && !link.outstanding)
    {
        WriteFrame(block, index, true, RR | poll | number, nullptr, 0, false);
        return;
    }
    if (!link.outstanding)
    {
        link.outstanding = true;
        link.sendState = Modulo8(link.sendState + 1U);
    }
    const std::vector<uint8_t>& octets = link.queue.front().octets;
    const std::size_t size = std::min(m_parameters.n201, octets.size() - link.offset);
    WriteFrame(block,
               index,
               true,
               static_cast<uint8_t>(number | poll | Modulo8(link.sendState - 1U) << 1),
               octets.data() + link.offset,
               size,
               link.offset + size < octets.size());
}

LapdmIndication
LapdmEntity::Receive(int64_t frame, const L2Block& block)
{
    const uint8_t sapi = block[0] >> 2;
    const std::size_t size = block[2] >> 2;
    const bool knownSapi = sapi == SAPI_SIGNALLING || sapi == SAPI_SMS;
    if (!knownSapi || (block[0] & ADDRESS_END) == 0 || (block[2] & LENGTH_END) == 0 ||
        size > m_parameters.n201)
    {
        return {};
    }
    const bool fromBts = m_side == LapdmSide::MS;
    const Header header{block[1],
                        ((block[0] & COMMAND_RESPONSE) != 0) == fromBts,
                        (block[2] & MORE) != 0,
                        block.data() + HEADER_OCTETS,
                        size};
    const std::size_t index = GetIndex(sapi);
    if ((header.control & 0x01) == 0)
    {
        return ReceiveI(index, header, frame);
    }
    if ((header.control & 0x02) == 0)
    {
        return ReceiveS(index, header, frame);
    }
    return ReceiveU(index, header, frame);
}

void
LapdmEntity::Respond(Link& link, Response response, bool final, int64_t frame)
{
    link.response = response;
    link.final = final;
    link.responseReady = frame;
}

bool
LapdmEntity::Acknowledge(Link& link, uint8_t receiveNumber, int64_t frame) const
{
    if (receiveNumber == link.sendState)
    {
        if (link.outstanding)
        {
            link.outstanding = false;
            link.commandReady = frame;
            if (!link.recovery)
            {
                link.t200 = TDMA_NEVER;
            }
            link.offset += m_parameters.n201;
            if (link.offset >= link.queue.front().octets.size())
            {
                link.offset = 0;
                link.queue.erase(link.queue.begin());
            }
        }
        return true;
    }
    return link.outstanding && receiveNumber == Modulo8(link.sendState - 1U);
}

void
LapdmEntity::ResumeSending(Link& link, int64_t frame)
{
    if (link.outstanding)
    {
        link.outstanding = false;
        link.sendState = Modulo8(link.sendState - 1U);
    }
    link.recovery = false;
    link.retransmissions = 0;
    link.t200 = TDMA_NEVER;
    link.commandReady = frame;
}

LapdmIndication
LapdmEntity::ReceiveI(std::size_t index, const Header& header, int64_t frame)
{
    Link& link = m_links[index];
    const bool poll = (header.control & POLL_FINAL) != 0;
    if (link.state != State::ESTABLISHED)
    {
        if (link.state == State::IDLE && poll)
        {
            Respond(link, Response::DM, true, frame);
        }
        return {};
    }
    if (!header.command || header.size == 0 || (header.more && header.size < m_parameters.n201))
    {
        return {};
    }
    if (!Acknowledge(link, header.control >> 5, frame))
    {
        return Fail(index);
    }
    if (Modulo8(header.control >> 1) != link.receiveState)
    {
        Respond(link, Response::REJ, poll, frame);
        return {};
    }
    link.receiveState = Modulo8(link.receiveState + 1U);
    Respond(link, Response::RR, poll, frame);
    if (link.delivered)
    {
        link.reassembly.clear();
        link.delivered = false;
    }
    if (link.reassembly.size() + header.size > MAX_L3_OCTETS)
    {
        return Fail(index);
    }
    link.reassembly.insert(link.reassembly.end(),
                           header.information,
                           header.information + header.size);
    if (header.more)
    {
        return {};
    }
    link.delivered = true;
    return {LapdmPrimitive::DATA_INDICATION,
            GetSapi(index),
            link.reassembly.data(),
            link.reassembly.size()};
}

LapdmIndication
LapdmEntity::ReceiveS(std::size_t index, const Header& header, int64_t frame)
{
    Link& link = m_links[index];
    const uint8_t type = header.control & SUPERVISORY_MASK;
    const bool known = type == RR || type == REJ || type == SUPERVISORY_RNR;
    if (link.state != State::ESTABLISHED || header.size != 0 || !known)
    {
        return {};
    }
    const bool pollFinal = (header.control & POLL_FINAL) != 0;
    if (!Acknowledge(link, header.control >> 5, frame))
    {
        return Fail(index);
    }
    const bool recovered = link.recovery && pollFinal && !header.command;
    if (recovered || (type == REJ && !link.recovery))
    {
        ResumeSending(link, frame);
    }
    if (pollFinal && header.command)
    {
        Respond(link, Response::RR, true, frame);
    }
    return {};
}

LapdmIndication
LapdmEntity::ReceiveU(std::size_t index, const Header& header, int64_t frame)
{
    Link& link = m_links[index];
    switch (header.control & UNNUMBERED_MASK)
    {
    case SABM:
        return header.command ? ReceiveSabm(index, header, frame) : LapdmIndication{};
    case UA:
        return header.command ? LapdmIndication{} : ReceiveUa(index, header, frame);
    case DISC:
        if (header.command && link.state != State::IDLE)
        {
            ResetTransfer(link);
            link.queue.clear();
            link.contention.clear();
            link.state = State::IDLE;
            Respond(link, Response::UA, true, frame);
            return {LapdmPrimitive::RELEASE_INDICATION, GetSapi(index), nullptr, 0};
        }
        Respond(link, Response::DM, true, frame);
        return {};
    case DM:
        if (!header.command && link.state == State::RELEASE_PENDING)
        {
            ResetTransfer(link);
            link.state = State::IDLE;
            return {LapdmPrimitive::RELEASE_CONFIRM, GetSapi(index), nullptr, 0};
        }
        return !header.command && link.state == State::ESTABLISHMENT_PENDING ? Fail(index)
                                                                             : LapdmIndication{};
    default:
        return {};
    }
}

LapdmIndication
LapdmEntity::ReceiveSabm(std::size_t index, const Header& header, int64_t frame)
{
    Link& link = m_links[index];
    if (link.state == State::ESTABLISHED && header.size > 0)
    {
        // Contention resolution (TS 44.006 5.4.1.4): only the phone that was first is answered.
        if (header.size == link.contention.size() &&
            std::equal(link.contention.begin(), link.contention.end(), header.information))
        {
            Respond(link, Response::UA, true, frame);
        }
        return {};
    }
    const bool repeated =
        link.state == State::ESTABLISHED && link.receiveState == 0 && link.sendState == 0;
    Respond(link, Response::UA, true, frame);
    if (repeated)
    {
        return {};
    }
    ResetTransfer(link);
    link.state = State::ESTABLISHED;
    link.commandReady = frame;
    link.contention.assign(header.information, header.information + header.size);
    return {LapdmPrimitive::ESTABLISH_INDICATION,
            GetSapi(index),
            link.contention.data(),
            link.contention.size()};
}

LapdmIndication
LapdmEntity::ReceiveUa(std::size_t index, const Header& header, int64_t frame)
{
    Link& link = m_links[index];
    if (link.state == State::RELEASE_PENDING)
    {
        ResetTransfer(link);
        link.state = State::IDLE;
        return {LapdmPrimitive::RELEASE_CONFIRM, GetSapi(index), nullptr, 0};
    }
    if (link.state != State::ESTABLISHMENT_PENDING)
    {
        return {};
    }
    if (header.size != link.contention.size() ||
        !std::equal(link.contention.begin(), link.contention.end(), header.information))
    {
        return Fail(index);
    }
    ResetTransfer(link);
    link.state = State::ESTABLISHED;
    link.commandReady = frame;
    return {LapdmPrimitive::ESTABLISH_CONFIRM, GetSapi(index), nullptr, 0};
}

} // namespace p2pim
} // namespace ns3
