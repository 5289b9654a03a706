// SPDX-License-Identifier: GPL-2.0-only
#include "nat-settings.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint64_t ALL_ONES = 0xFFFFFFFF;

bool
HasTimersOfZero(const NatTimers& timers)
{
    const auto isBad = [](Time time) { return !time.IsStrictlyPositive(); };
    const auto all = {timers.udpNew,
                      timers.udpStream,
                      timers.tcpOpening,
                      timers.tcpSynReceived,
                      timers.tcpEstablished,
                      timers.tcpClosing,
                      timers.tcpCloseWait,
                      timers.tcpLastAck,
                      timers.tcpTimeWait,
                      timers.tcpReset,
                      timers.tcpUnacknowledged,
                      timers.tcpRetransmitted,
                      timers.icmpQuery,
                      timers.fragment,
                      timers.heldSyn};
    return std::any_of(all.begin(), all.end(), isBad) ||
           std::any_of(timers.udpPorts.begin(), timers.udpPorts.end(), [isBad](const auto& one) {
               return isBad(one.second);
           });
}

bool
HasLimitsOfZero(const NatLimits& limits)
{
    return limits.mappings == 0 || limits.sessions == 0 || limits.subscriberMappings == 0 ||
           limits.subscriberSessions == 0 || limits.subscriberBurst == 0 ||
           limits.fragmentedDatagrams == 0 || limits.fragmentOctets == 0 || limits.heldSyns == 0;
}

std::string
FindPoolFault(const NatSettings& settings)
{
    constexpr std::size_t MOST = 65536;
    if (settings.translates && settings.pool.empty())
    {
        return "it has no outside address";
    }
    if (settings.pool.size() > MOST)
    {
        return "it has more than 65536 outside addresses";
    }
    auto addresses = settings.pool;
    std::sort(addresses.begin(), addresses.end());
    if (std::adjacent_find(addresses.begin(), addresses.end()) != addresses.end())
    {
        return "an outside address is there twice";
    }
    const bool isNone = std::any_of(addresses.begin(), addresses.end(), [](Ipv4Address address) {
        return address == Ipv4Address::GetZero() || address.IsBroadcast() || address.IsMulticast();
    });
    if (isNone)
    {
        return "an outside address is of no host";
    }
    return std::binary_search(addresses.begin(), addresses.end(), settings.insideAddress)
               ? "its inside address is one of the outside"
               : "";
}

std::string
FindPortFault(const NatSettings& settings)
{
    const uint32_t ports = settings.lastPort - settings.firstPort + 1U;
    if (settings.firstPort > settings.lastPort)
    {
        return "its first port is above its last";
    }
    if (settings.firstPort == 0)
    {
        return "port 0 is none";
    }
    if (settings.portDelta == 0)
    {
        return "ports do not differ by 0";
    }
    if (settings.allocation == NatSettings::BLOCK &&
        (settings.blockSize == 0 || settings.blockSize > ports || settings.subscriberBlocks == 0))
    {
        return "no block of ports lies within its range";
    }
    if (settings.allocation != NatSettings::DETERMINISTIC)
    {
        return "";
    }
    if (settings.subscriberPrefix < 8 || settings.subscriberPrefix > 32)
    {
        return "the prefix of its subscribers is not 8 to 32 long";
    }
    if ((settings.subscriberNetwork.Get() & ~(ALL_ONES << (32 - settings.subscriberPrefix))) != 0)
    {
        return "the network of its subscribers is longer than its prefix";
    }
    const uint64_t subscribers = uint64_t{1} << (32 - settings.subscriberPrefix);
    const bool isEnough = ports * settings.pool.size() >= subscribers &&
                          ports >= (subscribers + settings.pool.size() - 1) / settings.pool.size();
    return isEnough ? "" : "there are more subscribers than ports";
}

std::string
FindSharingFault(const NatSettings& settings)
{
    if (!settings.overlaps)
    {
        return settings.unsolicitedUdp == NatSettings::ANSWERED_BY_HOST
                   ? "its host can only take packets where mappings may share a port"
                   : "";
    }
    if (settings.tcpFiltering < NatSettings::APDF || settings.udpFiltering < NatSettings::APDF)
    {
        return "mappings that share a port need filtering by address and port";
    }
    const bool isBound = settings.allocation == NatSettings::BLOCK ||
                         settings.allocation == NatSettings::DETERMINISTIC ||
                         settings.allocation == NatSettings::OVERLOAD;
    return isBound ? "mappings cannot share ports that are allotted to subscribers" : "";
}

NatSettings
MakeLinux()
{
    NatSettings settings;
    settings.checksums = true;
    settings.renewsIdentification = false;
    settings.transportChecksums = true;
    settings.udpFiltering = NatSettings::APDF;
    settings.tcpFiltering = NatSettings::CDF;
    settings.portClasses = NatSettings::LINUX_CLASSES;
    settings.keepsParity = false;
    settings.overlaps = true;
    settings.pooling = NatSettings::PER_DESTINATION;
    settings.hairpinning = NatSettings::NO_HAIRPIN;
    settings.answersInside = true;
    settings.unsolicitedTcp = NatSettings::SILENCE;
    settings.tcpTracking = NatSettings::WINDOW;
    settings.tcpMachine = NatSettings::LINUX_MACHINE;
    settings.picksUp = true;
    settings.refusal = NatSettings::REFUSE_SILENTLY;
    NatTimers& timers = settings.timers;
    timers.udpNew = Seconds(30);
    timers.udpStream = Seconds(120);
    timers.udpStreamAge = Seconds(2);
    timers.udpInboundRefresh = true;
    timers.tcpOpening = Seconds(120);
    timers.tcpSynReceived = Seconds(60);
    timers.tcpEstablished = Seconds(432000);
    timers.tcpClosing = Seconds(120);
    timers.tcpCloseWait = Seconds(60);
    timers.tcpLastAck = Seconds(30);
    timers.tcpTimeWait = Seconds(120);
    timers.tcpReset = Seconds(10);
    timers.tcpUnacknowledged = Seconds(300);
    timers.tcpRetransmitted = Seconds(300);
    timers.icmpQuery = Seconds(30);
    return settings;
}

NatSettings
MakeHomeRouter()
{
    NatSettings settings = MakeLinux();
    settings.transportChecksums = false;
    settings.hairpinning = NatSettings::EXTERNAL_SOURCE;
    settings.timers.udpNew = Seconds(60);
    settings.timers.udpStream = Seconds(180);
    settings.timers.tcpEstablished = Seconds(7440);
    return settings;
}

NatSettings
MakeCarrierGrade()
{
    NatSettings settings;
    settings.allocation = NatSettings::BLOCK;
    settings.firstPort = 1024;
    settings.portClasses = NatSettings::NO_CLASSES;
    settings.keepsParity = false;
    settings.quarantine = Seconds(120);
    settings.refusal = NatSettings::REFUSE_UNREACHABLE;
    settings.limits.subscriberMappings = 2000;
    settings.limits.subscriberSessions = 4000;
    return settings;
}

} // namespace

std::string
NatSettings::FindFault() const
{
    std::string poolFault = FindPoolFault(*this);
    if (!poolFault.empty())
    {
        return poolFault;
    }
    if (HasTimersOfZero(timers))
    {
        return "a life time is not above zero";
    }
    if (timers.udpStreamAge.IsStrictlyNegative() || quarantine.IsStrictlyNegative() ||
        load.holding.IsStrictlyNegative() || stateLoss.IsStrictlyNegative())
    {
        return "a time is below zero";
    }
    if (HasLimitsOfZero(limits))
    {
        return "a limit is zero";
    }
    constexpr uint16_t LEAST_MTU = 68; // RFC 791 3.2
    if (insideMtu < LEAST_MTU || outsideMtu < LEAST_MTU)
    {
        return "an MTU is below 68 octets";
    }
    const auto isRate = [](double rate) { return std::isfinite(rate) && rate >= 0; };
    if (!isRate(limits.subscriberRate) || !isRate(load.rate))
    {
        return "a rate is below zero, or no number";
    }
    if (!translates)
    {
        return overlaps ? "a firewall shares no ports" : "";
    }
    const std::string fault = FindPortFault(*this);
    return fault.empty() ? FindSharingFault(*this) : fault;
}

NatSettings
GetNatPreset(NatPreset preset)
{
    NatSettings settings;
    switch (preset)
    {
    case NAT_RFC:
        break;
    case NAT_LINUX_MASQUERADE:
        return MakeLinux();
    case NAT_LINUX_FULLY_RANDOM:
        settings = MakeLinux();
        settings.udpMapping = NatSettings::APDM;
        settings.tcpMapping = NatSettings::APDM;
        settings.conflictMapping = NatSettings::APDM;
        settings.allocation = NatSettings::RANDOM;
        break;
    case NAT_HOME_ROUTER:
        return MakeHomeRouter();
    case NAT_CARRIER_GRADE:
        return MakeCarrierGrade();
    case NAT_PORT_RESTRICTED:
        settings.udpFiltering = NatSettings::APDF;
        settings.tcpFiltering = NatSettings::APDF;
        break;
    case NAT_SYMMETRIC:
        settings.udpMapping = NatSettings::APDM;
        settings.tcpMapping = NatSettings::APDM;
        settings.conflictMapping = NatSettings::APDM;
        settings.udpFiltering = NatSettings::APDF;
        settings.tcpFiltering = NatSettings::APDF;
        settings.allocation = NatSettings::RANDOM;
        break;
    case NAT_FIREWALL:
        settings = MakeLinux();
        settings.translates = false;
        settings.overlaps = false;
        break;
    }
    return settings;
}

const char*
GetNatPresetName(NatPreset preset)
{
    constexpr const char* NAMES[] = {"rfc",
                                     "linux-masquerade",
                                     "linux-fully-random",
                                     "home-router",
                                     "carrier-grade",
                                     "port-restricted",
                                     "symmetric",
                                     "firewall"};
    return NAMES[preset];
}

} // namespace p2pim
} // namespace ns3
