// SPDX-License-Identifier: GPL-2.0-only
#include "traversal-world.h"

#include "ns3/cellular-network.h"
#include "ns3/conversation.h"
#include "ns3/traversal-diagnosis.h"

#include <memory>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::test::SetForOperator;
using ::p2pim::test::TraversalWorld;

namespace
{

/// A chat of two users, and what is found out about it.
class TraversalDiagnosisTest : public TraversalWorld
{
  protected:
    /// Both have a bearer, and chat from 20 s on, until it is over.
    void Chat(const std::string& strategy,
              const std::string& initiatorSide,
              const std::string& targetSide)
    {
        Build(strategy, initiatorSide, targetSide);
        if (m_hasStranger)
        {
            AddStranger();
        }
        m_diagnosis = std::make_unique<TraversalDiagnosis>();
        for (const auto& network : m_operators->GetNetworks())
        {
            m_diagnosis->Watch(network->GetSmsc());
            for (const auto& gateway : network->GetGateways()->GetGateways())
            {
                m_diagnosis->Watch(gateway);
            }
        }
        const auto initiator = AddClient(0);
        const auto target = AddClient(m_targetOperator);
        m_diagnosis->Begin(0, initiator, target);
        target->TraceConnectWithoutContext("Attempt",
                                           MakeCallback(&TraversalDiagnosisTest::Attempted, this));
        m_conversation =
            Create<Conversation>(initiator,
                                 target,
                                 ConversationPlan{{PlannedMessage{true, Time(), 10}}, Minutes(5)},
                                 MakeCallback(&TraversalDiagnosisTest::Ended, this));
        Simulator::ScheduleWithContext(0, Seconds(20), &Conversation::Start, m_conversation);
        m_findings = {};
        RunFor(Minutes(6));
    }

    /// @return the outcome of the last attempt of that kind; "none" if there is none.
    std::string GetOutcome(bool fromInitiator, const std::string& candidate) const
    {
        std::string outcome = "none";
        for (const auto& attempt : m_findings.attempts)
        {
            const bool isIt = attempt.fromInitiator == fromInitiator &&
                              GetCandidateName(attempt.told.candidate) == candidate;
            outcome = isIt ? attempt.outcome : outcome;
        }
        return outcome;
    }

    bool m_hasStranger = false;
    NatCause m_lastDrop = NatCause::NONE; ///< of a packet of the target's, by its own NAT
    std::size_t m_targetOperator = 1;
    std::unique_ptr<TraversalDiagnosis> m_diagnosis;
    Ptr<Conversation> m_conversation;
    TraversalDiagnosis::Findings m_findings;

  private:
    /// A phone of the target's operator that has its bearer first, and at that the same address as
    /// the initiator, and listens for another phone at the same port.
    void AddStranger()
    {
        const auto stranger = AddClient(1);
        const auto other = m_operators->GetNetworks()[1]->AddPhone(0); // has no client
        Simulator::ScheduleWithContext(0,
                                       Seconds(15),
                                       &ImClient::Open,
                                       stranger,
                                       CellularNetwork::GetMsisdn(other));
        RunFor(Seconds(10));
    }

    void Attempted(const Msisdn&, const ConnectionAttempt& attempt)
    {
        m_drop.from = NatSide::INSIDE;
        m_drop.inside = {attempt.local.GetIpv4().Get(), attempt.local.GetPort()};
        m_drop.remote = {attempt.remote.GetIpv4().Get(), attempt.remote.GetPort()};
    }

    void Ended(Ptr<Conversation> conversation)
    {
        m_drop.cause = m_lastDrop;
        m_diagnosis->HandleEvent(m_drop);
        m_findings = m_diagnosis->End(0, *conversation);
    }

    NatEvent m_drop;
};

} // namespace

TEST_F(TraversalDiagnosisTest, AConnectionHasNoCause)
{
    Chat("Punch", "port-restricted", "port-restricted");
    EXPECT_TRUE(m_conversation->HasSucceeded());
    EXPECT_EQ(m_findings.diagnosis, "");
    EXPECT_TRUE(GetOutcome(true, "srflx").empty() || GetOutcome(false, "srflx").empty());
    EXPECT_EQ(GetOutcome(true, "stun"), "none"); // no attempt to reach the other phone
    EXPECT_EQ(m_diagnosis->GetEvidence().GetSize(), 0u);
}

// RFC 4787 5: the filter asks whether the inside has sent there
TEST_F(TraversalDiagnosisTest, FilteredIsWhoComesWithoutBeingExpected)
{
    Chat("KeptMapping", "port-restricted unsolicited-tcp=silence", "none");
    EXPECT_EQ(m_findings.diagnosis, "filtered");
    EXPECT_EQ(GetOutcome(false, "srflx"), "filtered");
    Chat("Direct", "firewall", "none");
    EXPECT_EQ(m_findings.diagnosis, "filtered");
}

// RFC 5382 REQ-4 forbids that a NAT answers so within six seconds; many do
TEST_F(TraversalDiagnosisTest, ResetIsWhatANatAnswers)
{
    Chat("KeptMapping", "port-restricted unsolicited-tcp=reset", "none");
    EXPECT_EQ(m_findings.diagnosis, "reset");
}

// Linux forgets a connection whose SYN is answered so at once: the hole is gone when it is needed
TEST_F(TraversalDiagnosisTest, ResetIsWhatClosesAHole)
{
    const std::string linux = "linux-masquerade unsolicited-tcp=reset";
    Chat("SequentialPunch", linux, linux);
    EXPECT_EQ(m_findings.diagnosis, "reset");
}

// RFC 5128 3.3: the server has seen another port than the other phone gets to see
TEST_F(TraversalDiagnosisTest, MappingMismatchIsAHoleForAnotherPort)
{
    Chat("Punch", "symmetric", "port-restricted");
    EXPECT_EQ(m_findings.diagnosis, "mapping mismatch");
    EXPECT_EQ(GetOutcome(true, "srflx"), "mapping mismatch");
    EXPECT_EQ(GetOutcome(false, "srflx"), "mapping mismatch");
    Chat("Punch", "firewall", "symmetric");
    EXPECT_EQ(m_findings.diagnosis, "mapping mismatch");
}

// the SMS takes about 8 s; an established connection is forgotten after 5 s, or the one SYN's hole
// after 2 s
TEST_F(TraversalDiagnosisTest, HoleExpiredIsWhatWasOpenWhenItWasTold)
{
    Chat("KeptMapping", "rfc tcp-established=1s tcp-closing=1s", "none");
    EXPECT_EQ(m_findings.diagnosis, "hole expired");
    Chat("SequentialPunch", "port-restricted", "port-restricted tcp-opening=2s");
    EXPECT_EQ(m_findings.diagnosis, "hole expired");
    EXPECT_EQ(GetOutcome(true, "srflx"), "hole expired");
}

// the connection with the STUN server is the only one that the subscriber may have
TEST_F(TraversalDiagnosisTest, PortExhaustedIsALimitOfTheOwnNat)
{
    Chat("Punch", "port-restricted", "port-restricted subscriber-sessions=1");
    EXPECT_EQ(m_findings.diagnosis, "port exhausted");
    EXPECT_EQ(GetOutcome(false, "srflx"), "port exhausted");
}

// two ports for all, which others have: the initiator never learns its outside address
TEST_F(TraversalDiagnosisTest, PortExhaustedCountsAlreadyWhenTheServerIsAsked)
{
    Chat("KeptMapping", "port-restricted load-rate=100 first-port=1024 last-port=1025", "none");
    EXPECT_EQ(m_findings.diagnosis, "port exhausted");
}

// measured with kernels: the listener's SYN,ACK has another initial sequence number than the SYN
// that opened the hole, and conntrack drops it
TEST_F(TraversalDiagnosisTest, WindowIsWhatTrackingOfTheConnectionThrowsAway)
{
    Chat("SequentialPunch", "linux-masquerade", "linux-masquerade");
    EXPECT_EQ(m_findings.diagnosis, "window");
    // the NAT's part is played here
    for (const auto cause : {NatCause::WINDOW, NatCause::INVALID})
    {
        m_lastDrop = cause;
        Chat("Direct", "rfc", "rfc");
        EXPECT_EQ(m_findings.diagnosis, "window");
    }
}

// RFC 1918: the address is another operator's, or one's own
TEST_F(TraversalDiagnosisTest, NoRouteIsAPrivateAddressThatLeadsNowhere)
{
    Chat("Direct", "rfc", "rfc");
    EXPECT_EQ(m_findings.diagnosis, "no route");
    m_targetPool = "internet=10.0.0.0/9";
    Chat("Direct", "rfc", "rfc");
    EXPECT_EQ(m_findings.diagnosis, "no route");
    ASSERT_EQ(m_findings.attempts.size(), 1u);
    EXPECT_EQ(m_findings.attempts[0].told.tries, 0u); // the own address is not dialled
}

// RFC 5128 3.4 and 6.1: another host may have the private address that was told
TEST_F(TraversalDiagnosisTest, WrongHostHasTheSamePrivateAddress)
{
    m_hasStranger = true;
    m_targetPool = "internet=10.0.0.0/9";
    Chat("KeptMapping", "port-restricted unsolicited-tcp=silence", "rfc");
    EXPECT_EQ(GetOutcome(false, "host"), "wrong host"); // 481
    EXPECT_EQ(m_findings.diagnosis, "filtered");
    Chat("Direct", "rfc", "rfc"); // it accepts, and no binding tells
    EXPECT_EQ(m_findings.diagnosis, "wrong host");
}

TEST_F(TraversalDiagnosisTest, NoHairpinningIsANatThatDoesNotLeadBack)
{
    m_targetOperator = 0;
    SetForOperator(1, "Ggsn", "MsToMs", "Barred");
    Chat("KeptMapping", "rfc hairpinning=no", "none");
    EXPECT_EQ(m_findings.diagnosis, "no hairpinning");
    EXPECT_EQ(GetOutcome(false, "host"), "no route");
}

// InvitationTimeout is 175 s
TEST_F(TraversalDiagnosisTest, SmsLateIsHeldByTheCentre)
{
    SetForOperator(1, "Smsc", "FirstDueDelay", "200s");
    Chat("Punch", "rfc", "rfc");
    EXPECT_EQ(m_findings.diagnosis, "sms late");
    EXPECT_TRUE(m_findings.attempts.empty());
}

TEST_F(TraversalDiagnosisTest, SmsLostIsHeldNoMore)
{
    SetForOperator(1, "Smsc", "FirstDueDelay", "200s");
    SetForOperator(1, "Smsc", "MaxValidity", "100s");
    Chat("Punch", "rfc", "rfc");
    EXPECT_EQ(m_findings.diagnosis, "sms lost");
}

// the target's SMSC has the answer; its SYNs are filtered because of that
TEST_F(TraversalDiagnosisTest, AnAnswerThatIsLateCountsBeforeWhatComesOfIt)
{
    SetForOperator(2, "Smsc", "FirstDueDelay", "200s");
    Chat("Punch", "port-restricted", "port-restricted");
    EXPECT_EQ(m_findings.diagnosis, "sms late");
    EXPECT_EQ(GetOutcome(false, "srflx"), "filtered");
}
