// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_DELAY_LINE_H
#define P2PIM_TESTS_DELAY_LINE_H

#include <cstdint>
#include <deque>
#include <map>
#include <netinet/in.h>
#include <string>
#include <vector>

namespace p2pim::oracle
{

/// @return seconds of a clock that all processes share.
double GetSteadyTime();

/**
 * The Internet between network devices of this namespace: an IPv4 packet that comes in at one of
 * them leaves by that of its destination, some time later. What has another destination is lost.
 */
class DelayLine
{
  public:
    /// The hardware address of the far ends.
    static constexpr const char* FAR_END = "02:00:00:00:00:01";

    /// @param delay seconds.
    explicit DelayLine(double delay);
    ~DelayLine();
    DelayLine(const DelayLine&) = delete;
    DelayLine& operator=(const DelayLine&) = delete;

    /// Packets for @p address leave by @p device, whose far end has the hardware address FAR_END.
    void AddRoute(in_addr_t address, const std::string& device);

    /// @return the socket that is to be waited for; -1 if there is none.
    int GetSocket() const;

    /// Takes what has come in, and sends what is due. @return seconds until more is due.
    double Carry();

  private:
    /// A frame, with the kernel's word on its checksum before it.
    struct Frame
    {
        double due;
        int device;
        std::vector<uint8_t> octets;
    };

    double m_delay;
    int m_socket;
    std::map<in_addr_t, int> m_routes;
    std::deque<Frame> m_frames; ///< in the order in which they are due
};

} // namespace p2pim::oracle

#endif // P2PIM_TESTS_DELAY_LINE_H
