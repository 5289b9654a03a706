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

using Row = std::vector<std::string>;

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

    /// Captures what an entity has to send. @return it
    std::vector<Octets> Write(LlcEntity& entity, LlcSide sender, uint32_t tlli = TLLI)
    {
        std::vector<Octets> frames = entity.TakeFrames(Seconds(0));
        for (const Octets& octets : frames)
        {
            m_capture.Write(sender == LlcSide::MS, tlli, ToPacket(octets));
        }
        return frames;
    }

    /// Captures what an entity has to send, and hands it to the other but for one that is lost.
    void Pass(LlcEntity& from, LlcSide sender, LlcEntity& to, std::size_t lost = 99)
    {
        std::size_t number = 0;
        for (const Octets& octets : Write(from, sender))
        {
            LlcFrame frame;
            ASSERT_EQ(DecodeLlcFrame(octets.data(), octets.size(), sender, frame),
                      LlcFrameError::NONE);
            if (number++ != lost)
            {
                to.Receive(Seconds(0), frame);
            }
        }
    }

    /// @return for each frame the values of fields; there is no fault, and each FCS is right.
    std::vector<Row> Dissect(const std::vector<std::string>& fields)
    {
        m_capture.Close();
        const Capture capture = Capture::Read("llc.pcap");
        EXPECT_EQ(capture.FindFaults(), std::vector<std::string>());
        EXPECT_EQ(capture.FindLines("FCS: ").size(), m_capture.GetPackets());
        EXPECT_EQ(capture.FindLines("(correct)").size(), m_capture.GetPackets());
        return capture.Dissect(fields);
    }

    const LlcParameters m_gmm = GetLlcDefaults(LlcSap::LLGMM);
    const LlcParameters m_data = GetLlcDefaults(LlcSap::LL3);
    GprsCapture m_capture{"llc.pcap"};
};

} // namespace

TEST_F(LlcOracleTest, ReadsGmmAndSm)
{
    LlcEntity ms(LlcSide::MS, LlcSap::LLGMM, m_gmm);
    LlcEntity sgsn(LlcSide::SGSN, LlcSap::LLGMM, m_gmm);
    AttachRequest request;
    request.imsi = 1'010'000'000'042;
    const Octets up = EncodeGmmSm(request);
    const Octets down = EncodeGmmSm(ActivatePdpContextReject());
    ms.SendUnitdata(up.data(), up.size());
    sgsn.SendUnitdata(down.data(), down.size(), false);
    Write(ms, LlcSide::MS);
    Write(sgsn, LlcSide::SGSN);
    const auto frames = Dissect({"llcgprs.sapib",
                                 "llcgprs.cr",
                                 "llcgprs.nu",
                                 "llcgprs.pm",
                                 "gsm_a.dtap.msg_gmm_type",
                                 "gsm_a.dtap.msg_sm_type",
                                 "e212.imsi",
                                 "gsmtap.uplink"});
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(frames[0], (Row{"1", "0", "0", "1", "0x01", "", "001010000000042", "1"}));
    EXPECT_EQ(frames[1], (Row{"1", "1", "0", "0", "", "0x43", "", "0"}));
}

// Establishment, four I frames of which the second is lost, its repetition, and release.
TEST_F(LlcOracleTest, ReadsAcknowledgedMode)
{
    LlcEntity ms(LlcSide::MS, LlcSap::LL3, m_data);
    LlcEntity sgsn(LlcSide::SGSN, LlcSap::LL3, m_data);
    SndcpEntity sndcp;
    SndcpParameters mode;
    mode.acknowledged = true;
    mode.n201 = m_data.n201I;
    ASSERT_TRUE(sndcp.Activate(NSAPI, mode));
    ASSERT_TRUE(ms.Establish(Seconds(0)));
    Pass(ms, LlcSide::MS, sgsn);
    Pass(sgsn, LlcSide::SGSN, ms);
    for (int i = 0; i < 4; ++i)
    {
        const Octets packet = MakeTcpPacket({});
        ASSERT_TRUE(ms.Send(sndcp.Segment(NSAPI, packet.data(), packet.size()).at(0)));
    }
    Pass(ms, LlcSide::MS, sgsn, 1);
    Pass(sgsn, LlcSide::SGSN, ms);
    Pass(ms, LlcSide::MS, sgsn);
    Pass(sgsn, LlcSide::SGSN, ms);
    ms.Release(Seconds(0));
    Pass(ms, LlcSide::MS, sgsn);
    Pass(sgsn, LlcSide::SGSN, ms);

    const auto frames = Dissect({"llcgprs.ucom",
                                 "llcgprs.sackns",
                                 "llcgprs.s1s2",
                                 "llcgprs.nr",
                                 "llcgprs.sackrbits",
                                 "sndcp.npdu",
                                 "tcp.srcport"});
    EXPECT_EQ(frames,
              (std::vector<Row>{{"0x07", "", "", "", "", "", ""},
                                {"0x06", "", "", "", "", "", ""},
                                {"", "0", "", "", "", "0", "1000"},
                                {"", "1", "", "", "", "1", "1000"},
                                {"", "2", "", "", "", "2", "1000"},
                                {"", "3", "", "", "", "3", "1000"},
                                {"", "", "0x0003", "1", "0xc0", "", ""},
                                {"", "1", "", "", "", "1", "1000"},
                                {"", "", "0x0000", "4", "", "", ""},
                                {"0x04", "", "", "", "", "", ""},
                                {"0x06", "", "", "", "", "", ""}}));
}

// N-PDUs in segments, of two phones in turns and with the same numbers: tshark puts each together,
// and finds the packet that was sent, with its right checksums.
TEST_F(LlcOracleTest, ReadsTheInnerPacketOfItsSegments)
{
    constexpr std::size_t phones = 2;
    std::array<SndcpEntity, phones> sndcp;
    std::array<std::unique_ptr<LlcEntity>, phones> llc;
    std::array<std::vector<Octets>, phones> pdus;
    for (std::size_t i = 0; i < phones; ++i)
    {
        ASSERT_TRUE(sndcp[i].Activate(NSAPI, {}));
        llc[i] = std::make_unique<LlcEntity>(LlcSide::MS, LlcSap::LL3, m_data);
        TcpFields fields;
        fields.data = 1400 + i;
        fields.sequence = 1000 * static_cast<uint32_t>(i);
        for (const Octets& packet : {MakeTcpPacket({}), MakeTcpPacket(fields)})
        {
            const auto more = sndcp[i].Segment(NSAPI, packet.data(), packet.size());
            pdus[i].insert(pdus[i].end(), more.begin(), more.end());
        }
    }
    for (std::size_t segment = 0; segment < pdus[0].size(); ++segment)
    {
        for (std::size_t i = 0; i < phones; ++i)
        {
            const Octets& pdu = pdus[i][segment];
            ASSERT_TRUE(llc[i]->SendUnitdata(pdu.data(), pdu.size()));
            Write(*llc[i], LlcSide::MS, TLLI + static_cast<uint32_t>(i));
        }
    }
    const auto frames = Dissect({"sndcp.nsapib",
                                 "sndcp.segment",
                                 "sndcp.npdu",
                                 "sndcp.npdu.fragment.count",
                                 "tcp.payload",
                                 "tcp.seq_raw",
                                 "ip.len"});
    ASSERT_EQ(frames.size(), 8U);
    EXPECT_EQ(frames[0][4], "");
    EXPECT_EQ(frames[0][5], "1");
    for (std::size_t i = 0; i < phones; ++i)
    {
        const Row& last = frames[6 + i];
        TcpFields fields;
        fields.data = 1400 + i;
        fields.sequence = 1000 * static_cast<uint32_t>(i);
        const Octets packet = MakeTcpPacket(fields);
        EXPECT_EQ(last[0], "5");
        EXPECT_EQ(last[1], "2");
        EXPECT_EQ(last[3], "3");
        EXPECT_EQ(last[4], ToHex(Octets(packet.begin() + 40, packet.end())));
        EXPECT_EQ(last[5], std::to_string(fields.sequence));
    }
}
