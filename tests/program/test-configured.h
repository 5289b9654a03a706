// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_TEST_CONFIGURED_H
#define P2PIM_TESTS_TEST_CONFIGURED_H

#include "ns3/data-rate.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/queue-size.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace p2pim
{

/// A class with an attribute of each kind that a user can set, and one that no text can.
class TestConfigured : public Object
{
  public:
    static TypeId GetTypeId();

    enum Colour
    {
        RED,
        GREEN,
        BLUE,
    };

    bool flag;
    uint32_t count;
    int32_t offset;
    double share;
    Time delay;
    Time anyTime;
    DataRate rate;
    Colour colour;
    std::string name;
    Ipv4Address address;
    QueueSize queue;
    Ptr<RandomVariableStream> draw;
    Ptr<Object> other;
    std::string word;

  private:
    bool SetWord(std::string text);
    std::string GetWord() const;
    uint32_t GetReading() const;
};

/// Inherits every attribute.
class TestConfiguredChild : public TestConfigured
{
  public:
    static TypeId GetTypeId();
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TESTS_TEST_CONFIGURED_H
