// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sip-message-client.h"

#include "ns3/log.h"
#include "ns3/ns3-compatibility.h"
#include "ns3/packet-bearer.h"
#include "ns3/simulator.h"
#include "ns3/sip-timer-attributes.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("SipMessageClient");
NS_OBJECT_ENSURE_REGISTERED(SipMessageClient);

namespace
{

/// TS 24.229 5.1.1.4.1: a long registration is refreshed 600 s before its end, one of up to 1200 s
/// when half of it has gone.
Time
GetRefreshDelay(Time expires)
{
    return expires > Seconds(1200) ? expires - Seconds(600) : expires / 2;
}

/// The URI of this phone itself (RFC 3261 8.1.1.8).
std::string
GetContact(const Msisdn& msisdn, Ipv4Address address, uint16_t port)
{
    const uint32_t bits = address.Get();
    std::array<char, 32> host{};
    std::snprintf(host.data(),
                  host.size(),
                  "%u.%u.%u.%u:%u",
                  bits >> 24,
                  bits >> 16 & 0xff,
                  bits >> 8 & 0xff,
                  bits & 0xff,
                  port);
    return "sip:+" + msisdn + '@' + host.data();
}

} // namespace

std::string
GetSipCause(uint32_t status)
{
    return "sip " + std::to_string(status);
}

TypeId
SipMessageClient::GetTypeId()
{
    static TypeId tid = AddSipTimerAttributes(
        TypeId("ns3::p2pim::SipMessageClient")
            .SetParent<ImServerBasedClient>()
            .SetGroupName("P2pim")
            .AddConstructor<SipMessageClient>()
            .AddAttribute("Port",
                          "The phone's UDP port. Default: RFC 3261 19.1.2.",
                          UintegerValue(5060),
                          MakeUintegerAccessor(&SipMessageClient::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("Domain",
                          "The host part of every address-of-record. Default: our choice, under "
                          "the top-level domain that RFC 2606 keeps for examples.",
                          StringValue("p2pim.example"),
                          MakeStringAccessor(&SipMessageClient::m_domain),
                          MakeStringChecker())
            .AddAttribute("Expires",
                          "Life of a registration that the phone asks for, whole seconds; it is "
                          "refreshed 600 s before its end, or at half of it if it is no longer "
                          "than 1200 s (TS 24.229 5.1.1.4.1). Default: one hour, the example of "
                          "RFC 3261 10.2.",
                          TimeValue(Seconds(3600)),
                          MakeTimeAccessor(&SipMessageClient::m_expires),
                          MakeTimeChecker(Seconds(1), Hours(24 * 365)))
            .AddAttribute("KeepAliveInterval",
                          "Time between the CRLF keep-alives for a NAT (RFC 5626 3.5.1); 0 for "
                          "none. Default: none, as no NAT is on the way.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&SipMessageClient::m_keepAliveInterval),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("MaxRequestSize",
                          "Largest MESSAGE request that is sent, octets; the chat ends with the "
                          "cause \"sip 513\" at a larger one. Default: RFC 3428 8.",
                          UintegerValue(1300),
                          MakeUintegerAccessor(&SipMessageClient::m_maxRequestSize),
                          MakeUintegerChecker<uint32_t>(500, 65507)),
        &SipMessageClient::m_t1,
        &SipMessageClient::m_t2,
        &SipMessageClient::m_t4);
    return tid;
}

SipMessageClient::SipMessageClient() = default;
SipMessageClient::~SipMessageClient() = default;

void
SipMessageClient::DoDispose()
{
    m_refresh.Cancel();
    m_keepAlive.Cancel();
    m_transport.reset();
    m_outboxes.clear();
    m_pending.clear();
    ImServerBasedClient::DoDispose();
}

CounterList
SipMessageClient::GetCounters() const
{
    return m_transport ? m_transport->ListCounters() : CounterList();
}

// --- registration (RFC 3261 10.2) ---

bool
SipMessageClient::IsServiceUp() const
{
    const Ptr<PacketBearer> bearer = GetBearer();
    return m_registeredUntil > Simulator::Now() && bearer->IsUp() &&
           bearer->GetAddress() == m_registeredAddress;
}

void
SipMessageClient::StartService()
{
    if (!m_transport)
    {
        m_identifiers = std::make_unique<SipIdentifiers>(GetUri(GetMsisdn()));
        m_registerCallId = m_identifiers->MakeCallId();
        SipTransactionUser& user = *this;
        m_transport = std::make_unique<SipUdpTransport>(user, SipTimers{m_t1, m_t2, m_t4});
        if (!m_transport->Open(GetNode(), m_port))
        {
            m_transport.reset();
            FailService(GetSipCause(503));
            return;
        }
    }
    if (IsServiceUp())
    {
        PassStep(SessionStep::REGISTERED);
        FinishService();
        return;
    }
    Register();
}

void
SipMessageClient::Register()
{
    m_refresh.Cancel();
    const Ipv4Address address = GetBearer()->GetAddress();
    if (address != m_registeredAddress)
    {
        m_registeredAddress = address;
        m_registeredUntil = Time();
    }
    SipRequestFields fields = MakeFields(GetUri(GetMsisdn()));
    fields.method = "REGISTER";
    fields.requestUri = "sip:" + m_domain;
    fields.callId = m_registerCallId;
    fields.cseq = ++m_registerCSeq;
    fields.contact = GetContact(GetMsisdn(), address, m_port);
    fields.expires = uint32_t(m_expires.GetSeconds());
    SipMessage request = SipMessage::MakeRequest(fields);
    PushVia(request);
    m_registering = m_transport->SendRequest(request, GetServer());
    if (m_registering == 0)
    {
        HandleNotRegistered(503);
    }
}

void
SipMessageClient::HandleNotRegistered(uint32_t status)
{
    m_registering = 0;
    m_registeredUntil = Time();
    m_keepAlive.Cancel();
    FailService(GetSipCause(status));
}

void
SipMessageClient::HandleRegistered(const SipMessage& response, Time now)
{
    m_registering = 0;
    const auto granted = response.GetContactExpires();
    const Time expires = granted ? Seconds(*granted) : m_expires;
    const bool refreshed = m_registeredUntil > now;
    m_registeredUntil = now + expires;
    m_refresh = Simulator::Schedule(GetRefreshDelay(expires), &SipMessageClient::Refresh, this);
    if (m_keepAliveInterval.IsStrictlyPositive() && !IsPending(m_keepAlive))
    {
        m_keepAlive =
            Simulator::Schedule(m_keepAliveInterval, &SipMessageClient::SendKeepAlive, this);
    }
    if (!refreshed)
    {
        PassStep(SessionStep::REGISTERED);
    }
    FinishService();
}

void
SipMessageClient::Refresh()
{
    if (IsServiceUp())
    {
        Register();
    }
}

void
SipMessageClient::SendKeepAlive()
{
    if (IsServiceUp())
    {
        m_transport->SendKeepAlive(GetServer());
        m_keepAlive =
            Simulator::Schedule(m_keepAliveInterval, &SipMessageClient::SendKeepAlive, this);
    }
}

// --- the user's side ---

void
SipMessageClient::Send(const Msisdn& peer, const std::string& text)
{
    if (!HasChat(peer))
    {
        NS_LOG_WARN("no chat with " << peer << " to send in");
        return;
    }
    const auto outbox = m_outboxes.find(peer);
    if (outbox != m_outboxes.end())
    {
        outbox->second.waiting.push_back(text);
        return;
    }
    SendMessage(peer, text);
}

void
SipMessageClient::Close(const Msisdn& peer)
{
    const auto outbox = m_outboxes.find(peer);
    if (outbox != m_outboxes.end())
    {
        outbox->second.closing = true;
        return;
    }
    EndChat(peer, "");
}

// --- outgoing MESSAGE (RFC 3428 4) ---

std::string
SipMessageClient::GetUri(const Msisdn& msisdn) const
{
    return "sip:+" + msisdn + '@' + m_domain + ";user=phone";
}

SipRequestFields
SipMessageClient::MakeFields(const std::string& to)
{
    SipRequestFields fields;
    fields.from = GetUri(GetMsisdn());
    fields.fromTag = m_identifiers->MakeTag();
    fields.to = to;
    return fields;
}

void
SipMessageClient::PushVia(SipMessage& request)
{
    request.PushVia(InetSocketAddress(GetBearer()->GetAddress(), m_port),
                    m_identifiers->MakeBranch());
}

void
SipMessageClient::SendMessage(const Msisdn& peer, const std::string& text)
{
    SipRequestFields fields = MakeFields(GetUri(peer));
    fields.method = "MESSAGE";
    fields.requestUri = fields.to;
    fields.callId = m_identifiers->MakeCallId();
    fields.contentType = "text/plain;charset=UTF-8";
    fields.body = text;
    SipMessage request = SipMessage::MakeRequest(fields);
    m_outboxes.try_emplace(peer);
    PushVia(request);
    if (request.Print().size() > m_maxRequestSize)
    {
        HandleSent(peer, 513);
        return;
    }
    const uint64_t client = m_transport->SendRequest(request, GetServer());
    if (client == 0)
    {
        HandleSent(peer, 503);
        return;
    }
    m_pending.emplace(client, peer);
}

void
SipMessageClient::HandleSent(const Msisdn& peer, uint32_t status)
{
    const auto found = m_outboxes.find(peer);
    if (status < 300 && !found->second.waiting.empty())
    {
        const std::string next = std::move(found->second.waiting.front());
        found->second.waiting.pop_front();
        SendMessage(peer, next);
        return;
    }
    const bool closing = found->second.closing;
    m_outboxes.erase(found);
    if (status >= 300 || closing)
    {
        EndChat(peer, status >= 300 ? GetSipCause(status) : "");
    }
}

// --- the transactions' side ---

void
SipMessageClient::OnResponse(uint64_t client, SipMessage response, Time now)
{
    const uint32_t status = response.GetStatus();
    if (status < 200)
    {
        return;
    }
    if (client == m_registering && status < 300)
    {
        HandleRegistered(response, now);
        return;
    }
    HandleEnd(client, status);
}

void
SipMessageClient::OnFailure(uint64_t client, uint32_t status, Time /* now */)
{
    HandleEnd(client, status);
}

void
SipMessageClient::HandleEnd(uint64_t client, uint32_t status)
{
    if (client == m_registering)
    {
        HandleNotRegistered(status);
        return;
    }
    const auto found = m_pending.find(client);
    if (found != m_pending.end())
    {
        const Msisdn peer = std::move(found->second);
        m_pending.erase(found);
        HandleSent(peer, status);
    }
}

uint32_t
SipMessageClient::Judge(const SipMessage& request) const
{
    if (request.GetMethod() != "MESSAGE")
    {
        return 405;
    }
    if (request.GetRequestUser() != '+' + GetMsisdn())
    {
        return 404;
    }
    if (request.GetFromUser().substr(0, 1) != "+")
    {
        return 403; // no telephone number to show to the user
    }
    return request.GetContentType() == "text/plain" ? 200 : 415;
}

void
SipMessageClient::OnRequest(SipMessage request, uint64_t server, Time /* now */)
{
    const uint32_t status = Judge(request);
    SipMessage response = request.MakeResponse(status, m_identifiers->MakeTag());
    if (status == 405)
    {
        response.AddHeader("Allow", "MESSAGE");
    }
    if (status == 415)
    {
        response.AddHeader("Accept", "text/plain");
    }
    m_transport->SendResponse(server, response);
    if (status == 200)
    {
        const Msisdn sender(request.GetFromUser().substr(1));
        AcceptChat(sender);
        NotifyReceived(sender, std::string(request.GetBody()));
    }
}

} // namespace p2pim
} // namespace ns3
