// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_LAPDM_PEER_H
#define P2PIM_TESTS_LAPDM_PEER_H

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace p2pim::oracle
{

/// One side of LAPDm on an SDCCH as libosmogsm does it, in a process of its own.
class LapdmPeer
{
  public:
    /// A primitive to its layer 3.
    struct Indication
    {
        std::string name;             ///< such as "data-indication"
        uint8_t sapi = 0;             ///< 0 or 3
        std::vector<uint8_t> message; ///< L3 message, if any
    };

    /// @return whether the program was built.
    static bool Exists();

    /**
     * @param mobileStation whether it is the phone's side.
     * @param t200Milliseconds T200 of both SAPIs.
     */
    LapdmPeer(bool mobileStation, int t200Milliseconds);
    ~LapdmPeer();
    LapdmPeer(const LapdmPeer&) = delete;
    LapdmPeer& operator=(const LapdmPeer&) = delete;

    /// DL-ESTABLISH-REQUEST, with the L3 @p message of the SABM or none.
    void Establish(uint8_t sapi, const std::vector<uint8_t>& message = {});
    /// DL-DATA-REQUEST.
    void Send(uint8_t sapi, const std::vector<uint8_t>& message);
    /// DL-RELEASE-REQUEST.
    void Release(uint8_t sapi);
    /// A @p frame of the other side has come.
    void Receive(const std::vector<uint8_t>& frame);
    /// @return the frame of this block, if it has one.
    std::optional<std::vector<uint8_t>> Poll();
    /// Lets time pass.
    void Advance(int64_t microseconds);

    std::vector<Indication> indications; ///< in their order

  private:
    /// Writes a line and reads the answer. @return the answer's frame, if there is one.
    std::optional<std::vector<uint8_t>> Execute(const std::string& line);

    pid_t m_process = -1;
    FILE* m_in = nullptr;
    FILE* m_out = nullptr;
};

} // namespace p2pim::oracle

#endif // P2PIM_TESTS_LAPDM_PEER_H
