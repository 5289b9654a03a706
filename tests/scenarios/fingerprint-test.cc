// SPDX-License-Identifier: GPL-2.0-only
#include "program/short-runs.h"
#include "scenario-run.h"

#include "ns3/fingerprint-simulator-impl.h"
#include "ns3/fnv1a.h"
#include "ns3/global-value.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/string.h"

#include <array>
#include <gtest/gtest.h>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A run's hashes: times, contexts, lengths, uids, record.
using Hashes = std::array<uint64_t, 5>;

Hashes
GetHashes(const RunFingerprint& fingerprint)
{
    return {fingerprint.GetTimes(),
            fingerprint.GetContexts(),
            fingerprint.GetLengths(),
            fingerprint.GetUids(),
            0};
}

Hashes
TakeHashes(const std::string& file,
           const std::string& scheme,
           uint64_t seed = 1,
           const std::vector<std::string>& options = {"Scenario.Sessions=4"})
{
    std::optional<RunFingerprint> fingerprint;
    // only when the settings are made: ScenarioRun resets ns-3's global values, too
    const ::p2pim::test::ScenarioRun run(file, options, seed, scheme, [&fingerprint] {
        fingerprint.emplace();
    });
    EXPECT_EQ(run.record.events, fingerprint->GetEvents());
    auto hashes = GetHashes(*fingerprint);
    hashes[4] = ::p2pim::program::HashRecord(run.record);
    return hashes;
}

/// @return what TakeHashes() gives in a process of its own, in which it is the first run but for
/// what its parent had made before.
Hashes
RunInChild(const std::string& file, const std::string& scheme)
{
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    const pid_t child = fork();
    if (child == 0)
    {
        const auto hashes = TakeHashes(file, scheme);
        const auto written = write(ends[1], hashes.data(), sizeof(hashes));
        _exit(written == sizeof(hashes) ? 0 : 1);
    }
    Hashes hashes{};
    EXPECT_EQ(read(ends[0], hashes.data(), sizeof(hashes)), static_cast<ssize_t>(sizeof(hashes)));
    int status = 0;
    waitpid(child, &status, 0);
    close(ends[0]);
    close(ends[1]);
    return hashes;
}

void
DoNothing()
{
}

/// A simulation of events at these times, ms. @param idle whether one more is planned and
/// cancelled.
Hashes
RunEvents(const std::vector<int>& times, uint32_t context = 7, bool idle = false)
{
    const RunFingerprint fingerprint;
    for (const int time : times)
    {
        if (idle)
        {
            Simulator::Schedule(Seconds(1000), &DoNothing).Cancel();
        }
        Simulator::ScheduleWithContext(context, MilliSeconds(time), &DoNothing);
    }
    Simulator::Stop(Seconds(100)); // before the event that was cancelled
    Simulator::Run();
    return GetHashes(fingerprint);
}

void
SendDatagram(Ptr<Node> node, uint32_t octets)
{
    const auto socket = Socket::CreateSocket(node, TypeId::LookupByName("ns3::UdpSocketFactory"));
    socket->Connect(InetSocketAddress(Ipv4Address("172.16.0.2"), 9));
    socket->Send(Create<Packet>(octets));
}

/// A simulation of a datagram of so many octets from one node to another.
Hashes
RunDatagram(uint32_t octets)
{
    const RunFingerprint fingerprint;
    const auto first = CreateObject<Node>();
    const auto second = CreateObject<Node>();
    LeanStackHelper::Install(first);
    LeanStackHelper::Install(second);
    const auto device =
        LeanStackHelper::Join(first, second, Ipv4Address("172.16.0.0"), MilliSeconds(5));
    const auto interface = first->GetObject<Ipv4>()->GetInterfaceForDevice(device);
    LeanStackHelper::GetRouting(first)->SetDefaultRoute(static_cast<uint32_t>(interface));
    LeanStackHelper::GetRouting(second)->SetDefaultRoute(static_cast<uint32_t>(interface));
    Simulator::ScheduleWithContext(first->GetId(), Seconds(1), &SendDatagram, first, octets);
    Simulator::Run();
    return GetHashes(fingerprint);
}

} // namespace

// Test vectors of the algorithm's authors: http://www.isthe.com/chongo/src/fnv/test_fnv.c
TEST(Fingerprint, HashIsFnv1a)
{
    EXPECT_EQ(Fnv1a().Get(), 0xcbf29ce484222325u);
    Fnv1a a;
    a.AddOctet('a');
    EXPECT_EQ(a.Get(), 0xaf63dc4c8601ec8cu);
    Fnv1a foobar;
    for (const char octet : std::string("foobar"))
    {
        foobar.AddOctet(static_cast<uint8_t>(octet));
    }
    EXPECT_EQ(foobar.Get(), 0x85944171f73967e8u);
}

TEST(Fingerprint, HashOfTextsKnowsWhereTheyEnd)
{
    Fnv1a a;
    a.Add(std::string("ab"));
    a.Add(std::string("c"));
    Fnv1a b;
    b.Add(std::string("a"));
    b.Add(std::string("bc"));
    EXPECT_NE(a.Get(), b.Get());
}

TEST(Fingerprint, IngredientsHashWhatTheySay)
{
    const auto hashes = RunEvents({3, 5});
    Fnv1a times;
    Fnv1a contexts;
    for (const uint64_t ms : {3, 5, 100000}) // the last is Simulator::Stop()'s
    {
        times.Add(ms * 1000000);
        contexts.Add(ms == 100000 ? uint64_t{Simulator::NO_CONTEXT} : uint64_t{7});
    }
    EXPECT_EQ(hashes[0], times.Get());
    EXPECT_EQ(hashes[1], contexts.Get());
    EXPECT_EQ(hashes[2], Fnv1a().Get()); // no packet
}

TEST(Fingerprint, EachIngredientChangesWithItsOwnOnly)
{
    const auto base = RunEvents({3, 5});
    const auto later = RunEvents({3, 6});
    EXPECT_NE(later[0], base[0]);
    EXPECT_EQ(later[1], base[1]);
    EXPECT_EQ(later[3], base[3]);
    const auto elsewhere = RunEvents({3, 5}, 8);
    EXPECT_EQ(elsewhere[0], base[0]);
    EXPECT_NE(elsewhere[1], base[1]);
    // one more event that is planned, and never executed as far as anybody can see
    const auto idle = RunEvents({3, 5}, 7, true);
    EXPECT_EQ(idle[0], base[0]);
    EXPECT_EQ(idle[1], base[1]);
    EXPECT_NE(idle[3], base[3]);
}

TEST(Fingerprint, LengthsAreThoseOfIpPackets)
{
    const auto small = RunDatagram(64);
    const auto large = RunDatagram(65);
    EXPECT_EQ(large[1], small[1]);
    EXPECT_NE(large[2], small[2]);
    Fnv1a lengths;
    lengths.Add(uint64_t{64 + 8 + 20}); // with the headers of UDP and IP
    // nobody listens: the answer is an ICMP error with the head of the datagram (RFC 792)
    lengths.Add(uint64_t{20 + 8 + 20 + 8});
    EXPECT_EQ(small[2], lengths.Get());
}

TEST(Fingerprint, ObserverIsToldOfEachEvent)
{
    std::vector<int64_t> times;
    {
        const RunFingerprint fingerprint(
            [&times](const ExecutedEvent& event) { times.push_back(event.timeNs); });
        Simulator::Schedule(NanoSeconds(4), &DoNothing);
        Simulator::Schedule(NanoSeconds(9), &DoNothing);
        Simulator::Run();
    }
    EXPECT_EQ(times, (std::vector<int64_t>{4, 9}));
}

TEST(Fingerprint, NextSimulationIsMadeAsBefore)
{
    StringValue before;
    GlobalValue::GetValueByName("SimulatorImplementationType", before);
    RunEvents({1});
    StringValue after;
    GlobalValue::GetValueByName("SimulatorImplementationType", after);
    EXPECT_EQ(after.Get(), before.Get());
    Simulator::Schedule(Seconds(1), &DoNothing);
    EXPECT_EQ(Simulator::GetImplementation()->GetInstanceTypeId().GetName(), before.Get());
    Simulator::Destroy();
}

TEST(Fingerprint, OfTheSameRunIsTheSameAgainAndInAnotherProcess)
{
    for (const auto& [file, scheme] : {std::pair("setup-time.ini", "p2p"),
                                       std::pair("setup-time.ini", "sip-message"),
                                       std::pair("nat-pair.ini", "punch"),
                                       std::pair("sms-latency.ini", "sms")})
    {
        const auto first = TakeHashes(file, scheme);
        EXPECT_EQ(TakeHashes(file, scheme), first) << file << " " << scheme;
        EXPECT_EQ(RunInChild(file, scheme), first) << file << " " << scheme;
    }
}

TEST(Fingerprint, OfAnotherSeedOrSettingIsAnother)
{
    const auto base = TakeHashes("setup-time.ini", "p2p");
    const auto seed = TakeHashes("setup-time.ini", "p2p", 2);
    EXPECT_NE(seed[0], base[0]);
    EXPECT_NE(seed[4], base[4]);
    const auto slower =
        TakeHashes("setup-time.ini", "p2p", 1, {"Scenario.Sessions=4", "Smsc.StorageTime=500ms"});
    EXPECT_NE(slower[0], base[0]);
    EXPECT_NE(slower[4], base[4]);
}
