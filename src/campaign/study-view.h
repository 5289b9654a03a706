// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_STUDY_VIEW_H
#define P2PIM_CAMPAIGN_STUDY_VIEW_H

#include "metric.h"
#include "results-file.h"
#include "results.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// What runs, or sessions of a run, differ in.
struct Dimension
{
    /// The kinds of dimensions.
    enum class Kind
    {
        VARIABLE, ///< of the study's grid
        SCHEME,   ///< of a run
        SEED,     ///< of a run
        BEARER,   ///< of a session
    };

    Kind kind = Kind::VARIABLE; ///< which kind
    std::string name;           ///< of the variable, or "scheme", "seed", "bearer"
    std::string attribute = {}; ///< of a variable; perhaps none
    int64_t variable = 0;       ///< the variable's number in the file
};

/// Looks at a results file without reading it whole: what is in it, and of what kinds. What the
/// file holds does not change for it meanwhile. Every member function throws StoreError.
class StudyView
{
  public:
    /// @param path a results file.
    explicit StudyView(const std::string& path);

    /// How much of the plan is there.
    struct Progress
    {
        uint64_t planned = 0; ///< runs
        uint64_t made = 0;    ///< runs that succeeded
        uint64_t failed = 0;  ///< runs that were made and did not succeed
    };

    /// @return where the file's runs come from.
    const Provenance& GetProvenance() const
    {
        return m_provenance;
    }

    /// @return the status that its last writer left.
    Status GetStatus() const
    {
        return m_status;
    }

    /// @return how far it is.
    const Progress& GetProgress() const
    {
        return m_progress;
    }

    /// @return the variables in the order of the grid, then scheme, seed and bearer.
    const std::vector<Dimension>& GetDimensions() const
    {
        return m_dimensions;
    }

    /**
     * @param dimension one of this file's.
     * @return what it takes, also in runs that are missing: in the order of the grid, of the plan;
     * seeds and bearers in theirs.
     */
    std::vector<std::string> ListValues(const Dimension& dimension) const;

    /// @return the names of the steps that sessions pass, in alphabetical order.
    std::vector<std::string> ListSteps() const;

    /// @return the counters as "element.name", in alphabetical order.
    std::vector<std::string> ListCounters() const;

    /// @throw MetricError the file does not know the metric's step or counter.
    void CheckName(const MetricSpec& metric) const;

    /// @return whether the file has steps or messages, which tell when a session begins.
    bool KnowsBegins() const;

    /// @throw StoreError the file has rows that are of no run.
    void CheckWhole() const;

    /**
     * Asks the database.
     *
     * @param question is called with the SQLite::Database.
     * @return its answer.
     */
    template <typename Question>
    auto Ask(const Question& question) const
    {
        try
        {
            return question(m_database);
        }
        catch (const SQLite::Exception& error)
        {
            throw Explain(m_path, error, 0);
        }
    }

  private:
    std::vector<std::string> ListParameters(int64_t variable) const;
    std::vector<std::string> ListTexts(const std::string& sql) const;

    std::string m_path;
    SQLite::Database m_database;
    Provenance m_provenance;
    Status m_status = Status::RUNNING;
    Progress m_progress;
    std::vector<Dimension> m_dimensions;
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_STUDY_VIEW_H
