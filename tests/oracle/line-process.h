// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_LINE_PROCESS_H
#define P2PIM_TESTS_LINE_PROCESS_H

#include <cstdio>
#include <memory>
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
    using File = std::unique_ptr<FILE, int (*)(FILE*)>;

    pid_t m_process = -1;
    File m_in{nullptr, fclose};
    File m_out{nullptr, fclose};
};

} // namespace p2pim::oracle

#endif // P2PIM_TESTS_LINE_PROCESS_H
