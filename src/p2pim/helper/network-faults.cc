// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/network-faults.h"

#include "ns3/attribute-checkers.h"
#include "ns3/double.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>
#include <string>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(NetworkFaults);

template <NetworkFaults::KindIndex K>
void
NetworkFaults::SetRate(double rate)
{
    m_kinds[K].rate = rate;
}

template <NetworkFaults::KindIndex K>
double
NetworkFaults::GetRate() const
{
    return m_kinds[K].rate;
}

template <NetworkFaults::KindIndex K>
void
NetworkFaults::SetDuration(Ptr<RandomVariableStream> duration)
{
    m_kinds[K].duration = duration;
}

template <NetworkFaults::KindIndex K>
Ptr<RandomVariableStream>
NetworkFaults::GetDuration() const
{
    return m_kinds[K].duration;
}

template <NetworkFaults::KindIndex K>
TypeId
NetworkFaults::AddAttributes(TypeId tid, const char* name, const char* what)
{
    const std::string element(name);
    return tid
        .AddAttribute(element + "Outages",
                      std::string("Outages of ") + what + ", per hour (0 to 3600).",
                      DoubleValue(0),
                      MakeDoubleAccessor(&NetworkFaults::SetRate<K>, &NetworkFaults::GetRate<K>),
                      MakeDoubleChecker<double>(0, 3600))
        .AddAttribute(
            element + "OutageTime",
            std::string("How long an outage of ") + what + " lasts, in seconds. Own choice.",
            StringValue("ns3::ExponentialRandomVariable[Mean=60]"),
            MakePointerAccessor(&NetworkFaults::SetDuration<K>, &NetworkFaults::GetDuration<K>),
            MakeRandomChecker(0));
}

TypeId
NetworkFaults::GetTypeId()
{
    static TypeId tid = []() {
        TypeId type = TypeId("ns3::p2pim::NetworkFaults")
                          .SetParent<Object>()
                          .SetGroupName("P2pim")
                          .AddConstructor<NetworkFaults>();
        type = AddAttributes<CELL>(type, "Cell", "each cell");
        type = AddAttributes<MSC>(type, "Msc", "the MSC/VLR");
        type = AddAttributes<HLR>(type, "Hlr", "the HLR");
        type = AddAttributes<SMSC>(type, "Smsc", "the SMSC, which crashes and restarts");
        type = AddAttributes<SGSN>(type, "Sgsn", "the SGSN, which forgets its stations");
        return AddAttributes<GGSN>(type, "Ggsn", "the GGSN, which forgets its PDP contexts");
    }();
    return tid;
}

NetworkFaults::NetworkFaults()
{
    for (Kind& kind : m_kinds)
    {
        kind.random = CreateObject<ExponentialRandomVariable>();
    }
}

NetworkFaults::~NetworkFaults() = default;

void
NetworkFaults::DoDispose()
{
    for (Element& element : m_elements)
    {
        element.next.Cancel();
    }
    m_elements.clear();
    m_kinds = {};
    Object::DoDispose();
}

void
NetworkFaults::Start(Ptr<CellularNetwork> network)
{
    const auto& gprsCells = network->GetGprsCells();
    for (std::size_t n = 0; n < gprsCells.size(); ++n)
    {
        AddElement(CELL, [gsm = network->GetGsmCells()[n], gprs = gprsCells[n]](bool inService) {
            gsm->SetInService(inService);
            gprs->SetInService(inService);
        });
    }
    const auto msc = network->GetMsc();
    AddElement(MSC, [msc](bool inService) { msc->SetInService(inService); });
    const auto hlr = network->GetHlr();
    AddElement(HLR, [hlr](bool inService) { hlr->SetInService(inService); });
    const auto smsc = network->GetSmsc();
    AddElement(SMSC, [smsc](bool inService) { inService ? smsc->Restart() : smsc->Crash(); });
    const auto sgsn = network->GetSgsn();
    AddElement(SGSN, [sgsn](bool inService) { sgsn->SetInService(inService); });
    const auto ggsn = network->GetGgsn();
    AddElement(GGSN, [ggsn](bool inService) { ggsn->SetInService(inService); });
}

void
NetworkFaults::AddElement(KindIndex kind, std::function<void(bool)> setService)
{
    if (m_kinds[kind].rate > 0)
    {
        m_elements.push_back({&m_kinds[kind], std::move(setService), EventId()});
        PlanOutage(m_elements.size() - 1);
    }
}

void
NetworkFaults::PlanOutage(std::size_t index)
{
    constexpr double hour = 3600;
    Element& element = m_elements[index];
    const Time wait = Seconds(element.kind->random->GetValue(hour / element.kind->rate, 0));
    element.next = Simulator::Schedule(wait, &NetworkFaults::Fail, this, index);
}

void
NetworkFaults::Fail(std::size_t index)
{
    Element& element = m_elements[index];
    const Time duration = Seconds(std::max(0.0, element.kind->duration->GetValue()));
    ++element.kind->outages;
    element.kind->down += duration;
    element.next = Simulator::Schedule(duration, &NetworkFaults::Repair, this, index);
    element.setService(false);
}

void
NetworkFaults::Repair(std::size_t index)
{
    PlanOutage(index);
    m_elements[index].setService(true);
}

bool
NetworkFaults::HasAny() const
{
    return !m_elements.empty();
}

CounterList
NetworkFaults::GetCounters() const
{
    static const std::array<std::string, KINDS> names{"cell", "msc", "hlr", "smsc", "sgsn", "ggsn"};
    CounterList counters;
    for (std::size_t kind = 0; kind < KINDS; ++kind)
    {
        counters.emplace_back(names[kind] + "_outages", static_cast<double>(m_kinds[kind].outages));
        counters.emplace_back(names[kind] + "_outage_seconds", m_kinds[kind].down.GetSeconds());
    }
    return counters;
}

int64_t
NetworkFaults::AssignStreams(int64_t first)
{
    int64_t next = first;
    int64_t optional = GetOptionalStreams(first);
    for (std::size_t kind = 0; kind < KINDS; ++kind)
    {
        int64_t& stream = kind < SGSN ? next : optional;
        m_kinds[kind].random->SetStream(stream++);
        m_kinds[kind].duration->SetStream(stream++);
    }
    return next - first;
}

} // namespace p2pim
} // namespace ns3
