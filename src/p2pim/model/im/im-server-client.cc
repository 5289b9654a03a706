// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/im-server-client.h"

#include "ns3/log.h"
#include "ns3/packet-bearer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("ImServerClient");
NS_OBJECT_ENSURE_REGISTERED(ImServerClient);

TypeId
ImServerClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::ImServerClient")
            .SetParent<ImServerBasedClient>()
            .SetGroupName("P2pim")
            .AddConstructor<ImServerClient>()
            .AddAttribute("Domain",
                          "The domain of the users' addresses. Default: our choice, under the "
                          "top-level domain that RFC 2606 keeps for examples.",
                          StringValue("p2pim.example"),
                          MakeStringAccessor(&ImServerClient::m_domain),
                          MakeStringChecker())
            .AddAttribute("Password",
                          "The password to log in with. Default: our choice; the octets count, "
                          "not the secret.",
                          StringValue("password"),
                          MakeStringAccessor(&ImServerClient::m_password),
                          MakeStringChecker())
            .AddAttribute("KeepAliveInterval",
                          "Time without anything sent after which a whitespace keep-alive is "
                          "(RFC 6120 4.6.1); 0 for none. Default: our choice, ten minutes, which "
                          "is within the idle timers of most cellular NATs (more than 30 min; "
                          "a few 5 to 10 min: Wang et al., SIGCOMM 2011).",
                          TimeValue(Minutes(10)),
                          MakeTimeAccessor(&ImServerClient::m_keepAliveInterval),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

ImServerClient::ImServerClient() = default;
ImServerClient::~ImServerClient() = default;

void
ImServerClient::DoDispose()
{
    m_keepAlive.Cancel();
    m_stream.reset();
    m_connection.reset();
    if (m_socket)
    {
        m_socket->ForgetCallbacks();
        m_socket = nullptr;
    }
    ImServerBasedClient::DoDispose();
}

void
ImServerClient::StopApplication()
{
    if (m_stream)
    {
        m_stream->Close();
    }
    Release();
    EndAllChats("");
}

CounterList
ImServerClient::GetCounters() const
{
    return {
        {"im_octets_sent", m_octetsSent},
        {"im_octets_received", m_octetsReceived},
        {"im_keep_alives", m_keepAlivesSent},
    };
}

// --- the way to the server ---

bool
ImServerClient::IsServiceUp() const
{
    const Ptr<PacketBearer> bearer = GetBearer();
    return m_loggedIn && bearer->IsUp() && bearer->GetAddress() == m_address;
}

void
ImServerClient::StartService()
{
    if (IsServiceUp())
    {
        PassStep(SessionStep::CONNECTED);
        PassStep(SessionStep::LOGGED_IN);
        FinishService();
        return;
    }
    Release();
    m_address = GetBearer()->GetAddress();
    m_socket = PeerTcpSocket::Create(GetNode());
    m_socket->SetConnectCallback(MakeCallback(&ImServerClient::HandleConnected, this),
                                 MakeCallback(&ImServerClient::HandleNotConnected, this));
    if (m_socket->Connect(GetServer()) != 0)
    {
        Release();
        FailService(im_server_cause::CONNECTION_LOST);
    }
}

void
ImServerClient::HandleConnected(Ptr<Socket> /* socket */)
{
    m_connection = std::make_unique<TcpStream>(
        m_socket,
        [this](const std::string& octets) { HandleReceive(octets); },
        [this]() { Disconnect(im_server_cause::CONNECTION_LOST); });
    m_socket = nullptr;
    ImClientStreamUser& user = *this;
    m_stream =
        std::make_unique<ImClientStream>(user, m_domain, ImCredentials{GetMsisdn(), m_password});
    PassStep(SessionStep::CONNECTED);
    m_stream->Start();
}

void
ImServerClient::HandleNotConnected(Ptr<Socket> /* socket */)
{
    const bool refused = m_socket->GetFailure() == TcpFailure::REFUSED;
    Release();
    FailService(refused ? im_server_cause::REFUSED : im_server_cause::TIMED_OUT);
}

void
ImServerClient::HandleReceive(const std::string& octets)
{
    m_octetsReceived += octets.size();
    const auto stream = m_stream; // what the user does may let go of it
    stream->Receive(octets);
    if (stream == m_stream && stream->IsClosed())
    {
        Disconnect(m_loggedIn ? im_server_cause::CONNECTION_LOST : im_server_cause::NOT_AUTHORIZED);
    }
}

void
ImServerClient::Disconnect(const std::string& cause)
{
    Release();
    FailService(cause);
    EndAllChats(cause);
}

void
ImServerClient::Release()
{
    m_keepAlive.Cancel();
    m_loggedIn = false;
    m_stream.reset();
    if (m_connection)
    {
        m_connection->Close();
        m_connection.reset();
    }
    if (m_socket)
    {
        m_socket->ForgetCallbacks();
        m_socket->Close();
        m_socket = nullptr;
    }
}

// --- the user's side ---

void
ImServerClient::Send(const Msisdn& peer, const std::string& text)
{
    if (!HasChat(peer) || !m_loggedIn)
    {
        NS_LOG_WARN("no chat with " << peer << " to send in");
        return;
    }
    m_stream->SendMessage(peer, text);
}

void
ImServerClient::Close(const Msisdn& peer)
{
    EndChat(peer, "");
}

// --- the stream's side ---

void
ImServerClient::Write(const std::string& octets)
{
    m_octetsSent += octets.size();
    m_lastWrite = Simulator::Now();
    m_connection->Write(octets);
}

void
ImServerClient::OnLoggedIn()
{
    m_loggedIn = true;
    if (m_keepAliveInterval.IsStrictlyPositive())
    {
        m_keepAlive =
            Simulator::Schedule(m_keepAliveInterval, &ImServerClient::HandleKeepAlive, this);
    }
    PassStep(SessionStep::LOGGED_IN);
    FinishService();
}

void
ImServerClient::OnMessage(const std::string& from, const std::string& body)
{
    AcceptChat(from);
    NotifyReceived(from, body);
}

void
ImServerClient::OnUndeliverable(const std::string& to)
{
    EndChat(to, im_server_cause::UNAVAILABLE);
}

void
ImServerClient::HandleKeepAlive()
{
    if (Simulator::Now() - m_lastWrite >= m_keepAliveInterval)
    {
        ++m_keepAlivesSent;
        Write(" ");
    }
    m_keepAlive = Simulator::Schedule(m_lastWrite + m_keepAliveInterval - Simulator::Now(),
                                      &ImServerClient::HandleKeepAlive,
                                      this);
}

} // namespace p2pim
} // namespace ns3
