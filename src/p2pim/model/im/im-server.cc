// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/im-server.h"

#include "ns3/abort.h"
#include "ns3/attribute-checkers.h"
#include "ns3/inet-socket-address.h"
#include "ns3/pointer.h"
#include "ns3/string.h"
#include "ns3/tcp-stream.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(ImServer);

/// One client's connection and stream.
class ImServer::Session : public ImServerStreamUser
{
  public:
    Session(ImServer& server, uint64_t id, Ptr<PeerTcpSocket> socket)
        : m_server(server),
          m_stream(*this, server.m_domain, id),
          m_id(id),
          m_connection(
              socket,
              [this](std::string octets) { HandleReceive(std::move(octets)); },
              [this]() { m_server.EndSession(m_id); })
    {
    }

    ImServerStream& GetStream()
    {
        return m_stream;
    }

    uint64_t GetId() const
    {
        return m_id;
    }

    void Close()
    {
        m_connection.Close();
    }

    void Write(const std::string& octets) override
    {
        m_server.m_counters.octetsSent += octets.size();
        m_connection.Write(octets);
    }

    bool Authenticate(const ImCredentials& credentials) override
    {
        return m_server.Authenticate(credentials);
    }

    void OnLoggedIn() override
    {
        m_server.LogIn(*this);
    }

    void OnMessage(const XmlElement& message) override
    {
        m_server.Relay(*this, message);
    }

  private:
    void HandleReceive(std::string octets)
    {
        m_server.m_counters.octetsReceived += octets.size();
        if (octets == " ")
        {
            ++m_server.m_counters.keepAlives;
            return;
        }
        m_server.m_processing.Submit([server = &m_server, id = m_id, octets = std::move(octets)]() {
            server->Process(id, octets);
        });
    }

    ImServer& m_server;
    ImServerStream m_stream;
    uint64_t m_id;
    TcpStream m_connection;
};

TypeId
ImServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::ImServer")
            .SetParent<ChatServer>()
            .SetGroupName("P2pim")
            .AddConstructor<ImServer>()
            .AddAttribute("Port",
                          "The TCP port. Default: xmpp-client (RFC 6120 14.7).",
                          UintegerValue(5222),
                          MakeUintegerAccessor(&ImServer::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("Domain",
                          "The domain of the users' addresses. Default: our choice, under the "
                          "top-level domain that RFC 2606 keeps for examples.",
                          StringValue("p2pim.example"),
                          MakeStringAccessor(&ImServer::m_domain),
                          MakeStringChecker())
            .AddAttribute("ProcessingTime",
                          "Time from the arrival of octets to their processing, s. The server is "
                          "no bottleneck: arrivals are processed side by side, but keep their "
                          "order. Default: our choice, small beside the radio's delays, and that "
                          "of SipProxyServer.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0.002]"),
                          MakePointerAccessor(&ImServer::m_processingTime),
                          MakeRandomChecker(0));
    return tid;
}

ImServer::ImServer() = default;
ImServer::~ImServer() = default;

void
ImServer::AddUser(const std::string& msisdn, const std::string& password)
{
    m_passwords[msisdn] = password;
}

int64_t
ImServer::AssignStreams(int64_t first)
{
    m_processingTime->SetStream(first);
    return 1;
}

void
ImServer::DoInitialize()
{
    ChatServer::DoInitialize();
    m_processing.SetTime(m_processingTime);
    m_listener = PeerTcpSocket::Create(GetNode());
    const bool free = m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_port)) == 0;
    NS_ABORT_MSG_UNLESS(free && m_listener->Listen() == 0,
                        "ImServer: TCP port " << m_port << " is taken");
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&ImServer::HandleAccept, this));
}

void
ImServer::DoDispose()
{
    if (m_listener)
    {
        m_listener->ForgetCallbacks();
        m_listener = nullptr;
    }
    m_sessions.clear();
    m_processingTime = nullptr;
    ChatServer::DoDispose();
}

void
ImServer::HandleAccept(Ptr<Socket> socket, const Address& /* from */)
{
    ++m_counters.connections;
    const uint64_t id = ++m_lastSession;
    m_sessions.emplace(id,
                       std::make_unique<Session>(*this, id, DynamicCast<PeerTcpSocket>(socket)));
}

void
ImServer::Process(uint64_t session, const std::string& octets)
{
    const auto found = m_sessions.find(session);
    if (found == m_sessions.end())
    {
        return;
    }
    ImServerStream& stream = found->second->GetStream();
    stream.Receive(octets);
    if (stream.IsClosed())
    {
        EndSession(session);
    }
}

bool
ImServer::Authenticate(const ImCredentials& credentials)
{
    const auto found = m_passwords.find(credentials.user);
    const bool good = found != m_passwords.end() && found->second == credentials.password;
    ++(good ? m_counters.logIns : m_counters.refused);
    return good;
}

void
ImServer::LogIn(Session& session)
{
    uint64_t& current = m_loggedIn[session.GetStream().GetUserName()];
    const uint64_t former = current;
    current = session.GetId();
    if (former != 0)
    {
        EndSession(former);
    }
}

void
ImServer::Relay(Session& sender, const XmlElement& message)
{
    const auto found = m_loggedIn.find(std::string(GetLocalPart(message.GetAttribute("to"))));
    if (found == m_loggedIn.end())
    {
        ++m_counters.undeliverable;
        sender.GetStream().RejectMessage(message);
        return;
    }
    ++m_counters.relayed;
    m_sessions.at(found->second)->GetStream().Deliver(sender.GetStream().GetAddress(), message);
}

void
ImServer::EndSession(uint64_t session)
{
    const auto found = m_sessions.find(session);
    const auto user = m_loggedIn.find(found->second->GetStream().GetUserName());
    if (user != m_loggedIn.end() && user->second == session)
    {
        m_loggedIn.erase(user);
    }
    found->second->Close();
    m_sessions.erase(found);
}

CounterList
ImServer::GetCounters() const
{
    return {
        {"im_connections", m_counters.connections},
        {"im_log_ins", m_counters.logIns},
        {"im_log_ins_refused", m_counters.refused},
        {"im_relayed", m_counters.relayed},
        {"im_undeliverable", m_counters.undeliverable},
        {"im_octets_received", m_counters.octetsReceived},
        {"im_octets_sent", m_counters.octetsSent},
        {"im_keep_alives", m_counters.keepAlives},
    };
}

} // namespace p2pim
} // namespace ns3
