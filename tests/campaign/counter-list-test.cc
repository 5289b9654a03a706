// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/counter-list.h"
#include "campaign/results-schema.h"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <sqlite3.h>
#include <sstream>

using namespace p2pim;
using namespace p2pim::campaign;

namespace
{

/// An empty results file in memory.
class CounterListTest : public testing::Test
{
  protected:
    using Counters = std::vector<CounterRecord>;

    CounterListTest()
        : m_database(":memory:", SQLite::OPEN_READWRITE)
    {
        m_database.exec(g_schema);
    }

    /// Expects that SQLite complains as it does about a damaged file, and says @p what.
    void ExpectDamage(int64_t run, const std::string& what)
    {
        try
        {
            CounterReader(m_database).Read(run);
            ADD_FAILURE() << "no exception";
        }
        catch (const SQLite::Exception& error)
        {
            EXPECT_EQ(error.getErrorCode(), SQLITE_CORRUPT);
            EXPECT_NE(std::string(error.what()).find(what), std::string::npos) << error.what();
        }
    }

    int64_t Ask(const std::string& sql)
    {
        return m_database.execAndGet(sql).getInt64();
    }

    SQLite::Database m_database;
};

/// @return "element.name=value " of each.
std::string
Print(const std::vector<CounterRecord>& counters)
{
    std::ostringstream text;
    text << std::hexfloat;
    for (const auto& counter : counters)
    {
        text << counter.element << "." << counter.name << "=" << counter.value << " ";
    }
    return text.str();
}

} // namespace

TEST_F(CounterListTest, EveryValueComesBackBitByBit)
{
    const double step = std::numeric_limits<double>::epsilon();
    const Counters counters{{"a", "count", 9007199254740992},
                            {"a", "negative", -3},
                            {"a", "tenth", 0.1},
                            {"b", "greatest", std::numeric_limits<double>::max()},
                            {"b", "least", std::numeric_limits<double>::denorm_min()},
                            {"b", "next to one", 1 + step},
                            {"b", "zero", 0}};
    CounterWriter(m_database).Write(3, counters);
    EXPECT_EQ(Print(CounterReader(m_database).Read(3)), Print(counters));
}

TEST_F(CounterListTest, NamesAreInTheFileOnce)
{
    CounterWriter writer(m_database);
    writer.Write(1, {{"ggsn", "drops", 1}, {"smsc", "stored", 2}});
    writer.Write(2, {{"ggsn", "drops", 3}, {"smsc", "stored", 4}});
    CounterWriter(m_database).Write(3, {{"ggsn", "drops", 5}, {"smsc", "stored", 6}});
    EXPECT_EQ(Ask("SELECT count(*) FROM counter_name"), 2);
    writer.Write(4, {{"ggsn", "drops", 7}});
    EXPECT_EQ(Ask("SELECT count(*) FROM counter_name"), 3);
    CounterReader reader(m_database);
    for (const int64_t run : {4, 2, 4})
    {
        EXPECT_EQ(reader.Read(run).size(), run == 4 ? 1u : 2u);
    }
    EXPECT_EQ(reader.Read(2)[1].value, 4);
}

TEST_F(CounterListTest, ComesBackByElementThenName)
{
    CounterWriter(m_database).Write(1, {{"smsc", "b", 1}, {"smsc", "a", 2}, {"ggsn", "c", 3}});
    EXPECT_EQ(Print(CounterReader(m_database).Read(1)),
              Print({{"ggsn", "c", 3}, {"smsc", "a", 2}, {"smsc", "b", 1}}));
}

// What a list is called must not depend on where a name ends.
TEST_F(CounterListTest, ListsOfOtherNamesAreOthers)
{
    CounterWriter writer(m_database);
    int64_t run = 0;
    for (const auto& [element, name] : {std::pair<std::string, std::string>{"ab", "c"},
                                        {"a", "bc"},
                                        {"a", "c"},
                                        {"abc", ""},
                                        {"", "abc"}})
    {
        writer.Write(++run, {{element, name, 1}});
    }
    EXPECT_EQ(Ask("SELECT count(DISTINCT list_id) FROM counter_name"), 5);
}

TEST_F(CounterListTest, NamesThatWereRolledBackAreWrittenAgain)
{
    CounterWriter writer(m_database);
    {
        SQLite::Transaction transaction(m_database);
        writer.Write(1, {{"ggsn", "drops", 1}});
    }
    writer.Write(2, {{"ggsn", "drops", 2}});
    EXPECT_EQ(Print(CounterReader(m_database).Read(2)), Print({{"ggsn", "drops", 2}}));
}

TEST_F(CounterListTest, ARunWithoutCountersHasNone)
{
    CounterWriter(m_database).Write(1, {});
    EXPECT_TRUE(CounterReader(m_database).Read(1).empty());
    EXPECT_TRUE(CounterReader(m_database).Read(2).empty());
}

TEST_F(CounterListTest, TheViewHasARowACounter)
{
    m_database.exec("INSERT INTO run VALUES (1, 0, 'p2p', 7, 0, 0, 0)");
    CounterWriter(m_database).Write(1, {{"ggsn", "drops", 3}, {"smsc", "share", 0.25}});
    SQLite::Statement rows(m_database,
                           "SELECT seed, element, name, value, value / 2 FROM counters ORDER BY 2");
    ASSERT_TRUE(rows.executeStep());
    EXPECT_EQ(rows.getColumn(0).getInt(), 7);
    EXPECT_EQ(rows.getColumn(1).getString(), "ggsn");
    EXPECT_EQ(rows.getColumn(2).getString(), "drops");
    EXPECT_EQ(rows.getColumn(3).getDouble(), 3);
    EXPECT_EQ(rows.getColumn(4).getDouble(), 1.5) << "no division of whole numbers";
    ASSERT_TRUE(rows.executeStep());
    EXPECT_EQ(rows.getColumn(1).getString(), "smsc");
    EXPECT_EQ(rows.getColumn(3).getDouble(), 0.25);
    EXPECT_FALSE(rows.executeStep());
}

TEST_F(CounterListTest, DamageIsSeen)
{
    CounterWriter(m_database).Write(1, {{"ggsn", "drops", 1}, {"smsc", "stored", 2}});
    m_database.exec("UPDATE counter_list SET counter_values = '[1,2,3]'");
    ExpectDamage(1, "a run has 3 counters and names for 2");
    m_database.exec("UPDATE counter_list SET counter_values = '[1,2]'");
    m_database.exec("UPDATE counter_name SET ordinal = 2 WHERE ordinal = 1");
    ExpectDamage(1, "the names of a run's counters are not complete");
    m_database.exec("UPDATE counter_list SET counter_values = '[1,x]'");
    ExpectDamage(1, "counters: ");
    m_database.exec("UPDATE counter_list SET counter_values = '{\"a\":1}'");
    ExpectDamage(1, "counters: ");
}

TEST_F(CounterListTest, WhatIsNotFiniteIsRefused)
{
    CounterWriter writer(m_database);
    EXPECT_THROW(writer.Write(1, {{"ggsn", "ratio", std::nan("")}}), SQLite::Exception);
    EXPECT_THROW(writer.Write(1, {{"ggsn", "ratio", HUGE_VAL}}), SQLite::Exception);
    EXPECT_EQ(Ask("SELECT count(*) FROM counter_list"), 0);
}
