// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Octets in = octets out + octets lost with a cause + octets still inside, at every layer of the
 * packet bearer, in every scenario file; and no packet overtakes another inside a PDP context.
 */
#include "tests/scenarios/packet-watch.h"
#include "tests/scenarios/scenario-run.h"

#include <algorithm>
#include <cctype>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

using p2pim::test::PacketWatch;
using p2pim::test::ScenarioRun;

namespace
{

/// A scenario file, and how it is run.
struct Case
{
    std::string file;
    std::string scheme;
    std::string sessions;
    bool faulty = false; ///< elements fail, phones are switched off and lose coverage
    std::vector<std::string> options{};
};

const std::vector<Case> g_cases{
    {"gprs-ping.ini", "ping", "60"},
    {"gprs-ping.ini", "push", "60", true},
    {"gprs-ping.ini", "push", "60", true, {"GprsTraffic.States=standby", "Sgsn.T3313=5s"}},
    {"gprs-ping.ini", "ping", "60", true},
    {"gprs-transfer.ini", "download", "2"},
    {"gprs-transfer.ini", "upload", "2", true},
    {"gprs-transfer.ini", "download", "4", true, {"GprsCell.RlcMode=Unacknowledged"}},
    {"gprs-cell-load.ini", "download", "60"},
    {"gprs-cell-load.ini", "download", "60", true},
    {"gprs-cell-load.ini", "upload", "60", true},
    {"gprs-mobility.ini", "download", "60"},
    {"gprs-mobility.ini", "download", "60", true},
    {"gprs-mobility.ini", "upload", "60", true},
    {"gprs-mobility.ini", "download", "60", true, {"Sgsn.Reroute=true"}},
    {"gprs-mobility-ping.ini", "ping", "300", true},
    {"gprs-mobility-ping.ini", "push", "300", true, {"GprsTraffic.States=ready"}},
    {"gprs-class-b.ini", "download", "60"},
    {"gprs-class-b.ini", "download", "60", true},
    {"gprs-class-b.ini", "download", "60", true, {"CellularNetwork.SmsOverGprs=true"}},
    {"gprs-class-b.ini", "upload", "60", true, {"CellularNetwork.NetworkMode=I"}},
    {"setup-time.ini", "p2p", "40"},
    {"setup-time.ini", "p2p-pin", "40"},
    {"setup-time.ini", "sip-message", "40"},
    {"setup-time.ini", "im-server", "40"},
    {"two-operators.ini", "p2p", "40"},
    {"two-operators.ini", "sip-message", "40"},
    // the watch tells contexts by their addresses
    {"nat-pair.ini", "punch", "40", false, {"Operator2.Ggsn.AccessPoints=internet=11.0.0.0/8"}},
    {"nat-matrix.ini", "auto", "144", false, {"ChatScenario.Operators=1"}},
    {"nat-timers.ini", "punch", "32"},
    {"nat-population.ini", "relay-after-punch", "60", false, {"ChatScenario.Operators=1"}},
    {"nat-cgn-load.ini",
     "predicted-punch",
     "40",
     false,
     {"Operator2.Ggsn.AccessPoints=internet=11.0.0.0/8"}},
    {"nat-same-operator.ini", "punch", "40"},
    {"nat-same-operator.ini", "relay-after-punch", "40", false, {"Ggsn.MsToMs=Barred"}},
    {"sms-latency.ini", "sms", "40", true, {"CellularNetwork.SmsOverGprs=true"}},
    {"sms-weak-signal.ini", "sms", "40"},
    {"sms-flash-crowd.ini",
     "sms",
     "60",
     false,
     {"SmsScenario.Phones=200", "CellularNetwork.SmsOverGprs=true"}},
    {"sms-load.ini",
     "sms",
     "60",
     false,
     {"SmsScenario.Phones=200", "CellularNetwork.SmsOverGprs=true"}},
    {"sms-population.ini",
     "sms",
     "60",
     false,
     {"SmsScenario.Phones=200", "CellularNetwork.SmsOverGprs=true"}},
};

/// The name of the test.
std::string
GetName(const testing::TestParamInfo<Case>& info)
{
    const Case& run = info.param;
    std::string name = run.file + run.scheme + (run.faulty ? "Faults" : "");
    for (const std::string& option : run.options)
    {
        name += option.substr(option.find('.') + 1);
    }
    name.erase(std::remove_if(name.begin(), name.end(), [](char c) { return !std::isalnum(c); }),
               name.end());
    return name;
}

std::vector<std::string>
GetOptions(const Case& run)
{
    std::vector<std::string> options{"Scenario.Sessions=" + run.sessions,
                                     "GprsCell.BlockErrorRate=0.05"};
    if (run.faulty)
    {
        const std::string seconds = "OutageTime=ns3::ExponentialRandomVariable[Mean=5]";
        for (const char* element : {"Cell", "Sgsn", "Ggsn"})
        {
            const std::string outage = std::string("NetworkFaults.").append(element);
            options.emplace_back(outage).append("Outages=60");
            options.emplace_back(outage).append(seconds);
        }
        options.emplace_back("PhoneAvailability.UnreachableShare=0.1");
        options.emplace_back("PhoneAvailability.MeanUnreachableTime=20s");
    }
    options.insert(options.end(), run.options.begin(), run.options.end());
    return options;
}

/// What a layer has done in one direction, summed over elements.
struct Ledger
{
    double in = 0;
    double out = 0;
    double inside = 0;
    double lost = 0;     ///< for good
    double rerouted = 0; ///< another element of the layer takes it in again
};

class Conservation : public testing::TestWithParam<Case>
{
  protected:
    /// @return whether a counter is one of an element whose name begins so, whoever's it is.
    static bool IsOf(const p2pim::CounterRecord& counter, const std::string& element)
    {
        const auto own = counter.element.find('/') + 1; // 0 with one operator
        return counter.element.compare(own, element.size(), element) == 0;
    }

    /// @return the sum of a counter over the elements whose names begin with @p element.
    static double Sum(const ScenarioRun& run, const std::string& element, const std::string& name)
    {
        double sum = 0;
        for (const auto& counter : run.record.counters)
        {
            sum += IsOf(counter, element) && counter.name == name ? counter.value : 0;
        }
        return sum;
    }

    /// @return what of a ledger a counter belongs to; null if to nothing.
    static double* FindPart(Ledger& ledger, const std::string& what)
    {
        return what == "in"                  ? &ledger.in
               : what == "out"               ? &ledger.out
               : what == "inside"            ? &ledger.inside
               : what == "lost_rerouted"     ? &ledger.rerouted
               : what.rfind("lost_", 0) == 0 ? &ledger.lost
                                             : nullptr;
    }

    /// @return the sum of a ledger over the elements whose names begin with @p element.
    static Ledger Add(const ScenarioRun& run, const std::string& element, const std::string& layer)
    {
        Ledger sum;
        const std::string prefix = layer + "_octets_";
        for (const auto& counter : run.record.counters)
        {
            if (!IsOf(counter, element) || counter.name.rfind(prefix, 0) != 0)
            {
                continue;
            }
            if (double* part = FindPart(sum, counter.name.substr(prefix.size())))
            {
                *part += counter.value;
            }
        }
        EXPECT_EQ(sum.in, sum.out + sum.lost + sum.rerouted + sum.inside) << layer;
        return sum;
    }

    /// What one layer hands on the next one takes, but for what is between them when the run ends.
    static double CheckWay(const Ledger& from, const Ledger& to, double most)
    {
        const double between = from.out - (to.in - to.rerouted);
        EXPECT_GE(between, 0);
        EXPECT_LE(between, most);
        return between;
    }
};

/// Octets that may be between two elements when a run ends: Gn and Gb take some 10 ms.
constexpr double ON_THE_WAY = 1500;
/// Octets of N-PDUs that lack a part which is under way: one a phone.
constexpr double PARTLY_THERE = 12 * 1502;

} // namespace

TEST_P(Conservation, OctetsInAreOctetsOutOrLostOrInside)
{
    PacketWatch watch;
    const ScenarioRun run(GetParam().file, GetOptions(GetParam()), 1, GetParam().scheme, [&watch] {
        watch.Start();
    });
    const Ledger gi = Add(run, "ggsn", "downlink");
    const Ledger npduDown = Add(run, "sgsn", "downlink");
    const Ledger gbDown = Add(run, "sgsn", "gb_downlink");
    const Ledger radioDown = Add(run, "cell-", "llc_downlink");
    const Ledger llcDown = Add(run, "cell-", "phone_llc_downlink");
    const Ledger sndcpDown = Add(run, "cell-", "phone_sndcp_downlink");
    const Ledger ipDown = Add(run, "cell-", "phone_downlink");
    const Ledger ipUp = Add(run, "cell-", "phone_uplink");
    const Ledger radioUp = Add(run, "cell-", "llc_uplink");
    const Ledger gbUp = Add(run, "sgsn", "gb_uplink");
    const Ledger sndcpUp = Add(run, "sgsn", "sndcp_uplink");
    const Ledger npduUp = Add(run, "sgsn", "uplink");
    const Ledger giUp = Add(run, "ggsn", "uplink");

    // what waits is what is counted as inside, and where nothing can wait nothing is inside
    EXPECT_EQ(npduDown.inside, Sum(run, "sgsn", "downlink_octets_waiting"));
    const double left = Sum(run, "cell-", "llc_downlink_octets_left_behind");
    EXPECT_EQ(radioDown.inside, watch.downlinkQueued + left);
    EXPECT_EQ(radioUp.inside, watch.uplinkQueued);
    for (const Ledger& each :
         {gi, gbDown, llcDown, sndcpDown, ipDown, ipUp, gbUp, sndcpUp, npduUp, giUp})
    {
        EXPECT_EQ(each.inside, 0);
    }

    // from layer to layer
    CheckWay(gi, npduDown, ON_THE_WAY);
    const double gb = CheckWay(gbDown, radioDown, ON_THE_WAY);
    const double phone = CheckWay(radioDown, llcDown, ON_THE_WAY);
    const double air = CheckWay(radioUp, gbUp, ON_THE_WAY);
    CheckWay(npduUp, giUp, ON_THE_WAY);

    // Every octet of an N-PDU that does not arrive is in a frame that is lost or under way, or in
    // an SN-PDU whose other parts are, or waits for them; frames have headers besides.
    const double lostDown = npduDown.out - ipDown.in;
    const double lostUp = ipUp.out - npduUp.in;
    EXPECT_GE(lostDown, 0);
    EXPECT_LE(lostDown,
              gb + radioDown.lost + radioDown.inside + phone + llcDown.lost + sndcpDown.lost +
                  PARTLY_THERE);
    EXPECT_GE(lostUp, 0);
    EXPECT_LE(lostUp,
              radioUp.lost + radioUp.inside + air + gbUp.lost + sndcpUp.lost + PARTLY_THERE);

    EXPECT_EQ(watch.outOfOrder, 0U);
    EXPECT_EQ(watch.left > 0, ipDown.out + giUp.out > 0);
    if (GetParam().file.rfind("sms", 0) != 0)
    {
        EXPECT_GT(watch.left, 0U);
    }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Conservation, testing::ValuesIn(g_cases), GetName);

// A study is many runs of the file that it extends.
TEST(ConservationCases, EveryScenarioFileHasOneOrExtendsOneThatHas)
{
    std::set<std::string> tested;
    for (const Case& each : g_cases)
    {
        tested.insert(each.file);
    }
    for (const std::string& file : p2pim::test::ListScenarioFiles())
    {
        const std::string base = p2pim::test::FindBaseOfStudy(file);
        EXPECT_EQ(tested.count(base.empty() ? file : base), 1U) << file;
    }
}
