// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_OPERATOR_DEFAULTS_H
#define P2PIM_OPERATOR_DEFAULTS_H

#include "ns3/attribute.h"
#include "ns3/ptr.h"
#include "ns3/type-id.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Attributes' defaults that hold for the objects of one operator only, where several are in a run.
 * As ns-3's own defaults they are of the process: set before a network is built.
 */
class OperatorDefaults
{
  public:
    /// Most operators of a run.
    static constexpr uint32_t MAX_OPERATORS = 8;

    /// @return the classes, by their full names, of which each operator has objects of its own that
    /// are made with its network or its phones.
    static const std::vector<std::string>& GetClasses();

    /**
     * @param number the operator, from 1.
     * @param declarer the class that declares the attribute.
     * @param attribute its place there.
     * @param value its default.
     */
    static void Set(uint32_t number,
                    TypeId declarer,
                    std::size_t attribute,
                    Ptr<const AttributeValue> value);

    /**
     * @param number the operator.
     * @param declarer the class that declares the attribute.
     * @param attribute its name.
     * @return whether the operator has a default of its own.
     */
    static bool Has(uint32_t number, TypeId declarer, const std::string& attribute);

    /// Forgets all.
    static void Reset();

    /// As long as it lives, objects are made with the defaults of an operator.
    class Scope
    {
      public:
        /// @param number the operator.
        explicit Scope(uint32_t number);
        ~Scope();
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

      private:
        /// Which, and what it was.
        using Former = std::pair<std::pair<TypeId, std::size_t>, Ptr<const AttributeValue>>;
        std::vector<Former> m_former; ///< in the order of their change
    };
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_OPERATOR_DEFAULTS_H
