// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/im-server-xml.h"

#include <algorithm>
#include <expat.h>
#include <memory>
#include <type_traits>

/// In expat from 2.6.0 on, and in what distributions call an older version: maybe in expat.h.
// NOLINTNEXTLINE(readability-redundant-declaration)
extern "C" XML_Bool XML_SetReparseDeferralEnabled(XML_Parser parser, XML_Bool enabled)
    __attribute__((weak));

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr std::string_view STREAMS_NAMESPACE = "http://etherx.jabber.org/streams";
constexpr char SEPARATOR = ' '; ///< between namespace and local name; in neither of them

/// Stands for the opening tag of the stream in a parser that is made after it.
constexpr std::string_view STREAM_TAG =
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

bool
IsSpace(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

struct FreeParser
{
    void operator()(XML_Parser parser) const
    {
        XML_ParserFree(parser);
    }
};

/// @return the length of the UTF-8 sequence at the head of @p text if XML 1.0 has its character,
///         else 0.
std::size_t
GetCharacterLength(std::string_view text)
{
    const auto octet = [text](std::size_t i) { return static_cast<uint8_t>(text[i]); };
    const uint8_t first = octet(0);
    if (first < 0x80)
    {
        return first >= 0x20 || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
    }
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length)
    {
        return 0;
    }
    uint32_t character = first & (0x7f >> length);
    for (std::size_t i = 1; i < length; ++i)
    {
        if ((octet(i) & 0xc0) != 0x80)
        {
            return 0;
        }
        character = character << 6 | (octet(i) & 0x3f);
    }
    static constexpr uint32_t FIRST_OF_LENGTH[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool good = character >= FIRST_OF_LENGTH[length] && character <= 0x10ffff &&
                      (character < 0xd800 || character > 0xdfff) && character != 0xfffe &&
                      character != 0xffff;
    return good ? length : 0;
}

} // namespace

std::string_view
XmlElement::GetAttribute(std::string_view attribute) const
{
    for (const auto& entry : attributes)
    {
        if (entry.first == attribute)
        {
            return entry.second;
        }
    }
    return {};
}

const XmlElement*
XmlElement::FindChild(std::string_view child) const
{
    const auto found =
        std::find_if(children.begin(), children.end(), [child](const XmlElement& entry) {
            return entry.name == child;
        });
    return found == children.end() ? nullptr : &*found;
}

/// expat, with what is open at the moment.
class XmlStreamReader::Parser
{
  public:
    /// @param inStream whether the opening tag of the stream has been read before.
    explicit Parser(bool inStream)
        : m_parser(XML_ParserCreateNS("UTF-8", SEPARATOR))
    {
        XML_SetHashSalt(m_parser.get(), 1); // else expat asks the machine for random octets
        if (XML_SetReparseDeferralEnabled != nullptr)
        {
            // else an element that TCP has cut waits for octets of the next one
            XML_SetReparseDeferralEnabled(m_parser.get(), XML_FALSE);
        }
        if (inStream)
        {
            m_depth = 1;
            XML_Parse(m_parser.get(), STREAM_TAG.data(), int(STREAM_TAG.size()), XML_FALSE);
            m_consumed = m_complete = XML_Index(STREAM_TAG.size());
        }
        XML_SetUserData(m_parser.get(), this);
        XML_SetElementHandler(m_parser.get(), &Parser::Start, &Parser::End);
        XML_SetCharacterDataHandler(m_parser.get(), &Parser::Text);
        XML_SetCommentHandler(m_parser.get(), [](void* self, const XML_Char*) { Restrict(self); });
        XML_SetProcessingInstructionHandler(
            m_parser.get(),
            [](void* self, const XML_Char*, const XML_Char*) { Restrict(self); });
        XML_SetStartDoctypeDeclHandler(
            m_parser.get(),
            [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
                Restrict(self);
            });
    }

    XmlStreamError Feed(std::string_view octets, std::vector<XmlElement>& elements)
    {
        m_elements = &elements;
        const auto status = XML_Parse(m_parser.get(), octets.data(), int(octets.size()), XML_FALSE);
        m_consumed += XML_Index(octets.size());
        if (m_error == XmlStreamError::NONE && status != XML_STATUS_OK && !IsClosed())
        {
            m_error = XmlStreamError::NOT_WELL_FORMED;
        }
        if (m_error == XmlStreamError::NONE && m_consumed - m_complete > XML_Index(MAX_STANZA))
        {
            m_error = XmlStreamError::POLICY_VIOLATION;
        }
        const std::size_t rest = m_consumed - m_complete;
        m_idle =
            m_depth == 1 && rest <= octets.size() && IsSpace(octets.substr(octets.size() - rest));
        return m_error;
    }

    /// @return whether nothing but the stream itself is open.
    bool IsIdle() const
    {
        return m_idle;
    }

    /// @return whether the closing tag of the stream has been read.
    bool IsClosed() const
    {
        return m_closed;
    }

  private:
    static Parser& Cast(void* self)
    {
        return *static_cast<Parser*>(self);
    }

    void Stop(XmlStreamError error)
    {
        m_error = error;
        XML_StopParser(m_parser.get(), XML_FALSE);
    }

    static void Restrict(void* self)
    {
        Cast(self).Stop(XmlStreamError::RESTRICTED_XML);
    }

    /// Notes that everything up to the end of the present tag has been dealt with.
    void MarkComplete()
    {
        m_complete =
            XML_GetCurrentByteIndex(m_parser.get()) + XML_GetCurrentByteCount(m_parser.get());
    }

    static XmlElement MakeElement(const XML_Char* name, const XML_Char** attributes)
    {
        XmlElement element;
        const std::string_view full(name);
        const std::size_t separator = full.find(SEPARATOR);
        if (separator == std::string_view::npos)
        {
            element.name = full;
        }
        else
        {
            element.nameSpace = full.substr(0, separator);
            element.name = full.substr(separator + 1);
        }
        for (; *attributes; attributes += 2)
        {
            if (std::string_view(attributes[0]).find(SEPARATOR) == std::string_view::npos)
            {
                element.attributes.emplace_back(attributes[0], attributes[1]);
            }
        }
        return element;
    }

    static void Start(void* self, const XML_Char* name, const XML_Char** attributes)
    {
        Parser& parser = Cast(self);
        XmlElement element = MakeElement(name, attributes);
        if (++parser.m_depth > MAX_DEPTH)
        {
            parser.Stop(XmlStreamError::POLICY_VIOLATION);
            return;
        }
        if (parser.m_depth > 1)
        {
            parser.m_open.push_back(std::move(element));
            return;
        }
        if (element.name != "stream" || element.nameSpace != STREAMS_NAMESPACE)
        {
            parser.Stop(XmlStreamError::BAD_NAMESPACE);
            return;
        }
        parser.m_elements->push_back(std::move(element));
        parser.MarkComplete();
    }

    static void End(void* self, const XML_Char*)
    {
        Parser& parser = Cast(self);
        if (--parser.m_depth == 0)
        {
            parser.m_closed = true;
            XML_StopParser(parser.m_parser.get(), XML_FALSE);
            return;
        }
        XmlElement element = std::move(parser.m_open.back());
        parser.m_open.pop_back();
        if (parser.m_depth > 1)
        {
            parser.m_open.back().children.push_back(std::move(element));
            return;
        }
        parser.m_elements->push_back(std::move(element));
        parser.MarkComplete();
    }

    static void Text(void* self, const XML_Char* text, int size)
    {
        Parser& parser = Cast(self);
        if (!parser.m_open.empty())
        {
            parser.m_open.back().text.append(text, size);
        }
        else if (!IsSpace({text, std::size_t(size)}))
        {
            parser.Stop(XmlStreamError::BAD_FORMAT);
        }
    }

    std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser> m_parser;
    std::vector<XmlElement>* m_elements{nullptr}; ///< where complete elements go
    std::vector<XmlElement> m_open; ///< open elements below the stream, outermost first
    std::size_t m_depth{0};         ///< open elements, the stream's among them
    XML_Index m_consumed{0};        ///< octets handed to expat
    XML_Index m_complete{0};        ///< of them, those up to the last complete element
    bool m_idle{false};
    bool m_closed{false};
    XmlStreamError m_error{XmlStreamError::NONE};
};

XmlStreamReader::XmlStreamReader() = default;
XmlStreamReader::~XmlStreamReader() = default;

XmlStreamError
XmlStreamReader::Feed(std::string_view octets, std::vector<XmlElement>& elements)
{
    const bool keepAlive = !m_parser && m_open && IsSpace(octets);
    if (m_error != XmlStreamError::NONE || m_closed || keepAlive)
    {
        return m_error;
    }
    if (!m_parser)
    {
        m_parser = std::make_unique<Parser>(m_open);
    }
    m_error = m_parser->Feed(octets, elements);
    m_closed = m_parser->IsClosed();
    const bool idle = m_parser->IsIdle();
    m_open = m_open || idle;
    if (idle || m_closed || m_error != XmlStreamError::NONE)
    {
        m_parser.reset();
    }
    return m_error;
}

void
XmlStreamReader::Restart()
{
    m_parser.reset();
    m_open = false;
}

bool
XmlStreamReader::IsClosed() const
{
    return m_closed;
}

void
AppendXmlText(std::string& xml, std::string_view text)
{
    while (!text.empty())
    {
        const std::size_t length = GetCharacterLength(text);
        switch (length == 1 ? text[0] : '\0')
        {
        case '&':
            xml += "&amp;";
            break;
        case '<':
            xml += "&lt;";
            break;
        case '>':
            xml += "&gt;";
            break;
        case '\'':
            xml += "&apos;";
            break;
        default:
            xml += length > 0 ? text.substr(0, length) : "\xef\xbf\xbd";
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
}

} // namespace p2pim
} // namespace ns3
