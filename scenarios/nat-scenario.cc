// SPDX-License-Identifier: GPL-2.0-only
#include "nat-scenario.h"

#include "ns3/access-population.h"
#include "ns3/config.h"
#include "ns3/enum.h"
#include "ns3/operator-defaults.h"
#include "ns3/peer-to-peer-client.h"
#include "ns3/string.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(NatScenario);

namespace
{

/// The setting whose values the schemes are.
constexpr const char* TRAVERSAL = "ns3::p2pim::PeerToPeerClient::Traversal";

/// @return the information of the attribute Traversal.
TypeId::AttributeInformation
GetTraversal()
{
    TypeId::AttributeInformation information;
    PeerToPeerClient::GetTypeId().LookupAttributeByName("Traversal", &information);
    return information;
}

/// @return the strategies, as the attribute spells them.
std::vector<std::string>
ListStrategies()
{
    // such as "Direct|Punch"
    std::string text = GetTraversal().checker->GetUnderlyingTypeInformation() + "|";
    std::vector<std::string> names;
    for (auto end = text.find('|'); end != std::string::npos; end = text.find('|'))
    {
        names.push_back(text.substr(0, end));
        text.erase(0, end + 1);
    }
    return names;
}

/// @return the scheme of a strategy: "low-ttl-punch" for LowTtlPunch.
std::string
ToScheme(const std::string& strategy)
{
    std::string scheme;
    for (const char c : strategy)
    {
        if (std::isupper(c) && !scheme.empty())
        {
            scheme += '-';
        }
        scheme += static_cast<char>(std::tolower(c));
    }
    return scheme;
}

/// @return what a scheme is, in a line.
std::string
Summarise(const std::string& scheme)
{
    static const std::map<std::string, std::string> summaries{
        {"direct", "the target connects to the address in the invitation"},
        {"requested-address", "the initiator asks its NAT for an outside port (PCP)"},
        {"kept-mapping", "the initiator learns its outside port (STUN) and keeps it in use"},
        {"reversal", "the target answers by SMS, and the initiator connects"},
        {"punch", "the target answers by SMS, and both connect until they meet"},
        {"low-ttl-punch", "punch; the target's first SYNs do not reach the other NAT"},
        {"sequential-punch", "the target sends one SYN, answers by SMS, and listens"},
        {"predicted-punch", "punch towards the ports that the other NAT is expected to give"},
        {"relay", "both connect to a relay (TURN)"},
        {"relay-after-punch", "punch, and the relay if that takes long"},
        {"auto", "what the NATs of both sides let one hope for"},
    };
    const auto found = summaries.find(scheme);
    return found == summaries.end() ? "" : found->second;
}

/// @return the kinds of access that the phones of an operator will have.
std::vector<AccessKind>
ReadKinds(uint32_t number)
{
    const OperatorDefaults::Scope defaults(number);
    const auto network = CreateObject<CellularNetwork>();
    StringValue path;
    network->GetAttribute("AccessPopulation", path);
    network->Dispose();
    AccessPopulation population;
    if (!path.Get().empty())
    {
        ReadAccessPopulation(path.Get(), population);
    }
    return population.kinds;
}

bool
HaveSameNames(const std::vector<AccessKind>& a, const std::vector<AccessKind>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.name == y.name;
    });
}

} // namespace

TypeId
NatScenario::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::NatScenario")
            .SetParent<ChatScenario>()
            .SetGroupName("P2pim")
            .AddConstructor<NatScenario>()
            .AddAttribute("Pairing",
                          "Which kinds of CellularNetwork.AccessPopulation meet. Population: each "
                          "phone's kind is drawn by its share. Matrix: each kind calls each, in "
                          "turn. Same: each kind calls its own, in turn; the phones have the same "
                          "NAT if it is the carrier's and they have the same operator. With Matrix "
                          "and Same the shares are not heeded, OtherOperatorShare is that of the "
                          "rounds, and Sessions has to be a multiple of the number of pairs.",
                          EnumValue(PAIRING_POPULATION),
                          MakeEnumAccessor(&NatScenario::m_pairing),
                          MakeEnumChecker(PAIRING_POPULATION,
                                          "Population",
                                          PAIRING_MATRIX,
                                          "Matrix",
                                          PAIRING_SAME,
                                          "Same"));
    return tid;
}

std::vector<SchemeInfo>
NatScenario::GetSchemes() const
{
    std::vector<SchemeInfo> schemes;
    for (const auto& strategy : ListStrategies())
    {
        const auto scheme = ToScheme(strategy);
        schemes.push_back({scheme, Summarise(scheme)});
    }
    return schemes;
}

std::string
NatScenario::GetImScheme(const std::string&) const
{
    return "p2p";
}

bool
NatScenario::Run(const std::string& scheme, const Progress& progress, ::p2pim::RunRecord& record)
{
    const auto strategies = ListStrategies();
    const auto strategy =
        std::find_if(strategies.begin(), strategies.end(), [&scheme](const auto& each) {
            return ToScheme(each) == scheme;
        });
    NS_ABORT_MSG_IF(strategy == strategies.end(), "no scheme " << scheme);
    Config::SetDefault(TRAVERSAL, StringValue(*strategy));
    const bool isComplete = ChatScenario::Run(scheme, progress, record);
    Config::SetDefault(TRAVERSAL, *GetTraversal().originalInitialValue);
    return isComplete;
}

uint32_t
NatScenario::CountPairs(std::size_t kinds) const
{
    return static_cast<uint32_t>(m_pairing == PAIRING_MATRIX ? kinds * kinds : kinds);
}

void
NatScenario::ChoosePhones(uint32_t index, const Operators& operators, SessionPlan& plan)
{
    ChatScenario::ChoosePhones(index, operators, plan);
    const auto kinds =
        static_cast<uint32_t>(operators.GetNetworks().front()->GetAccessKinds().size());
    if (m_pairing == PAIRING_POPULATION || kinds == 0)
    {
        return;
    }
    const uint32_t pairs = CountPairs(kinds);
    const uint32_t pair = index % pairs;
    const uint32_t round = index / pairs;
    plan.initiatorAccess = m_pairing == PAIRING_MATRIX ? pair / kinds : pair;
    plan.targetAccess = pair % kinds;
    // spread over the rounds, so that each pair has the share
    const bool toOther =
        std::floor((round + 1) * m_otherOperatorShare) > std::floor(round * m_otherOperatorShare);
    plan.targetOperator = (plan.initiatorOperator + (toOther ? 1 : 0)) % m_operators;
}

std::optional<Scenario::SettingFault>
NatScenario::FindFault() const
{
    const auto attribute = GetTraversal();
    StringValue traversal;
    CreateObject<PeerToPeerClient>()->GetAttribute("Traversal", traversal);
    if (traversal.Get() != attribute.originalInitialValue->SerializeToString(attribute.checker))
    {
        return SettingFault{"PeerToPeerClient.Traversal",
                            "the schemes of NatScenario are its values: --schemes=" +
                                ToScheme(traversal.Get()),
                            "",
                            {}};
    }
    auto fault = ChatScenario::FindFault();
    return fault || m_pairing == PAIRING_POPULATION ? fault : FindPairingFault();
}

std::optional<Scenario::SettingFault>
NatScenario::FindPairingFault() const
{
    const auto kinds = ReadKinds(1);
    if (kinds.empty())
    {
        return SettingFault{"NatScenario.Pairing",
                            "there are no kinds to pair: CellularNetwork.AccessPopulation is empty",
                            "",
                            {}};
    }
    for (uint32_t number = 2; number <= m_operators; ++number)
    {
        if (!HaveSameNames(ReadKinds(number), kinds))
        {
            return SettingFault{"NatScenario.Pairing",
                                "the kinds of operator " + std::to_string(number) +
                                    " are not those of operator 1",
                                "",
                                {}};
        }
    }
    const uint32_t pairs = CountPairs(kinds.size());
    if (m_sessions % pairs != 0)
    {
        return SettingFault{"Scenario.Sessions",
                            std::to_string(m_sessions) + " is no multiple of the " +
                                std::to_string(pairs) + " pairs of kinds; the next one is " +
                                std::to_string((m_sessions / pairs + 1) * pairs),
                            "",
                            {}};
    }
    return std::nullopt;
}

} // namespace p2pim
} // namespace ns3
