// SPDX-License-Identifier: GPL-2.0-only
#include "whole-file.h"

#include "store-error.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace p2pim
{
namespace campaign
{

namespace
{

StoreError
ExplainErrno(const std::string& path)
{
    const auto code = errno == ENOSPC ? StoreError::Code::FULL : StoreError::Code::NOT_WRITABLE;
    return {code, path + ": cannot be written: " + std::strerror(errno)};
}

} // namespace

WholeFile::WholeFile(const std::string& path)
    : m_path(path),
      m_draft(path + ".p2pim-draft"),
      m_descriptor(::open(m_draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666))
{
    if (m_descriptor.Get() < 0)
    {
        throw ExplainErrno(m_path);
    }
}

WholeFile::~WholeFile()
{
    if (!m_draft.empty())
    {
        ::unlink(m_draft.c_str());
    }
}

void
WholeFile::Write(const std::string& content)
{
    for (std::size_t written = 0; written < content.size();)
    {
        const ssize_t octets =
            ::write(m_descriptor.Get(), content.data() + written, content.size() - written);
        if (octets < 0)
        {
            throw ExplainErrno(m_path);
        }
        written += static_cast<std::size_t>(octets);
    }
    if (::fsync(m_descriptor.Get()) != 0 || std::rename(m_draft.c_str(), m_path.c_str()) != 0)
    {
        throw ExplainErrno(m_path);
    }
    m_draft.clear();
}

} // namespace campaign
} // namespace p2pim
