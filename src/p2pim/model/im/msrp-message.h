// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_MSRP_MESSAGE_H
#define P2PIM_MSRP_MESSAGE_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ns3
{
namespace p2pim
{

/// A SEND request (RFC 4975 7.1) that carries a whole message in one chunk.
struct MsrpSend
{
    std::string transactionId; ///< 4 to 32 characters (RFC 4975 9, transact-id)
    std::string toPath;        ///< URI of the receiver
    std::string fromPath;      ///< URI of the sender
    std::string messageId;     ///< the same for all chunks of a message
    std::string body;          ///< text/plain; at most 2048 octets; empty: no body at all
};

/// A response to a request (RFC 4975 7.2).
struct MsrpResponse
{
    std::string transactionId; ///< that of the request
    uint16_t status = 200;     ///< RFC 4975 10
    std::string toPath;        ///< URI of the request's sender
    std::string fromPath;      ///< URI of the responder
};

/// A message of the protocol.
using MsrpMessage = std::variant<MsrpSend, MsrpResponse>;

/// @return the request's octets.
std::string EncodeMsrp(const MsrpSend& send);
/// @return the response's octets.
std::string EncodeMsrp(const MsrpResponse& response);

/**
 * Cuts the messages of one direction of a connection out of its octets.
 */
class MsrpParser
{
  public:
    /// Why a stream cannot be read on.
    enum class Error : uint8_t
    {
        NONE,
        START_LINE, ///< does not begin with "MSRP", a transaction id, and a method or status
        HEADER,     ///< a header that is not "name: value", or a mandatory one is missing
        TOO_LONG,   ///< no end within MAX_MESSAGE octets
        METHOD,     ///< a request that is not SEND
        BYTE_RANGE, ///< a chunk that is not a whole message
    };

    /// Octets that a message may have with all its headers.
    static constexpr std::size_t MAX_MESSAGE = 8192;

    /**
     * @param octets what came over the connection.
     */
    void Append(std::string_view octets);

    /**
     * @return the next whole message; nothing if more octets are needed, or after an error.
     */
    std::optional<MsrpMessage> Next();

    /// @return why the stream cannot be read on; NONE as long as it can.
    Error GetError() const;

  private:
    std::optional<MsrpMessage> Fail(Error error);

    std::string m_buffer;
    std::size_t m_begin = 0; ///< of the message that is not whole yet
    Error m_error = Error::NONE;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_MSRP_MESSAGE_H
