// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/dissection.h"

#include "ns3/gmm-sm-message.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::oracle::Capture;

namespace
{

constexpr auto UP = GmmSmDirection::UPLINK;
constexpr auto DOWN = GmmSmDirection::DOWNLINK;

/// Wireshark's names of fields and the values that it is to read.
using Fields = std::map<std::string, std::string>;

/// A message, who sends it, and what tshark is to read in it.
struct Expectation
{
    GmmSmMessage message;
    GmmSmDirection direction;
    Fields fields;
};

void
ExpectFields(const std::vector<Expectation>& expectations)
{
    Capture capture(Capture::Link::EXPORTED_PDU);
    std::vector<std::string> names;
    for (const auto& [message, direction, fields] : expectations)
    {
        capture.AddPdu("gsm_a_dtap", EncodeGmmSm(message), direction == UP);
        for (const auto& [name, value] : fields)
        {
            if (std::find(names.begin(), names.end(), name) == names.end())
            {
                names.push_back(name);
            }
        }
    }
    const auto frames = capture.Dissect(names);
    for (std::size_t n = 0; n < expectations.size(); ++n)
    {
        for (const auto& [name, value] : expectations[n].fields)
        {
            const auto column = std::find(names.begin(), names.end(), name) - names.begin();
            EXPECT_EQ(frames[n][static_cast<std::size_t>(column)], value)
                << name << " of frame " << n + 1;
        }
    }
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>{});
}

/// @return what is read of a routing area, and more.
Fields
WithArea(Fields fields)
{
    fields.insert({{"e212.rai.mcc", "310"},
                   {"e212.rai.mnc", "410"},
                   {"gsm_a.lac", "0x1234"},
                   {"gsm_a.gm.gmm.rac", "0x05"}});
    return fields;
}

/// @return what is read of a QoS profile, and more.
Fields
WithQos(Fields fields)
{
    fields.insert({{"gsm_a.gm.sm.qos.delay_cls", "1"},
                   {"gsm_a.gm.sm.qos.reliability_cls", "2"},
                   {"gsm_a.gm.sm.qos.peak_throughput", "6"},
                   {"gsm_a.gm.sm.qos.prec_class", "1"},
                   {"gsm_a.gm.sm.qos.mean_throughput", "18"}});
    return fields;
}

const RoutingAreaId g_area{310, 410, 0x1234, 5, 3};
const QosProfile g_qos{1, 2, 6, 1, 18};
const Ipv4Address g_address("10.0.0.2");
constexpr uint32_t PTMSI = 0xC0000007;
const std::string g_ptmsi = "3221225479";
// 5 and 9 of 0 to 15
const std::string g_nsapis5And9 =
    "0x0000,0x0000,0x0000,0x0000,0x0000,0x0001,0x0000,0x0000,0x0000,0x0001,0x0000,0x0000,0x0000,"
    "0x0000,0x0000,0x0000";

/// A test that needs tshark.
class GmmSmTshark : public testing::Test
{
  protected:
    void SetUp() override
    {
        if (!::p2pim::oracle::HasTshark())
        {
            GTEST_SKIP() << "tshark is not installed";
        }
    }
};

} // namespace

TEST_F(GmmSmTshark, ReadsAttachAndDetach)
{
    AttachRequest request;
    request.ptmsi = PTMSI;
    request.type = AttachType::COMBINED;
    request.cksn = 2;
    request.oldRoutingArea = g_area;
    request.readyTimer = EncodeGprsTimer(Seconds(44));
    AttachAccept accept;
    accept.ptmsi = PTMSI;
    accept.SetRoutingAreaId(g_area);
    accept.result = AttachResult::COMBINED;
    accept.t3312 = EncodeGprsTimer(Minutes(54));
    accept.readyTimer = EncodeGprsTimer(Seconds(44));
    accept.cause = GmmSmCause::MSC_TEMPORARILY_NOT_REACHABLE;
    ExpectFields({
        {request,
         UP,
         WithArea({{"gsm_a.dtap.msg_gmm_type", "0x01"},
                   {"gsm_a.gm.gmm.acc_tech_type", "1"},
                   {"gsm_a.gm.rf_power_capability", "4"},
                   {"gsm_a.gm.gmm.rac.gprs_multi_slot_class", "10"},
                   {"gsm_a.gm.gmm.type_of_attach", "3"},
                   {"gsm_a.key_seq", "2"},
                   {"3gpp.tmsi", g_ptmsi},
                   {"gsm_a.gm.gmm.gprs_timer", "0x2c"}})}, // in seconds
        {accept,
         DOWN,
         WithArea({{"gsm_a.dtap.msg_gmm_type", "0x02"},
                   {"gsm_a.gm.gmm.res_of_attach", "3"},
                   {"3gpp.tmsi", g_ptmsi},
                   {"gsm_a.gm.gmm.gprs_timer", "0x36,0x2c"}, // minutes, seconds
                   {"gsm_a.gm.gmm.cause", "16"}})},
        {AttachReject{GmmSmCause::PLMN_NOT_ALLOWED},
         DOWN,
         {{"gsm_a.dtap.msg_gmm_type", "0x04"}, {"gsm_a.gm.gmm.cause", "11"}}},
        {MoDetachRequest{MoDetachType::COMBINED, true, PTMSI},
         UP,
         {{"gsm_a.dtap.msg_gmm_type", "0x05"},
          {"gsm_a.gm.gmm.type_of_detach", "3"},
          {"gsm_a.gm.gmm.power_off", "1"},
          {"3gpp.tmsi", g_ptmsi}}},
        {MoDetachAccept{}, DOWN, {{"gsm_a.dtap.msg_gmm_type", "0x06"}}},
        {MtDetachRequest{MtDetachType::REATTACH_REQUIRED, GmmSmCause::IMPLICITLY_DETACHED},
         DOWN,
         {{"gsm_a.dtap.msg_gmm_type", "0x05"},
          {"gsm_a.gm.gmm.type_of_detach", "1"},
          {"gsm_a.gm.gmm.cause", "10"}}},
        {MtDetachAccept{}, UP, {{"gsm_a.dtap.msg_gmm_type", "0x06"}}},
    });
}

TEST_F(GmmSmTshark, ReadsTheRoutingAreaUpdate)
{
    const uint16_t contexts = 1 << 5 | 1 << 9;
    const uint8_t timer = EncodeGprsTimer(Seconds(44));
    ExpectFields({
        {RoutingAreaUpdateRequest{UpdateType::PERIODIC, 2, g_area, timer, PTMSI, contexts},
         UP,
         WithArea({{"gsm_a.dtap.msg_gmm_type", "0x08"},
                   {"gsm_a.gm.gmm.update_type", "3"},
                   {"gsm_a.key_seq", "2"},
                   {"gsm_a.gm.gmm.gprs_timer", "0x2c"},
                   {"3gpp.tmsi", g_ptmsi},
                   {"gsm_a.gm.gmm.nsapi", g_nsapis5And9}})},
        {RoutingAreaUpdateAccept{UpdateResult::COMBINED,
                                 EncodeGprsTimer(Minutes(10)),
                                 g_area,
                                 PTMSI,
                                 timer,
                                 GmmSmCause::MSC_TEMPORARILY_NOT_REACHABLE,
                                 contexts},
         DOWN,
         WithArea({{"gsm_a.dtap.msg_gmm_type", "0x09"},
                   {"gsm_a.gm.gmm.update_result", "1"},
                   {"gsm_a.gm.gmm.gprs_timer", "0x0a,0x2c"},
                   {"3gpp.tmsi", g_ptmsi},
                   {"gsm_a.gm.gmm.cause", "16"},
                   {"gsm_a.gm.gmm.nsapi", g_nsapis5And9}})},
        {RoutingAreaUpdateComplete{}, UP, {{"gsm_a.dtap.msg_gmm_type", "0x0a"}}},
        {RoutingAreaUpdateReject{GmmSmCause::MS_IDENTITY_CANNOT_BE_DERIVED},
         DOWN,
         {{"gsm_a.dtap.msg_gmm_type", "0x0b"}, {"gsm_a.gm.gmm.cause", "9"}}},
    });
}

TEST_F(GmmSmTshark, ReadsTheCommonProcedures)
{
    AuthenticationAndCipheringRequest challenge;
    challenge.rand.fill(0x5A);
    challenge.cksn = 3;
    challenge.reference = 9;
    ExpectFields({
        {PtmsiReallocationCommand{PTMSI, g_area},
         DOWN,
         WithArea({{"gsm_a.dtap.msg_gmm_type", "0x10"}, {"3gpp.tmsi", g_ptmsi}})},
        {PtmsiReallocationComplete{}, UP, {{"gsm_a.dtap.msg_gmm_type", "0x11"}}},
        {challenge,
         DOWN,
         {{"gsm_a.dtap.msg_gmm_type", "0x12"},
          {"gsm_a.dtap.rand", "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"},
          {"gsm_a.gm.gmm.ac_ref_nr", "9"},
          {"gsm_a.key_seq", "3"}}},
        {AuthenticationAndCipheringResponse{0x01020304, 9},
         UP,
         {{"gsm_a.dtap.msg_gmm_type", "0x13"},
          {"gsm_a.dtap.sres", "01020304"},
          {"gsm_a.gm.gmm.ac_ref_nr", "9"}}},
        {AuthenticationAndCipheringReject{}, DOWN, {{"gsm_a.dtap.msg_gmm_type", "0x14"}}},
        {IdentityRequest{IdentityType::IMEISV},
         DOWN,
         {{"gsm_a.dtap.msg_gmm_type", "0x15"}, {"gsm_a.gm.gmm.type_of_identity", "3"}}},
        {IdentityResponse{{IdentityType::IMSI, 310410123456789}},
         UP,
         {{"gsm_a.dtap.msg_gmm_type", "0x16"}, {"e212.imsi", "310410123456789"}}},
        {IdentityResponse{{IdentityType::IMEI, 356938035643809}},
         UP,
         {{"gsm_a.imei", "356938035643809"}}},
        {IdentityResponse{{IdentityType::IMEISV, 3569380356438012}},
         UP,
         {{"gsm_a.imeisv", "3569380356438012"}}},
        {GmmStatus{GmmSmCause::MESSAGE_TYPE_NON_EXISTENT},
         UP,
         {{"gsm_a.dtap.msg_gmm_type", "0x20"}, {"gsm_a.gm.gmm.cause", "97"}}},
    });
}

TEST_F(GmmSmTshark, ReadsActivationAndDeactivation)
{
    const TransactionId up{2, false};
    const TransactionId down{2, true};
    ExpectFields({
        {ActivatePdpContextRequest{6, "a.bc", up, {PDP_TYPE_IPV4, g_address}, g_qos},
         UP,
         WithQos({{"gsm_a.dtap.msg_sm_type", "0x41"},
                  {"gsm_a.dtap.ti_flag", "0"},
                  {"gsm_a.dtap.tio", "2"},
                  {"gsm_a.gm.gmm.nsapi", "0x0006"},
                  {"gsm_a.gm.sm.ip4_address", "10.0.0.2"},
                  {"gsm_a.gm.sm.apn", "a.bc"}})},
        {ActivatePdpContextAccept{g_address, down, g_qos, 3},
         DOWN,
         WithQos({{"gsm_a.dtap.msg_sm_type", "0x42"},
                  {"gsm_a.dtap.ti_flag", "1"},
                  {"gsm_a.dtap.tio", "2"},
                  {"gsm_a.gm.radio_priority_pdp", "3"},
                  {"gsm_a.gm.sm.ip4_address", "10.0.0.2"}})},
        {ActivatePdpContextReject{GmmSmCause::UNKNOWN_PDP_ADDRESS_OR_TYPE, down},
         DOWN,
         {{"gsm_a.dtap.msg_sm_type", "0x43"}, {"gsm_a.gm.sm.cause", "28"}}},
        {RequestPdpContextActivation{g_address, "a", {1, false}},
         DOWN,
         {{"gsm_a.dtap.msg_sm_type", "0x44"},
          {"gsm_a.dtap.tio", "1"},
          {"gsm_a.gm.sm.ip4_address", "10.0.0.2"},
          {"gsm_a.gm.sm.apn", "a"}}},
        {RequestPdpContextActivationReject{GmmSmCause::INSUFFICIENT_RESOURCES, {1, true}},
         UP,
         {{"gsm_a.dtap.msg_sm_type", "0x45"}, {"gsm_a.gm.sm.cause", "26"}}},
        {DeactivatePdpContextRequest{GmmSmCause::REGULAR_DEACTIVATION, up, true},
         UP,
         {{"gsm_a.dtap.msg_sm_type", "0x46"},
          {"gsm_a.gm.sm.cause", "36"},
          {"gsm_a.gm.sm.tdi", "1"}}},
        {DeactivatePdpContextAccept{down}, DOWN, {{"gsm_a.dtap.msg_sm_type", "0x47"}}},
        {SmStatus{GmmSmCause::INVALID_TRANSACTION_IDENTIFIER, down},
         DOWN,
         {{"gsm_a.dtap.msg_sm_type", "0x55"}, {"gsm_a.gm.sm.cause", "81"}}},
    });
}

TEST_F(GmmSmTshark, ReadsModification)
{
    const TransactionId up{2, false};
    const TransactionId down{2, true};
    ExpectFields({
        {MtModifyPdpContextRequest{g_qos, down, 3, g_address},
         DOWN,
         WithQos({{"gsm_a.dtap.msg_sm_type", "0x48"},
                  {"gsm_a.gm.radio_priority_pdp", "3"},
                  {"gsm_a.gm.sm.ip4_address", "10.0.0.2"}})},
        {MtModifyPdpContextAccept{up}, UP, {{"gsm_a.dtap.msg_sm_type", "0x49"}}},
        {MoModifyPdpContextRequest{g_qos, up}, UP, WithQos({{"gsm_a.dtap.msg_sm_type", "0x4a"}})},
        {MoModifyPdpContextAccept{g_qos, down, 3},
         DOWN,
         WithQos({{"gsm_a.dtap.msg_sm_type", "0x4b"}, {"gsm_a.gm.radio_priority_pdp", "3"}})},
        {ModifyPdpContextReject{GmmSmCause::INSUFFICIENT_RESOURCES, down},
         DOWN,
         {{"gsm_a.dtap.msg_sm_type", "0x4c"}, {"gsm_a.gm.sm.cause", "26"}}},
    });
}
