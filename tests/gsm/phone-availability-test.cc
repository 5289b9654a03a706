// SPDX-License-Identifier: GPL-2.0-only
#include "gsm/sms-network.h"

#include "ns3/double.h"
#include "ns3/phone-availability.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A population whose phones are looked at from time to time.
class PhoneAvailabilityTest : public testing::Test
{
  protected:
    void Build(double share, double switchedOff, std::size_t phones)
    {
        m_availability->SetAttribute("UnreachableShare", DoubleValue(share));
        m_availability->SetAttribute("SwitchedOffShare", DoubleValue(switchedOff));
        m_availability->SetAttribute("MeanUnreachableTime", TimeValue(Minutes(30)));
        for (std::size_t i = 0; i < phones; ++i)
        {
            m_net.AddPhone();
            m_availability->Drive(m_net.phones[i], 100 + static_cast<int64_t>(i));
        }
    }

    ~PhoneAvailabilityTest() override
    {
        m_availability->Dispose();
    }

    double CountUnreachable() const
    {
        double count = 0;
        for (const auto& phone : m_net.phones)
        {
            count += phone->IsReachable() ? 0 : 1;
        }
        return count;
    }

    SmsNetwork m_net;
    Ptr<PhoneAvailability> m_availability = CreateObject<PhoneAvailability>();
};

/// Standard deviation of a share of @p n independent phones.
double
GetDeviation(double share, double n)
{
    return std::sqrt(share * (1 - share) / n);
}

} // namespace

// C13: the share is a parameter. It holds at the start and a day later: the start is stationary.
// Of 4,000 phones the share is within 4 standard deviations of a binomial share.
TEST_F(PhoneAvailabilityTest, HasTheShareAtAnyTime)
{
    constexpr double phones = 4000;
    Build(0.38, 0.5, static_cast<std::size_t>(phones));
    std::vector<double> shares{CountUnreachable() / phones};
    for (const int hours : {1, 24})
    {
        Simulator::Stop(Hours(hours));
        Simulator::Run();
        shares.push_back(CountUnreachable() / phones);
    }
    for (const double share : shares)
    {
        EXPECT_NEAR(share, 0.38, 4 * GetDeviation(0.38, phones));
    }
}

// An alternating renewal process is on for mean (1 - share) / share (Ross, Introduction to
// Probability Models, 7.5.1): 30 min x 0.62 / 0.38.
TEST_F(PhoneAvailabilityTest, KnowsItsMeanReachableTime)
{
    Build(0.38, 0.5, 0);
    EXPECT_NEAR(m_availability->GetMeanReachableTime().GetMinutes(), 30 * 0.62 / 0.38, 1e-6);
}

// Switched off: the VLR knows, no paging. Out of coverage: the network pages in vain.
TEST_F(PhoneAvailabilityTest, TellsTheNetworkOfPhonesThatAreSwitchedOffOnly)
{
    for (const double switchedOff : {1.0, 0.0})
    {
        SmsNetwork net;
        auto availability = CreateObject<PhoneAvailability>();
        availability->SetAttribute("UnreachableShare", DoubleValue(0.99));
        availability->SetAttribute("SwitchedOffShare", DoubleValue(switchedOff));
        availability->SetAttribute("MeanUnreachableTime", TimeValue(Hours(10000)));
        net.AddPhone();
        net.AddPhone();
        for (int64_t stream = 100; net.phones[1]->IsReachable(); ++stream)
        {
            availability->Drive(net.phones[1], stream);
        }
        net.Send(0, 1, 20);
        Simulator::Stop(Minutes(2));
        Simulator::Run();
        EXPECT_EQ(SmsNetwork::Get(net.smsc->GetCounters(), "first_attempts_failed"), 1);
        EXPECT_EQ(SmsNetwork::Get(net.msc->GetCounters(), "no_paging_response"),
                  switchedOff == 1 ? 0 : 1);
        availability->Dispose();
    }
}

TEST_F(PhoneAvailabilityTest, CostsNothingWithoutAShare)
{
    Build(0, 0.5, 10);
    EXPECT_EQ(CountUnreachable(), 0);
    EXPECT_TRUE(Simulator::IsFinished());
}

// A phone's times come from its own stream: others do not change them.
TEST_F(PhoneAvailabilityTest, DrivesEachPhoneByItsOwnStream)
{
    std::vector<bool> alone;
    {
        SmsNetwork net;
        auto availability = CreateObject<PhoneAvailability>();
        availability->SetAttribute("UnreachableShare", DoubleValue(0.5));
        net.AddPhone();
        availability->Drive(net.phones[0], 100);
        for (int hour = 0; hour < 50; ++hour)
        {
            Simulator::Stop(Hours(1));
            Simulator::Run();
            alone.push_back(net.phones[0]->IsReachable());
        }
        availability->Dispose();
    }
    SmsNetwork net;
    auto availability = CreateObject<PhoneAvailability>();
    availability->SetAttribute("UnreachableShare", DoubleValue(0.5));
    for (int64_t i = 0; i < 20; ++i)
    {
        net.AddPhone();
        availability->Drive(net.phones[static_cast<std::size_t>(i)], 100 + i);
    }
    std::vector<bool> among;
    for (int hour = 0; hour < 50; ++hour)
    {
        Simulator::Stop(Hours(1));
        Simulator::Run();
        among.push_back(net.phones[0]->IsReachable());
    }
    availability->Dispose();
    EXPECT_EQ(among, alone);
}
