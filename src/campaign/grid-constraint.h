// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_GRID_CONSTRAINT_H
#define P2PIM_CAMPAIGN_GRID_CONSTRAINT_H

#include <memory>
#include <string>
#include <vector>

namespace p2pim
{
namespace campaign
{

/**
 * Which points of a grid are wanted: an expression of variables, numbers, times and strings, such
 * as `$cs != "CS-1" || $slots < 3`, with the operators || && ! == != < <= > >= + - * / % and
 * parentheses.
 *
 * A value that is written as a number is a number, quoted or not; a time is its seconds; true and
 * false are truth values; all else is a string, which can be compared by == and != only.
 */
class GridConstraint
{
  public:
    /**
     * @param expression what is written.
     * @param place what an error line begins with.
     * @param names the variables.
     * @throw GridError it names another variable, or is no expression.
     */
    GridConstraint(const std::string& expression,
                   const std::string& place,
                   const std::vector<std::string>& names);
    ~GridConstraint();
    GridConstraint(const GridConstraint&) = delete;
    GridConstraint& operator=(const GridConstraint&) = delete;

    /// @param variable a variable's place among the names. @param value its present value.
    void Set(std::size_t variable, const std::string& value);

    /// @return whether the present values are wanted. @throw GridError it cannot be told.
    bool Allows() const;

  private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_GRID_CONSTRAINT_H
