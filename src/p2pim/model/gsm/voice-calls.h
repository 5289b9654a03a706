// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_VOICE_CALLS_H
#define P2PIM_VOICE_CALLS_H

#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The voice calls of the phones of a population: each phone calls now and then, if it has nothing
 * else to do and there is a TCH. Short messages of and to a phone in a call go on its SACCH. Calls
 * of phones that are not simulated are GsmBackgroundLoad's. With a rate of 0 there is no event.
 *
 * Each phone has a random stream of its own, so that its calls do not depend on what else happens.
 */
class VoiceCalls : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    VoiceCalls();
    ~VoiceCalls() override;

    /**
     * Drives a phone from now on.
     *
     * @param phone the phone.
     * @param stream the number of its random stream.
     */
    void Drive(Ptr<GsmMobileStation> phone, int64_t stream);

    /// @return calls that were up, and those that were not possible.
    CounterList GetCounters() const;

  protected:
    void DoDispose() override;

  private:
    /// A phone that is driven.
    struct Phone
    {
        Ptr<GsmMobileStation> station;
        Ptr<ExponentialRandomVariable> random;
        EventId change; ///< the next call, or the end of the present one
    };

    void PlanCall(Phone& phone);
    void Call(Phone* phone);
    void HangUp(Phone* phone);

    double m_rate;
    Time m_meanDuration;
    std::vector<std::unique_ptr<Phone>> m_phones;
    uint64_t m_calls = 0;
    uint64_t m_failed = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_VOICE_CALLS_H
