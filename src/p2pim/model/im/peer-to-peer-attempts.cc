// SPDX-License-Identifier: GPL-2.0-only
// what the client tells of its attempts to connect
#include "ns3/peer-to-peer-client.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

/// @return what an address is to whom has an invitation or answer.
ConnectionAttempt::Candidate
Classify(const InetSocketAddress& remote, const Invitation& end)
{
    using Kind = ConnectionAttempt::Candidate;
    static constexpr Kind kinds[] = {Kind::MAPPED, Kind::REFLEXIVE, Kind::RELAY};
    if (remote == InetSocketAddress(end.address, end.port))
    {
        return Kind::HOST;
    }
    const auto found =
        std::find_if(end.candidates.begin(), end.candidates.end(), [&remote](const auto& each) {
            return remote == InetSocketAddress(each.address, each.port);
        });
    return found == end.candidates.end() ? Kind::PREDICTED
                                         : kinds[static_cast<std::size_t>(found->kind)];
}

} // namespace

void
PeerToPeerClient::Attempted(Ptr<Chat> chat, const ConnectionAttempt& attempt)
{
    ConnectionAttempt told = attempt;
    told.candidate = Classify(attempt.remote, chat->remote);
    NotifyAttempt(chat->peer, told);
}

void
PeerToPeerClient::NotifyServer(const Chat& chat,
                               ConnectionAttempt::Candidate server,
                               const InetSocketAddress& remote,
                               ConnectionAttempt::Outcome outcome)
{
    ConnectionAttempt attempt;
    attempt.candidate = server;
    const bool isFromOwnPort = server == ConnectionAttempt::Candidate::STUN_SERVER;
    attempt.local = InetSocketAddress(chat.own.address, isFromOwnPort ? chat.own.port : 0);
    attempt.remote = remote;
    attempt.tries = 1;
    attempt.outcome = outcome;
    attempt.isOver = outcome != ConnectionAttempt::Outcome::UNDER_WAY;
    NotifyAttempt(chat.peer, attempt);
}

void
PeerToPeerClient::NotifyNotDialled(const Chat& chat, const InetSocketAddress& remote)
{
    ConnectionAttempt attempt;
    attempt.local = InetSocketAddress(chat.own.address, chat.own.port);
    attempt.remote = remote;
    attempt.outcome = ConnectionAttempt::Outcome::NO_ROUTE;
    attempt.isOver = true;
    NotifyAttempt(chat.peer, attempt);
}

void
PeerToPeerClient::NotifyUnbound(const Chat& chat,
                                const ConnectionEnds& ends,
                                const std::string& cause)
{
    using Outcome = ConnectionAttempt::Outcome;
    ConnectionAttempt attempt;
    attempt.candidate = Classify(ends.second, chat.remote);
    attempt.local = ends.first;
    attempt.remote = ends.second;
    attempt.isOver = true;
    attempt.outcome = cause == "msrp timeout" ? Outcome::TIMED_OUT
                      : cause == "tcp reset"  ? Outcome::REFUSED
                      : cause.empty()         ? Outcome::CLOSED
                                              : Outcome::WRONG_HOST;
    NotifyAttempt(chat.peer, attempt);
}

} // namespace p2pim
} // namespace ns3
