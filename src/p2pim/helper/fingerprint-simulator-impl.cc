// SPDX-License-Identifier: GPL-2.0-only
#include "fingerprint-simulator-impl.h"

#include "ns3/assert.h"
#include "ns3/config.h"
#include "ns3/global-value.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(FingerprintSimulatorImpl);

namespace
{

constexpr const char* IMPLEMENTATION = "SimulatorImplementationType";

/// The fingerprint that is being taken; ns-3 itself makes the simulator, from its type's name.
RunFingerprint* g_fingerprint = nullptr;

} // namespace

RunFingerprint::RunFingerprint(Observer observer)
    : m_observer(std::move(observer))
{
    NS_ASSERT_MSG(!g_fingerprint, "one fingerprint at a time");
    Simulator::Destroy();
    StringValue former;
    GlobalValue::GetValueByName(IMPLEMENTATION, former);
    m_formerType = former.Get();
    GlobalValue::Bind(IMPLEMENTATION, StringValue(FingerprintSimulatorImpl::GetTypeId().GetName()));
    g_fingerprint = this;
}

RunFingerprint::~RunFingerprint()
{
    Simulator::Destroy();
    GlobalValue::Bind(IMPLEMENTATION, StringValue(m_formerType));
    g_fingerprint = nullptr;
}

uint64_t
RunFingerprint::GetEvents() const
{
    return m_events;
}

uint64_t
RunFingerprint::GetTimes() const
{
    return m_times.Get();
}

uint64_t
RunFingerprint::GetContexts() const
{
    return m_contexts.Get();
}

uint64_t
RunFingerprint::GetLengths() const
{
    return m_lengths.Get();
}

uint64_t
RunFingerprint::GetUids() const
{
    return m_uids.Get();
}

void
RunFingerprint::Begin(const EventId& event)
{
    End();
    m_inEvent = true;
    ++m_events;
    m_event = {static_cast<int64_t>(event.GetTs()), event.GetContext(), 0, 0};
    m_times.Add(event.GetTs());
    m_contexts.Add(uint64_t{event.GetContext()});
    m_uids.Add(uint64_t{event.GetUid()});
}

void
RunFingerprint::Send(Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t)
{
    ++m_event.packets;
    m_event.octets += packet->GetSize();
    m_lengths.Add(uint64_t{packet->GetSize()});
}

void
RunFingerprint::End()
{
    if (m_observer && m_inEvent)
    {
        m_observer(m_event);
    }
    m_inEvent = false;
}

TypeId
FingerprintSimulatorImpl::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::FingerprintSimulatorImpl")
                            .SetParent<DefaultSimulatorImpl>()
                            .SetGroupName("P2pim")
                            .AddConstructor<FingerprintSimulatorImpl>();
    return tid;
}

void
FingerprintSimulatorImpl::Run()
{
    if (g_fingerprint)
    {
        Config::ConnectWithoutContextFailSafe("/NodeList/*/$ns3::Ipv4L3Protocol/Tx",
                                              MakeCallback(&RunFingerprint::Send, g_fingerprint));
    }
    DefaultSimulatorImpl::Run();
    if (g_fingerprint)
    {
        g_fingerprint->End();
    }
}

void
FingerprintSimulatorImpl::PreEventHook(const EventId& id)
{
    if (g_fingerprint)
    {
        g_fingerprint->Begin(id);
    }
}

} // namespace p2pim
} // namespace ns3
