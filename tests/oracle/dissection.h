// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_DISSECTION_H
#define P2PIM_DISSECTION_H

#include <cstdint>
#include <string>
#include <vector>

namespace p2pim::oracle
{

/// @return whether tshark can be run here.
bool HasTshark();

/**
 * Octets as they would be captured, for tshark to take apart: the independent judge of what the
 * simulator writes.
 */
class Capture
{
  public:
    /// What the frames of a capture are.
    enum class Link : uint32_t
    {
        RAW_IP = 101,       ///< IPv4 packets
        EXPORTED_PDU = 252, ///< PDUs of one protocol each, with the dissector's name in front
    };

    /// @param link what all frames of the capture are.
    explicit Capture(Link link);

    /// @param path a capture that the simulator has written.
    static Capture Read(const std::string& path);

    /// @param octets a frame.
    void Add(const std::vector<uint8_t>& octets);

    /**
     * Adds a PDU of one protocol.
     *
     * @param dissector the name that Wireshark has for the protocol, such as "gsm_a_dtap".
     * @param pdu its octets.
     * @param toNetwork whether a station sent it (the tag for the direction, 1 for sent).
     */
    void AddPdu(std::string dissector, const std::vector<uint8_t>& pdu, bool toNetwork);

    /**
     * @param fields Wireshark's names of fields.
     * @param preferences Wireshark's preferences, as "name:value".
     * @return for each frame the values of the fields; several of one field are joined by commas.
     */
    std::vector<std::vector<std::string>> Dissect(
        const std::vector<std::string>& fields,
        const std::vector<std::string>& preferences = {}) const;

    /// @return the lines of the whole dissection that have @p part in them.
    std::vector<std::string> FindLines(const std::string& part) const;

    /// @return for each frame that is malformed, or has an expert remark of error level, why.
    std::vector<std::string> FindFaults() const;

  private:
    std::vector<uint8_t> m_file;
    uint32_t m_frames = 0;
};

} // namespace p2pim::oracle

#endif // P2PIM_DISSECTION_H
