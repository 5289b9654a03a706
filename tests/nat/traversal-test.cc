// SPDX-License-Identifier: GPL-2.0-only
#include "traversal-world.h"

#include "ns3/peer-to-peer-client.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::test::TraversalWorld;

namespace
{

/// A p2p chat between phones of two operators, each with what stands at its Gi.
class TraversalTest : public TraversalWorld
{
  protected:
    /// What a phone's client has told.
    struct User
    {
        Ptr<ImClient> client;
        std::vector<SessionStep> steps;
        uint32_t ready = 0;
        std::vector<std::string> received;
        std::vector<std::string> ended;
    };

    /// Both phones have a bearer; then user 0 opens a chat, and they send a message each.
    void Run(const std::string& strategy,
             const std::string& initiatorSide,
             const std::string& targetSide)
    {
        Build(strategy, initiatorSide, targetSide);
        m_users = {};
        for (uint32_t n = 0; n < 2; ++n)
        {
            auto& user = m_users[n];
            user.client = AddClient(n);
            user.client->TraceConnectWithoutContext(
                "Step",
                MakeCallback(&TraversalTest::Step, this).Bind(n));
            user.client->SetReadyCallback(MakeCallback(&TraversalTest::Ready, this).Bind(n));
            user.client->SetReceiveCallback(MakeCallback(&TraversalTest::Received, this).Bind(n));
            user.client->SetEndCallback(MakeCallback(&TraversalTest::Ended, this).Bind(n));
        }
        Simulator::ScheduleWithContext(0,
                                       Seconds(20),
                                       &ImClient::Open,
                                       m_users[0].client,
                                       m_users[1].client->GetMsisdn());
        RunFor(Minutes(4));
        if (m_users[0].ready == 1 && m_users[1].ready == 1)
        {
            m_users[0].client->Send(m_users[1].client->GetMsisdn(), "ping");
            m_users[1].client->Send(m_users[0].client->GetMsisdn(), "pong");
            RunFor(Seconds(30));
        }
    }

    /// @return whether a message has come through either way.
    bool Talks() const
    {
        return m_users[0].received == std::vector<std::string>{"pong"} &&
               m_users[1].received == std::vector<std::string>{"ping"};
    }

    std::array<User, 2> m_users;

  private:
    void Step(uint32_t user, const Msisdn&, SessionStep step)
    {
        m_users[user].steps.push_back(step);
    }

    void Ready(uint32_t user, const Msisdn&)
    {
        ++m_users[user].ready;
    }

    void Received(uint32_t user, const Msisdn&, const std::string& text)
    {
        m_users[user].received.push_back(text);
    }

    void Ended(uint32_t user, const Msisdn&, const std::string& cause)
    {
        m_users[user].ended.push_back(cause);
    }
};

/// What may stand before a phone, in the order of the tables: open, a stateful firewall, EIM with
/// EIF, ADF and APDF, and APDM with APDF.
constexpr std::array<const char*, 6> g_kinds{"none",
                                             "firewall",
                                             "rfc",
                                             "rfc tcp-filtering=adf",
                                             "port-restricted",
                                             "symmetric"};

/// A strategy, and between which kinds it connects: a row for each kind of the initiator's side.
struct Table
{
    const char* strategy;
    std::array<const char*, 6> rows;
};

void
PrintTo(const Table& table, std::ostream* out)
{
    *out << table.strategy;
}

class TraversalTable : public TraversalTest, public testing::WithParamInterface<Table>
{
};

// the tables follow from RFC 5128 3 and the definitions of mapping and filtering: a SYN gets in
// where there is no NAT or firewall, or the filter has seen the sender's endpoint (APDF) or address
// (ADF) as a destination of this mapping, or asks for nothing (EIF)
const Table g_tables[] = {
    // the initiator's own address: it must be public and open
    {"Direct", {"YYYYYY", "------", "------", "------", "------", "------"}},
    // its mapping: open, or EIM with EIF
    {"KeptMapping", {"YYYYYY", "------", "YYYYYY", "------", "------", "------"}},
    {"RequestedAddress", {"YYYYYY", "------", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY"}},
    {"Reversal", {"Y-Y---", "Y-Y---", "Y-Y---", "Y-Y---", "Y-Y---", "Y-Y---"}},
    // measured between kernels for simultaneous open: all, but for APDM with what filters by port
    {"Punch", {"YYYYYY", "YYYYY-", "YYYYYY", "YYYYYY", "YYYYY-", "Y-YY--"}},
    {"LowTtlPunch", {"YYYYYY", "YYYYY-", "YYYYYY", "YYYYYY", "YYYYY-", "Y-YY--"}},
    // only the initiator's SYN counts, and the firewall, which tracks windows, drops its answer
    {"SequentialPunch", {"Y-YYY-", "Y-YYY-", "Y-YYY-", "Y-YYY-", "Y-YYY-", "Y-YY--"}},
    // random ports cannot be predicted
    {"PredictedPunch", {"YYYYYY", "YYYYY-", "YYYYYY", "YYYYYY", "YYYYY-", "Y-YY--"}},
    {"Relay", {"YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY"}},
    {"RelayAfterPunch", {"YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY"}},
    {"Auto", {"YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY"}},
};

} // namespace

TEST_P(TraversalTable, ConnectsWhereTheFiltersLet)
{
    for (std::size_t initiator = 0; initiator < g_kinds.size(); ++initiator)
    {
        std::string row;
        for (const char* target : g_kinds)
        {
            Run(GetParam().strategy, g_kinds[initiator], target);
            row += Talks() ? 'Y' : '-';
        }
        EXPECT_EQ(row, GetParam().rows[initiator]) << g_kinds[initiator];
    }
}

INSTANTIATE_TEST_SUITE_P(Strategies,
                         TraversalTable,
                         testing::ValuesIn(g_tables),
                         testing::PrintToStringParamName());

// RFC 1918: two operators may give the same private addresses; what is sent to one's own never
// leaves
TEST_F(TraversalTest, APhoneDoesNotDialItsOwnAddress)
{
    m_targetPool = "internet=10.0.0.0/9";
    Run("Direct", "rfc", "rfc");
    EXPECT_EQ(m_users[1].ended, std::vector<std::string>{"no route"});
    Run("Punch", "rfc", "rfc");
    EXPECT_TRUE(Talks());
}

// the relay takes 10 s for each request; the phones have their connection meanwhile
TEST_F(TraversalTest, ARelayThatIsNotNeededIsNotOffered)
{
    Config::SetDefault("ns3::p2pim::TurnRelay::ProcessingTime",
                       StringValue("ns3::ConstantRandomVariable[Constant=10]"));
    Run("RelayAfterPunch", "none", "none");
    EXPECT_TRUE(Talks());
    const auto& steps = m_users[1].steps;
    EXPECT_EQ(std::count(steps.begin(), steps.end(), SessionStep::ESTABLISHED), 1);
    EXPECT_EQ(std::count(steps.begin(), steps.end(), SessionStep::ANSWER_SUBMITTED), 0);
    EXPECT_TRUE(m_users[1].ended.empty());
}

// the target has given up its SYN; what it answers with has another number, which a box that tracks
// windows drops, as Linux does
TEST_F(TraversalTest, SequentialPunchFailsWhereWindowsAreTracked)
{
    for (const std::string kind : {"linux-masquerade", "firewall"})
    {
        Run("SequentialPunch", kind, kind);
        EXPECT_FALSE(Talks()) << kind;
        for (const std::string tracking : {" tcp-tracking=liberal", " tcp-tracking=flags"})
        {
            Run("SequentialPunch", kind, kind + tracking);
            EXPECT_TRUE(Talks()) << kind << tracking;
        }
        Run("Punch", kind, kind);
        EXPECT_TRUE(Talks()) << kind;
    }
}
