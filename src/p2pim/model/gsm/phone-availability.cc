// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/phone-availability.h"

#include "ns3/double.h"
#include "ns3/simulator.h"

#include <cmath>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(PhoneAvailability);

TypeId
PhoneAvailability::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::PhoneAvailability")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<PhoneAvailability>()
            .AddAttribute(
                "UnreachableShare",
                "Share of the time, 0 to 0.99, for which a phone cannot be reached, and so "
                "of the first delivery attempts that fail; in a mixed population 0.38 "
                "(Forbes, ITU-T workshop 2006).",
                DoubleValue(0),
                MakeDoubleAccessor(&PhoneAvailability::m_unreachableShare),
                MakeDoubleChecker<double>(0, 0.99))
            .AddAttribute(
                "SwitchedOffShare",
                "Share of the unreachable periods, 0 to 1, in which the phone is switched "
                "off; in the others it is out of coverage. Own choice.",
                DoubleValue(0.5),
                MakeDoubleAccessor(&PhoneAvailability::m_switchedOffShare),
                MakeDoubleChecker<double>(0, 1))
            .AddAttribute("MeanUnreachableTime",
                          "Mean of the exponentially distributed time for which a phone is "
                          "unreachable at a stretch. Own choice.",
                          TimeValue(Hours(1)),
                          MakeTimeAccessor(&PhoneAvailability::m_meanUnreachableTime),
                          MakeTimeChecker(MilliSeconds(1)));
    return tid;
}

PhoneAvailability::PhoneAvailability() = default;

PhoneAvailability::~PhoneAvailability() = default;

void
PhoneAvailability::DoDispose()
{
    Stop();
    m_phones.clear();
    Object::DoDispose();
}

Time
PhoneAvailability::GetMeanReachableTime() const
{
    return Seconds(m_meanUnreachableTime.GetSeconds() * (1 - m_unreachableShare) /
                   m_unreachableShare);
}

void
PhoneAvailability::Drive(Ptr<GsmMobileStation> phone, int64_t stream)
{
    if (m_unreachableShare == 0)
    {
        return;
    }
    m_phones.push_back(std::make_unique<Phone>());
    Phone& driven = *m_phones.back();
    driven.station = phone;
    driven.random = CreateObject<UniformRandomVariable>();
    driven.random->SetStream(stream);
    // what is left of an exponential time is exponential too: the steady state
    Draw(driven, driven.random->GetValue() >= m_unreachableShare);
    if (!driven.reachable && driven.switchedOff)
    {
        phone->StartPoweredOff();
    }
    else if (!driven.reachable)
    {
        phone->SetCovered(false);
    }
    PlanChange(driven);
}

void
PhoneAvailability::Draw(Phone& phone, bool reachable) const
{
    phone.reachable = reachable;
    if (!reachable)
    {
        phone.switchedOff = phone.random->GetValue() < m_switchedOffShare;
    }
}

void
PhoneAvailability::Apply(Phone& phone)
{
    if (phone.switchedOff)
    {
        phone.station->SetPoweredOn(phone.reachable);
    }
    else
    {
        phone.station->SetCovered(phone.reachable);
    }
}

void
PhoneAvailability::PlanChange(Phone& phone)
{
    const Time mean = phone.reachable ? GetMeanReachableTime() : m_meanUnreachableTime;
    const double wait = -mean.GetSeconds() * std::log(1 - phone.random->GetValue());
    phone.change = Simulator::Schedule(Seconds(wait), &PhoneAvailability::Change, this, &phone);
}

void
PhoneAvailability::Change(Phone* phone)
{
    Draw(*phone, !phone->reachable);
    Apply(*phone);
    PlanChange(*phone);
}

void
PhoneAvailability::Stop()
{
    for (const auto& phone : m_phones)
    {
        phone->change.Cancel();
    }
}

} // namespace p2pim
} // namespace ns3
