// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/dissection.h"
#include "tests/mutator.h"

#include "ns3/smpp-pdu.h"
#include "ns3/smpp-stream.h"
#include "ns3/smpp-time.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

Octets
ToOctets(const std::string& text)
{
    return {text.begin(), text.end()};
}

SmppMessage
MakeMessage()
{
    SmppMessage message;
    message.source = {smpp_ton::ALPHANUMERIC, 0, "p2pim"};
    message.destination = {smpp_ton::INTERNATIONAL, 1, "447700000001"};
    message.priority = 2;
    message.validityPeriod = "000000010000000R";
    message.registeredDelivery = smpp_receipt::FINAL;
    message.shortMessage = ToOctets("hello");
    return message;
}

/// A PDU of each command, with what its body can have.
std::vector<SmppPdu>
MakeAll()
{
    SmppMessage segment = MakeMessage();
    segment.userMessageReference = 0x0102;
    segment.sourcePort = 16440;
    segment.destinationPort = 16441;
    segment.segment = SmppSegment{0x0304, 3, 2};
    SmppMessage payload = MakeMessage();
    payload.shortMessage.clear();
    payload.payload = Octets(300, 'x');
    payload.dataCoding = 4;
    SmppMessage receipt = MakeMessage();
    receipt.esmClass = smpp_esm_class::DELIVERY_RECEIPT;
    receipt.receiptedMessageId = "0000002A";
    receipt.messageState = SmppMessageState::DELIVERED;
    receipt.shortMessage = ToOctets(FormatSmppReceipt(
        {"0000002A", true, 1199145600, 1199145660, SmppMessageState::DELIVERED, 0, "hello"}));
    SmppBind bind;
    bind.systemId = "p2pim";
    bind.password = "secret";
    bind.systemType = "VMA";
    bind.addressRange = {smpp_ton::INTERNATIONAL, 1, "^4477"};
    const SmppQuery query{"0000002A", MakeMessage().source};
    const SmppCancel cancel{"", "0000002A", MakeMessage().source, MakeMessage().destination};
    const SmppQueryResp queried{"0000002A", "080101000000000+", SmppMessageState::DELIVERED, 7};
    using Command = SmppCommand;
    const auto ok = SmppStatus::ESME_ROK;
    return {{Command::BIND_TRANSMITTER, ok, 1, bind},
            {Command::BIND_RECEIVER, ok, 2, bind},
            {Command::BIND_TRANSCEIVER, ok, 3, bind},
            {Command::BIND_TRANSMITTER_RESP, ok, 1, SmppBindResp{"smsc", 0x34}},
            {Command::BIND_RECEIVER_RESP, SmppStatus::ESME_RINVPASWD, 2, {}},
            {Command::BIND_TRANSCEIVER_RESP, ok, 3, SmppBindResp{"smsc", {}}},
            {Command::SUBMIT_SM, ok, 4, MakeMessage()},
            {Command::SUBMIT_SM, ok, 5, segment},
            {Command::SUBMIT_SM, ok, 6, payload},
            {Command::SUBMIT_SM_RESP, ok, 4, SmppMessageResp{"0000002A"}},
            {Command::SUBMIT_SM_RESP, SmppStatus::ESME_RTHROTTLED, 5, {}},
            {Command::DELIVER_SM, ok, 7, receipt},
            {Command::DELIVER_SM_RESP, ok, 7, SmppMessageResp{}},
            {Command::QUERY_SM, ok, 8, query},
            {Command::QUERY_SM_RESP, ok, 8, queried},
            {Command::CANCEL_SM, ok, 9, cancel},
            {Command::CANCEL_SM_RESP, ok, 9, {}},
            {Command::ENQUIRE_LINK, ok, 10, {}},
            {Command::ENQUIRE_LINK_RESP, ok, 10, {}},
            {Command::GENERIC_NACK, SmppStatus::ESME_RINVCMDID, 11, {}},
            {Command::UNBIND, ok, 12, {}},
            {Command::UNBIND_RESP, ok, 12, {}}};
}

Octets
Encode(const SmppPdu& pdu)
{
    Octets octets;
    EXPECT_EQ(EncodeSmpp(pdu, octets), SmppError::NONE);
    return octets;
}

SmppError
Decode(const Octets& octets)
{
    SmppPdu pdu;
    return DecodeSmpp(octets, pdu);
}

} // namespace

// a bind_transmitter written by hand after the table of SMPP 3.4, 4.1.1
TEST(SmppPdu, IsLaidOutAsInTheSpecification)
{
    const Octets example{0x00, 0x00, 0x00, 0x2F, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00,
                         0x00, 0x00, 0x00, 0x01, 0x53, 0x4D, 0x50, 0x50, 0x33, 0x54, 0x45, 0x53,
                         0x54, 0x00, 0x73, 0x65, 0x63, 0x72, 0x65, 0x74, 0x30, 0x38, 0x00, 0x53,
                         0x55, 0x42, 0x4D, 0x49, 0x54, 0x31, 0x00, 0x34, 0x01, 0x01, 0x00};
    SmppPdu pdu;
    ASSERT_EQ(DecodeSmpp(example, pdu), SmppError::NONE);
    EXPECT_EQ(pdu.command, SmppCommand::BIND_TRANSMITTER);
    EXPECT_EQ(pdu.sequence, 1U);
    const auto& bind = std::get<SmppBind>(pdu.body);
    EXPECT_EQ(bind.systemId, "SMPP3TEST");
    EXPECT_EQ(bind.password, "secret08");
    EXPECT_EQ(bind.systemType, "SUBMIT1");
    EXPECT_EQ(bind.interfaceVersion, 0x34);
    EXPECT_EQ(bind.addressRange, (SmppAddress{1, 1, ""}));
    EXPECT_EQ(Encode(pdu), example);
}

TEST(SmppPdu, EveryCommandSaysTheSameWhenReadAgain)
{
    for (const auto& pdu : MakeAll())
    {
        const Octets octets = Encode(pdu);
        SmppPdu read;
        ASSERT_EQ(DecodeSmpp(octets, read), SmppError::NONE) << static_cast<uint32_t>(pdu.command);
        EXPECT_EQ(read.command, pdu.command);
        EXPECT_EQ(read.status, pdu.status);
        EXPECT_EQ(read.sequence, pdu.sequence);
        EXPECT_EQ(read.body.index(), pdu.body.index());
        EXPECT_EQ(Encode(read), octets);
    }
}

TEST(SmppPdu, FaultsAreNamed)
{
    const Octets good = Encode(MakeAll()[6]);
    for (std::size_t size = SMPP_HEADER_SIZE; size < good.size(); ++size)
    {
        Octets cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(Decode(cut), SmppError::BAD_LENGTH);
        cut[3] = static_cast<uint8_t>(size);
        EXPECT_EQ(Decode(cut), SmppError::TRUNCATED) << size;
    }
    Octets bad = good;
    bad[7] = 0x77;
    EXPECT_EQ(Decode(bad), SmppError::UNKNOWN_COMMAND);
    SmppPdu pdu = MakeAll()[0];
    bad = Encode(pdu);
    bad.insert(bad.begin() + 18, 11, 'x'); // system_id gets its sixteenth character
    bad[3] = static_cast<uint8_t>(bad[3] + 11);
    EXPECT_EQ(Decode(bad), SmppError::FIELD_TOO_LONG);
    // an optional parameter of a wrong length: user_message_reference of three octets
    bad = good;
    bad.insert(bad.end(), {0x02, 0x04, 0x00, 0x03, 1, 2, 3});
    bad[3] = static_cast<uint8_t>(bad.size());
    EXPECT_EQ(Decode(bad), SmppError::BAD_PARAMETER);
}

TEST(SmppPdu, UnknownParametersAreSkipped)
{
    Octets octets = Encode(MakeAll()[6]);
    octets.insert(octets.end(), {0x14, 0x01, 0x00, 0x03, 1, 2, 3}); // reserved for SMSC vendors
    octets.insert(octets.end(), {0x02, 0x04, 0x00, 0x02, 0x12, 0x34});
    octets[3] = static_cast<uint8_t>(octets.size());
    SmppPdu pdu;
    ASSERT_EQ(DecodeSmpp(octets, pdu), SmppError::NONE);
    EXPECT_EQ(std::get<SmppMessage>(pdu.body).userMessageReference, 0x1234);
}

TEST(SmppPdu, WhatDoesNotFitIsNotWritten)
{
    SmppPdu pdu = MakeAll()[6];
    std::get<SmppMessage>(pdu.body).shortMessage.resize(SMPP_MAX_SHORT_MESSAGE + 1);
    Octets untouched{1};
    EXPECT_EQ(EncodeSmpp(pdu, untouched), SmppError::FIELD_TOO_LONG);
    pdu = MakeAll()[0];
    std::get<SmppBind>(pdu.body).password = "ninechars";
    EXPECT_EQ(EncodeSmpp(pdu, untouched), SmppError::FIELD_TOO_LONG);
    pdu.command = SmppCommand::SUBMIT_SM;
    EXPECT_EQ(EncodeSmpp(pdu, untouched), SmppError::BODY_MISMATCH);
    pdu = {SmppCommand::SUBMIT_SM_RESP, SmppStatus::ESME_ROK, 1, {}};
    EXPECT_EQ(EncodeSmpp(pdu, untouched), SmppError::BODY_MISMATCH);
    EXPECT_EQ(untouched, Octets{1});
}

TEST(SmppPdu, MutationsAreReadOrRefused)
{
    ::p2pim::test::MessageMutator mutator;
    const auto all = MakeAll();
    int accepted = 0;
    constexpr int rounds = 40000;
    for (int i = 0; i < rounds; ++i)
    {
        auto bad = mutator.Mutate(Encode(all[static_cast<std::size_t>(i) % all.size()]));
        if (i % 2 == 0 && bad.size() >= SMPP_HEADER_SIZE) // past the check of the length
        {
            bad[2] = static_cast<uint8_t>(bad.size() >> 8);
            bad[3] = static_cast<uint8_t>(bad.size());
        }
        SmppPdu first;
        if (DecodeSmpp(bad, first) != SmppError::NONE)
        {
            continue;
        }
        ++accepted;
        SmppPdu second;
        ASSERT_EQ(DecodeSmpp(Encode(first), second), SmppError::NONE);
        EXPECT_EQ(Encode(second), Encode(first));
    }
    EXPECT_GT(accepted, rounds / 20);
    EXPECT_LT(accepted, rounds);
}

TEST(SmppStream, FindsPdusWhereverSegmentsEnd)
{
    Octets octets;
    for (const auto& pdu : MakeAll())
    {
        EncodeSmpp(pdu, octets);
    }
    for (const std::size_t segment :
         {std::size_t{1}, std::size_t{7}, std::size_t{536}, octets.size()})
    {
        SmppStream stream;
        Octets found;
        std::size_t count = 0;
        for (std::size_t at = 0; at < octets.size(); at += segment)
        {
            const auto end = std::min(octets.size(), at + segment);
            stream.Append(Octets(octets.begin() + static_cast<std::ptrdiff_t>(at),
                                 octets.begin() + static_cast<std::ptrdiff_t>(end)));
            while (const auto pdu = stream.Next())
            {
                found.insert(found.end(), pdu->begin(), pdu->end());
                ++count;
            }
        }
        EXPECT_EQ(found, octets) << segment;
        EXPECT_EQ(count, MakeAll().size());
    }
}

TEST(SmppStream, ALengthThatCannotBeBreaksIt)
{
    for (const Octets& length : {Octets{0, 0, 0, 15}, Octets{0x7F, 0, 0, 0}})
    {
        SmppStream stream;
        Octets octets = length;
        octets.resize(32);
        stream.Append(octets);
        EXPECT_FALSE(stream.Next());
        EXPECT_TRUE(stream.IsBroken());
    }
}

TEST(SmppStream, SurvivesMutations)
{
    ::p2pim::test::MessageMutator mutator;
    const auto all = MakeAll();
    SmppStream stream;
    for (int i = 0; i < 40000; ++i)
    {
        if (stream.IsBroken())
        {
            stream = SmppStream();
        }
        stream.Append(mutator.Mutate(Encode(all[static_cast<std::size_t>(i) % all.size()])));
        while (const auto octets = stream.Next())
        {
            EXPECT_GE(octets->size(), SMPP_HEADER_SIZE);
            Decode(*octets);
        }
    }
}

// SMPP 3.4, 7.1.1.1 and 7.1.1.2; 2008-01-01 00:00 UTC is 1199145600
TEST(SmppTime, ReadsAbsoluteAndRelativeTimes)
{
    constexpr int64_t now = 1199145600;
    EXPECT_EQ(ParseSmppTime("080101000000000+", 0), now);
    EXPECT_EQ(ParseSmppTime("080101013000006+", 0), now); // 01:30, one hour and a half ahead
    EXPECT_EQ(ParseSmppTime("071231230000004-", 0), now); // 23:00, one hour behind
    EXPECT_EQ(ParseSmppTime("000000010203000R", now), now + 3600 + 2 * 60 + 3);
    // the specification's example: two years, six months, ten days, 23 h 34 min 29 s
    constexpr int64_t day = 86400;
    EXPECT_EQ(ParseSmppTime("020610233429000R", now),
              now + (2 * 365 + 6 * 30 + 10) * day + 23 * 3600 + 34 * 60 + 29);
    for (const auto* const bad : {"",
                                  "080101000000000",
                                  "080101000000000*",
                                  "08010100000000 +",
                                  "080230000000000+",
                                  "081301000000000+",
                                  "080101240000000+",
                                  "080101006000000+",
                                  "080101000000049+",
                                  "0801010000000000+"})
    {
        EXPECT_FALSE(ParseSmppTime(bad, now)) << bad;
    }
    EXPECT_EQ(FormatSmppTime(now), "080101000000000+");
    EXPECT_EQ(FormatSmppSpan(3 * day + 3600 + 2 * 60 + 3), "000003010203000R");
}

// SMPP 3.4, appendix B
TEST(SmppTime, ReceiptsSayTheSameWhenReadAgain)
{
    const SmppReceipt receipt{"0000002A",
                              false,
                              1199145600,
                              1199145660,
                              SmppMessageState::EXPIRED,
                              27,
                              "a text of more than twenty characters"};
    const std::string text = FormatSmppReceipt(receipt);
    EXPECT_EQ(text,
              "id:0000002A sub:001 dlvrd:000 submit date:0801010000 done date:0801010001 "
              "stat:EXPIRED err:027 text:a text of more than ");
    const auto read = ParseSmppReceipt(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->messageId, "0000002A");
    EXPECT_FALSE(read->isDelivered);
    EXPECT_EQ(read->submitted, 1199145600);
    EXPECT_EQ(read->done, 1199145660);
    EXPECT_EQ(read->state, SmppMessageState::EXPIRED);
    EXPECT_EQ(read->error, 27);
    EXPECT_EQ(read->text, "a text of more than ");
    ::p2pim::test::MessageMutator mutator;
    int accepted = 0;
    for (int i = 0; i < 20000; ++i)
    {
        const auto bad = mutator.Mutate(Octets(text.begin(), text.end()));
        accepted += ParseSmppReceipt(std::string(bad.begin(), bad.end())) ? 1 : 0;
    }
    EXPECT_GT(accepted, 0);
    EXPECT_LT(accepted, 20000);
}

// Wireshark's dissector of SMPP is independent of this one
TEST(SmppTshark, EveryPduIsCleanAndSaysWhatWasWritten)
{
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    using ::p2pim::oracle::Capture;
    Capture capture(Capture::Link::EXPORTED_PDU);
    const auto all = MakeAll();
    for (const auto& pdu : all)
    {
        capture.AddPdu("smpp", Encode(pdu), !IsSmppResponse(pdu.command));
    }
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>{});
    const auto frames = capture.Dissect({"smpp.command_id",
                                         "smpp.command_status",
                                         "smpp.sequence_number",
                                         "smpp.system_id",
                                         "smpp.source_addr",
                                         "smpp.destination_addr",
                                         "smpp.validity_period_r",
                                         "smpp.sar_msg_ref_num",
                                         "smpp.receipted_message_id"});
    ASSERT_EQ(frames.size(), all.size());
    for (std::size_t n = 0; n < all.size(); ++n)
    {
        EXPECT_EQ(std::stoul(frames[n][0], nullptr, 0), static_cast<uint32_t>(all[n].command));
        if (IsSmppResponse(all[n].command))
        {
            EXPECT_EQ(std::stoul(frames[n][1], nullptr, 0), static_cast<uint32_t>(all[n].status));
        }
        EXPECT_EQ(std::stoul(frames[n][2], nullptr, 0), all[n].sequence);
    }
    EXPECT_EQ(frames[0][3], "p2pim");
    EXPECT_EQ(frames[6][4], "p2pim");
    EXPECT_EQ(frames[6][5], "447700000001");
    EXPECT_EQ(std::stoul(frames[7][7], nullptr, 0), 0x0304U);
    EXPECT_EQ(frames[11][8], "0000002A");
}
