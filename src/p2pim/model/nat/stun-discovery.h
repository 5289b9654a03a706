// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_STUN_DISCOVERY_H
#define P2PIM_STUN_DISCOVERY_H

#include "ns3/stun-message.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace p2pim
{

/// What tests tell of a NAT (RFC 4787 4.1, 5; RFC 5382 4.1, 4.3).
enum class StunBehaviour : uint8_t
{
    UNKNOWN,                    ///< not tested, or a test failed
    NONE,                       ///< the own address is the public one; there is no mapping
    ENDPOINT_INDEPENDENT,       ///< EIM, EIF
    ADDRESS_DEPENDENT,          ///< ADM, ADF
    ADDRESS_AND_PORT_DEPENDENT, ///< APDM, APDF
};

/// @return such as "endpoint-independent".
const char* GetName(StunBehaviour behaviour);

/**
 * The tests that tell what is between a host and the Internet (RFC 5780 4.3, 4.4), one after the
 * other from one local port: which question to ask next, and what the answers mean.
 *
 *     test I     the server's first address and port             reflexive endpoint, OTHER-ADDRESS
 *     filtering  an answer from the other address and port, from the other port (UDP)
 *     mapping    its other address and first port, other address and other port
 *
 * Filtering comes before mapping, whose questions would open the filter for the other address.
 * Over TCP only mapping can be tested. A NAT whose mapping depends on the connection cannot be told
 * from an address and port dependent one.
 */
class StunDiscovery
{
  public:
    /// What to find out besides the reflexive endpoint.
    struct Aims
    {
        bool mapping = false;
        bool filtering = false;
    };

    /// A question: a Binding request.
    struct Question
    {
        InetSocketAddress server;   ///< where it goes
        uint32_t changeRequest = 0; ///< its CHANGE-REQUEST; 0 for none
    };

    /// What has been found.
    struct Findings
    {
        std::optional<InetSocketAddress> local;     ///< the own endpoint
        std::optional<InetSocketAddress> reflexive; ///< as the server sees it; none: test I failed
        StunBehaviour mapping = StunBehaviour::UNKNOWN;
        StunBehaviour filtering = StunBehaviour::UNKNOWN;
    };

    /**
     * @param server the server's first address and port.
     * @param aims what to find out.
     */
    StunDiscovery(const InetSocketAddress& server, Aims aims);

    /// @return the question that is open; none at the end.
    std::optional<Question> GetQuestion() const;

    /**
     * The open question is answered.
     *
     * @param local the own address and port.
     * @param answer the answer, a success or not.
     */
    void Answered(const InetSocketAddress& local, const StunMessage& answer);

    /// The open question was not answered, or its connection failed.
    void Unanswered();

    /// @return what has been found.
    const Findings& GetFindings() const;

  private:
    /// The question that is open.
    enum class Test : uint8_t
    {
        FIRST,           ///< I
        FILTERING_ALL,   ///< II of RFC 5780 4.4
        FILTERING_PORT,  ///< III of 4.4
        MAPPING_ADDRESS, ///< II of 4.3
        MAPPING_ALL,     ///< III of 4.3
        END,
    };

    void HandleFirst(const InetSocketAddress& local, const StunMessage& answer);
    void HandleFiltering(bool answered);
    void HandleMapping(const std::optional<InetSocketAddress>& reflexive);
    /// @return what to test after filtering.
    Test GetMappingTest() const;

    InetSocketAddress m_server;
    Aims m_aims;
    Test m_test = Test::FIRST;
    std::optional<InetSocketAddress> m_other;  ///< OTHER-ADDRESS
    std::optional<InetSocketAddress> m_second; ///< reflexive endpoint towards the other address
    Findings m_findings;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_STUN_DISCOVERY_H
