// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_BENCH_ACCESS_LINE_H
#define P2PIM_BENCH_ACCESS_LINE_H

#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/tunnel-device.h"

#include <cstdint>
#include <vector>

namespace p2pim
{
namespace bench
{

class PhoneLine;

/**
 * The cheapest access network there can be, for the floor of the bench: one device for all phones
 * of a station, which finds the phone by its address, and lines of constant rate and delay to each.
 */
class AccessLine : public ns3::p2pim::TunnelDevice
{
  public:
    /// @return the type.
    static ns3::TypeId GetTypeId();

    /// @param first the address of phone 0; the others' follow.
    explicit AccessLine(ns3::Ipv4Address first);
    ~AccessLine() override;

    /// @return the device of a new phone, whose address is the next one.
    ns3::Ptr<PhoneLine> AddPhone();

  protected:
    void DoDispose() override;
    bool DoSend(ns3::Ptr<ns3::Packet> packet, uint16_t protocol) override;

  private:
    uint32_t m_first;
    std::vector<ns3::Ptr<PhoneLine>> m_phones;
};

/// A phone's end of an AccessLine.
class PhoneLine : public ns3::p2pim::TunnelDevice
{
  public:
    /// @return the type.
    static ns3::TypeId GetTypeId();

    /**
     * @param station the other end.
     * @param address the phone's address.
     */
    PhoneLine(AccessLine* station, ns3::Ipv4Address address);
    ~PhoneLine() override;

    /// @return the phone's address.
    ns3::Ipv4Address GetPhoneAddress() const;
    /// Sends a packet down to this phone.
    void SendDown(ns3::Ptr<ns3::Packet> packet);

  protected:
    bool DoSend(ns3::Ptr<ns3::Packet> packet, uint16_t protocol) override;

  private:
    AccessLine* m_station; ///< lives as long as the simulation
    ns3::Ipv4Address m_address;
    ns3::Time m_upFree;   ///< when the uplink is free
    ns3::Time m_downFree; ///< when the downlink is free
};

} // namespace bench
} // namespace p2pim

#endif // P2PIM_BENCH_ACCESS_LINE_H
