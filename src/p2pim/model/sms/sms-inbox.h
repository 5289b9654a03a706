// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_INBOX_H
#define P2PIM_SMS_INBOX_H

#include "ns3/nstime.h"
#include "ns3/page-mode-service.h"
#include "ns3/sms-concatenation.h"
#include "ns3/sms-report-tpdu.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// What a phone can hold.
struct SmsInboxLimits
{
    uint32_t capacity = 0;  ///< TPDUs of messages until Read(); 0: no limit
    Time reassemblyTimeout; ///< how long segments wait for the others of their message
};

/**
 * The messages of a phone that come in: decodes TPDUs, puts segments together, hands messages to
 * the application of their port or else to the user, and is full when the phone's memory is. One
 * that has received nothing holds no memory.
 */
class SmsInbox
{
  public:
    /// Called with each message that goes to no listener's port.
    using MessageFunction =
        std::function<void(const SmsAddress& from, const ShortMessage& message)>;
    /// Called with each status report.
    using ReportFunction = std::function<void(const SmsStatusReport& report)>;

    SmsInbox();
    ~SmsInbox();
    SmsInbox(const SmsInbox&) = delete;
    SmsInbox& operator=(const SmsInbox&) = delete;

    /// @param message what is called with a user's messages.
    void SetMessageFunction(MessageFunction message);
    /// @param report what is called with status reports.
    void SetReportFunction(ReportFunction report);
    /// As PageModeService::Listen().
    void Listen(uint16_t port, PageModeService::ReceiveCallback received);

    /**
     * An RP-DATA has come.
     *
     * @param tpdu its TPDU.
     * @param size the TPDU's length in octets.
     * @param now the time.
     * @param limits what the phone can hold.
     * @return the RP cause (TS 24.011 8.2.5.4), 0 if it is accepted.
     */
    uint8_t Receive(const uint8_t* tpdu, std::size_t size, Time now, const SmsInboxLimits& limits);

    /// The user reads and deletes all. @return whether a message was refused for lack of room since
    /// the last time.
    bool Read();

    /// Forgets all listeners and functions.
    void Clear();

  private:
    uint8_t ReceiveDeliver(const uint8_t* tpdu,
                           std::size_t size,
                           Time now,
                           const SmsInboxLimits& limits);
    uint8_t ReceiveStatusReport(const uint8_t* tpdu, std::size_t size) const;
    void Deliver(const SmsAddress& from, const ShortMessage& message) const;

    uint32_t m_stored = 0;
    bool m_refused = false;
    MessageFunction m_message;
    ReportFunction m_report;
    std::vector<std::pair<uint16_t, PageModeService::ReceiveCallback>> m_listeners;
    std::unique_ptr<SmsReassembler> m_reassembler; ///< once there was a segment
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_INBOX_H
