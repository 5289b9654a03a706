// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_FUZZ_TARGET_H
#define P2PIM_FUZZ_TARGET_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace p2pim::fuzz
{

using Octets = std::vector<uint8_t>;

/**
 * A decoder that octets from outside reach. `./waf fuzz` makes a libFuzzer target of each, and the
 * test DecoderMutation spoils its good messages.
 */
struct Target
{
    const char* name; ///< lower case with hyphens
    /// Reads octets. @return whether what it says of them holds: what was read, written and read
    /// again is the same, lengths are within their bounds.
    bool (*holds)(const uint8_t* octets, std::size_t size);
    std::vector<Octets> (*makeSeeds)(); ///< good messages, from the encoders
};

/// @return all targets.
std::vector<Target> GetTargets();

/// @return the decoders of the TPDUs and their fields.
std::vector<Target> GetTpduTargets();
/// @return the decoders of texts, headers and segments, and of the CP and RP layers.
std::vector<Target> GetSmsTargets();
/// @return the decoders of MM, RR, the CCCH and LAPDm.
std::vector<Target> GetGsmTargets();
/// @return the decoders of GMM, SM and GTP.
std::vector<Target> GetGprsTargets();
/// @return the decoders of LLC, SNDCP and compressed TCP/IP headers.
std::vector<Target> GetLlcTargets();
/// @return the decoders of SMPP.
std::vector<Target> GetSmppTargets();
/// @return the decoders of invitations, MSRP, SIP, XMPP and the PIN-to-PIN service.
std::vector<Target> GetImTargets();
/// @return NAT.
std::vector<Target> GetNatTargets();
/// @return the decoder of STUN, and the relay.
std::vector<Target> GetStunTargets();
/// @return the readers of scenario files and of the grids in them.
std::vector<Target> GetScenarioTargets();
/// @return the readers of metrics, baselines and what workers send.
std::vector<Target> GetCampaignTargets();

/// @return the octets of a text.
inline Octets
ToOctets(const std::string& text)
{
    return {text.begin(), text.end()};
}

/// @return messages behind each other, each behind an octet with its length.
inline Octets
Chain(const std::vector<Octets>& messages)
{
    Octets chain;
    for (const Octets& message : messages)
    {
        chain.push_back(static_cast<uint8_t>(message.size()));
        chain.insert(chain.end(), message.begin(), message.end());
    }
    return chain;
}

/// Takes the next message off a chain; what is left of it if it is cut.
inline Octets
TakeLink(const uint8_t*& octets, std::size_t& size)
{
    const std::size_t length = *octets < size - 1 ? *octets : size - 1;
    Octets message(octets + 1, octets + 1 + length);
    octets += 1 + length;
    size -= 1 + length;
    return message;
}

/**
 * @param first what was read.
 * @param second what was read of it when it was written.
 * @param same compares two values of the same type.
 * @return whether both variants hold the same.
 */
template <typename Variant, typename Same>
bool
HoldTheSame(const Variant& first, const Variant& second, Same same)
{
    return first.index() == second.index() && std::visit(
                                                  [&](const auto& value) {
                                                      using Value = std::decay_t<decltype(value)>;
                                                      return same(value, std::get<Value>(second));
                                                  },
                                                  first);
}

} // namespace p2pim::fuzz

#endif // P2PIM_FUZZ_TARGET_H
