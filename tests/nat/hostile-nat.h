// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_HOSTILE_NAT_H
#define P2PIM_TESTS_HOSTILE_NAT_H

#include "ns3/nat-core.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace p2pim::test
{

using ns3::Time;
using ns3::p2pim::NatCause;
using ns3::p2pim::NatCore;
using ns3::p2pim::NatEndpoint;
using ns3::p2pim::NatOutput;
using ns3::p2pim::NatProtocol;
using ns3::p2pim::NatSettings;
using ns3::p2pim::NatSide;
using ns3::p2pim::Octets;

/**
 * A NAT of any settings between hosts that talk and others who attack it: scans, floods, RSTs and
 * ICMP errors of nobody, fragments that lie, spoilt octets. What comes out is held against a list
 * of what the inside has sent, which knows nothing of mappings and sessions.
 */
class HostileNat
{
  public:
    using Draw = std::function<uint32_t(uint32_t limit)>;

    /// @param draw for all that is random: a number below a limit.
    explicit HostileNat(Draw draw);
    HostileNat(const HostileNat&) = delete;
    HostileNat& operator=(const HostileNat&) = delete;

    /// Sends some packets of one kind. @return how many.
    uint32_t Step();
    /// @return what did not hold; nothing if all did.
    const std::string& GetFault() const;
    /// @return whether all state ends some day.
    bool Ends();
    /// @return packets that were dropped, by cause.
    const std::map<NatCause, uint64_t>& GetDrops() const;
    /// @return packets that came out inside from outside.
    uint64_t GetAdmitted() const;

  private:
    /// A packet that left.
    struct Sent
    {
        NatProtocol protocol;
        NatEndpoint inside;
        NatEndpoint outside;
        NatEndpoint remote;
        Time time;
    };

    /// Of a datagram: side, source, destination, identification and protocol.
    using Datagram = std::tuple<NatSide, uint32_t, uint32_t, uint16_t, uint8_t>;

    static NatSettings MakeSettings(const Draw& draw);
    static void SpoilSettings(NatSettings& settings, const Draw& draw);

    // Kinds of packets.
    void SendFromInside();
    void Answer();
    void Scan();
    void Flood();
    void ForgeReset();
    void ForgeError();
    void AnswerByError();
    void SendFragments();
    void Spoil();
    void Spoof();
    void Exceed();
    void Disturb();

    const Sent* PickSent();
    Octets MakeFromInside();
    Octets MakeSegment(const NatEndpoint& from, const NatEndpoint& to, uint8_t flags);
    Octets MakeAny(NatProtocol protocol,
                   const NatEndpoint& from,
                   const NatEndpoint& to,
                   bool isOutbound);
    void Give(NatSide from, Octets packet);

    // What must hold: hostile-nat-checks.cc.
    void Check(NatSide from, const Octets& given, const NatOutput& output);
    void CheckLeaving(NatSide from, const Octets& given, const Octets& packet);
    void CheckEntering(const Octets& given, const Octets& packet);
    void CheckMapping(const Sent& sent);
    void NoteSent(const Octets& given, const Octets& packet);
    std::vector<std::pair<NatEndpoint, NatEndpoint>> GetEndsOf(NatSide from,
                                                               const Octets& given) const;
    bool IsAdmitted(NatProtocol protocol,
                    const NatEndpoint& inside,
                    const NatEndpoint* outside,
                    const NatEndpoint& remote) const;
    bool IsErrorAdmitted(const Octets& packet) const;
    bool IsOver(const Sent& sent) const;
    void CheckLimits();
    void Fail(const std::string& fault);

    Draw m_draw;
    NatCore m_core;
    Time m_now;
    Time m_lost; ///< when all state was
    std::vector<Sent> m_sent;
    std::map<Datagram, std::vector<std::pair<NatEndpoint, NatEndpoint>>> m_datagrams; ///< ends
    std::vector<std::pair<NatProtocol, NatEndpoint>> m_open; ///< inside, asked for or hairpinned
    std::map<NatCause, uint64_t> m_drops;
    std::string m_fault;
    uint64_t m_admitted = 0;
    uint32_t m_packets = 0;
    uint16_t m_identification = 0;
};

} // namespace p2pim::test

#endif // P2PIM_TESTS_HOSTILE_NAT_H
