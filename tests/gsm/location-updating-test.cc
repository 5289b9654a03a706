// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gsm/sms-network.h"

#include "ns3/boolean.h"
#include "ns3/location-registration.h"
#include "ns3/mm-messages.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Two phones in a cell, whose MM messages are noted.
class LocationUpdatingTest : public testing::Test
{
  protected:
    LocationUpdatingTest()
    {
        m_net.AddPhone();
        m_net.AddPhone();
        Follow(m_net.cell);
        m_net.smsc->TraceConnectWithoutContext("Attempt",
                                               MakeCallback(&LocationUpdatingTest::Attempt, this));
    }

    void Follow(Ptr<GsmCell> cell)
    {
        cell->TraceConnectWithoutContext("Layer3",
                                         MakeCallback(&LocationUpdatingTest::Layer3, this));
    }

    void Layer3(bool /* uplink */, uint8_t /* sapi */, const std::vector<uint8_t>& message)
    {
        const auto type = GetMmType(message.data(), message.size());
        if (type && *type < MmType::AUTHENTICATION_REJECT)
        {
            m_messages.push_back(*type);
            m_times.push_back(Simulator::Now());
            m_octets.push_back(message);
        }
    }

    void Attempt(uint64_t /* reference */, uint32_t /* attempt */, MapError error)
    {
        m_errors.push_back(error);
    }

    void At(double seconds, const std::function<void()>& what)
    {
        Simulator::Schedule(Seconds(seconds), Callback<void>(what));
    }

    void PowerAt(double seconds, bool on)
    {
        At(seconds, [this, on]() { m_net.phones[1]->SetPoweredOn(on); });
    }

    void CoverAt(double seconds, bool covered)
    {
        At(seconds, [this, covered]() { m_net.phones[1]->SetCovered(covered); });
    }

    void SendAt(double seconds)
    {
        At(seconds, [this]() { m_net.Send(0, 1, 10); });
    }

    void RunUntil(double seconds)
    {
        Simulator::Stop(Seconds(seconds) - Simulator::Now());
        Simulator::Run();
    }

    double GetMsc(const std::string& name) const
    {
        return SmsNetwork::Get(m_net.msc->GetCounters(), name);
    }

    SmsNetwork m_net;
    std::vector<MmType> m_messages; ///< of location updating and IMSI detach
    std::vector<Time> m_times;
    std::vector<std::vector<uint8_t>> m_octets;
    std::vector<MapError> m_errors; ///< outcomes of delivery attempts
};

const std::vector<MmType> UPDATING{MmType::LOCATION_UPDATING_REQUEST,
                                   MmType::LOCATION_UPDATING_ACCEPT};

} // namespace

// TS 24.008 4.3.4 and 4.4.3, and the octets of 9.2.12, 9.2.13, 9.2.15 for 262-01, LAC 1.
TEST_F(LocationUpdatingTest, TellsTheNetworkOfSwitchingOffAndOn)
{
    PowerAt(1, false);
    PowerAt(10, true);
    RunUntil(30);
    ASSERT_EQ(m_messages,
              (std::vector<MmType>{MmType::IMSI_DETACH_INDICATION,
                                   MmType::LOCATION_UPDATING_REQUEST,
                                   MmType::LOCATION_UPDATING_ACCEPT}));
    const std::vector<uint8_t> identity{8, 0x29, 0x26, 0x10, 0x01, 0, 0, 0, 0x70};
    std::vector<uint8_t> detach{0x05, 0x01, 0x33};
    detach.insert(detach.end(), identity.begin(), identity.end());
    EXPECT_EQ(m_octets[0], detach);
    std::vector<uint8_t> request{0x05, 0x08, 0x72, 0x62, 0xF2, 0x10, 0x00, 0x01, 0x33};
    request.insert(request.end(), identity.begin(), identity.end());
    EXPECT_EQ(m_octets[1], request);
    EXPECT_EQ(m_octets[2], (std::vector<uint8_t>{0x05, 0x02, 0x62, 0xF2, 0x10, 0x00, 0x01}));
    EXPECT_DOUBLE_EQ(GetMsc("imsi_detaches"), 1);
    EXPECT_DOUBLE_EQ(GetMsc("location_updatings"), 1);
    EXPECT_DOUBLE_EQ(SmsNetwork::Get(m_net.cell->GetCounters(), "sdcch_seizures"), 2);
}

// TS 44.018 10.5.2.11: without ATT the network learns nothing, and pages in vain.
TEST_F(LocationUpdatingTest, SaysNothingWithoutTheAttFlag)
{
    m_net.cell->SetAttribute("ImsiAttachDetach", BooleanValue(false));
    PowerAt(1, false);
    SendAt(10);
    PowerAt(60, true);
    RunUntil(100);
    EXPECT_TRUE(m_messages.empty());
    EXPECT_EQ(m_errors, std::vector<MapError>{MapError::NO_PAGING_RESPONSE});
}

// A phone out of coverage cannot say that it is switched off.
TEST_F(LocationUpdatingTest, CannotDetachOutOfCoverage)
{
    CoverAt(1, false);
    PowerAt(2, false);
    SendAt(10);
    RunUntil(60);
    EXPECT_TRUE(m_messages.empty());
    EXPECT_EQ(m_errors, std::vector<MapError>{MapError::NO_PAGING_RESPONSE});
}

// In the middle of a delivery the detach goes on the connection that there is.
TEST_F(LocationUpdatingTest, DetachesInTheMiddleOfADelivery)
{
    m_net.msc->TraceConnectWithoutContext(
        "Hop",
        Callback<void, uint64_t, SmsHop, Time>([this](uint64_t, SmsHop hop, Time) {
            if (hop == SmsHop::MT_CIPHERED && m_messages.empty())
            {
                At(0.3, [this]() { m_net.phones[1]->SetPoweredOn(false); });
            }
        }));
    SendAt(1);
    RunUntil(60);
    EXPECT_EQ(m_messages, std::vector<MmType>{MmType::IMSI_DETACH_INDICATION});
    EXPECT_EQ(m_errors, std::vector<MapError>{MapError::ABSENT_SUBSCRIBER_SM});
    EXPECT_TRUE(m_net.received[1].empty());
    EXPECT_DOUBLE_EQ(GetMsc("connections"), 2); // the sender's, and the target's
    PowerAt(10, true);
    RunUntil(90);
    EXPECT_EQ(m_net.received[1].size(), 1U);
}

// One that is in the middle of its random access answers the assignment by the detach.
TEST_F(LocationUpdatingTest, DetachesOnTheChannelItHasAskedFor)
{
    At(1, [this]() { m_net.Send(1, 0, 10); });
    PowerAt(1.01, false);
    RunUntil(4);
    EXPECT_EQ(m_messages, std::vector<MmType>{MmType::IMSI_DETACH_INDICATION});
    EXPECT_DOUBLE_EQ(GetMsc("connections"), 1);
    PowerAt(6, true); // and sends its message when it is back
    RunUntil(60);
    EXPECT_EQ(m_net.received[0].size(), 1U);
    EXPECT_EQ(m_net.outcomes, std::vector<std::string>{"accepted"});
}

// Nothing is said by a phone that is off when the simulation starts.
TEST_F(LocationUpdatingTest, StartsPoweredOffSilently)
{
    m_net.phones[1]->StartPoweredOff();
    SendAt(1);
    RunUntil(30);
    EXPECT_TRUE(m_messages.empty());
    EXPECT_EQ(m_errors, std::vector<MapError>{MapError::ABSENT_SUBSCRIBER_SM});
    PowerAt(1, true);
    RunUntil(60);
    EXPECT_EQ(m_messages, UPDATING);
    EXPECT_EQ(m_net.received[1].size(), 1U);
}

// TS 24.008 4.4.2: each phone at its own time, T3212 after the last contact.
TEST_F(LocationUpdatingTest, UpdatesPeriodically)
{
    m_net.cell->SetAttribute("T3212", TimeValue(Minutes(6)));
    m_net.AddPhone();
    m_net.AddPhone();
    RunUntil(3 * 360 - 10);
    ASSERT_EQ(m_messages.size(), 2U * 2 * 3);
    for (std::size_t i = 4; i < m_messages.size(); i += 2)
    {
        EXPECT_EQ(m_messages[i], MmType::LOCATION_UPDATING_REQUEST);
        EXPECT_EQ(m_octets[i][2], 0x71);                                         // no key, periodic
        EXPECT_NEAR((m_times[i] - m_times[i - 4]).GetSeconds(), 360 + 2.5, 1.5); // and the updating
    }
}

// A contact starts T3212 again.
TEST_F(LocationUpdatingTest, NeedsNoPeriodicUpdatingAfterAContact)
{
    m_net.cell->SetAttribute("T3212", TimeValue(Minutes(6)));
    const std::size_t phone = m_net.AddPhone();
    for (int i = 0; i < 10; ++i)
    {
        At(1 + i * 300, [this, phone]() { m_net.Send(phone, 0, 10); });
    }
    RunUntil(3000);
    EXPECT_LE(GetMsc("location_updatings"), 1); // before the first message at the most
}

// A phone whose T3212 has expired out of coverage updates when it is back, and is alerted for.
TEST_F(LocationUpdatingTest, CatchesUpAnUpdatingAfterAnOutage)
{
    m_net.cell->SetAttribute("T3212", TimeValue(Minutes(6)));
    const std::size_t phone = m_net.AddPhone();
    At(1, [this, phone]() { m_net.phones[phone]->SetCovered(false); });
    At(10, [this, phone]() { m_net.Send(0, phone, 10); });
    At(1000, [this, phone]() { m_net.phones[phone]->SetCovered(true); });
    RunUntil(999);
    const std::size_t before = m_messages.size(); // of the phone's last period in coverage
    RunUntil(1015);
    EXPECT_EQ(m_messages.size(), before + 2);
    EXPECT_EQ(m_net.received[phone].size(), 1U);
}

// TS 23.012 4.1.2.2: an implicitly detached subscriber is not paged.
TEST_F(LocationUpdatingTest, DetachesWhoIsSilentImplicitly)
{
    m_net.msc->SetAttribute("ImplicitDetachTime", TimeValue(Minutes(10)));
    CoverAt(1, false);
    SendAt(500);
    At(900, [this]() { m_net.Send(0, 1, 10); });
    RunUntil(905);
    EXPECT_EQ(m_errors,
              (std::vector<MapError>{MapError::NO_PAGING_RESPONSE,      // of 500 s
                                     MapError::ABSENT_SUBSCRIBER_SM,    // 300 s after that failure
                                     MapError::ABSENT_SUBSCRIBER_SM})); // of 900 s
    EXPECT_DOUBLE_EQ(GetMsc("implicit_detaches"), 1);
}

// Each cell is a location area: until the phone has updated it is paged where it was.
TEST_F(LocationUpdatingTest, FollowsAPhoneToAnotherCell)
{
    Ptr<GsmCell> other = CreateObject<GsmCell>();
    other->SetAttribute("LocationAreaCode", UintegerValue(0x1234));
    other->SetMsc(m_net.msc);
    other->AssignStreams(1000);
    Follow(other);
    At(1, [this, other]() { m_net.phones[1]->SetCell(other); });
    SendAt(20);
    RunUntil(60);
    ASSERT_EQ(m_messages, UPDATING);
    EXPECT_EQ(m_octets[0][2], 0x70); // normal
    EXPECT_EQ((std::vector<uint8_t>{m_octets[0][6], m_octets[0][7]}),
              (std::vector<uint8_t>{0x00, 0x01})); // where it was
    EXPECT_EQ((std::vector<uint8_t>{m_octets[1][5], m_octets[1][6]}),
              (std::vector<uint8_t>{0x12, 0x34})); // where it is
    EXPECT_EQ(m_net.received[1].size(), 1U);
    EXPECT_DOUBLE_EQ(SmsNetwork::Get(other->GetCounters(), "pagings_sent"), 1);
    m_net.phones[1]->Dispose();
    other->Dispose();
}

// TS 24.008 4.4.4.9: T3211 between the first four tries, T3212 after the fourth.
TEST(LocationRegistration, WaitsAfterFailures)
{
    const LocationUpdatingTimes times{Seconds(15), Seconds(0), Minutes(12)};
    LocationRegistration registration;
    registration.Register(1, Seconds(0));
    EXPECT_FALSE(registration.GetDue(Hours(100), times));
    registration.Require(LocationUpdatingType::IMSI_ATTACH);
    EXPECT_EQ(registration.GetDue(Seconds(5), times), LocationUpdatingType::IMSI_ATTACH);
    for (const double wait : {15.0, 15.0, 15.0, 720.0, 15.0})
    {
        registration.Fail(Seconds(100), times);
        EXPECT_EQ(registration.GetDeadline(times), Seconds(100 + wait));
        EXPECT_FALSE(registration.GetDue(Seconds(100 + wait) - NanoSeconds(1), times));
        EXPECT_TRUE(registration.GetDue(Seconds(100 + wait), times));
    }
    registration.Register(2, Seconds(200));
    EXPECT_EQ(registration.GetDeadline(times), Time::Max());
}

TEST(LocationRegistration, PrefersTheNormalUpdating)
{
    const LocationUpdatingTimes times{Seconds(15), Minutes(6), Minutes(6)};
    LocationRegistration registration;
    registration.Register(1, Seconds(0));
    EXPECT_EQ(registration.GetDue(Minutes(6), times), LocationUpdatingType::PERIODIC);
    registration.Require(LocationUpdatingType::NORMAL);
    registration.Require(LocationUpdatingType::IMSI_ATTACH);
    EXPECT_EQ(registration.GetDue(Seconds(1), times), LocationUpdatingType::NORMAL);
}
