// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sip-proxy-core.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint32_t DEFAULT_MAX_FORWARDS = 70; ///< RFC 3261 16.6 step 3

std::string
GetName(const InetSocketAddress& address)
{
    return std::to_string(address.GetIpv4().Get()) + ':' + std::to_string(address.GetPort());
}

} // namespace

SipProxyCore::SipProxyCore(const InetSocketAddress& address, const SipRegistrarSettings& settings)
    : m_address(address),
      m_identifiers(GetName(address)),
      m_registrar(settings)
{
}

void
SipProxyCore::SetTransactionLayer(SipTransactionLayer* layer)
{
    m_layer = layer;
}

SipRegistrar&
SipProxyCore::GetRegistrar()
{
    return m_registrar;
}

const SipProxyCounters&
SipProxyCore::GetCounters() const
{
    return m_counters;
}

void
SipProxyCore::OnRequest(SipMessage request, uint64_t server, Time now)
{
    if (request.GetMethod() == "REGISTER")
    {
        ++m_counters.registers;
        const std::string tag = m_identifiers.MakeTag();
        m_layer->SendResponse(server, m_registrar.Process(request, tag, now), now);
        return;
    }
    const uint32_t status = Validate(request, now);
    if (status != 0)
    {
        Reject(request, server, status, now);
        return;
    }
    Forward(std::move(request), server, now);
}

uint32_t
SipProxyCore::Validate(const SipMessage& request, Time now) const
{
    if (request.GetMaxForwards() == 0U)
    {
        return 483;
    }
    if (!request.GetHeader("Proxy-Require").empty())
    {
        return 420;
    }
    if (request.GetMethod() == "INVITE" || request.GetMethod() == "ACK")
    {
        return 501;
    }
    if (!m_registrar.IsServed(request.GetRequestUser(), request.GetRequestHost()))
    {
        return 404;
    }
    return m_registrar.Find(request.GetRequestUser(), now) ? 0 : 480;
}

void
SipProxyCore::Forward(SipMessage request, uint64_t server, Time now)
{
    const SipBinding* binding = m_registrar.Find(request.GetRequestUser(), now);
    request.SetRequestUri(binding->contactUri);
    request.SetMaxForwards(request.GetMaxForwards().value_or(DEFAULT_MAX_FORWARDS + 1) - 1);
    request.PushVia(m_address, m_identifiers.MakeBranch());
    const uint64_t client = m_layer->SendRequest(request, binding->target, now);
    if (client == 0)
    {
        request.PopVia();
        Reject(request, server, 500, now); // 16.9: as a 503 from below, which 16.7 makes 500
        return;
    }
    ++m_counters.forwarded;
    m_contexts.emplace(client, Context{server, std::move(request)});
}

void
SipProxyCore::Reject(const SipMessage& request, uint64_t server, uint32_t status, Time now)
{
    ++m_counters.rejected;
    SipMessage response = request.MakeResponse(status, m_identifiers.MakeTag());
    if (status == 420)
    {
        response.AddHeader("Unsupported", request.GetHeader("Proxy-Require"));
    }
    m_layer->SendResponse(server, response, now);
}

void
SipProxyCore::OnResponse(uint64_t client, SipMessage response, Time now)
{
    const auto found = m_contexts.find(client);
    if (found == m_contexts.end() || response.GetStatus() == 100 || response.CountVia() < 2)
    {
        return; // 16.7 steps 3 and 5: the response was for this proxy
    }
    response.PopVia();
    m_layer->SendResponse(found->second.server, response, now);
    if (response.GetStatus() >= 200)
    {
        ++m_counters.relayed;
        m_contexts.erase(found);
    }
}

void
SipProxyCore::OnFailure(uint64_t client, uint32_t status, Time now)
{
    const auto found = m_contexts.find(client);
    if (found == m_contexts.end())
    {
        return;
    }
    Context context = std::move(found->second);
    m_contexts.erase(found);
    if (status == 408)
    {
        ++m_counters.abandoned;
        m_layer->Abandon(context.server, now);
        return;
    }
    context.request.PopVia();
    Reject(context.request, context.server, 500, now);
}

} // namespace p2pim
} // namespace ns3
