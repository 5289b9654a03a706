// SPDX-License-Identifier: GPL-2.0-only
#include "study-view.h"

#include "run-reader.h"

#include <SQLiteCpp/Statement.h>
#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace p2pim
{
namespace campaign
{

namespace
{

uint64_t
Count(const SQLite::Database& database, const std::string& table)
{
    SQLite::Statement query(database, "SELECT count(*) FROM " + table);
    query.executeStep();
    return static_cast<uint64_t>(query.getColumn(0).getInt64());
}

/// Finds the order of a list of which a constraint leaves different parts at different points.
class ListMerger
{
  public:
    /**
     * @param value the next one.
     * @param part names the part of the list that it is in.
     */
    void Add(const std::string& value, const std::string& part)
    {
        if (m_before.emplace(value, std::set<std::string>()).second)
        {
            m_values.push_back(value);
        }
        if (part == m_part && value != m_last)
        {
            m_before[value].insert(m_last);
        }
        m_part = part;
        m_last = value;
    }

    /// @return the values; those of which no part tells the order are in that of their coming.
    std::vector<std::string> Get()
    {
        std::vector<std::string> order;
        std::set<std::string> left(m_values.begin(), m_values.end());
        while (!m_values.empty())
        {
            auto next =
                std::find_if(m_values.begin(), m_values.end(), [&](const std::string& value) {
                    const auto& before = m_before[value];
                    return std::none_of(before.begin(), before.end(), [&left](const auto& other) {
                        return left.count(other) > 0;
                    });
                });
            next = next == m_values.end() ? m_values.begin() : next; // a list that has one twice
            left.erase(*next);
            order.push_back(std::move(*next));
            m_values.erase(next);
        }
        return order;
    }

  private:
    std::vector<std::string> m_values;                     ///< in the order in which they came
    std::map<std::string, std::set<std::string>> m_before; ///< which come right before a value
    std::optional<std::string> m_part;
    std::string m_last;
};

} // namespace

StudyView::StudyView(const std::string& path)
    : m_path(path),
      m_database(OpenResultsFile(path))
{
    Ask([this](const SQLite::Database& database) {
        m_database.exec("BEGIN"); // until it is closed: one moment of the file
        m_provenance = ReadProvenance(database);
        m_status = ReadStatus(database);
        m_progress = {Count(database, "plan"), Count(database, "run"), Count(database, "failure")};
        for (const auto& variable : ReadVariables(database))
        {
            const auto number = static_cast<int64_t>(m_dimensions.size());
            m_dimensions.push_back(
                {Dimension::Kind::VARIABLE, variable.name, variable.attribute, number});
        }
    });
    m_dimensions.push_back({Dimension::Kind::SCHEME, "scheme"});
    m_dimensions.push_back({Dimension::Kind::SEED, "seed"});
    m_dimensions.push_back({Dimension::Kind::BEARER, "bearer"});
}

std::vector<std::string>
StudyView::ListValues(const Dimension& dimension) const
{
    switch (dimension.kind)
    {
    case Dimension::Kind::VARIABLE:
        return ListParameters(dimension.variable);
    case Dimension::Kind::SCHEME:
        return ListTexts("SELECT scheme FROM plan GROUP BY scheme ORDER BY min(run_id)");
    case Dimension::Kind::SEED:
        // Seeds from 2^63 on are stored as negative numbers.
        return ListTexts("SELECT DISTINCT printf('%llu', seed) FROM plan ORDER BY seed < 0, seed");
    case Dimension::Kind::BEARER:
        return ListTexts("SELECT DISTINCT bearer FROM session ORDER BY bearer");
    }
    return {};
}

std::vector<std::string>
StudyView::ListSteps() const
{
    return ListTexts("SELECT DISTINCT name FROM step ORDER BY name");
}

std::vector<std::string>
StudyView::ListCounters() const
{
    return ListTexts(
        "SELECT DISTINCT element || '.' || name AS text FROM counter_name ORDER BY text");
}

void
StudyView::CheckName(const MetricSpec& metric) const
{
    const bool isCounter = metric.measure == MeasureKind::COUNTER;
    if (!isCounter && metric.measure != MeasureKind::PHASE)
    {
        return;
    }
    auto known = isCounter ? ListCounters() : ListSteps();
    const std::string name = isCounter ? metric.element + "." + metric.name : metric.name;
    const bool isKnown = std::any_of(known.begin(), known.end(), [&](const std::string& each) {
        const auto dot = each.find('.');
        return isCounter ? each.substr(dot + 1) == metric.name &&
                               IsElement(each.substr(0, dot), metric.element)
                         : each == name;
    });
    if (!isKnown)
    {
        throw MetricError("'" + metric.text + "': no such " + (isCounter ? "counter" : "step") +
                              " in the file",
                          name,
                          std::move(known));
    }
}

bool
StudyView::KnowsBegins() const
{
    return !ListTexts("SELECT 1 FROM step UNION ALL SELECT 1 FROM message LIMIT 1").empty();
}

void
StudyView::CheckWhole() const
{
    Ask([this](const SQLite::Database& database) { CheckRows(m_path, database); });
}

std::vector<std::string>
StudyView::ListParameters(int64_t variable) const
{
    return Ask([&](const SQLite::Database& database) {
        // The variables before it go through their values more slowly.
        SQLite::Statement query(
            database,
            "SELECT value, (SELECT json_group_array(value) FROM (SELECT value FROM parameter AS p"
            " WHERE p.point_id = parameter.point_id AND variable_id < ?1 ORDER BY variable_id))"
            " FROM parameter WHERE variable_id = ?1 ORDER BY point_id");
        query.bind(1, variable);
        ListMerger merger;
        while (query.executeStep())
        {
            merger.Add(query.getColumn(0), query.getColumn(1));
        }
        return merger.Get();
    });
}

std::vector<std::string>
StudyView::ListTexts(const std::string& sql) const
{
    return Ask([&](const SQLite::Database& database) {
        SQLite::Statement query(database, sql);
        std::vector<std::string> texts;
        while (query.executeStep())
        {
            texts.push_back(query.getColumn(0).getString());
        }
        return texts;
    });
}

} // namespace campaign
} // namespace p2pim
