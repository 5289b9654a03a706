// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_TIME_LINE_H
#define P2PIM_SMS_TIME_LINE_H

#include "ns3/gsm-mobile-station.h"
#include "ns3/msc-vlr.h"
#include "ns3/nstime.h"
#include "ns3/sms-hop.h"
#include "ns3/smsc.h"

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Collects the hops of each short message, which phones, MSC and SMSC tell one by one, into one
 * line, and hands it out when the message has come to its end: the SMSC has forgotten every copy
 * of it that it had stored, and the sender's phone has had its answer.
 *
 * A reference names a sender's last 256 messages. When it is used again while a line of it is open,
 * what the SMSC and the target's side tell belongs to the oldest line with a stored copy, what the
 * sender's side tells to the newest line. A message that is stored after its phone has given it up,
 * or that no phone has sent, has a line that begins there.
 */
class SmsTimeLine
{
  public:
    /// The hops of one message.
    struct Line
    {
        uint64_t reference = 0;           ///< MakeSmsReference()
        uint64_t number = 0;              ///< counts the lines, from 1 in the order of their start
        std::vector<Smsc::HopStamp> hops; ///< in the order in which they happened
        bool complete = false;            ///< the message has come to its end
        bool answered = true;             ///< the phone waits for nothing
        uint32_t copies = 0;              ///< copies that the SMSC has stored and not forgotten
    };

    /// Called for each line that is complete, and by Flush() for each other one.
    using Finished = std::function<void(const Line& line)>;

    /// @param finished called with each line; it may submit messages.
    explicit SmsTimeLine(Finished finished);
    ~SmsTimeLine();
    SmsTimeLine(const SmsTimeLine&) = delete;
    SmsTimeLine& operator=(const SmsTimeLine&) = delete;

    /// Follows a phone. All that is followed has its last event before this object goes.
    void Attach(Ptr<GsmMobileStation> phone);
    /// Follows an MSC.
    void Attach(Ptr<MscVlr> msc);
    /// Follows an SMSC.
    void Attach(Ptr<Smsc> smsc);

    /// A hop has happened; what the trace sources call.
    void NotifyHop(uint64_t reference, SmsHop hop, Time time);

    /// @return the number of the line that has been opened last; to be asked after a submission.
    uint64_t GetLastNumber() const;

    /// Hands out what is not complete, in the order of the submissions.
    void Flush();

    /// @return hops of messages that had come to their end, such as an answer that was late.
    uint64_t GetStrayHops() const;
    /// @return lines that are open.
    std::size_t GetOpenLines() const;

  private:
    using Lines = std::vector<Line>;

    Line& Open(uint64_t reference, bool answered);
    Line* Find(uint64_t reference, SmsHop hop);
    void FinishIfComplete(uint64_t reference, uint64_t number);

    Finished m_finished;
    std::unordered_map<uint64_t, Lines> m_lines;      ///< open ones, oldest first; looked up only
    std::vector<std::vector<Smsc::HopStamp>> m_spare; ///< memory to use again
    uint64_t m_lastNumber = 0;
    uint64_t m_strayHops = 0;
    std::size_t m_open = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_TIME_LINE_H
