// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gsm/sms-network.h"

#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A phone made by hand that answers an AUTHENTICATION REQUEST as it is told.
class HandmadePhone : public DedicatedChannelUser
{
  public:
    void HandleLink(Sdcch& channel, const LapdmIndication& indication) override
    {
        if (indication.primitive != LapdmPrimitive::DATA_INDICATION)
        {
            return;
        }
        const uint8_t* message = indication.message;
        if (const auto rand = DecodeAuthenticationRequest(message, indication.size))
        {
            challenges.push_back(*rand);
            Sres sres = ComputeSres(imsi, *rand);
            sres[0] = static_cast<uint8_t>(sres[0] + error);
            channel.Send(LapdmSide::MS,
                         SAPI_SIGNALLING,
                         EncodeAuthenticationResponse(sres),
                         Time());
        }
        rejected = rejected || GetMmType(message, indication.size) == MmType::AUTHENTICATION_REJECT;
        const auto type = GetRrType(message, indication.size);
        ciphered = ciphered || type == RrType::CIPHERING_MODE_COMMAND;
        if (type == RrType::CHANNEL_RELEASE)
        {
            channel.Release(LapdmSide::MS, SAPI_SIGNALLING, Time());
        }
    }

    uint64_t imsi = 0;
    uint8_t error = 0; ///< added to the first octet of the response
    std::vector<Rand> challenges;
    bool rejected = false;
    bool ciphered = false;
};

/// The handmade phone on a channel of the default network.
class MscConnectionTest : public testing::Test
{
  protected:
    MscConnectionTest()
    {
        m_net.AddPhone();
        m_phone.imsi = m_net.phones[0]->GetImsi();
    }

    /// Opens a connection for short messages and lets it run for some seconds.
    void Connect()
    {
        m_channel.Activate(&m_network);
        m_channel.TuneIn(&m_phone);
        const std::vector<uint8_t> request = EncodeCmServiceRequest(m_phone.imsi);
        m_channel.Establish(LapdmSide::MS, SAPI_SIGNALLING, request, Time());
        Simulator::Stop(Seconds(1));
        Simulator::Run();
        m_net.msc->CompleteLayer3(PeekPointer(m_net.cell),
                                  m_channel,
                                  request.data(),
                                  request.size());
        Simulator::Stop(Seconds(8));
        Simulator::Run();
    }

    double GetMsc(const std::string& name) const
    {
        return SmsNetwork::Get(m_net.msc->GetCounters(), name);
    }

    /// The network's layer 3 until the MSC takes over.
    class Nobody : public DedicatedChannelUser
    {
      public:
        void HandleLink(Sdcch& /* channel */, const LapdmIndication& /* indication */) override
        {
        }
    };

    SmsNetwork m_net;
    SdcchEnvironment::FrameTrace m_frames;
    SdcchEnvironment::Layer3Trace m_messages;
    SdcchEnvironment m_environment{m_frames, m_messages};
    Nobody m_network;
    HandmadePhone m_phone;
    Sdcch m_channel{m_environment, 0};
};

} // namespace

// TS 24.008 4.3.2.4: the right response goes on to ciphering.
TEST_F(MscConnectionTest, AcceptsTheRightResponse)
{
    Connect();
    EXPECT_TRUE(m_phone.ciphered);
    EXPECT_FALSE(m_phone.rejected);
    EXPECT_DOUBLE_EQ(GetMsc("authentication_failures"), 0);
}

// TS 24.008 4.3.2.5: a wrong response is rejected, and the channel is released.
TEST_F(MscConnectionTest, RejectsAWrongResponse)
{
    m_phone.error = 1;
    Connect();
    EXPECT_FALSE(m_phone.ciphered);
    EXPECT_TRUE(m_phone.rejected);
    EXPECT_FALSE(m_channel.IsOpen());
    EXPECT_DOUBLE_EQ(GetMsc("authentication_failures"), 1);
}

// A challenge is not used twice.
TEST_F(MscConnectionTest, DrawsANewChallengeEachTime)
{
    Connect();
    m_channel.CloseNetwork(Simulator::Now());
    m_channel.TuneOut();
    Connect();
    ASSERT_EQ(m_phone.challenges.size(), 2U);
    EXPECT_NE(m_phone.challenges[0], m_phone.challenges[1]);
}
