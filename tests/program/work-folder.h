// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_WORK_FOLDER_H
#define P2PIM_TESTS_WORK_FOLDER_H

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <stdexcept>
#include <string>

/// Each test works in an empty folder of its own.
class WorkFolderTest : public testing::Test
{
  protected:
    WorkFolderTest()
        : m_former(std::filesystem::current_path())
    {
        std::string folder = (std::filesystem::temp_directory_path() / "p2pim-XXXXXX").string();
        if (!mkdtemp(folder.data()))
        {
            throw std::runtime_error("cannot make " + folder);
        }
        m_folder = folder;
        std::filesystem::current_path(m_folder);
    }

    ~WorkFolderTest() override
    {
        std::filesystem::current_path(m_former);
        std::filesystem::remove_all(m_folder);
    }

    static void WriteFile(const std::string& path, const std::string& content)
    {
        std::ofstream(path, std::ios::binary) << content;
    }

    static std::string ReadFile(const std::string& path)
    {
        std::ostringstream content;
        content << std::ifstream(path, std::ios::binary).rdbuf();
        return content.str();
    }

    std::filesystem::path m_former; ///< where the test was before it came here
    std::filesystem::path m_folder; ///< where it is
};

#endif // P2PIM_TESTS_WORK_FOLDER_H
