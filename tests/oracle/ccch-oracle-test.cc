// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/dissection.h"

#include "ns3/rr-messages.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3::p2pim;
using p2pim::oracle::Capture;

namespace
{

void
Add(Capture& capture, const L2Block& block)
{
    capture.AddPdu("gsm_a_ccch", std::vector<uint8_t>(block.begin(), block.end()), false);
}

} // namespace

// tshark reads the same identities out of PAGING REQUEST TYPE 1, 2 and 3.
TEST(CcchOracle, ReadsEachTypeOfPagingRequest)
{
    constexpr uint64_t imsi = 262011000000123;
    Capture capture(Capture::Link::EXPORTED_PDU);
    Add(capture, EncodePagingRequest({{imsi, {}}}));
    Add(capture, EncodePagingRequest({{imsi, {}}, {0, 0xC0FFEE01}}));
    Add(capture, EncodePagingRequest({{imsi, {}}, {0, 0x11223344}, {0, 0x55667788}}));
    Add(capture, EncodePagingRequest({{0, 1}, {0, 0x11223344}, {0, 0x55667788}}));
    Add(capture, EncodePagingRequest({{0, 1}, {0, 2}, {0, 3}, {0, 0xFFFFFFFF}}));
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>());
    // The TMSIs of fixed place, then those in a mobile identity.
    const auto fields =
        capture.Dissect({"gsm_a.dtap.msg_rr_type", "e212.imsi", "gsm_a.tmsi", "3gpp.tmsi"});
    const std::string name = std::to_string(imsi);
    const std::vector<std::vector<std::string>> expected{
        {"0x21", name, "", ""},
        {"0x21", name, "", "3237998081"},
        {"0x22", name, "287454020,1432778632", ""},
        {"0x22", "", "1,287454020", "1432778632"},
        {"0x24", "", "1,2,3,4294967295", ""},
    };
    EXPECT_EQ(fields, expected);
}

// And an assignment of an SDCCH/4, and four references in a reject.
TEST(CcchOracle, ReadsAssignmentsAndRejects)
{
    Capture capture(Capture::Link::EXPORTED_PDU);
    ImmediateAssignment assignment;
    assignment.sdcch4 = true;
    assignment.subchannel = 2;
    assignment.timeSlot = 0;
    Add(capture, EncodeImmediateAssignment(assignment));
    RejectList rejects;
    for (std::size_t i = 0; i < rejects.size(); ++i)
    {
        rejects[i] = {{static_cast<uint8_t>(0x10 + i), static_cast<uint16_t>(1000 + i)},
                      static_cast<uint8_t>(10 + i)};
    }
    Add(capture, EncodeImmediateAssignmentReject(rejects, 4));
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>());
    const auto fields =
        capture.Dissect({"gsm_a.dtap.msg_rr_type", "gsm_a.rr.wait_indication", "gsm_a.rr.rfn"});
    const std::vector<std::vector<std::string>> expected{
        {"0x3f", "", "0"},
        {"0x3a", "10,11,12,13", "1000,1001,1002,1003"},
    };
    EXPECT_EQ(fields, expected);
    const auto decoded = DecodeImmediateAssignment(EncodeImmediateAssignment(assignment));
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(decoded->sdcch4);
    EXPECT_EQ(decoded->subchannel, 2);
}
