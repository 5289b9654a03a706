// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_FUZZ_GPRS_SAMPLES_H
#define P2PIM_FUZZ_GPRS_SAMPLES_H

#include "ns3/gmm-sm-message.h"
#include "ns3/gtp.h"

#include <initializer_list>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace p2pim::fuzz
{

/**
 * Good GMM, SM and GTP messages, each field drawn from its range.
 */
class GprsSamples
{
  public:
    using Directed = std::pair<ns3::p2pim::GmmSmMessage, ns3::p2pim::GmmSmDirection>;

    /// @param seed what the draws follow from.
    explicit GprsSamples(uint32_t seed)
        : m_random(seed)
    {
    }

    /// @return one of each GMM message, with who sends it.
    std::vector<Directed> MakeGmm()
    {
        using namespace ns3::p2pim;
        constexpr auto up = GmmSmDirection::UPLINK;
        constexpr auto down = GmmSmDirection::DOWNLINK;
        const auto types = {AttachType::GPRS,
                            AttachType::GPRS_WHILE_IMSI_ATTACHED,
                            AttachType::COMBINED};
        std::vector<Directed> messages;
        messages.emplace_back(AttachRequest{Digits(15),
                                            std::nullopt,
                                            OneOf(types),
                                            U8(0, 7),
                                            Area(),
                                            Maybe(U8(0, 255)),
                                            U8(0, 29)},
                              up);
        messages.emplace_back(
            AttachRequest{0, U32(), OneOf(types), U8(0, 7), Area(), Maybe(U8(0, 255)), U8(0, 29)},
            up);
        AttachAccept accept;
        accept.ptmsi = U32();
        accept.SetRoutingAreaId(Area());
        accept.result = OneOf({AttachResult::GPRS_ONLY, AttachResult::COMBINED});
        accept.t3312 = U8(0, 255);
        accept.readyTimer = Maybe(U8(0, 255));
        accept.cause = Maybe(Cause());
        messages.emplace_back(accept, down);
        messages.emplace_back(AttachComplete{}, up);
        messages.emplace_back(AttachReject{Cause()}, down);
        messages.emplace_back(
            MoDetachRequest{OneOf({MoDetachType::GPRS, MoDetachType::IMSI, MoDetachType::COMBINED}),
                            Flag(),
                            Maybe(U32())},
            up);
        messages.emplace_back(MoDetachAccept{}, down);
        messages.emplace_back(MtDetachRequest{OneOf({MtDetachType::REATTACH_REQUIRED,
                                                     MtDetachType::REATTACH_NOT_REQUIRED,
                                                     MtDetachType::IMSI}),
                                              Maybe(Cause())},
                              down);
        messages.emplace_back(MtDetachAccept{}, up);
        messages.emplace_back(RoutingAreaUpdateRequest{OneOf({UpdateType::RA,
                                                              UpdateType::COMBINED,
                                                              UpdateType::COMBINED_WITH_IMSI_ATTACH,
                                                              UpdateType::PERIODIC}),
                                                       U8(0, 7),
                                                       Area(),
                                                       Maybe(U8(0, 255)),
                                                       Maybe(U32()),
                                                       Maybe(Contexts()),
                                                       U8(0, 29)},
                              up);
        messages.emplace_back(
            RoutingAreaUpdateAccept{OneOf({UpdateResult::RA, UpdateResult::COMBINED}),
                                    U8(0, 255),
                                    Area(),
                                    Maybe(U32()),
                                    Maybe(U8(0, 255)),
                                    Maybe(Cause()),
                                    Maybe(Contexts())},
            down);
        messages.emplace_back(RoutingAreaUpdateComplete{}, up);
        messages.emplace_back(RoutingAreaUpdateReject{Cause()}, down);
        messages.emplace_back(PtmsiReallocationCommand{U32(), Area()}, down);
        messages.emplace_back(PtmsiReallocationComplete{}, up);
        AuthenticationAndCipheringRequest challenge;
        for (auto& octet : challenge.rand)
        {
            octet = U8(0, 255);
        }
        challenge.cksn = U8(0, 6);
        challenge.reference = U8(0, 15);
        messages.emplace_back(challenge, down);
        messages.emplace_back(AuthenticationAndCipheringResponse{U32(), U8(0, 15)}, up);
        messages.emplace_back(AuthenticationAndCipheringReject{}, down);
        messages.emplace_back(IdentityRequest{OneOf({IdentityType::IMSI,
                                                     IdentityType::IMEI,
                                                     IdentityType::IMEISV,
                                                     IdentityType::TMSI})},
                              down);
        messages.emplace_back(IdentityResponse{{IdentityType::IMSI, Digits(15)}}, up);
        messages.emplace_back(IdentityResponse{{IdentityType::IMEI, Digits(15)}}, up);
        messages.emplace_back(IdentityResponse{{IdentityType::IMEISV, Digits(16)}}, up);
        messages.emplace_back(IdentityResponse{{IdentityType::TMSI, U32()}}, up);
        messages.emplace_back(GmmStatus{Cause()}, OneOf({up, down}));
        return messages;
    }

    /// @return one of each SM message, with who sends it.
    std::vector<Directed> MakeSm()
    {
        using namespace ns3::p2pim;
        constexpr auto up = GmmSmDirection::UPLINK;
        constexpr auto down = GmmSmDirection::DOWNLINK;
        std::vector<Directed> messages;
        messages.emplace_back(ActivatePdpContextRequest{U8(5, 15), MaybeApn(), Ti(), Pdp(), Qos()},
                              up);
        messages.emplace_back(ActivatePdpContextAccept{Address(), Ti(), Qos(), U8(1, 4)}, down);
        messages.emplace_back(ActivatePdpContextReject{Cause(), Ti()}, down);
        messages.emplace_back(RequestPdpContextActivation{Address(), MaybeApn(), Ti()}, down);
        messages.emplace_back(RequestPdpContextActivationReject{Cause(), Ti()}, up);
        messages.emplace_back(MtModifyPdpContextRequest{Qos(), Ti(), U8(1, 4), Maybe(Address())},
                              down);
        messages.emplace_back(MtModifyPdpContextAccept{Ti()}, up);
        messages.emplace_back(MoModifyPdpContextRequest{Maybe(Qos()), Ti()}, up);
        messages.emplace_back(MoModifyPdpContextAccept{Maybe(Qos()), Ti(), Maybe(U8(1, 4))}, down);
        messages.emplace_back(ModifyPdpContextReject{Cause(), Ti()}, OneOf({up, down}));
        messages.emplace_back(DeactivatePdpContextRequest{Cause(), Ti(), Flag()},
                              OneOf({up, down}));
        messages.emplace_back(DeactivatePdpContextAccept{Ti()}, OneOf({up, down}));
        messages.emplace_back(SmStatus{Cause(), Ti()}, OneOf({up, down}));
        return messages;
    }

    /// @return one of each GTP-C message.
    std::vector<ns3::p2pim::GtpMessage> MakeGtpControl()
    {
        using namespace ns3::p2pim;
        std::vector<GtpMessage> messages;
        messages.emplace_back(GtpEchoRequest{U16()});
        messages.emplace_back(GtpEchoResponse{U16(), U8(0, 255)});
        messages.emplace_back(GtpVersionNotSupported{U16()});
        messages.emplace_back(CreatePdpContextRequest{U16(),
                                                      Digits(15),
                                                      Teid(),
                                                      U32(),
                                                      U8(5, 15),
                                                      Apn(),
                                                      Address(),
                                                      std::to_string(Digits(12)),
                                                      Maybe(U8(0, 255)),
                                                      U8(0, 2),
                                                      Pdp(),
                                                      Qos(),
                                                      U8(1, 3)});
        messages.emplace_back(CreatePdpContextResponse{U16(),
                                                       U32(),
                                                       GtpCause::REQUEST_ACCEPTED,
                                                       Teid(),
                                                       U32(),
                                                       U32(),
                                                       Address(),
                                                       Address(),
                                                       Maybe(U8(0, 255)),
                                                       Flag(),
                                                       Qos(),
                                                       U8(1, 3)});
        CreatePdpContextResponse refused;
        refused.sequence = U16();
        refused.teid = U32();
        refused.cause = Refusal();
        messages.emplace_back(refused);
        messages.emplace_back(UpdatePdpContextRequest{U16(),
                                                      U32(),
                                                      U8(5, 15),
                                                      Qos(),
                                                      Maybe(U8(0, 255)),
                                                      Teid(),
                                                      Maybe(U32()),
                                                      Address(),
                                                      U8(1, 3)});
        UpdatePdpContextRequest byGgsn;
        byGgsn.teid = U32();
        byGgsn.qos = Qos();
        messages.emplace_back(byGgsn);
        messages.emplace_back(UpdatePdpContextResponse{U16(),
                                                       U32(),
                                                       GtpCause::REQUEST_ACCEPTED,
                                                       Maybe(U8(0, 255)),
                                                       Maybe(U32()),
                                                       Maybe(U32()),
                                                       Maybe(U32()),
                                                       Maybe(Address()),
                                                       Qos(),
                                                       U8(1, 3)});
        UpdatePdpContextResponse notUpdated;
        notUpdated.teid = U32();
        notUpdated.cause = Refusal();
        messages.emplace_back(notUpdated);
        messages.emplace_back(DeletePdpContextRequest{U16(), U32(), U8(5, 15), Flag()});
        messages.emplace_back(DeletePdpContextResponse{U16(), U32(), Refusal()});
        messages.emplace_back(
            PduNotificationRequest{U16(), Digits(15), U32(), Pdp(), Apn(), Address()});
        messages.emplace_back(PduNotificationResponse{U16(), U32(), Refusal()});
        messages.emplace_back(
            PduNotificationRejectRequest{U16(), U32(), Refusal(), U32(), Pdp(), Apn()});
        messages.emplace_back(PduNotificationRejectResponse{U16(), U32(), Refusal()});
        return messages;
    }

    /// @return one of each GTP-U message but the G-PDU.
    std::vector<ns3::p2pim::GtpMessage> MakeGtpUser()
    {
        using namespace ns3::p2pim;
        return {GtpEchoRequest{U16()},
                GtpEchoResponse{U16(), U8(0, 255)},
                GtpErrorIndication{U16(), U32(), Address()}};
    }

    /// @return a number within bounds.
    uint64_t Draw(uint64_t first, uint64_t last)
    {
        return std::uniform_int_distribution<uint64_t>(first, last)(m_random);
    }

  private:
    uint8_t U8(uint8_t first, uint8_t last)
    {
        return static_cast<uint8_t>(Draw(first, last));
    }

    uint16_t U16()
    {
        return static_cast<uint16_t>(Draw(0, UINT16_MAX));
    }

    uint32_t U32()
    {
        return static_cast<uint32_t>(Draw(0, UINT32_MAX));
    }

    uint32_t Teid()
    {
        return static_cast<uint32_t>(Draw(1, UINT32_MAX));
    }

    bool Flag()
    {
        return Draw(0, 1) != 0;
    }

    /// @return a number of so many digits, the first not 0.
    uint64_t Digits(int count)
    {
        uint64_t first = 1;
        for (int n = 1; n < count; ++n)
        {
            first *= 10;
        }
        return Draw(first, 10 * first - 1);
    }

    template <typename T>
    T OneOf(std::initializer_list<T> values)
    {
        return *(values.begin() + Draw(0, values.size() - 1));
    }

    template <typename T>
    std::optional<T> Maybe(T value)
    {
        return Flag() ? std::optional<T>(value) : std::nullopt;
    }

    ns3::p2pim::GmmSmCause Cause()
    {
        return static_cast<ns3::p2pim::GmmSmCause>(U8(1, 127));
    }

    ns3::p2pim::GtpCause Refusal()
    {
        return static_cast<ns3::p2pim::GtpCause>(U8(192, 222));
    }

    ns3::Ipv4Address Address()
    {
        return ns3::Ipv4Address(U32());
    }

    ns3::p2pim::RoutingAreaId Area()
    {
        const uint8_t mncDigits = U8(2, 3);
        const auto mcc = static_cast<uint16_t>(Draw(0, 999));
        const auto mnc = static_cast<uint16_t>(Draw(0, mncDigits == 2 ? 99 : 999));
        const uint16_t lac = U16();
        return {mcc, mnc, lac, U8(0, 255), mncDigits};
    }

    uint16_t Contexts()
    {
        return U16() & 0xFFE0;
    }

    ns3::p2pim::TransactionId Ti()
    {
        const uint8_t value = U8(0, 6);
        return {value, Flag()};
    }

    ns3::p2pim::QosProfile Qos()
    {
        return {U8(1, 4), U8(1, 5), U8(1, 9), U8(1, 3), OneOf({U8(1, 18), uint8_t{31}})};
    }

    ns3::p2pim::PdpAddress Pdp()
    {
        using namespace ns3::p2pim;
        const uint16_t type = OneOf({PDP_TYPE_IPV4, PDP_TYPE_IPV4, PDP_TYPE_IPV6, PDP_TYPE_PPP});
        return {type, type == PDP_TYPE_IPV4 ? Maybe(Address()) : std::nullopt};
    }

    std::string Apn()
    {
        std::string apn;
        const auto labels = Draw(1, 3);
        for (uint64_t label = 0; label < labels; ++label)
        {
            apn += label > 0 ? "." : "";
            for (uint64_t n = Draw(1, 20); n > 0; --n)
            {
                apn += static_cast<char>(Draw('a', 'z'));
            }
        }
        return apn;
    }

    std::string MaybeApn()
    {
        return Flag() ? Apn() : "";
    }

    std::mt19937 m_random;
};

} // namespace p2pim::fuzz

#endif // P2PIM_FUZZ_GPRS_SAMPLES_H
