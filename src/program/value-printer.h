// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_VALUE_PRINTER_H
#define P2PIM_VALUE_PRINTER_H

#include "ns3/nstime.h"
#include "ns3/type-id.h"

#include <string>
#include <vector>

/**
 * @file
 * Attributes' values, types and bounds as a user reads and writes them.
 */

namespace p2pim::program
{

/// @param checker an attribute's checker. @return its kind of value without ns-3's dress: "Time".
std::string GetValueKind(const ns3::AttributeChecker& checker);

/// @param time a time. @return it in seconds, exactly, such as "1.5s".
std::string FormatTime(ns3::Time time);

/// @param checker an enumeration's checker. @return the names that it allows.
std::vector<std::string> ListChoices(const ns3::AttributeChecker& checker);

/// @param info an attribute. @return its type in a word, such as "time".
std::string DescribeType(const ns3::TypeId::AttributeInformation& info);

/// @param info an attribute. @return what it allows, such as "1 to 8" or "0s or more".
std::string DescribeAllowed(const ns3::TypeId::AttributeInformation& info);

/**
 * @param value one of the attribute's values.
 * @param info the attribute.
 * @return the value as ReadValue() reads it, exactly; "none" for no object.
 */
std::string FormatValue(const ns3::AttributeValue& value,
                        const ns3::TypeId::AttributeInformation& info);

} // namespace p2pim::program

#endif // P2PIM_VALUE_PRINTER_H
