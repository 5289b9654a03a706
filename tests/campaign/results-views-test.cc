// SPDX-License-Identifier: GPL-2.0-only
#include "program/work-folder.h"
#include "synthetic-study.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace p2pim::campaign;
using namespace p2pim::campaign::test;

namespace
{

/// A file whose content is asked for in SQL.
class ResultsViewsTest : public WorkFolderTest
{
  protected:
    ResultsViewsTest()
        : m_database(WriteStudy("study.sqlite"))
    {
    }

    /// @return the rows as text, with "|" between the fields.
    std::vector<std::string> Ask(const std::string& sql) const
    {
        SQLite::Statement query(m_database, sql);
        std::vector<std::string> rows;
        while (query.executeStep())
        {
            std::string& row = rows.emplace_back();
            for (int i = 0; i < query.getColumnCount(); ++i)
            {
                row += (i == 0 ? "" : "|") + query.getColumn(i).getString();
            }
        }
        return rows;
    }

    /// @return the SQL of the manual, in its order.
    std::vector<std::string> ReadManual() const
    {
        const std::string text = ReadFile((m_former / "src/p2pim/doc/results.rst").string());
        const std::string begin = ".. code-block:: sql\n\n";
        std::vector<std::string> examples;
        for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1))
        {
            const auto first = at + begin.size();
            examples.push_back(text.substr(first, text.find(";\n", first) - first));
        }
        return examples;
    }

    const SQLite::Database m_database;
};

using Rows = std::vector<std::string>;

} // namespace

TEST_F(ResultsViewsTest, HaveAColumnForEachVariable)
{
    EXPECT_EQ(Ask("SELECT point_id, cs, pdchs FROM points ORDER BY point_id"),
              (Rows{"0|CS-2|2", "1|CS-2|10", "2|CS-1|2", "3|CS-1|10"}));
    EXPECT_EQ(Ask("SELECT * FROM parameters ORDER BY point_id DESC, variable LIMIT 2"),
              (Rows{"3|cs|GprsCell.CodingScheme|CS-1", "3|pdchs|GprsCell.Pdchs|10"}));
}

TEST_F(ResultsViewsTest, HaveTimesInSecondsAndWhereTheyAreFrom)
{
    EXPECT_EQ(Ask("SELECT point_id, scheme, seed, session, setup_s, first_message_s FROM sessions"
                  " WHERE run_id = 1 AND setup_s > 11.25"),
              (Rows{"0|p2p|1|2|12.25|12.75"}));
    EXPECT_EQ(Ask("SELECT until, sum(duration_s) FROM phases WHERE run_id = 1 GROUP BY until"),
              (Rows{"first_received|1.5", "ready|33.75"}));
    EXPECT_EQ(Ask("SELECT delay_s FROM messages WHERE run_id = 1 AND session = 0"),
              (Rows{"0.5", "1.0"}));
    EXPECT_EQ(Ask("SELECT seed, value FROM counters WHERE element = 'smsc' AND point_id = 0"
                  " AND scheme = 'p2p'"),
              (Rows{"1|1.0", "2|2.0", "3|3.0"}));
    EXPECT_EQ(Ask("SELECT run_id, sessions, succeeded FROM runs WHERE run_id < 5"),
              (Rows{"1|4|3", "2|4|3", "4|4|3"}));
    EXPECT_EQ(Ask("SELECT * FROM failures"),
              (Rows{"3|1|p2p|1|crash|signal 11|p2pim run x.ini --seed=1"}));
}

TEST_F(ResultsViewsTest, NamesOfVariablesAreQuoted)
{
    auto study = MakeTwoVariables();
    study.variables = {{"a \"b\"", ""}, {"select", ""}};
    const ResultsStore store("odd.sqlite", OpenMode::CREATE, MakeProvenance(), study);
    const SQLite::Database odd("odd.sqlite");
    SQLite::Statement query(odd, "SELECT \"a \"\"b\"\"\", \"select\" FROM points");
    ASSERT_TRUE(query.executeStep());
    EXPECT_EQ(query.getColumn(1).getString(), "2");
}

// The values are those of MakeRunOfStudy(): see each example in the manual.
TEST_F(ResultsViewsTest, TheExamplesOfTheManualWork)
{
    const auto examples = ReadManual();
    ASSERT_EQ(examples.size(), 3u);
    // Run 3 (p2p, CS-2, 10 PDCHs, seed 1) and run 24 (im-server, CS-1, 10 PDCHs, seed 3) are
    // missing.
    EXPECT_EQ(Ask(examples[0]),
              (Rows{"CS-1|im-server|15|16.85",
                    "CS-1|p2p|18|22.0",
                    "CS-2|im-server|18|7.0",
                    "CS-2|p2p|15|11.95"}));
    EXPECT_EQ(Ask(examples[1]), (Rows{"ready|18|22.0", "first_received|18|0.5"}));
    EXPECT_EQ(Ask(examples[2]), (Rows{"CS-1|5|5.0", "CS-2|5|5.0"}));
}
