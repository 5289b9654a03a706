// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PIN_PEER_TO_PEER_CLIENT_H
#define P2PIM_PIN_PEER_TO_PEER_CLIENT_H

#include "ns3/inet-socket-address.h"
#include "ns3/peer-to-peer-client.h"
#include "ns3/pin-service.h"

#include <optional>

namespace ns3
{
namespace p2pim
{

/**
 * The scheme `p2p-pin`: the scheme `p2p` with its invitations as PIN-to-PIN messages. The unique
 * identifier of a user is the device's PIN, so that is what SetMsisdn() is given here. A phone that
 * is online holds a registration with the PIN relay.
 */
class PinPeerToPeerClient : public PeerToPeerClient
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    PinPeerToPeerClient();
    ~PinPeerToPeerClient() override;

    /**
     * The PIN of a phone in the study, which is made up of its number.
     *
     * @param msisdn the phone's number.
     * @return "2" and the number's last seven digits.
     */
    static std::string MakePin(const Msisdn& msisdn);

    /// @param relay the relay's address and port.
    void SetRelay(const InetSocketAddress& relay);

    /// @return the messaging service; none before the application is initialized.
    Ptr<PinService> GetService() const;

    void GoOnline() override;

  protected:
    void DoInitialize() override;
    void DoDispose() override;
    void StopApplication() override;

  private:
    std::optional<InetSocketAddress> m_relay;
    Ptr<PinService> m_service;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PIN_PEER_TO_PEER_CLIENT_H
