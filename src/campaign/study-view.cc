// SPDX-License-Identifier: GPL-2.0-only
#include "study-view.h"

#include "run-reader.h"

#include <SQLiteCpp/Statement.h>

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
        SQLite::Statement variables(database,
                                    "SELECT id, name, attribute FROM variable ORDER BY id");
        while (variables.executeStep())
        {
            m_dimensions.push_back({Dimension::Kind::VARIABLE,
                                    variables.getColumn(1),
                                    variables.getColumn(2),
                                    variables.getColumn(0).getInt64()});
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
        return ListTexts("SELECT value FROM parameter WHERE variable_id = ?"
                         " GROUP BY value ORDER BY min(point_id)",
                         dimension.variable);
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
    return ListTexts("SELECT DISTINCT element || '.' || name AS text FROM counter ORDER BY text");
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
StudyView::ListTexts(const std::string& sql, int64_t parameter) const
{
    return Ask([&](const SQLite::Database& database) {
        SQLite::Statement query(database, sql);
        if (query.getBindParameterCount() > 0)
        {
            query.bind(1, parameter);
        }
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
