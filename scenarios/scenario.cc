// SPDX-License-Identifier: GPL-2.0-only
#include "scenario.h"

#include "ns3/gprs-cell.h"
#include "ns3/gprs-mobile-station.h"
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

/// @return whether the networks of links have addresses of a pool: those of Gn, Gi, the SMSCs'
/// and the hosts' of the Internet.
bool
OverlapsLinks(const AddressPool& pool)
{
    constexpr uint8_t prefixLength = 24;
    for (const char* links :
         {"172.16.0.0", "172.17.0.0", "192.0.2.0", "198.18.0.0", "198.51.100.0", "203.0.113.0"})
    {
        if (pool.Overlaps(AddressPool(Ipv4Address(links), prefixLength)))
        {
            return true;
        }
    }
    return false;
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
    std::vector<std::string> served;
    std::string overlapping;
    for (const auto& point : ggsn->GetAccessPoints())
    {
        served.push_back(point.name);
        overlapping = OverlapsLinks(point.pool) ? point.name : overlapping;
    }
    station->Dispose();
    ggsn->Dispose();
    if (!overlapping.empty())
    {
        return Scenario::SettingFault{"Ggsn.AccessPoints",
                                      "the pool of '" + overlapping +
                                          "' overlaps with the links' networks, which are "
                                          "172.16.0.0/24, 172.17.0.0/24, 192.0.2.0/24, "
                                          "198.18.0.0/24, 198.51.100.0/24 and 203.0.113.0/24",
                                      "",
                                      {}};
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
    const bool isInPool = first.Get().IsAny() || ggsn->AddStaticAddress(first.Get(), 0, "");
    network->Dispose();
    ggsn->Dispose();
    if (isInPool)
    {
        return std::nullopt;
    }
    const std::string text = first.SerializeToString(nullptr);
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
    bool translates; ///< a NAT hides its phones' addresses
};

/// @return what an operator has.
OperatorRanges
GetRanges(uint32_t number)
{
    const auto ggsn = CreateObject<Ggsn>();
    const auto network = CreateObject<CellularNetwork>();
    network->SetOperator(number);
    OperatorRanges ranges{"Operator" + std::to_string(number) + ".",
                          network->GetPlmn(),
                          network->GetNumberPrefix(),
                          ggsn->GetAccessPoints(),
                          CreateObject<GiGateways>()->Translates()};
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
