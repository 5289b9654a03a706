// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SIP_REGISTRAR_H
#define P2PIM_SIP_REGISTRAR_H

#include "ns3/inet-socket-address.h"
#include "ns3/nstime.h"
#include "ns3/sip-message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ns3
{
namespace p2pim
{

/// Where the user of an address-of-record can be reached.
struct SipBinding
{
    std::string contactUri;   ///< the Contact, as the user agent wrote it
    InetSocketAddress target; ///< the address in it
    Time expires;             ///< from then on the binding is gone
    std::string callId;       ///< Call-ID of the REGISTER that set it
    uint32_t cseq;            ///< and its sequence number
};

/// The values a registrar chooses (RFC 3261 10.3).
struct SipRegistrarSettings
{
    std::string domain{"p2pim.example"}; ///< the host part of every address-of-record
    uint32_t defaultExpires{3600};       ///< s, when the request names none
    uint32_t minExpires{60};             ///< s, below which 423 is the answer
    uint32_t maxExpires{7200};           ///< s, to which longer wishes are cut
};

/**
 * A registrar with its location service (RFC 3261 10). It holds one binding for an
 * address-of-record: a REGISTER from another Contact replaces it. A binding expires by comparing
 * times when it is looked up.
 */
class SipRegistrar
{
  public:
    /// @param settings the domain and the limits of Expires.
    explicit SipRegistrar(const SipRegistrarSettings& settings);

    /// @param user the user part of an address-of-record that this domain serves.
    void AddUser(const std::string& user);

    /// @return whether the domain serves the address-of-record of @p user at @p host.
    bool IsServed(std::string_view user, std::string_view host) const;

    /**
     * Processes a REGISTER (RFC 3261 10.3).
     *
     * @param request the request.
     * @param toTag the tag for the To of the response.
     * @param now the present time.
     * @return the response: 200 with the binding, 400, 404, 423 or 500.
     */
    SipMessage Process(const SipMessage& request, const std::string& toTag, Time now);

    /**
     * Looks a user up.
     *
     * @param user the user part of the address-of-record.
     * @param now the present time.
     * @return the binding; none if there is none that holds.
     */
    const SipBinding* Find(std::string_view user, Time now) const;

  private:
    /// Sets, refreshes or removes the binding as a request with a Contact asks.
    /// @return the status of the response.
    uint32_t Update(const SipMessage& request, std::optional<SipBinding>& binding, Time now) const;

    SipRegistrarSettings m_settings;
    /// The binding, if any, of each user that is served; looked up only.
    std::unordered_map<std::string, std::optional<SipBinding>> m_users;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SIP_REGISTRAR_H
