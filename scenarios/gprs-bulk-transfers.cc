// SPDX-License-Identifier: GPL-2.0-only
#include "gprs-bulk-transfers.h"

#include "ns3/callback.h"
#include "ns3/packet.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint16_t PORT = 9000;
/// What a client begins with: whether it uploads, its number, how many octets.
using Request = std::array<uint8_t, 9>;

void
Put32(uint32_t value, uint8_t* to)
{
    for (uint32_t n = 0; n < 4; ++n)
    {
        to[n] = static_cast<uint8_t>(value >> (24 - 8 * n));
    }
}

uint32_t
Get32(const uint8_t* from)
{
    return uint32_t{from[0]} << 24 | uint32_t{from[1]} << 16 | uint32_t{from[2]} << 8 | from[3];
}

} // namespace

/// One end of a connection: sends octets that mean nothing as the socket takes them.
class GprsBulkTransfers::End
{
  public:
    explicit End(Ptr<PeerTcpSocket> socket)
        : m_socket(socket)
    {
        m_socket->SetRecvCallback(MakeCallback(&End::HandleReceive, this));
        m_socket->SetSendCallback(MakeCallback(&End::HandleSpace, this));
        m_socket->SetCloseCallbacks(MakeCallback(&End::HandleClosed, this),
                                    MakeCallback(&End::HandleBroken, this));
    }

    virtual ~End()
    {
        Forget();
    }

    End(const End&) = delete;
    End& operator=(const End&) = delete;

    /// Closes after what was given to Send(), and hears no more.
    void Close()
    {
        if (m_socket)
        {
            m_socket->Close();
            Forget();
        }
    }

  protected:
    /// Sends @p octets more.
    void Send(uint64_t octets)
    {
        m_unsent += octets;
        HandleSpace(m_socket, 0);
    }

    virtual void Received(Ptr<Packet> data) = 0;
    virtual void PeerClosed() = 0;
    virtual void Broken() = 0;

    Ptr<PeerTcpSocket> m_socket; ///< null when it is closed

  private:
    void Forget()
    {
        if (m_socket)
        {
            m_socket->ForgetCallbacks();
            m_socket = nullptr;
        }
    }

    void HandleReceive(Ptr<Socket> socket)
    {
        while (const Ptr<Packet> data = socket->Recv())
        {
            Received(data);
        }
    }

    void HandleSpace(Ptr<Socket> socket, uint32_t /* space */)
    {
        const auto size = std::min<uint64_t>(m_unsent, socket->GetTxAvailable());
        if (size > 0)
        {
            m_unsent -= size; // before Send(), which may call back
            socket->Send(Create<Packet>(static_cast<uint32_t>(size)), 0);
        }
    }

    void HandleClosed(Ptr<Socket> /* socket */)
    {
        PeerClosed();
    }

    void HandleBroken(Ptr<Socket> /* socket */)
    {
        Forget();
        Broken();
    }

    uint64_t m_unsent = 0;
};

/// The end that begins.
class GprsBulkTransfers::Client : public End
{
  public:
    Client(Ptr<PeerTcpSocket> socket,
           const TellFunction& tell,
           uint32_t number,
           uint32_t octets,
           bool upload)
        : End(socket),
          m_tell(tell),
          m_number(number),
          m_octets(octets),
          m_upload(upload)
    {
        m_socket->SetConnectCallback(MakeCallback(&Client::HandleConnected, this),
                                     MakeCallback(&Client::HandleNotConnected, this));
    }

    /// @return whether there is a way to the server.
    bool Connect(const InetSocketAddress& server)
    {
        return m_socket->Connect(server) == 0;
    }

  private:
    void HandleConnected(Ptr<Socket> socket)
    {
        Request request{static_cast<uint8_t>(m_upload ? 1 : 0)};
        Put32(m_number, &request[1]);
        Put32(m_octets, &request[5]);
        socket->Send(Create<Packet>(request.data(), static_cast<uint32_t>(request.size())), 0);
        m_tell(m_number, Event::CONNECTED);
        if (m_upload)
        {
            Send(m_octets);
        }
    }

    void HandleNotConnected(Ptr<Socket> /* socket */)
    {
        const bool refused = m_socket->GetFailure() == TcpFailure::REFUSED;
        m_tell(m_number, refused ? Event::REFUSED : Event::UNANSWERED);
    }

    void Received(Ptr<Packet> data) override
    {
        if (m_received == 0)
        {
            m_tell(m_number, Event::FIRST_DATA);
        }
        m_received += data->GetSize();
        if (m_received == m_octets)
        {
            m_tell(m_number, Event::COMPLETE);
        }
    }

    void PeerClosed() override
    {
    }

    void Broken() override
    {
        m_tell(m_number, Event::BROKEN);
    }

    const TellFunction& m_tell;
    uint32_t m_number;
    uint32_t m_octets;
    bool m_upload;
    uint64_t m_received = 0;
};

/// The end that does what the other one asks.
class GprsBulkTransfers::Server : public End
{
  public:
    Server(Ptr<PeerTcpSocket> socket, const TellFunction& tell)
        : End(socket),
          m_tell(tell)
    {
    }

  private:
    void Received(Ptr<Packet> data) override
    {
        if (m_requestOctets < m_request.size())
        {
            const auto room = static_cast<uint32_t>(m_request.size() - m_requestOctets);
            const uint32_t taken = data->CopyData(&m_request[m_requestOctets], room);
            m_requestOctets += taken;
            data->RemoveAtStart(taken);
            if (m_requestOctets == m_request.size() && m_request[0] == 0)
            {
                Send(Get32(&m_request[5]));
            }
        }
        const uint32_t number = Get32(&m_request[1]);
        if (data->GetSize() > 0)
        {
            if (m_received == 0)
            {
                m_tell(number, Event::FIRST_DATA);
            }
            m_received += data->GetSize();
            if (m_received == Get32(&m_request[5]))
            {
                m_tell(number, Event::COMPLETE);
            }
        }
    }

    void PeerClosed() override
    {
        Close();
    }

    void Broken() override
    {
    }

    const TellFunction& m_tell;
    Request m_request{};
    std::size_t m_requestOctets = 0;
    uint64_t m_received = 0;
};

GprsBulkTransfers::GprsBulkTransfers(Ptr<Node> server, Ipv4Address address, TellFunction tell)
    : m_address(address, PORT),
      m_tell(std::move(tell)),
      m_listener(PeerTcpSocket::Create(server))
{
    m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
    m_listener->Listen();
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&GprsBulkTransfers::Accept, this));
}

GprsBulkTransfers::~GprsBulkTransfers()
{
    m_listener->ForgetCallbacks();
}

void
GprsBulkTransfers::Accept(Ptr<Socket> socket, const Address& /* from */)
{
    m_servers.push_back(std::make_unique<Server>(DynamicCast<PeerTcpSocket>(socket), m_tell));
}

void
GprsBulkTransfers::Start(Ptr<Node> client, uint32_t number, uint32_t octets, bool upload)
{
    auto& made = m_clients[number];
    made = std::make_unique<Client>(PeerTcpSocket::Create(client), m_tell, number, octets, upload);
    if (!made->Connect(m_address))
    {
        m_tell(number, Event::UNANSWERED);
    }
}

void
GprsBulkTransfers::Abandon(uint32_t number)
{
    const auto found = m_clients.find(number);
    if (found != m_clients.end())
    {
        found->second->Close();
    }
}

} // namespace p2pim
} // namespace ns3
