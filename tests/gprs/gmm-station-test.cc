// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * What a station does about attaches and updates that fail (TS 24.008 4.7.3.1, 4.7.4.2, 4.7.5.1),
 * by the cause; timers as in table 11.3.
 */
#include "tests/gprs/gprs-world.h"

#include "ns3/gmm-station.h"

#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

using Cause = GmmSmCause;
using Event = GmmStation::Event;
using Events = std::vector<Event>;
using State = GmmStation::State;

/// A station that is told what the network sends, and whose time goes on from deadline to deadline.
class GmmStationTest : public testing::Test
{
  protected:
    void Attach()
    {
        m_gmm.Attach(m_now, m_area);
    }

    void Receive(const GmmMessage& message)
    {
        m_gmm.Receive(m_now, message);
    }

    void Accept()
    {
        AttachAccept accept;
        accept.SetRoutingAreaId(m_area);
        Receive(accept);
        m_gmm.TakeMessages();
        m_gmm.TakeEvents();
    }

    void EnterArea(uint16_t lac)
    {
        m_area.lac = lac;
        m_gmm.EnterCell(m_now, m_area, 0);
    }

    /// Lets the next timer expire. @return how long that took.
    Time Expire()
    {
        Time wait = m_gmm.GetDeadline() - m_now;
        m_now += wait;
        m_gmm.Expire(m_now);
        return wait;
    }

    /// @return how many requests have been sent since it was asked last.
    std::size_t CountSent()
    {
        return m_gmm.TakeMessages().size();
    }

    /// @return whether nothing will happen unless something comes.
    bool IsQuiet() const
    {
        return m_gmm.GetDeadline() == Time::Max();
    }

    const GmmStationSettings m_settings{};
    GmmStation m_gmm{m_settings};
    RoutingAreaId m_area;
    Time m_now;
};

const std::vector<Cause> g_untilSwitchOff{Cause::ILLEGAL_MS,
                                          Cause::ILLEGAL_ME,
                                          Cause::GPRS_NOT_ALLOWED,
                                          Cause::GPRS_AND_NON_GPRS_NOT_ALLOWED,
                                          Cause::PLMN_NOT_ALLOWED,
                                          Cause::GPRS_NOT_ALLOWED_IN_PLMN};
const std::vector<Cause> g_inLocationArea{Cause::LOCATION_AREA_NOT_ALLOWED,
                                          Cause::ROAMING_NOT_ALLOWED_IN_LOCATION_AREA,
                                          Cause::NO_SUITABLE_CELLS_IN_LOCATION_AREA};
const std::vector<Cause> g_passing{Cause::MSC_TEMPORARILY_NOT_REACHABLE,
                                   Cause::GMM_NETWORK_FAILURE,
                                   Cause::CONGESTION};

} // namespace

// 4.7.3.1.5 c: T3310 (15 s) five times is one attempt; after each T3311 (15 s), after the fifth
// T3302 (12 min)
TEST_F(GmmStationTest, AttachesFiveTimesFiveRequestsThenWaitsForT3302)
{
    Attach();
    for (int round = 0; round < 2; ++round)
    {
        for (int attempt = 1; attempt <= 5; ++attempt)
        {
            for (int request = 1; request <= 5; ++request)
            {
                EXPECT_EQ(CountSent(), 1U) << attempt << " " << request;
                EXPECT_EQ(Expire(), Seconds(15));
            }
            EXPECT_EQ(m_gmm.TakeEvents(), Events{Event::ATTACH_TIMEOUT});
            EXPECT_TRUE(m_gmm.IsAttemptingToAttach());
            EXPECT_EQ(CountSent(), 0U);
            EXPECT_EQ(Expire(), attempt < 5 ? Seconds(15) : Minutes(12)) << attempt;
            EXPECT_EQ(m_gmm.GetState(), State::REGISTERED_INITIATED);
        }
    }
}

TEST_F(GmmStationTest, AnAttachThatSucceedsForgetsTheFailures)
{
    Attach();
    for (int attempt = 1; attempt <= 4; ++attempt)
    {
        Receive(AttachReject{Cause::CONGESTION});
        EXPECT_EQ(Expire(), Seconds(15));
    }
    Accept();
    m_gmm.Detach(m_now, false);
    Receive(MoDetachAccept{});
    Attach();
    Receive(AttachReject{Cause::CONGESTION});
    EXPECT_EQ(Expire(), Seconds(15)); // the first of five, not the fifth
}

// 4.7.3.1.5 d: causes that pass
TEST_F(GmmStationTest, TriesAgainAfterACauseThatPasses)
{
    for (const Cause cause : g_passing)
    {
        Attach();
        CountSent();
        Receive(AttachReject{cause});
        EXPECT_EQ(m_gmm.TakeEvents(), Events{Event::ATTACH_REJECTED});
        EXPECT_EQ(m_gmm.GetCause(), cause);
        EXPECT_EQ(Expire(), Seconds(15));
        EXPECT_EQ(CountSent(), 1U);
        Accept();
        m_gmm.Detach(m_now, true);
        m_gmm.TakeEvents();
    }
}

// 4.7.3.1.5 d: #95, #96, #97, #99, #111 count as five
TEST_F(GmmStationTest, WaitsForT3302AfterAnErrorOfProtocol)
{
    for (const Cause cause : {Cause::SEMANTICALLY_INCORRECT_MESSAGE,
                              Cause::INVALID_MANDATORY_INFORMATION,
                              Cause::MESSAGE_TYPE_NON_EXISTENT,
                              Cause::INFORMATION_ELEMENT_NON_EXISTENT,
                              Cause::PROTOCOL_ERROR_UNSPECIFIED})
    {
        Attach();
        Receive(AttachReject{cause});
        EXPECT_EQ(Expire(), Minutes(12));
        Accept();
        EnterArea(static_cast<uint16_t>(m_area.lac + 1));
        Receive(RoutingAreaUpdateReject{cause});
        EXPECT_EQ(Expire(), Minutes(12));
        m_gmm.Detach(m_now, true);
    }
}

// 4.7.3.1.4: #3, #6, #7, #8 until switch off; #11, #14 in the PLMN
TEST_F(GmmStationTest, ARefusalStandsUntilThePhoneIsSwitchedOff)
{
    for (const Cause cause : g_untilSwitchOff)
    {
        Attach();
        EXPECT_EQ(CountSent(), 1U);
        Receive(AttachReject{cause});
        m_gmm.TakeEvents();
        EXPECT_TRUE(IsQuiet());
        EnterArea(static_cast<uint16_t>(m_area.lac + 1));
        Attach();
        EXPECT_EQ(CountSent(), 0U) << static_cast<int>(cause);
        EXPECT_EQ(m_gmm.TakeEvents(), Events{Event::ATTACH_REJECTED});
        EXPECT_EQ(m_gmm.GetCause(), cause);
        m_gmm.Detach(m_now, true);
    }
    Attach();
    EXPECT_EQ(CountSent(), 1U);
}

// 4.7.3.1.4: #12, #13, #15; the station attaches by itself when it comes to another area
TEST_F(GmmStationTest, ARefusalInALocationAreaStandsThere)
{
    for (const Cause cause : g_inLocationArea)
    {
        EnterArea(1);
        Attach();
        Receive(AttachReject{cause});
        CountSent();
        m_gmm.TakeEvents();
        EXPECT_TRUE(IsQuiet());
        Attach();
        EXPECT_EQ(CountSent(), 0U);
        EnterArea(2);
        EXPECT_EQ(CountSent(), 1U) << static_cast<int>(cause);
        Accept();
        m_gmm.Detach(m_now, false);
        Receive(MoDetachAccept{});
        EnterArea(1);
        CountSent();
        m_gmm.TakeEvents();
        Attach(); // still not there
        EXPECT_EQ(CountSent(), 0U);
        EXPECT_EQ(m_gmm.GetCause(), cause);
        m_gmm.Detach(m_now, true);
    }
}

// nobody attaches a phone whose user does not want it
TEST_F(GmmStationTest, ADetachedStationStaysDetachedInANewArea)
{
    Attach();
    Receive(AttachReject{Cause::LOCATION_AREA_NOT_ALLOWED});
    m_gmm.Detach(m_now, false);
    CountSent();
    EnterArea(2);
    EXPECT_EQ(CountSent(), 0U);
    EXPECT_FALSE(m_gmm.IsToBeAttached());
}

// 4.2.5.1.4: in ATTEMPTING-TO-ATTACH a new area is tried at once; a detach ends it
TEST_F(GmmStationTest, ANewAreaOrADetachEndsTheWait)
{
    Attach();
    Receive(AttachReject{Cause::CONGESTION});
    CountSent();
    EnterArea(2);
    EXPECT_EQ(CountSent(), 1U);
    Receive(AttachReject{Cause::CONGESTION});
    m_gmm.Detach(m_now, false);
    EXPECT_EQ(CountSent(), 0U);
    EXPECT_TRUE(IsQuiet());
}

// 4.7.5.1.5: T3330 (15 s) five times is one attempt; T3311, and after the fifth T3302
TEST_F(GmmStationTest, UpdatesFiveTimesFiveRequestsThenWaitsForT3302)
{
    Attach();
    Accept();
    EnterArea(2);
    for (int attempt = 1; attempt <= 5; ++attempt)
    {
        for (int request = 1; request <= 5; ++request)
        {
            EXPECT_EQ(CountSent(), 1U);
            EXPECT_EQ(Expire(), Seconds(15));
        }
        EXPECT_TRUE(m_gmm.IsRegistered());
        EXPECT_EQ(Expire(), attempt < 5 ? Seconds(15) : Minutes(12)) << attempt;
    }
}

// 4.7.5.1.4: the same causes end the registration, or are failures that pass
TEST_F(GmmStationTest, ARejectedUpdateGoesByItsCause)
{
    const auto update = [this](Cause cause) {
        m_gmm.Detach(m_now, true);
        Attach();
        Accept();
        EnterArea(static_cast<uint16_t>(m_area.lac + 1));
        Receive(RoutingAreaUpdateReject{cause});
    };
    for (const Cause cause : g_passing)
    {
        update(cause);
        EXPECT_TRUE(m_gmm.IsRegistered());
        EXPECT_EQ(Expire(), Seconds(15));
    }
    for (const auto& causes : {g_untilSwitchOff, g_inLocationArea})
    {
        for (const Cause cause : causes)
        {
            update(cause);
            EXPECT_EQ(m_gmm.GetState(), State::DEREGISTERED) << static_cast<int>(cause);
            EXPECT_TRUE(IsQuiet());
            CountSent();
            Attach();
            EXPECT_EQ(CountSent(), 0U);
        }
    }
    update(Cause::MS_IDENTITY_CANNOT_BE_DERIVED);
    EXPECT_EQ(m_gmm.GetState(), State::REGISTERED_INITIATED);
}

// 4.7.4.2.2: the cause of the network's detach
TEST_F(GmmStationTest, ADetachOfTheNetworkMayBarTheStation)
{
    Attach();
    Accept();
    Receive(MtDetachRequest{MtDetachType::REATTACH_NOT_REQUIRED, Cause::GPRS_NOT_ALLOWED});
    CountSent();
    Attach();
    EXPECT_EQ(CountSent(), 0U);
    m_gmm.Detach(m_now, true);
    Attach();
    Accept();
    Receive(MtDetachRequest{MtDetachType::REATTACH_NOT_REQUIRED, std::nullopt});
    CountSent();
    EXPECT_FALSE(m_gmm.IsToBeAttached());
    Attach();
    EXPECT_EQ(CountSent(), 1U);
}

// 4.7.7.5: a station whose authentication failed is not let in until it is switched off
TEST_F(GmmStationTest, AnAuthenticationRejectEndsWhateverThereIs)
{
    Attach();
    Accept();
    Receive(AuthenticationAndCipheringReject{});
    EXPECT_EQ(m_gmm.GetState(), State::DEREGISTERED);
    EXPECT_EQ(m_gmm.GetCause(), Cause::ILLEGAL_MS);
    CountSent();
    Attach();
    EXPECT_EQ(CountSent(), 0U);
}

namespace
{

class AttachFailures : public GprsWorld
{
};

} // namespace

// The whole network: congestion, which passes; the phone comes in by itself after T3311.
TEST_F(AttachFailures, AStationComesInWhenTheCongestionIsOver)
{
    Build(1);
    const uint64_t imsi = m_stations[0]->GetImsi();
    m_network->GetSgsn()->SetRefusal(imsi, Cause::CONGESTION);
    BringUp(0);
    RunFor(Seconds(10));
    EXPECT_EQ(m_outcomes[0].cause, "gprs attach rejected, cause 22");
    m_network->GetSgsn()->SetRefusal(imsi, std::nullopt);
    RunFor(Seconds(3));
    EXPECT_EQ(m_stations[0]->GetState(), GprsMobileStation::State::DETACHED);
    RunFor(Seconds(15));
    EXPECT_EQ(m_stations[0]->GetState(), GprsMobileStation::State::ATTACHED);
    EXPECT_EQ(GetCounter("sgsn", "attach_rejects"), 1);
    BringUp(0);
    RunFor(Seconds(20));
    EXPECT_TRUE(m_outcomes[0].up);
}

// GPRS not allowed: not asked for again, and free of events
TEST_F(AttachFailures, AStationThatIsNotAllowedAsksOnce)
{
    Build(1);
    m_network->GetSgsn()->SetRefusal(m_stations[0]->GetImsi(), Cause::GPRS_NOT_ALLOWED);
    for (int n = 0; n < 3; ++n)
    {
        BringUp(0);
        Simulator::Run(); // ends, as nothing is tried again
        EXPECT_EQ(m_outcomes[0].cause, "gprs attach rejected, cause 7");
    }
    EXPECT_EQ(GetCounter("sgsn", "attach_rejects"), 1);
}

// 4.7.7.6: T3360 (6 s) expires five times, and the SGSN gives the attach up
TEST_F(AttachFailures, AChallengeWithoutAnAnswerGoesOnFiveTimes)
{
    Set("GprsMobileStation::SimTime", TimeValue(Minutes(30)));
    Build(1);
    m_stations[0]->Attach();
    RunFor(Seconds(30)); // from a good second after the start
    EXPECT_EQ(GetCounter("sgsn", "procedures_given_up"), 0);
    RunFor(Seconds(4));
    EXPECT_EQ(GetCounter("sgsn", "procedures_given_up"), 1);
    EXPECT_FALSE(m_network->GetSgsn()->IsRegistered(m_stations[0]->GetImsi()));
}

// 4.7.7.5: AUTHENTICATION AND CIPHERING REJECT; the SIM is invalid until the phone is switched off
TEST_F(AttachFailures, ASimWithAnotherKeyIsRejectedOnce)
{
    Set("GprsMobileStation::SimKey", UintegerValue(1));
    Build(1);
    for (int n = 0; n < 2; ++n)
    {
        BringUp(0);
        RunFor(Seconds(20));
        EXPECT_EQ(m_outcomes[0].cause, "gprs attach rejected, cause 3");
        EXPECT_EQ(GetCounter("sgsn", "attach_rejects"), 1);
    }
    m_stations[0]->SetAttribute("SimKey", UintegerValue(0));
    m_stations[0]->Detach(true);
    BringUp(0);
    RunFor(Seconds(20));
    EXPECT_TRUE(m_outcomes[0].up);
}
