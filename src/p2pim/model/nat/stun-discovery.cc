// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/stun-discovery.h"

namespace ns3
{
namespace p2pim
{

const char*
GetName(StunBehaviour behaviour)
{
    switch (behaviour)
    {
    case StunBehaviour::NONE:
        return "none";
    case StunBehaviour::ENDPOINT_INDEPENDENT:
        return "endpoint-independent";
    case StunBehaviour::ADDRESS_DEPENDENT:
        return "address-dependent";
    case StunBehaviour::ADDRESS_AND_PORT_DEPENDENT:
        return "address-and-port-dependent";
    default:
        return "unknown";
    }
}

StunDiscovery::StunDiscovery(const InetSocketAddress& server, Aims aims)
    : m_server(server),
      m_aims(aims)
{
}

std::optional<StunDiscovery::Question>
StunDiscovery::GetQuestion() const
{
    switch (m_test)
    {
    case Test::FIRST:
        return Question{m_server};
    case Test::FILTERING_ALL:
        return Question{m_server, STUN_CHANGE_ADDRESS | STUN_CHANGE_PORT};
    case Test::FILTERING_PORT:
        return Question{m_server, STUN_CHANGE_PORT};
    case Test::MAPPING_ADDRESS:
        return Question{InetSocketAddress(m_other->GetIpv4(), m_server.GetPort())};
    case Test::MAPPING_ALL:
        return Question{*m_other};
    default:
        return std::nullopt;
    }
}

void
StunDiscovery::Answered(const InetSocketAddress& local, const StunMessage& answer)
{
    const bool isSound = answer.messageClass == StunClass::SUCCESS && answer.xorMappedAddress &&
                         answer.notUnderstood.empty();
    switch (m_test)
    {
    case Test::FIRST:
        HandleFirst(local, answer);
        break;
    case Test::FILTERING_ALL:
    case Test::FILTERING_PORT:
        HandleFiltering(isSound);
        break;
    default:
        HandleMapping(isSound ? answer.xorMappedAddress : std::nullopt);
        break;
    }
}

void
StunDiscovery::Unanswered()
{
    switch (m_test)
    {
    case Test::FIRST:
        m_test = Test::END;
        break;
    case Test::FILTERING_ALL:
    case Test::FILTERING_PORT:
        HandleFiltering(false);
        break;
    default:
        HandleMapping(std::nullopt);
        break;
    }
}

const StunDiscovery::Findings&
StunDiscovery::GetFindings() const
{
    return m_findings;
}

void
StunDiscovery::HandleFirst(const InetSocketAddress& local, const StunMessage& answer)
{
    m_test = Test::END;
    m_findings.local = local;
    if (answer.messageClass != StunClass::SUCCESS || !answer.notUnderstood.empty())
    {
        return;
    }
    m_findings.reflexive = answer.xorMappedAddress;
    m_other = answer.otherAddress;
    if (m_findings.reflexive == local)
    {
        m_findings.mapping = StunBehaviour::NONE;
    }
    if (m_findings.reflexive && m_other)
    {
        m_test = m_aims.filtering ? Test::FILTERING_ALL : GetMappingTest();
    }
}

StunDiscovery::Test
StunDiscovery::GetMappingTest() const
{
    const bool isOpen = m_findings.mapping == StunBehaviour::UNKNOWN;
    return m_aims.mapping && isOpen ? Test::MAPPING_ADDRESS : Test::END;
}

void
StunDiscovery::HandleFiltering(bool answered)
{
    const bool isFirst = m_test == Test::FILTERING_ALL;
    if (isFirst && !answered)
    {
        m_test = Test::FILTERING_PORT;
        return;
    }
    m_findings.filtering = isFirst    ? StunBehaviour::ENDPOINT_INDEPENDENT
                           : answered ? StunBehaviour::ADDRESS_DEPENDENT
                                      : StunBehaviour::ADDRESS_AND_PORT_DEPENDENT;
    m_test = GetMappingTest();
}

void
StunDiscovery::HandleMapping(const std::optional<InetSocketAddress>& reflexive)
{
    const bool isSecond = m_test == Test::MAPPING_ADDRESS;
    m_test = Test::END;
    if (!reflexive)
    {
        return;
    }
    if (isSecond && reflexive == m_findings.reflexive)
    {
        m_findings.mapping = StunBehaviour::ENDPOINT_INDEPENDENT;
    }
    else if (isSecond)
    {
        m_second = reflexive;
        m_test = Test::MAPPING_ALL;
    }
    else
    {
        m_findings.mapping = reflexive == m_second ? StunBehaviour::ADDRESS_DEPENDENT
                                                   : StunBehaviour::ADDRESS_AND_PORT_DEPENDENT;
    }
}

} // namespace p2pim
} // namespace ns3
