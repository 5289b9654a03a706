// SPDX-License-Identifier: GPL-2.0-only
#include "study.h"

#include "campaign/parameter-grid.h"
#include "run-plan.h"
#include "strict-number.h"
#include "user-error.h"

#include "ns3/uinteger.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace p2pim::program
{

namespace
{

using Value = ns3::Ptr<const ns3::AttributeValue>;

/// Most values of an attribute that are remembered.
constexpr std::size_t MAX_REMEMBERED = 1000;

/// So many values of an attribute are tried together with the others' before any run.
constexpr std::size_t TRIED_VALUES = 100;

/// Most repetitions for a precision, if nobody says.
constexpr uint64_t DEFAULT_PRECISION_LIMIT = 100;

/// An attribute that varies, and its value at the point that is applied.
struct Varying
{
    VaryingSetting setting;
    std::optional<std::string> applied;           ///< the text of the value; none: not yet
    std::unordered_map<std::string, Value> known; ///< by their texts; never gone through
    std::size_t read = 0;                         ///< how many values have been read
};

/// @return what an option says, or else a line of the file's head, and its label.
std::optional<HeadLine>
FindWord(const Arguments& arguments, const ScenarioFile& file, const std::string& key)
{
    if (const auto option = arguments.Get(key))
    {
        return HeadLine{*option, "--" + key, "--" + key};
    }
    const HeadLine* head = file.FindHead(key);
    return head ? std::optional(*head) : std::nullopt;
}

/// @return "5%" as 0.05.
double
ReadShare(const HeadLine& word)
{
    constexpr double whole = 100;
    const auto quantity = ReadQuantity(word.value);
    if (!quantity || quantity->unit != "%" || quantity->number <= 0 || quantity->number >= whole)
    {
        throw UserError(word.label + ": '" + word.value +
                        "' is not a share of the mean above 0% and below 100%, such as 5%");
    }
    return quantity->number / whole;
}

/// Does something with a grid. @throw UserError what is wrong with the grid.
template <typename Work>
auto
WithGrid(const Work& work)
{
    try
    {
        return work();
    }
    catch (const campaign::GridError& error)
    {
        throw UserError(error.what());
    }
}

} // namespace

/// The study and the point that it is at.
class Study::Impl
{
  public:
    Impl(const ScenarioFile& file, const Arguments& arguments, const std::string& commandLine);

    /// Goes to a point.
    const campaign::GridPoint& Load(uint64_t number);
    void Apply(uint64_t number);
    std::string GetCommand(const campaign::PlannedRun& run);

    ScenarioFile file;
    ns3::TypeId scenario;
    Configuration configuration;
    campaign::Provenance provenance;
    std::optional<HeadLine> constraint;
    std::vector<campaign::Variable> variables;
    std::vector<std::string> schemes;
    uint64_t firstSeed = 1;
    uint64_t seeds = 1;
    std::optional<Precision> precision;
    std::optional<ns3::Time> timeLimit;
    uint64_t points = 0;
    uint64_t sessions = 0;

  private:
    void MakeGrid();
    void ReadPrecision(const Arguments& arguments, const ScenarioFile& scenarioFile);
    /// Checks the points and counts them and their sessions.
    void WalkThrough();
    /// Makes the present point's values the attributes' defaults. @return whether any has changed.
    bool ApplyPoint();
    const Value& GetValue(Varying& varying, const std::string& text);
    /// Checks the present point's values together.
    void CheckPoint();

    std::vector<Varying> m_varying;
    campaign::ParameterGrid m_grid;
    campaign::GridPoint m_point;
    std::optional<uint64_t> m_number; ///< of the present point
    bool m_isTried = false;           ///< whether it has one of the first values of an attribute
    bool m_isChecked = false;         ///< whether what is applied fits together
};

Study::Impl::Impl(const ScenarioFile& scenarioFile,
                  const Arguments& arguments,
                  const std::string& commandLine)
    : file(scenarioFile),
      scenario(GetScenarioClass(scenarioFile)),
      configuration(ReadConfiguration(scenarioFile, arguments, true)),
      constraint(FindWord(arguments, scenarioFile, "constraint")),
      firstSeed(program::GetFirstSeed(arguments)),
      seeds(program::GetSeeds(arguments, "repetition", scenarioFile))
{
    CheckEnvironment();
    ReadPrecision(arguments, scenarioFile);
    WithGrid([this] { MakeGrid(); });
    configuration.Apply();
    provenance = MakeProvenance(scenarioFile, scenario, configuration, commandLine);
    schemes = ChooseSchemes(arguments, scenarioFile, *MakeScenario(scenario));
    WalkThrough();
    ns3::TimeValue limit;
    MakeScenario(scenario)->GetAttribute("TimeLimit", limit);
    timeLimit = limit.Get().IsZero() ? std::nullopt : std::optional(limit.Get());
}

void
Study::Impl::ReadPrecision(const Arguments& arguments, const ScenarioFile& scenarioFile)
{
    const auto share = FindWord(arguments, scenarioFile, "precision");
    const auto metric = FindWord(arguments, scenarioFile, "precision-metric");
    const auto limit = FindWord(arguments, scenarioFile, "precision-limit");
    if (!share)
    {
        const auto& stray = metric ? metric : limit;
        if (stray)
        {
            throw UserError(stray->label + ": needs a precision, such as --precision=5%");
        }
        return;
    }
    constexpr uint64_t most = 1'000'000;
    precision.emplace();
    precision->share = ReadShare(*share);
    precision->metric = metric ? metric->value : "";
    precision->place = metric ? metric->label : share->label;
    precision->most = limit ? ReadCount(limit->value, limit->label, most)
                            : std::max<uint64_t>(seeds, DEFAULT_PRECISION_LIMIT);
    if (precision->most < seeds)
    {
        throw UserError(limit->label + ": '" + limit->value + "' is less than the repetition " +
                        std::to_string(seeds));
    }
}

void
Study::Impl::MakeGrid()
{
    auto settings = configuration.ListVarying();
    m_varying.reserve(settings.size());
    for (auto& setting : settings)
    {
        if (setting.key == "Scenario.TimeLimit")
        {
            throw UserError(setting.label + ": cannot vary");
        }
        m_grid.Add(setting.text, setting.label, setting.key);
        m_varying.push_back({std::move(setting), std::nullopt, {}, 0});
    }
    const auto iterations = m_grid.GetIterations();
    variables.reserve(iterations.size());
    for (const auto& each : iterations)
    {
        variables.push_back({each.name, each.isWhole ? m_varying[each.whole].setting.key : ""});
    }
    if (constraint)
    {
        m_grid.SetConstraint(constraint->value, constraint->label);
    }
}

void
Study::Impl::WalkThrough()
{
    const uint64_t perPoint = schemes.size() * (precision ? precision->most : seeds);
    const auto attribute = GetAttribute(scenario, "Sessions", "Scenario.Sessions");
    uint64_t perRun = 0;
    while (WithGrid([this] { return m_grid.Read(points, m_point); }))
    {
        m_number = points;
        ++points;
        if (points * perPoint > MAX_RUNS)
        {
            throw UserError(file.name + ": more than 10 million runs: " + std::to_string(perPoint) +
                            " at each point, and at least " + std::to_string(points) + " points");
        }
        if (ApplyPoint() || points == 1)
        {
            const auto value = attribute.declarer.GetAttribute(attribute.index).initialValue;
            perRun = dynamic_cast<const ns3::UintegerValue&>(*value).Get();
        }
        if (points <= CHECKED_POINTS || m_isTried)
        {
            CheckPoint();
        }
        sessions += perRun * schemes.size() * seeds;
    }
    if (points == 0)
    {
        throw UserError(constraint->label + ": no point of the grid fits '" + constraint->value +
                        "'");
    }
}

const campaign::GridPoint&
Study::Impl::Load(uint64_t number)
{
    if (m_number != number)
    {
        WithGrid([this, number] { return m_grid.Read(number, m_point); });
        m_number = number;
    }
    return m_point;
}

const Value&
Study::Impl::GetValue(Varying& varying, const std::string& text)
{
    const auto found = varying.known.find(text);
    if (found != varying.known.end())
    {
        return found->second;
    }
    auto value = configuration.Read(varying.setting.key, text);
    m_isTried = m_isTried || varying.read < TRIED_VALUES;
    ++varying.read;
    if (varying.known.size() >= MAX_REMEMBERED)
    {
        varying.known.clear();
    }
    return varying.known.emplace(text, std::move(value)).first->second;
}

bool
Study::Impl::ApplyPoint()
{
    bool hasChanged = false;
    m_isTried = false;
    for (std::size_t n = 0; n < m_varying.size(); ++n)
    {
        auto& varying = m_varying[n];
        const auto& text = m_point.texts[n];
        if (varying.applied != text)
        {
            configuration.ApplyOne(varying.setting.key, GetValue(varying, text));
            varying.applied = text;
            hasChanged = true;
        }
    }
    m_isChecked = m_isChecked && !hasChanged;
    return hasChanged;
}

void
Study::Impl::CheckPoint()
{
    try
    {
        CheckTogether(configuration, *MakeScenario(scenario));
    }
    catch (const UserError& error)
    {
        std::string where;
        for (std::size_t n = 0; n < variables.size(); ++n)
        {
            where.append(n == 0 ? " (where " : ", ").append(variables[n].name);
            where.append(" is ").append(m_point.values[n]);
        }
        throw UserError(error.what() + where + (where.empty() ? "" : ")"));
    }
    m_isChecked = true;
}

void
Study::Impl::Apply(uint64_t number)
{
    Load(number);
    ApplyPoint();
    if (number >= CHECKED_POINTS && !m_isChecked)
    {
        CheckPoint();
    }
}

std::string
Study::Impl::GetCommand(const campaign::PlannedRun& run)
{
    std::vector<std::string> settings;
    settings.reserve(m_varying.size());
    const auto& texts = Load(run.key.point).texts;
    for (std::size_t n = 0; n < m_varying.size(); ++n)
    {
        settings.push_back(configuration.GetOption(m_varying[n].setting.key, texts[n]));
    }
    return MakeRunCommand(file, configuration, run.key, settings, "-run" + std::to_string(run.id));
}

std::vector<OptionSpec>
Study::GetOptions()
{
    return {
        {"schemes", "A,B,...", "the schemes (default: schemes of the file, or all)"},
        {"sessions", "N", "how many sessions a run has; overrules the scenario file"},
        {"seed", "N", "the seed of the first repetition (default 1)"},
        {"repetition", "N", "how many seeds each point has (default repetition of the file, or 1)"},
        {"constraint", "EXPR", "which points there are, such as '$a < 3'; overrules the file"},
        {"precision", "P%", "repeats until half an interval is less than P% of the mean"},
        {"precision-metric", "METRIC", "of which figure"},
        {"precision-limit", "N", "repeats at most N times (default 100)"},
    };
}

Study::Study(const ScenarioFile& file, const Arguments& arguments, const std::string& commandLine)
    : m_impl(std::make_unique<Impl>(file, arguments, commandLine))
{
}

Study::~Study() = default;

ns3::TypeId
Study::GetScenario() const
{
    return m_impl->scenario;
}

const campaign::Provenance&
Study::GetProvenance() const
{
    return m_impl->provenance;
}

campaign::StudyPlan
Study::MakePlan()
{
    campaign::StudyPlan plan;
    plan.variables = m_impl->variables;
    plan.nextPoint = [this, next = uint64_t(0)](std::vector<std::string>& values) mutable {
        if (next == m_impl->points)
        {
            return false;
        }
        values = m_impl->Load(next++).values;
        return true;
    };
    plan.schemes = m_impl->schemes;
    plan.firstSeed = m_impl->firstSeed;
    plan.seeds = m_impl->seeds;
    if (m_impl->constraint)
    {
        plan.traits["constraint"] = m_impl->constraint->value;
    }
    if (const auto& precision = m_impl->precision)
    {
        plan.traits["precision"] = std::to_string(precision->share);
        plan.traits["precision_metric"] = precision->metric;
        plan.traits["precision_limit"] = std::to_string(precision->most);
    }
    return plan;
}

const std::vector<campaign::Variable>&
Study::GetVariables() const
{
    return m_impl->variables;
}

const std::vector<std::string>&
Study::GetSchemes() const
{
    return m_impl->schemes;
}

uint64_t
Study::GetFirstSeed() const
{
    return m_impl->firstSeed;
}

uint64_t
Study::GetSeeds() const
{
    return m_impl->seeds;
}

uint64_t
Study::GetPointCount() const
{
    return m_impl->points;
}

uint64_t
Study::GetRunCount() const
{
    return m_impl->points * m_impl->schemes.size() * m_impl->seeds;
}

uint64_t
Study::GetSessionCount() const
{
    return m_impl->sessions;
}

std::optional<ns3::Time>
Study::GetTimeLimit() const
{
    return m_impl->timeLimit;
}

const std::optional<Precision>&
Study::GetPrecision() const
{
    return m_impl->precision;
}

const std::vector<std::string>&
Study::GetPoint(uint64_t point)
{
    return m_impl->Load(point).values;
}

void
Study::Apply(uint64_t point)
{
    m_impl->Apply(point);
}

std::string
Study::GetCommand(const campaign::PlannedRun& run)
{
    return m_impl->GetCommand(run);
}

} // namespace p2pim::program
