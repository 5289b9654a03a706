// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SIP_PROXY_CORE_H
#define P2PIM_SIP_PROXY_CORE_H

#include "ns3/inet-socket-address.h"
#include "ns3/nstime.h"
#include "ns3/sip-identifiers.h"
#include "ns3/sip-message.h"
#include "ns3/sip-registrar.h"
#include "ns3/sip-transaction-layer.h"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace ns3
{
namespace p2pim
{

/// What a proxy has done, since it was made.
struct SipProxyCounters
{
    uint64_t registers{0}; ///< REGISTER requests answered
    uint64_t forwarded{0}; ///< requests sent on
    uint64_t relayed{0};   ///< final responses sent back
    uint64_t rejected{0};  ///< requests answered with an error by the proxy itself
    uint64_t abandoned{0}; ///< requests whose next hop never answered
};

/**
 * What a domain's server does with requests: its own registrar (RFC 3261 10.3), and a stateful
 * proxy (16) for the users that registered with it. The transaction layer below it and the clock
 * are its owner's.
 *
 * A proxy must not answer a non-INVITE request with 408, nor with 100 before T2 (RFC 4320 4.1 and
 * 4.2): when the next hop stays silent, so does this one. Forking, Route and INVITE are not here.
 */
class SipProxyCore : public SipTransactionUser
{
  public:
    /**
     * @param address where this server receives; its sent-by.
     * @param settings the domain and its registrar's limits.
     */
    SipProxyCore(const InetSocketAddress& address, const SipRegistrarSettings& settings);

    /// @param layer the transactions, which call this object back.
    void SetTransactionLayer(SipTransactionLayer* layer);

    /// @return the registrar.
    SipRegistrar& GetRegistrar();

    /// @return the counters.
    const SipProxyCounters& GetCounters() const;

    void OnRequest(SipMessage request, uint64_t server, Time now) override;
    void OnResponse(uint64_t client, SipMessage response, Time now) override;
    void OnFailure(uint64_t client, uint32_t status, Time now) override;

  private:
    /// A request that was sent on and has no final response yet (RFC 3261 16, response context).
    struct Context
    {
        uint64_t server;    ///< the transaction it came in
        SipMessage request; ///< as it was sent on
    };

    /// @return the status with which the request fails validation (16.3) or has no target (16.5);
    ///         0 if it can be sent on.
    uint32_t Validate(const SipMessage& request, Time now) const;
    /// Sends a request on (16.6).
    void Forward(SipMessage request, uint64_t server, Time now);
    void Reject(const SipMessage& request, uint64_t server, uint32_t status, Time now);

    InetSocketAddress m_address;
    SipIdentifiers m_identifiers;
    SipRegistrar m_registrar;
    SipTransactionLayer* m_layer{nullptr};
    std::unordered_map<uint64_t, Context> m_contexts; ///< by client transaction; looked up only
    SipProxyCounters m_counters;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SIP_PROXY_CORE_H
