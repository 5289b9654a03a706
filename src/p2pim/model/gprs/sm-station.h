// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SM_STATION_H
#define P2PIM_SM_STATION_H

#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/sm-message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Timers of a station's SM (TS 24.008 table 11.3a).
struct SmStationSettings
{
    Time t3380 = Seconds(30);  ///< wait for the answer to ACTIVATE PDP CONTEXT REQUEST
    Time t3381 = Seconds(8);   ///< wait for the answer to MODIFY PDP CONTEXT REQUEST
    Time t3390 = Seconds(8);   ///< wait for the answer to DEACTIVATE PDP CONTEXT REQUEST
    uint8_t transmissions = 5; ///< of a request in all: the fifth expiry aborts
    uint8_t maxContexts = 11;  ///< that the station can have: NSAPIs 5 to 15
};

/// What a station asks for when it activates a PDP context.
struct PdpContextOptions
{
    std::string apn;                           ///< labels separated by dots; empty: the subscribed
    std::optional<Ipv4Address> staticAddress;  ///< nothing: the network is to give one
    QosProfile qos = QosProfile::Subscribed(); ///< requested
};

/**
 * Session management of a mobile station (TS 24.008 6.1): activation, modification and deactivation
 * of PDP contexts by either side. No events inside: the owner gives the time, asks for the
 * deadline, and sends what has been collected.
 */
class SmStation
{
  public:
    /// States of a context (6.1.1.1).
    enum class State : uint8_t
    {
        INACTIVE,
        ACTIVE_PENDING,
        ACTIVE,
        MODIFY_PENDING,
        INACTIVE_PENDING
    };

    /// What the owner is told of a context.
    struct Event
    {
        /// What has happened.
        enum class Kind : uint8_t
        {
            ACTIVATED,
            ACTIVATION_TIMEOUT,
            ACTIVATION_REJECTED, ///< for a cause
            MODIFIED,
            MODIFICATION_REJECTED, ///< for a cause; the context stays as it was
            DEACTIVATED            ///< by either side; for a cause if by the network
        };

        Kind kind;
        uint8_t nsapi;
        std::optional<GmmSmCause> cause;
    };

    /// @param settings timers; must outlive this.
    explicit SmStation(const SmStationSettings& settings);

    /**
     * Begins to activate a context that is inactive.
     *
     * @param now the time.
     * @param nsapi 5 to 15.
     * @param options what is wanted.
     */
    void Activate(Time now, uint8_t nsapi, const PdpContextOptions& options);
    /// Begins to change the quality of service of an active context.
    void Modify(Time now, uint8_t nsapi, const QosProfile& qos);
    /// Begins to deactivate a context that is not inactive.
    void Deactivate(Time now, uint8_t nsapi);
    /// All contexts are gone without a word: the station was detached.
    void Reset();

    /// Takes a message of the network.
    void Receive(Time now, const SmMessage& message);
    /// @return when to call Expire(); Time::Max() if no timer runs.
    Time GetDeadline() const;
    /// Does what is due.
    void Expire(Time now);

    /// @return messages to be sent, in order; they are the caller's.
    std::vector<SmMessage> TakeMessages();
    /// @return what has happened, in order; it is the caller's.
    std::vector<Event> TakeEvents();

    /// @return the state of a context.
    State GetState(uint8_t nsapi) const;
    /// @return the address of an active context; 0.0.0.0 if there is none.
    Ipv4Address GetAddress(uint8_t nsapi) const;
    /// @return the quality of service of an active context.
    QosProfile GetQos(uint8_t nsapi) const;
    /// @return bit n: the context of NSAPI n is active.
    uint16_t GetActiveContexts() const;

  private:
    /// A context that is not inactive.
    struct Context
    {
        uint8_t nsapi = 0;
        uint8_t ti = 0; ///< of its transaction, opened by the station
        State state = State::ACTIVE_PENDING;
        uint8_t transmissions = 0; ///< of the request under way
        Time deadline = Time::Max();
        PdpContextOptions options;
        Ipv4Address address;
        QosProfile qos;
    };

    const Context* Find(uint8_t nsapi) const;
    Context* Find(uint8_t nsapi);
    Context* FindTransaction(const TransactionId& ti);
    uint8_t ChooseTransaction() const;
    void SendRequest(Time now, Context& context);
    void Remove(const Context& context, Event::Kind kind, std::optional<GmmSmCause> cause);

    void Handle(Time now, const ActivatePdpContextAccept& message);
    void Handle(Time now, const ActivatePdpContextReject& message);
    void Handle(Time now, const RequestPdpContextActivation& message);
    void Handle(Time now, const MtModifyPdpContextRequest& message);
    void Handle(Time now, const MoModifyPdpContextAccept& message);
    void Handle(Time now, const ModifyPdpContextReject& message);
    void Handle(Time now, const DeactivatePdpContextRequest& message);
    void Handle(Time now, const DeactivatePdpContextAccept& message);

    /// Messages that only a station sends are dropped.
    template <typename T>
    void Handle(Time, const T&)
    {
    }

    const SmStationSettings& m_settings;
    std::vector<Context> m_contexts; ///< few, so searched
    std::vector<SmMessage> m_messages;
    std::vector<Event> m_events;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SM_STATION_H
