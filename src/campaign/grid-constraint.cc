// SPDX-License-Identifier: GPL-2.0-only
#include "grid-constraint.h"

#include "value-list.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <muparserx/mpParser.h>
#include <stdexcept>

namespace p2pim
{
namespace campaign
{

namespace
{

/// @return the seconds of a time's unit, 1 for none; 0 for another unit.
double
GetUnit(const std::string& unit)
{
    static const std::map<std::string, double> units{{"", 1},
                                                     {"ns", 1e-9},
                                                     {"us", 1e-6},
                                                     {"ms", 1e-3},
                                                     {"s", 1},
                                                     {"min", 60},
                                                     {"h", 3600},
                                                     {"d", 86400}};
    const auto found = units.find(unit);
    return found == units.end() ? 0 : found->second;
}

/// @return what a text means in an expression.
mup::Value
ToValue(const std::string& text)
{
    const auto number = ReadUnitNumber(text);
    const double unit = number ? GetUnit(number->unit) : 0;
    if (unit > 0)
    {
        return {number->number * unit};
    }
    if (text == "true" || text == "false")
    {
        return {text == "true"};
    }
    return {text};
}

/// @return a value as the parser reads it.
std::string
Print(const mup::Value& value)
{
    if (value.IsString())
    {
        std::string quoted = "\"";
        for (const char c : value.GetString())
        {
            quoted.append(c == '\\' ? "\\" : "").append(1, c);
        }
        return quoted + "\"";
    }
    if (value.GetType() == 'b')
    {
        return value.GetBool() ? "true" : "false";
    }
    std::array<char, 32> text{};
    char* end = std::to_chars(text.data(), text.data() + text.size(), value.GetFloat()).ptr;
    return {text.data(), end};
}

/// A function of two numbers, as an operator.
class NumberOperator : public mup::IOprtBin
{
  public:
    using Function = void (*)(mup::IValue& result, double a, double b);

    NumberOperator(const char* name, int priority, Function function)
        : IOprtBin(name, priority, mup::oaLEFT),
          m_function(function)
    {
    }

    void Eval(mup::ptr_val_type& result, const mup::ptr_val_type* arguments, int) override
    {
        for (int n = 0; n < 2; ++n)
        {
            if (!arguments[n]->IsNonComplexScalar())
            {
                throw std::invalid_argument(arguments[n]->ToString() + " is no number, which '" +
                                            GetIdent() + "' needs");
            }
        }
        m_function(*result, arguments[0]->GetFloat(), arguments[1]->GetFloat());
    }

    const mup::char_type* GetDesc() const override
    {
        return "";
    }

    mup::IToken* Clone() const override
    {
        return new NumberOperator(*this);
    }

  private:
    Function m_function;
};

/// Makes true of false.
class NotOperator : public mup::IOprtInfix
{
  public:
    NotOperator()
        : IOprtInfix("!", mup::prINFIX)
    {
    }

    void Eval(mup::ptr_val_type& result, const mup::ptr_val_type* arguments, int) override
    {
        if (arguments[0]->GetType() != 'b')
        {
            throw std::invalid_argument(arguments[0]->ToString() +
                                        " is neither true nor false, as '!' needs");
        }
        *result = !arguments[0]->GetBool();
    }

    const mup::char_type* GetDesc() const override
    {
        return "";
    }

    mup::IToken* Clone() const override
    {
        return new NotOperator(*this);
    }
};

/// Takes from a parser what changes variables, and gives it what compares only numbers.
void
SetOperators(mup::ParserX& parser)
{
    parser.ClearConst(); // e and pi
    for (const char* name : {"=", "+=", "-=", "*=", "/=", "<", "<=", ">", ">="})
    {
        parser.RemoveOprt(name);
    }
    const auto define = [&parser](const char* name, int priority, auto function) {
        auto defined = std::make_unique<NumberOperator>(name, priority, function);
        parser.DefineOprt(mup::TokenPtr<mup::IOprtBin>(defined.release()));
    };
    using Value = mup::IValue;
    define("<", mup::prRELATIONAL2, [](Value& result, double a, double b) { result = a < b; });
    define("<=", mup::prRELATIONAL2, [](Value& result, double a, double b) { result = a <= b; });
    define(">", mup::prRELATIONAL2, [](Value& result, double a, double b) { result = a > b; });
    define(">=", mup::prRELATIONAL2, [](Value& result, double a, double b) { result = a >= b; });
    define("%", mup::prMUL_DIV, [](Value& result, double a, double b) {
        result = std::fmod(a, b);
    });
    parser.DefineInfixOprt(mup::TokenPtr<mup::IOprtInfix>(new NotOperator()));
}

bool
IsNameCharacter(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool
IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Writes an expression for the parser: `${x}` as `$x`, `2min` and `"5"` as numbers. It lets
/// through what is documented only: the parser has loops and faults behind what it knows beside
/// that.
class Translation
{
  public:
    Translation(const std::string& expression,
                const std::string& label,
                const std::vector<std::string>& names)
        : m_text(expression),
          m_label(label),
          m_names(names)
    {
    }

    /// @return what the parser is to read.
    std::string Get()
    {
        for (std::size_t n = 0; n < m_text.size();)
        {
            n = Add(n);
        }
        if (!m_isBehindOperand && !m_result.empty())
        {
            throw GridError(m_label + "something is missing at the end");
        }
        return m_result;
    }

  private:
    /// Each of these adds what begins at a place. @return where it ends.
    std::size_t Add(std::size_t begin)
    {
        const char c = m_text[begin];
        if (c == ' ' || c == '\t')
        {
            m_result += c;
            return begin + 1;
        }
        if (c != '"' && c != '$' && c != '.' && !IsNameCharacter(c))
        {
            return AddOperator(begin);
        }
        if (m_isBehindOperand)
        {
            RefuseRest(begin);
        }
        m_isBehindOperand = true;
        return c == '"' ? AddString(begin) : c == '$' ? AddName(begin) : AddWord(begin);
    }

    std::size_t AddString(std::size_t begin)
    {
        const auto end = m_text.find('"', begin + 1);
        if (end == std::string::npos)
        {
            throw GridError(m_label + "a quotation mark is not closed");
        }
        m_result += Print(ToValue(m_text.substr(begin + 1, end - begin - 1)));
        return end + 1;
    }

    std::size_t AddName(std::size_t begin)
    {
        const bool braced = m_text.compare(begin, 2, "${") == 0;
        const auto first = begin + (braced ? 2 : 1);
        auto end = first;
        while (end < m_text.size() && IsNameCharacter(m_text[end]))
        {
            ++end;
        }
        const std::string name = m_text.substr(first, end - first);
        if (std::find(m_names.begin(), m_names.end(), name) == m_names.end())
        {
            throw GridError(m_label + "'$" + name + "' is not defined" + ListNames());
        }
        if (braced && m_text.compare(end, 1, "}") != 0)
        {
            throw GridError(m_label + "'${" + name + "' is not closed by '}'");
        }
        m_result += "$" + name;
        return end + (braced ? 1 : 0);
    }

    /// Adds a number, a time or a truth value.
    std::size_t AddWord(std::size_t begin)
    {
        auto end = begin;
        if (!IsNameCharacter(m_text[begin]) || IsDigit(m_text[begin]))
        {
            double number = 0;
            const char* const text = m_text.data();
            const auto* const behind =
                std::from_chars(text + begin, text + m_text.size(), number).ptr;
            end = std::max(begin + 1, static_cast<std::size_t>(behind - text));
        }
        while (end < m_text.size() && IsNameCharacter(m_text[end]))
        {
            ++end;
        }
        const std::string word = m_text.substr(begin, end - begin);
        if (std::find(m_names.begin(), m_names.end(), word) != m_names.end())
        {
            throw GridError(m_label + "write $" + word + " for the variable");
        }
        const mup::Value value = ToValue(word);
        if (value.IsString())
        {
            throw GridError(m_label + "'" + word +
                            "' is no number or time; a string has quotation marks");
        }
        m_result += Print(value);
        return end;
    }

    std::size_t AddOperator(std::size_t begin)
    {
        static const std::array<const char*, 16> operators{"||",
                                                           "&&",
                                                           "==",
                                                           "!=",
                                                           "<=",
                                                           ">=",
                                                           "<",
                                                           ">",
                                                           "!",
                                                           "+",
                                                           "-",
                                                           "*",
                                                           "/",
                                                           "%",
                                                           "(",
                                                           ")"};
        const auto* const found =
            std::find_if(operators.begin(), operators.end(), [&](const char* each) {
                return m_text.compare(begin, std::strlen(each), each) == 0;
            });
        if (found == operators.end() && m_text[begin] == '=')
        {
            throw GridError(m_label + "write == to compare");
        }
        const std::string text = found == operators.end() ? "" : *found;
        const bool opens = text == "!" || text == "(";
        const bool isPlace = m_isBehindOperand ? !opens : opens || text == "+" || text == "-";
        m_depth += text == "(" ? 1 : 0;
        m_depth -= text == ")" ? 1 : 0;
        if (text.empty() || !isPlace || m_depth < 0)
        {
            RefuseRest(begin);
        }
        m_isBehindOperand = text == ")";
        m_result += text;
        return begin + text.size();
    }

    [[noreturn]] void RefuseRest(std::size_t begin) const
    {
        throw GridError(m_label + "'" + m_text.substr(begin) + "' cannot stand here");
    }

    std::string ListNames() const
    {
        std::string list;
        for (const auto& name : m_names)
        {
            list.append(list.empty() ? "; there are " : ", ").append(name);
        }
        return list;
    }

    const std::string& m_text;
    const std::string& m_label;
    const std::vector<std::string>& m_names;
    std::string m_result;
    bool m_isBehindOperand = false;
    int m_depth = 0; ///< parentheses that are open
};

} // namespace

/// An expression that is parsed once.
class GridConstraint::Impl
{
  public:
    Impl(const std::string& expression,
         const std::string& place,
         const std::vector<std::string>& names)
        : m_label(place + ": '" + expression + "': "),
          m_values(names.size()),
          m_parser(mup::pckCOMMON | mup::pckNON_COMPLEX | mup::pckSTRING)
    {
        try
        {
            SetOperators(m_parser);
            m_parser.DefineNameChars(
                "$0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
            for (std::size_t n = 0; n < names.size(); ++n)
            {
                m_parser.DefineVar("$" + names[n], mup::Variable(&m_values[n]));
            }
            m_parser.SetExpr(Translation(expression, m_label, names).Get());
        }
        catch (const mup::ParserError& error)
        {
            Fail(error);
        }
    }

    void Set(std::size_t variable, const std::string& value)
    {
        m_values[variable] = ToValue(value);
    }

    bool Allows() const
    {
        try
        {
            const mup::IValue& result = m_parser.Eval();
            if (result.GetType() != 'b')
            {
                throw std::invalid_argument(result.ToString() + " is neither true nor false");
            }
            return result.GetBool();
        }
        catch (const mup::ParserError& error)
        {
            Fail(error);
        }
        catch (const std::invalid_argument& error)
        {
            throw GridError(m_label + error.what());
        }
    }

  private:
    [[noreturn]] void Fail(const mup::ParserError& error) const
    {
        std::string problem = error.GetMsg();
        problem.erase(problem.find_last_not_of(". ") + 1);
        throw GridError(m_label + problem);
    }

    std::string m_label;
    std::vector<mup::Value> m_values; ///< of the variables; the parser points to them
    mup::ParserX m_parser;
};

GridConstraint::GridConstraint(const std::string& expression,
                               const std::string& place,
                               const std::vector<std::string>& names)
    : m_impl(std::make_unique<Impl>(expression, place, names))
{
}

GridConstraint::~GridConstraint() = default;

void
GridConstraint::Set(std::size_t variable, const std::string& value)
{
    m_impl->Set(variable, value);
}

bool
GridConstraint::Allows() const
{
    return m_impl->Allows();
}

} // namespace campaign
} // namespace p2pim
