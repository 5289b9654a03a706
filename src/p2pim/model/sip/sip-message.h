// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SIP_MESSAGE_H
#define P2PIM_SIP_MESSAGE_H

#include "ns3/inet-socket-address.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct msg_s;
struct msg_hclass_s;
struct sip_s;

namespace ns3
{
namespace p2pim
{

/// Why a datagram is not a SIP message.
enum class SipParseError : uint8_t
{
    NONE,          ///< it is one
    EMPTY,         ///< nothing, or only the CRLF of a keep-alive (RFC 5626 3.5.1)
    TOO_LONG,      ///< longer than a UDP datagram can be
    BAD_CHARACTER, ///< a NUL octet before the body (RFC 3261 25.1)
    BAD_SYNTAX,    ///< no start line, or a header field that breaks the grammar
    INCOMPLETE,    ///< the header does not end, or the body is shorter than Content-Length says
    MISSING_HEADER ///< To, From, CSeq, Call-ID or Via is missing, or CSeq disagrees (RFC
                   ///< 3261 8.1.1)
};

/**
 * The name of a parse error in logs and counters.
 *
 * @param error the error.
 * @return lower case with hyphens, such as "bad-syntax".
 */
const char* GetSipParseErrorName(SipParseError error);

/// What a user agent client chooses for a request outside a dialog (RFC 3261 8.1.1).
struct SipRequestFields
{
    std::string method;              ///< "MESSAGE"
    std::string requestUri;          ///< "sip:+4915112345678@p2pim.example;user=phone"
    std::string from;                ///< the URI in the From header field, without "<>"
    std::string fromTag;             ///< the tag of From
    std::string to;                  ///< the URI in the To header field, without "<>"
    std::string callId;              ///< Call-ID
    uint32_t cseq{1};                ///< sequence number, below 2^31
    uint32_t maxForwards{70};        ///< hops (RFC 3261 8.1.1.6 recommends 70)
    std::string contact;             ///< the URI of the Contact header field; empty: none
    std::optional<uint32_t> expires; ///< the Expires header field, in seconds
    std::string contentType;         ///< the Content-Type header field; empty: no body
    std::string_view body;           ///< the body
};

/**
 * One SIP request or response, parsed and printed by sofia-sip. It owns its memory and can be
 * moved. What the accessors return as `string_view` lives as long as the message is not changed;
 * a header field that is not there reads as empty.
 */
class SipMessage
{
  public:
    /// Makes no message.
    SipMessage();
    ~SipMessage();
    SipMessage(SipMessage&& other) noexcept;
    SipMessage& operator=(SipMessage&& other) noexcept;
    SipMessage(const SipMessage&) = delete;
    SipMessage& operator=(const SipMessage&) = delete;

    /**
     * Parses one datagram (RFC 3261 7 and 18.3: octets past Content-Length are dropped).
     *
     * @param data the datagram.
     * @param size its length in octets.
     * @param [out] error what is wrong; NONE if nothing.
     * @return the message; none if there is an error.
     */
    static SipMessage Parse(const uint8_t* data, std::size_t size, SipParseError& error);

    /**
     * Makes a request outside a dialog (RFC 3261 8.1.1). It still lacks its Via.
     *
     * @param fields what the user agent chose.
     * @return the request; none if a field breaks the grammar.
     */
    static SipMessage MakeRequest(const SipRequestFields& fields);

    /**
     * Makes a response to this request (RFC 3261 8.2.6).
     *
     * @param status 100 to 699; the reason phrase is the one of RFC 3261 21.
     * @param toTag the tag for To if the request has none; may be empty.
     * @return the response, without a body.
     */
    SipMessage MakeResponse(uint32_t status, std::string_view toTag) const;

    /// @return the octets to send.
    std::string Print() const;

    /// @return whether there is a message.
    explicit operator bool() const;
    /// @return whether it is a request.
    bool IsRequest() const;
    /// @return the method: of the request line, or of a response's CSeq.
    std::string_view GetMethod() const;
    /// @return the status code; 0 for a request.
    uint32_t GetStatus() const;
    /// @return the user part of the Request-URI.
    std::string_view GetRequestUser() const;
    /// @return the host part of the Request-URI.
    std::string_view GetRequestHost() const;
    /// @return the user part of the URI in From.
    std::string_view GetFromUser() const;
    /// @return the tag of From.
    std::string_view GetFromTag() const;
    /// @return the user part of the URI in To.
    std::string_view GetToUser() const;
    /// @return the host part of the URI in To.
    std::string_view GetToHost() const;
    /// @return the tag of To.
    std::string_view GetToTag() const;
    /// @return the Call-ID.
    std::string_view GetCallId() const;
    /// @return the sequence number of CSeq.
    uint32_t GetCSeq() const;
    /// @return Max-Forwards, if there.
    std::optional<uint32_t> GetMaxForwards() const;
    /// @return the Expires header field in seconds, if there.
    std::optional<uint32_t> GetExpires() const;
    /// @return the branch of the topmost Via.
    std::string_view GetBranch() const;
    /// @return the host in the sent-by of the topmost Via.
    std::string_view GetSentByHost() const;
    /// @return the port in the sent-by of the topmost Via; 5060 if it has none.
    uint16_t GetSentByPort() const;
    /// @return the number of Via header field values.
    uint32_t CountVia() const;
    /// @return Content-Type without its parameters.
    std::string_view GetContentType() const;
    /// @return the body.
    std::string_view GetBody() const;

    /**
     * Any header field, as text.
     *
     * @param name the full name, such as "Contact".
     * @return the value of its first occurrence; empty if it is not there.
     */
    std::string GetHeader(const char* name) const;

    /// @return the URI of the first Contact, without "<>"; empty if there is none, "*" for all.
    std::string GetContactUri() const;
    /// @return the "expires" parameter of the first Contact in seconds, if there.
    std::optional<uint32_t> GetContactExpires() const;

    /**
     * Where a response to the topmost Via goes over UDP (RFC 3261 18.2.2, RFC 3581 4).
     *
     * @return the address; empty if sent-by is a name, which needs DNS.
     */
    std::optional<InetSocketAddress> GetResponseTarget() const;

    /**
     * Adds a header field below those of its kind.
     *
     * @param name the full name.
     * @param value its value.
     * @return whether it fits the grammar.
     */
    bool AddHeader(const char* name, const std::string& value);

    /**
     * Puts a Via for UDP on top (RFC 3261 8.1.1.7, 16.6 step 8), with an empty rport (RFC 3581 3).
     *
     * @param sentBy where responses shall go.
     * @param branch the branch, which begins with "z9hG4bK".
     */
    void PushVia(const InetSocketAddress& sentBy, const std::string& branch);

    /// Takes the topmost Via off (RFC 3261 16.7 step 3).
    void PopVia();

    /**
     * Notes in the topmost Via where the request came from (RFC 3261 18.2.1, RFC 3581 4).
     *
     * @param source the source of the datagram.
     */
    void StampReceived(const InetSocketAddress& source);

    /// @param maxForwards the new value of Max-Forwards (RFC 3261 16.6 step 3).
    void SetMaxForwards(uint32_t maxForwards);

    /**
     * Replaces the Request-URI (RFC 3261 16.6 step 2).
     *
     * @param uri the new one.
     * @return whether it fits the grammar.
     */
    bool SetRequestUri(const std::string& uri);

  private:
    /// Gives the memory back to sofia-sip.
    struct Release
    {
        /// @param msg the message.
        void operator()(msg_s* msg) const;
    };

    bool Add(const msg_hclass_s* headerClass, const char* value);

    std::unique_ptr<msg_s, Release> m_msg; ///< sofia-sip's memory and header chain
    sip_s* m_sip{nullptr};                 ///< its parsed fields, owned by m_msg
};

/**
 * Reads an address out of a URI whose host is an IPv4 address.
 *
 * @param uri such as "sip:+4915112345678@10.1.0.2:5060".
 * @return the address, port 5060 if there is none; empty if the host is a name or not valid.
 */
std::optional<InetSocketAddress> GetSipUriTarget(const std::string& uri);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SIP_MESSAGE_H
