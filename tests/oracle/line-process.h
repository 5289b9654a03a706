// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_LINE_PROCESS_H
#define P2PIM_TESTS_LINE_PROCESS_H

#include <cstdint>
#include <cstdio>
#include <string>
#include <sys/types.h>
#include <vector>

namespace p2pim::oracle
{

/// A program of tests/oracle/osmocom in a process of its own: takes a command a line, answers with
/// some lines and "ok".
class LineProcess
{
  public:
    /**
     * @param program its name.
     * @return whether it was built.
     */
    static bool Exists(const std::string& program);

    /**
     * @param program its name.
     * @param arguments its arguments.
     */
    LineProcess(const std::string& program, const std::vector<std::string>& arguments);
    ~LineProcess();
    LineProcess(const LineProcess&) = delete;
    LineProcess& operator=(const LineProcess&) = delete;

    /**
     * @param command a line.
     * @return the lines of the answer, each cut into its words.
     */
    std::vector<std::vector<std::string>> Execute(const std::string& command);

  private:
    pid_t m_process = -1;
    FILE* m_in = nullptr;
    FILE* m_out = nullptr;
};

/// @return octets as hexadecimal digits.
std::string ToHex(const std::vector<uint8_t>& octets);
/// @return what hexadecimal digits stand for.
std::vector<uint8_t> FromHex(const std::string& hex);

} // namespace p2pim::oracle

#endif // P2PIM_TESTS_LINE_PROCESS_H
