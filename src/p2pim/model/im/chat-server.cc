// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/chat-server.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(ChatServer);

TypeId
ChatServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::ChatServer").SetParent<Application>().SetGroupName("P2pim");
    return tid;
}

ChatServer::~ChatServer() = default;

} // namespace p2pim
} // namespace ns3
