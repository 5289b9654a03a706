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

/// Adds a case a run that failed.
void
AddFailures(const std::vector<FailedRun>& failures, Suite& suite)
{
    for (const auto& [run, failure] : failures)
    {
        suite.cases.push_back({NameRun(run.key.scheme, run.key.seed),
                               "",
                               DescribeFailure({run, failure}),
                               failure.command});
    }
}

std::vector<Suite>
MakeSuites(const Regression& regression)
{
    std::vector<Suite> suites;
    if (regression.fingerprints)
    {
        auto& suite = suites.emplace_back(Suite{"fingerprints", {}});
        for (const auto& each : *regression.fingerprints)
        {
            const auto& row = each.after ? *each.after : *each.before;
            suite.cases.push_back({NameRun(row.scheme, row.seed),
                                   each.differing.empty() ? "" : DescribeDifference(each),
                                   "",
                                   ""});
        }
        AddFailures(regression.failedShortRuns, suite);
    }
    if (regression.figures)
    {
        auto& suite = suites.emplace_back(Suite{"figures", {}});
        for (const auto& each : *regression.figures)
        {
            suite.cases.push_back({NameRun(each.scheme, each.seed) + ", " + each.metric,
                                   each.change == 0 ? "" : DescribeChange(each.change),
                                   "",
                                   ""});
        }
        AddFailures(regression.failedShortRuns, suite);
    }
    if (regression.latencies)
    {
        auto& suite = suites.emplace_back(Suite{"latencies", {}});
        for (const auto& each : *regression.latencies)
        {
            std::string finding = GetFindingName(each.finding);
            if (each.finding != Finding::MISSING)
            {
                finding += ": " + DescribeChange(each.change);
            }
            const bool isSame = each.finding == Finding::SAME;
            const bool isFailed = each.finding == Finding::FAILED;
            suite.cases.push_back({each.scheme + ", " + each.metric,
                                   isSame || isFailed ? "" : finding,
                                   isFailed ? "runs failed" : "",
                                   ""});
        }
        AddFailures(regression.failedReplications, suite);
    }
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
