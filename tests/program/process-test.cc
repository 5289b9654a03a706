// SPDX-License-Identifier: GPL-2.0-only
#include "process-fixture.h"

#include <chrono>
#include <csignal>
#include <gtest/gtest.h>
#include <thread>

using p2pim::campaign::LoadResults;
using p2pim::campaign::Status;

/**
 * @file
 * The built program as a user meets it: its exit status and its one line for each bad input.
 */

TEST_F(ProcessTest, ComparesTheThreeSchemes)
{
    EXPECT_EQ(Run("compare a.ini --schemes=p2p,sip-message,im-server --seeds=2"), 0)
        << ReadFile("err.txt");
    EXPECT_EQ(ReadFile("err.txt"), "");
    EXPECT_NE(ReadFile("out.txt").find("im-server"), std::string::npos);
    EXPECT_EQ(LoadResults("results/a.sqlite").status, Status::COMPLETE);
    EXPECT_EQ(LoadResults("results/a.sqlite").runs.size(), 6u);
}

TEST_F(ProcessTest, SameSeedGivesTheSameExportInTwoProcesses)
{
    ASSERT_EQ(Run("compare a.ini --output=a.sqlite"), 0) << ReadFile("err.txt");
    ASSERT_EQ(Run("compare a.ini --output=b.sqlite"), 0) << ReadFile("err.txt");
    ASSERT_EQ(Run("export a.sqlite --format=json"), 0);
    const std::string first = ReadFile("out.txt");
    ASSERT_EQ(Run("export b.sqlite --format=json"), 0);
    EXPECT_EQ(ReadFile("out.txt"), first);
}

TEST_F(ProcessTest, TheExportOfASchemeDoesNotDependOnTheOthers)
{
    const auto exportOf = [this](const std::string& name, const std::string& schemes) {
        EXPECT_EQ(Run("compare a.ini --seeds=2 --output=" + name + " --schemes=" + schemes), 0);
        EXPECT_EQ(Run("export " + name + " --format=json --schemes=p2p,sip-message"), 0);
        return ReadFile("out.txt");
    };
    const auto first = exportOf("1.sqlite", "p2p,sip-message");
    EXPECT_EQ(exportOf("2.sqlite", "sip-message,p2p"), first);
    EXPECT_EQ(exportOf("3.sqlite", "im-server,sip-message,p2p"), first);
}

TEST_F(ProcessTest, UnknownKey)
{
    WriteFile("a.ini", "[ChatScenario]\n\nSesions=2\n");
    ExpectMistake("run a.ini",
                  "a.ini:3: ChatScenario.Sesions: no such attribute; did you mean "
                  "Sessions?");
    WriteFile("a.ini", "[ChatScenario]\n");
    ExpectMistake("run a.ini --ChatScenario.Sesions=2",
                  "--ChatScenario.Sesions: no such attribute; did you mean Sessions?");
}

TEST_F(ProcessTest, UnknownClass)
{
    WriteFile("a.ini", "[ChatScenario]\n[Smcs]\n");
    ExpectMistake("run a.ini", "a.ini:2: [Smcs]: no such class; did you mean Smsc?");
}

TEST_F(ProcessTest, UnknownScheme)
{
    ExpectMistake("compare a.ini --schemes=p2p,sip-mesage",
                  "'sip-mesage': no such scheme; did you mean sip-message?");
}

TEST_F(ProcessTest, UnknownCommand)
{
    ExpectMistake("comprae a.ini", "'comprae': no such command; did you mean compare?");
}

TEST_F(ProcessTest, ValueOutOfRange)
{
    WriteFile("a.ini", "[ChatScenario]\nSessions=1000001\n");
    ExpectMistake("run a.ini",
                  "a.ini:2: ChatScenario.Sessions: '1000001' is out of range; allowed: 1 to "
                  "1000000");
}

TEST_F(ProcessTest, ValueWithoutUnit)
{
    WriteFile("a.ini", "[ChatScenario]\nSessionTimeout=60\n");
    ExpectMistake("run a.ini",
                  "a.ini:2: ChatScenario.SessionTimeout: '60' needs a unit, such as 5s or 500ms");
}

TEST_F(ProcessTest, MalformedRandomVariable)
{
    WriteFile("a.ini", "[ChatScenario]\nPause=ns3::UniformRandomVariable[Min=1\n");
    ExpectMistake("run a.ini", "a.ini:2: ChatScenario.Pause: ");
}

TEST_F(ProcessTest, RefusesToRunWhatVaries)
{
    WriteFile("a.ini", "repetition = 2\n[ChatScenario]\nSessions=${1,2}\n");
    ExpectMistake("run a.ini",
                  "a.ini:3: ChatScenario.Sessions: '${1,2}' varies: give "
                  "--Scenario.Sessions=VALUE, or run the study by p2pim sweep a.ini");
    ExpectMistake("compare a.ini --sessions='${1,2}'", "--sessions: '${1,2}' varies");
    EXPECT_EQ(Run("run a.ini --sessions=1"), 0) << ReadFile("err.txt");
    EXPECT_EQ(LoadResults("results/a.sqlite").runs.size(), 2u);
}

TEST_F(ProcessTest, UnreadableFile)
{
    ExpectMistake("run none.ini", "none.ini: cannot read: No such file or directory");
    ExpectMistake("run .", ".: a folder, not a scenario file");
    ExpectMistake("run /bin/sh", "/bin/sh:1: not text");
}

TEST_F(ProcessTest, EmptyFile)
{
    WriteFile("a.ini", "");
    ExpectMistake("run a.ini", "a.ini: the file is empty");
}

TEST_F(ProcessTest, NoSessions)
{
    ExpectMistake("compare a.ini --sessions=0", "--sessions: '0' is out of range");
}

TEST_F(ProcessTest, ResultsFileExists)
{
    WriteFile("r.sqlite", "precious");
    ExpectMistake("run a.ini --output=r.sqlite",
                  "r.sqlite: exists already; give --force to "
                  "replace it or --append to add to it");
    EXPECT_EQ(ReadFile("r.sqlite"), "precious");
}

TEST_F(ProcessTest, ResultsFolderIsNotWritable)
{
    // Permissions do not bind root; these do.
    ExpectMistake("run a.ini --output=a.ini/r.sqlite", "a.ini/r.sqlite: ");
    ExpectMistake("run a.ini --output=/proc/r.sqlite", "/proc/r.sqlite: ");
    ExpectMistake("run a.ini --output=none/r.sqlite", "none/r.sqlite: ");
    WriteFile("results", "");
    ExpectMistake("run a.ini", "results");
}

TEST_F(ProcessTest, FullDiskFailsTheRunAndKeepsWhatIsFinished)
{
    // The shell's blocks have 512 octets; the program itself has to bear SIGXFSZ.
    const int status =
        Run("run a.ini --sessions=20 --seeds=1000 --output=r.sqlite", "ulimit -f 800;");
    EXPECT_EQ(status, 1);
    const std::string err = ReadFile("err.txt");
    const auto results = LoadResults("r.sqlite");
    EXPECT_GT(results.runs.size(), 0u);
    EXPECT_NE(results.status, Status::COMPLETE);
    EXPECT_NE(err.find(": " + std::to_string(results.runs.size()) + " of 1000 runs kept in "),
              std::string::npos)
        << err;
    EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
}

// What no attribute can refuse alone: a name that none of the GGSN's access points has.
TEST_F(ProcessTest, RefusesAnAccessPointThatNobodyServes)
{
    WriteFile("apn.ini", "[ChatScenario]\nSessions=2\n[GprsMobileStation]\nApn=interent\n");
    ExpectMistake("run apn.ini",
                  "apn.ini:4: GprsMobileStation.Apn: 'interent' is no access point of "
                  "Ggsn.AccessPoints; did you mean internet?");
    ExpectMistake("run a.ini --Ggsn.AccessPoints=wap=10.0.0.0/8",
                  "GprsMobileStation.Apn: 'internet'");
    ExpectMistake("run a.ini --CellularNetwork.StaticAddresses=192.168.0.1",
                  "CellularNetwork.StaticAddresses: 192.168.0.1 is no address of a pool of "
                  "Ggsn.AccessPoints");
    ExpectMistake("run a.ini --Ggsn.AccessPoints='a=10.0.0.0/8 b=10.1.0.0/16'", "is not taken");
    ExpectMistake("run a.ini --Ggsn.AccessPoints=internet=10.0.0.0/31", "is not taken");
    ExpectMistake("run a.ini --GprsMobileStation.MultislotClass=8:4+2", "is not taken");
    ExpectMistake("run a.ini --GprsCell.Pdchs=0", "out of range");
    ExpectMistake(
        "run a.ini --GprsCell.Pdchs=6 --GprsCell.SharedPdchs=3",
        "GprsCell.SharedPdchs: 3 with 6 Pdchs are more than the 8 timeslots of a carrier");
    ExpectMistake("run a.ini --GprsCell.BlockErrorRate=1", "out of range");
}

TEST_F(ProcessTest, RefusesServersOfTraversalWhoseSettingsDoNotGoTogether)
{
    const struct
    {
        const char* options;
        const char* mistake;
    } cases[] = {
        {"--TurnRelay.FirstPort=60000 --TurnRelay.LastPort=50000",
         "TurnRelay.LastPort: below TurnRelay.FirstPort"},
        {"--TurnRelay.Port=50000", "TurnRelay.Port: among the ports to allocate"},
        {"--TurnRelay.MaxLifetime=60s", "TurnRelay.MaxLifetime: below TurnRelay.DefaultLifetime"},
        {"--StunServer.OtherPort=3478", "StunServer.OtherPort: the same as StunServer.Port"},
        {"--StunServer.OtherAddress=203.0.113.18", "StunServer.OtherAddress: the STUN server"},
        // a Refresh with 0 s would give the allocation back
        {"--TurnClient.Lifetime=999ms", "TurnClient.Lifetime: neither 0 nor 1 s at least"},
        {"--StunTcpClient.KeepAliveInterval=1ns",
         "StunTcpClient.KeepAliveInterval: neither 0 nor 1 s at least"},
        {"--PcpServer.MaximumLifetime=60s",
         "PcpServer.MaximumLifetime: below PcpServer.MinimumLifetime"},
    };

    for (const auto& each : cases)
    {
        ExpectMistake(std::string("run a.ini ") + each.options, each.mistake);
    }
}

TEST_F(ProcessTest, RefusesWhatTwoOperatorsCannotBothHave)
{
    WriteFile("two.ini",
              "[ChatScenario]\nSessions=2\nOperators=2\n[Operator2.Ggsn]\n"
              "AccessPoints=internet=11.0.0.0/8\n");
    EXPECT_EQ(Run("run two.ini"), 0) << ReadFile("err.txt");
    ExpectMistake("run two.ini --Operator1.Ggsn.AccessPoints='wap=10.0.0.0/8 internet=11.2.0.0/16'",
                  "two.ini:5: Operator2.Ggsn.AccessPoints: the pool of 'internet' overlaps with "
                  "that of 'internet' in Operator1.Ggsn.AccessPoints");
    ExpectMistake("run a.ini --ChatScenario.Operators=3",
                  "Operator2.Ggsn.AccessPoints: the pool of 'internet' overlaps");
    ExpectMistake("run two.ini --Operator2.GprsMobileStation.Apn=interent",
                  "--Operator2.GprsMobileStation.Apn: 'interent' is no access point of "
                  "Ggsn.AccessPoints; did you mean internet?");
    ExpectMistake("run two.ini --GprsMobileStation.Apn=interent",
                  "--GprsMobileStation.Apn: 'interent' is no access point of ");
    ExpectMistake("run two.ini --Operator2.CellularNetwork.Plmn=00101",
                  "--Operator2.CellularNetwork.Plmn: '00101' is also "
                  "Operator1.CellularNetwork.Plmn");
    ExpectMistake("run two.ini --Operator2.CellularNetwork.Plmn=0010", "is not taken");
    ExpectMistake("run two.ini --Operator2.CellularNetwork.NumberPrefix=4477",
                  "'4477' has numbers of '447700'");
    ExpectMistake("run two.ini --Operator2.CellularNetwork.NumberPrefix=49170", "the last digit");
    ExpectMistake("run two.ini --Operator2.CellularNetwork.NumberPrefix=0491", "is not taken");
    ExpectMistake("run two.ini --Operator2.CellularNetwork.NumberPrefix=1234567890",
                  "is not taken");
    ExpectMistake("run two.ini --sessions=500000", "499999 sessions");
    ExpectMistake("run a.ini --Ggsn.AccessPoints=internet=203.0.0.0/8", "203.0.113.0/24");
}

TEST_F(ProcessTest, RefusesWhatIsNoNat)
{
    const auto expectRefused = [this](const std::string& chain, const std::string& reason) {
        WriteFile("nat.ini", "[ChatScenario]\nSessions=2\n[GiGateways]\nChain=" + chain + "\n");
        ExpectMistake("run nat.ini", "nat.ini:4: GiGateways.Chain: " + reason);
    };
    expectRefused("home-rooter", "'home-rooter': no such kind of NAT; did you mean home-router?");
    expectRefused("rfc / ", "no such kind of NAT");
    expectRefused("rfc tcp-openin=3s", "'tcp-openin': no such setting; did you mean tcp-opening?");
    expectRefused("rfc tcp-opening=-3s", "'tcp-opening=-3s': no such value");
    expectRefused("rfc tcp-filtering=adff", "'tcp-filtering=adff': no such value; did you mean ");
    expectRefused("rfc quarantine=-1s", "'quarantine=-1s': no such value");
    expectRefused("rfc first-port=5000 last-port=4000", "its first port is above its last");
    expectRefused("rfc last-port=65536", "'last-port=65536': no such value");
    expectRefused("rfc first-port=0", "port 0 is none");
    expectRefused("rfc / rfc mappings=0", "a limit is zero");
    expectRefused("rfc subscriber-sessions=0", "a limit is zero");
    expectRefused("rfc held-syns=0", "a limit is zero");
    expectRefused("rfc subscriber-rate=-1", "'subscriber-rate=-1': no such value");
    expectRefused("none tcp-opening=3s", "'tcp-opening=3s': without a NAT there are no settings");
}

TEST_F(ProcessTest, RefusesOutsideAddressesThatAreNoneOrTaken)
{
    const auto expectRefused = [this](const std::string& pool, const std::string& reason) {
        ExpectMistake("run a.ini --GiGateways.Chain=rfc '--GiGateways.Pool=" + pool + "'",
                      "--GiGateways.Pool: " + reason);
    };
    expectRefused(" ", "no outside address");
    expectRefused("198.18.0.300", "'198.18.0.300': no IPv4 address or network");
    expectRefused("198.18.0.0/16", "'198.18.0.0/16': more than 256 outside addresses");
    expectRefused("198.18.0.1 198.18.0.1", "'198.18.0.1': an outside address is there twice");
    expectRefused("203.0.113.2", "203.0.113.2 is of 203.0.113.0/24, which has another use");
    expectRefused("192.0.0.9", "192.0.0.9 is of 192.0.0.0/24");
    expectRefused("10.0.0.1", "10.0.0.1 is of the pool of 'internet'");
    ExpectMistake("run a.ini --GiGateways.Pool=198.18.0.1", "there is no NAT that could have it");
    EXPECT_EQ(Run("run a.ini --GiGateways.Chain=rfc '--GiGateways.Pool=198.18.0.1 198.18.0.7'"), 0)
        << ReadFile("err.txt");

    WriteFile("two.ini",
              "[ChatScenario]\nSessions=2\nOperators=2\n[GiGateways]\nChain=rfc\nPool=\n");
    EXPECT_EQ(Run("run two.ini --force"), 0) << ReadFile("err.txt");
    ExpectMistake("run two.ini --GiGateways.Pool=198.18.0.1",
                  "--GiGateways.Pool: 198.18.0.1 is also an outside address in "
                  "Operator1.GiGateways.Pool");
    // that which the second operator has if it has no Pool
    ExpectMistake("run two.ini --Operator1.GiGateways.Pool=198.18.1.0",
                  "198.18.1.0 is also an outside address in Operator1.GiGateways.Pool");
    ExpectMistake("run two.ini --Operator1.Ggsn.AccessPoints=internet=198.18.0.0/15",
                  "GiGateways.Pool: 198.18.0.0 is of the pool of 'internet'");
}

TEST_F(ProcessTest, RefusesAPopulationThatIsWrong)
{
    std::filesystem::create_directory("sub");
    WriteFile("sub/p.ini",
              "[ChatScenario]\nSessions=2\n[CellularNetwork]\nAccessPopulation=kinds.csv\n");
    const auto expectRefused = [this](const std::string& kinds, const std::string& reason) {
        WriteFile("sub/kinds.csv", "name,unit,place,share,chain,source,mark\n" + kinds);
        ExpectMistake("run sub/p.ini", "sub/p.ini:4: CellularNetwork.AccessPopulation: " + reason);
    };
    ExpectMistake("run sub/p.ini", "kinds.csv: cannot be read");
    expectRefused("a,per attempt,hom,1,rfc,x,V\n",
                  "sub/kinds.csv:2: 'hom': no such place; did you mean home?");
    expectRefused("a,per attempt,home,1,rcf,x,V\n",
                  "sub/kinds.csv:2: 'rcf': no such kind of NAT; did you mean rfc?");
    expectRefused("a,per attempt,home,0.7,rfc,x,V\n",
                  "sub/kinds.csv: the shares' sum is 0.7, not 1");
    expectRefused("internet,per attempt,carrier,1,rfc,x,V\n",
                  "a kind has the name of an access point");
    // a file in the working folder comes first
    const std::string good = "name,unit,place,share,chain,source,mark\n"
                             "a,per attempt,home,1,rfc,x,V\n";
    WriteFile("kinds.csv", good);
    EXPECT_EQ(Run("run sub/p.ini"), 0) << ReadFile("err.txt");
    std::filesystem::remove("kinds.csv");
    WriteFile("sub/kinds.csv", good);
    EXPECT_EQ(Run("run sub/p.ini --force"), 0) << ReadFile("err.txt");
    ExpectMistake("run sub/p.ini --CellularNetwork.StaticAddresses=10.0.0.2",
                  "with AccessPopulation the GGSN gives addresses");
    ExpectMistake("run a.ini --CellularNetwork.AccessPopulation=sub/nothing.csv",
                  "sub/nothing.csv: cannot be read");
    EXPECT_EQ(Run("run a.ini --CellularNetwork.AccessPopulation=sub/kinds.csv"), 0);
}

TEST_F(ProcessTest, RefusesSettingsOfAnOperatorThatIsNotThere)
{
    ExpectMistake("run a.ini --Operator2.Hlr.AlertRetries=1",
                  "--Operator2.Hlr.AlertRetries: there is only one operator");
    ExpectMistake("run a.ini --Operator1.Hlr.AlertRetries=1", "there is only one operator");
    WriteFile("three.ini", "[ChatScenario]\nOperators=2\n[Operator3.Hlr]\nAlertRetries=1\n");
    ExpectMistake("run three.ini",
                  "three.ini:4: Operator3.Hlr.AlertRetries: there are only 2 operators");
    ExpectMistake("run a.ini --Operator9.Hlr.AlertRetries=1", "'Operator9' is no operator");
    WriteFile("section.ini", "[ChatScenario]\n[Operator2.ChatScenario]\n");
    ExpectMistake("run section.ini",
                  "section.ini:2: [Operator2.ChatScenario]: ChatScenario is not an operator's own");
}

TEST_F(ProcessTest, InterruptionKeepsWhatIsFinishedAndSaysPartial)
{
    const pid_t process = Start("run a.ini --seeds=10000 --output=r.sqlite");
    bool running = true;
    while (running && CountRuns("r.sqlite") == 0)
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        running = waitpid(process, nullptr, WNOHANG) == 0;
    }
    ASSERT_TRUE(running) << ReadFile("err.txt");
    kill(process, SIGINT);
    EXPECT_EQ(Wait(process), 1);
    const auto results = LoadResults("r.sqlite");
    EXPECT_EQ(results.status, Status::PARTIAL);
    EXPECT_GT(results.runs.size(), 0u);
    EXPECT_EQ(ReadFile("err.txt"),
              "p2pim: interrupted: " + std::to_string(results.runs.size()) +
                  " of 10000 runs kept in r.sqlite (partial)\n");
}
