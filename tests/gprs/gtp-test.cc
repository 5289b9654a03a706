// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/dissection.h"

#include "ns3/gtp-user-header.h"
#include "ns3/gtp.h"
#include "ns3/ipv4-header.h"
#include "ns3/udp-header.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

CreatePdpContextRequest
MakeRequest()
{
    CreatePdpContextRequest request;
    request.sequence = 7;
    request.imsi = 1'010'000'000'042; // 001 01 0000000042
    request.teidData = 0x11;
    request.teidControl = 0x12;
    request.nsapi = 5;
    request.apn = "internet";
    request.sgsn = Ipv4Address("172.16.0.1");
    request.msisdn = "447700000001";
    return request;
}

CreatePdpContextResponse
MakeResponse(GtpCause cause)
{
    CreatePdpContextResponse response;
    response.sequence = 7;
    response.teid = 0x12;
    response.cause = cause;
    if (cause == GtpCause::REQUEST_ACCEPTED)
    {
        response.teidData = 0x21;
        response.teidControl = 0x22;
        response.chargingId = 99;
        response.endUser = Ipv4Address("10.0.0.2");
        response.ggsn = Ipv4Address("172.16.0.2");
    }
    return response;
}

std::vector<GtpMessage>
AllMessages()
{
    return {MakeRequest(),
            MakeResponse(GtpCause::REQUEST_ACCEPTED),
            MakeResponse(GtpCause::MISSING_OR_UNKNOWN_APN)};
}

/// @return @p payload in UDP and IPv4, as on Gn.
Octets
InUdp(const Octets& payload, uint16_t port)
{
    auto packet = ToPacket(payload);
    UdpHeader udp;
    udp.SetSourcePort(port);
    udp.SetDestinationPort(port);
    packet->AddHeader(udp);
    Ipv4Header ip;
    ip.SetSource(Ipv4Address("172.16.0.1"));
    ip.SetDestination(Ipv4Address("172.16.0.2"));
    ip.SetProtocol(17);
    ip.SetTtl(64);
    ip.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
    packet->AddHeader(ip);
    return ToOctets(packet);
}

} // namespace

TEST(Gtp, DecodesWhatItEncodes)
{
    for (const auto& message : AllMessages())
    {
        const auto decoded = DecodeGtp(EncodeGtp(message));
        ASSERT_TRUE(decoded);
        EXPECT_EQ(EncodeGtp(*decoded), EncodeGtp(message));
    }
    const auto request = std::get<CreatePdpContextRequest>(*DecodeGtp(EncodeGtp(MakeRequest())));
    EXPECT_EQ(request.imsi, 1'010'000'000'042U);
    EXPECT_EQ(request.apn, "internet");
    EXPECT_EQ(request.msisdn, "447700000001");
    EXPECT_EQ(request.sgsn, Ipv4Address("172.16.0.1"));
}

TEST(Gtp, RefusesEveryTruncation)
{
    for (const auto& message : AllMessages())
    {
        const auto octets = EncodeGtp(message);
        for (std::size_t size = 0; size < octets.size(); ++size)
        {
            const Octets cut(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size));
            EXPECT_FALSE(DecodeGtp(cut)) << "cut to " << size;
        }
    }
}

TEST(Gtp, RefusesARequestWithoutAnApn)
{
    auto request = MakeRequest();
    request.apn = "";
    EXPECT_FALSE(DecodeGtp(EncodeGtp(request)));
}

// TS 29.060 7.7.17: 0 to 4 are reserved
TEST(Gtp, RefusesAReservedNsapi)
{
    auto request = MakeRequest();
    request.nsapi = 4;
    EXPECT_FALSE(DecodeGtp(EncodeGtp(request)));
    request.nsapi = 16; // the field has four bits
    EXPECT_FALSE(DecodeGtp(EncodeGtp(request)));
}

// RFC 1071: the sum over an IPv4 header with its checksum is all ones
TEST(Gtp, UserHeaderHasAValidIpChecksumAndTheTeid)
{
    auto packet = Create<Packet>(100);
    packet->AddHeader(
        GtpUserHeader(Ipv4Address("172.16.0.1"), Ipv4Address("172.16.0.2"), 0xABCDEF01, 100));
    const auto octets = ToOctets(packet);
    uint32_t sum = 0;
    for (std::size_t n = 0; n < 20; n += 2)
    {
        sum += static_cast<uint32_t>(octets[n] << 8 | octets[n + 1]);
    }
    sum = (sum & 0xFFFF) + (sum >> 16);
    EXPECT_EQ(sum, 0xFFFFU);

    GtpUserHeader header;
    packet->RemoveHeader(header);
    EXPECT_EQ(header.GetTeid(), 0xABCDEF01U);
    EXPECT_EQ(packet->GetSize(), 100U);
}

TEST(Gtp, IsCleanForTshark)
{
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    ::p2pim::oracle::Capture capture(::p2pim::oracle::Capture::Link::RAW_IP);
    for (const auto& message : AllMessages())
    {
        capture.Add(InUdp(EncodeGtp(message), GTP_C_PORT));
    }
    // a G-PDU that carries an IPv4 packet of a station
    auto user = ToPacket(InUdp({'h', 'i'}, 9));
    const auto size = static_cast<uint16_t>(user->GetSize());
    user->AddHeader(
        GtpUserHeader(Ipv4Address("172.16.0.1"), Ipv4Address("172.16.0.2"), 0x21, size));
    capture.Add(ToOctets(user));

    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>{});
    const auto fields = capture.Dissect(
        {"gtp.message", "gtp.user_ipv4", "e212.imsi", "gtp.apn", "gtp.cause", "gtp.teid"});
    EXPECT_EQ(fields[0][0], "0x10");
    EXPECT_EQ(fields[0][2], "001010000000042");
    EXPECT_EQ(fields[0][3], "internet");
    EXPECT_EQ(fields[1][1], "10.0.0.2");
    EXPECT_EQ(fields[1][4], "128");
    EXPECT_EQ(fields[2][4], "219");
    EXPECT_EQ(fields[3][0], "0xff");
    EXPECT_EQ(fields[3][5], "0x00000021");
}
