// SPDX-License-Identifier: GPL-2.0-only
#include "scenarios/nat-scenario.h"
#include "tests/scenarios/scenario-run.h"

#include "ns3/config.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <iomanip>
#include <map>
#include <string>
#include <utility>
#include <vector>

using ns3::Config::SetDefault;
using ns3::p2pim::NatScenario;
using ::p2pim::SessionRecord;
using ::p2pim::test::ScenarioRun;
using ::p2pim::test::TemporaryName;

namespace
{

/// A population file of kinds with equal shares; each is a name and a chain.
class KindsFile
{
  public:
    explicit KindsFile(const std::vector<std::pair<std::string, std::string>>& kinds)
    {
        std::ofstream file(m_name.path);
        file << std::setprecision(9) << "name,unit,place,share,chain,source,mark\n";
        for (const auto& [name, chain] : kinds)
        {
            file << name << ",per carrier,carrier," << 1.0 / static_cast<double>(kinds.size())
                 << "," << chain << ",a test,own choice\n";
        }
    }

    /// @return the setting that chooses it.
    std::string GetOption() const
    {
        return "CellularNetwork.AccessPopulation=" + m_name.path;
    }

    const std::string& GetPath() const
    {
        return m_name.path;
    }

  private:
    TemporaryName m_name;
};

/// The kinds of TraversalTable, in tests/nat.
const std::vector<std::pair<std::string, std::string>> g_kinds{
    {"open", "none"},
    {"firewall", "firewall"},
    {"eif", "rfc"},
    {"adf", "rfc tcp-filtering=adf"},
    {"apdf", "port-restricted"},
    {"apdm", "symmetric"},
};

/// @return what each session's phones are behind.
std::vector<std::string>
ListPairs(const ScenarioRun& run)
{
    std::vector<std::string> pairs;
    for (const auto& session : run.record.sessions)
    {
        pairs.push_back(session.initiatorAccess + " " + session.targetAccess + " " +
                        session.bearer + " " + std::to_string(session.steps.front().timeNs));
    }
    return pairs;
}

/// All of a run that does not depend on the machine.
std::string
Print(const ScenarioRun& run)
{
    std::string text = std::to_string(run.record.events) + "\n";
    for (const auto& pair : ListPairs(run))
    {
        text += pair + "\n";
    }
    for (const auto& session : run.record.sessions)
    {
        text += session.cause + session.diagnosis + " " + std::to_string(session.firstMessageNs) +
                " " + std::to_string(session.attempts.size()) + "\n";
    }
    for (const auto& counter : run.record.counters)
    {
        text += counter.element + " " + counter.name + " " + std::to_string(counter.value) + "\n";
    }
    return text;
}

/// @return when a session passed a step, s; negative if it did not.
double
GetStep(const SessionRecord& session, const std::string& name)
{
    for (const auto& step : session.steps)
    {
        if (step.name == name)
        {
            return static_cast<double>(step.timeNs) * 1e-9;
        }
    }
    return -1;
}

/// A strategy, and between which kinds it connects: a row for each kind of the initiator's.
struct Table
{
    std::string scheme;
    std::vector<std::string> rows;
};

void
PrintTo(const Table& table, std::ostream* out)
{
    std::string name = table.scheme;
    for (auto place = name.find('-'); place != std::string::npos; place = name.find('-'))
    {
        name.erase(place, 1);
    }
    *out << name;
}

class NatMatrix : public testing::TestWithParam<Table>
{
};

// as TraversalTable: RFC 5128 3 and the definitions of mapping and filtering
const std::vector<Table> g_tables{
    {"direct", {"YYYYYY", "------", "------", "------", "------", "------"}},
    {"kept-mapping", {"YYYYYY", "------", "YYYYYY", "------", "------", "------"}},
    {"requested-address", {"YYYYYY", "------", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY"}},
    {"reversal", {"Y-Y---", "Y-Y---", "Y-Y---", "Y-Y---", "Y-Y---", "Y-Y---"}},
    {"punch", {"YYYYYY", "YYYYY-", "YYYYYY", "YYYYYY", "YYYYY-", "Y-YY--"}},
    {"low-ttl-punch", {"YYYYYY", "YYYYY-", "YYYYYY", "YYYYYY", "YYYYY-", "Y-YY--"}},
    {"relay", {"YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY"}},
    {"relay-after-punch", {"YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY"}},
    {"auto", {"YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY", "YYYYYY"}},
};

/// One round of all pairs, between two operators; nobody has an address of the other network.
const std::vector<std::string> g_oneRound{"Scenario.Sessions=36",
                                          "ChatScenario.OtherOperatorShare=1",
                                          "Operator2.Ggsn.AccessPoints=internet=11.0.0.0/8"};

/// A run of the matrix of g_kinds.
ScenarioRun
RunMatrix(const KindsFile& kinds,
          const std::string& scheme,
          std::vector<std::string> options = g_oneRound,
          uint64_t seed = 1)
{
    options.push_back(kinds.GetOption());
    return ScenarioRun("nat-matrix.ini", options, seed, scheme);
}

} // namespace

TEST_P(NatMatrix, IsThatOfRfc5128BetweenOperators)
{
    const KindsFile kinds(g_kinds);
    std::vector<std::string> rows(g_kinds.size());
    for (const auto& session : RunMatrix(kinds, GetParam().scheme).record.sessions)
    {
        rows[session.index / g_kinds.size()] += session.succeeded ? 'Y' : '-';
        EXPECT_EQ(session.succeeded, session.diagnosis.empty()) << session.index;
    }
    EXPECT_EQ(rows, GetParam().rows);
}

INSTANTIATE_TEST_SUITE_P(Schemes,
                         NatMatrix,
                         testing::ValuesIn(g_tables),
                         testing::PrintToStringParamName());

TEST(NatScenario, EachStrategyIsASchemeWithASummary)
{
    const auto schemes = ns3::CreateObject<NatScenario>()->GetSchemes();
    ASSERT_GE(schemes.size(), 10U);
    EXPECT_EQ(schemes[0].name, "direct");
    EXPECT_EQ(schemes[5].name, "low-ttl-punch");
    for (const auto& scheme : schemes)
    {
        EXPECT_FALSE(scheme.summary.empty()) << scheme.name;
    }
}

TEST(NatScenario, EverySchemeSeesTheSamePairs)
{
    const KindsFile kinds(g_kinds);
    const std::vector<std::string> population{"Scenario.Sessions=36",
                                              "NatScenario.Pairing=Population"};
    for (const auto& options : {g_oneRound, population})
    {
        const auto pairs = ListPairs(RunMatrix(kinds, "direct", options));
        for (const auto* const scheme : {"requested-address", "punch", "relay"})
        {
            EXPECT_EQ(ListPairs(RunMatrix(kinds, scheme, options)), pairs) << scheme;
        }
    }
}

TEST(NatScenario, TheSameSeedGivesTheSameRun)
{
    const KindsFile kinds(g_kinds);
    const auto first = Print(RunMatrix(kinds, "auto"));
    EXPECT_NE(Print(RunMatrix(kinds, "auto", g_oneRound, 2)), first);
    RunMatrix(kinds, "direct", g_oneRound, 3);
    EXPECT_EQ(Print(RunMatrix(kinds, "auto")), first);
}

TEST(NatScenario, AMatrixHasEachPairEquallyOftenOnBothSides)
{
    const KindsFile kinds(g_kinds);
    const auto run = RunMatrix(kinds,
                               "direct",
                               {"Scenario.Sessions=144", "ChatScenario.OtherOperatorShare=0.25"});
    std::map<std::string, int> same;
    std::map<std::string, int> other;
    for (const auto& session : run.record.sessions)
    {
        ++(session.bearer == "warm" ? same
                                    : other)[session.initiatorAccess + " " + session.targetAccess];
    }
    EXPECT_EQ(same.size(), 36U);
    EXPECT_EQ(other.size(), 36U);
    for (const auto& [pair, count] : same)
    {
        EXPECT_EQ(count, 3) << pair;
        EXPECT_EQ(other[pair], 1) << pair;
    }
}

TEST(NatScenario, SameHasEachKindWithItself)
{
    const KindsFile kinds(g_kinds);
    const auto run =
        RunMatrix(kinds, "direct", {"Scenario.Sessions=12", "NatScenario.Pairing=Same"});
    for (const auto& session : run.record.sessions)
    {
        EXPECT_EQ(session.initiatorAccess, g_kinds[session.index % 6].first);
        EXPECT_EQ(session.targetAccess, session.initiatorAccess);
    }
}

// each count is binomial; four standard deviations
TEST(NatScenario, APopulationHasTheSharesOfItsFile)
{
    const ScenarioRun run("nat-population.ini", {"Scenario.Sessions=400"}, 1, "direct");
    std::map<std::string, int> counts;
    for (const auto& session : run.record.sessions)
    {
        ++counts[session.initiatorAccess];
        ++counts[session.targetAccess];
    }
    const std::map<std::string, double> shares{{"open", 0.02},
                                               {"firewall", 0.05},
                                               {"random", 0.245},
                                               {"sequential", 0.127},
                                               {"eim-eif", 0.186},
                                               {"eim-adf", 0.186},
                                               {"eim-apdf", 0.186}};
    for (const auto& [kind, share] : shares)
    {
        EXPECT_NEAR(counts[kind], 800 * share, 4 * std::sqrt(800 * share * (1 - share))) << kind;
    }
}

// The hole is made when the SYN has left the phone, and of class B that is when the answer's SMS
// has: within 4 s of its being written. It is used half a round trip after the answer's arrival.
TEST(NatScenario, AHoleLetsInAnAnswerWithinItsLifeTime)
{
    const ScenarioRun run("nat-timers.ini", {"Scenario.Sessions=320"}, 1, "sequential-punch");
    const std::map<std::string, double> lives{{"30s", 30},
                                              {"65s", 65},
                                              {"120s", 120},
                                              {"240s", 240}};
    std::map<std::string, int> early;
    std::map<std::string, int> late;
    for (const auto& session : run.record.sessions)
    {
        const double delay =
            GetStep(session, "answer_delivered") - GetStep(session, "answer_submitted");
        const double life = lives.at(session.targetAccess);
        ASSERT_GT(delay, 0) << session.index;
        if (delay < life)
        {
            ++early[session.targetAccess];
            EXPECT_TRUE(session.succeeded) << session.targetAccess << " " << delay;
        }
        else if (delay > life + 4)
        {
            ++late[session.targetAccess];
            EXPECT_FALSE(session.succeeded) << session.targetAccess << " " << delay;
        }
    }
    EXPECT_EQ(early.size(), 4U);
    EXPECT_EQ(late.size(), 4U);
}

// each SYN makes the hole anew, after 3, 9, 21, 45, 93 s and so on: no delay is too long
TEST(NatScenario, APunchThatGoesOnIsNotTooLate)
{
    const ScenarioRun run("nat-timers.ini", {"Scenario.Sessions=64"}, 1, "punch");
    for (const auto& session : run.record.sessions)
    {
        EXPECT_TRUE(session.succeeded) << session.index << ": " << session.cause;
    }
}

class NatScenarioFault : public testing::Test
{
  protected:
    NatScenarioFault()
    {
        SetDefault("ns3::p2pim::CellularNetwork::AccessPopulation",
                   ns3::StringValue(m_kinds.GetPath()));
        SetDefault("ns3::p2pim::NatScenario::Pairing", ns3::StringValue("Matrix"));
        SetDefault("ns3::p2pim::Scenario::Sessions", ns3::UintegerValue(72));
    }

    ~NatScenarioFault() override
    {
        ns3::Config::Reset();
    }

    /// @return the fault as a line; empty if there is none.
    static std::string Find()
    {
        const auto fault = ns3::CreateObject<NatScenario>()->FindFault();
        return fault ? fault->setting + ": " + fault->problem : "";
    }

    const KindsFile m_kinds{g_kinds};
};

TEST_F(NatScenarioFault, NoneInAMatrixThatComesOut)
{
    EXPECT_EQ(Find(), "");
}

TEST_F(NatScenarioFault, SessionsThatAreNoMultipleOfThePairs)
{
    SetDefault("ns3::p2pim::Scenario::Sessions", ns3::UintegerValue(100));
    EXPECT_EQ(Find(),
              "Scenario.Sessions: 100 is no multiple of the 36 pairs of kinds; the next "
              "one is 108");
    SetDefault("ns3::p2pim::NatScenario::Pairing", ns3::StringValue("Same"));
    EXPECT_EQ(Find(),
              "Scenario.Sessions: 100 is no multiple of the 6 pairs of kinds; the next "
              "one is 102");
    SetDefault("ns3::p2pim::NatScenario::Pairing", ns3::StringValue("Population"));
    EXPECT_EQ(Find(), "");
}

TEST_F(NatScenarioFault, AMatrixOfNothing)
{
    SetDefault("ns3::p2pim::CellularNetwork::AccessPopulation", ns3::StringValue(""));
    EXPECT_EQ(Find(),
              "NatScenario.Pairing: there are no kinds to pair: "
              "CellularNetwork.AccessPopulation is empty");
}

TEST_F(NatScenarioFault, AStrategyBesidesTheSchemes)
{
    SetDefault("ns3::p2pim::PeerToPeerClient::Traversal", ns3::StringValue("LowTtlPunch"));
    EXPECT_EQ(Find(),
              "PeerToPeerClient.Traversal: the schemes of NatScenario are its values: "
              "--schemes=low-ttl-punch");
}
