// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * What tshark reads in a capture of LLC frames.
 */
#include "oracle/dissection.h"
#include "tests/gprs/tcp-conversation.h"
#include "tests/hex.h"
#include "tests/program/work-folder.h"

#include "ns3/gmm-sm-message.h"
#include "ns3/gprs-capture.h"
#include "ns3/llc-entity.h"
#include "ns3/sndcp.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::oracle::Capture;
using ::p2pim::oracle::HasTshark;
using ::p2pim::test::MakeTcpPacket;
using ::p2pim::test::TcpFields;
using ::p2pim::test::ToHex;

namespace
{

constexpr uint32_t TLLI = 0xC0000007;
constexpr uint8_t NSAPI = 5;

class LlcOracleTest : public WorkFolderTest
{
  protected:
    void SetUp() override
    {
        if (!HasTshark())
        {
            GTEST_SKIP() << "tshark is not installed";
        }
    }

    /// Writes a frame as a cell would tell of it.
    void Write(const LlcFrame& frame, LlcSide sender, uint32_t tlli = TLLI)
    {
        Octets octets;
        EncodeLlcFrame(frame, sender, octets);
        m_capture.Write(sender == LlcSide::MS, tlli, ToPacket(octets));
    }

    /// Writes what an entity has to send.
    void WriteAll(LlcEntity& entity, LlcSide sender, uint32_t tlli = TLLI)
    {
        for (const Octets& octets : entity.TakeFrames(Seconds(0)))
        {
            m_capture.Write(sender == LlcSide::MS, tlli, ToPacket(octets));
        }
    }

    /// @return for each frame, the values of fields; there is no fault.
    std::vector<std::vector<std::string>> Dissect(const std::vector<std::string>& fields)
    {
        m_capture.Close();
        const Capture capture = Capture::Read("llc.pcap");
        EXPECT_EQ(capture.FindFaults(), std::vector<std::string>());
        return capture.Dissect(fields);
    }

    GprsCapture m_capture{"llc.pcap"};
};

/// @return an SDU of the link as tshark's octets.
TcpFields
MakeFields(std::size_t data)
{
    TcpFields fields;
    fields.data = data;
    return fields;
}

} // namespace

TEST_F(LlcOracleTest, ReadsGmmAndSm)
{
    const LlcParameters parameters = GetLlcDefaults(LlcSap::LLGMM);
    LlcEntity ms(LlcSide::MS, LlcSap::LLGMM, parameters);
    LlcEntity sgsn(LlcSide::SGSN, LlcSap::LLGMM, parameters);
    AttachRequest request;
    request.imsi = 1'010'000'000'042;
    const Octets up = EncodeGmmSm(request);
    const Octets down = EncodeGmmSm(ActivatePdpContextReject());
    ms.SendUnitdata(up.data(), up.size());
    sgsn.SendUnitdata(down.data(), down.size(), false);
    WriteAll(ms, LlcSide::MS);
    WriteAll(sgsn, LlcSide::SGSN);
    const auto frames = Dissect({"llcgprs.sapib",
                                 "llcgprs.cr",
                                 "llcgprs.nu",
                                 "llcgprs.pm",
                                 "gsm_a.dtap.msg_gmm_type",
                                 "gsm_a.dtap.msg_sm_type",
                                 "e212.imsi",
                                 "gsmtap.uplink",
                                 "llcgprs.fcs"});
    ASSERT_EQ(frames.size(), 2U);
    for (auto& f : frames) for (auto& v : f) std::cout << v << "|";
}
