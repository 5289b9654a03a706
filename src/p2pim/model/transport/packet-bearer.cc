// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/packet-bearer.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(PacketBearer);

TypeId
PacketBearer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::PacketBearer").SetParent<Object>().SetGroupName("P2pim");
    return tid;
}

PacketBearer::~PacketBearer() = default;

} // namespace p2pim
} // namespace ns3
