// SPDX-License-Identifier: GPL-2.0-only
#include "p2pim/helper/fnv1a.h"
#include "version.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <elf.h>
#include <link.h>
#include <string>
#include <vector>

namespace p2pim::program
{

namespace
{

/// @return the value of the note that the linker has put in, empty if the segment has none.
std::string
FindBuildIdNote(const char* segment, std::size_t size)
{
    constexpr std::size_t alignment = 4;
    const auto align = [](std::size_t n) { return (n + alignment - 1) / alignment * alignment; };
    while (size >= sizeof(ElfW(Nhdr)))
    {
        ElfW(Nhdr) note = {};
        std::memcpy(&note, segment, sizeof note);
        const std::size_t content = sizeof note + align(note.n_namesz);
        const std::size_t whole = content + align(note.n_descsz);
        if (whole > size)
        {
            break;
        }
        if (note.n_type == NT_GNU_BUILD_ID)
        {
            return std::string(segment + content, note.n_descsz);
        }
        segment += whole;
        size -= whole;
    }
    return "";
}

/// Collects the notes of the program and of the libraries that simulate.
int
AddNotes(dl_phdr_info* object, std::size_t /* size */, void* notes)
{
    const std::string name = object->dlpi_name;
    const bool isOurs = name.empty() || name.find("p2pim") != std::string::npos ||
                        name.find("libns3") != std::string::npos;
    for (int i = 0; isOurs && i < object->dlpi_phnum; ++i)
    {
        const auto& header = object->dlpi_phdr[i];
        if (header.p_type == PT_NOTE)
        {
            // NOLINTNEXTLINE(performance-no-int-to-ptr): that is how the loader tells it
            const auto* segment = reinterpret_cast<const char*>(object->dlpi_addr + header.p_vaddr);
            static_cast<std::vector<std::string>*>(notes)->push_back(
                FindBuildIdNote(segment, header.p_memsz));
        }
    }
    return 0;
}

std::string
ComputeBuildId()
{
    std::vector<std::string> notes;
    dl_iterate_phdr(AddNotes, &notes);
    std::sort(notes.begin(), notes.end());
    ns3::p2pim::Fnv1a hash;
    for (const auto& note : notes)
    {
        hash.Add(note);
    }
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash.Get()));
    return text;
}

} // namespace

const std::string&
GetBuildId()
{
    static const std::string id = ComputeBuildId();
    return id;
}

} // namespace p2pim::program
