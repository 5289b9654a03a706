// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_OPERATOR_SETTINGS_H
#define P2PIM_TESTS_OPERATOR_SETTINGS_H

#include "ns3/operator-defaults.h"
#include "ns3/string.h"

#include <string>

namespace p2pim::test
{

/// Gives an attribute of a class of p2pim a default for one operator.
inline void
SetForOperator(uint32_t number,
               const std::string& className,
               const std::string& attribute,
               const std::string& value)
{
    const auto type = ns3::TypeId::LookupByName("ns3::p2pim::" + className);
    for (std::size_t n = 0; n < type.GetAttributeN(); ++n)
    {
        const auto info = type.GetAttribute(n);
        if (info.name == attribute)
        {
            ns3::p2pim::OperatorDefaults::Set(
                number,
                type,
                n,
                info.checker->CreateValidValue(ns3::StringValue(value)));
        }
    }
}

} // namespace p2pim::test

#endif // P2PIM_TESTS_OPERATOR_SETTINGS_H
