// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/dissection.h"
#include "tests/hex.h"

#include "ns3/sms-concatenation.h"
#include "ns3/sms-report-tpdu.h"
#include "ns3/sms-rp-cp.h"
#include "ns3/sms-tpdu.h"

#include <array>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3::p2pim;
using p2pim::oracle::Capture;
using p2pim::oracle::HasTshark;
using p2pim::test::ToHex;

namespace
{

using Octets = std::vector<uint8_t>;

constexpr int MESSAGES = 10000;

/// Everything that is compared; what a message does not have must not be seen in it either.
constexpr const char* FIELDS =
    "gsm_a.dtap.msg_sms_type gsm_a.dtap.cp_cause gsm_a.rp.msg_type "
    "gsm_a.rp.rp_message_reference gsm_a.rp.cause gsm_a.dtap.cld_party_bcd_num "
    "gsm_sms.tp-mti gsm_sms.tp-mms gsm_sms.tp-lp gsm_sms.tp-rd gsm_sms.tp-rp "
    "gsm_sms.tp-sri gsm_sms.tp-srr gsm_sms.tp-srq gsm_sms.tp-udhi gsm_sms.tp-vpf "
    "gsm_sms.tp-mr gsm_sms.tp-fcs gsm_sms.dis_field_addr.num_type "
    "gsm_sms.dis_field_addr.num_plan gsm_sms.tp-da gsm_sms.tp-oa gsm_sms.tp-ra "
    "gsm_sms.tp-pid gsm_sms.tp-dcs gsm_sms.scts.year gsm_sms.scts.month gsm_sms.scts.day "
    "gsm_sms.scts.hour gsm_sms.scts.minutes gsm_sms.scts.seconds gsm_sms.scts.timezone "
    "gsm_sms.vp.validity_period gsm_sms.vp.validity_period_format "
    "gsm_sms.vp.single_shot_sm gsm_sms.vp.validity_period.hour "
    "gsm_sms.vp.validity_period.minutes gsm_sms.vp.validity_period.seconds "
    "gsm_sms.dis_field.st_error gsm_sms.dis.field_st_reason gsm_sms.tp.command_type "
    "gsm_sms.tp.message_number gsm_sms.tp.command_data_length "
    "gsm_sms.tp.user_data_length gsm_sms.destination_port gsm_sms.originator_port "
    "gsm_sms.udh.mm.msg_id gsm_sms.udh.mm.msg_parts gsm_sms.udh.mm.msg_part "
    "gsm_sms.sms_text gsm_sms.sms_body _ws.malformed _ws.expert.severity "
    "_ws.expert.message ";

/// @return the names in FIELDS.
std::vector<std::string>
GetFields()
{
    std::istringstream names(FIELDS);
    return {std::istream_iterator<std::string>(names), std::istream_iterator<std::string>()};
}

/// The first of the fields of TP-UD. tshark 4.0 looks for it too early if it is behind an enhanced
/// TP-VP that holds a relative one: it does not skip that octet and those behind it, though the
/// field always has seven (TS 23.040 9.2.3.12.3). Of those messages these fields are not compared.
const std::string g_firstOfUserData = "gsm_sms.tp.user_data_length";

/// What tshark must say of a message: fields by name.
using Expected = std::map<std::string, std::string>;

/// Draws messages and writes down what tshark must say of them.
class Generator
{
  public:
    struct Message
    {
        Octets octets;
        bool toNetwork;
        Expected expected;
        bool isUserDataSeen; ///< whether tshark finds TP-UD
    };

    Message Draw()
    {
        m_expected.clear();
        m_isUserDataSeen = true;
        const int kind = static_cast<int>(Below(12));
        Octets octets;
        switch (kind)
        {
        case 0:
        case 1:
            octets = Wrap(false, DrawSubmit());
            break;
        case 2:
        case 3:
            octets = Wrap(true, DrawDeliver());
            break;
        case 4:
            octets = Wrap(true, DrawStatusReport());
            break;
        case 5:
            octets = Wrap(false, DrawCommand());
            break;
        default:
            octets = DrawOther(kind);
            break;
        }
        return {octets, m_toNetwork, m_expected, m_isUserDataSeen};
    }

  private:
    uint32_t Below(uint32_t limit)
    {
        return static_cast<uint32_t>(m_random()) % limit;
    }

    bool Coin()
    {
        return Below(2) == 1;
    }

    uint8_t Octet()
    {
        return static_cast<uint8_t>(Below(256));
    }

    void Expect(const std::string& field, int64_t value)
    {
        Expect(field, std::to_string(value));
    }

    /// Values of the same field are joined by commas.
    void Expect(const std::string& field, const std::string& value)
    {
        std::string& text = m_expected[field];
        text += (text.empty() ? "" : ",") + value;
    }

    void ExpectHex(const std::string& field, uint8_t value)
    {
        const std::string digits = "0123456789abcdef";
        Expect(field, std::string("0x") + digits[value >> 4] + digits[value & 0x0F]);
    }

    std::string DrawDigits(std::size_t least, std::size_t most)
    {
        std::string digits;
        for (std::size_t n = least + Below(static_cast<uint32_t>(most - least + 1)); n > 0; --n)
        {
            digits += static_cast<char>('0' + Below(10));
        }
        return digits;
    }

    /// Characters of the default alphabet without control characters, and of its extension table.
    std::string DrawText(std::size_t characters)
    {
        static const std::array<std::string, 24> alphabet{
            "a",      "Z",      "0",      " ", "@",      "\u00A3", "$",      "_",
            "\u0394", "\u00E9", "\u00DF", "?", "\u00C4", "\u00FC", "\u00E0", "\u20AC",
            "[",      "]",      "{",      "}", "~",      "|",      "^",      "-"};
        std::string text;
        for (; characters > 0; --characters)
        {
            text += alphabet[Below(alphabet.size())];
        }
        return text;
    }

    SmsAddress DrawAddress(const std::string& field)
    {
        SmsAddress address;
        const uint32_t kind = Below(3);
        address.type = kind == 0 ? 0x91 : kind == 1 ? 0xA1 : 0xD0;
        // tshark takes the filler behind one digit for a digit of the country code
        address.digits = kind < 2 ? DrawDigits(kind == 0 ? 4 : 1, 20) : DrawText(1 + Below(5));
        Expect(field, address.digits);
        Expect("gsm_sms.dis_field_addr.num_type", address.type >> 4 & 0x07);
        Expect("gsm_sms.dis_field_addr.num_plan", address.type & 0x0F);
        return address;
    }

    SmsTimeStamp DrawTimeStamp(const std::string& prefix = "gsm_sms.scts.")
    {
        SmsTimeStamp stamp = MakeSmsTimeStamp(946684800 + Below(2000000000));
        stamp.quarterHours = static_cast<int8_t>(static_cast<int>(Below(159)) - 79);
        Expect(prefix + "year", stamp.year);
        Expect(prefix + "month", stamp.month);
        Expect(prefix + "day", stamp.day);
        Expect(prefix + "hour", stamp.hour);
        Expect(prefix + "minutes", stamp.minute);
        Expect(prefix + "seconds", stamp.second);
        // quarters of an hour; the field has no sign
        Expect(prefix + "timezone", std::abs(stamp.quarterHours));
        return stamp;
    }

    SmsValidityPeriod DrawValidityPeriod()
    {
        using Enhanced = SmsValidityPeriod::Enhanced;
        SmsValidityPeriod period;
        period.format = static_cast<SmsValidityPeriod::Format>(Below(4));
        Expect("gsm_sms.tp-vpf", static_cast<int>(period.format));
        switch (period.format)
        {
        case SmsValidityPeriod::Format::RELATIVE:
            period.relative = Octet();
            Expect("gsm_sms.vp.validity_period", period.relative);
            break;
        case SmsValidityPeriod::Format::ABSOLUTE:
            period.absolute = DrawTimeStamp();
            break;
        case SmsValidityPeriod::Format::ENHANCED:
            period.enhanced = static_cast<Enhanced>(Below(4));
            period.singleShot = Coin();
            period.relative = Octet();
            period.seconds = period.enhanced == Enhanced::SECONDS ? 1 + Below(255) : Below(360000);
            Expect("gsm_sms.vp.validity_period_format", static_cast<int>(period.enhanced));
            Expect("gsm_sms.vp.single_shot_sm", period.singleShot);
            ExpectEnhanced(period);
            break;
        default:
            break;
        }
        return period;
    }

    void ExpectEnhanced(const SmsValidityPeriod& period)
    {
        using Enhanced = SmsValidityPeriod::Enhanced;
        if (period.enhanced == Enhanced::RELATIVE)
        {
            Expect("gsm_sms.vp.validity_period", period.relative);
            m_isUserDataSeen = false;
        }
        else if (period.enhanced == Enhanced::SECONDS)
        {
            Expect("gsm_sms.vp.validity_period", period.seconds);
        }
        else if (period.enhanced == Enhanced::HOURS)
        {
            Expect("gsm_sms.vp.validity_period.hour", period.seconds / 3600);
            Expect("gsm_sms.vp.validity_period.minutes", period.seconds / 60 % 60);
            Expect("gsm_sms.vp.validity_period.seconds", period.seconds % 60);
        }
    }

    SmsUserData DrawUserData()
    {
        ShortMessage message;
        const uint32_t kind = Below(3);
        std::size_t units = Below(Coin() ? 60 : 400);
        message.alphabet = static_cast<SmsAlphabet>(kind);
        if (kind == 0)
        {
            message.text = DrawText(units);
        }
        else if (kind == 1)
        {
            for (; units > 0; --units)
            {
                message.data.push_back(Octet());
            }
        }
        else
        {
            message.text = DrawText(units / 2) + "\u65E5\u672C\U0001F600";
        }
        if (Coin())
        {
            message.messageClass = static_cast<uint8_t>(Below(4));
        }
        if (Coin())
        {
            message.ports =
                SmsPorts{static_cast<uint16_t>(Below(65536)), static_cast<uint16_t>(Below(65536))};
        }
        const auto reference = static_cast<uint16_t>(Below(65536));
        const bool wide = Coin();
        std::vector<SmsUserData> segments;
        SplitShortMessage(message, reference, wide, segments);
        const uint32_t index = Below(static_cast<uint32_t>(segments.size()));
        SmsUserData userData = segments[index];
        userData.protocolId = Coin() ? 0 : 0x40 + Below(8);
        if (message.ports)
        {
            Expect("gsm_sms.destination_port", message.ports->destination);
            Expect("gsm_sms.originator_port", message.ports->originator);
        }
        if (segments.size() > 1)
        {
            Expect("gsm_sms.udh.mm.msg_id", wide ? reference : reference % 256);
            Expect("gsm_sms.udh.mm.msg_parts", static_cast<int64_t>(segments.size()));
            Expect("gsm_sms.udh.mm.msg_part", index + 1);
            ReadShortMessage(userData, message); // what of it is in this segment
        }
        ExpectUserData(userData, message);
        return userData;
    }

    void ExpectUserData(const SmsUserData& userData, const ShortMessage& message)
    {
        Expect("gsm_sms.tp-udhi", userData.hasHeader);
        Expect("gsm_sms.tp.user_data_length", userData.length);
        if (message.alphabet != SmsAlphabet::DATA_8_BIT)
        {
            Expect("gsm_sms.sms_text", message.text);
        }
        else if (message.data.empty() && userData.hasHeader)
        {
            Expect("gsm_sms.sms_body", "<MISSING>"); // tshark's word for no octets behind it
        }
        else
        {
            Expect("gsm_sms.sms_body", ToHex(message.data));
        }
    }

    Octets DrawSubmit()
    {
        SmsSubmit submit;
        submit.rejectDuplicates = Coin();
        submit.statusReportRequest = Coin();
        submit.replyPath = Coin();
        submit.messageReference = Octet();
        submit.destination = DrawAddress("gsm_sms.tp-da");
        submit.validityPeriod = DrawValidityPeriod();
        submit.userData = DrawUserData();
        Expect("gsm_sms.tp-mti", 1);
        Expect("gsm_sms.tp-rd", submit.rejectDuplicates);
        Expect("gsm_sms.tp-srr", submit.statusReportRequest);
        Expect("gsm_sms.tp-rp", submit.replyPath);
        Expect("gsm_sms.tp-mr", submit.messageReference);
        Expect("gsm_sms.tp-pid", submit.userData.protocolId);
        Expect("gsm_sms.tp-dcs", submit.userData.codingScheme);
        Octets tpdu;
        EXPECT_EQ(EncodeSubmit(submit, tpdu), SmsCodecError::NONE);
        return tpdu;
    }

    Octets DrawDeliver()
    {
        SmsDeliver deliver;
        deliver.moreMessagesToSend = Coin();
        deliver.loopPrevention = Coin();
        deliver.statusReportIndication = Coin();
        deliver.replyPath = Coin();
        deliver.originator = DrawAddress("gsm_sms.tp-oa");
        deliver.timeStamp = DrawTimeStamp();
        deliver.userData = DrawUserData();
        Expect("gsm_sms.tp-mti", 0);
        Expect("gsm_sms.tp-mms", !deliver.moreMessagesToSend);
        Expect("gsm_sms.tp-lp", deliver.loopPrevention);
        Expect("gsm_sms.tp-sri", deliver.statusReportIndication);
        Expect("gsm_sms.tp-rp", deliver.replyPath);
        Expect("gsm_sms.tp-pid", deliver.userData.protocolId);
        Expect("gsm_sms.tp-dcs", deliver.userData.codingScheme);
        Octets tpdu;
        EXPECT_EQ(EncodeDeliver(deliver, tpdu), SmsCodecError::NONE);
        return tpdu;
    }

    /// Without user data there is no header either.
    SmsOptionalParts DrawParts()
    {
        SmsOptionalParts parts;
        if (Coin())
        {
            parts.userData = DrawUserData();
            parts.codingScheme = parts.userData->codingScheme;
        }
        else
        {
            Expect("gsm_sms.tp-udhi", 0);
        }
        if (parts.codingScheme || Coin())
        {
            parts.codingScheme = parts.codingScheme.value_or(Octet() & 0x0C);
            Expect("gsm_sms.tp-dcs", *parts.codingScheme);
        }
        if (Coin())
        {
            parts.protocolId = 0x40 + Below(8);
            Expect("gsm_sms.tp-pid", *parts.protocolId);
        }
        return parts;
    }

    Octets DrawStatusReport()
    {
        SmsStatusReport report;
        report.moreMessagesToSend = Coin();
        report.loopPrevention = Coin();
        report.resultOfCommand = Coin();
        report.messageReference = Octet();
        report.recipient = DrawAddress("gsm_sms.tp-ra");
        report.timeStamp = DrawTimeStamp();
        report.dischargeTime = DrawTimeStamp();
        report.status = static_cast<uint8_t>(Below(0x80));
        report.parts = DrawParts();
        Expect("gsm_sms.tp-mti", 2);
        Expect("gsm_sms.tp-mms", !report.moreMessagesToSend);
        Expect("gsm_sms.tp-lp", report.loopPrevention);
        Expect("gsm_sms.tp-srq", report.resultOfCommand);
        Expect("gsm_sms.tp-mr", report.messageReference);
        Expect("gsm_sms.dis_field.st_error", report.status >> 5);
        Expect("gsm_sms.dis.field_st_reason", report.status & 0x1F);
        Octets tpdu;
        EXPECT_EQ(EncodeStatusReport(report, tpdu), SmsCodecError::NONE);
        return tpdu;
    }

    Octets DrawCommand()
    {
        SmsCommand command;
        command.statusReportRequest = Coin();
        command.messageReference = Octet();
        command.protocolId = 0x40 + Below(8);
        command.type = static_cast<uint8_t>(Below(4));
        command.messageNumber = Octet();
        command.destination = DrawAddress("gsm_sms.tp-da");
        command.commandData = Octets(Below(147), Octet());
        Expect("gsm_sms.tp-mti", 2);
        Expect("gsm_sms.tp-udhi", 0);
        Expect("gsm_sms.tp-srr", command.statusReportRequest);
        Expect("gsm_sms.tp-mr", command.messageReference);
        Expect("gsm_sms.tp-pid", command.protocolId);
        Expect("gsm_sms.tp.command_type", command.type);
        Expect("gsm_sms.tp.message_number", command.messageNumber);
        Expect("gsm_sms.tp.command_data_length", static_cast<int>(command.commandData.size()));
        Octets tpdu;
        EXPECT_EQ(EncodeCommand(command, tpdu), SmsCodecError::NONE);
        return tpdu;
    }

    Octets DrawSubmitReport(bool error)
    {
        SmsSubmitReport report;
        if (error)
        {
            report.failureCause = 0x80 + Below(128);
            ExpectHex("gsm_sms.tp-fcs", *report.failureCause);
        }
        report.timeStamp = DrawTimeStamp();
        report.parts = DrawParts();
        Expect("gsm_sms.tp-mti", 1);
        Octets tpdu;
        EXPECT_EQ(EncodeSubmitReport(report, tpdu), SmsCodecError::NONE);
        return tpdu;
    }

    Octets DrawDeliverReport(bool error)
    {
        SmsDeliverReport report;
        if (error)
        {
            report.failureCause = 0x80 + Below(128);
            ExpectHex("gsm_sms.tp-fcs", *report.failureCause);
        }
        report.parts = DrawParts();
        Expect("gsm_sms.tp-mti", 0);
        Octets tpdu;
        EXPECT_EQ(EncodeDeliverReport(report, tpdu), SmsCodecError::NONE);
        return tpdu;
    }

    /// Notes the direction and what every RP message in a CP-DATA has. @return the RP reference.
    uint8_t ExpectRp(RpKind kind, bool fromNetwork)
    {
        const uint8_t reference = Octet();
        m_toNetwork = !fromNetwork;
        ExpectHex("gsm_a.dtap.msg_sms_type", static_cast<uint8_t>(CpType::DATA));
        ExpectHex("gsm_a.rp.msg_type",
                  static_cast<uint8_t>(static_cast<uint8_t>(kind) << 1 | (fromNetwork ? 1 : 0)));
        ExpectHex("gsm_a.rp.rp_message_reference", reference);
        return reference;
    }

    Octets Wrap(bool fromNetwork, const Octets& tpdu)
    {
        const SmsAddress serviceCentre{SmsAddress::INTERNATIONAL, DrawDigits(8, 15)};
        Expect("gsm_a.dtap.cld_party_bcd_num", serviceCentre.digits);
        const uint8_t reference = ExpectRp(RpKind::DATA, fromNetwork);
        Octets message;
        EXPECT_EQ(EncodeCpRpData(static_cast<uint8_t>(Below(7)),
                                 fromNetwork,
                                 reference,
                                 serviceCentre,
                                 tpdu,
                                 message),
                  SmsCodecError::NONE);
        return message;
    }

    /// A report, or a message without a TPDU.
    Octets DrawOther(int kind)
    {
        const auto transaction = static_cast<uint8_t>(Below(7));
        const bool fromNetwork = Coin();
        const bool hasReport = Below(4) > 0;
        if (kind < 10)
        {
            const bool error = kind < 8;
            Octets tpdu;
            if (hasReport)
            {
                tpdu = fromNetwork ? DrawSubmitReport(error) : DrawDeliverReport(error);
            }
            const uint8_t reference = ExpectRp(error ? RpKind::ERROR : RpKind::ACK, fromNetwork);
            if (!error)
            {
                return EncodeCpRpAck(transaction, fromNetwork, reference, tpdu);
            }
            const auto cause = static_cast<uint8_t>(1 + Below(127));
            Expect("gsm_a.rp.cause", cause);
            return EncodeCpRpError(transaction, fromNetwork, reference, cause, tpdu);
        }
        m_toNetwork = !fromNetwork;
        if (kind == 10)
        {
            ExpectHex("gsm_a.dtap.msg_sms_type", static_cast<uint8_t>(CpType::ACK));
            return EncodeCpAck(transaction);
        }
        if (hasReport)
        {
            return EncodeCpRpSmma(transaction, ExpectRp(RpKind::SMMA, false));
        }
        ExpectHex("gsm_a.dtap.msg_sms_type", static_cast<uint8_t>(CpType::ERROR));
        Expect("gsm_a.dtap.cp_cause", static_cast<int>(CpCause::PROTOCOL_ERROR));
        return EncodeCpError(transaction, CpCause::PROTOCOL_ERROR);
    }

    std::mt19937 m_random{20090401};
    bool m_toNetwork = true;
    bool m_isUserDataSeen = true;
    Expected m_expected;
};

} // namespace

// Wireshark's dissectors of TS 24.011 and TS 23.040 are the oracle: nothing is malformed or worth a
// remark, and each field of each message says what was encoded, those that are absent nothing.
TEST(SmsTpduTshark, SeesWhatWasEncoded)
{
    if (!HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    Generator generator;
    Capture capture(Capture::Link::EXPORTED_PDU);
    std::vector<Generator::Message> messages;
    for (int i = 0; i < MESSAGES; ++i)
    {
        messages.push_back(generator.Draw());
        capture.AddPdu("gsm_a_dtap", messages.back().octets, messages.back().toNetwork);
    }
    const std::vector<std::string> fields = GetFields();
    const auto seen = capture.Dissect(fields, {"gsm_sms.reassemble:FALSE"});
    std::size_t unseen = 0;
    std::map<std::string, int> differences;
    for (std::size_t i = 0; i < seen.size(); ++i)
    {
        Generator::Message& message = messages[i];
        unseen += message.isUserDataSeen ? 0 : 1;
        for (std::size_t field = 0; field < fields.size(); ++field)
        {
            const std::string& name = fields[field];
            if (!message.isUserDataSeen && name == g_firstOfUserData)
            {
                break;
            }
            if (seen[i][field] != message.expected[name] && ++differences[name] <= 3)
            {
                ADD_FAILURE() << "message " << i << ": " << name << " is '" << seen[i][field]
                              << "' and not '" << message.expected[name] << "'";
            }
        }
    }
    EXPECT_EQ(differences, (std::map<std::string, int>()));
    EXPECT_LT(unseen, messages.size() / 50);
}
