// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/cellular-network.h"

#include "ns3/attribute-checkers.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/global-title-table.h"
#include "ns3/gprs-device.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/gsm-radio-conditions.h"
#include "ns3/host-routing.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/node-list.h"
#include "ns3/operator-defaults.h"
#include "ns3/peer-tcp-protocol.h"
#include "ns3/string.h"
#include "ns3/tcp-sequence-numbers.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(CellularNetwork);

namespace
{

/// MCC and MNC of an IMSI: what is behind is the subscriber's number.
constexpr std::size_t PLMN_DIGITS = 5;
/// With the subscriber's number these are at most the 15 of E.164.
constexpr std::size_t MAX_PREFIX_DIGITS = 9;
/// Of a subscriber's number behind the prefix, of which a phone's PIN is made, too.
constexpr int SUBSCRIBER_DIGITS = 6;

bool
AreDigits(const std::string& text)
{
    return text.find_first_not_of("0123456789") == std::string::npos;
}

/// @return @p prefix and a number of some digits.
uint64_t
MakeNumber(const std::string& prefix, int digits, uint64_t number)
{
    uint64_t whole = ParseDigits(prefix).value_or(0);
    for (int n = 0; n < digits; ++n)
    {
        whole *= 10;
    }
    return whole + number;
}

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
            .AddAttribute("Plmn",
                          "Mobile country code and mobile network code, five digits, with which "
                          "the IMSIs begin (ITU-T E.212). Empty: 001 for test networks, and the "
                          "operator's number.",
                          StringValue(""),
                          MakeStringAccessor(&CellularNetwork::SetPlmn, &CellularNetwork::GetPlmn),
                          MakeStringChecker())
            .AddAttribute("NumberPrefix",
                          "First digits of the phones' numbers, at most 9, country code and all; "
                          "six more follow. Empty: 44770 and one less than the operator's number, "
                          "after the United Kingdom's range for drama, 07700 900xxx.",
                          StringValue(""),
                          MakeStringAccessor(&CellularNetwork::SetNumberPrefix,
                                             &CellularNetwork::GetNumberPrefix),
                          MakeStringChecker())
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
            .AddAttribute("AccessPopulation",
                          "A CSV file of the kinds of access that phones have: name, unit, place, "
                          "share, chain, source and mark of each. A path in the working folder, or "
                          "else in that of the scenario file. Empty: all phones are behind "
                          "GiGateways.Chain.",
                          StringValue(""),
                          MakeStringAccessor(&CellularNetwork::m_accessPopulation),
                          MakeInputFileChecker())
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
                          "and RFC 6298, ns-3 that of ns-3's defaults, linux that of Linux since "
                          "6.5. The server host has that of the attributes.",
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
    m_tunnels = nullptr;
    m_internet = nullptr;
    m_smscNode = nullptr;
    m_smppServer = nullptr;
    m_gnDevice = nullptr;
    m_gateways = nullptr;
    for (const auto& access : m_accesses)
    {
        access->Dispose();
    }
    m_accesses.clear();
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
CellularNetwork::SetOperator(uint32_t number)
{
    m_number = number;
}

void
CellularNetwork::SetInternet(Ptr<Internet> internet)
{
    m_internet = internet;
}

Ptr<Internet>
CellularNetwork::GetInternet() const
{
    return m_internet;
}

bool
CellularNetwork::SetPlmn(const std::string& digits)
{
    if (!AreDigits(digits) || (!digits.empty() && digits.size() != PLMN_DIGITS))
    {
        return false;
    }
    m_plmn = digits;
    return true;
}

std::string
CellularNetwork::GetPlmn() const
{
    return m_plmn.empty() ? "0010" + std::to_string(m_number) : m_plmn;
}

bool
CellularNetwork::SetNumberPrefix(const std::string& digits)
{
    if (!AreDigits(digits) || digits.size() > MAX_PREFIX_DIGITS || digits[0] == '0')
    {
        return false;
    }
    m_numberPrefix = digits;
    return true;
}

std::string
CellularNetwork::GetNumberPrefix() const
{
    return m_numberPrefix.empty() ? "44770" + std::to_string(m_number - 1) : m_numberPrefix;
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
    if (m_number > 1 && !OperatorDefaults::Has(m_number, Smsc::GetTypeId(), "Address"))
    {
        const uint64_t address = MakeNumber(GetNumberPrefix(), SUBSCRIBER_DIGITS, 0);
        m_smsc->SetAttribute("Address", StringValue(std::to_string(address)));
    }
}

void
CellularNetwork::JoinSignalling(Ptr<GlobalTitleTable> titles)
{
    titles->Add(GetNumberPrefix(), m_hlr);
    m_smsc->SetGlobalTitles(titles);
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
        const auto plmn = static_cast<uint32_t>(ParseDigits(GetPlmn()).value_or(0));
        area.mcc = static_cast<uint16_t>(plmn / 100);
        area.mnc = static_cast<uint16_t>(plmn % 100);
        gprs->SetRoutingArea(area);
        m_sgsn->AddCell(gprs);
        m_gprsCells.push_back(gprs);
    }
}

Ptr<Node>
CellularNetwork::AddPhone(uint32_t cell)
{
    const OperatorDefaults::Scope defaults(m_number);
    ++m_phones;
    constexpr int imsiDigits = 15;
    const auto imsi = MakeNumber(GetPlmn(), imsiDigits - static_cast<int>(PLMN_DIGITS), m_phones);
    const auto msisdn = std::to_string(MakeNumber(GetNumberPrefix(), SUBSCRIBER_DIGITS, m_phones));
    auto node = CreateObject<Node>();
    m_hlr->AddSubscriber(imsi, msisdn, m_msc);
    m_sgsn->AddSubscriber(imsi, msisdn);

    auto gsm = CreateObject<GsmMobileStation>();
    GiveServiceCentre(gsm);
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

/// Tells a phone the SMSC of its operator, if that is another one than the first.
void
CellularNetwork::GiveServiceCentre(Ptr<GsmMobileStation> gsm) const
{
    if (m_number > 1 &&
        !OperatorDefaults::Has(m_number, GsmMobileStation::GetTypeId(), "ServiceCentre"))
    {
        StringValue address;
        m_smsc->GetAttribute("Address", address);
        gsm->SetAttribute("ServiceCentre", address);
    }
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
    return m_internet->GetServer();
}

Ipv4Address
CellularNetwork::GetServerAddress() const
{
    return m_internet->GetServerAddress();
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

Ptr<GiGateways>
CellularNetwork::GetGateways() const
{
    return m_gateways;
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
    for (auto& each : m_gateways->GetCounters())
    {
        all.push_back(std::move(each));
    }
    for (const auto& access : m_accesses)
    {
        for (auto& each : access->GetCounters())
        {
            all.push_back(std::move(each));
        }
    }
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
    TcpSequenceNumbers::AssignStreams(GetOptionalStreams(first));
    auto next = first;
    next += m_msc->AssignStreams(next);
    next += m_smsc->AssignStreams(next);
    next += m_sgsn->AssignStreams(next);
    for (std::size_t n = 0; n < m_gsmCells.size(); ++n)
    {
        next += m_gsmCells[n]->AssignStreams(next);
        next += m_gprsCells[n]->AssignStreams(next);
    }
    next += m_gateways->AssignStreams(next);
    for (const auto& access : m_accesses)
    {
        next += access->AssignStreams(next);
    }
    return next - first;
}

} // namespace p2pim
} // namespace ns3
