// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PAGE_MODE_SERVICE_H
#define P2PIM_PAGE_MODE_SERVICE_H

#include "ns3/callback.h"
#include "ns3/object.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * A service that carries a short message to the phone with a given number, each message standing
 * alone: SMS, or another that a scheme can use in its place. Aggregated to the phone's node.
 */
class PageModeService : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    ~PageModeService() override;

    /// Called once per submission: with true when the service has accepted the message for
    /// delivery, else with false and the cause.
    using SubmitCallback = Callback<void, bool /* accepted */, const std::string& /* cause */>;
    /// Called when a message has arrived at an application port.
    using ReceiveCallback = Callback<void,
                                     const std::string& /* sender's number */,
                                     const std::vector<uint8_t>& /* user data */>;

    /// @return the largest user data that one message to an application port carries, in octets.
    virtual uint32_t GetMaxUserData() const = 0;

    /**
     * Submits one message.
     *
     * @param destination the number of the other phone: E.164 digits without "+".
     * @param destinationPort the application port there (TS 23.040 9.2.3.24.4).
     * @param originatorPort the application port here.
     * @param userData the octets to carry, at most GetMaxUserData().
     * @param done called with the outcome.
     */
    virtual void Submit(const std::string& destination,
                        uint16_t destinationPort,
                        uint16_t originatorPort,
                        const std::vector<uint8_t>& userData,
                        SubmitCallback done) = 0;

    /**
     * Listens at an application port.
     *
     * @param port the port; a port with no listener drops what arrives.
     * @param received called for each message; a null callback stops listening.
     */
    virtual void Listen(uint16_t port, ReceiveCallback received) = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PAGE_MODE_SERVICE_H
