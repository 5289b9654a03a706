// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/im-protocol.h"

#include <array>
#include <sofia-sip/base64.h>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

const char* const RESOURCE = "phone"; ///< the resource that the server gives to every client

std::string
MakeStreamTag(const char* direction, const std::string& domain, const std::string& id)
{
    std::string xml = "<?xml version='1.0'?><stream:stream ";
    xml += direction;
    xml += "='";
    AppendXmlText(xml, domain);
    if (!id.empty())
    {
        xml += "' id='" + id;
    }
    xml += "' version='1.0' xmlns='jabber:client' "
           "xmlns:stream='http://etherx.jabber.org/streams'>";
    return xml;
}

void
AppendAttribute(std::string& xml, const char* name, std::string_view value)
{
    xml += ' ';
    xml += name;
    xml += "='";
    AppendXmlText(xml, value);
    xml += '\'';
}

} // namespace

// --- SASL PLAIN (RFC 4616) ---

std::string
EncodeSaslPlain(const ImCredentials& credentials)
{
    std::string plain = '\0' + credentials.user + '\0' + credentials.password;
    std::string base64((plain.size() + 2) / 3 * 4 + 1, '\0');
    base64.resize(base64_e(base64.data(), base64.size(), plain.data(), plain.size()));
    return base64;
}

std::optional<ImCredentials>
DecodeSaslPlain(std::string_view base64)
{
    std::string plain(base64.size(), '\0');
    const std::string terminated(base64);
    const std::size_t size = base64_d(plain.data(), plain.size(), terminated.c_str());
    if (size > plain.size())
    {
        return std::nullopt;
    }
    plain.resize(size);
    const std::size_t first = plain.find('\0');
    const std::size_t second = first == 0 ? plain.find('\0', 1) : std::string::npos;
    if (second == std::string::npos || plain.find('\0', second + 1) != std::string::npos)
    {
        return std::nullopt;
    }
    return ImCredentials{plain.substr(1, second - 1), plain.substr(second + 1)};
}

std::string_view
GetLocalPart(std::string_view address)
{
    const std::size_t at = address.substr(0, address.find('/')).find('@');
    return at == std::string_view::npos ? std::string_view() : address.substr(0, at);
}

// --- the client's end ---

ImClientStream::ImClientStream(ImClientStreamUser& user,
                               std::string domain,
                               ImCredentials credentials)
    : m_user(user),
      m_domain(std::move(domain)),
      m_credentials(std::move(credentials))
{
}

bool
ImClientStream::IsClosed() const
{
    return m_state == State::CLOSED;
}

bool
ImClientStream::IsRefused() const
{
    return m_refused;
}

void
ImClientStream::Start()
{
    OpenStream();
}

void
ImClientStream::OpenStream()
{
    m_reader.Restart();
    m_user.Write(MakeStreamTag("to", m_domain, ""));
}

void
ImClientStream::Receive(std::string_view octets)
{
    std::vector<XmlElement> elements;
    const XmlStreamError error = m_reader.Feed(octets, elements);
    for (const XmlElement& element : elements)
    {
        if (m_state != State::CLOSED)
        {
            Handle(element);
        }
    }
    if (error != XmlStreamError::NONE || m_reader.IsClosed())
    {
        m_state = State::CLOSED;
    }
}

void
ImClientStream::Handle(const XmlElement& element)
{
    if (element.name == "features")
    {
        HandleFeatures();
    }
    else if (element.name == "success" && m_state == State::AUTHENTICATING)
    {
        m_state = State::RESTARTED;
        OpenStream();
    }
    else if (element.name == "failure" && m_state == State::AUTHENTICATING)
    {
        m_refused = true;
        Close();
    }
    else if (element.name == "iq" && m_state == State::BINDING)
    {
        if (element.GetAttribute("type") != "result")
        {
            Close();
            return;
        }
        m_state = State::LOGGED_IN;
        m_user.Write("<presence/>");
        m_user.OnLoggedIn();
    }
    else if (element.name == "message" && m_state == State::LOGGED_IN)
    {
        HandleMessage(element);
    }
    else if (element.name == "error")
    {
        m_state = State::CLOSED;
    }
}

void
ImClientStream::HandleFeatures()
{
    if (m_state == State::STREAM)
    {
        m_state = State::AUTHENTICATING;
        m_user.Write("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" +
                     EncodeSaslPlain(m_credentials) + "</auth>");
    }
    else if (m_state == State::RESTARTED)
    {
        m_state = State::BINDING;
        m_user.Write("<iq id='bind' type='set'>"
                     "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    }
}

void
ImClientStream::HandleMessage(const XmlElement& message)
{
    const std::string from(GetLocalPart(message.GetAttribute("from")));
    if (message.GetAttribute("type") == "error")
    {
        m_user.OnUndeliverable(from);
        return;
    }
    const XmlElement* body = message.FindChild("body");
    if (body && !from.empty())
    {
        m_user.OnMessage(from, body->text);
    }
}

void
ImClientStream::SendMessage(const std::string& to, const std::string& body)
{
    std::string xml = "<message";
    AppendAttribute(xml, "to", to + '@' + m_domain);
    AppendAttribute(xml, "type", "chat");
    AppendAttribute(xml, "id", 'm' + std::to_string(++m_lastId));
    xml += "><body>";
    AppendXmlText(xml, body);
    xml += "</body></message>";
    m_user.Write(xml);
}

void
ImClientStream::Close()
{
    if (m_state != State::CLOSED)
    {
        m_state = State::CLOSED;
        m_user.Write("</stream:stream>");
    }
}

// --- the server's end ---

ImServerStream::ImServerStream(ImServerStreamUser& user, const std::string& domain, uint64_t id)
    : m_user(user),
      m_domain(domain),
      m_id(id)
{
}

const std::string&
ImServerStream::GetAddress() const
{
    return m_address;
}

const std::string&
ImServerStream::GetUserName() const
{
    return m_userName;
}

bool
ImServerStream::IsClosed() const
{
    return m_state == State::CLOSED;
}

void
ImServerStream::Receive(std::string_view octets)
{
    std::vector<XmlElement> elements;
    const XmlStreamError error = m_reader.Feed(octets, elements);
    for (const XmlElement& element : elements)
    {
        if (m_state != State::CLOSED)
        {
            Handle(element);
        }
    }
    if (m_state == State::CLOSED)
    {
        return;
    }
    static constexpr std::array<const char*, 6> conditions{
        "",
        "not-well-formed",
        "restricted-xml",
        "policy-violation",
        "bad-format",
        "invalid-namespace",
    };
    if (error != XmlStreamError::NONE)
    {
        Fail(conditions.at(static_cast<std::size_t>(error)));
    }
    else if (m_reader.IsClosed())
    {
        m_state = State::CLOSED;
        m_user.Write("</stream:stream>");
    }
}

void
ImServerStream::Fail(const char* condition)
{
    std::string xml;
    if (m_state == State::CONNECTED)
    {
        xml = MakeStreamTag("from", m_domain, std::to_string(m_id));
    }
    xml += "<stream:error><";
    xml += condition;
    xml += " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>";
    m_state = State::CLOSED;
    m_user.Write(xml);
}

void
ImServerStream::Handle(const XmlElement& element)
{
    if (element.name == "stream" && element.children.empty())
    {
        HandleStream();
    }
    else if (element.name == "auth" && m_state == State::AUTHENTICATING)
    {
        HandleAuth(element);
    }
    else if (element.name == "iq" && m_state == State::BINDING)
    {
        HandleBind(element);
    }
    else if (m_state != State::LOGGED_IN)
    {
        Fail("not-authorized");
    }
    else if (element.name == "message")
    {
        m_user.OnMessage(element);
    }
}

void
ImServerStream::HandleStream()
{
    std::string xml = MakeStreamTag("from", m_domain, std::to_string(m_id));
    if (m_state == State::CONNECTED)
    {
        m_state = State::AUTHENTICATING;
        xml += "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
               "<mechanism>PLAIN</mechanism></mechanisms></stream:features>";
    }
    else if (m_state == State::AUTHENTICATED)
    {
        m_state = State::BINDING;
        xml += "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
               "</stream:features>";
    }
    else
    {
        Fail("bad-format");
        return;
    }
    m_user.Write(xml);
}

void
ImServerStream::HandleAuth(const XmlElement& auth)
{
    const auto credentials = auth.GetAttribute("mechanism") == "PLAIN"
                                 ? DecodeSaslPlain(auth.text)
                                 : std::optional<ImCredentials>();
    if (!credentials || !m_user.Authenticate(*credentials))
    {
        m_state = State::CLOSED;
        m_user.Write("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/>"
                     "</failure></stream:stream>");
        return;
    }
    m_state = State::AUTHENTICATED;
    m_userName = credentials->user;
    m_reader.Restart();
    m_user.Write("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
}

void
ImServerStream::HandleBind(const XmlElement& iq)
{
    if (!iq.FindChild("bind"))
    {
        Fail("not-authorized");
        return;
    }
    m_state = State::LOGGED_IN;
    m_address = m_userName + '@' + m_domain + '/' + RESOURCE;
    std::string xml = "<iq";
    AppendAttribute(xml, "id", iq.GetAttribute("id"));
    xml += " type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>";
    AppendXmlText(xml, m_address);
    xml += "</jid></bind></iq>";
    m_user.Write(xml);
    m_user.OnLoggedIn();
}

void
ImServerStream::Deliver(const std::string& from, const XmlElement& message)
{
    const XmlElement* body = message.FindChild("body");
    std::string xml = "<message";
    AppendAttribute(xml, "from", from);
    AppendAttribute(xml, "to", message.GetAttribute("to"));
    AppendAttribute(xml, "type", "chat");
    AppendAttribute(xml, "id", message.GetAttribute("id"));
    xml += "><body>";
    AppendXmlText(xml, body ? std::string_view(body->text) : std::string_view());
    xml += "</body></message>";
    m_user.Write(xml);
}

void
ImServerStream::RejectMessage(const XmlElement& message)
{
    std::string xml = "<message";
    AppendAttribute(xml, "from", message.GetAttribute("to"));
    AppendAttribute(xml, "to", m_address);
    AppendAttribute(xml, "type", "error");
    AppendAttribute(xml, "id", message.GetAttribute("id"));
    xml += "><error type='cancel'>"
           "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
           "</error></message>";
    m_user.Write(xml);
}

} // namespace p2pim
} // namespace ns3
