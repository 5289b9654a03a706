// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz-target.h"
#include "tests/fuzz/gprs-fields.h"

#include "ns3/gmm-sm-message.h"
#include "ns3/gtp.h"

namespace p2pim::fuzz
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint64_t IMSI = 262011234567890;

template <typename Decode, typename Encode>
bool
IsStable(const uint8_t* octets, std::size_t size, Decode decode, Encode encode)
{
    const auto first = decode(Octets(octets, octets + size));
    if (!first)
    {
        return true;
    }
    const auto second = decode(encode(*first));
    return second && AreSame(*first, *second);
}

bool
GmmSmHolds(const uint8_t* octets, std::size_t size)
{
    // who sent it, the MS or the network
    for (const auto direction : {GmmSmDirection::UPLINK, GmmSmDirection::DOWNLINK})
    {
        const auto decode = [=](const Octets& each) { return DecodeGmmSm(each, direction); };
        if (!IsStable(octets, size, decode, EncodeGmmSm))
        {
            return false;
        }
    }
    return true;
}

std::vector<Octets>
MakeGmmSm()
{
    std::vector<Octets> seeds;
    for (const GmmSmMessage& message :
         {GmmSmMessage(AttachRequest{IMSI}),
          GmmSmMessage(AuthenticationAndCipheringRequest{{1, 2, 3}}),
          GmmSmMessage(AuthenticationAndCipheringResponse{0x12345678}),
          GmmSmMessage(AttachAccept{0xC0000001, 7, 3}),
          GmmSmMessage(AttachComplete()),
          GmmSmMessage(AttachReject()),
          GmmSmMessage(ActivatePdpContextRequest{5, "internet.example"}),
          GmmSmMessage(ActivatePdpContextAccept{Ipv4Address("10.0.0.1")}),
          GmmSmMessage(ActivatePdpContextReject())})
    {
        seeds.push_back(EncodeGmmSm(message));
    }
    return seeds;
}

bool
GtpHolds(const uint8_t* octets, std::size_t size)
{
    return IsStable(octets, size, DecodeGtp, EncodeGtp) &&
           IsStable(octets, size, DecodeGtpUser, EncodeGtp);
}

std::vector<Octets>
MakeGtp()
{
    CreatePdpContextRequest request;
    request.sequence = 7;
    request.imsi = IMSI;
    request.teidData = 1;
    request.teidControl = 2;
    request.apn = "internet.example";
    request.sgsn = Ipv4Address("10.1.0.1");
    request.msisdn = "4917112345678";
    CreatePdpContextResponse accepted;
    accepted.teid = 2;
    accepted.teidData = 3;
    accepted.teidControl = 4;
    accepted.endUser = Ipv4Address("10.0.0.1");
    accepted.ggsn = Ipv4Address("10.1.0.2");
    CreatePdpContextResponse refused;
    refused.cause = GtpCause::MISSING_OR_UNKNOWN_APN;
    return {EncodeGtp(request), EncodeGtp(accepted), EncodeGtp(refused)};
}

} // namespace

std::vector<Target>
GetGprsTargets()
{
    return {{"gprs-gmm-sm", GmmSmHolds, MakeGmmSm}, {"gprs-gtp", GtpHolds, MakeGtp}};
}

} // namespace p2pim::fuzz
