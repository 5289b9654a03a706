// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PHONE_AVAILABILITY_H
#define P2PIM_PHONE_AVAILABILITY_H

#include "ns3/event-id.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/nstime.h"
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
 * When the phones of a population can be reached. Each alternates between reachable and
 * unreachable, both for exponentially distributed times, and starts in the steady state. While it
 * is unreachable it is switched off, which the network is told, or out of coverage, which it is
 * not. With a share of 0 there is no event.
 *
 * Each phone has a random stream of its own, so that its times do not depend on what else happens.
 */
class PhoneAvailability : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    PhoneAvailability();
    ~PhoneAvailability() override;

    /**
     * Drives a phone from now on.
     *
     * @param phone the phone.
     * @param stream the number of its random stream.
     */
    void Drive(Ptr<GsmMobileStation> phone, int64_t stream);

    /// Leaves all phones as they are from now on.
    void Stop();

    /// @return the mean time for which a phone is reachable; the share must be above 0.
    Time GetMeanReachableTime() const;

  protected:
    void DoDispose() override;

  private:
    /// A phone that is driven.
    struct Phone
    {
        Ptr<GsmMobileStation> station;
        Ptr<UniformRandomVariable> random;
        bool reachable = true;
        bool switchedOff = false; ///< else out of coverage, while unreachable
        EventId change;
    };

    void Change(Phone* phone);
    void Apply(Phone& phone);
    void PlanChange(Phone& phone);
    void Draw(Phone& phone, bool reachable) const;

    double m_unreachableShare;
    double m_switchedOffShare;
    Time m_meanUnreachableTime;
    std::vector<std::unique_ptr<Phone>> m_phones;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PHONE_AVAILABILITY_H
