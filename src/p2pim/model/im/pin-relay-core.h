// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PIN_RELAY_CORE_H
#define P2PIM_PIN_RELAY_CORE_H

#include "ns3/inet-socket-address.h"
#include "ns3/nstime.h"
#include "ns3/pin-message.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace ns3
{
namespace p2pim
{

/**
 * The routing server of PIN-to-PIN messaging: keeps the current address of each PIN, and stores and
 * forwards messages to it. Events and times in, datagrams out.
 *
 * It sends one datagram at a time to each phone, in the order of acceptance, and repeats it at
 * doubled times until it is acknowledged. A phone that acknowledges none counts as gone until it
 * registers again.
 */
class PinRelayCore
{
  public:
    /// What it goes by.
    struct Settings
    {
        Time maxLifetime;              ///< of a registration
        Time defaultValidity;          ///< of a message that names none; the longest, too
        Time retransmission;           ///< from the first transmission to the second
        uint32_t maxTransmissions = 0; ///< of one datagram in a row
        uint32_t maxStored = 0;        ///< messages that wait for one phone
    };

    /// What has happened.
    struct Counters
    {
        uint64_t registrations = 0;   ///< REGISTER accepted, keep-alives among them
        uint64_t addressChanges = 0;  ///< of a PIN whose registration stood
        uint64_t accepted = 0;        ///< messages
        uint64_t refused = 0;         ///< messages and registrations
        uint64_t repeated = 0;        ///< SUBMIT seen before
        uint64_t delivered = 0;       ///< messages
        uint64_t expired = 0;         ///< messages
        uint64_t stored = 0;          ///< messages that wait now
        uint64_t reports = 0;         ///< reports acknowledged
        uint64_t retransmissions = 0; ///< datagrams sent again
        uint64_t lost = 0;            ///< phones that stopped to answer
    };

    /// Called with a message and the address that it goes to.
    using SendFunction = std::function<void(const PinMessage&, const InetSocketAddress&)>;

    /// @param send what sends datagrams.
    explicit PinRelayCore(SendFunction send);

    /// @param settings what to go by.
    void SetSettings(const Settings& settings);
    /// Makes a PIN known.
    void AddPin(uint32_t pin);
    /// A message has come from an address.
    void Receive(const PinMessage& message, const InetSocketAddress& from, Time now);

    /// @return when Advance() has to be called; Time::Max() if never.
    Time GetDeadline() const;
    /// Does what is due: repeats datagrams, drops expired messages.
    void Advance(Time now);

    /// @return what has happened.
    const Counters& GetCounters() const;

    /**
     * @param pin a PIN.
     * @param now the present time.
     * @return the address that it is registered at; nothing if it is not.
     */
    std::optional<InetSocketAddress> GetAddress(uint32_t pin, Time now) const;

  private:
    /// A DELIVER or REPORT that waits for a phone.
    struct Stored
    {
        PinMessage message;
        Time expiry;
        bool wantsReport = false;
    };

    /// A phone.
    struct Phone
    {
        std::optional<InetSocketAddress> address; ///< where it is registered
        Time expiry;                              ///< of the registration
        std::list<Stored> waiting;                ///< in the order of acceptance
        uint32_t transmissions = 0;               ///< of the first of them, to this address
        Time due;                                 ///< what is set in m_deadlines
        std::deque<std::pair<uint32_t, PinStatus>> recent; ///< its last submissions' outcomes
    };

    void Register(const PinMessage& message, const InetSocketAddress& from, Time now);
    void Submit(const PinMessage& message, const InetSocketAddress& from, Time now);
    PinStatus Accept(const PinMessage& message, Time now);
    void Acknowledge(const PinMessage& message, Time now);
    /// Keeps a message for a phone, and sends it if no other is under way.
    void Store(uint32_t pin, Stored stored, Time now);
    /// Stores a report about a message that is over, if one is wanted.
    void Report(const Stored& over, PinStatus status, Time now);
    /// Sends what is first in a phone's queue, or waits for the phone.
    void Serve(uint32_t pin, Phone& phone, Time now);
    void DropExpired(Phone& phone, Time now);
    void SetDeadline(uint32_t pin, Phone& phone, Time due);
    static bool IsRegistered(const Phone& phone, Time now);

    SendFunction m_send;
    Settings m_settings;
    std::map<uint32_t, Phone> m_phones;
    std::set<std::pair<Time, uint32_t>> m_deadlines; ///< with the PIN that each is of
    Counters m_counters;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PIN_RELAY_CORE_H
