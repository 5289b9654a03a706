// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Short messages over GPRS in the SGSN (Gd; TS 23.060, point-to-point SMS; TS 24.011).
 */
#include "ns3/gsm-mobile-station.h"
#include "ns3/hlr.h"
#include "ns3/sgsn.h"
#include "ns3/simulator.h"
#include "ns3/smsc.h"

#include <cstdlib>
#include <utility>

namespace ns3
{
namespace p2pim
{

void
Sgsn::SetHlr(Ptr<Ss7Network> network, Ss7Network::Point point, Ptr<Hlr> hlr)
{
    m_signalling = network;
    m_point = point;
    m_hlr = hlr;
}

void
Sgsn::SetShortMessageService(Ptr<Smsc> smsc, const SmsTimers& timers)
{
    m_smsc = smsc;
    m_smsTimers = timers;
}

Ss7Network::Point
Sgsn::GetPoint() const
{
    return m_point;
}

void
Sgsn::SendMap(Ss7Network::Point to, uint32_t octets, Callback<void> arrived)
{
    Simulator::Schedule(m_shortMessageTime,
                        &Ss7Network::Send,
                        m_signalling,
                        m_point,
                        to,
                        octets,
                        arrived);
}

/// A station has attached: what is for it comes here from now on.
void
Sgsn::UpdateHlr(Context& context)
{
    context.mnrg = false;
    if (m_signalling)
    {
        const uint64_t msisdn = std::strtoull(context.msisdn.c_str(), nullptr, 10);
        SendMap(m_hlr->GetPoint(), MAP_OCTETS, Callback<void>([this, msisdn]() {
                    m_hlr->UpdateGprsLocation(msisdn, m_smsc ? this : nullptr);
                }));
    }
}

/// A station that could not be reached has been heard of: ReadyForSM (TS 23.060 16.1.1).
void
Sgsn::TellHlrOfActivity(Context& context)
{
    const bool registered = context.state == Context::State::REGISTERED;
    if (m_signalling && registered && std::exchange(context.mnrg, false))
    {
        const uint64_t msisdn = std::strtoull(context.msisdn.c_str(), nullptr, 10);
        SendMap(m_hlr->GetPoint(), MAP_OCTETS, Callback<void>([hlr = m_hlr, msisdn]() {
                    hlr->ReadyForSm(msisdn, MapAlertReason::MS_PRESENT_FOR_GPRS);
                }));
    }
}

SmsTransfers&
Sgsn::GetTransfers(Context& context) const
{
    if (!context.transfers)
    {
        context.transfers = std::make_unique<SmsTransfers>(true, m_smsTimers);
    }
    return *context.transfers;
}

void
Sgsn::MtForwardSm(Ptr<Smsc> smsc, Ptr<MapMtForwardSm> operation)
{
    if (!m_gn.IsInService())
    {
        return;
    }
    const auto found = m_contexts.find(operation->imsi);
    const bool registered =
        found != m_contexts.end() && found->second.state == Context::State::REGISTERED;
    if (!registered)
    {
        ++m_mtFailed;
        if (found != m_contexts.end())
        {
            found->second.mnrg = true;
        }
        SendMap(smsc->GetPoint(),
                MAP_OCTETS,
                Callback<void>([smsc, dialogue = operation->dialogue]() {
                    smsc->ReceiveDeliveryResult(dialogue, MapError::ABSENT_SUBSCRIBER_SM);
                }));
        return;
    }
    Context& context = found->second;
    context.deliveries.push_back({smsc, operation});
    if (context.deliveries.size() == 1)
    {
        SendDownlink(*found, Waiting{Waiting::Kind::DELIVERY}); // begins when it is READY
    }
}

/// The station can be sent to.
void
Sgsn::StartDelivery(ContextRef& subscriber)
{
    Context& context = subscriber.second;
    if (context.deliveries.empty())
    {
        return;
    }
    const MapMtForwardSm& operation = *context.deliveries.front().operation;
    context.ms->SetMessageReference(operation.reference);
    SendShortMessage(
        subscriber,
        GetTransfers(context).Originate(static_cast<uint8_t>(operation.dialogue.serial),
                                        operation.serviceCentre,
                                        operation.tpdu,
                                        Simulator::Now()));
}

void
Sgsn::SendShortMessage(ContextRef& subscriber, const Octets& message)
{
    if (!message.empty())
    {
        SendDownlink(subscriber, {Waiting::Kind::SHORT_MESSAGE, nullptr, 0, message});
    }
    ArmTransfers(subscriber);
}

void
Sgsn::ReceiveShortMessage(ContextRef& subscriber, const Octets& octets)
{
    Context& context = subscriber.second;
    if (m_smsc && context.state == Context::State::REGISTERED)
    {
        HandleTransfer(
            subscriber,
            GetTransfers(context).Receive(octets.data(), octets.size(), Simulator::Now()));
    }
}

void
Sgsn::HandleTransfer(ContextRef& subscriber, const SmsTransfers::Result& result)
{
    using Event = SmsTransactionEngine::Event;
    Context& context = subscriber.second;
    const SmsTransactionEngine::Step& step = result.step;
    SendShortMessage(subscriber, step.message);
    switch (step.event)
    {
    case Event::RP_DATA:
        ForwardMo(subscriber, step.rp);
        break;
    case Event::RP_ACK:
        FinishDelivery(subscriber, MapError::NONE);
        break;
    case Event::RP_ERROR:
        FinishDelivery(subscriber, GetDeliveryError(step.rp.cause));
        break;
    case Event::FINISHED:
        context.transfers->GetPeers().Finish();
        break;
    case Event::FAILED:
        if (result.own)
        {
            FinishDelivery(subscriber, MapError::SM_DELIVERY_FAILURE);
        }
        else
        {
            ++context.moSerial; // an answer that comes late is not for the next message
            context.transfers->GetPeers().Finish();
        }
        break;
    default:
        break;
    }
}

void
Sgsn::ForwardMo(ContextRef& subscriber, const RpMessage& rp)
{
    Context& context = subscriber.second;
    Ptr<MapMoForwardSm> operation = ns3::Create<MapMoForwardSm>();
    operation->node = this;
    operation->dialogue = {subscriber.first, ++context.moSerial};
    operation->originator = std::strtoull(context.msisdn.c_str(), nullptr, 10);
    operation->serviceCentre = rp.serviceCentre;
    operation->tpdu.assign(rp.userData, rp.userData + rp.size);
    ++m_moForwarded;
    SendMap(m_smsc->GetPoint(),
            MAP_OCTETS + static_cast<uint32_t>(rp.size),
            Callback<void>([smsc = m_smsc, operation]() { smsc->MoForwardSm(operation); }));
}

void
Sgsn::ReceiveMoResult(MapDialogue dialogue, MapError error)
{
    const auto found = m_contexts.find(dialogue.subscriber);
    const bool open = found != m_contexts.end() && found->second.transfers &&
                      dialogue.serial == found->second.moSerial &&
                      !found->second.transfers->GetPeers().IsUnused();
    if (!open)
    {
        return;
    }
    const Time now = Simulator::Now();
    SmsTransactionEngine& mo = found->second.transfers->GetPeers();
    SendShortMessage(*found,
                     error == MapError::NONE
                         ? mo.Acknowledge(now)
                         : mo.Refuse(static_cast<uint8_t>(GetRpCause(error)), now));
}

/// The first delivery has come to its end; the next one begins.
void
Sgsn::FinishDelivery(ContextRef& subscriber, MapError error)
{
    Context& context = subscriber.second;
    if (context.deliveries.empty())
    {
        return;
    }
    const Delivery delivery = context.deliveries.front();
    context.deliveries.pop_front();
    context.transfers->GetOwn().Finish();
    ++(error == MapError::NONE ? m_mtDelivered : m_mtFailed);
    SendMap(
        delivery.smsc->GetPoint(),
        MAP_OCTETS,
        Callback<void>([smsc = delivery.smsc, dialogue = delivery.operation->dialogue, error]() {
            smsc->ReceiveDeliveryResult(dialogue, error);
        }));
    if (!context.deliveries.empty())
    {
        SendDownlink(subscriber, Waiting{Waiting::Kind::DELIVERY});
    }
}

/// The station is not reached, or is gone: what waits for it ends.
void
Sgsn::AnswerDeliveries(Context& context, MapError error)
{
    context.mnrg = context.mnrg || !context.deliveries.empty();
    for (const Delivery& delivery : std::exchange(context.deliveries, {}))
    {
        ++m_mtFailed;
        SendMap(delivery.smsc->GetPoint(),
                MAP_OCTETS,
                Callback<void>([smsc = delivery.smsc,
                                dialogue = delivery.operation->dialogue,
                                error]() { smsc->ReceiveDeliveryResult(dialogue, error); }));
    }
    context.transfers.reset();
    context.smsTimer.Cancel();
}

void
Sgsn::ArmTransfers(ContextRef& subscriber)
{
    Context& context = subscriber.second;
    const Time deadline = context.transfers ? context.transfers->GetDeadline() : Time::Max();
    if (deadline != Time::Max() && !context.smsTimer.IsRunning())
    {
        context.smsTimer = Simulator::Schedule(deadline - Simulator::Now(),
                                               &Sgsn::TransfersExpired,
                                               this,
                                               subscriber.first);
    }
}

void
Sgsn::TransfersExpired(uint64_t imsi)
{
    auto& subscriber = *m_contexts.find(imsi);
    Context& context = subscriber.second;
    if (context.transfers)
    {
        for (const SmsTransfers::Result& result : context.transfers->Expire(Simulator::Now()))
        {
            HandleTransfer(subscriber, result);
        }
    }
    ArmTransfers(subscriber);
}

} // namespace p2pim
} // namespace ns3
