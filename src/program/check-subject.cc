// SPDX-License-Identifier: GPL-2.0-only
#include "check-subject.h"

#include "class-registry.h"
#include "metric-option.h"
#include "run-plan.h"
#include "user-error.h"

#include <sstream>

namespace p2pim::program
{

namespace
{

using campaign::Baseline;

/// Refuses a baseline of other settings than the scenario file's.
void
CheckSettings(const Baseline& baseline, const Subject& subject, const std::string& path)
{
    auto keys = baseline.settings;
    keys.insert(subject.settings.begin(), subject.settings.end());
    const auto get = [](const auto& settings, const std::string& key) {
        const auto found = settings.find(key);
        return found == settings.end() ? "its default" : "'" + found->second + "'";
    };
    for (const auto& [key, value] : keys)
    {
        const auto before = get(baseline.settings, key);
        const auto present = get(subject.settings, key);
        if (before != present)
        {
            std::ostringstream line;
            line << path << ": made with " << key << " as " << before << ", " << subject.file.name
                 << " has " << present << "; check --update makes it anew";
            throw UserError(line.str());
        }
    }
}

/// Refuses a baseline whose plan this program cannot make.
void
CheckPlan(const Baseline& baseline, const Subject& subject, const std::string& path)
{
    const auto& plan = baseline.plan;
    if (plan.ingredients.find_first_not_of(INGREDIENTS) != std::string::npos)
    {
        throw UserError(path + ": damaged: its plan is none that check --update makes");
    }
    CheckSchemes(plan.schemes, *MakeScenario(subject.type), path + ": schemes");
    for (const auto& target : plan.targets)
    {
        ReadMetric(target.metric, path + ": targets");
    }
    for (const auto& row : baseline.latencies)
    {
        ReadMetric(row.metric, path + ": latencies");
    }
}

} // namespace

Subject
ReadSubject(const Arguments& arguments)
{
    CheckEnvironment();
    Subject subject;
    subject.file = ReadScenarioFile(arguments.GetOperand().value());
    subject.type = GetScenarioClass(subject.file);
    subject.configuration = ReadConfiguration(subject.file, arguments);
    for (const auto& varying : subject.configuration.ListVarying())
    {
        throw UserError(varying.label + ": '" + varying.text +
                        "' varies: a baseline is of one point");
    }
    subject.configuration.Apply();
    const auto scenario = MakeScenario(subject.type);
    CheckTogether(subject.configuration, *scenario);
    for (const auto& assignment : subject.file.assignments)
    {
        if (assignment.attribute != "TimeLimit") // it does not change what a run does
        {
            subject.settings[assignment.className + "." + assignment.attribute] = assignment.value;
        }
    }
    return subject;
}

void
CheckScenario(const Baseline& baseline, const Subject& subject, const std::string& path)
{
    const auto scenario = GetShortName(subject.type);
    if (baseline.scenario != scenario)
    {
        throw UserError(path + ": a baseline of " + baseline.scenario + "; " + subject.file.name +
                        " is " + scenario);
    }
}

void
CheckBaseline(const Baseline& baseline, const Subject& subject, const std::string& path)
{
    CheckSettings(baseline, subject, path);
    CheckPlan(baseline, subject, path);
}

} // namespace p2pim::program
