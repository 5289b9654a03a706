// SPDX-License-Identifier: GPL-2.0-only
#include "tests/mutator.h"

#include "ns3/pin-endpoint.h"
#include "ns3/pin-relay-core.h"

#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

const InetSocketAddress g_relay("203.0.113.2", 49440);
constexpr uint16_t PORT = 49440;
constexpr uint32_t PINS[] = {0x2000A001, 0x2000B002};
const Time g_delay = Seconds(1); ///< of a datagram, one way

/// A relay and two phones on wires of one second, with a clock of their own; datagrams are lost by
/// their number.
class PinWorld
{
  public:
    /// A phone and what it was told.
    class Phone : public PinEndpointUser
    {
      public:
        Phone(PinWorld& world, Ipv4Address at)
            : address(at),
              endpoint(*this),
              m_world(world)
        {
        }

        bool SendToRelay(const PinMessage& message) override
        {
            const InetSocketAddress from(address, PORT);
            m_world.Send(message, [this, from](const PinMessage& arrived) {
                m_world.relay.Receive(arrived, from, m_world.now);
            });
            return true;
        }

        void HandleSubmitted(uint32_t, const char* cause) override
        {
            outcomes.emplace_back(m_world.now, *cause == '\0' ? "accepted" : cause);
        }

        void HandleMessage(const PinMessage& message) override
        {
            received.emplace_back(m_world.now,
                                  std::string(message.userData.begin(), message.userData.end()));
        }

        void HandleReport(const PinMessage& report) override
        {
            reports.emplace_back(m_world.now, report.status);
        }

        void HandleRegistered(bool registered) override
        {
            registrations.emplace_back(m_world.now, registered);
        }

        Ipv4Address address;
        PinEndpoint endpoint;
        std::vector<std::pair<Time, std::string>> outcomes;
        std::vector<std::pair<Time, std::string>> received;
        std::vector<std::pair<Time, PinStatus>> reports;
        std::vector<std::pair<Time, bool>> registrations;

      private:
        PinWorld& m_world;
    };

    explicit PinWorld(bool reports = false)
        : relay([this](const PinMessage& message, const InetSocketAddress& to) {
              Send(message, [this, to](const PinMessage& arrived) { Arrive(arrived, to); });
          })
    {
        relay.SetSettings(relaySettings);
        for (uint32_t n = 0; n < 2; ++n)
        {
            relay.AddPin(PINS[n]);
            phones.push_back(
                std::make_unique<Phone>(*this, Ipv4Address(Ipv4Address("10.0.0.1").Get() + n)));
            phones[n]->endpoint.SetUp(PINS[n],
                                      1000 * (n + 1),
                                      {Minutes(30), Minutes(10), Seconds(4), 5, Time(), reports});
        }
    }

    void Register(uint32_t phone)
    {
        phones[phone]->endpoint.Register(phones[phone]->address, now);
    }

    void Submit(uint32_t from, uint32_t toPin, const std::string& text)
    {
        PinMessage message;
        message.peer = toPin;
        message.destinationPort = PORT;
        message.userData = {text.begin(), text.end()};
        phones[from]->endpoint.Submit(message, now);
    }

    /// Runs until a time, events of one time in the order of their making.
    void RunUntil(Time end)
    {
        for (;;)
        {
            Time next = m_events.empty() ? Time::Max() : m_events.begin()->first;
            next = std::min(next, relay.GetDeadline());
            for (const auto& phone : phones)
            {
                next = std::min(next, phone->endpoint.GetDeadline());
            }
            if (next > end)
            {
                break;
            }
            now = std::max(now, next);
            if (!m_events.empty() && m_events.begin()->first <= now)
            {
                const auto event = m_events.begin()->second;
                m_events.erase(m_events.begin());
                event();
                continue;
            }
            relay.Advance(now);
            for (const auto& phone : phones)
            {
                phone->endpoint.Advance(now);
            }
        }
        now = end;
    }

    /// Has both phones registered, which takes until 10 s.
    void RegisterBoth()
    {
        Register(0);
        Register(1);
        RunUntil(Seconds(10));
    }

    Time now;
    PinRelayCore::Settings relaySettings{Hours(1), Hours(72), Seconds(4), 5, 3};
    PinRelayCore relay;
    std::vector<std::unique_ptr<Phone>> phones;
    std::set<uint32_t> lost;                           ///< numbers of datagrams, from 0
    std::vector<std::pair<Time, PinMessageType>> sent; ///< every datagram
    std::function<bool(const PinMessage&)> isLost;     ///< if set, which others are

  private:
    void Send(const PinMessage& message, const std::function<void(const PinMessage&)>& arrive)
    {
        const auto number = static_cast<uint32_t>(sent.size());
        sent.emplace_back(now, message.type);
        if (lost.count(number) > 0 || (isLost && isLost(message)))
        {
            return;
        }
        Octets datagram;
        ASSERT_EQ(EncodePinMessage(message, datagram), PinError::NONE);
        m_events.emplace(now + g_delay, [datagram, arrive]() {
            PinMessage arrived;
            ASSERT_EQ(DecodePinMessage(datagram, arrived), PinError::NONE);
            arrive(arrived);
        });
    }

    void Arrive(const PinMessage& message, const InetSocketAddress& to)
    {
        for (const auto& phone : phones)
        {
            if (phone->address == to.GetIpv4())
            {
                phone->endpoint.Receive(message, now);
            }
        }
    }

    std::multimap<Time, std::function<void()>> m_events;
};

using Texts = std::vector<std::pair<Time, std::string>>;

std::vector<std::string>
TextsOf(const Texts& texts)
{
    std::vector<std::string> plain;
    plain.reserve(texts.size());
    for (const auto& text : texts)
    {
        plain.push_back(text.second);
    }
    return plain;
}

} // namespace

// each way takes one second: the answer comes after two, and so does the message
TEST(PinRelay, MapsAPinToItsAddressAndForwards)
{
    PinWorld world;
    world.RegisterBoth();
    ASSERT_EQ(world.phones[0]->registrations.size(), 1U);
    EXPECT_EQ(world.phones[0]->registrations[0].first, 2 * g_delay);
    EXPECT_EQ(world.relay.GetAddress(PINS[1], world.now)->GetIpv4(), world.phones[1]->address);
    world.Submit(0, PINS[1], "hello");
    world.RunUntil(Seconds(60));
    EXPECT_EQ(world.phones[0]->outcomes, (Texts{{Seconds(12), "accepted"}}));
    EXPECT_EQ(world.phones[1]->received, (Texts{{Seconds(12), "hello"}}));
    // REGISTER and SUBMIT, DELIVER with their answers, and not one more
    EXPECT_EQ(world.sent.size(), 8U);
    EXPECT_EQ(world.relay.GetCounters().delivered, 1U);
    EXPECT_EQ(world.relay.GetCounters().stored, 0U);
}

// the exchange has ten datagrams with a report; each is lost in turn, and each pair of neighbours
TEST(PinRelay, OneLostDatagramLosesAndDoublesNothing)
{
    for (uint32_t run = 0; run < 20; ++run)
    {
        PinWorld world(true);
        world.lost = {run / 2};
        if (run % 2 == 1)
        {
            world.lost.insert(run / 2 + 1);
        }
        world.Register(0);
        world.Register(1);
        world.Submit(0, PINS[1], "hello");
        world.RunUntil(Minutes(5));
        EXPECT_EQ(TextsOf(world.phones[0]->outcomes), std::vector<std::string>{"accepted"}) << run;
        EXPECT_EQ(TextsOf(world.phones[1]->received), std::vector<std::string>{"hello"}) << run;
        ASSERT_GE(world.phones[0]->reports.size(), 1U) << run;
        EXPECT_EQ(world.phones[0]->reports[0].second, PinStatus::OK);
        EXPECT_EQ(world.relay.GetCounters().accepted, 1U) << run;
        EXPECT_EQ(world.relay.GetCounters().delivered, 1U) << run;
    }
}

TEST(PinRelay, ARepeatedSubmissionIsForwardedOnce)
{
    PinWorld world;
    world.RegisterBoth();
    bool first = true;
    world.isLost = [&first](const PinMessage& message) {
        return message.type == PinMessageType::SUBMIT_ACK && std::exchange(first, false);
    };
    world.Submit(0, PINS[1], "hello");
    world.RunUntil(Minutes(2));
    // submitted at 10 s, repeated 4 s later, answered 2 s after that
    EXPECT_EQ(world.phones[0]->outcomes, (Texts{{Seconds(16), "accepted"}}));
    EXPECT_EQ(world.relay.GetCounters().repeated, 1U);
    EXPECT_EQ(TextsOf(world.phones[1]->received), std::vector<std::string>{"hello"});
}

TEST(PinRelay, ARepeatedDeliveryIsHandedUpOnce)
{
    PinWorld world;
    world.RegisterBoth();
    bool first = true;
    world.isLost = [&first](const PinMessage& message) {
        return message.type == PinMessageType::DELIVER_ACK && std::exchange(first, false);
    };
    world.Submit(0, PINS[1], "hello");
    world.RunUntil(Minutes(2));
    EXPECT_EQ(world.phones[1]->received, (Texts{{Seconds(12), "hello"}}));
    EXPECT_EQ(world.relay.GetCounters().retransmissions, 1U);
    EXPECT_EQ(world.relay.GetCounters().delivered, 1U);
}

TEST(PinRelay, KeepsMessagesInOrderForAPhoneThatIsOffline)
{
    PinWorld world;
    world.Register(0);
    for (const auto* const text : {"one", "two", "three"})
    {
        world.Submit(0, PINS[1], text);
    }
    world.RunUntil(Hours(1));
    EXPECT_EQ(TextsOf(world.phones[0]->outcomes), std::vector<std::string>(3, "accepted"));
    EXPECT_TRUE(world.phones[1]->received.empty());
    EXPECT_EQ(world.relay.GetCounters().stored, 3U);
    world.Register(1);
    world.RunUntil(Hours(1) + Minutes(1));
    // REGISTER and DELIVER take two seconds; each acknowledgement and its successor two more
    EXPECT_EQ(world.phones[1]->received,
              (Texts{{Hours(1) + Seconds(2), "one"},
                     {Hours(1) + Seconds(4), "two"},
                     {Hours(1) + Seconds(6), "three"}}));
}

TEST(PinRelay, AFullStoreRefuses)
{
    PinWorld world; // keeps three
    world.Register(0);
    for (uint32_t n = 0; n < 4; ++n)
    {
        world.Submit(0, PINS[1], "x");
    }
    world.RunUntil(Minutes(1));
    EXPECT_EQ(TextsOf(world.phones[0]->outcomes),
              (std::vector<std::string>{"accepted", "accepted", "accepted", "pin store full"}));
}

TEST(PinRelay, DropsWhatHasExpiredAndSaysSo)
{
    PinWorld world;
    world.phones[0]->endpoint.SetUp(PINS[0],
                                    1,
                                    {Minutes(30), Minutes(10), Seconds(4), 5, Minutes(2), true});
    world.Register(0);
    world.Submit(0, PINS[1], "hello");
    world.RunUntil(Hours(1));
    // registered at 2 s, at the relay at 3 s, expired 120 s later, known one second after that
    EXPECT_EQ(world.phones[0]->reports,
              (std::vector<std::pair<Time, PinStatus>>{{Seconds(124), PinStatus::EXPIRED}}));
    EXPECT_EQ(world.relay.GetCounters().expired, 1U);
    world.Register(1);
    world.RunUntil(Hours(2));
    EXPECT_TRUE(world.phones[1]->received.empty());
}

TEST(PinRelay, FollowsAPhoneToItsNewAddress)
{
    PinWorld world;
    world.RegisterBoth();
    world.phones[1]->address = "10.9.9.9";
    world.Submit(0, PINS[1], "hello"); // goes to the old address, where nobody is
    world.RunUntil(Seconds(12.5));
    EXPECT_TRUE(world.phones[1]->received.empty());
    world.Register(1);
    world.RunUntil(Minutes(2));
    // registered anew one second later, and sent at once to the new address
    EXPECT_EQ(world.phones[1]->received, (Texts{{Seconds(14.5), "hello"}}));
    EXPECT_EQ(world.relay.GetCounters().addressChanges, 1U);
    EXPECT_EQ(world.relay.GetAddress(PINS[1], world.now)->GetIpv4(), Ipv4Address("10.9.9.9"));
}

// transmissions after 0, 4, 12, 28 and 60 s (doubled times), and then none
TEST(PinRelay, APhoneThatDoesNotAnswerCountsAsGone)
{
    PinWorld world;
    world.RegisterBoth();
    world.isLost = [](const PinMessage& message) {
        return message.type == PinMessageType::DELIVER;
    };
    world.Submit(0, PINS[1], "hello");
    world.RunUntil(Minutes(9));
    std::vector<Time> times;
    for (const auto& [time, type] : world.sent)
    {
        if (type == PinMessageType::DELIVER)
        {
            times.push_back(time);
        }
    }
    EXPECT_EQ(times,
              (std::vector<Time>{Seconds(11), Seconds(15), Seconds(23), Seconds(39), Seconds(71)}));
    EXPECT_FALSE(world.relay.GetAddress(PINS[1], world.now));
    EXPECT_EQ(world.relay.GetCounters().lost, 1U);
    // the phone's keep-alive, ten minutes after its registration at 2 s, makes it known again
    world.isLost = nullptr;
    world.RunUntil(Minutes(11));
    EXPECT_EQ(world.phones[1]->received, (Texts{{Minutes(10) + Seconds(4), "hello"}}));
}

TEST(PinRelay, UnknownPinsAreRefused)
{
    PinWorld world;
    world.RegisterBoth();
    world.Submit(0, 0x2000FFFF, "hello");
    world.RunUntil(Minutes(1));
    EXPECT_EQ(TextsOf(world.phones[0]->outcomes), std::vector<std::string>{"pin unknown"});
    world.phones[0]->endpoint.SetUp(0x2000FFFF,
                                    1,
                                    {Minutes(30), Time(), Seconds(4), 5, Time(), false});
    world.phones[0]->address = "10.0.0.7";
    world.Register(0);
    world.Submit(0, PINS[1], "hello");
    world.RunUntil(Minutes(2));
    EXPECT_EQ(world.phones[0]->outcomes.back().second, "pin unknown");
    EXPECT_TRUE(world.phones[1]->received.empty());
}

// a registration of 30 minutes without keep-alives has lapsed after 40
TEST(PinRelay, ALapsedRegistrationIsRenewedByTheNextSubmission)
{
    PinWorld world;
    world.phones[0]->endpoint.SetUp(PINS[0],
                                    1,
                                    {Minutes(30), Time(), Seconds(4), 5, Time(), false});
    world.RegisterBoth();
    world.RunUntil(Minutes(40));
    EXPECT_FALSE(world.relay.GetAddress(PINS[0], world.now));
    EXPECT_TRUE(world.relay.GetAddress(PINS[1], world.now)); // kept alive every ten minutes
    world.Submit(0, PINS[1], "hello");
    world.RunUntil(Minutes(41));
    // SUBMIT refused, REGISTER, SUBMIT: three round trips
    EXPECT_EQ(world.phones[0]->outcomes, (Texts{{Minutes(40) + Seconds(6), "accepted"}}));
    EXPECT_EQ(TextsOf(world.phones[1]->received), std::vector<std::string>{"hello"});
}

// 4 + 8 + 16 + 32 + 64 s
TEST(PinRelay, ASilentRelayIsGivenUp)
{
    PinWorld world;
    world.isLost = [](const PinMessage&) { return true; };
    world.Register(0);
    world.Submit(0, PINS[1], "hello");
    world.RunUntil(Minutes(9));
    EXPECT_EQ(world.phones[0]->outcomes, (Texts{{Seconds(124), "pin relay timed out"}}));
    EXPECT_EQ(world.sent.size(), 5U);
}

TEST(PinRelay, NobodySubmitsInTheNameOfAnother)
{
    PinWorld world;
    world.RegisterBoth();
    PinMessage forged;
    forged.type = PinMessageType::SUBMIT;
    forged.id = 77;
    forged.pin = PINS[0];
    forged.peer = PINS[1];
    world.relay.Receive(forged, InetSocketAddress("10.6.6.6", PORT), world.now);
    world.RunUntil(Minutes(1));
    EXPECT_TRUE(world.phones[1]->received.empty());
    EXPECT_EQ(world.relay.GetCounters().refused, 1U);
}

TEST(PinRelay, SurvivesMutatedDatagrams)
{
    ::p2pim::test::MessageMutator mutator;
    PinWorld world;
    world.RegisterBoth();
    constexpr int rounds = 20000;
    for (int i = 0; i < rounds; ++i)
    {
        PinMessage message;
        message.type = static_cast<PinMessageType>(1 + i % 8);
        message.id = static_cast<uint32_t>(i);
        message.pin = PINS[i % 2];
        message.peer = PINS[1 - i % 2];
        message.userData = {1, 2, 3};
        Octets datagram;
        EncodePinMessage(message, datagram);
        PinMessage read;
        if (DecodePinMessage(mutator.Mutate(datagram), read) == PinError::NONE)
        {
            world.relay.Receive(read,
                                InetSocketAddress(world.phones[i % 2]->address, PORT),
                                world.now);
            world.phones[i % 2]->endpoint.Receive(read, world.now);
        }
        world.RunUntil(world.now + MilliSeconds(10));
    }
    const auto& counters = world.relay.GetCounters();
    EXPECT_EQ(counters.accepted, counters.delivered + counters.expired + counters.stored);
    EXPECT_GT(counters.accepted, 0U);
}
