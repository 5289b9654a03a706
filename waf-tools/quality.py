# SPDX-License-Identifier: GPL-2.0-only
"""The commands format and lint."""

import concurrent.futures
import os
import re
import shutil
import subprocess

from waflib import Build, Context, Logs

FOLDERS = ["src", "scenarios", "tests"]
# Suppressed: the constructor of an ns-3 object leaves its attributes to ConstructSelf; cppcheck 2.10
# mistakes the sizes of containers that are initialised in braces.
CPPCHECK = [
    "cppcheck",
    "--quiet",
    "--std=c++17",
    "--language=c++",
    "--library=googletest",
    "--enable=warning,performance,portability",
    "--inline-suppr",
    "--error-exitcode=1",
    "--suppress=uninitMemberVar",
    "--suppress=uninitDerivedMemberVar",
    "--suppress=containerOutOfBounds",
    "-DNS3_LOG_ENABLE",
]


def git(ctx, *arguments):
    """Returns what git prints, line by line; nothing if it fails."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=ctx.path.abspath(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return done.stdout.splitlines() if done.returncode == 0 else []


def all_files(ctx):
    """Returns the C++ files of the repository's own, paths from its top folder."""
    patterns = [f"{folder}/**/*.{suffix}" for folder in FOLDERS for suffix in ("cc", "h")]
    return {node.path_from(ctx.path) for node in ctx.path.ant_glob(patterns)}


def changed_files(ctx):
    """Returns the files that have changed; None if there is nothing to compare with.

    That is what is not committed or committed since the branch left its upstream; when that is
    nothing, as in CI, what the last commit or merge brought.
    """
    upstream = git(ctx, "merge-base", "HEAD", ctx.options.since or "@{upstream}") or ["HEAD"]
    changed = git(ctx, "diff", "--name-only", upstream[0], "--")
    changed += git(ctx, "ls-files", "--others", "--exclude-standard")
    if changed or ctx.options.since:
        return set(changed)
    if not git(ctx, "rev-parse", "--verify", "HEAD^"):
        return None
    return set(git(ctx, "diff", "--name-only", "HEAD^", "HEAD", "--"))


def chosen_files(ctx):
    """Returns the C++ files that the command is for, in order."""
    files = all_files(ctx)
    changed = None if ctx.options.all else changed_files(ctx)
    return sorted(files if changed is None else files & changed)


def need(ctx, *tools):
    """Ends waf if a tool is missing."""
    for tool in tools:
        if not shutil.which(tool):
            ctx.fatal(f"{ctx.cmd}: no {tool}: ./waf deps installs it")


def options(opt):
    opt.add_option(
        "--all",
        action="store_true",
        help="format, lint: every file, not only what has changed",
    )
    opt.add_option(
        "--since",
        default="",
        help="format, lint: what has changed since the branch left this revision",
    )


class FormatContext(Context.Context):
    """formats the C++ files that have changed; --all for every file"""

    cmd = "format"

    def execute(self):
        need(self, "clang-format", "git")
        files = chosen_files(self)
        if files:
            subprocess.run(["clang-format", "-i", *files], cwd=self.path.abspath(), check=True)
        Logs.info("format: %d files", len(files))


class LintContext(Build.BuildContext):
    """clang-format, cppcheck and clang-tidy on the files that have changed; --all for every file"""

    cmd = "lint"

    def compile(self):
        need(self, "clang-format", "cppcheck", "clang-tidy", "git")
        files = chosen_files(self)
        if not files:
            Logs.info("lint: nothing has changed")
            return
        sources = {os.path.splitext(file)[0] + ".cc" for file in files} & all_files(self)
        includes = [f"-I{node}" for node in (self.ns3_include_folder().abspath(), ".", "src", "tests")]
        cppcheck = CPPCHECK + includes
        tidy = ["clang-tidy", "--quiet", "-p", self.variant_dir]
        commands = [tidy + [source] for source in sorted(sources)]
        commands += [cppcheck + [file] for file in files]
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            clean = [*pool.map(self.is_formatted, files), *pool.map(self.is_clean, commands)]
        if not all(clean):
            self.fatal(f"lint: {clean.count(False)} of {len(clean)} checks found something")
        Logs.info("lint: %d files are clean", len(files))

    def is_formatted(self, file):
        """Says it if clang-format would change a file."""
        formatted = subprocess.run(
            ["clang-format", file],
            cwd=self.path.abspath(),
            stdout=subprocess.PIPE,
            check=True,
        )
        if formatted.stdout == self.path.find_node(file).read("rb"):
            return True
        print(f"{file}: not formatted; ./waf format mends it", flush=True)
        return False

    def is_clean(self, command):
        """Runs one check; prints what it found."""
        done = subprocess.run(
            command,
            cwd=self.path.abspath(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            found = re.sub(r"^\d+ warnings? generated\.\n", "", done.stdout, flags=re.M)
            print(f"{command[0]}:\n{found}", flush=True)
        return done.returncode == 0
