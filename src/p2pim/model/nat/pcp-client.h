// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PCP_CLIENT_H
#define P2PIM_PCP_CLIENT_H

#include "ns3/event-id.h"
#include "ns3/inet-socket-address.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/pcp-message.h"
#include "ns3/random-variable-stream.h"
#include "ns3/socket.h"

#include <cstdint>
#include <functional>
#include <optional>

namespace ns3
{
namespace p2pim
{

/**
 * Has the NAT in front of a phone map a TCP port of its own (RFC 6887), keeps the mapping by
 * renewals, and ends it. A NAT that has lost its state is noticed at the next renewal, which maps
 * the port anew.
 */
class PcpClient : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    PcpClient();
    ~PcpClient() override;

    /// Called at the end: the outside endpoint, if the NAT has given one.
    using DoneFunction = std::function<void(const std::optional<InetSocketAddress>&)>;

    /**
     * Begins.
     *
     * @param node the own node.
     * @param local the own address and TCP port.
     * @param done called once, unless Release() comes before.
     */
    void Start(Ptr<Node> node, const InetSocketAddress& local, DoneFunction done);

    /// @param source what the times of transmissions are drawn from; clients may share it.
    void SetTimeSource(Ptr<UniformRandomVariable> source);

    /// @return the outside endpoint; none before it is given, and after its end.
    std::optional<InetSocketAddress> GetOutside() const;

    /// @return how often the server has been found to have lost its state.
    uint32_t GetRestarts() const;

    /// Ends the mapping, by one request that is not repeated, and asks no more.
    void Release();

  protected:
    void DoDispose() override;

  private:
    /// An answer's time, by both clocks.
    struct Clocks
    {
        Time client;
        uint32_t server; ///< epoch, s
    };

    /// Sends the request for the first time, or again, or gives up.
    void Send();
    void Transmit();
    void HandleRead(Ptr<Socket> socket);
    void HandleAnswer(const PcpMap& answer);
    /// Looks whether the server has lost its state (RFC 6887 8.5).
    void CheckEpoch(uint32_t epoch);
    void ScheduleRenewal();
    void Renew();
    /// Tells who waits, if somebody does.
    void Tell();
    void Close();
    /// @return a number from @p min to @p max.
    double Draw(double min, double max);

    // attributes
    Time m_lifetime;
    Time m_retransmission;
    uint32_t m_transmissions;

    PcpMap m_request;
    DoneFunction m_done;
    Ptr<UniformRandomVariable> m_times;
    Ptr<Socket> m_socket;
    uint32_t m_requests = 0; ///< begun
    uint32_t m_sent = 0;     ///< transmissions of this one
    Time m_interval;         ///< from the last one to the next
    EventId m_timer;         ///< the next transmission, or the end
    Time m_granted;          ///< when the mapping was given, or renewed
    Time m_grantedLifetime;  ///< from then on
    uint32_t m_renewals = 0; ///< requests since then
    uint32_t m_restarts = 0; ///< of the server
    std::optional<InetSocketAddress> m_outside;
    std::optional<Clocks> m_clocks; ///< of the last answer
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PCP_CLIENT_H
