// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Short messages of a phone over GPRS (TS 23.060, point-to-point SMS; TS 24.011).
 */
#include "ns3/gprs-mobile-station.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace p2pim
{

void
GprsMobileStation::SetSmsOverGprs(bool carried)
{
    m_smsOverGprs = carried;
}

void
GprsMobileStation::SetMessageReference(uint64_t reference)
{
    m_messageReference = reference;
}

SmsTransfers&
GprsMobileStation::GetTransfers()
{
    if (!m_transfers)
    {
        m_transfers = std::make_unique<SmsTransfers>(false, m_gsm->GetTimes().sms);
    }
    return *m_transfers;
}

bool
GprsMobileStation::StartSubmission()
{
    if (!m_smsOverGprs || !m_gmm.IsRegistered() || m_suspended || !IsReachable())
    {
        return false;
    }
    SendShortMessage(GetTransfers().Originate(m_gsm->GetMessageReference(),
                                              m_gsm->GetServiceCentre(),
                                              m_gsm->GetSubmission(),
                                              Simulator::Now()));
    return true;
}

void
GprsMobileStation::SendShortMessage(const Octets& message)
{
    if (!message.empty())
    {
        SendFrames(GetLink().SendShortMessage(Simulator::Now(), message));
    }
    Update();
}

void
GprsMobileStation::ReceiveShortMessage(const Octets& octets)
{
    if (m_gsm != nullptr)
    {
        HandleTransfer(GetTransfers().Receive(octets.data(), octets.size(), Simulator::Now()));
    }
}

void
GprsMobileStation::HandleTransfer(const SmsTransfers::Result& result)
{
    using Event = SmsTransactionEngine::Event;
    const SmsTransactionEngine::Step& step = result.step;
    SendShortMessage(step.message);
    switch (step.event)
    {
    case Event::RP_DATA:
    {
        m_gsm->NotifyReceived(m_messageReference);
        const uint8_t cause = m_gsm->ReceiveTpdu(step.rp.userData, step.rp.size);
        const Time now = Simulator::Now();
        SmsTransactionEngine& mt = m_transfers->GetPeers();
        Simulator::Schedule(m_gsm->GetTimes().storage,
                            &GprsMobileStation::SendShortMessage,
                            this,
                            cause == 0 ? mt.Acknowledge(now) : mt.Refuse(cause, now));
        break;
    }
    case Event::RP_ACK:
        m_gsm->FinishGprsSubmission(true, "", true);
        break;
    case Event::RP_ERROR:
        m_gsm->FinishGprsSubmission(false, "refused by the service centre", true);
        break;
    case Event::FINISHED:
        m_transfers->GetPeers().Finish();
        break;
    case Event::FAILED:
        if (result.own)
        {
            m_gsm->FinishGprsSubmission(false, "no answer from the service centre", false);
        }
        else
        {
            m_transfers->GetPeers().Finish();
        }
        break;
    default:
        break;
    }
}

} // namespace p2pim
} // namespace ns3
