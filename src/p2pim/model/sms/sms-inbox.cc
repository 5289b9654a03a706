// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-inbox.h"

#include "ns3/sms-rp-cp.h"
#include "ns3/sms-tpdu.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr auto BAD_TPDU = static_cast<uint8_t>(RpCause::INVALID_MANDATORY_INFORMATION);
constexpr std::size_t MAX_INCOMPLETE = 32; // messages of which segments are missing

} // namespace

SmsInbox::SmsInbox() = default;

SmsInbox::~SmsInbox() = default;

void
SmsInbox::SetMessageFunction(MessageFunction message)
{
    m_message = std::move(message);
}

void
SmsInbox::SetReportFunction(ReportFunction report)
{
    m_report = std::move(report);
}

void
SmsInbox::Listen(uint16_t port, PageModeService::ReceiveCallback received)
{
    m_listeners.erase(std::remove_if(m_listeners.begin(),
                                     m_listeners.end(),
                                     [port](const auto& entry) { return entry.first == port; }),
                      m_listeners.end());
    if (!received.IsNull())
    {
        m_listeners.emplace_back(port, received);
    }
}

uint8_t
SmsInbox::Receive(const uint8_t* tpdu, std::size_t size, Time now, const SmsInboxLimits& limits)
{
    const auto type = size > 0 ? GetSmsTpduType(tpdu[0], true) : std::nullopt;
    switch (type.value_or(SmsTpduType::SUBMIT_REPORT))
    {
    case SmsTpduType::DELIVER:
        return ReceiveDeliver(tpdu, size, now, limits);
    case SmsTpduType::STATUS_REPORT:
        return ReceiveStatusReport(tpdu, size);
    default:
        return BAD_TPDU;
    }
}

uint8_t
SmsInbox::ReceiveDeliver(const uint8_t* tpdu,
                         std::size_t size,
                         Time now,
                         const SmsInboxLimits& limits)
{
    SmsDeliver deliver;
    ShortMessage message;
    if (DecodeDeliver(tpdu, size, deliver) != SmsCodecError::NONE ||
        ReadShortMessage(deliver.userData, message) != SmsCodecError::NONE)
    {
        return BAD_TPDU;
    }
    if (limits.capacity > 0 && m_stored >= limits.capacity)
    {
        m_refused = true;
        return static_cast<uint8_t>(RpCause::MEMORY_CAPACITY_EXCEEDED);
    }
    ++m_stored;
    SmsUserDataHeader header;
    if (deliver.userData.hasHeader)
    {
        DecodeUserDataHeader(deliver.userData.octets, header);
    }
    if (!header.concatenation)
    {
        Deliver(deliver.originator, message);
        return 0;
    }
    if (!m_reassembler)
    {
        m_reassembler = std::make_unique<SmsReassembler>(limits.reassemblyTimeout, MAX_INCOMPLETE);
    }
    if (m_reassembler->Add(deliver.originator, deliver.userData, now, message))
    {
        Deliver(deliver.originator, message);
    }
    return 0;
}

uint8_t
SmsInbox::ReceiveStatusReport(const uint8_t* tpdu, std::size_t size) const
{
    SmsStatusReport report;
    if (DecodeStatusReport(tpdu, size, report) != SmsCodecError::NONE)
    {
        return BAD_TPDU;
    }
    if (m_report)
    {
        m_report(report);
    }
    return 0;
}

void
SmsInbox::Deliver(const SmsAddress& from, const ShortMessage& message) const
{
    const auto listener =
        std::find_if(m_listeners.begin(), m_listeners.end(), [&message](const auto& entry) {
            return message.ports && entry.first == message.ports->destination;
        });
    if (listener != m_listeners.end())
    {
        const PageModeService::ReceiveCallback received = listener->second;
        const bool isText = message.alphabet != SmsAlphabet::DATA_8_BIT;
        received(from.digits,
                 isText ? std::vector<uint8_t>(message.text.begin(), message.text.end())
                        : message.data);
    }
    else if (m_message)
    {
        m_message(from, message);
    }
}

bool
SmsInbox::Read()
{
    const bool refused = m_refused;
    m_stored = 0;
    m_refused = false;
    return refused;
}

void
SmsInbox::Clear()
{
    m_listeners.clear();
    m_message = nullptr;
    m_report = nullptr;
}

} // namespace p2pim
} // namespace ns3
