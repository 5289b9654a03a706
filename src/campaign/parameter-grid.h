// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_PARAMETER_GRID_H
#define P2PIM_CAMPAIGN_PARAMETER_GRID_H

#include "value-list.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace p2pim
{
namespace campaign
{

class GridConstraint;

/// A point of a grid.
struct GridPoint
{
    std::vector<std::string> values; ///< of the variables, in the order of their definition
    std::vector<std::string> texts;  ///< with the values put in, by their number
};

/// @param text a text. @return whether it has an iteration.
bool HasIteration(const std::string& text);

/**
 * The values that a study gives its parameters, in OMNeT++'s manner (Simulation Manual 10.4). A
 * text may hold iterations:
 *
 *     ${1, 2, 5..20 step 5}      a list; ranges include their ends, units may follow the numbers
 *     ${cs=CS1,CS2}              the same with a name
 *     ${cs}                      the value of that variable at this point
 *     ${slots=1,2 ! cs}          as many values, of which each goes with one of cs
 *     ${few=1..$slots}           a list that depends on a variable before it
 *
 * The points are all combinations that the constraint allows. The variable that is defined first
 * changes last. They are made one by one: a grid of a million is not kept.
 */
class ParameterGrid
{
  public:
    /// Most points of a grid, those included that the constraint leaves out.
    static constexpr uint64_t MAX_POINTS = 10'000'000;
    /// Most iterations.
    static constexpr std::size_t MAX_VARIABLES = 1000;
    /// Most octets that the texts at a point have from variables, and the lists that depend on
    /// them.
    static constexpr std::size_t MAX_LENGTH = std::size_t{64} * 1024;

    /// What varies.
    struct Iteration
    {
        std::string name;      ///< the user's, or else the text's
        std::size_t text = 0;  ///< where it is defined
        bool isWhole = false;  ///< whether some text is its value and nothing else
        std::size_t whole = 0; ///< the first such text
    };

    ParameterGrid();
    ~ParameterGrid();
    ParameterGrid(const ParameterGrid&) = delete;
    ParameterGrid& operator=(const ParameterGrid&) = delete;

    /**
     * @param text a text that may hold iterations.
     * @param place what an error line begins with.
     * @param name what an iteration without a name is called; "#2" and so on behind the others.
     * @return the text's number, from 0.
     * @throw GridError the text is not right, names a variable that is not defined before, or has
     * one iteration too many.
     */
    std::size_t Add(const std::string& text, const std::string& place, const std::string& name);

    /**
     * To be called behind the last Add().
     *
     * @param expression which points there are, see GridConstraint.
     * @param place what an error line begins with.
     * @throw GridError it is no expression of this grid's variables.
     */
    void SetConstraint(const std::string& expression, const std::string& place);

    /// @return what varies, in the order of definition.
    std::vector<Iteration> GetIterations() const;

    /**
     * A step forward costs least, any other about a thousand of them.
     *
     * @param number a point's, from 0.
     * @param[out] point the point.
     * @return whether there is one.
     * @throw GridError a list that depends on others is empty or has another size; too many points;
     * too long values; the constraint cannot be evaluated at a point.
     */
    bool Read(uint64_t number, GridPoint& point);

  private:
    /// An iteration.
    struct Variable
    {
        std::string name;       ///< empty: none
        std::string shownName;  ///< for people
        std::string list;       ///< what stands behind the name, without "! other"
        std::string place;      ///< what an error line begins with
        std::size_t text = 0;   ///< where it is defined
        std::size_t leader = 0; ///< the variable it goes with; itself if none
        bool depends = false;   ///< whether its list names other variables
        ValueList values = {};  ///< at the present point
        std::size_t length = 0; ///< of the dependent lists up to this one, at the present point
        std::size_t index = 0;  ///< of the present value; followers have their leader's
        std::string value = {}; ///< the present one
    };

    /// A part of a text: literal, or the value of a variable.
    struct Piece
    {
        std::string literal;
        std::size_t variable;
    };

    /// Where a search for a point may begin.
    struct Mark
    {
        uint64_t number = 0;              ///< of the point
        uint64_t looked = 0;              ///< how many points had been looked at
        std::vector<std::size_t> indices; ///< of the variables
    };

    std::vector<Piece> Parse(const std::string& text,
                             const std::string& place,
                             const std::string& name);
    std::size_t Define(const std::string& content,
                       const std::string& place,
                       const std::string& name);
    std::size_t Find(const std::string& name, const std::string& place) const;
    /// @return @p text with the present values of the variables.
    std::string Substitute(const std::string& text, const std::string& place) const;
    /// Makes a variable's list, if the variables before it make it.
    void Evaluate(std::size_t variable);
    /// Brings a variable to one of its values.
    void Select(std::size_t variable, std::size_t index);
    /// Brings the variables from @p first on to their first values.
    void Reset(std::size_t first);
    /// Goes to the next combination. @return whether there is one.
    bool Advance();
    /// Goes to the next combination that the constraint allows. @return whether there is one.
    bool Step();
    /// Goes to the first point. @return whether there is one.
    bool Begin();
    /// Goes to the last mark up to a point, unless the present point is between them. @return
    /// whether there is any point.
    bool Approach(uint64_t number);
    /// Makes a mark of the present point, if the last one is far away.
    void MakeMark();
    /// @return whether the constraint allows the present combination.
    bool IsAllowed();
    /// Refuses a grid that is too large.
    void CheckSize() const;
    /// Refuses texts that are too long together.
    static void CheckLength(std::size_t length, const std::string& place);

    std::vector<Variable> m_variables;
    std::vector<std::vector<Piece>> m_texts;
    std::unique_ptr<GridConstraint> m_constraint; ///< null: none
    std::vector<std::size_t> m_constrained;       ///< the constraint's variables, in its order
    std::vector<Mark> m_marks;
    bool m_begun = false;  ///< whether there is a present point
    uint64_t m_number = 0; ///< of the present point
    uint64_t m_looked = 0; ///< how many points have been looked at
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_PARAMETER_GRID_H
