// SPDX-License-Identifier: GPL-2.0-only
#include "scenario.h"

#include "ns3/gprs-mobile-station.h"
#include "ns3/octets.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
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
Scenario::FindFault()
{
    const auto station = CreateObject<GprsMobileStation>();
    const auto ggsn = CreateObject<Ggsn>();
    StringValue apn;
    station->GetAttribute("Apn", apn);
    std::vector<std::string> served;
    for (const auto& point : ggsn->GetAccessPoints())
    {
        served.push_back(point.name);
    }
    const auto network = CreateObject<CellularNetwork>();
    Ipv4AddressValue first;
    network->GetAttribute("StaticAddresses", first);
    const bool isInPool = first.Get().IsAny() || ggsn->AddStaticAddress(first.Get(), 0, "");
    network->Dispose();
    station->Dispose();
    ggsn->Dispose();
    if (!isInPool)
    {
        const std::string text = first.SerializeToString(nullptr);
        return SettingFault{"CellularNetwork.StaticAddresses",
                            text + " is no address of a pool of Ggsn.AccessPoints",
                            text,
                            {}};
    }
    if (std::find(served.begin(), served.end(), apn.Get()) != served.end())
    {
        return std::nullopt;
    }
    return SettingFault{"GprsMobileStation.Apn",
                        "'" + apn.Get() + "' is no access point of Ggsn.AccessPoints",
                        apn.Get(),
                        served};
}

Scenario::Captures
Scenario::StartCaptures(const CellularNetwork& network, const ::p2pim::RunRecord& run) const
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
        for (const auto& cell : network.GetGsmCells())
        {
            captures.circuit.back()->Attach(cell, number++);
        }
    }
    if (!m_llcCapture.empty())
    {
        captures.packet = std::make_unique<GprsCapture>(makeName(m_llcCapture));
        for (const auto& cell : network.GetGprsCells())
        {
            cell->TraceConnectWithoutContext(
                "LlcFrame",
                MakeCallback(&GprsCapture::Write, captures.packet.get()));
        }
    }
    if (!m_gnCapture.empty())
    {
        captures.gn = std::make_unique<CaptureFile>(makeName(m_gnCapture), CaptureLink::RAW);
        const auto write = [file = captures.gn.get()](Ptr<const Packet> packet) {
            file->Add(Simulator::Now(), ToOctets(packet));
        };
        for (const char* trace : {"Tx", "Rx"})
        {
            network.GetGnDevice()->TraceConnectWithoutContext(
                trace,
                Callback<void, Ptr<const Packet>>(write));
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
