// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-transaction-engine.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

using Event = SmsTransactionEngine::Event;

const SmsTimers TIMERS{Seconds(40), Seconds(15), Seconds(10), 2};
const SmsAddress SERVICE_CENTRE{SmsAddress::INTERNATIONAL, "441234500000"};

SmsTransactionEngine::Step
Hand(SmsTransactionEngine& to, const std::vector<uint8_t>& message, Time now)
{
    return to.Receive(message.data(), message.size(), now);
}

} // namespace

// TS 24.011 figure B.1: CP-DATA(RP-DATA), CP-ACK, CP-DATA(RP-ACK), CP-ACK.
TEST(SmsTransactionEngine, CarriesAMessageAndItsAcknowledgement)
{
    SmsTransactionEngine phone(false, TIMERS);
    SmsTransactionEngine network(true, TIMERS);
    const auto data = phone.Originate(0, 5, SERVICE_CENTRE, {0x01, 0x02}, Seconds(0));
    const auto received = Hand(network, data, Seconds(1));
    EXPECT_EQ(received.event, Event::RP_DATA);
    EXPECT_EQ(received.message, EncodeCpAck(8));
    EXPECT_EQ(Hand(phone, received.message, Seconds(2)).event, Event::NONE);
    const auto accepted = Hand(phone, network.Acknowledge(Seconds(3)), Seconds(4));
    EXPECT_EQ(accepted.event, Event::RP_ACK);
    EXPECT_EQ(accepted.message, EncodeCpAck(0));
    EXPECT_EQ(Hand(network, accepted.message, Seconds(5)).event, Event::FINISHED);
    EXPECT_EQ(phone.GetDeadline(), Time::Max());
    EXPECT_EQ(network.GetDeadline(), Time::Max());
}

TEST(SmsTransactionEngine, ReportsARefusalWithItsCause)
{
    SmsTransactionEngine phone(false, TIMERS);
    SmsTransactionEngine network(true, TIMERS);
    Hand(network, phone.Originate(0, 5, SERVICE_CENTRE, {0x01}, Seconds(0)), Seconds(1));
    const auto refused = Hand(phone, network.Refuse(38, Seconds(2)), Seconds(3));
    EXPECT_EQ(refused.event, Event::RP_ERROR);
    EXPECT_EQ(refused.rp.cause, 38);
}

// TS 24.011 5.3.2.1: after TC1* the CP-DATA is sent again, at most the maximum number of times.
TEST(SmsTransactionEngine, RepeatsCpDataAndThenGivesUp)
{
    SmsTransactionEngine phone(false, TIMERS);
    const auto data = phone.Originate(0, 5, SERVICE_CENTRE, {0x01}, Seconds(0));
    EXPECT_TRUE(phone.Expire(Seconds(9)).message.empty());
    EXPECT_EQ(phone.Expire(Seconds(10)).message, data);
    EXPECT_EQ(phone.Expire(Seconds(20)).message, data);
    EXPECT_EQ(phone.Expire(Seconds(30)).event, Event::FAILED);
}

// TS 24.011 10: TR1M.
TEST(SmsTransactionEngine, GivesUpWhenTheRpAckIsMissing)
{
    SmsTransactionEngine phone(false, TIMERS);
    phone.Originate(0, 5, SERVICE_CENTRE, {0x01}, Seconds(0));
    Hand(phone, EncodeCpAck(8), Seconds(1));
    EXPECT_EQ(phone.GetDeadline(), Seconds(40));
    EXPECT_EQ(phone.Expire(Seconds(40)).event, Event::FAILED);
}

TEST(SmsTransactionEngine, TakesARepeatedMessageOnlyOnce)
{
    SmsTransactionEngine phone(false, TIMERS);
    SmsTransactionEngine network(true, TIMERS);
    const auto data = phone.Originate(0, 5, SERVICE_CENTRE, {0x01}, Seconds(0));
    EXPECT_EQ(Hand(network, data, Seconds(1)).event, Event::RP_DATA);
    const auto again = Hand(network, data, Seconds(11));
    EXPECT_EQ(again.event, Event::NONE);
    EXPECT_EQ(again.message, EncodeCpAck(8));
}

// TS 24.011 9.2.1: a message with another transaction identifier is answered with cause 81, in the
// transaction that it names.
TEST(SmsTransactionEngine, RefusesAForeignTransaction)
{
    SmsTransactionEngine phone(false, TIMERS);
    phone.Originate(0, 5, SERVICE_CENTRE, {0x01}, Seconds(0));
    const auto step = Hand(phone, EncodeCpAck(8 | 3), Seconds(1));
    EXPECT_EQ(step.message, EncodeCpError(3, CpCause::INVALID_TRANSACTION_IDENTIFIER));
    EXPECT_EQ(phone.GetDeadline(), Seconds(10));
}

// What comes late of a transfer is no new one, and does not disturb the next.
TEST(SmsTransactionEngine, TakesNoLateMessageForANewOne)
{
    SmsTransactionEngine phone(false, TIMERS);
    SmsTransactionEngine network(true, TIMERS);
    const auto data = phone.Originate(0, 5, SERVICE_CENTRE, {0x01}, Seconds(0));
    Hand(network, data, Seconds(1));
    const auto answer = network.Acknowledge(Seconds(2));
    Hand(network, Hand(phone, answer, Seconds(3)).message, Seconds(4));
    phone.Finish();
    network.Finish();

    const auto repeated = Hand(network, data, Seconds(11));
    EXPECT_EQ(repeated.event, Event::NONE);
    EXPECT_EQ(repeated.message, EncodeCpAck(8));

    const auto next = phone.Originate(1, 6, SERVICE_CENTRE, {0x01}, Seconds(12));
    EXPECT_EQ(Hand(phone, answer, Seconds(13)).message, EncodeCpAck(0));
    EXPECT_EQ(Hand(network, next, Seconds(14)).event, Event::RP_DATA);
}
