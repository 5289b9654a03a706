// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/pivot.h"
#include "commands.h"
#include "metric-option.h"
#include "nearest-name.h"
#include "strict-number.h"
#include "user-error.h"
#include "value-reader.h"
#include "word-list.h"

#include "ns3/nstime.h"

#include <algorithm>
#include <limits>

namespace p2pim::program
{

namespace
{

using campaign::Choice;
using campaign::Dimension;
using campaign::PivotQuery;
using campaign::StudyView;

/// @return the dimension of this name or attribute.
const Dimension&
FindDimension(const StudyView& study, const std::string& word, const std::string& option)
{
    std::vector<std::string> known;
    for (const auto& dimension : study.GetDimensions())
    {
        if (dimension.name == word || dimension.attribute == word)
        {
            return dimension;
        }
        known.push_back(dimension.name);
        if (!dimension.attribute.empty() && dimension.attribute != dimension.name)
        {
            known.push_back(dimension.attribute);
        }
    }
    throw UserError("--" + option + ": '" + word + "': nothing of this name varies in the file" +
                    SuggestName(word, known));
}

bool
IsSame(const Dimension& a, const Dimension& b)
{
    return a.name == b.name;
}

/**
 * Cuts values out of a list. A value may have commas in it itself, so the longest that fits is
 * taken.
 *
 * @return those of @p known that are in the list, in the list's order.
 */
std::vector<std::string>
ReadValues(const std::string& list,
           const std::vector<std::string>& known,
           const std::string& option,
           const std::string& name)
{
    std::vector<std::string> values;
    for (std::size_t start = 0; start <= list.size();)
    {
        const std::string* longest = nullptr;
        for (const auto& value : known)
        {
            const auto end = start + value.size();
            const bool fits = list.compare(start, value.size(), value) == 0 &&
                              (end == list.size() || list[end] == ',');
            longest = fits && (!longest || value.size() > longest->size()) ? &value : longest;
        }
        if (!longest)
        {
            const std::string word = list.substr(start, list.find(',', start) - start);
            throw UserError("--" + option + ": '" + word + "': " + name + " has no such value" +
                            SuggestName(word, known));
        }
        if (std::find(values.begin(), values.end(), *longest) != values.end())
        {
            throw UserError("--" + option + ": '" + *longest + "' is given twice");
        }
        values.push_back(*longest);
        start += longest->size() + 1;
    }
    return values;
}

/// @return what --where and --schemes ask for.
std::vector<Choice>
ReadConditions(const StudyView& study, const Arguments& arguments)
{
    std::vector<Choice> conditions;
    const auto add =
        [&](const Dimension& dimension, const std::string& list, const std::string& option) {
            for (const auto& other : conditions)
            {
                if (IsSame(other.dimension, dimension))
                {
                    throw UserError("--" + option + ": " + dimension.name + " is given twice");
                }
            }
            const auto known = study.ListValues(dimension);
            conditions.push_back({dimension, ReadValues(list, known, option, dimension.name)});
        };
    for (const auto& condition : SplitList(arguments.Get("where").value_or(""), ';'))
    {
        const auto begin = condition.find_first_not_of(' ');
        const auto equals = condition.find('=');
        if (begin == std::string::npos || equals == std::string::npos || equals <= begin)
        {
            throw UserError("--where: '" + condition + "' is not written as NAME=VALUE,VALUE");
        }
        const auto word = condition.substr(begin, equals - begin);
        add(FindDimension(study, word, "where"), condition.substr(equals + 1), "where");
    }
    if (const auto schemes = arguments.Get("schemes"))
    {
        add(FindDimension(study, "scheme", "schemes"), *schemes, "schemes");
    }
    return conditions;
}

/// Takes the condition on a dimension out of the conditions.
/// @return the dimension with the values that are wanted of it.
Choice
TakeChoice(const StudyView& study, const Dimension& dimension, std::vector<Choice>& conditions)
{
    const auto found =
        std::find_if(conditions.begin(), conditions.end(), [&](const auto& condition) {
            return IsSame(condition.dimension, dimension);
        });
    if (found == conditions.end())
    {
        return {dimension, study.ListValues(dimension)};
    }
    Choice choice = std::move(*found);
    conditions.erase(found);
    return choice;
}

/// @return --x, or the first variable, or the scheme where there is none.
Dimension
ChooseRows(const StudyView& study, const Arguments& arguments)
{
    if (const auto word = arguments.Get("x"))
    {
        return FindDimension(study, *word, "x");
    }
    return study.GetDimensions().front();
}

/// @return --by; else the schemes where there are several, or a second variable; else nothing.
std::optional<Dimension>
ChooseColumns(const StudyView& study, const Arguments& arguments, const Dimension& x)
{
    const auto& all = study.GetDimensions();
    const auto word = arguments.Get("by");
    if (word == "none")
    {
        return std::nullopt;
    }
    if (word)
    {
        const auto& by = FindDimension(study, *word, "by");
        if (IsSame(by, x))
        {
            throw UserError("--by: '" + *word + "' is the same as --x");
        }
        return by;
    }
    std::vector<Dimension> candidates;
    std::copy_if(all.begin(), all.end(), std::back_inserter(candidates), [&](const auto& each) {
        return !IsSame(each, x) &&
               (each.kind == Dimension::Kind::VARIABLE || each.kind == Dimension::Kind::SCHEME);
    });
    std::stable_partition(candidates.begin(), candidates.end(), [&](const auto& each) {
        return each.kind == Dimension::Kind::SCHEME && study.ListValues(each).size() > 1;
    });
    return candidates.empty() ? std::nullopt : std::optional(candidates.front());
}

/// @return what takes several values without being seen in the table.
std::vector<Choice>
FindPooled(const StudyView& study, const PivotQuery& query)
{
    std::vector<Choice> pooled;
    for (const auto& dimension : study.GetDimensions())
    {
        const auto isIt = [&](const Choice& choice) { return IsSame(choice.dimension, dimension); };
        const bool isSeen = isIt(query.x) || (query.by && isIt(*query.by));
        const bool isGrid = dimension.kind == Dimension::Kind::VARIABLE ||
                            dimension.kind == Dimension::Kind::SCHEME;
        const auto condition = std::find_if(query.where.begin(), query.where.end(), isIt);
        if (isSeen || !isGrid)
        {
            continue;
        }
        Choice choice = condition == query.where.end()
                            ? Choice{dimension, study.ListValues(dimension)}
                            : *condition;
        if (choice.values.size() > 1)
        {
            pooled.push_back(std::move(choice));
        }
    }
    return pooled;
}

/// Sets what --warm-up asks for.
void
ReadWarmUp(const StudyView& study, const Arguments& arguments, PivotQuery& query)
{
    const auto text = arguments.Get("warm-up");
    if (!text)
    {
        return;
    }
    const auto sessions = ReadUnsigned(*text);
    if (sessions && *sessions <= std::numeric_limits<uint32_t>::max())
    {
        query.warmUpSessions = static_cast<uint32_t>(*sessions);
        return;
    }
    ns3::TypeId::AttributeInformation info;
    info.flags = ns3::TypeId::ATTR_SGC;
    info.checker = ns3::MakeTimeChecker(ns3::Time(0));
    const auto read = ReadValue(*text, info);
    if (!read.value)
    {
        throw UserError("--warm-up: " + read.problem + "; a number without a unit is of sessions");
    }
    query.warmUpNs = ns3::DynamicCast<ns3::TimeValue>(read.value)->Get().GetNanoSeconds();
    if (!study.KnowsBegins())
    {
        throw UserError("--warm-up: the file does not tell when a session begins; give a number of "
                        "sessions");
    }
}

PivotQuery
ReadQuery(const StudyView& study, const Arguments& arguments)
{
    PivotQuery query;
    query.where = ReadConditions(study, arguments);
    const auto x = ChooseRows(study, arguments);
    const auto by = ChooseColumns(study, arguments, x);
    query.x = TakeChoice(study, x, query.where);
    if (by)
    {
        query.by = TakeChoice(study, *by, query.where);
    }
    query.pooled = FindPooled(study, query);
    if (const auto against = arguments.Get("against"))
    {
        const auto columns = query.by ? query.by->values : std::vector<std::string>{};
        const auto found = std::find(columns.begin(), columns.end(), *against);
        if (found == columns.end())
        {
            throw UserError("--against: '" + *against + "': no such column" +
                            SuggestName(*against, columns));
        }
        query.against = static_cast<std::size_t>(found - columns.begin());
    }
    query.perRun = arguments.GetChoice("per", {"session", "run"}) == 1;
    ReadWarmUp(study, arguments, query);
    return query;
}

std::vector<campaign::MetricSpec>
ReadMetrics(const Arguments& arguments)
{
    std::vector<campaign::MetricSpec> metrics;
    for (const auto& text :
         SplitList(arguments.Get("metric").value_or("first_message.median"), ','))
    {
        metrics.push_back(ReadMetric(text, "--metric"));
    }
    if (metrics.empty())
    {
        throw UserError("--metric: needs a value");
    }
    return metrics;
}

void
Query(const Arguments& arguments, const Invocation& invocation)
{
    const auto metrics = ReadMetrics(arguments);
    const auto format = arguments.GetChoice("format", {"table", "csv", "json"});
    const StudyView study(arguments.GetOperand().value());
    const auto query = ReadQuery(study, arguments);
    std::vector<campaign::Pivot> pivots;
    pivots.reserve(metrics.size());
    for (const auto& metric : metrics)
    {
        try
        {
            pivots.push_back(campaign::MakePivot(study, query, metric));
        }
        catch (const campaign::MetricError& error)
        {
            throw MakeUserError(error, "--metric");
        }
    }
    campaign::WritePivots(study,
                          query,
                          pivots,
                          static_cast<campaign::PivotFormat>(format),
                          invocation.out);
}

} // namespace

Command
MakeQueryCommand()
{
    CommandSpec spec;
    spec.name = "query";
    spec.operand = "RESULTS";
    spec.operandRequired = true;
    spec.summary = "Shows a metric of a study over what varies in it.";
    spec.example = "p2pim query results/setup-radio.sqlite --metric=setup.median,success --x=cs "
                   "--by=scheme --where='pdchs=4'";
    spec.options = {
        {"metric",
         "M,M,...",
         "MEASURE.STATISTIC: setup, first_message, message_delay, phase:STEP, success or "
         "counter:ELEMENT.NAME; mean, median, p95 and the like, min or max (default: "
         "first_message.median)"},
        {"x",
         "NAME",
         "the rows: a variable by its name or attribute, scheme, seed or bearer (default: the "
         "first "
         "variable)"},
        {"by",
         "NAME",
         "the columns, likewise, or none (default: scheme, or else the second variable)"},
        {"where", "NAME=A,B;...", "only runs with these values"},
        {"schemes", "A,B,...", "only these schemes"},
        {"against", "VALUE", "the differences to that column, too, paired by seed"},
        {"per",
         "WHAT",
         "session (default): all sessions are one sample; run: the mean of each seed's figure"},
        {"warm-up",
         "N|TIME",
         "leaves out the first N sessions of each run, or those that begin before TIME"},
        {"format", "FORMAT", "table (default), csv or json"},
    };
    return {spec, Query};
}

} // namespace p2pim::program
