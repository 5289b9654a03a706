// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_TCP_CONVERSATION_H
#define P2PIM_TESTS_TCP_CONVERSATION_H

#include <cstdint>
#include <random>
#include <vector>

namespace p2pim::test
{

/// What varies in a TCP packet over IPv4.
struct TcpFields
{
    uint8_t typeOfService = 0;
    uint16_t identification = 100;
    uint8_t ttl = 64;
    uint16_t sourcePort = 1000;
    uint32_t sequence = 1;
    uint32_t acknowledgement = 1;
    uint8_t flags = 0x10; ///< ACK
    uint16_t window = 8192;
    uint16_t urgent = 0;
    std::size_t options = 0; ///< octets of no-operation, a multiple of 4
    std::size_t data = 0;    ///< octets
    bool hasChecksum = true; ///< of TCP
};

/// @return a packet with these fields and right checksums.
std::vector<uint8_t> MakeTcpPacket(const TcpFields& fields);

/// One side of a TCP connection that talks at random: bulk data, echoed keys, bare acks, windows,
/// repetitions, urgent data, FIN.
class TcpConversation
{
  public:
    /**
     * @param port tells it from others.
     * @param begin of the sequence numbers.
     */
    TcpConversation(uint16_t port, uint32_t begin);

    /// @return the next packet.
    std::vector<uint8_t> Next(std::mt19937& random);

  private:
    TcpFields m_last;
};

} // namespace p2pim::test

#endif // P2PIM_TESTS_TCP_CONVERSATION_H
