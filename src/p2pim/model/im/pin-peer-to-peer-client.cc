// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/pin-peer-to-peer-client.h"

#include "ns3/abort.h"
#include "ns3/node.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(PinPeerToPeerClient);

TypeId
PinPeerToPeerClient::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::PinPeerToPeerClient")
                            .SetParent<PeerToPeerClient>()
                            .SetGroupName("P2pim")
                            .AddConstructor<PinPeerToPeerClient>();
    return tid;
}

PinPeerToPeerClient::PinPeerToPeerClient() = default;

PinPeerToPeerClient::~PinPeerToPeerClient() = default;

std::string
PinPeerToPeerClient::MakePin(const Msisdn& msisdn)
{
    constexpr std::size_t digits = 7;
    const std::string padded = std::string(digits, '0') + msisdn;
    return "2" + padded.substr(padded.size() - digits);
}

void
PinPeerToPeerClient::SetRelay(const InetSocketAddress& relay)
{
    m_relay = relay;
}

Ptr<PinService>
PinPeerToPeerClient::GetService() const
{
    return m_service;
}

void
PinPeerToPeerClient::DoInitialize()
{
    const auto pin = ParsePin(GetMsisdn());
    NS_ABORT_MSG_UNLESS(pin && m_relay, "PinPeerToPeerClient: no PIN, or no relay");
    m_service = CreateObject<PinService>();
    m_service->Mount(GetNode(), *pin, *m_relay);
    SetPageModeService(m_service);
    PeerToPeerClient::DoInitialize();
}

void
PinPeerToPeerClient::DoDispose()
{
    if (m_service)
    {
        m_service->Dispose();
        m_service = nullptr;
    }
    PeerToPeerClient::DoDispose();
}

void
PinPeerToPeerClient::StopApplication()
{
    PeerToPeerClient::StopApplication();
    m_service->GoOffline();
}

void
PinPeerToPeerClient::GoOnline()
{
    m_service->GoOnline();
}

} // namespace p2pim
} // namespace ns3
