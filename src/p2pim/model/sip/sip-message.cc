// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sip-message.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <sofia-sip/msg.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/su_alloc.h>
#pragma GCC diagnostic pop

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint16_t DEFAULT_PORT = 5060;
constexpr std::size_t MAX_DATAGRAM = 65507; ///< the payload of UDP over IPv4

std::string_view
View(const char* text)
{
    return text ? std::string_view(text) : std::string_view();
}

std::optional<uint32_t>
ToNumber(std::string_view text, uint32_t max)
{
    uint32_t value = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    if (result.ec != std::errc() || result.ptr != end || value > max)
    {
        return std::nullopt;
    }
    return value;
}

std::optional<uint16_t>
ToPort(std::string_view text)
{
    if (text.empty())
    {
        return DEFAULT_PORT;
    }
    const auto port = ToNumber(text, 65535);
    return port && *port > 0 ? std::optional<uint16_t>(*port) : std::nullopt;
}

std::optional<Ipv4Address>
ToAddress(std::string_view host)
{
    uint32_t address = 0;
    for (int i = 0; i < 4; ++i)
    {
        const std::size_t dot = host.find('.');
        if ((dot == std::string_view::npos) != (i == 3))
        {
            return std::nullopt;
        }
        const auto octet = ToNumber(host.substr(0, dot), 255);
        if (!octet)
        {
            return std::nullopt;
        }
        address = address << 8 | *octet;
        host.remove_prefix(i == 3 ? host.size() : dot + 1);
    }
    return Ipv4Address(address);
}

std::optional<InetSocketAddress>
ToTarget(std::string_view host, std::string_view portText)
{
    const auto address = ToAddress(host);
    const auto port = ToPort(portText);
    if (!address || !port)
    {
        return std::nullopt;
    }
    return InetSocketAddress(*address, *port);
}

/// Dotted decimal, without a stream.
std::string
ToText(Ipv4Address address)
{
    const uint32_t bits = address.Get();
    std::array<char, 16> text{};
    const int size = std::snprintf(text.data(),
                                   text.size(),
                                   "%u.%u.%u.%u",
                                   bits >> 24,
                                   bits >> 16 & 0xff,
                                   bits >> 8 & 0xff,
                                   bits & 0xff);
    return std::string(text.data(), size);
}

/// RFC 3261 18.3 with 8.1.1: is the whole body there, and every field that a message must have?
SipParseError
CheckContents(const sip_t* sip)
{
    const int status = sip->sip_status ? sip->sip_status->st_status : 200;
    if ((!sip->sip_request && !sip->sip_status) || status < 100 || status > 699)
    {
        return SipParseError::BAD_SYNTAX;
    }
    if (!sip->sip_to || !sip->sip_from || !sip->sip_call_id || !sip->sip_cseq || !sip->sip_via)
    {
        return SipParseError::MISSING_HEADER;
    }
    const std::size_t declared = sip->sip_content_length ? sip->sip_content_length->l_length : 0;
    const std::size_t there = sip->sip_payload ? sip->sip_payload->pl_len : 0;
    if (declared > there || (sip->sip_flags & MSG_FLG_TRUNC))
    {
        return SipParseError::INCOMPLETE;
    }
    if (sip->sip_flags & MSG_FLG_ERROR)
    {
        return SipParseError::BAD_SYNTAX;
    }
    return sip_sanity_check(sip) == 0 ? SipParseError::NONE : SipParseError::MISSING_HEADER;
}

} // namespace

const char*
GetSipParseErrorName(SipParseError error)
{
    static constexpr std::array<const char*, 7> names{
        "none",
        "empty",
        "too-long",
        "bad-character",
        "bad-syntax",
        "incomplete",
        "missing-header",
    };
    return names.at(static_cast<std::size_t>(error));
}

void
SipMessage::Release::operator()(msg_s* msg) const
{
    msg_destroy(msg);
}

SipMessage::SipMessage() = default;
SipMessage::~SipMessage() = default;
SipMessage::SipMessage(SipMessage&& other) noexcept = default;
SipMessage& SipMessage::operator=(SipMessage&& other) noexcept = default;

SipMessage
SipMessage::Parse(const uint8_t* data, std::size_t size, SipParseError& error)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (text.find_first_not_of("\r\n") == std::string_view::npos)
    {
        error = SipParseError::EMPTY;
        return {};
    }
    if (size > MAX_DATAGRAM)
    {
        error = SipParseError::TOO_LONG;
        return {};
    }
    const std::size_t headerEnd = text.find("\r\n\r\n", text.find_first_not_of("\r\n"));
    if (headerEnd == std::string_view::npos)
    {
        error = SipParseError::INCOMPLETE;
        return {};
    }
    if (text.substr(0, headerEnd).find('\0') != std::string_view::npos)
    {
        error = SipParseError::BAD_CHARACTER;
        return {};
    }
    SipMessage message;
    message.m_msg.reset(msg_make(sip_default_mclass(), 0, text.data(), ssize_t(size)));
    message.m_sip = message.m_msg ? sip_object(message.m_msg.get()) : nullptr;
    error = message.m_sip ? CheckContents(message.m_sip) : SipParseError::BAD_SYNTAX;
    return error == SipParseError::NONE ? std::move(message) : SipMessage();
}

bool
SipMessage::Add(const msg_hclass_s* headerClass, const char* value)
{
    return sip_add_make(m_msg.get(), m_sip, headerClass, value) == 0;
}

SipMessage
SipMessage::MakeRequest(const SipRequestFields& fields)
{
    SipMessage message;
    message.m_msg.reset(msg_create(sip_default_mclass(), 0));
    message.m_sip = sip_object(message.m_msg.get());
    const std::string startLine = fields.method + ' ' + fields.requestUri + " SIP/2.0";
    const std::string cseq = std::to_string(fields.cseq) + ' ' + fields.method;
    bool good =
        message.Add(sip_request_class, startLine.c_str()) &&
        message.Add(sip_max_forwards_class, std::to_string(fields.maxForwards).c_str()) &&
        message.Add(sip_from_class, ('<' + fields.from + ">;tag=" + fields.fromTag).c_str()) &&
        message.Add(sip_to_class, ('<' + fields.to + '>').c_str()) &&
        message.Add(sip_call_id_class, fields.callId.c_str()) &&
        message.Add(sip_cseq_class, cseq.c_str());
    if (good && !fields.contact.empty())
    {
        good = message.Add(sip_contact_class, ('<' + fields.contact + '>').c_str());
    }
    if (good && fields.expires)
    {
        good = message.Add(sip_expires_class, std::to_string(*fields.expires).c_str());
    }
    if (good && !fields.contentType.empty())
    {
        su_home_t* home = msg_home(message.m_msg.get());
        sip_payload_t* body = sip_payload_create(home, fields.body.data(), fields.body.size());
        good = message.Add(sip_content_type_class, fields.contentType.c_str()) && body &&
               msg_header_insert(message.m_msg.get(),
                                 reinterpret_cast<msg_pub_t*>(message.m_sip),
                                 reinterpret_cast<msg_header_t*>(body)) == 0;
    }
    good = good && sip_complete_message(message.m_msg.get()) == 0;
    return good ? std::move(message) : SipMessage();
}

SipMessage
SipMessage::MakeResponse(uint32_t status, std::string_view toTag) const
{
    SipMessage response;
    response.m_msg.reset(msg_create(sip_default_mclass(), 0));
    msg_t* msg = response.m_msg.get();
    sip_t* sip = response.m_sip = sip_object(msg);
    const auto copy = [msg, sip](const void* header) {
        return sip_add_dup(msg, sip, static_cast<const sip_header_t*>(header));
    };
    const char* phrase = sip_status_phrase(int(status));
    copy(sip_status_create(msg_home(msg), status, phrase, SIP_VERSION_CURRENT));
    copy(m_sip->sip_via);
    copy(m_sip->sip_from);
    copy(m_sip->sip_to);
    copy(m_sip->sip_call_id);
    copy(m_sip->sip_cseq);
    if (!toTag.empty() && !m_sip->sip_to->a_tag && status > 100)
    {
        sip_to_tag(msg_home(msg), sip->sip_to, std::string(toTag).c_str());
    }
    sip_complete_message(msg);
    return response;
}

std::string
SipMessage::Print() const
{
    std::string text(512 + GetBody().size(), '\0');
    auto* object = reinterpret_cast<msg_pub_t*>(m_sip);
    if (!m_msg || msg_serialize(m_msg.get(), object) < 0)
    {
        return {};
    }
    issize_t size = msg_object_e(text.data(), text.size(), object, 0);
    if (size >= issize_t(text.size()))
    {
        text.resize(size + 1);
        size = msg_object_e(text.data(), text.size(), object, 0);
    }
    text.resize(std::max<issize_t>(size, 0));
    return text;
}

SipMessage::operator bool() const
{
    return m_msg != nullptr;
}

bool
SipMessage::IsRequest() const
{
    return m_sip->sip_request != nullptr;
}

std::string_view
SipMessage::GetMethod() const
{
    return View(m_sip->sip_cseq->cs_method_name);
}

uint32_t
SipMessage::GetStatus() const
{
    return m_sip->sip_status ? m_sip->sip_status->st_status : 0;
}

std::string_view
SipMessage::GetRequestUser() const
{
    return m_sip->sip_request ? View(m_sip->sip_request->rq_url->url_user) : std::string_view();
}

std::string_view
SipMessage::GetRequestHost() const
{
    return m_sip->sip_request ? View(m_sip->sip_request->rq_url->url_host) : std::string_view();
}

std::string_view
SipMessage::GetFromUser() const
{
    return View(m_sip->sip_from->a_url->url_user);
}

std::string_view
SipMessage::GetFromTag() const
{
    return View(m_sip->sip_from->a_tag);
}

std::string_view
SipMessage::GetToUser() const
{
    return View(m_sip->sip_to->a_url->url_user);
}

std::string_view
SipMessage::GetToHost() const
{
    return View(m_sip->sip_to->a_url->url_host);
}

std::string_view
SipMessage::GetToTag() const
{
    return View(m_sip->sip_to->a_tag);
}

std::string_view
SipMessage::GetCallId() const
{
    return View(m_sip->sip_call_id->i_id);
}

uint32_t
SipMessage::GetCSeq() const
{
    return m_sip->sip_cseq->cs_seq;
}

std::optional<uint32_t>
SipMessage::GetMaxForwards() const
{
    return m_sip->sip_max_forwards ? std::optional<uint32_t>(m_sip->sip_max_forwards->mf_count)
                                   : std::nullopt;
}

std::optional<uint32_t>
SipMessage::GetExpires() const
{
    return m_sip->sip_expires ? std::optional<uint32_t>(m_sip->sip_expires->ex_delta)
                              : std::nullopt;
}

std::string_view
SipMessage::GetBranch() const
{
    return m_sip->sip_via ? View(m_sip->sip_via->v_branch) : std::string_view();
}

std::string_view
SipMessage::GetSentByHost() const
{
    return m_sip->sip_via ? View(m_sip->sip_via->v_host) : std::string_view();
}

uint16_t
SipMessage::GetSentByPort() const
{
    return m_sip->sip_via ? ToPort(View(m_sip->sip_via->v_port)).value_or(DEFAULT_PORT)
                          : DEFAULT_PORT;
}

uint32_t
SipMessage::CountVia() const
{
    uint32_t count = 0;
    for (const sip_via_t* via = m_sip->sip_via; via; via = via->v_next)
    {
        ++count;
    }
    return count;
}

std::string_view
SipMessage::GetContentType() const
{
    return m_sip->sip_content_type ? View(m_sip->sip_content_type->c_type) : std::string_view();
}

std::string_view
SipMessage::GetBody() const
{
    const sip_payload_t* body = m_sip ? m_sip->sip_payload : nullptr;
    return body ? std::string_view(body->pl_data, body->pl_len) : std::string_view();
}

std::string
SipMessage::GetHeader(const char* name) const
{
    const std::string key = std::string(name) + ":";
    const msg_href_t* reference = msg_find_hclass(sip_default_mclass(), key.c_str(), nullptr);
    const msg_header_t* header =
        msg_header_access(reinterpret_cast<msg_pub_t*>(m_sip), reference->hr_class);
    if (!header)
    {
        return {};
    }
    std::array<char, 1024> text{};
    const issize_t size = msg_header_field_e(text.data(), text.size(), header, 0);
    return size > 0 && size < issize_t(text.size()) ? std::string(text.data(), size)
                                                    : std::string();
}

std::string
SipMessage::GetContactUri() const
{
    const sip_contact_t* contact = m_sip->sip_contact;
    if (!contact)
    {
        return {};
    }
    std::array<char, 256> text{};
    const issize_t size = url_e(text.data(), int(text.size()), contact->m_url);
    return size > 0 && size < issize_t(text.size()) ? std::string(text.data(), size)
                                                    : std::string();
}

std::optional<uint32_t>
SipMessage::GetContactExpires() const
{
    const sip_contact_t* contact = m_sip->sip_contact;
    return contact && contact->m_expires ? ToNumber(contact->m_expires, UINT32_MAX) : std::nullopt;
}

std::optional<InetSocketAddress>
SipMessage::GetResponseTarget() const
{
    const sip_via_t* via = m_sip->sip_via;
    if (!via)
    {
        return std::nullopt;
    }
    const std::string_view rport = View(via->v_rport);
    return ToTarget(via->v_received ? via->v_received : View(via->v_host),
                    rport.empty() ? View(via->v_port) : rport);
}

bool
SipMessage::AddHeader(const char* name, const std::string& value)
{
    const std::string line = std::string(name) + ": " + value + "\r\n";
    return msg_header_add_str(m_msg.get(), reinterpret_cast<msg_pub_t*>(m_sip), line.c_str()) == 0;
}

void
SipMessage::PushVia(const InetSocketAddress& sentBy, const std::string& branch)
{
    if (!m_msg)
    {
        return;
    }
    const std::string text = "SIP/2.0/UDP " + ToText(sentBy.GetIpv4()) + ':' +
                             std::to_string(sentBy.GetPort()) + ";rport;branch=" + branch;
    sip_via_t* via = sip_via_make(msg_home(m_msg.get()), text.c_str());
    sip_header_insert(m_msg.get(), m_sip, reinterpret_cast<sip_header_t*>(via));
}

void
SipMessage::PopVia()
{
    sip_via_remove(m_msg.get(), m_sip);
}

void
SipMessage::StampReceived(const InetSocketAddress& source)
{
    sip_via_t* via = m_sip->sip_via;
    su_home_t* home = msg_home(m_msg.get());
    const std::string address = ToText(source.GetIpv4());
    if (via->v_rport || address != View(via->v_host))
    {
        const char* received = su_sprintf(home, "received=%s", address.c_str());
        msg_header_replace_param(home, via->v_common, received);
    }
    if (via->v_rport)
    {
        const char* rport = su_sprintf(home, "rport=%u", source.GetPort());
        msg_header_replace_param(home, via->v_common, rport);
    }
}

void
SipMessage::SetMaxForwards(uint32_t maxForwards)
{
    if (m_sip->sip_max_forwards)
    {
        m_sip->sip_max_forwards->mf_count = maxForwards;
        msg_fragment_clear(m_sip->sip_max_forwards->mf_common);
        return;
    }
    Add(sip_max_forwards_class, std::to_string(maxForwards).c_str());
}

bool
SipMessage::SetRequestUri(const std::string& uri)
{
    const std::string line = std::string(GetMethod()) + ' ' + uri + " SIP/2.0";
    sip_request_t* request = sip_request_make(msg_home(m_msg.get()), line.c_str());
    return request &&
           sip_header_insert(m_msg.get(), m_sip, reinterpret_cast<sip_header_t*>(request)) == 0;
}

std::optional<InetSocketAddress>
GetSipUriTarget(const std::string& uri)
{
    std::string copy = uri;
    url_t url{};
    if (url_d(&url, copy.data()) != 0 || url.url_type != url_sip)
    {
        return std::nullopt;
    }
    return ToTarget(View(url.url_host), View(url.url_port));
}

} // namespace p2pim
} // namespace ns3
