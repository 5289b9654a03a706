// SPDX-License-Identifier: GPL-2.0-only
#include "test-configured.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/integer.h"
#include "ns3/pointer.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <limits>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(TestConfigured);
NS_OBJECT_ENSURE_REGISTERED(TestConfiguredChild);

namespace
{

TypeId
AddNumbers(TypeId type)
{
    return type
        .AddAttribute("Flag",
                      "A truth value.",
                      BooleanValue(false),
                      MakeBooleanAccessor(&TestConfigured::flag),
                      MakeBooleanChecker())
        .AddAttribute("Count",
                      "A whole number.",
                      UintegerValue(4),
                      MakeUintegerAccessor(&TestConfigured::count),
                      MakeUintegerChecker<uint32_t>(1, 8))
        .AddAttribute("Offset",
                      "A whole number with a sign.",
                      IntegerValue(0),
                      MakeIntegerAccessor(&TestConfigured::offset),
                      MakeIntegerChecker<int32_t>(-5, 5))
        .AddAttribute("Share",
                      "A number.",
                      DoubleValue(0.123456789),
                      MakeDoubleAccessor(&TestConfigured::share),
                      MakeDoubleChecker<double>(0, 1));
}

TypeId
AddQuantities(TypeId type)
{
    return type
        .AddAttribute("Delay",
                      "A time.",
                      TimeValue(MilliSeconds(1500)),
                      MakeTimeAccessor(&TestConfigured::delay),
                      MakeTimeChecker(Seconds(0), Seconds(60)))
        .AddAttribute("AnyTime",
                      "A time without bounds.",
                      TimeValue(Seconds(1)),
                      MakeTimeAccessor(&TestConfigured::anyTime),
                      MakeTimeChecker())
        .AddAttribute("Rate",
                      "A rate.",
                      DataRateValue(DataRate("9600bps")),
                      MakeDataRateAccessor(&TestConfigured::rate),
                      MakeDataRateChecker())
        .AddAttribute("Queue",
                      "A queue's size.",
                      QueueSizeValue(QueueSize("100p")),
                      MakeQueueSizeAccessor(&TestConfigured::queue),
                      MakeQueueSizeChecker());
}

} // namespace

TypeId
TestConfigured::GetTypeId()
{
    static TypeId tid =
        AddQuantities(AddNumbers(TypeId("ns3::p2pim::TestConfigured")
                                     .SetParent<Object>()
                                     .SetGroupName("P2pim")
                                     .AddConstructor<TestConfigured>()))
            .AddAttribute("Colour",
                          "A choice.",
                          EnumValue(GREEN),
                          MakeEnumAccessor(&TestConfigured::colour),
                          MakeEnumChecker(RED, "Red", GREEN, "Green", BLUE, "Blue"))
            .AddAttribute("Name",
                          "A text.",
                          StringValue("x"),
                          MakeStringAccessor(&TestConfigured::name),
                          MakeStringChecker())
            .AddAttribute("Word",
                          "A text without blanks.",
                          StringValue("x"),
                          MakeStringAccessor(&TestConfigured::SetWord, &TestConfigured::GetWord),
                          MakeStringChecker())
            .AddAttribute("Address",
                          "An address.",
                          Ipv4AddressValue("10.0.0.1"),
                          MakeIpv4AddressAccessor(&TestConfigured::address),
                          MakeIpv4AddressChecker())
            .AddAttribute("Draw",
                          "A random variable.",
                          StringValue("ns3::ConstantRandomVariable[Constant=1]"),
                          MakePointerAccessor(&TestConfigured::draw),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("Other",
                          "An object.",
                          PointerValue(),
                          MakePointerAccessor(&TestConfigured::other),
                          MakePointerChecker<Object>())
            .AddAttribute("Reading",
                          "Read only.",
                          TypeId::ATTR_GET,
                          UintegerValue(0),
                          MakeUintegerAccessor(&TestConfigured::GetReading),
                          MakeUintegerChecker<uint32_t>());
    return tid;
}

bool
TestConfigured::SetWord(std::string text)
{
    word = std::move(text);
    return word.find(' ') == std::string::npos;
}

std::string
TestConfigured::GetWord() const
{
    return word;
}

uint32_t
TestConfigured::GetReading() const
{
    return count;
}

TypeId
TestConfiguredChild::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::TestConfiguredChild")
                            .SetParent<TestConfigured>()
                            .SetGroupName("P2pim")
                            .AddConstructor<TestConfiguredChild>();
    return tid;
}

} // namespace p2pim
} // namespace ns3
