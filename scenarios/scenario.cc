// SPDX-License-Identifier: GPL-2.0-only
#include "scenario.h"

#include "ns3/gprs-cell.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/nstime.h"
#include "ns3/octets.h"
#include "ns3/operator-defaults.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/traversal-servers.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(Scenario);

namespace
{

/// Replaces each @p name in @p text by @p value.
void
Replace(std::string& text, const std::string& name, const std::string& value)
{
    for (auto place = text.find(name); place != std::string::npos;
         place = text.find(name, place + value.size()))
    {
        text.replace(place, name.size(), value);
    }
}

/// A network that has its use in every run.
struct UsedNetwork
{
    const char* address;
    uint8_t prefixLength;
};

/// @return those of links, Gn, Gi, the SMSCs' and the hosts' of the Internet, that of PCP, and that
/// of kinds of access.
const std::vector<UsedNetwork>&
GetUsedNetworks()
{
    static const std::vector<UsedNetwork> networks{{"172.16.0.0", 24},
                                                   {"172.17.0.0", 24},
                                                   {"192.0.0.0", 24},
                                                   {"192.0.2.0", 24},
                                                   {"198.51.100.0", 24},
                                                   {"203.0.113.0", 24},
                                                   {"240.0.0.0", 4}};
    return networks;
}

/// @return the used network that has addresses of a pool, as text; nothing if none has.
std::string
FindUsed(const AddressPool& pool)
{
    for (const auto& [address, prefixLength] : GetUsedNetworks())
    {
        if (pool.Overlaps(AddressPool(Ipv4Address(address), prefixLength)))
        {
            return std::string(address) + "/" + std::to_string(prefixLength);
        }
    }
    return "";
}

/// @return an address as text.
std::string
ToText(Ipv4Address address)
{
    return Ipv4AddressValue(address).SerializeToString(nullptr);
}

/// @return what is wrong with the timeslots of a cell, if anything.
std::optional<Scenario::SettingFault>
FindTimeslotFault()
{
    const auto cell = CreateObject<GprsCell>();
    UintegerValue pdchs;
    UintegerValue shared;
    cell->GetAttribute("Pdchs", pdchs);
    cell->GetAttribute("SharedPdchs", shared);
    cell->Dispose();
    if (pdchs.Get() + shared.Get() <= PacketScheduler::MAX_PDCHS)
    {
        return std::nullopt;
    }
    return Scenario::SettingFault{"GprsCell.SharedPdchs",
                                  std::to_string(shared.Get()) + " with " +
                                      std::to_string(pdchs.Get()) +
                                      " Pdchs are more than the 8 timeslots of a carrier",
                                  std::to_string(shared.Get()),
                                  {}};
}

/// @return what is wrong with the NATs and firewalls, if anything.
std::optional<Scenario::SettingFault>
FindGatewayFault()
{
    const auto fault = CreateObject<GiGateways>()->FindFault();
    if (!fault)
    {
        return std::nullopt;
    }
    const auto& text = fault->text;
    return Scenario::SettingFault{"GiGateways." + fault->attribute,
                                  (text.word.empty() ? "" : "'" + text.word + "': ") + text.problem,
                                  text.word,
                                  text.known};
}

/// @return what is wrong with the kinds of access, if there are any.
std::optional<Scenario::SettingFault>
FindAccessFault()
{
    const auto ggsn = CreateObject<Ggsn>();
    const auto network = CreateObject<CellularNetwork>();
    StringValue path;
    network->GetAttribute("AccessPopulation", path);
    const auto points = ggsn->GetAccessPoints();
    network->Dispose();
    ggsn->Dispose();
    if (path.Get().empty())
    {
        return std::nullopt;
    }
    AccessPopulation population;
    if (const auto fault = ReadAccessPopulation(path.Get(), population))
    {
        return Scenario::SettingFault{
            "CellularNetwork.AccessPopulation",
            fault->file + (fault->line == 0 ? "" : ":" + std::to_string(fault->line)) + ": " +
                (fault->word.empty() ? "" : "'" + fault->word + "': ") + fault->problem,
            fault->word,
            fault->known};
    }
    const auto all = CellularNetwork::WriteAccessPoints(points, population.kinds, 1);
    if (!ParseAccessPoints(all))
    {
        return Scenario::SettingFault{"CellularNetwork.AccessPopulation",
                                      "a kind has the name of an access point of "
                                      "Ggsn.AccessPoints, or the first of them has too few "
                                      "addresses to give each kind some",
                                      "",
                                      {}};
    }
    return std::nullopt;
}

/// @return what is wrong with the access points, if anything.
std::optional<Scenario::SettingFault>
FindAccessPointFault()
{
    const auto station = CreateObject<GprsMobileStation>();
    const auto ggsn = CreateObject<Ggsn>();
    StringValue apn;
    station->GetAttribute("Apn", apn);
    const auto points = ggsn->GetAccessPoints();
    station->Dispose();
    ggsn->Dispose();
    std::vector<std::string> served;
    for (const auto& point : points)
    {
        const auto used = FindUsed(point.pool);
        if (!used.empty())
        {
            return Scenario::SettingFault{"Ggsn.AccessPoints",
                                          "the pool of '" + point.name + "' overlaps with " + used +
                                              ", which has another use",
                                          "",
                                          {}};
        }
        served.push_back(point.name);
    }
    if (std::find(served.begin(), served.end(), apn.Get()) != served.end())
    {
        return std::nullopt;
    }
    return Scenario::SettingFault{"GprsMobileStation.Apn",
                                  "'" + apn.Get() + "' is no access point of Ggsn.AccessPoints",
                                  apn.Get(),
                                  served};
}

/// @return what is wrong with the phones' static addresses, if they have any.
std::optional<Scenario::SettingFault>
FindStaticAddressFault()
{
    const auto ggsn = CreateObject<Ggsn>();
    const auto network = CreateObject<CellularNetwork>();
    Ipv4AddressValue first;
    network->GetAttribute("StaticAddresses", first);
    StringValue population;
    network->GetAttribute("AccessPopulation", population);
    const bool isInPool = first.Get().IsAny() || ggsn->AddStaticAddress(first.Get(), 0, "");
    network->Dispose();
    ggsn->Dispose();
    const std::string text = ToText(first.Get());
    if (!first.Get().IsAny() && !population.Get().empty())
    {
        return Scenario::SettingFault{"CellularNetwork.StaticAddresses",
                                      text + ": with AccessPopulation the GGSN gives addresses",
                                      text,
                                      {}};
    }
    if (isInPool)
    {
        return std::nullopt;
    }
    return Scenario::SettingFault{"CellularNetwork.StaticAddresses",
                                  text + " is no address of a pool of Ggsn.AccessPoints",
                                  text,
                                  {}};
}

/// @return what is wrong with the servers that help through NATs, if anything.
std::optional<Scenario::SettingFault>
FindTraversalFault()
{
    const auto fault = TraversalServers::FindFault();
    return fault
               ? std::make_optional(Scenario::SettingFault{fault->setting, fault->problem, "", {}})
               : std::nullopt;
}

/// @return what is wrong with the defaults of the moment, whatever other operators there are.
std::optional<Scenario::SettingFault>
FindOwnFault()
{
    for (const auto find : {&FindTimeslotFault,
                            &FindGatewayFault,
                            &FindAccessFault,
                            &FindAccessPointFault,
                            &FindStaticAddressFault,
                            &FindTraversalFault})
    {
        if (auto fault = find())
        {
            return fault;
        }
    }
    return std::nullopt;
}

/// What no two operators can both have.
struct OperatorRanges
{
    std::string prefix; ///< of its settings' names
    std::string plmn;
    std::string numbers; ///< first digits of its phones' numbers
    std::vector<AccessPoint> points;
    bool translates;                  ///< a NAT hides its phones' addresses
    std::vector<Ipv4Address> outside; ///< of that NAT
};

/// @return what an operator has.
OperatorRanges
GetRanges(uint32_t number)
{
    const auto ggsn = CreateObject<Ggsn>();
    const auto network = CreateObject<CellularNetwork>();
    const auto gateways = CreateObject<GiGateways>();
    network->SetOperator(number);
    OperatorRanges ranges{"Operator" + std::to_string(number) + ".",
                          network->GetPlmn(),
                          network->GetNumberPrefix(),
                          ggsn->GetAccessPoints(),
                          gateways->Translates(),
                          gateways->GetPublicAddresses(number)};
    ggsn->Dispose();
    network->Dispose();
    return ranges;
}

/// @return whether @p text begins with @p start.
bool
BeginsWith(const std::string& text, const std::string& start)
{
    return text.compare(0, start.size(), start) == 0;
}

/// @return what is wrong with a NAT's outside addresses. @param points that phones have theirs of.
std::optional<Scenario::SettingFault>
FindPoolFault(const std::vector<Ipv4Address>& outside, const std::vector<AccessPoint>& points)
{
    constexpr uint8_t hostLength = 32;
    for (const auto& address : outside)
    {
        auto use = FindUsed(AddressPool(address, hostLength));
        for (const auto& point : points)
        {
            use = point.pool.Contains(address) ? "the pool of '" + point.name + "'" : use;
        }
        if (!use.empty())
        {
            return Scenario::SettingFault{"GiGateways.Pool",
                                          ToText(address) + " is of " + use +
                                              ", which has another use",
                                          "",
                                          {}};
        }
    }
    return std::nullopt;
}

/// @return an address that two NATs have, if there is one.
std::optional<Ipv4Address>
FindCommon(const std::vector<Ipv4Address>& first, const std::vector<Ipv4Address>& second)
{
    const auto common =
        std::find_first_of(first.begin(), first.end(), second.begin(), second.end());
    return common == first.end() ? std::nullopt : std::optional(*common);
}

/// @return what two operators have that only one can have. @param first the one that has it.
std::optional<Scenario::SettingFault>
FindConflict(const OperatorRanges& first, const OperatorRanges& second)
{
    const auto refuse = [&](const std::string& setting, const std::string& problem) {
        return Scenario::SettingFault{second.prefix + setting,
                                      problem + " " + first.prefix + setting,
                                      "",
                                      {}};
    };
    for (const auto& [one, other] : {std::pair(&first, &second), std::pair(&second, &first)})
    {
        if (auto fault = FindPoolFault(one->outside, other->points))
        {
            fault->setting = one->prefix + fault->setting;
            return fault;
        }
    }
    if (const auto common = FindCommon(first.outside, second.outside))
    {
        return refuse("GiGateways.Pool", ToText(*common) + " is also an outside address in");
    }
    for (const auto& a : first.points)
    {
        for (const auto& b : second.points)
        {
            const bool arePrivate = first.translates && second.translates;
            if (!arePrivate && a.pool.Overlaps(b.pool))
            {
                return refuse("Ggsn.AccessPoints",
                              "the pool of '" + b.name + "' overlaps with that of '" + a.name +
                                  "' in");
            }
        }
    }
    if (first.plmn == second.plmn)
    {
        return refuse("CellularNetwork.Plmn", "'" + second.plmn + "' is also");
    }
    if (BeginsWith(first.numbers, second.numbers) || BeginsWith(second.numbers, first.numbers))
    {
        return refuse("CellularNetwork.NumberPrefix",
                      "'" + second.numbers + "' has numbers of '" + first.numbers + "', which is");
    }
    if (first.numbers.back() == second.numbers.back())
    {
        return refuse("CellularNetwork.NumberPrefix",
                      "the last digit, of which PINs are made, is also that of");
    }
    return std::nullopt;
}

} // namespace

TypeId
Scenario::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::Scenario")
                            .SetParent<Object>()
                            .SetGroupName("P2pim")
                            .AddAttribute("Sessions",
                                          "How many sessions a run has (1 to 1000000).",
                                          UintegerValue(100),
                                          MakeUintegerAccessor(&Scenario::m_sessions),
                                          MakeUintegerChecker<uint32_t>(1, 1000000))
                            .AddAttribute("TimeLimit",
                                          "How long a run of a study may take, wall clock; one "
                                          "that takes longer fails. 0s: no limit.",
                                          TimeValue(Hours(1)),
                                          MakeTimeAccessor(&Scenario::m_timeLimit),
                                          MakeTimeChecker(Seconds(0)))
                            .AddAttribute("Layer3Capture",
                                          "A pcap file of the layer 3 of every cell, for "
                                          "Wireshark; empty: none. {scheme} and {seed} in its name "
                                          "are replaced. It must not exist.",
                                          StringValue(""),
                                          MakeStringAccessor(&Scenario::m_layer3Capture),
                                          MakeStringChecker())
                            .AddAttribute("RadioCapture",
                                          "A pcap file of the blocks on the control channels of "
                                          "every cell, in GSMTAP; otherwise as Layer3Capture.",
                                          StringValue(""),
                                          MakeStringAccessor(&Scenario::m_radioCapture),
                                          MakeStringChecker())
                            .AddAttribute("LlcCapture",
                                          "A pcap file of the LLC frames of every cell, in GSMTAP; "
                                          "otherwise as Layer3Capture.",
                                          StringValue(""),
                                          MakeStringAccessor(&Scenario::m_llcCapture),
                                          MakeStringChecker())
                            .AddAttribute("GnCapture",
                                          "A pcap file of the GTP packets between SGSN and GGSN; "
                                          "otherwise as Layer3Capture.",
                                          StringValue(""),
                                          MakeStringAccessor(&Scenario::m_gnCapture),
                                          MakeStringChecker());
    return tid;
}

std::optional<Scenario::SettingFault>
Scenario::FindFault() const
{
    std::vector<OperatorRanges> operators;
    operators.reserve(GetOperators());
    for (uint32_t number = 1; number <= GetOperators(); ++number)
    {
        const OperatorDefaults::Scope defaults(number);
        auto fault = FindOwnFault();
        operators.push_back(GetRanges(number));
        if (!fault)
        {
            fault = FindPoolFault(operators.back().outside, operators.back().points);
        }
        if (fault && GetOperators() > 1)
        {
            fault->setting = operators.back().prefix + fault->setting;
        }
        for (std::size_t n = 0; !fault && n + 1 < operators.size(); ++n)
        {
            fault = FindConflict(operators[n], operators.back());
        }
        if (fault)
        {
            return fault;
        }
    }
    // a session has two phones at most, and six digits tell an operator's phones
    if (GetOperators() > 1 && m_sessions >= 500'000)
    {
        return SettingFault{"Scenario.Sessions",
                            "more than 499999 sessions of several operators",
                            "",
                            {}};
    }
    return std::nullopt;
}

uint32_t
Scenario::GetOperators() const
{
    return 1;
}

Scenario::Captures
Scenario::StartCaptures(const std::vector<Ptr<CellularNetwork>>& networks,
                        const ::p2pim::RunRecord& run) const
{
    const auto makeName = [&run](std::string name) {
        Replace(name, "{scheme}", run.scheme);
        Replace(name, "{seed}", std::to_string(run.seed));
        return name;
    };
    Captures captures;
    for (const auto& [name, kind] : {std::pair(m_layer3Capture, GsmCapture::Kind::LAYER_3),
                                     std::pair(m_radioCapture, GsmCapture::Kind::RADIO)})
    {
        if (name.empty())
        {
            continue;
        }
        captures.circuit.push_back(std::make_unique<GsmCapture>(makeName(name), kind));
        uint32_t number = 0;
        for (const auto& network : networks)
        {
            for (const auto& cell : network->GetGsmCells())
            {
                captures.circuit.back()->Attach(cell, number++);
            }
        }
    }
    if (!m_llcCapture.empty())
    {
        captures.packet = std::make_unique<GprsCapture>(makeName(m_llcCapture));
        for (const auto& network : networks)
        {
            for (const auto& cell : network->GetGprsCells())
            {
                cell->TraceConnectWithoutContext(
                    "LlcFrame",
                    MakeCallback(&GprsCapture::Write, captures.packet.get()));
            }
        }
    }
    if (!m_gnCapture.empty())
    {
        captures.gn = std::make_unique<CaptureFile>(makeName(m_gnCapture), CaptureLink::RAW);
        const auto write = [file = captures.gn.get()](Ptr<const Packet> packet) {
            file->Add(Simulator::Now(), ToOctets(packet));
        };
        for (const auto& network : networks)
        {
            for (const char* trace : {"Tx", "Rx"})
            {
                network->GetGnDevice()->TraceConnectWithoutContext(
                    trace,
                    Callback<void, Ptr<const Packet>>(write));
            }
        }
    }
    return captures;
}

void
Scenario::CloseCaptures(const Captures& captures)
{
    for (const auto& capture : captures.circuit)
    {
        capture->Close();
    }
    if (captures.packet)
    {
        captures.packet->Close();
    }
    if (captures.gn)
    {
        captures.gn->Close();
    }
}

Scenario::~Scenario() = default;

} // namespace p2pim
} // namespace ns3
