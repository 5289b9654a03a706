// SPDX-License-Identifier: GPL-2.0-only
#include "tests/scenarios/operator-settings.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/operator-defaults.h"
#include "ns3/operators.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::test::SetForOperator;

namespace
{

constexpr uint16_t PORT = 9000;

/// Two operators with one cell each; phone 0 and 1 are the first's, phone 2 is the second's.
class OperatorsTest : public testing::Test
{
  protected:
    OperatorsTest()
    {
        Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", UintegerValue(1));
        SetForOperator(1, "Ggsn", "AccessPoints", "internet=10.0.0.0/9");
        SetForOperator(2, "Ggsn", "AccessPoints", "internet=10.128.0.0/9");
    }

    ~OperatorsTest() override
    {
        Simulator::Destroy();
        m_operators.reset();
        OperatorDefaults::Reset();
        Config::Reset();
    }

    void Build()
    {
        m_operators = std::make_unique<Operators>(2);
        m_operators->AssignStreams(1);
        for (const uint32_t owner : {0, 0, 1})
        {
            m_phones.push_back(GetNetwork(owner)->AddPhone(0)->GetObject<GsmMobileStation>());
            m_phones.back()->Listen(
                PORT,
                Callback<void, const std::string&, const std::vector<uint8_t>&>(
                    [this](const std::string& from, const std::vector<uint8_t>&) {
                        m_received.emplace_back(from, Simulator::Now());
                    }));
        }
        for (const uint32_t owner : {0, 1})
        {
            for (Ptr<Object> element :
                 std::initializer_list<Ptr<Object>>{GetNetwork(owner)->GetMsc(),
                                                    GetNetwork(owner)->GetSmsc()})
            {
                element->TraceConnectWithoutContext("Hop",
                                                    MakeCallback(&OperatorsTest::KeepHop, this));
            }
        }
    }

    Ptr<CellularNetwork> GetNetwork(uint32_t index) const
    {
        return m_operators->GetNetworks()[index];
    }

    void Send(uint32_t from, uint32_t to)
    {
        m_phones[from]->Submit(
            m_phones[to]->GetMsisdn(),
            PORT,
            PORT,
            std::vector<uint8_t>(60, 'x'),
            Callback<void, bool, const std::string&>(
                [](bool accepted, const std::string& cause) { EXPECT_TRUE(accepted) << cause; }));
    }

    /// Sends a message, and lets time pass.
    void SendAndRun(uint32_t from, uint32_t to, Time time)
    {
        Simulator::ScheduleNow(&OperatorsTest::Send, this, from, to);
        RunFor(time);
    }

    static void RunFor(Time time)
    {
        Simulator::Stop(time);
        Simulator::Run();
    }

    double Get(const std::string& element, const std::string& name) const
    {
        for (const auto& [itsElement, counters] : m_operators->GetCounters())
        {
            for (const auto& [itsName, value] : counters)
            {
                if (itsElement == element && itsName == name)
                {
                    return value;
                }
            }
        }
        ADD_FAILURE() << "no counter " << element << " " << name;
        return -1;
    }

    /// @return the time between two hops of the message that has come last.
    Time GetTime(SmsHop from, SmsHop to) const
    {
        return m_hops.at(to) - m_hops.at(from);
    }

    std::unique_ptr<Operators> m_operators;
    std::vector<Ptr<GsmMobileStation>> m_phones;
    std::vector<std::pair<std::string, Time>> m_received; ///< from whom, when
    std::map<SmsHop, Time> m_hops;                        ///< the last of each kind

  private:
    void KeepHop(uint64_t /* reference */, SmsHop hop, Time time)
    {
        m_hops[hop] = time;
    }
};

} // namespace

// TS 23.040 3.2: the sender's SMSC asks the target's HLR and forwards to the target's MSC
TEST_F(OperatorsTest, AMessageToAnotherOperatorGoesByItsHlrAndItsMsc)
{
    Build();
    SendAndRun(0, 2, Minutes(1));
    ASSERT_EQ(m_received.size(), 1U);
    EXPECT_EQ(m_received[0].first, m_phones[0]->GetMsisdn());
    EXPECT_EQ(Get("operator-1/smsc", "messages_delivered"), 1);
    EXPECT_EQ(Get("operator-1/hlr", "sri_sm"), 0);
    EXPECT_EQ(Get("operator-2/hlr", "sri_sm"), 1);
    EXPECT_EQ(Get("operator-1/msc", "mt_delivered"), 0);
    EXPECT_EQ(Get("operator-2/msc", "mt_delivered"), 1);
    EXPECT_EQ(Get("operator-2/smsc", "messages_accepted"), 0);

    SendAndRun(2, 1, Minutes(1));
    EXPECT_EQ(m_received.size(), 2U);
    EXPECT_EQ(Get("operator-2/smsc", "messages_delivered"), 1);
    EXPECT_EQ(Get("operator-1/hlr", "sri_sm"), 1);
}

// SRI-SM and its answer, MT-ForwardSM, and the answer to that each go between the operators
TEST_F(OperatorsTest, AMessageToAnotherOperatorTakesLongerByTheSignallingBetweenThem)
{
    constexpr int milliseconds = 40; // Ss7Network.InterOperatorDelay
    Build();
    SendAndRun(0, 1, Minutes(1));
    const Time routing = GetTime(SmsHop::ROUTING_REQUESTED, SmsHop::MT_FORWARDED);
    const Time forwarding = GetTime(SmsHop::MT_FORWARDED, SmsHop::PAGED);
    const Time reporting = GetTime(SmsHop::MT_DELIVERED, SmsHop::REPORTED);
    SendAndRun(0, 2, Minutes(1));
    EXPECT_EQ(GetTime(SmsHop::ROUTING_REQUESTED, SmsHop::MT_FORWARDED) - routing,
              MilliSeconds(2 * milliseconds));
    EXPECT_EQ(GetTime(SmsHop::MT_FORWARDED, SmsHop::PAGED) - forwarding,
              MilliSeconds(milliseconds));
    EXPECT_EQ(GetTime(SmsHop::MT_DELIVERED, SmsHop::REPORTED) - reporting,
              MilliSeconds(milliseconds));
}

// SriTimer is 30 s, and RestComm's first wait 300 s
TEST_F(OperatorsTest, AnHlrThatIsDownHoldsUpMessagesToItsOperatorOnly)
{
    Build();
    GetNetwork(1)->GetHlr()->SetInService(false);
    SendAndRun(0, 1, Seconds(0));
    SendAndRun(0, 2, Minutes(2));
    EXPECT_EQ(m_received.size(), 1U);
    EXPECT_EQ(Get("operator-1/smsc", "attempts_timed_out"), 1);
    GetNetwork(1)->GetHlr()->SetInService(true);
    const Time failed = m_hops.at(SmsHop::ATTEMPT_FAILED);
    RunFor(Minutes(10));
    ASSERT_EQ(m_received.size(), 2U);
    EXPECT_EQ(m_hops.at(SmsHop::ROUTING_REQUESTED) - failed, Seconds(300));
}

// TS 29.002 12.3 to 12.5: the failure is reported to the target's HLR, which alerts the SMSC
TEST_F(OperatorsTest, AnotherOperatorsHlrAlertsTheSmsc)
{
    Config::SetDefault("ns3::p2pim::Smsc::RetrySchedule", StringValue("osmocom")); // alerts only
    Build();
    m_phones[2]->SetPoweredOn(false);
    RunFor(Seconds(10));
    SendAndRun(0, 2, Hours(1));
    EXPECT_EQ(m_received.size(), 0U);
    EXPECT_EQ(Get("operator-2/hlr", "absent_reports"), 1);
    EXPECT_EQ(Get("operator-1/hlr", "absent_reports"), 0);
    m_phones[2]->SetPoweredOn(true);
    RunFor(Minutes(1));
    EXPECT_EQ(m_received.size(), 1U);
    EXPECT_EQ(Get("operator-2/hlr", "alerts_sent"), 1);
    EXPECT_EQ(Get("operator-1/smsc", "alerts_received"), 1);
    EXPECT_FALSE(GetNetwork(1)->GetHlr()->GetMwStatus(447701000001).mnrf);
}

TEST_F(OperatorsTest, AMessageToAnotherOperatorMayGoByItsSgsn)
{
    SetForOperator(2, "CellularNetwork", "SmsOverGprs", "true");
    Build();
    const auto station = m_phones[2]->GetObject<GprsMobileStation>();
    station->BringUp(Callback<void>([]() {}),
                     Callback<void, bool, const std::string&>(
                         [](bool up, const std::string& cause) { EXPECT_TRUE(up) << cause; }));
    RunFor(Seconds(20));
    SendAndRun(0, 2, Minutes(1));
    EXPECT_EQ(m_received.size(), 1U);
    EXPECT_EQ(Get("operator-2/sgsn", "mt_delivered"), 1);
    EXPECT_EQ(Get("operator-2/msc", "mt_delivered"), 0);
}

TEST_F(OperatorsTest, ANumberOfNobodyIsUnknownToTheSendersHlr)
{
    Build();
    m_phones[0]->Submit("33123456789",
                        PORT,
                        PORT,
                        {'x'},
                        Callback<void, bool, const std::string&>([](bool, const std::string&) {}));
    RunFor(Minutes(1));
    EXPECT_EQ(Get("operator-1/hlr", "unknown_subscriber"), 1);
    EXPECT_EQ(Get("operator-1/smsc", "messages_refused"), 1);
}

TEST_F(OperatorsTest, EachHasNumbersAndAServiceCentreOfItsOwn)
{
    SetForOperator(1, "GsmMobileStation", "ServiceCentre", "4799");
    Build();
    EXPECT_EQ(GetNetwork(0)->GetPlmn(), "00101");
    EXPECT_EQ(GetNetwork(1)->GetPlmn(), "00102");
    EXPECT_EQ(m_phones[0]->GetMsisdn(), "447700000001");
    EXPECT_EQ(m_phones[2]->GetMsisdn(), "447701000001");
    const auto getText = [](Ptr<Object> object, const std::string& attribute) {
        StringValue text;
        object->GetAttribute(attribute, text);
        return text.Get();
    };
    EXPECT_EQ(getText(GetNetwork(0)->GetSmsc(), "Address"), "441234500000");
    EXPECT_EQ(getText(GetNetwork(1)->GetSmsc(), "Address"), "447701000000");
    EXPECT_EQ(getText(m_phones[0], "ServiceCentre"), "4799");
    EXPECT_EQ(getText(m_phones[2], "ServiceCentre"), "447701000000");
}

// the SMSCs' service times, drawn for the first message of each
TEST_F(OperatorsTest, EachDrawsNumbersOfItsOwn)
{
    Build();
    SendAndRun(0, 1, Minutes(1));
    const Time first = GetTime(SmsHop::STORED, SmsHop::ROUTING_REQUESTED);
    SendAndRun(2, 1, Minutes(1));
    EXPECT_NE(GetTime(SmsHop::STORED, SmsHop::ROUTING_REQUESTED), first);
}

TEST_F(OperatorsTest, AnOperatorsDefaultsHoldForItAlone)
{
    SetForOperator(2, "Ss7Network", "Delay", "1s");
    SetForOperator(2, "GsmMobileStation", "SubmissionRetries", "0");
    Build();
    const auto getRetries = [](Ptr<Object> phone) {
        UintegerValue retries;
        phone->GetAttribute("SubmissionRetries", retries);
        return retries.Get();
    };
    EXPECT_EQ(getRetries(m_phones[2]), 0U);
    EXPECT_GT(getRetries(m_phones[0]), 0U);
    EXPECT_EQ(getRetries(CreateObject<GsmMobileStation>()), getRetries(m_phones[0]));
    // the sender's network counts
    SendAndRun(0, 1, Minutes(1));
    EXPECT_LT(GetTime(SmsHop::ROUTING_REQUESTED, SmsHop::MT_FORWARDED), Seconds(1));
    SendAndRun(0, 2, Minutes(1));
    EXPECT_GT(GetTime(SmsHop::ROUTING_REQUESTED, SmsHop::MT_FORWARDED), Seconds(1));
    EXPECT_LT(GetTime(SmsHop::ROUTING_REQUESTED, SmsHop::MT_FORWARDED), Seconds(2));
}

TEST_F(OperatorsTest, FaultsMayBeOneOperatorsOnly)
{
    SetForOperator(2, "NetworkFaults", "HlrOutages", "60");
    Build();
    m_operators->StartFaults();
    RunFor(Hours(1));
    EXPECT_GT(Get("operator-2/faults", "hlr_outages"), 0);
    for (const auto& [element, counters] : m_operators->GetCounters())
    {
        EXPECT_NE(element, "operator-1/faults");
    }
}

// what is not public is dropped at the router; it does not come back
TEST(InternetTest, KnowsPublicNetworksOnly)
{
    const auto internet = CreateObject<Internet>();
    internet->Build();
    const auto routing = [&internet](const char* address) {
        Ipv4Header header;
        header.SetDestination(Ipv4Address(address));
        Socket::SocketErrno error = Socket::ERROR_NOTERROR;
        return LeanStackHelper::GetRouting(internet->GetRouter())
            ->RouteOutput(nullptr, header, nullptr, error);
    };
    EXPECT_TRUE(routing("203.0.113.2")); // the server
    EXPECT_FALSE(routing("10.0.0.2"));
    const auto host = CreateObject<Node>();
    LeanStackHelper::Install(host);
    const auto attachment = internet->Attach(host, Ipv4Address("203.0.113.4"), Seconds(0));
    internet->AddNetwork(Ipv4Address("10.0.0.0"), Ipv4Mask("255.0.0.0"), attachment);
    const auto route = routing("10.0.0.2");
    ASSERT_TRUE(route);
    EXPECT_EQ(route->GetGateway(), Ipv4Address("203.0.113.6"));
    internet->Dispose();
    Simulator::Destroy();
}
