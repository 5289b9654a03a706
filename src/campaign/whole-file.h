// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_WHOLE_FILE_H
#define P2PIM_CAMPAIGN_WHOLE_FILE_H

#include "descriptor.h"

#include <string>

namespace p2pim
{
namespace campaign
{

/// A text file that is replaced as a whole or stays as it was. Whether it can be written is known
/// before its content is: what takes its place is made beside it at once, and goes away with this
/// if it does not.
class WholeFile
{
  public:
    /// @param path the file; there may be none. @throw StoreError it cannot be written.
    explicit WholeFile(const std::string& path);
    ~WholeFile();

    WholeFile(const WholeFile&) = delete;
    WholeFile& operator=(const WholeFile&) = delete;

    /// Replaces it; once only. @param content the new one. @throw StoreError it cannot be written.
    void Write(const std::string& content);

  private:
    std::string m_path;
    std::string m_draft; ///< its name; empty: it has taken the place
    Descriptor m_descriptor;
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_WHOLE_FILE_H
