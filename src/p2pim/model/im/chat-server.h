// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CHAT_SERVER_H
#define P2PIM_CHAT_SERVER_H

#include "ns3/application.h"
#include "ns3/counter-list.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * The server of a scheme that has one, whatever its protocol. It has an attribute Port, and opens
 * that port when it is initialized.
 */
class ChatServer : public Application
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    ~ChatServer() override;

    /**
     * Makes a user known, before the server is initialized or after.
     *
     * @param msisdn the user's number.
     * @param password what the user proves itself by, if the protocol asks for it.
     */
    virtual void AddUser(const std::string& msisdn, const std::string& password) = 0;

    /**
     * Fixes the streams of the random draws.
     *
     * @param first the first stream to use.
     * @return how many are used.
     */
    virtual int64_t AssignStreams(int64_t first) = 0;

    /// @return what has happened since the start; the names are stable.
    virtual CounterList GetCounters() const = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_CHAT_SERVER_H
