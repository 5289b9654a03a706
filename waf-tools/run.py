# SPDX-License-Identifier: GPL-2.0-only
"""Runs what was built: --run "NAME arguments", and the commands test, demo and bench."""

import os
import shlex
import subprocess
import sys

import gtest_runner
from waflib import Build, Context, Logs, TaskGen

DEMO_RESULTS = "results/setup-time.sqlite"
DEMO_FIGURE = "results/setup-time.png"
DEMO = (
    "{build}/p2pim compare scenarios/setup-time.ini --schemes=p2p,sip-message,im-server"
    f" --sessions=200 --seeds=5 --output={DEMO_RESULTS} --force",
    f"/usr/bin/python3 plots/setup_time.py {DEMO_RESULTS} --output {DEMO_FIGURE}",
)


def options(opt):
    opt.add_option(
        "--run",
        default="",
        help='after the build, run "NAME arguments": a program, an example or scratch/NAME.cc',
    )
    opt.add_option(
        "--command-template",
        default="%s",
        help='how --run starts the program, such as "gdb --args %s"',
    )
    opt.add_option(
        "--format",
        default="table",
        choices=["table", "json"],
        help="what bench prints: table or json",
    )
    opt.add_option(
        "--filter",
        default="",
        help="what test runs: a gtest filter such as 'Smsc*:-*Slow*'",
    )


def call(bld, command, folder=None):
    """Runs a command in the repository's top folder, or in another; ends waf if it fails."""
    sys.stdout.flush()
    try:
        status = subprocess.run(command, cwd=folder or bld.path.abspath()).returncode
    except OSError as error:
        bld.fatal(str(error))
    if status:
        bld.fatal(f"exit status {status}: {shlex.join(command)}")


class DemoContext(Build.BuildContext):
    """compares the schemes' set-up times and draws the figure, into results/"""

    cmd = "demo"

    def execute(self):
        super().execute()
        os.makedirs(self.path.make_node("results").abspath(), exist_ok=True)
        for command in DEMO:
            line = command.format(build=self.bldnode.path_from(self.path))
            Logs.info("%s", line)
            call(self, shlex.split(line))
        Logs.info("The results are in %s, the figure is %s", DEMO_RESULTS, DEMO_FIGURE)


class BenchContext(Build.BuildContext):
    """measures CPU time, events and memory of a session against the floor; --format=json"""

    cmd = "bench"

    def execute(self):
        super().execute()
        call(self, [f"{self.bldnode.abspath()}/p2pim-bench", f"--format={self.options.format}"])


class TestContext(Build.BuildContext):
    """runs all tests, spread over the cores; --filter=PATTERN for some"""

    cmd = "test"
    tally = None

    def execute(self):
        super().execute()
        build, top = self.bldnode.abspath(), self.path.abspath()
        runner = gtest_runner.Runner(top, {"P2PIM_PROGRAM": f"{build}/p2pim"})
        tally = runner.run_all(f"{build}/p2pim-tests", self.options.filter, self.jobs)
        if tally.failed or not tally.passed + tally.skipped:
            print(tally, flush=True)
            sys.exit(1)
        TestContext.tally = tally


def shutdown(_):
    """Makes the tests' tally the last line of all."""
    if TestContext.tally:
        print(TestContext.tally, flush=True)


@TaskGen.feature("cxxprogram")
@TaskGen.after_method("apply_link")
def note_program(self):
    """Keeps in mind where each program is, by its name."""
    path = self.link_task.outputs[0].abspath()
    if not hasattr(self.bld, "programs"):
        self.bld.programs = {}
    self.bld.programs[os.path.basename(path)] = path


def run_program(bld):
    """Runs the program that --run names, in the folder in which waf was started."""
    name, *arguments = shlex.split(bld.options.run)
    path = bld.programs.get(os.path.basename(name))
    if not path:
        bld.fatal(f"--run: no program {name}; there are {', '.join(sorted(bld.programs))}")
    line = bld.options.command_template % shlex.join([path] + arguments)
    call(bld, shlex.split(line), Context.launch_dir)


def build(bld):
    if bld.cmd == "build" and bld.options.run:
        bld.add_post_fun(run_program)
