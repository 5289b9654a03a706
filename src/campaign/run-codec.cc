// SPDX-License-Identifier: GPL-2.0-only
#include "run-codec.h"

#include <boost/archive/binary_iarchive_impl.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/archive/impl/archive_serializer_map.ipp>
#include <boost/archive/impl/basic_binary_iarchive.ipp>
#include <boost/archive/impl/basic_binary_iprimitive.ipp>
#include <boost/serialization/level.hpp>
#include <boost/serialization/string.hpp>
#include <boost/serialization/tracking.hpp>
#include <boost/serialization/vector.hpp>
#include <cstdint>
#include <cstring>
#include <functional>
#include <sstream>
#include <string_view>

// Without versions and the search for objects that were met before, half of the time is saved, and
// one value has one encoding.
#define P2PIM_PLAIN(Type)                                                                          \
    BOOST_CLASS_IMPLEMENTATION(Type, boost::serialization::object_serializable)                    \
    BOOST_CLASS_TRACKING(Type, boost::serialization::track_never)
P2PIM_PLAIN(p2pim::StepRecord)
P2PIM_PLAIN(p2pim::MessageRecord)
P2PIM_PLAIN(p2pim::AttemptRecord)
P2PIM_PLAIN(p2pim::SessionRecord)
P2PIM_PLAIN(p2pim::CounterRecord)
P2PIM_PLAIN(p2pim::RunRecord)
P2PIM_PLAIN(std::vector<p2pim::StepRecord>)
P2PIM_PLAIN(std::vector<p2pim::MessageRecord>)
P2PIM_PLAIN(std::vector<p2pim::AttemptRecord>)
P2PIM_PLAIN(std::vector<p2pim::SessionRecord>)
P2PIM_PLAIN(std::vector<p2pim::CounterRecord>)
P2PIM_PLAIN(p2pim::campaign::RunKey)
P2PIM_PLAIN(p2pim::campaign::PlannedRun)
P2PIM_PLAIN(p2pim::campaign::RunFailure)
P2PIM_PLAIN(p2pim::campaign::RunOutcome)
P2PIM_PLAIN(p2pim::FingerprintRecord)
P2PIM_PLAIN(p2pim::EventRecord)
P2PIM_PLAIN(p2pim::TraceRecord)
P2PIM_PLAIN(std::vector<p2pim::FingerprintRecord>)
P2PIM_PLAIN(std::vector<p2pim::EventRecord>)
#undef P2PIM_PLAIN

// A structured binding has to name every member: a new one that is not listed does not compile.
// The functions stand beside the structures, where Boost.Serialization looks for them.

namespace p2pim
{

template <class Archive>
void
serialize(Archive& archive, StepRecord& step, unsigned /* version */) // NOLINT: Boost's name
{
    auto& [name, time] = step;
    archive& name& time;
}

template <class Archive>
void
serialize(Archive& archive, MessageRecord& message, unsigned /* version */) // NOLINT: Boost's name
{
    auto& [index, fromInitiator, octets, sent, received] = message;
    archive& index& fromInitiator& octets& sent& received;
}

template <class Archive>
void
serialize(Archive& archive, AttemptRecord& attempt, unsigned /* version */) // NOLINT: Boost's name
{
    auto& [fromInitiator, candidate, local, remote, tries, start, end, outcome] = attempt;
    archive& fromInitiator& candidate& local& remote& tries& start& end& outcome;
}

template <class Archive>
void
serialize(Archive& archive, SessionRecord& session, unsigned /* version */) // NOLINT: Boost's name
{
    auto& [index,
           bearer,
           succeeded,
           cause,
           diagnosis,
           initiatorAccess,
           targetAccess,
           setup,
           firstMessage,
           steps,
           messages,
           attempts] = session;
    archive& index& bearer& succeeded& cause& diagnosis& initiatorAccess& targetAccess;
    archive& setup& firstMessage& steps& messages& attempts;
}

template <class Archive>
void
serialize(Archive& archive, CounterRecord& counter, unsigned /* version */) // NOLINT: Boost's name
{
    auto& [element, name, value] = counter;
    archive& element& name& value;
}

template <class Archive>
void
serialize(Archive& archive, FingerprintRecord& each, unsigned /* version */) // NOLINT: Boost's name
{
    auto& [ingredient, hash] = each;
    archive& ingredient& hash;
}

template <class Archive>
void
serialize(Archive& archive, EventRecord& event, unsigned /* version */) // NOLINT: Boost's name
{
    auto& [time, context, packets, octets] = event;
    archive& time& context& packets& octets;
}

template <class Archive>
void
serialize(Archive& archive, TraceRecord& trace, unsigned /* version */) // NOLINT: Boost's name
{
    auto& [fingerprints, events] = trace;
    archive& fingerprints& events;
}

template <class Archive>
void
serialize(Archive& archive, RunRecord& run, unsigned /* version */) // NOLINT: Boost's name
{
    auto& [point, scheme, seed, sessions, counters, events, trace] = run;
    archive& point& scheme& seed& sessions& counters& events& trace;
}

namespace campaign
{

template <class Archive>
void
serialize(Archive& archive, RunKey& key, unsigned /* version */) // NOLINT: Boost's name
{
    auto& [scheme, seed, point] = key;
    archive& scheme& seed& point;
}

template <class Archive>
void
serialize(Archive& archive, PlannedRun& run, unsigned /* version */) // NOLINT: Boost's name
{
    auto& [id, key] = run;
    archive& id& key;
}

template <class Archive>
void
serialize(Archive& archive, RunFailure& failure, unsigned /* version */) // NOLINT: Boost's name
{
    auto& [cause, detail, command] = failure;
    archive& cause& detail& command;
}

template <class Archive>
void
serialize(Archive& archive, RunOutcome& outcome, unsigned /* version */) // NOLINT: Boost's name
{
    auto& [run, record, failure] = outcome;
    bool succeeded = record.has_value();
    archive& run& failure& succeeded;
    if (succeeded)
    {
        archive&(record ? *record : record.emplace());
    }
}

namespace
{

/// What stands before the octets that a frame carries.
struct FrameHeader
{
    uint64_t size;     ///< of what it carries, octets
    uint64_t inverse;  ///< the size with all its bits inverted: a wrong one is never waited for
    uint64_t checksum; ///< of what it carries
};

/// Both ends are one program, so its archives need no header and the present locale.
constexpr unsigned g_archiveFlags = boost::archive::no_header | boost::archive::no_codecvt;

/// Reads what a binary_oarchive has written. Boost's own trusts what it reads: it makes room for
/// any number of elements, and stops the program at a bool that is none.
class Reader : public boost::archive::binary_iarchive_impl<Reader, char, std::char_traits<char>>
{
  public:
    explicit Reader(std::stringbuf& buffer)
        : binary_iarchive_impl(buffer, g_archiveFlags),
          m_buffer(buffer)
    {
    }

    /// Called by the archive's operators, as the next ones.
    template <class Value>
    void load_override(Value& value) // NOLINT: Boost's name
    {
        binary_iarchive_impl::load_override(value);
    }

    void load_override(bool& value) // NOLINT: Boost's name
    {
        uint8_t octet = 0;
        *this >> octet;
        Check(octet <= 1);
        value = octet == 1;
    }

    void load_override(std::string& value) // NOLINT: Boost's name
    {
        std::size_t size = 0;
        *this >> size;
        Check(size <= GetRest());
        value.resize(size);
        load_binary(value.data(), size);
    }

    void load_override(boost::serialization::collection_size_type& count) // NOLINT: Boost's name
    {
        binary_iarchive_impl::load_override(count);
        Check(count <= GetRest()); // an element has an octet at least
    }

    void load_override(boost::serialization::item_version_type& version) // NOLINT: Boost's name
    {
        binary_iarchive_impl::load_override(version);
        Check(version == 0);
    }

    /// @return how many octets are left.
    std::size_t GetRest() const
    {
        return static_cast<std::size_t>(m_buffer.in_avail());
    }

    /// @throw CodecError it does not hold.
    static void Check(bool holds)
    {
        if (!holds)
        {
            throw CodecError("octets that nobody has written");
        }
    }

  private:
    std::stringbuf& m_buffer;
};

uint64_t
GetChecksum(std::string_view octets)
{
    return std::hash<std::string_view>()(octets);
}

template <class Value>
std::string
Encode(const Value& value)
{
    std::stringbuf buffer(std::ios::out);
    boost::archive::binary_oarchive(buffer, g_archiveFlags) << value;
    return buffer.str();
}

template <class Value>
Value
Decode(const std::string& octets)
{
    try
    {
        std::stringbuf buffer(octets, std::ios::in);
        Reader reader(buffer);
        Value value;
        reader >> value;
        Reader::Check(reader.GetRest() == 0);
        return value;
    }
    catch (const std::exception& error)
    {
        throw CodecError(error.what());
    }
}

} // namespace

std::string
EncodeRun(const PlannedRun& run)
{
    return Encode(run);
}

PlannedRun
DecodeRun(const std::string& octets)
{
    return Decode<PlannedRun>(octets);
}

std::string
EncodeOutcome(const RunOutcome& outcome)
{
    return Encode(outcome);
}

RunOutcome
DecodeOutcome(const std::string& octets)
{
    return Decode<RunOutcome>(octets);
}

std::string
MakeFrame(const std::string& octets)
{
    const uint64_t size = octets.size();
    const FrameHeader header{size, ~size, GetChecksum(octets)};
    std::string frame(sizeof header, '\0');
    std::memcpy(frame.data(), &header, sizeof header);
    frame += octets;
    return frame;
}

void
FrameReader::Add(const char* octets, std::size_t size)
{
    m_buffer.append(octets, size);
}

std::optional<std::string>
FrameReader::Take()
{
    FrameHeader header{};
    if (m_buffer.size() < sizeof header)
    {
        return {};
    }
    std::memcpy(&header, m_buffer.data(), sizeof header);
    if (header.size != ~header.inverse)
    {
        throw CodecError("a frame with a wrong length");
    }
    if (m_buffer.size() - sizeof header < header.size)
    {
        return {};
    }
    auto octets = m_buffer.substr(sizeof header, header.size);
    if (GetChecksum(octets) != header.checksum)
    {
        throw CodecError("a frame with a wrong checksum");
    }
    m_buffer.erase(0, sizeof header + header.size);
    return octets;
}

} // namespace campaign
} // namespace p2pim
