// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sm-message.h"

#include "ns3/gmm-sm-decoder.h"

namespace ns3
{
namespace p2pim
{

namespace
{

// message types (TS 24.008 table 10.4a)
constexpr uint8_t ACTIVATE_REQUEST = 0x41;
constexpr uint8_t ACTIVATE_ACCEPT = 0x42;
constexpr uint8_t ACTIVATE_REJECT = 0x43;
constexpr uint8_t REQUEST_ACTIVATION = 0x44;
constexpr uint8_t REQUEST_ACTIVATION_REJECT = 0x45;
constexpr uint8_t DEACTIVATE_REQUEST = 0x46;
constexpr uint8_t DEACTIVATE_ACCEPT = 0x47;
constexpr uint8_t MT_MODIFY_REQUEST = 0x48;
constexpr uint8_t MT_MODIFY_ACCEPT = 0x49;
constexpr uint8_t MO_MODIFY_REQUEST = 0x4A;
constexpr uint8_t MO_MODIFY_ACCEPT = 0x4B;
constexpr uint8_t MODIFY_REJECT = 0x4C;

// information element identifiers
constexpr uint8_t IEI_APN = 0x28;
constexpr uint8_t IEI_PDP_ADDRESS = 0x2B;
constexpr uint8_t IEI_QOS = 0x30;
constexpr uint8_t IEI_LLC_SAPI = 0x32;
constexpr uint8_t IEI_RADIO_PRIORITY = 0x80;
constexpr uint8_t IEI_TEAR_DOWN = 0x90;

constexpr OptionalElements::Fixed g_llcSapi{IEI_LLC_SAPI, 1};

constexpr uint8_t LLC_SAPI_3 = 3;
constexpr uint8_t FIRST_NSAPI = 5;
constexpr uint8_t LAST_NSAPI = 15;

/// One overload a message: appends its octets.
class Encoder
{
  public:
    explicit Encoder(Octets& octets)
        : m_out(octets)
    {
    }

    void operator()(const ActivatePdpContextRequest& message)
    {
        Begin(message.ti, ACTIVATE_REQUEST).U8(message.nsapi).U8(LLC_SAPI_3);
        LengthAndValue(EncodeQos(message.qos));
        LengthAndValue(EncodePdpAddress(message.pdp));
        Apn(message.apn);
    }

    void operator()(const ActivatePdpContextAccept& message)
    {
        Begin(message.ti, ACTIVATE_ACCEPT).U8(LLC_SAPI_3);
        LengthAndValue(EncodeQos(message.qos));
        m_out.U8(message.radioPriority & 7);
        Address(message.address);
    }

    void operator()(const ActivatePdpContextReject& message)
    {
        Begin(message.ti, ACTIVATE_REJECT).U8(static_cast<uint8_t>(message.cause));
    }

    void operator()(const RequestPdpContextActivation& message)
    {
        Begin(message.ti, REQUEST_ACTIVATION);
        LengthAndValue(EncodePdpAddress({PDP_TYPE_IPV4, message.address}));
        Apn(message.apn);
    }

    void operator()(const RequestPdpContextActivationReject& message)
    {
        Begin(message.ti, REQUEST_ACTIVATION_REJECT).U8(static_cast<uint8_t>(message.cause));
    }

    void operator()(const MtModifyPdpContextRequest& message)
    {
        Begin(message.ti, MT_MODIFY_REQUEST).U8(message.radioPriority & 7).U8(LLC_SAPI_3);
        LengthAndValue(EncodeQos(message.qos));
        if (message.address)
        {
            Address(*message.address);
        }
    }

    void operator()(const MtModifyPdpContextAccept& message)
    {
        Begin(message.ti, MT_MODIFY_ACCEPT);
    }

    void operator()(const MoModifyPdpContextRequest& message)
    {
        Begin(message.ti, MO_MODIFY_REQUEST);
        Qos(message.qos);
    }

    void operator()(const MoModifyPdpContextAccept& message)
    {
        Begin(message.ti, MO_MODIFY_ACCEPT);
        Qos(message.qos);
        if (message.radioPriority)
        {
            m_out.U8(IEI_RADIO_PRIORITY | (*message.radioPriority & 7));
        }
    }

    void operator()(const ModifyPdpContextReject& message)
    {
        Begin(message.ti, MODIFY_REJECT).U8(static_cast<uint8_t>(message.cause));
    }

    void operator()(const DeactivatePdpContextRequest& message)
    {
        Begin(message.ti, DEACTIVATE_REQUEST).U8(static_cast<uint8_t>(message.cause));
        if (message.tearDown)
        {
            m_out.U8(IEI_TEAR_DOWN | 1);
        }
    }

    void operator()(const DeactivatePdpContextAccept& message)
    {
        Begin(message.ti, DEACTIVATE_ACCEPT);
    }

    void operator()(const SmStatus& message)
    {
        Begin(message.ti, SM_STATUS_TYPE).U8(static_cast<uint8_t>(message.cause));
    }

  private:
    OctetWriter& Begin(TransactionId ti, uint8_t type)
    {
        const unsigned flag = ti.toOriginator ? 8 : 0;
        return m_out.U8(static_cast<uint8_t>((flag | (ti.value & 7)) << 4 | PD_SM)).U8(type);
    }

    void LengthAndValue(const Octets& value)
    {
        m_out.U8(static_cast<uint8_t>(value.size())).Raw(value);
    }

    void Apn(const std::string& apn)
    {
        if (!apn.empty())
        {
            m_out.U8(IEI_APN);
            LengthAndValue(EncodeApn(apn));
        }
    }

    void Address(Ipv4Address address)
    {
        m_out.U8(IEI_PDP_ADDRESS);
        LengthAndValue(EncodePdpAddress({PDP_TYPE_IPV4, address}));
    }

    void Qos(const std::optional<QosProfile>& qos)
    {
        if (qos)
        {
            m_out.U8(IEI_QOS);
            LengthAndValue(EncodeQos(*qos));
        }
    }

    OctetWriter m_out;
};

/// @return the address of an IPv4 PDP address, if it has one.
std::optional<Ipv4Address>
ToIpv4(const std::optional<PdpAddress>& pdp)
{
    return pdp ? pdp->address : std::nullopt;
}

std::optional<Ipv4Address>
FindAddress(const OptionalElements& elements)
{
    const auto* value = elements.Find(IEI_PDP_ADDRESS);
    return value != nullptr ? ToIpv4(DecodePdpAddress(*value)) : std::nullopt;
}

std::optional<QosProfile>
FindQos(const OptionalElements& elements)
{
    const auto* value = elements.Find(IEI_QOS);
    return value != nullptr ? DecodeQos(*value) : std::nullopt;
}

/// Reads the APN behind the mandatory elements. @return false if it is there, but none.
bool
ReadApn(FieldReader& in, std::string& apn)
{
    const OptionalElements elements(in, {});
    const auto* value = elements.Find(IEI_APN);
    if (value == nullptr)
    {
        return true;
    }
    const auto decoded = DecodeApn(*value);
    apn = decoded.value_or("");
    return decoded.has_value();
}

template <typename Message>
std::optional<SmMessage>
DecodeEmpty(FieldReader&)
{
    return Message{};
}

template <typename Message>
std::optional<SmMessage>
DecodeCause(FieldReader& in)
{
    Message message;
    message.cause = static_cast<GmmSmCause>(in.U8());
    return message;
}

std::optional<SmMessage>
DecodeActivateRequest(FieldReader& in)
{
    ActivatePdpContextRequest message;
    message.nsapi = in.U8();
    in.U8(); // LLC SAPI
    const auto qos = DecodeQos(in.Raw(in.U8()));
    const auto pdp = DecodePdpAddress(in.Raw(in.U8()));
    if (message.nsapi < FIRST_NSAPI || message.nsapi > LAST_NSAPI || !qos || !pdp ||
        !ReadApn(in, message.apn))
    {
        return std::nullopt;
    }
    message.qos = *qos;
    message.pdp = *pdp;
    return message;
}

std::optional<SmMessage>
DecodeActivateAccept(FieldReader& in)
{
    in.U8(); // LLC SAPI
    const auto qos = DecodeQos(in.Raw(in.U8()));
    ActivatePdpContextAccept message;
    message.radioPriority = in.U8() & 7;
    const auto address = FindAddress(OptionalElements(in, {}));
    if (!qos || !address)
    {
        return std::nullopt;
    }
    message.qos = *qos;
    message.address = *address;
    return message;
}

std::optional<SmMessage>
DecodeRequestActivation(FieldReader& in)
{
    const auto address = ToIpv4(DecodePdpAddress(in.Raw(in.U8())));
    RequestPdpContextActivation message;
    if (!address || !ReadApn(in, message.apn))
    {
        return std::nullopt;
    }
    message.address = *address;
    return message;
}

std::optional<SmMessage>
DecodeMtModifyRequest(FieldReader& in)
{
    MtModifyPdpContextRequest message;
    message.radioPriority = in.U8() & 7;
    in.U8(); // LLC SAPI
    const auto qos = DecodeQos(in.Raw(in.U8()));
    message.address = FindAddress(OptionalElements(in, {}));
    if (!qos)
    {
        return std::nullopt;
    }
    message.qos = *qos;
    return message;
}

std::optional<SmMessage>
DecodeMoModifyRequest(FieldReader& in)
{
    MoModifyPdpContextRequest message;
    message.qos = FindQos(OptionalElements(in, {g_llcSapi}));
    return message;
}

std::optional<SmMessage>
DecodeMoModifyAccept(FieldReader& in)
{
    const OptionalElements elements(in, {g_llcSapi});
    MoModifyPdpContextAccept message;
    message.qos = FindQos(elements);
    if (const auto* priority = elements.Find(IEI_RADIO_PRIORITY))
    {
        message.radioPriority = priority->front() & 7;
    }
    return message;
}

std::optional<SmMessage>
DecodeDeactivateRequest(FieldReader& in)
{
    DeactivatePdpContextRequest message;
    message.cause = static_cast<GmmSmCause>(in.U8());
    const OptionalElements elements(in, {});
    const auto* tearDown = elements.Find(IEI_TEAR_DOWN);
    message.tearDown = tearDown != nullptr && (tearDown->front() & 1) != 0;
    return message;
}

constexpr auto UP = GmmSmDirection::UPLINK;
constexpr auto DOWN = GmmSmDirection::DOWNLINK;

constexpr GmmSmDecoder<SmMessage> g_decoders[] = {
    {ACTIVATE_REQUEST, UP, DecodeActivateRequest},
    {ACTIVATE_ACCEPT, DOWN, DecodeActivateAccept},
    {ACTIVATE_REJECT, DOWN, DecodeCause<ActivatePdpContextReject>},
    {REQUEST_ACTIVATION, DOWN, DecodeRequestActivation},
    {REQUEST_ACTIVATION_REJECT, UP, DecodeCause<RequestPdpContextActivationReject>},
    {DEACTIVATE_REQUEST, std::nullopt, DecodeDeactivateRequest},
    {DEACTIVATE_ACCEPT, std::nullopt, DecodeEmpty<DeactivatePdpContextAccept>},
    {MT_MODIFY_REQUEST, DOWN, DecodeMtModifyRequest},
    {MT_MODIFY_ACCEPT, UP, DecodeEmpty<MtModifyPdpContextAccept>},
    {MO_MODIFY_REQUEST, UP, DecodeMoModifyRequest},
    {MO_MODIFY_ACCEPT, DOWN, DecodeMoModifyAccept},
    {MODIFY_REJECT, std::nullopt, DecodeCause<ModifyPdpContextReject>},
    {SM_STATUS_TYPE, std::nullopt, DecodeCause<SmStatus>},
};

} // namespace

bool
operator==(const TransactionId& a, const TransactionId& b)
{
    return a.value == b.value && a.toOriginator == b.toOriginator;
}

Octets
EncodeSm(const SmMessage& message)
{
    Octets octets;
    octets.reserve(48);
    std::visit(Encoder(octets), message);
    return octets;
}

std::optional<SmMessage>
DecodeSm(const Octets& octets, GmmSmDirection direction)
{
    FieldReader in(octets);
    const uint8_t first = in.U8();
    const auto* decoder = FindDecoder(g_decoders, in.U8(), direction);
    const TransactionId ti{static_cast<uint8_t>(first >> 4 & 7), (first & 0x80) != 0};
    if ((first & 0x0F) != PD_SM || ti.value == EXTENDED_TRANSACTION || decoder == nullptr)
    {
        return std::nullopt;
    }
    auto message = decoder->decode(in);
    if (!message || in.HasFailed())
    {
        return std::nullopt;
    }
    std::visit([ti](auto& each) { each.ti = ti; }, *message);
    return message;
}

bool
IsSmType(uint8_t type, GmmSmDirection direction)
{
    return FindDecoder(g_decoders, type, direction) != nullptr;
}

} // namespace p2pim
} // namespace ns3
