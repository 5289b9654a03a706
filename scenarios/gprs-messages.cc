// SPDX-License-Identifier: GPL-2.0-only
#include "gprs-messages.h"

#include "ns3/enum.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <numeric>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(GprsMessages);

namespace
{

constexpr uint16_t PORT = 9200;
/// Octets of a message, its number among them.
constexpr std::size_t OCTETS = 40;

} // namespace

TypeId
GprsMessages::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::GprsMessages")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<GprsMessages>()
            .AddAttribute("Interval",
                          "Mean time from one short message to a phone to the next; their times "
                          "are a Poisson process. 0: there are none.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&GprsMessages::m_interval),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

GprsMessages::GprsMessages() = default;

GprsMessages::~GprsMessages() = default;

void
GprsMessages::DoDispose()
{
    m_pairs.clear();
    Object::DoDispose();
}

void
GprsMessages::Drive(CellularNetwork& network, uint32_t cell, Ptr<Node> phone, int64_t stream)
{
    if (m_interval.IsZero())
    {
        return;
    }
    const auto sender = network.AddPhone(cell);
    sender->GetObject<GprsMobileStation>()->SetMobileClass(MobileClass::CLASS_A);
    auto pair = std::make_unique<Pair>();
    pair->sender = sender->GetObject<GsmMobileStation>();
    pair->number = CellularNetwork::GetMsisdn(phone);
    pair->random = CreateObject<ExponentialRandomVariable>();
    pair->random->SetStream(stream);
    phone->GetObject<GsmMobileStation>()->Listen(
        PORT,
        MakeCallback(&GprsMessages::Receive, this).Bind(pair.get()));
    Plan(*pair);
    m_pairs.push_back(std::move(pair));
}

void
GprsMessages::Plan(Pair& pair)
{
    const Time pause = Seconds(pair.random->GetValue(m_interval.GetSeconds(), 0));
    Simulator::Schedule(pause, &GprsMessages::Send, this, &pair);
}

void
GprsMessages::Send(Pair* pair)
{
    std::vector<uint8_t> octets(OCTETS);
    for (std::size_t n = 0; n < sizeof(uint32_t); ++n)
    {
        octets[n] = static_cast<uint8_t>(pair->sent.size() >> 8 * n);
    }
    pair->sent.push_back(Simulator::Now());
    ++m_sent;
    pair->sender->Submit(pair->number,
                         PORT,
                         PORT,
                         octets,
                         Callback<void, bool, const std::string&>([](bool, const std::string&) {}));
    Plan(*pair);
}

void
GprsMessages::Receive(Pair* pair, const std::string& /* from */, const std::vector<uint8_t>& octets)
{
    std::size_t number = 0;
    for (std::size_t n = 0; n < sizeof(uint32_t) && n < octets.size(); ++n)
    {
        number |= static_cast<std::size_t>(octets[n]) << 8 * n;
    }
    if (number < pair->sent.size())
    {
        m_delays.push_back((Simulator::Now() - pair->sent[number]).GetSeconds());
    }
}

CounterList
GprsMessages::GetCounters() const
{
    if (m_sent == 0)
    {
        return {};
    }
    CounterList counters{{"sent", static_cast<double>(m_sent)},
                         {"received", static_cast<double>(m_delays.size())}};
    if (!m_delays.empty())
    {
        std::vector<double> delays = m_delays;
        std::sort(delays.begin(), delays.end());
        const double sum = std::accumulate(delays.begin(), delays.end(), 0.0);
        counters.emplace_back("delay_mean_s", sum / static_cast<double>(delays.size()));
        counters.emplace_back("delay_median_s", delays[delays.size() / 2]);
        counters.emplace_back("delay_95_s", delays[(delays.size() - 1) * 95 / 100]);
    }
    return counters;
}

} // namespace p2pim
} // namespace ns3
