// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CELLULAR_NETWORK_H
#define P2PIM_CELLULAR_NETWORK_H

#include "ns3/counter-list.h"
#include "ns3/ggsn.h"
#include "ns3/gprs-cell.h"
#include "ns3/gsm-cell.h"
#include "ns3/hlr.h"
#include "ns3/ipv4-address.h"
#include "ns3/msc-vlr.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/phone-energy.h"
#include "ns3/radio-power-profile.h"
#include "ns3/sgsn.h"
#include "ns3/smpp-server.h"
#include "ns3/smsc.h"
#include "ns3/ss7-network.h"
#include "ns3/transport-preset.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * One operator's network and the Internet behind it, ready to have phones put in:
 *
 *     phone ~ cell - MSC/VLR - SMSC, HLR
 *           ~ cell - SGSN - GGSN - Internet router - server host
 *                                        (- SMSC)
 *
 * A phone is a node with a GsmMobileStation and a GprsMobileStation. Its IP stack is installed when
 * its first PDP context comes up, so a phone that only is reachable costs little.
 */
class CellularNetwork : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    CellularNetwork();
    ~CellularNetwork() override;

    /// Builds everything but the phones. To be called once, before any of the below.
    void Build();

    /**
     * Adds a phone, switched on and IMSI attached.
     *
     * @param cell its cell; taken modulo the number of cells.
     * @return its node.
     */
    Ptr<Node> AddPhone(uint32_t cell);

    /**
     * @param phone a phone's node.
     * @return its number, E.164 digits.
     */
    static std::string GetMsisdn(Ptr<Node> phone);

    /// @return the server host, a node on the Internet.
    Ptr<Node> GetServer() const;
    /// @return the server's address.
    Ipv4Address GetServerAddress() const;

    /// @return the cells' circuit-switched side.
    const std::vector<Ptr<GsmCell>>& GetGsmCells() const;
    /// @return the cells' packet-switched side.
    const std::vector<Ptr<GprsCell>>& GetGprsCells() const;
    /// @return the MSC with its VLR.
    Ptr<MscVlr> GetMsc() const;
    /// @return the HLR.
    Ptr<Hlr> GetHlr() const;
    /// @return the short message service centre.
    Ptr<Smsc> GetSmsc() const;
    /// @return the SMSC's door for external senders; null unless SmppServer is set.
    Ptr<SmppServer> GetSmppServer() const;
    /// @return the SMSC's address on the Internet, if SmppServer is set.
    Ipv4Address GetSmscAddress() const;
    /// @return the SGSN.
    Ptr<Sgsn> GetSgsn() const;
    /// @return the GGSN.
    Ptr<Ggsn> GetGgsn() const;
    /// @return the SGSN's device on the Gn link, whose traces see every GTP packet.
    Ptr<NetDevice> GetGnDevice() const;

    /// @return the counters of every element, by the element's name.
    std::vector<std::pair<std::string, CounterList>> GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    void SetAcknowledgedLlc(bool acknowledged);
    bool GetAcknowledgedLlc() const;
    void SetHeaderCompression(bool compress);
    bool GetHeaderCompression() const;
    void BuildCircuitCore();
    void BuildPacketCore();
    void BuildCells();
    void BuildSmppServer();
    /// Joins two nodes by a link and gives its ends addresses; @return the first end's device.
    Ptr<NetDevice> Join(Ptr<Node> first, Ptr<Node> second, Ipv4Address network, Time delay);
    /// Gives a phone its IP interface when its PDP context has come up.
    static void InstallInterface(TransportPreset preset,
                                 Ptr<GprsMobileStation> ms,
                                 Ipv4Address address);

    // attributes
    uint32_t m_cellCount;
    uint32_t m_areaCells;
    double m_cellSpacing; ///< m
    Time m_gnDelay;
    Time m_giDelay;
    Time m_internetDelay;
    bool m_hasSmppServer;
    bool m_metersEnergy;
    TransportPreset m_transportPreset;
    NetworkMode m_networkMode;
    bool m_smsOverGprs;
    Ipv4Address m_firstStaticAddress;
    LogicalLinkSettings m_linkSettings;

    Ptr<MscVlr> m_msc;
    Ptr<Hlr> m_hlr;
    Ptr<Smsc> m_smsc;
    Ptr<Ss7Network> m_signalling;
    Ptr<Sgsn> m_sgsn;
    Ptr<Ggsn> m_ggsn;
    std::vector<Ptr<GsmCell>> m_gsmCells;
    std::vector<Ptr<GprsCell>> m_gprsCells;
    Ptr<Node> m_sgsnNode;
    Ptr<Node> m_ggsnNode;
    Ptr<Node> m_routerNode;
    Ptr<Node> m_serverNode;
    Ptr<Node> m_smscNode;
    Ptr<NetDevice> m_gnDevice;
    Ptr<SmppServer> m_smppServer;
    Ptr<RadioPowerProfile> m_powerProfile;
    std::vector<Ptr<PhoneEnergy>> m_energies; ///< of the phones
    uint64_t m_phones = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_CELLULAR_NETWORK_H
