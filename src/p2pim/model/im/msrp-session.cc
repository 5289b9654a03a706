// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/msrp-session.h"

#include "ns3/invitation.h"
#include "ns3/ns3-compatibility.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

MsrpSession::MsrpSession(Ptr<PeerTcpSocket> socket, Settings settings, const Callbacks& callbacks)
    : m_socket(socket),
      m_settings(std::move(settings)),
      m_callbacks(callbacks),
      m_bound(m_settings.binding == Binding::NONE)
{
}

MsrpSession::~MsrpSession() = default;

void
MsrpSession::Start(const std::string& early)
{
    const Ptr<MsrpSession> self(this);
    m_socket->SetRecvCallback(MakeCallback(&MsrpSession::ReceiveOctets, self));
    m_socket->SetCloseCallbacks(MakeCallback(&MsrpSession::PeerClosed, self),
                                MakeCallback(&MsrpSession::ConnectionBroke, self));
    if (m_settings.binding == Binding::INVITED)
    {
        SendRequest("");
    }
    m_parser.Append(early);
    HandleMessages();
}

bool
MsrpSession::IsBound() const
{
    return m_bound;
}

void
MsrpSession::Send(const std::string& text)
{
    SendRequest(text);
}

void
MsrpSession::SendRequest(const std::string& body)
{
    const auto number = std::to_string(m_nextMessage++);
    MsrpSend send;
    send.transactionId = m_settings.sessionId + number;
    send.messageId = m_settings.name + "." + number;
    send.toPath = m_settings.remotePath;
    send.fromPath = m_settings.ownPath;
    send.body = body;
    Write(EncodeMsrp(send));
    m_unanswered.push_back(Simulator::Now());
    if (!IsPending(m_timer))
    {
        m_timer = Simulator::Schedule(m_settings.responseTimeout,
                                      &MsrpSession::ResponseTimer,
                                      Ptr<MsrpSession>(this));
    }
}

void
MsrpSession::Write(const std::string& octets)
{
    m_socket->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(octets.data()),
                                  static_cast<uint32_t>(octets.size())),
                   0);
}

void
MsrpSession::ReceiveOctets(Ptr<Socket> socket)
{
    while (auto packet = socket->Recv())
    {
        if (packet->GetSize() == 0)
        {
            break;
        }
        std::string octets(packet->GetSize(), '\0');
        packet->CopyData(reinterpret_cast<uint8_t*>(octets.data()), packet->GetSize());
        m_parser.Append(octets);
    }
    HandleMessages();
}

void
MsrpSession::HandleMessages()
{
    const Ptr<MsrpSession> alive(this);
    while (const auto message = m_parser.Next())
    {
        std::visit([this](const auto& each) { Handle(each); }, *message);
        if (!m_socket)
        {
            return;
        }
    }
    if (m_parser.GetError() != MsrpParser::Error::NONE)
    {
        End("msrp malformed");
    }
}

void
MsrpSession::Handle(const MsrpSend& send)
{
    // a NAT on the way makes host and port of a path differ (RFC 6714 5)
    const bool isOurs = GetMsrpSessionId(send.toPath) == m_settings.sessionId;
    MsrpResponse response;
    response.transactionId = send.transactionId;
    response.status = isOurs ? 200 : 481; // RFC 4975 10.8: the session does not exist here
    response.toPath = send.fromPath;
    response.fromPath = send.toPath;
    Write(EncodeMsrp(response));
    if (!isOurs)
    {
        return;
    }
    if (m_settings.binding == Binding::INVITES)
    {
        m_settings.remotePath = send.fromPath;
        Bind();
    }
    if (m_socket && !send.body.empty())
    {
        m_callbacks.received(this, send.body);
    }
}

void
MsrpSession::Handle(const MsrpResponse& response)
{
    if (response.status != 200)
    {
        End("msrp " + std::to_string(response.status));
        return;
    }
    if (!m_unanswered.empty())
    {
        m_unanswered.pop_front();
    }
    if (m_settings.binding == Binding::INVITED)
    {
        Bind();
    }
}

void
MsrpSession::Bind()
{
    if (!std::exchange(m_bound, true))
    {
        m_callbacks.bound(this);
    }
}

void
MsrpSession::ResponseTimer()
{
    if (m_unanswered.empty())
    {
        return;
    }
    const auto due = m_unanswered.front() + m_settings.responseTimeout;
    if (due <= Simulator::Now())
    {
        End("msrp timeout");
        return;
    }
    m_timer = Simulator::Schedule(due - Simulator::Now(),
                                  &MsrpSession::ResponseTimer,
                                  Ptr<MsrpSession>(this));
}

void
MsrpSession::PeerClosed(Ptr<Socket>)
{
    End("");
}

void
MsrpSession::ConnectionBroke(Ptr<Socket>)
{
    End("tcp reset");
}

void
MsrpSession::End(const std::string& cause)
{
    const Ptr<MsrpSession> alive(this);
    Close();
    m_callbacks.ended(alive, cause);
}

void
MsrpSession::Close()
{
    m_timer.Cancel();
    m_timer = EventId(); // the event holds the session
    if (m_socket)
    {
        m_socket->ForgetCallbacks();
        m_socket->Close();
        m_socket = nullptr;
    }
}

} // namespace p2pim
} // namespace ns3
