// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gsm/sms-network.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/sms-rp-cp.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// What goes over one connection, and what needs a second one.
class SmsConnectionTest : public testing::Test
{
  protected:
    SmsConnectionTest()
    {
        for (int i = 0; i < 4; ++i)
        {
            m_net.AddPhone();
        }
        m_net.cell->TraceConnectWithoutContext("Layer3",
                                               MakeCallback(&SmsConnectionTest::Layer3, this));
    }

    void Layer3(bool uplink, uint8_t sapi, const std::vector<uint8_t>& message)
    {
        CpMessage cp;
        if (sapi == SAPI_SMS &&
            DecodeCp(message.data(), message.size(), cp) == SmsCodecError::NONE &&
            cp.type == CpType::DATA)
        {
            m_transactions[uplink].push_back(cp.transaction);
        }
    }

    void SendAt(double seconds, std::size_t from, std::size_t to, uint32_t octets)
    {
        Simulator::Schedule(Seconds(seconds), &SmsNetwork::Send, &m_net, from, to, octets);
    }

    void At(double seconds, const std::function<void()>& what)
    {
        Simulator::Schedule(Seconds(seconds), Callback<void>(what));
    }

    double GetMsc(const std::string& name) const
    {
        return SmsNetwork::Get(m_net.msc->GetCounters(), name);
    }

    double GetCell(const std::string& name) const
    {
        return SmsNetwork::Get(m_net.cell->GetCounters(), name);
    }

    std::vector<std::size_t> GetLengths(std::size_t phone) const
    {
        std::vector<std::size_t> lengths;
        for (const auto& received : m_net.received[phone])
        {
            lengths.push_back(received.octets.size());
        }
        return lengths;
    }

    SmsNetwork m_net;
    std::map<bool, std::vector<uint8_t>> m_transactions; ///< of CP-DATA, by direction
    std::vector<SmsHop> m_hops;                          ///< of the phone that is followed
};

} // namespace

// TS 24.011 5.4: the phone asks for the service again on its connection, and each transfer has a
// transaction identifier of its own.
TEST_F(SmsConnectionTest, SendsSeveralMessagesOnOneConnection)
{
    for (uint32_t i = 0; i < 3; ++i)
    {
        SendAt(1, 0, i + 1, 10 + i);
    }
    Simulator::Run();
    EXPECT_EQ(m_net.outcomes, (std::vector<std::string>(3, "accepted")));
    for (std::size_t i = 0; i < 3; ++i)
    {
        EXPECT_EQ(GetLengths(i + 1), std::vector<std::size_t>{10 + i});
    }
    EXPECT_DOUBLE_EQ(GetMsc("connections"), 1 + 3);
    // RP-DATA of transactions 0, 1, 2 and, flag set, the RP-ACKs of three deliveries
    EXPECT_EQ(std::count(m_transactions[true].begin(), m_transactions[true].end(), 0x08), 3);
    for (const uint8_t transaction : {0, 1, 2})
    {
        EXPECT_EQ(std::count(m_transactions[true].begin(), m_transactions[true].end(), transaction),
                  1);
    }
}

// TP-MMS, TS 24.011 5.4: what waits for one phone goes over one connection, paged once.
TEST_F(SmsConnectionTest, DeliversSeveralMessagesOnOneConnection)
{
    At(0.5, [this]() { m_net.phones[3]->SetPoweredOn(false); });
    for (uint32_t i = 0; i < 3; ++i)
    {
        SendAt(10, i, 3, 10 + i);
    }
    At(60, [this]() { m_net.phones[3]->SetPoweredOn(true); });
    Simulator::Run();
    std::vector<std::size_t> lengths = GetLengths(3);
    std::sort(lengths.begin(), lengths.end());
    EXPECT_EQ(lengths, (std::vector<std::size_t>{10, 11, 12}));
    EXPECT_DOUBLE_EQ(GetCell("pagings_sent"), 1);
    EXPECT_DOUBLE_EQ(GetMsc("connections"), 3 + 1 + 1 + 1); // senders, detach, attach, delivery
    EXPECT_GE(std::set<uint8_t>(m_transactions[false].begin(), m_transactions[false].end()).size(),
              3U);
}

// Without the wait for more messages each of them is paged for.
TEST_F(SmsConnectionTest, PagesForEachMessageIfItDoesNotWait)
{
    m_net.msc->SetAttribute("MoreMessagesTime", TimeValue(Seconds(0)));
    At(0.5, [this]() { m_net.phones[3]->SetPoweredOn(false); });
    for (uint32_t i = 0; i < 3; ++i)
    {
        SendAt(10, i, 3, 10 + i);
    }
    At(60, [this]() { m_net.phones[3]->SetPoweredOn(true); });
    Simulator::Run();
    EXPECT_EQ(GetLengths(3).size(), 3U);
    EXPECT_DOUBLE_EQ(GetCell("pagings_sent"), 3);
}

// A message comes while the phone sends: both go over the one connection.
TEST_F(SmsConnectionTest, SendsAndReceivesAtATime)
{
    m_net.phones[1]->TraceConnectWithoutContext(
        "Hop",
        Callback<void, uint64_t, SmsHop, Time>(
            [this](uint64_t, SmsHop hop, Time) { m_hops.push_back(hop); }));
    SendAt(1, 0, 1, 20);
    SendAt(4, 1, 2, 130); // the message of phone 0 comes for phone 1 when it has just asked
    Simulator::Run();
    EXPECT_EQ(GetLengths(1), std::vector<std::size_t>{20});
    EXPECT_EQ(GetLengths(2), std::vector<std::size_t>{130});
    EXPECT_DOUBLE_EQ(GetMsc("connections"), 3);
    // received between the start of the connection and the end of the submission
    const auto received = std::find(m_hops.begin(), m_hops.end(), SmsHop::RECEIVED);
    const auto accepted = std::find(m_hops.begin(), m_hops.end(), SmsHop::ACCEPTED);
    EXPECT_LT(std::find(m_hops.begin(), m_hops.end(), SmsHop::MO_CHANNEL), received);
    EXPECT_LT(received, accepted);
}

// A phone that is delivered to sends what it has on the same connection.
TEST_F(SmsConnectionTest, AnswersOnTheConnectionOfTheDelivery)
{
    m_net.phones[1]->Listen(
        SmsNetwork::PORT,
        Callback<void, const std::string&, const std::vector<uint8_t>&>(
            [this](const std::string&, const std::vector<uint8_t>&) { m_net.Send(1, 0, 30); }));
    SendAt(1, 0, 1, 20);
    Simulator::Run();
    EXPECT_EQ(GetLengths(0), std::vector<std::size_t>{30});
    EXPECT_DOUBLE_EQ(GetMsc("connections"), 3);
    EXPECT_EQ(m_net.outcomes, (std::vector<std::string>(2, "accepted")));
}

// Under frame losses all messages both ways still arrive, each once.
TEST_F(SmsConnectionTest, LosesNothingUnderFrameErasures)
{
    m_net.cell->SetAttribute("FrameErasureRate", DoubleValue(0.15));
    for (uint32_t i = 0; i < 40; ++i)
    {
        SendAt(1 + i * 3.0, 0, 1, 10 + i);
        SendAt(1 + i * 3.0, 1, 0, 10 + i);
    }
    Simulator::Run();
    for (const std::size_t phone : {0, 1})
    {
        std::vector<std::size_t> lengths = GetLengths(phone);
        std::sort(lengths.begin(), lengths.end());
        lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
        EXPECT_EQ(lengths.size(), 40U);
    }
    EXPECT_LT(GetMsc("connections"), 100);
}

// During a call messages go both ways on the SACCH, which has a block in 480 ms: no paging, no
// SDCCH, and some three times slower.
TEST_F(SmsConnectionTest, UsesTheSacchDuringACall)
{
    m_net.cell->SetAttribute("TchCount", UintegerValue(1));
    bool second = true;
    At(1, [this]() { EXPECT_TRUE(m_net.phones[1]->StartCall()); });
    At(2, [this, &second]() { second = m_net.phones[2]->StartCall(); });
    SendAt(10, 0, 1, 20);
    SendAt(60, 1, 0, 20);
    At(120, [this]() { m_net.phones[1]->EndCall(); });
    SendAt(130, 0, 1, 21);
    Simulator::Run();
    EXPECT_FALSE(second);
    EXPECT_EQ(GetLengths(1), (std::vector<std::size_t>{20, 21}));
    EXPECT_EQ(GetLengths(0), (std::vector<std::size_t>{20}));
    EXPECT_DOUBLE_EQ(GetCell("sdcch_seizures"), 2 + 1 + 1); // phone 0 twice, its delivery, the last
    EXPECT_DOUBLE_EQ(GetCell("pagings_sent"), 2);
    ASSERT_EQ(m_net.outcomeTimes.size(), 3U);
    const double onSdcch = (m_net.outcomeTimes[0] - Seconds(10)).GetSeconds();
    const double onSacch = (m_net.outcomeTimes[1] - Seconds(60)).GetSeconds();
    EXPECT_GT(onSacch, onSdcch);
    EXPECT_LT(onSacch, 15);
}

// TS 44.018 3.3.1.1.3.2: while T3122 runs a page is not answered, the next one after it is.
TEST_F(SmsConnectionTest, AnswersNoPageDuringT3122)
{
    m_net.cell->SetAttribute("SdcchCount", UintegerValue(1));
    m_net.cell->SetAttribute("T3122", TimeValue(Seconds(10)));
    m_net.phones[1]->SetAttribute("MaxAccessAttempts", UintegerValue(1));
    Time paged;
    Time answered;
    m_net.msc->TraceConnectWithoutContext(
        "Hop",
        Callback<void, uint64_t, SmsHop, Time>([&](uint64_t, SmsHop hop, Time time) {
            paged = hop == SmsHop::PAGED ? time : paged;
            answered = hop == SmsHop::MT_CHANNEL ? time : answered;
        }));
    // somebody who never comes has the one channel for T3101, 3 s
    At(1, [this]() {
        m_net.cell->RequestChannel(EstablishmentCause::OTHER_SDCCH, [](const ChannelAnswer&) {});
    });
    SendAt(2, 1, 3, 10);
    SendAt(5, 0, 1, 20);
    Simulator::Run();
    EXPECT_EQ(m_net.outcomes, (std::vector<std::string>{"no free channel", "accepted"}));
    EXPECT_EQ(GetLengths(1), std::vector<std::size_t>{20});
    EXPECT_LT(paged, Seconds(12));           // the first page, within T3122
    EXPECT_GT(answered - paged, Seconds(7)); // T3113: the second one
}
