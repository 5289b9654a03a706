// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/im-server-xml.h"

#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

using namespace ns3::p2pim;

namespace
{

const std::string OPENING = "<?xml version='1.0'?><stream:stream to='p2pim.example' version='1.0' "
                            "xmlns='jabber:client' "
                            "xmlns:stream='http://etherx.jabber.org/streams'>";
const std::string MESSAGE = "<message to='492@p2pim.example' type='chat' id='m1'>"
                            "<body>a &lt; b &amp; &quot;c&quot;</body></message>";

/// @return what comes of a stream in one piece.
XmlStreamError
Read(const std::string& octets, std::vector<XmlElement>& elements)
{
    XmlStreamReader reader;
    return reader.Feed(octets, elements);
}

XmlStreamError
GetError(const std::string& octets)
{
    std::vector<XmlElement> elements;
    return Read(octets, elements);
}

} // namespace

TEST(XmlStreamReader, ReadsTheOpeningTagAndStanzas)
{
    std::vector<XmlElement> elements;
    EXPECT_EQ(Read(OPENING + MESSAGE, elements), XmlStreamError::NONE);
    ASSERT_EQ(elements.size(), 2U);
    EXPECT_EQ(elements[0].name, "stream");
    EXPECT_EQ(elements[0].nameSpace, "http://etherx.jabber.org/streams");
    EXPECT_EQ(elements[0].GetAttribute("to"), "p2pim.example");
    EXPECT_EQ(elements[1].name, "message");
    EXPECT_EQ(elements[1].nameSpace, "jabber:client");
    EXPECT_EQ(elements[1].GetAttribute("id"), "m1");
    EXPECT_EQ(elements[1].GetAttribute("lang"), "");
    ASSERT_NE(elements[1].FindChild("body"), nullptr);
    EXPECT_EQ(elements[1].FindChild("body")->text, "a < b & \"c\"");
    EXPECT_EQ(elements[1].FindChild("subject"), nullptr);
}

TEST(XmlStreamReader, DoesNotCareWhereTcpCuts)
{
    const std::string octets = OPENING + MESSAGE + " " + MESSAGE + "<presence/>";
    for (std::size_t cut = 0; cut <= octets.size(); ++cut)
    {
        XmlStreamReader reader;
        std::vector<XmlElement> elements;
        EXPECT_EQ(reader.Feed(octets.substr(0, cut), elements), XmlStreamError::NONE) << cut;
        EXPECT_EQ(reader.Feed(octets.substr(cut), elements), XmlStreamError::NONE) << cut;
        ASSERT_EQ(elements.size(), 4U) << cut;
        EXPECT_EQ(elements[2].FindChild("body")->text, "a < b & \"c\"") << cut;
    }
    XmlStreamReader reader;
    std::vector<XmlElement> elements;
    for (const char octet : octets)
    {
        EXPECT_EQ(reader.Feed({&octet, 1}, elements), XmlStreamError::NONE);
    }
    EXPECT_EQ(elements.size(), 4U);
}

TEST(XmlStreamReader, EndsWithTheStream)
{
    XmlStreamReader reader;
    std::vector<XmlElement> elements;
    reader.Feed(OPENING, elements);
    EXPECT_FALSE(reader.IsClosed());
    EXPECT_EQ(reader.Feed("</stream:stream>", elements), XmlStreamError::NONE);
    EXPECT_TRUE(reader.IsClosed());
    EXPECT_EQ(reader.Feed(MESSAGE, elements), XmlStreamError::NONE);
    EXPECT_EQ(elements.size(), 1U);
}

TEST(XmlStreamReader, BeginsAnewAfterARestart)
{
    XmlStreamReader reader;
    std::vector<XmlElement> elements;
    reader.Feed(OPENING, elements);
    reader.Restart();
    EXPECT_EQ(reader.Feed(OPENING + MESSAGE, elements), XmlStreamError::NONE);
    EXPECT_EQ(elements.size(), 3U);
}

TEST(XmlStreamReader, NamesWhatIsWrong)
{
    // RFC 6120 4.9.3 and 11.1
    EXPECT_EQ(GetError("GET / HTTP/1.0\r\n\r\n"), XmlStreamError::NOT_WELL_FORMED);
    EXPECT_EQ(GetError(OPENING + "<a></b>"), XmlStreamError::NOT_WELL_FORMED);
    EXPECT_EQ(GetError(OPENING + "<a>&unknown;</a>"), XmlStreamError::NOT_WELL_FORMED);
    EXPECT_EQ(GetError(OPENING + "<a>\xff</a>"), XmlStreamError::NOT_WELL_FORMED);
    EXPECT_EQ(GetError(OPENING + "<!-- note -->"), XmlStreamError::RESTRICTED_XML);
    EXPECT_EQ(GetError(OPENING + "<?php x?>"), XmlStreamError::RESTRICTED_XML);
    EXPECT_EQ(GetError("<!DOCTYPE a [<!ENTITY b 'c'>]>" + OPENING), XmlStreamError::RESTRICTED_XML);
    EXPECT_EQ(GetError(OPENING + "text"), XmlStreamError::BAD_FORMAT);
    EXPECT_EQ(GetError("<stream xmlns='jabber:client'>"), XmlStreamError::BAD_NAMESPACE);
    EXPECT_EQ(GetError("<html/>"), XmlStreamError::BAD_NAMESPACE);
}

TEST(XmlStreamReader, LimitsAStanza)
{
    const std::size_t most = XmlStreamReader::MAX_STANZA;
    EXPECT_EQ(GetError(OPENING + "<a b='" + std::string(most, 'x')),
              XmlStreamError::POLICY_VIOLATION);
    std::string deep;
    for (std::size_t i = 1; i < XmlStreamReader::MAX_DEPTH; ++i)
    {
        deep += "<a>";
    }
    EXPECT_EQ(GetError(OPENING + deep), XmlStreamError::NONE);
    EXPECT_EQ(GetError(OPENING + deep + "<a>"), XmlStreamError::POLICY_VIOLATION);
}

TEST(XmlStreamReader, ReadsNothingAfterAnError)
{
    XmlStreamReader reader;
    std::vector<XmlElement> elements;
    EXPECT_EQ(reader.Feed(OPENING + "<a></b>", elements), XmlStreamError::NOT_WELL_FORMED);
    EXPECT_EQ(reader.Feed(MESSAGE, elements), XmlStreamError::NOT_WELL_FORMED);
    EXPECT_EQ(elements.size(), 1U);
}

TEST(XmlStreamReader, SurvivesMutations)
{
    std::mt19937 random(6120); // a fixed seed: the same mutations in every run
    const std::string alphabet("\0<>&;'\"=/!?-[] xa\xff\xc3", 19);
    const std::string good = OPENING + MESSAGE + MESSAGE;
    for (int round = 0; round < 5000; ++round)
    {
        std::string octets = good;
        for (int change = random() % 4; change >= 0; --change)
        {
            const std::size_t place = random() % octets.size();
            if (random() % 2 == 0)
            {
                octets[place] = alphabet[random() % alphabet.size()];
            }
            else
            {
                octets.erase(place, 1 + random() % 20);
            }
        }
        XmlStreamReader reader;
        std::vector<XmlElement> elements;
        const std::size_t cut = random() % octets.size();
        reader.Feed(octets.substr(0, cut), elements);
        reader.Feed(octets.substr(cut), elements);
        EXPECT_LE(elements.size(), 6U);
    }
}

TEST(AppendXmlText, KeepsEveryTextThatXmlCanHold)
{
    const std::string text =
        "<a href='x'>&amp; \"q\"\t\n gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80";
    std::string xml = OPENING + "<a>";
    AppendXmlText(xml, text);
    std::vector<XmlElement> elements;
    EXPECT_EQ(Read(xml + "</a>", elements), XmlStreamError::NONE);
    EXPECT_EQ(elements.at(1).text, text);
}

TEST(AppendXmlText, ReplacesWhatXmlCannotHold)
{
    // XML 1.0 2.2, production [2]; the sequences are a control character, a lone continuation, a
    // truncated sequence, an overlong one, a surrogate, U+FFFF and a code point past U+10FFFF.
    for (const std::string& bad : {std::string("\x01"),
                                   std::string("\x80"),
                                   std::string("\xe2\x82"),
                                   std::string("\xc0\xaf"),
                                   std::string("\xed\xa0\x80"),
                                   std::string("\xef\xbf\xbf"),
                                   std::string("\xf4\x90\x80\x80"),
                                   std::string(1, '\0')})
    {
        std::string xml = OPENING + "<a>";
        AppendXmlText(xml, 'x' + bad + 'y');
        std::vector<XmlElement> elements;
        EXPECT_EQ(Read(xml + "</a>", elements), XmlStreamError::NONE);
        const std::string& text = elements.at(1).text;
        EXPECT_EQ(text.substr(0, 4), "x\xef\xbf\xbd");
        EXPECT_EQ(text.back(), 'y');
    }
}
