// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/nat-table.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A mapping of an own inside and outside endpoint.
NatMapping
MakeMapping(uint32_t number)
{
    NatMapping mapping;
    mapping.inside = {0x0A000000 + number, 5000};
    mapping.outside = {0xCB007101, static_cast<uint16_t>(number)};
    return mapping;
}

} // namespace

// What a plain list of sessions says, the table says too, whatever comes and goes.
TEST(NatTable, FindsWhatAPlainListHas)
{
    constexpr uint32_t MAPPINGS = 50;

    struct Entry
    {
        uint32_t mapping;
        NatEndpoint remote;
        Time expiry;
    };

    NatTable table(true);
    std::map<uint32_t, Entry> list;
    std::vector<uint32_t> mappings;
    mappings.reserve(MAPPINGS);
    for (uint32_t i = 0; i < MAPPINGS; ++i)
    {
        mappings.push_back(table.AddMapping(MakeMapping(i)));
    }
    std::mt19937 random;
    for (int round = 0; round < 20000; ++round)
    {
        const uint32_t mapping = random() % MAPPINGS;
        const NatEndpoint remote{static_cast<uint32_t>(random() % 5),
                                 static_cast<uint16_t>(random() % 5)};
        const Time expiry = MilliSeconds(random() % 1000);
        const uint32_t number = table.FindSession(NatSide::INSIDE,
                                                  NatProtocol::UDP,
                                                  MakeMapping(mapping).inside,
                                                  remote);
        const auto same = std::find_if(list.begin(), list.end(), [&](const auto& one) {
            return one.second.mapping == mapping && one.second.remote == remote;
        });
        ASSERT_EQ(number, same == list.end() ? NAT_NONE : same->first);
        ASSERT_EQ(table.FindSession(NatSide::OUTSIDE,
                                    NatProtocol::UDP,
                                    MakeMapping(mapping).outside,
                                    remote),
                  number);
        const bool hasPeer = std::any_of(list.begin(), list.end(), [&](const auto& one) {
            return one.second.mapping == mapping && one.second.remote.address == remote.address;
        });
        ASSERT_EQ(table.HasPeer(mappings[mapping], remote.address), hasPeer);
        if (number == NAT_NONE)
        {
            list[table.AddSession(mappings[mapping], remote, Time(), expiry)] = {mapping,
                                                                                 remote,
                                                                                 expiry};
        }
        else if (random() % 2 == 0)
        {
            table.SetExpiry(number, expiry);
            list[number].expiry = expiry;
        }
        else
        {
            list.erase(number);
            const bool isLast = std::none_of(list.begin(), list.end(), [&](const auto& one) {
                return one.second.mapping == mapping;
            });
            ASSERT_EQ(table.RemoveSession(number), isLast);
        }
    }
    ASSERT_EQ(table.GetSessions(), list.size());
    // They expire in order of time, none too early.
    std::vector<Time> expiries;
    expiries.reserve(list.size());
    for (const auto& one : list)
    {
        expiries.push_back(one.second.expiry);
    }
    std::sort(expiries.begin(), expiries.end());
    for (const Time& expiry : expiries)
    {
        EXPECT_EQ(table.GetExpired(expiry - NanoSeconds(1)), NAT_NONE);
        const uint32_t number = table.GetExpired(expiry);
        ASSERT_NE(number, NAT_NONE);
        EXPECT_EQ(table.GetSession(number).expiry, expiry);
        table.RemoveSession(number);
    }
    EXPECT_EQ(table.GetNextExpiry(), Time::Max());
}

// Mappings with the same key: the newest is found, then the one before it.
TEST(NatTable, NewestMappingOfAKeyIsFoundFirst)
{
    NatTable table(false);
    std::vector<uint32_t> numbers;
    numbers.reserve(3);
    for (int i = 0; i < 3; ++i)
    {
        numbers.push_back(table.AddMapping(MakeMapping(1)));
    }
    const auto find = [&table] {
        return table.FindMapping(NatProtocol::UDP, MakeMapping(1).outside);
    };
    EXPECT_EQ(find(), numbers[2]);
    table.RemoveMapping(numbers[1]);
    EXPECT_EQ(find(), numbers[2]);
    table.RemoveMapping(numbers[2]);
    EXPECT_EQ(find(), numbers[0]);
    EXPECT_EQ(table.FindMapping(NatProtocol::UDP, MakeMapping(1).inside, NatSettings::EIM, {}),
              numbers[0]);
    table.RemoveMapping(numbers[0]);
    EXPECT_EQ(find(), NAT_NONE);
}
