// SPDX-License-Identifier: GPL-2.0-only
#include "expect-user-error.h"
#include "program/scenario-file.h"
#include "work-folder.h"

#include <gtest/gtest.h>
#include <sstream>

using namespace p2pim::program;

namespace
{

ScenarioFile
Read(const std::string& text)
{
    std::istringstream stream(text);
    return ReadScenario(stream, "x.ini");
}

std::string
GetError(const std::string& text)
{
    return GetUserError([&] { Read(text); });
}

} // namespace

TEST(ScenarioFile, GivesEachAssignmentItsSectionAndLine)
{
    const auto file = Read("# a comment\n\n[ Smsc ]\nDelay = 1.5s  # why\r\n[Cell]\n\tSlots=2\n");
    ASSERT_EQ(file.sections.size(), 2u);
    EXPECT_EQ(file.sections[0].className, "Smsc");
    EXPECT_EQ(file.sections[1].place, "x.ini:5");
    ASSERT_EQ(file.assignments.size(), 2u);
    EXPECT_EQ(file.assignments[0].className, "Smsc");
    EXPECT_EQ(file.assignments[0].attribute, "Delay");
    EXPECT_EQ(file.assignments[0].value, "1.5s");
    EXPECT_EQ(file.assignments[0].place, "x.ini:4");
    EXPECT_EQ(file.assignments[1].label, "x.ini:6: Cell.Slots");
}

TEST(ScenarioFile, LeavesBracketsBarsAndEqualSignsInValues)
{
    const auto file = Read("[Smsc]\nService=ns3::NormalRandomVariable[Mean=1.5|Variance=0.1]\n");
    EXPECT_EQ(file.assignments.at(0).value, "ns3::NormalRandomVariable[Mean=1.5|Variance=0.1]");
}

TEST(ScenarioFile, TakesALastLineWithoutNewline)
{
    EXPECT_EQ(Read("[Smsc]\nDelay=1s").assignments.size(), 1u);
}

TEST(ScenarioFile, TakesAByteOrderMark)
{
    EXPECT_EQ(Read("\xEF\xBB\xBF[Smsc]\n").sections.at(0).className, "Smsc");
}

TEST(ScenarioFile, RefusesAnEmptyFile)
{
    EXPECT_EQ(GetError(""), "x.ini: the file is empty");
}

TEST(ScenarioFile, RefusesALineThatIsNeitherHeadingNorAssignment)
{
    EXPECT_EQ(GetError("[Smsc]\n\nDelay 5s\n"),
              "x.ini:3: 'Delay 5s' is neither [Class] nor Attribute=value");
    EXPECT_EQ(GetError("[Smsc\n"), "x.ini:1: '[Smsc' is neither [Class] nor Attribute=value");
}

TEST(ScenarioFile, RefusesMissingNames)
{
    EXPECT_EQ(GetError("[]\n"), "x.ini:1: no class's name between '[' and ']'");
    EXPECT_EQ(GetError("[Smsc]\n=5s\n"), "x.ini:2: Smsc: no attribute's name before '='");
}

TEST(ScenarioFile, RefusesAnAssignmentOutsideAnySection)
{
    EXPECT_EQ(
        GetError("Delay=5s\n"),
        "x.ini:1: 'Delay=5s' is in no section; write [Class] above it; the nearest is extends");
}

TEST(ScenarioFile, RefusesBinary)
{
    EXPECT_EQ(GetError(std::string("[Smsc]\n\0\x01\x02\n", 11)),
              "x.ini:2: not text; a scenario file is an .ini file");
}

TEST(ScenarioFile, SaysWhyAFileCannotBeRead)
{
    EXPECT_EQ(GetUserError([] { ReadScenarioFile("/no/such/file.ini"); }),
              "/no/such/file.ini: cannot read: No such file or directory");
    EXPECT_EQ(GetUserError([] { ReadScenarioFile("/"); }), "/: a folder, not a scenario file");
    EXPECT_EQ(GetUserError([] { ReadScenarioFile("/dev/zero"); }),
              "/dev/zero: longer than 1 MiB; a scenario file is a short .ini file");
}

TEST(ScenarioFile, TakesKeysOfTheWholeFileAboveTheFirstSectionOnly)
{
    const auto file = Read("extends = y.ini\n\nconstraint = $cs != \"CS-1\"  # why\n[Smsc]\n");
    ASSERT_NE(file.FindHead("extends"), nullptr);
    EXPECT_EQ(file.FindHead("extends")->value, "y.ini");
    EXPECT_EQ(file.FindHead("constraint")->value, "$cs != \"CS-1\"");
    EXPECT_EQ(file.FindHead("constraint")->place, "x.ini:3");
    EXPECT_EQ(file.FindHead("constraint")->label, "x.ini:3: constraint");
    EXPECT_EQ(file.FindHead("repetition"), nullptr);
    EXPECT_EQ(Read("[Smsc]\nextends = y.ini\n").assignments.at(0).attribute, "extends");
}

TEST(ScenarioFile, RefusesKeysOfTheWholeFileThatAreWrong)
{
    EXPECT_EQ(GetError("extends = y.ini\nextends = z.ini\n"),
              "x.ini:2: extends: already given at x.ini:1");
    EXPECT_EQ(GetError("repetitions = 5\n"),
              "x.ini:1: 'repetitions = 5' is in no section; write [Class] above it; did you mean "
              "repetition?");
    EXPECT_EQ(GetError("precision-limits = 5\n"),
              "x.ini:1: 'precision-limits = 5' is in no section; write [Class] above it; did you "
              "mean precision-limit?");
    EXPECT_EQ(GetError("schemes =\n"), "x.ini:1: schemes: no value behind '='");
}

/// Scenario files that extend others.
class ExtendingFileTest : public WorkFolderTest
{
};

TEST_F(ExtendingFileTest, SaysWhatItsBasesSayUnlessItSaysOtherwise)
{
    std::filesystem::create_directory("base");
    WriteFile("base/first.ini", "[A]\nb=1\nc=1\n");
    WriteFile("base/second.ini", "extends = first\n[A]\nb=2\n");
    WriteFile("third.ini", "extends = base/second.ini\n[B]\nd=3\n");
    const auto file = ReadScenarioFile("third.ini");
    EXPECT_EQ(file.name, "third.ini");
    std::string all;
    for (const auto& each : file.assignments)
    {
        all += each.label + "=" + each.value + " in " + std::to_string(each.layer) + "\n";
    }
    EXPECT_EQ(all,
              "base/first.ini:2: A.b=1 in 0\n"
              "base/first.ini:3: A.c=1 in 0\n"
              "base/second.ini:3: A.b=2 in 1\n"
              "third.ini:3: B.d=3 in 2\n");
}

TEST_F(ExtendingFileTest, OverrulesTheKeysOfItsBase)
{
    WriteFile("base.ini", "repetition = 5\nconstraint = $a < 1\n[A]\n");
    WriteFile("a.ini", "extends = base\nrepetition = 6\n[A]\n");
    const auto file = ReadScenarioFile("a.ini");
    EXPECT_EQ(file.FindHead("repetition")->value, "6");
    EXPECT_EQ(file.FindHead("repetition")->place, "a.ini:2");
    EXPECT_EQ(file.FindHead("constraint")->place, "base.ini:2");
    EXPECT_EQ(file.FindHead("extends"), nullptr);
}

TEST_F(ExtendingFileTest, MayNotExtendItself)
{
    WriteFile("a.ini", "extends = b\n[A]\n");
    WriteFile("b.ini", "\nextends = ./a.ini\n[A]\n");
    EXPECT_EQ(GetUserError([] { ReadScenarioFile("a.ini"); }),
              "b.ini:2: extends = ./a.ini: the files extend each other in a circle");
}

TEST_F(ExtendingFileTest, NamesTheLineWhoseFileIsMissing)
{
    WriteFile("a.ini", "extends = b\n[A]\n");
    EXPECT_EQ(GetUserError([] { ReadScenarioFile("a.ini"); }),
              "a.ini:1: extends = b: b.ini: cannot read: No such file or directory");
}
