// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GSM_CAPTURE_H
#define P2PIM_GSM_CAPTURE_H

#include "ns3/capture-file.h"
#include "ns3/gsm-cell.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * A pcap file of what cells send and receive, for Wireshark, from the cells' trace sources. Time
 * stamps are simulated time with nanoseconds, a block's that of its first burst. Cell N has the
 * address 10.0.0.0 + N + 1 in the columns Source and Destination, its phones have 10.255.255.255.
 */
class GsmCapture
{
  public:
    /// What is captured.
    enum class Kind : uint8_t
    {
        LAYER_3, ///< L3 messages and CCCH blocks as exported PDUs, LINKTYPE_WIRESHARK_UPPER_PDU
        RADIO    ///< LAPDm frames and CCCH blocks as GSMTAP over UDP over IPv4, LINKTYPE_RAW
    };

    /**
     * @param path the file; it must not exist.
     * @param kind what to capture.
     * @throw std::runtime_error the file exists or cannot be made.
     */
    GsmCapture(const std::string& path, Kind kind);

    /**
     * Captures a cell from now on. The capture outlives the cell's last event.
     *
     * @param cell the cell.
     * @param number tells it from others, from 0.
     */
    void Attach(Ptr<GsmCell> cell, uint32_t number);

    /// Writes what is left. @throw std::runtime_error the file could not be written.
    void Close();

    /// @return packets captured so far.
    uint64_t GetPackets() const;

  private:
    using Octets = std::vector<uint8_t>;

    /// Where a block was sent, as GSMTAP's header tells it.
    struct Place
    {
        uint32_t cell;      ///< number
        uint8_t channel;    ///< GSMTAP's channel type
        uint8_t timeSlot;   ///< 0-7
        uint8_t subchannel; ///< of an SDCCH
        bool uplink;        ///< from the phone
        int64_t frame;      ///< first frame
    };

    void WriteMessage(uint32_t cell, bool uplink, uint8_t sapi, const Octets& message);
    void WriteDedicated(uint32_t cell,
                        const Sdcch& channel,
                        bool uplink,
                        int64_t frame,
                        const L2Block& block);
    void WriteAgch(uint32_t cell, const L2Block& block);
    void WritePch(uint32_t cell, int64_t frame, const L2Block& block);
    void WriteCcch(const Place& place, const L2Block& block);
    void WritePdu(Time time,
                  uint32_t cell,
                  bool uplink,
                  const std::string& dissector,
                  const uint8_t* pdu,
                  std::size_t size);
    void WriteGsmtap(const Place& place, const L2Block& block);

    Kind m_kind;
    CaptureFile m_file;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GSM_CAPTURE_H
