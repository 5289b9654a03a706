// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The short messages of a phone: its queue, and what goes into it and comes out.
 */
#include "ns3/gsm-cell.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/msc-vlr.h"
#include "ns3/ns3-compatibility.h"
#include "ns3/simulator.h"
#include "ns3/sms-tpdu-fields.h"
#include "ns3/sms-tpdu.h"
#include "ns3/sms-user-data.h"

#include <memory>
#include <utility>

namespace ns3
{
namespace p2pim
{

uint32_t
GsmMobileStation::GetMaxUserData() const
{
    return SMS_MAX_USER_DATA - SMS_PORT_HEADER;
}

void
GsmMobileStation::Submit(const std::string& destination,
                         uint16_t destinationPort,
                         uint16_t originatorPort,
                         const std::vector<uint8_t>& userData,
                         SubmitCallback done)
{
    SmsUserData segment;
    segment.hasHeader = true;
    segment.codingScheme = SMS_DCS_8_BIT;
    SmsCodecError error =
        EncodePortUserData({destinationPort, originatorPort}, userData, segment.octets);
    segment.length = static_cast<uint8_t>(segment.octets.size());
    if (error == SmsCodecError::NONE)
    {
        error = SubmitSegment(destination, std::move(segment), SmsOptions(), done);
    }
    if (error != SmsCodecError::NONE)
    {
        done(false,
             error == SmsCodecError::USER_DATA_TOO_LONG ? "user data too long"
                                                        : "bad destination number");
    }
}

SmsCodecError
GsmMobileStation::SubmitSegment(const std::string& destination,
                                SmsUserData userData,
                                const SmsOptions& options,
                                SubmitCallback done)
{
    SmsSubmit submit;
    submit.messageReference = m_nextMessageReference;
    submit.destination.digits = destination;
    submit.statusReportRequest = options.statusReport;
    submit.validityPeriod =
        options.validity.value_or(SmsValidityPeriod::MakeRelative(m_validityPeriod));
    submit.userData = std::move(userData);
    std::vector<uint8_t> tpdu;
    tpdu.reserve(SMS_MAX_USER_DATA + SmsAddress::MAX_DIGITS);
    const SmsCodecError error = EncodeSubmit(submit, tpdu);
    if (error == SmsCodecError::NONE)
    {
        Enqueue(std::move(tpdu), done);
    }
    return error;
}

void
GsmMobileStation::Enqueue(std::vector<uint8_t> tpdu, SubmitCallback done)
{
    Submission submission;
    submission.messageReference = TakeMessageReference();
    submission.tpdu = std::move(tpdu);
    submission.done = done;
    m_hopTrace(MakeSmsReference(m_msisdnDigits, submission.messageReference),
               SmsHop::SUBMITTED,
               Simulator::Now());
    m_queue.push_back(std::move(submission));
    if (m_session)
    {
        m_session->RequestService();
        CheckSession();
    }
    else
    {
        StartNext();
    }
}

SmsCodecError
GsmMobileStation::SubmitShortMessage(const std::string& destination,
                                     const ShortMessage& message,
                                     const SmsOptions& options,
                                     SubmitCallback done)
{
    std::vector<SmsUserData> segments;
    SmsCodecError error = SplitShortMessage(message, m_nextConcatenation, false, segments);
    if (error != SmsCodecError::NONE)
    {
        return error;
    }
    if (segments.size() > 1)
    {
        ++m_nextConcatenation;
    }
    const auto open = std::make_shared<std::size_t>(segments.size());
    const auto finish = [open, done](bool accepted, const std::string& cause) {
        if (*open > 0 && (!accepted || *open == 1))
        {
            *open = 0;
            done(accepted, cause);
        }
        else if (*open > 0)
        {
            --*open;
        }
    };
    for (SmsUserData& segment : segments)
    {
        // what is wrong with one segment is wrong with the first
        error = SubmitSegment(destination, std::move(segment), options, SubmitCallback(finish));
        if (error != SmsCodecError::NONE)
        {
            break;
        }
    }
    return error;
}

SmsCodecError
GsmMobileStation::SendCommand(const std::string& destination,
                              uint8_t messageReference,
                              SmsCommandType type,
                              SubmitCallback done)
{
    SmsCommand command;
    command.messageReference = m_nextMessageReference;
    command.statusReportRequest = true;
    command.type = static_cast<uint8_t>(type);
    command.messageNumber = messageReference;
    command.destination.digits = destination;
    std::vector<uint8_t> tpdu;
    const SmsCodecError error = EncodeCommand(command, tpdu);
    if (error == SmsCodecError::NONE)
    {
        Enqueue(std::move(tpdu), done);
    }
    return error;
}

uint8_t
GsmMobileStation::GetLastMessageReference() const
{
    return m_nextMessageReference - 1;
}

void
GsmMobileStation::Listen(uint16_t port, ReceiveCallback received)
{
    m_inbox.Listen(port, received);
}

uint8_t
GsmMobileStation::ReceiveTpdu(const uint8_t* tpdu, std::size_t size)
{
    return m_inbox.Receive(tpdu, size, Simulator::Now(), {m_messageMemory, m_reassemblyTimeout});
}

void
GsmMobileStation::ReadMessages()
{
    m_smmaDue = m_inbox.Read() || m_smmaDue;
    StartNext();
}

void
GsmMobileStation::FinishSmma(bool accepted)
{
    m_smmaDue = !accepted;
    if (!accepted)
    {
        m_retry.Cancel();
        m_retry = Simulator::Schedule(m_tram, &GsmMobileStation::StartNext, this);
    }
}

bool
GsmMobileStation::HasSubmission() const
{
    return !m_queue.empty() && !IsPending(m_retry) && !m_submittingByGprs;
}

uint8_t
GsmMobileStation::TakeMessageReference()
{
    return m_nextMessageReference++;
}

void
GsmMobileStation::FinishSubmission(bool accepted, const char* cause, bool answered)
{
    m_submittingByGprs = false;
    Submission& submission = m_queue.front();
    if (!answered && submission.repetitions < m_submissionRetries)
    {
        ++submission.repetitions;
        submission.accesses = 0;
        const bool isSubmit = GetSmsTpduType(submission.tpdu[0], false) == SmsTpduType::SUBMIT;
        submission.tpdu[0] |= m_rejectDuplicates && isSubmit ? TP_RD : 0;
        NotifyHop(SmsHop::RESUBMITTED);
        m_retry.Cancel();
        m_retry = Simulator::Schedule(m_submissionRetryTime, &GsmMobileStation::StartNext, this);
        return;
    }
    const SubmitCallback done = m_queue.front().done;
    if (!accepted)
    {
        NotifyHop(SmsHop::SUBMISSION_FAILED);
    }
    m_queue.erase(m_queue.begin());
    done(accepted, cause);
}

void
GsmMobileStation::FinishGprsSubmission(bool accepted, const char* cause, bool answered)
{
    if (!m_submittingByGprs)
    {
        return; // it has gone another way
    }
    if (accepted)
    {
        NotifyHop(SmsHop::ACCEPTED);
    }
    FinishSubmission(accepted, cause, answered);
    StartNext();
}

void
GsmMobileStation::NotifyReceived(uint64_t reference)
{
    m_hopTrace(reference, SmsHop::RECEIVED, Simulator::Now());
}

void
GsmMobileStation::NotifyHop(SmsHop hop)
{
    m_hopTrace(MakeSmsReference(m_msisdnDigits, m_queue.front().messageReference),
               hop,
               Simulator::Now());
}

uint8_t
GsmMobileStation::GetMessageReference() const
{
    return m_queue.front().messageReference;
}

const std::vector<uint8_t>&
GsmMobileStation::GetSubmission() const
{
    return m_queue.front().tpdu;
}

SmsAddress
GsmMobileStation::GetServiceCentre() const
{
    return {SmsAddress::INTERNATIONAL, m_serviceCentre};
}

} // namespace p2pim
} // namespace ns3
