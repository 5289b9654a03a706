// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_TRAFFIC_H
#define P2PIM_SMS_TRAFFIC_H

#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/sms-alphabet.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// A message that a user will send.
struct PlannedSms
{
    Time start;                                    ///< when
    uint32_t sender = 0;                           ///< which phone, from 0
    uint32_t target = 0;                           ///< which other phone
    uint32_t validity = 0;                         ///< validity period, s; 0: the phone's default
    uint16_t length = 0;                           ///< characters, or octets of data
    SmsAlphabet alphabet = SmsAlphabet::GSM_7_BIT; ///< text, or data to application ports
    bool statusReport = false;                     ///< the sender wants a status report
    bool crowd = false;                            ///< it is of the flash crowd
};

/**
 * @param index the message's place in the run, which the text begins with.
 * @param alphabet GSM_7_BIT or UCS2.
 * @param length characters; at least as many as the index has digits, and a blank.
 * @return UTF-8 with characters from all over the alphabet.
 */
std::string MakeSmsText(uint32_t index, SmsAlphabet alphabet, uint16_t length);

/**
 * @param index the message's place in the run, which the data begin with, in four octets.
 * @param length octets, at least 4.
 * @return the octets.
 */
std::vector<uint8_t> MakeSmsData(uint32_t index, uint16_t length);

/// @return the index that a text begins with, if there is one.
std::optional<uint32_t> ReadSmsIndex(const std::string& text);
/// @return the index that data begin with, if there is one.
std::optional<uint32_t> ReadSmsIndex(const std::vector<uint8_t>& data);

/**
 * Who sends what to whom, and when. All of it is drawn before the run, each message's from the same
 * number of draws of each stream, so that a setting changes nothing but what it names.
 */
class SmsTraffic : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    SmsTraffic();
    ~SmsTraffic() override;

    /// Which phones a flash crowd writes to.
    enum FlashCrowdTarget : uint8_t
    {
        ONE_NUMBER, ///< phone 0
        ONE_CELL    ///< those of cell 0
    };

    /**
     * @param messages how many.
     * @param phones how many there are, 2 and up.
     * @param cells how many; phone n is in cell n modulo this.
     * @return the messages by their start; their index is their place.
     */
    std::vector<PlannedSms> Plan(uint32_t messages, uint32_t phones, uint32_t cells);

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  private:
    PlannedSms PlanMessage(uint32_t phones);
    void MoveToCrowd(PlannedSms& message, double when, uint32_t phones, uint32_t cells) const;

    // attributes
    Ptr<RandomVariableStream> m_arrivalInterval; ///< s
    Ptr<RandomVariableStream> m_sender;          ///< 0 to 1
    Ptr<RandomVariableStream> m_target;          ///< 0 to 1
    Ptr<RandomVariableStream> m_length;          ///< characters
    Ptr<RandomVariableStream> m_validity;        ///< s
    double m_dataShare;
    double m_ucs2Share;
    double m_statusReportShare;
    double m_flashCrowdShare;
    Time m_flashCrowdStart;
    Time m_flashCrowdWindow;
    FlashCrowdTarget m_flashCrowdTarget;

    Ptr<UniformRandomVariable> m_kind;
    Ptr<UniformRandomVariable> m_report;
    Ptr<UniformRandomVariable> m_crowd;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_TRAFFIC_H
