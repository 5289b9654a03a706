// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_RUN_CODEC_H
#define P2PIM_CAMPAIGN_RUN_CODEC_H

#include "run-engine.h"

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>

/**
 * @file
 * How runs pass between two processes of one and the same program: as binary archives of
 * Boost.Serialization, in frames that tell their length and whether they arrived whole.
 */

namespace p2pim
{
namespace campaign
{

/// What arrived is not what a process of this program sends.
class CodecError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// @param run a planned run. @return its octets.
std::string EncodeRun(const PlannedRun& run);

/// @param octets of EncodeRun(). @return the run. @throw CodecError they are something else.
PlannedRun DecodeRun(const std::string& octets);

/// @param outcome what became of a run. @return its octets.
std::string EncodeOutcome(const RunOutcome& outcome);

/// @param octets of EncodeOutcome(). @return the outcome. @throw CodecError likewise.
RunOutcome DecodeOutcome(const std::string& octets);

/// @param octets any. @return the frame that carries them.
std::string MakeFrame(const std::string& octets);

/// Finds the frames in a stream of octets that arrives in pieces.
class FrameReader
{
  public:
    /**
     * @param octets the next piece of the stream.
     * @param size its length.
     */
    void Add(const char* octets, std::size_t size);

    /**
     * @return what the next frame carries; nothing if it has not arrived whole yet.
     * @throw CodecError it is damaged; nothing behind it can be read.
     */
    std::optional<std::string> Take();

  private:
    std::string m_buffer; ///< what has arrived and was not taken
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_RUN_CODEC_H
