// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/smsc-message-centre.h"

#include <cstdio>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// @return the text of a message id; SMPP 3.4, appendix B has ten digits.
std::string
FormatId(uint64_t id)
{
    char text[24];
    std::snprintf(text, sizeof(text), "%010llu", static_cast<unsigned long long>(id));
    return text;
}

/// @return the command_status of a submission that the SMSC has answered.
SmppStatus
GetStatus(MapError error)
{
    switch (error)
    {
    case MapError::NONE:
        return SmppStatus::ESME_ROK;
    case MapError::UNKNOWN_SUBSCRIBER:
        return SmppStatus::ESME_RINVDSTADR;
    case MapError::SC_CONGESTION:
        return SmppStatus::ESME_RMSGQFUL;
    default:
        return SmppStatus::ESME_RSUBMITFAIL;
    }
}

/// @return the final state that a last hop stands for.
SmppMessageState
GetState(SmsHop hop)
{
    switch (hop)
    {
    case SmsHop::REPORTED:
        return SmppMessageState::DELIVERED;
    case SmsHop::EXPIRED:
        return SmppMessageState::EXPIRED;
    default:
        return SmppMessageState::UNDELIVERABLE;
    }
}

/// @return the local value of an error (TS 29.002 17.6.6), 0 for none.
uint16_t
GetErrorCode(MapError error)
{
    switch (error)
    {
    case MapError::UNKNOWN_SUBSCRIBER:
        return 1;
    case MapError::ABSENT_SUBSCRIBER_SM:
    case MapError::NO_PAGING_RESPONSE:
        return 6;
    case MapError::FACILITY_NOT_SUPPORTED:
        return 21;
    case MapError::SM_DELIVERY_FAILURE:
    case MapError::MEMORY_CAPACITY_EXCEEDED:
    case MapError::SC_CONGESTION:
        return 32;
    case MapError::SYSTEM_FAILURE:
        return 34;
    default:
        return 0;
    }
}

} // namespace

SmscMessageCentre::SmscMessageCentre(Ptr<Smsc> smsc)
    : m_smsc(smsc)
{
}

SmscMessageCentre::~SmscMessageCentre()
{
    m_smsc->SetOutcomeFunction(nullptr);
}

void
SmscMessageCentre::SetOutcomeFunction(OutcomeFunction outcome)
{
    m_outcome = std::move(outcome);
    if (!m_outcome)
    {
        m_smsc->SetOutcomeFunction(nullptr);
        return;
    }
    m_smsc->SetOutcomeFunction([this](uint64_t id, SmsHop hop, MapError error) {
        m_outcome(FormatId(id), GetState(hop), GetErrorCode(error));
    });
}

void
SmscMessageCentre::Submit(const SmppSubmission& submission, AcceptedFunction accepted)
{
    SmscSubmission message;
    message.originator = submission.originator;
    message.destination = submission.destination;
    message.userData = submission.userData;
    message.priority = submission.priority;
    if (submission.validity)
    {
        message.validity = Seconds(static_cast<double>(*submission.validity));
    }
    m_smsc->SubmitExternal(std::move(message), [accepted](MapError error, uint64_t id) {
        accepted(GetStatus(error), FormatId(id));
    });
}

std::optional<SmppMessageState>
SmscMessageCentre::Query(const std::string& id) const
{
    const auto number = ParseDigits(id);
    return number && m_smsc->HasMessage(*number) ? std::optional(SmppMessageState::ENROUTE)
                                                 : std::nullopt;
}

bool
SmscMessageCentre::Cancel(const std::string& id)
{
    const auto number = ParseDigits(id);
    if (!number || !m_smsc->CancelMessage(*number))
    {
        return false;
    }
    if (m_outcome)
    {
        m_outcome(id, SmppMessageState::DELETED, 0);
    }
    return true;
}

int64_t
SmscMessageCentre::GetTime() const
{
    return m_smsc->GetTimeOfDay();
}

} // namespace p2pim
} // namespace ns3
