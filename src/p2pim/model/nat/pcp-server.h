// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PCP_SERVER_H
#define P2PIM_PCP_SERVER_H

#include "ns3/application.h"
#include "ns3/counter-list.h"
#include "ns3/nat-gateway.h"
#include "ns3/nstime.h"
#include "ns3/pcp-message.h"
#include "ns3/socket.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/**
 * The PCP server of a NAT (RFC 6887; RFC 6888 REQ-9), on the NAT's node: gives inside hosts outside
 * ports on request. Its node must have the anycast address (RFC 7723) on its inside.
 */
class PcpServer : public Application
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    PcpServer();
    ~PcpServer() override;

    /// @param gateway the NAT.
    void SetGateway(Ptr<NatGateway> gateway);

    /// @return requests, and those that were refused.
    CounterList GetCounters() const;

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    void HandleRead(Ptr<Socket> socket);
    /// @return seconds since the NAT has lost its state (RFC 6887 8.5).
    uint32_t GetEpoch() const;
    PcpMap Answer(const PcpMap& request, PcpResult read, Ipv4Address from);

    Time m_minimumLifetime;
    Time m_maximumLifetime;
    Ptr<NatGateway> m_gateway;
    Ptr<Socket> m_socket;
    uint64_t m_requests = 0;
    uint64_t m_refused = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PCP_SERVER_H
