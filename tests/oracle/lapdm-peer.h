// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_LAPDM_PEER_H
#define P2PIM_TESTS_LAPDM_PEER_H

#include "oracle/line-process.h"

#include <cstdint>
#include <optional>
#include <string>
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

    /// The program's name.
    static constexpr const char* PROGRAM = "lapdm-peer";

    /**
     * @param mobileStation whether it is the phone's side.
     * @param t200Milliseconds T200 of both SAPIs.
     */
    LapdmPeer(bool mobileStation, int t200Milliseconds);

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
    /// @return the frame of the answer, if there is one.
    std::optional<std::vector<uint8_t>> Execute(const std::string& command);

    LineProcess m_process;
};

} // namespace p2pim::oracle

#endif // P2PIM_TESTS_LAPDM_PEER_H
