// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_LOCATION_REGISTRATION_H
#define P2PIM_LOCATION_REGISTRATION_H

#include "ns3/mm-messages.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace p2pim
{

/// Timers of a phone's location updating (TS 24.008 table 11.1).
struct LocationUpdatingTimes
{
    Time t3211;     ///< from a failure to the next try
    Time t3212;     ///< from one contact to the periodic updating; 0: there is none
    Time longPause; ///< after the fourth failure in succession: T3212, or its default
};

/**
 * What a phone knows of its registration: where it is known, and which location updating is due
 * (TS 24.008 4.4). Time is an argument.
 */
class LocationRegistration
{
  public:
    /// The phone is registered in an @p area: nothing is due.
    void Register(uint16_t area, Time now);
    /// A location updating of a @p type is due. A normal one takes in all others.
    void Require(LocationUpdatingType type);
    /// The phone has been in contact with the network: T3212 starts again.
    void NotifyContact(Time now);
    /// @return which updating is due at @p now, if one is.
    std::optional<LocationUpdatingType> GetDue(Time now, const LocationUpdatingTimes& times) const;
    /// A location updating has failed at @p now: the next try has to wait (4.4.4.9).
    void Fail(Time now, const LocationUpdatingTimes& times);
    /// @return when an updating is due, or Time::Max().
    Time GetDeadline(const LocationUpdatingTimes& times) const;
    /// @return LAC of the area where the phone was registered last.
    uint16_t GetArea() const;

  private:
    std::optional<LocationUpdatingType> m_required; ///< besides the periodic one
    Time m_lastContact;
    Time m_notBefore; ///< end of the wait after a failure
    uint16_t m_area = 0;
    uint8_t m_attempts = 0; ///< the attempt counter
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_LOCATION_REGISTRATION_H
