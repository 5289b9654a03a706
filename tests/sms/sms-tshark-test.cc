// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gsm/sms-network.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

using Octets = std::vector<uint8_t>;

constexpr uint32_t LINK_RAW_IP = 101;
constexpr uint32_t LINK_EXPORTED_PDU = 252;

void
Append16(Octets& octets, uint32_t value)
{
    octets.push_back(static_cast<uint8_t>(value >> 8));
    octets.push_back(static_cast<uint8_t>(value));
}

/// Writes a pcap file, big endian.
class PcapFile
{
  public:
    PcapFile(const std::filesystem::path& path, uint32_t linkType)
        : m_file(path, std::ios::binary)
    {
        Write32({0xA1B2C3D4, 0x00020004, 0, 0, 65535, linkType});
    }

    void Add(const Octets& octets)
    {
        const auto size = static_cast<uint32_t>(octets.size());
        Write32({++m_packets, 0, size, size});
        m_file.write(reinterpret_cast<const char*>(octets.data()),
                     static_cast<std::streamsize>(octets.size()));
        m_file.flush();
    }

  private:
    void Write32(const std::vector<uint32_t>& words)
    {
        for (const uint32_t word : words)
        {
            for (int shift = 24; shift >= 0; shift -= 8)
            {
                m_file.put(static_cast<char>(word >> shift));
            }
        }
    }

    std::ofstream m_file;
    uint32_t m_packets = 0;
};

/// An exported PDU for the dissector of @p name, sent to or from the network.
Octets
Export(const std::string& name, bool uplink, const uint8_t* message, std::size_t size)
{
    std::string padded = name;
    padded.resize((name.size() + 3) / 4 * 4, '\0');
    Octets octets;
    Append16(octets, 12); // tag: dissector name
    Append16(octets, static_cast<uint32_t>(padded.size()));
    octets.insert(octets.end(), padded.begin(), padded.end());
    Append16(octets, 35); // tag: point-to-point direction
    Append16(octets, 4);
    Append16(octets, 0);
    Append16(octets, uplink ? 1 : 0);
    Append16(octets, 0); // end of tags
    Append16(octets, 0);
    octets.insert(octets.end(), message, message + size);
    return octets;
}

/// A block of the Um interface in GSMTAP over UDP over IPv4.
Octets
WrapGsmtap(uint8_t channel, bool uplink, const L2Block& block)
{
    constexpr uint32_t port = 4729;
    constexpr uint32_t gsmtapSize = 16;
    const uint32_t udpSize = 8 + gsmtapSize + static_cast<uint32_t>(block.size());
    Octets octets{0x45, 0};
    Append16(octets, 20 + udpSize);
    octets.insert(octets.end(), {0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2});
    Append16(octets, port);
    Append16(octets, port);
    Append16(octets, udpSize);
    Append16(octets, 0);
    octets.insert(octets.end(), {2, 4, 1, 0}); // version, header words, Um, time slot
    Append16(octets, uplink ? 0x4000 : 0);
    octets.insert(octets.end(), {0, 0, 0, 0, 0, 0, channel, 0, 0, 0});
    octets.insert(octets.end(), block.begin(), block.end());
    return octets;
}

/// The lines that a shell command prints.
std::vector<std::string>
RunCommand(const std::string& command)
{
    std::vector<std::string> lines;
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string text;
    for (int c = pipe ? std::fgetc(pipe.get()) : EOF; c != EOF; c = std::fgetc(pipe.get()))
    {
        text.push_back(static_cast<char>(c));
    }
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
    {
        lines.push_back(line);
    }
    return lines;
}

/// A run whose radio messages are written to pcap files, in a folder that vanishes with it.
class SmsTsharkTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        if (std::system("command -v tshark > /dev/null 2>&1") != 0)
        {
            GTEST_SKIP() << "tshark is not installed";
        }
        std::string pattern = (std::filesystem::temp_directory_path() / "p2pim-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        m_folder = pattern;
        m_layer3 = std::make_unique<PcapFile>(m_folder / "layer3.pcap", LINK_EXPORTED_PDU);
        m_blocks = std::make_unique<PcapFile>(m_folder / "blocks.pcap", LINK_RAW_IP);
        m_net.AddPhone();
        m_net.AddPhone();
        m_net.cell->TraceConnectWithoutContext("Layer3",
                                               MakeCallback(&SmsTsharkTest::Layer3, this));
        m_net.cell->TraceConnectWithoutContext("LapdmFrame",
                                               MakeCallback(&SmsTsharkTest::Frame, this));
        m_net.cell->TraceConnectWithoutContext("AgchBlock",
                                               MakeCallback(&SmsTsharkTest::Agch, this));
        m_net.cell->GetCcch()->TraceConnectWithoutContext(
            "PagingBlock",
            MakeCallback(&SmsTsharkTest::Paging, this));
    }

    void TearDown() override
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_folder, ignored);
    }

    void Layer3(bool uplink, uint8_t /* sapi */, const Octets& message)
    {
        m_layer3->Add(Export("gsm_a_dtap", uplink, message.data(), message.size()));
        CpMessage cp;
        RpMessage rp;
        if (DecodeCp(message.data(), message.size(), cp) == SmsCodecError::NONE && cp.userData &&
            DecodeRp(cp.userData, cp.size, rp) == SmsCodecError::NONE && rp.userData)
        {
            m_layer3->Add(Export("gsm_sms", uplink, rp.userData, rp.size));
        }
    }

    void Frame(bool uplink, int64_t /* frame */, const L2Block& block)
    {
        m_blocks->Add(WrapGsmtap(8, uplink, block)); // SDCCH/8
    }

    void Agch(const L2Block& block)
    {
        m_blocks->Add(WrapGsmtap(4, false, block));
    }

    void Paging(int64_t /* frame */, const L2Block& block)
    {
        m_blocks->Add(WrapGsmtap(5, false, block));
    }

    /// @return what tshark prints about a file.
    std::vector<std::string> Dissect(const std::string& file, const std::string& options) const
    {
        return RunCommand("tshark -r " + (m_folder / file).string() + " " + options +
                          " 2>/dev/null");
    }

    std::filesystem::path m_folder;
    std::unique_ptr<PcapFile> m_layer3;
    std::unique_ptr<PcapFile> m_blocks;
    SmsNetwork m_net;
};

std::string
ToHex(const Octets& octets)
{
    std::string hex;
    for (const uint8_t octet : octets)
    {
        hex += "0123456789abcdef"[octet >> 4];
        hex += "0123456789abcdef"[octet & 0x0F];
    }
    return hex;
}

} // namespace

// Wireshark's dissectors for TS 23.040, TS 24.008, TS 24.011, TS 44.006 and TS 44.018 are the
// oracle: no malformed packet, and addresses, ports and user data as they were submitted.
TEST_F(SmsTsharkTest, EachMessageOfAnSmsDissects)
{
    Octets data;
    for (int i = 0; i < 80; ++i)
    {
        data.push_back(static_cast<uint8_t>(i * 3));
    }
    Simulator::Schedule(Seconds(1),
                        [this, &data]() { m_net.SendTo(0, m_net.phones[1]->GetMsisdn(), data); });
    Simulator::Run();
    ASSERT_EQ(m_net.received[1].size(), 1U);
    EXPECT_EQ(m_net.received[1][0].octets, data);

    const std::string bad = "-Y '_ws.malformed || _ws.expert.severity >= 6291456' -T fields -e "
                            "frame.number -e _ws.expert.message";
    EXPECT_EQ(Dissect("layer3.pcap", bad), std::vector<std::string>());
    EXPECT_EQ(Dissect("blocks.pcap", bad), std::vector<std::string>());

    // Ten messages of layer 3 on each SDCCH, and the TPDU of each leg once more.
    EXPECT_EQ(Dissect("layer3.pcap", "-Y gsm_a.dtap").size(), 20U);
    const auto tpdus = Dissect("layer3.pcap",
                               "-Y 'gsm_sms && !gsm_a.dtap' -T fields -E separator=/s "
                               "-e gsm_sms.tp-da -e gsm_sms.tp-oa -e gsm_sms.destination_port "
                               "-e gsm_sms.originator_port -e gsm_sms.sms_body");
    ASSERT_EQ(tpdus.size(), 2U);
    const std::string portsAndData = "9000 9000 " + ToHex(data);
    EXPECT_EQ(tpdus[0], m_net.phones[1]->GetMsisdn() + "  " + portsAndData);
    EXPECT_EQ(tpdus[1], " " + m_net.phones[0]->GetMsisdn() + " " + portsAndData);
}

// The phones are named on the PCH and in the first messages on the SDCCHs, by their IMSIs.
TEST_F(SmsTsharkTest, BlocksNameTheirPhones)
{
    Simulator::Schedule(Seconds(1), &SmsNetwork::Send, &m_net, 0, 1, 10);
    Simulator::Run();
    const auto paging =
        Dissect("blocks.pcap", "-Y 'gsm_a.dtap.msg_rr_type == 0x21' -T fields -e e212.imsi");
    ASSERT_EQ(paging.size(), 1U);
    EXPECT_EQ(paging[0], std::to_string(m_net.phones[1]->GetImsi()));
    const auto requests =
        Dissect("blocks.pcap", "-Y 'gsm_a.dtap.msg_mm_type == 0x24' -T fields -e e212.imsi");
    ASSERT_GE(requests.size(), 1U);
    EXPECT_EQ(requests[0], std::to_string(m_net.phones[0]->GetImsi()));
    EXPECT_EQ(Dissect("blocks.pcap", "-Y 'gsm_a.dtap.msg_rr_type == 0x3f'").size(), 2U);
}
