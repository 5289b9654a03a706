// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_DEVICE_H
#define P2PIM_GPRS_DEVICE_H

#include "ns3/gprs-mobile-station.h"
#include "ns3/tunnel-device.h"

namespace ns3
{
namespace p2pim
{

/**
 * The network device of a phone with an active PDP context: IP packets go to, and come from, the
 * phone's GprsMobileStation. A point-to-point link without addresses of its own.
 */
class GprsDevice : public TunnelDevice
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    GprsDevice();
    ~GprsDevice() override;

    /// @param ms the station that carries the packets.
    void SetMobileStation(Ptr<GprsMobileStation> ms);

  protected:
    void DoDispose() override;
    bool DoSend(Ptr<Packet> packet, uint16_t protocol) override;

  private:
    Ptr<GprsMobileStation> m_ms;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_DEVICE_H
