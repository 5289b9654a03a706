// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_LAN_BEARER_H
#define P2PIM_LAN_BEARER_H

#include "ns3/ipv4-address.h"
#include "ns3/packet-bearer.h"

namespace ns3
{
namespace p2pim
{

/**
 * The bearer of a phone in reach of a LAN, at home or in an enterprise. The phone is on the LAN
 * before anything happens, so the bearer is up at once when it is first asked for, and stays up. A
 * GprsMobileStation that has one leaves applications to it.
 */
class LanBearer : public PacketBearer
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    LanBearer();
    ~LanBearer() override;

    /// Gives the phone its IP interface, when the bearer comes up.
    using InterfaceCallback = Callback<void, Ipv4Address>;

    /**
     * @param address the phone's on the LAN.
     * @param install called once.
     */
    void SetInterface(Ipv4Address address, InterfaceCallback install);

    // PacketBearer
    bool IsUp() const override;
    Ipv4Address GetAddress() const override;
    void BringUp(AttachedCallback attached, DoneCallback done) override;

  protected:
    void DoDispose() override;

  private:
    Ipv4Address m_address;
    InterfaceCallback m_install;
    bool m_isUp = false;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_LAN_BEARER_H
