// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gmm-sm-message.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

// protocol discriminators (TS 24.007 11.2.3.1.1)
constexpr uint8_t PD_GMM = 0x08;
constexpr uint8_t PD_SM = 0x0A;
// the transaction identifier flag of a message to the side that opened the transaction
constexpr uint8_t TI_TO_ORIGINATOR = 0x80;

// message types (TS 24.008 tables 10.4 and 10.4a)
constexpr uint8_t ATTACH_REQUEST = 0x01;
constexpr uint8_t ATTACH_ACCEPT = 0x02;
constexpr uint8_t ATTACH_COMPLETE = 0x03;
constexpr uint8_t ATTACH_REJECT = 0x04;
constexpr uint8_t AUTHENTICATION_REQUEST = 0x12;
constexpr uint8_t AUTHENTICATION_RESPONSE = 0x13;
constexpr uint8_t ACTIVATE_REQUEST = 0x41;
constexpr uint8_t ACTIVATE_ACCEPT = 0x42;
constexpr uint8_t ACTIVATE_REJECT = 0x43;

// information element identifiers
constexpr uint8_t IEI_PTMSI = 0x18;
constexpr uint8_t IEI_RAND = 0x21;
constexpr uint8_t IEI_SRES = 0x22;
constexpr uint8_t IEI_CKSN = 0x80;
constexpr uint8_t IEI_APN = 0x28;
constexpr uint8_t IEI_PDP_ADDRESS = 0x2B;

constexpr uint8_t GPRS_ATTACH_NO_KEY = 0x71; // CKSN 7 "no key", attach type 1 (10.5.5.2)
constexpr uint8_t IDENTITY_IMSI_ODD = 0x09;  // type IMSI, odd number of digits (10.5.1.4)
constexpr uint8_t IDENTITY_PTMSI = 0xF4;
constexpr uint8_t PDP_ORGANISATION_IETF = 0x01; // 10.5.6.4
constexpr uint8_t PDP_TYPE_IPV4 = 0x21;
constexpr uint8_t LLC_SAPI_3 = 3;
constexpr int IMSI_DIGITS = 15;

/// Subscribed or best-effort quality of service, R97 (10.5.6.5): length and three octets.
const Octets g_qosBestEffort{3, 0x23, 0x42, 0x1F};
/// MS network capability: GEA1, SMS over dedicated channels and over GPRS, UCS2 (10.5.5.12).
const Octets g_networkCapability{2, 0xE0, 0x00};
/// MS radio access capability: GSM 900, class 4, GPRS multislot class 10 (10.5.5.12a).
const Octets g_radioCapability{5, 0x12, 0x58, 0x90, 0x56, 0x00};
/// Routing area of no valid LAC, of MCC 001 MNC 01 (10.5.5.15).
const Octets g_noRoutingArea{0x00, 0xF1, 0x10, 0xFF, 0xFE, 0x00};

/// @return whether an octet may be in a label of an access point name (TS 23.003 9.1).
bool
IsLabel(uint8_t octet)
{
    return octet == '-' || (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') ||
           (octet >= 'a' && octet <= 'z');
}

Octets
EncodeImsi(uint64_t imsi)
{
    std::array<uint8_t, IMSI_DIGITS> digits{};
    for (int n = IMSI_DIGITS - 1; n >= 0; --n)
    {
        digits[static_cast<std::size_t>(n)] = static_cast<uint8_t>(imsi % 10);
        imsi /= 10;
    }
    Octets octets{8, static_cast<uint8_t>(digits[0] << 4 | IDENTITY_IMSI_ODD)};
    for (std::size_t n = 1; n < IMSI_DIGITS; n += 2)
    {
        octets.push_back(static_cast<uint8_t>(digits[n + 1] << 4 | digits[n]));
    }
    return octets;
}

std::optional<uint64_t>
DecodeImsi(const Octets& identity)
{
    if (identity.size() != 8 || (identity[0] & 0x0F) != IDENTITY_IMSI_ODD)
    {
        return std::nullopt;
    }
    uint64_t imsi = identity[0] >> 4;
    if (imsi > 9)
    {
        return std::nullopt;
    }
    for (std::size_t n = 1; n < identity.size(); ++n)
    {
        const uint8_t low = identity[n] & 0x0F;
        const uint8_t high = identity[n] >> 4;
        if (low > 9 || high > 9)
        {
            return std::nullopt;
        }
        imsi = imsi * 100 + low * 10U + high;
    }
    return imsi;
}

/// One overload a message: appends what follows the message's octets of type.
class Encoder
{
  public:
    explicit Encoder(Octets& octets)
        : m_out(octets)
    {
    }

    void operator()(const AttachRequest& message)
    {
        m_out.U8(PD_GMM).U8(ATTACH_REQUEST).Raw(g_networkCapability).U8(GPRS_ATTACH_NO_KEY);
        m_out.U16(0); // DRX parameter: not split, no non-DRX timer (10.5.5.6)
        m_out.Raw(EncodeImsi(message.imsi)).Raw(g_noRoutingArea).Raw(g_radioCapability);
    }

    void operator()(const AuthenticationAndCipheringRequest& message)
    {
        m_out.U8(PD_GMM).U8(AUTHENTICATION_REQUEST);
        m_out.U8(0x01); // GEA1, no IMEISV
        m_out.U8(0x00); // reference number 0, no forced standby
        m_out.U8(IEI_RAND).Raw({message.rand.begin(), message.rand.end()}).U8(IEI_CKSN);
    }

    void operator()(const AuthenticationAndCipheringResponse& message)
    {
        m_out.U8(PD_GMM).U8(AUTHENTICATION_RESPONSE).U8(0x00).U8(IEI_SRES).U32(message.sres);
    }

    void operator()(const AttachAccept& message)
    {
        m_out.U8(PD_GMM).U8(ATTACH_ACCEPT);
        m_out.U8(0x01); // GPRS only attached, no forced standby
        m_out.U8(0x49); // T3312: nine decihours, 54 min (10.5.7.3)
        m_out.U8(0x04); // radio priority for SMS: 4, the lowest
        m_out.U8(0x00).U8(0xF1).U8(0x10).U16(message.locationArea).U8(message.routingArea);
        m_out.U8(IEI_PTMSI).U8(5).U8(IDENTITY_PTMSI).U32(message.ptmsi);
    }

    void operator()(const AttachComplete&)
    {
        m_out.U8(PD_GMM).U8(ATTACH_COMPLETE);
    }

    void operator()(const AttachReject& message)
    {
        m_out.U8(PD_GMM).U8(ATTACH_REJECT).U8(static_cast<uint8_t>(message.cause));
    }

    void operator()(const ActivatePdpContextRequest& message)
    {
        m_out.U8(PD_SM).U8(ACTIVATE_REQUEST).U8(message.nsapi).U8(LLC_SAPI_3);
        m_out.U8(3).U8(0).U8(0).U8(0); // QoS: as subscribed
        m_out.U8(2).U8(PDP_ORGANISATION_IETF).U8(PDP_TYPE_IPV4);
        const auto apn = EncodeApn(message.apn);
        m_out.U8(IEI_APN).U8(static_cast<uint8_t>(apn.size())).Raw(apn);
    }

    void operator()(const ActivatePdpContextAccept& message)
    {
        m_out.U8(PD_SM | TI_TO_ORIGINATOR).U8(ACTIVATE_ACCEPT).U8(LLC_SAPI_3);
        m_out.Raw(g_qosBestEffort).U8(0x04); // radio priority 4
        m_out.U8(IEI_PDP_ADDRESS).U8(6).U8(PDP_ORGANISATION_IETF).U8(PDP_TYPE_IPV4);
        m_out.U32(message.address.Get());
    }

    void operator()(const ActivatePdpContextReject& message)
    {
        m_out.U8(PD_SM | TI_TO_ORIGINATOR).U8(ACTIVATE_REJECT);
        m_out.U8(static_cast<uint8_t>(message.cause));
    }

  private:
    OctetWriter m_out;
};

std::optional<GmmSmMessage>
DecodeAttachRequest(FieldReader& in)
{
    in.Raw(in.U8()); // MS network capability
    in.U8();         // attach type and key sequence
    in.U16();        // DRX parameter
    const auto imsi = DecodeImsi(in.Raw(in.U8()));
    in.Raw(6);       // old routing area
    in.Raw(in.U8()); // MS radio access capability
    if (!imsi)
    {
        return std::nullopt;
    }
    return AttachRequest{*imsi};
}

std::optional<GmmSmMessage>
DecodeAuthenticationRequest(FieldReader& in)
{
    in.U16(); // algorithm, IMEISV request, standby, reference
    const bool hasRand = in.U8() == IEI_RAND;
    const auto rand = in.Raw(16);
    if (!hasRand || rand.size() != 16)
    {
        return std::nullopt;
    }
    AuthenticationAndCipheringRequest message;
    std::copy(rand.begin(), rand.end(), message.rand.begin());
    return message;
}

std::optional<GmmSmMessage>
DecodeAuthenticationResponse(FieldReader& in)
{
    in.U8(); // reference
    if (in.U8() != IEI_SRES)
    {
        return std::nullopt;
    }
    return AuthenticationAndCipheringResponse{in.U32()};
}

std::optional<GmmSmMessage>
DecodeAttachAccept(FieldReader& in)
{
    in.Raw(3); // result, periodic timer, radio priority
    in.Raw(3); // MCC and MNC
    AttachAccept message;
    message.locationArea = in.U16();
    message.routingArea = in.U8();
    if (in.U8() != IEI_PTMSI || in.U8() != 5 || in.U8() != IDENTITY_PTMSI)
    {
        return std::nullopt;
    }
    message.ptmsi = in.U32();
    return message;
}

std::optional<GmmSmMessage>
DecodeActivateRequest(FieldReader& in)
{
    ActivatePdpContextRequest message;
    message.nsapi = in.U8();
    in.U8();         // LLC SAPI
    in.Raw(in.U8()); // QoS
    const auto address = in.Raw(in.U8());
    if (message.nsapi < 5 || message.nsapi > 15 ||
        address != Octets{PDP_ORGANISATION_IETF, PDP_TYPE_IPV4} || in.U8() != IEI_APN)
    {
        return std::nullopt;
    }
    const auto apn = DecodeApn(in.Raw(in.U8()));
    if (!apn)
    {
        return std::nullopt;
    }
    message.apn = *apn;
    return message;
}

std::optional<GmmSmMessage>
DecodeActivateAccept(FieldReader& in)
{
    in.U8();         // LLC SAPI
    in.Raw(in.U8()); // QoS
    in.U8();         // radio priority
    if (in.U8() != IEI_PDP_ADDRESS || in.U8() != 6 || in.U8() != PDP_ORGANISATION_IETF ||
        in.U8() != PDP_TYPE_IPV4)
    {
        return std::nullopt;
    }
    return ActivatePdpContextAccept{Ipv4Address(in.U32())};
}

std::optional<GmmSmMessage>
DecodeGmm(uint8_t type, FieldReader& in)
{
    switch (type)
    {
    case ATTACH_REQUEST:
        return DecodeAttachRequest(in);
    case AUTHENTICATION_REQUEST:
        return DecodeAuthenticationRequest(in);
    case AUTHENTICATION_RESPONSE:
        return DecodeAuthenticationResponse(in);
    case ATTACH_ACCEPT:
        return DecodeAttachAccept(in);
    case ATTACH_COMPLETE:
        return AttachComplete{};
    case ATTACH_REJECT:
        return AttachReject{static_cast<GmmSmCause>(in.U8())};
    default:
        return std::nullopt;
    }
}

std::optional<GmmSmMessage>
DecodeSm(uint8_t type, FieldReader& in)
{
    switch (type)
    {
    case ACTIVATE_REQUEST:
        return DecodeActivateRequest(in);
    case ACTIVATE_ACCEPT:
        return DecodeActivateAccept(in);
    case ACTIVATE_REJECT:
        return ActivatePdpContextReject{static_cast<GmmSmCause>(in.U8())};
    default:
        return std::nullopt;
    }
}

} // namespace

Octets
EncodeGmmSm(const GmmSmMessage& message)
{
    Octets octets;
    octets.reserve(48);
    std::visit(Encoder(octets), message);
    return octets;
}

std::optional<GmmSmMessage>
DecodeGmmSm(const Octets& octets)
{
    FieldReader in(octets);
    const uint8_t discriminator = in.U8() & 0x0F;
    const uint8_t type = in.U8();
    std::optional<GmmSmMessage> message;
    if (discriminator == PD_GMM)
    {
        message = DecodeGmm(type, in);
    }
    else if (discriminator == PD_SM)
    {
        message = DecodeSm(type, in);
    }
    return !in.HasFailed() ? message : std::nullopt;
}

Octets
EncodeApn(const std::string& apn)
{
    Octets octets;
    std::size_t begin = 0;
    while (begin <= apn.size())
    {
        const auto end = std::min(apn.find('.', begin), apn.size());
        octets.push_back(static_cast<uint8_t>(end - begin));
        octets.insert(octets.end(),
                      apn.begin() + static_cast<std::ptrdiff_t>(begin),
                      apn.begin() + static_cast<std::ptrdiff_t>(end));
        begin = end + 1;
    }
    return octets;
}

std::optional<std::string>
DecodeApn(const Octets& octets)
{
    std::string apn;
    FieldReader in(octets);
    while (in.GetLeft() > 0)
    {
        const auto label = in.Raw(in.U8());
        if (in.HasFailed() || label.empty() || !std::all_of(label.begin(), label.end(), IsLabel))
        {
            return std::nullopt;
        }
        apn.append(apn.empty() ? "" : ".").append(label.begin(), label.end());
    }
    if (apn.empty())
    {
        return std::nullopt;
    }
    return apn;
}

} // namespace p2pim
} // namespace ns3
