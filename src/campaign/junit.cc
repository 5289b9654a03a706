// SPDX-License-Identifier: GPL-2.0-only
#include "regression-report.h"
#include "store-error.h"

#include <algorithm>
#include <cmath>
#include <libxml/xmlwriter.h>
#include <memory>
#include <sstream>

namespace p2pim
{
namespace campaign
{

namespace
{

/// A case of a suite.
struct Case
{
    std::string name;
    std::string failure; ///< what is wrong; empty if it passed
    std::string error;   ///< why it could not be looked at; empty if it was
    std::string command; ///< what repeats the run that failed, if it is one
};

/// A suite, one a layer.
struct Suite
{
    std::string name;
    std::vector<Case> cases;
};

std::string
NameRun(const std::string& scheme, uint64_t seed)
{
    return scheme + ", seed " + std::to_string(seed);
}

std::string
DescribeChange(double share)
{
    std::ostringstream text;
    text << std::showpos << 100 * share << " %";
    return std::isfinite(share) ? text.str() : "in only one of the two";
}

std::string
DescribeDifference(const FingerprintResult& result)
{
    const auto& first = result.firstDifference;
    return "differs in " + result.differing +
           (first.empty() ? "" : "; the first event that differs: " + first);
}

Case
MakeCase(const FingerprintResult& result)
{
    const auto& row = result.after ? *result.after : *result.before;
    return {NameRun(row.scheme, row.seed),
            result.differing.empty() ? "" : DescribeDifference(result),
            "",
            ""};
}

Case
MakeCase(const FigureResult& result)
{
    return {NameRun(result.scheme, result.seed) + ", " + result.metric,
            result.change == 0 ? "" : DescribeChange(result.change),
            "",
            ""};
}

Case
MakeCase(const LatencyResult& result)
{
    Case made{result.scheme + ", " + result.metric, "", "", ""};
    switch (result.finding)
    {
    case Finding::SAME:
        break;
    case Finding::FAILED:
        made.error = "runs failed";
        break;
    case Finding::MISSING:
        made.failure = GetFindingName(result.finding);
        break;
    default:
        made.failure =
            std::string(GetFindingName(result.finding)) + ": " + DescribeChange(result.change);
    }
    return made;
}

/// Adds the suite of a layer, if it was looked at. @param failures runs of it that failed.
template <typename Rows>
void
AddSuite(const char* name,
         const Rows& rows,
         const std::vector<FailedRun>& failures,
         std::vector<Suite>& suites)
{
    if (!rows)
    {
        return;
    }
    auto& suite = suites.emplace_back(Suite{name, {}});
    suite.cases.reserve(rows->size() + failures.size());
    for (const auto& row : *rows)
    {
        suite.cases.push_back(MakeCase(row));
    }
    for (const auto& failed : failures)
    {
        const auto& key = failed.run.key;
        suite.cases.push_back(
            {NameRun(key.scheme, key.seed), "", DescribeFailure(failed), failed.failure.command});
    }
}

std::vector<Suite>
MakeSuites(const Regression& regression)
{
    std::vector<Suite> suites;
    AddSuite("fingerprints", regression.fingerprints, regression.failedShortRuns, suites);
    AddSuite("figures", regression.figures, regression.failedShortRuns, suites);
    AddSuite("latencies", regression.latencies, regression.failedReplications, suites);
    return suites;
}

/// @param problem Case::failure or Case::error. @return how many cases have it.
std::string
Count(const Suite& suite, std::string Case::*problem)
{
    return std::to_string(
        std::count_if(suite.cases.begin(), suite.cases.end(), [problem](const auto& each) {
            return !(each.*problem).empty();
        }));
}

/// libxml2's writer into memory; it escapes what XML does not take as it is.
class XmlDocument
{
  public:
    XmlDocument()
        : m_buffer(xmlBufferCreate(), xmlBufferFree),
          m_writer(xmlNewTextWriterMemory(m_buffer.get(), 0), xmlFreeTextWriter)
    {
        Check(m_writer ? 0 : -1);
        Check(xmlTextWriterSetIndent(m_writer.get(), 1));
        Check(xmlTextWriterStartDocument(m_writer.get(), nullptr, "UTF-8", nullptr));
    }

    void Open(const char* element)
    {
        Check(xmlTextWriterStartElement(m_writer.get(), BAD_CAST element));
    }

    void Add(const char* attribute, const std::string& value)
    {
        Check(xmlTextWriterWriteAttribute(m_writer.get(),
                                          BAD_CAST attribute,
                                          BAD_CAST value.c_str()));
    }

    void Write(const std::string& text)
    {
        Check(xmlTextWriterWriteString(m_writer.get(), BAD_CAST text.c_str()));
    }

    void Close()
    {
        Check(xmlTextWriterEndElement(m_writer.get()));
    }

    std::string Finish()
    {
        Check(xmlTextWriterEndDocument(m_writer.get()));
        Check(xmlTextWriterFlush(m_writer.get()));
        return reinterpret_cast<const char*>(xmlBufferContent(m_buffer.get()));
    }

  private:
    static void Check(int result)
    {
        if (result < 0)
        {
            throw StoreError(StoreError::Code::FAILED, "the JUnit report cannot be made");
        }
    }

    std::unique_ptr<xmlBuffer, decltype(&xmlBufferFree)> m_buffer;
    std::unique_ptr<xmlTextWriter, decltype(&xmlFreeTextWriter)> m_writer;
};

} // namespace

std::string
FormatJunit(const Regression& regression, const std::string& name)
{
    XmlDocument xml;
    xml.Open("testsuites");
    xml.Add("name", name);
    for (const auto& suite : MakeSuites(regression))
    {
        xml.Open("testsuite");
        xml.Add("name", suite.name);
        xml.Add("tests", std::to_string(suite.cases.size()));
        xml.Add("failures", Count(suite, &Case::failure));
        xml.Add("errors", Count(suite, &Case::error));
        for (const auto& each : suite.cases)
        {
            xml.Open("testcase");
            xml.Add("classname", name + "." + suite.name);
            xml.Add("name", each.name);
            if (!each.failure.empty())
            {
                xml.Open("failure");
                xml.Add("message", each.failure);
                xml.Close();
            }
            if (!each.error.empty())
            {
                xml.Open("error");
                xml.Add("message", each.error);
                xml.Write(each.command);
                xml.Close();
            }
            xml.Close();
        }
        xml.Close();
    }
    xml.Close();
    return xml.Finish();
}

} // namespace campaign
} // namespace p2pim
