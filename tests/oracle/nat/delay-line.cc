// SPDX-License-Identifier: GPL-2.0-only
#include "delay-line.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <sys/socket.h>
#include <unistd.h>

namespace p2pim::oracle
{

namespace
{

constexpr std::size_t LARGEST = 65536;
constexpr std::size_t ETHERNET = 10; ///< behind a virtio_net_hdr, which is not for C++
constexpr std::size_t INTERNET = ETHERNET + ETHER_HDR_LEN;
constexpr std::array<uint8_t, ETH_ALEN> FAR{2, 0, 0, 0, 0, 1}; ///< DelayLine::FAR_END
constexpr double IDLE = 1;                                     ///< seconds

} // namespace

double
GetSteadyTime()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

DelayLine::DelayLine(double delay)
    : m_delay(delay),
      m_socket(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP)))
{
    // checksums that a device would fill in are not there yet; this tells, and keeps it so
    const int on = 1;
    setsockopt(m_socket, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on));
}

DelayLine::~DelayLine()
{
    close(m_socket);
}

void
DelayLine::AddRoute(in_addr_t address, const std::string& device)
{
    m_routes[address] = static_cast<int>(if_nametoindex(device.c_str()));
}

int
DelayLine::GetSocket() const
{
    return m_socket;
}

double
DelayLine::Carry()
{
    std::array<uint8_t, LARGEST> buffer;
    sockaddr_ll from{};
    socklen_t length = sizeof(from);
    ssize_t size = 0;
    while ((size = recvfrom(m_socket,
                            buffer.data(),
                            buffer.size(),
                            MSG_DONTWAIT,
                            reinterpret_cast<sockaddr*>(&from),
                            &length)) > 0)
    {
        iphdr header{};
        if (static_cast<std::size_t>(size) < INTERNET + sizeof(header) ||
            from.sll_pkttype == PACKET_OUTGOING)
        {
            continue;
        }
        std::memcpy(&header, buffer.data() + INTERNET, sizeof(header));
        const auto route = m_routes.find(header.daddr);
        if (route != m_routes.end())
        {
            std::copy(FAR.begin(), FAR.end(), buffer.begin() + ETHERNET);
            m_frames.push_back({GetSteadyTime() + m_delay,
                                route->second,
                                {buffer.begin(), buffer.begin() + size}});
        }
    }
    while (!m_frames.empty() && m_frames.front().due <= GetSteadyTime())
    {
        sockaddr_ll to{};
        to.sll_family = AF_PACKET;
        to.sll_ifindex = m_frames.front().device;
        const auto& octets = m_frames.front().octets;
        sendto(m_socket,
               octets.data(),
               octets.size(),
               0,
               reinterpret_cast<sockaddr*>(&to),
               sizeof(to));
        m_frames.pop_front();
    }
    return m_frames.empty() ? IDLE : std::max(0.0, m_frames.front().due - GetSteadyTime());
}

} // namespace p2pim::oracle
