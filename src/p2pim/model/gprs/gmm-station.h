// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GMM_STATION_H
#define P2PIM_GMM_STATION_H

#include "ns3/gmm-message.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Timers of a station's GMM (TS 24.008 table 11.3).
struct GmmStationSettings
{
    Time t3310 = Seconds(15);  ///< wait for the answer to ATTACH REQUEST
    Time t3311 = Seconds(15);  ///< before an attach or update that has failed is tried again
    Time t3302 = Minutes(12);  ///< likewise, after it has failed five times
    Time t3314 = Seconds(44);  ///< READY, unless the network gives another
    Time t3321 = Seconds(15);  ///< wait for the answer to DETACH REQUEST
    Time t3330 = Seconds(15);  ///< wait for the answer to ROUTING AREA UPDATE REQUEST
    uint8_t transmissions = 5; ///< of a request in all: the fifth expiry aborts
};

/**
 * GPRS mobility management of a mobile station (TS 24.008 4.7): attach, detach by either side,
 * normal and periodic routing area update. No events inside: the owner gives the time, asks for the
 * deadline, and sends what has been collected.
 *
 * READY and STANDBY (4.7.2.1) are no states but times: the station is READY for T3314 after each
 * frame that it has sent. T3312 begins when READY ends. Nor is ATTEMPTING-TO-ATTACH (4.1.3.1.1.1):
 * it is DEREGISTERED with T3311 or T3302 running.
 */
class GmmStation
{
  public:
    /// States (4.1.3.1.1).
    enum class State : uint8_t
    {
        DEREGISTERED,
        REGISTERED_INITIATED, ///< ATTACH REQUEST sent
        REGISTERED,
        DEREGISTERED_INITIATED,         ///< DETACH REQUEST sent
        ROUTING_AREA_UPDATING_INITIATED ///< ROUTING AREA UPDATE REQUEST sent
    };

    /// What the owner is told.
    enum class Event : uint8_t
    {
        ATTACHED,
        ATTACH_TIMEOUT,  ///< no answer
        ATTACH_REJECTED, ///< see GetCause()
        DETACHED,        ///< by the station, the network, or a rejected update: see GetCause()
        UPDATED          ///< the routing area is registered
    };

    /// @param settings timers; must outlive this.
    explicit GmmStation(const GmmStationSettings& settings);

    /// @param imsi the IMSI.
    void SetImsi(uint64_t imsi);
    /// Begins an attach, unless the station is registered or on the way; the network's refusal may
    /// stand until the station is switched off, or in this @p area, which is the cell's.
    void Attach(Time now, const RoutingAreaId& area);
    /// @param type of the attaches that follow.
    void SetAttachType(AttachType type);
    /// Updates the routing area although it is registered: GPRS was suspended and goes on
    /// (TS 23.060 16.2.1.1). @param pdpContexts as in EnterCell().
    void RequestUpdate(Time now, uint16_t pdpContexts);
    /// Begins a detach; at power off there is no answer. @param now the time.
    void Detach(Time now, bool powerOff);
    /**
     * The station camps on a cell.
     *
     * @param now the time.
     * @param area its routing area: another one than before is updated, and a procedure that is
     * under way begins again there.
     * @param pdpContexts bit n: the context of NSAPI n is active.
     */
    void EnterCell(Time now, const RoutingAreaId& area, uint16_t pdpContexts);
    /// A frame has been sent. @param now the time.
    void NotifySent(Time now);
    /// @return whether the station is READY. @param now the time.
    bool IsReady(Time now) const;

    /// Takes a message of the network, authentication excepted.
    void Receive(Time now, const GmmMessage& message);
    /// @return when to call Expire(); Time::Max() if no timer runs.
    Time GetDeadline() const;
    /// Does what is due.
    void Expire(Time now);

    /// @return messages to be sent, in order; they are the caller's.
    std::vector<GmmMessage> TakeMessages();
    /// @return what has happened, in order; it is the caller's.
    std::vector<Event> TakeEvents();

    /// @return the state.
    State GetState() const;
    /// @return whether it will try to attach again: T3311 or T3302 runs.
    bool IsAttemptingToAttach() const;
    /// @return whether it is to be attached, by what the owner and the network have said last; a
    /// refusal may keep it from being.
    bool IsToBeAttached() const;
    /// @return whether the station is registered, an update under way included.
    bool IsRegistered() const;
    /// @return why the network has refused or detached, if it has said so.
    std::optional<GmmSmCause> GetCause() const;
    /// @return the P-TMSI, if there is one.
    std::optional<uint32_t> GetPtmsi() const;

  private:
    /// How long a refusal stands (4.7.3.1.4, 4.7.5.1.4, 4.7.4.2.2).
    enum class Bar : uint8_t
    {
        NONE,
        LOCATION_AREA,   ///< in the location area
        UNTIL_SWITCH_OFF ///< in the PLMN, of which there is one, or with the SIM
    };

    void Handle(Time now, const AttachAccept& message);
    void Handle(Time now, const AttachReject& message);
    void Handle(Time now, const AuthenticationAndCipheringReject& message);
    void Handle(Time now, const MoDetachAccept& message);
    void Handle(Time now, const MtDetachRequest& message);
    void Handle(Time now, const RoutingAreaUpdateAccept& message);
    void Handle(Time now, const RoutingAreaUpdateReject& message);
    void Handle(Time now, const PtmsiReallocationCommand& message);
    void Handle(Time now, const IdentityRequest& message);

    /// Messages that only a station sends, and those of no consequence, are dropped.
    template <typename T>
    void Handle(Time, const T&)
    {
    }

    void SendRequest(Time now);
    void StartUpdate(Time now, UpdateType type);
    void StartAttach(Time now);
    void FailAttach(Time now, Event event, std::optional<GmmSmCause> cause);
    void FailUpdate(Time now);
    static bool IsProtocolError(GmmSmCause cause);
    bool NoteRefusal(GmmSmCause cause);
    bool IsBarred() const;
    void Deregister(Event event, std::optional<GmmSmCause> cause);
    void SetPeriodicTimer(uint8_t timer);
    void SetReadyTimer(std::optional<uint8_t> timer);
    Time GetPeriodicDeadline() const;

    const GmmStationSettings& m_settings;
    uint64_t m_imsi = 0;
    State m_state = State::DEREGISTERED;
    AttachType m_attachType = AttachType::GPRS;
    UpdateType m_updateType = UpdateType::RA;
    RoutingAreaId m_area{1, 1, NO_LAC, 0}; ///< registered
    RoutingAreaId m_cellArea{};            ///< of the cell camped on
    uint16_t m_pdpContexts = 0;
    std::optional<uint32_t> m_ptmsi;
    std::optional<GmmSmCause> m_cause;
    std::optional<Time> m_t3312;          ///< nothing: no periodic update
    Time m_t3314;                         ///< in force
    Time m_lastSent = Time::Min();        ///< last frame
    Time m_deadline = Time::Max();        ///< of the request under way, or of T3311, T3302
    uint8_t m_transmissions = 0;          ///< of the request under way
    uint8_t m_attachAttempts = 0;         ///< attaches that have failed in a row
    uint8_t m_updateAttempts = 0;         ///< updates that have failed in a row
    bool m_wanted = false;                ///< the owner wants it to be attached
    Bar m_bar = Bar::NONE;                ///< of the last refusal
    std::optional<GmmSmCause> m_barCause; ///< what it was for
    uint16_t m_barredArea = NO_LAC;       ///< LAC of Bar::LOCATION_AREA
    std::vector<GmmMessage> m_messages;
    std::vector<Event> m_events;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GMM_STATION_H
