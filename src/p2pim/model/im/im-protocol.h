// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_IM_PROTOCOL_H
#define P2PIM_IM_PROTOCOL_H

#include "ns3/im-server-xml.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// What a client tells its server in SASL PLAIN (RFC 4616 2).
struct ImCredentials
{
    std::string user;     ///< the authentication identity: the user's number
    std::string password; ///< the password
};

/**
 * @param credentials neither part holds a NUL.
 * @return the initial response, in base64.
 */
std::string EncodeSaslPlain(const ImCredentials& credentials);

/**
 * @param base64 an initial response.
 * @return its credentials; empty if it is malformed or asks for another authorization identity.
 */
std::optional<ImCredentials> DecodeSaslPlain(std::string_view base64);

/**
 * @param address a JID (RFC 7622 3).
 * @return its local part; empty if it has none.
 */
std::string_view GetLocalPart(std::string_view address);

/// What one end of a stream tells its owner.
class ImStreamUser
{
  public:
    virtual ~ImStreamUser() = default;

    /// The stream has octets for the peer.
    virtual void Write(const std::string& octets) = 0;
};

/// What the client's end tells its owner.
class ImClientStreamUser : public ImStreamUser
{
  public:
    /// The resource is bound: stanzas can be sent (RFC 6120 7).
    virtual void OnLoggedIn() = 0;
    /// A message has come from the user with the local part @p from.
    virtual void OnMessage(const std::string& from, const std::string& body) = 0;
    /// The server could not deliver a message to @p to.
    virtual void OnUndeliverable(const std::string& to) = 0;
};

/**
 * The client's end of an XMPP stream (RFC 6120): stream, SASL PLAIN, the stream anew, a resource
 * bound, presence; from then on messages. TLS is not here.
 */
class ImClientStream
{
  public:
    /**
     * @param user is told what happens.
     * @param domain the server's domain.
     * @param credentials to log in with.
     */
    ImClientStream(ImClientStreamUser& user, std::string domain, ImCredentials credentials);

    /// The connection stands: opens the stream.
    void Start();

    /// Takes octets from the server. Once IsClosed() nothing more is read.
    void Receive(std::string_view octets);

    /**
     * Sends a message; to be called when logged in.
     *
     * @param to the local part of the receiver's address.
     * @param body the text.
     */
    void SendMessage(const std::string& to, const std::string& body);

    /// Closes the stream (RFC 6120 4.4).
    void Close();

    /// @return whether the stream is over: closed by either side, broken, or refused.
    bool IsClosed() const;

    /// @return whether the server refused the credentials (RFC 6120 6.5.10).
    bool IsRefused() const;

  private:
    /// How far the log-in is.
    enum class State : uint8_t
    {
        STREAM,         ///< waits for the features of the first stream
        AUTHENTICATING, ///< waits for the outcome of SASL
        RESTARTED,      ///< waits for the features of the second stream
        BINDING,        ///< waits for the resource
        LOGGED_IN,      ///< exchanges stanzas
        CLOSED,         ///< the stream is over
    };

    void OpenStream();
    void Handle(const XmlElement& element);
    void HandleFeatures();
    void HandleMessage(const XmlElement& message);

    ImClientStreamUser& m_user;
    std::string m_domain;
    ImCredentials m_credentials;
    XmlStreamReader m_reader;
    State m_state{State::STREAM};
    bool m_refused{false};
    uint32_t m_lastId{0}; ///< of the messages sent
};

/// What the server's end tells its owner.
class ImServerStreamUser : public ImStreamUser
{
  public:
    /// @return whether the credentials are those of an account.
    virtual bool Authenticate(const ImCredentials& credentials) = 0;
    /// The client has bound its resource: it can be sent messages.
    virtual void OnLoggedIn() = 0;
    /// The client sends a message; to be answered by the receiver's stream's Deliver() or by
    /// RejectMessage() of this one.
    virtual void OnMessage(const XmlElement& message) = 0;
};

/// The server's end of an XMPP stream.
class ImServerStream
{
  public:
    /**
     * @param user is told what happens.
     * @param domain the server's domain.
     * @param id names the stream (RFC 6120 4.7.3).
     */
    ImServerStream(ImServerStreamUser& user, const std::string& domain, uint64_t id);

    /// Takes octets from the client. Once IsClosed() nothing more is read.
    void Receive(std::string_view octets);

    /**
     * Sends a message on to this stream's client.
     *
     * @param from the sender's full address, which the server vouches for (RFC 6120 8.1.2.1).
     * @param message the stanza from the sender.
     */
    void Deliver(const std::string& from, const XmlElement& message);

    /// Tells this stream's client that its message has no receiver (RFC 6121 8.5.2.2.1).
    void RejectMessage(const XmlElement& message);

    /// @return the client's full address; empty before the log-in.
    const std::string& GetAddress() const;

    /// @return the user who logged in; empty before.
    const std::string& GetUserName() const;

    /// @return whether the stream is over: closed by the client, broken, or refused.
    bool IsClosed() const;

  private:
    /// How far the log-in is.
    enum class State : uint8_t
    {
        CONNECTED,      ///< waits for the first stream
        AUTHENTICATING, ///< waits for SASL
        AUTHENTICATED,  ///< waits for the second stream
        BINDING,        ///< waits for the request for a resource
        LOGGED_IN,      ///< exchanges stanzas
        CLOSED,         ///< the stream is over
    };

    void Handle(const XmlElement& element);
    void HandleStream();
    void HandleAuth(const XmlElement& auth);
    void HandleBind(const XmlElement& iq);
    /// Ends the stream with a stream error (RFC 6120 4.9).
    void Fail(const char* condition);

    ImServerStreamUser& m_user;
    const std::string& m_domain; ///< the server's
    uint64_t m_id;
    XmlStreamReader m_reader;
    State m_state{State::CONNECTED};
    std::string m_userName;
    std::string m_address;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_IM_PROTOCOL_H
