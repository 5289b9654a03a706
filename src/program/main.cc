// SPDX-License-Identifier: GPL-2.0-only
#include "program.h"

#include "ns3/simulator.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>

namespace
{

/// ns-3 ends the program over what it cannot go on with, after a message of its own.
[[noreturn]] void
EndFailedRun()
{
    std::fputs("p2pim: the run failed; what was finished before it is in the results file\n",
               stderr);
    std::_Exit(EXIT_FAILURE);
}

} // namespace

int
main(int argc, char* argv[])
{
    std::set_terminate(EndFailedRun);
    // until the simulator first runs ns-3 keeps a set of all times: 6 % of a session's cost
    ns3::Simulator::Run();
    ns3::Simulator::Destroy();
    return p2pim::program::RunProgram({argv + 1, argv + argc}, std::cout, std::cerr);
}
