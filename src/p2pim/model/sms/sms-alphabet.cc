// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-alphabet.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t ESCAPE = 0x1B;
constexpr uint32_t REPLACEMENT = 0xFFFD;
constexpr uint32_t HIGH_SURROGATE = 0xD800;
constexpr uint32_t LOW_SURROGATE = 0xDC00;
constexpr uint32_t AFTER_SURROGATES = 0xE000;

/// The default alphabet as code points (TS 23.038 6.2.1).
constexpr std::array<uint16_t, 128> DEFAULT_ALPHABET{
    0x0040, 0x00A3, 0x0024, 0x00A5, 0x00E8, 0x00E9, 0x00F9, 0x00EC, 0x00F2, 0x00C7, 0x000A, 0x00D8,
    0x00F8, 0x000D, 0x00C5, 0x00E5, 0x0394, 0x005F, 0x03A6, 0x0393, 0x039B, 0x03A9, 0x03A0, 0x03A8,
    0x03A3, 0x0398, 0x039E, 0x001B, 0x00C6, 0x00E6, 0x00DF, 0x00C9, 0x0020, 0x0021, 0x0022, 0x0023,
    0x00A4, 0x0025, 0x0026, 0x0027, 0x0028, 0x0029, 0x002A, 0x002B, 0x002C, 0x002D, 0x002E, 0x002F,
    0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x0035, 0x0036, 0x0037, 0x0038, 0x0039, 0x003A, 0x003B,
    0x003C, 0x003D, 0x003E, 0x003F, 0x00A1, 0x0041, 0x0042, 0x0043, 0x0044, 0x0045, 0x0046, 0x0047,
    0x0048, 0x0049, 0x004A, 0x004B, 0x004C, 0x004D, 0x004E, 0x004F, 0x0050, 0x0051, 0x0052, 0x0053,
    0x0054, 0x0055, 0x0056, 0x0057, 0x0058, 0x0059, 0x005A, 0x00C4, 0x00D6, 0x00D1, 0x00DC, 0x00A7,
    0x00BF, 0x0061, 0x0062, 0x0063, 0x0064, 0x0065, 0x0066, 0x0067, 0x0068, 0x0069, 0x006A, 0x006B,
    0x006C, 0x006D, 0x006E, 0x006F, 0x0070, 0x0071, 0x0072, 0x0073, 0x0074, 0x0075, 0x0076, 0x0077,
    0x0078, 0x0079, 0x007A, 0x00E4, 0x00F6, 0x00F1, 0x00FC, 0x00E0,
};

/// The extension table: septet after the escape, code point (TS 23.038 6.2.1.1).
constexpr std::array<std::pair<uint8_t, uint16_t>, 10> EXTENSION{{
    {0x0A, 0x000C},
    {0x14, 0x005E},
    {0x28, 0x007B},
    {0x29, 0x007D},
    {0x2F, 0x005C},
    {0x3C, 0x005B},
    {0x3D, 0x007E},
    {0x3E, 0x005D},
    {0x40, 0x007C},
    {0x65, 0x20AC},
}};

/// The default alphabet's non-ASCII code points and its ASCII ones, for looking up.
struct Septet
{
    uint16_t codePoint;
    uint8_t value;
    bool escaped;
};

std::vector<Septet>
MakeSeptetTable()
{
    std::vector<Septet> table;
    for (std::size_t value = 0; value < DEFAULT_ALPHABET.size(); ++value)
    {
        if (value != ESCAPE)
        {
            table.push_back({DEFAULT_ALPHABET[value], static_cast<uint8_t>(value), false});
        }
    }
    for (const auto& [value, codePoint] : EXTENSION)
    {
        table.push_back({codePoint, value, true});
    }
    std::sort(table.begin(), table.end(), [](const Septet& a, const Septet& b) {
        return a.codePoint < b.codePoint;
    });
    return table;
}

const Septet*
FindSeptet(uint32_t codePoint)
{
    static const std::vector<Septet> table = MakeSeptetTable();
    const auto found = std::lower_bound(
        table.begin(),
        table.end(),
        codePoint,
        [](const Septet& septet, uint32_t wanted) { return septet.codePoint < wanted; });
    return found != table.end() && found->codePoint == codePoint ? &*found : nullptr;
}

/// Reads the code point at @p at and moves behind it. @return nothing if it is no UTF-8.
std::optional<uint32_t>
ReadUtf8(const std::string& text, std::size_t& at)
{
    const auto first = static_cast<uint8_t>(text[at++]);
    if (first < 0x80)
    {
        return first;
    }
    const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    static constexpr std::array<uint32_t, 4> least{0, 0x80, 0x800, 0x10000};
    uint32_t codePoint = first & (0x3F >> more);
    if (first < 0xC2 || first > 0xF4)
    {
        return std::nullopt;
    }
    for (int i = 0; i < more; ++i, ++at)
    {
        if (at >= text.size() || (static_cast<uint8_t>(text[at]) & 0xC0) != 0x80)
        {
            return std::nullopt;
        }
        codePoint = codePoint << 6 | (static_cast<uint8_t>(text[at]) & 0x3F);
    }
    const bool surrogate = codePoint >= HIGH_SURROGATE && codePoint < AFTER_SURROGATES;
    const bool valid =
        codePoint >= least[static_cast<std::size_t>(more)] && codePoint <= 0x10FFFF && !surrogate;
    return valid ? std::optional(codePoint) : std::nullopt;
}

void
AppendUtf8(uint32_t codePoint, std::string& text)
{
    const auto tail = [codePoint](int shift) {
        return static_cast<char>(0x80 | (codePoint >> shift & 0x3F));
    };
    if (codePoint < 0x80)
    {
        text += static_cast<char>(codePoint);
    }
    else if (codePoint < 0x800)
    {
        text += {static_cast<char>(0xC0 | codePoint >> 6), tail(0)};
    }
    else if (codePoint < 0x10000)
    {
        text += {static_cast<char>(0xE0 | codePoint >> 12), tail(6), tail(0)};
    }
    else
    {
        text += {static_cast<char>(0xF0 | codePoint >> 18), tail(12), tail(6), tail(0)};
    }
}

} // namespace

SmsDataCoding
DecodeDataCoding(uint8_t codingScheme)
{
    SmsDataCoding coding;
    const uint8_t group = codingScheme >> 4;
    if (group < 0x8)
    {
        // general data coding and automatic deletion groups
        coding.compressed = (codingScheme & 0x20) != 0;
        const uint8_t alphabet = codingScheme >> 2 & 0x03;
        coding.alphabet = alphabet == 1   ? SmsAlphabet::DATA_8_BIT
                          : alphabet == 2 ? SmsAlphabet::UCS2
                                          : SmsAlphabet::GSM_7_BIT;
        if ((codingScheme & 0x10) != 0)
        {
            coding.messageClass = codingScheme & 0x03;
        }
    }
    else if (group == 0xE)
    {
        coding.alphabet = SmsAlphabet::UCS2; // message waiting indication group
    }
    else if (group == 0xF)
    {
        coding.alphabet =
            (codingScheme & 0x04) != 0 ? SmsAlphabet::DATA_8_BIT : SmsAlphabet::GSM_7_BIT;
        coding.messageClass = codingScheme & 0x03;
    }
    return coding;
}

uint8_t
EncodeDataCoding(SmsAlphabet alphabet, std::optional<uint8_t> messageClass)
{
    const auto value = static_cast<uint8_t>(static_cast<uint8_t>(alphabet) << 2);
    return messageClass ? static_cast<uint8_t>(value | 0x10 | (*messageClass & 0x03)) : value;
}

bool
IsSeptetCoded(uint8_t codingScheme)
{
    const SmsDataCoding coding = DecodeDataCoding(codingScheme);
    return coding.alphabet == SmsAlphabet::GSM_7_BIT && !coding.compressed;
}

std::optional<std::vector<uint8_t>>
EncodeGsm7(const std::string& text)
{
    std::vector<uint8_t> septets;
    septets.reserve(text.size());
    for (std::size_t at = 0; at < text.size();)
    {
        const auto codePoint = ReadUtf8(text, at);
        const Septet* septet = codePoint ? FindSeptet(*codePoint) : nullptr;
        if (septet == nullptr)
        {
            return std::nullopt;
        }
        if (septet->escaped)
        {
            septets.push_back(ESCAPE);
        }
        septets.push_back(septet->value);
    }
    return septets;
}

std::string
DecodeGsm7(const std::vector<uint8_t>& septets)
{
    std::string text;
    for (std::size_t i = 0; i < septets.size(); ++i)
    {
        const uint8_t septet = septets[i] & 0x7F;
        if (septet != ESCAPE)
        {
            AppendUtf8(DEFAULT_ALPHABET[septet], text);
            continue;
        }
        const uint8_t escaped = ++i < septets.size() ? septets[i] & 0x7F : ESCAPE;
        const auto* found =
            std::find_if(EXTENSION.begin(), EXTENSION.end(), [escaped](const auto& entry) {
                return entry.first == escaped;
            });
        AppendUtf8(found != EXTENSION.end() ? found->second
                   : escaped == ESCAPE      ? uint16_t{' '}
                                            : DEFAULT_ALPHABET[escaped],
                   text);
    }
    return text;
}

void
PackSeptets(const std::vector<uint8_t>& septets, std::size_t fillBits, std::vector<uint8_t>& octets)
{
    const std::size_t start = octets.size();
    octets.resize(start + (fillBits + septets.size() * 7 + 7) / 8);
    std::size_t bit = fillBits;
    for (const uint8_t septet : septets)
    {
        const auto shifted = static_cast<uint16_t>((septet & 0x7F) << bit % 8);
        octets[start + bit / 8] |= static_cast<uint8_t>(shifted);
        if (shifted > 0xFF)
        {
            octets[start + bit / 8 + 1] |= static_cast<uint8_t>(shifted >> 8);
        }
        bit += 7;
    }
}

std::vector<uint8_t>
UnpackSeptets(const uint8_t* octets, std::size_t size, std::size_t fillBits, std::size_t count)
{
    std::vector<uint8_t> septets;
    septets.reserve(count);
    for (std::size_t bit = fillBits; septets.size() < count && bit + 7 <= size * 8; bit += 7)
    {
        const std::size_t at = bit / 8;
        const unsigned pair = octets[at] | (at + 1 < size ? octets[at + 1] << 8 : 0);
        septets.push_back(static_cast<uint8_t>(pair >> bit % 8 & 0x7F));
    }
    return septets;
}

std::optional<std::vector<uint8_t>>
EncodeUcs2(const std::string& text)
{
    std::vector<uint8_t> octets;
    octets.reserve(text.size() * 2);
    const auto append = [&octets](uint32_t unit) {
        octets.push_back(static_cast<uint8_t>(unit >> 8));
        octets.push_back(static_cast<uint8_t>(unit));
    };
    for (std::size_t at = 0; at < text.size();)
    {
        const auto codePoint = ReadUtf8(text, at);
        if (!codePoint)
        {
            return std::nullopt;
        }
        if (*codePoint < 0x10000)
        {
            append(*codePoint);
        }
        else
        {
            append(HIGH_SURROGATE | (*codePoint - 0x10000) >> 10);
            append(LOW_SURROGATE | (*codePoint & 0x3FF));
        }
    }
    return octets;
}

std::string
DecodeUcs2(const uint8_t* octets, std::size_t size)
{
    std::string text;
    const auto read = [octets](std::size_t at) {
        return static_cast<uint32_t>(octets[at] << 8 | octets[at + 1]);
    };
    for (std::size_t at = 0; at + 2 <= size; at += 2)
    {
        const uint32_t unit = read(at);
        if (unit < HIGH_SURROGATE || unit >= AFTER_SURROGATES)
        {
            AppendUtf8(unit, text);
            continue;
        }
        const uint32_t next = at + 4 <= size ? read(at + 2) : 0;
        const bool pair = unit < LOW_SURROGATE && next >= LOW_SURROGATE && next < AFTER_SURROGATES;
        AppendUtf8(pair ? 0x10000 + ((unit & 0x3FF) << 10 | (next & 0x3FF)) : REPLACEMENT, text);
        at += pair ? 2 : 0;
    }
    return text;
}

} // namespace p2pim
} // namespace ns3
