// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_SETTINGS_H
#define P2PIM_NAT_SETTINGS_H

#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Life times of the state of a NAT without traffic.
struct NatTimers
{
    Time udpNew = Seconds(300);           ///< UDP, nothing has come back yet (RFC 4787 REQ-5)
    Time udpStream = Seconds(300);        ///< UDP, both ways and older than udpStreamAge
    Time udpStreamAge;                    ///< age from which udpStream holds
    std::map<uint16_t, Time> udpPorts;    ///< instead, by destination port (RFC 4787 REQ-5a)
    bool udpInboundRefresh = false;       ///< inbound packets refresh too (RFC 4787 REQ-6)
    Time tcpOpening = Seconds(240);       ///< one SYN seen (RFC 5382 REQ-5); Linux: SYN_SENT
    Time tcpSynReceived = Seconds(240);   ///< Linux only: SYN and its SYN-ACK seen
    Time tcpEstablished = Seconds(7440);  ///< (RFC 5382 REQ-5)
    Time tcpClosing = Seconds(240);       ///< RFC 7857: TRANS, both FINs; Linux: FIN_WAIT
    Time tcpCloseWait = Seconds(240);     ///< Linux only: FIN acknowledged
    Time tcpLastAck = Seconds(240);       ///< Linux only: both FINs
    Time tcpTimeWait = Seconds(240);      ///< Linux only: both FINs acknowledged
    Time tcpReset = Seconds(240);         ///< after a RST (RFC 7857 2.2)
    Time tcpUnacknowledged = Time::Max(); ///< Linux only: data waits for its acknowledgement
    Time tcpRetransmitted = Time::Max();  ///< Linux only: data was retransmitted often
    Time icmpQuery = Seconds(60);         ///< (RFC 5508 REQ-2)
    Time fragment = Seconds(30);          ///< fragments of a datagram that is not complete
    Time heldSyn = Seconds(6);            ///< unsolicited SYN (RFC 5382 REQ-4)
};

/// Most of what a NAT keeps; more is refused, never older state removed (RFC 6888 REQ-4, REQ-11).
struct NatLimits
{
    uint32_t mappings = 1000000;           ///< in all
    uint32_t sessions = 2000000;           ///< in all
    uint32_t subscriberMappings = 1000000; ///< of an inside address
    uint32_t subscriberSessions = 2000000; ///< of an inside address
    double subscriberRate = 0;             ///< new mappings a second of an inside address; 0: any
    uint32_t subscriberBurst = 100;        ///< of those at once
    uint32_t fragmentedDatagrams = 256;    ///< whose fragments are kept
    uint32_t fragmentOctets = 262144;      ///< of kept fragments
    uint32_t heldSyns = 1024;              ///< unsolicited SYNs
};

/// New mappings of subscribers who are not simulated.
struct NatBackgroundLoad
{
    double rate = 0;            ///< new mappings a second, at each outside address
    Time holding = Seconds(60); ///< mean life of one
};

/**
 * What a NAT or firewall does, in the terms of RFC 4787, 5382, 5508, 6888 and 7857. The defaults
 * are those that the RFCs ask for. GetNatPreset() has named kinds.
 */
struct NatSettings
{
    /// What a new mapping is for (RFC 4787 4.1, RFC 5382 4.1).
    enum Mapping : uint8_t
    {
        EIM,  ///< an inside endpoint
        ADM,  ///< and an outside address
        APDM, ///< and its port
        CDM   ///< one TCP connection; otherwise as APDM
    };

    /// Who may send to a mapping (RFC 4787 5, RFC 5382 4.3).
    enum Filtering : uint8_t
    {
        EIF,  ///< all
        ADF,  ///< addresses that the inside has sent to
        APDF, ///< endpoints that the inside has sent to
        CDF   ///< as APDF, but a SYN from outside never opens a closed connection again
    };

    /// How the port of a new mapping is found.
    enum PortAllocation : uint8_t
    {
        PRESERVE,               ///< that of the inside, or the packet is dropped
        PRESERVE_OR_RANDOM,     ///< that of the inside, or a random one
        PRESERVE_OR_SEQUENTIAL, ///< that of the inside, or the next
        SEQUENTIAL,             ///< the last one and portDelta
        RANDOM,                 ///< any
        BLOCK,                  ///< any of the blocks of the subscriber (RFC 6888 REQ-14)
        DETERMINISTIC,          ///< any of the ports that are the subscriber's for good (RFC 7422)
        OVERLOAD                ///< that of the inside, taken from whoever has it (RFC 4787 REQ-3)
    };

    /// Classes that a port is kept in.
    enum PortClasses : uint8_t
    {
        NO_CLASSES,
        RFC_CLASSES,  ///< to 1023, from 1024 (RFC 4787 REQ-3a)
        LINUX_CLASSES ///< to 511, 600 to 1023 for 512 to 1023, from 1024
    };

    /// Which outside address a mapping gets (RFC 4787 4.1).
    enum Pooling : uint8_t
    {
        PAIRED,         ///< that of the subscriber, or the packet is dropped
        SOFT_PAIRED,    ///< that of the subscriber, or another (RFC 7857 4)
        ARBITRARY,      ///< any
        PER_DESTINATION ///< by a hash of inside and outside address
    };

    /// Packets from inside to an outside address of the NAT (RFC 4787 6).
    enum Hairpinning : uint8_t
    {
        NO_HAIRPIN,
        INTERNAL_SOURCE, ///< with the inside endpoint as their source
        EXTERNAL_SOURCE  ///< with the outside endpoint
    };

    /// What the sender of an unsolicited packet gets.
    enum Unsolicited : uint8_t
    {
        SILENCE,
        RESET,            ///< a RST; for UDP a port unreachable
        PORT_UNREACHABLE, ///< ICMP 3/3
        PROHIBITED,       ///< ICMP 3/13
        HOLD, ///< ICMP 3/3 after six seconds, unless the inside opens it too (RFC 5382 REQ-4)
        ANSWERED_BY_HOST ///< the NAT's own host takes it: state without a mapping, as in Linux
    };

    /// How much of TCP is looked at.
    enum TcpTracking : uint8_t
    {
        NO_TRACKING, ///< all segments are the same
        FLAGS,       ///< SYN, FIN, RST
        WINDOW,      ///< and sequence numbers: what is out of the window is dropped
        LIBERAL      ///< and sequence numbers, but only a RST is dropped
    };

    /// Whose states a connection has.
    enum TcpMachine : uint8_t
    {
        RFC7857_MACHINE, ///< RFC 7857 2
        LINUX_MACHINE    ///< nf_conntrack's
    };

    /// What a RST does to an established connection.
    enum ResetAction : uint8_t
    {
        RESET_SHORTENS, ///< it lives for tcpReset (RFC 7857 2.2)
        RESET_DELETES,  ///< it ends
        RESET_IGNORED   ///< nothing
    };

    /// What becomes of an ICMP error about a connection.
    enum IcmpErrors : uint8_t
    {
        TRANSLATE_ERRORS, ///< (RFC 5508 REQ-4, REQ-5)
        DROP_ERRORS,
        ERRORS_KILL ///< translated, and the connection ends: against RFC 4787 REQ-12
    };

    /// What the sender of a packet gets for which there is no port, or that a limit refuses.
    enum Refusal : uint8_t
    {
        REFUSE_SILENTLY,
        REFUSE_UNREACHABLE, ///< ICMP 3/1 (RFC 6888 REQ-11)
        REFUSE_PROHIBITED   ///< ICMP 3/13 (RFC 5508 REQ-8)
    };

    /// What becomes of fragments (RFC 4787 11).
    enum Fragments : uint8_t
    {
        DROP_FRAGMENTS,
        FRAGMENTS_IN_ORDER, ///< those that come after the first
        FRAGMENTS_ANY_ORDER ///< kept until the datagram is complete
    };

    bool translates = true;        ///< false: a firewall
    std::vector<Ipv4Address> pool; ///< outside addresses; none in a firewall
    Ipv4Address insideAddress =
        Ipv4Address::GetZero();      ///< source of ICMP to the inside; 0.0.0.0: none is sent
    uint16_t insideMtu = 65535;      ///< octets
    uint16_t outsideMtu = 65535;     ///< octets
    bool checksums = true;           ///< of packets are there, are checked and kept right
    bool transportChecksums = false; ///< those of TCP and UDP are checked too
    bool renewsIdentification =
        true;                ///< of what may become fragments, RFC 7857 10 and RFC 6864 5.3
    bool sendsErrors = true; ///< ICMP 3/4 and 11/0 (RFC 5508 REQ-9)
    std::vector<std::pair<Ipv4Address, Ipv4Mask>>
        untranslated; ///< outside networks that are sent to and heard as if there were no NAT

    Mapping udpMapping = EIM;      ///< also of ICMP queries
    Mapping tcpMapping = EIM;      ///< of TCP
    Mapping conflictMapping = EIM; ///< if the port could not be preserved: no less than above
    Filtering udpFiltering = EIF;  ///< also of ICMP queries
    Filtering tcpFiltering = EIF;  ///< of TCP
    PortAllocation allocation = PRESERVE_OR_RANDOM;
    uint16_t firstPort = 1;                                 ///< of the range
    uint16_t lastPort = 65535;                              ///< of the range
    uint16_t portDelta = 1;                                 ///< from one port to the next
    uint16_t blockSize = 512;                               ///< ports of a block
    uint16_t subscriberBlocks = 4;                          ///< most blocks of a subscriber
    Ipv4Address subscriberNetwork = Ipv4Address::GetZero(); ///< of the deterministic allocation
    uint8_t subscriberPrefix = 24;                          ///< length of its prefix
    PortClasses portClasses = RFC_CLASSES;
    bool keepsParity = true; ///< even ports stay even (RFC 4787 REQ-4)
    bool overlaps = false;   ///< mappings to different destinations share a port (RFC 7857 3)
    Pooling pooling = PAIRED;
    Time quarantine; ///< until a released port is used again (RFC 6888 REQ-8)
    Hairpinning hairpinning = EXTERNAL_SOURCE;
    bool answersInside = false; ///< without hairpinning: RST and ICMP 3/3, not silence

    Unsolicited unsolicitedTcp = HOLD;    ///< SYNs; other segments get RST or nothing
    Unsolicited unsolicitedUdp = SILENCE; ///< also ICMP queries
    TcpTracking tcpTracking = FLAGS;
    TcpMachine tcpMachine = RFC7857_MACHINE;
    bool picksUp = false;        ///< a segment from inside without a SYN makes state
    bool leaksInvalid = false;   ///< what tracking refuses leaves untranslated
    bool resetsStray = false;    ///< a segment from inside without state gets a RST
    bool resetsExpired = false;  ///< both ends of an established connection that expires get a RST
    uint8_t retransmissions = 3; ///< until tcpRetransmitted holds
    ResetAction resetAction = RESET_SHORTENS;
    IcmpErrors icmpErrors = TRANSLATE_ERRORS;
    Refusal refusal = REFUSE_PROHIBITED;
    Fragments fragments = FRAGMENTS_ANY_ORDER;

    NatTimers timers;
    NatLimits limits;
    NatBackgroundLoad load;
    Time stateLoss = Time::Max(); ///< when all state is lost once

    /// @return what is wrong with the settings; nothing if they can be used.
    std::string FindFault() const;
};

/// Kinds of NAT and firewall that have a name.
enum NatPreset : uint8_t
{
    NAT_RFC,                ///< what RFC 4787, 5382, 5508 and 7857 recommend
    NAT_LINUX_MASQUERADE,   ///< Linux' masquerade, kernel defaults, unsolicited packets are dropped
    NAT_LINUX_FULLY_RANDOM, ///< the same with fully-random: a new port for each destination
    NAT_HOME_ROUTER,        ///< Linux with the life times of OpenWrt, and hairpinning
    NAT_CARRIER_GRADE,      ///< RFC 6888: blocks of ports, limits, quarantine
    NAT_PORT_RESTRICTED,    ///< EIM and APDF, otherwise as NAT_RFC
    NAT_SYMMETRIC,          ///< APDM and APDF with random ports, otherwise as NAT_RFC
    NAT_FIREWALL            ///< Linux' connection tracking without translation
};

/// @return the settings of a preset; its pool is empty.
NatSettings GetNatPreset(NatPreset preset);

/// @return the name of a preset: rfc, linux-masquerade ...
const char* GetNatPresetName(NatPreset preset);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_SETTINGS_H
