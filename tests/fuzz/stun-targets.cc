// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz-target.h"

#include "ns3/stun-integrity.h"
#include "ns3/stun-message.h"
#include "ns3/stun-stream.h"
#include "ns3/turn-relay-core.h"

namespace p2pim::fuzz
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// What is read, written and read again is the same; a second writing is the same to the octet.
bool
StunHolds(const uint8_t* octets, std::size_t size)
{
    const Octets raw(octets, octets + size);
    StunMessage first;
    if (DecodeStun(raw, first) != StunError::NONE)
    {
        return true;
    }
    HasStunIntegrity(raw, first, {1});
    const Octets again = EncodeStun(first, {1});
    StunMessage second;
    return DecodeStun(again, second) == StunError::NONE && EncodeStun(second, {1}) == again &&
           HasStunIntegrity(again, second, {1}) && second.method == first.method &&
           second.messageClass == first.messageClass && second.transactionId == first.transactionId;
}

StunMessage
MakeStun(StunMethod method)
{
    StunMessage message;
    message.method = method;
    message.xorMappedAddress = InetSocketAddress("192.0.2.1", 1);
    message.xorPeerAddresses = {InetSocketAddress("203.0.113.5", 4000)};
    message.lifetime = 600;
    message.connectionId = 1;
    message.requestedTransport = STUN_TRANSPORT_TCP;
    return message;
}

std::vector<Octets>
MakeStuns()
{
    StunMessage error = MakeStunError(MakeStun(StunMethod::BINDING), StunStatus::UNKNOWN_ATTRIBUTE);
    error.unknownAttributes = {0x7001, 0x7002};
    error.software = error.username = error.realm = error.nonce = "text";
    error.otherAddress = error.responseOrigin = error.mappedAddress =
        InetSocketAddress("192.0.2.2", 2);
    error.changeRequest = STUN_CHANGE_PORT;
    error.fingerprint = true;
    return {EncodeStun(MakeStun(StunMethod::BINDING), {1}), EncodeStun(error, {1})};
}

/// The sockets of a relay: there are none.
class NoSockets : public TurnRelaySockets
{
  public:
    void Send(uint64_t, const Octets& message) override
    {
        StunMessage sent;
        good = good && DecodeStun(message, sent) == StunError::NONE;
    }

    void CloseClient(uint64_t) override
    {
    }

    bool Listen(uint16_t) override
    {
        ++listening;
        return true;
    }

    void StopListening(uint16_t) override
    {
        --listening;
    }

    void Connect(uint32_t, uint16_t, const InetSocketAddress&) override
    {
    }

    void ClosePeer(uint32_t) override
    {
    }

    void Join(uint64_t, uint32_t) override
    {
    }

    bool good = true;
    std::size_t listening = 0;
};

/// One event of a relay: an octet says which.
void
Happen(TurnRelayCore& core, uint8_t what, Time& now)
{
    const uint32_t number = what >> 3;
    const InetSocketAddress peer("203.0.113.5", static_cast<uint16_t>(number));
    switch (what & 7)
    {
    case 0:
        core.PeerAccepted(static_cast<uint16_t>(50000 + number % 3), peer, now);
        break;
    case 1:
        core.PeerConnected(number, now);
        break;
    case 2:
        core.PeerClosed(number);
        break;
    case 3:
        core.ClientClosed(number % 4);
        break;
    case 4:
        now += Seconds(10.0 * number);
        core.Advance(now);
        break;
    default:
        break;
    }
}

/**
 * A relay that three clients, in turn, send a stream of messages: between two messages one of the
 * octets of the next transaction id says what else happens. It never holds more than its limits,
 * and sends what can be read.
 */
bool
RelayHolds(const uint8_t* octets, std::size_t size)
{
    NoSockets sockets;
    TurnRelayCore core(sockets);
    core.SetSettings({Ipv4Address("198.51.100.9"),
                      50000,
                      50001,
                      Minutes(10),
                      Hours(1),
                      Minutes(5),
                      Seconds(30),
                      Seconds(30),
                      Hours(1),
                      2,
                      2,
                      3,
                      2,
                      false,
                      true,
                      "r"});
    StunStream stream;
    stream.Append({octets, octets + size});
    Time now;
    uint64_t client = 0;
    for (uint64_t each = 1; each <= 3; ++each)
    {
        core.ClientConnected(each, InetSocketAddress("192.0.2.1", 1));
    }
    while (const auto message = stream.Next())
    {
        Happen(core, (*message)[STUN_HEADER_SIZE - 1], now);
        client = 1 + client % 3;
        core.Receive(client, *message, now);
        if (!sockets.good || core.GetAllocations() > 2 || core.GetConnections() > 4 ||
            sockets.listening != core.GetAllocations())
        {
            return false;
        }
    }
    for (uint64_t each = 1; each <= 3; ++each)
    {
        core.ClientClosed(each);
    }
    return core.GetConnections() == 0 && core.GetDeadline() == Time::Max();
}

/// @return a message with what its method needs and no more: an input is short.
StunMessage
MakeShort(StunMethod method)
{
    StunMessage message = MakeStun(method);
    message.xorMappedAddress.reset();
    message.lifetime.reset();
    message.transactionId.back() = 0xFF; // nothing happens
    if (method != StunMethod::ALLOCATE)
    {
        message.requestedTransport.reset();
    }
    if (method != StunMethod::CONNECTION_BIND)
    {
        message.connectionId.reset();
    }
    if (method != StunMethod::CONNECT && method != StunMethod::CREATE_PERMISSION)
    {
        message.xorPeerAddresses.clear();
    }
    return message;
}

/// The first client's messages are the first, fourth and so on.
std::vector<Octets>
MakeConversations()
{
    StunMessage bind = MakeShort(StunMethod::CONNECTION_BIND);
    bind.transactionId.back() = 0; // a peer comes to the first port
    Octets conversation;
    for (const StunMessage& message : {MakeShort(StunMethod::ALLOCATE),
                                       MakeShort(StunMethod::ALLOCATE),
                                       MakeShort(StunMethod::BINDING),
                                       MakeShort(StunMethod::CREATE_PERMISSION),
                                       MakeShort(StunMethod::CONNECT),
                                       bind,
                                       MakeShort(StunMethod::REFRESH)})
    {
        const Octets octets = EncodeStun(message);
        conversation.insert(conversation.end(), octets.begin(), octets.end());
    }
    return {conversation};
}

} // namespace

std::vector<Target>
GetStunTargets()
{
    return {{"stun-message", StunHolds, MakeStuns}, {"turn-relay", RelayHolds, MakeConversations}};
}

} // namespace p2pim::fuzz
