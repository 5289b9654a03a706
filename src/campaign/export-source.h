// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_EXPORT_SOURCE_H
#define P2PIM_CAMPAIGN_EXPORT_SOURCE_H

#include "results.h"
#include "run-reader.h"
#include "study-view.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// Where the rows of an export come from: memory or a file. All that is visited is ordered by
/// point, scheme and seed.
class ExportSource
{
  public:
    /// Takes a run; @p values are those of the variables at its point.
    using RunVisitor =
        std::function<void(const ::p2pim::RunRecord& run, const std::vector<std::string>& values)>;
    /// Takes a failed run.
    using FailureVisitor =
        std::function<void(const FailedRun& failed, const std::vector<std::string>& values)>;

    virtual ~ExportSource() = default;

    /// @return where the runs come from.
    virtual const Provenance& GetProvenance() const = 0;

    /// @return the names of the variables.
    virtual std::vector<std::string> GetVariables() const = 0;

    /// Visits the points.
    virtual void VisitPoints(const std::function<void(const Point& point)>& visit) const = 0;

    /// Visits the runs, which have at least these parts.
    virtual void VisitRuns(const RunParts& parts, const RunVisitor& visit) const = 0;

    /// Visits the runs that failed.
    virtual void VisitFailures(const FailureVisitor& visit) const = 0;
};

/// @param results live longer. @param schemes which; empty: all. @return the source.
std::unique_ptr<ExportSource> MakeExportSource(const Results& results,
                                               const std::vector<std::string>& schemes);

/// @param study lives longer; a run of it is in memory at a time. @param schemes which; empty: all.
/// @return the source.
std::unique_ptr<ExportSource> MakeExportSource(const StudyView& study,
                                               const std::vector<std::string>& schemes);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_EXPORT_SOURCE_H
