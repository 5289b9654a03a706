// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sip-registrar.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

SipRegistrar::SipRegistrar(const SipRegistrarSettings& settings)
    : m_settings(settings)
{
}

void
SipRegistrar::AddUser(const std::string& user)
{
    m_users.emplace(user, std::nullopt);
}

bool
SipRegistrar::IsServed(std::string_view user, std::string_view host) const
{
    return host == m_settings.domain && m_users.count(std::string(user)) > 0;
}

const SipBinding*
SipRegistrar::Find(std::string_view user, Time now) const
{
    const auto found = m_users.find(std::string(user));
    const bool holds = found != m_users.end() && found->second && found->second->expires > now;
    return holds ? &*found->second : nullptr;
}

SipMessage
SipRegistrar::Process(const SipMessage& request, const std::string& toTag, Time now)
{
    if (!IsServed(request.GetToUser(), request.GetToHost()))
    {
        return request.MakeResponse(404, toTag);
    }
    std::optional<SipBinding>& binding = m_users.at(std::string(request.GetToUser()));
    if (binding && binding->expires <= now)
    {
        binding.reset();
    }
    const uint32_t status = request.GetContactUri().empty() ? 200 : Update(request, binding, now);
    SipMessage response = request.MakeResponse(status, toTag);
    if (status == 423)
    {
        response.AddHeader("Min-Expires", std::to_string(m_settings.minExpires));
    }
    if (status == 200 && binding)
    {
        const auto left = int64_t((binding->expires - now).GetSeconds());
        response.AddHeader("Contact",
                           '<' + binding->contactUri + ">;expires=" + std::to_string(left));
    }
    return response;
}

uint32_t
SipRegistrar::Update(const SipMessage& request, std::optional<SipBinding>& binding, Time now) const
{
    const uint32_t wish = request.GetContactExpires().value_or(
        request.GetExpires().value_or(m_settings.defaultExpires));
    const std::string uri = request.GetContactUri();
    const auto target = GetSipUriTarget(uri);
    const bool all = uri == "*";
    if (all ? wish != 0 : !target)
    {
        return 400; // 10.3 step 6; a Contact that names a host would need DNS
    }
    if (binding && binding->callId == request.GetCallId() && request.GetCSeq() <= binding->cseq)
    {
        return 500; // out of order: 10.3 step 7
    }
    if (wish == 0)
    {
        binding.reset();
        return 200;
    }
    if (wish < m_settings.minExpires)
    {
        return 423;
    }
    const auto expires = now + Seconds(std::min(wish, m_settings.maxExpires));
    binding =
        SipBinding{uri, *target, expires, std::string(request.GetCallId()), request.GetCSeq()};
    return 200;
}

} // namespace p2pim
} // namespace ns3
