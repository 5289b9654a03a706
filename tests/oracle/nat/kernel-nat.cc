// SPDX-License-Identifier: GPL-2.0-only
#include "kernel-nat.h"

#include "own-network.h"

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace p2pim::oracle
{

namespace
{

constexpr std::size_t LARGEST = 65536;

/// The two pairs; hosts have addresses of no interface, so that only the NAT's stack takes part.
const char* const NETWORK = R"(
ip link set lo up
ip link add vi type veth peer name ni address 02:00:00:00:00:01
ip link add vo type veth peer name nx address 02:00:00:00:00:02
for device in vi ni vo nx; do
    echo 1 > /proc/sys/net/ipv6/conf/$device/disable_ipv6 || true
    ip link set $device up
done
ip address add 10.0.0.1/24 dev ni
ip address add 203.0.113.1/24 dev nx
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 0 > /proc/sys/net/ipv4/icmp_ratelimit || true
for host in 2 3 4; do
    ip neighbour add 10.0.0.$host lladdr 02:00:00:00:00:aa dev ni nud permanent
done
for host in 10 20 30; do
    ip neighbour add 203.0.113.$host lladdr 02:00:00:00:00:aa dev nx nud permanent
done
)";

/// What is unsolicited, or invalid, is dropped.
const char* const FILTER = R"(
table ip filter {
  chain input {
    type filter hook input priority filter; policy accept;
    iifname "nx" ct state established,related accept
    iifname "nx" drop
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    ct state invalid drop
    iifname "nx" ct state new drop
  }
}
)";

bool
SetUp(const std::string& masquerade, const std::vector<std::string>& sysctls)
{
    std::string script = NETWORK;
    script += "nft -f - <<END\n" + std::string(FILTER);
    if (!masquerade.empty())
    {
        script +=
            "table ip nat {\n chain post {\n type nat hook postrouting priority srcnat; policy "
            "accept;\n oifname \"nx\" " +
            masquerade + "\n }\n}\n";
    }
    script += "END\n";
    for (const std::string& one : sysctls)
    {
        const std::size_t equals = one.find('=');
        script += "echo " + one.substr(equals + 1) + " > /proc/sys/net/netfilter/" +
                  one.substr(0, equals) + "\n";
    }
    return RunScript(script);
}

int
OpenDevice(const char* name)
{
    const int device = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_IP);
    address.sll_ifindex = static_cast<int>(if_nametoindex(name));
    return bind(device, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 ? device : -1;
}

/// Sends a message of the side and a packet.
void
Send(int to, uint8_t side, const uint8_t* packet, std::size_t size)
{
    Octets message{side};
    message.insert(message.end(), packet, packet + size);
    if (send(to, message.data(), message.size(), MSG_NOSIGNAL) < 0)
    {
        _exit(1);
    }
}

/// Gives all that comes out of the NAT to the test.
void
Collect(int test, const std::array<int, 2>& devices, int patience)
{
    constexpr int MORE = 2; // milliseconds after the last packet
    std::array<pollfd, 2> waits{{{devices[0], POLLIN, 0}, {devices[1], POLLIN, 0}}};
    std::array<uint8_t, LARGEST> frame;
    while (poll(waits.data(), waits.size(), patience) > 0)
    {
        for (uint8_t side = 0; side < 2; ++side)
        {
            const ssize_t size = recv(devices[side], frame.data(), frame.size(), MSG_DONTWAIT);
            constexpr ssize_t LEAST = ETHER_HDR_LEN + 20;
            const bool isMulticast = size >= LEAST && frame[ETHER_HDR_LEN + 16] >= 224;
            if (size >= LEAST && !isMulticast)
            {
                Send(test,
                     side,
                     frame.data() + ETHER_HDR_LEN,
                     static_cast<std::size_t>(size) - ETHER_HDR_LEN);
                patience = MORE;
            }
        }
    }
}

/// The process of the NAT: a message is a side, how long to wait, and a packet.
void
Serve(int test, const std::array<int, 2>& devices)
{
    std::array<uint8_t, LARGEST> message;
    while (true)
    {
        const ssize_t size = recv(test, message.data(), message.size(), 0);
        if (size < 2)
        {
            _exit(0);
        }
        const uint8_t side = message[0];
        Octets frame{2, 0, 0, 0, 0, static_cast<uint8_t>(side + 1), 2, 0, 0, 0, 0, 0xAA, 8, 0};
        frame.insert(frame.end(), message.begin() + 2, message.begin() + size);
        if (send(devices[side], frame.data(), frame.size(), 0) < 0)
        {
            _exit(1);
        }
        Collect(test, devices, message[1]);
        Send(test, 2, nullptr, 0);
    }
}

} // namespace

std::string
KernelNat::FindObstacle()
{
    if (std::system("PATH=$PATH:/usr/sbin:/sbin; command -v nft ip > /dev/null 2>&1") != 0)
    {
        return "no nft, or no ip";
    }
    return KernelNat("masquerade", {}).IsUp() ? "" : "no network namespaces for users here";
}

KernelNat::KernelNat(const std::string& masquerade, const std::vector<std::string>& sysctls)
{
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends.data()) != 0)
    {
        return;
    }
    m_process = fork();
    if (m_process == 0)
    {
        close(ends[0]);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        const bool stands = EnterOwnNetwork() && SetUp(masquerade, sysctls);
        const std::array<int, 2> devices{stands ? OpenDevice("vi") : -1,
                                         stands ? OpenDevice("vo") : -1};
        const bool isUp = devices[0] >= 0 && devices[1] >= 0;
        Send(ends[1], isUp ? 1 : 0, nullptr, 0);
        if (isUp)
        {
            Serve(ends[1], devices);
        }
        _exit(0);
    }
    close(ends[1]);
    m_socket = ends[0];
    uint8_t answer = 0;
    m_isUp = recv(m_socket, &answer, 1, 0) == 1 && answer == 1;
}

KernelNat::~KernelNat()
{
    close(m_socket);
    if (m_process > 0)
    {
        waitpid(m_process, nullptr, 0);
    }
}

bool
KernelNat::IsUp() const
{
    return m_isUp;
}

std::vector<std::pair<NatSide, Octets>>
KernelNat::Carry(NatSide from, const Octets& packet, int patience)
{
    Octets message{static_cast<uint8_t>(from), static_cast<uint8_t>(patience)};
    message.insert(message.end(), packet.begin(), packet.end());
    send(m_socket, message.data(), message.size(), MSG_NOSIGNAL);
    std::vector<std::pair<NatSide, Octets>> carried;
    std::vector<uint8_t> answer(LARGEST);
    while (true)
    {
        const ssize_t size = recv(m_socket, answer.data(), answer.size(), 0);
        if (size < 1 || answer[0] > 1)
        {
            return carried;
        }
        carried.emplace_back(static_cast<NatSide>(answer[0]),
                             Octets(answer.begin() + 1, answer.begin() + size));
    }
}

} // namespace p2pim::oracle
