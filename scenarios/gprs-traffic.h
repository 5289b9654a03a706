// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_TRAFFIC_H
#define P2PIM_GPRS_TRAFFIC_H

#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// What a phone's packet bearer is like when a session begins.
enum class GprsPhoneState : uint8_t
{
    AS_IT_IS, ///< whatever the session before has left
    TBF_OPEN, ///< it has just had a packet: its downlink TBF is still open
    READY,    ///< it is in a DRX paging group, but need not be paged by the SGSN
    STANDBY,  ///< T3314 is over: the SGSN has to page it
    DETACHED, ///< it was never GPRS attached
};

/// @return how the settings and the results spell @p state.
const char* GetGprsPhoneStateName(GprsPhoneState state);

/// A ping or a transfer that a user will make.
struct PlannedGprsSession
{
    Time pause;             ///< from the end of the phone's last one
    GprsPhoneState state{}; ///< what the phone is to be in
    Time idle;              ///< how long it has been silent by then, where the state asks it
    uint32_t octets = 0;    ///< of payload
};

/**
 * What is sent in which state of the phone, and when. All of it is drawn before the run, each
 * session's from the same number of draws of each stream, so that a setting changes nothing but
 * what it names.
 */
class GprsTraffic : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    GprsTraffic();
    ~GprsTraffic() override;

    /// What the sessions are.
    enum class Kind : uint8_t
    {
        PING,    ///< one datagram and its echo
        TRANSFER ///< so many octets over a TCP connection of their own
    };

    /// @return @p sessions sessions in the order in which the phones take them.
    std::vector<PlannedGprsSession> Plan(uint32_t sessions, Kind kind);

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  private:
    bool SetStates(const std::string& text);
    std::string GetStates() const;

    // attributes
    Ptr<RandomVariableStream> m_pingOctets;
    Ptr<RandomVariableStream> m_pingInterval; ///< s
    Ptr<RandomVariableStream> m_transferOctets;
    Ptr<RandomVariableStream> m_thinkTime;   ///< s
    Ptr<RandomVariableStream> m_openIdle;    ///< s
    Ptr<RandomVariableStream> m_readyIdle;   ///< s
    Ptr<RandomVariableStream> m_standbyIdle; ///< s
    std::string m_statesText;
    std::vector<GprsPhoneState> m_states; ///< in turn
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_TRAFFIC_H
