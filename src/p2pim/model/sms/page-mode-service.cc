// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/page-mode-service.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(PageModeService);

TypeId
PageModeService::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::PageModeService").SetParent<Object>().SetGroupName("P2pim");
    return tid;
}

PageModeService::~PageModeService() = default;

} // namespace p2pim
} // namespace ns3
