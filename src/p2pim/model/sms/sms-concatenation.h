// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_CONCATENATION_H
#define P2PIM_SMS_CONCATENATION_H

#include "ns3/nstime.h"
#include "ns3/sms-address.h"
#include "ns3/sms-alphabet.h"
#include "ns3/sms-codec-error.h"
#include "ns3/sms-user-data.h"

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// A short message as a user sees it: text or data, of any length.
struct ShortMessage
{
    std::optional<SmsAlphabet> alphabet; ///< nothing: the smallest that has all of the text
    std::string text;                    ///< UTF-8; unless the alphabet is DATA_8_BIT
    std::vector<uint8_t> data;           ///< with DATA_8_BIT
    std::optional<SmsPorts> ports;       ///< application ports
    std::optional<uint8_t> messageClass; ///< 0 to 3
};

/**
 * Cuts a message into segments (TS 23.040 9.2.3.24.1). One that fits into a single TPDU has no
 * concatenation element. Neither an escaped character nor a surrogate pair is cut.
 *
 * @param message the message.
 * @param reference the concatenation's, 8 bits unless @p wide.
 * @param wide whether references have 16 bits.
 * @param[out] segments TP-UD and all that goes with it, segment by segment.
 * @return UNENCODABLE_TEXT, TOO_MANY_SEGMENTS (over 255), or NONE.
 */
SmsCodecError SplitShortMessage(const ShortMessage& message,
                                uint16_t reference,
                                bool wide,
                                std::vector<SmsUserData>& segments);

/**
 * Reads a message that came in one piece.
 *
 * @param userData TP-UD and all that goes with it.
 * @param[out] message what it says; compressed text is taken for data.
 * @return BAD_USER_DATA_HEADER, or NONE.
 */
SmsCodecError ReadShortMessage(const SmsUserData& userData, ShortMessage& message);

/**
 * Puts the segments of messages together, whatever their order. A segment that comes again is
 * ignored. A message that stays incomplete is dropped after a time, or when there are too many of
 * them, the oldest first.
 */
class SmsReassembler
{
  public:
    /**
     * @param timeout how long after its first segment an incomplete message is kept.
     * @param limit most messages that are incomplete at a time, at least 1.
     */
    SmsReassembler(Time timeout, std::size_t limit);

    /**
     * A segment, or a message that has none, has come.
     *
     * @param originator its sender.
     * @param userData TP-UD and all that goes with it.
     * @param now the time.
     * @param[out] message the whole message, if this completes it.
     * @return whether it does. @p userData without a readable header is taken for none.
     */
    bool Add(const SmsAddress& originator,
             const SmsUserData& userData,
             Time now,
             ShortMessage& message);

    /// @return how many messages are incomplete.
    std::size_t GetIncomplete() const;
    /// @return how many messages were dropped.
    uint64_t GetDropped() const;

  private:
    /// What tells the segments of one message from those of others (TS 23.040 9.2.3.24.1).
    using Key = std::tuple<std::string, uint8_t, uint16_t, uint8_t, bool>;

    /// An incomplete message.
    struct Incomplete
    {
        Key key;                                           ///< whose
        Time since;                                        ///< of its first segment
        std::size_t missing = 0;                           ///< segments
        std::vector<std::optional<ShortMessage>> segments; ///< by number, from 0
    };

    void Drop(std::list<Incomplete>::iterator incomplete);

    Time m_timeout;
    std::size_t m_limit;
    std::list<Incomplete> m_incomplete; ///< the oldest first
    std::map<Key, std::list<Incomplete>::iterator> m_byKey;
    uint64_t m_dropped = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_CONCATENATION_H
