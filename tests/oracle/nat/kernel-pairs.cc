// SPDX-License-Identifier: GPL-2.0-only
#include "kernel-pairs.h"

#include "delay-line.h"
#include "kernel-tcp-host.h"
#include "own-network.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cmath>
#include <poll.h>
#include <sched.h>
#include <sstream>
#include <string>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace p2pim::oracle
{

namespace
{

using test::PUNCH_KINDS;
using test::PunchingWorld;

constexpr std::size_t KINDS = PUNCH_KINDS.size();
constexpr double DELAY = 0.3;  ///< seconds between the routers, one way
constexpr double SETTLING = 1; ///< seconds until all listen
constexpr uint16_t LEFT_PORT = 20000;
constexpr uint16_t RIGHT_PORT = 30000;

/// What nft is told for one of PUNCH_KINDS.
struct Rules
{
    const char* masquerade; ///< statement for what leaves; none: no translation
    const char* filter;     ///< statements of the chains forward and input
    bool hasCone = false;   ///< a port that was used leads inside, though no connection does
    const char* guard = ""; ///< for whom
};

/// In the order of PUNCH_KINDS; `forward` is what passes through, `input` what is for the router.
const std::array<Rules, KINDS> RULES{{
    {nullptr, ""},
    {nullptr, "add rule ip f forward iifname nx ct state != { established, related } drop"},
    {"masquerade", "add rule ip f input iifname nx ct state new drop", true},
    {"masquerade",
     "add rule ip f input iifname nx ct state new drop",
     true,
     "ip saddr . tcp dport @seen"},
    {"masquerade", "add rule ip f input iifname nx ct state new drop"},
    {"masquerade", "add rule ip f input iifname nx ct state new reject"},
    {"masquerade", "add rule ip f input iifname nx ct state new reject with tcp reset"},
    {"masquerade fully-random", "add rule ip f input iifname nx ct state new drop"},
    {"masquerade fully-random",
     "add rule ip f input iifname nx ct state new reject with tcp reset"},
}};

/// A port that has been used towards somebody leads back inside, for all or for whom it was used.
const char* const CONE = R"(
add map ip n cone { type inet_service : ipv4_addr . inet_service; flags dynamic, timeout; timeout 120s; }
add set ip n seen { type ipv4_addr . inet_service; flags dynamic, timeout; timeout 120s; }
add chain ip n learn { type filter hook postrouting priority srcnat - 1; }
add rule ip n learn oifname nx meta l4proto tcp update @cone { tcp sport : ip saddr . tcp sport }
add rule ip n learn oifname nx meta l4proto tcp update @seen { ip daddr . tcp sport }
add chain ip n before { type nat hook prerouting priority dstnat; }
)";

std::string
MakeRuleset(const Rules& rules)
{
    std::string text = "add table ip f\nadd table ip n\n"
                       "add chain ip f input { type filter hook input priority filter; }\n"
                       "add chain ip f forward { type filter hook forward priority filter; }\n";
    text += std::string(rules.filter) + "\n";
    if (rules.masquerade == nullptr)
    {
        return text;
    }
    text += "add rule ip f forward ct state invalid drop\n";
    if (rules.hasCone)
    {
        text += CONE + std::string("add rule ip n before iifname nx meta l4proto tcp ") +
                rules.guard + " dnat ip to tcp dport map @cone\n";
    }
    else
    {
        text += "add rule ip f forward iifname nx ct state new drop\n";
    }
    return text + "add chain ip n after { type nat hook postrouting priority srcnat; }\n" +
           "add rule ip n after oifname nx " + rules.masquerade + "\n";
}

/// A process with a network of its own.
struct Member
{
    pid_t process = -1;
    int socket = -1; ///< to it

    /// @return whether it has done what it was told.
    bool Confirms() const
    {
        uint8_t answer = 0;
        return recv(socket, &answer, 1, 0) == 1 && answer == 1;
    }
};

/// One end of the line: sides 0 to 8 are on the left, 9 to 17 on the right.
struct Side
{
    Member host;
    Member router;
    std::size_t number;

    std::size_t GetKind() const
    {
        return number % KINDS;
    }

    std::string GetInside() const
    {
        return "10.0." + std::to_string(number) + ".";
    }

    std::string GetRouter() const
    {
        return "198.18.0." + std::to_string(number + 1);
    }

    /// @return the address that others dial.
    in_addr_t GetOutside() const
    {
        const bool isTranslated = RULES[GetKind()].masquerade != nullptr;
        return inet_addr((isTranslated ? GetRouter() : GetInside() + "2").c_str());
    }
};

void
Confirm(int socket, bool isDone)
{
    const uint8_t answer = isDone ? 1 : 0;
    if (send(socket, &answer, 1, MSG_NOSIGNAL) != 1)
    {
        _exit(1);
    }
}

/// Waits for the word to go on.
void
Await(int socket)
{
    uint8_t word = 0;
    if (recv(socket, &word, 1, 0) != 1)
    {
        _exit(0);
    }
}

/// Starts a process that does @p what in a network of its own, with its end of a pair of sockets.
template <typename Function>
Member
Start(Function what)
{
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends.data()) != 0)
    {
        return {};
    }
    const pid_t process = fork();
    if (process == 0)
    {
        close(ends[0]);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        what(ends[1]);
        _exit(0);
    }
    close(ends[1]);
    return {process, ends[0]};
}

/// Takes a network of its own; its links are there afterwards.
void
EnterNetwork(int socket)
{
    Confirm(socket, unshare(CLONE_NEWNET) == 0);
    Await(socket);
}

void
RunRouter(const Side& side, int socket)
{
    EnterNetwork(socket);
    const std::string inside = side.GetInside();
    Confirm(socket,
            RunScript("ip -batch - <<END\n"
                      "link set lo up\n"
                      "link set ni up\n"
                      "link set nx up\n"
                      "address add " +
                      inside + "1/24 dev ni\n" + "address add " + side.GetRouter() +
                      "/32 dev nx\n"
                      "route add 198.18.1.1 dev nx\n"
                      "neighbour add 198.18.1.1 lladdr 02:00:00:00:00:aa dev nx nud permanent\n"
                      "route add default via 198.18.1.1\n"
                      "END\n"
                      "echo 1 > /proc/sys/net/ipv4/ip_forward\n"
                      "echo 0 > /proc/sys/net/ipv4/icmp_ratelimit || true\n"
                      "nft -f - <<END\n" +
                      MakeRuleset(RULES[side.GetKind()]) + "END\n"));
    Await(socket); // for the end
}

void
RunHost(const Side& side, int socket)
{
    EnterNetwork(socket);
    const std::string inside = side.GetInside();
    Confirm(socket,
            RunScript("ip -batch - <<END\n"
                      "link set lo up\n"
                      "link set eth0 up\n"
                      "address add " +
                      inside + "2/24 dev eth0\n" + "route add default via " + inside +
                      "1\n"
                      "END\n"));
    double end = 0;
    if (recv(socket, &end, sizeof(end), 0) != sizeof(end))
    {
        _exit(0);
    }
    std::vector<KernelTcpTask> tasks(1000);
    const ssize_t size = recv(socket, tasks.data(), tasks.size() * sizeof(KernelTcpTask), 0);
    tasks.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)) / sizeof(KernelTcpTask));
    const auto heard = KernelTcpHost(tasks).Run(end);
    send(socket, heard.data(), heard.size(), MSG_NOSIGNAL);
    Await(socket);
}

bool
AllConfirm(const std::vector<Side>& sides)
{
    return std::all_of(sides.begin(), sides.end(), [](const Side& side) {
        return side.host.Confirms() && side.router.Confirms();
    });
}

/// Starts all members and plugs their cables. @return whether that worked.
bool
Build(std::vector<Side>& sides)
{
    for (std::size_t number = 0; number < 2 * KINDS; ++number)
    {
        Side side{{}, {}, number};
        side.host = Start([&side](int socket) { RunHost(side, socket); });
        side.router = Start([&side](int socket) { RunRouter(side, socket); });
        sides.push_back(side);
    }
    if (!AllConfirm(sides))
    {
        return false;
    }
    std::ostringstream script;
    script << "ip -batch - <<END\n";
    for (const auto& side : sides)
    {
        script << "link add nx address " << DelayLine::FAR_END << " netns " << side.router.process
               << " type veth peer name w" << side.number << "\nlink set w" << side.number
               << " up\nlink add ni netns " << side.router.process
               << " type veth peer name eth0 netns " << side.host.process << "\n";
    }
    script << "END\n";
    if (!RunScript(script.str()))
    {
        return false;
    }
    for (const auto& side : sides)
    {
        Confirm(side.host.socket, true);
        Confirm(side.router.socket, true);
    }
    return AllConfirm(sides);
}

/// @return what each side does; both ends of a pair have it at the same place of their lists.
std::vector<std::vector<KernelTcpTask>>
MakeTasks(const std::vector<Side>& sides, const std::vector<KernelPair>& pairs, double start)
{
    std::vector<std::vector<KernelTcpTask>> tasks(sides.size());
    for (std::size_t n = 0; n < pairs.size(); ++n)
    {
        const auto& [left, right, plan] = pairs[n];
        const auto leftPort = static_cast<uint16_t>(LEFT_PORT + n);
        const auto rightPort = static_cast<uint16_t>(RIGHT_PORT + n);
        const double leftStart = start + std::max(0.0, -plan.skew);
        const double rightStart = start + std::max(0.0, plan.skew);
        tasks[left].push_back({leftPort,
                               sides[KINDS + right].GetOutside(),
                               rightPort,
                               plan.leftConnects ? leftStart : -1});
        tasks[KINDS + right].push_back(
            {rightPort, sides[left].GetOutside(), leftPort, plan.rightConnects ? rightStart : -1});
    }
    return tasks;
}

/// Carries packets until all hosts have told what they have heard.
std::vector<std::vector<uint8_t>>
CarryUntilTold(const std::vector<Side>& sides, DelayLine& line)
{
    std::vector<std::vector<uint8_t>> heard(sides.size());
    std::vector<pollfd> waits;
    waits.reserve(sides.size() + 1);
    for (const auto& side : sides)
    {
        waits.push_back({side.host.socket, POLLIN, 0});
    }
    waits.push_back({line.GetSocket(), POLLIN, 0});
    std::size_t told = 0;
    while (told < sides.size())
    {
        const int milliseconds = static_cast<int>(std::ceil(line.Carry() * 1000));
        poll(waits.data(), waits.size(), milliseconds);
        for (std::size_t n = 0; n < sides.size(); ++n)
        {
            if ((waits[n].revents & (POLLIN | POLLHUP)) != 0)
            {
                std::array<uint8_t, 1000> answer{};
                const ssize_t size = recv(sides[n].host.socket, answer.data(), answer.size(), 0);
                heard[n].assign(answer.begin(), answer.begin() + std::max<ssize_t>(size, 0));
                waits[n].fd = -1;
                ++told;
            }
        }
    }
    return heard;
}

/// Builds all, has the pairs try, and tells what came of it.
void
RunWorld(const std::vector<KernelPair>& pairs, int socket)
{
    std::vector<Side> sides;
    if (!EnterOwnNetwork() || !Build(sides))
    {
        return;
    }
    DelayLine line(DELAY);
    double longest = 0;
    for (const auto& side : sides)
    {
        line.AddRoute(side.GetOutside(), "w" + std::to_string(side.number));
    }
    for (const auto& pair : pairs)
    {
        longest = std::max(longest, std::abs(pair.plan.skew));
    }
    const double start = GetSteadyTime() + SETTLING;
    const double end = start + longest + PunchingWorld::PATIENCE;
    const auto tasks = MakeTasks(sides, pairs, start);
    for (const auto& side : sides)
    {
        const auto& own = tasks[side.number];
        send(side.host.socket, &end, sizeof(end), MSG_NOSIGNAL);
        send(side.host.socket, own.data(), own.size() * sizeof(KernelTcpTask), MSG_NOSIGNAL);
    }
    const auto heard = CarryUntilTold(sides, line);
    std::vector<std::size_t> next(sides.size(), 0);
    std::vector<uint8_t> outcomes;
    for (const auto& pair : pairs)
    {
        const auto hears = [&](std::size_t side) {
            const std::size_t task = next[side]++;
            return task < heard[side].size() && heard[side][task] != 0;
        };
        const bool left = hears(pair.left);
        outcomes.push_back(hears(KINDS + pair.right) && left ? 1 : 0);
    }
    send(socket, outcomes.data(), outcomes.size(), MSG_NOSIGNAL);
}

} // namespace

std::optional<std::vector<bool>>
TryKernelPairs(const std::vector<KernelPair>& pairs)
{
    const Member world = Start([&pairs](int socket) { RunWorld(pairs, socket); });
    std::vector<uint8_t> outcomes(pairs.size() + 1);
    const ssize_t size = recv(world.socket, outcomes.data(), outcomes.size(), 0);
    close(world.socket);
    waitpid(world.process, nullptr, 0);
    if (size != static_cast<ssize_t>(pairs.size()))
    {
        return std::nullopt;
    }
    return std::vector<bool>(outcomes.begin(), outcomes.begin() + size);
}

} // namespace p2pim::oracle
