// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_IM_SERVER_XML_H
#define P2PIM_IM_SERVER_XML_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// An XML element with all that is in it.
struct XmlElement
{
    std::string name;                                            ///< local name
    std::string nameSpace;                                       ///< namespace name
    std::vector<std::pair<std::string, std::string>> attributes; ///< those without a prefix
    std::string text;                 ///< its character data, that of its children left out
    std::vector<XmlElement> children; ///< its child elements

    /**
     * @param attribute the name of an attribute.
     * @return its value; empty if it is not there.
     */
    std::string_view GetAttribute(std::string_view attribute) const;

    /**
     * @param child a local name.
     * @return the first child with it; null if there is none.
     */
    const XmlElement* FindChild(std::string_view child) const;
};

/// Why an XML stream is broken (the stream errors of RFC 6120 4.9.3).
enum class XmlStreamError : uint8_t
{
    NONE,             ///< it is not
    NOT_WELL_FORMED,  ///< breaks the grammar of XML
    RESTRICTED_XML,   ///< a comment, processing instruction or document type (RFC 6120 11.1)
    POLICY_VIOLATION, ///< a stanza that is too large or too deep
    BAD_FORMAT,       ///< text between stanzas
    BAD_NAMESPACE,    ///< the document is no XMPP stream
};

/**
 * Makes elements out of the octets of one direction of an XMPP stream (RFC 6120 4), wherever TCP
 * has cut them. The opening tag of the stream comes out as an element "stream" without children.
 *
 * expat's parser exists only while a stanza is on its way: an idle stream holds a few octets.
 */
class XmlStreamReader
{
  public:
    /// Largest stanza that is read, octets (RFC 6120 13.12 asks for 10000 at least).
    static constexpr std::size_t MAX_STANZA = 65536;
    /// Most elements that may be open inside each other, the stream's among them.
    static constexpr std::size_t MAX_DEPTH = 16;

    XmlStreamReader();
    ~XmlStreamReader();

    /**
     * Reads on. After an error, and after the end of the stream, nothing more is read.
     *
     * @param octets what has arrived.
     * @param [out] elements the elements that are now complete are put at its end.
     * @return what is wrong; NONE if nothing.
     */
    XmlStreamError Feed(std::string_view octets, std::vector<XmlElement>& elements);

    /// A new stream begins on the same connection (RFC 6120 4.3.3).
    void Restart();

    /// @return whether the peer has closed its stream.
    bool IsClosed() const;

  private:
    class Parser;

    std::unique_ptr<Parser> m_parser; ///< null between stanzas
    bool m_open{false};               ///< the opening tag of the stream has been read
    bool m_closed{false};             ///< its closing tag has been read
    XmlStreamError m_error{XmlStreamError::NONE};
};

/**
 * Appends character data, or the value of an attribute in single quotes, to XML.
 *
 * @param [in,out] xml what is appended to.
 * @param text UTF-8; characters that XML 1.0 does not have become U+FFFD.
 */
void AppendXmlText(std::string& xml, std::string_view text);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_IM_SERVER_XML_H
