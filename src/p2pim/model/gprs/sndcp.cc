// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sndcp.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

// First octet (TS 44.065 7.2)
constexpr uint8_t FIRST = 0x40;
constexpr uint8_t UNITDATA = 0x20;
constexpr uint8_t MORE = 0x10;
constexpr uint8_t NSAPI_MASK = 0x0F;

constexpr std::size_t MAX_SEGMENTS = 16;
constexpr uint16_t UNITDATA_NUMBERS = 4096;
constexpr uint16_t DATA_NUMBERS = 256;
constexpr uint16_t LEAST_N201 = 140; // TS 44.064 table 9
constexpr uint16_t MOST_N201 = 1520;
constexpr uint16_t MOST_SLOTS = 256;
constexpr uint8_t MOST_PCOMP = 15;

/// @return octets of the header of an SN-PDU.
std::size_t
GetHeaderSize(bool first, bool unitdata)
{
    if (unitdata)
    {
        return first ? 4 : 3;
    }
    return first ? 3 : 1;
}

/// An N-PDU as it is sent: a new beginning, and the rest of the packet.
class Source
{
  public:
    Source(const CompressedTcpHeader& head, const uint8_t* npdu, std::size_t size)
        : m_head(head),
          m_rest(npdu + head.replaced),
          m_left(head.size + size - head.replaced)
    {
    }

    /// @return octets that are left.
    std::size_t GetLeft() const
    {
        return m_left;
    }

    /// Appends the next octets. @param count at most GetLeft().
    void Append(std::size_t count, Octets& out)
    {
        m_left -= count;
        const std::size_t head = std::min<std::size_t>(count, m_head.size - m_headDone);
        const uint8_t* begin = m_head.octets.data() + m_headDone;
        out.insert(out.end(), begin, begin + head);
        out.insert(out.end(), m_rest, m_rest + count - head);
        m_headDone += head;
        m_rest += count - head;
    }

  private:
    const CompressedTcpHeader& m_head;
    const uint8_t* m_rest;
    std::size_t m_left;
    std::size_t m_headDone = 0;
};

} // namespace

void
EncodeSndcpHeader(const SndcpHeader& header, Octets& octets)
{
    OctetWriter writer(octets);
    writer.U8((header.first ? FIRST : 0) | (header.unitdata ? UNITDATA : 0) |
              (header.more ? MORE : 0) | header.nsapi);
    if (header.first)
    {
        writer.U8(static_cast<uint8_t>(header.dcomp << 4 | header.pcomp));
    }
    if (header.unitdata)
    {
        writer.U16(static_cast<uint16_t>(header.segment << 12 | header.npduNumber));
    }
    else if (header.first)
    {
        writer.U8(static_cast<uint8_t>(header.npduNumber));
    }
}

SndcpError
DecodeSndcpHeader(const uint8_t* octets,
                  std::size_t size,
                  SndcpHeader& header,
                  std::size_t& headerSize)
{
    header = SndcpHeader();
    if (size == 0)
    {
        return SndcpError::TRUNCATED;
    }
    OctetReader reader(octets, size);
    const uint8_t first = reader.Read();
    header.first = (first & FIRST) != 0;
    header.unitdata = (first & UNITDATA) != 0;
    header.more = (first & MORE) != 0;
    header.nsapi = first & NSAPI_MASK;
    headerSize = GetHeaderSize(header.first, header.unitdata);
    if (size <= headerSize)
    {
        return SndcpError::TRUNCATED;
    }
    if (header.nsapi < SNDCP_FIRST_NSAPI)
    {
        return SndcpError::RESERVED_NSAPI;
    }
    if (header.first)
    {
        const uint8_t compression = reader.Read();
        header.dcomp = compression >> 4;
        header.pcomp = compression & 0x0F;
    }
    if (header.unitdata)
    {
        const uint8_t high = reader.Read();
        header.segment = high >> 4;
        header.npduNumber = static_cast<uint16_t>((high & 0x0F) << 8 | reader.Read());
        return (header.segment == 0) == header.first ? SndcpError::NONE
                                                     : SndcpError::SEGMENT_NUMBER;
    }
    header.npduNumber = header.first ? reader.Read() : 0;
    return SndcpError::NONE;
}

/// What one NSAPI needs.
struct SndcpEntity::Context
{
    /// States of the receiving side (6.7.1.2, 6.7.2.2).
    enum class State : uint8_t
    {
        FIRST_SEGMENT,
        SUBSEQUENT_SEGMENT,
        DISCARD
    };

    Context(uint8_t itsNsapi, const SndcpParameters& itsParameters)
        : nsapi(itsNsapi),
          parameters(itsParameters)
    {
        if (parameters.tcpSlots > 0)
        {
            compressor.emplace(parameters.tcpSlots);
            decompressor.emplace(parameters.tcpSlots);
        }
    }

    uint16_t GetNumbers() const
    {
        return parameters.acknowledged ? DATA_NUMBERS : UNITDATA_NUMBERS;
    }

    uint8_t GetPcomp(TcpHeaderType type) const;
    std::optional<TcpHeaderType> GetHeaderType(const SndcpHeader& first) const;
    std::vector<Octets> Segment(const uint8_t* npdu, std::size_t size);
    SndcpOutcome Receive(const SndcpHeader& segment, const uint8_t* data, std::size_t size);
    SndcpOutcome Finish();
    SndcpOutcome Discard(SndcpOutcome cause, bool more);
    void BeginNpdu(uint16_t number);
    void NoteLoss();

    const uint8_t nsapi;
    const SndcpParameters parameters;
    std::optional<TcpHeaderCompressor> compressor;
    std::optional<TcpHeaderDecompressor> decompressor;
    SndcpCounters counters;
    Octets assembly;                             ///< segments received of an N-PDU
    SndcpHeader header;                          ///< of its last segment, with what the first has
    SndcpOutcome discarded = SndcpOutcome::MORE; ///< why the N-PDU is discarded
    State state = State::FIRST_SEGMENT;
    std::size_t held = 0;       ///< octets of the SN-PDUs in the assembly
    uint16_t sendNumber = 0;    ///< of the next N-PDU to be sent
    uint16_t receiveNumber = 0; ///< of the next N-PDU to come
};

uint8_t
SndcpEntity::Context::GetPcomp(TcpHeaderType type) const
{
    switch (type)
    {
    case TcpHeaderType::UNCOMPRESSED_TCP:
        return parameters.pcompUncompressed;
    case TcpHeaderType::COMPRESSED_TCP:
        return parameters.pcompCompressed;
    default:
        return 0;
    }
}

std::optional<TcpHeaderType>
SndcpEntity::Context::GetHeaderType(const SndcpHeader& first) const
{
    for (const auto type :
         {TcpHeaderType::IP, TcpHeaderType::UNCOMPRESSED_TCP, TcpHeaderType::COMPRESSED_TCP})
    {
        const bool agreed = type == TcpHeaderType::IP || decompressor.has_value();
        if (agreed && first.dcomp == 0 && first.pcomp == GetPcomp(type))
        {
            return type;
        }
    }
    return std::nullopt;
}

std::vector<Octets>
SndcpEntity::Context::Segment(const uint8_t* npdu, std::size_t size)
{
    std::vector<Octets> pdus;
    const bool unitdata = !parameters.acknowledged;
    const std::size_t first = parameters.n201 - GetHeaderSize(true, unitdata);
    const std::size_t next = parameters.n201 - GetHeaderSize(false, unitdata);
    if (size == 0 || size > SNDCP_MAX_NPDU || size > first + (MAX_SEGMENTS - 1) * next)
    {
        ++counters.refused;
        return pdus;
    }
    const CompressedTcpHeader head =
        compressor ? compressor->Compress(npdu, size) : CompressedTcpHeader();
    Source source(head, npdu, size);
    pdus.reserve(1 + (source.GetLeft() > first ? (source.GetLeft() - first + next - 1) / next : 0));
    SndcpHeader segment;
    segment.unitdata = unitdata;
    segment.nsapi = nsapi;
    segment.pcomp = GetPcomp(head.type);
    segment.npduNumber = sendNumber;
    do
    {
        const std::size_t count = std::min(source.GetLeft(), segment.first ? first : next);
        segment.more = count < source.GetLeft();
        Octets& pdu = pdus.emplace_back();
        pdu.reserve(GetHeaderSize(segment.first, unitdata) + count);
        EncodeSndcpHeader(segment, pdu);
        source.Append(count, pdu);
        segment.first = false;
        ++segment.segment;
    } while (segment.more);
    sendNumber = (sendNumber + 1) % GetNumbers();
    ++counters.sent;
    return pdus;
}

void
SndcpEntity::Context::NoteLoss()
{
    if (decompressor)
    {
        decompressor->NoteLoss();
    }
}

SndcpOutcome
SndcpEntity::Context::Discard(SndcpOutcome cause, bool more)
{
    ++counters.discarded[static_cast<std::size_t>(cause)];
    if (cause != SndcpOutcome::DECOMPRESSION)
    {
        NoteLoss();
    }
    assembly.clear();
    discarded = cause;
    state = more ? State::DISCARD : State::FIRST_SEGMENT;
    return cause;
}

/// A segment of another N-PDU than the last has come.
void
SndcpEntity::Context::BeginNpdu(uint16_t number)
{
    if (state == State::SUBSEQUENT_SEGMENT)
    {
        ++counters.unfinished;
        NoteLoss();
        assembly.clear();
    }
    const uint16_t numbers = GetNumbers();
    const uint16_t skipped = static_cast<uint16_t>(number + numbers - receiveNumber) % numbers;
    if (skipped != 0)
    {
        counters.skipped += skipped < numbers / 2 ? skipped : 0;
        NoteLoss();
    }
    receiveNumber = (number + 1) % numbers;
}

SndcpOutcome
SndcpEntity::Context::Receive(const SndcpHeader& segment, const uint8_t* data, std::size_t size)
{
    const bool sameNpdu = !segment.first && state != State::FIRST_SEGMENT &&
                          (!segment.unitdata || segment.npduNumber == header.npduNumber);
    if (!sameNpdu)
    {
        // A later segment of SN-DATA has no number: it is one of the next N-PDU.
        const bool hasNumber = segment.first || segment.unitdata;
        BeginNpdu(hasNumber ? segment.npduNumber : receiveNumber);
        header = segment;
        if (!segment.first)
        {
            return Discard(SndcpOutcome::NO_FIRST_SEGMENT, segment.more);
        }
        state = State::SUBSEQUENT_SEGMENT;
    }
    else if (state == State::DISCARD)
    {
        state = segment.more ? State::DISCARD : State::FIRST_SEGMENT;
        return discarded;
    }
    else if (segment.unitdata && segment.segment != header.segment + 1)
    {
        return Discard(SndcpOutcome::MISSING_SEGMENT, segment.more);
    }
    header.segment = segment.segment;
    if (assembly.size() + size > SNDCP_MAX_NPDU)
    {
        return Discard(SndcpOutcome::TOO_LONG, segment.more);
    }
    if (assembly.capacity() < assembly.size() + size)
    {
        assembly.reserve(segment.more ? SNDCP_MAX_NPDU : assembly.size() + size);
    }
    assembly.insert(assembly.end(), data, data + size);
    return segment.more ? SndcpOutcome::MORE : Finish();
}

SndcpOutcome
SndcpEntity::Context::Finish()
{
    const auto type = GetHeaderType(header);
    if (!type)
    {
        return Discard(SndcpOutcome::UNKNOWN_COMPRESSION, false);
    }
    if (decompressor && decompressor->Decompress(*type, assembly) != TcpDecompression::DONE)
    {
        return Discard(SndcpOutcome::DECOMPRESSION, false);
    }
    if (assembly.size() > SNDCP_MAX_NPDU)
    {
        return Discard(SndcpOutcome::TOO_LONG, false);
    }
    state = State::FIRST_SEGMENT;
    ++counters.delivered;
    return SndcpOutcome::NPDU;
}

SndcpEntity::SndcpEntity() = default;
SndcpEntity::~SndcpEntity() = default;
SndcpEntity::SndcpEntity(SndcpEntity&&) noexcept = default;
SndcpEntity& SndcpEntity::operator=(SndcpEntity&&) noexcept = default;

SndcpEntity::Context*
SndcpEntity::Find(uint8_t nsapi) const
{
    for (const auto& context : m_contexts)
    {
        if (context->nsapi == nsapi)
        {
            return context.get();
        }
    }
    return nullptr;
}

bool
SndcpEntity::Activate(uint8_t nsapi, const SndcpParameters& parameters)
{
    const auto isPcomp = [](uint8_t pcomp) { return pcomp >= 1 && pcomp <= MOST_PCOMP; };
    if (nsapi < SNDCP_FIRST_NSAPI || nsapi > SNDCP_LAST_NSAPI || parameters.n201 < LEAST_N201 ||
        parameters.n201 > MOST_N201 || parameters.tcpSlots > MOST_SLOTS ||
        !isPcomp(parameters.pcompUncompressed) || !isPcomp(parameters.pcompCompressed) ||
        parameters.pcompUncompressed == parameters.pcompCompressed)
    {
        return false;
    }
    Deactivate(nsapi);
    m_contexts.push_back(std::make_unique<Context>(nsapi, parameters));
    return true;
}

void
SndcpEntity::Deactivate(uint8_t nsapi)
{
    m_contexts.erase(std::remove_if(m_contexts.begin(),
                                    m_contexts.end(),
                                    [nsapi](const auto& one) { return one->nsapi == nsapi; }),
                     m_contexts.end());
}

bool
SndcpEntity::IsActive(uint8_t nsapi) const
{
    return Find(nsapi) != nullptr;
}

std::vector<Octets>
SndcpEntity::Segment(uint8_t nsapi, const uint8_t* npdu, std::size_t size)
{
    Context* context = Find(nsapi);
    return context != nullptr ? context->Segment(npdu, size) : std::vector<Octets>();
}

std::vector<Octets>
SndcpEntity::Segment(uint8_t nsapi, Ptr<const Packet> npdu)
{
    std::array<uint8_t, SNDCP_MAX_NPDU> octets;
    npdu->CopyData(octets.data(), static_cast<uint32_t>(octets.size()));
    return Segment(nsapi, octets.data(), npdu->GetSize());
}

SndcpReception
SndcpEntity::Receive(const uint8_t* pdu, std::size_t size)
{
    SndcpReception reception;
    SndcpHeader header;
    std::size_t headerSize = 0;
    if (DecodeSndcpHeader(pdu, size, header, headerSize) != SndcpError::NONE)
    {
        reception.outcome = SndcpOutcome::MALFORMED;
        reception.discarded = size;
        return reception;
    }
    reception.nsapi = header.nsapi;
    Context* context = Find(header.nsapi);
    if (context == nullptr || context->parameters.acknowledged == header.unitdata)
    {
        reception.outcome = SndcpOutcome::UNKNOWN_NSAPI;
        reception.discarded = size;
        return reception;
    }
    const uint64_t unfinished = context->counters.unfinished;
    reception.outcome = context->Receive(header, pdu + headerSize, size - headerSize);
    if (context->counters.unfinished != unfinished)
    {
        reception.discarded = std::exchange(context->held, 0);
    }
    context->held += size;
    if (reception.outcome == SndcpOutcome::NPDU)
    {
        reception.npdu = std::exchange(context->assembly, {});
        reception.completed = std::exchange(context->held, 0);
    }
    else if (reception.outcome != SndcpOutcome::MORE)
    {
        reception.discarded += std::exchange(context->held, 0);
    }
    return reception;
}

std::size_t
SndcpEntity::GetHeld(uint8_t nsapi) const
{
    std::size_t octets = 0;
    for (const auto& context : m_contexts)
    {
        octets += nsapi == 0 || nsapi == context->nsapi ? context->held : 0;
    }
    return octets;
}

SndcpCounters
SndcpEntity::GetCounters(uint8_t nsapi) const
{
    const Context* context = Find(nsapi);
    return context != nullptr ? context->counters : SndcpCounters();
}

} // namespace p2pim
} // namespace ns3
