// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz-target.h"
#include "tests/fuzz/gprs-fields.h"
#include "tests/fuzz/gprs-samples.h"

#include "ns3/gmm-sm-message.h"
#include "ns3/gtp.h"

namespace p2pim::fuzz
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

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
    GprsSamples samples(1);
    for (const auto& messages : {samples.MakeGmm(), samples.MakeSm()})
    {
        for (const auto& [message, direction] : messages)
        {
            seeds.push_back(EncodeGmmSm(message));
        }
    }
    return seeds;
}

bool
GtpHolds(const uint8_t* octets, std::size_t size)
{
    const auto answer = AnswerGtpFault(Octets(octets, octets + size));
    return IsStable(octets, size, DecodeGtp, EncodeGtp) &&
           IsStable(octets, size, DecodeGtpUser, EncodeGtp) &&
           (!answer || DecodeGtp(EncodeGtp(*answer)));
}

std::vector<Octets>
MakeGtp()
{
    std::vector<Octets> seeds;
    GprsSamples samples(2);
    for (const auto& messages : {samples.MakeGtpControl(), samples.MakeGtpUser()})
    {
        for (const auto& message : messages)
        {
            seeds.push_back(EncodeGtp(message));
        }
    }
    return seeds;
}

} // namespace

std::vector<Target>
GetGprsTargets()
{
    return {{"gprs-gmm-sm", GmmSmHolds, MakeGmmSm}, {"gprs-gtp", GtpHolds, MakeGtp}};
}

} // namespace p2pim::fuzz
