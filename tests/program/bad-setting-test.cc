// SPDX-License-Identifier: GPL-2.0-only
#include "expect-user-error.h"
#include "program/configuration.h"
#include "program/scenario-file.h"

#include "ns3/config.h"

#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

using namespace p2pim::program;

namespace
{

/// A setting in a scenario file, and what has to be in the line that refuses it.
struct Setting
{
    std::string className;
    std::string attribute;
    std::string value;
    std::string reason;
};

/// @return the error line that reading a scenario with one setting gives.
std::string
GetError(const Setting& setting)
{
    std::istringstream text("[" + setting.className + "]\n" + setting.attribute + " = " +
                            setting.value + "\n");
    std::string error = GetUserError([&text] {
        Configuration configuration;
        for (const Assignment& assignment : ReadScenario(text, "x.ini").assignments)
        {
            configuration.Add(assignment, Configuration::Source::SCENARIO_FILE);
        }
    });
    ns3::Config::Reset();
    return error;
}

/// Each is refused when the file is read, by file, line, class and attribute.
void
ExpectRefused(const std::vector<Setting>& settings)
{
    for (const Setting& setting : settings)
    {
        const std::string error = GetError(setting);
        const std::string place = "x.ini:2: " + setting.className + "." + setting.attribute + ": ";
        EXPECT_EQ(error.substr(0, place.size()), place) << setting.value;
        EXPECT_NE(error.find(setting.reason), std::string::npos) << error;
    }
}

void
ExpectTaken(const std::vector<Setting>& settings)
{
    for (const Setting& setting : settings)
    {
        EXPECT_EQ(GetError(setting), "no error") << setting.attribute << " " << setting.value;
    }
}

} // namespace

TEST(BadSetting, NumbersThatAreNone)
{
    ExpectRefused({
        {"GsmCell", "SdcchCount", "eight", "not a whole number"},
        {"GsmCell", "SdcchCount", "8.5", "not a whole number"},
        {"GsmCell", "SdcchCount", "", "not a whole number"},
        {"GsmCell", "FrameErasureRate", "nan", "not a finite number"},
        {"GsmCell", "FrameErasureRate", "0,1", "not a finite number"},
        {"GsmBackgroundLoad", "CallRate", "inf", "not a finite number"},
        {"Smsc", "StorageTime", "nans", "not a time"},
        {"Smsc", "StorageTime", "infs", "not a time"},
        {"Smsc", "StorageTime", "soon", "not a time"},
        {"Smsc", "ServiceTime", "ns3::ConstantRandomVariable[Constant=x]", "not a finite number"},
        {"Ss7Network", "LinkRate", "fast", "not a rate"},
        {"Smsc", "Address", "SMSC", "out of range; allowed: 1 to 20 digits"},
        {"Smsc", "Address", "+441234500000", "out of range"},
        {"GsmMobileStation", "ServiceCentre", "", "out of range"},
        {"GsmMobileStation", "ServiceCentre", "441234500000441234500", "out of range"},
    });
    ExpectTaken({{"Smsc", "Address", "44123450000044123450", ""}});
}

// 255 segments of 67 UCS2 characters are 17085 (TS 23.040 9.2.3.24.1).
TEST(BadSetting, TextBeyond255Segments)
{
    ExpectRefused({
        {"SmsTraffic", "Length", "ns3::ConstantRandomVariable[Constant=17086]", "out of range"},
        {"SmsTraffic", "Length", "ns3::UniformRandomVariable[Min=1|Max=20000]", "out of range"},
        {"SmsTraffic", "Length", "ns3::ExponentialRandomVariable[Bound=1e6]", "out of range"},
        {"SmsTraffic", "Length", "ns3::ConstantRandomVariable[Constant=-1]", "out of range"},
    });
    ExpectTaken({
        {"SmsTraffic", "Length", "ns3::ConstantRandomVariable[Constant=17000]", ""},
        {"SmsTraffic", "Length", "ns3::ExponentialRandomVariable[Mean=100]", ""},
    });
}

TEST(BadSetting, PortsBeyond65535)
{
    for (const std::string className : {"SmppServer", "PinRelay", "ImServer", "SipProxyServer"})
    {
        ExpectRefused({{className, "Port", "65536", "out of range; allowed: 1 to 65535"},
                       {className, "Port", "0", "out of range"},
                       {className, "Port", "-1", "not a whole number"}});
        ExpectTaken({{className, "Port", "65535", ""}});
    }
    ExpectRefused({{"PinService", "LocalPort", "65536", "out of range"},
                   {"PeerToPeerClient", "ApplicationPort", "65536", "out of range"},
                   {"SipMessageClient", "Port", "65536", "out of range"}});
}

TEST(BadSetting, AValidityOfZero)
{
    ExpectRefused({
        {"Smsc", "DefaultValidity", "0s", "not taken"},
        {"Smsc", "DefaultValidity", "0", "not taken"},
        {"Smsc", "DefaultValidity", "-1h", "not taken"},
        {"Smsc", "DefaultValidity", "nan h", "not taken"},
        {"Smsc", "MaxValidity", "0s", "out of range"},
        {"Smsc", "MinValidity", "-1s", "out of range"},
        {"SmsTraffic", "Validity", "ns3::UniformRandomVariable[Max=4e7]", "out of range"},
    });
    ExpectTaken(
        {{"Smsc", "DefaultValidity", "1h", ""}, {"Smsc", "DefaultValidity", "schedule", ""}});
}

TEST(BadSetting, ARetryTableThatDoesNotIncrease)
{
    for (const char* bad :
         {"10min 5min", "1h 59min", "0s", "5min 0s", "-5min", "5", "5min,10min", "5min x", "inf h"})
    {
        ExpectRefused({{"Smsc", "RetrySchedule", bad, "not taken"}});
    }
    ExpectTaken(
        {{"Smsc", "RetrySchedule", "5min 10min 1h", ""}, {"Smsc", "RetrySchedule", "infobip", ""}});
}

TEST(BadSetting, NegativeRates)
{
    ExpectRefused({
        {"GsmBackgroundLoad", "CallRate", "-1", "out of range"},
        {"GsmBackgroundLoad", "LocationUpdateRate", "-0.001", "out of range"},
        {"Smsc", "MaxThroughput", "-1", "out of range"},
        {"GsmCell", "FrameErasureRate", "-0.1", "out of range"},
        {"GsmCell", "FrameErasureRate", "1.1", "out of range"},
        {"Ss7Network", "LinkRate", "-64kb/s", "not a rate"},
        {"Ss7Network", "LinkRate", "0bps", "allowed: a rate above 0"},
        {"SmsTraffic", "DataShare", "-0.1", "out of range"},
        {"SmsTraffic",
         "ArrivalInterval",
         "ns3::ExponentialRandomVariable[Mean=-5]",
         "out of range"},
        {"SmsTraffic",
         "ArrivalInterval",
         "ns3::UniformRandomVariable[Min=-1|Max=1]",
         "out of range"},
        {"GsmBackgroundLoad",
         "CallDuration",
         "ns3::ConstantRandomVariable[Constant=-1]",
         "out of range"},
        {"Smsc", "ServiceTime", "ns3::TriangularRandomVariable[Min=-1]", "out of range"},
    });
    ExpectTaken({
        {"GsmBackgroundLoad", "CallDuration", "ns3::NormalRandomVariable[Mean=90]", ""},
        {"Ss7Network", "LinkRate", "64kb/s", ""},
    });
}

TEST(BadSetting, ACellWithoutSdcch)
{
    ExpectRefused({{"GsmCell", "SdcchCount", "0", "out of range; allowed: 1 to 64"},
                   {"GsmCell", "SdcchCount", "-1", "not a whole number"},
                   {"GsmCell", "SdcchCount", "65", "out of range"}});
}
