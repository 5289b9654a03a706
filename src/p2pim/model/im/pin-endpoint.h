// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PIN_ENDPOINT_H
#define P2PIM_PIN_ENDPOINT_H

#include "ns3/counter-list.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/pin-message.h"

#include <cstdint>
#include <deque>
#include <utility>

namespace ns3
{
namespace p2pim
{

/// Who uses a PinEndpoint: sends its datagrams and is told what happens.
class PinEndpointUser
{
  public:
    virtual ~PinEndpointUser() = default;
    /// A datagram is to be sent to the relay. @return whether it was.
    virtual bool SendToRelay(const PinMessage& message) = 0;
    /// A submission is over: accepted if @p cause is empty.
    virtual void HandleSubmitted(uint32_t id, const char* cause) = 0;
    /// A message has arrived for the first time.
    virtual void HandleMessage(const PinMessage& message) = 0;
    /// A report has arrived.
    virtual void HandleReport(const PinMessage& report) = 0;
    /// The registration stands, or has ended.
    virtual void HandleRegistered(bool registered) = 0;
};

/**
 * The phone's end of PIN-to-PIN messaging: holds the registration at the relay, submits one message
 * at a time, and drops the messages that it has had before. Events and times in, datagrams out.
 */
class PinEndpoint
{
  public:
    /// What it goes by.
    struct Settings
    {
        Time lifetime;                 ///< of a registration, asked of the relay
        Time keepAlive;                ///< from a registration to the next; 0 for none
        Time retransmission;           ///< from the first transmission to the second
        uint32_t maxTransmissions = 0; ///< of one request
        Time validity;                 ///< of a message; 0 leaves it to the relay
        bool wantsReports = false;     ///< whether reports are asked for
    };

    /// @param user who uses it.
    explicit PinEndpoint(PinEndpointUser& user);

    /**
     * Makes the endpoint ready.
     *
     * @param pin the own PIN.
     * @param firstId the first message id; ids do not come again soon, also after a restart.
     * @param settings what to go by.
     */
    void SetUp(uint32_t pin, uint32_t firstId, const Settings& settings);

    /**
     * Holds a registration from now on, at an address. Registers anew if the address is another
     * than before, or the registration has ended.
     *
     * @param address the phone's address.
     * @param now the present time.
     */
    void Register(Ipv4Address address, Time now);

    /// Ends the registration, and every submission with the cause "switched off".
    void Leave();

    /**
     * Queues a message; it is sent when the registration stands.
     *
     * @param message receiver, ports and user data.
     * @param now the present time.
     * @return its id.
     */
    uint32_t Submit(PinMessage message, Time now);

    /// A datagram has come from the relay.
    void Receive(const PinMessage& message, Time now);

    /// @return when Advance() has to be called; Time::Max() if never.
    Time GetDeadline() const;
    /// Does what is due: repeats requests, gives them up, keeps the registration alive.
    void Advance(Time now);

    /// @return whether the registration stands.
    bool IsRegistered() const;
    /// @return the address that is registered, or about to be.
    Ipv4Address GetAddress() const;
    /// @return what has happened; the names are stable.
    CounterList GetCounters() const;

  private:
    /// A request that is repeated until it is answered.
    struct Request
    {
        bool isPending = false;
        PinMessage message;
        uint32_t transmissions = 0;
        Time due; ///< when to repeat it
    };

    void StartRegistration(Time now);
    void FinishRegistration(const PinMessage& answer, Time now);
    void FinishSubmission(const PinMessage& answer, Time now);
    void SubmitNext(Time now);
    void Deliver(const PinMessage& message);
    void Transmit(Request& request, Time now);
    /// @return whether a request is given up.
    bool Repeat(Request& request, Time now);
    /// Ends the registration and every submission.
    void Fail(const char* cause);

    PinEndpointUser& m_user;
    Settings m_settings;
    uint32_t m_pin = 0;
    uint32_t m_nextId = 0;
    Ipv4Address m_address = Ipv4Address::GetAny();
    bool m_registered = false;
    Time m_keepAliveDue = Time::Max();
    Request m_registration;
    Request m_submission;
    std::deque<PinMessage> m_waiting; ///< submissions, the first of them in m_submission
    std::deque<std::pair<uint32_t, uint32_t>> m_received; ///< PIN and id of the last deliveries

    uint64_t m_registrations = 0;
    uint64_t m_submitted = 0;
    uint64_t m_accepted = 0;
    uint64_t m_refused = 0;
    uint64_t m_retransmissions = 0;
    uint64_t m_deliveries = 0;
    uint64_t m_duplicates = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PIN_ENDPOINT_H
