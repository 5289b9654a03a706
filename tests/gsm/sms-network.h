// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_SMS_NETWORK_H
#define P2PIM_TESTS_SMS_NETWORK_H

#include "ns3/gsm-cell.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/hlr.h"
#include "ns3/msc-vlr.h"
#include "ns3/simulator.h"
#include "ns3/smsc.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// One operator with one cell and some phones, for tests of the SMS path.
class SmsNetwork
{
  public:
    /// The application port that the phones of a test listen at.
    static constexpr uint16_t PORT = 9000;

    /// A message that a phone has received.
    struct Received
    {
        std::string from;            ///< sender's number
        std::vector<uint8_t> octets; ///< user data
        Time time;                   ///< when
    };

    /// Builds the operator; stream numbers start at @p firstStream.
    explicit SmsNetwork(int64_t firstStream = 1)
    {
        cell->SetMsc(msc);
        hlr->SetSignalling(signalling, signalling->AddPoint("hlr"));
        msc->SetSignalling(signalling, signalling->AddPoint("msc"));
        smsc->SetSignalling(signalling, signalling->AddPoint("smsc"));
        msc->SetHlr(hlr);
        msc->SetSmsc(smsc);
        smsc->SetHlr(hlr);
        firstStream += cell->AssignStreams(firstStream);
        firstStream += msc->AssignStreams(firstStream);
        smsc->AssignStreams(firstStream);
    }

    ~SmsNetwork()
    {
        Simulator::Destroy();
        for (const auto& phone : phones)
        {
            phone->Dispose();
        }
        cell->Dispose();
        msc->Dispose();
        smsc->Dispose();
        hlr->Dispose();
    }

    SmsNetwork(const SmsNetwork&) = delete;
    SmsNetwork& operator=(const SmsNetwork&) = delete;

    /// Adds a phone. @return its index.
    std::size_t AddPhone()
    {
        const std::size_t index = phones.size();
        const uint64_t imsi = 262011000000000 + index * 7;
        const std::string msisdn = std::to_string(491711000000 + index);
        Ptr<GsmMobileStation> phone = CreateObject<GsmMobileStation>();
        hlr->AddSubscriber(imsi, msisdn, msc);
        phone->SetIdentity(imsi, msisdn);
        phone->SetCell(cell);
        phone->Listen(PORT,
                      Callback<void, const std::string&, const std::vector<uint8_t>&>(
                          [this, index](const std::string& from, const std::vector<uint8_t>& data) {
                              received[index].push_back({from, data, Simulator::Now()});
                          }));
        phones.push_back(phone);
        received.emplace_back();
        return index;
    }

    /// Sends @p octets octets from one phone to another, at once; the outcome goes to `outcomes`.
    void Send(std::size_t from, std::size_t to, uint32_t octets)
    {
        SendTo(from, phones[to]->GetMsisdn(), std::vector<uint8_t>(octets, 'x'));
    }

    /// Sends @p data from one phone to a number, at once.
    void SendTo(std::size_t from, const std::string& number, const std::vector<uint8_t>& data)
    {
        phones[from]->Submit(number,
                             PORT,
                             PORT,
                             data,
                             Callback<void, bool, const std::string&>(
                                 [this](bool accepted, const std::string& cause) {
                                     outcomes.push_back(accepted ? "accepted" : cause);
                                     outcomeTimes.push_back(Simulator::Now());
                                 }));
    }

    /// @return the value of a counter, or -1.
    static double Get(const CounterList& counters, const std::string& name)
    {
        for (const auto& counter : counters)
        {
            if (counter.first == name)
            {
                return counter.second;
            }
        }
        return -1;
    }

    Ptr<Ss7Network> signalling = CreateObject<Ss7Network>();
    Ptr<Hlr> hlr = CreateObject<Hlr>();
    Ptr<Smsc> smsc = CreateObject<Smsc>();
    Ptr<MscVlr> msc = CreateObject<MscVlr>();
    Ptr<GsmCell> cell = CreateObject<GsmCell>();
    std::vector<Ptr<GsmMobileStation>> phones;
    std::vector<std::vector<Received>> received; ///< by phone
    std::vector<std::string> outcomes;           ///< "accepted", or the cause
    std::vector<Time> outcomeTimes;              ///< when
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TESTS_SMS_NETWORK_H
