// SPDX-License-Identifier: GPL-2.0-only
#include "export-source.h"

#include <SQLiteCpp/Statement.h>
#include <algorithm>
#include <optional>

namespace p2pim
{
namespace campaign
{

namespace
{

bool
IsChosen(const std::string& scheme, const std::vector<std::string>& schemes)
{
    return schemes.empty() || std::find(schemes.begin(), schemes.end(), scheme) != schemes.end();
}

class MemorySource : public ExportSource
{
  public:
    MemorySource(const Results& results, const std::vector<std::string>& schemes)
        : m_results(results),
          m_schemes(schemes)
    {
    }

    const Provenance& GetProvenance() const override
    {
        return m_results.provenance;
    }

    std::vector<std::string> GetVariables() const override
    {
        std::vector<std::string> names;
        for (const auto& variable : m_results.variables)
        {
            names.push_back(variable.name);
        }
        return names;
    }

    void VisitPoints(const std::function<void(const Point& point)>& visit) const override
    {
        std::for_each(m_results.points.begin(), m_results.points.end(), visit);
    }

    void VisitRuns(const RunParts& /*all are there*/, const RunVisitor& visit) const override
    {
        for (const auto* run : SelectRuns(m_results, m_schemes))
        {
            visit(*run, GetValues(run->point));
        }
    }

    void VisitFailures(const FailureVisitor& visit) const override
    {
        std::vector<const FailedRun*> failures;
        for (const auto& failed : m_results.failures)
        {
            if (IsChosen(failed.run.key.scheme, m_schemes))
            {
                failures.push_back(&failed);
            }
        }
        std::sort(failures.begin(), failures.end(), [](const auto* a, const auto* b) {
            return a->run.key < b->run.key;
        });
        for (const auto* failed : failures)
        {
            visit(*failed, GetValues(failed->run.key.point));
        }
    }

  private:
    std::vector<std::string> GetValues(uint32_t id) const
    {
        const auto found = std::find_if(m_results.points.begin(),
                                        m_results.points.end(),
                                        [id](const auto& point) { return point.id == id; });
        return found == m_results.points.end() ? std::vector<std::string>() : found->values;
    }

    const Results& m_results;
    std::vector<std::string> m_schemes;
};

/// The values at a point, kept until those of another one are asked for.
class PointReader
{
  public:
    explicit PointReader(const SQLite::Database& database)
        : m_query(database, "SELECT value FROM parameter WHERE point_id = ? ORDER BY variable_id")
    {
    }

    const Point& Read(uint32_t id)
    {
        if (!m_point || m_point->id != id)
        {
            m_point.emplace().id = id;
            m_query.reset();
            m_query.bind(1, id);
            while (m_query.executeStep())
            {
                m_point->values.push_back(m_query.getColumn(0));
            }
        }
        return *m_point;
    }

  private:
    SQLite::Statement m_query;
    std::optional<Point> m_point;
};

class FileSource : public ExportSource
{
  public:
    FileSource(const StudyView& study, const std::vector<std::string>& schemes)
        : m_study(study),
          m_schemes(schemes)
    {
    }

    const Provenance& GetProvenance() const override
    {
        return m_study.GetProvenance();
    }

    std::vector<std::string> GetVariables() const override
    {
        std::vector<std::string> names;
        for (const auto& dimension : m_study.GetDimensions())
        {
            if (dimension.kind == Dimension::Kind::VARIABLE)
            {
                names.push_back(dimension.name);
            }
        }
        return names;
    }

    void VisitPoints(const std::function<void(const Point& point)>& visit) const override
    {
        m_study.Ask([&](const SQLite::Database& database) {
            PointReader points(database);
            SQLite::Statement query(database, "SELECT id FROM point ORDER BY id");
            while (query.executeStep())
            {
                visit(points.Read(query.getColumn(0).getUInt()));
            }
        });
    }

    void VisitRuns(const RunParts& parts, const RunVisitor& visit) const override
    {
        m_study.Ask([&](const SQLite::Database& database) {
            PointReader points(database);
            RunReader runs(database, parts);
            // Seeds from 2^63 on are stored as negative numbers.
            SQLite::Statement query(database,
                                    "SELECT id, scheme FROM run"
                                    " ORDER BY point_id, scheme, seed < 0, seed");
            while (query.executeStep())
            {
                if (IsChosen(query.getColumn(1), m_schemes))
                {
                    const auto run = runs.Read(query.getColumn(0).getInt64());
                    visit(run, points.Read(run.point).values);
                }
            }
        });
    }

    void VisitFailures(const FailureVisitor& visit) const override
    {
        m_study.Ask([&](const SQLite::Database& database) {
            PointReader points(database);
            SQLite::Statement query(database,
                                    "SELECT run_id, scheme, seed, point_id, cause, detail, command"
                                    " FROM failure JOIN plan USING (run_id)"
                                    " ORDER BY point_id, scheme, seed < 0, seed");
            while (query.executeStep())
            {
                const auto failed = ReadFailure(query);
                if (IsChosen(failed.run.key.scheme, m_schemes))
                {
                    visit(failed, points.Read(failed.run.key.point).values);
                }
            }
        });
    }

  private:
    const StudyView& m_study;
    std::vector<std::string> m_schemes;
};

} // namespace

std::unique_ptr<ExportSource>
MakeExportSource(const Results& results, const std::vector<std::string>& schemes)
{
    return std::make_unique<MemorySource>(results, schemes);
}

std::unique_ptr<ExportSource>
MakeExportSource(const StudyView& study, const std::vector<std::string>& schemes)
{
    return std::make_unique<FileSource>(study, schemes);
}

} // namespace campaign
} // namespace p2pim
