// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_SMSC_FIXTURE_H
#define P2PIM_TESTS_SMSC_FIXTURE_H

#include "tests/gsm/sms-network.h"

#include "ns3/boolean.h"
#include "ns3/data-rate.h"
#include "ns3/double.h"
#include "ns3/integer.h"
#include "ns3/sms-report-tpdu.h"
#include "ns3/sms-tpdu.h"
#include "ns3/sms-user-data.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// The one-cell network with four phones, seen from its SMSC. Messages come from an external sender
/// or as MO-ForwardSM; their user data are their numbers.
class SmscFixture : public testing::Test
{
  protected:
    /// A hop.
    struct Hop
    {
        uint64_t reference;
        SmsHop hop;
        Time time;
    };

    /// The end of an attempt.
    struct AttemptEnd
    {
        uint64_t reference;
        uint32_t number;
        MapError outcome;
        Time time;
    };

    /// The answer to an external submission.
    struct Answer
    {
        MapError error;
        uint64_t id;
    };

    static constexpr uint64_t SENDER = 441110000000; ///< of messages by MO-ForwardSM

    SmscFixture()
    {
        for (int i = 0; i < 4; ++i)
        {
            m_net.AddPhone();
        }
        m_net.smsc->TraceConnectWithoutContext(
            "Hop",
            Callback<void, uint64_t, SmsHop, Time>([this](uint64_t ref, SmsHop hop, Time time) {
                m_hops.push_back({ref, hop, time});
            }));
        m_net.smsc->TraceConnectWithoutContext(
            "Attempt",
            Callback<void, uint64_t, uint32_t, MapError>(
                [this](uint64_t ref, uint32_t number, MapError outcome) {
                    m_ends.push_back({ref, number, outcome, Simulator::Now()});
                }));
        m_net.smsc->SetOutcomeFunction(
            [this](uint64_t, SmsHop hop, MapError) { m_outcomes.push_back(hop); });
    }

    /// Takes away the times between an attempt's start and the MSC's refusal, and those before.
    void TakeNoTime()
    {
        m_net.signalling->SetAttribute("Delay", TimeValue(Seconds(0)));
        m_net.signalling->SetAttribute("LinkRate", DataRateValue(DataRate("1000Gb/s")));
        m_net.hlr->SetAttribute("QueryTime", TimeValue(Seconds(0)));
        m_net.msc->SetAttribute("ProcessingTime", TimeValue(Seconds(0)));
        Set("StorageTime", TimeValue(Seconds(0)));
        Set("ServiceTime", StringValue("ns3::ConstantRandomVariable[Constant=0]"));
    }

    void Set(const std::string& attribute, const AttributeValue& value)
    {
        m_net.smsc->SetAttribute(attribute, value);
    }

    /// @return user data for the port that the phones listen at.
    static SmsUserData MakeUserData(uint8_t number)
    {
        SmsUserData userData;
        userData.hasHeader = true;
        userData.codingScheme = SMS_DCS_8_BIT;
        EncodePortUserData({SmsNetwork::PORT, SmsNetwork::PORT}, {number}, userData.octets);
        userData.length = static_cast<uint8_t>(userData.octets.size());
        return userData;
    }

    /// An external sender submits message @p number to a number, now.
    void SubmitTo(uint64_t msisdn,
                  uint8_t number,
                  uint8_t priority = 0,
                  const std::optional<Time>& validity = std::nullopt)
    {
        SmscSubmission submission;
        submission.originator.digits = "12345";
        submission.destination.digits = std::to_string(msisdn);
        submission.userData = MakeUserData(number);
        submission.priority = priority;
        submission.validity = validity;
        m_net.smsc->SubmitExternal(submission, [this](MapError error, uint64_t id) {
            m_answers.push_back({error, id});
        });
    }

    /// The same to a phone, at a time in s.
    void SubmitAt(double seconds,
                  std::size_t phone,
                  uint8_t number,
                  uint8_t priority = 0,
                  const std::optional<Time>& validity = std::nullopt)
    {
        At(seconds, [this, phone, number, priority, validity]() {
            SubmitTo(GetMsisdn(phone), number, priority, validity);
        });
    }

    /// SENDER's TPDU reaches the SMSC at a time in s.
    void SendTpduAt(double seconds, const std::vector<uint8_t>& tpdu)
    {
        At(seconds, [this, tpdu]() {
            Ptr<MapMoForwardSm> operation = Create<MapMoForwardSm>();
            operation->node = PeekPointer(m_net.msc);
            operation->originator = m_sender;
            operation->tpdu = tpdu;
            m_net.smsc->MoForwardSm(operation);
        });
    }

    /// @return an SMS-SUBMIT of SENDER's.
    SmsSubmit MakeSubmit(std::size_t phone, uint8_t messageReference) const
    {
        SmsSubmit submit;
        submit.messageReference = messageReference;
        submit.destination.digits = std::to_string(GetMsisdn(phone));
        submit.userData = MakeUserData(messageReference);
        return submit;
    }

    void SendAt(double seconds, const SmsSubmit& submit)
    {
        std::vector<uint8_t> tpdu;
        ASSERT_EQ(EncodeSubmit(submit, tpdu), SmsCodecError::NONE);
        SendTpduAt(seconds, tpdu);
    }

    template <typename Function>
    static void At(double seconds, Function function)
    {
        Simulator::Schedule(Seconds(seconds), function);
    }

    void PowerAt(double seconds, std::size_t phone, bool on)
    {
        At(seconds, [this, phone, on]() { m_net.phones[phone]->SetPoweredOn(on); });
    }

    void CoverAt(double seconds, std::size_t phone, bool covered)
    {
        At(seconds, [this, phone, covered]() { m_net.phones[phone]->SetCovered(covered); });
    }

    /// What is sent to or from an element between two times in s is lost.
    void CutOff(Ss7Network::Point point, double from, double to)
    {
        At(from, [this, point]() { m_net.signalling->SetInService(point, false); });
        At(to, [this, point]() { m_net.signalling->SetInService(point, true); });
    }

    uint64_t GetMsisdn(std::size_t phone) const
    {
        return *ParseDigits(m_net.phones[phone]->GetMsisdn());
    }

    double Get(const std::string& counter) const
    {
        return SmsNetwork::Get(m_net.smsc->GetCounters(), counter);
    }

    double GetHlr(const std::string& counter) const
    {
        return SmsNetwork::Get(m_net.hlr->GetCounters(), counter);
    }

    /// @return the times of a hop, s.
    std::vector<double> GetTimes(SmsHop hop) const
    {
        std::vector<double> times;
        for (const Hop& one : m_hops)
        {
            if (one.hop == hop)
            {
                times.push_back(one.time.GetSeconds());
            }
        }
        return times;
    }

    /// @return the numbers of the messages that a phone has received, in order.
    std::vector<int> GetReceived(std::size_t phone) const
    {
        std::vector<int> numbers;
        for (const auto& one : m_net.received[phone])
        {
            numbers.push_back(one.octets.at(0));
        }
        return numbers;
    }

    SmsNetwork m_net;
    uint64_t m_sender = SENDER;
    std::vector<Hop> m_hops;
    std::vector<AttemptEnd> m_ends;
    std::vector<Answer> m_answers;
    std::vector<SmsHop> m_outcomes;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TESTS_SMSC_FIXTURE_H
