// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gprs-coding-scheme.h"

#include "ns3/enum.h"

#include <array>

namespace ns3
{
namespace p2pim
{

namespace
{

// The ratios are those of TS 45.005 tables 2a and 2b for TU50 without hopping at 900 MHz, as
// remembered; MCS-8 and MCS-9 have theirs there for 30 % and are extrapolated.
const std::array<GprsCoding, GPRS_CODING_SCHEMES> g_codings{{
    {"CS-1", 181, 1, 20, 10},
    {"CS-2", 268, 1, 30, 14},
    {"CS-3", 312, 1, 36, 16},
    {"CS-4", 428, 1, 50, 24},
    {"MCS-1", 176, 1, 22, 9.5},
    {"MCS-2", 224, 1, 28, 12},
    {"MCS-3", 296, 1, 37, 16.5},
    {"MCS-4", 352, 1, 44, 21.5},
    {"MCS-5", 448, 1, 56, 15.5},
    {"MCS-6", 592, 1, 74, 18},
    {"MCS-7", 896, 2, 56, 25},
    {"MCS-8", 1088, 2, 68, 30},
    {"MCS-9", 1184, 2, 74, 33},
}};

} // namespace

const GprsCoding&
GetGprsCoding(GprsCodingScheme scheme)
{
    return g_codings[static_cast<std::size_t>(scheme)];
}

bool
IsEgprs(GprsCodingScheme scheme)
{
    return scheme >= GprsCodingScheme::MCS_1;
}

GprsCodingScheme
GetRepetitionScheme(GprsCodingScheme first, GprsCodingScheme commanded)
{
    if (commanded >= first || first <= GprsCodingScheme::MCS_3)
    {
        return first;
    }
    switch (first)
    {
    case GprsCodingScheme::MCS_4:
        return GprsCodingScheme::MCS_1;
    case GprsCodingScheme::MCS_5:
    case GprsCodingScheme::MCS_7:
        return commanded >= GprsCodingScheme::MCS_5 ? GprsCodingScheme::MCS_5
                                                    : GprsCodingScheme::MCS_2;
    default:
        return commanded >= GprsCodingScheme::MCS_6 ? GprsCodingScheme::MCS_6
                                                    : GprsCodingScheme::MCS_3;
    }
}

uint32_t
GetRlcDataOctets(GprsCodingScheme scheme)
{
    const GprsCoding& coding = GetGprsCoding(scheme);
    return coding.rlcBlocks * coding.dataOctets;
}

Ptr<const AttributeChecker>
MakeGprsCodingSchemeChecker()
{
    using Scheme = GprsCodingScheme;
    return MakeEnumChecker(Scheme::CS_1,
                           "CS-1",
                           Scheme::CS_2,
                           "CS-2",
                           Scheme::CS_3,
                           "CS-3",
                           Scheme::CS_4,
                           "CS-4",
                           Scheme::MCS_1,
                           "MCS-1",
                           Scheme::MCS_2,
                           "MCS-2",
                           Scheme::MCS_3,
                           "MCS-3",
                           Scheme::MCS_4,
                           "MCS-4",
                           Scheme::MCS_5,
                           "MCS-5",
                           Scheme::MCS_6,
                           "MCS-6",
                           Scheme::MCS_7,
                           "MCS-7",
                           Scheme::MCS_8,
                           "MCS-8",
                           Scheme::MCS_9,
                           "MCS-9");
}

} // namespace p2pim
} // namespace ns3
