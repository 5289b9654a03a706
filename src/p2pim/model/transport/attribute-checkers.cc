// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/attribute-checkers.h"

#include "ns3/data-rate.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-stream.h"
#include "ns3/string.h"

#include <algorithm>
#include <functional>
#include <sstream>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// Takes what a checker of ns-3 takes if it also fulfils a condition.
template <typename Value>
class RefinedChecker : public AttributeChecker, public AllowedInWords
{
  public:
    using Condition = std::function<bool(const Value&)>;

    RefinedChecker(const Ptr<const AttributeChecker>& base,
                   Condition condition,
                   std::string allowed)
        : m_base(base),
          m_condition(std::move(condition)),
          m_allowed(std::move(allowed))
    {
    }

    bool Check(const AttributeValue& value) const override
    {
        const auto* const typed = dynamic_cast<const Value*>(&value);
        return typed != nullptr && m_base->Check(value) && m_condition(*typed);
    }

    std::string GetValueTypeName() const override
    {
        return m_base->GetValueTypeName();
    }

    bool HasUnderlyingTypeInformation() const override
    {
        return m_base->HasUnderlyingTypeInformation();
    }

    std::string GetUnderlyingTypeInformation() const override
    {
        return m_base->GetUnderlyingTypeInformation();
    }

    Ptr<AttributeValue> Create() const override
    {
        return m_base->Create();
    }

    bool Copy(const AttributeValue& source, AttributeValue& destination) const override
    {
        return m_base->Copy(source, destination);
    }

    std::string GetAllowed() const override
    {
        return m_allowed;
    }

  private:
    Ptr<const AttributeChecker> m_base;
    Condition m_condition;
    std::string m_allowed;
};

class InputFileChecker : public RefinedChecker<StringValue>, public NamesInputFile
{
  public:
    InputFileChecker()
        : RefinedChecker(
              MakeStringChecker(),
              [](const StringValue&) { return true; },
              "the path of a file")
    {
    }
};

constexpr double UNBOUNDED = std::numeric_limits<double>::infinity();

/// The ends of what can be drawn; infinite where there is none.
using Ends = std::pair<double, double>;

template <typename Random>
const Random*
As(const RandomVariableStream& random)
{
    return dynamic_cast<const Random*>(&random);
}

/// @return the ends of a variable that begins at 0, or lies below it if @p scale is negative.
Ends
FromZero(double scale, double bound = 0)
{
    return {std::min(0.0, scale), bound > 0 ? bound : UNBOUNDED};
}

Ends
FindEnds(const RandomVariableStream& random)
{
    if (const auto* constant = As<ConstantRandomVariable>(random))
    {
        return {constant->GetConstant(), constant->GetConstant()};
    }
    if (const auto* uniform = As<UniformRandomVariable>(random))
    {
        return std::minmax(uniform->GetMin(), uniform->GetMax());
    }
    if (const auto* sequential = As<SequentialRandomVariable>(random))
    {
        return std::minmax(sequential->GetMin(), sequential->GetMax());
    }
    if (const auto* triangular = As<TriangularRandomVariable>(random))
    {
        return std::minmax(triangular->GetMin(), triangular->GetMax());
    }
    if (const auto* exponential = As<ExponentialRandomVariable>(random))
    {
        return FromZero(exponential->GetMean(), exponential->GetBound());
    }
    if (const auto* weibull = As<WeibullRandomVariable>(random))
    {
        return FromZero(weibull->GetScale(), weibull->GetBound());
    }
    if (const auto* pareto = As<ParetoRandomVariable>(random))
    {
        return {pareto->GetScale(), pareto->GetBound() > 0 ? pareto->GetBound() : UNBOUNDED};
    }
    if (const auto* gamma = As<GammaRandomVariable>(random))
    {
        return FromZero(gamma->GetBeta());
    }
    if (const auto* erlang = As<ErlangRandomVariable>(random))
    {
        return FromZero(erlang->GetLambda());
    }
    return {-UNBOUNDED, UNBOUNDED};
}

/// Takes a random variable whose ends are within bounds.
class RandomChecker : public PointerChecker, public AllowedInWords
{
  public:
    RandomChecker(double least, double most)
        : m_least(least),
          m_most(most)
    {
    }

    bool Check(const AttributeValue& value) const override
    {
        const auto* const pointer = dynamic_cast<const PointerValue*>(&value);
        if (pointer == nullptr)
        {
            return false;
        }
        const Ptr<Object> object = pointer->GetObject();
        const auto random = DynamicCast<RandomVariableStream>(object);
        if (!random)
        {
            return !object;
        }
        const Ends ends = FindEnds(*random);
        return (ends.first == -UNBOUNDED || ends.first >= m_least) &&
               (ends.second == UNBOUNDED || ends.second <= m_most);
    }

    std::string GetValueTypeName() const override
    {
        return "ns3::PointerValue";
    }

    bool HasUnderlyingTypeInformation() const override
    {
        return true;
    }

    std::string GetUnderlyingTypeInformation() const override
    {
        return "ns3::Ptr< ns3::RandomVariableStream >";
    }

    Ptr<AttributeValue> Create() const override
    {
        return ns3::Create<PointerValue>();
    }

    bool Copy(const AttributeValue& source, AttributeValue& destination) const override
    {
        const auto* const from = dynamic_cast<const PointerValue*>(&source);
        auto* const to = dynamic_cast<PointerValue*>(&destination);
        if (from == nullptr || to == nullptr)
        {
            return false;
        }
        *to = *from;
        return true;
    }

    TypeId GetPointeeTypeId() const override
    {
        return RandomVariableStream::GetTypeId();
    }

    std::string GetAllowed() const override
    {
        std::ostringstream text;
        text.precision(std::numeric_limits<double>::max_digits10);
        text << "values";
        if (m_least != -UNBOUNDED)
        {
            text << " from " << m_least;
        }
        if (m_most != UNBOUNDED)
        {
            text << " to " << m_most;
        }
        text << (m_most == UNBOUNDED ? " up" : "") << ", such as "
             << "ns3::ConstantRandomVariable[Constant=" << std::max(m_least, 0.0) << "]";
        return text.str();
    }

  private:
    double m_least;
    double m_most;
};

} // namespace

Ptr<const AttributeChecker>
MakeInputFileChecker()
{
    return Create<InputFileChecker>();
}

Ptr<const AttributeChecker>
MakeBoundedStringChecker(std::size_t limit)
{
    return Create<RefinedChecker<StringValue>>(
        MakeStringChecker(),
        [limit](const StringValue& text) { return text.Get().size() <= limit; },
        "at most " + std::to_string(limit) + " characters");
}

Ptr<const AttributeChecker>
MakeDigitsChecker(std::size_t limit)
{
    const auto isNumber = [limit](const StringValue& value) {
        const std::string text = value.Get();
        return !text.empty() && text.size() <= limit &&
               std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    return Create<RefinedChecker<StringValue>>(MakeStringChecker(),
                                               isNumber,
                                               "1 to " + std::to_string(limit) + " digits");
}

Ptr<const AttributeChecker>
MakePositiveRateChecker()
{
    return Create<RefinedChecker<DataRateValue>>(
        MakeDataRateChecker(),
        [](const DataRateValue& rate) { return rate.Get().GetBitRate() > 0; },
        "a rate above 0 with its unit, such as 9600bps or 64kb/s");
}

Ptr<const AttributeChecker>
MakeRandomChecker(double least, double most)
{
    return Create<RandomChecker>(least, most);
}

} // namespace p2pim
} // namespace ns3
