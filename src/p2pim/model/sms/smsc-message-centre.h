// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMSC_MESSAGE_CENTRE_H
#define P2PIM_SMSC_MESSAGE_CENTRE_H

#include "ns3/smpp-message-centre.h"
#include "ns3/smsc.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace p2pim
{

/// An Smsc as an SmppServer sees it. Message ids are the SMSC's, as ten decimal digits.
class SmscMessageCentre : public SmppMessageCentre
{
  public:
    /// @param smsc the SMSC.
    explicit SmscMessageCentre(Ptr<Smsc> smsc);
    ~SmscMessageCentre() override;

    void SetOutcomeFunction(OutcomeFunction outcome) override;
    void Submit(const SmppSubmission& submission, AcceptedFunction accepted) override;
    std::optional<SmppMessageState> Query(const std::string& id) const override;
    bool Cancel(const std::string& id) override;
    int64_t GetTime() const override;

  private:
    Ptr<Smsc> m_smsc;
    OutcomeFunction m_outcome;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMSC_MESSAGE_CENTRE_H
