// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_KERNEL_NAT_H
#define P2PIM_TESTS_KERNEL_NAT_H

#include "ns3/nat-endpoint.h"
#include "ns3/octets.h"

#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace p2pim::oracle
{

using ns3::p2pim::NatSide;
using ns3::p2pim::Octets;

/**
 * The NAT of the running kernel, in a user and a network namespace of a process of its own, between
 * 10.0.0.1/24 inside and 203.0.113.1/24 outside. Its hosts are no stacks: frames are written to and
 * read from the far ends of two veth pairs. It needs no privilege, but nft and ip.
 */
class KernelNat
{
  public:
    /// @return why there is none here; nothing if there is.
    static std::string FindObstacle();

    /**
     * @param masquerade the statement for what leaves; empty: a firewall.
     * @param sysctls "name=value" below net.netfilter.
     */
    KernelNat(const std::string& masquerade, const std::vector<std::string>& sysctls);
    ~KernelNat();
    KernelNat(const KernelNat&) = delete;
    KernelNat& operator=(const KernelNat&) = delete;

    /// @return whether it stands.
    bool IsUp() const;

    /**
     * @param from where a packet comes from.
     * @param packet it.
     * @param patience milliseconds to wait for what leaves.
     * @return what leaves, and where.
     */
    std::vector<std::pair<NatSide, Octets>> Carry(NatSide from, const Octets& packet, int patience);

  private:
    pid_t m_process = -1;
    int m_socket = -1;
    bool m_isUp = false;
};

} // namespace p2pim::oracle

#endif // P2PIM_TESTS_KERNEL_NAT_H
