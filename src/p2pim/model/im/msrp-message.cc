// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/msrp-message.h"

#include <charconv>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr std::string_view g_crlf = "\r\n";
constexpr std::string_view g_magic = "MSRP ";
constexpr std::string_view g_endLineDashes = "-------"; // seven, RFC 4975 9 end-line
constexpr std::string_view g_sendMethod = "SEND";

/// The headers of a message that matter here; empty if missing.
struct Headers
{
    std::string_view toPath;
    std::string_view fromPath;
    std::string_view messageId;
    std::string_view byteRange;
};

/// Takes what is before @p delimiter, and the delimiter, off the front of @p text.
std::optional<std::string_view>
TakeUntil(std::string_view& text, std::string_view delimiter)
{
    const auto end = text.find(delimiter);
    if (end == std::string_view::npos)
    {
        return std::nullopt;
    }
    const auto taken = text.substr(0, end);
    text.remove_prefix(end + delimiter.size());
    return taken;
}

bool
Store(std::string_view line, Headers& headers)
{
    const auto name = TakeUntil(line, ": ");
    if (!name || name->empty())
    {
        return false;
    }
    if (*name == "To-Path")
    {
        headers.toPath = line;
    }
    else if (*name == "From-Path")
    {
        headers.fromPath = line;
    }
    else if (*name == "Message-ID")
    {
        headers.messageId = line;
    }
    else if (*name == "Byte-Range")
    {
        headers.byteRange = line;
    }
    return true;
}

/// @return whether @p range says that the chunk is a whole message of @p size octets.
bool
IsWhole(std::string_view range, std::size_t size)
{
    const auto total = std::to_string(size);
    return range == "1-" + total + "/" + total;
}

/// @return the body in what follows the headers, empty if there is none; nothing if it is cut.
std::optional<std::string_view>
GetBody(std::string_view content)
{
    if (content.empty())
    {
        return content;
    }
    if (content.size() < 2 * g_crlf.size())
    {
        return std::nullopt;
    }
    return content.substr(g_crlf.size(), content.size() - 2 * g_crlf.size());
}

void
AppendLine(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append(g_crlf);
}

void
AppendEndLine(std::string& out, std::string_view transactionId)
{
    out.append(g_endLineDashes).append(transactionId).append("$").append(g_crlf);
}

} // namespace

std::string
EncodeMsrp(const MsrpSend& send)
{
    const auto size = std::to_string(send.body.size());
    std::string out;
    out.reserve(192 + 2 * send.toPath.size() + send.body.size());
    out.append(g_magic).append(send.transactionId).append(" ").append(g_sendMethod).append(g_crlf);
    AppendLine(out, "To-Path", send.toPath);
    AppendLine(out, "From-Path", send.fromPath);
    AppendLine(out, "Message-ID", send.messageId);
    out.append("Byte-Range: 1-").append(size).append("/").append(size).append(g_crlf);
    if (!send.body.empty())
    {
        AppendLine(out, "Content-Type", "text/plain");
        out.append(g_crlf).append(send.body).append(g_crlf);
    }
    AppendEndLine(out, send.transactionId);
    return out;
}

std::string
EncodeMsrp(const MsrpResponse& response)
{
    std::string out;
    out.reserve(96 + 2 * response.toPath.size());
    out.append(g_magic).append(response.transactionId).append(" ");
    out.append(std::to_string(response.status)).append(response.status == 200 ? " OK" : "");
    out.append(g_crlf);
    AppendLine(out, "To-Path", response.toPath);
    AppendLine(out, "From-Path", response.fromPath);
    AppendEndLine(out, response.transactionId);
    return out;
}

void
MsrpParser::Append(std::string_view octets)
{
    if (m_begin == m_buffer.size())
    {
        m_buffer.clear();
        m_begin = 0;
    }
    m_buffer.append(octets);
}

MsrpParser::Error
MsrpParser::GetError() const
{
    return m_error;
}

std::optional<MsrpMessage>
MsrpParser::Fail(Error error)
{
    m_error = error;
    return std::nullopt;
}

std::optional<MsrpMessage>
MsrpParser::Next()
{
    std::string_view text(m_buffer);
    text.remove_prefix(m_begin);
    if (m_error != Error::NONE || text.size() < g_magic.size())
    {
        return std::nullopt;
    }
    if (text.substr(0, g_magic.size()) != g_magic)
    {
        return Fail(Error::START_LINE);
    }
    const auto all = text;
    auto startLine = TakeUntil(text, g_crlf);
    if (!startLine)
    {
        return all.size() > MAX_MESSAGE ? Fail(Error::TOO_LONG) : std::nullopt;
    }
    startLine->remove_prefix(g_magic.size());
    const auto transactionId = TakeUntil(*startLine, " ");
    if (!transactionId || transactionId->size() < 4 || transactionId->size() > 32)
    {
        return Fail(Error::START_LINE);
    }
    const auto endLine = std::string(g_endLineDashes).append(*transactionId).append("$\r\n");
    auto content = TakeUntil(text, endLine);
    if (!content)
    {
        return all.size() > MAX_MESSAGE ? Fail(Error::TOO_LONG) : std::nullopt;
    }
    m_begin += all.size() - text.size();

    Headers headers;
    while (!content->empty() && content->substr(0, g_crlf.size()) != g_crlf)
    {
        const auto line = TakeUntil(*content, g_crlf);
        if (!line || !Store(*line, headers))
        {
            return Fail(Error::HEADER);
        }
    }
    if (headers.toPath.empty() || headers.fromPath.empty())
    {
        return Fail(Error::HEADER);
    }
    uint16_t status = 0;
    const auto word = startLine->substr(0, startLine->find(' '));
    if (std::from_chars(word.data(), word.data() + word.size(), status).ptr ==
            word.data() + word.size() &&
        word.size() == 3 && status >= 100)
    {
        return MsrpResponse{std::string(*transactionId),
                            status,
                            std::string(headers.toPath),
                            std::string(headers.fromPath)};
    }
    if (word != g_sendMethod)
    {
        return Fail(Error::METHOD);
    }
    const auto body = GetBody(*content);
    if (headers.messageId.empty() || !body)
    {
        return Fail(Error::HEADER);
    }
    if (!IsWhole(headers.byteRange, body->size()))
    {
        return Fail(Error::BYTE_RANGE);
    }
    return MsrpSend{std::string(*transactionId),
                    std::string(headers.toPath),
                    std::string(headers.fromPath),
                    std::string(headers.messageId),
                    std::string(*body)};
}

} // namespace p2pim
} // namespace ns3
