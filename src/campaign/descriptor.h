// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_DESCRIPTOR_H
#define P2PIM_CAMPAIGN_DESCRIPTOR_H

#include <unistd.h>
#include <utility>

namespace p2pim
{
namespace campaign
{

/// A file descriptor that is closed with its owner.
class Descriptor
{
  public:
    Descriptor() = default;

    /// @param number of an open file.
    explicit Descriptor(int number)
        : m_number(number)
    {
    }

    ~Descriptor()
    {
        if (m_number >= 0)
        {
            ::close(m_number);
        }
    }

    Descriptor(Descriptor&& other) noexcept
        : m_number(std::exchange(other.m_number, -1))
    {
    }

    Descriptor& operator=(Descriptor&& other) noexcept
    {
        std::swap(m_number, other.m_number);
        return *this;
    }

    /// @return its number; -1 if it is none.
    int Get() const
    {
        return m_number;
    }

  private:
    int m_number = -1;
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_DESCRIPTOR_H
