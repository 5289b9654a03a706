// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/im-client.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(ImClient);

TypeId
ImClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::ImClient")
            .SetParent<Application>()
            .SetGroupName("P2pim")
            .AddTraceSource("Step",
                            "A step of a chat, at the time at which it happens: the peer's number "
                            "and the step.",
                            MakeTraceSourceAccessor(&ImClient::m_stepTrace),
                            "ns3::p2pim::ImClient::StepTracedCallback")
            .AddTraceSource("Attempt",
                            "An attempt to connect to the peer's phone without a server, when a "
                            "try begins and when it is over: the peer's number and the attempt.",
                            MakeTraceSourceAccessor(&ImClient::m_attemptTrace),
                            "ns3::p2pim::ImClient::AttemptTracedCallback");
    return tid;
}

ImClient::~ImClient() = default;

void
ImClient::SetMsisdn(const Msisdn& own)
{
    m_msisdn = own;
}

const Msisdn&
ImClient::GetMsisdn() const
{
    return m_msisdn;
}

void
ImClient::SetReadyCallback(ChatCallback ready)
{
    m_ready = ready;
}

void
ImClient::SetReceiveCallback(MessageCallback received)
{
    m_received = received;
}

void
ImClient::SetEndCallback(EndCallback ended)
{
    m_ended = ended;
}

void
ImClient::DoDispose()
{
    m_ready.Nullify();
    m_received.Nullify();
    m_ended.Nullify();
    Application::DoDispose();
}

void
ImClient::NotifyStep(const Msisdn& peer, SessionStep step)
{
    m_stepTrace(peer, step);
}

void
ImClient::NotifyAttempt(const Msisdn& peer, const ConnectionAttempt& attempt)
{
    m_attemptTrace(peer, attempt);
}

void
ImClient::NotifyReady(const Msisdn& peer)
{
    if (!m_ready.IsNull())
    {
        m_ready(peer);
    }
}

void
ImClient::NotifyReceived(const Msisdn& peer, const std::string& text)
{
    if (!m_received.IsNull())
    {
        m_received(peer, text);
    }
}

void
ImClient::NotifyEnded(const Msisdn& peer, const std::string& cause)
{
    if (!m_ended.IsNull())
    {
        m_ended(peer, cause);
    }
}

} // namespace p2pim
} // namespace ns3
