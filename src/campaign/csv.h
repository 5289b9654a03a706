// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_CSV_H
#define P2PIM_CAMPAIGN_CSV_H

#include <string>

namespace p2pim
{
namespace campaign
{

/// @param text a field. @return as CSV has it (RFC 4180): in quotation marks where it needs them.
std::string QuoteCsv(const std::string& text);

/// @return the fewest digits that read back as the same number.
std::string FormatNumber(double number);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_CSV_H
