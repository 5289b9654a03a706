// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CLASS_REGISTRY_H
#define P2PIM_CLASS_REGISTRY_H

#include "ns3/type-id.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * ns-3's classes and attributes under the names that scenario files and options give them.
 */

namespace p2pim::program
{

/// An attribute and the class that declares it.
struct AttributeReference
{
    ns3::TypeId declarer;                   ///< a parent, if the attribute is inherited
    std::size_t index = 0;                  ///< its place in the declarer
    ns3::TypeId::AttributeInformation info; ///< what ns-3 knows of it
};

/// @param name "Smsc" for ns3::p2pim::Smsc or else ns3::Smsc, or a full name.
/// @return the class; none if there is none.
std::optional<ns3::TypeId> FindClass(const std::string& name);

/**
 * @param name as for FindClass().
 * @param label what an error line begins with.
 * @return the class.
 * @throw UserError names the nearest class.
 */
ns3::TypeId GetClass(const std::string& name, const std::string& label);

/// A class in a scenario file or an option: "Ggsn", or "Operator2.Ggsn".
struct ScopedClass
{
    uint32_t operatorNumber = 0; ///< whose objects are meant, from 1; 0: all
    ns3::TypeId type;            ///< the class
};

/**
 * @param name a class's name, behind an operator's and a dot or not.
 * @param label what an error line begins with.
 * @return both.
 * @throw UserError names the nearest operator or class.
 */
ScopedClass GetScopedClass(const std::string& name, const std::string& label);

/// @param type a class. @return the shortest name by which FindClass() finds it.
std::string GetShortName(ns3::TypeId type);

/// @return the classes of p2pim, by name.
std::vector<ns3::TypeId> GetModuleClasses();

/// @return the scenarios that can be built, by name.
std::vector<ns3::TypeId> GetScenarioClasses();

/// @param type a class. @return its attributes, then its parents'.
std::vector<AttributeReference> GetAttributes(ns3::TypeId type);

/**
 * @param type a class.
 * @param attribute an attribute's name.
 * @param label what an error line begins with.
 * @return the attribute, which may be inherited.
 * @throw UserError names the nearest attribute.
 */
AttributeReference GetAttribute(ns3::TypeId type,
                                const std::string& attribute,
                                const std::string& label);

} // namespace p2pim::program

#endif // P2PIM_CLASS_REGISTRY_H
