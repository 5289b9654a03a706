// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/tcp-header-compression.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

// What a compressed header has (RFC 1144 3.2.2, figure 3)
constexpr uint8_t NEW_C = 0x40;
constexpr uint8_t NEW_I = 0x20;
constexpr uint8_t PUSH = 0x10;
constexpr uint8_t NEW_S = 0x08;
constexpr uint8_t NEW_A = 0x04;
constexpr uint8_t NEW_W = 0x02;
constexpr uint8_t NEW_U = 0x01;
constexpr uint8_t SAWU = NEW_S | NEW_A | NEW_W | NEW_U;
/// Echoed interactive data: ack and sequence number go on by the last packet's data.
constexpr uint8_t SPECIAL_I = NEW_S | NEW_W | NEW_U;
/// Unidirectional data: the sequence number goes on by the last packet's data.
constexpr uint8_t SPECIAL_D = SAWU;

// IPv4 header
constexpr std::size_t IP_TOTAL_LENGTH = 2;
constexpr std::size_t IP_IDENTIFICATION = 4;
constexpr std::size_t IP_FRAGMENT = 6;
constexpr std::size_t IP_PROTOCOL = 9;
constexpr std::size_t IP_CHECKSUM = 10;
constexpr std::size_t IP_SOURCE = 12;
constexpr std::size_t IP_LEAST = 20;
constexpr uint8_t PROTOCOL_TCP = 6;
constexpr uint16_t FRAGMENT_MASK = 0x3FFF;

// TCP header, from its begin
constexpr std::size_t TCP_SEQUENCE = 4;
constexpr std::size_t TCP_ACKNOWLEDGEMENT = 8;
constexpr std::size_t TCP_OFFSET = 12;
constexpr std::size_t TCP_FLAGS = 13;
constexpr std::size_t TCP_WINDOW = 14;
constexpr std::size_t TCP_CHECKSUM = 16;
constexpr std::size_t TCP_URGENT = 18;
constexpr std::size_t TCP_LEAST = 20;
constexpr uint8_t FLAG_FIN = 0x01;
constexpr uint8_t FLAG_SYN = 0x02;
constexpr uint8_t FLAG_RST = 0x04;
constexpr uint8_t FLAG_PSH = 0x08;
constexpr uint8_t FLAG_ACK = 0x10;
constexpr uint8_t FLAG_URG = 0x20;

uint16_t
Get16(const uint8_t* octets)
{
    return static_cast<uint16_t>(octets[0] << 8 | octets[1]);
}

uint32_t
Get32(const uint8_t* octets)
{
    return static_cast<uint32_t>(Get16(octets)) << 16 | Get16(octets + 2);
}

void
Put16(uint8_t* octets, uint32_t value)
{
    octets[0] = static_cast<uint8_t>(value >> 8);
    octets[1] = static_cast<uint8_t>(value);
}

void
Put32(uint8_t* octets, uint32_t value)
{
    Put16(octets, value >> 16);
    Put16(octets + 2, value);
}

/// @return the sum of octets in pairs, not folded; octets behind the last pair have a 0 behind.
uint64_t
SumPairs(const uint8_t* octets, std::size_t size)
{
    uint64_t sum = 0;
    for (; size >= 4; size -= 4, octets += 4)
    {
        sum += Get32(octets);
    }
    if (size >= 2)
    {
        sum += Get16(octets);
    }
    if (size % 2 != 0)
    {
        sum += octets[size - 1] << 8;
    }
    return sum;
}

/// @return the one's complement sum.
uint16_t
Fold(uint64_t sum)
{
    while (sum >> 16 != 0)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    return static_cast<uint16_t>(sum);
}

/// Sizes of the headers at the begin of a packet.
struct Sizes
{
    std::size_t ip = 0;    ///< IPv4
    std::size_t total = 0; ///< IPv4 and TCP; 0 if there is no whole TCP segment
};

Sizes
Measure(const uint8_t* packet, std::size_t size, uint8_t protocol)
{
    Sizes sizes;
    if (size < IP_LEAST + TCP_LEAST || packet[0] >> 4 != 4 || protocol != PROTOCOL_TCP ||
        (Get16(packet + IP_FRAGMENT) & FRAGMENT_MASK) != 0 ||
        Get16(packet + IP_TOTAL_LENGTH) != size)
    {
        return sizes;
    }
    sizes.ip = (packet[0] & 0x0FU) * 4;
    if (sizes.ip < IP_LEAST || sizes.ip + TCP_LEAST > size)
    {
        return sizes;
    }
    const std::size_t tcp = (packet[sizes.ip + TCP_OFFSET] >> 4) * 4U;
    if (tcp >= TCP_LEAST && sizes.ip + tcp <= size)
    {
        sizes.total = sizes.ip + tcp;
    }
    return sizes;
}

/// @return octets of data in the packet whose header a slot holds.
uint32_t
GetDataSize(const TcpHeaderSlot& slot)
{
    return Get16(slot.header.data() + IP_TOTAL_LENGTH) - slot.size;
}

void
Save(TcpHeaderSlot& slot, const uint8_t* packet, const Sizes& sizes)
{
    slot.size = static_cast<uint8_t>(sizes.total);
    slot.ipSize = static_cast<uint8_t>(sizes.ip);
    std::copy_n(packet, sizes.total, slot.header.begin());
}

/// @return whether two headers differ where a compressed header says nothing.
bool
DiffersElsewhere(const TcpHeaderSlot& slot, const uint8_t* packet, const Sizes& sizes)
{
    const uint8_t* last = slot.header.data();
    if (slot.size != sizes.total || slot.ipSize != sizes.ip)
    {
        return true;
    }
    const auto differ = [last, packet](std::size_t begin, std::size_t end) {
        return std::memcmp(last + begin, packet + begin, end - begin) != 0;
    };
    constexpr uint8_t flags = static_cast<uint8_t>(~(FLAG_PSH | FLAG_URG));
    const std::size_t flag = sizes.ip + TCP_FLAGS;
    return differ(0, IP_TOTAL_LENGTH) || differ(IP_FRAGMENT, IP_CHECKSUM) ||
           differ(IP_LEAST, sizes.ip) || last[flag - 1] != packet[flag - 1] ||
           ((last[flag] ^ packet[flag]) & flags) != 0 || differ(sizes.ip + TCP_LEAST, sizes.total);
}

/// Writes the fields of a compressed header.
class DeltaWriter
{
  public:
    explicit DeltaWriter(uint8_t* octets)
        : m_begin(octets),
          m_next(octets)
    {
    }

    /// Appends a number from 1 to 65535, or 0 where that is possible.
    void Add(uint32_t value)
    {
        if (value == 0 || value > 0xFF)
        {
            *m_next = 0;
            Put16(m_next + 1, value);
            m_next += 3;
        }
        else
        {
            *m_next++ = static_cast<uint8_t>(value);
        }
    }

    /// @return octets since the begin.
    std::size_t GetSize() const
    {
        return static_cast<std::size_t>(m_next - m_begin);
    }

  private:
    uint8_t* m_begin;
    uint8_t* m_next;
};

/// What has changed in a header (RFC 1144 3.2.3).
struct Changes
{
    bool possible = false;          ///< a compressed header can tell it
    uint8_t bits = 0;               ///< first octet of the header, without C
    std::array<uint8_t, 15> octets; ///< the fields behind the checksum
    std::size_t size = 0;           ///< octets of those
};

/// Looks for the special cases, and for repetitions. @return whether the header can be compressed.
bool
UseSpecialCases(const TcpHeaderSlot& slot,
                uint32_t dataSize,
                uint32_t deltaSequence,
                uint32_t deltaAcknowledgement,
                uint8_t& bits)
{
    const uint32_t lastData = GetDataSize(slot);
    switch (bits)
    {
    case 0:
        // Data behind an ack; else a repetition or a window probe, in case the last one was lost.
        return dataSize > 0 && lastData == 0;
    case SPECIAL_I:
    case SPECIAL_D:
        return false;
    case NEW_S | NEW_A:
        if (deltaSequence == deltaAcknowledgement && deltaSequence == lastData)
        {
            bits = SPECIAL_I;
        }
        return true;
    case NEW_S:
        if (deltaSequence == lastData)
        {
            bits = SPECIAL_D;
        }
        return true;
    default:
        return true;
    }
}

Changes
FindChanges(const TcpHeaderSlot& slot, const uint8_t* packet, std::size_t size, const Sizes& sizes)
{
    Changes changes;
    const uint8_t* last = slot.header.data();
    const uint8_t* lastTcp = last + sizes.ip;
    const uint8_t* tcp = packet + sizes.ip;
    DeltaWriter writer(changes.octets.data());
    const auto add = [&changes, &writer](uint8_t bit, uint32_t value) {
        writer.Add(value);
        changes.bits |= bit;
    };
    if ((tcp[TCP_FLAGS] & FLAG_URG) != 0)
    {
        add(NEW_U, Get16(tcp + TCP_URGENT));
    }
    else if (Get16(tcp + TCP_URGENT) != Get16(lastTcp + TCP_URGENT))
    {
        return changes; // never so by a sane TCP
    }
    const uint16_t window = Get16(tcp + TCP_WINDOW) - Get16(lastTcp + TCP_WINDOW);
    const uint32_t acknowledgement =
        Get32(tcp + TCP_ACKNOWLEDGEMENT) - Get32(lastTcp + TCP_ACKNOWLEDGEMENT);
    const uint32_t sequence = Get32(tcp + TCP_SEQUENCE) - Get32(lastTcp + TCP_SEQUENCE);
    if (acknowledgement > 0xFFFF || sequence > 0xFFFF)
    {
        return changes;
    }
    for (const auto& [bit, delta] :
         {std::pair<uint8_t, uint32_t>{NEW_W, window}, {NEW_A, acknowledgement}, {NEW_S, sequence}})
    {
        if (delta != 0)
        {
            add(bit, delta);
        }
    }
    const auto dataSize = static_cast<uint32_t>(size - sizes.total);
    changes.possible = UseSpecialCases(slot, dataSize, sequence, acknowledgement, changes.bits);
    if ((changes.bits & SAWU) == SPECIAL_I || (changes.bits & SAWU) == SPECIAL_D)
    {
        writer = DeltaWriter(changes.octets.data());
    }
    const uint16_t identification =
        Get16(packet + IP_IDENTIFICATION) - Get16(last + IP_IDENTIFICATION);
    if (identification != 1)
    {
        add(NEW_I, identification);
    }
    changes.bits |= (tcp[TCP_FLAGS] & FLAG_PSH) != 0 ? PUSH : 0;
    changes.size = writer.GetSize();
    return changes;
}

/// Reads the fields of a compressed header; past the end all are 0.
class DeltaReader
{
  public:
    DeltaReader(const uint8_t* octets, std::size_t size)
        : m_reader(octets, size)
    {
    }

    uint8_t Octet()
    {
        return m_reader.Read();
    }

    uint16_t Number16()
    {
        const uint8_t high = Octet();
        return static_cast<uint16_t>(high << 8 | Octet());
    }

    uint16_t Delta()
    {
        const uint8_t first = Octet();
        return first != 0 ? first : Number16();
    }

    bool HasFailed() const
    {
        return m_reader.HasFailed();
    }

    std::size_t GetRemaining() const
    {
        return m_reader.GetLeft();
    }

  private:
    OctetReader m_reader;
};

/// Changes a header as the fields of a compressed one say.
void
Apply(uint8_t bits, uint32_t lastData, DeltaReader& reader, uint8_t* header, uint8_t* tcp)
{
    const auto advance32 = [](uint8_t* field, uint32_t delta) {
        Put32(field, Get32(field) + delta);
    };
    tcp[TCP_FLAGS] &= static_cast<uint8_t>(~(FLAG_PSH | FLAG_URG));
    tcp[TCP_FLAGS] |= (bits & PUSH) != 0 ? FLAG_PSH : 0;
    switch (bits & SAWU)
    {
    case SPECIAL_I:
        advance32(tcp + TCP_ACKNOWLEDGEMENT, lastData);
        advance32(tcp + TCP_SEQUENCE, lastData);
        break;
    case SPECIAL_D:
        advance32(tcp + TCP_SEQUENCE, lastData);
        break;
    default:
        if ((bits & NEW_U) != 0)
        {
            tcp[TCP_FLAGS] |= FLAG_URG;
            Put16(tcp + TCP_URGENT, reader.Delta());
        }
        if ((bits & NEW_W) != 0)
        {
            Put16(tcp + TCP_WINDOW, Get16(tcp + TCP_WINDOW) + reader.Delta());
        }
        if ((bits & NEW_A) != 0)
        {
            advance32(tcp + TCP_ACKNOWLEDGEMENT, reader.Delta());
        }
        if ((bits & NEW_S) != 0)
        {
            advance32(tcp + TCP_SEQUENCE, reader.Delta());
        }
    }
    const uint32_t identification = (bits & NEW_I) != 0 ? reader.Delta() : 1;
    Put16(header + IP_IDENTIFICATION, Get16(header + IP_IDENTIFICATION) + identification);
}

} // namespace

TcpHeaderCompressor::TcpHeaderCompressor(std::size_t slots)
    : m_slots(slots),
      m_recent(slots)
{
    std::iota(m_recent.begin(), m_recent.end(), uint8_t(0));
}

std::size_t
TcpHeaderCompressor::FindSlot(const uint8_t* packet, std::size_t ipSize, bool& found)
{
    constexpr std::size_t addresses = 8;
    constexpr std::size_t ports = 4;
    const auto isSame = [this, packet, ipSize](uint8_t index) {
        const TcpHeaderSlot& slot = m_slots[index];
        return slot.size > 0 &&
               std::memcmp(slot.header.data() + IP_SOURCE, packet + IP_SOURCE, addresses) == 0 &&
               std::memcmp(slot.header.data() + slot.ipSize, packet + ipSize, ports) == 0;
    };
    auto place = std::find_if(m_recent.begin(), m_recent.end(), isSame);
    found = place != m_recent.end();
    if (!found)
    {
        --place; // the one that was not used for longest
    }
    std::rotate(m_recent.begin(), place, place + 1);
    return m_recent.front();
}

CompressedTcpHeader
TcpHeaderCompressor::Compress(const uint8_t* packet, std::size_t size)
{
    CompressedTcpHeader result;
    constexpr uint8_t flags = FLAG_SYN | FLAG_FIN | FLAG_RST | FLAG_ACK;
    const Sizes sizes =
        Measure(packet, size, size > IP_PROTOCOL ? packet[IP_PROTOCOL] : uint8_t(0));
    if (sizes.total == 0 || (packet[sizes.ip + TCP_FLAGS] & flags) != FLAG_ACK)
    {
        return result;
    }
    bool found = false;
    const std::size_t index = FindSlot(packet, sizes.ip, found);
    TcpHeaderSlot& slot = m_slots[index];
    Changes changes;
    if (found && !DiffersElsewhere(slot, packet, sizes))
    {
        changes = FindChanges(slot, packet, size, sizes);
    }
    Save(slot, packet, sizes);
    const bool sameSlot = m_lastSlot == static_cast<int>(index);
    m_lastSlot = static_cast<int>(index);
    uint8_t* out = result.octets.data();
    if (!changes.possible)
    {
        result.type = TcpHeaderType::UNCOMPRESSED_TCP;
        result.size = result.replaced = IP_PROTOCOL + 1;
        std::copy_n(packet, IP_PROTOCOL, out);
        out[IP_PROTOCOL] = static_cast<uint8_t>(index);
        return result;
    }
    result.type = TcpHeaderType::COMPRESSED_TCP;
    result.replaced = static_cast<uint8_t>(sizes.total);
    *out++ = changes.bits | (sameSlot ? 0 : NEW_C);
    if (!sameSlot)
    {
        *out++ = static_cast<uint8_t>(index);
    }
    out = std::copy_n(packet + sizes.ip + TCP_CHECKSUM, 2, out);
    out = std::copy_n(changes.octets.begin(), changes.size, out);
    result.size = static_cast<uint8_t>(out - result.octets.data());
    return result;
}

TcpHeaderDecompressor::TcpHeaderDecompressor(std::size_t slots)
    : m_slots(slots)
{
}

TcpDecompression
TcpHeaderDecompressor::Decompress(TcpHeaderType type, Octets& packet)
{
    switch (type)
    {
    case TcpHeaderType::UNCOMPRESSED_TCP:
        return Fill(packet);
    case TcpHeaderType::COMPRESSED_TCP:
        return Expand(packet);
    default:
        return TcpDecompression::DONE;
    }
}

void
TcpHeaderDecompressor::NoteLoss()
{
    m_toss = true;
    for (TcpHeaderSlot& slot : m_slots)
    {
        slot.suspect = true;
    }
}

TcpDecompression
TcpHeaderDecompressor::Fill(Octets& packet)
{
    const Sizes sizes = Measure(packet.data(), packet.size(), PROTOCOL_TCP);
    if (sizes.total == 0)
    {
        return TcpDecompression::MALFORMED;
    }
    const std::size_t index = packet[IP_PROTOCOL];
    if (index >= m_slots.size())
    {
        return TcpDecompression::UNKNOWN_SLOT;
    }
    packet[IP_PROTOCOL] = PROTOCOL_TCP;
    TcpHeaderSlot& slot = m_slots[index];
    Save(slot, packet.data(), sizes);
    slot.suspect = false;
    m_lastSlot = static_cast<int>(index);
    m_toss = false;
    return TcpDecompression::DONE;
}

TcpDecompression
TcpHeaderDecompressor::Expand(Octets& packet)
{
    DeltaReader reader(packet.data(), packet.size());
    const uint8_t bits = reader.Octet();
    if ((bits & NEW_C) != 0)
    {
        const std::size_t index = reader.Octet();
        if (index >= m_slots.size())
        {
            m_toss = true;
            return TcpDecompression::UNKNOWN_SLOT;
        }
        m_lastSlot = static_cast<int>(index);
        m_toss = false;
    }
    if (m_toss)
    {
        return TcpDecompression::TOSSED;
    }
    TcpHeaderSlot& slot = m_slots[static_cast<std::size_t>(m_lastSlot)];
    if (slot.size == 0)
    {
        return TcpDecompression::UNKNOWN_SLOT;
    }
    const uint16_t checksum = reader.Number16();
    std::array<uint8_t, MAX_TCP_IP_HEADER> header = slot.header;
    uint8_t* tcp = header.data() + slot.ipSize;
    Apply(bits, GetDataSize(slot), reader, header.data(), tcp);
    Put16(tcp + TCP_CHECKSUM, checksum);
    const std::size_t total = slot.size + reader.GetRemaining();
    if (reader.HasFailed() || total > 0xFFFF)
    {
        slot.size = 0;
        return TcpDecompression::MALFORMED;
    }
    Put16(header.data() + IP_TOTAL_LENGTH, static_cast<uint32_t>(total));
    Put16(header.data() + IP_CHECKSUM, 0);
    Put16(header.data() + IP_CHECKSUM, 0xFFFFU ^ Fold(SumPairs(header.data(), slot.ipSize)));
    Octets whole;
    whole.reserve(total);
    whole.insert(whole.end(), header.begin(), header.begin() + slot.size);
    whole.insert(whole.end(),
                 packet.end() - static_cast<std::ptrdiff_t>(total - slot.size),
                 packet.end());
    if (!IsInStep(slot, checksum, whole))
    {
        slot.size = 0;
        return TcpDecompression::OUT_OF_STEP;
    }
    slot.header = header;
    packet = std::move(whole);
    return TcpDecompression::DONE;
}

bool
TcpHeaderDecompressor::IsInStep(TcpHeaderSlot& slot, uint16_t checksum, const Octets& packet)
{
    const bool verifies = VerifiesTcpChecksum(packet.data(), packet.size());
    const bool none = checksum == 0 && !slot.suspect;
    slot.suspect = slot.suspect && !verifies;
    return verifies || none;
}

bool
VerifiesTcpChecksum(const uint8_t* packet, std::size_t size)
{
    const Sizes sizes =
        Measure(packet, size, size > IP_PROTOCOL ? packet[IP_PROTOCOL] : uint8_t(0));
    if (sizes.total == 0)
    {
        return false;
    }
    constexpr std::size_t addresses = 8;
    const std::size_t tcp = size - sizes.ip;
    return Fold(SumPairs(packet + sizes.ip, tcp) + SumPairs(packet + IP_SOURCE, addresses) +
                PROTOCOL_TCP + tcp) == 0xFFFF;
}

} // namespace p2pim
} // namespace ns3
