// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_KERNEL_TCP_HOST_H
#define P2PIM_TESTS_KERNEL_TCP_HOST_H

#include <cstddef>
#include <cstdint>
#include <netinet/in.h>
#include <vector>

namespace p2pim::oracle
{

/// What a host does on one port: it listens, and may connect from there.
struct KernelTcpTask
{
    uint16_t port;
    in_addr_t remote;
    uint16_t remotePort;
    double start; ///< when it connects, by GetSteadyTime(); never, if that is below zero
};

/// A host with the TCP of the kernel, in the network namespace of this process.
class KernelTcpHost
{
  public:
    /// @param tasks what it does, each on a port of its own.
    explicit KernelTcpHost(const std::vector<KernelTcpTask>& tasks);
    ~KernelTcpHost();
    KernelTcpHost(const KernelTcpHost&) = delete;
    KernelTcpHost& operator=(const KernelTcpHost&) = delete;

    /**
     * An attempt that fails is repeated after a second; two octets are sent over each connection.
     *
     * @param end when it gives up, by GetSteadyTime().
     * @return for each task whether something has come over a connection.
     */
    std::vector<uint8_t> Run(double end);

  private:
    /// A socket.
    struct Connection
    {
        enum State : uint8_t
        {
            LISTENING,
            CONNECTING,
            OPEN,
            CLOSED
        };

        int socket;
        std::size_t task;
        State state;
    };

    int Open(std::size_t task) const;
    void Connect(std::size_t task);
    void Wait(double end);
    void Handle(std::size_t index);
    void Fail(Connection& connection);

    std::vector<KernelTcpTask> m_tasks;
    std::vector<double> m_due; ///< when each task connects next; below zero: it does not
    std::vector<Connection> m_connections;
    std::vector<uint8_t> m_heard;
};

} // namespace p2pim::oracle

#endif // P2PIM_TESTS_KERNEL_TCP_HOST_H
