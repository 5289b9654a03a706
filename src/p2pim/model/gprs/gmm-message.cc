// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gmm-message.h"

#include "ns3/gmm-sm-decoder.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

// message types (TS 24.008 table 10.4)
constexpr uint8_t ATTACH_REQUEST = 0x01;
constexpr uint8_t ATTACH_ACCEPT = 0x02;
constexpr uint8_t ATTACH_COMPLETE = 0x03;
constexpr uint8_t ATTACH_REJECT = 0x04;
constexpr uint8_t DETACH_REQUEST = 0x05;
constexpr uint8_t DETACH_ACCEPT = 0x06;
constexpr uint8_t UPDATE_REQUEST = 0x08;
constexpr uint8_t UPDATE_ACCEPT = 0x09;
constexpr uint8_t UPDATE_COMPLETE = 0x0A;
constexpr uint8_t UPDATE_REJECT = 0x0B;
constexpr uint8_t REALLOCATION_COMMAND = 0x10;
constexpr uint8_t REALLOCATION_COMPLETE = 0x11;
constexpr uint8_t AUTHENTICATION_REQUEST = 0x12;
constexpr uint8_t AUTHENTICATION_RESPONSE = 0x13;
constexpr uint8_t AUTHENTICATION_REJECT = 0x14;
constexpr uint8_t IDENTITY_REQUEST = 0x15;
constexpr uint8_t IDENTITY_RESPONSE = 0x16;

// information element identifiers
constexpr uint8_t IEI_READY_TIMER = 0x17;
constexpr uint8_t IEI_PTMSI = 0x18;
constexpr uint8_t IEI_PTMSI_SIGNATURE = 0x19;
constexpr uint8_t IEI_RAND = 0x21;
constexpr uint8_t IEI_SRES = 0x22;
constexpr uint8_t IEI_CAUSE = 0x25;
constexpr uint8_t IEI_DRX = 0x27;
constexpr uint8_t IEI_PDP_CONTEXT_STATUS = 0x32;
constexpr uint8_t IEI_CKSN = 0x80;

constexpr OptionalElements::Fixed g_readyTimer{IEI_READY_TIMER, 1};
constexpr OptionalElements::Fixed g_signature{IEI_PTMSI_SIGNATURE, 3};
constexpr OptionalElements::Fixed g_cause{IEI_CAUSE, 1};

constexpr uint8_t POWER_OFF = 0x08;                    // 10.5.5.5
constexpr uint8_t RADIO_PRIORITY_LOWEST = 4;           // 10.5.7.2
constexpr uint16_t NO_SPLIT_PAGING = 0;                // 10.5.5.6: nor a non-DRX timer
constexpr uint16_t PDP_CONTEXT_STATUS_NSAPIS = 0xFFE0; // 10.5.7.1: 0 to 4 are spare

/// MS network capability: GEA1, SMS over dedicated channels and over GPRS (10.5.5.12).
const Octets g_networkCapability{2, 0xE0, 0x00};

uint8_t
PairOf(unsigned low, unsigned high)
{
    return static_cast<uint8_t>((low & 0x0F) | high << 4);
}

/// One overload a message: appends its octets.
class Encoder
{
  public:
    explicit Encoder(Octets& octets)
        : m_out(octets)
    {
    }

    void operator()(const AttachRequest& message)
    {
        Begin(ATTACH_REQUEST).Raw(g_networkCapability);
        m_out.U8(PairOf(static_cast<unsigned>(message.type), message.cksn & 7U));
        m_out.U16(NO_SPLIT_PAGING);
        Identity(message.ptmsi ? MobileIdentity{IdentityType::TMSI, *message.ptmsi}
                               : MobileIdentity{IdentityType::IMSI, message.imsi});
        AppendRoutingArea(message.oldRoutingArea, m_out);
        RadioCapability(message.multislotClass);
        ReadyTimer(message.readyTimer);
    }

    void operator()(const AttachAccept& message)
    {
        Begin(ATTACH_ACCEPT).U8(static_cast<uint8_t>(message.result));
        m_out.U8(message.t3312).U8(RADIO_PRIORITY_LOWEST);
        AppendRoutingArea(message.GetRoutingAreaId(), m_out);
        ReadyTimer(message.readyTimer);
        Ptmsi(message.ptmsi);
        Cause(message.cause);
    }

    void operator()(const AttachComplete&)
    {
        Begin(ATTACH_COMPLETE);
    }

    void operator()(const AttachReject& message)
    {
        Begin(ATTACH_REJECT).U8(static_cast<uint8_t>(message.cause));
    }

    void operator()(const MoDetachRequest& message)
    {
        const auto type = static_cast<uint8_t>(message.type);
        Begin(DETACH_REQUEST).U8(message.powerOff ? type | POWER_OFF : type);
        Ptmsi(message.ptmsi);
    }

    void operator()(const MoDetachAccept&)
    {
        Begin(DETACH_ACCEPT).U8(0); // no forced standby
    }

    void operator()(const MtDetachRequest& message)
    {
        Begin(DETACH_REQUEST).U8(static_cast<uint8_t>(message.type));
        Cause(message.cause);
    }

    void operator()(const MtDetachAccept&)
    {
        Begin(DETACH_ACCEPT);
    }

    void operator()(const RoutingAreaUpdateRequest& message)
    {
        Begin(UPDATE_REQUEST);
        m_out.U8(PairOf(static_cast<unsigned>(message.type), message.cksn & 7U));
        AppendRoutingArea(message.oldRoutingArea, m_out);
        RadioCapability(message.multislotClass);
        ReadyTimer(message.readyTimer);
        Ptmsi(message.ptmsi);
        PdpContexts(message.pdpContexts);
    }

    void operator()(const RoutingAreaUpdateAccept& message)
    {
        Begin(UPDATE_ACCEPT).U8(PairOf(0, static_cast<unsigned>(message.result)));
        m_out.U8(message.t3312);
        AppendRoutingArea(message.routingArea, m_out);
        Ptmsi(message.ptmsi);
        ReadyTimer(message.readyTimer);
        Cause(message.cause);
        PdpContexts(message.pdpContexts);
    }

    void operator()(const RoutingAreaUpdateComplete&)
    {
        Begin(UPDATE_COMPLETE);
    }

    void operator()(const RoutingAreaUpdateReject& message)
    {
        Begin(UPDATE_REJECT).U8(static_cast<uint8_t>(message.cause)).U8(0); // no forced standby
    }

    void operator()(const PtmsiReallocationCommand& message)
    {
        Begin(REALLOCATION_COMMAND);
        Identity({IdentityType::TMSI, message.ptmsi});
        AppendRoutingArea(message.routingArea, m_out);
        m_out.U8(0); // no forced standby
    }

    void operator()(const PtmsiReallocationComplete&)
    {
        Begin(REALLOCATION_COMPLETE);
    }

    void operator()(const AuthenticationAndCipheringRequest& message)
    {
        Begin(AUTHENTICATION_REQUEST);
        m_out.U8(0x01);                         // GEA1, no IMEISV
        m_out.U8(PairOf(0, message.reference)); // no forced standby
        m_out.U8(IEI_RAND).Raw({message.rand.begin(), message.rand.end()});
        m_out.U8(IEI_CKSN | (message.cksn & 7));
    }

    void operator()(const AuthenticationAndCipheringResponse& message)
    {
        Begin(AUTHENTICATION_RESPONSE).U8(message.reference & 0x0F);
        m_out.U8(IEI_SRES).U32(message.sres);
    }

    void operator()(const AuthenticationAndCipheringReject&)
    {
        Begin(AUTHENTICATION_REJECT);
    }

    void operator()(const IdentityRequest& message)
    {
        Begin(IDENTITY_REQUEST).U8(static_cast<uint8_t>(message.type)); // no forced standby
    }

    void operator()(const IdentityResponse& message)
    {
        Begin(IDENTITY_RESPONSE);
        Identity(message.identity);
    }

    void operator()(const GmmStatus& message)
    {
        Begin(GMM_STATUS_TYPE).U8(static_cast<uint8_t>(message.cause));
    }

  private:
    OctetWriter& Begin(uint8_t type)
    {
        return m_out.U8(PD_GMM).U8(type);
    }

    void Identity(const MobileIdentity& identity)
    {
        const auto octets = EncodeMobileIdentity(identity);
        m_out.U8(static_cast<uint8_t>(octets.size())).Raw(octets);
    }

    void RadioCapability(uint8_t multislotClass)
    {
        const auto octets = EncodeRadioCapability(multislotClass);
        m_out.U8(static_cast<uint8_t>(octets.size())).Raw(octets);
    }

    void Ptmsi(std::optional<uint32_t> ptmsi)
    {
        if (ptmsi)
        {
            m_out.U8(IEI_PTMSI);
            Identity({IdentityType::TMSI, *ptmsi});
        }
    }

    void ReadyTimer(std::optional<uint8_t> timer)
    {
        if (timer)
        {
            m_out.U8(IEI_READY_TIMER).U8(*timer);
        }
    }

    void Cause(std::optional<GmmSmCause> cause)
    {
        if (cause)
        {
            m_out.U8(IEI_CAUSE).U8(static_cast<uint8_t>(*cause));
        }
    }

    void PdpContexts(std::optional<uint16_t> contexts)
    {
        if (contexts)
        {
            const unsigned nsapis = *contexts & PDP_CONTEXT_STATUS_NSAPIS;
            m_out.U8(IEI_PDP_CONTEXT_STATUS).U8(2);
            m_out.U8(static_cast<uint8_t>(nsapis)).U8(static_cast<uint8_t>(nsapis >> 8));
        }
    }

    OctetWriter m_out;
};

// of an element that is there but of the wrong length: as if it were not (TS 24.008 8.7.1)

std::optional<uint8_t>
FindOctet(const OptionalElements& elements, uint8_t identifier)
{
    const auto* value = elements.Find(identifier);
    return value != nullptr && value->size() == 1 ? std::optional(value->front()) : std::nullopt;
}

std::optional<GmmSmCause>
FindCause(const OptionalElements& elements)
{
    const auto octet = FindOctet(elements, IEI_CAUSE);
    return octet ? std::optional(static_cast<GmmSmCause>(*octet)) : std::nullopt;
}

/// @return the P-TMSI that an identity is, if it is one.
std::optional<uint32_t>
ToPtmsi(const std::optional<MobileIdentity>& identity)
{
    const bool isPtmsi = identity && identity->type == IdentityType::TMSI;
    return isPtmsi ? std::optional(static_cast<uint32_t>(identity->value)) : std::nullopt;
}

std::optional<uint32_t>
FindPtmsi(const OptionalElements& elements)
{
    const auto* value = elements.Find(IEI_PTMSI);
    return value != nullptr ? ToPtmsi(DecodeMobileIdentity(*value)) : std::nullopt;
}

std::optional<uint16_t>
FindPdpContexts(const OptionalElements& elements)
{
    const auto* value = elements.Find(IEI_PDP_CONTEXT_STATUS);
    if (value == nullptr || value->size() < 2)
    {
        return std::nullopt;
    }
    const unsigned nsapis = (*value)[1] << 8 | (*value)[0];
    return static_cast<uint16_t>(nsapis & PDP_CONTEXT_STATUS_NSAPIS);
}

/// @return a message that is nothing but its type.
template <typename Message>
std::optional<GmmMessage>
DecodeEmpty(FieldReader&)
{
    return Message{};
}

/// @return a message that begins with a cause.
template <typename Message>
std::optional<GmmMessage>
DecodeCause(FieldReader& in)
{
    return Message{static_cast<GmmSmCause>(in.U8())};
}

std::optional<GmmMessage>
DecodeAttachRequest(FieldReader& in)
{
    in.Raw(in.U8()); // MS network capability
    const uint8_t typeAndKey = in.U8();
    in.U16(); // DRX parameter
    const auto identity = DecodeMobileIdentity(in.Raw(in.U8()));
    const auto oldRoutingArea = ReadRoutingArea(in);
    const auto multislotClass = DecodeRadioCapability(in.Raw(in.U8()));
    const OptionalElements elements(in, {g_signature, g_readyTimer});
    AttachRequest message;
    message.ptmsi = ToPtmsi(identity);
    if (!oldRoutingArea || !identity || (identity->type != IdentityType::IMSI && !message.ptmsi))
    {
        return std::nullopt;
    }
    message.imsi = message.ptmsi ? 0 : identity->value;
    const uint8_t type = typeAndKey & 7;
    // 10.5.5.2: all other values are a GPRS attach
    message.type = type == 2 || type == 3 ? static_cast<AttachType>(type) : AttachType::GPRS;
    message.cksn = typeAndKey >> 4 & 7;
    message.oldRoutingArea = *oldRoutingArea;
    message.readyTimer = FindOctet(elements, IEI_READY_TIMER);
    message.multislotClass = multislotClass;
    return message;
}

std::optional<GmmMessage>
DecodeAttachAccept(FieldReader& in)
{
    AttachAccept message;
    message.result = static_cast<AttachResult>(in.U8() & 7);
    message.t3312 = in.U8();
    in.U8(); // radio priority for SMS
    const auto area = ReadRoutingArea(in);
    const OptionalElements elements(in, {g_signature, g_readyTimer, g_cause});
    const auto ptmsi = FindPtmsi(elements);
    if (!area || !ptmsi ||
        (message.result != AttachResult::GPRS_ONLY && message.result != AttachResult::COMBINED))
    {
        return std::nullopt;
    }
    message.SetRoutingAreaId(*area);
    message.ptmsi = *ptmsi;
    message.readyTimer = FindOctet(elements, IEI_READY_TIMER);
    message.cause = FindCause(elements);
    return message;
}

std::optional<GmmMessage>
DecodeMoDetachRequest(FieldReader& in)
{
    const uint8_t octet = in.U8();
    const uint8_t type = octet & 7;
    MoDetachRequest message;
    // 10.5.5.5: all other values are a combined detach
    message.type =
        type == 1 || type == 2 ? static_cast<MoDetachType>(type) : MoDetachType::COMBINED;
    message.powerOff = (octet & POWER_OFF) != 0;
    message.ptmsi = FindPtmsi(OptionalElements(in, {})); // the signature has a length here
    return message;
}

std::optional<GmmMessage>
DecodeMoDetachAccept(FieldReader& in)
{
    in.U8(); // forced standby
    return MoDetachAccept{};
}

std::optional<GmmMessage>
DecodeMtDetachRequest(FieldReader& in)
{
    const uint8_t type = in.U8() & 7;
    MtDetachRequest message;
    // 10.5.5.5: all other values are "re-attach not required"
    message.type = type == 1 || type == 3 ? static_cast<MtDetachType>(type)
                                          : MtDetachType::REATTACH_NOT_REQUIRED;
    message.cause = FindCause(OptionalElements(in, {g_cause}));
    return message;
}

std::optional<GmmMessage>
DecodeUpdateRequest(FieldReader& in)
{
    const uint8_t typeAndKey = in.U8();
    const auto oldRoutingArea = ReadRoutingArea(in);
    const auto multislotClass = DecodeRadioCapability(in.Raw(in.U8()));
    const OptionalElements elements(in, {g_signature, g_readyTimer, {IEI_DRX, 2}});
    RoutingAreaUpdateRequest message;
    message.type = static_cast<UpdateType>(typeAndKey & 7);
    if (!oldRoutingArea || message.type > UpdateType::PERIODIC)
    {
        return std::nullopt;
    }
    message.cksn = typeAndKey >> 4 & 7;
    message.oldRoutingArea = *oldRoutingArea;
    message.readyTimer = FindOctet(elements, IEI_READY_TIMER);
    message.ptmsi = FindPtmsi(elements);
    message.pdpContexts = FindPdpContexts(elements);
    message.multislotClass = multislotClass;
    return message;
}

std::optional<GmmMessage>
DecodeUpdateAccept(FieldReader& in)
{
    RoutingAreaUpdateAccept message;
    message.result = static_cast<UpdateResult>(in.U8() >> 4 & 7);
    message.t3312 = in.U8();
    const auto area = ReadRoutingArea(in);
    const OptionalElements elements(in, {g_signature, g_readyTimer, g_cause});
    if (!area || message.result > UpdateResult::COMBINED)
    {
        return std::nullopt;
    }
    message.routingArea = *area;
    message.ptmsi = FindPtmsi(elements);
    message.readyTimer = FindOctet(elements, IEI_READY_TIMER);
    message.cause = FindCause(elements);
    message.pdpContexts = FindPdpContexts(elements);
    return message;
}

std::optional<GmmMessage>
DecodeUpdateReject(FieldReader& in)
{
    const auto cause = static_cast<GmmSmCause>(in.U8());
    in.U8(); // forced standby
    return RoutingAreaUpdateReject{cause};
}

std::optional<GmmMessage>
DecodeReallocationCommand(FieldReader& in)
{
    const auto ptmsi = ToPtmsi(DecodeMobileIdentity(in.Raw(in.U8())));
    const auto area = ReadRoutingArea(in);
    in.U8(); // forced standby
    if (!ptmsi || !area)
    {
        return std::nullopt;
    }
    return PtmsiReallocationCommand{*ptmsi, *area};
}

std::optional<GmmMessage>
DecodeAuthenticationRequest(FieldReader& in)
{
    in.U8(); // algorithm, IMEISV request
    AuthenticationAndCipheringRequest message;
    message.reference = in.U8() >> 4;
    const OptionalElements elements(in, {{IEI_RAND, 16}});
    const auto* rand = elements.Find(IEI_RAND);
    const auto cksn = FindOctet(elements, IEI_CKSN); // with a RAND, mandatory
    if (rand == nullptr || rand->size() != message.rand.size() || !cksn)
    {
        return std::nullopt;
    }
    std::copy(rand->begin(), rand->end(), message.rand.begin());
    message.cksn = *cksn & 7;
    return message;
}

std::optional<GmmMessage>
DecodeAuthenticationResponse(FieldReader& in)
{
    AuthenticationAndCipheringResponse message;
    message.reference = in.U8() & 0x0F;
    const OptionalElements elements(in, {{IEI_SRES, 4}});
    const auto* sres = elements.Find(IEI_SRES);
    if (sres == nullptr)
    {
        return std::nullopt;
    }
    message.sres = FieldReader(*sres).U32();
    return message;
}

std::optional<GmmMessage>
DecodeIdentityRequest(FieldReader& in)
{
    const uint8_t type = in.U8() & 7;
    // 10.5.5.9: all other values are the IMSI
    return IdentityRequest{type >= 2 && type <= 4 ? static_cast<IdentityType>(type)
                                                  : IdentityType::IMSI};
}

std::optional<GmmMessage>
DecodeIdentityResponse(FieldReader& in)
{
    const auto identity = DecodeMobileIdentity(in.Raw(in.U8()));
    return identity ? std::optional<GmmMessage>(IdentityResponse{*identity}) : std::nullopt;
}

constexpr auto UP = GmmSmDirection::UPLINK;
constexpr auto DOWN = GmmSmDirection::DOWNLINK;

constexpr GmmSmDecoder<GmmMessage> g_decoders[] = {
    {ATTACH_REQUEST, UP, DecodeAttachRequest},
    {ATTACH_ACCEPT, DOWN, DecodeAttachAccept},
    {ATTACH_COMPLETE, UP, DecodeEmpty<AttachComplete>},
    {ATTACH_REJECT, DOWN, DecodeCause<AttachReject>},
    {DETACH_REQUEST, UP, DecodeMoDetachRequest},
    {DETACH_REQUEST, DOWN, DecodeMtDetachRequest},
    {DETACH_ACCEPT, UP, DecodeEmpty<MtDetachAccept>},
    {DETACH_ACCEPT, DOWN, DecodeMoDetachAccept},
    {UPDATE_REQUEST, UP, DecodeUpdateRequest},
    {UPDATE_ACCEPT, DOWN, DecodeUpdateAccept},
    {UPDATE_COMPLETE, UP, DecodeEmpty<RoutingAreaUpdateComplete>},
    {UPDATE_REJECT, DOWN, DecodeUpdateReject},
    {REALLOCATION_COMMAND, DOWN, DecodeReallocationCommand},
    {REALLOCATION_COMPLETE, UP, DecodeEmpty<PtmsiReallocationComplete>},
    {AUTHENTICATION_REQUEST, DOWN, DecodeAuthenticationRequest},
    {AUTHENTICATION_RESPONSE, UP, DecodeAuthenticationResponse},
    {AUTHENTICATION_REJECT, DOWN, DecodeEmpty<AuthenticationAndCipheringReject>},
    {IDENTITY_REQUEST, DOWN, DecodeIdentityRequest},
    {IDENTITY_RESPONSE, UP, DecodeIdentityResponse},
    {GMM_STATUS_TYPE, std::nullopt, DecodeCause<GmmStatus>},
};

} // namespace

RoutingAreaId
AttachAccept::GetRoutingAreaId() const
{
    return {mcc, mnc, locationArea, routingArea, mncDigits};
}

void
AttachAccept::SetRoutingAreaId(const RoutingAreaId& area)
{
    mcc = area.mcc;
    mnc = area.mnc;
    mncDigits = area.mncDigits;
    locationArea = area.lac;
    routingArea = area.rac;
}

Octets
EncodeGmm(const GmmMessage& message)
{
    Octets octets;
    octets.reserve(48);
    std::visit(Encoder(octets), message);
    return octets;
}

std::optional<GmmMessage>
DecodeGmm(const Octets& octets, GmmSmDirection direction)
{
    FieldReader in(octets);
    const bool isGmm = (in.U8() & 0x0F) == PD_GMM;
    const auto* decoder = FindDecoder(g_decoders, in.U8(), direction);
    if (!isGmm || decoder == nullptr)
    {
        return std::nullopt;
    }
    auto message = decoder->decode(in);
    return !in.HasFailed() ? message : std::nullopt;
}

bool
IsGmmType(uint8_t type, GmmSmDirection direction)
{
    return FindDecoder(g_decoders, type, direction) != nullptr;
}

} // namespace p2pim
} // namespace ns3
