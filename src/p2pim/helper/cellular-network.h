// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CELLULAR_NETWORK_H
#define P2PIM_CELLULAR_NETWORK_H

#include "ns3/access-network.h"
#include "ns3/access-population.h"
#include "ns3/counter-list.h"
#include "ns3/ggsn.h"
#include "ns3/gi-gateways.h"
#include "ns3/gprs-cell.h"
#include "ns3/gsm-cell.h"
#include "ns3/hlr.h"
#include "ns3/internet.h"
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

class GlobalTitleTable;

/**
 * One operator's network, attached to the Internet and ready to have phones put in:
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

    /**
     * Makes it one of several operators; to be called before Build(). Its numbers, addresses and
     * signalling points are then others than theirs, but for the access points' pools.
     *
     * @param number which, from 1; 1 if this is not called.
     */
    void SetOperator(uint32_t number);
    /**
     * To be called before Build(), if there are several operators.
     *
     * @param internet what it is to be attached to; one of its own if this is not called.
     */
    void SetInternet(Ptr<Internet> internet);

    /// Builds everything but the phones. To be called once, before any of the below.
    void Build();

    /// Lets other operators' SMSCs find this one's HLR, and this one's SMSC theirs.
    /// @param titles common to all operators; the own numbers are added.
    void JoinSignalling(Ptr<GlobalTitleTable> titles);

    /**
     * Adds a phone, switched on and IMSI attached.
     *
     * @param cell its cell; taken modulo the number of cells.
     * @return its node.
     */
    Ptr<Node> AddPhone(uint32_t cell);

    /// @return the kinds of AccessPopulation, in the order of the file; none if there is no file.
    const std::vector<AccessKind>& GetAccessKinds() const;

    /**
     * Gives a phone an access of its own; without one it is behind GiGateways. To be called once at
     * most, and before its bearer is first asked for.
     *
     * @param phone a phone's node.
     * @param kind the index of a kind.
     * @param site which home, if it is one: phones of a kind and a site share a LAN.
     */
    void SetAccess(Ptr<Node> phone, std::size_t kind, uint32_t site);

    /**
     * @param own access points of a GGSN.
     * @param kinds the kinds of access of its operator.
     * @param operatorNumber the operator, from 1.
     * @return what Ggsn.AccessPoints has to be for all of them: kinds with private addresses have
     *         parts of the first network, which itself keeps the first part.
     */
    static std::string WriteAccessPoints(const std::vector<AccessPoint>& own,
                                         const std::vector<AccessKind>& kinds,
                                         uint32_t operatorNumber);

    /**
     * @param phone a phone's node.
     * @return its number, E.164 digits.
     */
    static std::string GetMsisdn(Ptr<Node> phone);

    /// @return the first digits of all numbers and no one else's, E.164.
    std::string GetNumberPrefix() const;
    /// @return the mobile country code and the mobile network code, five digits.
    std::string GetPlmn() const;

    /// @return what the network is attached to.
    Ptr<Internet> GetInternet() const;
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
    /// @return the NATs and firewalls between the GGSN and the Internet, but for those of kinds.
    Ptr<GiGateways> GetGateways() const;
    /// @return all NATs and firewalls there are, also those at homes of phones that were added.
    std::vector<Ptr<NatGateway>> GetNatGateways() const;
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
    void ConnectGsns();
    void AttachToInternet(std::size_t points);
    void ReadAccessKinds();
    void BuildAccess();
    /// @return the network of a link of this operator's. @param first that of the first operator.
    Ipv4Address GetLink(Ipv4Address first) const;
    bool SetPlmn(const std::string& digits);
    bool SetNumberPrefix(const std::string& digits);
    void GiveServiceCentre(Ptr<GsmMobileStation> gsm) const;
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
    std::string m_plmn;         ///< five digits, or empty
    std::string m_numberPrefix; ///< or empty
    bool m_hasSmppServer;
    bool m_metersEnergy;
    TransportPreset m_transportPreset;
    NetworkMode m_networkMode;
    bool m_smsOverGprs;
    Ipv4Address m_firstStaticAddress;
    std::string m_accessPopulation; ///< a path, or empty
    LogicalLinkSettings m_linkSettings;

    uint32_t m_number = 1; ///< of the operator
    Ptr<Internet> m_internet;
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
    Ptr<Node> m_smscNode;
    Ptr<NetDevice> m_gnDevice;
    Ptr<GgsnTunnelDevice> m_tunnels;
    Ptr<GiGateways> m_gateways;
    std::vector<AccessKind> m_accessKinds;
    std::vector<Ptr<AccessNetwork>> m_accesses; ///< of the kinds
    Ptr<SmppServer> m_smppServer;
    Ptr<RadioPowerProfile> m_powerProfile;
    std::vector<Ptr<PhoneEnergy>> m_energies; ///< of the phones
    uint64_t m_phones = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_CELLULAR_NETWORK_H
