// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_SCENARIO_H
#define P2PIM_GPRS_SCENARIO_H

#include "gprs-traffic.h"
#include "scenario.h"

#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Phones that use the packet bearer: each takes its sessions one after another, as GprsTraffic
 * plans them. A session's steps are what the phone passes on the way up, and what its TBFs do; its
 * bearer is the state that its phone was brought into before.
 *
 * A phone that is to be in some state first pings the server and is then silent; that is no part of
 * the session. The run ends with the last session.
 *
 * Phones go from cell to cell as CellReselection says. With CellularNetwork.CellSpacing they have a
 * position, first somewhere about their cell, and drive up and down the row of cells.
 */
class GprsScenario : public Scenario
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    GprsScenario();
    ~GprsScenario() override;

    bool Run(const std::string& scheme,
             const Progress& progress,
             ::p2pim::RunRecord& record) override;

  private:
    /// What exists only while a run is made.
    class World;

    /// @return what the sessions are.
    virtual GprsTraffic::Kind GetKind() const = 0;

    // attributes
    uint32_t m_phones;
    Time m_deadline;
    Ptr<RandomVariableStream> m_speed; ///< m/s
};

/**
 * Pings: a datagram and its echo, from the phone to the server (ping) or from the server to the
 * phone (push). A session's set-up is the time until its phone has a bearer, its first message's
 * time is the round trip; its messages are the datagram and the echo.
 */
class GprsPingScenario : public GprsScenario
{
  public:
    /// The scheme of pings to phones.
    static constexpr const char* PUSH = "push";

    /// @return the type.
    static TypeId GetTypeId();

    std::vector<SchemeInfo> GetSchemes() const override;

  private:
    GprsTraffic::Kind GetKind() const override;
};

/**
 * Bulk transfers over TCP, from the server (download) or to it (upload). A session's set-up is the
 * time until the connection is established; its one message is the transfer, sent when the
 * connection is established, received with its last octet.
 */
class GprsTransferScenario : public GprsScenario
{
  public:
    /// The scheme of transfers from phones.
    static constexpr const char* UPLOAD = "upload";

    /// @return the type.
    static TypeId GetTypeId();

    std::vector<SchemeInfo> GetSchemes() const override;

  private:
    GprsTraffic::Kind GetKind() const override;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_SCENARIO_H
