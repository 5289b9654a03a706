// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_FINGERPRINT_SIMULATOR_IMPL_H
#define P2PIM_FINGERPRINT_SIMULATOR_IMPL_H

#include "fnv1a.h"

#include "ns3/default-simulator-impl.h"
#include "ns3/ipv4.h"
#include "ns3/packet.h"

#include <cstdint>
#include <functional>
#include <string>

namespace ns3
{
namespace p2pim
{

/// An event that a simulator has executed, and the IP packets that nodes have sent in it.
struct ExecutedEvent
{
    int64_t timeNs = 0;   ///< simulated time, ns
    uint32_t context = 0; ///< the node's id; Simulator::NO_CONTEXT: none
    uint32_t packets = 0; ///< IP packets sent, each with its header
    uint64_t octets = 0;  ///< of them all
};

/**
 * The fingerprint of a run: a hash of each ingredient of its trajectory of events. Equal runs have
 * equal ones, on any machine; nothing is in them that depends on what the process did before, such
 * as packets' uids or pointers.
 *
 * While an object of this class lives, the next simulation is made by FingerprintSimulatorImpl:
 *
 *     RunFingerprint fingerprint;
 *     scenario->Run(scheme, progress, record); // builds, runs and destroys
 *     fingerprint.GetTimes();
 */
class RunFingerprint
{
  public:
    /// Told of each event when it is over.
    using Observer = std::function<void(const ExecutedEvent& event)>;

    /**
     * Destroys the present simulation and has the next one made by FingerprintSimulatorImpl. There
     * is at most one object of this class at a time.
     *
     * @param observer told of each event; may be empty.
     */
    explicit RunFingerprint(Observer observer = {});
    /// Destroys the simulation; the next one is made as before.
    ~RunFingerprint();

    RunFingerprint(const RunFingerprint&) = delete;
    RunFingerprint& operator=(const RunFingerprint&) = delete;

    /// @return events executed.
    uint64_t GetEvents() const;
    /// @return hash of the events' times, ns.
    uint64_t GetTimes() const;
    /// @return hash of the events' contexts: which nodes act, in which order.
    uint64_t GetContexts() const;
    /// @return hash of the lengths of the IP packets that nodes send, headers included. Only of
    /// nodes that there are at the first event.
    uint64_t GetLengths() const;
    /// @return hash of the events' uids: changes with any further event scheduled, also if it is
    /// never executed.
    uint64_t GetUids() const;

  private:
    friend class FingerprintSimulatorImpl;

    void Begin(const EventId& event);
    void Send(Ptr<const Packet> packet, Ptr<Ipv4> ipv4, uint32_t interface);
    /// Tells the observer of the event that is over, if any.
    void End();

    Observer m_observer;
    std::string m_formerType; ///< the simulator's implementation that others use
    uint64_t m_events = 0;
    bool m_inEvent = false;
    ExecutedEvent m_event; ///< the present one
    Fnv1a m_times;
    Fnv1a m_contexts;
    Fnv1a m_lengths;
    Fnv1a m_uids;
};

/// ns-3's simulator that also takes the RunFingerprint of what it executes.
class FingerprintSimulatorImpl : public DefaultSimulatorImpl
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    void Run() override;

  protected:
    void PreEventHook(const EventId& id) override;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_FINGERPRINT_SIMULATOR_IMPL_H
