// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_VALUE_READER_H
#define P2PIM_VALUE_READER_H

#include "ns3/type-id.h"

#include <string>

namespace p2pim::program
{

/// An attribute's value read from text, or why it could not be.
struct ReadResult
{
    ns3::Ptr<ns3::AttributeValue> value; ///< accepted by the attribute's checker; null on error
    std::string problem;                 ///< what is wrong and what is allowed; empty if nothing
};

/**
 * Reads a value as a user wrote it. Stricter than ns-3, whose own readers take "5" for five
 * seconds and "-1" for 4294967295, and end the program over what they cannot read.
 *
 * @param text the value.
 * @param info the attribute.
 * @return the value or the problem. A random variable's value is its description in ns-3's syntax,
 *         so that each object that is built makes a random variable of its own.
 */
ReadResult ReadValue(const std::string& text, const ns3::TypeId::AttributeInformation& info);

} // namespace p2pim::program

#endif // P2PIM_VALUE_READER_H
