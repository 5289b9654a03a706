// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SIP_PROXY_SERVER_H
#define P2PIM_SIP_PROXY_SERVER_H

#include "ns3/chat-server.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"
#include "ns3/sip-proxy-core.h"
#include "ns3/sip-udp-transport.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The SIP server of a domain on its host: registrar, location service and stateful proxy over UDP
 * (RFC 3261 10 and 16). It opens its port when it is initialized.
 */
class SipProxyServer : public ChatServer
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    SipProxyServer();
    ~SipProxyServer() override;

    /**
     * Makes an address-of-record that this server serves: sip:+MSISDN@Domain.
     *
     * @param msisdn the user's number.
     * @param password not asked for.
     */
    void AddUser(const std::string& msisdn, const std::string& password) override;
    int64_t AssignStreams(int64_t first) override;
    CounterList GetCounters() const override;

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    Ipv4Address m_address;
    uint16_t m_port{5060};
    std::string m_domain;
    Time m_t1;
    Time m_t2;
    Time m_t4;
    Time m_defaultExpires;
    Time m_minExpires;
    Time m_maxExpires;
    Ptr<RandomVariableStream> m_processingTime;
    std::vector<std::string> m_subscribers; ///< those added before initialization
    std::unique_ptr<SipProxyCore> m_core;
    std::unique_ptr<SipUdpTransport> m_transport;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SIP_PROXY_SERVER_H
