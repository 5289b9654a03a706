// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/voice-calls.h"

#include "ns3/double.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(VoiceCalls);

TypeId
VoiceCalls::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::VoiceCalls")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<VoiceCalls>()
            .AddAttribute("CallRate",
                          "Calls of a phone, per hour that it is not in one, 0 to 3600; their "
                          "intervals are exponentially distributed.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&VoiceCalls::m_rate),
                          MakeDoubleChecker<double>(0, 3600))
            .AddAttribute("MeanDuration",
                          "Mean of the exponentially distributed duration of a call. Own choice.",
                          TimeValue(Seconds(90)),
                          MakeTimeAccessor(&VoiceCalls::m_meanDuration),
                          MakeTimeChecker(Seconds(1)));
    return tid;
}

VoiceCalls::VoiceCalls() = default;

VoiceCalls::~VoiceCalls() = default;

void
VoiceCalls::DoDispose()
{
    for (const auto& phone : m_phones)
    {
        phone->change.Cancel();
    }
    m_phones.clear();
    Object::DoDispose();
}

void
VoiceCalls::Drive(Ptr<GsmMobileStation> phone, int64_t stream)
{
    if (m_rate == 0)
    {
        return;
    }
    m_phones.push_back(std::make_unique<Phone>());
    Phone& driven = *m_phones.back();
    driven.station = phone;
    driven.random = CreateObject<ExponentialRandomVariable>();
    driven.random->SetStream(stream);
    PlanCall(driven);
}

void
VoiceCalls::PlanCall(Phone& phone)
{
    constexpr double hour = 3600;
    phone.change = Simulator::Schedule(Seconds(phone.random->GetValue(hour / m_rate, 0)),
                                       &VoiceCalls::Call,
                                       this,
                                       &phone);
}

void
VoiceCalls::Call(Phone* phone)
{
    // drawn whether the call comes about or not, so that the next one does not depend on that
    const Time duration = Seconds(phone->random->GetValue(m_meanDuration.GetSeconds(), 0));
    const bool isUp = phone->station->StartCall();
    m_calls += isUp ? 1 : 0;
    m_failed += isUp ? 0 : 1;
    phone->change = Simulator::Schedule(duration, &VoiceCalls::HangUp, this, phone);
}

void
VoiceCalls::HangUp(Phone* phone)
{
    phone->station->EndCall();
    PlanCall(*phone);
}

CounterList
VoiceCalls::GetCounters() const
{
    return {{"calls", static_cast<double>(m_calls)}, {"failed", static_cast<double>(m_failed)}};
}

} // namespace p2pim
} // namespace ns3
