// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_STORE_ERROR_H
#define P2PIM_CAMPAIGN_STORE_ERROR_H

#include <stdexcept>
#include <string>

namespace p2pim
{
namespace campaign
{

/// Why a results file could not be opened, written or read. what() is one line for the user that
/// names the file and, where there is one, the way out.
class StoreError : public std::runtime_error
{
  public:
    /// The kinds of failure.
    enum class Code
    {
        EXISTS,       ///< there is a file already, and neither force nor append was asked for
        MISSING,      ///< there is no such file
        FOLDER,       ///< the folder is missing or not writable
        NOT_WRITABLE, ///< the file is there and cannot be written, or is no regular file
        NOT_READABLE, ///< the file is there and cannot be read
        NOT_RESULTS,  ///< the file was not written by p2pim
        SCHEMA,       ///< the file has another version of the schema
        DIFFERENT,    ///< the run, the study or its configuration is not that of the file
        BUILD,        ///< resume: another build of the program has begun the study
        DUPLICATE,    ///< append: the file has this scheme under this seed already
        BUSY,         ///< another program is writing the file
        FULL,         ///< the disk, the quota or the file size limit is reached
        FAILED,       ///< any other failure of the database
    };

    /**
     * @param code the kind of failure.
     * @param message one line, without a full stop.
     */
    StoreError(Code code, const std::string& message)
        : std::runtime_error(message),
          m_code(code)
    {
    }

    /// @return the kind of failure.
    Code GetCode() const
    {
        return m_code;
    }

  private:
    Code m_code;
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_STORE_ERROR_H
