// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/cellular-network.h"

#include "ns3/boolean.h"
#include "ns3/core-link.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/gprs-device.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/host-routing.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/node-list.h"
#include "ns3/peer-tcp-protocol.h"
#include "ns3/smsc-message-centre.h"
#include "ns3/uinteger.h"

#include <memory>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(CellularNetwork);

namespace
{

/// IMSIs of the test network, MCC 001 MNC 01 (ITU-T E.212), the subscriber's number in the rest.
constexpr uint64_t FIRST_IMSI = 1'010'000'000'001;
/// Numbers in the United Kingdom's range for drama, 07700 900xxx, widened to nine digits.
constexpr uint64_t FIRST_MSISDN = 447'700'000'001;

const Ipv4Mask g_linkMask("255.255.255.252");

/// @return the n-th address of a link's network.
Ipv4Address
Nth(Ipv4Address network, uint32_t n)
{
    return Ipv4Address(network.Get() + n);
}

const Ipv4Address g_gn("172.16.0.0");
const Ipv4Address g_gi("192.0.2.0");
const Ipv4Address g_internet("203.0.113.0");
const Ipv4Address g_smsc("198.51.100.0");

} // namespace

TypeId
CellularNetwork::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::CellularNetwork")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<CellularNetwork>()
            .AddAttribute("Cells",
                          "Cells of the network, 1 to 10000; phones are spread over them.",
                          UintegerValue(16),
                          MakeUintegerAccessor(&CellularNetwork::m_cellCount),
                          MakeUintegerChecker<uint32_t>(1, 10000))
            .AddAttribute("CellsPerRoutingArea",
                          "Cells of a routing area, which is a location area too: phones are paged "
                          "in all of them, and tell the network when they enter another one.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&CellularNetwork::m_areaCells),
                          MakeUintegerChecker<uint32_t>(1, 10000))
            .AddAttribute("CellSpacing",
                          "Distance between the antennas of two cells, which stand in a row along "
                          "x from GsmCell.Position on, m. 0: all are in one place.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&CellularNetwork::m_cellSpacing),
                          MakeDoubleChecker<double>(0))
            .AddAttribute("GnDelay",
                          "One-way delay between SGSN and GGSN. Own choice.",
                          TimeValue(MilliSeconds(10)),
                          MakeTimeAccessor(&CellularNetwork::m_gnDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("GiDelay",
                          "One-way delay between the GGSN and the Internet router. Own choice.",
                          TimeValue(MilliSeconds(5)),
                          MakeTimeAccessor(&CellularNetwork::m_giDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("InternetDelay",
                          "One-way delay between the Internet router and the server host. Own "
                          "choice: a server on the same continent.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&CellularNetwork::m_internetDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("AcknowledgedLlc",
                          "Whether LLC repeats user data that the radio has lost (acknowledged "
                          "operation, TS 44.064 4.5.3).",
                          BooleanValue(false),
                          MakeBooleanAccessor(&CellularNetwork::SetAcknowledgedLlc,
                                              &CellularNetwork::GetAcknowledgedLlc),
                          MakeBooleanChecker())
            .AddAttribute("HeaderCompression",
                          "Whether SNDCP compresses TCP/IP headers (RFC 1144, TS 44.065 6.5.2).",
                          BooleanValue(false),
                          MakeBooleanAccessor(&CellularNetwork::SetHeaderCompression,
                                              &CellularNetwork::GetHeaderCompression),
                          MakeBooleanChecker())
            .AddAttribute("NetworkMode",
                          "Network mode of operation (TS 23.060 6.3.3.1): in I phones in packet "
                          "transfer are paged for calls and SMS on the PACCH, in II and III those "
                          "of class B miss the page. osmo-bsc: II.",
                          EnumValue(NetworkMode::NMO_II),
                          MakeEnumAccessor(&CellularNetwork::m_networkMode),
                          MakeEnumChecker(NetworkMode::NMO_I,
                                          "I",
                                          NetworkMode::NMO_II,
                                          "II",
                                          NetworkMode::NMO_III,
                                          "III"))
            .AddAttribute("StaticAddresses",
                          "PDP address that the first phone has by subscription, one of an access "
                          "point's pool; each further phone has the next one. 0.0.0.0: the "
                          "GGSN gives addresses.",
                          Ipv4AddressValue(Ipv4Address::GetAny()),
                          MakeIpv4AddressAccessor(&CellularNetwork::m_firstStaticAddress),
                          MakeIpv4AddressChecker())
            .AddAttribute("SmsOverGprs",
                          "Whether short messages of phones that are GPRS attached go by the SGSN "
                          "(Gd; TS 23.060, point-to-point SMS); if it does not reach the phone, "
                          "by the MSC.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&CellularNetwork::m_smsOverGprs),
                          MakeBooleanChecker())
            .AddAttribute("SmppServer",
                          "Whether the SMSC has a door for external senders: an SmppServer on a "
                          "node of its own, joined to the Internet router with GiDelay.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&CellularNetwork::m_hasSmppServer),
                          MakeBooleanChecker())
            .AddAttribute("Energy",
                          "Whether each phone has a PhoneEnergy, and the results the joules of the "
                          "phones: the element energy. The powers are RadioPowerProfile's.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&CellularNetwork::m_metersEnergy),
                          MakeBooleanChecker())
            .AddAttribute("TransportPreset",
                          "Whose TCP the phones have: attributes is that of PeerTcpSocket's "
                          "attributes, handset-2005 that of Symbian OS, modern that of RFC 6928 "
                          "and RFC 6298, ns-3 that of ns-3's defaults. The server host has that of "
                          "the attributes.",
                          EnumValue(TRANSPORT_ATTRIBUTES),
                          MakeEnumAccessor(&CellularNetwork::m_transportPreset),
                          MakeTransportPresetChecker());
    return tid;
}

CellularNetwork::CellularNetwork() = default;

CellularNetwork::~CellularNetwork() = default;

void
CellularNetwork::DoDispose()
{
    for (const auto& cell : m_gsmCells)
    {
        cell->Dispose();
    }
    for (const auto& cell : m_gprsCells)
    {
        cell->Dispose();
    }
    for (Ptr<Object> element : std::initializer_list<Ptr<Object>>{m_msc, m_hlr, m_smsc})
    {
        if (element)
        {
            element->Dispose();
        }
    }
    m_gsmCells.clear();
    m_gprsCells.clear();
    m_msc = nullptr;
    m_hlr = nullptr;
    m_smsc = nullptr;
    m_signalling = nullptr;
    m_sgsn = nullptr;
    m_ggsn = nullptr;
    m_sgsnNode = nullptr;
    m_ggsnNode = nullptr;
    m_routerNode = nullptr;
    m_serverNode = nullptr;
    m_smscNode = nullptr;
    m_smppServer = nullptr;
    m_gnDevice = nullptr;
    m_powerProfile = nullptr;
    m_energies.clear();
    Object::DoDispose();
}

void
CellularNetwork::SetAcknowledgedLlc(bool acknowledged)
{
    m_linkSettings.acknowledged = acknowledged;
}

bool
CellularNetwork::GetAcknowledgedLlc() const
{
    return m_linkSettings.acknowledged;
}

void
CellularNetwork::SetHeaderCompression(bool compress)
{
    m_linkSettings.compressHeaders = compress;
}

bool
CellularNetwork::GetHeaderCompression() const
{
    return m_linkSettings.compressHeaders;
}

void
CellularNetwork::Build()
{
    BuildCircuitCore();
    BuildPacketCore();
    BuildCells();
    m_powerProfile = CreateObject<RadioPowerProfile>();
    if (m_hasSmppServer)
    {
        BuildSmppServer();
    }
}

void
CellularNetwork::BuildCircuitCore()
{
    m_msc = CreateObject<MscVlr>();
    m_hlr = CreateObject<Hlr>();
    m_smsc = CreateObject<Smsc>();
    m_signalling = CreateObject<Ss7Network>();
    m_hlr->SetSignalling(m_signalling, m_signalling->AddPoint("hlr"));
    m_msc->SetSignalling(m_signalling, m_signalling->AddPoint("msc"));
    m_smsc->SetSignalling(m_signalling, m_signalling->AddPoint("smsc"));
    m_msc->SetHlr(m_hlr);
    m_msc->SetSmsc(m_smsc);
    m_smsc->SetHlr(m_hlr);
}

Ptr<NetDevice>
CellularNetwork::Join(Ptr<Node> first, Ptr<Node> second, Ipv4Address network, Time delay)
{
    auto link = CreateObjectWithAttributes<CoreLink>("Delay", TimeValue(delay));
    link->Attach(first, second);
    LeanStackHelper::AddInterface(first, link->GetDevice(0), Nth(network, 1), g_linkMask);
    LeanStackHelper::AddInterface(second, link->GetDevice(1), Nth(network, 2), g_linkMask);
    return link->GetDevice(0);
}

void
CellularNetwork::BuildPacketCore()
{
    for (auto* node : {&m_sgsnNode, &m_ggsnNode, &m_routerNode, &m_serverNode})
    {
        *node = CreateObject<Node>();
        LeanStackHelper::Install(*node);
    }
    m_sgsn = CreateObject<Sgsn>();
    m_ggsn = CreateObject<Ggsn>();
    m_sgsnNode->AggregateObject(m_sgsn);
    m_ggsnNode->AggregateObject(m_ggsn);

    m_gnDevice = Join(m_sgsnNode, m_ggsnNode, g_gn, m_gnDelay);
    const auto gi = Join(m_ggsnNode, m_routerNode, g_gi, m_giDelay);
    Join(m_routerNode, m_serverNode, g_internet, m_internetDelay);

    auto tunnels = CreateObject<GgsnTunnelDevice>();
    m_ggsnNode->AddDevice(tunnels);
    const auto& first = m_ggsn->GetAccessPoints().front().pool;
    const auto tunnelInterface = LeanStackHelper::AddInterface(m_ggsnNode,
                                                               tunnels,
                                                               Nth(first.GetNetwork(), 1),
                                                               first.GetMask());

    const auto gnPeer = m_gnDevice->GetChannel()->GetDevice(1);
    m_sgsn->Connect(m_gnDevice, Nth(g_gn, 1), Nth(g_gn, 2));
    m_ggsn->Connect(gnPeer, Nth(g_gn, 2), Nth(g_gn, 1), tunnels, gi);
    m_sgsn->SetLinkSettings(m_linkSettings);
    m_sgsn->SetNetworkMode(m_networkMode);
    if (m_smsOverGprs || m_ggsn->RequestsActivation())
    {
        m_sgsn->SetHlr(m_signalling, m_signalling->AddPoint("sgsn"), m_hlr);
    }
    if (m_smsOverGprs)
    {
        m_sgsn->SetShortMessageService(m_smsc, m_msc->GetSettings().sms);
    }
    if (m_ggsn->RequestsActivation())
    {
        m_ggsn->SetHlr(m_signalling, m_signalling->AddPoint("ggsn"), m_hlr);
    }

    // interfaces count from 1 in the order of Join(), 0 being the loopback
    LeanStackHelper::GetRouting(m_sgsnNode)->SetDefaultRoute(1, Nth(g_gn, 2));
    const auto ggsn = LeanStackHelper::GetRouting(m_ggsnNode);
    ggsn->AddNetworkRoute(g_gn, g_linkMask, 1);
    ggsn->SetDefaultRoute(2, Nth(g_gi, 2));
    const auto router = LeanStackHelper::GetRouting(m_routerNode);
    for (const auto& point : m_ggsn->GetAccessPoints())
    {
        const auto& pool = point.pool;
        ggsn->AddNetworkRoute(pool.GetNetwork(), pool.GetMask(), tunnelInterface);
        router->AddNetworkRoute(pool.GetNetwork(), pool.GetMask(), 1, Nth(g_gi, 1));
    }
    router->AddNetworkRoute(g_gi, g_linkMask, 1);
    router->SetDefaultRoute(2, Nth(g_internet, 2));
    LeanStackHelper::GetRouting(m_serverNode)->SetDefaultRoute(1, Nth(g_internet, 1));
}

void
CellularNetwork::BuildCells()
{
    for (uint32_t n = 0; n < m_cellCount; ++n)
    {
        auto gsm = CreateObject<GsmCell>();
        gsm->SetMsc(m_msc);
        const uint32_t areaCode = n / m_areaCells + 1;
        gsm->SetAttribute("LocationAreaCode", UintegerValue(areaCode));
        m_msc->AddCell(PeekPointer(gsm));
        VectorValue position;
        gsm->GetAttribute("Position", position);
        gsm->SetAttribute("Position",
                          VectorValue(position.Get() + Vector(m_cellSpacing * n, 0, 0)));
        m_gsmCells.push_back(gsm);
        auto gprs = CreateObject<GprsCell>();
        gprs->SetCommonControlChannel(gsm->GetCcch());
        gprs->SetRadioConditions(gsm->GetRadioConditions());
        gprs->SetSgsn(m_sgsn);
        gprs->SetNetworkMode(m_networkMode);
        gsm->SetPacketBss(PeekPointer(gprs));
        RoutingAreaId area;
        area.lac = static_cast<uint16_t>(areaCode);
        gprs->SetRoutingArea(area);
        m_sgsn->AddCell(gprs);
        m_gprsCells.push_back(gprs);
    }
}

void
CellularNetwork::BuildSmppServer()
{
    m_smscNode = CreateObject<Node>();
    LeanStackHelper::Install(m_smscNode);
    Join(m_routerNode, m_smscNode, g_smsc, m_giDelay);
    LeanStackHelper::GetRouting(m_routerNode)->AddNetworkRoute(g_smsc, g_linkMask, 3);
    LeanStackHelper::GetRouting(m_smscNode)->SetDefaultRoute(1, Nth(g_smsc, 1));
    m_smppServer = CreateObject<SmppServer>();
    m_smppServer->SetMessageCentre(std::make_unique<SmscMessageCentre>(m_smsc));
    m_smscNode->AddApplication(m_smppServer);
}

Ptr<Node>
CellularNetwork::AddPhone(uint32_t cell)
{
    const auto imsi = FIRST_IMSI + m_phones;
    const auto msisdn = std::to_string(FIRST_MSISDN + m_phones);
    ++m_phones;
    auto node = CreateObject<Node>();
    m_hlr->AddSubscriber(imsi, msisdn, m_msc);
    m_sgsn->AddSubscriber(imsi, msisdn);

    auto gsm = CreateObject<GsmMobileStation>();
    gsm->SetIdentity(imsi, msisdn);
    gsm->SetCell(m_gsmCells[cell % m_cellCount]);
    node->AggregateObject(gsm);

    auto gprs = CreateObject<GprsMobileStation>();
    gprs->SetIdentity(imsi, node->GetId());
    gprs->SetCell(m_gprsCells[cell % m_cellCount]);
    gprs->SetLinkSettings(m_linkSettings);
    gprs->SetSmsOverGprs(m_smsOverGprs);
    gprs->SetInterfaceCallback(
        MakeBoundCallback(&CellularNetwork::InstallInterface, m_transportPreset));
    if (gprs->GetMobileClass() == MobileClass::CLASS_C_GPRS)
    {
        gsm->StartWithoutCircuitService();
    }
    if (!m_firstStaticAddress.IsAny())
    {
        const auto offset = static_cast<uint32_t>(m_phones) - 1;
        gprs->SetAttribute("StaticAddress",
                           Ipv4AddressValue(Ipv4Address(m_firstStaticAddress.Get() + offset)));
    }
    Ipv4AddressValue address;
    gprs->GetAttribute("StaticAddress", address);
    m_ggsn->AddStaticAddress(address.Get(), imsi, msisdn);
    node->AggregateObject(gprs);
    if (m_metersEnergy)
    {
        auto energy = CreateObject<PhoneEnergy>();
        energy->SetProfile(m_powerProfile);
        node->AggregateObject(energy);
        gsm->SetEnergy(energy);
        m_energies.push_back(energy);
    }
    return node;
}

void
CellularNetwork::InstallInterface(TransportPreset preset,
                                  Ptr<GprsMobileStation> ms,
                                  Ipv4Address address)
{
    auto node = NodeList::GetNode(ms->GetNodeId());
    if (const auto ipv4 = node->GetObject<Ipv4>())
    {
        // it has had a context before: only the address is new
        constexpr uint32_t interface = 1;
        LeanStackHelper::SetAddress(node, interface, address);
        return;
    }
    LeanStackHelper::Install(node);
    node->GetObject<PeerTcpProtocol>()->SetTransportPreset(preset);
    auto device = CreateObject<GprsDevice>();
    device->SetMobileStation(ms);
    ms->SetDevice(device);
    node->AddDevice(device);
    const auto interface = LeanStackHelper::AddInterface(node, device, address);
    LeanStackHelper::GetRouting(node)->SetDefaultRoute(interface);
}

std::string
CellularNetwork::GetMsisdn(Ptr<Node> phone)
{
    return phone->GetObject<GsmMobileStation>()->GetMsisdn();
}

Ptr<Node>
CellularNetwork::GetServer() const
{
    return m_serverNode;
}

Ipv4Address
CellularNetwork::GetServerAddress() const
{
    return Nth(g_internet, 2);
}

const std::vector<Ptr<GsmCell>>&
CellularNetwork::GetGsmCells() const
{
    return m_gsmCells;
}

const std::vector<Ptr<GprsCell>>&
CellularNetwork::GetGprsCells() const
{
    return m_gprsCells;
}

Ptr<MscVlr>
CellularNetwork::GetMsc() const
{
    return m_msc;
}

Ptr<Hlr>
CellularNetwork::GetHlr() const
{
    return m_hlr;
}

Ptr<Smsc>
CellularNetwork::GetSmsc() const
{
    return m_smsc;
}

Ptr<SmppServer>
CellularNetwork::GetSmppServer() const
{
    return m_smppServer;
}

Ipv4Address
CellularNetwork::GetSmscAddress() const
{
    return Nth(g_smsc, 2);
}

Ptr<Sgsn>
CellularNetwork::GetSgsn() const
{
    return m_sgsn;
}

Ptr<Ggsn>
CellularNetwork::GetGgsn() const
{
    return m_ggsn;
}

Ptr<NetDevice>
CellularNetwork::GetGnDevice() const
{
    return m_gnDevice;
}

std::vector<std::pair<std::string, CounterList>>
CellularNetwork::GetCounters() const
{
    std::vector<std::pair<std::string, CounterList>> all;
    for (std::size_t n = 0; n < m_gsmCells.size(); ++n)
    {
        auto counters = m_gsmCells[n]->GetCounters();
        const auto packet = m_gprsCells[n]->GetCounters();
        counters.insert(counters.end(), packet.begin(), packet.end());
        all.emplace_back("cell-" + std::to_string(n), std::move(counters));
    }
    if (m_metersEnergy)
    {
        all.emplace_back("energy", PhoneEnergy::GetCounters(m_energies));
    }
    all.emplace_back("ggsn", m_ggsn->GetCounters());
    all.emplace_back("hlr", m_hlr->GetCounters());
    all.emplace_back("msc", m_msc->GetCounters());
    all.emplace_back("sgsn", m_sgsn->GetCounters());
    all.emplace_back("smsc", m_smsc->GetCounters());
    if (m_smppServer)
    {
        all.emplace_back("smsc-door", m_smppServer->GetCounters());
    }
    all.emplace_back("ss7", m_signalling->GetCounters());
    return all;
}

int64_t
CellularNetwork::AssignStreams(int64_t first)
{
    auto next = first;
    next += m_msc->AssignStreams(next);
    next += m_smsc->AssignStreams(next);
    next += m_sgsn->AssignStreams(next);
    for (std::size_t n = 0; n < m_gsmCells.size(); ++n)
    {
        next += m_gsmCells[n]->AssignStreams(next);
        next += m_gprsCells[n]->AssignStreams(next);
    }
    return next - first;
}

} // namespace p2pim
} // namespace ns3
