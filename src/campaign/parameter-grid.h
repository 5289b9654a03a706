// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_PARAMETER_GRID_H
#define P2PIM_CAMPAIGN_PARAMETER_GRID_H

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// What is wrong with a grid: one line that begins with the place where it is written.
class GridError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// A point of a grid.
struct GridPoint
{
    /// The variables' values, in the order of their definition; "$0", "$1" … without a name.
    std::vector<std::pair<std::string, std::string>> variables;
    /// The texts with the values put in, by their number.
    std::vector<std::string> texts;
};

/**
 * The values that a study gives its parameters, in OMNeT++'s manner (Simulation Manual 10.4). A
 * text may hold iterations:
 *
 *     ${1, 2, 5..20 step 5}      a list; ranges include their ends, units may follow: 1s..5s step
 * 1s
 *     ${cs=CS1,CS2}              the same with a name
 *     ${cs}                      the value of that variable at this point
 *     ${slots=1,2 ! cs}          as many values, of which each goes with one of cs
 *     ${few=1..$slots}           a list that depends on a variable before it
 *
 * The points are all combinations. The variable that is defined first changes last. Commas between
 * parentheses, brackets, braces or quotation marks are part of a value.
 *
 * A constraint picks points out; it is an expression of variables, numbers and strings, such as
 * `$cs != "CS1" || $slots < 3`. A value that is no number is a string in it.
 */
class ParameterGrid
{
  public:
    /// Most points of a grid, those included that the constraint leaves out.
    static constexpr uint64_t MAX_POINTS = 10'000'000;

    ParameterGrid();
    ~ParameterGrid();
    ParameterGrid(const ParameterGrid&) = delete;
    ParameterGrid& operator=(const ParameterGrid&) = delete;

    /**
     * @param text a text that may hold iterations.
     * @param place what an error line begins with.
     * @return the text's number, from 0.
     * @throw GridError the text is not right, or names a variable that is not defined before.
     */
    std::size_t Add(const std::string& text, const std::string& place);

    /**
     * @param expression which points there are; empty: all.
     * @param place what an error line begins with.
     * @throw GridError it is no expression of this grid's variables.
     */
    void SetConstraint(const std::string& expression, const std::string& place);

    /// @return whether any text has an iteration.
    bool Varies() const;

    /**
     * All points, in order. They are made one by one: a grid of a million is not kept.
     *
     * @param[out] point the next one; what it was before is not read.
     * @return whether there was one.
     * @throw GridError a list that depends on others is empty; too many points; the constraint
     * cannot be evaluated at a point.
     */
    bool GetNext(GridPoint& point);

    /// The next GetNext() gives the first point again.
    void Rewind();

  private:
    class Constraint;

    /// An iteration.
    struct Variable
    {
        std::string name;
        std::string list;                ///< what stands behind the name, without "! other"
        std::string place;               ///< what an error line begins with
        std::size_t leader;              ///< the variable it goes with; itself if none
        std::vector<std::string> values; ///< at the present point
        std::size_t index = 0;           ///< of the present value; followers have their leader's
    };

    /// A part of a text: literal, or the value of a variable.
    struct Piece
    {
        std::string literal;
        std::size_t variable;
    };

    std::vector<Piece> Parse(const std::string& text, const std::string& place);
    std::size_t Define(const std::string& content, const std::string& place);
    std::size_t Find(const std::string& name, const std::string& place) const;
    /// @return @p text with the present values of the variables.
    std::string Substitute(const std::string& text, const std::string& place) const;
    void Evaluate(std::size_t variable);
    /// Evaluates the lists from @p first on and goes to their first values.
    void Reset(std::size_t first);
    bool Advance();

    std::vector<Variable> m_variables;
    std::vector<std::vector<Piece>> m_texts;
    std::unique_ptr<Constraint> m_constraint; ///< null: none
    bool m_begun = false;
    bool m_ended = false;
    uint64_t m_points = 0; ///< that have been looked at
};

/**
 * @param list values between commas, and ranges.
 * @param place what an error line begins with.
 * @return the values.
 * @throw GridError it is empty, a range never ends or has more than MAX_POINTS values.
 */
std::vector<std::string> ExpandList(const std::string& list, const std::string& place);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_PARAMETER_GRID_H
