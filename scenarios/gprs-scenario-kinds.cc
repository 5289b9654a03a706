// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * What the sessions of a GprsScenario are: pings, or transfers.
 */
#include "gprs-scenario.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(GprsPingScenario);
NS_OBJECT_ENSURE_REGISTERED(GprsTransferScenario);

TypeId
GprsPingScenario::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::GprsPingScenario")
                            .SetParent<GprsScenario>()
                            .SetGroupName("P2pim")
                            .AddConstructor<GprsPingScenario>();
    return tid;
}

std::vector<SchemeInfo>
GprsPingScenario::GetSchemes() const
{
    return {{"ping", "a datagram from the phone to the server, and its echo"},
            {PUSH, "a datagram from the server to the phone, and its echo"}};
}

GprsTraffic::Kind
GprsPingScenario::GetKind() const
{
    return GprsTraffic::Kind::PING;
}

TypeId
GprsTransferScenario::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::GprsTransferScenario")
                            .SetParent<GprsScenario>()
                            .SetGroupName("P2pim")
                            .AddConstructor<GprsTransferScenario>();
    return tid;
}

std::vector<SchemeInfo>
GprsTransferScenario::GetSchemes() const
{
    return {{"download", "octets from the server to the phone over TCP"},
            {UPLOAD, "octets from the phone to the server over TCP"}};
}

GprsTraffic::Kind
GprsTransferScenario::GetKind() const
{
    return GprsTraffic::Kind::TRANSFER;
}

} // namespace p2pim
} // namespace ns3
