// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz-target.h"

#include "ns3/gmm-sm-message.h"
#include "ns3/gtp.h"

#include <tuple>

namespace p2pim::fuzz
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint64_t IMSI = 262011234567890;

auto
GetFields(const AttachRequest& value)
{
    return std::tie(value.imsi);
}

auto
GetFields(const AuthenticationAndCipheringRequest& value)
{
    return std::tie(value.rand);
}

auto
GetFields(const AuthenticationAndCipheringResponse& value)
{
    return std::tie(value.sres);
}

auto
GetFields(const AttachAccept& value)
{
    return std::tie(value.ptmsi, value.locationArea, value.routingArea);
}

auto
GetFields(const AttachComplete&)
{
    return std::tuple();
}

auto
GetFields(const AttachReject& value)
{
    return std::tie(value.cause);
}

auto
GetFields(const ActivatePdpContextRequest& value)
{
    return std::tie(value.nsapi, value.apn);
}

auto
GetFields(const ActivatePdpContextAccept& value)
{
    return std::tie(value.address);
}

auto
GetFields(const ActivatePdpContextReject& value)
{
    return std::tie(value.cause);
}

auto
GetFields(const CreatePdpContextRequest& value)
{
    return std::tie(value.sequence,
                    value.imsi,
                    value.teidData,
                    value.teidControl,
                    value.nsapi,
                    value.apn,
                    value.sgsn,
                    value.msisdn);
}

auto
GetFields(const CreatePdpContextResponse& value)
{
    return std::tie(value.sequence,
                    value.teid,
                    value.cause,
                    value.teidData,
                    value.teidControl,
                    value.chargingId,
                    value.endUser,
                    value.ggsn);
}

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
    return second && HoldTheSame(*first, *second, [](const auto& a, const auto& b) {
               return GetFields(a) == GetFields(b);
           });
}

bool
GmmSmHolds(const uint8_t* octets, std::size_t size)
{
    return IsStable(octets, size, DecodeGmmSm, EncodeGmmSm);
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
    return IsStable(octets, size, DecodeGtp, EncodeGtp);
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
