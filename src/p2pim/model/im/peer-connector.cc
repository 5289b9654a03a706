// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/peer-connector.h"

#include "ns3/ns3-compatibility.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

using Outcome = ConnectionAttempt::Outcome;

Outcome
ToOutcome(TcpFailure failure)
{
    switch (failure)
    {
    case TcpFailure::NONE:
        return Outcome::NO_ROUTE;
    case TcpFailure::TIMED_OUT:
        return Outcome::TIMED_OUT;
    default:
        return Outcome::REFUSED;
    }
}

} // namespace

PeerConnector::PeerConnector(Ptr<Node> node,
                             Ipv4Address address,
                             Ptr<RandomVariableStream> interval)
    : m_node(node),
      m_address(address),
      m_interval(interval)
{
}

PeerConnector::~PeerConnector() = default;

void
PeerConnector::SetCallbacks(EstablishedCallback established,
                            FailedCallback failed,
                            AttemptCallback attempted)
{
    m_established = established;
    m_failed = failed;
    m_attempted = attempted;
}

uint16_t
PeerConnector::Listen()
{
    m_listener = PeerTcpSocket::Create(m_node);
    m_listener->Bind(InetSocketAddress(m_address, 0));
    m_listener->Listen();
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&PeerConnector::Accepted, Ptr<PeerConnector>(this)));
    Address bound;
    m_listener->GetSockName(bound);
    m_port = InetSocketAddress::ConvertFrom(bound).GetPort();
    return m_port;
}

uint16_t
PeerConnector::GetPort() const
{
    return m_port;
}

void
PeerConnector::Dial(const InetSocketAddress& remote, Mode mode, uint8_t synTtl)
{
    m_attempts.push_back({remote, mode, synTtl, nullptr, EventId()});
    auto& report = m_attempts.back().report;
    report.local = InetSocketAddress(m_address, m_port);
    report.remote = remote;
    Try(m_attempts.size() - 1);
}

void
PeerConnector::Try(std::size_t index)
{
    const Ptr<PeerConnector> self(this);
    auto& attempt = m_attempts[index];
    attempt.socket = PeerTcpSocket::Create(m_node);
    attempt.socket->SetSynTtl(attempt.synTtl);
    attempt.socket->SetConnectCallback(MakeCallback(&PeerConnector::Connected, self).Bind(index),
                                       MakeCallback(&PeerConnector::Failed, self).Bind(index));
    const int error = m_port == 0 ? attempt.socket->Connect(attempt.remote)
                                  : attempt.socket->ConnectFrom(m_address, m_port, attempt.remote);
    ++attempt.report.tries;
    if (error == 0)
    {
        Address bound;
        attempt.socket->GetSockName(bound);
        attempt.report.local = InetSocketAddress::ConvertFrom(bound);
    }
    Report(index, Outcome::UNDER_WAY, false);
    if (error != 0)
    {
        attempt.timer = Simulator::ScheduleNow(&PeerConnector::Failed, self, index, nullptr);
        return;
    }
    if (attempt.mode == Mode::OPENING)
    {
        attempt.timer = Simulator::Schedule(Seconds(m_interval->GetValue()),
                                            &PeerConnector::GiveUp,
                                            self,
                                            index);
    }
}

void
PeerConnector::Accepted(Ptr<Socket> socket, const Address&)
{
    if (m_stopped)
    {
        socket->Close();
        return;
    }
    Tell(DynamicCast<PeerTcpSocket>(socket));
}

/// The owner may call Stop(), and let go of this object.
void
PeerConnector::Tell(Ptr<PeerTcpSocket> socket)
{
    const Ptr<PeerConnector> alive(this);
    const auto established = m_established;
    established(socket);
}

void
PeerConnector::Connected(std::size_t index, Ptr<Socket>)
{
    auto& attempt = m_attempts[index];
    attempt.timer.Cancel();
    attempt.timer = EventId();
    const auto socket = attempt.socket;
    attempt.socket = nullptr;
    const Ptr<PeerConnector> alive(this); // the socket's callbacks hold it
    socket->ForgetCallbacks();
    Report(index, Outcome::CONNECTED, true);
    Tell(socket);
}

void
PeerConnector::Failed(std::size_t index, Ptr<Socket>)
{
    auto& attempt = m_attempts[index];
    const auto failure = attempt.socket->GetFailure();
    const bool isOver = attempt.mode != Mode::PERSISTENT;
    Report(index, ToOutcome(failure), isOver);
    if (!isOver)
    {
        attempt.socket->ForgetCallbacks();
        attempt.socket = nullptr;
        attempt.timer = Simulator::Schedule(Seconds(m_interval->GetValue()),
                                            &PeerConnector::Try,
                                            Ptr<PeerConnector>(this),
                                            index);
        return;
    }
    const Ptr<PeerConnector> alive(this);
    const auto failed = m_failed;
    GiveUp(index);
    failed(failure);
}

bool
PeerConnector::IsTrying() const
{
    return std::any_of(m_attempts.begin(), m_attempts.end(), [](const auto& each) {
        return each.socket || IsPending(each.timer);
    });
}

void
PeerConnector::GiveUp(std::size_t index)
{
    auto& attempt = m_attempts[index];
    attempt.timer.Cancel();
    attempt.timer = EventId();
    if (attempt.socket)
    {
        attempt.socket->ForgetCallbacks();
        attempt.socket->Close();
        attempt.socket = nullptr;
    }
    if (!attempt.report.isOver)
    {
        Report(index, Outcome::GIVEN_UP, true);
    }
}

void
PeerConnector::Report(std::size_t index, ConnectionAttempt::Outcome outcome, bool isOver)
{
    auto& report = m_attempts[index].report;
    report.outcome = outcome;
    report.isOver = isOver;
    if (!m_attempted.IsNull())
    {
        m_attempted(report);
    }
}

void
PeerConnector::LiftTtl()
{
    for (auto& attempt : m_attempts)
    {
        attempt.synTtl = 0;
        if (attempt.socket)
        {
            attempt.socket->SetSynTtl(0);
        }
    }
}

void
PeerConnector::Stop()
{
    m_stopped = true;
    for (std::size_t n = 0; n < m_attempts.size(); ++n)
    {
        GiveUp(n);
    }
    if (m_listener)
    {
        m_listener->ForgetCallbacks();
        m_listener->Close();
        m_listener = nullptr;
    }
    m_established = EstablishedCallback();
    m_failed = FailedCallback();
    m_attempted = AttemptCallback();
}

} // namespace p2pim
} // namespace ns3
