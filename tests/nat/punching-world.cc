// SPDX-License-Identifier: GPL-2.0-only
#include "punching-world.h"

#include "ns3/double.h"
#include "ns3/host-routing.h"
#include "ns3/ipv4.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/peer-tcp-protocol.h"
#include "ns3/simulator.h"
#include "ns3/tcp-sequence-numbers.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <optional>

namespace p2pim
{
namespace test
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// One way between the routers: with it a round trip is that of GPRS.
constexpr double DELAY = 0.3;
/// When the left host begins; the other listens before.
constexpr double START = 1;

/// Of the left NAT; the right one has the next.
const Ipv4Address FIRST_OUTSIDE("198.18.0.1");

/// Interfaces in the order in which they are made; 0 is the loopback.
constexpr uint32_t INSIDE = 1;
constexpr uint32_t OUTSIDE = 2;

void
SendHello(Ptr<PeerTcpSocket> socket)
{
    socket->Send(Create<Packet>(2), 0);
}

} // namespace

PunchingWorld::PunchingWorld(const std::string& left,
                             const std::string& right,
                             TransportPreset preset)
{
    TcpSequenceNumbers::AssignStreams(1);
    Build(0, preset);
    Build(1, preset);
    LeanStackHelper::Join(m_sides[0].router,
                          m_sides[1].router,
                          Ipv4Address("192.0.2.0"),
                          Seconds(DELAY));
    Mount(0, left);
    Mount(1, right);
}

PunchingWorld::~PunchingWorld()
{
    for (auto& side : m_sides)
    {
        for (const auto& connection : side.connections)
        {
            connection->ForgetCallbacks();
        }
        if (side.connector)
        {
            side.connector->Stop();
        }
    }
    Simulator::Destroy();
}

void
PunchingWorld::Build(std::size_t number, TransportPreset preset)
{
    auto& side = m_sides[number];
    side.host = CreateObject<Node>();
    side.router = CreateObject<Node>();
    LeanStackHelper::Install(side.host);
    LeanStackHelper::Install(side.router, LeanStackHelper::Transports::NONE);
    const Ipv4Address network(number == 0 ? "10.0.0.0" : "10.1.0.0");
    LeanStackHelper::Join(side.router, side.host, network, Time());
    side.inside = Ipv4Address(network.Get() + 2);
    LeanStackHelper::GetRouting(side.host)->SetDefaultRoute(INSIDE, Ipv4Address(network.Get() + 1));
    const auto routing = LeanStackHelper::GetRouting(side.router);
    routing->AddHostRoute(side.inside, INSIDE);
    routing->SetDefaultRoute(OUTSIDE);
    side.host->GetObject<PeerTcpProtocol>()->SetTransportPreset(preset);
}

void
PunchingWorld::Mount(std::size_t number, const std::string& kind)
{
    auto& side = m_sides[number];
    std::optional<NatSettings> settings;
    EXPECT_FALSE(ReadNatSettings(kind, settings)) << kind;
    side.outside = side.inside;
    if (!settings)
    {
        return;
    }
    if (settings->translates)
    {
        side.outside = Ipv4Address(FIRST_OUTSIDE.Get() + static_cast<uint32_t>(number));
        settings->pool = {side.outside};
    }
    side.nat = CreateObject<NatGateway>();
    side.nat->AssignStreams(2);
    side.nat->Mount(side.router, *settings, INSIDE);
}

bool
PunchingWorld::Try(const PunchPlan& plan)
{
    const auto interval =
        CreateObjectWithAttributes<ConstantRandomVariable>("Constant", DoubleValue(1));
    for (std::size_t n = 0; n < 2; ++n)
    {
        auto& side = m_sides[n];
        side.connector = Create<PeerConnector>(side.host, side.inside, interval);
        side.connector->SetCallbacks(MakeCallback(&PunchingWorld::Connected, this).Bind(n),
                                     MakeNullCallback<void, TcpFailure>());
        side.connector->Listen();
    }
    const std::array<bool, 2> connects{plan.leftConnects, plan.rightConnects};
    for (std::size_t n = 0; n < 2; ++n)
    {
        if (connects[n])
        {
            const auto& peer = m_sides[1 - n];
            Simulator::ScheduleWithContext(
                m_sides[n].host->GetId(),
                Seconds(START + std::max(0.0, n == 0 ? -plan.skew : plan.skew)),
                &PeerConnector::Dial,
                m_sides[n].connector,
                InetSocketAddress(peer.outside, peer.connector->GetPort()),
                PeerConnector::Mode::PERSISTENT,
                0);
        }
    }
    Simulator::Stop(Seconds(START + std::abs(plan.skew) + PATIENCE));
    Simulator::Run();
    return m_sides[0].hasHeard && m_sides[1].hasHeard;
}

void
PunchingWorld::Connected(std::size_t side, Ptr<PeerTcpSocket> socket)
{
    m_sides[side].connections.push_back(socket);
    socket->SetRecvCallback(MakeCallback(&PunchingWorld::Heard, this).Bind(side));
    Simulator::ScheduleNow(&SendHello, socket);
}

void
PunchingWorld::Heard(std::size_t side, Ptr<Socket> socket)
{
    const auto packet = socket->Recv();
    if (packet && packet->GetSize() > 0)
    {
        m_sides[side].hasHeard = true;
        m_duration = Simulator::Now().GetSeconds() - START;
    }
}

double
PunchingWorld::GetDuration() const
{
    return m_duration;
}

Ptr<NatGateway>
PunchingWorld::GetNat(std::size_t side) const
{
    return m_sides[side].nat;
}

Ipv4Address
PunchingWorld::GetOutside(std::size_t side) const
{
    return m_sides[side].outside;
}

Ptr<Node>
PunchingWorld::GetHost(std::size_t side) const
{
    return m_sides[side].host;
}

} // namespace test
} // namespace p2pim
