// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_SCENARIO_H
#define P2PIM_SMS_SCENARIO_H

#include "scenario.h"
#include "sms-traffic.h"

#include "ns3/cellular-network.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"
#include "ns3/sms-time-line.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Messages between the phones of a population, by SMS or by PIN-to-PIN messaging. A session is a
 * message; SmsTraffic plans who writes what to whom. Measures how long messages take hop by hop,
 * and what becomes of those that do not arrive at once.
 *
 * A message whose sender is off or out of coverage when it is due is sent by the next phone in
 * number that is not: nobody writes on a phone that is off. A message that comes again is counted
 * by its cause: the phone had no answer and has sent it once more, or the SMSC had none and has
 * delivered it once more.
 *
 * The run ends when every message has come to its end, or at MaxDuration.
 */
class SmsScenario : public Scenario
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    SmsScenario();
    ~SmsScenario() override;

    std::vector<SchemeInfo> GetSchemes() const override;
    bool Run(const std::string& scheme,
             const Progress& progress,
             ::p2pim::RunRecord& record) override;

    /// The application port that data go to: of those that anybody may use (TS 23.040 9.2.3.24.4).
    static constexpr uint16_t PORT = 16000;

  private:
    /// What exists only while a run is made.
    struct World;

    void Build(World& world) const;
    void AddPhones(World& world) const;
    void PlacePhone(const World& world, uint32_t phone, Ptr<Node> node) const;
    static void StartNext(World* world);
    static void Send(World& world, uint32_t index);
    static void Receive(World& world, std::optional<uint32_t> index);
    static uint32_t FindSender(const World& world, uint32_t planned);
    void Store(World& world, const SmsTimeLine::Line& line) const;
    static void CountRepetitions(World& world, const SmsTimeLine::Line& line);
    void Finish(World& world, uint32_t index) const;
    static void CountEnded(World& world);
    void FinishRest(World& world) const;
    void StoreCounters(World& world) const;

    // attributes
    uint32_t m_phones;
    Ptr<RandomVariableStream> m_distance; ///< m
    Time m_maxDuration;
    bool m_keepSteps;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_SCENARIO_H
