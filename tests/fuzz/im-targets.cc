// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz-target.h"

#include "ns3/im-server-xml.h"
#include "ns3/invitation.h"
#include "ns3/msrp-message.h"
#include "ns3/pin-message.h"
#include "ns3/sip-message.h"

#include <tuple>

namespace p2pim::fuzz
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// The fields that the type has; SUBMIT_ACK and REGISTER name no other phone.
auto
GetFields(const PinMessage& value)
{
    return std::tie(value.type,
                    value.status,
                    value.id,
                    value.pin,
                    value.peer,
                    value.seconds,
                    value.wantsReport,
                    value.destinationPort,
                    value.originatorPort,
                    value.userData);
}

bool
PinHolds(const uint8_t* octets, std::size_t size)
{
    PinMessage first;
    if (DecodePinMessage({octets, octets + size}, first) != PinError::NONE)
    {
        return true;
    }
    Octets again;
    PinMessage second;
    return EncodePinMessage(first, again) == PinError::NONE &&
           DecodePinMessage(again, second) == PinError::NONE &&
           GetFields(first) == GetFields(second) && ParsePin(FormatPin(first.pin)) == first.pin;
}

std::vector<Octets>
MakePins()
{
    std::vector<Octets> seeds;
    for (uint8_t type = 1; type <= 8; ++type)
    {
        PinMessage message;
        message.type = static_cast<PinMessageType>(type);
        message.id = 7;
        message.pin = 0x2000A001;
        message.peer = 0x2000A002;
        message.seconds = 3600;
        message.wantsReport = true;
        message.destinationPort = 9000;
        message.userData = ToOctets("hello");
        EncodePinMessage(message, seeds.emplace_back());
    }
    return seeds;
}

bool
InvitationHolds(const uint8_t* octets, std::size_t size)
{
    const auto first = DecodeInvitation({octets, octets + size});
    if (!first)
    {
        return true;
    }
    const auto second = DecodeInvitation(EncodeInvitation(*first));
    return second && second->address == first->address && second->port == first->port &&
           second->sessionId == first->sessionId && first->port != 0;
}

std::vector<Octets>
MakeInvitations()
{
    return {EncodeInvitation({Ipv4Address("10.0.0.2"), 49152, "5f3a9c10"})};
}

auto
GetFields(const MsrpSend& value)
{
    return std::tie(value.transactionId, value.toPath, value.fromPath, value.messageId, value.body);
}

auto
GetFields(const MsrpResponse& value)
{
    return std::tie(value.transactionId, value.status, value.toPath, value.fromPath);
}

bool
MsrpHolds(const uint8_t* octets, std::size_t size)
{
    MsrpParser parser;
    parser.Append({reinterpret_cast<const char*>(octets), size});
    while (const auto first = parser.Next())
    {
        MsrpParser again;
        again.Append(std::visit([](const auto& message) { return EncodeMsrp(message); }, *first));
        const auto second = again.Next();
        if (!second || !HoldTheSame(*first, *second, [](const auto& a, const auto& b) {
                return GetFields(a) == GetFields(b);
            }))
        {
            return false;
        }
    }
    return true;
}

std::vector<Octets>
MakeMsrp()
{
    const std::string to = "msrp://10.0.0.2:49152/5f3a9c10;tcp";
    const std::string from = "msrp://10.0.0.3:49153/7a;tcp";
    const std::string send = EncodeMsrp(MsrpSend{"a786", to, from, "87652491", "hey\r\n"});
    const std::string response = EncodeMsrp(MsrpResponse{"a786", 200, from, to});
    return {ToOctets(send), ToOctets(response), ToOctets(response + send)};
}

/// No more than that it survives: sofia-sip reads, and prints, what it would not read again.
bool
SipHolds(const uint8_t* octets, std::size_t size)
{
    SipParseError error = SipParseError::NONE;
    SipMessage message = SipMessage::Parse(octets, size, error);
    if (bool(message) != (error == SipParseError::NONE))
    {
        return false;
    }
    if (!message)
    {
        return true;
    }
    message.StampReceived(InetSocketAddress("192.0.2.1", 9988));
    message.GetContactUri();
    message.GetContactExpires();
    message.GetResponseTarget();
    message.GetHeader("Via");
    if (message.IsRequest())
    {
        message.MakeResponse(400, "t").Print();
    }
    message.Print();
    return true;
}

std::vector<Octets>
MakeSip()
{
    SipRequestFields fields;
    fields.method = "MESSAGE";
    fields.requestUri = "sip:+4917112345678@p2pim.example;user=phone";
    fields.from = "sip:a@p2pim.example";
    fields.fromTag = "49583";
    fields.to = "sip:b@p2pim.example";
    fields.callId = "asd88asd77a";
    fields.contact = "sip:a@10.0.0.1:5060";
    fields.expires = 60;
    fields.contentType = "text/plain";
    fields.body = "hi";
    SipMessage request = SipMessage::MakeRequest(fields);
    request.PushVia(InetSocketAddress("10.0.0.1", 5060), "z9hG4bK776");
    return {ToOctets(request.Print()), ToOctets(request.MakeResponse(200, "t1").Print())};
}

bool
IsWithinLimits(const XmlElement& element, std::size_t depth)
{
    for (const XmlElement& child : element.children)
    {
        if (!IsWithinLimits(child, depth + 1))
        {
            return false;
        }
    }
    return depth <= XmlStreamReader::MAX_DEPTH;
}

/// What comes out in one piece comes out in two; which of two faults is named first may differ,
/// and expat may take what no UTF-8 has for the start of UTF-16.
bool
XmlHolds(const uint8_t* octets, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(octets), size);
    std::vector<XmlElement> whole;
    std::vector<XmlElement> pieces;
    XmlStreamReader reader;
    XmlStreamReader slow;
    const XmlStreamError error = reader.Feed(text, whole);
    slow.Feed(text.substr(0, size / 2), pieces);
    const XmlStreamError last = slow.Feed(text.substr(size / 2), pieces);
    std::string escaped;
    AppendXmlText(escaped, text);
    for (const XmlElement& element : whole)
    {
        if (!IsWithinLimits(element, 1))
        {
            return false;
        }
    }
    const bool sameEnd = (last == XmlStreamError::NONE) == (error == XmlStreamError::NONE);
    const bool isUtf8 = text.find_first_of(std::string_view("\0\xFE\xFF", 3)) == text.npos;
    return (!isUtf8 || (sameEnd && pieces.size() == whole.size())) &&
           escaped.find_first_of("<>") == std::string::npos;
}

std::vector<Octets>
MakeXml()
{
    const std::string opening = "<?xml version='1.0'?><stream:stream to='p2pim.example' "
                                "version='1.0' xmlns='jabber:client' "
                                "xmlns:stream='http://etherx.jabber.org/streams'>";
    return {ToOctets(opening + "<message to='b' id='m1'><body>a &lt; b</body></message>"),
            ToOctets(opening + "<iq type='get'/></stream:stream>")};
}

} // namespace

std::vector<Target>
GetImTargets()
{
    return {{"pin-message", PinHolds, MakePins},
            {"im-invitation", InvitationHolds, MakeInvitations},
            {"im-msrp", MsrpHolds, MakeMsrp},
            {"sip-message", SipHolds, MakeSip},
            {"im-xml", XmlHolds, MakeXml}};
}

} // namespace p2pim::fuzz
