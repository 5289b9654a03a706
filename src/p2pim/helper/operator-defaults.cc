// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/operator-defaults.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace p2pim
{

namespace
{

/// A default of one operator.
struct Default
{
    TypeId declarer;
    std::size_t attribute;
    Ptr<const AttributeValue> value;
};

using Defaults = std::array<std::vector<Default>, OperatorDefaults::MAX_OPERATORS>;

/// @return the defaults of all operators.
Defaults&
GetAll()
{
    static Defaults all;
    return all;
}

} // namespace

const std::vector<std::string>&
OperatorDefaults::GetClasses()
{
    static const std::vector<std::string> classes = []() {
        std::vector<std::string> names;
        for (const char* name : {"AccessNetwork",
                                 "CellularNetwork",
                                 "CommonControlChannel",
                                 "ConstantRadioConditions",
                                 "CoreLink",
                                 "Ggsn",
                                 "GiGateways",
                                 "GprsCell",
                                 "GprsMobileStation",
                                 "GsmBackgroundLoad",
                                 "GsmCell",
                                 "GsmMobileStation",
                                 "Hlr",
                                 "MscVlr",
                                 "NetworkFaults",
                                 "PropagationRadioConditions",
                                 "RadioPowerProfile",
                                 "Sgsn",
                                 "SmppServer",
                                 "Smsc",
                                 "Ss7Network"})
        {
            names.push_back(std::string("ns3::p2pim::") + name);
        }
        return names;
    }();
    return classes;
}

void
OperatorDefaults::Set(uint32_t number,
                      TypeId declarer,
                      std::size_t attribute,
                      Ptr<const AttributeValue> value)
{
    auto& own = GetAll().at(number - 1);
    const auto earlier = std::find_if(own.begin(), own.end(), [&](const Default& one) {
        return one.declarer == declarer && one.attribute == attribute;
    });
    if (earlier != own.end())
    {
        earlier->value = value;
        return;
    }
    own.push_back({declarer, attribute, value});
}

bool
OperatorDefaults::Has(uint32_t number, TypeId declarer, const std::string& attribute)
{
    const auto& own = GetAll().at(number - 1);
    return std::any_of(own.begin(), own.end(), [&](const Default& one) {
        return one.declarer == declarer &&
               one.declarer.GetAttribute(one.attribute).name == attribute;
    });
}

void
OperatorDefaults::Reset()
{
    GetAll() = {};
}

OperatorDefaults::Scope::Scope(uint32_t number)
{
    const auto& own = GetAll().at(number - 1);
    m_former.reserve(own.size());
    for (const Default& one : own)
    {
        TypeId declarer = one.declarer;
        const auto former = declarer.GetAttribute(one.attribute).initialValue;
        m_former.push_back({{declarer, one.attribute}, former});
        declarer.SetAttributeInitialValue(one.attribute, one.value);
    }
}

OperatorDefaults::Scope::~Scope()
{
    for (auto former = m_former.rbegin(); former != m_former.rend(); ++former)
    {
        former->first.first.SetAttributeInitialValue(former->first.second, former->second);
    }
}

} // namespace p2pim
} // namespace ns3
