// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMPP_FIELDS_H
#define P2PIM_SMPP_FIELDS_H

#include "ns3/octets.h"
#include "ns3/smpp-pdu.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace p2pim
{

/// Octets of a field that holds an address, the terminating zero included (SMPP 3.4, 4.4.1).
constexpr std::size_t SMPP_ADDRESS_SIZE = 21;

/// Writes the fields of a PDU and remembers whether one was too long.
class SmppWriter
{
  public:
    explicit SmppWriter(Octets& octets)
        : m_octets(octets),
          m_writer(octets)
    {
    }

    void U8(uint8_t value)
    {
        m_writer.U8(value);
    }

    void U32(uint32_t value)
    {
        m_writer.U32(value);
    }

    /// A C-octet string of a field that holds @p size octets.
    void String(const std::string& text, std::size_t size)
    {
        m_failed = m_failed || text.size() >= size || text.find('\0') != std::string::npos;
        m_octets.insert(m_octets.end(), text.begin(), text.end());
        m_octets.push_back(0);
    }

    void Address(const SmppAddress& address, std::size_t size = SMPP_ADDRESS_SIZE)
    {
        U8(address.ton);
        U8(address.npi);
        String(address.digits, size);
    }

    /// short_message with its length.
    void ShortMessage(const Octets& message)
    {
        m_failed = m_failed || message.size() > SMPP_MAX_SHORT_MESSAGE;
        U8(static_cast<uint8_t>(message.size()));
        m_writer.Raw(message);
    }

    void Parameter(uint16_t tag, const Octets& value)
    {
        m_failed = m_failed || value.size() > UINT16_MAX;
        m_writer.U16(tag).U16(static_cast<uint16_t>(value.size())).Raw(value);
    }

    void Parameter8(uint16_t tag, uint8_t value)
    {
        m_writer.U16(tag).U16(1).U8(value);
    }

    void Parameter16(uint16_t tag, std::optional<uint16_t> value)
    {
        if (value)
        {
            m_writer.U16(tag).U16(2).U16(*value);
        }
    }

    bool HasFailed() const
    {
        return m_failed;
    }

  private:
    Octets& m_octets;
    OctetWriter m_writer;
    bool m_failed = false;
};

/// Reads the fields of a PDU and remembers the first fault.
class SmppReader
{
  public:
    explicit SmppReader(const Octets& octets)
        : m_fields(octets)
    {
    }

    uint8_t U8()
    {
        const auto value = m_fields.U8();
        Check();
        return value;
    }

    uint16_t U16()
    {
        const auto value = m_fields.U16();
        Check();
        return value;
    }

    uint32_t U32()
    {
        const auto value = m_fields.U32();
        Check();
        return value;
    }

    Octets Raw(std::size_t count)
    {
        auto value = m_fields.Raw(count);
        Check();
        return value;
    }

    /// A C-octet string of a field that holds @p size octets, the zero included.
    std::string String(std::size_t size)
    {
        std::string text;
        for (uint8_t c = U8(); c != 0; c = U8())
        {
            if (text.size() + 1 >= size)
            {
                Fail(SmppError::FIELD_TOO_LONG);
                return {};
            }
            text.push_back(static_cast<char>(c));
        }
        return text;
    }

    SmppAddress Address(std::size_t size = SMPP_ADDRESS_SIZE)
    {
        SmppAddress address;
        address.ton = U8();
        address.npi = U8();
        address.digits = String(size);
        return address;
    }

    bool HasMore() const
    {
        return m_error == SmppError::NONE && m_fields.GetLeft() > 0;
    }

    void Fail(SmppError error)
    {
        if (m_error == SmppError::NONE)
        {
            m_error = error;
        }
    }

    SmppError GetError() const
    {
        return m_error;
    }

  private:
    void Check()
    {
        if (m_fields.HasFailed())
        {
            Fail(SmppError::TRUNCATED);
        }
    }

    FieldReader m_fields;
    SmppError m_error = SmppError::NONE;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMPP_FIELDS_H
