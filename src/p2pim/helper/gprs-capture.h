// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_CAPTURE_H
#define P2PIM_GPRS_CAPTURE_H

#include "ns3/capture-file.h"
#include "ns3/packet.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * A pcap file of LLC frames between phones and the SGSN as GSMTAP (GB_LLC) over UDP over IPv4, for
 * Wireshark. Time stamps are simulated time with nanoseconds. A phone's address is its TLLI, the
 * SGSN's 10.0.0.1: Wireshark puts segments of SNDCP together by address and N-PDU number, and so
 * does not mix phones.
 */
class GprsCapture
{
  public:
    /**
     * @param path the file; it must not exist.
     * @throw std::runtime_error the file exists or cannot be made.
     */
    explicit GprsCapture(const std::string& path);

    /**
     * Captures a frame now; fits a trace source.
     *
     * @param uplink from the phone.
     * @param tlli the phone.
     * @param frame the LLC frame with its FCS.
     */
    void Write(bool uplink, uint32_t tlli, Ptr<const Packet> frame);

    /// Writes what is left. @throw std::runtime_error the file could not be written.
    void Close();

    /// @return frames captured so far.
    uint64_t GetPackets() const;

  private:
    CaptureFile m_file;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_CAPTURE_H
