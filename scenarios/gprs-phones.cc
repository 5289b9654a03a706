// SPDX-License-Identifier: GPL-2.0-only
#include "gprs-phones.h"

#include "ns3/constant-position-mobility-model.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/pointer.h"
#include "ns3/random-walk-2d-mobility-model.h"
#include "ns3/rectangle.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ns3
{
namespace p2pim
{

namespace
{

/// Streams of phones' movement: their first, and how many each has.
constexpr int64_t MOVEMENT_STREAMS = int64_t{1} << 41;
constexpr int64_t STREAMS_PER_PHONE = 4;
/// First stream of their availability, one each.
constexpr int64_t AVAILABILITY_STREAMS = int64_t{1} << 42;

} // namespace

GprsPhones::GprsPhones(Ptr<CellularNetwork> network, Ptr<RandomVariableStream> speed)
    : m_network(network),
      m_speed(speed)
{
}

void
GprsPhones::Start()
{
    m_reselection->SetCells(m_network->GetGsmCells(), m_network->GetGprsCells());
    m_reselection->AssignStreams(MOVEMENT_STREAMS);
}

Ptr<Node>
GprsPhones::Add(uint32_t cell)
{
    const auto phone = m_network->AddPhone(cell);
    const int64_t stream = MOVEMENT_STREAMS + STREAMS_PER_PHONE * ++m_phones;
    Place(phone, cell, stream);
    m_reselection->Drive(phone, stream);
    m_availability->Drive(phone->GetObject<GsmMobileStation>(), AVAILABILITY_STREAMS + m_phones);
    return phone;
}

CounterList
GprsPhones::GetReselections() const
{
    return m_reselection->GetCounters();
}

void
GprsPhones::Dispose()
{
    m_reselection->Dispose();
    m_availability->Dispose();
}

/// A place along the row of cells, half way to the neighbours at most, and a speed.
void
GprsPhones::Place(Ptr<Node> phone, uint32_t cell, int64_t stream) const
{
    DoubleValue spacing;
    m_network->GetAttribute("CellSpacing", spacing);
    if (spacing.Get() == 0)
    {
        return;
    }
    constexpr double height = 1.5;
    const auto& cells = m_network->GetGsmCells();
    VectorValue antenna;
    cells[0]->GetAttribute("Position", antenna);
    const Vector first = antenna.Get();
    const double last = first.x + spacing.Get() * static_cast<double>(cells.size() - 1);
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(stream + 1);
    m_speed->SetStream(stream + 2);
    const double x = first.x + spacing.Get() * (cell % cells.size() + random->GetValue(-0.5, 0.5));
    auto constant = [](double value) {
        auto variable = CreateObject<ConstantRandomVariable>();
        variable->SetAttribute("Constant", DoubleValue(value));
        return PointerValue(variable);
    };
    const Vector place(std::clamp(x, first.x, last), first.y, height);
    const double speed = m_speed->GetValue();
    if (speed == 0)
    {
        auto model = CreateObject<ConstantPositionMobilityModel>();
        model->SetPosition(place);
        phone->AggregateObject(model);
        return;
    }
    auto model = CreateObject<RandomWalk2dMobilityModel>();
    model->SetAttribute("Bounds", RectangleValue({first.x, last, first.y - 1, first.y + 1}));
    model->SetAttribute("Mode", EnumValue(RandomWalk2dMobilityModel::MODE_DISTANCE));
    model->SetAttribute("Distance", DoubleValue(std::numeric_limits<int32_t>::max()));
    model->SetAttribute("Direction", constant(random->GetValue() < 0.5 ? 0 : M_PI));
    model->SetAttribute("Speed", constant(speed));
    model->SetPosition(place);
    model->AssignStreams(stream + 3);
    phone->AggregateObject(model);
}

} // namespace p2pim
} // namespace ns3
