// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_VALUE_LIST_H
#define P2PIM_CAMPAIGN_VALUE_LIST_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
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

/// Values between commas, and ranges: "1, 2, 5..20 step 5", "1s..5s step 1s".
class ValueList
{
  public:
    /// Most values of a list.
    static constexpr uint64_t MAX_VALUES = 10'000'000;

    ValueList() = default;

    /**
     * @param list what is written. Commas between parentheses, brackets, braces or quotation marks
     * are part of a value; quotation marks around the whole of one are not.
     * @param place what an error line begins with.
     * @throw GridError it is empty, a range never ends or has steps that get lost in 12 digits, or
     * there are more than MAX_VALUES.
     */
    ValueList(const std::string& list, const std::string& place);

    /// @return how many values there are.
    std::size_t GetSize() const;

    /// @param index a value's place, from 0. @return the value.
    std::string Get(std::size_t index) const;

  private:
    /// A value or a range.
    struct Element
    {
        std::size_t begin = 0; ///< the place of its first value
        std::string text;      ///< the value; of a range, its unit
        double first = 0;      ///< of a range
        double step = 0;       ///< of a range; 0 if it is none
    };

    /// Adds what stands between two commas.
    void Add(const std::string& text, const std::string& place);
    /// Adds the range whose ends stand around @p dots.
    void AddRange(const std::string& text, std::size_t dots, const std::string& place);

    std::vector<Element> m_elements;
    std::size_t m_size = 0;
};

/// A number with what follows it.
struct UnitNumber
{
    double number = 0;
    std::string unit; ///< letters only; perhaps none
};

/// @param text such as "5" or "2.5s". @return its parts; nothing if it has another form.
std::optional<UnitNumber> ReadUnitNumber(const std::string& text);

/// @param text a text. @return it without the blanks around it.
std::string Trim(const std::string& text);

/// @param text a text. @param wanted a character. @param from where to begin.
/// @return where it stands outside brackets and quotation marks; npos if nowhere.
std::size_t FindOutside(const std::string& text, char wanted, std::size_t from = 0);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_VALUE_LIST_H
