// SPDX-License-Identifier: GPL-2.0-only
#include "floor.h"

#include "access-line.h"
#include "process-usage.h"

#include "ns3/global-value.h"
#include "ns3/host-routing.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/point-to-point-channel.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/queue.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/string.h"
#include "ns3/tcp-socket-factory.h"

#include <array>
#include <memory>
#include <vector>

namespace p2pim
{
namespace bench
{

using namespace ns3;
using ns3::p2pim::LeanStackHelper;

namespace
{

constexpr uint32_t MESSAGES = 10;     ///< of one session
constexpr uint32_t MESSAGE_SIZE = 64; ///< in octets
constexpr uint16_t PORT = 5060;       ///< of the phone that is called
constexpr uint32_t FORWARDERS = 5;    ///< BSS, SGSN, GGSN, SGSN, BSS

/// One session: phone A connects to phone B, they take turns, B closes after the last message.
class FloorSession
{
  public:
    FloorSession(Ptr<Node> caller, Ptr<Node> called, Ipv4Address calledAddress)
        : m_caller(caller),
          m_called(called),
          m_calledAddress(calledAddress)
    {
    }

    ~FloorSession()
    {
        Release();
    }

    FloorSession(const FloorSession&) = delete;
    FloorSession& operator=(const FloorSession&) = delete;

    void Start()
    {
        m_listener = Socket::CreateSocket(m_called, TcpSocketFactory::GetTypeId());
        m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
        m_listener->Listen();
        m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                      MakeCallback(&FloorSession::HandleAccepted, this));
        m_active = Socket::CreateSocket(m_caller, TcpSocketFactory::GetTypeId());
        m_active->SetConnectCallback(MakeCallback(&FloorSession::SendMessage, this),
                                     MakeNullCallback<void, Ptr<Socket>>());
        Watch(m_active);
        m_active->Connect(InetSocketAddress(m_calledAddress, PORT));
    }

    /// @return whether all messages have arrived and both ends have closed.
    bool IsComplete() const
    {
        return m_received == MESSAGES * MESSAGE_SIZE && m_closed == 2;
    }

  private:
    /// Lets go of the sockets; one may live on in TIME-WAIT.
    void Release()
    {
        for (Ptr<Socket>* socket : {&m_listener, &m_active, &m_passive})
        {
            Forget(*socket);
            *socket = nullptr;
        }
    }

    /// Takes this session's callbacks off a socket.
    static void Forget(const Ptr<Socket>& socket)
    {
        if (socket)
        {
            const auto none = MakeNullCallback<void, Ptr<Socket>>();
            socket->SetConnectCallback(none, none);
            socket->SetCloseCallbacks(none, none);
            socket->SetRecvCallback(none);
            socket->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                      MakeNullCallback<void, Ptr<Socket>, const Address&>());
        }
    }

    void Watch(const Ptr<Socket>& socket)
    {
        socket->SetRecvCallback(MakeCallback(&FloorSession::HandleReceived, this));
        socket->SetCloseCallbacks(MakeCallback(&FloorSession::HandleClosed, this),
                                  MakeNullCallback<void, Ptr<Socket>>());
    }

    void SendMessage(Ptr<Socket> socket)
    {
        socket->Send(Create<Packet>(MESSAGE_SIZE));
    }

    void HandleAccepted(Ptr<Socket> socket, const Address& from [[maybe_unused]])
    {
        m_passive = socket;
        Watch(socket);
        m_listener->Close();
    }

    void HandleReceived(Ptr<Socket> socket)
    {
        while (const Ptr<Packet> packet = socket->Recv())
        {
            if (packet->GetSize() == 0)
            {
                return;
            }
            m_received += packet->GetSize();
        }
        if (m_received < MESSAGES * MESSAGE_SIZE)
        {
            SendMessage(socket);
        }
        else
        {
            socket->Close();
        }
    }

    void HandleClosed(Ptr<Socket> socket)
    {
        ++m_closed;
        socket->Close();
        if (m_closed == 2)
        {
            Release();
        }
    }

    Ptr<Node> m_caller;
    Ptr<Node> m_called;
    Ipv4Address m_calledAddress;
    Ptr<Socket> m_listener;
    Ptr<Socket> m_active;
    Ptr<Socket> m_passive;
    uint32_t m_received{0}; ///< octets, both directions
    uint32_t m_closed{0};   ///< ends that have closed
};

/// The network of the floor.
class FloorNetwork
{
  public:
    FloorNetwork()
    {
        for (Ptr<Node>& node : m_forwarders)
        {
            node = CreateObject<Node>();
            LeanStackHelper::Install(node, LeanStackHelper::Transports::NONE);
        }
        m_stations = {AddStation(m_forwarders.front(), "10.0.0.1", "10.0.0.2"),
                      AddStation(m_forwarders.back(), "10.128.0.1", "10.128.0.2")};
        for (uint32_t i = 0; i + 1 < FORWARDERS; ++i)
        {
            Link(m_forwarders[i], m_forwarders[i + 1], 0xac100000U + 4 * i);
        }
    }

    /// @return a new phone of station @p side, 0 or 1, and its address.
    std::pair<Ptr<Node>, Ipv4Address> AddPhone(uint32_t side)
    {
        const Ptr<Node> phone = CreateObject<Node>();
        LeanStackHelper::Install(phone, LeanStackHelper::Transports::TCP_ONLY);
        const Ptr<PhoneLine> line = m_stations[side]->AddPhone();
        phone->AddDevice(line);
        const Ipv4Address address = line->GetPhoneAddress();
        LeanStackHelper::GetRouting(phone)->SetDefaultRoute(
            LeanStackHelper::AddInterface(phone, line, address));
        return {phone, address};
    }

  private:
    static constexpr const char* SIDE_MASK = "255.128.0.0";

    /// Adds the access device of a base station, whose phones' addresses start at @p first.
    static Ptr<AccessLine> AddStation(Ptr<Node> node, Ipv4Address own, Ipv4Address first)
    {
        const Ptr<AccessLine> line = CreateObject<AccessLine>(first);
        node->AddDevice(line);
        const uint32_t interface = LeanStackHelper::AddInterface(node, line, own);
        LeanStackHelper::GetRouting(node)->AddNetworkRoute(own, SIDE_MASK, interface);
        return line;
    }

    /// Links two forwarders of the chain by ns-3's point-to-point device.
    static void Link(Ptr<Node> left, Ptr<Node> right, uint32_t network)
    {
        const Ptr<PointToPointChannel> channel = CreateObject<PointToPointChannel>();
        channel->SetAttribute("Delay", StringValue("5ms"));
        const Ipv4Address leftAddress(network + 1);
        const Ipv4Address rightAddress(network + 2);
        const uint32_t toRight = AddEnd(left, channel, leftAddress);
        const uint32_t toLeft = AddEnd(right, channel, rightAddress);
        LeanStackHelper::GetRouting(left)->AddNetworkRoute("10.128.0.0",
                                                           SIDE_MASK,
                                                           toRight,
                                                           rightAddress);
        LeanStackHelper::GetRouting(right)->AddNetworkRoute("10.0.0.0",
                                                            SIDE_MASK,
                                                            toLeft,
                                                            leftAddress);
    }

    /// Adds one end of a link to @p node; @return its interface.
    static uint32_t AddEnd(Ptr<Node> node, Ptr<PointToPointChannel> channel, Ipv4Address address)
    {
        const Ptr<PointToPointNetDevice> device = CreateObject<PointToPointNetDevice>();
        device->SetAttribute("DataRate", StringValue("2048kbps"));
        ObjectFactory queue("ns3::DropTailQueue<Packet>");
        device->SetQueue(queue.Create<Queue<Packet>>());
        device->Attach(channel);
        node->AddDevice(device);
        return LeanStackHelper::AddInterface(node, device, address, "255.255.255.252");
    }

    std::array<Ptr<Node>, FORWARDERS> m_forwarders;
    std::array<Ptr<AccessLine>, 2> m_stations;
};

/// Builds, runs and counts; everything of it but the simulator's own is gone afterwards.
void
Simulate(BenchResult& result)
{
    const double start = GetCpuSeconds();
    const double rss = GetRssKilobytes();
    FloorNetwork network;
    std::vector<std::unique_ptr<FloorSession>> sessions;
    for (uint32_t i = 0; i < result.sessions; ++i)
    {
        const auto [caller, callerAddress] = network.AddPhone(0);
        const auto [called, calledAddress] = network.AddPhone(1);
        sessions.push_back(std::make_unique<FloorSession>(caller, called, calledAddress));
        Simulator::ScheduleWithContext(caller->GetId(),
                                       Seconds(1 + i),
                                       &FloorSession::Start,
                                       sessions.back().get());
    }
    const double built = GetCpuSeconds();
    Simulator::Run();
    result.buildSeconds = built - start;
    result.runSeconds = GetCpuSeconds() - built;
    result.events = Simulator::GetEventCount();
    result.rssKilobytes = GetRssKilobytes() - rss;
    for (const auto& session : sessions)
    {
        result.completed += session->IsComplete() ? 1 : 0;
    }
}

} // namespace

BenchResult
RunFloor(uint32_t sessions)
{
    BenchResult result;
    result.name = "floor";
    result.sessions = sessions;
    GlobalValue::Bind("SchedulerType", StringValue("ns3::PriorityQueueScheduler"));
    const double start = GetCpuSeconds();
    Simulate(result);
    Simulator::Destroy();
    result.cpuSeconds = GetCpuSeconds() - start;
    return result;
}

} // namespace bench
} // namespace p2pim
