// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SCENARIO_H
#define P2PIM_SCENARIO_H

#include "run-record.h"

#include "ns3/capture-file.h"
#include "ns3/cellular-network.h"
#include "ns3/gprs-capture.h"
#include "ns3/gsm-capture.h"
#include "ns3/object.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// A scheme that a scenario can run, for `p2pim list` and for the nearest right name.
struct SchemeInfo
{
    std::string name;    ///< the value of `--schemes`
    std::string summary; ///< one line
};

/**
 * A scenario: builds a world from the attributes' defaults, runs it once for one scheme, and
 * returns what happened. A scenario file names its scenario by a section with the name of the
 * subclass.
 */
class Scenario : public Object
{
  public:
    /// @return the type. Attributes Sessions: how many sessions a run has; TimeLimit: how long it
    /// may take.
    static TypeId GetTypeId();

    ~Scenario() override;

    /// A setting that no single attribute's checker can refuse.
    struct SettingFault
    {
        std::string setting;            ///< "Class.Attribute"
        std::string problem;            ///< what is wrong with it
        std::string value;              ///< as it is
        std::vector<std::string> known; ///< what it could be
    };

    /// @return what is wrong with the attributes' defaults together, if anything: an access point
    /// name that no GGSN serves; what two operators cannot both have.
    virtual std::optional<SettingFault> FindFault() const;

    /// @return how many operators there are.
    virtual uint32_t GetOperators() const;

    /// Called when a session has ended, with the number of sessions that have; returns false to
    /// stop the run at once.
    using Progress = std::function<bool(uint32_t ended)>;

    /// @return every scheme of this scenario.
    virtual std::vector<SchemeInfo> GetSchemes() const = 0;

    /**
     * Runs once, in a simulator that it builds and destroys. The caller has set ns-3's seed and run
     * numbers and the attributes' defaults.
     *
     * @param scheme one of GetSchemes().
     * @param progress called at each session's end; may be empty.
     * @param[out] record what happened; complete only when the function returns true.
     * @return false if @p progress stopped the run.
     */
    virtual bool Run(const std::string& scheme,
                     const Progress& progress,
                     ::p2pim::RunRecord& record) = 0;

  protected:
    /// The files that a run writes beside its record.
    struct Captures
    {
        std::vector<std::unique_ptr<GsmCapture>> circuit;
        std::unique_ptr<GprsCapture> packet;
        std::unique_ptr<CaptureFile> gn;
    };

    /**
     * Makes the captures that the attributes ask for.
     *
     * @param networks the networks that have been built.
     * @param run tells the scheme and the seed, which the files' names may have.
     * @return what writes them; to be closed at the end of the run.
     * @throw std::runtime_error a file exists or cannot be made.
     */
    Captures StartCaptures(const std::vector<Ptr<CellularNetwork>>& networks,
                           const ::p2pim::RunRecord& run) const;
    /// Writes what is left. @throw std::runtime_error a file could not be written.
    static void CloseCaptures(const Captures& captures);

    uint32_t m_sessions; ///< the attribute Sessions

  private:
    Time m_timeLimit; ///< who runs it reads the attribute
    std::string m_layer3Capture;
    std::string m_radioCapture;
    std::string m_llcCapture;
    std::string m_gnCapture;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SCENARIO_H
