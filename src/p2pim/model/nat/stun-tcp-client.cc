// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/stun-tcp-client.h"

#include "ns3/boolean.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(StunTcpClient);

TypeId
StunTcpClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::StunTcpClient")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<StunTcpClient>()
            .AddAttribute("DiscoverMapping",
                          "Whether to find out how the NAT maps the port (RFC 5780 4.3), which "
                          "takes one more connection if the mapping is endpoint-independent, else "
                          "two.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&StunTcpClient::m_discoverMapping),
                          MakeBooleanChecker())
            .AddAttribute("Hold",
                          "Whether the connection to the server's first address is held open, so "
                          "that the NAT keeps the mapping.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&StunTcpClient::m_hold),
                          MakeBooleanChecker())
            .AddAttribute("Timeout",
                          "Ti: time from the SYN after which a request without an answer has "
                          "failed (RFC 8489 6.2.2).",
                          TimeValue(Seconds(39.5)),
                          MakeTimeAccessor(&StunTcpClient::m_timeout),
                          MakeTimeChecker(MilliSeconds(100)))
            .AddAttribute(
                "KeepAliveInterval",
                "Time between the Binding indications on the connection that is held, 1 s "
                "at least; 0 for none. Default: own choice; RFC 5382 5 has NATs keep an idle "
                "connection for 2 h 4 min.",
                TimeValue(Seconds(0)),
                MakeTimeAccessor(&StunTcpClient::m_keepAliveInterval),
                MakeTimeChecker(Seconds(0)));
    return tid;
}

StunTcpClient::StunTcpClient() = default;
StunTcpClient::~StunTcpClient() = default;

StunTcpClient::Connection::~Connection()
{
    stream = nullptr;
    socket->ForgetCallbacks();
}

void
StunTcpClient::End(std::unique_ptr<Connection>& connection)
{
    if (connection)
    {
        connection->socket->ForgetCallbacks();
        connection->socket->Close();
        connection = nullptr;
    }
}

void
StunTcpClient::DoDispose()
{
    m_timer.Cancel();
    m_asking = nullptr;
    m_held = nullptr;
    m_done = nullptr;
    m_node = nullptr;
    Object::DoDispose();
}

void
StunTcpClient::Start(Ptr<Node> node,
                     uint16_t localPort,
                     const InetSocketAddress& server,
                     DoneFunction done)
{
    Release();
    m_node = node;
    m_localPort = localPort;
    m_done = std::move(done);
    if (!m_ids)
    {
        m_ids = std::make_unique<StunTransactionIds>("tcp " + std::to_string(node->GetId()) + " " +
                                                     std::to_string(localPort));
    }
    m_discovery =
        std::make_unique<StunDiscovery>(server, StunDiscovery::Aims{m_discoverMapping, false});
    Ask();
}

bool
StunTcpClient::IsHolding() const
{
    return m_held != nullptr;
}

void
StunTcpClient::Release()
{
    m_timer.Cancel();
    End(m_asking);
    End(m_held);
    m_done = nullptr;
}

void
StunTcpClient::Ask()
{
    End(m_asking);
    m_timer.Cancel();
    const auto question = m_discovery->GetQuestion();
    if (!question)
    {
        Finish();
        return;
    }
    m_asking = std::make_unique<Connection>();
    m_asking->socket = PeerTcpSocket::Create(m_node);
    m_asking->socket->SetConnectCallback(MakeCallback(&StunTcpClient::HandleConnected, this),
                                         MakeCallback(&StunTcpClient::HandleFailed, this));
    m_timer = Simulator::Schedule(m_timeout, &StunTcpClient::Fail, this);
    const auto& socket = m_asking->socket;
    const int error =
        m_localPort == 0
            ? socket->Connect(question->server)
            : socket->ConnectFrom(Ipv4Address::GetAny(), m_localPort, question->server);
    if (error != 0)
    {
        m_timer.Cancel();
        m_timer = Simulator::ScheduleNow(&StunTcpClient::Fail, this);
    }
}

void
StunTcpClient::HandleConnected(Ptr<Socket> /* socket */)
{
    m_asking->stream = std::make_unique<TcpStream>(
        m_asking->socket,
        [this](const std::string& octets) { HandleOctets(octets); },
        [this]() { Fail(); });
    StunMessage request;
    request.transactionId = m_asking->id = m_ids->Make();
    Send(request, *m_asking->stream);
}

void
StunTcpClient::HandleFailed(Ptr<Socket> /* socket */)
{
    Fail();
}

void
StunTcpClient::HandleOctets(const std::string& octets)
{
    m_asking->messages.Append(octets);
    while (const auto message = m_asking->messages.Next())
    {
        StunMessage answer;
        const bool isAnswer = DecodeStun(*message, answer) == StunError::NONE &&
                              answer.messageClass >= StunClass::SUCCESS &&
                              answer.transactionId == m_asking->id;
        if (!isAnswer)
        {
            continue;
        }
        Address own;
        m_asking->socket->GetSockName(own);
        m_discovery->Answered(InetSocketAddress::ConvertFrom(own), answer);
        if (m_hold && !m_held && m_discovery->GetFindings().reflexive)
        {
            Hold();
        }
        Ask();
        return;
    }
    if (m_asking->messages.IsBroken())
    {
        Fail();
    }
}

void
StunTcpClient::Fail()
{
    m_discovery->Unanswered();
    Ask();
}

void
StunTcpClient::Finish()
{
    if (m_held && m_keepAliveInterval.IsStrictlyPositive())
    {
        m_timer = Simulator::Schedule(m_keepAliveInterval, &StunTcpClient::KeepAlive, this);
    }
    const DoneFunction done = std::exchange(m_done, nullptr);
    done(m_discovery->GetFindings()); // may destroy this object
}

void
StunTcpClient::Hold()
{
    m_held = std::move(m_asking);
    m_held->stream = nullptr; // forgets the callbacks, so before the next one sets its own
    m_held->stream = std::make_unique<TcpStream>(
        m_held->socket,
        [](const std::string&) {},
        [this]() { End(m_held); });
}

void
StunTcpClient::KeepAlive()
{
    if (m_held)
    {
        StunMessage indication;
        indication.messageClass = StunClass::INDICATION;
        indication.transactionId = m_ids->Make();
        Send(indication, *m_held->stream);
        m_timer = Simulator::Schedule(m_keepAliveInterval, &StunTcpClient::KeepAlive, this);
    }
}

void
StunTcpClient::Send(const StunMessage& message, TcpStream& stream)
{
    const Octets octets = EncodeStun(message);
    stream.Write({octets.begin(), octets.end()});
}

} // namespace p2pim
} // namespace ns3
