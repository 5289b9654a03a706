// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/port-sampler.h"

#include "ns3/boolean.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

PortSampler::~PortSampler()
{
    Release();
}

void
PortSampler::Start(Ptr<Node> node, const InetSocketAddress& server, DoneFunction done)
{
    m_done = std::move(done);
    for (std::size_t n = 0; n < SAMPLES; ++n)
    {
        m_clients[n] = CreateObject<StunTcpClient>();
        m_clients[n]->SetAttribute("DiscoverMapping", BooleanValue(false));
        m_clients[n]->SetAttribute("Hold", BooleanValue(false));
        m_clients[n]->Start(node, 0, server, [this, n](const StunDiscovery::Findings& findings) {
            HandleAnswer(n, findings);
        });
    }
}

void
PortSampler::Release()
{
    m_done = nullptr;
    for (auto& client : m_clients)
    {
        if (client)
        {
            client->Release();
            client = nullptr;
        }
    }
}

void
PortSampler::HandleAnswer(std::size_t sample, const StunDiscovery::Findings& findings)
{
    if (findings.reflexive && findings.reflexive->GetPort() != findings.local->GetPort())
    {
        m_ports[sample] = findings.reflexive->GetPort();
    }
    if (++m_answers < SAMPLES)
    {
        return;
    }
    const Ptr<PortSampler> self(this); // who is told the end may drop it
    const bool areAll = std::find(m_ports.begin(), m_ports.end(), 0) == m_ports.end();
    const DoneFunction done = std::exchange(m_done, nullptr);
    done(areAll ? FindPortSequence({m_ports.begin(), m_ports.end()}) : std::nullopt);
}

} // namespace p2pim
} // namespace ns3
