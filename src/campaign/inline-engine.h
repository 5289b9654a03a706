// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_INLINE_ENGINE_H
#define P2PIM_CAMPAIGN_INLINE_ENGINE_H

#include "run-engine.h"

namespace p2pim
{
namespace campaign
{

/// Makes runs in this process, one after the other. A run that crashes ends the process.
class InlineEngine : public RunEngine
{
  public:
    /// @param make makes a run.
    explicit InlineEngine(RunMaker make);

    void Execute(const Caller& caller) override;

  private:
    RunMaker m_make;
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_INLINE_ENGINE_H
