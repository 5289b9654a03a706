// SPDX-License-Identifier: GPL-2.0-only
// Phones behind NATs of the carrier, at home, and in an enterprise.
#include "access-world.h"

#include "ns3/enum.h"
#include "ns3/ggsn.h"
#include "ns3/im-helper.h"
#include "ns3/string.h"

#include <set>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint16_t PORT = 5000; ///< of the phones

/// Where a kind is, and what stands there.
struct Place
{
    const char* place;
    const char* chain;
    const char* letsIn; ///< Y: the server from another port, another host
};

void
PrintTo(const Place& place, std::ostream* out)
{
    *out << place.place << " " << place.chain;
}

class AccessPlaces : public AccessWorld, public testing::WithParamInterface<Place>
{
};

using AccessNetworkTest = AccessWorld;

} // namespace

// who may send to a mapping (RFC 4787 5): all (EIF), the address that was sent to (ADF), the
// endpoint (APDF); without a NAT all, and a stateful firewall is APDF; of two in a row the narrower
// one counts
TEST_P(AccessPlaces, PassesAndFiltersAsItsKindSays)
{
    Build({{{"kind", GetParam().place, GetParam().chain}}});
    const auto phone = AddPhone(0);
    auto& listener = Listen(phone, PORT);
    const auto seen = GetSeen(phone, PORT); // a connection out
    std::string letsIn;
    for (const auto& host : {m_server, m_other})
    {
        const auto before = listener.connected;
        Dial(host, 999, seen);
        letsIn += listener.connected > before ? 'Y' : '-';
    }
    EXPECT_EQ(letsIn, GetParam().letsIn);
}

const Place g_places[] = {
    {"carrier", "none", "YY"},
    {"carrier", "firewall", "--"},
    {"carrier", "rfc", "YY"},
    {"carrier", "rfc tcp-filtering=adf", "Y-"},
    {"carrier", "port-restricted", "--"},
    {"carrier", "rfc / carrier-grade", "YY"},
    {"carrier", "rfc tcp-filtering=adf / rfc", "Y-"},
    {"home", "none", "YY"},
    {"home", "firewall", "--"},
    {"home", "rfc", "YY"},
    {"home", "rfc tcp-filtering=adf", "Y-"},
    {"home", "home-router", "--"},
    {"home", "rfc / carrier-grade", "YY"},
    {"home", "none / rfc tcp-filtering=adf", "Y-"},
    {"home", "firewall / rfc", "--"},
    {"home", "rfc / firewall", "--"},
    {"home", "rfc / rfc / rfc tcp-filtering=adf", "Y-"},
    {"enterprise", "none", "YY"},
    {"enterprise", "firewall", "--"},
    {"enterprise", "rfc", "YY"},
    {"enterprise", "rfc tcp-filtering=adf", "Y-"},
    {"enterprise", "symmetric", "--"},
    {"enterprise", "rfc / rfc", "YY"},
};

INSTANTIATE_TEST_SUITE_P(All, AccessPlaces, testing::ValuesIn(g_places));

// RFC 1918 3: homes have the same addresses inside; RFC 6598: what they share outside tells them
// apart by its ports only
TEST_F(AccessNetworkTest, Nat444WithTheSameAddressesInTwoHomes)
{
    Build({{{"nat444", "home", "home-router / carrier-grade"}}});
    const auto a = AddPhone(0, 7);
    const auto b = AddPhone(0, 8);
    const auto c = AddPhone(0, 8);
    EXPECT_EQ(a.address, Ipv4Address("192.168.1.2"));
    EXPECT_EQ(b.address, a.address);
    EXPECT_EQ(c.address, Ipv4Address("192.168.1.3"));
    const auto seenA = GetSeen(a, PORT);
    const auto seenB = GetSeen(b, PORT);
    EXPECT_EQ(seenA.GetIpv4(), seenB.GetIpv4());
    EXPECT_NE(seenA.GetPort(), seenB.GetPort());
    // the neighbour at home answers, not who has the address in another home
    auto& listenerA = Listen(a, 6000);
    auto& listenerB = Listen(b, 6000);
    EXPECT_EQ(Dial(c, PORT, a.At(6000)).connected, 1U);
    EXPECT_EQ(listenerA.connected, 0U);
    EXPECT_EQ(listenerB.connected, 1U);
    // each home's router and the carrier's NAT have one mapping for each of the two phones
    EXPECT_EQ(Get("nat-nat444-1", "mappings_made"), 2);
    EXPECT_EQ(Get("nat-nat444-2", "mappings_made"), 2);
    const auto network = m_operators->GetNetworks()[0];
    EXPECT_EQ(network->GetNatGateways().size(), 3U); // the carrier's and two at home
}

TEST_F(AccessNetworkTest, PhonesOfOneHomeMeetOnTheLan)
{
    Config::SetDefault("ns3::p2pim::AccessNetwork::LanDelay", TimeValue(MilliSeconds(3)));
    Config::SetDefault("ns3::p2pim::AccessNetwork::LineDelay", TimeValue(Seconds(1)));
    Build({{{"home", "home", "home-router"}}});
    const auto a = AddPhone(0);
    const auto b = AddPhone(0);
    auto& listener = Listen(a, 6000);
    const auto start = Simulator::Now();
    const auto& dialler = Dial(b, PORT, a.At(6000));
    EXPECT_EQ(listener.connected, 1U);
    EXPECT_EQ(dialler.connectedAt - start, MilliSeconds(6)); // SYN and SYN-ACK
    EXPECT_EQ(Get("nat-home-1", "packets_in") + Get("nat-home-1", "packets_out"), 0);
}

// the way of a SYN and its answer: LAN, line, and the links to the router of the Internet and to
// the server; those have 2048 kbit/s, and a SYN or SYN-ACK at most 80 octets
TEST_F(AccessNetworkTest, DelaysAddUp)
{
    Build({{{"home", "home", "home-router"}}});
    const auto phone = AddPhone(0);
    Listen(m_server, 80);
    const auto start = Simulator::Now();
    const double milliseconds =
        (Dial(phone, PORT, m_server.At(80)).connectedAt - start).GetSeconds() * 1000;
    const double ways = 2 * (2 + 10 + 5 + 20);
    EXPECT_GT(milliseconds, ways);
    EXPECT_LT(milliseconds, ways + 4 * 80 * 8 / 2048.0);
}

// RFC 4787 REQ-9, RFC 6888: two homes of one carrier's NAT
TEST_F(AccessNetworkTest, HomesOfOneCarrierMeetInItsNatIfItHairpins)
{
    for (const bool hairpins : {true, false})
    {
        const std::string carrier = hairpins ? "carrier-grade" : "carrier-grade hairpinning=no";
        Build({{{"home", "home", "rfc / " + carrier}}});
        const auto a = AddPhone(0, 1);
        const auto b = AddPhone(0, 2);
        auto& listener = Listen(a, PORT);
        const auto seen = GetSeen(a, PORT);
        EXPECT_EQ(Dial(b, PORT, seen).connected, hairpins ? 1U : 0U);
        EXPECT_EQ(listener.connected, hairpins ? 1U : 0U);
        TearDown();
        SetUp();
    }
}

TEST_F(AccessNetworkTest, KindsOfOneOperatorDifferInWhatTheyFilter)
{
    Build({{{"eif", "carrier", "rfc"},
            {"apdf", "carrier", "port-restricted"},
            {"public", "carrier", "none"},
            {"home-eif", "home", "rfc"},
            {"office", "enterprise", "port-restricted"}}});
    const std::vector<bool> letsIn{true, false, true, true, false};
    std::set<Ipv4Address> outside;
    std::set<Ipv4Address> inside;
    for (std::size_t kind = 0; kind < letsIn.size(); ++kind)
    {
        const auto phone = AddPhone(kind);
        auto& listener = Listen(phone, PORT);
        const auto seen = GetSeen(phone, PORT);
        outside.insert(seen.GetIpv4());
        inside.insert(phone.address);
        Dial(m_other, static_cast<uint16_t>(900 + kind), seen);
        EXPECT_EQ(listener.connected, letsIn[kind] ? 1U : 0U) << kind;
    }
    EXPECT_EQ(outside.size(), letsIn.size());
    EXPECT_EQ(inside.size(), letsIn.size());
    EXPECT_EQ(inside.count(Ipv4Address("192.168.1.2")), 1U);
    // a phone without a kind is where all phones are without a population
    EXPECT_TRUE(m_operators->GetNetworks()[0]->GetGateways()->GetGateways().empty());
}

TEST_F(AccessNetworkTest, EachOperatorHasItsOwnPopulation)
{
    Build({{{"a", "carrier", "rfc"}}, {{"b", "carrier", "port-restricted"}, {"c", "home", "rfc"}}});
    const auto& networks = m_operators->GetNetworks();
    EXPECT_EQ(networks[0]->GetAccessKinds().size(), 1U);
    ASSERT_EQ(networks[1]->GetAccessKinds().size(), 2U);
    EXPECT_EQ(networks[1]->GetAccessKinds()[1].name, "c");
    const auto first = AddPhone(0, 0, 1);
    const auto second = AddPhone(0, 0, 2);
    const auto third = AddPhone(1, 0, 2);
    std::set<Ipv4Address> outside;
    for (const auto& phone : {first, second, third})
    {
        outside.insert(GetSeen(phone, PORT).GetIpv4());
    }
    EXPECT_EQ(outside.size(), 3U);
    EXPECT_EQ(Get("operator-1/nat-a-1", "mappings_made"), 1);
    EXPECT_EQ(Get("operator-2/nat-b-1", "mappings_made"), 1);
    EXPECT_EQ(Get("operator-2/nat-c-1", "mappings_made"), 1);
}

// packets between stations: straight from tunnel to tunnel, out over the Gi of the sender's access
// point, or nowhere. There a private address leads nowhere, a public one back in
TEST_F(AccessNetworkTest, MsToMsPolicyHoldsBetweenKinds)
{
    const std::vector<std::pair<std::string, std::string>> policies{{"Allowed", "YY"},
                                                                    {"Hairpinned", "-Y"},
                                                                    {"Barred", "--"}};
    for (const auto& [policy, reached] : policies)
    {
        Config::SetDefault("ns3::p2pim::Ggsn::MsToMs", StringValue(policy));
        Build({{{"a", "carrier", "rfc"}, {"b", "carrier", "rfc"}, {"public", "carrier", "none"}}});
        const auto dialler = AddPhone(0);
        std::string result;
        for (const std::size_t kind : {1, 2})
        {
            const auto phone = AddPhone(kind);
            auto& listener = Listen(phone, PORT);
            Dial(dialler, static_cast<uint16_t>(PORT + kind), phone.At(PORT));
            result += listener.connected == 1 ? 'Y' : '-';
        }
        EXPECT_EQ(result, reached) << policy;
        EXPECT_EQ(Get("ggsn", "ms_to_ms_barred") > 0, policy == "Barred");
        TearDown();
        SetUp();
    }
}

// the first network is divided: a half for one kind, quarters for two or three
TEST_F(AccessNetworkTest, AccessPointsShareTheFirstNetwork)
{
    const auto points = ParseAccessPoints("internet=10.0.0.0/8 wap=192.168.0.0/24").value();
    AccessKind kind;
    kind.name = "a";
    kind.chain = "rfc";
    EXPECT_EQ(CellularNetwork::WriteAccessPoints(points, {kind}, 1),
              "internet=10.0.0.0/9 wap=192.168.0.0/24 a=10.128.0.0/9 ");
    auto other = kind;
    other.name = "b";
    auto open = kind;
    open.name = "open";
    open.chain = "none";
    auto home = kind;
    home.place = AccessPlace::HOME;
    EXPECT_EQ(CellularNetwork::WriteAccessPoints(points, {kind, open, home, other}, 1),
              "internet=10.0.0.0/10 wap=192.168.0.0/24 a=10.64.0.0/10 open=240.24.0.0/13 "
              "b=10.128.0.0/10 ");
    EXPECT_EQ(CellularNetwork::WriteAccessPoints(points, {open}, 2),
              "internet=10.0.0.0/8 wap=192.168.0.0/24 open=242.8.0.0/13 ");
}

// each home's NAT draws from a stream of its own: the same in each run, whoever else is there
TEST_F(AccessNetworkTest, HomesDrawFromStreamsOfTheirOwn)
{
    const auto getPorts = [this](const std::vector<uint32_t>& sites) {
        Build({{{"home", "home", "symmetric"}}});
        std::vector<uint16_t> ports;
        ports.reserve(sites.size());
        for (const auto site : sites)
        {
            ports.push_back(GetSeen(AddPhone(0, site), PORT).GetPort());
        }
        TearDown();
        SetUp();
        return ports;
    };
    const auto ports = getPorts({1, 2});
    EXPECT_NE(ports[0], ports[1]);
    EXPECT_EQ(getPorts({1, 2}), ports);
    EXPECT_EQ(getPorts({1, 2, 3})[1], ports[1]);
}

TEST_F(AccessNetworkTest, AnIdlePhoneCostsNoEvent)
{
    const auto run = [this](uint32_t phones) {
        Build({{{"home", "home", "home-router / carrier-grade"}, {"office", "enterprise", "rfc"}}});
        const auto network = m_operators->GetNetworks()[0];
        for (uint32_t n = 0; n < phones; ++n)
        {
            const auto phone = network->AddPhone(0);
            network->SetAccess(phone, n % 2, n);
            phone->GetObject<PacketBearer>()->BringUp(
                MakeCallback(+[]() {}),
                MakeCallback(+[](bool, const std::string&) {}));
        }
        RunFor(Seconds(1)); // nodes and applications begin
        const auto before = Simulator::GetEventCount();
        RunFor(Hours(1));
        const auto events = Simulator::GetEventCount() - before;
        TearDown();
        SetUp();
        return events;
    };
    EXPECT_EQ(run(40), run(0));
}

// the whole way of a chat: an invitation by SMS over GSM, a connection over two LANs
TEST_F(AccessNetworkTest, AChatBetweenAHomeAndAnEnterprise)
{
    Config::SetDefault("ns3::p2pim::PeerToPeerClient::Traversal", StringValue("Punch"));
    Build({{{"home", "home", "home-router"}}, {{"office", "enterprise", "port-restricted"}}});
    ImHelper im("p2p", m_operators->GetNetworks()[0]);
    im.AssignStreams(1000);
    const auto phone = AddPhone(0, 0, 1).node;
    const auto initiator = im.Install(phone);
    const auto target = im.Install(AddPhone(0, 0, 2).node);
    uint32_t ready = 0;
    initiator->SetReadyCallback(
        Callback<void, const Msisdn&>([&ready](const Msisdn&) { ++ready; }));
    target->SetReadyCallback(Callback<void, const Msisdn&>([&ready](const Msisdn&) { ++ready; }));
    Simulator::ScheduleWithContext(phone->GetId(), Seconds(1), [&initiator, &target]() {
        initiator->Open(target->GetMsisdn());
    });
    RunFor(Minutes(2));
    EXPECT_EQ(ready, 2U);
    EXPECT_EQ(Get("operator-1/ggsn", "pdp_contexts_created"), 0); // nothing went by GPRS
}
