// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAPTURE_FILE_H
#define P2PIM_CAPTURE_FILE_H

#include "ns3/nstime.h"
#include "ns3/pcap-file.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// The link types of libpcap that captures have.
enum class CaptureLink : uint32_t
{
    RAW = 101,                ///< IPv4 packets
    WIRESHARK_UPPER_PDU = 252 ///< exported PDUs
};

/// A pcap file whose packets may be told of later than their time; times have nanoseconds.
class CaptureFile
{
  public:
    /**
     * @param path the file; it must not exist.
     * @param link what its packets are.
     * @throw std::runtime_error the file exists or cannot be made.
     */
    CaptureFile(const std::string& path, CaptureLink link);
    /// Writes what is left; errors are not told.
    ~CaptureFile();
    CaptureFile(const CaptureFile&) = delete;
    CaptureFile& operator=(const CaptureFile&) = delete;

    /**
     * Adds a packet.
     *
     * @param time of the packet, at most 10 s ago.
     * @param packet its octets.
     */
    void Add(Time time, std::vector<uint8_t> packet);

    /// Writes what is left. @throw std::runtime_error the file could not be written.
    void Close();

    /// @return packets added so far.
    uint64_t GetPackets() const;

  private:
    void WriteUntil(Time end);

    std::string m_path;
    PcapFile m_file;
    bool m_open = true;
    uint64_t m_packets = 0;
    std::multimap<Time, std::vector<uint8_t>> m_pending; ///< packets by time
};

/// What a GSMTAP header, version 2, says of the octets behind it.
struct GsmtapHeader
{
    uint8_t type = 1;       ///< GSMTAP_TYPE: 1 is Um, 8 is LLC at Gb
    uint8_t timeSlot = 0;   ///< 0-7
    uint16_t arfcn = 0;     ///< radio channel number
    bool uplink = false;    ///< from the phone
    uint32_t frame = 0;     ///< TDMA frame number
    uint8_t channel = 0;    ///< GSMTAP_CHANNEL, of Um
    uint8_t subchannel = 0; ///< of an SDCCH
};

/**
 * @param source IPv4 address.
 * @param destination IPv4 address.
 * @param header of GSMTAP.
 * @param octets the frame.
 * @param size how many.
 * @return GSMTAP over UDP over IPv4.
 */
std::vector<uint8_t> MakeGsmtapPacket(uint32_t source,
                                      uint32_t destination,
                                      const GsmtapHeader& header,
                                      const uint8_t* octets,
                                      std::size_t size);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_CAPTURE_FILE_H
