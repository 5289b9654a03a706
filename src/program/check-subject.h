// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CHECK_SUBJECT_H
#define P2PIM_CHECK_SUBJECT_H

#include "campaign/baseline.h"
#include "command-line.h"
#include "configuration.h"
#include "scenario-file.h"

#include "ns3/type-id.h"

#include <map>
#include <string>

namespace p2pim::program
{

constexpr const char* INGREDIENTS = "tclru"; ///< of fingerprints

/// What `p2pim check` looks at: a scenario and its settings.
struct Subject
{
    ScenarioFile file;
    ns3::TypeId type;
    Configuration configuration;
    std::map<std::string, std::string> settings; ///< of the scenario file
};

/// @return what a command line names; its configuration has been applied. @throw UserError a
/// mistake.
Subject ReadSubject(const Arguments& arguments);

/**
 * @param baseline a baseline.
 * @param subject a subject.
 * @param path the baseline's file.
 * @throw UserError the baseline is of another scenario.
 */
void CheckScenario(const campaign::Baseline& baseline,
                   const Subject& subject,
                   const std::string& path);

/**
 * @param baseline a baseline of the subject's scenario.
 * @param subject a subject.
 * @param path the baseline's file.
 * @throw UserError it is of other settings than the scenario file's, or has what this program
 *        cannot make.
 */
void CheckBaseline(const campaign::Baseline& baseline,
                   const Subject& subject,
                   const std::string& path);

} // namespace p2pim::program

#endif // P2PIM_CHECK_SUBJECT_H
