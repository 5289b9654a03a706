// SPDX-License-Identifier: GPL-2.0-only
#include "scenario.h"

#include "ns3/string.h"
#include "ns3/uinteger.h"

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
                                          MakeStringChecker());
    return tid;
}

Scenario::Captures
Scenario::StartCaptures(const CellularNetwork& network, const ::p2pim::RunRecord& run) const
{
    Captures captures;
    const auto start = [&](std::string name, GsmCapture::Kind kind) {
        if (name.empty())
        {
            return;
        }
        Replace(name, "{scheme}", run.scheme);
        Replace(name, "{seed}", std::to_string(run.seed));
        captures.push_back(std::make_unique<GsmCapture>(name, kind));
        uint32_t number = 0;
        for (const auto& cell : network.GetGsmCells())
        {
            captures.back()->Attach(cell, number++);
        }
    };
    start(m_layer3Capture, GsmCapture::Kind::LAYER_3);
    start(m_radioCapture, GsmCapture::Kind::RADIO);
    return captures;
}

void
Scenario::CloseCaptures(const Captures& captures)
{
    for (const auto& capture : captures)
    {
        capture->Close();
    }
}

Scenario::~Scenario() = default;

} // namespace p2pim
} // namespace ns3
