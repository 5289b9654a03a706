// SPDX-License-Identifier: GPL-2.0-only
#include "kernel-tcp-host.h"

#include "delay-line.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace p2pim::oracle
{

namespace
{

constexpr double RETRY = 1; ///< seconds from a failure to the next attempt
constexpr double NEVER = -1;

sockaddr_in
MakeAddress(in_addr_t address, uint16_t port)
{
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_addr.s_addr = address;
    made.sin_port = htons(port);
    return made;
}

void
SendHello(int socket)
{
    send(socket, "hi", 2, MSG_NOSIGNAL);
}

} // namespace

KernelTcpHost::KernelTcpHost(const std::vector<KernelTcpTask>& tasks)
    : m_tasks(tasks),
      m_heard(tasks.size(), 0)
{
    for (std::size_t task = 0; task < m_tasks.size(); ++task)
    {
        const int listener = Open(task);
        listen(listener, 8);
        m_connections.push_back({listener, task, Connection::LISTENING});
        m_due.push_back(m_tasks[task].start);
    }
}

KernelTcpHost::~KernelTcpHost()
{
    for (const auto& connection : m_connections)
    {
        if (connection.state != Connection::CLOSED)
        {
            close(connection.socket);
        }
    }
}

int
KernelTcpHost::Open(std::size_t task) const
{
    const int made = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int on = 1;
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    setsockopt(made, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
    const sockaddr_in own = MakeAddress(INADDR_ANY, m_tasks[task].port);
    if (bind(made, reinterpret_cast<const sockaddr*>(&own), sizeof(own)) != 0)
    {
        close(made);
        return -1; // on which all calls fail
    }
    return made;
}

void
KernelTcpHost::Connect(std::size_t task)
{
    m_due[task] = NEVER;
    m_connections.push_back({Open(task), task, Connection::CONNECTING});
    const sockaddr_in peer = MakeAddress(m_tasks[task].remote, m_tasks[task].remotePort);
    const int result = connect(m_connections.back().socket,
                               reinterpret_cast<const sockaddr*>(&peer),
                               sizeof(peer));
    if (result != 0 && errno != EINPROGRESS)
    {
        Fail(m_connections.back());
    }
}

void
KernelTcpHost::Fail(Connection& connection)
{
    close(connection.socket);
    connection.state = Connection::CLOSED;
    m_due[connection.task] = GetSteadyTime() + RETRY;
}

void
KernelTcpHost::Handle(std::size_t index)
{
    const Connection connection = m_connections[index];
    switch (connection.state)
    {
    case Connection::LISTENING:
    {
        const int made = accept(connection.socket, nullptr, nullptr);
        if (made >= 0)
        {
            SendHello(made);
            m_connections.push_back({made, connection.task, Connection::OPEN});
        }
        break;
    }
    case Connection::CONNECTING:
    {
        int error = 0;
        socklen_t length = sizeof(error);
        getsockopt(connection.socket, SOL_SOCKET, SO_ERROR, &error, &length);
        if (error != 0)
        {
            Fail(m_connections[index]);
            break;
        }
        m_connections[index].state = Connection::OPEN;
        SendHello(connection.socket);
        break;
    }
    case Connection::OPEN:
    {
        std::array<uint8_t, 16> octets{};
        if (recv(connection.socket, octets.data(), octets.size(), MSG_DONTWAIT) > 0)
        {
            m_heard[connection.task] = 1;
            break;
        }
        close(connection.socket);
        m_connections[index].state = Connection::CLOSED;
        break;
    }
    case Connection::CLOSED:
        break;
    }
}

void
KernelTcpHost::Wait(double end)
{
    const auto closed = [](const Connection& each) { return each.state == Connection::CLOSED; };
    m_connections.erase(std::remove_if(m_connections.begin(), m_connections.end(), closed),
                        m_connections.end());
    std::vector<pollfd> waits;
    for (const auto& each : m_connections)
    {
        const bool isConnecting = each.state == Connection::CONNECTING;
        waits.push_back({each.socket, static_cast<short>(isConnecting ? POLLOUT : POLLIN), 0});
    }
    double next = end;
    for (const double due : m_due)
    {
        next = due >= 0 ? std::min(next, due) : next;
    }
    const double milliseconds = std::ceil(std::max(0.0, next - GetSteadyTime()) * 1000);
    poll(waits.data(), waits.size(), static_cast<int>(milliseconds));
    for (std::size_t n = 0; n < waits.size(); ++n)
    {
        if (waits[n].revents != 0)
        {
            Handle(n);
        }
    }
}

std::vector<uint8_t>
KernelTcpHost::Run(double end)
{
    while (GetSteadyTime() < end)
    {
        for (std::size_t task = 0; task < m_tasks.size(); ++task)
        {
            if (m_due[task] >= 0 && m_due[task] <= GetSteadyTime())
            {
                Connect(task);
            }
        }
        Wait(end);
    }
    return m_heard;
}

} // namespace p2pim::oracle
