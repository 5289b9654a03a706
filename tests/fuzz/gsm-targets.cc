// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz-target.h"

#include "ns3/lapdm-entity.h"
#include "ns3/mm-messages.h"
#include "ns3/rr-messages.h"

#include <algorithm>
#include <tuple>

namespace p2pim::fuzz
{

using namespace ns3::p2pim;

namespace
{

constexpr uint64_t FIRST_IMSI = 262011234567890;
constexpr uint64_t SECOND_IMSI = 1010000000001;

Octets
Encode(const InitialMessage& message)
{
    switch (message.kind)
    {
    case InitialMessage::Kind::SHORT_MESSAGE_SERVICE:
        return EncodeCmServiceRequest(message.imsi);
    case InitialMessage::Kind::CALL:
        return EncodeCmServiceRequest(message.imsi, CmServiceType::MOBILE_ORIGINATING_CALL);
    case InitialMessage::Kind::PAGING_RESPONSE:
        return EncodePagingResponse(message.imsi);
    case InitialMessage::Kind::LOCATION_UPDATING:
        return EncodeLocationUpdatingRequest(message.imsi, LocationUpdatingType::NORMAL, 1);
    case InitialMessage::Kind::IMSI_DETACH:
        return EncodeImsiDetachIndication(message.imsi);
    }
    return {};
}

bool
MmHolds(const uint8_t* octets, std::size_t size)
{
    GetMmType(octets, size);
    GetRrType(octets, size);
    DecodeGprsResumption(octets, size);
    if (const auto request = DecodeGprsSuspensionRequest(octets, size))
    {
        const Octets again = EncodeGprsSuspensionRequest(*request);
        const auto second = DecodeGprsSuspensionRequest(again.data(), again.size());
        return second && second->tlli == request->tlli && second->cause == request->cause &&
               second->routingArea == request->routingArea;
    }
    if (const auto first = DecodeInitialMessage(octets, size))
    {
        const Octets again = Encode(*first);
        const auto second = DecodeInitialMessage(again.data(), again.size());
        if (!second || second->imsi != first->imsi || second->kind != first->kind)
        {
            return false;
        }
    }
    if (const auto rand = DecodeAuthenticationRequest(octets, size))
    {
        const Octets again = EncodeAuthenticationRequest(*rand);
        return DecodeAuthenticationRequest(again.data(), again.size()) == rand;
    }
    if (const auto sres = DecodeAuthenticationResponse(octets, size))
    {
        const Octets again = EncodeAuthenticationResponse(*sres);
        return DecodeAuthenticationResponse(again.data(), again.size()) == sres;
    }
    return true;
}

std::vector<Octets>
MakeMessages()
{
    return {EncodeCmServiceRequest(FIRST_IMSI),
            EncodeCmServiceAccept(),
            EncodeCmServiceReject(4),
            EncodePagingResponse(SECOND_IMSI),
            EncodeAuthenticationRequest(Rand{1, 2, 3}),
            EncodeAuthenticationResponse(Sres{4, 5, 6}),
            EncodeAuthenticationReject(),
            EncodeCmServiceRequest(FIRST_IMSI, CmServiceType::MOBILE_ORIGINATING_CALL),
            EncodeLocationUpdatingRequest(FIRST_IMSI, LocationUpdatingType::PERIODIC, 7),
            EncodeLocationUpdatingAccept(FIRST_IMSI, 7),
            EncodeImsiDetachIndication(SECOND_IMSI),
            EncodeCipheringModeCommand(),
            EncodeCipheringModeComplete(),
            EncodeChannelRelease(0),
            EncodeChannelRelease(0, true),
            EncodeGprsSuspensionRequest({0xC0000001, {0x00, 0xF1, 0x10, 0, 1, 1}})};
}

auto
GetFields(const RequestReference& value)
{
    return std::tie(value.channelRequest, value.frame);
}

auto
GetFields(const ImmediateAssignment& value)
{
    return std::tuple_cat(std::tie(value.subchannel,
                                   value.timeSlot,
                                   value.trainingSequence,
                                   value.arfcn,
                                   value.timingAdvance,
                                   value.sdcch4),
                          GetFields(value.reference));
}

bool
IsSame(const RejectList& first, const RejectList& second)
{
    return std::equal(first.begin(), first.end(), second.begin(), [](const auto& a, const auto& b) {
        return a.reference == b.reference && a.waitIndication == b.waitIndication;
    });
}

/// Frames below 42432 are told apart; what names no frame stands for one of them.
bool
AssignmentsHold(const L2Block& block)
{
    if (const auto first = DecodeImmediateAssignment(block))
    {
        const auto second = DecodeImmediateAssignment(EncodeImmediateAssignment(*first));
        return second && GetFields(*second) == GetFields(*first) && first->reference.frame < 42432;
    }
    if (const auto first = DecodeImmediateAssignmentRejects(block))
    {
        const auto second = DecodeImmediateAssignmentRejects(
            EncodeImmediateAssignmentReject(*first, first->size()));
        return second && IsSame(*first, *second);
    }
    return true;
}

/// A request that is written names TMSIs before IMSIs.
bool
PagingHolds(const L2Block& block)
{
    auto first = DecodePagingRequest(block);
    if (const auto paged = DecodePagingRequest1(block))
    {
        const L2Block again = EncodePagingRequest1(paged->imsi, paged->count);
        const auto second = DecodePagingRequest1(again);
        if (paged->count > 2 || !second || second->imsi != paged->imsi ||
            second->count != paged->count || first.size() < paged->count)
        {
            return false;
        }
    }
    if (first.empty())
    {
        return true;
    }
    std::stable_partition(first.begin(), first.end(), [](const PagingIdentity& identity) {
        return identity.tmsi.has_value();
    });
    return CountPagedTogether(first) == first.size() &&
           DecodePagingRequest(EncodePagingRequest(first)) == first;
}

bool
CcchHolds(const uint8_t* octets, std::size_t size)
{
    L2Block block{};
    std::copy_n(octets, std::min(size, block.size()), block.begin());
    return AssignmentsHold(block) && PagingHolds(block);
}

std::vector<Octets>
MakeBlocks()
{
    ImmediateAssignment assignment;
    assignment.reference = {0x81, 42431};
    const PagingIdentity first{0, 0x12345678};
    const PagingIdentity second{SECOND_IMSI, std::nullopt};
    std::vector<Octets> seeds;
    for (const L2Block& block : {EncodeImmediateAssignment(assignment),
                                 EncodeImmediateAssignmentReject({{0x15, 1000}, 10}),
                                 EncodePagingRequest1({FIRST_IMSI, SECOND_IMSI}, 2),
                                 EncodePagingRequest({first}),
                                 EncodePagingRequest({first, second}),
                                 EncodePagingRequest({first, first, second}),
                                 EncodePagingRequest({first, first, first, first})})
    {
        seeds.emplace_back(block.begin(), block.end());
    }
    return seeds;
}

/// Layer 3 asks for what bits 2 to 4 of @p request say, on the SAPI of bit 1.
void
Ask(LapdmEntity& entity, uint8_t request, int64_t frame)
{
    const uint8_t sapi = (request & 2) != 0 ? SAPI_SMS : SAPI_SIGNALLING;
    switch (request >> 2 & 7)
    {
    case 0:
        entity.Establish(sapi, Octets((request & 0x20) != 0 ? 10 : 0, 1), frame);
        break;
    case 1:
        entity.Send(sapi, Octets(1U + request, 2), frame);
        break;
    case 2:
        entity.Release(sapi, frame);
        break;
    default:
        break;
    }
}

/// Each 24 octets are what layer 3 asks for, and a frame; the first octet chooses the channel.
bool
LapdmHolds(const uint8_t* octets, std::size_t size)
{
    const LapdmParameters sdcch;
    const LapdmParameters& parameters = size > 0 && (*octets & 1) != 0 ? SACCH_PARAMETERS : sdcch;
    LapdmEntity bts(LapdmSide::BTS, parameters);
    LapdmEntity ms(LapdmSide::MS, parameters);
    int64_t frame = 0;
    for (std::size_t at = 1; at < size; at += 1 + L2_BLOCK_OCTETS, frame += 51)
    {
        L2Block block{};
        std::copy_n(octets + at + 1, std::min(size - at - 1, block.size()), block.begin());
        const uint8_t request = octets[at];
        Ask((request & 1) != 0 ? bts : ms, request, frame);
        for (LapdmEntity* receiver : {&bts, &ms})
        {
            LapdmIndication indication = receiver->Receive(frame, block);
            const bool hasMessage = indication.message != nullptr;
            if (indication.size > 251 || (!hasMessage && indication.size > 0))
            {
                return false;
            }
            L2Block built;
            if (receiver->BuildFrame(frame + 4, built, indication) == LapdmEntity::Build::FRAME &&
                (request & 0x80) != 0)
            {
                (receiver == &bts ? ms : bts).Receive(frame + 8, built);
            }
        }
    }
    return true;
}

/// Frames as both sides of a channel send them, behind a request of layer 3.
std::vector<Octets>
MakeFrames()
{
    std::vector<Octets> seeds;
    for (const bool sacch : {false, true})
    {
        const LapdmParameters sdcch;
        const LapdmParameters& parameters = sacch ? SACCH_PARAMETERS : sdcch;
        LapdmEntity bts(LapdmSide::BTS, parameters);
        LapdmEntity ms(LapdmSide::MS, parameters);
        ms.Establish(SAPI_SIGNALLING, sacch ? Octets() : EncodePagingResponse(FIRST_IMSI), 0);
        ms.Send(SAPI_SIGNALLING, Octets(30, 7), 0);
        bts.Establish(SAPI_SMS, {}, 0);
        bts.Send(SAPI_SMS, Octets(50, 8), 0);
        Octets seed{static_cast<uint8_t>(sacch)};
        LapdmIndication indication;
        for (int64_t frame = 0; frame < 510; frame += 51)
        {
            for (LapdmEntity* sender : {&bts, &ms})
            {
                L2Block block;
                if (sender->BuildFrame(frame, block, indication) == LapdmEntity::Build::FRAME)
                {
                    (sender == &bts ? ms : bts).Receive(frame + 4, block);
                    seed.push_back(sender == &bts ? 0x80 : 0x01);
                    seed.insert(seed.end(), block.begin(), block.end());
                }
            }
        }
        seeds.push_back(seed);
    }
    return seeds;
}

} // namespace

std::vector<Target>
GetGsmTargets()
{
    return {{"gsm-mm", MmHolds, MakeMessages},
            {"gsm-ccch", CcchHolds, MakeBlocks},
            {"gsm-lapdm", LapdmHolds, MakeFrames}};
}

} // namespace p2pim::fuzz
