// SPDX-License-Identifier: GPL-2.0-only
#include "interruption.h"

#include <cstddef>

namespace p2pim::program
{

namespace
{

volatile std::sig_atomic_t g_requested = 0;

extern "C" void
NoteRequest(int /* signal */)
{
    g_requested = 1;
}

} // namespace

Interruption::Interruption()
{
    g_requested = 0;
    for (std::size_t i = 0; i < SIGNALS.size(); ++i)
    {
        struct sigaction action = {};
        sigemptyset(&action.sa_mask);
        action.sa_handler = SIGNALS[i] == SIGXFSZ ? SIG_IGN : NoteRequest;
        action.sa_flags = SIGNALS[i] == SIGXFSZ ? 0 : static_cast<int>(SA_RESETHAND);
        sigaction(SIGNALS[i], &action, &m_former[i]);
    }
}

Interruption::~Interruption()
{
    for (std::size_t i = 0; i < SIGNALS.size(); ++i)
    {
        sigaction(SIGNALS[i], &m_former[i], nullptr);
    }
}

bool
Interruption::IsRequested() const
{
    return g_requested != 0;
}

} // namespace p2pim::program
