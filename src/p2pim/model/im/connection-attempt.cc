// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/connection-attempt.h"

namespace ns3
{
namespace p2pim
{

const char*
GetCandidateName(ConnectionAttempt::Candidate candidate)
{
    using Candidate = ConnectionAttempt::Candidate;
    switch (candidate)
    {
    case Candidate::HOST:
        return "host";
    case Candidate::STUN_SERVER:
        return "stun";
    case Candidate::PREDICTED:
        return "predicted";
    case Candidate::REFLEXIVE:
        return "srflx";
    case Candidate::MAPPED:
        return "mapped";
    case Candidate::RELAY:
        return "relay";
    }
    return "";
}

} // namespace p2pim
} // namespace ns3
