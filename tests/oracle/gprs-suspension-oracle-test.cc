// SPDX-License-Identifier: GPL-2.0-only
#include "dissection.h"

#include "ns3/rr-messages.h"

#include <gtest/gtest.h>

using namespace ns3::p2pim;
using p2pim::oracle::Capture;

namespace
{

const GprsSuspensionRequest g_request{0xC1234567,
                                      {0x00, 0xF1, 0x10, 0x12, 0x34, 0x56},
                                      GprsSuspensionCause::SHORT_MESSAGE};

} // namespace

TEST(GprsSuspensionOracle, TsharkReadsWhatIsWritten)
{
    if (!p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "no tshark";
    }
    Capture capture(Capture::Link::EXPORTED_PDU);
    capture.AddPdu("gsm_a_dtap", EncodeGprsSuspensionRequest(g_request), true);
    capture.AddPdu("gsm_a_dtap", EncodeChannelRelease(0, true), false);
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>());
    const auto fields = capture.Dissect({"gsm_a.dtap.msg_rr_type",
                                         "gsm_a.rr.tlli",
                                         "gsm_a.gm.gmm.rac",
                                         "gsm_a.rr.suspension_cause",
                                         "gsm_a.rr.gprs_resumption_ack"});
    ASSERT_EQ(fields.size(), 2U);
    EXPECT_EQ(fields[0], (std::vector<std::string>{"0x34", "0xc1234567", "0x56", "2", ""}));
    EXPECT_EQ(fields[1][0], "0x0d");
    EXPECT_EQ(fields[1][4], "1");
}

TEST(GprsSuspensionRequestCodec, ReadsWhatItWrites)
{
    const auto message = EncodeGprsSuspensionRequest(g_request);
    EXPECT_EQ(message.size(), 13U); // TS 44.018 table 9.1.13b.1: 1 + 1 + 4 + 6 + 1
    const auto read = DecodeGprsSuspensionRequest(message.data(), message.size());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->tlli, g_request.tlli);
    EXPECT_EQ(read->routingArea, g_request.routingArea);
    EXPECT_EQ(read->cause, g_request.cause);
    for (std::size_t size = 0; size < message.size(); ++size)
    {
        EXPECT_FALSE(DecodeGprsSuspensionRequest(message.data(), size));
    }
}

TEST(GprsSuspensionRequestCodec, FindsTheResumptionBehindOtherElements)
{
    const std::vector<uint8_t> release{0x06, 0x0D, 0, 0x73, 2, 0xC0, 0xC1, 0x81, 0xC1};
    EXPECT_EQ(DecodeGprsResumption(release.data(), release.size()), true);
    EXPECT_EQ(DecodeGprsResumption(release.data(), release.size() - 1), std::nullopt);
    EXPECT_EQ(DecodeGprsResumption(release.data(), 5), std::nullopt); // a length that is wrong
    const auto refused = EncodeChannelRelease(0, false);
    EXPECT_EQ(DecodeGprsResumption(refused.data(), refused.size()), false);
    const auto plain = EncodeChannelRelease(0);
    EXPECT_EQ(DecodeGprsResumption(plain.data(), plain.size()), std::nullopt);
}
