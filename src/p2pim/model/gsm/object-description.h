// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_OBJECT_DESCRIPTION_H
#define P2PIM_OBJECT_DESCRIPTION_H

#include "ns3/object-factory.h"
#include "ns3/type-id.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * Objects that an attribute names by text, as ns-3 writes a factory: a type and, in brackets, its
 * attributes, ns3::LogDistancePropagationLossModel[Exponent=3.5|ReferenceDistance=10]. Unlike
 * ns-3's own reader this one refuses what is wrong instead of ending the program; it takes numbers
 * and truth values only.
 */

/**
 * @param text a type, with attributes or without.
 * @param parent what the type has to derive from.
 * @return what makes such an object, or nothing if the text is wrong.
 */
std::optional<ObjectFactory> ParseObjectDescription(const std::string& text, TypeId parent);

/// @return the parts of @p text between @p separators that are in no brackets.
std::vector<std::string> SplitOutsideBrackets(const std::string& text, char separator);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_OBJECT_DESCRIPTION_H
