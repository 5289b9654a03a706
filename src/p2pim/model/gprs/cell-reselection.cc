// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/cell-reselection.h"

#include "ns3/attribute-checkers.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/ns3-compatibility.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/vector.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(CellReselection);

namespace
{

/// For so long after a reselection the next one needs a better cell (TS 45.008 6.6.2).
const Time g_recent = Seconds(15);
/// So much better, dB (TS 45.008 6.6.2).
constexpr double RECENT_MARGIN = 5;

Vector
GetPosition(Ptr<GsmCell> cell)
{
    VectorValue position;
    cell->GetAttribute("Position", position);
    return position.Get();
}

bool
IsMoving(Ptr<const MobilityModel> mobility)
{
    return mobility->GetVelocity().GetLength() > 0;
}

} // namespace

TypeId
CellReselection::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::CellReselection")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<CellReselection>()
            .AddAttribute("MeanInterval",
                          "Mean of the exponentially distributed time from one reselection of a "
                          "phone to the next; one for which the phone may not leave its cell is "
                          "left out. 0: there are none but by mobility.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&CellReselection::m_meanInterval),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("Choice",
                          "The cell that it goes to then: a random other one, or the next.",
                          EnumValue(RANDOM),
                          MakeEnumAccessor(&CellReselection::m_choice),
                          MakeEnumChecker(RANDOM, "Random", NEXT, "Next"))
            .AddAttribute("MeasurementPeriod",
                          "How often a phone that moves compares its cell with the neighbours, 0.1 "
                          "s and up. Own choice.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&CellReselection::m_measurementPeriod),
                          MakeTimeChecker(MilliSeconds(100)))
            .AddAttribute("PersistenceTime",
                          "For how long a neighbour has to be better (TS 45.008 6.6.2: 5 s).",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&CellReselection::m_persistenceTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("Hysteresis",
                          "CELL_RESELECT_HYSTERESIS, 0 to 14 dB: by so much a neighbour has to be "
                          "better that is in another location area, or any if the phone is READY "
                          "(TS 45.008 6.6.2; osmo-bsc: 4 dB).",
                          DoubleValue(4),
                          MakeDoubleAccessor(&CellReselection::m_hysteresis),
                          MakeDoubleChecker<double>(0, 14))
            .AddAttribute("MinimumCarrierRatio",
                          "The least mean C/(I+N) at which a neighbour is suitable, -20 to 60 dB, "
                          "in place of the criterion C1 > 0 (TS 45.008 6.4). Own choice.",
                          DoubleValue(6),
                          MakeDoubleAccessor(&CellReselection::m_minimumLevel),
                          MakeDoubleChecker<double>(-20, 60))
            .AddAttribute("Neighbours",
                          "Cells that the BA list of each cell has, the nearest ones, 1 to 32. Own "
                          "choice: a ring of six.",
                          UintegerValue(6),
                          MakeUintegerAccessor(&CellReselection::m_neighbourCount),
                          MakeUintegerChecker<uint32_t>(1, 32))
            .AddAttribute("Nacc",
                          "Whether the old cell has told the phone the new one's system "
                          "information (network assisted cell change, TS 44.060 8.8): the time "
                          "is NaccReadingTime instead of ReadingTime.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&CellReselection::m_nacc),
                          MakeBooleanChecker())
            .AddAttribute("ReadingTime",
                          "Seconds for which a phone synchronizes to the new cell and reads its "
                          "system information. With the access that follows a stream of packets "
                          "stands still for 4 to 5 s (NSN; target C8).",
                          StringValue("ns3::UniformRandomVariable[Min=3.5|Max=5.1]"),
                          MakePointerAccessor(&CellReselection::m_readingTime),
                          MakeRandomChecker(0))
            .AddAttribute("NaccReadingTime",
                          "The same with NACC: a stream stands still for 0.3 to 0.7 s (TR 44.901), "
                          "of which the access is a part.",
                          StringValue("ns3::UniformRandomVariable[Min=0.1|Max=0.3]"),
                          MakePointerAccessor(&CellReselection::m_naccReadingTime),
                          MakeRandomChecker(0));
    return tid;
}

CellReselection::CellReselection() = default;

CellReselection::~CellReselection() = default;

void
CellReselection::DoDispose()
{
    Stop();
    for (const auto& phone : m_phones)
    {
        phone->entry.Cancel();
    }
    m_phones.clear();
    m_byNode.clear();
    m_places.clear();
    m_gsmCells.clear();
    m_gprsCells.clear();
    m_readingTime = nullptr;
    m_naccReadingTime = nullptr;
    Object::DoDispose();
}

void
CellReselection::SetCells(const std::vector<Ptr<GsmCell>>& gsm,
                          const std::vector<Ptr<GprsCell>>& gprs)
{
    m_gsmCells = gsm;
    m_gprsCells = gprs;
    m_neighbours.resize(gsm.size());
    for (uint32_t n = 0; n < gsm.size(); ++n)
    {
        m_places[PeekPointer(gsm[n])] = n;
    }
}

int64_t
CellReselection::AssignStreams(int64_t first)
{
    m_readingTime->SetStream(first);
    m_naccReadingTime->SetStream(first + 1);
    return 2;
}

void
CellReselection::Drive(Ptr<Node> phone, int64_t stream)
{
    m_byNode[phone->GetId()] = m_phones.size();
    m_phones.push_back(std::make_unique<Phone>());
    Phone& driven = *m_phones.back();
    driven.node = phone->GetId();
    driven.gsm = phone->GetObject<GsmMobileStation>();
    driven.gprs = phone->GetObject<GprsMobileStation>();
    driven.mobility = phone->GetObject<MobilityModel>();
    driven.random = CreateObject<UniformRandomVariable>();
    driven.random->SetStream(stream);
    driven.cell = m_places.at(PeekPointer(driven.gsm->GetCell()));
    if (m_meanInterval.IsStrictlyPositive() && m_gsmCells.size() > 1)
    {
        PlanProcess(driven);
    }
    if (driven.mobility)
    {
        driven.mobility->TraceConnectWithoutContext(
            "CourseChange",
            MakeCallback(&CellReselection::CourseChanged, this).Bind(&driven));
        CourseChanged(&driven, driven.mobility);
    }
}

void
CellReselection::Stop()
{
    for (const auto& phone : m_phones)
    {
        phone->process.Cancel();
        phone->measurement.Cancel();
        if (phone->mobility)
        {
            phone->mobility->TraceDisconnectWithoutContext(
                "CourseChange",
                MakeCallback(&CellReselection::CourseChanged, this).Bind(phone.get()));
        }
    }
}

bool
CellReselection::Reselect(Ptr<Node> phone, uint32_t cell)
{
    return Reselect(*m_phones[m_byNode.at(phone->GetId())], cell);
}

bool
CellReselection::Reselect(Phone& phone, uint32_t cell)
{
    if (cell == phone.cell || !phone.gsm->IsReachable() || phone.gsm->IsConnected())
    {
        ++m_refused;
        return false;
    }
    ++m_reselections;
    phone.cell = cell;
    phone.candidate.reset();
    phone.reselected = Simulator::Now();
    const Time reading = Seconds((m_nacc ? m_naccReadingTime : m_readingTime)->GetValue());
    m_interrupted += reading;
    phone.gsm->StartReselection(m_gsmCells[cell]);
    phone.gprs->ChangeCell(m_gprsCells[cell]);
    phone.entry = Simulator::Schedule(reading, &CellReselection::Enter, this, &phone);
    return true;
}

/// The phone has read what it needs of its new cell.
void
CellReselection::Enter(Phone* phone)
{
    phone->gsm->EndReselection();
}

void
CellReselection::PlanProcess(Phone& phone)
{
    const double wait = -m_meanInterval.GetSeconds() * std::log(1 - phone.random->GetValue());
    phone.process =
        Simulator::Schedule(Seconds(wait), &CellReselection::FollowProcess, this, &phone);
}

void
CellReselection::FollowProcess(Phone* phone)
{
    const auto cells = static_cast<uint32_t>(m_gsmCells.size());
    const uint32_t steps = m_choice == NEXT ? 1 : phone->random->GetInteger(1, cells - 1);
    Reselect(*phone, (phone->cell + steps) % cells);
    PlanProcess(*phone);
}

void
CellReselection::CourseChanged(Phone* phone, Ptr<const MobilityModel> mobility)
{
    if (IsMoving(mobility) && !IsPending(phone->measurement))
    {
        // phones do not measure at the same time
        PlanMeasurement(*phone,
                        Seconds(phone->random->GetValue() * m_measurementPeriod.GetSeconds()));
    }
}

void
CellReselection::PlanMeasurement(Phone& phone, Time wait)
{
    phone.measurement = Simulator::Schedule(wait, &CellReselection::Measure, this, &phone);
}

void
CellReselection::Measure(Phone* phone)
{
    const Time now = Simulator::Now();
    const auto better = phone->gsm->IsReachable() ? FindBetter(*phone) : std::nullopt;
    if (better != phone->candidate)
    {
        phone->candidate = better;
        phone->betterSince = now;
    }
    if (better && now - phone->betterSince >= m_persistenceTime)
    {
        Reselect(*phone, *better);
    }
    if (phone->candidate || IsMoving(phone->mobility))
    {
        PlanMeasurement(*phone, m_measurementPeriod);
    }
}

std::optional<double>
CellReselection::GetLevel(const Phone& phone, uint32_t cell) const
{
    return m_gsmCells[cell]->GetRadioConditions()->GetMeanCarrierRatio(*phone.gsm,
                                                                       GsmDirection::DOWNLINK);
}

double
CellReselection::GetMargin(const Phone& phone, uint32_t cell) const
{
    const bool otherArea =
        m_gprsCells[cell]->GetRoutingArea() != m_gprsCells[phone.cell]->GetRoutingArea();
    const double margin = otherArea || phone.gprs->IsReady() ? m_hysteresis : 0;
    const bool recent = phone.reselected && Simulator::Now() < *phone.reselected + g_recent;
    return recent ? std::max(margin, RECENT_MARGIN) : margin;
}

std::optional<uint32_t>
CellReselection::FindBetter(const Phone& phone)
{
    const auto own = GetLevel(phone, phone.cell);
    std::optional<uint32_t> best;
    double bestLevel = m_minimumLevel;
    for (const uint32_t cell : GetNeighbours(phone.cell))
    {
        const auto level = GetLevel(phone, cell);
        if (own && level && *level > bestLevel && *level > *own + GetMargin(phone, cell))
        {
            best = cell;
            bestLevel = *level;
        }
    }
    return best;
}

const std::vector<uint32_t>&
CellReselection::GetNeighbours(uint32_t cell)
{
    auto& neighbours = m_neighbours[cell];
    if (!neighbours.empty() || m_gsmCells.size() < 2)
    {
        return neighbours;
    }
    const Vector here = GetPosition(m_gsmCells[cell]);
    std::vector<std::pair<double, uint32_t>> others;
    for (uint32_t n = 0; n < m_gsmCells.size(); ++n)
    {
        if (n != cell)
        {
            others.emplace_back(CalculateDistance(here, GetPosition(m_gsmCells[n])), n);
        }
    }
    std::sort(others.begin(), others.end());
    for (const auto& [distance, n] : others)
    {
        if (neighbours.size() < m_neighbourCount)
        {
            neighbours.push_back(n);
        }
    }
    return neighbours;
}

CounterList
CellReselection::GetCounters() const
{
    return {
        {"reselections", static_cast<double>(m_reselections)},
        {"reselections_refused", static_cast<double>(m_refused)},
        {"reselection_seconds", m_interrupted.GetSeconds()},
    };
}

} // namespace p2pim
} // namespace ns3
